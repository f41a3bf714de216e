//! What the tables hold, as types: accounts in their cases, tracks, treatments, tasks, and the facts that
//! bear on them.

use std::collections::BTreeMap;

use duly_domain::{
    CloseCode, Date, Instant, PartyRole, PromiseId, StopKind, TaskKind, TrackState, TreatmentKind,
};
use duly_strategy::{Answer, Points, Position};
use uuid::Uuid;

/// One opening of an account in its case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CaseAccount {
    pub account: Uuid,
    pub opening: i32,
    pub case: Uuid,
    pub client: Uuid,
    pub due_from: Date,
    /// Absent before the first tick.
    pub begun_at: Option<Instant>,
    /// Absent where none fits.
    pub strategy: Option<StrategyKey>,
    /// Counts the strategies that it was given.
    pub run: i32,
    /// Recalled, closed, settled; empty while it is worked.
    pub ended: String,
    pub proposed: Option<CloseCode>,
}

/// One version of a strategy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StrategyKey {
    pub name: String,
    pub version: i32,
}

/// One liable party's walk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Track {
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    pub case: Uuid,
    pub client: Uuid,
    /// 0 is the principal debtor.
    pub place: i32,
    pub role: PartyRole,
    pub state: TrackState,
    pub position: Option<Position>,
    /// What it waits for the answer of.
    pub treatment: Option<Uuid>,
    pub returned_step: Option<String>,
    pub exhausted: Option<CloseCode>,
    /// Exhausted by a stop, and not by the strategy's end.
    pub stopped: bool,
    pub why: String,
    pub next: String,
    pub next_at: Option<Instant>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Treatment {
    pub id: Uuid,
    pub case: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    pub kind: TreatmentKind,
    pub channel: Option<duly_domain::Channel>,
    pub template: String,
    pub run: i32,
    pub step: String,
    pub try_no: i32,
    pub due_at: Instant,
    pub expires_at: Instant,
    pub answer: Option<(Answer, Instant)>,
}

/// An answer that was heard and not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub treatment: Uuid,
    pub answer: Answer,
    pub at: Instant,
}

/// A promise whose making is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promise {
    pub id: PromiseId,
    pub party: Option<Uuid>,
    pub due_on: Date,
    /// Neither kept, broken nor cancelled.
    pub open: bool,
    /// Broken, and not yet acted on.
    pub broken: bool,
}

/// A dispute whose opening is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dispute {
    pub id: Uuid,
    pub reason: String,
    pub pauses: bool,
    /// Its outcome, once it is resolved.
    pub outcome: Option<String>,
    pub tasked: bool,
}

/// A duty whose opening is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obligation {
    pub id: Uuid,
    pub party: Option<Uuid>,
    pub what: String,
    pub authority: String,
    /// The last day; absent where it comes before an act, or has no day.
    pub due_on: Option<Date>,
    /// The act that it comes before; empty where it has a day.
    pub before: String,
    /// Duly's own work is to meet it: a person is asked from this day on.
    pub ask_on: Option<Date>,
    pub missed_at: Option<Instant>,
    /// Met, or void.
    pub over: bool,
    /// What had opened it no longer stands.
    pub void: bool,
    pub tasked: bool,
}

/// A stop that stands, of every channel and address of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub party: Uuid,
    /// Absent: every account of the party.
    pub account: Option<Uuid>,
    pub kind: StopKind,
}

/// What searches found of a party.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub points: Points,
    /// Of its bankruptcy; 0 where unknown.
    pub chapter: i32,
}

/// Something for a person to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Task {
    pub id: Uuid,
    pub case: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Option<Uuid>,
    pub kind: TaskKind,
    pub subject: Option<Uuid>,
    pub reason: String,
    pub due_on: Date,
    pub opened_at: Instant,
    pub closed: Option<(Instant, String)>,
    /// Of an obligation: since when its day is missed.
    pub missed_at: Option<Instant>,
}

/// An opening, as facts and tables name it.
pub(crate) type OpeningKey = (Uuid, i32);

/// All that bears on a set of accounts, beside where they stand.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub tracks: BTreeMap<OpeningKey, Vec<Track>>,
    /// Those that a track waits for, or that something new was heard of.
    pub treatments: BTreeMap<Uuid, Treatment>,
    pub heard: BTreeMap<OpeningKey, Vec<Heard>>,
    /// What came with an answer, in words.
    pub details: BTreeMap<(Uuid, Answer), String>,
    /// Until when what was permitted may be made.
    pub authorized: BTreeMap<Uuid, Instant>,
    pub promises: BTreeMap<OpeningKey, Vec<Promise>>,
    pub disputes: BTreeMap<OpeningKey, Vec<Dispute>>,
    /// Those that are not done with.
    pub obligations: BTreeMap<OpeningKey, Vec<Obligation>>,
    pub stops: Vec<Stop>,
    pub found: BTreeMap<Uuid, Found>,
    pub validation_ends: BTreeMap<(Uuid, i32, Uuid), Date>,
    /// Open ones.
    pub tasks: BTreeMap<OpeningKey, Vec<Task>>,
    /// Listed and adjusted: what would be owed had nobody paid.
    pub unpaid_minor: BTreeMap<OpeningKey, i64>,
}
