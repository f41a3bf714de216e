//! 12 CFR 1006.38(c): after a written request, within the validation period, for the name and address of
//! the original creditor, collection of the debt ceases until they are sent, or the notice that the creditor
//! is the same.
//!
//! Whether it came in time is told by the end date that the notice printed (1006.34(c)(3)); where none is
//! known it is held.

use duly_domain::{AccountId, Effect, Instant};

use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Event, EventKind};
use crate::span::Span;

static LAW: Ground = Ground::law("original_creditor", "12 CFR 1006.38(c)");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.purpose.is_answer() || case.proposed.recipient.is_professional() {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        for request in case.events(EventKind::OriginalCreditorAsked, account) {
            let (effect, evidence) = match timely(case, account, request) {
                Some(false) => continue,
                Some(true) => {
                    let fact = "the person asked for the original creditor and was not answered";
                    let since = Some(case.agency_date(request.at));
                    (Effect::Deny, Evidence::Known { fact, since })
                }
                None => {
                    let what = "whether the original creditor was asked for in time";
                    (Effect::Hold, Evidence::Missing(what))
                }
            };
            // An answer that names no account answers for none.
            let sent = case
                .events(EventKind::OriginalCreditorSent, account)
                .filter(|event| event.account == Some(account) && event.at >= request.at);
            let sent = sent.map(|event| event.at).min();
            let span = Span::new(request.at, sent.unwrap_or(Instant::MAX_UTC));
            out.block(Blocked { span, effect, ground: &LAW, evidence });
        }
    }
}

/// Whether a request came by the last end date that a notice about the debt printed.
fn timely(case: &Case<'_>, account: AccountId, request: &Event) -> Option<bool> {
    let notices = case.events(EventKind::ValidationSent, account);
    let end = notices.filter_map(|notice| notice.on).max()?;
    Some(case.agency_date(request.at) <= end)
}

#[cfg(test)]
mod tests;
