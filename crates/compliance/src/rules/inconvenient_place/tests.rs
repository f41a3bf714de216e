use duly_domain::{Effect, Force};

use crate::facts::{Consent, ConsentFor, Designation, DesignationKind, LineType, Place};
use crate::medium::Medium;
use crate::proposed::Recipient;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "inconvenient_place";
const LAW: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "12 CFR 1006.6(b)(1)(ii)"));
const HELD: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Policy, "policy place.unknown"));
const AT: &str = "2026-06-08T11:00";

/// "Not at home"; the telephone is a landline at home, the address the home.
fn not_at_home(mut scene: Scene) -> Scene {
    let kind = DesignationKind::NotAtPlace(Place::Home);
    scene.facts.designations.push(Designation::new(kind, ny("2026-06-01T10:00")));
    scene.facts.points[0].line = LineType::Landline;
    scene.facts.points[0].place = Some(Place::Home);
    scene.facts.points[1].place = Some(Place::Home);
    scene
}

/// Comment 6(b)(1)-1.iii: post to the home address and calls to the home landline.
#[test]
fn comment_6b1_1_iii_post_and_landline_are_tied_to_the_place() {
    let scene = not_at_home(Scene::consumer());
    for medium in [Medium::Call, Medium::Mail, Medium::Visit] {
        assert_eq!(scene.clone().by(medium).says(RULE, ny(AT)), LAW, "{medium}");
    }
    assert!(scene.by(Medium::Email).allows(ny(AT)));
}

/// Comment 6(b)(1)(ii)-1: mobile numbers and e-mail addresses are tied to none.
#[test]
fn comment_6b1ii_1_a_mobile_number_is_tied_to_no_place() {
    let mut scene = not_at_home(Scene::consumer());
    scene.facts.points[0].line = LineType::Wireless;
    assert!(scene.allows(ny(AT)));
    assert!(scene.by(Medium::Text).allows(ny(AT)));
}

#[test]
fn another_place_is_open_and_an_unknown_one_is_held() {
    let mut scene = not_at_home(Scene::consumer());
    scene.facts.points[0].place = Some(Place::Work);
    assert!(scene.allows(ny(AT)));
    scene.facts.points[0].place = None;
    assert_eq!(scene.says(RULE, ny(AT)), HELD);
    for line in [LineType::Unknown, LineType::Voip] {
        scene.facts.points[0].line = line;
        scene.facts.points[0].place = None;
        assert_eq!(scene.says(RULE, ny(AT)), HELD, "{line:?}");
        scene.facts.points[0].place = Some(Place::Home);
        assert_eq!(scene.says(RULE, ny(AT)), HELD, "{line:?}");
        scene.facts.points[0].place = Some(Place::Work);
        assert!(scene.allows(ny(AT)), "{line:?}");
    }
}

/// Comment 6(b)(1)-2.ii: who calls from that place is answered on that call.
#[test]
fn comment_6b1_2_ii_a_call_from_home_is_answered_on_it_and_the_next_day_is_not() {
    let scene = not_at_home(Scene::consumer()).inbound(Medium::Call, ny("2026-06-17T11:00"));
    let mut answer = scene.clone();
    answer.facts.inbound[0].point = Some(id(PHONE));
    answer.proposed = answer.proposed.as_response();
    assert!(answer.allows(ny("2026-06-17T11:00")));
    answer.facts.inbound[0].answered = true;
    assert_eq!(answer.says(RULE, ny("2026-06-17T11:10")), LAW, "once");
    assert_eq!(scene.says(RULE, ny("2026-06-18T11:00")), LAW, "our own call");
}

#[test]
fn a_number_that_the_person_named_is_that_place() {
    let mut scene = not_at_home(Scene::consumer());
    scene.facts.designations[0].point = Some(id(PHONE));
    scene.facts.points[0].line = LineType::Unknown;
    scene.facts.points[0].place = None;
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    assert!(scene.by(Medium::Mail).allows(ny(AT)), "another address");
}

#[test]
fn consent_opens_the_place_and_no_time() {
    let mut scene = not_at_home(Scene::consumer());
    let consent = Consent::new(ConsentFor::AtPlace, ny("2026-06-02T10:00"));
    scene.facts.consents.push(Consent { point: Some(id(PHONE)), ..consent });
    assert!(scene.allows(ny(AT)));
    assert!(!scene.allows(ny("2026-06-08T22:00")));
    assert_eq!(scene.by(Medium::Mail).says(RULE, ny(AT)), LAW, "the number alone");
}

#[test]
fn counsel_is_not_the_consumer() {
    let mut scene = not_at_home(Scene::consumer()).by(Medium::Mail);
    scene.proposed.recipient = Recipient::DebtorsAttorney;
    assert!(scene.allows(ny(AT)));
}

#[test]
fn a_natural_person_on_a_commercial_debt_is_heard_by_policy() {
    let says = Some((Effect::Deny, Force::Policy, "policy commercial.inconvenient_place"));
    assert_eq!(not_at_home(Scene::guarantor()).says(RULE, ny(AT)), says);
    assert!(not_at_home(Scene::business()).allows(ny(AT)));
}
