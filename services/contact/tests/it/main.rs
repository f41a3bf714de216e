//! Contact through its front door: requests and events in, answers, decisions and events out.

mod ahead;
mod calls;
mod client_tree;
mod complaints;
mod disputes;
mod facts;
mod inbound;
mod instructions;
mod lawful;
mod letters;
mod obligations;
mod order;
mod persons;
mod places;
mod points;
mod policy;
mod races;
mod recount;
mod replays;
mod stops;
mod whole_day;
mod world;
