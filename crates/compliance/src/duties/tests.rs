//! Each duty of the digest opens, is met or lapses in a test of its own, named for its code.
//!
//! A [`Case`] is written as it is read: what opens the duty and when, by when it is due, what meets it, and
//! for whom it does not open. [`Case::holds`] then asks at every instant at which the answer may change,
//! in the zone of an agency in New York.

use chrono::{Duration, NaiveTime};
use duly_domain::StopKind;

use super::*;
use crate::testing::{ADDRESS, EMAIL, PHONE, Scene, id, ny};
use crate::*;

mod agency_due;
mod case;
mod federal;
mod part_1006;
pub mod properties;
mod service;
mod states;
mod table;
mod timers;

/// Puts a fact at an instant.
type Put = Box<dyn Fn(&mut Facts, Instant)>;
/// Changes the scene.
type Change = Box<dyn Fn(&mut Facts)>;

/// By when.
#[derive(Debug, Clone, Copy)]
enum Expected {
    Day(&'static str),
    Between(&'static str, &'static str),
    /// A timer that ends at an instant, in New York.
    At(&'static str),
    InTheAct,
    BeforeAct,
    NoDay,
    Standing,
}

/// One duty with its scene.
struct Case {
    code: &'static str,
    facts: Facts,
    opens: Option<(Put, Instant)>,
    expected: Expected,
    met: Vec<Put>,
    met_in_time: Vec<Put>,
    not_met: Vec<Put>,
    breaks: Vec<Put>,
    not_for: Vec<Change>,
}

/// A consumer debt of a person in New York, about which nothing is conveyed yet, at an agency there.
fn consumer() -> Facts {
    let mut facts = Scene::consumer().facts;
    let zone = "America/New_York".parse().unwrap();
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    facts.agency = AgencyPolicy { hours: AgencyHours::weekdays(zone, clock(9), clock(18)) };
    facts.accounts[0].claim.placed_on = "2026-01-05".parse().ok();
    facts
}

fn case(code: &'static str) -> Case {
    Case {
        code,
        facts: consumer(),
        opens: None,
        expected: Expected::NoDay,
        met: Vec::new(),
        met_in_time: Vec::new(),
        not_met: Vec::new(),
        breaks: Vec::new(),
        not_for: Vec::new(),
    }
}

/// An event about the account.
fn told(kind: EventKind) -> Put {
    told_as(kind, |event| event)
}

/// The same with more that it says.
fn told_as(kind: EventKind, says: impl Fn(Event) -> Event + 'static) -> Put {
    Box::new(move |facts, at| facts.events.push(says(Event::new(kind, at).about(id(1)))))
}

fn spoken() -> Put {
    Box::new(|facts, at| facts.accounts[0].first_spoken_at = Some(at))
}

fn written() -> Put {
    Box::new(|facts, at| facts.accounts[0].first_written_at = Some(at))
}

fn placed() -> Put {
    Box::new(|facts, at| {
        let day = facts.agency.hours.zone.local_date(at);
        facts.accounts[0].claim.placed_on = Some(day);
    })
}

/// A stop of the person's party.
fn stop(kind: StopKind) -> Put {
    stop_of(kind, None, None)
}

fn stop_of(kind: StopKind, medium: Option<Medium>, point: Option<u32>) -> Put {
    Box::new(move |facts, from| {
        facts.stops.push(Stop {
            id: id(1),
            kind,
            party: id(1),
            account: None,
            medium,
            point: point.map(id),
            from,
            until: None,
        });
    })
}

fn attempt(says: impl Fn(Attempt) -> Attempt + 'static) -> Put {
    Box::new(move |facts, at| {
        facts.attempts.push(says(Attempt::new(id(1), id(1), Medium::Call, at)));
    })
}

/// A call to collect.
fn collected() -> Put {
    attempt(|call| call)
}

fn conversation() -> Put {
    attempt(|call| Attempt { conversation: true, ..call })
}

fn dispute(form: DisputeForm) -> Put {
    dispute_of(form, DisputeExtent::Whole)
}

fn dispute_of(form: DisputeForm, extent: DisputeExtent) -> Put {
    Box::new(move |facts, from| {
        let account = id(1);
        facts.disputes.push(Dispute { id: id(1), account, extent, form, from, until: None });
    })
}

fn consent(what: ConsentFor) -> Put {
    consent_to(what, GivenTo::Agency)
}

fn consent_to(what: ConsentFor, given_to: GivenTo) -> Put {
    Box::new(move |facts, from| {
        let (account, medium, point) = (None, None, None);
        let (until, withdrawn_at) = (None, None);
        let row = Consent { what, given_to, account, medium, point, from, until, withdrawn_at };
        facts.consents.push(row);
    })
}

/// Takes back what stands.
fn withdrawn(what: ConsentFor) -> Put {
    Box::new(move |facts, at| {
        for consent in facts.consents.iter_mut().filter(|consent| consent.what == what) {
            consent.withdrawn_at = Some(at);
        }
    })
}

fn inbound(medium: Medium, point: u32, read: bool) -> Put {
    Box::new(move |facts, at| {
        facts.inbound.push(Inbound { point: Some(id(point)), read, ..Inbound::new(medium, at) });
    })
}

fn designated(kind: DesignationKind, oral: bool) -> Put {
    Box::new(move |facts, from| {
        facts.designations.push(Designation {
            kind,
            medium: None,
            point: None,
            from,
            until: None,
            oral,
        });
    })
}

/// Where every number and address says that the person is.
fn place(facts: &mut Facts, state: &str, city: Option<City>) {
    for point in &mut facts.points {
        point.region = Some(Region { state: state.parse().unwrap(), city });
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// One test per duty, named for it.
macro_rules! duties {
    ($($(#[$doc:meta])* $name:ident: $case:expr;)*) => {
        $($(#[$doc])* #[test] fn $name() { $case.holds(); })*
    };
}
use duties;
