//! Intake through its front door, on a real database and broker.

mod accounts;
mod client_requests;
mod clients;
mod close_proposals;
mod holds;
mod isolation;
mod records;
mod secrets;
mod streams;
mod support;
