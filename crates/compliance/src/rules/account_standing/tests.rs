use duly_domain::{Effect, Force};

use crate::facts::AccountState;
use crate::medium::Medium;
use crate::testing::{Scene, id, ny};

const RULE: &str = "account_standing";
const AUTHORITY: &str = "policy contract.placed_accounts";
const AT: &str = "2026-06-17T12:00";

#[test]
fn an_account_that_ended_is_contacted_on_no_channel() {
    for state in [
        AccountState::Recalled,
        AccountState::Closed,
        AccountState::Settled,
        AccountState::NoBalance,
    ] {
        for medium in [Medium::Call, Medium::Mail] {
            let mut scene = Scene::business().by(medium);
            scene.facts.accounts[0].state = state;
            let denied = Some((Effect::Deny, Force::Policy, AUTHORITY));
            assert_eq!(scene.says(RULE, ny(AT)), denied, "{state:?}");
        }
    }
}

#[test]
fn a_clients_hold_is_a_hold() {
    let mut scene = Scene::business();
    scene.facts.accounts[0].state = AccountState::Held;
    assert_eq!(scene.says(RULE, ny(AT)), Some((Effect::Hold, Force::Policy, AUTHORITY)));
}

#[test]
fn a_regulators_complaint_is_a_hold_by_a_policy_of_its_own() {
    let mut scene = Scene::consumer();
    scene.facts.accounts[0].state = AccountState::Complained;
    let held = Some((Effect::Hold, Force::Policy, "policy agency.complaint"));
    assert_eq!(scene.says("complaint", ny(AT)), held);
}

#[test]
fn an_account_or_liability_that_is_not_known_is_held() {
    let held = Some((Effect::Hold, Force::Policy, AUTHORITY));
    assert_eq!(Scene::consumer().about(7, 1).says(RULE, ny(AT)), held);
    assert_eq!(Scene::consumer().about(1, 7).says(RULE, ny(AT)), held);
    let mut none = Scene::consumer();
    none.proposed.accounts.clear();
    assert_eq!(none.says(RULE, ny(AT)), held);
    let mut partly = Scene::consumer();
    partly.proposed.accounts.push(id(7));
    assert_eq!(partly.says(RULE, ny(AT)), held);
}
