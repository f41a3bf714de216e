use duly_domain::{Date, Effect, Force};

use crate::facts::{ConsentFor, Event, EventKind};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{EMAIL, Scene, id, ny};

const RULE: &str = "email_path";
const DENY: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy email_path"));
const HOLD: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Policy, "policy email_path"));
const AT: &str = "2026-06-17T12:00";

fn email() -> Scene {
    Scene::consumer().by(Medium::Email).without_consent()
}

#[test]
fn without_a_path_no_consumer_is_written_to_by_e_mail() {
    assert_eq!(email().says(RULE, ny(AT)), DENY);
    let consented = email().consents(ConsentFor::Email, EMAIL, ny("2026-06-10T10:00"));
    assert_eq!(consented.says(RULE, ny("2026-06-10T09:59")), DENY);
    assert_eq!(consented.says(RULE, ny(AT)), None);
    assert!(consented.allows(ny(AT)));
}

#[test]
fn it_is_the_agencys_own_gate_on_consumer_debts_only() {
    for scene in [Scene::guarantor(), Scene::business()] {
        assert_eq!(scene.by(Medium::Email).without_consent().says(RULE, ny(AT)), None);
    }
    assert_eq!(Scene::consumer().by(Medium::Mail).without_consent().says(RULE, ny(AT)), None);
}

#[test]
fn every_debt_of_the_message_needs_a_path() {
    let mut scene = email().and_account(2, 1);
    scene.proposed.accounts = vec![id(1), id(2)];
    scene = scene.consents(ConsentFor::Email, EMAIL, ny("2026-06-10T10:00"));
    assert_eq!(scene.says(RULE, ny(AT)), None);
    scene.facts.consents[0].account = Some(id(1));
    assert_eq!(scene.says(RULE, ny(AT)), DENY);
}

/// Comment 6(d)(3)(ii)-1.
#[test]
fn comment_6d3ii_1_an_address_that_led_to_a_disclosure_is_barred() {
    let told =
        Event::new(EventKind::DisclosureReported, ny("2026-06-12T10:00")).at_point(id(EMAIL));
    let scene = email().consents(ConsentFor::Email, EMAIL, ny("2026-06-10T10:00")).event(told);
    assert_eq!(scene.says(RULE, ny("2026-06-11T10:00")), None);
    assert_eq!(scene.says(RULE, ny(AT)), DENY);
    let decision = scene.evaluate(ny(AT)).explain(ny(AT));
    assert!(decision.reasons.iter().any(|reason| reason.sentence.contains("somebody else")));
}

#[test]
fn where_only_the_kind_of_the_domain_is_not_known_it_is_held() {
    let event = |kind| Event::new(kind, ny("2026-01-05T10:00")).about(id(1)).at_point(id(EMAIL));
    let deadline = Date::from_ymd_opt(2026, 3, 1).unwrap();
    let mut scene = email()
        .event(event(EventKind::CreditorGotAddress))
        .event(event(EventKind::CreditorUsedAddress))
        .event(event(EventKind::CreditorNoticeSent).stating(deadline));
    assert_eq!(scene.says(RULE, ny("2026-03-01T12:00")), DENY);
    assert_eq!(scene.says(RULE, ny("2026-03-02T12:00")), HOLD);
    scene.facts.points[2].public_domain = Some(true);
    assert_eq!(scene.says(RULE, ny("2026-03-02T12:00")), None);
    scene.facts.points[2].public_domain = Some(false);
    assert_eq!(scene.says(RULE, ny("2026-03-02T12:00")), DENY);
}

#[test]
fn who_writes_is_answered_and_an_opt_out_is_confirmed() {
    let mut scene = email().inbound(Medium::Email, ny("2026-06-17T11:00"));
    assert_eq!(scene.says(RULE, ny(AT)), DENY);
    scene.proposed = scene.proposed.as_response();
    assert_eq!(scene.says(RULE, ny(AT)), None);
    let mut scene = email();
    scene.proposed = scene.proposed.with_purpose(Purpose::OptOutConfirmation);
    assert_eq!(scene.says(RULE, ny(AT)), None);
}
