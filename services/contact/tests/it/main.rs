//! Contact through its front door: requests and events in, answers, decisions and events out.

mod calls;
mod client_tree;
mod disputes;
mod facts;
mod letters;
mod order;
mod persons;
mod points;
mod races;
mod stops;
mod world;
