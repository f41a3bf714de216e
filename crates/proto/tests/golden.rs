//! Golden bytes per event, kept for ever: what a version told years ago must still decode to the same
//! event, and today's version must tell the same bytes. `DULY_TEST_BLESS=1` writes the file of a kind
//! that has none; it never rewrites one.

use std::{fmt::Debug, fs, path::Path};

use duly_proto::{
    common::v1::{
        Address, ClientPolicy, Date, EventMeta, FeeBracket, FeeSchedule, HoldDays, Money, Sealed,
    },
    intake::v1::{self as intake, event::Fact as Intake},
    payments::v1::{self as payments, event::Fact as Payments},
};

use prost_types::Timestamp;

fn meta() -> EventMeta {
    EventMeta {
        event_id: format!("evnt_{:032x}", 1),
        account_id: format!("acct_{:032x}", 2),
        client_id: format!("clnt_{:032x}", 3),
        version: 4,
        occurred_at: Some(Timestamp { seconds: 1_767_625_200, nanos: 5 }),
        actor: "manager:lee".into(),
        cause_id: format!("evnt_{:032x}", 6),
        case_id: format!("case_{:032x}", 7),
    }
}

fn money(minor: i64) -> Option<Money> {
    Some(Money { minor, currency: "USD".into() })
}

fn date(day: i32) -> Option<Date> {
    Some(Date { year: 2026, month: 1, day })
}

fn party() -> intake::LiableParty {
    intake::LiableParty {
        party_id: format!("prty_{:032x}", 8),
        role: intake::PartyRole::Principal.into(),
        debtor_kind: intake::DebtorKind::Person.into(),
        name: "Robin Sample".into(),
        address: Some(Address {
            lines: vec!["12 Canal Street".into()],
            city: "Dayton".into(),
            region: "OH".into(),
            postal_code: "45402".into(),
            country: "US".into(),
        }),
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

fn intake_facts() -> Vec<Intake> {
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
    ]
}

fn payments_facts() -> Vec<Payments> {
    let (payment_id, account_id) = (format!("pymt_{:032x}", 12), format!("acct_{:032x}", 2));
    vec![
        Payments::PaymentPosted(payments::PaymentPosted {
            payment_id: payment_id.clone(),
            account_id: account_id.clone(),
            received_by: 1,
            amount: money(50_000),
            payment_on: date(8),
            received_reference: "R-1".into(),
            method: 3,
            overpayment: money(10),
            release_on: date(12),
        }),
        Payments::PaymentReleased(payments::PaymentReleased {
            payment_id: payment_id.clone(),
            account_id: account_id.clone(),
            received_by: 1,
            amount: money(49_990),
            commission: money(12_498),
            released_on: date(12),
        }),
        Payments::PaymentReversed(payments::PaymentReversed {
            payment_id,
            account_id: account_id.clone(),
            received_by: 1,
            amount: money(50_000),
            was_released: true,
            commission: money(-12_498),
            reversed_on: date(20),
            reason: 1,
            collected: money(49_990),
        }),
        Payments::BalanceSettled(payments::BalanceSettled {
            account_id,
            opening: 1,
            settled_on: date(21),
        }),
        Payments::RemittanceIssued(payments::RemittanceIssued {
            remittance_id: format!("rmit_{:032x}", 13),
            client_id: format!("clnt_{:032x}", 3),
            statement_no: "ACME-2026-01-31".into(),
            period_from: date(1),
            period_to: date(31),
            collected: money(660_000),
            direct: money(200_000),
            commission: money(192_250),
            remitted: money(467_750),
            carry_forward: money(1),
        }),
    ]
}

fn assert_golden<E: duly_proto::Event + PartialEq + Debug>(facts: Vec<E::Fact>) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut kinds = Vec::new();
    for fact in facts {
        let event = E::new(meta(), fact);
        let kind = event.kind().expect("a sample carries a fact");
        kinds.push(kind);
        let path = dir.join(format!("{}.{kind}.hex", E::SERVICE));
        let bytes = event.encode_to_vec();
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n";
        if std::env::var_os("DULY_TEST_BLESS").is_some() && !path.exists() {
            fs::write(&path, &hex).expect("the golden file is writable");
        }
        let golden = fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{kind} has no golden bytes; run with DULY_TEST_BLESS=1"));
        assert_eq!(golden, hex, "{kind} is no longer told with the bytes that it was told with");
        let then: Vec<u8> = (0..golden.trim().len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&golden[at..at + 2], 16).expect("hex"))
            .collect();
        assert_eq!(E::decode(then.as_slice()).expect("old bytes decode"), event, "{kind}");
    }
    assert_eq!(kinds, E::KINDS, "every kind has a sample");
}

#[test]
fn intakes_events_keep_their_bytes() {
    assert_golden::<intake::Event>(intake_facts());
}

#[test]
fn payments_events_keep_their_bytes() {
    assert_golden::<payments::Event>(payments_facts());
}
