use duly_domain::{Effect, Force, StopKind};

use crate::facts::DebtKind;
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, id, ny};

const RULE: &str = "cease";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.6(c)(1)"));

#[test]
fn from_receipt_on_every_medium_is_closed_for_the_debt() {
    let received = ny("2026-06-16T11:00");
    let scene = Scene::consumer().stopped(StopKind::Cease, 1, received);
    for medium in [Medium::Call, Medium::Text, Medium::Email, Medium::Mail] {
        let scene = scene.clone().by(medium);
        assert!(scene.allows(ny("2026-06-16T10:59:59")), "{medium} before receipt");
        assert_eq!(scene.says(RULE, received), LAW, "{medium}");
        assert_eq!(scene.evaluate(received).next_permitted(received), None);
    }
}

#[test]
fn another_debt_of_the_person_stays_open() {
    let mut scene =
        Scene::consumer().and_account(2, 2).stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"));
    let noon = ny("2026-06-17T12:00");
    assert!(scene.clone().about(2, 2).allows(noon), "another party's account");
    scene.facts.stops[0].account = Some(id(2));
    assert!(scene.clone().about(1, 1).allows(noon));
    assert_eq!(scene.about(2, 2).says(RULE, noon), LAW);
}

#[test]
fn another_party_of_the_same_person_on_the_same_debt_does_not_escape_it() {
    let mut scene = Scene::consumer().stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"));
    let mut guarantor = scene.facts.accounts[0];
    guarantor.party = id(2);
    scene.facts.accounts.push(guarantor);
    assert_eq!(scene.about(1, 2).says(RULE, ny("2026-06-17T12:00")), LAW);
}

/// 1006.6(c)(2); comment 6(c)(2)-1: what the exceptions name may still be sent.
#[test]
fn comment_6c2_1_an_excepted_notice_may_still_be_sent() {
    let mut scene =
        Scene::consumer().by(Medium::Mail).stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"));
    scene.proposed = scene.proposed.with_purpose(Purpose::CeaseNotice);
    assert!(scene.allows(ny("2026-06-17T12:00")));
    scene.proposed = scene.proposed.with_purpose(Purpose::ValidationNotice);
    assert!(!scene.allows(ny("2026-06-17T12:00")));
}

#[test]
fn it_ends_when_it_is_lifted() {
    let mut scene = Scene::consumer().stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"));
    scene.facts.stops[0].until = Some(ny("2026-06-18T12:00"));
    assert!(!scene.allows(ny("2026-06-18T11:59:59")));
    assert!(scene.allows(ny("2026-06-18T12:00")));
}

#[test]
fn on_a_commercial_debt_it_is_honoured_by_policy() {
    let at = ny("2026-06-17T12:00");
    for scene in [Scene::guarantor(), Scene::business()] {
        let scene = scene.stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"));
        let says = (Effect::Deny, Force::Policy, "policy commercial.cease");
        assert_eq!(scene.says(RULE, at), Some(says));
    }
}

/// Comment 6(c)(2)-1: the written early intervention notice of a mortgage servicer, 12 CFR 1024.39(d)(3).
#[test]
fn comment_6c2_1_a_mortgage_servicer_may_send_what_the_law_demands_in_writing() {
    let noon = ny("2026-06-17T12:00");
    let mut scene =
        Scene::consumer().by(Medium::Mail).stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"));
    scene.proposed = scene.proposed.with_purpose(Purpose::RequiredByLaw);
    assert_eq!(scene.says(RULE, noon), LAW, "no mortgage");
    scene.facts.accounts[0].claim.kind = DebtKind::Mortgage;
    let held = Some((Effect::Hold, Force::Law, "12 CFR 1006.6(c)(1)"));
    assert_eq!(scene.says(RULE, noon), held, "not known who services it");
    scene.facts.accounts[0].claim.agency_services_mortgage = Some(false);
    assert_eq!(scene.says(RULE, noon), LAW);
    scene.facts.accounts[0].claim.agency_services_mortgage = Some(true);
    assert!(scene.allows(noon));
    assert_eq!(scene.clone().by(Medium::Call).says(RULE, noon), LAW, "a call is not in writing");
    scene.proposed = scene.proposed.with_purpose(Purpose::Collect);
    assert_eq!(scene.says(RULE, noon), LAW);
}

#[test]
fn a_notice_about_a_mortgage_does_not_carry_another_debt_that_ceased() {
    let noon = ny("2026-06-17T12:00");
    let mut scene = Scene::consumer().and_account(2, 1).by(Medium::Mail).stopped(
        StopKind::Cease,
        1,
        ny("2026-06-16T11:00"),
    );
    scene.facts.accounts[0].claim.kind = DebtKind::Mortgage;
    scene.facts.accounts[0].claim.agency_services_mortgage = Some(true);
    scene.proposed = scene.proposed.with_purpose(Purpose::RequiredByLaw);
    assert!(scene.allows(noon));
    scene.proposed.accounts.push(id(2));
    assert_eq!(scene.says(RULE, noon), LAW);
}

/// A request by word of mouth is an opt-out of its medium, and ceases nothing.
#[test]
fn an_oral_stop_is_no_notice_to_cease() {
    let mut scene = Scene::consumer().stopped(StopKind::OptOut, 1, ny("2026-06-16T11:00"));
    scene.facts.stops[0].medium = Some(Medium::Call);
    let noon = ny("2026-06-17T12:00");
    assert_eq!(scene.says(RULE, noon), None);
    assert!(!scene.allows(noon), "no call");
    assert!(scene.by(Medium::Mail).allows(noon));
}
