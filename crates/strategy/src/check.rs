//! What no single step shows: ways that lead nowhere, steps that no way leads to, and ways round that
//! take no time.

use crate::document::{Do, Document, DocumentError, Step};

/// Checks the document as a whole.
pub(crate) fn check(document: &Document) -> Result<(), DocumentError> {
    let error = |at: usize, reason: &str| {
        Err(DocumentError::new(format!("steps.{}", document.steps[at].id), reason))
    };
    if !document.steps.iter().any(|step| matches!(step.what, Do::ProposeClose(_))) {
        let reason = "have no end; let one `propose_close`";
        return Err(DocumentError::new("steps", reason));
    }
    let mut begins = vec![0];
    begins.extend(document.broken_promise);
    let reached = walk(document.steps.len(), &begins, |at| ways(&document.steps[at]));
    if let Some(at) = reached.iter().position(|reached| !reached) {
        return error(at, "is reached by no way; lead one to it, or remove it");
    }
    let back = |at: usize| {
        let leads_here = |step: &Step| ways(step).contains(&at);
        let steps = document.steps.iter().enumerate();
        steps.filter(|(_, step)| leads_here(step)).map(|(from, _)| from).collect::<Vec<_>>()
    };
    let ends: Vec<usize> = (0..document.steps.len())
        .filter(|at| matches!(document.steps[*at].what, Do::ProposeClose(_)))
        .collect();
    let ending = walk(document.steps.len(), &ends, back);
    if let Some(at) = ending.iter().position(|ends| !ends) {
        return error(at, "leads to no end; let its way reach a `propose_close`");
    }
    for at in 0..document.steps.len() {
        let behind = ways_at_once(&document.steps[at]);
        let round = walk(document.steps.len(), &behind, |at| ways_at_once(&document.steps[at]));
        if round[at] {
            let reason = "comes round to itself without a `wait` of days; put one on that way";
            return error(at, reason);
        }
    }
    Ok(())
}

/// Which steps are reached from these.
fn walk(count: usize, from: &[usize], ways: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
    let mut reached = vec![false; count];
    let mut open = from.to_vec();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            open.extend(ways(at));
        }
    }
    reached
}

/// Every step that may follow.
fn ways(step: &Step) -> Vec<usize> {
    let mut ways: Vec<usize> = step.on.values().copied().collect();
    ways.extend(step.then);
    ways.extend(step.otherwise);
    ways
}

/// Every step that may follow on the same day: all but what comes after a rest of days. A rest that is
/// passed over takes no time, nor does one until a day that has passed.
fn ways_at_once(step: &Step) -> Vec<usize> {
    match step.what {
        Do::WaitDays(_) if step.when.is_empty() => Vec::new(),
        Do::WaitDays(_) => step.otherwise.or(step.then).into_iter().collect(),
        Do::Treat { .. } | Do::WaitUntil(_) | Do::Task(_) | Do::ProposeClose(_) => ways(step),
    }
}
