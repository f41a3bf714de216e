//! What the agency owes by the calendar and by its licences; it concerns no person.
//!
//! A day that the calendar brings is known ahead: such an obligation may open after the instant asked
//! about, and is open until its day.

use chrono::{Datelike as _, Months};
use duly_domain::{Date, DebtClass, Instant, Zone};
use serde::{Deserialize, Serialize};

use super::history::{Fact, Looking, Sign};
use super::{Obligation, Reach, course};
use crate::facts::{City, Event, Licence, Region};
use crate::rules::local_time::{minus, plus};

mod table;

pub use table::AGENCY;

/// Policy: a licence comes up for renewal so many days before its day.
const AHEAD_DAYS: u64 = 90;
/// N.C.G.S. 58-70-10: days before expiry.
const NC_RENEWAL_DAYS: u64 = 30;
/// Fla. Stat. 559.545: commercial registrations are renewed from October 1 to December 31.
const FL_RENEWAL_FROM: (u32, u32) = (10, 1);
/// The day of the waiver's end: a revocation then ends all automated calls and texts. DA 26-12.
const REVOKE_ALL_FROM: Date = Date::from_ymd_opt(2027, 1, 31).expect("a day");

/// What is known of the agency itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyFacts {
    /// Its zone.
    pub zone: Zone,
    /// Its licences, ended ones too. A licence that lasts longer, for the same place and class, renews one.
    pub licences: Vec<Licence>,
    /// What took place: reports filed, remittances, postings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
}

/// What the agency owes, as it stands at an instant: what is due from one day to another, both included,
/// what is still owed from before, and what is owed without a day.
pub fn agency_due(facts: &AgencyFacts, from: Date, until: Date, as_of: Instant) -> Vec<Obligation> {
    let mut look = Looking {
        as_of,
        zone: facts.zone,
        accounts: &[],
        points: &[],
        consents: &[],
        cases: &[],
        licences: &facts.licences,
        person_zones: Vec::new(),
        history: Vec::new(),
    };
    let told = facts.events.iter().map(Fact::told).filter(|fact| fact.at <= as_of);
    let mut history: Vec<Fact> = told.collect();
    history.extend(calendar(&look, &history, from, until));
    look.keep(history);
    let asked = |owed: &Obligation| match owed.due.on() {
        Some(on) => on <= until && (on >= from || owed.is_owed()) && held(&look, owed, on),
        None => owed.is_owed(),
    };
    let mut all: Vec<Obligation> =
        AGENCY.iter().flat_map(|duty| course::obligations(duty, &look)).filter(asked).collect();
    all.sort_by_cached_key(Obligation::order);
    all
}

/// Whether the agency held the licence of a duty that comes with one when it opened, or until it was due.
fn held(look: &Looking<'_>, owed: &Obligation, on: Date) -> bool {
    let Reach::Licensed(code) = owed.duty.reach else { return true };
    let opened = owed.opened_at.map(|at| look.date(at));
    look.licences.iter().filter(|licence| licence.region.state.code() == code).any(|licence| {
        licence.from <= on && licence.to.is_none_or(|to| opened.is_none_or(|opened| to >= opened))
    })
}

/// What the calendar brings: licences that end, months, years, named days.
fn calendar(look: &Looking<'_>, told: &[Fact], from: Date, until: Date) -> Vec<Fact> {
    let starts = |day: Date| look.zone.start_of_day(day);
    let stating = |sign, at: Date, on| Fact { on: Some(on), ..Fact::new(sign, starts(at)) };
    let mut all = vec![stating(
        Sign::DayNamed,
        minus(REVOKE_ALL_FROM, AHEAD_DAYS),
        minus(REVOKE_ALL_FROM, 1),
    )];
    for licence in look.licences {
        let Some(on) = renew_by(licence) else { continue };
        let opens = renewal_opens(licence, on);
        let (region, class) = (Some(licence.region), licence.class);
        all.push(Fact { region, class, ..stating(Sign::LicenceEnding, opens, on) });
    }
    // Nothing is owed of the time before the agency's first licence or event.
    let licences = look.licences.iter().map(|licence| licence.from);
    let begins = licences.chain(told.iter().map(|fact| look.date(fact.at))).min();
    let begins = begins.unwrap_or(from);
    // A year's and a month's duties fall due within the year after it.
    for year in (from.year() - 1).max(begins.year())..=until.year() {
        all.extend(
            Date::from_ymd_opt(year, 1, 1).map(|day| Fact::new(Sign::YearBegan, starts(day))),
        );
        for month in 1..=12 {
            let first = Date::from_ymd_opt(year, month, 1);
            let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
            let month = next.filter(|next| *next > begins);
            all.extend(month.map(|next| stating(Sign::MonthEnded, next, minus(next, 1))));
        }
    }
    all
}

/// The day by which a licence is renewed: its last day, or the earlier one that the place sets.
pub(crate) fn renew_by(licence: &Licence) -> Option<Date> {
    let to = licence.to?;
    let in_year = |year, month, day| Date::from_ymd_opt(year, month, day).filter(|on| *on <= to);
    let set =
        |month, day| in_year(to.year(), month, day).or_else(|| in_year(to.year() - 1, month, day));
    let Region { state, city } = licence.region;
    let day = match (state.code(), city) {
        (_, Some(City::NewYork)) => {
            let odd = if to.year() % 2 == 0 { to.year() - 1 } else { to.year() };
            in_year(odd, 1, 31).or_else(|| in_year(odd - 2, 1, 31))
        }
        ("WA" | "AZ", None) => set(12, 31),
        ("FL", None) if licence.class == Some(DebtClass::Commercial) => set(12, 31),
        ("MN", None) => set(6, 30),
        ("NC", None) => Some(minus(to, NC_RENEWAL_DAYS)),
        _ => None,
    };
    // A day that the place sets before the licence begins is the one before.
    Some(day.filter(|day| *day >= licence.from).unwrap_or(to))
}

fn renewal_opens(licence: &Licence, on: Date) -> Date {
    let commercial = licence.class == Some(DebtClass::Commercial);
    let (month, day) = FL_RENEWAL_FROM;
    match licence.region.state.code() {
        "FL" if commercial => {
            Date::from_ymd_opt(on.year(), month, day).filter(|day| *day <= on).unwrap_or(on)
        }
        _ => minus(on, AHEAD_DAYS),
    }
}

/// Whether a licence that lasts longer is there, without a gap. Rows do not say when they came: it counts
/// from when the renewal came up.
pub(crate) fn renewed(look: &Looking<'_>, _: &Obligation, by: &Fact) -> Option<Instant> {
    let same = |one: &&Licence| Some(one.region) == by.region && one.class == by.class;
    let ending = look.licences.iter().filter(same).find(|one| renew_by(one) == by.on)?;
    let longer = |next: &Licence| {
        let wide = next.class.is_none() || next.class == ending.class;
        let lasts = next.to.is_none_or(|to| ending.to.is_some_and(|ended| to > ended));
        let no_gap = ending.to.is_none_or(|ended| next.from <= plus(ended, 1));
        next.region == ending.region && wide && lasts && no_gap
    };
    look.licences.iter().any(longer).then_some(by.at.min(look.as_of))
}
