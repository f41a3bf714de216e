use duly_domain::{Effect, Force};

use super::super::tests::{allows, requires, says};
use crate::acts::Act;
use crate::facts::{DebtKind, Limitation, Region};
use crate::testing::{Scene, ny};

const RULE: &str = "time_barred";

fn barred(force: Force) -> Scene {
    let mut scene = Scene::consumer();
    let barred_on = "2026-06-17".parse().unwrap();
    scene.facts.accounts[0].claim.limitation = Some(Limitation { barred_on, force });
    scene
}

#[test]
fn a_time_barred_debt_is_neither_sued_upon_nor_threatened_with() {
    for act in [Act::Sue, Act::ThreatenSuit] {
        let scene = barred(Force::Law);
        assert!(allows(&scene, act, ny("2026-06-16T12:00")));
        let law = Some((Effect::Deny, Force::Law, "12 CFR 1006.26(b)"));
        assert_eq!(says(&scene, act, RULE, ny("2026-06-17T12:00")), law);
    }
}

#[test]
fn a_number_of_years_that_was_not_read_is_the_agencys_own() {
    let policy = Some((Effect::Deny, Force::Policy, "policy limitation.shortest_period"));
    for force in [Force::Policy, Force::Unverified] {
        assert_eq!(says(&barred(force), Act::Sue, RULE, ny("2026-06-17T12:00")), policy);
    }
}

#[test]
fn a_period_that_is_not_known_is_held() {
    let hold = Some((Effect::Hold, Force::Law, "12 CFR 1006.26(b)"));
    assert_eq!(says(&Scene::consumer(), Act::Sue, RULE, ny("2026-06-17T12:00")), hold);
    assert!(allows(&Scene::guarantor(), Act::Sue, ny("2026-06-17T12:00")));
}

#[test]
fn a_suit_needs_its_venue_and_the_military_status() {
    let at = ny("2026-06-16T12:00");
    assert_eq!(requires(&barred(Force::Law), Act::Sue, at), ["venue", "military_status"]);
    assert_eq!(requires(&barred(Force::Law), Act::ThreatenSuit, at), [""; 0]);
    assert_eq!(requires(&Scene::guarantor(), Act::Sue, at), ["military_status"]);
    assert_eq!(requires(&Scene::business(), Act::Sue, at), [""; 0]);
}

#[test]
fn the_earliest_law_of_the_places_where_the_person_may_be_decides() {
    let region =
        |state| Some(Region { state: duly_domain::UsState::of(state).unwrap(), city: None });
    let mut scene = Scene::consumer();
    scene.facts.accounts[0].claim.kind = DebtKind::Loan;
    scene.facts.accounts[0].claim.accrued_on = "2023-06-16".parse().ok();
    let at = ny("2026-06-17T12:00");
    scene.facts.points[1].region = region("MA");
    assert!(allows(&scene, Act::Sue, at), "six years there");
    scene.facts.points[0].region = region("DC");
    let law = Some((Effect::Deny, Force::Law, "12 CFR 1006.26(b)"));
    assert_eq!(says(&scene, Act::Sue, RULE, at), law, "three in the District, by the statute read");
    assert!(allows(&scene, Act::Sue, ny("2026-06-16T12:00")), "the last day");
    scene.facts.points[0].region = region("PR");
    let hold = Some((Effect::Hold, Force::Law, "12 CFR 1006.26(b)"));
    assert_eq!(says(&scene, Act::Sue, RULE, at), hold, "no period is known there");
}
