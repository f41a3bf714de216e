//! What 12 CFR 1006.14(b)(2)(ii) presumes: a call over either limit is presumed to violate, and a factor may
//! rebut that (comment 14(b)(2)(ii)-2). Whether it does is not the guard's to say.
//!
//! Policy: over a limit is denied; with a factor that the attempt names by its purpose it is held for
//! somebody who may override it.

use duly_domain::{AccountId, Effect};

use super::more_calls::MoreCalls;
use super::{Case, Findings};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::proposed::Purpose;
use crate::span::Span;

/// One debt, and the grounds of the rule that judges it.
pub(crate) struct Presumed<'a> {
    /// The debt.
    pub(crate) account: AccountId,
    /// Consents under which calls about it may be placed.
    pub(crate) consents: &'a [MoreCalls],
    /// By which the call is denied.
    pub(crate) ground: &'static Ground,
    /// By which one with a factor is held.
    pub(crate) factor: &'static Ground,
}

impl Presumed<'_> {
    /// Blocks the stretch in which a call is presumed to violate.
    pub(crate) fn block(
        &self,
        case: &Case<'_>,
        span: Span,
        evidence: Evidence,
        out: &mut Findings,
    ) {
        let (effect, ground) = if has_factor(case, self.account) {
            (Effect::Hold, self.factor)
        } else {
            (Effect::Deny, self.ground)
        };
        let consented = self.consents.iter().filter_map(|consent| consent.lets(case));
        // What is said on a call that the person placed is no call placed to the person.
        let holes: Vec<Span> = consented.chain(case.answering()).collect();
        out.block_outside(Blocked { span, effect, ground, evidence }, &holes);
    }
}

/// Whether the attempt has a factor that the comments name.
fn has_factor(case: &Case<'_>, account: AccountId) -> bool {
    match case.proposed.purpose {
        Purpose::RequiredByLaw
        | Purpose::FinishConversation
        | Purpose::AsRequested
        | Purpose::AvoidHarm => true,
        // None is known to be pending: there is nothing to which the call could relate.
        Purpose::ActiveLitigation => !case
            .rows
            .iter()
            .any(|(_, row)| row.id == account && row.claim.in_litigation == Some(false)),
        Purpose::Collect
        | Purpose::ValidationNotice
        | Purpose::Verification
        | Purpose::CeaseNotice
        | Purpose::OptOutConfirmation
        | Purpose::Location
        | Purpose::OriginalCreditor
        | Purpose::PostjudgmentRemedy
        | Purpose::AskConsent => false,
    }
}
