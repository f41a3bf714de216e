use duly_domain::{Effect, Force, PartyRole, StopKind};

use crate::proposed::Recipient;
use crate::testing::{Scene, ny};

const AT: &str = "2026-06-17T12:00";

#[test]
fn nobody_who_died_is_contacted_on_any_debt() {
    for scene in [Scene::consumer(), Scene::guarantor()] {
        let scene = scene.and_account(2, 2).stopped(StopKind::Deceased, 1, ny("2026-06-01T09:00"));
        let says = (Effect::Deny, Force::Policy, "policy agency.deceased");
        assert_eq!(scene.about(2, 2).says("deceased", ny(AT)), Some(says));
    }
}

#[test]
fn the_estate_is_a_party_that_can_be_contacted() {
    let mut scene = Scene::consumer().stopped(StopKind::Deceased, 1, ny("2026-06-01T09:00"));
    scene.facts.accounts[0].role = PartyRole::Estate;
    assert!(scene.allows(ny(AT)));
}

#[test]
fn whoever_acts_for_the_estate_and_the_surviving_spouse_can_be_and_a_guardian_cannot() {
    let mut scene = Scene::consumer().stopped(StopKind::Deceased, 1, ny("2026-06-01T09:00"));
    for (recipient, open) in [
        (Recipient::Debtor, false),
        (Recipient::Guardian, false),
        (Recipient::Estate, true),
        (Recipient::Spouse, true),
        (Recipient::SuccessorInInterest, true),
    ] {
        scene.proposed.recipient = recipient;
        assert_eq!(scene.allows(ny(AT)), open, "{recipient:?}");
    }
}
