use duly_domain::{Effect, Force};

use crate::facts::{ConsentFor, Event, EventKind, LineType};
use crate::proposed::DialMode;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "tcpa_reassigned";
const AT: &str = "2026-06-17T12:00";
const HOLD: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Policy, "policy tcpa.reassigned"));
const DENY: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy tcpa.reassigned"));

fn dialled() -> Scene {
    let mut scene = Scene::business().without_consent();
    scene.proposed.dial_mode = Some(DialMode::ListDialer);
    scene.consents(ConsentFor::Automated, PHONE, ny("2026-01-05T12:00"))
}

fn event(kind: EventKind, at: &str) -> Event {
    Event::new(kind, ny(at)).at_point(id(PHONE))
}

#[test]
fn an_automated_call_rests_on_a_query_or_a_consent_of_thirty_days() {
    assert_eq!(dialled().says(RULE, ny("2026-02-04T11:59")), None, "a fresh consent");
    assert_eq!(dialled().says(RULE, ny("2026-02-04T12:00")), HOLD);
    let queried = dialled().event(event(EventKind::NotReassigned, "2026-06-01T12:00"));
    assert_eq!(queried.says(RULE, ny("2026-05-29T12:00")), HOLD);
    assert!(queried.allows(ny(AT)));
    assert_eq!(queried.says(RULE, ny("2026-07-01T12:00")), HOLD);
}

#[test]
fn a_manual_call_and_a_landline_need_no_query() {
    let mut manual = dialled();
    manual.proposed.dial_mode = Some(DialMode::Manual);
    assert_eq!(manual.says(RULE, ny(AT)), None);
    let mut landline = dialled();
    landline.facts.points[0].line = LineType::Landline;
    assert_eq!(landline.says(RULE, ny(AT)), None);
}

#[test]
fn a_number_that_somebody_else_has_now_is_shut_until_a_newer_consent() {
    let lost = dialled().event(event(EventKind::Reassigned, "2026-06-01T12:00"));
    let lost = lost.event(event(EventKind::NotReassigned, "2026-06-05T12:00"));
    assert_eq!(lost.says(RULE, ny(AT)), DENY);
    assert!(lost.says("tcpa", ny(AT)).is_some(), "the old consent is gone with it");
    let renewed = lost.consents(ConsentFor::Automated, PHONE, ny("2026-06-10T12:00"));
    assert!(renewed.allows(ny(AT)));
}
