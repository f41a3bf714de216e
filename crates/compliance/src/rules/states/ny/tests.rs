use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::rules::states::tests::{claiming, noting};
use crate::testing::{EMAIL, Scene, ny};
use crate::{Claim, ConsentFor, DebtKind, EventKind, Purpose, Recipient};

fn albany() -> Scene {
    Scene::consumer().living_in("NY", None)
}

fn charged_off(charged_off: Option<bool>) -> Claim {
    Claim { charged_off, ..Claim::UNKNOWN }
}

/// 23 NYCRR 1.4: collection ceases until substantiation is provided.
#[test]
fn collection_of_a_charged_off_debt_ceases_until_substantiation_is_sent() {
    let law = Some((Effect::Deny, Force::Law, "23 NYCRR 1.4"));
    let asked = |known| {
        let scene = claiming(albany(), charged_off(known));
        noting(scene, EventKind::SubstantiationAsked, ny("2026-06-01T10:00"))
    };
    for known in [Some(true), None] {
        assert_eq!(asked(known).says("state_dispute", ny("2026-06-16T12:00")), law);
        let letter = asked(known).by(Medium::Mail);
        assert_eq!(letter.says("state_dispute", ny("2026-06-16T12:00")), law);
        let sent = noting(asked(known), EventKind::SubstantiationSent, ny("2026-06-20T10:00"));
        assert_eq!(sent.says("state_dispute", ny("2026-06-20T09:59")), law);
        assert_eq!(sent.says("state_dispute", ny("2026-06-20T10:01")), None);
    }
    assert_eq!(asked(Some(false)).says("state_dispute", ny("2026-06-16T12:00")), None);
    let mut proof = asked(Some(true)).by(Medium::Mail);
    proof.proposed.purpose = Purpose::Verification;
    assert_eq!(proof.says("state_dispute", ny("2026-06-16T12:00")), None);
}

#[test]
fn the_employer_is_not_told_before_a_final_judgment() {
    let mut scene = albany();
    scene.proposed.recipient = Recipient::Employer;
    let law = Some((Effect::Deny, Force::Law, "N.Y. Gen. Bus. Law 601(4)"));
    let at = ny("2026-06-16T12:00");
    assert_eq!(scene.says("state_employer", at), law);
    let judged = claiming(scene.clone(), Claim { kind: DebtKind::Judgment, ..Claim::UNKNOWN });
    assert_eq!(judged.says("state_employer", at), None);
    scene.proposed.purpose = Purpose::Location;
    assert_eq!(scene.says("state_employer", at), None);
}

#[test]
fn an_email_without_consent_is_held_and_cites_nothing() {
    let at = ny("2026-06-16T12:00");
    let held = Some((Effect::Hold, Force::Unverified, "unverified state.ny.email"));
    assert_eq!(albany().by(Medium::Email).without_consent().says("state_email", at), held);
    let given = |at| {
        albany().by(Medium::Email).without_consent().consents(ConsentFor::Email, EMAIL, ny(at))
    };
    assert_eq!(given("2026-06-01T12:00").says("state_email", at), None);
    assert_eq!(given("2026-06-17T12:00").says("state_email", at), held);
    let mut at_work = given("2026-06-01T12:00");
    at_work.facts.points[2].of_employer = Some(true);
    assert_eq!(at_work.says("state_email", at), held);
}
