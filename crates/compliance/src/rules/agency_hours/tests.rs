use chrono::{NaiveTime, Weekday};
use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::testing::{Scene, ny};
use crate::{AgencyHours, AgencyPolicy};

fn scene() -> Scene {
    let mut scene = Scene::business();
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let zone = "America/New_York".parse().unwrap();
    scene.facts.agency = AgencyPolicy { hours: AgencyHours::weekdays(zone, clock(9), clock(18)) };
    scene
}

#[test]
fn the_agency_calls_from_nine_until_six_on_weekdays() {
    for (time, open) in [
        ("2026-06-15T08:59:59", false),
        ("2026-06-15T09:00:00", true),
        ("2026-06-15T17:59:59", true),
        ("2026-06-15T18:00:00", false),
        ("2026-06-19T12:00:00", true),
        ("2026-06-20T12:00:00", false),
        ("2026-06-21T12:00:00", false),
    ] {
        assert_eq!(scene().allows(ny(time)), open, "{time}");
    }
    let says = scene().says("agency_hours", ny("2026-06-20T12:00"));
    assert_eq!(says, Some((Effect::Deny, Force::Policy, "policy agency.hours")));
}

#[test]
fn after_friday_evening_comes_monday_morning() {
    let friday = ny("2026-06-19T18:00");
    let evaluation = scene().evaluate(friday);
    assert_eq!(evaluation.next_permitted(friday), Some(ny("2026-06-22T09:00")));
    let stretch = evaluation.decide(ny("2026-06-21T03:00")).reasons[0].span;
    assert_eq!((stretch.from, stretch.until), (friday, ny("2026-06-22T09:00")));
}

#[test]
fn the_clocks_changing_over_a_weekend_moves_monday_with_them() {
    let friday = ny("2026-03-06T18:00");
    assert_eq!(scene().evaluate(friday).next_permitted(friday), Some(ny("2026-03-09T09:00")));
}

#[test]
fn letters_and_emails_need_nobody_at_a_desk() {
    let sunday = ny("2026-06-21T03:00");
    assert!(scene().by(Medium::Mail).allows(sunday));
    assert!(scene().by(Medium::Email).allows(sunday));
    assert!(!scene().by(Medium::Text).allows(sunday));
}

#[test]
fn whoever_calls_is_answered() {
    let sunday = ny("2026-06-21T12:00");
    let mut scene = scene().inbound(Medium::Call, sunday);
    scene.proposed = scene.proposed.as_response();
    assert!(scene.allows(sunday));
}

#[test]
fn hours_that_never_open_are_shut_for_ever() {
    let mut scene = scene();
    scene.facts.agency.hours.until = scene.facts.agency.hours.from;
    let noon = ny("2026-06-16T12:00");
    assert_eq!(scene.evaluate(noon).next_permitted(noon), None);
}

#[test]
fn a_week_may_begin_on_any_day() {
    let mut scene = scene();
    scene.facts.agency.hours.days = (Weekday::Sun, Weekday::Thu);
    assert!(scene.allows(ny("2026-06-21T12:00")));
    assert!(!scene.allows(ny("2026-06-19T12:00")));
}
