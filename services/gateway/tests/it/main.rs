//! The gateway through its HTTP port, with the services behind it on a real database and broker.

mod changes;
mod document;
mod follow;
mod http;
mod placing;
mod refusals;
mod schema;
mod world;
