//! 12 CFR 1006.42(b): the validation notice after the initial communication, the original creditor's name
//! and the answer to a dispute are sent electronically only with the consent of 15 USC 7001(c). A validation
//! notice in the initial communication itself is not listed there.
//!
//! Policy: consent given to the creditor is not used for the agency's notices, as the text does not settle
//! it.

use duly_domain::Effect;

use super::{Case, Findings, Regime, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Consent, ConsentFor, GivenTo};
use crate::proposed::Purpose;
use crate::span::Span;

static LAW: Ground = Ground::law("esign", "12 CFR 1006.42(b)");
static TO_COLLECTOR: Ground = Ground::policy("esign", "policy esign.to_collector");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if !proposed.medium.is_electronic() || !proposed.purpose.is_disclosure() {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        if proposed.purpose == Purpose::ValidationNotice && is_initial(case, account) {
            continue;
        }
        let given = |consent: &&Consent| {
            consent.what == ConsentFor::Esign
                && consent.account.is_none_or(|named| named == account)
                && consent.medium.is_none_or(|medium| medium == proposed.medium)
                && (consent.point.is_none() || consent.point == proposed.point)
        };
        let lasts = |to| {
            let consents = case.facts.consents.iter().filter(given);
            let consents = consents.filter(move |consent: &&Consent| consent.given_to == to);
            consents.map(|consent| standing(consent.from, consent.ends())).collect::<Vec<_>>()
        };
        let to_creditor = lasts(GivenTo::Creditor);
        let ground = if to_creditor.is_empty() { &LAW } else { &TO_COLLECTOR };
        let fact = "the person did not consent to receive required notices electronically";
        let evidence = Evidence::Known { fact, since: None };
        let blocked = Blocked { span: Span::ALWAYS, effect: Effect::Deny, ground, evidence };
        out.block_outside(blocked, &lasts(GivenTo::Agency));
    }
}

/// Whether nothing about the debt was conveyed to the person before.
fn is_initial(case: &Case<'_>, account: duly_domain::AccountId) -> bool {
    let mut rows = case.rows.iter().filter(|(_, row)| row.id == account);
    rows.all(|(_, row)| row.first_spoken_at.is_none() && row.first_written_at.is_none())
}

#[cfg(test)]
mod tests;
