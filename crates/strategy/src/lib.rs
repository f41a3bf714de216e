//! Strategies: a document that says how a kind of claim is worked, and the next move that it makes of a
//! liable party's facts. Pure: no clock, no database; the same facts at the same instant give the same
//! move, and no checked document can spin or run for ever.
//!
//! # The document
//!
//! ```yaml
//! strategy: commercial-standard       # its name; versions are counted where it is published
//! summary: Commercial claims, by letter and telephone.
//! for: { debt_class: commercial, service_kinds: [contingency] }
//! roles:                              # who is worked, and how many days after the account came
//!   principal: { after_days: 0 }
//!   personal_guarantor: { after_days: 7 }
//! broken_promise: chase               # where a track goes on after a promise was broken; optional
//! at_most_days: 365                   # a track is exhausted after so many days; optional
//! steps:                              # the first is where a track begins
//!   - id: scrub
//!     do: scrub
//!     on: { hit: look }               # an answer that leads elsewhere than `then`
//!     then: demand                    # optional: else the next step of the list
//!   - id: demand
//!     when: { has_point: address }    # else it is passed over, to `otherwise` or `then`
//!     do: { letter: { template: commercial_demand, channel: mail } }
//!     start_within_days: 5            # it expires at the end of that day
//!   - id: rest
//!     do: { wait: { days: 7 } }       # or { until: validation_period_end }
//!   - id: chase
//!     do: { call: { tries: 3, every_days: 3 } }
//!     then: close
//!   - id: look
//!     do: { task: { text: Look at what the scrub found. } }
//!     then: demand
//!   - id: close
//!     do: { propose_close: { code: UNC } }
//! ```
//!
//! Conditions: `balance_at_least: 250.00 USD`, `has_point: phone | email | address`,
//! `age_days_at_least: 90`. Several in one `when` must all hold.
//!
//! # One track
//!
//! Each liable party of a role in `roles` walks the document by itself: its track. [`Document::advance`]
//! reads the track's facts ([`TrackFacts`]) and says what to do now ([`Move`]) and where the track then
//! stands. Timers fall at the start of a working day of the agency ([`calendar`]).

mod advance;
mod answer;
mod built_in;
pub mod calendar;
mod check;
mod document;
mod facts;
mod parse;
mod words;

pub use advance::{Advance, Exhaustion, Move, Order, StepTask, UNANSWERED_AFTER, Used};
pub use answer::{Answer, Treatment};
pub use built_in::{BUILT_IN, BuiltIn, STANDARD_COMMERCIAL, STANDARD_CONSUMER, standard_for};
pub use document::{
    Condition, Do, Document, DocumentError, Fits, PointKind, Step, Template, Until,
};
pub use facts::{Answered, Asked, Ended, Pause, Points, Position, TrackFacts};
pub use words::Words;
