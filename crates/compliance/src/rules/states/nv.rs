//! Nevada: NRS 649.366. A medical debt: written notice by mail not less than 60 days before any action to
//! collect. Contact that the debtor begins in the meantime waives nothing.

use duly_domain::Instant;

use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{DebtKind, EventKind};
use crate::proposed::Purpose;
use crate::rules::local_time::{date, plus};
use crate::rules::{Case, Findings, Regime};
use crate::span::Span;

use super::{agency_day, first};

static LAW: Ground = Ground::law("state_medical_notice", "NRS 649.366");
/// Of which kind a debt is must be known before it can be said that no notice is needed.
static KIND_UNKNOWN: Ground =
    Ground::policy("state_medical_notice", "policy state.nv.kind_unknown");

/// Not less than 60 days before any action to collect. NRS 649.366.
const NOTICE_DAYS: u64 = 60;

/// Every medium: the notice itself, and what else the law asks for, passes.
pub fn medical(case: &Case<'_>, out: &mut Findings) {
    if matches!(case.proposed.purpose, Purpose::RequiredByLaw | Purpose::CeaseNotice) {
        return;
    }
    for (_, row) in case.rows.iter().filter(|(regime, _)| *regime == Regime::Consumer) {
        let (ground, unknown) = match row.claim.kind {
            DebtKind::Medical => (&LAW, false),
            DebtKind::Unknown => (&KIND_UNKNOWN, true),
            DebtKind::CreditCard
            | DebtKind::Loan
            | DebtKind::StudentLoan
            | DebtKind::Mortgage
            | DebtKind::Services
            | DebtKind::Goods
            | DebtKind::OpenAccount
            | DebtKind::Judgment => continue,
        };
        // The day of mailing is none of the sixty.
        let ends = |at| {
            let zone = case.facts.agency.hours.zone.tz();
            agency_day(case, plus(date(zone, at), NOTICE_DAYS + 1))
        };
        let mailed = first(case, EventKind::MedicalNoticeMailed, row.id);
        let until = mailed.map_or(Instant::MAX_UTC, ends);
        let evidence = match (mailed, unknown) {
            (None, false) => Evidence::Missing("that the notice of a medical debt was mailed"),
            (_, true) => Evidence::Missing("whether the debt is medical"),
            (Some(at), false) => Evidence::Known {
                fact: "sixty days have not passed since the notice of the medical debt was mailed",
                since: Some(case.agency_date(at)),
            },
        };
        let effect = if unknown { duly_domain::Effect::Hold } else { duly_domain::Effect::Deny };
        out.block(Blocked { span: Span { until, ..Span::ALWAYS }, effect, ground, evidence });
    }
}

#[cfg(test)]
mod tests;
