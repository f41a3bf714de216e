use duly_domain::{Effect, Force};

use crate::facts::{Event, EventKind, Limits};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, id, ny};

const RULE: &str = "validation_first";
const FIRST: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy first.validation"));
const AT: &str = "2026-06-03T11:00";

fn asked(mut scene: Scene) -> Scene {
    scene.facts.limits.push(Limits { validation_first: Some(true), ..Limits::default() });
    scene
}

#[test]
fn a_first_call_is_lawful_and_waits_for_the_notice_where_policy_asks() {
    assert!(Scene::consumer().allows(ny(AT)), "1006.34(a)(1) lets it go");
    let mut scene = asked(Scene::consumer());
    assert_eq!(scene.says(RULE, ny(AT)), FIRST);
    let sent = Event::new(EventKind::ValidationSent, ny("2026-06-02T10:00"));
    scene.facts.events.push(sent.about(id(2)));
    assert_eq!(scene.says(RULE, ny(AT)), FIRST, "of another debt");
    scene.facts.events[0] = sent.about(id(1));
    assert!(scene.allows(ny(AT)));
    assert_eq!(scene.says(RULE, ny("2026-06-02T09:59")), FIRST);
}

#[test]
fn what_is_owed_and_the_answer_to_the_person_go_before_it() {
    let mut scene = asked(Scene::consumer()).by(Medium::Mail);
    for purpose in [Purpose::ValidationNotice, Purpose::Verification, Purpose::RequiredByLaw] {
        scene.proposed = scene.proposed.with_purpose(purpose);
        assert!(scene.allows(ny(AT)), "{purpose:?}");
    }
    let mut call = asked(Scene::consumer()).inbound(Medium::Call, ny(AT));
    call.proposed = call.proposed.as_response();
    assert!(call.allows(ny(AT)));
}

#[test]
fn one_client_asks_for_its_own_accounts() {
    let mut scene = asked(Scene::consumer().and_account(2, 1));
    scene.facts.limits[0].accounts = vec![id(1)];
    assert_eq!(scene.says(RULE, ny(AT)), FIRST);
    assert!(scene.about(2, 1).allows(ny(AT)));
    assert!(asked(Scene::business()).allows(ny(AT)));
    assert!(asked(Scene::guarantor()).allows(ny(AT)));
}
