//! Journeys and faults: all services in one process and as real processes, on the real Postgres and
//! NATS. Equal business states are equal digests, so each fault is judged by the digest of the road
//! that nobody disturbed.

mod architecture;
mod bad_input;
mod broker;
mod creditor;
mod delivery;
mod effects;
mod event_table;
mod fleet;
mod isolation;
mod journey;
mod kills;
mod mail;
mod planted;
mod road;
mod roles;
mod secrets;
mod walk;
mod walks;
