use duly_domain::{Effect, Force};

use crate::facts::{Consent, ConsentFor, Designation, DesignationKind, GivenTo, LineType, Place};
use crate::medium::Medium;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "employer_forbids";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.6(b)(3)"));
const AT: &str = "2026-06-08T11:00";

/// The employer forbids; the telephone is the landline at work, the address the home.
fn forbidden(mut scene: Scene) -> Scene {
    let designation = Designation::new(DesignationKind::EmployerForbids, ny("2026-06-01T10:00"));
    scene.facts.designations.push(designation);
    scene.facts.points[0].line = LineType::Landline;
    scene.facts.points[0].place = Some(Place::Work);
    scene.facts.points[1].place = Some(Place::Home);
    scene
}

/// 1006.6(b)(3): not at work, and elsewhere as ever.
#[test]
fn contact_at_work_is_barred_and_elsewhere_is_open() {
    let mut scene = forbidden(Scene::consumer());
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    assert!(scene.clone().by(Medium::Mail).allows(ny(AT)), "post to the home");
    scene.facts.points[1].place = Some(Place::Work);
    assert_eq!(scene.clone().by(Medium::Mail).says(RULE, ny(AT)), LAW, "post to the office");
    scene.facts.points[0].line = LineType::Wireless;
    assert!(scene.allows(ny(AT)), "a mobile number is at no place");
}

#[test]
fn a_call_from_work_is_answered_with_consent_only() {
    let mut scene = forbidden(Scene::consumer()).inbound(Medium::Call, ny(AT));
    scene.proposed = scene.proposed.as_response();
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    let consent = Consent::new(ConsentFor::AtPlace, ny("2026-06-08T10:59"));
    scene.facts.consents.push(Consent { point: Some(id(PHONE)), ..consent });
    assert!(scene.allows(ny(AT)));
}

/// Comment 6(b)(4)(i)-2: consent to calls at work given to the creditor, or to a collector before.
#[test]
fn comment_6b4i_2_consent_to_the_creditor_or_a_prior_collector_is_none() {
    let mut scene = forbidden(Scene::consumer());
    let consent = Consent {
        medium: Some(Medium::Call),
        ..Consent::new(ConsentFor::Contact, ny("2026-03-01T10:00"))
    };
    scene.facts.consents.push(Consent { given_to: GivenTo::Creditor, ..consent });
    scene.facts.consents.push(Consent { given_to: GivenTo::PriorCollector, ..consent });
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    scene.facts.consents.push(consent);
    assert!(scene.allows(ny(AT)), "to the agency");
}

#[test]
fn a_natural_person_on_a_commercial_debt_is_spared_at_work_by_policy() {
    let says = Some((Effect::Deny, Force::Policy, "policy commercial.employer_forbids"));
    assert_eq!(forbidden(Scene::guarantor()).says(RULE, ny(AT)), says);
}
