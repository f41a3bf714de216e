//! Whether a search may be made, on the facts then known. Money is not judged here.

use duly_domain::{Instant, SearchKind};
use duly_standing::Standing;

use crate::model::{Refusal, Search};

/// What is known of one search's account and party.
pub(crate) enum Judged<'a> {
    /// It may be made, for the party at this position.
    Allowed(&'a duly_standing::Party),
    /// It is not made.
    Refused(Refusal),
    /// The opening that it is for has not been heard of: it waits.
    Waits,
}

/// Judges one search. A scrub goes on after a stop, since it finds what else must be respected; a
/// trace has no purpose then.
pub(crate) fn judge<'a>(
    search: &Search,
    standing: Option<&'a Standing>,
    is_stopped: bool,
    now: Instant,
) -> Judged<'a> {
    if now >= search.expires_at {
        return Judged::Refused(Refusal::Expired);
    }
    let Some(standing) = standing.filter(|standing| standing.opening >= search.opening) else {
        return Judged::Waits;
    };
    if standing.opening > search.opening || standing.ended.is_some() || standing.settled {
        return Judged::Refused(Refusal::AccountEnded);
    }
    let Some(party) = standing.party(search.party) else {
        return Judged::Refused(Refusal::UnknownParty);
    };
    if is_stopped && search.kind == SearchKind::Trace {
        return Judged::Refused(Refusal::NoPurpose);
    }
    Judged::Allowed(party)
}
