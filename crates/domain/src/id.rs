//! Typed identifiers: a UUID that knows what it names.
//!
//! Outside the process an id reads `acct_` and 32 lower-case hex digits; in Postgres it is a plain
//! `uuid`. No decision depends on an id: where order matters it is (date, reference, amount).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::{Builder, Uuid};

/// What an [`Id`] names. Implemented by the empty marker types of this module only.
pub trait IdKind {
    /// The part before the underscore in the outside form.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $marker:ident, $alias:ident, $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $marker {}
        impl IdKind for $marker {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = Id<$marker>;
    )*};
}

kinds! {
    /// Names a client: the party that places accounts with the agency.
    Client, ClientId, "clnt";
    /// Names an account: one debt placed by one client.
    Account, AccountId, "acct";
    /// Names a placement batch: all placements of one file or stream.
    Batch, BatchId, "btch";
    /// Names a party: one debtor as one placement states it.
    Party, PartyId, "prty";
    /// Names a contact person: someone not liable, through whom a business is reached.
    ContactPerson, ContactPersonId, "cper";
    /// Names a payment.
    Payment, PaymentId, "pymt";
    /// Names a remittance: one sealed period of one client.
    Remittance, RemittanceId, "rmit";
    /// Names a balanced set of ledger entries.
    EntrySet, EntrySetId, "eset";
    /// Names one told fact.
    Event, EventId, "evnt";
    /// Names a claim item: one invoice, credit or charge inside an account.
    ClaimItem, ClaimItemId, "item";
    /// Names a correction of a balance by the client.
    Adjustment, AdjustmentId, "adjs";
    /// Names a hold: the client asks that an account not be worked for now.
    Hold, HoldId, "hold";
    /// Names a question to the client.
    ClientRequest, ClientRequestId, "creq";
    /// Names a promise to pay.
    Promise, PromiseId, "prms";
    /// Names a case: the working file on one debtor for one client.
    Case, CaseId, "case";
    /// Names one treatment that a strategy asked for.
    Treatment, TreatmentId, "trmt";
    /// Names a task of a person.
    Task, TaskId, "task";
    /// Names a person: the parties that are one human or business.
    Person, PersonId, "pers";
    /// Names a contact point: a phone number, e-mail or postal address of a party.
    Point, PointId, "pont";
    /// Names a stop.
    Stop, StopId, "stop";
    /// Names a dispute.
    Dispute, DisputeId, "disp";
    /// Names an attempt on any channel.
    Attempt, AttemptId, "atpt";
    /// Names a decision of the guard.
    Decision, DecisionId, "dcsn";
    /// Names a note.
    Note, NoteId, "note";
    /// Names a letter.
    Letter, LetterId, "lttr";
    /// Names a batch of letters that left together.
    MailBatch, MailBatchId, "mail";
    /// Names a search by a provider.
    Search, SearchId, "srch";
    /// Names a consent: what a person allowed.
    Consent, ConsentId, "cnst";
    /// Names a designation: when or where a person is not, or would like, to be reached.
    Designation, DesignationId, "dsgn";
    /// Names a dated fact about a person or a debt.
    DatedFact, DatedFactId, "fact";
    /// Names what came in from a person.
    Inbound, InboundId, "inbd";
    /// Names a complaint.
    Complaint, ComplaintId, "cmpl";
    /// Names an obligation: one duty that facts opened.
    Obligation, ObligationId, "oblg";
}

/// A UUID that names one `T`.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T: IdKind> Id<T> {
    /// The id that this UUID is inside, e.g. as read from a `uuid` column.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare UUID, as stored.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// A fresh id.
    pub fn new(ids: &mut dyn IdSource) -> Self {
        Self::from_uuid(ids.uuid())
    }
}

// Written out, not derived: a derive would ask the same of the marker `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: IdKind> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", T::PREFIX, self.0.simple())
    }
}

impl<T: IdKind> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is not the id asked for. The text itself is left out: it may be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form `{expected}_` and 32 lower-case hex digits")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub expected: &'static str,
}

impl<T: IdKind> FromStr for Id<T> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { expected: T::PREFIX };
        let hex = text.strip_prefix(T::PREFIX).and_then(|rest| rest.strip_prefix('_'));
        let hex = hex.ok_or(invalid)?;
        let exact = hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !exact {
            return Err(invalid);
        }
        Uuid::try_parse(hex).map(Self::from_uuid).map_err(|_| invalid)
    }
}

impl<T: IdKind> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, T: IdKind> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// Where fresh ids come from. Passed in beside the clock, so that pure code stays pure.
pub trait IdSource: Send {
    /// A fresh UUID, version 7.
    fn uuid(&mut self) -> Uuid;

    /// A fresh id of the kind that the caller expects. Where the source is a trait object, write
    /// `AccountId::new(ids)`.
    fn next<T: IdKind>(&mut self) -> Id<T>
    where
        Self: Sized,
    {
        Id::from_uuid(self.uuid())
    }
}

/// Ids that are the same in every run with the same seed, shaped as version 7. For tests, demos
/// and rehearsals; never where two processes write to one database.
#[derive(Debug, Clone)]
pub struct SeededIds {
    state: u64,
    millis: u64,
}

impl SeededIds {
    /// 2020-01-01T00:00:00Z: any fixed instant will do, a recent one sorts well.
    const FIRST_MILLIS: u64 = 1_577_836_800_000;

    /// The sequence of this seed from its beginning.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, millis: Self::FIRST_MILLIS }
    }

    /// splitmix64, by Sebastiano Vigna (public domain).
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl IdSource for SeededIds {
    fn uuid(&mut self) -> Uuid {
        let mut random = [0u8; 10];
        random[..8].copy_from_slice(&self.draw().to_be_bytes());
        random[8..].copy_from_slice(&self.draw().to_be_bytes()[..2]);
        self.millis += 1;
        Builder::from_unix_timestamp_millis(self.millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_reads_as_prefix_and_hex() {
        let id = AccountId::from_uuid(Uuid::from_u128(0x0192));
        assert_eq!(id.to_string(), "acct_00000000000000000000000000000192");
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
    }

    #[test]
    fn anything_else_is_refused_and_names_the_prefix_only() {
        let hex = "00000000000000000000000000000192";
        for wrong in [
            "",
            hex,
            &format!("clnt_{hex}"),
            &format!("acct-{hex}"),
            &format!("ACCT_{hex}"),
            &format!("acct_{hex}0"),
            &format!("acct_{}", &hex[1..]),
            &format!("acct_{}A", &hex[1..]),
            &format!(" acct_{hex}"),
            "acct_00000000-0000-0000-0000-000000000192",
        ] {
            let error = wrong.parse::<AccountId>().unwrap_err();
            assert_eq!(error.expected, "acct", "{wrong}");
            assert!(!error.to_string().contains("0192"));
        }
    }

    #[test]
    fn seeded_ids_repeat_by_seed_and_are_version_7() {
        let mut one = SeededIds::new(7);
        let mut two = SeededIds::new(7);
        let first: Vec<AccountId> = (0..50).map(|_| one.next()).collect();
        let again: Vec<AccountId> = (0..50).map(|_| two.next()).collect();
        assert_eq!(first, again);
        assert_ne!(first[0], SeededIds::new(8).next());
        let source: &mut dyn IdSource = &mut one;
        let other = ClientId::new(source);
        assert_eq!(other.uuid().get_version_num(), 7);
        assert!(first.iter().all(|id| id.uuid().get_version_num() == 7));
    }

    proptest! {
        #[test]
        fn print_then_parse_is_identity(bits: u128) {
            let id = PaymentId::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse::<PaymentId>().unwrap(), id);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<PaymentId>(&json).unwrap(), id);
        }

        #[test]
        fn parsing_never_panics(text in ".{0,60}") {
            let _ = text.parse::<AccountId>();
        }
    }
}
