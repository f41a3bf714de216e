//! New York State: 23 NYCRR Part 1 and General Business Law 601.
//!
//! What 23 NYCRR 1.2 and 1.3 make a letter say is in [`super::texts`]; when instructions and substantiation
//! are due is a duty. The limitation period is in [`crate::limitation`].

use crate::blocked::{Evidence, Ground};
use crate::facts::{DebtKind, EventKind};
use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::rules::{Case, Findings, Regime, standing};
use crate::span::Span;

use super::{consented, consumer, outside, shut};

static SUBSTANTIATION: Ground = Ground::law("state_dispute", "23 NYCRR 1.4");
static EMPLOYER: Ground = Ground::law("state_employer", "N.Y. Gen. Bus. Law 601(4)");
/// 23 NYCRR 1.6 was not read: only second-hand.
static EMAIL: Ground = Ground::unverified("state_email", "unverified state.ny.email");

/// Collection of a charged-off debt ceases from the request for substantiation until it is sent.
pub fn substantiation(case: &Case<'_>, out: &mut Findings) {
    if matches!(case.proposed.purpose, Purpose::Verification | Purpose::RequiredByLaw) {
        return;
    }
    for (regime, row) in &case.rows {
        // Whether it was charged off is not known: it is treated as if it was.
        if *regime != Regime::Consumer || row.claim.charged_off == Some(false) {
            continue;
        }
        let of = |kind| {
            let about = case.facts.events.iter().filter(move |event| event.kind == kind);
            about.filter(|event| event.account.is_none_or(|id| id == row.id))
        };
        for asked in of(EventKind::SubstantiationAsked) {
            let sent = of(EventKind::SubstantiationSent).map(|event| event.at);
            let until = sent.filter(|at| *at >= asked.at).min();
            let evidence = Evidence::Known {
                fact: "the person asked for substantiation of the charged-off debt",
                since: Some(case.agency_date(asked.at)),
            };
            out.deny(standing(asked.at, until), &SUBSTANTIATION, evidence);
        }
    }
}

/// No contact about the claim with the employer before a final judgment.
pub fn employer(case: &Case<'_>, out: &mut Findings) {
    let to_employer = case.proposed.recipient == Recipient::Employer;
    let judged = case.rows.iter().all(|(_, row)| row.claim.kind == DebtKind::Judgment);
    if consumer(case) && to_employer && case.proposed.purpose != Purpose::Location && !judged {
        let fact = "the employer is not told of a claim before a final judgment";
        out.deny(Span::ALWAYS, &EMPLOYER, Evidence::Known { fact, since: None });
    }
}

/// An e-mail needs the person's consent, and an address that is not the employer's.
pub fn email(case: &Case<'_>, out: &mut Findings) {
    if !consumer(case) || case.proposed.medium != Medium::Email {
        return;
    }
    let point = case.proposed.point.and_then(|id| case.facts.point(id));
    if point.is_some_and(|point| point.of_employer == Some(true)) {
        let evidence = Evidence::Known { fact: "the address is the employer's", since: None };
        shut(case, Span::ALWAYS, &EMAIL, evidence, out);
    }
    for account in case.debts(Regime::Consumer) {
        for gap in outside(consented(case, account)) {
            let evidence = Evidence::Missing("that the person consented to e-mail at this address");
            shut(case, gap, &EMAIL, evidence, out);
        }
    }
}

#[cfg(test)]
mod tests;
