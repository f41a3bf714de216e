//! Letters through its front door: facts in, prepared letters, sealed batches and messages out.

mod email;
mod leaving;
mod look_up;
mod order;
mod preparing;
mod returns;
mod smtp_server;
mod world;
