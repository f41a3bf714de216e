use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::rules::states::tests::{claiming, noting, tried};
use crate::testing::{EMAIL, PHONE, Scene, id, local, ny, zones};
use crate::{
    Claim, ConsentFor, DebtKind, EventKind, Initiator, Point, PointKind, Purpose, Recipient,
};

const CALLS: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "D.C. Code 28-3814(d)(4)(A)"));
const MESSAGES: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "D.C. Code 28-3814(d)(4)(B)"));

fn georgetown() -> Scene {
    Scene::consumer().living_in("DC", None)
}

fn called(scene: Scene, days: std::ops::RangeInclusive<u32>) -> Scene {
    days.fold(scene, |scene, day| scene.called(1, ny(&format!("2026-06-{day:02}T10:00"))))
}

#[test]
fn a_fifth_call_about_an_account_in_seven_days_is_refused_whatever_the_number() {
    let mut four = called(georgetown().and_account(2, 1), 1..=4);
    assert_eq!(four.says("state_frequency", ny("2026-06-05T12:00")), CALLS);
    assert_eq!(four.says("state_frequency", ny("2026-06-08T12:00")), None);
    assert_eq!(four.clone().about(2, 1).says("state_frequency", ny("2026-06-05T12:00")), None);
    four.facts.points.push(Point::new(id(9), PointKind::Phone, zones(&["America/New_York"])));
    four.proposed.point = Some(id(9));
    assert_eq!(four.says("state_frequency", ny("2026-06-05T12:00")), CALLS);
    four.facts.attempts[0].initiator = Initiator::Debtor;
    assert_eq!(
        four.says("state_frequency", ny("2026-06-05T12:00")),
        None,
        "the person called back"
    );
    four.facts.attempts[0].initiator = Initiator::Agency;
    four.facts.attempts[1].counted = false;
    assert_eq!(four.says("state_frequency", ny("2026-06-05T12:00")), None, "did not connect");
}

#[test]
fn before_2023_the_temporary_text_is_held_and_cites_nothing() {
    let calls = (1..=3).fold(georgetown().and_account(2, 1), |scene, day| {
        scene.called(2, ny(&format!("2022-06-{day:02}T10:00")))
    });
    let held = Some((Effect::Hold, Force::Unverified, "unverified state.dc.before_2023"));
    assert_eq!(calls.says("state_frequency", ny("2022-06-04T12:00")), held);
    assert_eq!(called(georgetown(), 1..=3).says("state_frequency", ny("2026-06-04T12:00")), None);
}

#[test]
fn no_call_within_seven_days_after_a_completed_one() {
    let scene = georgetown().spoke(1, ny("2026-06-01T10:00"));
    assert_eq!(scene.says("state_conversation", ny("2026-06-07T12:00")), CALLS);
    assert_eq!(scene.says("state_conversation", ny("2026-06-08T12:00")), None);
    let mut asked = scene.inbound(Medium::Call, ny("2026-06-03T11:00"));
    asked.proposed = asked.proposed.as_response();
    assert_eq!(asked.says("state_conversation", ny("2026-06-03T12:00")), None, "the person asked");
}

#[test]
fn no_message_before_the_notice_is_mailed_then_one_to_ask_then_five() {
    let at = ny("2026-06-16T12:00");
    let mut ask = georgetown().by(Medium::Email).without_consent();
    ask.proposed.purpose = Purpose::AskConsent;
    assert_eq!(ask.says("state_consent", at), MESSAGES, "no notice");
    let ask = noting(ask, EventKind::DcNoticeMailed, ny("2026-06-10T12:00"));
    assert_eq!(ask.says("state_consent", at), None);
    assert_eq!(ask.says("state_consent", ny("2026-06-10T11:59")), MESSAGES);
    let asked = tried(ask.clone(), Medium::Email, EMAIL, ny("2026-06-15T12:00"));
    assert_eq!(asked.says("state_consent", at), MESSAGES, "one in seven days");
    let mut by_text = asked.by(Medium::Text);
    by_text.proposed.purpose = Purpose::AskConsent;
    assert_eq!(by_text.says("state_consent", at), None, "by that method");

    let mut collect = ask;
    collect.proposed.purpose = Purpose::Collect;
    assert_eq!(collect.says("state_consent", at), MESSAGES, "no consent");
    let collect = collect.consents(ConsentFor::Email, EMAIL, ny("2026-06-11T12:00"));
    assert_eq!(collect.says("state_consent", at), None);
    let five = (11..16).fold(collect, |scene, day| {
        let (medium, point) =
            if day % 2 == 0 { (Medium::Text, PHONE) } else { (Medium::Email, EMAIL) };
        tried(scene, medium, point, ny(&format!("2026-06-{day}T13:00")))
    });
    assert_eq!(five.says("state_consent", at), MESSAGES, "texts and e-mails together");
    assert_eq!(five.says("state_consent", ny("2026-06-18T13:01")), None);
}

#[test]
fn calls_and_texts_keep_eastern_hours_wherever_the_person_is() {
    let west = zones(&["America/Los_Angeles"]);
    let scene = georgetown().in_zones(west.clone(), west);
    let law = Some((Effect::Deny, Force::Law, "D.C. Code 28-3814(k)"));
    let evening = local("America/Los_Angeles", "2026-06-16T19:00");
    assert_eq!(scene.says("state_hours", evening), law);
    assert_eq!(scene.clone().by(Medium::Text).says("state_hours", evening), law);
    assert_eq!(scene.clone().by(Medium::Email).says("state_hours", evening), None);
    let edge = Some((Effect::Deny, Force::Policy, "policy time.edge"));
    assert_eq!(scene.says("state_hours", ny("2026-06-16T21:00")), edge);
    assert_eq!(scene.says("state_hours", ny("2026-06-16T20:59:59")), None);
}

#[test]
fn no_visits_and_nothing_to_employer_family_or_friends() {
    let at = ny("2026-06-16T12:00");
    let visit = Some((Effect::Deny, Force::Law, "D.C. Code 28-3814(d)(5)"));
    assert_eq!(georgetown().by(Medium::Visit).says("state_visits", at), visit);
    let mut told = georgetown();
    told.proposed.recipient = Recipient::Employer;
    let law = Some((Effect::Deny, Force::Law, "D.C. Code 28-3814(e)"));
    assert_eq!(told.says("state_third_parties", at), law);
    told.proposed.purpose = Purpose::Location;
    assert_eq!(told.says("state_third_parties", at), None);
}

#[test]
fn credit_that_a_mortgage_secures_and_commercial_debts_are_outside() {
    let at = ny("2026-06-05T12:00");
    let mortgage = Claim { kind: DebtKind::Mortgage, ..Claim::UNKNOWN };
    assert_eq!(claiming(called(georgetown(), 1..=4), mortgage).says("state_frequency", at), None);
    let guarantor = called(Scene::guarantor().living_in("DC", None), 1..=4);
    assert_eq!(guarantor.says("state_frequency", at), None);
}
