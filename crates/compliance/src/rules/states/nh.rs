//! New Hampshire: RSA 358-C:3 limits contact at work and frequent calls; its words were not read. What can be
//! told from general knowledge, that work is limited, holds until a compliance user rules it in or out; a
//! number of calls that nobody knows holds nothing.

use crate::blocked::{Evidence, Ground};
use crate::medium::Medium;
use crate::rules::{Case, Findings};
use crate::span::Span;

use super::{at_work, consumer, shut};

static WORK: Ground = Ground::unverified("state_work", "unverified state.nh.work");

/// Contact at work.
pub fn work(case: &Case<'_>, out: &mut Findings) {
    let by_post = case.proposed.medium == Medium::Mail;
    if consumer(case) && !by_post && at_work(case, case.proposed.point) != Some(false) {
        let evidence = Evidence::Missing("what the state's limit on contact at work is");
        shut(case, Span::ALWAYS, &WORK, evidence, out);
    }
}

#[cfg(test)]
mod tests;
