//! What a duty is: one row of a table.

use std::fmt;

use chrono::Duration;
use duly_domain::business_day::{Skip, business_days_after, business_days_before};
use duly_domain::{AccountId, Date, DebtClass, DebtorKind, Force, Instant};

use super::Obligation;
use super::history::{Fact, Looking, Sign};
use crate::facts::{Account, City};
use crate::rules::local_time::{minus, plus};

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something to do once, for each fact that asks for it.
    Duty,
    /// Something that every act of a kind must carry, for as long as it stands.
    Standing,
    /// No duty: a permission, or a bar, that ends.
    Timer,
}

/// Whose debts it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Debts {
    /// Consumer debts.
    Consumer,
    /// Every debt.
    All,
    /// Every debt that a natural person owes.
    NaturalPerson,
}

/// Where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everywhere.
    Everywhere,
    /// Where a number or address says that the person may be in this state.
    State(&'static str),
    /// In this city.
    City(City),
    /// Where the agency is licensed.
    Licensed(&'static str),
}

/// What an obligation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Each account that it concerns.
    Account,
    /// The person, whatever the account.
    Person,
    /// The number or address.
    Point,
    /// The agency.
    Agency,
}

/// When it is due.
#[derive(Debug, Clone, Copy)]
pub enum Term {
    /// In the same act.
    InTheAct,
    /// So many calendar days, counted from the day after. 0: that day.
    Days(u64),
    /// So many business days, counted from the day after; the earlier reading of 5 U.S.C. 6103.
    BusinessDays(u32),
    /// On the day that the fact states.
    StatedDay,
    /// So many years after the day that the fact states, or its own.
    Years(u32),
    /// Before the duty's act.
    BeforeAct,
    /// No day.
    NoDay,
    /// As this says.
    By(fn(&Looking<'_>, &Fact) -> Due),
}

/// When one obligation is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// In the same act.
    InTheAct,
    /// By the end of a day of the agency.
    By {
        /// The first day on which it can be met; `None`: at once.
        from: Option<Date>,
        /// The last day.
        on: Date,
        /// The first instant after it.
        until: Instant,
    },
    /// Before an act that it stands in the way of.
    Before(&'static str),
    /// No day is set.
    NoDay,
}

impl Due {
    /// By the end of a day.
    pub(crate) fn by(look: &Looking<'_>, on: Date) -> Self {
        Self::By { from: None, on, until: look.end_of(on) }
    }

    /// Until an instant, which is shown by the agency's day.
    pub(crate) fn until(look: &Looking<'_>, until: Instant) -> Self {
        let last = until.checked_sub_signed(Duration::nanoseconds(1)).unwrap_or(until);
        Self::By { from: None, on: look.date(last), until }
    }

    /// The last day.
    pub fn on(&self) -> Option<Date> {
        match self {
            Self::By { on, .. } => Some(*on),
            Self::InTheAct | Self::Before(_) | Self::NoDay => None,
        }
    }

    /// The first instant that is too late.
    pub fn ends(&self) -> Option<Instant> {
        match self {
            Self::By { until, .. } => Some(*until),
            Self::InTheAct | Self::Before(_) | Self::NoDay => None,
        }
    }
}

impl Term {
    /// When an obligation is due that this fact opened.
    pub(crate) fn due(&self, look: &Looking<'_>, fact: &Fact, act: Option<&Act>) -> Due {
        let day = look.date(fact.at);
        match self {
            Self::InTheAct => Due::InTheAct,
            Self::Days(days) => Due::by(look, plus(day, *days)),
            Self::BusinessDays(days) => {
                Due::by(look, business_days_after(day, *days, Skip::Stated))
            }
            Self::StatedDay => fact.on.map_or(Due::NoDay, |on| Due::by(look, on)),
            Self::Years(years) => {
                let on = fact.on.unwrap_or(day).checked_add_months(chrono::Months::new(years * 12));
                Due::by(look, on.unwrap_or(Date::MAX))
            }
            Self::BeforeAct => act.map_or(Due::NoDay, |act| Due::Before(act.what)),
            Self::NoDay => Due::NoDay,
            Self::By(says) => says(look, fact),
        }
    }

    /// The window of business days before a stated day: not more than the first number, not less than
    /// the second, such that either reading of 5 U.S.C. 6103 is satisfied.
    pub(crate) fn window(look: &Looking<'_>, on: Date, most: u32, least: u32) -> Due {
        let from = business_days_before(on, most, Skip::Stated);
        let last = business_days_before(on, least, Skip::ObservedToo);
        Due::By { from: Some(from), on: last, until: look.end_of(last) }
    }

    /// So many calendar days before a stated day.
    pub(crate) fn before(look: &Looking<'_>, on: Date, days: u64) -> Due {
        Due::by(look, minus(on, days))
    }
}

/// An act that an obligation stands in the way of: where it takes place first, the obligation lapses.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// In plain words.
    pub what: &'static str,
    /// By what it is known to have taken place.
    pub signs: &'static [Sign],
    /// Whether the act alone asks for what had to come before it, planned or not.
    pub asks: bool,
    pub(crate) fits: Option<Fits>,
}

impl Act {
    /// An act that only stands in the way of what was opened before.
    pub(crate) const fn of(what: &'static str, signs: &'static [Sign]) -> Self {
        Self { what, signs, asks: false, fits: None }
    }

    /// An act that, planned or not, must come after what it asks for.
    pub(crate) const fn planned(what: &'static str, signs: &'static [Sign]) -> Self {
        Self { asks: true, ..Self::of(what, signs) }
    }

    /// The same where the fact of the act, seen beside what opened the obligation, is such an act.
    pub(crate) const fn where_it(self, fits: Fits) -> Self {
        Self { fits: Some(fits), ..self }
    }
}

/// What it blocks. The rule that blocks is one of [`crate::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// Nothing.
    Nothing,
    /// As long as it is owed.
    WhileOwed(&'static str),
    /// Once it lapsed, until it is met.
    OnceLapsed(&'static str),
}

/// Whether a fact opens it for an account.
pub type When = fn(&Looking<'_>, &Fact, Option<&Account>) -> bool;

/// Whether a fact meets an obligation that the first fact opened.
pub type Fits = fn(&Looking<'_>, &Fact, &Fact) -> bool;

/// When an obligation was met by what no single fact tells.
pub type AlsoMet = fn(&Looking<'_>, &Obligation, &Fact) -> Option<Instant>;

/// One duty, or one timer.
#[derive(Clone, Copy)]
pub struct Duty {
    /// The stable code.
    pub code: &'static str,
    /// What must be done, or what ends, in plain words; names no person.
    pub what: &'static str,
    /// What discharges it, in plain words.
    pub met: &'static str,
    /// The citation, the policy's name, or that it is not verified: then nothing is cited.
    pub authority: &'static str,
    /// What it rests on.
    pub force: Force,
    /// What its day rests on: a duty of law may have a day of policy.
    pub day: Force,
    /// A duty, a standing one, or a timer.
    pub kind: Kind,
    /// Whose debts.
    pub debts: Debts,
    /// Where.
    pub reach: Reach,
    /// About what.
    pub per: Per,
    /// What it blocks.
    pub blocks: Blocks,
    pub(crate) opens: &'static [Sign],
    pub(crate) when: Option<When>,
    pub(crate) term: Term,
    pub(crate) met_by: &'static [Sign],
    pub(crate) fits: Option<Fits>,
    pub(crate) also_met: Option<AlsoMet>,
    pub(crate) act: Option<Act>,
    pub(crate) broken_by: &'static [Sign],
    /// One fact meets the oldest one only.
    pub(crate) each: bool,
    /// Opens at the first fact only.
    pub(crate) once: bool,
    /// What meets it opens it anew.
    pub(crate) renews: bool,
}

impl PartialEq for Duty {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Duty {}

impl fmt::Debug for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// A duty of law about each consumer account, that nothing opens yet.
pub(crate) const LAW: Duty = Duty {
    code: "",
    what: "",
    met: "",
    authority: "",
    force: Force::Law,
    day: Force::Law,
    kind: Kind::Duty,
    debts: Debts::Consumer,
    reach: Reach::Everywhere,
    per: Per::Account,
    blocks: Blocks::Nothing,
    opens: &[],
    when: None,
    term: Term::NoDay,
    met_by: &[],
    fits: None,
    also_met: None,
    act: None,
    broken_by: &[],
    each: false,
    once: false,
    renews: false,
};

/// A duty of policy about each account.
pub(crate) const POLICY: Duty =
    Duty { force: Force::Policy, day: Force::Policy, debts: Debts::All, ..LAW };

/// A duty that is shown and never cited.
pub(crate) const UNVERIFIED: Duty =
    Duty { force: Force::Unverified, day: Force::Unverified, ..LAW };

/// A permission that law ends.
pub(crate) const TIMER: Duty = Duty { kind: Kind::Timer, renews: true, ..LAW };

/// What every act must carry by law, met in the act itself.
pub(crate) const STANDING: Duty = Duty { kind: Kind::Standing, term: Term::InTheAct, ..LAW };

impl Duty {
    /// Whether it concerns an account.
    pub(crate) fn concerns(&self, row: &Account) -> bool {
        match self.debts {
            Debts::Consumer => row.class == DebtClass::Consumer,
            Debts::NaturalPerson => row.kind == DebtorKind::Person,
            Debts::All => true,
        }
    }

    /// Whether it holds for the person at all.
    pub(crate) fn reaches(&self, look: &Looking<'_>) -> bool {
        match self.reach {
            Reach::Everywhere => true,
            Reach::State(code) => look.in_state(code),
            Reach::City(city) => look.regions().any(|region| region.city == Some(city)),
            Reach::Licensed(code) => look.licensed_in(code),
        }
    }

    /// The accounts about which a fact opens it.
    pub(crate) fn accounts<'a>(
        &'a self,
        look: &'a Looking<'_>,
        fact: &'a Fact,
    ) -> impl Iterator<Item = &'a Account> {
        look.accounts.iter().filter(move |row| {
            let named = |account: Option<AccountId>| account.is_none_or(|id| id == row.id);
            // A stop whose scope is the debt, and that names none, reaches the debts of its party.
            let party = fact.account.is_some()
                || !self.opens_by_party(fact)
                || fact.party.is_none_or(|party| party == row.party);
            named(fact.account) && party && self.concerns(row)
        })
    }

    fn opens_by_party(&self, fact: &Fact) -> bool {
        use duly_domain::StopKind::{Attorney, Cease};
        matches!(fact.sign, Sign::Stopped(Attorney | Cease))
    }
}
