use duly_domain::{Effect, Force, StopKind};

use crate::medium::Medium;
use crate::rules::states::tests::noting;
use crate::testing::{Scene, id, local, ny, zones};
use crate::{Event, EventKind, Purpose, Recipient};

fn denver() -> Scene {
    let zone = zones(&["America/Denver"]);
    Scene::consumer().in_zones(zone.clone(), zone).living_in("CO", None)
}

#[test]
fn the_edges_of_the_day_are_shut_by_law() {
    let law = Some((Effect::Deny, Force::Law, "C.R.S. 5-16-105(1)(a)"));
    let at = |time| local("America/Denver", time);
    assert_eq!(denver().says("state_hours", at("2026-06-16T08:00:00")), law);
    assert_eq!(denver().says("state_hours", at("2026-06-16T08:00:01")), None);
    assert_eq!(denver().says("state_hours", at("2026-06-16T21:00:00")), law);
    assert_eq!(denver().by(Medium::Mail).says("state_hours", at("2026-06-16T22:00")), None);
}

#[test]
fn nobody_else_is_asked_where_the_person_is_until_its_attorney_was_silent_for_thirty_days() {
    let mut scene = denver().stopped(StopKind::Attorney, 1, ny("2026-05-01T10:00"));
    scene.proposed.purpose = Purpose::Location;
    scene.proposed.recipient = Recipient::ThirdParty;
    let law = Some((Effect::Deny, Force::Law, "C.R.S. 5-16-104(1)(f)"));
    assert_eq!(scene.says("state_attorney", ny("2026-06-16T12:00")), law);
    let silent = noting(scene.clone(), EventKind::AttorneyWritten, ny("2026-05-10T10:00"));
    assert_eq!(silent.says("state_attorney", ny("2026-06-09T09:59")), law);
    assert_eq!(silent.says("state_attorney", ny("2026-06-09T10:01")), None);
    let answered = noting(silent.clone(), EventKind::AttorneyAnswered, ny("2026-05-20T10:00"));
    assert_eq!(answered.says("state_attorney", ny("2026-06-16T12:00")), law);
    scene.proposed.recipient = Recipient::DebtorsAttorney;
    assert_eq!(scene.says("state_attorney", ny("2026-06-16T12:00")), None);
}

#[test]
fn a_letter_to_the_attorney_about_another_debt_does_not_make_it_silent() {
    let mut scene = denver().stopped(StopKind::Attorney, 1, ny("2026-05-01T10:00"));
    scene.proposed.purpose = Purpose::Location;
    scene.proposed.recipient = Recipient::ThirdParty;
    let letter = Event::new(EventKind::AttorneyWritten, ny("2026-05-10T10:00"));
    let about = |account| scene.clone().event(letter.about(id(account)));
    assert!(about(2).says("state_attorney", ny("2026-06-16T12:00")).is_some());
    assert_eq!(about(1).says("state_attorney", ny("2026-06-16T12:00")), None);
}
