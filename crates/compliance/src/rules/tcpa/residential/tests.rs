use duly_domain::{Effect, Force};

use crate::facts::{Attempt, ConsentFor, LineType};
use crate::medium::Medium;
use crate::proposed::DialMode;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "tcpa_residential";
const HELD: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Unverified, "unverified tcpa.residential"));

fn prerecorded(days: &[u32]) -> Scene {
    let mut scene = Scene::business().without_consent();
    scene.facts.points[0].line = LineType::Landline;
    scene.proposed.dial_mode = Some(DialMode::Prerecorded);
    for day in days {
        scene.facts.attempts.push(Attempt {
            point: Some(id(PHONE)),
            dial_mode: Some(DialMode::Prerecorded),
            ..Attempt::new(id(*day), id(1), Medium::Call, ny(&format!("2026-06-{day:02}T12:00")))
        });
    }
    scene
}

#[test]
fn three_in_thirty_days_may_go_and_the_fourth_is_held() {
    let at = ny("2026-06-17T12:00");
    assert_eq!(prerecorded(&[1, 8]).says(RULE, at), None);
    let full = prerecorded(&[1, 8, 15]);
    assert_eq!(full.says(RULE, at), HELD);
    assert_eq!(full.says(RULE, ny("2026-07-01T11:59")), HELD);
    assert_eq!(full.says(RULE, ny("2026-07-01T12:00")), None);
}

#[test]
fn consent_and_a_call_by_hand_are_not_counted_out() {
    let at = ny("2026-06-17T12:00");
    let full = prerecorded(&[1, 8, 15]);
    let agreed = full.clone().consents(ConsentFor::Automated, PHONE, ny("2026-06-16T12:00"));
    assert_eq!(agreed.says(RULE, at), None);
    let mut manual = full;
    manual.proposed.dial_mode = Some(DialMode::Manual);
    assert_eq!(manual.says(RULE, at), None);
}

#[test]
fn the_voice_says_who_calls_and_how_to_opt_out() {
    let scene = prerecorded(&[]);
    let at = ny("2026-06-17T12:00");
    assert_eq!(scene.requires(at), ["caller_identity", "call_opt_out"]);
    let evaluation = scene.evaluate(at);
    assert!(evaluation.requires().iter().all(|it| it.ground.force == Force::Unverified));
}
