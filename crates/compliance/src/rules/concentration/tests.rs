use duly_domain::Instant;

use crate::facts::Attempt;
use crate::medium::Medium;
use crate::testing::{Scene, id, ny};

fn codes(scene: &Scene, at: Instant) -> Vec<String> {
    let explained = scene.evaluate(at).explain(at);
    explained.warnings.iter().map(|warning| warning.code.to_string()).collect()
}

fn hourly(scene: Scene, day: &str, hours: std::ops::Range<u32>) -> Scene {
    hours.fold(scene, |scene, hour| scene.called(1, ny(&format!("{day}T{hour:02}:10"))))
}

/// Comment 14(b)(2)(i)-2: two unanswered calls in five minutes.
#[test]
fn comment_14b2i_2_two_calls_in_five_minutes_are_warned_of() {
    let scene = Scene::consumer().called(1, ny("2026-06-16T10:00"));
    assert_eq!(codes(&scene, ny("2026-06-16T10:04:59")), ["rapid_calls"]);
    assert!(scene.allows(ny("2026-06-16T10:04:59")), "nothing is blocked");
    assert_eq!(codes(&scene, ny("2026-06-16T10:05")), ["rapid_calls"], "within five minutes");
    assert!(codes(&scene, ny("2026-06-16T10:05:01")).is_empty());
    assert!(codes(&scene.and_account(2, 1).about(2, 1), ny("2026-06-16T10:01")).len() == 1);
}

/// Comment 14(b)(2)(i)-2: seven calls in one day, whatever they are about.
#[test]
fn comment_14b2i_2_the_seventh_call_of_a_day_is_warned_of() {
    let six = hourly(Scene::consumer().and_account(2, 1), "2026-06-16", 9..15);
    let at = ny("2026-06-16T16:00");
    assert_eq!(codes(&six, at), ["calls_in_a_day", "contacts_in_a_day"]);
    assert!(six.allows(at), "six of seven");
    assert_eq!(codes(&six.clone().about(2, 1), at).len(), 2, "about another debt");
    assert!(codes(&six, ny("2026-06-17T09:30")).is_empty(), "a day later");
    let five = hourly(Scene::consumer(), "2026-06-16", 9..14);
    assert!(codes(&five, at).is_empty());
}

/// Comment 14(a)-1.i: eight texts on each of four days.
#[test]
fn comment_14a_1_i_many_texts_a_day_are_warned_of() {
    let mut scene = Scene::consumer().by(Medium::Text);
    for hour in 9..12 {
        let at = ny(&format!("2026-06-01T{hour:02}:00"));
        scene.facts.attempts.push(Attempt::new(id(hour), id(1), Medium::Text, at));
    }
    let at = ny("2026-06-01T12:00");
    assert_eq!(codes(&scene, at), ["messages_in_a_day"]);
    assert!(scene.allows(at));
    scene.facts.attempts.pop();
    assert!(codes(&scene, at).is_empty());
}

#[test]
fn a_call_about_two_debts_is_one_call() {
    let scene = hourly(Scene::consumer().and_account(2, 1), "2026-06-16", 9..12);
    let mut doubled = scene;
    for call in doubled.facts.attempts.clone() {
        doubled.facts.attempts.push(Attempt { account: id(2), ..call });
    }
    doubled.facts.attempts.sort_by_key(|attempt| attempt.at);
    assert!(codes(&doubled, ny("2026-06-16T13:00")).is_empty(), "three calls");
}

#[test]
fn a_business_and_an_answer_are_not_warned_of() {
    let at = ny("2026-06-16T16:00");
    assert!(codes(&hourly(Scene::business(), "2026-06-16", 9..15), at).is_empty());
    let six = hourly(Scene::consumer(), "2026-06-16", 9..15).inbound(Medium::Call, at);
    let mut taken = six.clone();
    taken.proposed = taken.proposed.as_response();
    assert!(codes(&taken, at).is_empty());
    assert_eq!(codes(&hourly(Scene::guarantor(), "2026-06-16", 9..15), at).len(), 2);
}

#[test]
fn a_warning_is_policy_and_a_replay_repeats_it() {
    let scene = hourly(Scene::consumer().and_account(2, 1), "2026-06-16", 9..15).about(2, 1);
    let at = ny("2026-06-16T16:00");
    let evaluation = scene.evaluate(at);
    let said = evaluation.explain(at);
    assert!(said.warnings.iter().all(|warning| warning.authority.starts_with("policy ")));
    let kept = crate::Snapshot::of(&scene.facts, &scene.proposed, &evaluation, at);
    assert_eq!(crate::replay(&kept).unwrap(), said);
}
