//! Gateway: the same services as REST, for creditors who live by API.
//!
//! It owns nothing: each request becomes calls of the services' own gRPC methods with the caller's
//! token, so that who may do and see what is decided where the rows are. Here are the shapes of JSON, the
//! names of errors, and the OpenAPI document that the handlers themselves make. Deliberately absent:
//! rules, rows, and any knowledge of who the caller is.

mod body;
mod caller;
mod config;
mod document;
mod fault;
mod place;
mod problem;
mod routes;
mod shape;
mod upstream;

use duly_platform::{Service, State};
use sqlx::migrate::Migrator;
use tonic::service::Routes;

pub use config::{Config, InvalidUpstream, Upstream};
pub use document::document;

/// It has no tables of its own.
static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, to be run by the composition root.
#[must_use]
pub fn service(config: Config) -> Service {
    Service {
        name: "gateway",
        migrator: &MIGRATOR,
        shared: &[],
        append_only: &[],
        access: &[],
        tells: &[],
        listeners: Vec::new(),
        due: Vec::new(),
        outside: Vec::new(),
        state: State::of(config),
        routes: |_| Routes::default(),
        http: Some(routes::router),
        digest: &[],
    }
}
