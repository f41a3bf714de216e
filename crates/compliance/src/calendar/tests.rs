use duly_domain::StopKind;

use super::*;
use crate::facts::{AgencyHours, Event, EventKind};
use crate::medium::Medium;
use crate::testing::{Scene, id, ny, utc, zones};

/// A consumer debt at an agency that works from nine to six in New York.
fn consumer() -> Scene {
    let mut scene = Scene::consumer();
    let clock = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let zone = "America/New_York".parse().unwrap();
    scene.facts.agency.hours = AgencyHours::weekdays(zone, clock(9), clock(18));
    scene
}

fn times(stretch: &Stretch) -> (String, String, Vec<&'static str>) {
    let text = |at: NaiveDateTime| at.format("%d %H:%M:%S").to_string();
    (text(stretch.from), text(stretch.until), rules(&stretch.against))
}

fn told(from: &str, until: &str, rules: &[&'static str]) -> (String, String, Vec<&'static str>) {
    (from.to_owned(), until.to_owned(), rules.to_vec())
}

#[test]
fn a_day_is_told_in_the_persons_time_with_its_night_and_its_open_hours() {
    let scene = consumer();
    let calendar = calendar(&scene.facts, &[scene.proposed], 14, ny("2026-06-16T00:00"));
    assert_eq!(calendar.zone.name(), "America/New_York");
    assert_eq!(calendar.days.len(), 14);
    let second = &calendar.days[1];
    assert_eq!(second.on, "2026-06-17".parse::<Date>().unwrap());
    let stretches: Vec<_> = second.attempts[0].iter().map(times).collect();
    let expected = [
        told("17 00:00:00", "17 08:00:01", &["agency_hours", "local_hours"]),
        told("17 08:00:01", "17 09:00:00", &["agency_hours"]),
        told("17 09:00:00", "17 18:00:00", &[]),
        told("17 18:00:00", "17 21:00:00", &["agency_hours"]),
        told("17 21:00:00", "18 00:00:00", &["agency_hours", "local_hours"]),
    ];
    assert_eq!(stretches, expected, "the edge, shut by policy, is part of the night");
    assert_eq!(second.attempts[0][0].against.len(), 3, "but both authorities are told");
}

#[test]
fn the_first_day_begins_now_and_reasons_that_meet_are_told_together() {
    let scene = consumer()
        .spoke(1, ny("2026-06-16T10:00"))
        .in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]));
    let mail = scene.clone().by(Medium::Mail).proposed;
    let calendar = calendar(&scene.facts, &[scene.proposed, mail], 8, ny("2026-06-16T12:30"));
    let today = &calendar.days[0];
    assert_eq!(today.span.from, ny("2026-06-16T12:30"));
    let stretches: Vec<_> = today.attempts[0].iter().map(times).collect();
    let expected = [
        told("16 12:30:00", "16 18:00:00", &["conversation"]),
        told("16 18:00:00", "16 21:00:00", &["agency_hours", "conversation"]),
        told("16 21:00:00", "17 00:00:00", &["agency_hours", "conversation", "local_hours"]),
    ];
    assert_eq!(stretches, expected);
    assert!(today.attempts[1].iter().all(Stretch::is_permitted), "post has no hours");
    // The seventh day after ends where it ends last, in the west.
    let open = calendar.days[7].attempts[0].iter().find(|stretch| stretch.is_permitted()).unwrap();
    assert_eq!(open.span.from, utc("2026-06-23T15:00:01Z"));
}

#[test]
fn stretches_follow_one_another_and_fill_every_day_also_when_the_clocks_change() {
    let scene = consumer().stopped(StopKind::Cease, 1, ny("2026-11-03T12:00"));
    let calendar =
        calendar(&scene.facts, std::slice::from_ref(&scene.proposed), 14, ny("2026-10-28T09:15"));
    let mut at = ny("2026-10-28T09:15");
    for day in &calendar.days {
        for stretch in &day.attempts[0] {
            assert_eq!(stretch.span.from, at);
            assert_eq!(stretch.is_permitted(), scene.evaluate(at).permits(at), "at {at}");
            at = stretch.span.until;
        }
        assert_eq!(at, day.span.until);
    }
    assert_eq!(at, ny("2026-11-11T00:00"));
}

#[test]
fn duties_stand_on_their_day_timers_where_they_end_and_the_rest_apart() {
    let mut scene = consumer();
    scene.facts.accounts[0].first_spoken_at = Some(ny("2026-07-02T10:00"));
    let event = |kind, at| Event::new(kind, ny(at)).about(id(1));
    scene.facts.events = vec![
        event(EventKind::ClientAsked, "2026-06-01T10:00"),
        event(EventKind::TransferPlanned, "2026-07-02T10:00"),
        event(EventKind::AttorneyWritten, "2026-06-10T10:00"),
    ];
    let calendar = calendar(&scene.facts, &[], 14, ny("2026-07-03T12:00"));
    let codes = |all: &[Obligation]| all.iter().map(|owed| owed.duty.code).collect::<Vec<_>>();
    assert_eq!(codes(&calendar.owed), ["client.question", "o.transfer"]);
    let day = |text: &str| {
        let on: Date = text.parse().unwrap();
        calendar.days.iter().find(|day| day.on == on).unwrap()
    };
    assert_eq!(codes(&day("2026-07-07").due), ["o.validation"]);
    assert_eq!(codes(&day("2026-07-10").ends), ["t.attorney"]);
    assert!(day("2026-07-08").due.is_empty());
}
