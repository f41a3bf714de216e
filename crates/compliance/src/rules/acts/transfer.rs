//! 12 CFR 1006.30(b)(1): a debt that is known, or should be known, to be paid, settled or discharged in bankruptcy
//! is not sold, transferred for consideration or placed. One of which notice came that it stems from identity
//! theft is not either (15 USC 1681m(f), comment 30(b)(1)-2).

use duly_domain::Effect;

use super::super::{Case, Findings, Regime};
use crate::acts::Act;
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{AccountState, EventKind, FiledBy};
use crate::span::Span;

static LAW: Ground = Ground::law("transfer", "12 CFR 1006.30(b)(1)");
static THEFT: Ground = Ground::law("transfer_identity_theft", "15 USC 1681m(f)");

/// Consumer debts.
pub fn federal(case: &Case<'_>, act: Act, out: &mut Findings) {
    if act != Act::Transfer {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        let mut rows = case.rows.iter().filter(|(_, row)| row.id == account);
        if rows.any(|(_, row)| row.state == AccountState::Settled) {
            out.deny(Span::ALWAYS, &LAW, Evidence::Account(AccountState::Settled));
        }
        let events = case.facts.events.iter();
        for event in events.filter(|event| event.account.is_none_or(|named| named == account)) {
            let (ground, fact) = match event.kind {
                EventKind::Paid => (&LAW, "the debt is paid"),
                EventKind::Settled => (&LAW, "the debt is settled"),
                EventKind::Discharged => (&LAW, "the debt was discharged in bankruptcy"),
                EventKind::IdentityTheft => (&THEFT, "the debt stems from identity theft"),
                _ => continue,
            };
            let evidence = Evidence::Known { fact, since: Some(case.agency_date(event.at)) };
            out.deny(Span::since(event.at), ground, evidence);
        }
        for filed in &case.facts.bankruptcies {
            let (Some(ended), FiledBy::Person) = (filed.ended_at, filed.filed_by) else { continue };
            let (effect, evidence) = match filed.discharged {
                Some(false) => continue,
                Some(true) => {
                    let fact = "the debt was discharged in bankruptcy";
                    (Effect::Deny, Evidence::Known { fact, since: Some(filed.filed_on) })
                }
                None => {
                    (Effect::Hold, Evidence::Missing("whether the bankruptcy ended in a discharge"))
                }
            };
            out.block(Blocked { span: Span::since(ended), effect, ground: &LAW, evidence });
        }
    }
}

#[cfg(test)]
mod tests;
