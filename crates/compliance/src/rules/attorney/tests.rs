use duly_domain::{Effect, Force, StopKind};

use crate::medium::Medium;
use crate::testing::{Scene, ny};

const RULE: &str = "attorney";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.6(b)(2)"));

/// Comment 6(b)(2)-1: the consumer's own message may be answered once; the knowledge stays.
#[test]
fn comment_6b2_1_the_persons_own_message_is_answered_once_and_the_attorney_stays() {
    let written = ny("2026-06-16T11:00");
    let scene = Scene::consumer()
        .stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"))
        .inbound(Medium::Email, written)
        .by(Medium::Email);
    assert_eq!(scene.says(RULE, ny("2026-06-16T12:00")), LAW, "the agency's own e-mail");
    let mut reply = scene.clone();
    reply.proposed = reply.proposed.as_response();
    assert!(reply.allows(ny("2026-06-16T12:00")));
    reply.facts.inbound[0].answered = true;
    assert_eq!(reply.says(RULE, ny("2026-06-16T12:00")), LAW);
    assert_eq!(scene.by(Medium::Call).says(RULE, ny("2026-06-17T11:00")), LAW, "the next day");
}

#[test]
fn representation_is_about_the_debt() {
    let scene =
        Scene::consumer().and_account(2, 2).stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
    let noon = ny("2026-06-17T12:00");
    assert_eq!(scene.says(RULE, noon), LAW);
    assert!(scene.clone().about(2, 2).allows(noon));
    let mut both = scene;
    both.proposed.accounts.push(crate::testing::id(2));
    assert_eq!(both.says(RULE, noon), LAW, "an attempt about both");
}

#[test]
fn it_binds_letters_too() {
    let scene = Scene::consumer().stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
    assert_eq!(scene.by(Medium::Mail).says(RULE, ny("2026-06-17T12:00")), LAW);
}

#[test]
fn counsel_of_a_commercial_debtor_is_respected_by_policy() {
    for scene in [Scene::guarantor(), Scene::business()] {
        let scene = scene.stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
        let says = (Effect::Deny, Force::Policy, "policy commercial.attorney");
        assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), Some(says));
    }
}
