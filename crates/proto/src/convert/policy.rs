//! A client's policy. The fee schedule's flat rate is one bracket without an end on the wire.

use std::str::FromStr;

use duly_domain::{
    BalanceBucket, Bracket, ClientPolicy, Currency, Date, FeeCap, FeeRates, FeeSchedule, FeeTerms,
    HoldDays, PaymentMethod, PolicyTerms, Rate, TierBase, TierMode,
};

use super::{Misfit, date_opt, date_to_wire};
use crate::common::v1 as wire;

/// The policy of a message, as this version from this date on.
///
/// # Errors
/// The field that does not fit, or the rule of the trade that the policy breaks.
pub fn policy_from_wire(
    policy: &wire::ClientPolicy,
    version: u32,
    effective_on: Date,
) -> Result<ClientPolicy, Misfit> {
    let currency = Currency::from_str(&policy.currency)
        .map_err(|e| Misfit::new("policy.currency", e.to_string()))?;
    let method = policy.remit_method().try_into().map_err(|e: Misfit| e.within("policy"))?;
    let schedule = policy
        .fee_schedule
        .as_ref()
        .ok_or_else(|| Misfit::missing("policy.fee_schedule"))
        .and_then(|s| schedule_from_wire(s).map_err(|e| e.within("policy.fee_schedule")))?;
    let mut terms = PolicyTerms::new(version, effective_on, currency, method, schedule);
    terms.offset_consent_on =
        date_opt("policy.offset_consent_on", policy.offset_consent_on.as_ref())?;
    terms.hold_days = hold_days_from_wire(&policy.hold_days)?;
    if !policy.allocation_order.is_empty() {
        terms.allocation_order = buckets("policy.allocation_order", &policy.allocation_order)?;
    }
    ClientPolicy::new(terms).map_err(|e| Misfit::new("policy", e.to_string()))
}

fn hold_days_from_wire(listed: &[wire::HoldDays]) -> Result<HoldDays, Misfit> {
    let mut days = HoldDays::default();
    for entry in listed {
        let field = "policy.hold_days";
        let method = PaymentMethod::from_str(&entry.method)
            .map_err(|e| Misfit::new(field, e.to_string()))?;
        let value = u16::try_from(entry.days)
            .map_err(|_| Misfit::new(field, "is negative or too large"))?
            .into();
        match method {
            PaymentMethod::Cash => days.cash = value,
            PaymentMethod::Cheque => days.cheque = value,
            PaymentMethod::Ach => days.ach = value,
            PaymentMethod::Card => days.card = value,
            PaymentMethod::Wire => days.wire = value,
            PaymentMethod::Other => days.other = value,
        }
    }
    Ok(days)
}

fn buckets(field: &str, codes: &[String]) -> Result<Vec<BalanceBucket>, Misfit> {
    codes
        .iter()
        .map(|code| BalanceBucket::from_str(code).map_err(|e| Misfit::new(field, e.to_string())))
        .collect()
}

fn schedule_from_wire(schedule: &wire::FeeSchedule) -> Result<FeeSchedule, Misfit> {
    let brackets = schedule
        .brackets
        .iter()
        .map(|bracket| {
            let rate = Rate::from_str(&bracket.rate)
                .map_err(|e| Misfit::new("brackets.rate", e.to_string()))?;
            Ok(Bracket { up_to: bracket.up_to_minor, rate })
        })
        .collect::<Result<Vec<_>, Misfit>>()?;
    let rates = match brackets.as_slice() {
        [] => return Err(Misfit::missing("brackets")),
        [Bracket { up_to: None, rate }] => FeeRates::Flat { rate: *rate },
        _ => FeeRates::Tiered {
            tier_mode: TierMode::try_from(schedule.tier_mode())?,
            tier_base: TierBase::try_from(schedule.tier_base())?,
            brackets,
        },
    };
    let mut terms = FeeTerms::of(rates);
    if !schedule.fee_basis.is_empty() {
        terms.fee_basis = buckets("fee_basis", &schedule.fee_basis)?;
    }
    terms.minimum = schedule.minimum_minor.unwrap_or(0);
    terms.fee_cap = schedule.fee_cap_minor.map(FeeCap::AmountMinor);
    FeeSchedule::new(terms).map_err(|e| Misfit::new("brackets", e.to_string()))
}

/// The policy on the wire.
#[must_use]
pub fn policy_to_wire(policy: &ClientPolicy) -> wire::ClientPolicy {
    let codes = |buckets: &[BalanceBucket]| {
        buckets.iter().map(|bucket| bucket.as_str().to_owned()).collect()
    };
    let fees = &policy.fee_schedule;
    let mut schedule = wire::FeeSchedule {
        version: policy.version.to_string(),
        fee_basis: codes(&fees.fee_basis),
        minimum_minor: (fees.minimum != 0).then_some(fees.minimum),
        fee_cap_minor: match fees.fee_cap {
            Some(FeeCap::AmountMinor(minor)) => Some(minor),
            Some(FeeCap::ShareOfListed(_)) | None => None,
        },
        ..wire::FeeSchedule::default()
    };
    let bracket = |up_to_minor, rate: Rate| wire::FeeBracket {
        up_to_minor,
        rate: rate.decimal().normalize().to_string(),
    };
    match &fees.rates {
        FeeRates::Flat { rate } => schedule.brackets.push(bracket(None, *rate)),
        FeeRates::Tiered { tier_mode, tier_base, brackets } => {
            schedule.set_tier_mode((*tier_mode).into());
            schedule.set_tier_base((*tier_base).into());
            schedule.brackets = brackets.iter().map(|b| bracket(b.up_to, b.rate)).collect();
        }
    }
    wire::ClientPolicy {
        remit_method: wire::RemitMethod::from(policy.remit_method).into(),
        offset_consent_on: policy.offset_consent_on.map(date_to_wire),
        currency: policy.currency.code().to_owned(),
        fee_schedule: Some(schedule),
        hold_days: PaymentMethod::ALL
            .iter()
            .map(|method| wire::HoldDays {
                method: method.as_str().to_owned(),
                days: i32::try_from(policy.hold_days.days(*method)).unwrap_or(i32::MAX),
            })
            .collect(),
        allocation_order: codes(&policy.allocation_order),
    }
}
