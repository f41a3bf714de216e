//! What the content must say. 12 CFR 1006.18(e): in the initial communication, and where that was oral
//! again in the initial written one, that it attempts to collect a debt and that information obtained
//! will be used for that purpose; in each later one that it is from a debt collector. 12 CFR 1006.6(e):
//! in every electronic message, attempts included, a simple way to opt out of messages to that address.
//! 12 CFR 1006.18(e)(4): the disclosure stands in the language of the rest.
//!
//! They are owed to the consumer: somebody asked for a location must not be told of a debt (1006.10(b)(2)). A
//! limited-content message carries nothing but its own items (comment 18(e)-1, 1006.2(j)).

use super::{Case, Findings, Regime};
use crate::blocked::{Ground, Required};
use crate::medium::Medium;
use crate::proposed::{Proposed, Purpose};

static INITIAL: Ground = Ground::law("mini_miranda", "12 CFR 1006.18(e)(1)");
static LATER: Ground = Ground::law("from_debt_collector", "12 CFR 1006.18(e)(2)");
static LANGUAGE: Ground = Ground::law("disclosure_language", "12 CFR 1006.18(e)(4)");
static LIMITED: Ground = Ground::law("limited_content", "12 CFR 1006.2(j)");
static OPT_OUT: Ground = Ground::law("opt_out_line", "12 CFR 1006.6(e)");
static OPT_OUT_COMMERCIAL: Ground = Ground::policy("opt_out_line", "policy commercial.opt_out");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if !case.any(Regime::Consumer) {
        return;
    }
    let Proposed { medium, purpose, recipient, .. } = *case.proposed;
    // A confirmation of an opt-out says nothing else (1006.14(h)(2)(i)).
    if purpose == Purpose::OptOutConfirmation
        || purpose == Purpose::Location
        || !recipient.is_consumer()
    {
        return;
    }
    // It exists as a voicemail only.
    if case.proposed.limited_content && medium == Medium::Call {
        out.require(Required::LimitedContent, &LIMITED);
        return;
    }
    let spoken = matches!(medium, Medium::Call | Medium::Visit);
    let mut consumer = case.rows.iter().filter(|(of, _)| *of == Regime::Consumer);
    let initial = consumer.any(|(_, row)| match (row.first_written_at, row.first_spoken_at) {
        (None, None) => true,
        (None, Some(_)) => !spoken,
        (Some(_), _) => false,
    });
    if initial {
        out.require(Required::MiniMiranda, &INITIAL);
    } else {
        out.require(Required::FromDebtCollector, &LATER);
    }
    if case.proposed.other_language {
        out.require(Required::DisclosureLanguage, &LANGUAGE);
    }
    if medium.is_electronic() {
        out.require(Required::OptOutLine, &OPT_OUT);
    }
}

/// Commercial debts: the opt-out line, whose answer the agency honours.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    let commercial = case.any(Regime::NaturalPerson) || case.any(Regime::Business);
    let confirmation = case.proposed.purpose == Purpose::OptOutConfirmation;
    if commercial && !confirmation && case.proposed.medium.is_electronic() {
        out.require(Required::OptOutLine, &OPT_OUT_COMMERCIAL);
    }
}

#[cfg(test)]
mod tests;
