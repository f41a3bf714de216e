use duly_domain::{Effect, Force};

use crate::facts::{BankruptcyCase, Chapter, Event, EventKind, FiledBy};
use crate::medium::Medium;
use crate::testing::{Scene, id, ny};

const SAYS: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy bankruptcy.discharged"));

#[test]
fn a_discharged_debt_is_not_collected_and_another_is() {
    for scene in [Scene::consumer(), Scene::business()] {
        let told = Event::new(EventKind::Discharged, ny("2026-06-10T10:00")).about(id(1));
        let scene = scene.and_account(2, 1).by(Medium::Mail).event(told);
        assert_eq!(scene.says("discharge", ny("2026-06-09T12:00")), None);
        assert_eq!(scene.says("discharge", ny("2026-06-17T12:00")), SAYS);
        assert!(scene.about(2, 1).by(Medium::Mail).allows(ny("2026-06-17T12:00")));
    }
}

#[test]
fn a_case_that_ended_in_a_discharge_bars_what_was_owed_before_it() {
    let mut scene = Scene::business().by(Medium::Mail);
    let filed_on = "2026-01-05".parse().unwrap();
    let mut filed = BankruptcyCase::new(FiledBy::Person, Chapter::Chapter7, filed_on);
    filed.discharged = Some(true);
    filed.ended_at = Some(ny("2026-05-05T10:00"));
    scene.facts.bankruptcies.push(filed);
    assert_eq!(scene.says("discharge", ny("2026-06-17T12:00")), SAYS);
    scene.facts.accounts[0].claim.incurred_on = "2026-02-01".parse().ok();
    assert_eq!(scene.says("discharge", ny("2026-06-17T12:00")), None);
    assert!(scene.allows(ny("2026-06-17T12:00")));
}
