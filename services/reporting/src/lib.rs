//! Reporting: account timelines and lists, client summaries and batch liquidation, made from frames alone.
//!
//! It owns read models and nothing else, tells nothing, and hears every kind that any service tells. Emptied with its floors at 0 it comes back to the same state. Deliberately absent: due work
//! and decisions.

mod digest;
mod display_status;
mod events;
mod get_client_summary;
mod get_timeline;
mod grpc;
mod list_accounts;
mod list_batch_liquidation;
mod rebuild;
mod store;
mod unknown;
mod words;

use duly_platform::{Access, Role, Service, State};
use sqlx::migrate::Migrator;

pub use rebuild::rebuild;

static MIGRATOR: Migrator = sqlx::migrate!();

/// Every role reads; a client sees its own tree.
const ACCESS: &[Access] = &[
    Access { method: "duly.reporting.v1.ReportingService/GetTimeline", roles: &Role::ALL },
    Access { method: "duly.reporting.v1.ReportingService/ListAccounts", roles: &Role::ALL },
    Access { method: "duly.reporting.v1.ReportingService/GetClientSummary", roles: &Role::ALL },
    Access { method: "duly.reporting.v1.ReportingService/ListBatchLiquidation", roles: &Role::ALL },
];

/// The service.
#[must_use]
pub fn service() -> Service {
    Service {
        name: "reporting",
        migrator: &MIGRATOR,
        shared: &[],
        append_only: &[
            "collection",
            "timeline",
            "account",
            "account_end",
            "account_close",
            "liable_party",
        ],
        access: ACCESS,
        tells: &[],
        listeners: events::listeners(),
        due: Vec::new(),
        outside: vec![],
        state: State::default(),
        routes: grpc::routes,
        http: None,
        digest: digest::DIGESTS,
    }
}
