//! Intake: clients with their dated policy, and the claims that they place.
//!
//! It owns clients, placement batches with an answer to every record, accounts as they were placed and
//! corrected, their claim items, liable parties, contact persons and known facts, the holds on them,
//! and the questions that clients are asked. It alone closes accounts. It tells `ClientChanged`,
//! `AccountPlaced`, `ClaimItemsListed`, `AccountAdjusted`, `AccountRecalled`, `AccountClosed`,
//! `BatchClosed`, `HoldPlaced`, `HoldLifted` and `ClientAnswered`. It hears of disputes, to ask the
//! client, and of proposals to close. Deliberately absent: what was paid (payments), and every attempt
//! to collect (contact).

mod adjust_account;
mod answer_client_request;
mod claim;
mod close_account;
mod close_batch;
mod close_proposed;
mod close_words;
mod digests;
mod error;
mod events;
mod facts;
mod grpc;
mod hold_account;
mod input;
mod lift_hold;
mod list_accounts;
mod list_batches;
mod list_client_requests;
mod list_clients;
mod open_batch;
mod place_chunk;
mod put_client;
mod read_claim;
mod recall_account;
mod store;

use duly_platform::{Access, DueWork, Role, Service, State};
use duly_proto::{Event as _, intake::v1::Event};
use sqlx::migrate::Migrator;

static MIGRATOR: Migrator = sqlx::migrate!();

/// Rows that are the record of what was placed, agreed or answered.
const APPEND_ONLY: &[&str] = &[
    "acknowledgement",
    "adjustment",
    "claim_item",
    "client_answer",
    "client_policy",
    "client_request",
    "close_proposal",
    "contact_person",
    "dispute_end",
    "known_fact",
    "liable_party",
    "placement_chunk",
];

const PUT: &[Role] = &[Role::Manager, Role::Admin];
const PLACE: &[Role] = &[Role::Client, Role::Manager, Role::Admin, Role::Service];
const CLOSE: &[Role] = &[Role::Manager, Role::Compliance, Role::Admin, Role::Service];
const READ: &[Role] = &Role::ALL;

const ACCESS: &[Access] = &[
    Access { method: "duly.intake.v1.IntakeService/PutClient", roles: PUT },
    Access { method: "duly.intake.v1.IntakeService/GetClient", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/ListClients", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/Place", roles: PLACE },
    Access { method: "duly.intake.v1.IntakeService/GetBatch", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/ListAcknowledgements", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/GetAccount", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/ListAccounts", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/AdjustAccount", roles: PLACE },
    Access { method: "duly.intake.v1.IntakeService/RecallAccount", roles: PLACE },
    Access { method: "duly.intake.v1.IntakeService/CloseAccount", roles: CLOSE },
    Access { method: "duly.intake.v1.IntakeService/HoldAccount", roles: PLACE },
    Access { method: "duly.intake.v1.IntakeService/LiftHold", roles: PLACE },
    Access { method: "duly.intake.v1.IntakeService/ListClientRequests", roles: READ },
    Access { method: "duly.intake.v1.IntakeService/AnswerClientRequest", roles: PLACE },
];

/// The service, to be run by the composition root.
#[must_use]
pub fn service() -> Service {
    Service {
        name: "intake",
        migrator: &MIGRATOR,
        shared: &[],
        append_only: APPEND_ONLY,
        access: ACCESS,
        tells: Event::KINDS,
        listeners: events::listeners(),
        due: vec![DueWork::new(close_proposed::QUEUE, |tx, due| {
            Box::pin(async move { Ok(close_proposed::close_due(tx, due).await?) })
        })],
        outside: vec![],
        state: State::default(),
        routes: grpc::routes,
        http: None,
        digest: digests::DIGESTS,
    }
}
