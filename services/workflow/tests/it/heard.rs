//! Accounts and what happens to them, as the other services would tell it.

use duly_domain::{
    AccountId, ClientId, DisputeId, HoldId, IdSource as _, ObligationId, PartyId, PaymentId,
    PromiseId, StopId,
};
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{Address, Channel, EventMeta},
    contact::v1::{self as contact, event::Fact as Contact},
    convert::timestamp,
    intake::v1::{self as intake, event::Fact as Intake},
    letters::v1::{self as letters, event::Fact as Letters},
    payments::v1::{self as payments, event::Fact as Payments},
    skiptrace::v1::{self as skiptrace, event::Fact as Skiptrace},
    workflow::v1::Treatment,
};
use duly_testkit::{cents, day};

/// A fact of another service, with what its event says about itself.
#[derive(Clone)]
pub enum Fact {
    Intake(Intake),
    Payments(Payments),
    Contact(Contact),
    Letters(Letters),
    Skiptrace(Skiptrace),
}

/// One event to come.
#[derive(Clone)]
pub struct Heard {
    pub meta: EventMeta,
    pub fact: Fact,
}

/// An account by its references, and whom it is against.
#[derive(Clone)]
pub struct Account {
    pub id: AccountId,
    pub client: ClientId,
    pub client_ref: String,
    pub reference: String,
    pub opening: i32,
    pub listed_minor: i64,
    pub class: intake::DebtClass,
    pub service: intake::ServiceKind,
    pub parties: Vec<Party>,
}

/// A liable party.
#[derive(Clone)]
pub struct Party {
    pub id: PartyId,
    pub role: intake::PartyRole,
    pub kind: intake::DebtorKind,
    pub name: String,
    pub postal_code: String,
    pub phone: bool,
    pub email: bool,
}

/// A commercial claim of 1,000.00 USD against one business with everything.
pub fn account(client: ClientId, reference: &str) -> Account {
    Account {
        id: SystemIds.next(),
        client,
        client_ref: "ACME".to_owned(),
        reference: reference.to_owned(),
        opening: 1,
        listed_minor: 100_000,
        class: intake::DebtClass::Commercial,
        service: intake::ServiceKind::Contingency,
        parties: vec![Party {
            id: SystemIds.next(),
            role: intake::PartyRole::Principal,
            kind: intake::DebtorKind::Business,
            name: format!("{reference} Trading LLC"),
            postal_code: "45402".to_owned(),
            phone: true,
            email: true,
        }],
    }
}

impl Account {
    pub fn consumer(mut self) -> Self {
        self.class = intake::DebtClass::Consumer;
        self.parties[0].kind = intake::DebtorKind::Person;
        self
    }

    pub fn guarantor(mut self, name: &str) -> Self {
        self.parties.push(Party {
            id: SystemIds.next(),
            role: intake::PartyRole::PersonalGuarantor,
            kind: intake::DebtorKind::Person,
            name: name.to_owned(),
            postal_code: "45402".to_owned(),
            phone: true,
            email: true,
        });
        self
    }

    pub fn against(mut self, name: &str, postal_code: &str) -> Self {
        name.clone_into(&mut self.parties[0].name);
        postal_code.clone_into(&mut self.parties[0].postal_code);
        self
    }

    pub fn party(&self, at: usize) -> PartyId {
        self.parties[at].id
    }

    fn heard(&self, fact: Fact) -> Heard {
        let meta = EventMeta {
            account_id: self.id.to_string(),
            client_id: self.client.to_string(),
            ..EventMeta::default()
        };
        Heard { meta, fact }
    }

    pub fn placed(&self) -> Heard {
        let parties = self.parties.iter().map(|party| {
            let mut wire = intake::LiableParty {
                party_id: party.id.to_string(),
                name: party.name.clone(),
                address: (!party.postal_code.is_empty()).then(|| Address {
                    lines: vec!["12 Canal Street".into()],
                    city: "Dayton".into(),
                    region: "OH".into(),
                    postal_code: party.postal_code.clone(),
                    country: "US".into(),
                }),
                phones: party.phone.then(|| "+19375550142".into()).into_iter().collect(),
                emails: party.email.then(|| "a@b.example".into()).into_iter().collect(),
                ..Default::default()
            };
            wire.set_role(party.role);
            wire.set_debtor_kind(party.kind);
            wire
        });
        let mut fact = intake::AccountPlaced {
            account_id: self.id.to_string(),
            client_id: self.client.to_string(),
            client_ref: self.client_ref.clone(),
            client_account_ref: self.reference.clone(),
            opening: self.opening,
            listed_amount: Some(cents(self.listed_minor)),
            listing_date: Some(day("2026-01-05")),
            liable_parties: parties.collect(),
            ..Default::default()
        };
        fact.set_debt_class(self.class);
        fact.set_service_kind(self.service);
        self.heard(Fact::Intake(Intake::AccountPlaced(fact)))
    }

    pub fn recalled(&self) -> Heard {
        self.heard(Fact::Intake(Intake::AccountRecalled(intake::AccountRecalled {
            account_id: self.id.to_string(),
            opening: self.opening,
            recalled_on: Some(day("2026-01-06")),
            reason: "sold".into(),
        })))
    }

    pub fn closed(&self, code: &str) -> Heard {
        self.heard(Fact::Intake(Intake::AccountClosed(intake::AccountClosed {
            account_id: self.id.to_string(),
            opening: self.opening,
            close_code: code.into(),
            closed_on: Some(day("2026-01-06")),
        })))
    }

    pub fn adjusted(&self, minor: i64) -> Heard {
        self.heard(Fact::Intake(Intake::AccountAdjusted(intake::AccountAdjusted {
            adjustment_id: format!("adjm_{}", SystemIds.uuid().simple()),
            account_id: self.id.to_string(),
            amount: Some(cents(minor)),
            adjusted_on: Some(day("2026-01-05")),
            opening: self.opening,
            ..Default::default()
        })))
    }

    pub fn held(&self, hold: HoldId, until: Option<&str>) -> Heard {
        self.heard(Fact::Intake(Intake::HoldPlaced(intake::HoldPlaced {
            hold_id: hold.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            reason: "we are talking".into(),
            from_on: Some(day("2026-01-05")),
            until_on: until.map(day),
        })))
    }

    pub fn hold_lifted(&self, hold: HoldId) -> Heard {
        self.heard(Fact::Intake(Intake::HoldLifted(intake::HoldLifted {
            hold_id: hold.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            reason: "done".into(),
        })))
    }

    pub fn posted(&self, payment: PaymentId, minor: i64) -> Heard {
        self.heard(Fact::Payments(Payments::PaymentPosted(payments::PaymentPosted {
            payment_id: payment.to_string(),
            account_id: self.id.to_string(),
            amount: Some(cents(minor)),
            opening: self.opening,
            ..Default::default()
        })))
    }

    pub fn reversed(&self, payment: PaymentId, minor: i64) -> Heard {
        self.heard(Fact::Payments(Payments::PaymentReversed(payments::PaymentReversed {
            payment_id: payment.to_string(),
            account_id: self.id.to_string(),
            amount: Some(cents(minor)),
            opening: self.opening,
            ..Default::default()
        })))
    }

    pub fn settled(&self) -> Heard {
        self.heard(Fact::Payments(Payments::BalanceSettled(payments::BalanceSettled {
            account_id: self.id.to_string(),
            opening: self.opening,
            settled_on: Some(day("2026-01-06")),
        })))
    }

    pub fn promised(&self, promise: PromiseId, party: Option<PartyId>, due_on: &str) -> Heard {
        self.heard(Fact::Payments(Payments::PromiseMade(payments::PromiseMade {
            promise_id: promise.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            party_id: party.map(|id| id.to_string()).unwrap_or_default(),
            amount: Some(cents(5_000)),
            due_on: Some(day(due_on)),
            ..Default::default()
        })))
    }

    pub fn promise_kept(&self, promise: PromiseId) -> Heard {
        self.heard(Fact::Payments(Payments::PromiseKept(payments::PromiseKept {
            promise_id: promise.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            kept_on: Some(day("2026-01-20")),
        })))
    }

    pub fn promise_broken(&self, promise: PromiseId, cancelled: bool) -> Heard {
        self.heard(Fact::Payments(Payments::PromiseBroken(payments::PromiseBroken {
            promise_id: promise.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            broken_on: Some(day("2026-01-20")),
            cancelled,
            ..Default::default()
        })))
    }

    pub fn disputed(&self, dispute: DisputeId, pauses: bool) -> Heard {
        let mut fact = contact::DisputeOpened {
            dispute_id: dispute.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            opened_on: Some(day("2026-01-06")),
            pauses_account: pauses,
            ..Default::default()
        };
        fact.set_reason(contact::DisputeReason::Pricing);
        self.heard(Fact::Contact(Contact::DisputeOpened(fact)))
    }

    pub fn dispute_resolved(&self, dispute: DisputeId) -> Heard {
        let mut fact = contact::DisputeResolved {
            dispute_id: dispute.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            resolved_on: Some(day("2026-01-12")),
            ..Default::default()
        };
        fact.set_outcome(contact::DisputeOutcome::Invalid);
        self.heard(Fact::Contact(Contact::DisputeResolved(fact)))
    }

    /// A duty about the first party, due on the tenth; a person is asked from this day on, or at once.
    pub fn owed(&self, obligation: ObligationId, ask_on: Option<&str>) -> Heard {
        let mut fact = contact::ObligationOpened {
            obligation_id: obligation.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            party_id: self.party(0).to_string(),
            code: "o.validation".into(),
            what: "the notice follows within five days".into(),
            authority: "12 CFR 1006.34(a)(1)".into(),
            due_on: Some(day("2026-01-10")),
            ask_on: ask_on.map(day),
            ..Default::default()
        };
        fact.set_force(duly_proto::common::v1::Force::Law);
        self.heard(Fact::Contact(Contact::ObligationOpened(fact)))
    }

    pub fn missed(&self, obligation: ObligationId) -> Heard {
        let missed_at = "2026-01-11T05:00:00Z".parse().expect("an instant");
        self.heard(Fact::Contact(Contact::ObligationMissed(contact::ObligationMissed {
            obligation_id: obligation.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            missed_at: Some(timestamp(missed_at)),
            ..Default::default()
        })))
    }

    pub fn met(&self, obligation: ObligationId, void: bool) -> Heard {
        self.heard(Fact::Contact(Contact::ObligationMet(contact::ObligationMet {
            obligation_id: obligation.to_string(),
            account_id: self.id.to_string(),
            opening: self.opening,
            void,
            ..Default::default()
        })))
    }

    /// A stop of a party; of this account alone, or of all that the party owes.
    pub fn stopped(
        &self,
        stop: StopId,
        kind: contact::StopKind,
        party: PartyId,
        change: impl FnOnce(&mut contact::StopPlaced),
    ) -> Heard {
        let mut fact = contact::StopPlaced {
            stop_id: stop.to_string(),
            party_id: party.to_string(),
            ..Default::default()
        };
        fact.set_kind(kind);
        change(&mut fact);
        self.heard(Fact::Contact(Contact::StopPlaced(fact)))
    }

    pub fn stop_lifted(&self, stop: StopId, party: PartyId) -> Heard {
        self.heard(Fact::Contact(Contact::StopLifted(contact::StopLifted {
            stop_id: stop.to_string(),
            party_id: party.to_string(),
            ..Default::default()
        })))
    }

    /// The answer to a treatment, as whoever carries it out would tell it.
    pub fn answer(&self, to: &Treatment, word: &str) -> Heard {
        let (treatment_id, account_id) = (to.treatment_id.clone(), self.id.to_string());
        let (opening, party_id) = (self.opening, to.party_id.clone());
        let search_id = SystemIds.next::<duly_domain::id::Search>().to_string();
        let letter_id = SystemIds.next::<duly_domain::id::Letter>().to_string();
        let fact = match word {
            "clear" | "hit" => {
                let mut hit = skiptrace::Hit { chapter: 13, ..Default::default() };
                hit.set_kind(skiptrace::HitKind::Bankruptcy);
                Fact::Skiptrace(Skiptrace::ScrubCompleted(skiptrace::ScrubCompleted {
                    search_id,
                    treatment_id,
                    account_id,
                    opening,
                    party_id,
                    hits: (word == "hit").then_some(hit).into_iter().collect(),
                    ..Default::default()
                }))
            }
            "found" | "nothing_found" => {
                let phone = skiptrace::found_point::Point::Phone("+19375550199".into());
                let found = skiptrace::FoundPoint { point: Some(phone), confidence: 90 };
                Fact::Skiptrace(Skiptrace::TraceCompleted(skiptrace::TraceCompleted {
                    search_id,
                    treatment_id,
                    account_id,
                    opening,
                    party_id,
                    points: (word == "found").then_some(found).into_iter().collect(),
                    ..Default::default()
                }))
            }
            "search_refused" => Fact::Skiptrace(Skiptrace::TraceRefused(skiptrace::TraceRefused {
                search_id,
                treatment_id,
                account_id,
                opening,
                party_id,
                code: "spend_cap".into(),
                reason: "the month's cap is reached".into(),
                ..Default::default()
            })),
            "mailed" | "letter_unknown" => {
                let mut fact = letters::LetterMailed {
                    letter_id,
                    treatment_id,
                    account_id,
                    opening,
                    party_id,
                    template: to.template.clone(),
                    mailed_on: Some(day("2026-01-06")),
                    ..Default::default()
                };
                fact.set_certainty(if word == "mailed" {
                    letters::Certainty::Known
                } else {
                    letters::Certainty::Unknown
                });
                if to.template == "validation_notice" {
                    fact.validation_period_end = Some(day("2026-02-13"));
                }
                Fact::Letters(Letters::LetterMailed(fact))
            }
            "letter_refused" => Fact::Letters(Letters::LetterRefused(letters::LetterRefused {
                treatment_id,
                account_id,
                opening,
                party_id,
                missing: vec!["current_creditor".into()],
                reason: "the current creditor is not known".into(),
                ..Default::default()
            })),
            // Nothing is missing: what the letter was for has ended.
            "without_purpose" => Fact::Letters(Letters::LetterRefused(letters::LetterRefused {
                treatment_id,
                account_id,
                opening,
                party_id,
                reason: "nothing is owed any more".into(),
                ..Default::default()
            })),
            "expired" => Fact::Letters(Letters::LetterExpired(letters::LetterExpired {
                letter_id,
                treatment_id,
                account_id,
                opening,
                party_id,
                ..Default::default()
            })),
            "returned" => {
                let mut fact = letters::LetterReturned {
                    letter_id,
                    treatment_id,
                    account_id,
                    opening,
                    party_id,
                    returned_on: Some(day("2026-01-12")),
                    ..Default::default()
                };
                fact.set_reason(letters::ReturnReason::Moved);
                Fact::Letters(Letters::LetterReturned(fact))
            }
            "refused" => {
                let reason = duly_proto::common::v1::Reason {
                    sentence: "the person may not be called".into(),
                    ..Default::default()
                };
                Fact::Contact(Contact::TreatmentRefused(contact::TreatmentRefused {
                    treatment_id,
                    account_id,
                    opening,
                    party_id,
                    reasons: vec![reason],
                    ..Default::default()
                }))
            }
            word => {
                let mut fact = contact::AttemptConcluded {
                    attempt_id: format!("atpt_{}", SystemIds.uuid().simple()),
                    treatment_id,
                    account_id,
                    opening,
                    party_id,
                    ..Default::default()
                };
                fact.set_channel(Channel::Call);
                fact.set_disposition(match word {
                    "reached" => contact::Disposition::Reached,
                    "not_reached" => contact::Disposition::NoAnswer,
                    "not_made" => contact::Disposition::NotMade,
                    "call_unknown" => contact::Disposition::Unknown,
                    other => unreachable!("{other} is no answer"),
                });
                Fact::Contact(Contact::AttemptConcluded(fact))
            }
        };
        self.heard(fact)
    }
}
