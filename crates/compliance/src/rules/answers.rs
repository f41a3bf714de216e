//! Questions, and which answer is for which.

use duly_domain::Instant;

use crate::facts::Event;

/// Each question, oldest first, with the time of its answer: one answer is for one question, and one that
/// names a matter for a question in that matter.
pub(super) fn answered<'a>(
    questions: impl Iterator<Item = &'a Event>,
    answers: impl Iterator<Item = &'a Event>,
) -> impl Iterator<Item = (&'a Event, Option<Instant>)> {
    let mut answers: Vec<&Event> = answers.collect();
    questions.map(move |question| {
        let fits = |answer: &&Event| {
            answer.at >= question.at
                && (answer.matter.is_none() || answer.matter == question.matter)
        };
        let answer = answers.iter().position(fits).map(|at| answers.remove(at).at);
        (question, answer)
    })
}
