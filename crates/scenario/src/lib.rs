//! Scenarios: what a compliance officer writes in order to ask the guard. Facts, a timeline and questions go
//! in as YAML, one JSON line per question comes out: [`check`]. Pure: it reads what it is handed and writes
//! where it is told; no clock, file or socket.
//!
//! ```yaml
//! schema: duly-scenario/1          # regf-examples/1 is read as it is: the same words
//! cases:
//! - id: stop calling
//!   citation: 12 CFR 1006, comment 14(h)(1)-3.i
//!   facts: {tz: America/New_York, debts: [{id: D1, kind: credit_card}]}
//!   timeline:
//!   - {at: '2026-06-01T10:00', event: call_placed, result: conversation, consumer_says: stop calling}
//!   questions:
//!   - {at: '2026-07-02T11:00', action: call, question: May we call?, expected: prohibited}
//!   - {at: '2026-07-02', action: mail, expected: allowed}
//! ```
//!
//! A word that is not known anywhere is an error that names the case, the key, the word and what words there
//! are; the other cases still run. A word that says the same as a known one is read as it: small words left
//! out, another word for the same thing, another order (`cease_letter_received`, `known_at_home`).
//!
//! # Times
//!
//! `2026-06-09T11:00` is local in `facts.tz` (America/New_York where none is told),
//! `2026-06-09T11:00-04:00` is an instant. `2026-06-09` is a day: a question about one asks whether any time
//! of it that follows what is told of that day is permitted; an event takes place at noon, several (`count`,
//! or several events) spread over nine to five in the order told. `dow: Tue` is checked against the day.
//!
//! # Facts
//!
//! What stands for the whole case. [`FACTS`] lists the keys: `debts` (id, kind, obligor_type, status,
//! servicing_account, ..), `consumer` (deceased, minor, ..), `contact.role`, `attorney`, `location_signals`,
//! numbers and addresses, `inconvenient`, `inconvenient_place`, `cease_on_file`, `agency_limits` and the rest.
//! An event's name as a key, with a date, is that event. What is not told is ordinary: one consumer debt, a
//! validation notice that went out long ago, a person reached at a mobile number and an e-mail address that
//! it gave, an agency that is open at all hours. A number or address that the scenario names has only what is
//! told of it, and `assume: nothing` takes nothing for granted.
//!
//! # Timeline
//!
//! [`events`] lists the words. Ours: `call_placed` (result: [`RESULTS`]; debts, debts_discussed,
//! attributed_to, raised_by_consumer), `sms_sent`, `email_sent`, `letter_mailed`, `voicemail_left`,
//! `social_private_message_sent`, `validation_notice_mailed`, `verification_sent`, `furnished`, ..; the
//! person's: `call_received`, `email_received`, `web_session_started`, `preference_received`,
//! `opt_out_received`, `consent_received` (given_to, scope), `cease_received`, `dispute_received`, ..; the
//! creditor's and other collectors': `placement_received` (creditor_note), `creditor_notice_sent`,
//! `email_obtained` (by), ..
//!
//! `consumer_says`, `creditor_note`, `scope` and `inconvenient` are plain words, read for days, times, places,
//! media, numbers, through-dates and set phrases. What nobody understands stands as a designation against
//! every time: words never permit anything by not being understood.
//!
//! # Questions
//!
//! - `action` and `at`: may it be done then? Read word by word (`call x2`, `call_home_landline`,
//!   `mail_periodic_statement`, `email_reply`, `furnish`, `sell`, `deposit`): [`actions`]. With `debts`,
//!   `number`, `address`, `to`.
//! - `value`: a classification, computed from what is told: [`VALUES`]. Where nothing is told, the question's
//!   own words say what is asked about ("A busy signal?").
//! - neither: what we did, as it is told, is judged at its instants; `read_as` says what was judged.
//! - `ask`: a formal question where the words are none: `{path: email}`, `{requires: mini_miranda, action:
//!   call}`, `{duty: o.validation}`, `{notice_deadline: {sent: .., deadline: ..}}`. Its keys may stand beside
//!   the question's.
//! - `facts_override` and `timeline` change facts, a key of the events, or add events, for one question.
//!
//! `expected` is one of [`expectations`]; `rebuttal: factor-may-rebut` that a presumption carries a factor. A
//! question in which nothing of this is found is `not_expressible`: it neither holds nor fails.
//!
//! # Batches
//!
//! Files are read piece by piece, so that a hundred thousand questions of one case take the memory of one:
//! YAML lists, or one JSON object per line, where an object with `facts`, `timeline` or `id` begins a case.
//! [`Checker`] asks the questions of one file of the last case of the file before.

mod action;
mod answer;
mod ask;
mod check;
mod classify;
mod domain_name;
mod event;
mod facts;
mod judge;
mod question;
mod reader;
mod replay;
mod scene;
mod split;
mod synonym;
mod vectors;
mod when;
mod words;
mod world;

pub use check::{Checker, Options, SCHEMAS, Summary, check};
pub use classify::KEYS as VALUES;
pub use event::RESULTS;
pub use facts::KEYS as FACTS;
pub use replay::{Replayed, replay};

/// Every word for an event.
pub fn events() -> impl Iterator<Item = &'static str> {
    event::Kind::words()
}

/// Every word of an action.
pub fn actions() -> impl Iterator<Item = &'static str> {
    action::words()
}

/// Every word that may be expected.
pub fn expectations() -> impl Iterator<Item = &'static str> {
    answer::ANSWERS.iter().map(|(word, _)| *word)
}
