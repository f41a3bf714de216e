//! 12 CFR 1006.22(c): an instrument postdated by more than five days is deposited only after a written notice of the
//! intent, sent not more than ten nor less than three days before the deposit, Saturdays, Sundays and the
//! holidays of 5 USC 6103(a) left out; and no postdated instrument before its date.
//!
//! Whether a day on which a holiday is observed counts is not said: a deposit must suit both readings.

use duly_domain::business_day::{Skip, business_days_after};
use duly_domain::{AccountId, Date};

use super::super::{Case, Findings, Regime, local_time};
use crate::acts::Act;
use crate::blocked::{Evidence, Ground};
use crate::facts::{Event, EventKind};
use crate::span::Span;

static NOTICE: Ground = Ground::law("deposit_notice", "12 CFR 1006.22(c)(1)");
static EARLY: Ground = Ground::law("deposit_early", "12 CFR 1006.22(c)");

/// "Postdated by more than five days". 12 CFR 1006.22(c)(1).
const POSTDATED_DAYS: i64 = 5;
/// "Not more than ten [...] days" before the deposit.
const NOTICE_DAYS_MAX: u32 = 10;
/// "Nor less than three days" before it.
const NOTICE_DAYS_MIN: u32 = 3;

/// Consumer debts.
pub fn federal(case: &Case<'_>, act: Act, out: &mut Findings) {
    let Act::Deposit { dated_on } = act else { return };
    for account in case.debts(Regime::Consumer) {
        let Some(accepted) = of(case, EventKind::PostdatedAccepted, account, dated_on).last()
        else {
            let evidence = Evidence::Missing("when the instrument was accepted");
            out.hold(Span::ALWAYS, &NOTICE, evidence);
            continue;
        };
        let begins = |day| case.facts.agency.hours.zone.start_of_day(day);
        let early = Span { until: begins(dated_on), ..Span::ALWAYS };
        let evidence = Evidence::Known { fact: "the instrument is dated later", since: None };
        out.deny(early, &EARLY, evidence);
        let accepted_on = case.agency_date(accepted.at);
        if dated_on.signed_duration_since(accepted_on).num_days() <= POSTDATED_DAYS {
            continue;
        }
        let notices = of(case, EventKind::DepositNoticeSent, account, dated_on);
        let open: Vec<Span> = notices
            .filter(|notice| accepted.matter.is_none() || notice.matter == accepted.matter)
            .map(|notice| {
                let (first, last) = window(case.agency_date(notice.at));
                Span::new(begins(first), begins(local_time::plus(last, 1)))
            })
            .collect();
        for span in Span::ALWAYS.outside(&open) {
            let fact = "no notice of the deposit was sent three to ten business days before";
            out.deny(span, &NOTICE, Evidence::Known { fact, since: None });
        }
    }
}

/// The first and the last day of a deposit that a notice sent on this day announces in time, by both
/// readings of observed holidays.
pub fn window(sent_on: Date) -> (Date, Date) {
    let first = business_days_after(sent_on, NOTICE_DAYS_MIN, Skip::ObservedToo);
    // The eleventh business day is too late; the days before it that are none are not.
    let late = business_days_after(sent_on, NOTICE_DAYS_MAX + 1, Skip::Stated);
    (first, local_time::minus(late, 1))
}

/// The events of a kind about this instrument, in order.
fn of<'a>(
    case: &'a Case<'_>,
    kind: EventKind,
    account: AccountId,
    dated_on: Date,
) -> impl Iterator<Item = &'a Event> + use<'a> {
    case.facts.events.iter().filter(move |event| {
        event.kind == kind
            && event.on == Some(dated_on)
            && event.account.is_none_or(|named| named == account)
    })
}

#[cfg(test)]
mod tests;
