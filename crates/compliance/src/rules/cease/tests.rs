use duly_domain::{Effect, Force, StopKind};

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
