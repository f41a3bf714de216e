use duly_domain::{Effect, Force, StopKind};

use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, ny};

#[test]
fn the_stay_reaches_every_debt_of_the_person_on_every_channel() {
    for scene in [Scene::consumer(), Scene::guarantor(), Scene::business()] {
        let scene =
            scene.and_account(2, 2).stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"));
        for medium in [Medium::Call, Medium::Text, Medium::Email, Medium::Mail] {
            let scene = scene.clone().about(2, 2).by(medium);
            let law = (Effect::Deny, Force::Law, "11 USC 362(a)");
            assert_eq!(scene.says("bankruptcy", ny("2026-06-17T12:00")), Some(law), "{medium}");
        }
    }
}

#[test]
fn no_notice_passes_it() {
    let scene =
        Scene::consumer().by(Medium::Mail).stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"));
    for purpose in [Purpose::ValidationNotice, Purpose::Verification, Purpose::CeaseNotice] {
        let mut scene = scene.clone();
        scene.proposed = scene.proposed.with_purpose(purpose);
        assert!(!scene.allows(ny("2026-06-17T12:00")));
    }
}

#[test]
fn another_person_on_the_same_account_is_not_stayed() {
    // Facts are one person's: the guarantor of a bankrupt company has no stop of its own.
    assert!(Scene::guarantor().allows(ny("2026-06-17T12:00")));
}

fn case(from: &str) -> crate::BankruptcyCase {
    let filed_on = from.parse().unwrap();
    crate::BankruptcyCase::new(crate::FiledBy::Person, crate::Chapter::Chapter7, filed_on)
}

#[test]
fn a_case_stays_from_its_filing_until_it_ends_and_then_the_discharge_is_asked_for() {
    let law = Some((Effect::Deny, Force::Law, "11 USC 362(a)"));
    let ask = Some((Effect::Hold, Force::Policy, "policy bankruptcy.discharge_unknown"));
    let mut scene = Scene::business().by(Medium::Mail);
    scene.facts.bankruptcies.push(case("2026-06-01"));
    assert_eq!(scene.says("bankruptcy", ny("2026-05-29T12:00")), None);
    assert_eq!(scene.says("bankruptcy", ny("2026-06-02T12:00")), law);
    let ended = crate::Event::new(crate::EventKind::BankruptcyEnded, ny("2026-09-01T12:00"));
    let by_event = scene.clone().event(ended);
    scene.facts.bankruptcies[0].ended_at = Some(ny("2026-09-01T12:00"));
    for mut scene in [scene, by_event] {
        assert_eq!(scene.says("bankruptcy", ny("2026-08-31T12:00")), law);
        assert_eq!(scene.says("bankruptcy", ny("2026-09-02T12:00")), ask);
        scene.facts.bankruptcies[0].discharged = Some(false);
        assert!(scene.allows(ny("2026-09-02T12:00")), "dismissed, or the discharge denied");
        scene.facts.bankruptcies[0].discharged = Some(true);
        assert!(!scene.allows(ny("2026-09-02T12:00")));
    }
}

#[test]
fn what_arose_after_the_filing_is_held_for_somebody_to_look_at() {
    let mut scene = Scene::business().by(Medium::Mail);
    scene.facts.bankruptcies.push(case("2026-06-01"));
    scene.facts.accounts[0].claim.incurred_on = "2026-06-15".parse().ok();
    let hold = Some((Effect::Hold, Force::Policy, "policy bankruptcy.after_filing"));
    assert_eq!(scene.says("bankruptcy", ny("2026-06-17T12:00")), hold);
}

#[test]
fn a_stop_stands_until_it_is_lifted_whatever_else_is_told() {
    let ended = crate::Event::new(crate::EventKind::BankruptcyEnded, ny("2026-06-10T09:00"));
    let scene =
        Scene::business().stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00")).event(ended);
    assert!(!scene.allows(ny("2026-06-17T12:00")));
}
