//! 11 USC 1301(a): while somebody else who owes the same consumer debt is in a case under chapter 13, nothing is
//! collected of it from an individual who is liable on it or secured it. Not where that individual became
//! liable in the ordinary course of its own business, and not after the case was closed, dismissed or
//! converted to chapter 7 or 11.
//!
//! Chapter 12 knows the like (11 USC 1201, not verified, so held). No other chapter does: who guaranteed the
//! debts of a company, or owes beside a debtor under chapter 7 or 11, may be worked.

use duly_domain::DebtorKind;

use super::{Case, Findings, Regime, standing};
use crate::blocked::{Evidence, Ground};
use crate::facts::{Chapter, EventKind, FiledBy};

static LAW: Ground = Ground::law("codebtor_stay", "11 USC 1301(a)");
static FARMERS: Ground = Ground::unverified("codebtor_stay", "unverified bk.codebtor12");
static CHAPTER: Ground = Ground::policy("codebtor_stay", "policy bankruptcy.chapter_unknown");

/// Consumer debts of individuals.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    for account in case.debts(Regime::Consumer) {
        let individual = |(_, row): &(_, &crate::facts::Account)| {
            row.id == account && row.kind == DebtorKind::Person
        };
        if !case.rows.iter().any(individual) {
            continue;
        }
        let others = case.facts.bankruptcies.iter().filter(|filed| {
            filed.filed_by == FiledBy::CoDebtor
                && filed.account.is_none_or(|named| named == account)
                && filed.ordinary_course != Some(true)
        });
        for filed in others {
            let span = super::bankruptcy::stay(case, filed);
            let evidence = Evidence::Known { fact: FACT, since: Some(filed.filed_on) };
            match filed.chapter {
                Chapter::Chapter13 => out.deny(span, &LAW, evidence),
                Chapter::Chapter12 => out.hold(span, &FARMERS, evidence),
                Chapter::Unknown => {
                    let evidence = Evidence::Missing(
                        "under which chapter somebody else who owes the debt is in bankruptcy",
                    );
                    out.hold(span, &CHAPTER, evidence);
                }
                Chapter::Chapter7 | Chapter::Chapter9 | Chapter::Chapter11 | Chapter::Chapter15 => {
                }
            }
        }
        // A report of such a filing, before the case is known, or of one that is no row.
        let told = case.facts.events.iter().filter(|event| {
            event.kind == EventKind::CoDebtorFiled13
                && event.account.is_none_or(|named| named == account)
        });
        for report in told {
            let ended = case.facts.events.iter().filter(|event| {
                event.kind == EventKind::BankruptcyEnded
                    && event.matter.is_some()
                    && event.matter == report.matter
                    && event.at >= report.at
            });
            let since = Some(case.agency_date(report.at));
            let span = standing(report.at, ended.map(|event| event.at).min());
            out.deny(span, &LAW, Evidence::Known { fact: FACT, since });
        }
    }
}

const FACT: &str = "somebody else who owes this debt is in bankruptcy under chapter 12 or 13";

#[cfg(test)]
mod tests;
