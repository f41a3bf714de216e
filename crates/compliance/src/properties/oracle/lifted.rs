//! 12 CFR 1006.6(b)(4): what lifts the bars of (b)(1) to (3). Consent given directly to this collector, in a
//! communication that broke none of them; or the express permission of a court.

use chrono_tz::Tz;
use duly_domain::AccountId;

use super::Now;
use super::clock::{Doubt, window};
use crate::*;

/// What is barred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    Time,
    Place,
    Attorney,
}

/// Whether a bar is lifted from what is said of all of these accounts.
pub fn lifted(now: &Now<'_>, bar: Bar, accounts: &[AccountId]) -> bool {
    let lifts = |consent: &Consent| match consent.what {
        ConsentFor::Contact => true,
        ConsentFor::AtPlace => bar == Bar::Place,
        ConsentFor::ThoughRepresented => bar == Bar::Attorney,
        _ => false,
    };
    agreed(now, accounts).any(lifts) || permitted(now, EventKind::CourtPermitted, accounts)
}

/// Whether the person agreed to be reached at this time of day, in this zone.
pub fn agreed_time(now: &Now<'_>, tz: Tz) -> bool {
    agreed(now, &now.proposed.accounts).any(|consent| match consent.what {
        ConsentFor::AtTimes(times) => window(times, tz, Doubt::Narrow, now.at).is_some(),
        _ => false,
    })
}

/// Consents to the agency that stand and whose scope holds all of it.
fn agreed<'a>(
    now: &'a Now<'_>,
    accounts: &'a [AccountId],
) -> impl Iterator<Item = &'a Consent> + 'a {
    now.facts.consents.iter().filter(move |consent| {
        consent.given_to == GivenTo::Agency
            && accounts.iter().all(|account| now.in_scope(consent, *account))
            && now.holds(consent)
    })
}

/// Whether an event permits it, to the end of the day that it states.
pub fn permitted(now: &Now<'_>, kind: EventKind, accounts: &[AccountId]) -> bool {
    now.events(kind).any(|event| {
        let about = |account: &AccountId| event.account.is_none_or(|named| named == *account);
        accounts.iter().all(about)
            && now.names(event.medium, event.point)
            && event.on.is_none_or(|last| now.home <= last)
    })
}
