//! The kit and the mechanisms under it, tried with two tiny services on a real Postgres and a real
//! NATS: a teller, and a tally that adds up what it hears.

mod digests;
mod due;
mod fixture;
mod flow;
mod handling;
mod migrating;
mod numbering;
mod outside;
mod pages;
mod poison;
mod reading;
mod requests;
mod resends;
mod stopping;
mod trouble;
