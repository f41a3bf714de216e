//! Presumptions of calls that are told: each judged when it was placed. 12 CFR 1006.14(b)(2).

use duly_compliance::{Span, evaluate};
use duly_domain::Effect;

use super::content::content;
use super::{before, proposals};
use crate::answer::Answer;
use crate::event::Does;
use crate::scene::{Scene, Told};
use crate::words::Bad;

/// Every call was within both limits when it was placed, or one was not.
pub fn presumption(scene: &Scene, told: &[&Told]) -> Result<Answer, Bad> {
    let presuming = |answer: &Answer| {
        let rule = answer
            .reasons
            .iter()
            .find(|r| ["call_frequency", "conversation"].contains(&r.rule.as_ref()));
        rule.map(|reason| if reason.effect == Effect::Hold { "factor-may-rebut" } else { "none" })
    };
    let mut last = Answer { decision: Some("allow"), ..Answer::default() };
    for told in told.iter().filter(|told| told.kind.does() == Does::Call) {
        // Each call by itself: those of one day may be spread over it.
        for (at, proposed) in proposals(scene, told)? {
            let world = before(scene, told, at)?;
            let evaluation = evaluate(&world.facts, &proposed, Span::days(at, 1));
            let explained = evaluation.explain(at);
            let answer = Answer {
                at: Some(at),
                decision: Some(if evaluation.permits(at) { "allow" } else { "refuse" }),
                reasons: explained.reasons,
                warnings: explained.warnings,
                read_as: Some("every call told, when it was placed".to_owned()),
                ..Answer::default()
            };
            if let Some(rebuttal) = presuming(&answer) {
                return Ok(Answer {
                    answer: Some("presumed-violation"),
                    rebuttal: Some(rebuttal),
                    ..answer
                });
            }
            last = answer;
        }
    }
    // What warns of a pattern, what the person said before and how it was spoken to may rebut the presumption
    // of compliance (comment 14(b)(2)(i)-2).
    let factor = !last.warnings.is_empty() || pattern(scene, told)? || spoken_before(scene, told)?;
    let rebuttal = if factor { "factor-may-rebut" } else { "none" };
    Ok(Answer { answer: Some("presumed-compliance"), rebuttal: Some(rebuttal), ..last })
}

/// Whether one more call would be warned of for what stands, once it is in no rapid succession.
fn pattern(scene: &Scene, told: &[&Told]) -> Result<bool, Bad> {
    let Some(last) = told.iter().rev().find(|told| told.kind.does() == Does::Call) else {
        return Ok(false);
    };
    let Some((at, proposed)) = proposals(scene, last)?.into_iter().next_back() else {
        return Ok(false);
    };
    let next = at + chrono::Duration::minutes(6);
    let world = scene.world_of(scene.told.iter().filter(|other| other.at <= last.at), next)?;
    let evaluation = evaluate(&world.facts, &proposed, Span::days(next, 1));
    Ok(evaluation.warnings(next).next().is_some())
}

/// Whether the person refused or disputed before a call, or was spoken to abusively.
fn spoken_before(scene: &Scene, told: &[&Told]) -> Result<bool, Bad> {
    let Some(last) = told.iter().rev().find(|told| told.kind.does() == Does::Call) else {
        return Ok(false);
    };
    let world = before(scene, last, last.at)?;
    let refused = world.facts.stops.iter().any(|stop| {
        matches!(stop.kind, duly_domain::StopKind::Cease | duly_domain::StopKind::OptOut)
    });
    let earlier: Vec<&Told> = told.iter().copied().filter(|other| other.at <= last.at).collect();
    let abused = content(scene, &earlier)?.is_some_and(|answer| answer.answer == Some("violation"));
    Ok(refused || !world.facts.disputes.is_empty() || abused)
}
