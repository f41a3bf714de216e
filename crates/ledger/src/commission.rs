//! The agency's commission on one account, as a function of the payments that survive.
//!
//! `C` sums over **segments**: schedule version, stage and kind, each with its own cumulative. A
//! payment is priced by the segment in force on its payment date, and a later segment never re-prices
//! an earlier one. Inside: select the rate, apply the event factor, sum, apply the minimum, apply the
//! cap, round once. A line's commission is the rounded `C` up to it less the rounded `C` before it, so
//! lines always sum to the whole.

use std::collections::BTreeMap;

use duly_domain::{
    BalanceBucket, ClientPolicy, Date, FeeCap, FeeRates, FeeSchedule, Money, MoneyError, PaymentId,
    Rate, Stage, TierBase, TierMode,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// By which way something that earns came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Released trust money, received by the agency or a forwarder: earns `Fa`.
    Trust,
    /// Paid to the client: earns `Fd`.
    Direct,
    /// A client's credit that earns, e.g. returned goods. Not collected; earns `Fd`.
    Credit,
}

/// What an event does to its rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The rate as it stands.
    Full,
    /// Half the rate, e.g. for returned goods.
    Half,
    /// Nothing, e.g. inside a free demand. Does not move the cumulative either.
    Free,
}

/// Something that earns: a surviving released payment, direct payment or credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earning {
    /// The payment, to find the line again. Decides nothing.
    pub id: PaymentId,
    /// The payment date.
    pub paid_on: Date,
    /// The reference under which it was received.
    pub reference: String,
    /// How far the claim was on the payment date.
    pub stage: Stage,
    /// How it came about.
    pub source: Source,
    /// What it does to the rate.
    pub factor: Factor,
    /// What it paid, by bucket, without overpayment.
    pub buckets: BTreeMap<BalanceBucket, Money>,
}

/// A fee schedule with the time and stage for which it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleVersion {
    /// The version of the client's policy that brought it.
    pub version: u32,
    /// The first day on which it is in force.
    pub effective_on: Date,
    /// For one stage only, or for every stage that has none of its own.
    pub stage: Option<Stage>,
    /// The schedule.
    pub schedule: FeeSchedule,
}

/// All that prices one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pricing {
    listed: Money,
    listed_on: Date,
    versions: Vec<ScheduleVersion>,
}

/// A segment, as lines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Segment {
    version: u32,
    stage: Stage,
    credit: bool,
}

/// How far a segment has come, in minor units: where it started, and what it priced itself.
struct Cumulative {
    carried: i64,
    own: i64,
}

/// Commission that cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommissionError {
    /// No schedule covers every stage.
    #[error("an account needs a fee schedule that covers every stage")]
    NoSchedule,
    /// Amounts do not fit or mix currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A part of a line that one rate priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portion {
    /// How much.
    pub money: Money,
    /// The schedule's rate.
    pub rate: Rate,
    /// What the event did to it.
    pub factor: Factor,
}

/// What one earning came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// The payment.
    pub id: PaymentId,
    /// How it came about.
    pub source: Source,
    /// The schedule version that priced it.
    pub version: u32,
    /// The part of it that earns.
    pub commissionable: Money,
    /// The parts and their rates. Minimum and cap may change what they come to.
    pub portions: Vec<Portion>,
    /// Its commission.
    pub commission: Money,
}

/// The commission on an account, line by line in the order (payment date, reference, amount).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// The whole.
    pub total: Money,
    /// What each earning came to.
    pub lines: Vec<PricedLine>,
}

/// Why a line's commission changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Earned,
    /// Others came before it or went away, and it falls into other brackets now.
    Repriced,
    /// It did not survive.
    Reversed,
}

/// How the commission on one payment changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The payment.
    pub id: PaymentId,
    /// How it came about: decides whether the change belongs to `Fa` or `Fd`.
    pub source: Source,
    /// Why.
    pub kind: ChangeKind,
    /// What it was, zero if new.
    pub before: Money,
    /// What it is, zero if it did not survive.
    pub after: Money,
    /// What is posted: after less before.
    pub posted: Money,
    /// The schedule version of the line as it is, or was if it did not survive.
    pub version: u32,
    /// The parts of the line as it is, or was if it did not survive.
    pub portions: Vec<Portion>,
}

impl Pricing {
    /// The pricing of an account by explicit versions. `listed` is the amount at placement and
    /// `listed_on` the day; the minimum and the cap are those in force on that day.
    pub fn new(
        listed: Money,
        listed_on: Date,
        versions: Vec<ScheduleVersion>,
    ) -> Result<Self, CommissionError> {
        if versions.iter().all(|version| version.stage.is_some()) {
            return Err(CommissionError::NoSchedule);
        }
        Ok(Self { listed, listed_on, versions })
    }

    /// The pricing of an account by the versions of its client's policy.
    pub fn from_policies(
        listed: Money,
        listed_on: Date,
        policies: &[ClientPolicy],
    ) -> Result<Self, CommissionError> {
        let versions = policies.iter().map(|policy| ScheduleVersion {
            version: policy.version,
            effective_on: policy.effective_on,
            stage: None,
            schedule: policy.fee_schedule.clone(),
        });
        Self::new(listed, listed_on, versions.collect())
    }

    /// The schedule in force on a day: one for the stage if any had begun, else the latest general
    /// one that had begun, else the first general one.
    fn in_force(&self, on: Date, stage: Stage) -> Result<&ScheduleVersion, CommissionError> {
        let begins = |version: &&ScheduleVersion| (version.effective_on, version.version);
        let latest = |wanted: Option<Stage>| {
            let of_stage = self.versions.iter().filter(|version| version.stage == wanted);
            of_stage.filter(|version| version.effective_on <= on).max_by_key(begins)
        };
        let general = || self.versions.iter().filter(|version| version.stage.is_none());
        latest(Some(stage))
            .or_else(|| latest(None))
            .or_else(|| general().min_by_key(begins))
            .ok_or(CommissionError::NoSchedule)
    }

    /// Prices the earnings that survive, given in any order.
    pub fn price(&self, earnings: &[Earning]) -> Result<Priced, CommissionError> {
        let currency = self.listed.currency();
        let zero = Money::zero(currency);
        let mut ordered = Vec::with_capacity(earnings.len());
        for earning in earnings {
            let gross = Money::sum(currency, earning.buckets.values().copied())?;
            ordered.push((earning, gross.minor()));
        }
        // Source and factor only part earnings that are alike in everything that orders them.
        ordered.sort_by(|(left, left_gross), (right, right_gross)| {
            (left.paid_on, &left.reference, left_gross, left.source, left.factor).cmp(&(
                right.paid_on,
                &right.reference,
                right_gross,
                right.source,
                right.factor,
            ))
        });
        let account_terms = &self.in_force(self.listed_on, Stage::Agency)?.schedule;
        let mut sum = Running { exact: Decimal::ZERO, commissionable: zero, total: zero };
        let mut cumulative: BTreeMap<Segment, Cumulative> = BTreeMap::new();
        let mut lines = Vec::with_capacity(ordered.len());
        for (earning, _) in ordered {
            let in_force = self.in_force(earning.paid_on, earning.stage)?;
            let schedule = &in_force.schedule;
            let credit = earning.source == Source::Credit;
            let segment = Segment { version: in_force.version, stage: earning.stage, credit };
            let in_basis = earning
                .buckets
                .iter()
                .filter(|(bucket, _)| schedule.fee_basis.contains(bucket))
                .map(|(_, money)| *money);
            let commissionable = match earning.factor {
                Factor::Free => zero,
                Factor::Full | Factor::Half => Money::sum(currency, in_basis)?,
            };
            let carried = match cumulative.get(&segment) {
                None if schedule.carry_cum => cumulative
                    .iter()
                    .filter(|(earlier, _)| earlier.credit == credit)
                    .try_fold(0i64, |all, (_, earlier)| all.checked_add(earlier.own))
                    .ok_or(MoneyError::Overflow)?,
                Some(_) | None => 0,
            };
            let position = cumulative.entry(segment).or_insert(Cumulative { carried, own: 0 });
            let from = position.carried.checked_add(position.own).ok_or(MoneyError::Overflow)?;
            let portions = self.portions(schedule, from, commissionable, earning.factor)?;
            let own = position.own.checked_add(commissionable.minor());
            position.own = own.ok_or(MoneyError::Overflow)?;
            let commission = sum.add(account_terms, self.listed, commissionable, &portions)?;
            lines.push(PricedLine {
                id: earning.id,
                source: earning.source,
                version: in_force.version,
                commissionable,
                portions,
                commission,
            });
        }
        Ok(Priced { total: sum.total, lines })
    }

    /// Which rates price an amount that comes after `from` minor units of its segment.
    fn portions(
        &self,
        schedule: &FeeSchedule,
        from: i64,
        money: Money,
        factor: Factor,
    ) -> Result<Vec<Portion>, MoneyError> {
        if money.is_zero() {
            return Ok(Vec::new());
        }
        let at = |rate| vec![Portion { money, rate, factor }];
        let FeeRates::Tiered { tier_mode, tier_base, brackets } = &schedule.rates else {
            let FeeRates::Flat { rate } = &schedule.rates else { return Ok(Vec::new()) };
            return Ok(at(*rate));
        };
        let rate_of = |base: i64| {
            let bracket = brackets.iter().find(|bracket| bracket.up_to.is_none_or(|to| base <= to));
            bracket.map_or(Rate::ZERO, |bracket| bracket.rate)
        };
        let start = match (tier_mode, tier_base) {
            (TierMode::Whole, TierBase::PlacedAmount) => {
                return Ok(at(rate_of(self.listed.minor())));
            }
            (TierMode::Whole, TierBase::Payment) => return Ok(at(rate_of(money.minor()))),
            (TierMode::Marginal, TierBase::Payment) => 0,
            (TierMode::Marginal, TierBase::CollectedToDate) => from,
            (TierMode::Whole, TierBase::CollectedToDate)
            | (TierMode::Marginal, TierBase::PlacedAmount) => {
                unreachable!("a checked schedule has neither of these two combinations")
            }
        };
        let end = start.checked_add(money.minor()).ok_or(MoneyError::Overflow)?;
        let mut portions = Vec::new();
        let mut floor = 0;
        for bracket in brackets {
            let ceiling = bracket.up_to.unwrap_or(i64::MAX);
            let inside = end.min(ceiling) - start.max(floor);
            if inside > 0 {
                let money = Money::new(inside, money.currency());
                portions.push(Portion { money, rate: bracket.rate, factor });
            }
            floor = ceiling;
        }
        Ok(portions)
    }
}

/// `C` over the earnings so far.
struct Running {
    exact: Decimal,
    commissionable: Money,
    total: Money,
}

impl Running {
    /// Takes one more earning in and gives what it adds to the rounded whole.
    fn add(
        &mut self,
        terms: &FeeSchedule,
        listed: Money,
        commissionable: Money,
        portions: &[Portion],
    ) -> Result<Money, MoneyError> {
        let currency = listed.currency();
        for portion in portions {
            let factor = match portion.factor {
                Factor::Full => Decimal::ONE,
                Factor::Half => Decimal::new(5, 1),
                Factor::Free => Decimal::ZERO,
            };
            let exact = Decimal::from(portion.money.minor())
                .checked_mul(portion.rate.decimal() * factor)
                .and_then(|exact| exact.checked_add(self.exact));
            self.exact = exact.ok_or(MoneyError::Overflow)?;
        }
        self.commissionable = self.commissionable.add(commissionable)?;
        let least = terms.minimum.min(self.commissionable.minor());
        let raised = self.exact.max(Decimal::from(least));
        let capped = match terms.fee_cap {
            None => raised,
            Some(FeeCap::AmountMinor(most)) => raised.min(Decimal::from(most)),
            Some(FeeCap::ShareOfListed(share)) => {
                let most = Decimal::from(listed.minor()).checked_mul(share.decimal());
                raised.min(most.ok_or(MoneyError::Overflow)?)
            }
        };
        let total = Money::round_minor(capped, currency)?;
        let added = total.sub(self.total)?;
        self.total = total;
        Ok(added)
    }
}

impl Priced {
    /// What must be posted to come from this to `after`, line by line: lines that did not survive,
    /// then the others in order. Lines whose commission stays are left out. The posted amounts sum
    /// to `after.total - self.total`.
    pub fn changes_to(&self, after: &Self) -> Result<Vec<Change>, MoneyError> {
        let zero = Money::zero(self.total.currency());
        let by_id = |priced: &Self| -> BTreeMap<PaymentId, Money> {
            priced.lines.iter().map(|line| (line.id, line.commission)).collect()
        };
        let (was, is) = (by_id(self), by_id(after));
        let mut changes = Vec::new();
        for line in self.lines.iter().filter(|line| !is.contains_key(&line.id)) {
            changes.push(change(line, ChangeKind::Reversed, line.commission, zero)?);
        }
        for line in &after.lines {
            match was.get(&line.id) {
                None => changes.push(change(line, ChangeKind::Earned, zero, line.commission)?),
                Some(before) if *before != line.commission => {
                    changes.push(change(line, ChangeKind::Repriced, *before, line.commission)?);
                }
                Some(_) => {}
            }
        }
        Ok(changes)
    }
}

fn change(
    line: &PricedLine,
    kind: ChangeKind,
    before: Money,
    after: Money,
) -> Result<Change, MoneyError> {
    Ok(Change {
        id: line.id,
        source: line.source,
        kind,
        before,
        after,
        posted: after.sub(before)?,
        version: line.version,
        portions: line.portions.clone(),
    })
}

#[cfg(test)]
mod tests;
