//! What tests, the demo and the sandbox driver stand on: a set of schemas with its own broker names, a
//! clock that is moved by hand, `settle`, digests, clients and builders.
//!
//! Two things stand here and nowhere else: queries over several services' schemas, and writing the
//! simulated clock. Both only in a sandbox. Failures of the surroundings are errors, never panics:
//! the binary links this crate for `duly demo` and `duly digest`.

mod asks;
mod build;
mod call;
mod client;
mod deliver;
mod digest;
mod place;
mod rows;
mod run;
mod set;
mod settle;
mod shape;
mod sim;
mod teller;

pub use asks::{answers, conclude, dispute, hold, promise, search, stop};
pub use build::{
    ClientBuilder, PlacementBuilder, PolicyBuilder, PostBuilder, adjust, cents, client, consumer,
    day, placement, policy, post, request_id, usd,
};
pub use call::{Counted, Guarded};
pub use client::{
    Clients, ContactClient, Endpoints, IntakeClient, LettersClient, PaymentsClient,
    ReportingClient, SkiptraceClient, Wire, WorkflowClient,
};
pub use deliver::{Delivery, numbered_frames};
pub use digest::{Difference, Digests, TableDigest, digest};
pub use place::{PlaceOpen, Placed, place};
pub use rows::{Cell, dump, holding};
pub use run::Run;
pub use set::{CallGuard, Set};
pub use settle::{settle, settle_within};
pub use shape::Shape;
pub use sim::Driver;
pub use teller::{teller, told};
