//! Intake: clients with their dated policy, and the claims that they place.
//!
//! It owns clients, placement batches with an answer to every record, accounts as they were placed and
//! corrected, their claim items, liable parties, contact persons and known facts. It alone closes
//! accounts. It tells `ClientChanged`, `AccountPlaced`, `ClaimItemsListed`, `AccountAdjusted`,
//! `AccountRecalled`, `AccountClosed` and `BatchClosed`, and hears nothing. Deliberately absent: what was
//! paid (payments), and every attempt to collect (contact).

mod adjust_account;
mod claim;
mod close_account;
mod close_batch;
mod close_words;
mod digests;
mod error;
mod facts;
mod grpc;
mod input;
mod list_accounts;
mod list_batches;
mod list_clients;
mod open_batch;
mod place_chunk;
mod put_client;
mod read_claim;
mod recall_account;
mod store;

use duly_platform::{Access, Role, Service};
use duly_proto::{Event as _, intake::v1::Event};
use sqlx::migrate::Migrator;

static MIGRATOR: Migrator = sqlx::migrate!();

/// Rows that are the record of what was placed, agreed or answered.
const APPEND_ONLY: &[&str] = &[
    "acknowledgement",
    "adjustment",
    "claim_item",
    "client_policy",
    "contact_person",
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
];

/// The service, to be run by the composition root.
#[must_use]
pub fn service() -> Service {
    Service {
        name: "intake",
        migrator: &MIGRATOR,
        append_only: APPEND_ONLY,
        access: ACCESS,
        tells: Event::KINDS,
        listeners: Vec::new(),
        due: Vec::new(),
        routes: grpc::routes,
        digest: digests::DIGESTS,
    }
}
