use duly_domain::{Effect, Force, StopKind};

use crate::facts::{Consent, ConsentFor, DebtKind, Event, EventKind, GivenTo};
use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "third_party";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.6(d)(1)"));
const AT: &str = "2026-06-17T12:00";

fn to(recipient: Recipient) -> Scene {
    let mut scene = Scene::consumer();
    scene.proposed.recipient = recipient;
    scene
}

/// Comment 6(a)(1)-1: the surviving spouse of a deceased consumer is a consumer for 1006.6.
#[test]
fn comment_6a1_1_the_surviving_spouse_is_a_consumer() {
    assert!(Recipient::Spouse.is_consumer());
    let scene = to(Recipient::Spouse).stopped(StopKind::Deceased, 1, ny("2026-06-01T09:00"));
    assert!(scene.allows(ny(AT)));
}

/// 1006.6(a)(2) to (5), (d)(1)(ii) to (vi).
#[test]
fn those_whom_the_rule_names_may_be_spoken_with() {
    for recipient in [
        Recipient::Debtor,
        Recipient::Spouse,
        Recipient::ParentOfMinor,
        Recipient::Guardian,
        Recipient::Estate,
        Recipient::SuccessorInInterest,
        Recipient::DebtorsAttorney,
        Recipient::ReportingAgency,
        Recipient::Creditor,
        Recipient::AgencysAttorney,
    ] {
        assert_eq!(to(recipient).says(RULE, ny(AT)), None, "{recipient:?}");
    }
}

#[test]
fn nobody_else_is_in_any_medium() {
    for recipient in [Recipient::Employer, Recipient::ThirdParty] {
        for medium in [Medium::Call, Medium::Text, Medium::Email, Medium::Mail, Medium::Visit] {
            let mut scene = to(recipient).by(medium);
            scene.proposed.recipient = recipient;
            assert_eq!(scene.says(RULE, ny(AT)), LAW, "{medium}");
        }
    }
}

#[test]
fn the_commanding_officer_is_somebody_else() {
    let scene = to(Recipient::ThirdParty).stopped(StopKind::Military, 1, ny("2026-06-01T09:00"));
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
}

#[test]
fn the_consumers_consent_opens_it_as_far_as_it_reaches() {
    let consent = Consent {
        what: ConsentFor::ThirdParty,
        given_to: GivenTo::Agency,
        account: Some(id(1)),
        medium: Some(Medium::Call),
        point: None,
        from: ny("2026-06-10T10:00"),
        until: None,
        withdrawn_at: Some(ny("2026-06-20T10:00")),
    };
    let scene = to(Recipient::ThirdParty).and_account(2, 1).consent(consent);
    assert_eq!(scene.says(RULE, ny("2026-06-10T09:59")), LAW);
    assert_eq!(scene.says(RULE, ny(AT)), None);
    assert_eq!(scene.says(RULE, ny("2026-06-20T10:00")), LAW, "taken back");
    assert_eq!(scene.clone().about(2, 1).says(RULE, ny(AT)), LAW, "another debt");
    let mut letter = scene.clone().by(Medium::Mail);
    letter.proposed.recipient = Recipient::ThirdParty;
    assert_eq!(letter.says(RULE, ny(AT)), LAW, "another medium");
    let mut creditors = scene;
    creditors.facts.consents[0].given_to = GivenTo::Creditor;
    assert_eq!(creditors.says(RULE, ny(AT)), LAW, "not given to the agency");
}

#[test]
fn a_court_may_permit_it() {
    let permit = Event::new(EventKind::CourtPermitted, ny("2026-06-15T10:00")).at_point(id(PHONE));
    let scene = to(Recipient::Employer).event(permit);
    assert_eq!(scene.says(RULE, ny("2026-06-14T12:00")), LAW);
    assert_eq!(scene.says(RULE, ny(AT)), None);
}

#[test]
fn a_remedy_after_judgment_needs_a_judgment() {
    let mut scene = to(Recipient::Employer);
    scene.proposed.purpose = Purpose::PostjudgmentRemedy;
    let hold = Some((Effect::Hold, Force::Law, "12 CFR 1006.6(d)(1)"));
    assert_eq!(scene.says(RULE, ny(AT)), hold);
    scene.facts.accounts[0].claim.kind = DebtKind::CreditCard;
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    scene.facts.accounts[0].claim.kind = DebtKind::Judgment;
    assert_eq!(scene.says(RULE, ny(AT)), None);
}

#[test]
fn a_business_debt_is_outside() {
    let mut scene = Scene::guarantor();
    scene.proposed.recipient = Recipient::ThirdParty;
    assert_eq!(scene.says(RULE, ny(AT)), None);
}
