use duly_domain::{Effect, Force, StopKind};

use crate::facts::{Attempt, Point, PointKind, Stop};
use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::testing::{EMAIL, PHONE, Scene, id, ny, zones};

const RULE: &str = "opt_out";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.14(h)(1)"));
const AT: &str = "2026-06-03T11:00";

fn opted_out(scene: Scene, medium: Option<Medium>, point: Option<u32>) -> Scene {
    scene.stop(Stop {
        id: id(1),
        kind: StopKind::OptOut,
        party: id(1),
        account: None,
        medium,
        point: point.map(id),
        from: ny("2026-06-02T10:00"),
        until: None,
    })
}

/// Comment 14(h)(1)-2: "do not use N1".
#[test]
fn comment_14h1_2_one_number_is_shut_and_the_other_open() {
    let mut scene = opted_out(Scene::consumer(), None, Some(PHONE));
    scene.facts.points.push(Point::new(id(9), PointKind::Phone, zones(&["America/New_York"])));
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    assert_eq!(scene.clone().by(Medium::Text).says(RULE, ny(AT)), LAW, "nor by text");
    scene.proposed.point = Some(id(9));
    assert!(scene.allows(ny(AT)));
}

/// Comment 14(h)(1)-3.ii: one e-mail address, for any debt.
#[test]
fn comment_14h1_3_ii_an_opt_out_holds_for_any_debt() {
    let scene = opted_out(Scene::consumer().and_account(2, 2), Some(Medium::Email), Some(EMAIL));
    let email = scene.by(Medium::Email);
    assert_eq!(email.says(RULE, ny(AT)), LAW);
    assert_eq!(email.clone().about(2, 2).says(RULE, ny(AT)), LAW);
}

/// Comment 6(d)(4)(ii)(D)-2: it is no request to cease; a call stays open.
#[test]
fn comment_6d4iid_2_an_opt_out_of_one_address_is_no_cease() {
    let scene = opted_out(Scene::consumer(), Some(Medium::Email), Some(EMAIL));
    assert!(scene.allows(ny(AT)));
    assert!(scene.by(Medium::Mail).allows(ny(AT)));
}

/// Comment 42(a)(1)-4: not even a required disclosure goes to that address.
#[test]
fn comment_42a1_4_a_required_disclosure_does_not_go_to_an_address_opted_out_of() {
    let mut scene =
        opted_out(Scene::consumer(), Some(Medium::Email), Some(EMAIL)).by(Medium::Email);
    for purpose in [Purpose::ValidationNotice, Purpose::Verification] {
        scene.proposed = scene.proposed.with_purpose(purpose);
        assert_eq!(scene.says(RULE, ny(AT)), LAW);
    }
}

#[test]
fn a_whole_medium_can_be_refused() {
    let scene = opted_out(Scene::consumer(), Some(Medium::Call), None);
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    assert!(scene.by(Medium::Email).allows(ny(AT)));
    let everything = opted_out(Scene::consumer(), None, None);
    assert_eq!(everything.by(Medium::Mail).says(RULE, ny(AT)), LAW);
}

/// 1006.14(h)(2)(i): one confirmation of an electronic opt-out.
#[test]
fn the_confirmation_of_an_electronic_opt_out_may_be_sent() {
    let mut scene = opted_out(Scene::consumer(), Some(Medium::Text), None).by(Medium::Text);
    scene.proposed = scene.proposed.with_purpose(Purpose::OptOutConfirmation);
    let at_once = ny("2026-06-02T10:03");
    assert!(scene.allows(at_once));
    assert_eq!(scene.requires(at_once), ["confirmation_only"], "it says nothing else");
    let mut call = opted_out(Scene::consumer(), Some(Medium::Call), None);
    call.proposed = call.proposed.with_purpose(Purpose::OptOutConfirmation);
    assert!(!call.allows(ny(AT)));
}

/// 1006.14(h)(2)(ii): who writes in the refused medium is answered once in it.
#[test]
fn a_contact_in_the_refused_medium_is_answered_once() {
    let mut scene = opted_out(Scene::consumer(), Some(Medium::Text), None)
        .by(Medium::Text)
        .inbound(Medium::Text, ny("2026-06-03T10:30"));
    assert!(!scene.allows(ny(AT)));
    scene.proposed = scene.proposed.as_response();
    assert!(scene.allows(ny(AT)));
    assert!(!scene.allows(ny("2026-06-03T10:29")), "before it was written");
}

#[test]
fn a_commercial_debtor_is_heard_by_policy() {
    for scene in [Scene::guarantor(), Scene::business()] {
        let scene = opted_out(scene, Some(Medium::Call), None);
        let says = (Effect::Deny, Force::Policy, "policy commercial.opt_out");
        assert_eq!(scene.says(RULE, ny(AT)), Some(says));
    }
}

/// 1006.14(h)(2)(i): one confirmation, not a second.
#[test]
fn an_opt_out_is_confirmed_once() {
    let mut scene = opted_out(Scene::consumer(), Some(Medium::Text), None).by(Medium::Text);
    scene.proposed = scene.proposed.with_purpose(Purpose::OptOutConfirmation);
    let at_once = ny("2026-06-02T10:03");
    let mut sent = Attempt::new(id(7), id(1), Medium::Text, ny("2026-06-02T10:01"));
    (sent.point, sent.purpose) = (Some(id(PHONE)), Purpose::OptOutConfirmation);
    scene.facts.attempts.push(sent);
    assert_eq!(scene.says(RULE, at_once), LAW);
    scene.facts.attempts[0].at = ny("2026-06-01T10:00");
    assert!(scene.allows(at_once), "that one confirmed an earlier opt-out");
}

/// 1006.14(h)(2)(iii): what the law demands, by the medium that it demands.
#[test]
fn what_the_law_demands_may_go_by_post_and_by_another_medium_if_the_law_demands_that() {
    let scene = |medium| {
        let mut scene = opted_out(Scene::consumer(), Some(medium), None).by(medium);
        scene.proposed = scene.proposed.with_purpose(Purpose::RequiredByLaw);
        scene
    };
    assert!(scene(Medium::Mail).allows(ny(AT)), "a periodic statement");
    let held = Some((Effect::Hold, Force::Law, "12 CFR 1006.14(h)(1)"));
    assert_eq!(scene(Medium::Email).says(RULE, ny(AT)), held);
}

/// "Any person": somebody else who asked is heard, whatever is owed; counsel did not ask.
#[test]
fn whoever_asked_is_heard_and_nobody_else() {
    let mut scene = opted_out(Scene::consumer(), Some(Medium::Call), None);
    scene.proposed.recipient = Recipient::Spouse;
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    scene.proposed.recipient = Recipient::DebtorsAttorney;
    assert!(scene.allows(ny(AT)));
}
