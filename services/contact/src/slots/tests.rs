use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn seats(per_hour: u32, minutes: i64) -> Seats {
    Seats {
        per_hour: NonZeroU32::new(per_hour).unwrap(),
        every: TimeDelta::minutes(minutes),
        taken: BTreeMap::new(),
        full_before: at("2026-01-05T14:00:00Z"),
    }
}

fn capacities(seats: &Seats, ticks: i32) -> Vec<i128> {
    let first = at("2026-01-05T14:00:00Z");
    (0..ticks).map(|n| seats.capacity(first + seats.every * n)).collect()
}

#[test]
fn the_calls_of_an_hour_are_spread_evenly_over_its_ticks() {
    assert_eq!(capacities(&seats(60, 15), 4), [15, 15, 15, 15]);
    assert_eq!(capacities(&seats(2, 15), 4), [0, 1, 0, 1]);
    assert_eq!(capacities(&seats(7, 15), 4), [1, 2, 2, 2]);
    assert_eq!(capacities(&seats(90, 1), 60).iter().sum::<i128>(), 90);
    assert_eq!(capacities(&seats(10, 24 * 60), 1), [240]);
}

#[test]
fn what_is_taken_is_not_given_again_and_what_is_full_is_passed_over() {
    let mut seats = seats(8, 15);
    let (first, end) = (at("2026-01-05T14:00:00Z"), at("2026-01-05T14:45:00Z"));
    let mut given = Vec::new();
    while let Some(tick) = seats.free(first, end) {
        seats.take(tick);
        given.push(tick.format("%H:%M").to_string());
    }
    assert_eq!(given, ["14:00", "14:00", "14:15", "14:15", "14:30", "14:30", "14:45", "14:45"]);
    assert!(seats.free(first, at("2026-01-05T15:00:00Z")).is_some());
}

#[test]
fn an_instant_belongs_to_the_tick_that_has_begun() {
    let ticks = Ticks::default();
    assert_eq!(begun(ticks, at("2026-01-05T14:15:00Z")), at("2026-01-05T14:15:00Z"));
    assert_eq!(begun(ticks, at("2026-01-05T14:29:59.9Z")), at("2026-01-05T14:15:00Z"));
}
