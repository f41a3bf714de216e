use duly_domain::{Effect, Force};

use crate::facts::{Consent, ConsentFor, GivenTo};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{EMAIL, Scene, id, ny};

const RULE: &str = "esign";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.42(b)"));
const AT: &str = "2026-06-23T11:00";

fn notice(purpose: Purpose) -> Scene {
    let agreed = ny("2026-06-19T10:00");
    let scene = Scene::consumer().without_consent().by(Medium::Email);
    let mut scene = scene.consents(ConsentFor::Email, EMAIL, agreed);
    scene.proposed = scene.proposed.with_purpose(purpose);
    scene.facts.accounts[0].first_spoken_at = Some(ny("2026-06-20T10:00"));
    scene
}

#[test]
fn a_listed_notice_goes_electronically_with_consent_alone() {
    for purpose in [Purpose::ValidationNotice, Purpose::Verification, Purpose::OriginalCreditor] {
        let mut scene = notice(purpose);
        assert_eq!(scene.says(RULE, ny(AT)), LAW, "{purpose:?}");
        assert!(scene.clone().by(Medium::Mail).allows(ny(AT)), "{purpose:?} by post");
        let consent = Consent::new(ConsentFor::Esign, ny("2026-06-21T10:00"));
        scene.facts.consents.push(consent);
        assert!(scene.allows(ny(AT)), "{purpose:?}");
        scene.facts.consents[1].withdrawn_at = Some(ny("2026-06-22T10:00"));
        assert_eq!(scene.says(RULE, ny(AT)), LAW, "{purpose:?} withdrawn");
        scene.facts.consents[1] = Consent { account: Some(id(2)), ..consent };
        assert_eq!(scene.says(RULE, ny(AT)), LAW, "{purpose:?} of another debt");
    }
}

/// 1006.34(a)(1)(i)(A) is not among those that 1006.42(b) lists.
#[test]
fn a_validation_notice_in_the_initial_communication_needs_none() {
    let mut scene = notice(Purpose::ValidationNotice);
    scene.facts.accounts[0].first_spoken_at = None;
    assert!(scene.allows(ny(AT)));
}

#[test]
fn consent_to_the_creditor_is_not_used_by_policy() {
    let mut scene = notice(Purpose::Verification);
    let consent = Consent::new(ConsentFor::Esign, ny("2026-06-21T10:00"));
    scene.facts.consents.push(Consent { given_to: GivenTo::Creditor, ..consent });
    let policy = Some((Effect::Deny, Force::Policy, "policy esign.to_collector"));
    assert_eq!(scene.says(RULE, ny(AT)), policy);
}

#[test]
fn a_reminder_needs_none() {
    assert!(notice(Purpose::Collect).allows(ny(AT)));
}
