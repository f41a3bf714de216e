//! Contact through its front door: requests and events in, answers, decisions and events out.

mod calls;
mod client_tree;
mod complaints;
mod dialer;
mod disputes;
mod facts;
mod inbound;
mod instructions;
mod letters;
mod order;
mod persons;
mod planning;
mod points;
mod races;
mod recount;
mod stops;
mod text_server;
mod texts;
mod world;
