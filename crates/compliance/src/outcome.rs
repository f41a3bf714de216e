//! Whether an outcome counts towards the limits of a person, and why.

use duly_domain::{Channel, Disposition, Instant};

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

/// Whether an attempt with this outcome counts, under the rules of the instant at which it was made. To
/// be stored with the attempt: later rules do not change it.
pub fn counts(channel: Channel, disposition: Disposition, at: Instant) -> Counted {
    // Every version of the rules so far counts alike; a new one branches on its first day.
    let _ = at;
    let (counted, conversation, why) = match (channel, disposition) {
        (_, Disposition::NotMade) => (false, false, "it was not made"),
        (Channel::Call, Disposition::Reached) => {
            (true, true, "the person answered: 12 CFR 1006.14(b)(2)(i), a call and a conversation")
        }
        (Channel::Call, Disposition::ThirdParty) => (
            true,
            false,
            "somebody else answered: 12 CFR 1006.14(b)(2)(i)(A), a call placed, no conversation",
        ),
        (Channel::Call, Disposition::NoAnswer) => {
            (true, false, "it rang unanswered: 12 CFR 1006, comment 14(b)(3)(ii)-1, connected")
        }
        (Channel::Call, Disposition::Voicemail) => {
            (true, false, "it reached voicemail: 12 CFR 1006, comment 14(b)(3)(ii)-1, connected")
        }
        (Channel::Call, Disposition::Busy) => {
            (false, false, "the line was busy: 12 CFR 1006.14(b)(3)(ii), not connected")
        }
        (Channel::Call, Disposition::NotInService) => {
            (false, false, "the number is not in service: 12 CFR 1006.14(b)(3)(ii), not connected")
        }
        (Channel::Call, Disposition::WrongNumber) => (
            false,
            false,
            "the number is somebody else's: 12 CFR 1006, comment 14(b)(2)(i)-3, no call to this person",
        ),
        (Channel::Call, Disposition::Unknown) => {
            (true, true, "it may have been made and answered: counted as both by policy")
        }
        (Channel::Call, Disposition::Sent) => {
            (true, false, "it left: counted as a call placed by policy")
        }
        (_, Disposition::Unknown) => (true, false, "it may have left: counted by policy"),
        (_, Disposition::Sent) => (true, false, "it left"),
        (_, Disposition::NotInService) => (false, false, "the address does not exist"),
        (_, Disposition::WrongNumber) => (false, false, "the address is somebody else's"),
        (
            _,
            Disposition::Reached
            | Disposition::ThirdParty
            | Disposition::NoAnswer
            | Disposition::Busy
            | Disposition::Voicemail,
        ) => (true, false, "an outcome of a call, told of a message: counted by policy"),
    };
    Counted { counted, conversation, why }
}
