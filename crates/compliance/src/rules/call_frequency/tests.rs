use duly_domain::{Channel, Disposition, Effect, Force};

use crate::facts::{Event, EventKind, Point, PointKind, PointState};
use crate::medium::Medium;
use crate::outcome::counts;
use crate::proposed::{Initiator, Purpose, Recipient};
use crate::testing::{PHONE, Scene, id, ny, zones};

const RULE: &str = "call_frequency";

/// One call a day at ten, from and to these days of a month, on account 1.
fn daily(scene: Scene, month: &str, days: std::ops::RangeInclusive<u32>) -> Scene {
    days.fold(scene, |scene, day| scene.called(1, ny(&format!("{month}-{day:02}T10:00"))))
}

fn presumed_violation(scene: &Scene, at: &str) -> bool {
    scene.says(RULE, ny(at)).is_some()
}

/// Comment 14(b)(2)(i)-1.i: seven calls from Wednesday 1 to Tuesday 7 April.
#[test]
fn comment_14b2i_1_i_seven_calls_in_seven_days_comply_and_the_next_day_is_open() {
    let six = daily(Scene::consumer(), "2026-04", 1..=6);
    assert!(!presumed_violation(&six, "2026-04-07T09:00"), "the seventh");
    let seven = daily(Scene::consumer(), "2026-04", 1..=7);
    assert!(presumed_violation(&seven, "2026-04-07T11:00"), "an eighth on 7 April");
    assert!(!presumed_violation(&seven, "2026-04-08T09:00"), "on Wednesday 8 April");
    let eight = daily(Scene::consumer(), "2026-04", 1..=8);
    assert!(presumed_violation(&eight, "2026-04-08T11:00"), "two calls on 8 April");
}

#[test]
fn an_eighth_call_in_seven_days_is_refused_and_says_by_what_law() {
    let seven = daily(Scene::consumer(), "2026-04", 1..=7);
    let at = ny("2026-04-07T11:00");
    let law = (Effect::Deny, Force::Law, "12 CFR 1006.14(b)(2)(i)(A)");
    assert_eq!(seven.says(RULE, at), Some(law));
    let reason = &seven.evaluate(at).explain(at).reasons[0];
    assert_eq!(
        reason.sentence,
        "7 calls about this debt stand in the seven days that began on 2026-04-01; one more is presumed \
         too many"
    );
    assert_eq!(seven.evaluate(at).next_permitted(at), Some(ny("2026-04-08T08:00:01")));
}

#[test]
fn seven_calls_in_one_day_close_that_day_and_the_six_after_it() {
    let scene = (8..15).fold(Scene::consumer(), |scene, hour| {
        scene.called(1, ny(&format!("2026-04-01T{hour:02}:30")))
    });
    assert!(presumed_violation(&scene, "2026-04-01T15:00"));
    assert!(presumed_violation(&scene, "2026-04-07T20:00"));
    assert!(!presumed_violation(&scene, "2026-04-08T09:00"));
}

/// Comment 14(b)(4)-2.i: each of three debts has seven calls of its own.
#[test]
fn comment_14b4_2_i_each_debt_has_seven_calls_of_its_own() {
    let scene = Scene::consumer().and_account(2, 1).and_account(3, 1);
    let scene = (1..=7).fold(scene, |scene, day| {
        (1..=3).fold(scene, |scene, account| {
            scene.called(account, ny(&format!("2026-06-{day:02}T1{account}:00")))
        })
    });
    for account in 1..=3 {
        let about = scene.clone().about(account, 1);
        assert!(presumed_violation(&about, "2026-06-07T19:00"));
        assert!(!presumed_violation(&about, "2026-06-08T09:00"));
    }
    // Before its seventh of the day every one of the 21 complied.
    assert!(!presumed_violation(&scene.clone().about(3, 1), "2026-06-07T12:59"));
}

/// Comment 14(b)(4)-2.v: three calls for the one debt, four for the other.
#[test]
fn comment_14b4_2_v_a_call_counts_for_the_debt_it_is_attributed_to() {
    let mut scene = Scene::consumer().and_account(2, 1);
    for (account, at) in [
        (1, "2026-11-09T10:00"),
        (2, "2026-11-09T11:00"),
        (1, "2026-11-10T10:00"),
        (2, "2026-11-10T11:00"),
        (2, "2026-11-11T10:00"),
        (2, "2026-11-11T11:00"),
    ] {
        scene = scene.called(account, ny(at));
    }
    scene = scene.spoke(1, ny("2026-11-12T10:00"));
    let card = scene.clone().about(2, 1);
    assert!(card.allows(ny("2026-11-12T12:00")));
    assert_eq!(scene.blocks(ny("2026-11-12T12:00"))[0].0, "conversation");
    // Three more reach seven for the card.
    let card = (15..18).fold(card, |card, h| card.called(2, ny(&format!("2026-11-12T{h}:00"))));
    assert!(presumed_violation(&card, "2026-11-12T18:00"));
}

/// 1006.14(b)(4): loans serviced under one account number when they were obtained are one debt.
#[test]
fn student_loans_of_one_servicing_account_share_a_counter() {
    let mut scene = daily(Scene::consumer().and_account(2, 1), "2026-04", 1..=7);
    assert!(!presumed_violation(&scene.clone().about(2, 1), "2026-04-07T11:00"));
    scene.facts.accounts[1].counts_with = Some(id(1));
    assert!(presumed_violation(&scene.about(2, 1), "2026-04-07T11:00"));
}

#[test]
fn two_parties_of_one_person_share_the_seven_calls() {
    // The same human is principal (party 1) and guarantor (party 2) of account 1.
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    let mut guarantor = scene.facts.accounts[0];
    guarantor.party = id(2);
    scene.facts.accounts.push(guarantor);
    assert!(presumed_violation(&scene.about(1, 2), "2026-04-07T11:00"));
}

/// Comment 14(b)(2)(i)-3.i: calls to a number found wrong on Thursday were no calls to the consumer.
#[test]
fn comment_14b2i_3_i_calls_to_a_wrong_number_were_no_calls_to_the_person() {
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    scene.facts.points[0].state = PointState::Wrong;
    let mut other = scene.facts.points[0].clone();
    (other.id, other.state) = (id(9), PointState::Usable);
    scene.facts.points.push(other);
    scene.proposed.point = Some(id(9));
    assert!(scene.allows(ny("2026-04-07T11:00")));
    scene.facts.points[0].state = PointState::Usable;
    assert!(!scene.allows(ny("2026-04-07T11:00")), "not per number");
    assert_eq!(scene.facts.attempts[0].point, Some(id(PHONE)));
}

/// Comment 14(b)(3)(ii)-1: what connects and what does not.
#[test]
fn comment_14b3ii_1_a_call_counts_where_it_connected() {
    let at = ny("2026-04-07T11:00");
    for (disposition, counted, conversation) in [
        (Disposition::Busy, false, false),
        (Disposition::NotInService, false, false),
        (Disposition::WrongNumber, false, false),
        (Disposition::NotMade, false, false),
        (Disposition::NoAnswer, true, false),
        (Disposition::Voicemail, true, false),
        (Disposition::ThirdParty, true, false),
        (Disposition::Reached, true, true),
        (Disposition::Unknown, true, true),
    ] {
        let said = counts(Channel::Call, disposition, at);
        assert_eq!((said.counted, said.conversation), (counted, conversation), "{disposition}");
        assert!(!said.why.is_empty());
    }
    assert!(counts(Channel::Mail, Disposition::Sent, at).counted);
    assert!(counts(Channel::Email, Disposition::Unknown, at).counted);
    assert!(!counts(Channel::Mail, Disposition::NotMade, at).counted);
}

#[test]
fn a_call_that_did_not_count_is_not_counted() {
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    scene.facts.attempts[3].counted = false;
    assert!(!presumed_violation(&scene, "2026-04-07T11:00"));
}

/// Comment 14(b)-1: texts, e-mails and letters are no calls.
#[test]
fn other_media_are_neither_counted_nor_limited() {
    let scene = daily(Scene::consumer(), "2026-04", 1..=7);
    assert!(!presumed_violation(&scene.clone().by(Medium::Text), "2026-04-07T11:00"));
    assert!(!presumed_violation(&scene.clone().by(Medium::Mail), "2026-04-07T11:00"));
    let mut texts = scene;
    for attempt in &mut texts.facts.attempts {
        attempt.medium = Medium::Text;
    }
    assert!(!presumed_violation(&texts, "2026-04-07T11:00"));
}

#[test]
fn a_day_is_that_of_every_zone_in_which_the_person_may_be() {
    // 20:30 in Los Angeles is 23:30 in New York, the same date; the new day begins first in the east.
    let scene = daily(Scene::consumer(), "2026-04", 1..=7)
        .in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]));
    let midnight = ny("2026-04-08T00:00");
    let reopens = scene.evaluate(midnight).decide(midnight);
    let last = reopens.reasons.iter().filter(|b| b.ground.rule == RULE).map(|b| b.span.until);
    assert_eq!(last.max(), Some(ny("2026-04-08T03:00")), "midnight in Los Angeles");
}

#[test]
fn a_natural_person_on_a_commercial_debt_is_counted_by_policy_and_a_business_is_not() {
    let at = ny("2026-04-07T11:00");
    let guarantor = daily(Scene::guarantor(), "2026-04", 1..=7);
    let by_policy = (Effect::Deny, Force::Policy, "policy commercial.call_frequency");
    assert_eq!(guarantor.says(RULE, at), Some(by_policy));
    assert!(daily(Scene::business(), "2026-04", 1..=7).allows(at));
}

#[test]
fn the_leap_day_is_a_day() {
    let scene = (24..=29)
        .fold(Scene::consumer(), |scene, day| scene.called(1, ny(&format!("2028-02-{day}T10:00"))));
    let scene = scene.called(1, ny("2028-03-01T10:00"));
    assert!(presumed_violation(&scene, "2028-03-01T11:00"));
    assert!(!presumed_violation(&scene, "2028-03-02T09:00"));
}

#[test]
fn a_call_that_the_person_placed_may_be_taken() {
    let scene = daily(Scene::consumer(), "2026-04", 1..=7);
    let mut taken = scene.inbound(Medium::Call, ny("2026-04-07T11:00"));
    taken.proposed = taken.proposed.as_response();
    assert!(taken.allows(ny("2026-04-07T11:00")));
    assert!(!taken.allows(ny("2026-04-07T10:59")));
}

/// Comment 14(b)(2)(i)-1.iii: the person of these facts is a third party, asked for a location.
#[test]
fn comment_14b2i_1_iii_a_third_party_has_seven_calls_of_its_own() {
    let mut scene = daily(Scene::consumer(), "2026-10", 6..=12);
    for call in &mut scene.facts.attempts {
        call.purpose = Purpose::Location;
        call.recipient = Recipient::ThirdParty;
    }
    scene.proposed = scene.proposed.with_purpose(Purpose::Location);
    scene.proposed.recipient = Recipient::ThirdParty;
    assert!(!presumed_violation(&scene, "2026-10-12T09:00"), "the seventh");
    assert!(presumed_violation(&scene, "2026-10-12T11:00"), "an eighth");
    assert!(!presumed_violation(&scene, "2026-10-13T09:00"));
}

/// Comment 14(b)(1)-2: two calls are presumed to comply; what the voicemail said is another matter.
#[test]
fn comment_14b1_2_the_presumption_is_about_numbers_alone() {
    let scene =
        Scene::consumer().called(1, ny("2026-06-01T10:00")).called(1, ny("2026-06-03T10:00"));
    assert!(!presumed_violation(&scene, "2026-06-03T12:00"));
}

/// 1006.14(b)(3)(iii): calls to counsel, creditors and reporting agencies are not limited.
#[test]
fn calls_to_counsel_and_creditors_are_not_limited() {
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    for recipient in [
        Recipient::DebtorsAttorney,
        Recipient::ReportingAgency,
        Recipient::Creditor,
        Recipient::AgencysAttorney,
    ] {
        scene.proposed.recipient = recipient;
        assert!(!presumed_violation(&scene, "2026-04-07T11:00"), "{recipient:?}");
    }
    scene.proposed.recipient = Recipient::Spouse;
    assert!(presumed_violation(&scene, "2026-04-07T11:00"));
}

/// Comment 14(b)(2)(i)-1: a call that the person placed is none placed to it.
#[test]
fn a_call_of_the_person_is_no_call_placed() {
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    scene.facts.attempts[3].initiator = Initiator::Debtor;
    assert!(!presumed_violation(&scene, "2026-04-07T11:00"));
}

/// Comment 14(b)(2)(ii)-2: with a factor it is held for somebody who may override it.
#[test]
fn comment_14b2ii_2_a_factor_makes_it_a_hold() {
    let at = ny("2026-04-07T11:00");
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    let held = Some((Effect::Hold, Force::Policy, "policy calls.rebuttal_factor"));
    for purpose in [
        Purpose::RequiredByLaw,
        Purpose::ActiveLitigation,
        Purpose::AsRequested,
        Purpose::AvoidHarm,
        Purpose::FinishConversation,
    ] {
        scene.proposed = scene.proposed.with_purpose(purpose);
        assert_eq!(scene.says(RULE, at), held, "{purpose:?}");
    }
    scene.proposed = scene.proposed.with_purpose(Purpose::ActiveLitigation);
    scene.facts.accounts[0].claim.in_litigation = Some(false);
    assert!(matches!(scene.says(RULE, at), Some((Effect::Deny, Force::Law, _))), "none is pending");
}

/// Comment 14(b)(2)(i)-3.i, told as a dated fact: Monday and Wednesday to N1, found wrong on Thursday.
#[test]
fn comment_14b2i_3_i_a_number_learned_wrong_takes_its_calls_with_it() {
    let mut scene = daily(Scene::consumer(), "2026-04", 1..=7);
    scene.facts.points.push(Point::new(id(9), PointKind::Phone, zones(&["America/New_York"])));
    scene.proposed.point = Some(id(9));
    assert!(presumed_violation(&scene, "2026-04-07T11:00"));
    let learned = Event::new(EventKind::LearnedWrong, ny("2026-04-07T10:30"));
    scene.facts.events.push(learned.at_point(id(PHONE)));
    assert!(!presumed_violation(&scene, "2026-04-07T11:00"));
    for call in &mut scene.facts.attempts {
        call.point = Some(id(9));
    }
    assert!(presumed_violation(&scene, "2026-04-07T11:00"));
}

/// 1006.14(b)(4): the two loans are one debt, so a call about both is one call about it.
#[test]
fn one_call_about_two_loans_that_are_one_debt_counts_once() {
    let mut scene = daily(Scene::consumer().and_account(2, 1), "2026-04", 1..=6);
    scene.facts.accounts[1].counts_with = Some(id(1));
    let again = scene.facts.attempts.clone();
    let about_both = |call: crate::Attempt| [call, crate::Attempt { account: id(2), ..call }];
    scene.facts.attempts = again.into_iter().flat_map(about_both).collect();
    assert!(!presumed_violation(&scene, "2026-04-07T09:00"));
    assert!(presumed_violation(&scene.called(1, ny("2026-04-07T10:00")), "2026-04-07T11:00"));
}
