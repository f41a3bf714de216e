use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::testing::{Scene, ny};

const POLICY: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy state.wv.week"));
const LAW: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "W. Va. Code 46A-2-125(d)"));

/// So many calls on Tuesday 16 June 2026, two minutes apart, each about another debt.
fn calls(count: u32, conversation: bool) -> Scene {
    (0..count).fold(Scene::consumer().and_account(2, 1).living_in("WV", None), |scene, n| {
        let at = ny(&format!("2026-06-16T{:02}:{:02}", 10 + n / 30, 2 * (n % 30)));
        scene.attempt(2, at, true, conversation)
    })
}

#[test]
fn thirty_calls_in_a_week_about_whatever_debts() {
    let says = |count, at| calls(count, false).says("state_frequency", ny(at));
    assert_eq!(says(29, "2026-06-17T12:00"), None);
    assert_eq!(says(30, "2026-06-17T12:00"), LAW);
    assert_eq!(says(30, "2026-06-21T12:00"), POLICY);
    assert_eq!(says(30, "2026-06-23T12:00"), None);
}

#[test]
fn ten_conversations_in_a_week() {
    let says = |count, at| calls(count, true).says("state_conversation", ny(at));
    assert_eq!(says(9, "2026-06-17T12:00"), None);
    assert_eq!(says(10, "2026-06-17T12:00"), LAW);
    assert_eq!(says(10, "2026-06-23T12:00"), None);
    let text = calls(10, true).by(Medium::Text);
    assert_eq!(text.says("state_conversation", ny("2026-06-17T12:00")), None);
}

#[test]
fn local_hours() {
    let scene = Scene::consumer().living_in("WV", None);
    assert_eq!(scene.says("state_hours", ny("2026-06-17T07:00")), LAW);
    assert_eq!(scene.says("state_hours", ny("2026-06-17T08:00:01")), None);
    assert_eq!(scene.says("state_hours", ny("2026-06-17T21:00:01")), LAW);
}
