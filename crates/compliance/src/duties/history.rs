//! What took place, from every part of the facts, as one list in order of time: what duties are judged by.

use chrono_tz::Tz;
use duly_domain::{AccountId, Date, DebtClass, EventId, Instant, PartyId, PointId, StopKind, Zone};

use crate::facts::{
    Account, BankruptcyCase, Consent, ConsentFor, DesignationKind, DisputeExtent, DisputeForm,
    Event, EventKind, Facts, GivenTo, Licence, Place, Point, PointState, Region,
};
use crate::medium::Medium;
use crate::proposed::{Initiator, Purpose};
use crate::span::Span;

/// What a fact is, whichever part of the facts tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// An event.
    Told(EventKind),
    /// The account came to the agency.
    Placed,
    /// Information about the debt was conveyed to the person for the first time: the initial
    /// communication (12 CFR 1006.34(b)(2)), whoever began it.
    FirstConveyed,
    /// The first conversation about the debt.
    FirstSpoken,
    /// The first letter or electronic message about it.
    FirstWritten,
    /// A telephone conversation about the debt.
    Spoke,
    /// The agency tried to collect the debt.
    Collected,
    /// A stop is stored, as received at this instant.
    Stopped(StopKind),
    /// An inconvenient time or place, or the employer's ban, is stored.
    Designated,
    /// An oral request not to be called at work is stored.
    WorkBanOral,
    /// A consent was given or renewed.
    Consented(ConsentFor),
    /// It was taken back.
    Withdrew(ConsentFor),
    /// A dispute that is known to be in writing and in time.
    DisputedTimely,
    /// A dispute of which only that is known to be false.
    DisputedOther,
    /// A dispute of which it is not known.
    DisputedUnknown,
    /// The person sent a text message.
    Texted,
    /// The person wrote, and it was read.
    WroteAndRead,
    /// The person wrote, and it is not read.
    WroteUnread,
    /// A month ended; states its last day. Agency only.
    MonthEnded,
    /// A year began. Agency only.
    YearBegan,
    /// A licence comes up for renewal; states by when. Agency only.
    LicenceEnding,
    /// A day that a law names is ninety days ahead; states it. Agency only.
    DayNamed,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// When; [`Span::JUDGED`]'s first instant where it is not known since when.
    pub at: Instant,
    /// What.
    pub sign: Sign,
    /// The account; `None`: it concerns the person.
    pub account: Option<AccountId>,
    /// The party.
    pub party: Option<PartyId>,
    /// The number or address.
    pub point: Option<PointId>,
    /// The medium.
    pub medium: Option<Medium>,
    /// The day that it states.
    pub on: Option<Date>,
    /// The matter that it belongs to.
    pub matter: Option<EventId>,
    /// Where: licences only.
    pub region: Option<Region>,
    /// For debts of which class: licences only.
    pub class: Option<DebtClass>,
    /// Whether it is about a part of the debt only: disputes.
    pub part: bool,
}

impl Fact {
    /// A fact about nothing in particular yet.
    pub(crate) const fn new(sign: Sign, at: Instant) -> Self {
        Self {
            at,
            sign,
            account: None,
            party: None,
            point: None,
            medium: None,
            on: None,
            matter: None,
            region: None,
            class: None,
            part: false,
        }
    }

    fn about(sign: Sign, at: Instant, account: AccountId) -> Self {
        Self { account: Some(account), ..Self::new(sign, at) }
    }

    pub(crate) fn told(event: &Event) -> Self {
        let Event { kind, at, account, party, point, medium, on, matter } = *event;
        Self { account, party, point, medium, on, matter, ..Self::new(Sign::Told(kind), at) }
    }

    /// What orders facts: time, and then what they say, so that the order of rows has no influence.
    fn order(&self) -> impl Ord + use<> {
        let state = self.region.map(|region| (region.state, region.city.map(|city| city as u8)));
        let whom = (self.account, self.party, self.point);
        let rest = (self.medium, self.on, self.matter, state, self.class, self.part);
        (self.at, self.sign, whom, rest)
    }
}

/// What is known at an instant, in order.
#[derive(Debug)]
pub struct Looking<'a> {
    /// The instant.
    pub as_of: Instant,
    /// The agency's zone.
    pub zone: Zone,
    /// The person's accounts.
    pub accounts: &'a [Account],
    /// Its numbers and addresses.
    pub points: &'a [Point],
    /// Its consents.
    pub consents: &'a [Consent],
    /// Its bankruptcy cases, and those of who owes with it.
    pub cases: &'a [BankruptcyCase],
    /// The agency's licences.
    pub licences: &'a [Licence],
    /// Every zone in which the person may be.
    pub person_zones: Vec<Tz>,
    /// Everything known by then, oldest first.
    pub history: Vec<Fact>,
}

impl<'a> Looking<'a> {
    /// What is known of a person.
    pub(crate) fn at_person(facts: &'a Facts, as_of: Instant) -> Self {
        let zone = facts.agency.hours.zone;
        let (zones, _) = crate::rules::candidate_zones(facts, None);
        let mut look = Self {
            as_of,
            zone,
            accounts: &facts.accounts,
            points: &facts.points,
            consents: &facts.consents,
            cases: &facts.bankruptcies,
            licences: &facts.licences,
            person_zones: zones.into_iter().map(|(_, tz)| tz).collect(),
            history: Vec::new(),
        };
        let mut history = told(facts);
        for row in &facts.accounts {
            history.push(look.placed(row));
            firsts(row, &mut history);
        }
        history.retain(|fact| fact.at <= as_of);
        look.keep(history);
        look
    }

    /// Takes these facts for its history.
    pub(crate) fn keep(&mut self, mut history: Vec<Fact>) {
        history.sort_by_cached_key(Fact::order);
        history.dedup();
        self.history = history;
    }

    fn placed(&self, row: &Account) -> Fact {
        let since = row.claim.placed_on.map(|day| self.zone.start_of_day(day));
        Fact::about(Sign::Placed, since.unwrap_or(Span::JUDGED.from), row.id)
    }

    /// The agency's legal date.
    pub fn date(&self, at: Instant) -> Date {
        self.zone.local_date(at.clamp(Span::JUDGED.from, Span::JUDGED.until))
    }

    /// The first instant after a day of the agency.
    pub fn end_of(&self, day: Date) -> Instant {
        day.succ_opt().map_or(Instant::MAX_UTC, |next| self.zone.start_of_day(next))
    }

    /// Facts of these signs that bear on an account, oldest first.
    pub fn of<'b>(
        &'b self,
        signs: &'b [Sign],
        account: Option<AccountId>,
    ) -> impl DoubleEndedIterator<Item = &'b Fact> {
        self.history.iter().filter(move |fact| {
            signs.contains(&fact.sign)
                && (fact.account.is_none() || account.is_none() || fact.account == account)
        })
    }

    /// Whether a number or address says that the person may be in a state.
    pub fn in_state(&self, code: &str) -> bool {
        self.regions().any(|region| region.state.code() == code)
    }

    /// Everywhere that a number or address says the person may be.
    pub fn regions(&self) -> impl Iterator<Item = Region> + '_ {
        let its = |point: &&Point| point.state != PointState::Wrong && point.third_party.is_none();
        let usable = self.points.iter().filter(its);
        usable.filter_map(|point| point.region)
    }

    /// Whether the agency has a licence there.
    pub fn licensed_in(&self, code: &str) -> bool {
        self.licences.iter().any(|licence| licence.region.state.code() == code)
    }
}

fn told(facts: &Facts) -> Vec<Fact> {
    let mut all: Vec<Fact> = facts.events.iter().map(Fact::told).collect();
    // Who asks somebody else where the person may be reached collects nothing from the person.
    let third_party = |point: Option<PointId>| {
        point.and_then(|id| facts.point(id)).is_some_and(|point| point.third_party.is_some())
    };
    for attempt in facts.attempts.iter().filter(|attempt| !third_party(attempt.point)) {
        let fact = |sign| Fact {
            point: attempt.point,
            medium: Some(attempt.medium),
            ..Fact::about(sign, attempt.at, attempt.account)
        };
        if attempt.conversation && attempt.medium == Medium::Call {
            all.push(fact(Sign::Spoke));
        }
        if attempt.initiator == Initiator::Agency {
            match attempt.purpose {
                Purpose::Collect | Purpose::ValidationNotice | Purpose::FinishConversation => {
                    all.push(fact(Sign::Collected));
                }
                Purpose::OptOutConfirmation => {
                    all.push(fact(Sign::Told(EventKind::OptOutConfirmed)));
                }
                Purpose::Verification
                | Purpose::CeaseNotice
                | Purpose::Location
                | Purpose::OriginalCreditor
                | Purpose::RequiredByLaw
                | Purpose::ActiveLitigation
                | Purpose::PostjudgmentRemedy
                | Purpose::AskConsent
                | Purpose::AsRequested
                | Purpose::AvoidHarm => {}
            }
        }
    }
    for stop in &facts.stops {
        all.push(Fact {
            account: stop.account,
            party: Some(stop.party),
            point: stop.point,
            medium: stop.medium,
            ..Fact::new(Sign::Stopped(stop.kind), stop.from)
        });
    }
    for dispute in &facts.disputes {
        let sign = match dispute.form {
            DisputeForm::TimelyWritten => Sign::DisputedTimely,
            DisputeForm::Other => Sign::DisputedOther,
            DisputeForm::Unknown => Sign::DisputedUnknown,
        };
        let part = dispute.extent == DisputeExtent::Part;
        all.push(Fact { part, ..Fact::about(sign, dispute.from, dispute.account) });
        let answered = Sign::Told(EventKind::VerificationSent);
        all.extend(dispute.until.map(|at| Fact::about(answered, at, dispute.account)));
    }
    // What must be given to the agency directly is not given by what the creditor was told.
    let counts = |c: &&Consent| c.given_to == GivenTo::Agency || c.what == ConsentFor::Automated;
    for consent in facts.consents.iter().filter(counts) {
        let fact = |sign, at| Fact {
            account: consent.account,
            point: consent.point,
            medium: consent.medium,
            ..Fact::new(sign, at)
        };
        all.push(fact(Sign::Consented(consent.what), consent.from));
        let withdrew = |at| fact(Sign::Withdrew(consent.what), at);
        all.extend(consent.withdrawn_at.map(withdrew));
    }
    for designation in &facts.designations {
        let at_work = match designation.kind {
            DesignationKind::Please(_) => continue,
            DesignationKind::NotAt(_) => false,
            DesignationKind::NotAtPlace(place) => place == Place::Work,
            DesignationKind::EmployerForbids => true,
        };
        let fact = |sign| Fact {
            point: designation.point,
            medium: designation.medium,
            ..Fact::new(sign, designation.from)
        };
        all.push(fact(Sign::Designated));
        if at_work && designation.oral {
            all.push(fact(Sign::WorkBanOral));
        }
    }
    for inbound in &facts.inbound {
        let fact = |sign| Fact {
            account: inbound.account,
            point: inbound.point,
            medium: Some(inbound.medium),
            ..Fact::new(sign, inbound.at)
        };
        if inbound.medium == Medium::Text {
            all.push(fact(Sign::Texted));
        }
        if !matches!(inbound.medium, Medium::Call | Medium::Visit) {
            all.push(fact(if inbound.read { Sign::WroteAndRead } else { Sign::WroteUnread }));
        }
    }
    all
}

/// What was first about an account: as it states, or as the earliest fact known shows.
fn firsts(row: &Account, history: &mut Vec<Fact>) {
    let notices = [EventKind::ValidationSent, EventKind::EstateNoticeSent, EventKind::Written]
        .map(Sign::Told);
    let earliest = |signs: &[Sign]| {
        let of_row = |fact: &&Fact| fact.account == Some(row.id) && signs.contains(&fact.sign);
        history.iter().filter(of_row).map(|fact| fact.at).min()
    };
    let spoken = row.first_spoken_at.into_iter().chain(earliest(&[Sign::Spoke])).min();
    let written = row.first_written_at.into_iter().chain(earliest(&notices)).min();
    let conveyed = spoken.into_iter().chain(written).min();
    let firsts = [
        (Sign::FirstSpoken, spoken),
        (Sign::FirstWritten, written),
        (Sign::FirstConveyed, conveyed),
    ];
    for (sign, at) in firsts {
        history.extend(at.map(|at| Fact::about(sign, at, row.id)));
    }
}
