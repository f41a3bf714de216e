use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::testing::{Scene, local, ny, utc, zones};
use crate::{Zones, rules::Regime};

const RULE: &str = "local_hours";

#[test]
fn a_call_is_open_after_eight_and_before_nine_to_the_second() {
    let scene = Scene::consumer();
    for (time, open) in [
        ("2026-06-16T00:00:00", false),
        ("2026-06-16T07:59:59", false),
        ("2026-06-16T08:00:00", false),
        ("2026-06-16T08:00:01", true),
        ("2026-06-16T20:59:59", true),
        ("2026-06-16T21:00:00", false),
        ("2026-06-16T21:00:01", false),
        ("2026-06-16T23:59:59", false),
    ] {
        assert_eq!(scene.allows(ny(time)), open, "{time}");
    }
}

#[test]
fn the_edges_are_shut_by_policy_and_the_night_by_law() {
    let scene = Scene::consumer();
    let says = |time| scene.says(RULE, ny(time)).unwrap();
    let law = (Effect::Deny, Force::Law, "12 CFR 1006.6(b)(1)(i)");
    let edge = (Effect::Deny, Force::Policy, "policy time.edge");
    assert_eq!(says("2026-06-16T07:59:59"), law);
    assert_eq!(says("2026-06-16T08:00:00"), edge);
    assert_eq!(says("2026-06-16T21:00:00"), edge);
    assert_eq!(says("2026-06-16T21:00:01"), law);
}

/// Comment 6(b)(1)(i)-2.i: a mobile number of the east, an address of the west.
#[test]
fn comment_6b1i_2_i_conflicting_signals_are_open_where_both_are() {
    let scene =
        Scene::consumer().in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]));
    for (time, open) in [
        ("2026-06-16T10:30", false),
        ("2026-06-16T11:30", true),
        ("2026-06-16T20:30", true),
        ("2026-06-16T21:30", false),
    ] {
        assert_eq!(scene.allows(ny(time)), open, "{time} Eastern");
    }
    let evening = ny("2026-06-16T21:30");
    let next = scene.evaluate(evening).next_permitted(evening).unwrap();
    assert_eq!(next, ny("2026-06-17T11:00:01"));
}

#[test]
fn every_zone_of_a_state_binds() {
    let scene =
        Scene::consumer().in_zones(Zones::NoSignal, crate::zones::of_address("US", "TN", "37201"));
    assert!(!scene.allows(local("America/New_York", "2026-06-16T08:30")));
    assert!(scene.allows(local("America/Chicago", "2026-06-16T08:30")));
    assert!(!scene.allows(local("America/Chicago", "2026-06-16T20:30")));
}

#[test]
fn an_unknown_place_holds_and_never_allows() {
    let noon = ny("2026-06-16T12:00");
    let nothing = Scene::consumer().in_zones(Zones::NoSignal, Zones::NoSignal);
    let unknown = Scene::consumer().in_zones(zones(&["America/New_York"]), Zones::Unknown);
    let empty = Scene::consumer().in_zones(zones(&["America/New_York"]), Zones::In(Vec::new()));
    for scene in [nothing, unknown, empty] {
        let held = Some((Effect::Hold, Force::Policy, "policy time.zone_unknown"));
        assert_eq!(scene.says(RULE, noon), held);
        let evaluation = scene.evaluate(noon);
        assert!(evaluation.decide(noon).is_hold());
        assert_eq!(evaluation.next_permitted(noon), None);
        // A letter has no hours and needs no zone.
        assert!(scene.by(Medium::Mail).allows(noon));
    }
}

#[test]
fn a_wrong_number_says_nothing_about_the_place() {
    let mut scene = Scene::consumer().in_zones(Zones::Unknown, zones(&["America/New_York"]));
    scene.facts.points[0].state = crate::PointState::Wrong;
    let scene = scene.by(Medium::Email);
    assert!(scene.allows(ny("2026-06-16T12:00")));
}

/// Comment 6(b)(1)(i)-1: an electronic communication occurs when it is sent.
#[test]
fn texts_and_emails_keep_the_hours_and_letters_have_none() {
    let night = ny("2026-06-16T22:00");
    for (medium, open) in
        [(Medium::Call, false), (Medium::Text, false), (Medium::Email, false), (Medium::Mail, true)]
    {
        assert_eq!(Scene::consumer().by(medium).allows(night), open, "{medium}");
    }
}

#[test]
fn a_natural_person_on_a_commercial_debt_has_the_hours_by_policy_and_a_business_has_none() {
    let night = ny("2026-06-16T22:00");
    let by_policy = Some((Effect::Deny, Force::Policy, "policy commercial.local_hours"));
    assert_eq!(Scene::guarantor().says(RULE, night), by_policy);
    assert_eq!(Scene::business().says(RULE, night), None);
    assert!(Regime::Business.is_commercial());
}

#[test]
fn the_days_on_which_clocks_change_keep_their_local_hours() {
    let scene = Scene::consumer();
    // 8 March 2026: EST to EDT at 2:00. 1 November 2026: back.
    for (at, open) in [
        ("2026-03-07T12:59:59Z", false),
        ("2026-03-07T13:00:01Z", true),
        ("2026-03-08T12:00:00Z", false),
        ("2026-03-08T12:00:01Z", true),
        ("2026-03-09T00:59:59Z", true),
        ("2026-03-09T01:00:00Z", false),
        ("2026-11-01T12:59:59Z", false),
        ("2026-11-01T13:00:01Z", true),
    ] {
        assert_eq!(scene.allows(utc(at)), open, "{at}");
    }
}

/// Comment 6(b)(1)-2: a contact that the person began may be answered once, at that time, in that medium.
#[test]
fn comment_6b1_2_a_contact_at_night_is_answered_once_in_its_own_night_and_medium() {
    let written = ny("2026-06-16T22:00");
    let scene = Scene::consumer().by(Medium::Email).inbound(Medium::Email, written);
    let mut answer = scene.clone();
    answer.proposed = answer.proposed.as_response();
    assert!(!answer.allows(ny("2026-06-16T21:59")));
    assert!(answer.allows(written));
    assert!(answer.allows(ny("2026-06-16T22:10")));
    assert!(!scene.allows(ny("2026-06-16T22:10")), "an attempt of the agency's own");
    assert!(!answer.allows(ny("2026-06-17T22:10")), "the next night");
    assert!(!answer.clone().by(Medium::Text).allows(ny("2026-06-16T22:10")), "another medium");
    answer.facts.inbound[0].answered = true;
    assert!(!answer.allows(ny("2026-06-16T22:10")), "a second answer");
}
