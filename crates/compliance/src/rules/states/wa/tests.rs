use duly_domain::{Effect, Force};

use crate::Place;
use crate::medium::Medium;
use crate::rules::states::tests::{landline, tried};
use crate::testing::{ADDRESS, EMAIL, Scene, local, zones};
use crate::{Purpose, Zones};

const RULE: &str = "state_frequency";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "RCW 19.16.250"));
const WEEK: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy state.wa.week"));

fn here(scene: Scene) -> Scene {
    let west = zones(&["America/Los_Angeles"]);
    scene.in_zones(west.clone(), west).living_in("WA", None)
}

fn at(text: &str) -> duly_domain::Instant {
    local("America/Los_Angeles", text)
}

fn emailed(scene: Scene, days: &[u32]) -> Scene {
    days.iter().fold(scene, |scene, day| {
        tried(scene, Medium::Email, EMAIL, at(&format!("2026-06-{day:02}T10:00")))
    })
}

/// 15 June 2026 is a Monday, 21 June a Sunday.
#[test]
fn a_fourth_communication_in_a_week_is_refused_by_law_in_the_week_and_by_policy_for_seven_days() {
    let scene = emailed(here(Scene::consumer()), &[16, 17, 18]);
    assert_eq!(scene.says(RULE, at("2026-06-19T12:00")), LAW);
    assert_eq!(scene.says(RULE, at("2026-06-20T20:00")), LAW, "Saturday");
    assert_eq!(scene.says(RULE, at("2026-06-21T12:00")), WEEK, "a week may begin on Sunday");
    assert_eq!(scene.says(RULE, at("2026-06-22T12:00")), WEEK);
    assert_eq!(scene.says(RULE, at("2026-06-23T12:00")), None);
    let over_the_weekend = emailed(here(Scene::consumer()), &[19, 20, 22]);
    assert_eq!(over_the_weekend.says(RULE, at("2026-06-23T12:00")), WEEK);
}

#[test]
fn unanswered_calls_and_letters_count_by_policy_and_so_do_letters_to_come() {
    let scene = here(Scene::consumer()).called(1, at("2026-06-16T10:00"));
    let scene = tried(scene, Medium::Mail, ADDRESS, at("2026-06-16T12:00"));
    let scene = scene.called(1, at("2026-06-17T10:00"));
    assert_eq!(scene.says(RULE, at("2026-06-18T12:00")), WEEK);
    let mut letter = scene.by(Medium::Mail);
    assert_eq!(letter.says(RULE, at("2026-06-18T12:00")), WEEK);
    letter.proposed.purpose = Purpose::Verification;
    assert_eq!(letter.says(RULE, at("2026-06-18T12:00")), None);
}

#[test]
fn all_claims_count_together_and_a_call_about_two_of_them_once() {
    let mut scene = here(Scene::consumer().and_account(2, 1));
    scene = scene.spoke(1, at("2026-06-16T10:00")).spoke(2, at("2026-06-17T10:00"));
    let twice = scene.facts.attempts[0];
    scene.facts.attempts.insert(1, crate::Attempt { account: crate::testing::id(2), ..twice });
    assert_eq!(scene.says(RULE, at("2026-06-18T12:00")), None);
    scene = emailed(scene, &[18]);
    assert_eq!(scene.says(RULE, at("2026-06-18T12:00")), LAW);
}

/// RCW 19.16.100(2): any obligation that arises out of a contract.
#[test]
fn commercial_claims_and_businesses_are_covered() {
    let scene = emailed(here(Scene::business()), &[16, 17, 18]);
    assert_eq!(scene.says(RULE, at("2026-06-19T12:00")), LAW);
    assert_eq!(scene.says("state_hours", at("2026-06-25T06:00")), None, "a business has no home");
    let guarantor = here(Scene::guarantor());
    assert_eq!(guarantor.says("state_hours", at("2026-06-25T07:00")), LAW);
}

#[test]
fn at_home_not_before_half_past_seven_or_after_nine() {
    let scene = here(Scene::consumer());
    let edge = Some((Effect::Deny, Force::Policy, "policy time.edge"));
    for (time, says) in [
        ("2026-06-25T07:29:59", LAW),
        ("2026-06-25T07:30:00", edge),
        ("2026-06-25T07:30:01", None),
        ("2026-06-25T20:59:59", None),
        ("2026-06-25T21:00:00", edge),
        ("2026-06-25T21:00:01", LAW),
    ] {
        assert_eq!(scene.says("state_hours", at(time)), says, "{time}");
    }
    let work = landline(scene.clone(), Some(Place::Work));
    assert_eq!(work.says("state_hours", at("2026-06-25T07:00")), None);
    let nowhere = scene.in_zones(Zones::NoSignal, Zones::NoSignal);
    let held = Some((Effect::Hold, Force::Policy, "policy time.zone_unknown"));
    assert_eq!(nowhere.says("state_hours", at("2026-06-25T12:00")), held);
}

#[test]
fn at_work_once_a_week() {
    let scene = landline(here(Scene::consumer()), Some(Place::Work));
    let scene = scene.spoke(1, at("2026-06-16T10:00"));
    assert_eq!(scene.says("state_work", at("2026-06-19T12:00")), LAW);
    assert_eq!(scene.says("state_work", at("2026-06-22T12:00")), WEEK);
    assert_eq!(scene.says("state_work", at("2026-06-23T12:00")), None);
    let rang =
        landline(here(Scene::consumer()), Some(Place::Work)).called(1, at("2026-06-16T10:00"));
    assert_eq!(rang.says("state_work", at("2026-06-19T12:00")), WEEK, "an unanswered call");
    let home = landline(scene, Some(Place::Home));
    assert_eq!(home.says("state_work", at("2026-06-19T12:00")), None);
}

#[test]
fn a_sunday_ends_the_week_of_who_counts_from_monday() {
    let sunday = emailed(here(Scene::consumer()), &[21, 21, 21]);
    assert_eq!(sunday.says(RULE, at("2026-06-21T20:00")), LAW);
    assert_eq!(sunday.says(RULE, at("2026-06-22T12:00")), WEEK, "by policy alone");
}

#[test]
fn counsel_is_not_at_the_home_of_whoever_is_in_no_known_zone() {
    let mut scene = here(Scene::consumer()).in_zones(Zones::NoSignal, Zones::NoSignal);
    let noon = at("2026-06-16T12:00");
    assert!(scene.says("state_hours", noon).is_some());
    scene.proposed.recipient = crate::Recipient::DebtorsAttorney;
    assert_eq!(scene.says("state_hours", noon), None);
}
