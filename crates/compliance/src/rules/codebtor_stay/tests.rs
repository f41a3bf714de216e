use duly_domain::{DebtClass, DebtorKind, Effect, EventId, Force};

use crate::facts::{BankruptcyCase, Chapter, Event, EventKind, FiledBy};
use crate::medium::Medium;
use crate::testing::{Scene, id, ny};

const RULE: &str = "codebtor_stay";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "11 USC 1301(a)"));
const AT: &str = "2026-06-17T12:00";

fn beside(scene: Scene, chapter: Chapter) -> Scene {
    let mut scene = scene.by(Medium::Mail);
    let filed_on = "2026-06-01".parse().unwrap();
    let filed = BankruptcyCase::new(FiledBy::CoDebtor, chapter, filed_on);
    scene.facts.bankruptcies.push(BankruptcyCase { account: Some(id(1)), ..filed });
    scene
}

#[test]
fn chapter_13_protects_an_individual_who_owes_the_same_consumer_debt() {
    let scene = beside(Scene::consumer(), Chapter::Chapter13).and_account(2, 1);
    assert_eq!(scene.says(RULE, ny("2026-05-29T12:00")), None);
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    let other = scene.about(2, 1).by(Medium::Mail);
    assert!(other.allows(ny(AT)), "a debt of its own is not stayed");
}

#[test]
fn a_guarantor_of_a_company_and_a_business_stay_workable() {
    for scene in [
        Scene::guarantor(),
        Scene::business(),
        Scene::new(DebtClass::Consumer, DebtorKind::Business),
    ] {
        assert!(beside(scene, Chapter::Chapter13).allows(ny(AT)));
    }
}

#[test]
fn chapters_7_and_11_protect_nobody_else_12_is_held_and_so_is_an_unknown_one() {
    for chapter in [Chapter::Chapter7, Chapter::Chapter9, Chapter::Chapter11, Chapter::Chapter15] {
        assert!(beside(Scene::consumer(), chapter).allows(ny(AT)), "{chapter:?}");
    }
    let farmers = Some((Effect::Hold, Force::Unverified, "unverified bk.codebtor12"));
    assert_eq!(beside(Scene::consumer(), Chapter::Chapter12).says(RULE, ny(AT)), farmers);
    let unknown = Some((Effect::Hold, Force::Policy, "policy bankruptcy.chapter_unknown"));
    assert_eq!(beside(Scene::consumer(), Chapter::Unknown).says(RULE, ny(AT)), unknown);
}

#[test]
fn who_became_liable_in_the_course_of_its_business_is_not_protected_where_that_is_known() {
    let mut scene = beside(Scene::consumer(), Chapter::Chapter13);
    scene.facts.bankruptcies[0].ordinary_course = Some(false);
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    scene.facts.bankruptcies[0].ordinary_course = Some(true);
    assert!(scene.allows(ny(AT)));
}

#[test]
fn it_ends_with_the_others_case_and_asks_for_no_discharge() {
    let mut scene = beside(Scene::consumer(), Chapter::Chapter13);
    scene.facts.bankruptcies[0].ended_at = Some(ny("2026-06-10T12:00"));
    assert!(scene.allows(ny(AT)));
}

#[test]
fn a_report_of_such_a_filing_does_before_the_case_is_known() {
    let matter: EventId = id(5);
    let told = Event::new(EventKind::CoDebtorFiled13, ny("2026-06-01T12:00")).about(id(1));
    let scene = Scene::consumer().by(Medium::Mail).event(told.in_matter(matter));
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    let ended = Event::new(EventKind::BankruptcyEnded, ny("2026-06-10T12:00")).in_matter(matter);
    assert!(scene.event(ended).allows(ny(AT)));
}
