//! Payments through its front door: requests and events in, answers, events and statements out.

mod client_tree;
mod commission;
mod deficiency;
mod journal;
mod posting;
mod promises;
mod races;
mod statement;
mod world;
