//! One attempt that somebody would like to make.

use duly_domain::{AccountId, Channel, PartyId, PointId};
use serde::{Deserialize, Serialize};

/// What the attempt is for. Some rules let a notice pass that the law itself demands or allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To collect: a demand, a reminder, a call.
    Collect,
    /// The validation notice of 12 CFR 1006.34. It collects: no rule lets it pass.
    ValidationNotice,
    /// Verification of a disputed debt, a copy of the judgment, or the notice that the dispute is
    /// duplicative. 12 CFR 1006.38(d)(2)(i), (ii).
    Verification,
    /// That further efforts are terminated, or that a remedy may be or will be invoked.
    /// 12 CFR 1006.6(c)(2)(i) to (iii).
    CeaseNotice,
    /// The one confirmation that an opt-out will be honoured. 12 CFR 1006.14(h)(2)(i).
    OptOutConfirmation,
}

/// Who began the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    /// The agency, or its client.
    Agency,
    /// The debtor: this is the one response, in the same medium, to a contact of
    /// [`crate::Facts::inbound`] that was not answered yet. Without such a contact it is judged as
    /// the agency's own.
    Debtor,
}

/// How a call or a text is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialMode {
    /// A person selects and starts each single call.
    Manual,
    /// Predictive, power or progressive dialing of a list.
    ListDialer,
    /// An artificial, prerecorded or generated voice.
    Prerecorded,
    /// Left in a mailbox without ringing.
    Ringless,
    /// A text sent by a platform.
    TextPlatform,
}

/// One attempt: to whom, about what, how. The person is that of the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The liable party that is addressed.
    pub party: PartyId,
    /// The accounts it is about; at least one.
    pub accounts: Vec<AccountId>,
    /// The medium.
    pub channel: Channel,
    /// The number or address; `None`: none is known.
    pub point: Option<PointId>,
    /// What for.
    pub purpose: Purpose,
    /// Who began.
    pub initiator: Initiator,
    /// How it is started; `None` for post and e-mail.
    pub dial_mode: Option<DialMode>,
}

impl Proposed {
    /// The agency's own attempt to collect one account: a manual call, a text by a platform, an e-mail
    /// or a letter.
    pub fn collect(
        party: PartyId,
        account: AccountId,
        channel: Channel,
        point: Option<PointId>,
    ) -> Self {
        let dial_mode = match channel {
            Channel::Call => Some(DialMode::Manual),
            Channel::Text => Some(DialMode::TextPlatform),
            Channel::Email | Channel::Mail => None,
        };
        Self {
            party,
            accounts: vec![account],
            channel,
            point,
            purpose: Purpose::Collect,
            initiator: Initiator::Agency,
            dial_mode,
        }
    }

    /// The same for another purpose.
    #[must_use]
    pub fn with_purpose(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    /// The same as the one response to a contact of the debtor.
    #[must_use]
    pub fn as_response(self) -> Self {
        Self { initiator: Initiator::Debtor, ..self }
    }
}
