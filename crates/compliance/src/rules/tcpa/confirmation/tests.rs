use duly_domain::{Effect, Force, StopKind};

use crate::facts::{Attempt, ConsentFor, Event, EventKind, Stop};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "opt_out_confirmation";

fn confirming() -> Scene {
    let mut scene = Scene::consumer()
        .by(Medium::Text)
        .without_consent()
        .consents(ConsentFor::Text, PHONE, ny("2026-06-01T12:00"))
        .stop(Stop {
            id: id(1),
            kind: StopKind::OptOut,
            party: id(1),
            account: None,
            medium: Some(Medium::Text),
            point: Some(id(PHONE)),
            from: ny("2026-06-17T12:00"),
            until: None,
        });
    scene.proposed = scene.proposed.with_purpose(Purpose::OptOutConfirmation);
    scene
}

#[test]
fn one_text_confirms_within_five_minutes_and_none_later() {
    let scene = confirming();
    assert!(scene.allows(ny("2026-06-17T12:04:59")));
    let late = Some((Effect::Deny, Force::Policy, "policy tcpa.revoke_confirm"));
    assert_eq!(scene.says(RULE, ny("2026-06-17T12:05")), late);
    assert_eq!(scene.requires(ny("2026-06-17T12:01")), ["confirmation_only"]);
}

#[test]
fn the_second_is_barred_by_law() {
    let law = Some((Effect::Deny, Force::Law, "47 CFR 64.1200(a)(12)"));
    let at = ny("2026-06-17T12:02");
    let mut sent = confirming();
    sent.facts.attempts.push(Attempt {
        point: Some(id(PHONE)),
        purpose: Purpose::OptOutConfirmation,
        ..Attempt::new(id(1), id(1), Medium::Text, ny("2026-06-17T12:01"))
    });
    assert_eq!(sent.says(RULE, at), law);
    let told = Event::new(EventKind::OptOutConfirmed, ny("2026-06-17T12:01"));
    assert_eq!(confirming().event(told).says(RULE, at), law);
}

#[test]
fn nothing_but_a_confirmation_passes_the_opt_out() {
    let mut scene = confirming();
    scene.proposed = scene.proposed.with_purpose(Purpose::Collect);
    assert!(!scene.allows(ny("2026-06-17T12:01")));
}
