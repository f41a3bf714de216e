//! What a timeline says of each fact, in plain words. No ids, so that equal histories read the same.

use duly_domain::{Date, Money};
use duly_proto::{intake::v1 as intake, payments::v1 as payments};

/// A claim was placed.
pub fn placed(opening: i32, listed: Money, items: i32) -> String {
    let claim = match items {
        0 => format!("claim of {listed}"),
        1 => format!("claim of {listed} with 1 item"),
        many => format!("claim of {listed} with {many} items"),
    };
    match opening {
        1 => format!("{claim} placed"),
        again => format!("{claim} placed again, opening {again}"),
    }
}

/// Its items came.
pub fn items_listed(fact: &intake::ClaimItemsListed) -> String {
    format!("{} claim items listed, part {} of {}", fact.items.len(), fact.part, fact.parts)
}

/// The client corrected the balance.
pub fn adjusted(fact: &intake::AccountAdjusted, amount: Money) -> String {
    let item = match fact.item_number.as_str() {
        "" => String::new(),
        number => format!(" on item {number}"),
    };
    format!("balance changed by {amount}{item}: {}", fact.reason)
}

/// The client took the account back.
pub fn recalled(fact: &intake::AccountRecalled) -> String {
    match fact.reason.as_str() {
        "" => "recalled by the client".to_owned(),
        reason => format!("recalled by the client: {reason}"),
    }
}

/// The account was closed.
pub fn closed(fact: &intake::AccountClosed) -> String {
    format!("closed with code {}", fact.close_code)
}

/// Money was booked.
pub fn posted(fact: &payments::PaymentPosted, amount: Money, on: Date, over: Money) -> String {
    let reference = &fact.received_reference;
    let what = match fact.received_by() {
        payments::ReceivedBy::Client => {
            format!("direct payment of {amount} reported by the client")
        }
        payments::ReceivedBy::Agency | payments::ReceivedBy::Unspecified => {
            format!("payment of {amount} received")
        }
    };
    let over = if over.is_zero() { String::new() } else { format!(", {over} above the balance") };
    format!("{what}, paid on {on}, reference {reference}{over}")
}

/// It counts as collected.
pub fn released(fact: &payments::PaymentReleased, amount: Money, commission: Money) -> String {
    let what = match fact.received_by() {
        payments::ReceivedBy::Client => "direct payment",
        payments::ReceivedBy::Agency | payments::ReceivedBy::Unspecified => "payment",
    };
    format!("{what} of {amount} counts as collected, commission {commission}")
}

/// It was taken back.
pub fn reversed(fact: &payments::PaymentReversed, amount: Money) -> String {
    let why = match fact.reason() {
        payments::ReversalReason::Nsf => "not enough funds",
        payments::ReversalReason::Unauthorized => "not authorised",
        payments::ReversalReason::Chargeback => "charged back",
        payments::ReversalReason::PostedInError => "posted in error",
        payments::ReversalReason::Other | payments::ReversalReason::Unspecified => "other reason",
    };
    let when = if fact.was_released { "after" } else { "before" };
    format!("payment of {amount} reversed {when} its release: {why}")
}

/// Released money has paid the balance.
pub const SETTLED: &str = "balance paid with released money";

#[cfg(test)]
mod tests {
    use duly_domain::Currency;

    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    #[test]
    fn a_placement_names_amount_items_and_opening() {
        assert_eq!(placed(1, usd(123_456), 0), "claim of 1234.56 USD placed");
        assert_eq!(placed(1, usd(100), 1), "claim of 1.00 USD with 1 item placed");
        assert_eq!(
            placed(2, usd(100), 3),
            "claim of 1.00 USD with 3 items placed again, opening 2"
        );
    }

    #[test]
    fn a_payment_names_who_got_it_and_what_was_too_much() {
        let mut fact =
            payments::PaymentPosted { received_reference: "R1".into(), ..Default::default() };
        fact.set_received_by(payments::ReceivedBy::Agency);
        let on = Date::from_ymd_opt(2026, 1, 5).expect("a day");
        assert_eq!(
            posted(&fact, usd(1_200), on, usd(200)),
            "payment of 12.00 USD received, paid on 2026-01-05, reference R1, 2.00 USD above the balance"
        );
        fact.set_received_by(payments::ReceivedBy::Client);
        assert_eq!(
            posted(&fact, usd(1_200), on, usd(0)),
            "direct payment of 12.00 USD reported by the client, paid on 2026-01-05, reference R1"
        );
    }

    #[test]
    fn a_reversal_names_its_time_and_reason() {
        let mut fact = payments::PaymentReversed { was_released: true, ..Default::default() };
        fact.set_reason(payments::ReversalReason::Nsf);
        assert_eq!(
            reversed(&fact, usd(500)),
            "payment of 5.00 USD reversed after its release: not enough funds"
        );
    }
}
