//! Cases and properties of commission.

use duly_domain::{Bracket, Currency, FeeTerms, IdSource, SeededIds};
use proptest::prelude::*;

use super::*;

const USD: Currency = Currency::USD;

fn usd(text: &str) -> Money {
    Money::parse_grouped(text, USD).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn tiered(tier_mode: TierMode, tier_base: TierBase) -> FeeTerms {
    let brackets = vec![
        Bracket { up_to: Some(300_000), rate: rate("0.25") },
        Bracket { up_to: None, rate: rate("0.18") },
    ];
    FeeTerms::of(FeeRates::Tiered { tier_mode, tier_base, brackets })
}

fn standard() -> FeeTerms {
    tiered(TierMode::Marginal, TierBase::CollectedToDate)
}

fn version(version: u32, effective_on: &str, terms: FeeTerms) -> ScheduleVersion {
    let schedule = FeeSchedule::new(terms).unwrap();
    ScheduleVersion { version, effective_on: day(effective_on), stage: None, schedule }
}

fn pricing(terms: FeeTerms) -> Pricing {
    let versions = vec![version(1, "2026-01-01", terms)];
    Pricing::new(usd("10,000.00"), day("2026-01-01"), versions).unwrap()
}

fn earned(n: u64, on: &str, amount: &str) -> Earning {
    Earning {
        id: SeededIds::new(n).next(),
        paid_on: day(on),
        reference: format!("R{n:03}"),
        stage: Stage::Agency,
        source: Source::Trust,
        factor: Factor::Full,
        buckets: BTreeMap::from([(BalanceBucket::Principal, usd(amount))]),
    }
}

fn commissions(priced: &Priced) -> Vec<String> {
    priced.lines.iter().map(|line| line.commission.amount()).collect()
}

#[test]
fn three_payments_cannot_drift_a_cent() {
    let pricing = pricing(FeeTerms::flat(rate("0.25")));
    let three: Vec<_> = (1..=3).map(|n| earned(n, "2026-03-01", "33.35")).collect();
    let priced = pricing.price(&three).unwrap();
    assert_eq!(commissions(&priced), ["8.34", "8.34", "8.33"]);
    assert_eq!(priced.total, usd("25.01"));
}

#[test]
fn marginal_brackets_price_the_part_inside_them() {
    let priced = pricing(standard()).price(&[earned(1, "2026-03-01", "10,000.00")]).unwrap();
    assert_eq!(priced.total, usd("2,010.00"));
    let parts: Vec<_> = priced.lines[0]
        .portions
        .iter()
        .map(|part| (part.money.amount(), part.rate.to_string()))
        .collect();
    assert_eq!(parts, [("3000.00".into(), "0.25".into()), ("7000.00".into(), "0.18".into())]);
}

#[test]
fn whole_by_placed_amount_takes_one_rate_from_the_listed_amount() {
    let pricing = pricing(tiered(TierMode::Whole, TierBase::PlacedAmount));
    let priced = pricing.price(&[earned(1, "2026-03-01", "10,000.00")]).unwrap();
    assert_eq!(priced.total, usd("1,800.00"));
    let priced = pricing.price(&[earned(1, "2026-03-01", "1.00")]).unwrap();
    assert_eq!(priced.total, usd("0.18"));
}

#[test]
fn by_payment_a_split_changes_the_fee() {
    for (mode, one, two) in [(TierMode::Marginal, "930", "1000"), (TierMode::Whole, "720", "1000")]
    {
        let pricing = pricing(tiered(mode, TierBase::Payment));
        let whole = pricing.price(&[earned(1, "2026-03-01", "4,000.00")]).unwrap();
        assert_eq!(whole.total, usd(one), "{mode}");
        let split = [earned(1, "2026-03-01", "2,000.00"), earned(2, "2026-03-02", "2,000.00")];
        assert_eq!(pricing.price(&split).unwrap().total, usd(two), "{mode}");
    }
}

#[test]
fn a_reversal_reprices_the_survivors_line_by_line() {
    let pricing = pricing(standard());
    let (first, second) =
        (earned(1, "2026-03-01", "3,000.00"), earned(2, "2026-03-02", "2,000.00"));
    let before = pricing.price(&[first.clone(), second.clone()]).unwrap();
    assert_eq!(commissions(&before), ["750.00", "360.00"]);
    let after = pricing.price(std::slice::from_ref(&second)).unwrap();
    let changes = before.changes_to(&after).unwrap();
    let shown: Vec<_> =
        changes.iter().map(|change| (change.id, change.kind, change.posted)).collect();
    let expected = [
        (first.id, ChangeKind::Reversed, usd("-750.00")),
        (second.id, ChangeKind::Repriced, usd("140.00")),
    ];
    assert_eq!(shown, expected);
    assert_eq!(changes[1].after, usd("500.00"));
    assert_eq!(after.total.sub(before.total), Ok(usd("-610.00")));
}

#[test]
fn an_earlier_payment_that_arrives_late_takes_its_place() {
    let pricing = pricing(standard());
    let late = earned(1, "2026-03-01", "3,000.00");
    let early = earned(2, "2026-03-02", "2,000.00");
    let before = pricing.price(std::slice::from_ref(&early)).unwrap();
    let after = pricing.price(&[early.clone(), late.clone()]).unwrap();
    let changes = before.changes_to(&after).unwrap();
    assert_eq!((changes[0].id, changes[0].posted), (late.id, usd("750.00")));
    assert_eq!((changes[1].id, changes[1].posted), (early.id, usd("-140.00")));
}

#[test]
fn buckets_outside_the_basis_earn_nothing_and_do_not_move_the_brackets() {
    let pricing = pricing(standard());
    let mut costs = earned(1, "2026-03-01", "3,000.00");
    costs.buckets = BTreeMap::from([(BalanceBucket::CourtCosts, usd("3,000.00"))]);
    let priced = pricing.price(&[costs, earned(2, "2026-03-02", "3,000.00")]).unwrap();
    assert_eq!(commissions(&priced), ["0.00", "750.00"]);
}

#[test]
fn free_money_earns_nothing_and_does_not_move_the_brackets() {
    let pricing = pricing(standard());
    let free = Earning { factor: Factor::Free, ..earned(1, "2026-03-01", "3,000.00") };
    let priced = pricing.price(&[free, earned(2, "2026-03-02", "3,000.00")]).unwrap();
    assert_eq!(commissions(&priced), ["0.00", "750.00"]);
}

#[test]
fn returned_goods_earn_half_in_a_segment_of_their_own() {
    let pricing = pricing(standard());
    let goods = Earning {
        source: Source::Credit,
        factor: Factor::Half,
        ..earned(1, "2026-03-01", "480.00")
    };
    let priced = pricing.price(&[goods, earned(2, "2026-03-02", "3,000.00")]).unwrap();
    assert_eq!(commissions(&priced), ["60.00", "750.00"]);
}

#[test]
fn a_minimum_is_per_account_and_at_most_the_money() {
    let pricing = pricing(FeeTerms { minimum: 10_000, ..FeeTerms::flat(rate("0.25")) });
    let small = pricing.price(&[earned(1, "2026-03-01", "60.00")]).unwrap();
    assert_eq!(small.total, usd("60.00"));
    let both = [earned(1, "2026-03-01", "200.00"), earned(2, "2026-03-02", "150.00")];
    assert_eq!(commissions(&pricing.price(&both).unwrap()), ["100.00", "0.00"]);
    let more = [earned(1, "2026-03-01", "200.00"), earned(2, "2026-03-02", "300.00")];
    assert_eq!(commissions(&pricing.price(&more).unwrap()), ["100.00", "25.00"]);
    let free = Earning { factor: Factor::Free, ..earned(1, "2026-03-01", "200.00") };
    assert!(pricing.price(&[free]).unwrap().total.is_zero());
}

#[test]
fn a_cap_stops_commission_by_amount_or_by_share_of_the_listed_amount() {
    let flat = FeeTerms::flat(rate("0.25"));
    for cap in [FeeCap::AmountMinor(100_000), FeeCap::ShareOfListed(rate("0.1"))] {
        let pricing = pricing(FeeTerms { fee_cap: Some(cap), ..flat.clone() });
        let two = [earned(1, "2026-03-01", "3,000.00"), earned(2, "2026-03-02", "3,000.00")];
        assert_eq!(commissions(&pricing.price(&two).unwrap()), ["750.00", "250.00"]);
    }
}

#[test]
fn a_payment_keeps_the_schedule_of_its_date_and_segments_count_apart() {
    let versions = |carry_cum| {
        vec![
            version(1, "2026-01-01", standard()),
            version(2, "2026-06-01", FeeTerms { carry_cum, ..standard() }),
        ]
    };
    let paid = [earned(1, "2026-05-31", "2,000.00"), earned(2, "2026-06-01", "2,000.00")];
    for (carry_cum, expected) in [(false, ["500.00", "500.00"]), (true, ["500.00", "430.00"])] {
        let pricing = Pricing::new(usd("10,000"), day("2026-01-01"), versions(carry_cum)).unwrap();
        let priced = pricing.price(&paid).unwrap();
        assert_eq!(commissions(&priced), expected, "carry_cum {carry_cum}");
        assert_eq!(priced.lines.iter().map(|line| line.version).collect::<Vec<_>>(), [1, 2]);
    }
}

#[test]
fn carried_brackets_count_every_earlier_segment_once() {
    let carrying = |number, on| version(number, on, FeeTerms { carry_cum: true, ..standard() });
    let versions =
        vec![carrying(1, "2026-01-01"), carrying(2, "2026-02-01"), carrying(3, "2026-03-01")];
    let pricing = Pricing::new(usd("10,000"), day("2026-01-01"), versions).unwrap();
    let paid = [
        earned(1, "2026-01-10", "1,000.00"),
        earned(2, "2026-02-10", "1,000.00"),
        earned(3, "2026-03-10", "1,000.00"),
    ];
    assert_eq!(pricing.price(&paid).unwrap().total, usd("750.00"));
}

#[test]
fn a_stage_with_a_schedule_of_its_own_is_priced_by_it() {
    let mut versions = vec![version(1, "2026-01-01", standard())];
    let legal = version(1, "2026-01-01", FeeTerms::flat(rate("0.35")));
    versions.push(ScheduleVersion { stage: Some(Stage::Forwarded), ..legal });
    let pricing = Pricing::new(usd("10,000"), day("2026-01-01"), versions.clone()).unwrap();
    let legal = Earning { stage: Stage::Forwarded, ..earned(2, "2026-03-02", "1,000.00") };
    let priced = pricing.price(&[earned(1, "2026-03-01", "1,000.00"), legal]).unwrap();
    assert_eq!(commissions(&priced), ["250.00", "350.00"]);
    versions.remove(0);
    let without = Pricing::new(usd("10,000"), day("2026-01-01"), versions);
    assert_eq!(without, Err(CommissionError::NoSchedule));
}

fn any_terms() -> impl Strategy<Value = FeeTerms> {
    let rates = prop_oneof![
        (0i64..=1_000)
            .prop_map(|permille| FeeTerms::flat(Rate::new(Decimal::new(permille, 3)).unwrap())),
        Just(standard()),
        Just(tiered(TierMode::Whole, TierBase::PlacedAmount)),
        Just(tiered(TierMode::Marginal, TierBase::Payment)),
        Just(tiered(TierMode::Whole, TierBase::Payment)),
    ];
    let cap = prop_oneof![2 => Just(None), 1 => (20_000i64..90_000).prop_map(|most| Some(FeeCap::AmountMinor(most)))];
    (rates, prop_oneof![Just(0i64), 1i64..20_000], cap)
        .prop_map(|(terms, minimum, fee_cap)| FeeTerms { minimum, fee_cap, ..terms })
}

fn any_earnings() -> impl Strategy<Value = Vec<Earning>> {
    let one = (1i64..400_000, 1u32..28, 0usize..3, 0usize..3);
    prop::collection::vec(one, 0..12).prop_map(|all| {
        let of = |(n, (minor, day, source, factor)): (usize, (i64, u32, usize, usize))| Earning {
            source: [Source::Trust, Source::Direct, Source::Credit][source],
            factor: [Factor::Full, Factor::Half, Factor::Free][factor],
            ..earned(
                u64::try_from(n).unwrap(),
                &format!("2026-03-{day:02}"),
                &Money::new(minor, USD).amount(),
            )
        };
        all.into_iter().enumerate().map(of).collect()
    })
}

proptest! {
    #[test]
    fn any_order_of_arrival_prices_the_same(
        terms in any_terms(),
        (earnings, shuffled) in any_earnings().prop_flat_map(|all| {
            (Just(all.clone()), Just(all).prop_shuffle())
        }),
    ) {
        let pricing = pricing(terms);
        let priced = pricing.price(&earnings).unwrap();
        prop_assert_eq!(&pricing.price(&shuffled).unwrap(), &priced);
        let lines = Money::sum(USD, priced.lines.iter().map(|line| line.commission));
        prop_assert_eq!(lines, Ok(priced.total));
    }

    /// Whatever comes and goes one by one, the posted differences sum to `C` of what survives.
    #[test]
    fn posted_differences_sum_to_the_commission_on_the_survivors(
        terms in any_terms(),
        earnings in any_earnings(),
        gone in prop::collection::vec(any::<bool>(), 12),
    ) {
        let pricing = pricing(terms);
        let mut now: Vec<Earning> = Vec::new();
        let mut priced = pricing.price(&now).unwrap();
        let mut posted = usd("0");
        let mut step = |next: &[Earning], priced: &mut Priced| {
            let after = pricing.price(next).unwrap();
            let changes = priced.changes_to(&after).unwrap();
            posted = changes.iter().fold(posted, |sum, change| sum.add(change.posted).unwrap());
            *priced = after;
        };
        for earning in &earnings {
            now.push(earning.clone());
            step(&now, &mut priced);
        }
        for (earning, _) in earnings.iter().zip(&gone).filter(|(_, gone)| **gone) {
            now.retain(|other| other.id != earning.id);
            step(&now, &mut priced);
        }
        prop_assert_eq!(posted, priced.total);
        prop_assert_eq!(pricing.price(&now).unwrap().total, posted);
    }

    #[test]
    fn commission_is_between_nothing_and_the_money(terms in any_terms(), earnings in any_earnings()) {
        let priced = pricing(terms).price(&earnings).unwrap();
        let money = Money::sum(USD, priced.lines.iter().map(|line| line.commissionable)).unwrap();
        prop_assert!(!priced.total.is_negative() && priced.total.minor() <= money.minor());
    }
}
