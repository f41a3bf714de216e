//! One attempt that somebody would like to make.

use duly_domain::{AccountId, PartyId, PointId};
use serde::{Deserialize, Serialize};

use crate::medium::Medium;

/// What the attempt is for. Some rules let a notice pass that the law itself demands or allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To collect: a demand, a reminder, a call.
    #[default]
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
    /// To acquire location information from somebody else. 12 CFR 1006.10.
    Location,
    /// The name and address of the original creditor, as asked for. 12 CFR 1006.38(c).
    OriginalCreditor,
    /// Otherwise required by law: a periodic statement, the early intervention notice of a mortgage
    /// servicer (12 CFR 1024.39(d)(3)). 12 CFR 1006.14(h)(2)(iii), comment 6(c)(2)-1.
    RequiredByLaw,
    /// About a lawsuit that is pending: a court-ordered communication, or its settlement. A factor that may
    /// rebut a presumption: comment 14(b)(2)(ii)-2.ii.
    ActiveLitigation,
    /// To finish a conversation that broke off. A factor that may rebut: comment 14(b)(2)(ii)-2.iv.A.
    FinishConversation,
    /// In answer to the person's own request, where that is no consent to more calls. A factor that may
    /// rebut: comment 14(b)(2)(ii)-2.iii.
    AsRequested,
    /// To spare the person a demonstrably bad effect that is out of the agency's control, where time is of
    /// the essence. A factor that may rebut: comment 14(b)(2)(ii)-2.iv.
    AvoidHarm,
    /// To carry out a remedy after judgment. 12 CFR 1006.6(d)(2).
    PostjudgmentRemedy,
    /// To ask for consent to a medium. D.C. Code 28-3814(d)(4)(B).
    AskConsent,
}

impl Purpose {
    /// Whether the law demands it, or the person asked for it: what the agency asks of itself about the
    /// order of things does not stand in its way.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::ValidationNotice | Self::CeaseNotice | Self::RequiredByLaw)
            || self.is_answer()
    }

    /// Whether it only gives the person what the person asked for, and collects nothing.
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Verification | Self::OriginalCreditor | Self::OptOutConfirmation)
    }

    /// Whether it is a disclosure that 12 CFR 1006.42 binds: the validation notice (1006.34), the answers to
    /// a dispute and to a request for the original creditor (1006.38).
    pub const fn is_disclosure(self) -> bool {
        matches!(self, Self::ValidationNotice | Self::Verification | Self::OriginalCreditor)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(crate) fn is_collect(&self) -> bool {
        *self == Self::Collect
    }
}

/// To whom the attempt is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The liable party.
    #[default]
    Debtor,
    /// The consumer's spouse, a surviving one included. A consumer for 12 CFR 1006.6 (1006.6(a)(1)).
    Spouse,
    /// The parent of a consumer who is a minor. 1006.6(a)(2).
    ParentOfMinor,
    /// The legal guardian. 1006.6(a)(3).
    Guardian,
    /// Executor, administrator, or whoever acts for the estate. 1006.6(a)(4).
    Estate,
    /// A confirmed successor in interest. 1006.6(a)(5).
    SuccessorInInterest,
    /// The debtor's attorney.
    DebtorsAttorney,
    /// A consumer reporting agency.
    ReportingAgency,
    /// The creditor, or its attorney.
    Creditor,
    /// The agency's own attorney.
    AgencysAttorney,
    /// The employer.
    Employer,
    /// Anybody else: family, neighbours, friends.
    ThirdParty,
}

impl Recipient {
    /// Whether it is the consumer as 12 CFR 1006.6(a) widens the term.
    pub const fn is_consumer(self) -> bool {
        match self {
            Self::Debtor
            | Self::Spouse
            | Self::ParentOfMinor
            | Self::Guardian
            | Self::Estate
            | Self::SuccessorInInterest => true,
            Self::DebtorsAttorney
            | Self::ReportingAgency
            | Self::Creditor
            | Self::AgencysAttorney
            | Self::Employer
            | Self::ThirdParty => false,
        }
    }

    /// Whether it is one of those, other than the consumer, with whom a debt may be spoken of: counsel,
    /// consumer reporting agency, creditor. 12 CFR 1006.6(d)(1)(ii) to (vi).
    pub const fn is_professional(self) -> bool {
        matches!(
            self,
            Self::DebtorsAttorney | Self::ReportingAgency | Self::Creditor | Self::AgencysAttorney
        )
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(crate) fn is_debtor(&self) -> bool {
        *self == Self::Debtor
    }
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
    pub medium: Medium,
    /// The number or address; `None`: none is known.
    pub point: Option<PointId>,
    /// What for.
    pub purpose: Purpose,
    /// Who began.
    pub initiator: Initiator,
    /// How it is started; `None` for post and e-mail.
    pub dial_mode: Option<DialMode>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Recipient::is_debtor")]
    pub recipient: Recipient,
    /// Whether nothing but a limited-content message is conveyed (12 CFR 1006.2(j)): voicemail only.
    #[serde(default, skip_serializing_if = "crate::facts::is_false")]
    pub limited_content: bool,
    /// Whether it is confined to what is not disputed of accounts of which a part is.
    #[serde(default, skip_serializing_if = "crate::facts::is_false")]
    pub undisputed_only: bool,
    /// Whether it is, in whole or in part, in another language than English.
    #[serde(default, skip_serializing_if = "crate::facts::is_false")]
    pub other_language: bool,
}

impl Proposed {
    /// The agency's own attempt to collect one account: a manual call, a text by a platform, an e-mail
    /// or a letter.
    pub fn collect(
        party: PartyId,
        account: AccountId,
        medium: impl Into<Medium>,
        point: Option<PointId>,
    ) -> Self {
        let medium = medium.into();
        let dial_mode = match medium {
            Medium::Call => Some(DialMode::Manual),
            Medium::Text => Some(DialMode::TextPlatform),
            Medium::Email
            | Medium::Mail
            | Medium::Portal
            | Medium::Social
            | Medium::SocialPublic
            | Medium::Visit => None,
        };
        Self {
            party,
            accounts: vec![account],
            medium,
            point,
            purpose: Purpose::Collect,
            initiator: Initiator::Agency,
            dial_mode,
            recipient: Recipient::Debtor,
            limited_content: false,
            undisputed_only: false,
            other_language: false,
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
