//! Cases and properties of money.

use proptest::prelude::*;

use super::*;

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

#[test]
fn amounts_read_and_print_as_decimals() {
    for (text, minor) in [
        ("0", 0),
        ("1234.56", 123_456),
        ("-0.05", -5),
        ("+7.5", 750),
        ("00012", 1_200),
        ("92233720368547758.07", i64::MAX),
        ("-92233720368547758.08", i64::MIN),
    ] {
        assert_eq!(usd(text).minor(), minor, "{text}");
    }
    assert_eq!(usd("1234.5").to_string(), "1234.50 USD");
    assert_eq!(usd("-0.05").amount(), "-0.05");
    assert_eq!(Money::new(5, Currency::JPY).to_string(), "5 JPY");
    assert_eq!(Money::new(1_234, Currency::KWD).to_string(), "1.234 KWD");
}

#[test]
fn text_that_is_no_amount_is_refused_and_not_repeated() {
    for wrong in
        ["", "-", "+", ".5", "5.", "1,234", "1 234", "12a", "$5", "--5", "1.2.3", "١", "1e3", " 5"]
    {
        let error = Money::parse(wrong, Currency::USD).unwrap_err();
        assert_eq!(error, InvalidAmount::Malformed, "{wrong}");
    }
    let over = Money::parse("219099999.123", Currency::USD).unwrap_err();
    assert_eq!(over, InvalidAmount::OverPrecise { currency: Currency::USD, digits: 2 });
    assert_eq!(over.to_string(), "USD has 2 decimals, the amount has more");
    for large in ["92233720368547758.08", "-92233720368547758.09", &"9".repeat(400)] {
        assert_eq!(Money::parse(large, Currency::USD), Err(InvalidAmount::TooLarge));
    }
    assert!(Money::parse("5.1", Currency::JPY).is_err());
}

#[test]
fn thousands_are_read_only_where_they_belong() {
    let grouped = |text| Money::parse_grouped(text, Currency::USD);
    assert_eq!(grouped("1,234,567.89").unwrap().minor(), 123_456_789);
    assert_eq!(grouped("-1,234").unwrap().minor(), -123_400);
    assert_eq!(grouped("1234.5").unwrap().minor(), 123_450);
    for wrong in ["12,34.50", "1,2345", ",123", "1,", "1234,567", "1,234.5,6", "1,23a"] {
        assert_eq!(grouped(wrong), Err(InvalidAmount::Malformed), "{wrong}");
    }
}

#[test]
fn two_currencies_do_not_add() {
    let error = usd("1").add(Money::new(1, Currency::EUR)).unwrap_err();
    assert_eq!(error, MoneyError::CurrencyMismatch { left: Currency::USD, right: Currency::EUR });
}

#[test]
fn overflow_is_an_error() {
    let most = Money::new(i64::MAX, Currency::USD);
    assert_eq!(most.add(usd("0.01")), Err(MoneyError::Overflow));
    assert_eq!(Money::new(i64::MIN, Currency::USD).neg(), Err(MoneyError::Overflow));
    assert_eq!(most.times(Decimal::TWO), Err(MoneyError::Overflow));
    let sum = Money::sum(Currency::USD, [most, usd("1"), usd("-1")]);
    assert_eq!(sum, Ok(most), "the order of a sum does not decide whether it overflows");
}

#[test]
fn a_product_rounds_half_away_from_zero() {
    let quarter = Decimal::new(25, 2);
    assert_eq!(usd("0.02").times(quarter), Ok(usd("0.01")));
    assert_eq!(usd("-0.02").times(quarter), Ok(usd("-0.01")));
    assert_eq!(usd("33.35").times(quarter), Ok(usd("8.34")));
    assert_eq!(usd("100.05").times(quarter), Ok(usd("25.01")));
    assert_eq!(
        Money::new(i64::MAX, Currency::USD).times(Decimal::ONE),
        Ok(Money::new(i64::MAX, Currency::USD))
    );
}

#[test]
fn the_odd_cent_goes_to_the_earliest() {
    assert_eq!(usd("1.00").split(&[1, 1, 1]), Ok(vec![usd("0.34"), usd("0.33"), usd("0.33")]));
    assert_eq!(usd("-0.02").split(&[1, 1, 1]), Ok(vec![usd("-0.01"), usd("-0.01"), usd("0.00")]));
    assert_eq!(usd("0.10").split(&[1, 0, 2]), Ok(vec![usd("0.03"), usd("0"), usd("0.07")]));
    assert_eq!(usd("1").split(&[]), Err(MoneyError::NoWeights));
    assert_eq!(usd("1").split(&[0, 0]), Err(MoneyError::NoWeights));
    let least = Money::new(i64::MIN, Currency::USD);
    assert_eq!(least.split(&[u64::MAX]), Ok(vec![least]));
}

#[test]
fn money_travels_as_minor_units_and_currency() {
    let json = serde_json::to_string(&usd("1.50")).unwrap();
    assert_eq!(json, r#"{"minor":150,"currency":"USD"}"#);
    assert!(serde_json::from_str::<Money>(r#"{"minor":1.5,"currency":"USD"}"#).is_err());
    assert!(serde_json::from_str::<Money>(r#"{"minor":1,"currency":"USD","x":1}"#).is_err());
}

fn currencies() -> impl Strategy<Value = Currency> {
    prop::sample::select(Currency::all().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn print_then_parse_is_identity(minor: i64, currency in currencies()) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&money.amount(), currency), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }

    #[test]
    fn parsing_never_panics(text in ".{0,40}", currency in currencies()) {
        let _ = Money::parse(&text, currency);
        let _ = Money::parse_grouped(&text, currency);
    }

    #[test]
    fn a_split_loses_no_cent_and_is_fair_to_one(
        minor: i64,
        weights in prop::collection::vec(prop_oneof![0u64..100, any::<u64>()], 1..20),
    ) {
        let money = Money::new(minor, Currency::USD);
        match money.split(&weights) {
            Err(error) => {
                prop_assert_eq!(error, MoneyError::NoWeights);
                prop_assert!(weights.iter().all(|weight| *weight == 0));
            }
            Ok(shares) => {
                prop_assert_eq!(shares.len(), weights.len());
                prop_assert_eq!(Money::sum(Currency::USD, shares.iter().copied()), Ok(money));
                let total: u128 = weights.iter().copied().map(u128::from).sum();
                for (share, weight) in shares.iter().zip(&weights) {
                    let fair = u128::from(minor.unsigned_abs()) * u128::from(*weight) / total;
                    let got = u128::from(share.minor().unsigned_abs());
                    prop_assert!(got == fair || got == fair + 1);
                    prop_assert!(*weight > 0 || share.is_zero());
                }
            }
        }
    }

    #[test]
    fn adding_then_subtracting_is_identity(left: i32, right: i32) {
        let (left, right) = (
            Money::new(i64::from(left), Currency::USD),
            Money::new(i64::from(right), Currency::USD),
        );
        prop_assert_eq!(left.add(right).unwrap().sub(right), Ok(left));
        prop_assert_eq!(left.neg().unwrap().neg(), Ok(left));
    }
}
