//! Scenes for the tests: one person, one account, and what happened.

use chrono::{NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;
use duly_domain::{DebtClass, DebtorKind, Effect, Force, Id, Instant, PartyRole, StopKind, Zone};

use crate::*;

/// An id of any kind.
pub fn id<T: duly_domain::id::IdKind>(n: u32) -> Id<T> {
    format!("{}_{n:032x}", T::PREFIX).parse().expect("a number makes an id")
}

/// An instant from UTC text with seconds: `2026-04-07T10:00:00Z`.
pub fn utc(text: &str) -> Instant {
    text.parse().expect("the test writes an instant")
}

/// An instant from local text, with or without seconds: `2026-04-07T10:00`.
pub fn local(zone: &str, text: &str) -> Instant {
    let tz: Tz = zone.parse().expect("the test names a zone");
    let full = if text.len() == 16 { format!("{text}:00") } else { text.to_owned() };
    let local: NaiveDateTime = full.parse().expect("the test writes a local time");
    local.and_local_timezone(tz).earliest().expect("the local time exists").to_utc()
}

/// In New York.
pub fn ny(text: &str) -> Instant {
    local("America/New_York", text)
}

pub fn zones(names: &[&str]) -> Zones {
    Zones::In(names.iter().map(|name| name.parse().expect("a zone")).collect())
}

/// Open at every hour of every day, so that it does not stand in the way.
pub fn open_agency() -> AgencyPolicy {
    let end = NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999).expect("a time of day");
    AgencyPolicy {
        hours: AgencyHours {
            zone: Zone::UTC,
            from: NaiveTime::MIN,
            until: end,
            days: (Weekday::Mon, Weekday::Sun),
        },
    }
}

pub const PHONE: u32 = 1;
pub const ADDRESS: u32 = 2;
pub const EMAIL: u32 = 3;

/// Facts and an attempt.
#[derive(Debug, Clone)]
pub struct Scene {
    pub facts: Facts,
    pub proposed: Proposed,
    /// Whether only the consents that the test writes stand.
    bare: bool,
    next: u32,
}

impl Scene {
    /// One liable party on one account, with a telephone, a postal and an e-mail address in New York; a
    /// call is proposed.
    pub fn new(class: DebtClass, kind: DebtorKind) -> Self {
        let account = Account::new(id(1), id(1), kind, PartyRole::Principal, class);
        let new_york = zones(&["America/New_York"]);
        let point = |n, kind, zones| Point::new(id(n), kind, zones);
        let facts = Facts {
            accounts: vec![account],
            points: vec![
                point(PHONE, PointKind::Phone, new_york.clone()),
                point(ADDRESS, PointKind::Address, new_york),
                point(EMAIL, PointKind::Email, Zones::NoSignal),
            ],
            ..Facts::new(id(1), open_agency())
        };
        let proposed = Proposed::collect(id(1), id(1), Medium::Call, Some(id(PHONE)));
        Self { facts, proposed, bare: false, next: 1 }
    }

    pub fn consumer() -> Self {
        Self::new(DebtClass::Consumer, DebtorKind::Person)
    }

    pub fn guarantor() -> Self {
        Self::new(DebtClass::Commercial, DebtorKind::Person)
    }

    pub fn business() -> Self {
        Self::new(DebtClass::Commercial, DebtorKind::Business)
    }

    /// A further account of the person, under a party of its own.
    pub fn and_account(mut self, n: u32, party: u32) -> Self {
        let first = self.facts.accounts[0];
        self.facts.accounts.push(Account::new(
            id(n),
            id(party),
            first.kind,
            PartyRole::Principal,
            first.class,
        ));
        self
    }

    /// The same attempt about another account.
    pub fn about(mut self, account: u32, party: u32) -> Self {
        self.proposed.accounts = vec![id(account)];
        self.proposed.party = id(party);
        self
    }

    /// By another medium, to the point of its kind.
    pub fn by(mut self, medium: Medium) -> Self {
        let point = match medium {
            Medium::Call | Medium::Text => PHONE,
            Medium::Email | Medium::Portal | Medium::Social | Medium::SocialPublic => EMAIL,
            Medium::Mail | Medium::Visit => ADDRESS,
        };
        let Proposed { party, accounts, purpose, initiator, .. } = self.proposed.clone();
        self.proposed = Proposed {
            purpose,
            initiator,
            ..Proposed::collect(party, accounts[0], medium, Some(id(point)))
        };
        self
    }

    /// The person's signals: the telephone's zones and the postal address's.
    pub fn in_zones(mut self, phone: Zones, address: Zones) -> Self {
        self.facts.points[0].zones = phone;
        self.facts.points[1].zones = address;
        self
    }

    /// What the telephone and the postal address say of the state.
    pub fn living_in(mut self, state: &str, city: Option<City>) -> Self {
        let state = duly_domain::UsState::of(state).expect("a state");
        for point in &mut self.facts.points[..2] {
            point.region = Some(Region { state, city });
        }
        self
    }

    /// A call about an account that counted.
    pub fn called(self, account: u32, at: Instant) -> Self {
        self.attempt(account, at, true, false)
    }

    /// A conversation about an account on a call that counted.
    pub fn spoke(self, account: u32, at: Instant) -> Self {
        self.attempt(account, at, true, true)
    }

    pub fn attempt(mut self, account: u32, at: Instant, counted: bool, conversation: bool) -> Self {
        self.facts.attempts.push(Attempt {
            point: Some(id(PHONE)),
            counted,
            conversation,
            ..Attempt::new(id(self.next), id(account), Medium::Call, at)
        });
        self.facts.attempts.sort_by_key(|attempt| attempt.at);
        self.next += 1;
        self
    }

    /// A stop stated for a party, on every account of it.
    pub fn stopped(self, kind: StopKind, party: u32, from: Instant) -> Self {
        self.stop(Stop {
            id: id(1),
            kind,
            party: id(party),
            account: None,
            medium: None,
            point: None,
            from,
            until: None,
        })
    }

    pub fn stop(mut self, stop: Stop) -> Self {
        self.facts.stops.push(Stop { id: id(self.next), ..stop });
        self.next += 1;
        self
    }

    /// A contact of the person, not answered yet.
    pub fn inbound(mut self, medium: Medium, at: Instant) -> Self {
        self.facts.inbound.push(Inbound::new(medium, at));
        self
    }

    /// Without the consents that a text or an e-mail of a scene otherwise rests on.
    pub fn without_consent(mut self) -> Self {
        self.bare = true;
        self
    }

    pub fn consent(mut self, consent: Consent) -> Self {
        self.facts.consents.push(consent);
        self
    }

    pub fn event(mut self, event: Event) -> Self {
        self.facts.events.push(event);
        self
    }

    /// A consent to this agency, for every account.
    pub fn consents(self, what: ConsentFor, point: u32, from: Instant) -> Self {
        self.consent(Consent { point: Some(id(point)), ..Consent::new(what, from) })
    }

    /// Evaluated from an hour before the instant to forty days after it. A text or an e-mail is one that
    /// the person agreed to some days before, unless the scene is without consent.
    pub fn evaluate(&self, at: Instant) -> Evaluation {
        let hour = chrono::Duration::hours(1);
        let span = Span::days(at - hour, 40);
        let agreed = match (self.proposed.medium, self.proposed.point) {
            (Medium::Text, Some(_)) => &[ConsentFor::Text, ConsentFor::Automated][..],
            (Medium::Email, Some(_)) => &[ConsentFor::Email],
            _ => &[],
        };
        let mut facts = self.facts.clone();
        for what in agreed.iter().filter(|_| !self.bare) {
            facts.consents.push(Consent {
                what: *what,
                given_to: GivenTo::Agency,
                account: None,
                medium: None,
                point: self.proposed.point,
                from: at - chrono::Duration::days(10),
                until: None,
                withdrawn_at: None,
            });
        }
        let evaluation = evaluate(&facts, &self.proposed, span);
        golden::offer(&facts, &self.proposed, &evaluation, at);
        evaluation
    }

    /// The rules and authorities that stand against the attempt at the instant.
    pub fn blocks(&self, at: Instant) -> Vec<(&'static str, &'static str)> {
        let decision = self.evaluate(at).decide(at);
        decision.reasons.iter().map(|b| (b.ground.rule, b.ground.authority)).collect()
    }

    /// What a rule says at the instant.
    pub fn says(&self, rule: &str, at: Instant) -> Option<(Effect, Force, &'static str)> {
        let decision = self.evaluate(at).decide(at);
        let found = decision.reasons.iter().find(|blocked| blocked.ground.rule == rule);
        found.map(|b| (b.effect, b.ground.force, b.ground.authority))
    }

    pub fn allows(&self, at: Instant) -> bool {
        self.evaluate(at).decide(at).allows()
    }

    pub fn requires(&self, at: Instant) -> Vec<&'static str> {
        self.evaluate(at).requires().iter().map(|r| r.what.as_str()).collect()
    }
}
