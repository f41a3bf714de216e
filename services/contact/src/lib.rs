//! Contact: the one door out. Whether, when and on which channel a person may be reached, and what came of
//! it.
//!
//! It owns persons, contact points with provenance, stops, disputes, consents, designations, dated facts,
//! what comes in, complaints, attempts, decisions and notes, and tells AttemptAuthorized, AttemptConcluded, TreatmentRefused, StopPlaced, StopLifted, DisputeOpened and
//! DisputeResolved. Every attempt on every channel is a row that is written as authorised in the same
//! transaction in which the guard (`duly-compliance`) permits it, under the lock on the person. Whoever
//! writes a fact that the guard reads takes the same lock, in the order of the persons' ids: so a stop
//! stands before its command returns, and nothing is authorised against a fact that is committed here.
//! Absent: the rules themselves, and everything after the permission (letters, dialers).

mod add_note;
mod add_point;
mod affected;
mod calendar;
mod call_list;
mod codes;
mod conclude_attempt;
mod config;
mod digest;
mod error;
mod events;
mod explain_account;
mod grpc;
mod guard;
mod known_facts;
mod lift_stop;
mod link;
mod link_persons;
mod list_kept;
mod list_obligations;
mod look_up;
mod note_obligations;
mod open_complaint;
mod open_dispute;
mod place_stop;
mod policy;
mod propose_call;
mod read_inbound;
mod record_consent;
mod record_designation;
mod record_fact;
mod record_inbound;
mod release;
mod replay_decision;
mod resolve_dispute;
mod scope;
mod store;
mod times;
mod wire;

use duly_platform::{Access, DueWork, Role, Service, State};
use sqlx::migrate::Migrator;

pub use config::Config;
pub use policy::{Policy, PolicyError};

static MIGRATOR: Migrator = sqlx::migrate!();
static SHARED: [&Migrator; 1] = [&duly_standing::MIGRATOR];

const WORK: &[Role] = &[Role::Collector, Role::Manager, Role::Admin, Role::Service];
const STOP: &[Role] =
    &[Role::Collector, Role::Compliance, Role::Manager, Role::Admin, Role::Service];
const LIFT: &[Role] = &[Role::Compliance, Role::Manager, Role::Admin];
const AGENCY: &[Role] = &[
    Role::Collector,
    Role::Compliance,
    Role::Accounting,
    Role::Manager,
    Role::Admin,
    Role::Service,
];
const READ: &[Role] = &Role::ALL;

const ACCESS: &[Access] = &[
    Access { method: "duly.contact.v1.ContactService/Decide", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/ProposeCall", roles: WORK },
    Access { method: "duly.contact.v1.ContactService/ListCallList", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/ConcludeAttempt", roles: WORK },
    Access { method: "duly.contact.v1.ContactService/ListAttempts", roles: READ },
    Access { method: "duly.contact.v1.ContactService/PlaceStop", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/LiftStop", roles: LIFT },
    Access { method: "duly.contact.v1.ContactService/ListStops", roles: READ },
    Access { method: "duly.contact.v1.ContactService/OpenDispute", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ResolveDispute", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ListDisputes", roles: READ },
    Access { method: "duly.contact.v1.ContactService/RecordConsent", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/WithdrawConsent", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ListConsents", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/RecordDesignation", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/LiftDesignation", roles: LIFT },
    Access { method: "duly.contact.v1.ContactService/ListDesignations", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/RecordFact", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ListFacts", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/OpenComplaint", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/AcknowledgeComplaint", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/AnswerComplaint", roles: LIFT },
    Access { method: "duly.contact.v1.ContactService/ListComplaints", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/RecordInbound", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/MatchInbound", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ReadInbound", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ListInbound", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/ListUnmatchedInbound", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/LinkPersons", roles: LIFT },
    Access { method: "duly.contact.v1.ContactService/UnlinkParty", roles: LIFT },
    Access { method: "duly.contact.v1.ContactService/AddNote", roles: STOP },
    Access { method: "duly.contact.v1.ContactService/ListNotes", roles: READ },
    Access { method: "duly.contact.v1.ContactService/AddPoint", roles: WORK },
    Access { method: "duly.contact.v1.ContactService/ExplainAccount", roles: READ },
    Access { method: "duly.contact.v1.ContactService/ListObligations", roles: READ },
    Access { method: "duly.contact.v1.ContactService/Calendar", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/ReplayDecision", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/ReplayDecisions", roles: AGENCY },
    Access { method: "duly.contact.v1.ContactService/CountDecisions", roles: AGENCY },
];

/// The service as the composition root runs it.
#[must_use]
pub fn service(config: Config) -> Service {
    Service {
        name: "contact",
        migrator: &MIGRATOR,
        shared: &SHARED,
        append_only: &[
            "account",
            "account_party",
            "account_end",
            "account_money",
            "account_hold",
            "account_hold_lifted",
            "link_key",
            "wish",
            "claim",
            "consent",
            "consent_withdrawn",
            "designation",
            "designation_lifted",
            "dated_fact",
            "conversation",
            "link_apart",
            "person_change",
            "letter_gone",
            "decision",
            "note",
        ],
        access: ACCESS,
        tells: &[
            "attempt_authorized",
            "attempt_concluded",
            "treatment_refused",
            "stop_placed",
            "stop_lifted",
            "dispute_opened",
            "dispute_resolved",
            "obligation_opened",
            "obligation_met",
            "obligation_missed",
        ],
        listeners: events::listeners(),
        due: vec![
            DueWork::new(release::QUEUE, |tx, due| {
                Box::pin(async move { Ok(release::release_due(tx, due).await?) })
            }),
            DueWork::new(note_obligations::QUEUE, |tx, due| {
                Box::pin(async move { Ok(note_obligations::note_due(tx, due).await?) })
            }),
        ],
        outside: vec![],
        state: State::of(config),
        http: None,
        routes: grpc::routes,
        digest: digest::DIGEST,
    }
}
