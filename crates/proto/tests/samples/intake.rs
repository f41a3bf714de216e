//! What intake tells.

use duly_proto::{
    common::v1::{ClientPolicy, FeeBracket, FeeSchedule, HoldDays, Sealed},
    intake::v1::{self as intake, event::Fact as Intake},
};
use prost_types::Timestamp;

use super::{account, address, date, id, money};

fn party() -> intake::LiableParty {
    intake::LiableParty {
        party_id: format!("prty_{:032x}", 8),
        role: intake::PartyRole::Principal.into(),
        debtor_kind: intake::DebtorKind::Person.into(),
        name: "Robin Sample".into(),
        address: Some(address()),
        phones: vec!["+19375550142".into()],
        emails: vec!["robin@example.com".into()],
        sealed_national_id: Some(Sealed {
            key_id: "k1".into(),
            nonce: vec![1; 12],
            ciphertext: vec![2; 27],
            lookup: vec![3; 32],
        }),
        ..Default::default()
    }
}

/// One of each kind.
pub fn facts() -> Vec<Intake> {
    let policy = ClientPolicy {
        remit_method: 1,
        offset_consent_on: date(1),
        currency: "USD".into(),
        fee_schedule: Some(FeeSchedule {
            version: "1".into(),
            brackets: vec![
                FeeBracket { up_to_minor: Some(300_000), rate: "0.25".into() },
                FeeBracket { up_to_minor: None, rate: "0.18".into() },
            ],
            tier_mode: 1,
            tier_base: 1,
            fee_basis: vec!["principal".into()],
            minimum_minor: Some(10_000),
            fee_cap_minor: Some(1_000_000),
        }),
        hold_days: vec![HoldDays { method: "ach".into(), days: 4 }],
        allocation_order: vec!["principal".into(), "interest".into()],
    };
    vec![
        Intake::ClientChanged(intake::ClientChanged {
            client_id: format!("clnt_{:032x}", 3),
            client_ref: "ACME".into(),
            name: "Acme Supply".into(),
            parent_client_id: format!("clnt_{:032x}", 9),
            policy: Some(policy),
            effective_on: date(1),
        }),
        Intake::AccountPlaced(intake::AccountPlaced {
            account_id: format!("acct_{:032x}", 2),
            client_id: format!("clnt_{:032x}", 3),
            client_account_ref: "A-1".into(),
            batch_id: format!("btch_{:032x}", 10),
            opening: 2,
            debt_class: 1,
            service_kind: 3,
            listed_amount: money(123_456),
            listing_date: date(5),
            claim_items: 1,
            liable_parties: vec![party()],
            contact_persons: vec![intake::ContactPerson {
                contact_person_id: format!("cper_{:032x}", 11),
                name: "Kim Example".into(),
                title: "payables".into(),
                phone: "+19375550143".into(),
                email: "kim@example.com".into(),
            }],
            known_facts: vec![intake::KnownFact {
                kind: 4,
                party_index: Some(0),
                since: date(2),
                detail: "chapter 7".into(),
            }],
            original_creditor: "First Bank".into(),
            current_creditor: "Acme Supply".into(),
            creditor_kind: 1,
            age_from: date(3),
            client_ref: "ACME".into(),
            claim_kind: 5,
        }),
        Intake::ClaimItemsListed(intake::ClaimItemsListed {
            account_id: format!("acct_{:032x}", 2),
            opening: 1,
            part: 1,
            parts: 2,
            items: vec![intake::ClaimItem {
                kind: 1,
                number: "INV-1".into(),
                item_date: date(1),
                due_date: date(31),
                original_amount: money(200_000),
                open_amount: money(123_456),
                purchase_order: "PO-7".into(),
                disputed_amount: money(1_000),
            }],
        }),
        Intake::AccountAdjusted(intake::AccountAdjusted {
            adjustment_id: "adjs_1".into(),
            account_id: format!("acct_{:032x}", 2),
            amount: money(-5_000),
            adjusted_on: date(6),
            reason: "returned goods".into(),
            item_number: "INV-1".into(),
            ..Default::default()
        }),
        Intake::AccountRecalled(intake::AccountRecalled {
            account_id: format!("acct_{:032x}", 2),
            opening: 1,
            recalled_on: date(7),
            reason: "own settlement".into(),
        }),
        Intake::AccountClosed(intake::AccountClosed {
            account_id: format!("acct_{:032x}", 2),
            opening: 1,
            close_code: "RCL".into(),
            closed_on: date(7),
        }),
        Intake::BatchClosed(intake::BatchClosed {
            batch_id: format!("btch_{:032x}", 10),
            batch_key: "may".into(),
            accepted: 5,
            accepted_with_warning: 1,
            rejected: 2,
            accepted_sum: money(99_999),
            totals_agree: true,
            closed_at: Some(Timestamp { seconds: 1_767_625_201, nanos: 0 }),
        }),
        Intake::HoldPlaced(intake::HoldPlaced {
            hold_id: id("hold", 17),
            account_id: account(),
            opening: 1,
            reason: "our own talks with the debtor".into(),
            from_on: date(8),
            until_on: date(22),
        }),
        Intake::HoldLifted(intake::HoldLifted {
            hold_id: id("hold", 17),
            account_id: account(),
            opening: 1,
            reason: "talks failed".into(),
        }),
        Intake::ClientAnswered(intake::ClientAnswered {
            client_request_id: id("creq", 18),
            account_id: account(),
            opening: 1,
            dispute_id: id("disp", 19),
            answer: intake::ClientAnswer::Part.into(),
            credit: money(2_500),
            text: "two boxes were missing".into(),
            answered_on: date(9),
        }),
    ]
}

/// Kinds that were told before, with the fields that were added since.
pub fn added() -> Vec<Intake> {
    vec![Intake::AccountAdjusted(intake::AccountAdjusted {
        adjustment_id: id("adjm", 26),
        account_id: account(),
        amount: money(-5_000),
        adjusted_on: date(6),
        opening: 2,
        ..Default::default()
    })]
}
