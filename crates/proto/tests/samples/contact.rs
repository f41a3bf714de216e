//! What contact tells.

use duly_proto::{
    common::v1::Channel,
    contact::v1::{self as contact, event::Fact as Contact},
};

use super::{account, at, attempt, date, id, letter, money, party, reason, treatment};

/// One of each kind.
pub fn facts() -> Vec<Contact> {
    vec![
        Contact::AttemptAuthorized(contact::AttemptAuthorized {
            attempt_id: attempt(),
            decision_id: id("dcsn", 22),
            treatment_id: treatment(),
            letter_id: letter(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            channel: Channel::Mail.into(),
            authorized_at: at(1),
            valid_until: at(1_801),
        }),
        Contact::AttemptConcluded(contact::AttemptConcluded {
            attempt_id: attempt(),
            treatment_id: treatment(),
            letter_id: letter(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            channel: Channel::Mail.into(),
            disposition: contact::Disposition::Sent.into(),
            counted: true,
            concluded_at: at(2),
        }),
        Contact::TreatmentRefused(contact::TreatmentRefused {
            treatment_id: treatment(),
            letter_id: letter(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            channel: Channel::Call.into(),
            reasons: vec![reason()],
        }),
        Contact::StopPlaced(contact::StopPlaced {
            stop_id: id("stop", 23),
            kind: contact::StopKind::OptOut.into(),
            party_id: party(),
            account_id: account(),
            channel: Channel::Email.into(),
            address: "robin@example.com".into(),
            placed_at: at(3),
        }),
        Contact::StopLifted(contact::StopLifted {
            stop_id: id("stop", 23),
            party_id: party(),
            account_id: account(),
            reason: "asked to be written to again".into(),
        }),
        Contact::DisputeOpened(contact::DisputeOpened {
            dispute_id: id("disp", 19),
            account_id: account(),
            opening: 1,
            party_id: party(),
            reason: contact::DisputeReason::Quantity.into(),
            item_numbers: vec!["INV-1".into()],
            amount: money(5_000),
            opened_on: date(8),
            detail: "two boxes were missing".into(),
            pauses_account: true,
        }),
        Contact::DisputeResolved(contact::DisputeResolved {
            dispute_id: id("disp", 19),
            account_id: account(),
            opening: 1,
            outcome: contact::DisputeOutcome::Split.into(),
            resolved_on: date(9),
        }),
        Contact::ObligationOpened(contact::ObligationOpened {
            obligation_id: id("oblg", 29),
            account_id: account(),
            opening: 1,
            party_id: party(),
            code: "o.validation".into(),
            what: "the validation notice follows the initial communication within five days".into(),
            authority: "12 CFR 1006.34(a)(1)".into(),
            force: duly_proto::common::v1::Force::Law.into(),
            opened_at: at(4),
            due_on: date(10),
            before: "further collection of the debt".into(),
            ask_on: date(8),
        }),
        Contact::ObligationMet(contact::ObligationMet {
            obligation_id: id("oblg", 29),
            account_id: account(),
            opening: 1,
            met_at: at(5),
            void: true,
        }),
        Contact::ObligationMissed(contact::ObligationMissed {
            obligation_id: id("oblg", 29),
            account_id: account(),
            opening: 1,
            missed_at: at(6),
            code: "o.validation".into(),
            what: "the validation notice follows the initial communication within five days".into(),
            authority: "12 CFR 1006.34(a)(1)".into(),
        }),
    ]
}
