//! 47 CFR 64.1200(a)(12): one text may confirm a revocation, and says nothing else; 12 CFR 1006.14(h)(2)(i) is
//! as narrow for consumer debts. Policy: within five minutes, in which it is presumed within the consent,
//! or not at all.

use chrono::Duration;
use duly_domain::StopKind;

use super::super::{Case, Findings, standing};
use super::consent::{CONFIRMED_WITHIN_MINUTES, covers};
use crate::blocked::{Evidence, Ground, Required};
use crate::facts::EventKind;
use crate::medium::Medium;
use crate::proposed::Purpose;

const RULE: &str = "opt_out_confirmation";
static ONCE: Ground = Ground::law(RULE, "47 CFR 64.1200(a)(12)");
static AT_ONCE: Ground = Ground::policy(RULE, "policy tcpa.revoke_confirm");

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if proposed.medium != Medium::Text || proposed.purpose != Purpose::OptOutConfirmation {
        return;
    }
    out.require(Required::ConfirmationOnly, &ONCE);
    let stops = case.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut);
    for stop in stops.filter(|stop| covers(case, stop)) {
        let late = stop.from.checked_add_signed(Duration::minutes(CONFIRMED_WITHIN_MINUTES));
        let since = Some(case.agency_date(stop.from));
        let fact = "the opt-out came more than five minutes ago";
        let late = standing(late.unwrap_or(stop.from), stop.until);
        out.deny(late, &AT_ONCE, Evidence::Known { fact, since });
        let confirmed = case.facts.attempts.iter().filter(|attempt| {
            attempt.purpose == Purpose::OptOutConfirmation
                && attempt.medium == Medium::Text
                && attempt.counted
                && attempt.point == proposed.point
                && attempt.at >= stop.from
        });
        let told = case.facts.events.iter().filter(|event| {
            event.kind == EventKind::OptOutConfirmed
                && event.medium.is_none_or(|named| named == Medium::Text)
                && (event.point.is_none() || event.point == proposed.point)
                && event.at >= stop.from
        });
        let sent = confirmed.map(|attempt| attempt.at).chain(told.map(|event| event.at)).min();
        if let Some(sent) = sent {
            let what = "confirmations of this opt-out";
            out.deny(standing(sent, stop.until), &ONCE, Evidence::TooMany { what, count: 1 });
        }
    }
}

#[cfg(test)]
mod tests;
