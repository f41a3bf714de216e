//! What the other services tell of an account: the work on it, and what stands in its way.

use duly_domain::{DisputeId, HoldId, IdSource as _, ObligationId, PromiseId, StopId};
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{Channel, Reason, TreatmentKind},
    contact::v1::{self as contact, Disposition, event::Fact as Touched},
    intake::v1::{self as intake, event::Fact as Placed},
    letters::v1::{self as letters, event::Fact as Written},
    payments::v1::{self as payments, event::Fact as Paid},
    skiptrace::v1::{self as skiptrace, event::Fact as Searched},
    workflow::v1::{self as workflow, event::Fact as Worked},
};
use duly_testkit::{cents, day};

use crate::world::{Account, Event, Fact};

/// A stop for one of an account's parties.
#[derive(Clone, Copy)]
pub struct Stop {
    account: Account,
    id: StopId,
    party: usize,
    kind: contact::StopKind,
}

/// A dispute of an account.
#[derive(Clone, Copy)]
pub struct Dispute {
    account: Account,
    id: DisputeId,
}

/// A promise on an account.
#[derive(Clone, Copy)]
pub struct Promise {
    account: Account,
    id: PromiseId,
    minor: i64,
}

/// A duty about an account.
#[derive(Clone, Copy)]
pub struct Duty {
    account: Account,
    id: ObligationId,
}

/// A client's hold of an account.
#[derive(Clone, Copy)]
pub struct Hold {
    account: Account,
    id: HoldId,
}

impl Account {
    pub fn stop(self, party: usize, kind: contact::StopKind) -> Stop {
        Stop { account: self, id: SystemIds.next(), party, kind }
    }

    pub fn dispute(self) -> Dispute {
        Dispute { account: self, id: SystemIds.next() }
    }

    pub fn duty(self) -> Duty {
        Duty { account: self, id: SystemIds.next() }
    }

    pub fn promise(self, minor: i64) -> Promise {
        Promise { account: self, id: SystemIds.next(), minor }
    }

    pub fn hold(self) -> Hold {
        Hold { account: self, id: SystemIds.next() }
    }

    pub fn case_opened(self) -> Event {
        let fact = workflow::CaseOpened {
            account_id: self.id.to_string(),
            opening: 1,
            strategy: "commercial-standard".into(),
            strategy_version: 2,
            ..Default::default()
        };
        self.event(Fact::Workflow(Worked::CaseOpened(fact)))
    }

    pub fn treatment_due(self) -> Event {
        let fact = workflow::TreatmentDue {
            account_id: self.id.to_string(),
            kind: TreatmentKind::Call.into(),
            channel: Channel::Call.into(),
            step: "first_call".into(),
            try_no: 1,
            ..Default::default()
        };
        self.event(Fact::Workflow(Worked::TreatmentDue(fact)))
    }

    pub fn task_opened(self) -> Event {
        let fact = workflow::TaskOpened {
            account_id: self.id.to_string(),
            reason: "a letter came back".into(),
            due_on: Some(day("2026-01-12")),
            ..Default::default()
        };
        self.event(Fact::Workflow(Worked::TaskOpened(fact)))
    }

    pub fn close_proposed(self) -> Event {
        let fact = workflow::CloseProposed {
            account_id: self.id.to_string(),
            opening: 1,
            close_code: "UNC".into(),
            reason: "the strategy is at its end".into(),
        };
        self.event(Fact::Workflow(Worked::CloseProposed(fact)))
    }

    pub fn scrubbed(self) -> Event {
        let fact = skiptrace::ScrubCompleted {
            account_id: self.id.to_string(),
            provider: "file".into(),
            cost: Some(cents(10)),
            ..Default::default()
        };
        self.event(Fact::Skiptrace(Searched::ScrubCompleted(fact)))
    }

    pub fn traced(self) -> Event {
        let fact = skiptrace::TraceCompleted {
            account_id: self.id.to_string(),
            provider: "file".into(),
            cost: Some(cents(150)),
            ..Default::default()
        };
        self.event(Fact::Skiptrace(Searched::TraceCompleted(fact)))
    }

    pub fn trace_refused(self) -> Event {
        let fact = skiptrace::TraceRefused {
            account_id: self.id.to_string(),
            kind: TreatmentKind::Trace.into(),
            code: "spend_cap".into(),
            reason: "the spend cap of the month is reached".into(),
            ..Default::default()
        };
        self.event(Fact::Skiptrace(Searched::TraceRefused(fact)))
    }

    pub fn prepared(self) -> Event {
        let fact = letters::LetterPrepared {
            account_id: self.id.to_string(),
            template: "commercial_demand".into(),
            channel: Channel::Mail.into(),
            mailing_on: Some(day("2026-01-06")),
            pages: 2,
            ..Default::default()
        };
        self.event(Fact::Letters(Written::LetterPrepared(fact)))
    }

    pub fn letter_refused(self) -> Event {
        let fact = letters::LetterRefused {
            account_id: self.id.to_string(),
            template: "commercial_demand".into(),
            missing: vec!["liable_party.address".into()],
            reason: "no address is known".into(),
            ..Default::default()
        };
        self.event(Fact::Letters(Written::LetterRefused(fact)))
    }

    pub fn mailed(self, validation_until: Option<&str>) -> Event {
        let fact = letters::LetterMailed {
            account_id: self.id.to_string(),
            opening: 1,
            template: "commercial_demand".into(),
            channel: Channel::Mail.into(),
            mailed_on: Some(day("2026-01-06")),
            certainty: letters::Certainty::Known.into(),
            validation_period_end: validation_until.map(day),
            pages: 2,
            ..Default::default()
        };
        self.event(Fact::Letters(Written::LetterMailed(fact)))
    }

    pub fn expired(self) -> Event {
        let fact = letters::LetterExpired {
            account_id: self.id.to_string(),
            reason: "its authorisation ran out".into(),
            ..Default::default()
        };
        self.event(Fact::Letters(Written::LetterExpired(fact)))
    }

    pub fn returned(self) -> Event {
        let fact = letters::LetterReturned {
            account_id: self.id.to_string(),
            reason: letters::ReturnReason::Moved.into(),
            returned_on: Some(day("2026-01-14")),
            ..Default::default()
        };
        self.event(Fact::Letters(Written::LetterReturned(fact)))
    }

    pub fn authorized(self, channel: Channel) -> Event {
        let fact = contact::AttemptAuthorized {
            account_id: self.id.to_string(),
            channel: channel.into(),
            ..Default::default()
        };
        self.event(Fact::Contact(Touched::AttemptAuthorized(fact)))
    }

    pub fn concluded(self, channel: Channel, disposition: Disposition) -> Event {
        let fact = contact::AttemptConcluded {
            account_id: self.id.to_string(),
            opening: 1,
            channel: channel.into(),
            disposition: disposition.into(),
            counted: disposition != Disposition::NotMade,
            ..Default::default()
        };
        self.event(Fact::Contact(Touched::AttemptConcluded(fact)))
    }

    pub fn treatment_refused(self) -> Event {
        let fact = contact::TreatmentRefused {
            account_id: self.id.to_string(),
            channel: Channel::Call.into(),
            reasons: vec![Reason {
                rule: "local_hours".into(),
                authority: "12 CFR 1006.6(b)(1)".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        self.event(Fact::Contact(Touched::TreatmentRefused(fact)))
    }
}

impl Stop {
    fn party(self) -> String {
        self.account.parties[self.party].to_string()
    }

    /// For every account of the party: only the event itself names this one.
    pub fn placed(self) -> Event {
        let fact = contact::StopPlaced {
            stop_id: self.id.to_string(),
            kind: self.kind.into(),
            party_id: self.party(),
            address: "robin@example.com".into(),
            ..Default::default()
        };
        self.account.event(Fact::Contact(Touched::StopPlaced(fact)))
    }

    pub fn lifted(self) -> Event {
        let fact = contact::StopLifted {
            stop_id: self.id.to_string(),
            party_id: self.party(),
            reason: "placed in error".into(),
            ..Default::default()
        };
        self.account.event(Fact::Contact(Touched::StopLifted(fact)))
    }
}

impl Dispute {
    /// Of so much, or of the whole account.
    pub fn opened(self, minor: Option<i64>) -> Event {
        let fact = contact::DisputeOpened {
            dispute_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            reason: contact::DisputeReason::Quantity.into(),
            amount: minor.map(cents),
            detail: "robin@example.com".into(),
            pauses_account: minor.is_none(),
            ..Default::default()
        };
        self.account.event(Fact::Contact(Touched::DisputeOpened(fact)))
    }

    pub fn answered(self) -> Event {
        let fact = intake::ClientAnswered {
            account_id: self.account.id.to_string(),
            dispute_id: self.id.to_string(),
            answer: intake::ClientAnswer::Part.into(),
            credit: Some(cents(100)),
            text: "robin@example.com".into(),
            ..Default::default()
        };
        self.account.event(Fact::Intake(Placed::ClientAnswered(fact)))
    }

    pub fn resolved(self) -> Event {
        let fact = contact::DisputeResolved {
            dispute_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            outcome: contact::DisputeOutcome::Split.into(),
            resolved_on: Some(day("2026-01-16")),
        };
        self.account.event(Fact::Contact(Touched::DisputeResolved(fact)))
    }
}

impl Promise {
    pub fn made(self, due_on: &str) -> Event {
        let fact = payments::PromiseMade {
            promise_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            amount: Some(cents(self.minor)),
            due_on: Some(day(due_on)),
            method: payments::PaymentMethod::Cheque.into(),
            ..Default::default()
        };
        self.account.event(Fact::Payments(Paid::PromiseMade(fact)))
    }

    pub fn kept(self, on: &str) -> Event {
        let fact = payments::PromiseKept {
            promise_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            kept_on: Some(day(on)),
        };
        self.account.event(Fact::Payments(Paid::PromiseKept(fact)))
    }

    fn ended(self, on: &str, paid: i64, cancelled: bool) -> Event {
        let fact = payments::PromiseBroken {
            promise_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            broken_on: Some(day(on)),
            paid: Some(cents(paid)),
            cancelled,
        };
        self.account.event(Fact::Payments(Paid::PromiseBroken(fact)))
    }

    pub fn broken(self, on: &str, paid: i64) -> Event {
        self.ended(on, paid, false)
    }

    pub fn cancelled(self, on: &str) -> Event {
        self.ended(on, 0, true)
    }
}

impl Hold {
    pub fn placed(self, from_on: &str, until_on: Option<&str>) -> Event {
        let fact = intake::HoldPlaced {
            hold_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            reason: "own talks".into(),
            from_on: Some(day(from_on)),
            until_on: until_on.map(day),
        };
        self.account.event(Fact::Intake(Placed::HoldPlaced(fact)))
    }

    pub fn lifted(self) -> Event {
        let fact = intake::HoldLifted {
            hold_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            reason: String::new(),
        };
        self.account.event(Fact::Intake(Placed::HoldLifted(fact)))
    }
}

impl Duty {
    pub fn opened(self) -> Event {
        self.account.event(Fact::Contact(Touched::ObligationOpened(contact::ObligationOpened {
            obligation_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            code: "o.validation".to_owned(),
            what: "the notice follows within five days".to_owned(),
            authority: "12 CFR 1006.34(a)(1)".to_owned(),
            due_on: Some(day("2026-01-10")),
            ..Default::default()
        })))
    }

    pub fn missed(self) -> Event {
        self.account.event(Fact::Contact(Touched::ObligationMissed(contact::ObligationMissed {
            obligation_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            what: "the notice follows within five days".to_owned(),
            authority: "12 CFR 1006.34(a)(1)".to_owned(),
            ..Default::default()
        })))
    }

    pub fn met(self) -> Event {
        self.account.event(Fact::Contact(Touched::ObligationMet(contact::ObligationMet {
            obligation_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            opening: 1,
            ..Default::default()
        })))
    }
}
