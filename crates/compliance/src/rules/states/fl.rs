//! Florida: Fla. Stat. 559.72(17). No communication between 21:00 and 8:00 in the debtor's time zone without
//! consent; e-mails are left out since 2025-05-16 (SB 232).
//!
//! That the area code's zone may be presumed does not displace the other places of Part 1006: the hours
//! stand in every zone in which the person may be.

use crate::blocked::Ground;
use crate::medium::Medium;
use crate::rules::place_hours::{Clock, Consent, shut_outside};
use crate::rules::{Case, Findings};

use super::consumer;

static HOURS: Ground = Ground::law("state_hours", "Fla. Stat. 559.72(17)");
static EDGE: Ground = Ground::policy("state_hours", "policy time.edge");

/// No communication between 21:00 and 8:00.
static CLOCK: Clock = Clock::not_before_or_after(
    (8, 0),
    (21, 0),
    &HOURS,
    &EDGE,
    "between 8:00 in the morning and 9:00 in the evening where the person may be",
);

/// Every medium with hours: before 2025-05-16.
pub fn hours(case: &Case<'_>, out: &mut Findings) {
    if consumer(case) && case.proposed.medium.has_hours() {
        shut_outside(case, &case.zones, &CLOCK, Consent::Opens, out);
    }
}

/// All of them but e-mail.
pub fn hours_without_email(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.medium != Medium::Email {
        hours(case, out);
    }
}

#[cfg(test)]
mod tests;
