//! The guard a second time, slowly: one instant at a time, each sentence of the text by itself, no stretch
//! of time anywhere. It shares the facts with the guard and nothing else.
//!
//! Written from 12 CFR 1006 with its comments, and from the texts of the states; where these leave a
//! choice, from the sentence in which the agency's policy is stated. Says which rules stand against an
//! attempt, by name, and whether each denies or holds, so that one that is wrong is not hidden behind
//! another.

use std::collections::BTreeMap;
use std::ops::Deref;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use duly_domain::{AccountId, DebtClass, DebtorKind, Effect, Instant, PointId, Zone};

use crate::*;

mod bankruptcy;
mod clock;
mod contract;
mod frequency;
mod hours;
mod licences;
mod lifted;
mod location;
mod notices;
mod paths;
mod places;
mod states;
mod stops;
mod tcpa;
mod waiting;

/// What stands against an attempt at one instant.
#[derive(Debug, Default)]
pub struct Said {
    /// By rule, the stronger effect where there are two.
    pub must: BTreeMap<&'static str, Effect>,
    /// Rules that may be named besides, as another reason says all that they do.
    pub may: Vec<(&'static str, Effect)>,
}

impl Said {
    fn deny(&mut self, rule: &'static str) {
        self.must.insert(rule, Effect::Deny);
    }

    fn hold(&mut self, rule: &'static str) {
        self.must.entry(rule).or_insert(Effect::Hold);
    }

    fn say(&mut self, rule: &'static str, effect: Effect) {
        match effect {
            Effect::Deny => self.deny(rule),
            _ => self.hold(rule),
        }
    }
}

/// Whose debt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owed {
    /// A consumer debt.
    Consumer,
    /// A commercial debt that a human owes.
    Human,
    /// A commercial debt that a business owes.
    Business,
}

/// A calendar, and the dates of the attempts in it.
#[derive(Debug)]
struct Calendar {
    tz: Tz,
    dates: Vec<NaiveDate>,
}

/// An attempt, and what follows from the facts at every instant alike.
#[derive(Debug)]
pub struct Asked<'a> {
    facts: &'a Facts,
    proposed: &'a Proposed,
    /// One row per proposed account and liable party.
    rows: Vec<(Owed, &'a Account)>,
    /// Every zone in which the person may be.
    zones: Vec<Tz>,
    /// Whether something that should tell a zone does not.
    unknown: bool,
    /// Every state and city in which the person may be.
    regions: Vec<Region>,
    /// The contact of the person that the attempt answers.
    contact: Option<&'a Inbound>,
    /// The calendars by which days are counted: of every place, else the agency's.
    calendars: Vec<Calendar>,
}

/// What stands against the attempt at an instant.
pub fn blocks(asked: &Asked<'_>, at: Instant) -> Said {
    let now = Now::new(asked, at);
    let mut said = Said::default();
    contract::judge(&now, &mut said);
    bankruptcy::judge(&now, &mut said);
    tcpa::judge(&now, &mut said);
    hours::agency(&now, &mut said);
    stops::commercial(&now, &mut said);
    part_1006(&now, &mut said);
    hours::judge(&now, &mut said);
    notices::policies(&now, &mut said);
    waiting::judge(&now, &mut said);
    frequency::limits(&now, &mut said);
    licences::judge(&now, &mut said);
    states::judge(&now, &mut said);
    said
}

/// What binds consumer debts alone, and what binds humans on commercial ones by the same words. Hours are
/// apart.
fn part_1006(now: &Now<'_>, said: &mut Said) {
    stops::consumer(now, said);
    stops::wishes(now, said);
    places::judge(now, said);
    paths::judge(now, said);
    location::judge(now, said);
    notices::judge(now, said);
    frequency::judge(now, said);
    tcpa::voicemail(now, said);
}

impl<'a> Asked<'a> {
    pub fn of(facts: &'a Facts, proposed: &'a Proposed) -> Self {
        let rows = facts.accounts.iter().filter(|row| proposed.accounts.contains(&row.id));
        let owed = |row: &'a Account| match (row.class, row.kind) {
            (DebtClass::Consumer, _) => (Owed::Consumer, row),
            (DebtClass::Commercial, DebtorKind::Person) => (Owed::Human, row),
            (DebtClass::Commercial, DebtorKind::Business) => (Owed::Business, row),
        };
        Self::about(facts, proposed, rows.map(owed).collect())
    }

    fn about(facts: &'a Facts, proposed: &'a Proposed, rows: Vec<(Owed, &'a Account)>) -> Self {
        let (mut zones, mut regions, mut unknown) = (Vec::new(), Vec::new(), false);
        // Somebody else's number or address tells nothing of the person; of a third party it tells only
        // where it is the one that is used.
        let tells = |point: &&Point| {
            point.state != PointState::Wrong
                && (point.third_party.is_none() || Some(point.id) == proposed.point)
        };
        for point in facts.points.iter().filter(tells) {
            match &point.zones {
                Zones::NoSignal => {}
                Zones::Unknown => unknown = true,
                Zones::In(some) => zones.extend(some.iter().copied().map(tz)),
            }
            regions.extend(point.region);
        }
        zones.sort_by_key(|zone: &Tz| zone.name());
        zones.dedup();
        // Who wrote or called is answered once, in that medium; the latest contact. A session is answered
        // for as long as it lasts.
        let contact = facts
            .inbound
            .iter()
            .filter(|contact| !contact.answered || contact.ended_at.is_some())
            .filter(|contact| contact.medium == proposed.medium)
            .rfind(|contact| contact.point.is_none() || contact.point == proposed.point)
            .filter(|_| proposed.initiator == Initiator::Debtor);
        let home = vec![tz(facts.agency.hours.zone)];
        let calendars = if zones.is_empty() { &home } else { &zones };
        let dates = |tz: Tz| facts.attempts.iter().map(|attempt| day(tz, attempt.at)).collect();
        let calendars = calendars.iter().map(|tz| Calendar { tz: *tz, dates: dates(*tz) });
        let calendars = calendars.collect();
        Self { facts, proposed, rows, zones, unknown, regions, contact, calendars }
    }

    /// Whether some proposed debt is a consumer's: Part 1006 reaches it.
    fn consumer(&self) -> bool {
        self.rows.iter().any(|(owed, _)| *owed == Owed::Consumer)
    }

    /// Whether a human is protected by the words of Part 1006, by law or by policy.
    fn human(&self) -> bool {
        self.rows.iter().any(|(owed, _)| *owed != Owed::Business)
    }

    /// The rows of consumer debts.
    fn consumers(&self) -> impl Iterator<Item = &'a Account> + '_ {
        self.rows.iter().filter(|(owed, _)| *owed == Owed::Consumer).map(|(_, row)| *row)
    }

    /// Whether the law demands it, or the person asked for it: the agency's own order of things does not
    /// stand in its way.
    fn owed(&self) -> bool {
        matches!(
            self.proposed.purpose,
            Purpose::ValidationNotice
                | Purpose::CeaseNotice
                | Purpose::RequiredByLaw
                | Purpose::Verification
                | Purpose::OriginalCreditor
                | Purpose::OptOutConfirmation
        )
    }

    /// Whether it goes to one of those of 6(d)(1)(ii) to (vi): counsel, bureau, creditor.
    fn professional(&self) -> bool {
        matches!(
            self.proposed.recipient,
            Recipient::DebtorsAttorney
                | Recipient::ReportingAgency
                | Recipient::Creditor
                | Recipient::AgencysAttorney
        )
    }

    /// Whether it goes to a consumer as 6(a) widens the term.
    fn to_consumer(&self) -> bool {
        to_consumer(self.proposed.recipient)
    }

    /// The row of a number or address.
    fn point(&self, id: Option<PointId>) -> Option<&'a Point> {
        self.facts.points.iter().find(|point| Some(point.id) == id)
    }

    /// The row of the number or address that is used.
    fn used(&self) -> Option<&'a Point> {
        self.point(self.proposed.point)
    }

    /// The debt for which an account is counted: student loans under one number are one debt.
    fn debt(&self, account: AccountId) -> AccountId {
        let row = self.facts.accounts.iter().find(|row| row.id == account);
        row.and_then(|row| row.counts_with).unwrap_or(account)
    }

    /// Whether a medium and a number, where they are named, are those of the attempt.
    fn names(&self, medium: Option<Medium>, point: Option<PointId>) -> bool {
        medium.is_none_or(|medium| medium == self.proposed.medium)
            && (point.is_none() || point == self.proposed.point)
    }

    /// Whether the attempt, as far as it is about this account, is what a consent names.
    fn in_scope(&self, consent: &Consent, account: AccountId) -> bool {
        consent.account.is_none_or(|named| named == account)
            && self.names(consent.medium, consent.point)
    }

    /// Comment 14(b)(2)(i)-3: a call to somebody else's number is no call to this person.
    fn someone_elses(&self, attempt: &Attempt) -> bool {
        self.point(attempt.point).is_some_and(|point| point.state == PointState::Wrong)
    }
}

/// An instant, with what the calendars say of it.
#[derive(Debug)]
struct Now<'a> {
    asked: &'a Asked<'a>,
    at: Instant,
    /// The agency's date.
    home: NaiveDate,
    /// The date in each of the calendars.
    today: Vec<NaiveDate>,
}

impl<'a> Deref for Now<'a> {
    type Target = Asked<'a>;

    fn deref(&self) -> &Asked<'a> {
        self.asked
    }
}

impl<'a> Now<'a> {
    fn new(asked: &'a Asked<'a>, at: Instant) -> Self {
        let today = asked.calendars.iter().map(|calendar| day(calendar.tz, at)).collect();
        Self { asked, at, home: day(tz(asked.facts.agency.hours.zone), at), today }
    }

    /// The agency's date of another instant.
    fn home_date(&self, then: Instant) -> NaiveDate {
        day(tz(self.facts.agency.hours.zone), then)
    }

    /// Whether the attempt, made now, is the one response to a contact. The comments name no time: three
    /// days by policy.
    fn answers(&self) -> bool {
        self.contact.is_some_and(|contact| {
            let until = contact.ended_at.unwrap_or(contact.at + Duration::days(3));
            contact.at <= self.at && self.at < until
        })
    }

    /// Whether what began then, and perhaps ended, stands.
    fn stands(&self, from: Instant, until: Option<Instant>) -> bool {
        from <= self.at && until.is_none_or(|until| self.at < until)
    }

    /// Whether something is less than so many days old, of 24 hours each.
    fn within_days(&self, then: Instant, days: i64) -> bool {
        then <= self.at && self.at < then + Duration::days(days)
    }

    /// Whether a consent was given, has not run out and was not taken back.
    fn holds(&self, consent: &Consent) -> bool {
        self.stands(consent.from, consent.until)
            && consent.withdrawn_at.is_none_or(|back| self.at < back)
    }

    /// What took place until now.
    fn events(&self, kind: EventKind) -> impl Iterator<Item = &'a Event> + '_ {
        let events = self.asked.facts.events.iter();
        events.filter(move |event| event.kind == kind && event.at <= self.at)
    }

    /// The same about a debt: this account, or the person.
    fn events_of(&self, kind: EventKind, id: AccountId) -> impl Iterator<Item = &'a Event> + '_ {
        self.events(kind).filter(move |event| event.account.is_none_or(|named| named == id))
    }

    /// The same at the number or address that is used.
    fn events_here(&self, kind: EventKind) -> impl Iterator<Item = &'a Event> + '_ {
        let here = self.proposed.point;
        self.events(kind).filter(move |event| event.point.is_some() && event.point == here)
    }
}

fn to_consumer(recipient: Recipient) -> bool {
    matches!(
        recipient,
        Recipient::Debtor
            | Recipient::Spouse
            | Recipient::ParentOfMinor
            | Recipient::Guardian
            | Recipient::Estate
            | Recipient::SuccessorInInterest
    )
}

fn electronic(medium: Medium) -> bool {
    matches!(
        medium,
        Medium::Text | Medium::Email | Medium::Portal | Medium::Social | Medium::SocialPublic
    )
}

fn tz(zone: Zone) -> Tz {
    zone.name().parse().unwrap()
}

fn day(tz: Tz, at: Instant) -> NaiveDate {
    at.with_timezone(&tz).date_naive()
}
