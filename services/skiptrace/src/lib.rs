//! Skiptrace: searches by providers, scrubs for what blocks contact and traces for where a party can be
//! reached.
//!
//! It owns searches, the files that ask a provider for them, what was found with its provenance and
//! cost, and what was spent per provider and month. It tells `ScrubCompleted`, `TraceCompleted` and
//! `TraceRefused`, and hears where accounts stand, treatments that are due and stops. A tick decides
//! which searches are made; a file hands them over; a person or a machine imports the answers.
//! Deliberately absent: what follows from a finding (contact) and what is tried next (workflow).

mod ask_provider;
mod config;
mod decide_searches;
mod digest;
mod error;
mod events;
mod expire_searches;
mod grpc;
mod import_results;
mod judge;
mod look_up;
mod model;
mod request_file;
mod request_search;
mod result_file;
mod store;
mod tell;

use duly_platform::{Access, DueWork, OutsideWork, Role, Service, State};
use duly_proto::{Event as _, skiptrace::v1::Event};
use sqlx::migrate::Migrator;

pub use config::{Config, Dollars};

static MIGRATOR: Migrator = sqlx::migrate!();

/// Where accounts stand.
static SHARED: [&Migrator; 1] = [&duly_standing::MIGRATOR];

const APPEND_ONLY: &[&str] = &[
    "account",
    "account_end",
    "account_hold",
    "account_hold_lifted",
    "account_money",
    "account_party",
    "finding",
    "stop",
    "stop_lifted",
];

const ASK: &[Role] = &[Role::Collector, Role::Manager, Role::Admin, Role::Service];
const IMPORT: &[Role] = &[Role::Manager, Role::Admin, Role::Service];
const SPEND: &[Role] =
    &[Role::Accounting, Role::Compliance, Role::Manager, Role::Admin, Role::Service];
const READ: &[Role] = &Role::ALL;

const ACCESS: &[Access] = &[
    Access { method: "duly.skiptrace.v1.SkiptraceService/RequestSearch", roles: ASK },
    Access { method: "duly.skiptrace.v1.SkiptraceService/ListSearches", roles: READ },
    Access { method: "duly.skiptrace.v1.SkiptraceService/ImportResults", roles: IMPORT },
    Access { method: "duly.skiptrace.v1.SkiptraceService/ListFindings", roles: READ },
    Access { method: "duly.skiptrace.v1.SkiptraceService/GetSpend", roles: SPEND },
];

/// The service as the composition root runs it.
#[must_use]
pub fn service(config: Config) -> Service {
    Service {
        name: "skiptrace",
        migrator: &MIGRATOR,
        shared: &SHARED,
        append_only: APPEND_ONLY,
        access: ACCESS,
        tells: Event::KINDS,
        listeners: events::listeners(),
        due: vec![
            DueWork::new(decide_searches::QUEUE, |tx, _| {
                Box::pin(async move { Ok(decide_searches::decide_searches(tx).await?) })
            }),
            DueWork::new(expire_searches::QUEUE, |tx, items| {
                Box::pin(async move { Ok(expire_searches::expire_searches(tx, items).await?) })
            }),
        ],
        outside: vec![OutsideWork::new(
            ask_provider::QUEUE,
            |tx, items| Box::pin(async move { Ok(ask_provider::begin(tx, items).await?) }),
            ask_provider::perform,
            |tx, outcomes| Box::pin(async move { Ok(ask_provider::finish(tx, outcomes).await?) }),
        )],
        state: State::of(config),
        routes: grpc::routes,
        http: None,
        digest: digest::DIGEST,
    }
}
