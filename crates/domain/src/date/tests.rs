//! Cases and properties of dates, zones and ticks.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn zone(text: &str) -> Zone {
    text.parse().unwrap()
}

fn format(text: &str) -> DateFormat {
    text.parse().unwrap()
}

#[test]
fn the_formats_of_real_files_are_read() {
    for (form, text, expected) in [
        ("%Y-%m-%d", "2020-03-30", "2020-03-30"),
        ("YYYY-MM-DD", "2020-03-30", "2020-03-30"),
        ("%m/%d/%Y", "1/3/2012", "2012-01-03"),
        ("%m/%d/%Y", "01/03/2012", "2012-01-03"),
        ("%-m/%-d/%Y", "12/31/2012", "2012-12-31"),
        ("M/D/YYYY", "9/4/2012", "2012-09-04"),
        ("MM/DD/YYYY", "09/04/2012", "2012-09-04"),
        ("%d.%m.%Y", "4.9.2012", "2012-09-04"),
        ("%Y%m%d", "20120904", "2012-09-04"),
        ("YYYYMMDD", "20120904", "2012-09-04"),
        ("%d-%b-%Y", "04-SEP-2012", "2012-09-04"),
        ("%b %e, %Y", "Sep 4, 2012", "2012-09-04"),
    ] {
        assert_eq!(parse_date(text, &format(form)), Ok(day(expected)), "{form} {text}");
    }
    assert_eq!(DateFormat::iso(), {
        let mut iso = format("%Y-%m-%d");
        for piece in &mut iso.pieces {
            match piece {
                Piece::Month { digits_min } | Piece::Day { digits_min } => *digits_min = 2,
                Piece::Year | Piece::MonthName | Piece::Literal(_) => {}
            }
        }
        iso
    });
}

#[test]
fn a_day_that_does_not_exist_is_told_from_a_malformed_one() {
    let form = format("%m/%d/%Y");
    for none in ["2/30/2020", "2/29/2019", "13/1/2020", "0/1/2020", "1/32/2020", "1/1/0000"] {
        assert_eq!(parse_date(none, &form), Err(InvalidDate::NoSuchDay), "{none}");
    }
    for wrong in
        ["", "1/1/20", "1/1/20201", "001/1/2020", "1-1-2020", "1/1/2020 ", " 1/1/2020", "１/1/2020"]
    {
        let error = parse_date(wrong, &form).unwrap_err();
        assert_eq!(error.to_string(), "not a date of the form %m/%d/%Y", "{wrong}");
    }
    assert!(parse_date("2012094", &format("%Y%m%d")).is_err(), "touching numbers have fixed width");
    assert!(parse_date("2020-3-30", &DateFormat::iso()).is_err());
}

#[test]
fn formats_without_one_meaning_are_refused() {
    for (form, expected) in [
        ("%m/%d/%y", InvalidDateFormat::TwoDigitYear),
        ("DD/MM/YY", InvalidDateFormat::TwoDigitYear),
        ("%Y-%m", InvalidDateFormat::Incomplete),
        ("%Y-%m-%m", InvalidDateFormat::Incomplete),
        ("%Y-%m-%d-%d", InvalidDateFormat::Incomplete),
        ("", InvalidDateFormat::Incomplete),
        ("%Y-%m-%d %H", InvalidDateFormat::UnknownCode),
        ("%Y-%m-%d%", InvalidDateFormat::UnknownCode),
        ("date", InvalidDateFormat::UnknownCode),
    ] {
        assert_eq!(form.parse::<DateFormat>(), Err(expected), "{form}");
    }
}

#[test]
fn a_legal_date_depends_on_the_zone() {
    let late = at("2026-11-22T03:30:00Z");
    assert_eq!(local_date(late, zone("America/New_York")), day("2026-11-21"));
    assert_eq!(local_date(late, Zone::UTC), day("2026-11-22"));
    assert_eq!(zone("America/New_York").local_hour(late), 22);
    assert_eq!("Nowhere/City".parse::<Zone>(), Err(UnknownZone));
    assert_eq!(serde_json::to_string(&zone("Asia/Kathmandu")).unwrap(), "\"Asia/Kathmandu\"");
}

#[test]
fn a_day_starts_where_the_clocks_say_so() {
    for (name, on, expected) in [
        ("America/New_York", "2026-07-01", "2026-07-01T04:00:00Z"),
        ("America/New_York", "2026-12-01", "2026-12-01T05:00:00Z"),
        // Midnight is skipped: Brazil began summer time at 00:00.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        // Midnight comes twice: the first one counts.
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
        // The gap begins before midnight and ends after it.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
        // The whole day is missing.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("UTC", "2026-01-01", "2026-01-01T00:00:00Z"),
    ] {
        assert_eq!(zone(name).start_of_day(day(on)), at(expected), "{name} {on}");
    }
}

#[test]
fn a_fact_on_a_tick_waits_for_the_next_and_a_due_time_on_a_tick_does_not() {
    let ticks = Ticks::default();
    let on = at("2026-11-21T10:15:00Z");
    assert_eq!(ticks.next_after(on), at("2026-11-21T10:30:00Z"));
    assert_eq!(ticks.at_or_after(on), on);
    let past = at("2026-11-21T10:15:00.000001Z");
    assert_eq!(ticks.at_or_after(past), at("2026-11-21T10:30:00Z"));
    assert_eq!(ticks.next_after(at("1969-12-31T23:59:59Z")), at("1970-01-01T00:00:00Z"));
    let end = DateTime::<Utc>::MAX_UTC;
    assert_eq!(ticks.next_after(end), end);
}

#[test]
fn a_tick_is_a_whole_number_of_seconds() {
    for wrong in [
        Duration::zero(),
        Duration::seconds(-1),
        Duration::milliseconds(1_500),
        Duration::days(2),
        Duration::MAX,
    ] {
        assert_eq!(Ticks::new(wrong), Err(InvalidTick));
    }
    assert_eq!(Ticks::new(Duration::minutes(15)), Ok(Ticks::default()));
    assert_eq!(Ticks::default().every(), Duration::minutes(15));
}

proptest! {
    #[test]
    fn ticks_are_on_the_grid_and_the_nearest(
        seconds in -4_000_000_000i64..8_000_000_000,
        nanos in 0u32..1_000_000_000,
        every in 1i64..=86_400,
    ) {
        let ticks = Ticks::new(Duration::seconds(every)).unwrap();
        let now = DateTime::from_timestamp(seconds, nanos).unwrap();
        let next = ticks.next_after(now);
        prop_assert!(next > now && next - now <= ticks.every());
        prop_assert_eq!(next.timestamp().rem_euclid(every), 0);
        prop_assert_eq!(next.timestamp_subsec_nanos(), 0);
        let up = ticks.at_or_after(now);
        prop_assert!(up >= now && up - now < ticks.every());
        prop_assert_eq!(ticks.at_or_after(up), up);
        prop_assert_eq!(ticks.next_after(up), up + ticks.every());
    }

    #[test]
    fn print_then_parse_is_identity(days in 0i32..3_000_000, which in 0usize..4) {
        let on = Date::from_num_days_from_ce_opt(days + 1).unwrap();
        let form = ["%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y"][which];
        prop_assert_eq!(parse_date(&on.format(form).to_string(), &format(form)), Ok(on));
    }

    #[test]
    fn parsing_never_panics(text in ".{0,20}", form in "[%YmdMDby/. -]{0,12}") {
        if let Ok(form) = form.parse::<DateFormat>() {
            let _ = parse_date(&text, &form);
        }
    }
}
