use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, id, local, ny, zones};

const RULE: &str = "conversation";

fn closed(scene: &Scene, at: &str) -> bool {
    scene.says(RULE, ny(at)).is_some()
}

/// Comment 14(b)(2)(ii)-1.ii: a call on Tuesday 11, a conversation on Friday 14 August.
#[test]
fn comment_14b2ii_1_ii_after_a_conversation_the_seventh_day_is_still_closed() {
    let scene =
        Scene::consumer().called(1, ny("2026-08-11T10:00")).spoke(1, ny("2026-08-14T14:00"));
    assert!(!closed(&scene, "2026-08-14T13:59"), "before the conversation");
    assert!(closed(&scene, "2026-08-20T11:00"), "Thursday 20 August");
    assert!(closed(&scene, "2026-08-20T23:59"));
    assert!(scene.allows(ny("2026-08-21T11:00")), "Friday 21 August");
    let law = (Effect::Deny, Force::Law, "12 CFR 1006.14(b)(2)(i)(B)");
    assert_eq!(scene.says(RULE, ny("2026-08-20T11:00")), Some(law));
}

/// A call on Tuesday 11, a conversation on Friday 14 August: what the regulator's examples begin with.
fn after_a_talk(purpose: Purpose) -> Scene {
    let mut scene =
        Scene::consumer().called(1, ny("2026-08-11T10:00")).spoke(1, ny("2026-08-14T14:00"));
    scene.proposed = scene.proposed.with_purpose(purpose);
    scene
}

/// Presumed to violate, and held for somebody who may say that the factor rebuts it.
const FACTOR: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Policy, "policy calls.rebuttal_factor"));

/// Comment 14(b)(2)(ii)-2.ii: about active litigation, on 18 August.
#[test]
fn comment_14b2ii_2_ii_active_litigation_may_rebut_the_presumption() {
    let mut scene = after_a_talk(Purpose::ActiveLitigation);
    scene.facts.accounts[0].claim.in_litigation = Some(true);
    let at = ny("2026-08-18T11:00");
    assert_eq!(scene.says(RULE, at), FACTOR);
    assert!(scene.evaluate(at).decide(at).is_hold());
}

/// Comment 14(b)(2)(ii)-2.iii: what the person asked for itself, without consent to more calls.
#[test]
fn comment_14b2ii_2_iii_an_answer_to_a_request_may_rebut_the_presumption() {
    assert_eq!(after_a_talk(Purpose::AsRequested).says(RULE, ny("2026-08-18T11:00")), FACTOR);
}

/// Comment 14(b)(2)(ii)-2.iv.A: the call dropped, and is made again at once.
#[test]
fn comment_14b2ii_2_iv_a_a_call_that_dropped_may_be_finished() {
    let scene = after_a_talk(Purpose::FinishConversation);
    assert_eq!(scene.says(RULE, ny("2026-08-14T14:01")), FACTOR);
}

/// Comment 14(b)(2)(ii)-2.iv.C: a discount in the agency's own control is no factor.
#[test]
fn comment_14b2ii_2_iv_c_a_discount_of_our_own_is_no_factor() {
    let scene = after_a_talk(Purpose::Collect);
    let law = Some((Effect::Deny, Force::Law, "12 CFR 1006.14(b)(2)(i)(B)"));
    for at in ["2026-08-14T14:01", "2026-08-17T11:00", "2026-08-18T11:00"] {
        assert_eq!(scene.says(RULE, ny(at)), law, "{at}");
    }
}

/// Comment 14(b)(3)(i)-3.i, its last check: without consent, Monday after a conversation on Friday.
#[test]
fn comment_14b3i_3_i_monday_after_a_conversation_on_friday_is_closed_without_consent() {
    let scene = Scene::consumer().spoke(1, ny("2026-04-03T10:00"));
    assert!(closed(&scene, "2026-04-06T10:00"));
}

/// Comment 14(b)(4)-2.iii: a conversation about the medical debt is none about the credit card.
#[test]
fn comment_14b4_2_iii_another_debt_stays_open() {
    let scene = Scene::consumer().and_account(2, 1).spoke(1, ny("2026-11-09T10:00"));
    assert!(closed(&scene, "2026-11-10T10:00"));
    assert!(scene.about(2, 1).allows(ny("2026-11-10T10:00")));
}

#[test]
fn a_conversation_about_two_debts_closes_both() {
    let scene = Scene::consumer()
        .and_account(2, 1)
        .spoke(1, ny("2026-11-09T10:00"))
        .spoke(2, ny("2026-11-09T10:00"));
    assert!(closed(&scene.clone().about(1, 1), "2026-11-10T10:00"));
    assert!(closed(&scene.about(2, 1), "2026-11-10T10:00"));
}

/// Comment 14(b)(2)(i)-1: whoever began the conversation.
#[test]
fn a_conversation_that_the_person_began_closes_the_days_and_counts_no_call() {
    let scene = Scene::consumer().attempt(1, ny("2026-08-14T14:00"), false, true);
    assert!(closed(&scene, "2026-08-20T11:00"));
    assert!(scene.allows(ny("2026-08-21T11:00")));
}

#[test]
fn it_closes_calls_only() {
    let scene = Scene::consumer().spoke(1, ny("2026-08-14T14:00"));
    for medium in [Medium::Text, Medium::Email, Medium::Mail] {
        assert!(scene.clone().by(medium).allows(ny("2026-08-17T11:00")), "{medium}");
    }
}

#[test]
fn two_parties_of_one_person_share_the_wait() {
    let mut scene = Scene::consumer().spoke(1, ny("2026-08-14T14:00"));
    let mut other = scene.facts.accounts[0];
    other.party = id(2);
    scene.facts.accounts.push(other);
    assert!(closed(&scene.about(1, 2), "2026-08-20T11:00"));
}

#[test]
fn the_days_are_those_of_the_person() {
    // 23:30 on 13 August in Honolulu is 14 August in New York: the stricter of the two ends it.
    let at = local("Pacific/Honolulu", "2026-08-13T19:30");
    let scene = Scene::consumer()
        .in_zones(zones(&["Pacific/Honolulu"]), zones(&["America/New_York"]))
        .spoke(1, at);
    assert!(closed(&scene, "2026-08-20T23:59"), "the 14th was day one in New York");
    assert!(!closed(&scene, "2026-08-21T00:00"));
}

#[test]
fn natural_persons_on_commercial_debts_wait_by_policy_and_businesses_do_not() {
    let talked = |scene: Scene| scene.spoke(1, ny("2026-08-14T14:00"));
    let at = ny("2026-08-17T11:00");
    let by_policy = (Effect::Deny, Force::Policy, "policy commercial.conversation");
    assert_eq!(talked(Scene::guarantor()).says(RULE, at), Some(by_policy));
    assert!(talked(Scene::business()).allows(at));
}
