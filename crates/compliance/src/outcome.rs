//! Whether an outcome counts towards the limits of a person, for which debts, and why.

use duly_domain::{AccountId, Channel, Disposition, Instant};

use crate::medium::Medium;
use crate::proposed::{Initiator, Recipient};

/// What an outcome means for the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Whether the attempt counts.
    pub counted: bool,
    /// Whether it was a conversation with the person, which closes seven days to calls.
    pub conversation: bool,
    /// Why, with the citation where there is one.
    pub why: &'static str,
}

/// Whether an attempt of the agency with this outcome counts, under the rules of the instant at which it was
/// made. To be stored with the attempt: later rules do not change it.
pub fn counts(channel: Channel, disposition: Disposition, at: Instant) -> Counted {
    // Every version of the rules so far counts alike; a new one branches on its first day.
    let _ = at;
    by(channel.into(), disposition)
}

fn by(medium: Medium, disposition: Disposition) -> Counted {
    let call = medium == Medium::Call;
    let (counted, conversation, why) = match (call, disposition) {
        (_, Disposition::NotMade) => (false, false, "it was not made"),
        (true, Disposition::Reached) => {
            (true, true, "the person answered: 12 CFR 1006.14(b)(2)(i), a call and a conversation")
        }
        (true, Disposition::ThirdParty) => (
            true,
            false,
            "somebody else answered: 12 CFR 1006.14(b)(2)(i)(A), a call placed, no conversation",
        ),
        (true, Disposition::NoAnswer) => {
            (true, false, "it rang unanswered: 12 CFR 1006, comment 14(b)(3)(ii)-1, connected")
        }
        (true, Disposition::Voicemail) => {
            (true, false, "it reached voicemail: 12 CFR 1006, comment 14(b)(3)(ii)-1, connected")
        }
        (true, Disposition::Busy) => {
            (false, false, "the line was busy: 12 CFR 1006.14(b)(3)(ii), not connected")
        }
        (true, Disposition::NotInService) => {
            (false, false, "the number is not in service: 12 CFR 1006.14(b)(3)(ii), not connected")
        }
        (true, Disposition::WrongNumber) => (
            false,
            false,
            "the number is somebody else's: 12 CFR 1006, comment 14(b)(2)(i)-3, no call to this person",
        ),
        (true, Disposition::Unknown) => {
            (true, true, "it may have been made and answered: counted as both by policy")
        }
        (true, Disposition::Sent) => (true, false, "it left: counted as a call placed by policy"),
        (false, Disposition::Unknown) => (true, false, "it may have left: counted by policy"),
        (false, Disposition::Sent) => (true, false, "it left"),
        (false, Disposition::NotInService) => (false, false, "the address does not exist"),
        (false, Disposition::WrongNumber) => (false, false, "the address is somebody else's"),
        (
            false,
            Disposition::Reached
            | Disposition::ThirdParty
            | Disposition::NoAnswer
            | Disposition::Busy
            | Disposition::Voicemail,
        ) => (true, false, "an outcome of a call, told of a message: counted by policy"),
    };
    Counted { counted, conversation, why }
}

/// One call or message that is over: with whom, and about which debts.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'a> {
    /// By what.
    pub medium: Medium,
    /// How it ended.
    pub disposition: Disposition,
    /// When it was made.
    pub at: Instant,
    /// Who placed the call.
    pub initiator: Initiator,
    /// To whom it was made.
    pub recipient: Recipient,
    /// The debts for which it was made, in the order of the agency's choice: where none was spoken of it
    /// counts for the first.
    pub meant: &'a [AccountId],
    /// The debts that were discussed, whoever raised them, or referred to in what was left or sent.
    pub named: &'a [AccountId],
}

/// For each debt for which a call or message counts, what it counts as. One row of [`crate::Attempt`] each,
/// to be stored with it.
///
/// 12 CFR 1006, comment 14(b)(4)-1: an answered call and a voicemail count for every debt that was
/// discussed, raised or referred to; an unanswered call, and one in which none was, for at least one, at the
/// agency's choice. A conversation is one about each debt discussed, whoever raised it.
pub fn counts_for(outcome: &Outcome<'_>) -> Vec<(AccountId, Counted)> {
    let Outcome { medium, disposition, recipient, initiator, .. } = *outcome;
    let mut counted = by(medium, disposition);
    if recipient.is_professional() {
        let why = "to counsel, creditor or a reporting agency: 12 CFR 1006.14(b)(3)(iii)";
        counted = Counted { counted: false, conversation: false, why };
    } else if medium == Medium::Call && initiator == Initiator::Debtor {
        let why =
            "the person placed the call: 12 CFR 1006, comment 14(b)(2)(i)-1, none placed to it";
        counted = Counted { counted: false, why, ..counted };
    }
    let mut debts: Vec<AccountId> = match (medium == Medium::Call, disposition) {
        (true, Disposition::Reached | Disposition::ThirdParty | Disposition::Voicemail) => {
            outcome.named.to_vec()
        }
        // It may have been answered, and any of them discussed.
        (true, Disposition::Unknown) | (false, _) => {
            outcome.meant.iter().chain(outcome.named).copied().collect()
        }
        (
            true,
            Disposition::NoAnswer
            | Disposition::Busy
            | Disposition::NotInService
            | Disposition::WrongNumber
            | Disposition::NotMade
            | Disposition::Sent,
        ) => Vec::new(),
    };
    if debts.is_empty() {
        debts.extend(outcome.meant.first());
    }
    let mut rows: Vec<(AccountId, Counted)> = Vec::with_capacity(debts.len());
    for debt in debts {
        if !rows.iter().any(|(kept, _)| *kept == debt) {
            rows.push((debt, counted));
        }
    }
    rows
}

#[cfg(test)]
mod tests;
