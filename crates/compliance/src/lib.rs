//! The guard: from facts about a person and one proposed attempt to the time in which that attempt is
//! not allowed, and to what its content must carry. Pure: no clock, file, socket, database or random
//! source; the caller brings facts and instants.
//!
//! One [`evaluate`] answers every question: "may we now?" is [`Evaluation::decide`], "when may we?"
//! is [`Evaluation::next_permitted`], "why not?" is [`Evaluation::explain`]. A rule never says yes: it
//! only adds blocked time, so adding a rule or a stop can never widen what is allowed. What cannot be
//! decided from the facts is a hold. "What is owed?" is [`due`].
//!
//! - [`facts`] and [`proposed`]: what goes in. Ids, zones and instants; no name, no number.
//! - [`zones`]: where a person may be, from telephone numbers and addresses; [`region`]: in which state.
//! - [`packs`]: dated, versioned sets of rules, `federal@1`. A rule that was in a release is frozen.
//! - [`rules`]: one file per rule, with its citation, its named constants and its tests.
//! - [`acts`]: the same for furnishing, sale, suit and deposit.
//! - [`mod@path`]: by which procedure an e-mail address or a number for texts may be used.
//! - [`revocation`]: the replies that revoke a consent in themselves.
//! - [`limitation`]: when a claim is barred.
//! - [`duties`]: what is owed, by when, and what discharges it; blocks nothing itself.
//! - [`calendar`](mod@calendar): the coming days of a person, to be drawn.
//! - [`outcome`]: whether an outcome counts, for which debts, and why.
//! - [`mod@limited_content`], [`communication`], [`writing`]: what was said, and how.
//! - [`snapshot`]: what a decision row keeps, and its replay.

pub mod acts;
pub mod blocked;
pub mod calendar;
pub mod communication;
pub mod duties;
pub mod evaluation;
pub mod facts;
pub mod limitation;
pub mod limited_content;
pub mod medium;
pub mod outcome;
pub mod packs;
pub mod path;
pub mod proposed;
pub mod region;
pub mod revocation;
pub mod rules;
pub mod snapshot;
pub mod span;
pub mod warning;
pub mod writing;
pub mod zones;

pub use acts::{Act, Handover, evaluate_act};
pub use blocked::{Against, Blocked, Evidence, Ground, Reason, Required, Requirement};
pub use calendar::{Calendar, CalendarDay, Stretch, calendar};
pub use communication::Content;
pub use duties::{AgencyFacts, Obligation, agency_due, due};
pub use evaluation::{Decision, Evaluation, Explanation, evaluate};
pub use facts::{
    Account, AccountState, AgencyHours, AgencyPolicy, Attempt, BankruptcyCase, Chapter, City,
    Claim, Consent, ConsentFor, CreditorKind, DebtKind, Designation, DesignationKind, Dispute,
    DisputeExtent, DisputeForm, Event, EventKind, Facts, FiledBy, GivenTo, Inbound, Licence,
    Limitation, Limits, LineType, Place, Point, PointKind, PointState, Region, Stop, Times,
    Weekdays,
};
pub use limited_content::{LeftFor, MessageItem, limited_content};
pub use medium::Medium;
pub use outcome::{Counted, Outcome, counts, counts_for};
pub use packs::PackId;
pub use path::{Path, path};
pub use proposed::{DialMode, Initiator, Proposed, Purpose, Recipient};
pub use snapshot::{ReplayError, Snapshot, replay};
pub use span::Span;
pub use warning::{Warned, Warning};
pub use writing::{Arrived, LaterDispute, dispute_form};
pub use zones::Zones;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;
