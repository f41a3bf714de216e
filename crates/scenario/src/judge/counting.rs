//! For which debts a call counts: 12 CFR 1006.14(b)(4), comment -1.

use crate::answer::{Answer, Family, Question};
use crate::classify::subject;
use crate::event::Does;
use crate::scene::{Scene, Told};
use crate::words::Bad;

/// Whether a call that is told must count for every debt, or may be counted for one of choice; `None`: the
/// question asks neither.
pub fn counting(
    scene: &Scene,
    question: &Question<'_>,
    told: &[&Told],
) -> Result<Option<Answer>, Bad> {
    let text = question.obj.text("question")?.unwrap_or_default().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let every = has(&["every debt", "each debt", "all debts", "all of the debts", "each of the"]);
    let counts = has(&["count toward", "counted toward", "count for", "attribut"]);
    let calls = told.iter().filter(|told| told.kind.does() == Does::Call);
    let call = calls.max_by_key(|told| (subject::likeness(told, &text), told.at));
    let (Some(call), true) = (call, counts) else { return Ok(None) };
    let world = scene.world(call.last())?;
    let mut counted: Vec<_> = world
        .facts
        .attempts
        .iter()
        .filter(|attempt| attempt.at == call.at && (attempt.counted || attempt.conversation))
        .map(|attempt| attempt.account)
        .collect();
    counted.dedup();
    let spoken_of = call.obj().texts("debts_discussed")?.is_some_and(|debts| !debts.is_empty());
    let answer = match question.family {
        Some(Family::Requirement) if every => {
            let all = world.debts.len() > 1 && counted.len() == world.debts.len();
            if all { "required" } else { "not-required" }
        }
        // What was spoken of is not of choice.
        Some(Family::Permission) if has(&["attribut", "either", "any one"]) => {
            if spoken_of || counted.len() > 1 { "prohibited" } else { "allowed" }
        }
        _ => return Ok(None),
    };
    Ok(Some(Answer {
        at: Some(call.at),
        answer: Some(answer),
        read_as: Some(format!("for which debts {} on {} counts", call.kind.word(), call.day)),
        ..Answer::default()
    }))
}
