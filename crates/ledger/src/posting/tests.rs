//! What each posting does, entry by entry, and what it refuses.

use duly_domain::{Currency, IdSource, SeededIds};

use super::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn owner() -> Owner {
    let mut ids = SeededIds::new(3);
    Owner { client: ids.next(), account: ids.next() }
}

fn moved(set: &EntrySet) -> Vec<(Ledger, i64)> {
    set.entries().iter().map(|entry| (entry.ledger, entry.money.minor())).collect()
}

#[test]
fn unapplied_money_belongs_to_nobody_until_it_is_applied() {
    let received = receive_unapplied(usd(500)).unwrap();
    assert!(received.entries().iter().all(|entry| entry.client.is_none()));
    let applied = apply_unapplied(owner(), usd(500)).unwrap();
    assert_eq!(moved(&applied), [(Ledger::Unapplied, 500), (Ledger::Held, -500)]);
    assert_eq!(applied.entries()[0].client, None);
    assert_eq!(applied.entries()[1].client, Some(owner().client));
    let returned = return_unapplied(usd(500)).unwrap();
    assert_eq!(moved(&returned), [(Ledger::Unapplied, 500), (Ledger::TrustBank, -500)]);
}

#[test]
fn a_release_parts_the_client_from_the_overpayment() {
    let set = release(owner(), usd(115_000), usd(10_000)).unwrap();
    let expected =
        [(Ledger::Held, 125_000), (Ledger::ClientTrust, -115_000), (Ledger::RefundsDue, -10_000)];
    assert_eq!(moved(&set), expected);
}

#[test]
fn a_reversal_before_release_takes_back_what_was_held() {
    let set = reverse_held(owner(), usd(70_000)).unwrap();
    assert_eq!(moved(&set), [(Ledger::Held, 70_000), (Ledger::TrustBank, -70_000)]);
}

fn reversal() -> Reversal {
    Reversal {
        to_client: usd(300_000),
        overpayment: usd(0),
        available: usd(0),
        refunds_due: usd(0),
        give_back: usd(0),
    }
}

#[test]
fn a_reversal_before_remittance_takes_back_released_money_only() {
    let set =
        reverse_released(owner(), &Reversal { available: usd(300_000), ..reversal() }).unwrap();
    assert_eq!(moved(&set), [(Ledger::ClientTrust, 300_000), (Ledger::TrustBank, -300_000)]);
}

#[test]
fn a_reversal_after_remittance_stops_the_client_at_zero() {
    let reversal = Reversal { available: usd(64_000), give_back: usd(61_000), ..reversal() };
    let set = reverse_released(owner(), &reversal).unwrap();
    let expected = [
        (Ledger::ClientTrust, 64_000),
        (Ledger::DeficiencyAgency, 61_000),
        (Ledger::DeficiencyClient, 175_000),
        (Ledger::TrustBank, -300_000),
    ];
    assert_eq!(moved(&set), expected);
}

#[test]
fn the_agency_owes_no_more_than_is_missing() {
    let reversal = Reversal { available: usd(299_000), give_back: usd(61_000), ..reversal() };
    let set = reverse_released(owner(), &reversal).unwrap();
    assert!(moved(&set).contains(&(Ledger::DeficiencyAgency, 1_000)));
    assert!(set.entries().iter().all(|entry| entry.ledger != Ledger::DeficiencyClient));
}

#[test]
fn commission_is_given_back_only_as_far_as_it_was_taken_from_trust() {
    let fell = usd(-61_000);
    assert_eq!(give_back(RemitMethod::Net, fell, usd(75_000)), Ok(usd(61_000)));
    assert_eq!(give_back(RemitMethod::Net, fell, usd(50_000)), Ok(usd(50_000)));
    assert_eq!(give_back(RemitMethod::Net, usd(14_000), usd(50_000)), Ok(usd(0)));
    assert_eq!(give_back(RemitMethod::Net, fell, usd(-5)), Ok(usd(0)));
    for method in [RemitMethod::Gross, RemitMethod::GrossLessDirectFees] {
        assert_eq!(give_back(method, fell, usd(75_000)), Ok(usd(0)));
    }
}

#[test]
fn later_receipts_cure_the_clients_part_first() {
    let deficiency = Deficiency { agency: usd(61_000), client: usd(175_000) };
    let some = cure(owner().client, usd(200_000), &deficiency).unwrap().unwrap();
    let expected = [
        (Ledger::ClientTrust, 200_000),
        (Ledger::DeficiencyClient, -175_000),
        (Ledger::DeficiencyAgency, -25_000),
    ];
    assert_eq!(moved(&some), expected);
    assert_eq!(cure(owner().client, usd(0), &deficiency), Ok(None));
    let none = Deficiency::none(Currency::USD);
    assert_eq!(cure(owner().client, usd(200_000), &none), Ok(None));
}

#[test]
fn no_payout_exceeds_what_is_there() {
    let refused = refund(owner(), usd(10_001), usd(10_000));
    assert!(matches!(refused, Err(PostingError::Exceeds { .. })));
    let set = refund(owner(), usd(10_000), usd(10_000)).unwrap();
    assert_eq!(moved(&set), [(Ledger::RefundsDue, 10_000), (Ledger::TrustBank, -10_000)]);
    let missing = Deficiency { agency: usd(1), client: usd(0) };
    let held = pay_held(owner().client, usd(5), &missing);
    assert_eq!(held, Err(PostingError::DeficiencyOpen(usd(1))));
}

#[test]
fn a_sweep_moves_both_books_and_waits_for_every_deficiency() {
    let set = sweep(owner().client, usd(100), usd(0)).unwrap().unwrap();
    let expected = [
        (Ledger::CommissionUnswept, 100),
        (Ledger::TrustBank, -100),
        (Ledger::OperatingBank, 100),
        (Ledger::ClientReceivable, -100),
    ];
    assert_eq!(moved(&set), expected);
    assert_eq!(sweep(owner().client, usd(0), usd(5)), Ok(None));
    let waits = sweep(owner().client, usd(100), usd(5));
    assert_eq!(waits, Err(PostingError::DeficiencyOpen(usd(5))));
}

#[test]
fn a_close_whose_lines_do_not_fit_the_books_is_refused() {
    let totals = crate::Totals { a: usd(1_000), ..crate::Totals::zero(Currency::USD) };
    let settlement = crate::settle(RemitMethod::Net, &totals).unwrap();
    let standing = Standing {
        available: usd(999),
        deficiency: Deficiency::none(Currency::USD),
        operating_carry: usd(0),
    };
    let refused = close(owner().client, &settlement, &standing);
    assert_eq!(refused, Err(PostingError::LinesDisagree { books: usd(-1), lines: usd(0) }));
}

#[test]
fn amounts_that_make_no_sense_are_refused() {
    assert!(receive(owner(), usd(0)).is_err());
    assert!(receive_unapplied(usd(-5)).is_err());
    assert!(reverse_held(owner(), usd(0)).is_err());
    assert!(release(owner(), usd(5), usd(-1)).is_err());
    assert!(sweep(owner().client, usd(-1), usd(0)).is_err());
    assert!(release(owner(), usd(0), usd(0)).is_err(), "a set of nothing is no set");
    let euro = Money::new(1, Currency::EUR);
    assert!(release(owner(), usd(5), euro).is_err());
}
