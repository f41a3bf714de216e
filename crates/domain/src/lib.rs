#![doc = include_str!("../GLOSSARY.md")]
//!
//! # In this crate
//!
//! The shared vocabulary as types: loose input becomes, once and at the edge, a value that cannot be
//! wrong. Deliberately absent: any clock, random source, file, socket or database.

pub mod address;
pub mod business_day;
pub mod currency;
pub mod date;
pub mod email;
pub mod fee;
pub mod id;
pub mod money;
pub mod phone;
pub mod pii;
pub mod policy;
pub mod sealed;
pub mod terms;
pub mod validation_period;

pub use address::{Address, AddressParts, Country, InvalidAddress, UsState};
pub use currency::{Currency, UnknownCurrency};
pub use date::{Date, DateFormat, Instant, Ticks, Zone, local_date, parse_date};
pub use email::{Email, InvalidEmail};
pub use fee::{Bracket, FeeCap, FeeError, FeeRates, FeeSchedule, FeeTerms, Rate};
pub use id::{
    AccountId, AdjustmentId, AttemptId, BatchId, CaseId, ClaimItemId, ClientId, ClientRequestId,
    ComplaintId, ConsentId, ContactPersonId, DatedFactId, DecisionId, DesignationId, DisputeId,
    EntrySetId, EventId, HoldId, Id, IdSource, InboundId, InvalidId, LetterId, MailBatchId, NoteId,
    ObligationId, PartyId, PaymentId, PersonId, PointId, PromiseId, RemittanceId, SearchId,
    SeededIds, StopId, TaskId, TreatmentId,
};
pub use money::{InvalidAmount, Money, MoneyError};
pub use phone::{InvalidPhone, Phone};
pub use pii::{InvalidSsn, Pii, Ssn};
pub use policy::{ClientPolicy, HoldDays, PolicyError, PolicyTerms};
pub use sealed::Sealed;
pub use terms::*;
