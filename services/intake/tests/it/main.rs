//! Intake through its front door, on a real database and broker.

mod accounts;
mod clients;
mod isolation;
mod records;
mod secrets;
mod streams;
mod support;
