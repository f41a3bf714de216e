use duly_domain::{Effect, Force};

use super::super::tests::{allows, says};
use crate::acts::{Act, Handover};
use crate::facts::{AccountState, BankruptcyCase, Chapter, Event, EventKind, FiledBy};
use crate::testing::{Scene, id, ny};

const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.30(b)(1)"));
const AT: &str = "2026-06-17T12:00";

/// Comment 30(b)(1)-1: neither a file for scrubbing nor a report that it was settled is a transfer.
#[test]
fn comment_30b1_1_a_file_for_scrubbing_or_a_report_is_no_transfer() {
    assert!(!Handover::Processing.is_transfer());
    assert!(!Handover::Report.is_transfer());
    assert!(!Handover::Return.is_transfer(), "30(b)(2)");
    assert!(Handover::Sale.is_transfer() && Handover::Placement.is_transfer());
}

#[test]
fn a_debt_paid_settled_or_discharged_is_not_sold_or_placed() {
    assert!(allows(&Scene::consumer(), Act::Transfer, ny(AT)));
    for kind in [EventKind::Paid, EventKind::Settled, EventKind::Discharged] {
        let told = Event::new(kind, ny("2026-06-10T12:00")).about(id(1));
        let scene = Scene::consumer().event(told);
        assert_eq!(says(&scene, Act::Transfer, "transfer", ny("2026-06-09T12:00")), None);
        assert_eq!(says(&scene, Act::Transfer, "transfer", ny(AT)), LAW, "{kind:?}");
    }
    let mut scene = Scene::consumer();
    scene.facts.accounts[0].state = AccountState::Settled;
    assert_eq!(says(&scene, Act::Transfer, "transfer", ny(AT)), LAW);
}

#[test]
fn a_bankruptcy_that_ended_must_be_known_to_have_left_it() {
    let filed_on = "2026-01-05".parse().unwrap();
    let mut filed = BankruptcyCase::new(FiledBy::Person, Chapter::Chapter7, filed_on);
    filed.ended_at = Some(ny("2026-06-10T12:00"));
    for (discharged, effect) in
        [(Some(true), Some(Effect::Deny)), (None, Some(Effect::Hold)), (Some(false), None)]
    {
        let mut scene = Scene::consumer();
        filed.discharged = discharged;
        scene.facts.bankruptcies.push(filed);
        let said = says(&scene, Act::Transfer, "transfer", ny(AT));
        assert_eq!(said.map(|(effect, ..)| effect), effect);
    }
}

/// Comment 30(b)(1)-2.
#[test]
fn comment_30b1_2_a_debt_of_identity_theft_is_not_sold() {
    let told = Event::new(EventKind::IdentityTheft, ny("2026-06-10T12:00")).about(id(1));
    let scene = Scene::consumer().event(told);
    let law = Some((Effect::Deny, Force::Law, "15 USC 1681m(f)"));
    assert_eq!(says(&scene, Act::Transfer, "transfer_identity_theft", ny(AT)), law);
}

#[test]
fn a_business_debt_is_outside() {
    let told = Event::new(EventKind::Paid, ny("2026-06-10T12:00")).about(id(1));
    assert!(allows(&Scene::business().event(told), Act::Transfer, ny(AT)));
}
