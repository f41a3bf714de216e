use duly_domain::{Date, Effect, Force};

use crate::facts::{ConsentFor, Event, EventKind};
use crate::medium::Medium;
use crate::testing::{EMAIL, Scene, id, ny};

const RULE: &str = "employer_email";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.22(f)(3)"));
const AT: &str = "2026-06-17T12:00";

fn at_work() -> Scene {
    let mut scene = Scene::consumer().by(Medium::Email).without_consent();
    scene.facts.points[2].of_employer = Some(true);
    scene
}

#[test]
fn an_address_known_to_be_the_employers_is_barred() {
    assert_eq!(at_work().says(RULE, ny(AT)), LAW);
    let mut not_known = at_work();
    not_known.facts.points[2].of_employer = None;
    assert_eq!(not_known.says(RULE, ny(AT)), None, "the rule asks for knowledge");
}

#[test]
fn the_consumers_own_consent_or_a_prior_collector_opens_it() {
    let consented = at_work().consents(ConsentFor::Email, EMAIL, ny("2026-06-10T10:00"));
    assert_eq!(consented.says(RULE, ny(AT)), None);
    assert!(consented.allows(ny(AT)));
    let event = |kind| Event::new(kind, ny("2026-01-05T10:00")).about(id(1)).at_point(id(EMAIL));
    let prior = at_work()
        .event(event(EventKind::PriorCollectorGotAddress))
        .event(event(EventKind::PriorCollectorUsedAddress));
    assert_eq!(prior.says(RULE, ny(AT)), None);
    let deadline = Date::from_ymd_opt(2026, 3, 1).unwrap();
    let noticed = at_work()
        .event(event(EventKind::CreditorGotAddress))
        .event(event(EventKind::CreditorUsedAddress))
        .event(event(EventKind::CreditorNoticeSent).stating(deadline));
    assert_eq!(noticed.says(RULE, ny(AT)), LAW, "the creditor's notice does not");
}

#[test]
fn a_business_debt_is_outside() {
    let mut scene = Scene::business().by(Medium::Email);
    scene.facts.points[2].of_employer = Some(true);
    assert_eq!(scene.says(RULE, ny(AT)), None);
}
