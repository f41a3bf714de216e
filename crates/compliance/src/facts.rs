//! What the guard knows of one person. Ids, zones and instants only: no name, no number.
//!
//! A person is a set of parties that are one human or business; the limits are shared by all of them.
//! New kinds of facts are added with `#[serde(default)]`, so that an old snapshot stays readable:
//! build with `Facts { .., ..Facts::new(person, agency) }`.

use chrono::{NaiveTime, Weekday};
use duly_domain::{
    AccountId, AttemptId, DebtClass, DebtorKind, DisputeId, Instant, PartyId, PartyRole, PersonId,
    PointId, StopId, StopKind, Zone,
};
use serde::{Deserialize, Serialize};

use crate::medium::Medium;
use crate::proposed::{DialMode, Initiator, Purpose, Recipient};
use crate::zones::Zones;

pub mod account;
pub mod bankruptcy;
pub mod consent;
pub mod designation;
pub mod event;
pub mod region;

pub use account::{Claim, CreditorKind, DebtKind, Licence, Limitation, Limits};
pub use bankruptcy::{BankruptcyCase, Chapter, FiledBy};
pub use consent::{Consent, ConsentFor, GivenTo};
pub use designation::{Designation, DesignationKind, Place, Times, Weekdays};
pub use event::{Event, EventKind};
pub use region::{City, Region};

/// All that the guard reads about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Whose facts these are.
    pub person: PersonId,
    /// What the agency asks of itself.
    pub agency: AgencyPolicy,
    /// One row per account and party of this person that is liable on it.
    pub accounts: Vec<Account>,
    /// Every telephone number and address of every party of the person, bad ones too. One row per
    /// distinct number or address: where two parties state the same one, one of their ids stands for
    /// it here, in stops and in attempts.
    pub points: Vec<Point>,
    /// What was tried and what took place, oldest first. Rules look back 31 days at most.
    pub attempts: Vec<Attempt>,
    /// Standing stops of every party of the person, and lifted ones where the span asked about reaches
    /// back before the lifting. Opt-outs lifted or not: each has ended the consents before it.
    pub stops: Vec<Stop>,
    /// Disputes of the accounts, whoever raised them.
    pub disputes: Vec<Dispute>,
    /// What the person sent or said of its own accord.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inbound: Vec<Inbound>,
    /// What the person allowed, and took back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<Consent>,
    /// Times and places that it finds inconvenient, or asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub designations: Vec<Designation>,
    /// Dated facts, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// The agency's licences in the regions of the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<Licence>,
    /// What clients, and the agency for one of its clients, ask beyond the agency's own policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limits>,
    /// Bankruptcy cases whose number and court are known: the person's own, and those of others who owe
    /// the same debts. A report of a filing is a stop before it is a case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bankruptcies: Vec<BankruptcyCase>,
}

impl Facts {
    /// A person of whom nothing else is known. Everything about it is a hold.
    pub fn new(person: PersonId, agency: AgencyPolicy) -> Self {
        Self {
            person,
            agency,
            accounts: Vec::new(),
            points: Vec::new(),
            attempts: Vec::new(),
            stops: Vec::new(),
            disputes: Vec::new(),
            inbound: Vec::new(),
            consents: Vec::new(),
            designations: Vec::new(),
            events: Vec::new(),
            licences: Vec::new(),
            limits: Vec::new(),
            bankruptcies: Vec::new(),
        }
    }

    /// The account whose call counter this account uses: itself, unless it shares one.
    pub fn counter(&self, account: AccountId) -> AccountId {
        let row = self.accounts.iter().find(|row| row.id == account);
        row.and_then(|row| row.counts_with).unwrap_or(account)
    }

    /// The row of a point.
    pub fn point(&self, id: PointId) -> Option<&Point> {
        self.points.iter().find(|point| point.id == id)
    }
}

/// The agency's own limits: stricter than law, never looser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyPolicy {
    /// When its people call and text.
    pub hours: AgencyHours,
}

/// The hours in which the agency calls and texts, from `from`, itself included, until `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyHours {
    /// The agency's zone.
    pub zone: Zone,
    /// Opens.
    pub from: NaiveTime,
    /// Closes.
    pub until: NaiveTime,
    /// The first and the last day of its week.
    pub days: (Weekday, Weekday),
}

impl AgencyHours {
    /// Monday to Friday, in a zone.
    pub const fn weekdays(zone: Zone, from: NaiveTime, until: NaiveTime) -> Self {
        Self { zone, from, until, days: (Weekday::Mon, Weekday::Fri) }
    }
}

/// One account on which a party of the person is liable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The liable party, one of the person's.
    pub party: PartyId,
    /// Whether that party is a human.
    pub kind: DebtorKind,
    /// In which role it is liable.
    pub role: PartyRole,
    /// Whether consumer law applies to the debt.
    pub class: DebtClass,
    /// Whether the account may be worked at all.
    pub state: AccountState,
    /// The first conversation in which information about the debt was conveyed to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_spoken_at: Option<Instant>,
    /// The first letter, e-mail or text that conveyed information about the debt to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_written_at: Option<Instant>,
    /// The account whose call counter it shares: student loans serviced under one account number when
    /// they were obtained are one debt. 12 CFR 1006.14(b)(4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_with: Option<AccountId>,
    /// What is known of the claim itself.
    #[serde(default, skip_serializing_if = "Claim::is_unknown")]
    pub claim: Claim,
}

impl Account {
    /// A workable account about which nothing was conveyed yet.
    pub const fn new(
        id: AccountId,
        party: PartyId,
        kind: DebtorKind,
        role: PartyRole,
        class: DebtClass,
    ) -> Self {
        Self {
            id,
            party,
            kind,
            role,
            class,
            state: AccountState::Workable,
            first_spoken_at: None,
            first_written_at: None,
            counts_with: None,
            claim: Claim::UNKNOWN,
        }
    }
}

/// Whether an account may be worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It may.
    Workable,
    /// The client took it back.
    Recalled,
    /// It is closed.
    Closed,
    /// It is paid or settled.
    Settled,
    /// Nothing is owed at present.
    NoBalance,
    /// The client asked that it not be worked for now.
    Held,
    /// A regulator's complaint about it is open.
    Complained,
}

/// What a contact point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal address.
    Address,
}

/// Whether a contact point can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointState {
    /// As far as is known.
    Usable,
    /// It belongs to somebody else. It says nothing about where the person is, and earlier calls to it
    /// were no calls to this person (12 CFR 1006, comment 14(b)(2)(i)-3).
    Wrong,
    /// Mail comes back, messages bounce, or the number is not in service.
    Undeliverable,
}

/// A telephone number or address of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Names it.
    pub id: PointId,
    /// What it is.
    pub kind: PointKind,
    /// Whether it can be used.
    pub state: PointState,
    /// Where it says that the person may be.
    pub zones: Zones,
    /// The state, and the city with rules of its own, that it says the person may be in; `None`: it says
    /// nothing. An area code and an address are both signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The kind of place that it is tied to: addresses and landlines are tied to one, e-mail addresses and
    /// mobile numbers are not (12 CFR 1006, comment 6(b)(1)(ii)-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What kind of line a number is.
    #[serde(default, skip_serializing_if = "LineType::is_unknown")]
    pub line: LineType,
    /// Whether an e-mail address is known to be the employer's (12 CFR 1006.22(f)(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_employer: Option<bool>,
    /// Whether the address's domain is available to the general public (12 CFR 1006.6(d)(4)(ii)(E)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_domain: Option<bool>,
    /// Whom it reaches, where that is not the person: a neighbour or an employer asked where the person may
    /// be reached (12 CFR 1006.10). It says nothing about where the person is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party: Option<PartyId>,
}

impl Point {
    /// A usable number or address of which nothing else is known.
    pub const fn new(id: PointId, kind: PointKind, zones: Zones) -> Self {
        Self {
            id,
            kind,
            state: PointState::Usable,
            zones,
            region: None,
            place: None,
            line: LineType::Unknown,
            of_employer: None,
            public_domain: None,
            third_party: None,
        }
    }
}

/// What kind of line a telephone number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineType {
    /// A landline.
    Landline,
    /// A mobile line.
    Wireless,
    /// Over the internet: treated as wireless.
    Voip,
    /// Not known, or known too long ago: treated as wireless.
    #[default]
    Unknown,
}

impl LineType {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// What was tried, or took place. One row per attempt and account: a call in which two debts were
/// discussed is two rows, as it counts for each of them (12 CFR 1006, comment 14(b)(4)-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The attempt.
    pub id: AttemptId,
    /// The account for which it counts.
    pub account: AccountId,
    /// The medium.
    pub medium: Medium,
    /// The number or address used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// When it was made; as long as it is only authorised, when it was authorised.
    pub at: Instant,
    /// Who began.
    pub initiator: Initiator,
    /// Whether it counts, as [`crate::counts`] said under the rules of its day. An attempt that is
    /// authorised and not concluded counts.
    pub counted: bool,
    /// Whether it was a conversation with the person.
    pub conversation: bool,
    /// What it was for.
    #[serde(default, skip_serializing_if = "Purpose::is_collect")]
    pub purpose: Purpose,
    /// How it was started, where it was a call or a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dial_mode: Option<DialMode>,
    /// To whom it was made; a conversation was with that person.
    #[serde(default, skip_serializing_if = "Recipient::is_debtor")]
    pub recipient: Recipient,
}

impl Attempt {
    /// A call or message of the agency that counts and was no conversation.
    pub const fn new(id: AttemptId, account: AccountId, medium: Medium, at: Instant) -> Self {
        Self {
            id,
            account,
            medium,
            point: None,
            at,
            initiator: Initiator::Agency,
            counted: true,
            conversation: false,
            purpose: Purpose::Collect,
            dial_mode: None,
            recipient: Recipient::Debtor,
        }
    }

    /// Whether it was a telephone conversation with the person, whoever placed the call.
    pub fn is_talk(&self) -> bool {
        self.medium == Medium::Call && self.conversation
    }
}

/// A standing instruction or fact that blocks contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Names it.
    pub id: StopId,
    /// Why.
    pub kind: StopKind,
    /// The party that it was stated for. The rules apply it to the person where the law does.
    pub party: PartyId,
    /// The account; `None`: every account of the party. Read for attorney and cease, whose scope is the
    /// debt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Opt-outs: the medium; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// Opt-outs: the number or address; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// When it was received.
    pub from: Instant,
    /// When it was lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// How much is contested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeExtent {
    /// The whole account.
    Whole,
    /// Some items, or an amount.
    Part,
}

/// How a dispute came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeForm {
    /// In writing, within the validation period.
    TimelyWritten,
    /// By word of mouth, or after the validation period.
    Other,
    /// Not known.
    Unknown,
}

/// A dispute about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Names it.
    pub id: DisputeId,
    /// The account.
    pub account: AccountId,
    /// How much of it.
    pub extent: DisputeExtent,
    /// How it came.
    pub form: DisputeForm,
    /// When it was received.
    pub from: Instant,
    /// When it was resolved: verification sent, or the notice that it is duplicative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// A contact that the person began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// When it came.
    pub at: Instant,
    /// In which medium.
    pub medium: Medium,
    /// From which number or address, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// The account that it was about, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Whether somebody has read it. What came on a consumer account and was not read holds further
    /// contact (policy).
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub read: bool,
    /// When a session that the person opened ended; `None`: it is no session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    /// Whether the one response was made. One contact, one response.
    pub answered: bool,
}

impl Inbound {
    /// A contact that was read and not answered yet.
    pub const fn new(medium: Medium, at: Instant) -> Self {
        Self { at, medium, point: None, account: None, read: true, ended_at: None, answered: false }
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_yes(flag: &bool) -> bool {
    *flag
}

/// A flag that is not set is not written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) const fn is_false(flag: &bool) -> bool {
    !*flag
}
