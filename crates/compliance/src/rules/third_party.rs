//! 12 CFR 1006.6(d)(1): about a debt nobody is communicated with but the consumer as 1006.6(a) widens the
//! term, counsel, a consumer reporting agency and the creditor. (d)(2): except to acquire location
//! information ([`super::location`]), with the consumer's own consent given to the agency, where a court
//! expressly permits it, or as necessary for a remedy after judgment.
//!
//! A commanding officer is somebody else like any other.

use duly_domain::AccountId;

use super::lifted::permissions;
use super::{Case, Findings, Regime, standing};
use crate::blocked::{Evidence, Ground};
use crate::facts::{ConsentFor, DebtKind, EventKind, GivenTo};
use crate::proposed::{Purpose, Recipient};
use crate::span::Span;

static LAW: Ground = Ground::law("third_party", "12 CFR 1006.6(d)(1)");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let outsider = match case.proposed.recipient {
        Recipient::Employer | Recipient::ThirdParty => true,
        Recipient::Debtor
        | Recipient::Spouse
        | Recipient::ParentOfMinor
        | Recipient::Guardian
        | Recipient::Estate
        | Recipient::SuccessorInInterest
        | Recipient::DebtorsAttorney
        | Recipient::ReportingAgency
        | Recipient::Creditor
        | Recipient::AgencysAttorney => false,
    };
    if !outsider || case.proposed.purpose == Purpose::Location {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        let shut = Span::ALWAYS.outside(&permitted(case, account));
        let remedy = case.proposed.purpose == Purpose::PostjudgmentRemedy;
        for span in shut {
            match kind(case, account) {
                DebtKind::Judgment if remedy => {}
                DebtKind::Unknown if remedy => {
                    out.hold(span, &LAW, Evidence::Missing("whether a judgment stands"));
                }
                _ => {
                    let fact =
                        "the debt is spoken of with the person and counsel, and with nobody else";
                    out.deny(span, &LAW, Evidence::Known { fact, since: None });
                }
            }
        }
    }
}

fn kind(case: &Case<'_>, account: AccountId) -> DebtKind {
    let row = case.rows.iter().find(|(_, row)| row.id == account);
    row.map_or(DebtKind::Unknown, |(_, row)| row.claim.kind)
}

/// While the consumer consents or a court permits.
fn permitted(case: &Case<'_>, account: AccountId) -> Vec<Span> {
    let proposed = case.proposed;
    let consents = case.facts.consents.iter().filter(|consent| {
        consent.what == ConsentFor::ThirdParty
            && consent.given_to == GivenTo::Agency
            && consent.account.is_none_or(|named| named == account)
            && consent.medium.is_none_or(|named| named == proposed.medium)
            && (consent.point.is_none() || consent.point == proposed.point)
    });
    let debts = [account];
    let courts: Vec<Span> = permissions(case, EventKind::CourtPermitted, &debts).collect();
    consents.map(|consent| standing(consent.from, consent.ends())).chain(courts).collect()
}

#[cfg(test)]
mod tests;
