//! What all services' events have in common, so that `platform` can move them without reading them.

use crate::{common::v1::EventMeta, contact, intake, letters, payments, skiptrace, workflow};

/// An event as it stood on the wire had no fact that this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event carries no fact that this version knows")]
pub struct UnknownFact;

/// One service's event message: meta and exactly one fact.
pub trait Event: prost::Message + Default + Clone + 'static {
    /// The facts that it can carry.
    type Fact: Clone;
    /// The service that tells it, `intake`.
    const SERVICE: &'static str;
    /// Every kind, `account_placed`, in the order of the `oneof`.
    const KINDS: &'static [&'static str];

    /// An event of this fact. `platform` completes id, time, actor and cause when it is told.
    fn new(meta: EventMeta, fact: Self::Fact) -> Self;
    /// What it says about itself.
    fn meta(&self) -> &EventMeta;
    /// Its meta, to be completed.
    fn meta_mut(&mut self) -> &mut EventMeta;
    /// The fact's kind, or `None` where it carries none that is known.
    fn kind(&self) -> Option<&'static str>;
}

macro_rules! events {
    ($service:ident, $($variant:ident => $kind:literal),+ $(,)?) => {
        impl Event for $service::v1::Event {
            type Fact = $service::v1::event::Fact;
            const SERVICE: &'static str = stringify!($service);
            const KINDS: &'static [&'static str] = &[$($kind),+];

            fn new(meta: EventMeta, fact: Self::Fact) -> Self {
                Self { meta: Some(meta), fact: Some(fact) }
            }

            fn meta(&self) -> &EventMeta {
                static NONE: std::sync::OnceLock<EventMeta> = std::sync::OnceLock::new();
                self.meta.as_ref().unwrap_or_else(|| NONE.get_or_init(EventMeta::default))
            }

            fn meta_mut(&mut self) -> &mut EventMeta {
                self.meta.get_or_insert_default()
            }

            fn kind(&self) -> Option<&'static str> {
                Some(match self.fact.as_ref()? {
                    $($service::v1::event::Fact::$variant(_) => $kind),+
                })
            }
        }
    };
}

events!(intake,
    ClientChanged => "client_changed",
    AccountPlaced => "account_placed",
    ClaimItemsListed => "claim_items_listed",
    AccountAdjusted => "account_adjusted",
    AccountRecalled => "account_recalled",
    AccountClosed => "account_closed",
    BatchClosed => "batch_closed",
    HoldPlaced => "hold_placed",
    HoldLifted => "hold_lifted",
    ClientAnswered => "client_answered",
);

events!(skiptrace,
    TraceCompleted => "trace_completed",
    ScrubCompleted => "scrub_completed",
    TraceRefused => "trace_refused",
);

events!(contact,
    AttemptAuthorized => "attempt_authorized",
    AttemptConcluded => "attempt_concluded",
    TreatmentRefused => "treatment_refused",
    StopPlaced => "stop_placed",
    StopLifted => "stop_lifted",
    DisputeOpened => "dispute_opened",
    DisputeResolved => "dispute_resolved",
    ObligationOpened => "obligation_opened",
    ObligationMet => "obligation_met",
    ObligationMissed => "obligation_missed",
);

events!(letters,
    LetterPrepared => "letter_prepared",
    LetterRefused => "letter_refused",
    LetterMailed => "letter_mailed",
    LetterExpired => "letter_expired",
    LetterReturned => "letter_returned",
);

events!(payments,
    PaymentPosted => "payment_posted",
    PaymentReleased => "payment_released",
    PaymentReversed => "payment_reversed",
    BalanceSettled => "balance_settled",
    RemittanceIssued => "remittance_issued",
    PromiseMade => "promise_made",
    PromiseKept => "promise_kept",
    PromiseBroken => "promise_broken",
);

events!(workflow,
    CaseOpened => "case_opened",
    TreatmentDue => "treatment_due",
    TaskOpened => "task_opened",
    CloseProposed => "close_proposed",
);

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use prost_types::FileDescriptorSet;

    use super::*;

    /// The `oneof` in the descriptors is the list that `KINDS` claims to be.
    fn kinds_in_descriptors(package: &str) -> Vec<String> {
        let set =
            FileDescriptorSet::decode(crate::DESCRIPTORS).expect("our own descriptors decode");
        set.file
            .iter()
            .filter(|f| f.package() == package)
            .flat_map(|f| &f.message_type)
            .filter(|m| m.name() == "Event")
            .flat_map(|m| &m.field)
            .filter(|f| f.oneof_index.is_some())
            .map(|f| f.name().to_owned())
            .collect()
    }

    #[test]
    fn every_fact_of_the_descriptors_has_its_kind() {
        assert_eq!(kinds_in_descriptors("duly.intake.v1"), intake::v1::Event::KINDS);
        assert_eq!(kinds_in_descriptors("duly.skiptrace.v1"), skiptrace::v1::Event::KINDS);
        assert_eq!(kinds_in_descriptors("duly.contact.v1"), contact::v1::Event::KINDS);
        assert_eq!(kinds_in_descriptors("duly.letters.v1"), letters::v1::Event::KINDS);
        assert_eq!(kinds_in_descriptors("duly.payments.v1"), payments::v1::Event::KINDS);
        assert_eq!(kinds_in_descriptors("duly.workflow.v1"), workflow::v1::Event::KINDS);
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = crate::common::v1::Secret { plain: "078-05-1120".into() };
        assert_eq!(format!("{secret:?}"), "Secret([redacted])");
    }
}
