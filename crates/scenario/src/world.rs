//! What stands at an instant, as the guard reads it: [`Facts`] with the scenario's own names for debts,
//! numbers and addresses.
//!
//! A scenario tells what matters to it. What it leaves out is taken as ordinary, and the less is taken the
//! more it tells: an address or number that a scenario names has only what is told of it.

use chrono::{Duration, NaiveTime, Weekday};
use chrono_tz::Tz;
use duly_compliance::{
    AgencyHours, AgencyPolicy, Attempt, Consent, ConsentFor, Designation, DesignationKind, Event,
    EventKind, Facts, GivenTo, LineType, Medium, Place, Point, PointKind, Recipient, Zones,
};
use duly_domain::id::IdKind;
use duly_domain::{AccountId, Date, Id, Instant, PartyId, PointId, Zone};
use uuid::Uuid;

use crate::scene::Scene;
use crate::when;
use crate::words::{Bad, Obj};

/// An id made of a number: a scenario's own.
pub fn id<T: IdKind>(n: usize) -> Id<T> {
    Id::from_uuid(Uuid::from_u128(n as u128))
}

/// The person's party.
pub fn party() -> PartyId {
    id(1)
}

/// The party of somebody else.
pub fn party_of(person: &str) -> PartyId {
    id(point_number(person))
}

/// A debt by its name.
#[derive(Debug, Clone)]
pub struct Debt {
    /// As the scenario names it.
    pub name: String,
    /// In the facts.
    pub id: AccountId,
}

/// A number or address by its name.
#[derive(Debug, Clone)]
pub struct Named {
    /// As the scenario names it.
    pub name: String,
    /// In the facts.
    pub id: PointId,
    /// Whether the scenario names it itself.
    pub told: bool,
}

/// What stands.
#[derive(Debug, Clone)]
pub struct World {
    /// As the guard reads it.
    pub facts: Facts,
    /// The zone of local times.
    pub tz: Tz,
    /// The debts.
    pub debts: Vec<Debt>,
    /// The numbers and addresses.
    pub points: Vec<Named>,
    /// As of when.
    pub at: Instant,
    /// From when standing facts stand.
    pub base: Instant,
    /// The number or address last spoken of, by kind.
    pub last_named: Vec<(PointKind, PointId)>,
    /// Collectors who had the debt before, the last of them last, and we: by the names they have.
    pub collectors: Vec<String>,
    /// Our own name, where collectors are named.
    pub we: Option<String>,
    /// The end of the validation period, where it is told.
    pub validation_end: Option<Date>,
    /// Signals of place: a number or address that is not among them says nothing.
    pub signals: bool,
    /// Whether nothing is taken as ordinary.
    pub nothing_assumed: bool,
    /// Whether validation is what the scenario is about.
    pub tells_validation: bool,
    /// Messages of collectors who had the debt before: by whom, to what, when.
    pub earlier_use: Vec<(String, PointId, Instant)>,
    /// Whether what the creditor did with an address is told.
    pub tells_creditor_use: bool,
    /// The electronic media in which messages are accepted, where they are told.
    pub accepted_media: Option<Vec<String>>,
    /// Where the person is known to be.
    pub known_at: Option<Place>,
    /// Whether the case is about location information.
    pub purpose_location: bool,
    /// Whom the case is about, where it is not the debtor.
    pub contact: Option<Recipient>,
    /// Whether the debtor died, or is a minor: what makes others consumers.
    pub deceased: bool,
    next: usize,
}

/// A number or address that nobody named.
pub const MOBILE: &str = "mobile";
/// The landline at home.
pub const HOME_PHONE: &str = "home_landline";
/// The number at work.
pub const WORK_PHONE: &str = "work_phone";
/// The address of the home.
pub const HOME: &str = "home_address";
/// The address of the employer.
pub const WORK: &str = "work_address";
/// An e-mail address.
pub const EMAIL: &str = "email";

impl World {
    /// The standing facts, and nothing that happened.
    pub fn new(scene: &Scene, at: Instant) -> Result<Self, Bad> {
        let today = when::start(scene.tz, at.with_timezone(&scene.tz).date_naive());
        let first = scene.told.first().map_or(today, |told| told.at).min(today);
        let agency = AgencyPolicy { hours: always(scene.zone) };
        let mut world = Self {
            facts: Facts::new(id(1), agency),
            tz: scene.tz,
            debts: Vec::new(),
            points: Vec::new(),
            at,
            base: first - Duration::days(1),
            last_named: Vec::new(),
            collectors: Vec::new(),
            we: our_name(scene),
            validation_end: None,
            signals: false,
            nothing_assumed: false,
            tells_validation: false,
            accepted_media: None,
            known_at: None,
            purpose_location: false,
            contact: None,
            deceased: false,
            earlier_use: Vec::new(),
            tells_creditor_use: scene
                .told
                .iter()
                .any(|told| told.kind.is(&["creditor_email_sent", "creditor_got_address"])),
            next: 1,
        };
        crate::facts::apply(&mut world, Obj::new("facts", &scene.facts), scene)?;
        Ok(world)
    }

    /// A fresh number for an id.
    pub fn fresh(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    /// The zone that every number and address is in unless signals are told.
    fn zones(&self) -> Zones {
        if self.signals {
            return Zones::NoSignal;
        }
        self.tz.name().parse().map_or(Zones::Unknown, |zone| Zones::In(vec![zone]))
    }

    /// A number or address of a kind, made where it is not known yet.
    pub fn point(&mut self, name: &str, told: bool) -> PointId {
        if let Some(known) =
            self.points.iter_mut().find(|known| known.name.eq_ignore_ascii_case(name))
        {
            known.told |= told;
            return known.id;
        }
        let (kind, place, line) = match name {
            MOBILE => (PointKind::Phone, None, LineType::Wireless),
            HOME_PHONE => (PointKind::Phone, Some(Place::Home), LineType::Landline),
            WORK_PHONE => (PointKind::Phone, Some(Place::Work), LineType::Landline),
            HOME => (PointKind::Address, Some(Place::Home), LineType::Unknown),
            WORK => (PointKind::Address, Some(Place::Work), LineType::Unknown),
            EMAIL => (PointKind::Email, None, LineType::Unknown),
            name if name.contains('@') => (PointKind::Email, None, LineType::Unknown),
            name if name.chars().filter(char::is_ascii_digit).count() < 7 && name.contains(' ') => {
                (PointKind::Address, None, LineType::Unknown)
            }
            _ => (PointKind::Phone, None, LineType::Wireless),
        };
        let zones = match kind {
            PointKind::Email => Zones::NoSignal,
            PointKind::Phone | PointKind::Address => self.zones(),
        };
        let id = id(point_number(name));
        let public = match name {
            EMAIL => Some(true),
            name if name.contains('@') => crate::domain_name::is_public(name),
            _ => None,
        };
        self.facts.points.push(Point {
            place,
            line,
            public_domain: public,
            ..Point::new(id, kind, zones)
        });
        self.points.push(Named { name: name.to_owned(), id, told });
        if told {
            self.name(kind, id);
        }
        id
    }

    /// The number or address of somebody else, for a medium.
    pub fn point_of_person(&mut self, person: &str, medium: Medium) -> PointId {
        let (kind, _) = Self::usual(medium);
        let name = match kind {
            PointKind::Phone => format!("phone_of_{person}"),
            PointKind::Email => format!("{person}@example.net"),
            PointKind::Address => format!("address of {person}"),
        };
        let id = self.point(&name, false);
        if let Some(point) = self.point_mut(id) {
            // It says nothing about where the person is.
            point.third_party = Some(party_of(person));
        }
        id
    }

    /// Notes that this number or address was spoken of.
    pub fn name(&mut self, kind: PointKind, id: PointId) {
        self.last_named.retain(|(of, _)| *of != kind);
        self.last_named.push((kind, id));
    }

    /// What is told of a number or address of the facts.
    pub fn point_mut(&mut self, id: PointId) -> Option<&mut Point> {
        self.facts.points.iter_mut().find(|point| point.id == id)
    }

    /// The kind of number or address that a medium uses, and its ordinary name.
    pub fn usual(medium: Medium) -> (PointKind, &'static str) {
        match medium {
            Medium::Call | Medium::Text => (PointKind::Phone, MOBILE),
            Medium::Email | Medium::Portal | Medium::Social | Medium::SocialPublic => {
                (PointKind::Email, EMAIL)
            }
            Medium::Mail | Medium::Visit => (PointKind::Address, HOME),
        }
    }

    /// The number or address of a medium that was last spoken of, or the ordinary one.
    pub fn point_for(&mut self, medium: Medium) -> PointId {
        let (kind, name) = Self::usual(medium);
        let email_only = matches!(medium, Medium::Portal | Medium::Social | Medium::SocialPublic);
        let last = self.last_named.iter().find(|(of, _)| *of == kind).map(|(_, id)| *id);
        match last {
            Some(id) if !email_only => id,
            _ => self.point(name, false),
        }
    }

    /// The names of numbers and addresses, for the reader of free text.
    pub fn names(&self) -> Vec<String> {
        self.points.iter().filter(|named| named.told).map(|named| named.name.clone()).collect()
    }

    /// A debt by its name.
    pub fn debt(&self, key: &str, name: &str) -> Result<AccountId, Bad> {
        let found = self.debts.iter().find(|debt| debt.name == name);
        found.map(|debt| debt.id).ok_or_else(|| {
            Bad::unknown(key, name, self.debts.iter().map(|debt| debt.name.as_str()))
        })
    }

    /// Debts by their names.
    pub fn debts_of(&self, obj: Obj<'_>, key: &str) -> Result<Option<Vec<AccountId>>, Bad> {
        let Some(names) = obj.texts(key)? else { return Ok(None) };
        names.iter().map(|name| self.debt(&obj.at(key), name)).collect::<Result<_, _>>().map(Some)
    }

    /// Every debt.
    pub fn all_debts(&self) -> Vec<AccountId> {
        self.debts.iter().map(|debt| debt.id).collect()
    }

    /// Adds a dated fact.
    pub fn event(&mut self, event: Event) {
        self.facts.events.push(event);
    }

    /// A kind of dated fact by its code.
    pub fn kind(code: &str) -> Option<EventKind> {
        EventKind::ALL.iter().copied().find(|kind| kind.as_str() == code)
    }

    /// Adds a dated fact about every debt.
    pub fn about_debts(&mut self, code: &str, at: Instant, debts: &[AccountId]) {
        let Some(kind) = Self::kind(code) else { return };
        for debt in debts {
            self.event(Event::new(kind, at).about(*debt));
        }
    }

    /// Adds a dated fact about the person.
    pub fn about_person(&mut self, code: &str, at: Instant) {
        if let Some(kind) = Self::kind(code) {
            self.event(Event::new(kind, at));
        }
    }

    /// Puts what was gathered into the order that the guard asks for, and adds what is ordinary.
    pub fn settle(&mut self) {
        self.prior_collectors();
        self.known_to_be_there();
        if !self.nothing_assumed {
            self.ordinary();
        }
        self.facts.attempts.sort_by_key(|attempt: &Attempt| attempt.at);
        self.facts.events.sort_by_key(|event| event.at);
        self.facts.inbound.sort_by_key(|inbound| inbound.at);
    }

    /// Who is known to be at a place that is barred is barred at every time, by every medium (comment
    /// 6(b)(1)(ii)-1).
    fn known_to_be_there(&mut self) {
        let Some(place) = self.known_at else { return };
        let barred = |designation: &Designation| match designation.kind {
            DesignationKind::NotAtPlace(barred) => barred == place,
            DesignationKind::EmployerForbids => place == Place::Work,
            DesignationKind::NotAt(_) | DesignationKind::Please(_) => false,
        };
        if let Some(found) = self.facts.designations.iter().find(|d| barred(d)).copied() {
            let kind = DesignationKind::NotAt(crate::reader::every_time());
            self.facts.designations.push(Designation { kind, ..found });
        }
    }

    /// The collector who had the debt just before us.
    pub fn prior_collector(&self) -> Option<&String> {
        self.collectors.iter().rev().find(|name| self.we.as_ref() != Some(name))
    }

    /// Which of the earlier collectors was the immediately prior one: the last before us, who has the debt
    /// now (comment 6(d)(4)(iii)-1).
    fn prior_collectors(&mut self) {
        let before = self.collectors.len().checked_sub(2).and_then(|at| self.collectors.get(at));
        let Some(kind) = Self::kind("prior_collector_used_address") else { return };
        let used: Vec<Event> = self
            .earlier_use
            .iter()
            .filter(|(by, ..)| before.is_none_or(|before| before == by))
            .map(|(_, point, at)| Event {
                medium: Some(Medium::Email),
                ..Event::new(kind, *at).at_point(*point)
            })
            .collect();
        self.facts.events.extend(used);
    }

    /// What nobody tells because it is so: the validation notice went out long ago, and the person agreed
    /// to be reached at the number and address of which nothing else is told.
    fn ordinary(&mut self) {
        let today = when::start(self.tz, self.at.with_timezone(&self.tz).date_naive());
        let since = today - Duration::days(1);
        let long_ago = self.base - Duration::days(90);
        if !self.tells_validation {
            let debts = self.all_debts();
            self.about_debts("validation_sent", long_ago, &debts);
            for account in &mut self.facts.accounts {
                account.first_written_at.get_or_insert(long_ago);
            }
        }
        let ordinary: Vec<(PointId, ConsentFor)> =
            [(EMAIL, ConsentFor::Email), (MOBILE, ConsentFor::Text)]
                .into_iter()
                .map(|(name, what)| (self.point(name, false), what))
                .collect();
        for (point, what) in ordinary {
            let told = self.points.iter().any(|named| named.id == point && named.told);
            if told {
                continue;
            }
            self.consent(consent(what, since, Some(point)));
            if what == ConsentFor::Text {
                self.consent(consent(ConsentFor::Automated, since, Some(point)));
            }
        }
    }

    /// Leaves out that a notice went out long ago, of which nothing is told: for acts that turn on it.
    pub fn forget_ordinary(&mut self) {
        let told_from = self.base - Duration::days(30);
        self.facts.events.retain(|event| event.at > told_from);
        for account in &mut self.facts.accounts {
            account.first_written_at = account.first_written_at.filter(|at| *at > told_from);
        }
    }

    /// Adds a consent.
    pub fn consent(&mut self, consent: Consent) {
        self.facts.consents.push(consent);
    }
}

/// A number for a number or address: the same for the same name, whatever else is told.
fn point_number(name: &str) -> usize {
    let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let hash = name.to_lowercase().bytes().fold(0x811c_9dc5, fold);
    1000 + usize::try_from(hash).unwrap_or_default()
}

/// By which name we are told of: that of the collector who received the debt last.
fn our_name(scene: &Scene) -> Option<String> {
    let text = |told: &crate::scene::Told, key: &str| told.obj().text(key).ok().flatten();
    let acts =
        |name: &String| scene.told.iter().any(|told| text(told, "by").as_ref() == Some(name));
    let mut got = scene.told.iter().rev().filter_map(|told| match told.kind.word() {
        "placement_received" => text(told, "by"),
        // The debt went from one collector to another, who then acts.
        "debt_transferred" => text(told, "to").filter(acts),
        _ => None,
    });
    got.next()
}

/// A consent given to us.
pub fn consent(what: ConsentFor, from: Instant, point: Option<PointId>) -> Consent {
    Consent {
        what,
        given_to: GivenTo::Agency,
        account: None,
        medium: None,
        point,
        from,
        until: None,
        withdrawn_at: None,
    }
}

/// Hours that stand in nobody's way: a scenario asks about law unless it tells the agency's own limits.
fn always(zone: Zone) -> AgencyHours {
    let until = NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999).unwrap_or_default();
    AgencyHours { zone, from: NaiveTime::MIN, until, days: (Weekday::Mon, Weekday::Sun) }
}
