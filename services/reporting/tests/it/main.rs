//! Reporting through its front door, fed by two fakes that tell what intake and payments tell.

mod queries;
mod sums;
mod told;
mod trouble;
mod world;
