//! Reporting through its front door, fed by fakes that tell what the other services tell.

mod accounts;
mod queries;
mod sums;
mod told;
mod trouble;
mod work;
mod world;
