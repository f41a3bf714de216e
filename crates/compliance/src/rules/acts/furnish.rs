//! 12 CFR 1006.30(a)(1): nothing is furnished to a consumer reporting agency before the consumer was spoken to
//! about the debt in person or by telephone, or was written to and a reasonable time went by in which
//! nothing came back as undeliverable. Fourteen consecutive days are reasonable, the day of sending being
//! the first (comments 30(a)(1)-2, -3); what comes back within them means another try.
//!
//! A message that nobody answered, or a limited-content one, is no speaking (policy).
//!
//! 12 CFR 1006.18(c)(2): a disputed debt is furnished as disputed; of a dispute in another form, or one that
//! was answered, by policy.

use duly_domain::{AccountId, Instant};

use super::super::{Case, Findings, Regime, local_time};
use crate::acts::Act;
use crate::blocked::{Evidence, Ground, Required};
use crate::facts::{DisputeForm, EventKind};
use crate::span::Span;

static LAW: Ground = Ground::law("furnish", "12 CFR 1006.30(a)(1)");
static DISPUTED: Ground = Ground::law("furnish_disputed", "12 CFR 1006.18(c)(2)");
static DISPUTED_OTHERWISE: Ground = Ground::policy("furnish_disputed", "policy furnish.disputed");

/// A reasonable time for what was sent to come back. Comment 30(a)(1)-2: "14 consecutive days".
const WAIT_DAYS: u64 = 14;

/// Consumer debts.
pub fn federal(case: &Case<'_>, act: Act, out: &mut Findings) {
    if act != Act::Furnish {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        let first = spoken(case, account).chain(written(case, account)).min();
        let until = first.unwrap_or(Instant::MAX_UTC);
        let fact = "the person was not yet spoken to about the debt, nor written to with fourteen days for the \
                    letter to come back";
        let span = Span::new(Instant::MIN_UTC, until);
        out.deny(span, &LAW, Evidence::Known { fact, since: None });
        disputed(case, account, out);
    }
}

/// When the consumer was spoken to about the debt.
fn spoken<'a>(case: &'a Case<'_>, account: AccountId) -> impl Iterator<Item = Instant> + use<'a> {
    let rows = case.rows.iter().filter(move |(_, row)| row.id == account);
    rows.filter_map(|(_, row)| row.first_spoken_at)
}

/// When the wait after each letter or message has gone by with nothing come back.
fn written(case: &Case<'_>, account: AccountId) -> impl Iterator<Item = Instant> {
    let about = move |named: Option<AccountId>| named.is_none_or(|named| named == account);
    let rows = case.rows.iter().filter(move |(_, row)| row.id == account);
    let first = rows.filter_map(|(_, row)| row.first_written_at).map(|at| (at, None));
    let sent = case.facts.events.iter().filter(move |event| {
        let is_written = matches!(
            event.kind,
            EventKind::Written | EventKind::ValidationSent | EventKind::EstateNoticeSent
        );
        is_written && about(event.account)
    });
    let sent = sent.map(|event| (event.at, event.point));
    first.chain(sent).filter_map(move |(at, point)| {
        let zone = case.facts.agency.hours.zone;
        let until = zone.start_of_day(local_time::plus(case.agency_date(at), WAIT_DAYS));
        let returned = case.facts.events.iter().any(|event| {
            event.kind == EventKind::Undeliverable
                && about(event.account)
                && (point.is_none() || event.point.is_none() || event.point == point)
                && Span::new(at, until).contains(event.at)
        });
        (!returned).then_some(until)
    })
}

fn disputed(case: &Case<'_>, account: AccountId, out: &mut Findings) {
    let disputes = case.facts.disputes.iter().filter(|dispute| dispute.account == account);
    let law = disputes
        .clone()
        .any(|dispute| dispute.form == DisputeForm::TimelyWritten && dispute.until.is_none());
    let told = case.facts.events.iter().any(|event| {
        let kind = event.kind;
        matches!(kind, EventKind::DisputedInWriting | EventKind::DisputedOrally)
            && event.account.is_none_or(|named| named == account)
    });
    if law {
        out.require(Required::ReportDisputed, &DISPUTED);
    } else if told || disputes.count() > 0 {
        out.require(Required::ReportDisputed, &DISPUTED_OTHERWISE);
    }
}

#[cfg(test)]
mod tests;
