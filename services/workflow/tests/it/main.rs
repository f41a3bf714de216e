//! Workflow through its front door, told by hand what the other services tell.

mod cases;
mod client_tree;
mod heard;
mod obligations;
mod order;
mod pauses;
mod stops;
mod strategies;
mod tasks;
mod walk;
mod world;
