//! The worked examples of the glossary, computed from events.

use duly_domain::{FeeTerms, RemitMethod};

use super::world::*;
use crate::chart::Ledger;
use crate::remittance::{Settlement, Totals, settle};

const METHODS: [RemitMethod; 3] =
    [RemitMethod::Net, RemitMethod::Gross, RemitMethod::GrossLessDirectFees];

fn totals(figures: [&str; 7]) -> Totals {
    let [a, w, d, fa, fd, x, p] = figures.map(usd);
    Totals { a, w, d, fa, fd, x, p }
}

/// due, remit, carry forward, invoice, to operating
fn figures(settled: &Settlement) -> [String; 5] {
    [settled.due, settled.remit, settled.carry_forward, settled.invoice, settled.to_operating]
        .map(duly_domain::Money::amount)
}

fn acme_october(method: RemitMethod) -> World {
    let mut world = World::new(method);
    world.take_released(paid("E", "E1", "2026-09-10", "400.00"));
    world.close();
    world.sweep();
    world.take_released(paid("A", "A1", "2026-10-05", "5,000.00"));
    world.take(paid("B", "B1", "2026-10-06", "1,200.00").direct());
    world.take(paid("C", "C1", "2026-10-07", "800.00").direct().free());
    // Nothing withheld; 250.00 repays court costs that the client advanced.
    world.take_released(paid("D", "D1", "2026-10-08", "1,750.00").by_attorney("250.00", "0"));
    world.reverse("E1");
    world
}

#[test]
fn acme_supply_in_october_by_every_method() {
    let expected = [
        (RemitMethod::Net, "4677.50", "1922.50", "0.00"),
        (RemitMethod::Gross, "6600.00", "0.00", "1922.50"),
        (RemitMethod::GrossLessDirectFees, "6300.00", "300.00", "1622.50"),
    ];
    for (method, remit, to_operating, invoice) in expected {
        let mut world = acme_october(method);
        let closed = world.close();
        let expected = totals(["6600", "0", "2000", "1622.50", "300", "0", "0"]);
        assert_eq!(closed.statement.totals(), &expected, "{method}");
        assert_eq!(closed.settlement.remit.amount(), remit, "{method}");
        assert_eq!(closed.settlement.to_operating.amount(), to_operating, "{method}");
        assert_eq!(closed.settlement.invoice.amount(), invoice, "{method}");
        let position = closed.settlement.remit.add(usd("2000")).unwrap();
        let position = position.sub(closed.settlement.invoice).unwrap();
        assert_eq!(position, usd("6,677.50"), "{method}");
        world.sweep();
        assert_eq!(world.proof().trust_bank, usd("0"), "{method}");
    }
}

#[test]
fn the_lines_of_acme_supply_show_each_commission() {
    let closed = acme_october(RemitMethod::Net).close();
    let of = |reference: &str| {
        let line = closed.statement.lines().iter().find(|line| line.reference == reference);
        line.unwrap().commission.amount()
    };
    assert_eq!(of("A1"), "1110.00");
    assert_eq!(of("B1"), "300.00");
    assert_eq!(of("C1"), "0.00");
    assert_eq!(of("D1"), "612.50");
    assert_eq!(of("E1"), "-100.00");
}

/// What stands in the trust book: bank less the cost ledger (which is not part of this chart yet),
/// client, held, refunds, due from agency, due from client.
fn standing(world: &World) -> [String; 6] {
    let proof = world.proof();
    [
        proof.trust_bank,
        proof.client_trust,
        proof.held,
        proof.refunds_due,
        proof.deficiency_agency,
        proof.deficiency_client,
    ]
    .map(duly_domain::Money::amount)
}

fn borealis_october(method: RemitMethod) -> World {
    let mut world = World::new(method);
    world.take_released(paid("G", "1", "2026-10-02", "3,000.00"));
    world.take_released(paid("G", "2", "2026-10-03", "2,000.00"));
    let withheld = usd("1,685.00").times(rate("0.25").decimal()).unwrap();
    assert_eq!(withheld, usd("421.25"));
    world.take_released(paid("J", "5", "2026-10-09", "1,685.00").by_attorney("315.00", "421.25"));
    world.take(paid("L", "6", "2026-10-12", "30,000.00").direct());
    world.take(paid("H", "7", "2026-10-28", "640.00"));
    world.take(paid("K", "8", "2026-10-29", "700.00"));
    world
}

/// Rows 9 to 16, telling `row` after each that the trust table shows.
fn borealis_november(world: &mut World, mut row: impl FnMut(&str, &World)) {
    world.posted_on = day("2026-11-15");
    world.reverse("8");
    row("9", world);
    world.release("7");
    row("10", world);
    world.reverse("1");
    row("11", world);
    world.take(paid("M", "12", "2026-11-10", "3,500.00"));
    row("12 posted", world);
    world.release("12");
    row("12 released", world);
    world.take_released(paid("N", "13", "2026-11-12", "1,150.00").over("100.00"));
    row("13", world);
    world.refund("13");
    row("14", world);
    world.take(paid("Q", "15", "2026-11-14", "480.00").returned_goods());
    world.take(paid("R", "16", "2026-11-16", "600.00").direct());
}

#[test]
fn borealis_tools_in_two_months_by_every_method() {
    let expected = [
        (
            RemitMethod::Net,
            ["-309.75", "0.00", "309.75", "0.00", "6578.75"],
            ["1092.75", "1092.75", "0.00", "0.00", "1197.25"],
        ),
        (
            RemitMethod::Gross,
            ["6578.75", "6578.75", "0.00", "6888.50", "0.00"],
            ["2290.00", "2290.00", "0.00", "887.50", "0.00"],
        ),
        (
            RemitMethod::GrossLessDirectFees,
            ["968.75", "968.75", "0.00", "1278.50", "5610.00"],
            ["2080.00", "2080.00", "0.00", "677.50", "210.00"],
        ),
    ];
    for (method, october, november) in expected {
        let mut world = borealis_october(method);
        let closed = world.close();
        let sums = ["7000", "421.25", "30000", "1699.75", "5610", "0", "0"];
        assert_eq!(closed.statement.totals(), &totals(sums), "{method}");
        assert_eq!(figures(&closed.settlement), october, "{method}");
        assert_eq!(closed.statement.held_funds().received, usd("7,918.75"));
        assert_eq!(closed.statement.held_funds().released, usd("6,578.75"));
        assert_eq!(closed.statement.held_funds().closing, usd("1,340.00"));
        world.sweep();

        borealis_november(&mut world, |_, _| {});
        let closed = world.close();
        let prior = if method == RemitMethod::Net { "309.75" } else { "0" };
        let sums = ["2290", "0", "600", "677.50", "210", "0", prior];
        assert_eq!(closed.statement.totals(), &totals(sums), "{method}");
        assert_eq!(figures(&closed.settlement), november, "{method}");
        let held = closed.statement.held_funds();
        let roll = [held.opening, held.received, held.reversed, held.released, held.closing];
        let expected = ["1340", "4750", "700", "5390", "0"].map(usd);
        assert_eq!(roll, expected, "{method}");
        world.sweep();
        assert_eq!(world.proof().trust_bank, usd("0"), "{method}");
    }
}

#[test]
fn the_client_of_borealis_ends_in_the_same_position_by_every_method() {
    for method in METHODS {
        let mut world = borealis_october(method);
        let first = world.close().settlement;
        borealis_november(&mut world, |_, _| {});
        let second = world.close().settlement;
        let mut position = usd("30,600.00");
        for settled in [&first, &second] {
            position = position.add(settled.remit).unwrap().sub(settled.invoice).unwrap();
        }
        position = position.sub(second.carry_forward).unwrap();
        assert_eq!(position, usd("31,692.75"), "{method}");
    }
}

#[test]
fn the_trust_of_borealis_in_november_row_by_row() {
    let mut world = borealis_october(RemitMethod::Net);
    world.close();
    world.sweep();
    assert_eq!(standing(&world), ["1340.00", "0.00", "1340.00", "0.00", "0.00", "0.00"]);
    let mut rows = Vec::new();
    borealis_november(&mut world, |row, world| rows.push((row.to_owned(), standing(world))));
    // The table's bank less its 85.00 of cost advances.
    let expected = [
        ("9", ["640.00", "0.00", "640.00", "0.00", "0.00", "0.00"]),
        ("10", ["640.00", "640.00", "0.00", "0.00", "0.00", "0.00"]),
        ("11", ["-2360.00", "0.00", "0.00", "0.00", "610.00", "1750.00"]),
        ("12 posted", ["1140.00", "0.00", "3500.00", "0.00", "610.00", "1750.00"]),
        ("12 released", ["1140.00", "1140.00", "0.00", "0.00", "0.00", "0.00"]),
        ("13", ["2390.00", "2290.00", "0.00", "100.00", "0.00", "0.00"]),
        ("14", ["2290.00", "2290.00", "0.00", "0.00", "0.00", "0.00"]),
    ];
    assert_eq!(rows, expected.map(|(row, figures)| (row.to_owned(), figures.map(str::to_owned))));
    let closed = world.close();
    assert_eq!(closed.closing.paid, usd("1,092.75"));
    assert_eq!(world.sweep(), usd("1,197.25"));
    assert_eq!(standing(&world), ["0.00"; 6]);
}

#[test]
fn a_shortage_under_both_gross_methods_is_due_from_the_client() {
    for method in [RemitMethod::Gross, RemitMethod::GrossLessDirectFees] {
        let mut world = borealis_october(method);
        world.close();
        world.sweep();
        let mut seen = None;
        borealis_november(&mut world, |row, world| {
            if row == "11" {
                seen = Some(world.deficiency());
            }
        });
        let deficiency = seen.unwrap();
        assert_eq!((deficiency.agency, deficiency.client), (usd("0"), usd("2,360.00")), "{method}");
    }
}

#[test]
fn a_transfer_that_cured_a_bounce_is_added_to_the_closing_sweep() {
    let expected = [
        (RemitMethod::Net, "3,557.25"),
        (RemitMethod::Gross, "2,360.00"),
        (RemitMethod::GrossLessDirectFees, "2,570.00"),
    ];
    for (method, swept) in expected {
        let mut world = borealis_october(method);
        world.transfers = true;
        world.close();
        world.sweep();
        let operating = world.operating(Ledger::OperatingBank);
        borealis_november(&mut world, |row, world| {
            if row == "11" {
                assert!(world.missing().is_zero());
                let transferred = operating.sub(world.operating(Ledger::OperatingBank)).unwrap();
                assert_eq!(transferred, usd("2,360.00"));
            }
        });
        world.close();
        assert_eq!(world.sweep(), usd(swept), "{method}");
        assert_eq!(world.proof().trust_bank, usd("0"), "{method}");
    }
}

#[test]
fn a_reversal_before_release_is_in_no_total() {
    let mut world = World::new(RemitMethod::Net);
    world.take(paid("K", "K1", "2026-10-20", "700.00"));
    let first = world.close();
    assert_eq!(first.statement.totals().a, usd("0"));
    world.reverse("K1");
    let second = world.close();
    assert_eq!(second.statement.totals().a, usd("0"));
    assert_eq!(second.statement.held_funds().reversed, usd("700.00"));
    assert!(second.statement.lines().is_empty());
    assert!(second.closing.entries.is_none());
}

#[test]
fn an_attorney_keeps_his_share_and_every_method_says_so() {
    for (method, remit, invoice, to_operating) in [
        (RemitMethod::Net, "1387.50", "0.00", "175.00"),
        (RemitMethod::Gross, "1562.50", "175.00", "0.00"),
        (RemitMethod::GrossLessDirectFees, "1562.50", "175.00", "0.00"),
    ] {
        let mut world = World::new(method);
        world.take_released(paid("J", "J1", "2026-10-09", "1,750.00").by_attorney("250", "437.50"));
        let closed = world.close();
        assert_eq!(closed.statement.totals().fa, usd("612.50"));
        assert_eq!(closed.settlement.earned, usd("175.00"));
        assert_eq!(closed.settlement.remit.amount(), remit, "{method}");
        assert_eq!(closed.settlement.invoice.amount(), invoice, "{method}");
        assert_eq!(closed.settlement.to_operating.amount(), to_operating, "{method}");
    }
}

#[test]
fn a_contingent_suit_fee_belongs_to_what_is_withheld_and_to_commission() {
    let principal = usd("1,750.00");
    let share = |text: &str| principal.times(rate(text).decimal()).unwrap();
    let suit_fee = share("0.10");
    let w = share("0.25").add(suit_fee).unwrap();
    let fa = share("0.35").add(suit_fee).unwrap();
    assert_eq!((suit_fee, w, fa), (usd("175.00"), usd("612.50"), usd("787.50")));
    let totals = Totals { a: usd("2,000.00"), w, fa, ..Totals::zero(USD) };
    let settled = settle(RemitMethod::Net, &totals).unwrap();
    assert_eq!(settled.remit, usd("1,212.50"));
    assert_eq!(settled.earned, usd("175.00"));
    let forgotten = Totals { fa: share("0.35"), ..totals };
    let settled = settle(RemitMethod::Net, &forgotten).unwrap();
    assert_eq!((settled.remit, settled.earned), (usd("1,387.50"), usd("0.00")));
}

fn deficiency_world(transfers: bool) -> World {
    let mut world = World::new(RemitMethod::Net);
    world.transfers = transfers;
    world.take_released(paid("E", "E1", "2026-09-10", "400.00"));
    let first = world.close();
    assert_eq!(first.closing.paid, usd("300.00"));
    assert_eq!(world.sweep(), usd("100.00"));
    world.reverse("E1");
    world
}

#[test]
fn a_deficiency_stands_until_the_next_receipt() {
    let mut world = deficiency_world(false);
    let missing = world.deficiency();
    assert_eq!((missing.agency, missing.client), (usd("100.00"), usd("300.00")));
    let closed = world.close();
    assert_eq!(closed.settlement.carry_forward, usd("300.00"));
    assert_eq!(closed.settlement.to_operating, usd("-400.00"));
    assert_eq!(closed.closing.set_aside, usd("0"));
    assert_eq!(closed.closing.operating_carry, usd("-400.00"));
    world.take_released(paid("F", "F1", "2026-10-10", "1,000.00"));
    let closed = world.close();
    assert_eq!(closed.settlement.remit, usd("450.00"));
    assert_eq!(closed.settlement.to_operating, usd("550.00"));
    assert_eq!(closed.closing.paid, usd("450.00"));
    assert_eq!(world.sweep(), usd("150.00"));
    assert_eq!(world.proof().trust_bank, usd("0"));
}

#[test]
fn a_deficiency_that_was_paid_in_is_swept_back_in_full() {
    let mut world = deficiency_world(true);
    assert!(world.missing().is_zero());
    let closed = world.close();
    assert_eq!(closed.settlement.to_operating, usd("-400.00"));
    assert_eq!(closed.closing.operating_carry, usd("0"));
    world.take_released(paid("F", "F1", "2026-10-10", "1,000.00"));
    world.close();
    assert_eq!(world.sweep(), usd("550.00"));
    assert_eq!(world.proof().trust_bank, usd("0"));
}

#[test]
fn nothing_is_swept_while_a_deficiency_is_open() {
    let mut world = World::new(RemitMethod::Net);
    world.take_released(paid("E", "E1", "2026-09-10", "400.00"));
    world.close();
    world.reverse("E1");
    assert_eq!(world.sweep(), usd("0"), "its commission is set aside and stays");
    assert_eq!(world.proof().commission_unswept, usd("100.00"));
    world.take_released(paid("F", "F1", "2026-10-10", "1,000.00"));
    assert_eq!(world.sweep(), usd("100.00"));
}

#[test]
fn a_remittance_whose_money_is_missing_is_held_and_paid_later() {
    // 3,000.00 and 2,000.00 on a whole-amount schedule would not do: a large give-back beside a
    // small receipt needs commission that was taken from another account's direct payment.
    let mut world = World::new(RemitMethod::Net);
    world.take(paid("L", "L1", "2026-09-05", "1,000.00").direct());
    world.take_released(paid("A", "A1", "2026-09-06", "1,000.00"));
    let first = world.close();
    assert_eq!(first.closing.paid, usd("500.00"));
    world.sweep();
    // The direct payment came back to the client: 250.00 of commission goes back, and the trust
    // account, empty, has nothing to pay it from.
    world.reverse("L1");
    let second = world.close();
    assert_eq!(second.settlement.remit, usd("250.00"));
    assert_eq!((second.closing.paid, second.closing.held), (usd("0"), usd("250.00")));
    assert_eq!(world.deficiency().agency, usd("250.00"));
    world.take_released(paid("B", "B1", "2026-10-06", "400.00"));
    assert_eq!(world.missing(), usd("0"), "cured, and the held remittance paid at once");
    assert_eq!(world.available(), usd("150.00"));
    let third = world.close();
    assert_eq!(third.settlement.remit, usd("300.00"));
    assert_eq!(third.closing.held, usd("300.00"), "150.00 of it is still the agency's to pay");
    world.transfer();
    world.sweep();
    assert_eq!(world.proof().trust_bank, usd("0"));
}

#[test]
fn a_minimum_is_earned_once() {
    let mut terms = FeeTerms::flat(rate("0.25"));
    terms.minimum = 10_000;
    let schedule = duly_domain::FeeSchedule::new(terms).unwrap();
    let mut world = World::priced(RemitMethod::Net, pricing(schedule));
    world.take_released(paid("A", "A1", "2026-10-01", "200.00"));
    assert_eq!(world.price("A").total, usd("100.00"));
    world.take_released(paid("A", "A2", "2026-10-02", "150.00"));
    let closed = world.close();
    let commissions: Vec<_> = closed.statement.lines().iter().map(|line| line.commission).collect();
    assert_eq!(commissions, [usd("100.00"), usd("0.00")]);
}

#[test]
fn a_refunded_overpayment_that_bounces_is_due_from_the_agency() {
    let mut world = World::new(RemitMethod::Net);
    world.take_released(paid("N", "N1", "2026-10-01", "1,150.00").over("100.00"));
    world.refund("N1");
    world.reverse("N1");
    let missing = world.deficiency();
    assert_eq!((missing.agency, missing.client), (usd("100.00"), usd("0")));
}
