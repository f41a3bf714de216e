//! The case that every rule reads: facts, attempt, and what follows from both at once.

use chrono_tz::Tz;
use duly_domain::{
    AccountId, Date, DebtClass, DebtorKind, Instant, PointId, StopKind, UsState, Zone,
};
use smallvec::SmallVec;

use super::local_time::{self, minus, plus, start_of_day};
use super::marks::Marks;
use crate::blocked::Evidence;
use crate::facts::{
    Account, Attempt, City, ConsentFor, Event, EventKind, Facts, Inbound, Point, PointState,
    Region, Stop,
};
use crate::medium::Medium;
use crate::proposed::{Initiator, Proposed, Purpose, Recipient};
use crate::span::{Span, utc_day};
use crate::zones::Zones;

/// Which rules an account falls under, by its debt and by who owes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// A consumer debt: Part 1006 binds by law.
    Consumer,
    /// A natural person on a commercial debt, a guarantor or sole proprietor: the same by policy.
    NaturalPerson,
    /// A business on a commercial debt.
    Business,
}

impl Regime {
    fn of(row: &Account) -> Self {
        match (row.class, row.kind) {
            (DebtClass::Consumer, _) => Self::Consumer,
            (DebtClass::Commercial, DebtorKind::Person) => Self::NaturalPerson,
            (DebtClass::Commercial, DebtorKind::Business) => Self::Business,
        }
    }

    /// Whether the debt is commercial.
    pub fn is_commercial(self) -> bool {
        self != Self::Consumer
    }
}

/// For how long an answer still responds to a contact. The comments say "once" and name no time: policy.
const RESPONSE_WITHIN_DAYS: u16 = 3;

/// Accounts with the regime under which each falls.
pub type Rows<'a> = SmallVec<[(Regime, &'a Account); 4]>;

/// Zones with their rules of time.
pub type ZoneList = SmallVec<[(Zone, Tz); 6]>;

/// What every rule reads: facts, attempt, and what follows from both at once.
#[derive(Debug)]
pub struct Case<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The attempt.
    pub proposed: &'a Proposed,
    /// The proposed accounts, one row for each party of the person that is liable on them.
    pub rows: Rows<'a>,
    /// Every zone in which the person may be.
    pub zones: ZoneList,
    /// Whether some number or address is in a zone that is not known.
    pub zone_unknown: bool,
    /// Every state and city in which some number or address that is not wrong says the person may be.
    pub regions: SmallVec<[Region; 4]>,
    /// The contact of the person that this attempt answers.
    pub answers: Option<&'a Inbound>,
    /// What is asked about. What ends before it, or begins after it, need not be found.
    pub(crate) asked: Span,
    /// A day that ended by every calendar before that.
    day_before: Date,
    /// What there is at all.
    marks: Marks,
}

impl<'a> Case<'a> {
    pub(crate) fn new(facts: &'a Facts, proposed: &'a Proposed, asked: Span) -> Self {
        let rows = facts.accounts.iter().filter(|row| proposed.accounts.contains(&row.id));
        let rows = rows.map(|row| (Regime::of(row), row)).collect();
        Self::of_rows(facts, proposed, asked, rows)
    }

    /// The same of these rows, under these regimes: a rule that runs one set of rules on what another law
    /// covers.
    pub(crate) fn of_rows(
        facts: &'a Facts,
        proposed: &'a Proposed,
        asked: Span,
        rows: Rows<'a>,
    ) -> Self {
        let (zones, zone_unknown) = candidate_zones(facts, proposed.point);
        let answers = match proposed.initiator {
            Initiator::Agency => None,
            // A session is answered for as long as it lasts, anything else once.
            Initiator::Debtor => facts.inbound.iter().rev().find(|inbound| {
                (!inbound.answered || inbound.ended_at.is_some())
                    && inbound.medium == proposed.medium
                    && (inbound.point.is_none() || inbound.point == proposed.point)
            }),
        };
        let regions = candidate_regions(facts, proposed.point);
        let marks = Marks::of(facts, &rows, &regions);
        let day_before = minus(utc_day(asked.from), 2);
        Self {
            facts,
            proposed,
            rows,
            zones,
            zone_unknown,
            regions,
            answers,
            asked,
            day_before,
            marks,
        }
    }

    /// Whether a proposed account falls under a regime.
    pub fn any(&self, regime: Regime) -> bool {
        self.marks.regime(regime)
    }

    /// Whether some number or address says that the person may be in a state.
    pub fn may_be_in(&self, state: UsState) -> bool {
        self.marks.state(state)
    }

    /// Whether some number or address says that the person may be in a city.
    pub fn may_be_in_city(&self, city: City) -> bool {
        self.marks.city(city)
    }

    /// Whether a stop of this kind is among the facts, at whatever time.
    pub fn has_stop(&self, kind: StopKind) -> bool {
        self.marks.stop(kind)
    }

    /// Whether a consent to this is among the facts, whoever has it and at whatever time.
    pub fn has_consent(&self, what: ConsentFor) -> bool {
        self.marks.consent(what)
    }

    /// Whether an event of this kind is among the facts, at whatever time.
    pub fn has_event(&self, kind: EventKind) -> bool {
        self.marks.event(kind)
    }

    /// Whether something was tried, or took place, by this medium.
    pub fn has_attempt_by(&self, medium: Medium) -> bool {
        self.marks.tried(medium)
    }

    /// Whether any attempt was a conversation.
    pub fn has_conversation(&self) -> bool {
        self.marks.conversations > 0
    }

    /// How many calls count, about whatever debt.
    pub fn counted_calls(&self) -> usize {
        self.marks.calls
    }

    /// How many electronic messages count, about whatever debt.
    pub fn counted_messages(&self) -> usize {
        self.marks.messages
    }

    /// Whether two accounts are one debt to those who count calls.
    pub fn one_debt(&self, account: AccountId, other: AccountId) -> bool {
        account == other
            || (self.marks.shared_counters
                && self.facts.counter(account) == self.facts.counter(other))
    }

    /// What was tried about a debt, and what took place, oldest first.
    pub fn attempts_about(&self, account: AccountId) -> impl Iterator<Item = &'a Attempt> + '_ {
        self.facts.attempts.iter().filter(move |attempt| self.one_debt(attempt.account, account))
    }

    /// The time in which this attempt is the one response to a contact of the person. What is shown in a
    /// session that the person opened is one while the session lasts, and none after it (comment
    /// 6(b)(1)-2).
    pub fn answering(&self) -> Option<Span> {
        self.answers.map(|inbound| match inbound.ended_at {
            None => Span::days(inbound.at, RESPONSE_WITHIN_DAYS),
            Some(ended) => Span::new(inbound.at, ended),
        })
    }

    /// The time in which it is the one response at the same time of day (comment 6(b)(1)-2): within the
    /// shut stretch in which the contact came, which `shut_at` tells. A session goes on to its end.
    pub(crate) fn answering_within(
        &self,
        shut_at: impl Fn(Instant) -> Option<Span>,
    ) -> Option<Span> {
        let answering = self.answering()?;
        if self.answers.is_some_and(|inbound| inbound.ended_at.is_some()) {
            return Some(answering);
        }
        let judged = Some(answering.from).filter(|at| Span::JUDGED.contains(*at));
        judged.and_then(shut_at).map(|shut| answering.intersect(shut))
    }

    /// The events of a kind that concern a debt: this account, or the person.
    pub(crate) fn events(
        &self,
        kind: EventKind,
        account: AccountId,
    ) -> impl Iterator<Item = &'a Event> + use<'a> {
        let of = move |event: &&Event| {
            event.kind == kind && event.account.is_none_or(|named| named == account)
        };
        self.facts.events.iter().filter(of)
    }

    /// The first instant after so many whole days of the agency's calendar, the day of the fact not
    /// counted.
    pub(crate) fn days_gone(&self, since: Instant, days: u64) -> Instant {
        let tz = self.facts.agency.hours.zone.tz();
        start_of_day(tz, plus(local_time::date(tz, since), days + 1))
    }

    /// When a day of the agency begins; one that lies days before what is asked about, before all time.
    pub(crate) fn day_starts(&self, day: Date) -> Instant {
        if day <= self.day_before {
            return Instant::MIN_UTC;
        }
        start_of_day(self.facts.agency.hours.zone.tz(), day)
    }

    /// Whether from one day to another, both included, is all that is asked about, by any calendar.
    pub(crate) fn asked_within(&self, from: Date, to: Option<Date>) -> bool {
        from <= self.day_before && to.is_none_or(|to| plus(utc_day(self.asked.until), 2) <= to)
    }

    /// What was tried, or took place, in so many days before what is asked about, and later; oldest first.
    pub(crate) fn attempts_since(&self, days: u64) -> &'a [Attempt] {
        let since = minus(utc_day(self.asked.from), days);
        let attempts = &self.facts.attempts;
        let gone = attempts.iter().rev().take_while(|attempt| utc_day(attempt.at) >= since);
        &attempts[attempts.len() - gone.count()..]
    }

    /// The agency's legal date at an instant.
    pub fn agency_date(&self, at: Instant) -> Date {
        local_time::date(self.facts.agency.hours.zone.tz(), at)
    }

    /// Whether the medium is a call.
    pub fn is_call(&self) -> bool {
        self.proposed.medium == Medium::Call
    }

    /// Whether a point is known to be somebody else's.
    pub fn is_wrong(&self, point: Option<PointId>) -> bool {
        self.marks.wrong_points
            && point
                .and_then(|id| self.facts.point(id))
                .is_some_and(|point| point.state == PointState::Wrong)
    }

    /// Whether an attempt was made to the person that is called now: limits of calls are counted for each
    /// person by itself, the debtor and whoever else is a consumer for 12 CFR 1006.6 as one (policy).
    pub fn same_person(&self, attempt: &Attempt) -> bool {
        let (now, then) = (self.proposed.recipient, attempt.recipient);
        if now.is_consumer() {
            return then.is_consumer();
        }
        // A call to acquire location information was one to somebody else, whoever is written down.
        let asked = attempt.purpose == Purpose::Location && then == Recipient::Debtor;
        (now == then || asked) && self.same_holder(attempt.point)
    }

    /// Whether a number is of somebody else's who is called now. Where either is not known, it is taken to be.
    pub fn same_holder(&self, point: Option<PointId>) -> bool {
        let (Some(now), Some(then)) = (self.proposed.point, point) else { return true };
        let holder = |id| self.facts.point(id).and_then(|point| point.third_party);
        now == then || holder(now).is_some() && holder(now) == holder(then)
    }

    /// The proposed debts under a regime, each once.
    pub fn debts(&self, regime: Regime) -> impl Iterator<Item = AccountId> + '_ {
        self.proposed
            .accounts
            .iter()
            .copied()
            .filter(move |id| self.rows.iter().any(|(of, row)| *of == regime && row.id == *id))
    }

    /// The zones by whose calendars days are told: those in which the person may be; the agency's where
    /// none is known.
    pub fn dating_zones(&self) -> impl Iterator<Item = Tz> + '_ {
        let agency = self.zones.is_empty().then(|| self.facts.agency.hours.zone.tz());
        self.zones.iter().map(|(_, tz)| *tz).chain(agency)
    }

    /// Whether a stop whose scope is the debt reaches this account: it names the account, or it names
    /// none and its party is liable on it. Another party of the same person does not escape it.
    pub fn reaches_debt(&self, stop: &Stop, account: AccountId) -> bool {
        match stop.account {
            Some(named) => named == account,
            None => self.rows.iter().any(|(_, row)| row.id == account && row.party == stop.party),
        }
    }
}

/// Whether a number or address tells where the person is: not one that is somebody else's, unless it is the
/// one that is used.
fn tells(point: &Point, used: Option<PointId>) -> bool {
    point.state != PointState::Wrong && (point.third_party.is_none() || used == Some(point.id))
}

fn candidate_regions(facts: &Facts, used: Option<PointId>) -> SmallVec<[Region; 4]> {
    let mut regions: SmallVec<[Region; 4]> = SmallVec::new();
    for point in facts.points.iter().filter(|point| tells(point, used)) {
        if let Some(region) = point.region.filter(|region| !regions.contains(region)) {
            regions.push(region);
        }
    }
    regions
}

/// Every zone in which the person may be, with the number or address that is used; and whether one is not
/// known.
pub(crate) fn candidate_zones(facts: &Facts, used: Option<PointId>) -> (ZoneList, bool) {
    let mut zones = ZoneList::new();
    let mut unknown = false;
    for point in facts.points.iter().filter(|point| tells(point, used)) {
        match &point.zones {
            Zones::NoSignal => {}
            Zones::Unknown => unknown = true,
            Zones::In(all) => {
                unknown |= all.is_empty();
                for zone in all {
                    if zones.iter().any(|(known, _)| known == zone) {
                        continue;
                    }
                    zones.push((*zone, zone.tz()));
                }
            }
        }
    }
    (zones, unknown)
}

/// Finds stops whose scope is the debt, with each proposed account under these regimes that one reaches.
pub(crate) fn debt_stops<'a>(
    case: &Case<'a>,
    kind: StopKind,
    reach: impl Fn(Regime) -> bool,
    mut found: impl FnMut(&'a Stop, &'a Account, Evidence),
) {
    if !case.has_stop(kind) {
        return;
    }
    for stop in case.facts.stops.iter().filter(|stop| stop.kind == kind) {
        let evidence = Evidence::Stop { kind, since: case.agency_date(stop.from) };
        for (at, (regime, row)) in case.rows.iter().enumerate() {
            // Several parties of the person may be liable on one account: it is one debt.
            let again = case.rows[..at].iter().any(|(_, other)| other.id == row.id);
            if !again && reach(*regime) && case.reaches_debt(stop, row.id) {
                found(stop, row, evidence);
            }
        }
    }
}

/// Finds stops whose scope is the person: every debt, every party, every medium.
pub(crate) fn person_stops(case: &Case<'_>, kind: StopKind, mut found: impl FnMut(Span, Evidence)) {
    if !case.has_stop(kind) {
        return;
    }
    for stop in case.facts.stops.iter().filter(|stop| stop.kind == kind) {
        let evidence = Evidence::Stop { kind, since: case.agency_date(stop.from) };
        found(standing(stop.from, stop.until), evidence);
    }
}

/// From the fact until it ended.
pub(crate) fn standing(from: Instant, until: Option<Instant>) -> Span {
    Span { from, until: until.unwrap_or(Instant::MAX_UTC) }
}
