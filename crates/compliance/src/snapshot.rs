//! What a decision row keeps: enough to take the same decision again, years later.
//!
//! Ids, zones and instants only. The packs are named, so that a replay runs the rules that judged then.

use duly_domain::{AccountId, Instant, StopKind};
use serde::{Deserialize, Serialize};

use crate::evaluation::{Evaluation, Explanation};
use crate::facts::Facts;
use crate::packs;
use crate::proposed::{Proposed, Purpose};
use crate::span::Span;

/// How far back attempts are kept, about whatever account: some limits are the person's or the number's.
/// No rule looks back further, but those that ask whether something was ever done: a third party asked for
/// a location, an opt-out confirmed.
pub const LOOK_BACK_DAYS: i64 = 31;

/// How far back the person's own contacts are kept where they name no number or address. One that does
/// keeps it open for longer: 12 CFR 1006.6(d)(4)(i)(A), (d)(5)(i).
pub const INBOUND_LOOK_BACK_DAYS: i64 = 61;

/// The facts, the attempt and the rules of one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When it was decided, and about which instant.
    pub at: Instant,
    /// The span that was evaluated.
    pub span: Span,
    /// The packs that judged, `federal@1`.
    pub rule_packs: Vec<String>,
    /// The attempt.
    pub proposed: Proposed,
    /// The facts, as far as any rule reads them.
    pub facts: Facts,
}

/// A snapshot that this version cannot replay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// A pack that this version does not have.
    #[error("rule pack {0} is not known to this version")]
    UnknownPack(String),
}

impl Snapshot {
    /// What to keep of a decision at an instant: the facts of the accounts proposed and of those that
    /// share their counters, the attempts of 31 days, the stops and disputes that stand in the span. Consents,
    /// designations, dated facts, licences and limits are kept whole: what ended long ago still says that
    /// what came before it ended.
    pub fn of(facts: &Facts, proposed: &Proposed, evaluation: &Evaluation, at: Instant) -> Self {
        let span = evaluation.span();
        let back = |days| {
            let since = span.from.checked_sub_signed(chrono::Duration::days(days));
            since.unwrap_or(Instant::MIN_UTC)
        };
        let (since, heard) = (back(LOOK_BACK_DAYS), back(INBOUND_LOOK_BACK_DAYS));
        let stands = |until: Option<Instant>| until.is_none_or(|until| until > span.from);
        let mut kept = facts.clone();
        let counter = |id: AccountId| facts.counter(id);
        let reads =
            |id: AccountId| proposed.accounts.iter().any(|asked| counter(*asked) == counter(id));
        kept.accounts.retain(|row| reads(row.id));
        let ever = |purpose| matches!(purpose, Purpose::Location | Purpose::OptOutConfirmation);
        kept.attempts.retain(|attempt| attempt.at >= since || ever(attempt.purpose));
        // A lifted opt-out has still ended the consents before it.
        kept.stops.retain(|stop| stands(stop.until) || stop.kind == StopKind::OptOut);
        kept.disputes.retain(|dispute| stands(dispute.until) && reads(dispute.account));
        kept.inbound
            .retain(|inbound| inbound.at >= heard || inbound.point.is_some() || !inbound.read);
        Self {
            at,
            span,
            rule_packs: evaluation.rule_packs().iter().map(ToString::to_string).collect(),
            proposed: proposed.clone(),
            facts: kept,
        }
    }
}

/// Takes the decision again, under the packs that judged then.
pub fn replay(snapshot: &Snapshot) -> Result<Explanation, ReplayError> {
    let named = |name: &String| {
        let known = packs::BOOK.iter().find(|pack| pack.id.to_string() == *name);
        known.copied().ok_or_else(|| ReplayError::UnknownPack(name.clone()))
    };
    let book = snapshot.rule_packs.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    let evaluation =
        packs::evaluate_with(&book, &snapshot.facts, &snapshot.proposed, snapshot.span);
    Ok(evaluation.explain(snapshot.at))
}

#[cfg(test)]
mod tests;
