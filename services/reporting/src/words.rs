//! What a timeline says of each fact, in plain words. No ids, so that equal histories read the same, and
//! no personal data: neither names, numbers and addresses nor what a debtor said.

pub mod contact;
pub mod letters;
pub mod skiptrace;
pub mod workflow;

use duly_domain::{Date, Money};
use duly_proto::{common::v1 as common, intake::v1 as intake, payments::v1 as payments};

/// Most claim items that are named one by one.
const ITEMS_NAMED_MAX: usize = 5;

/// A code as words: `local_hours` reads `local hours`.
fn plain(code: &str) -> String {
    code.replace(['_', '.'], " ")
}

/// What goes over a channel.
fn channel(channel: common::Channel) -> &'static str {
    match channel {
        common::Channel::Call => "call",
        common::Channel::Text => "text message",
        common::Channel::Email => "e-mail",
        common::Channel::Mail => "letter by post",
        common::Channel::Unspecified => "contact",
    }
}

/// `1 page`, `2 pages`, `2 postal addresses`.
fn counted(count: i32, what: &str) -> String {
    let plural = match (count, what.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{count} {what}{plural}")
}

/// Claim items by number, or how many.
fn items(numbers: &[String]) -> String {
    match numbers {
        [one] => format!("item {one}"),
        few if few.len() <= ITEMS_NAMED_MAX => format!("items {}", few.join(", ")),
        many => format!("{} items", many.len()),
    }
}

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

/// The debtor promised.
pub fn promised(fact: &payments::PromiseMade, amount: Money, due_on: Date) -> String {
    let by = match fact.method() {
        payments::PaymentMethod::Cash => " in cash",
        payments::PaymentMethod::Cheque => " by cheque",
        payments::PaymentMethod::Ach => " by ACH",
        payments::PaymentMethod::Card => " by card",
        payments::PaymentMethod::Wire => " by wire",
        payments::PaymentMethod::Other | payments::PaymentMethod::Unspecified => "",
    };
    format!("{amount} promised{by} for {due_on}")
}

/// The promised money came.
pub const PROMISE_KEPT: &str = "promise kept";

/// It did not, or was taken back.
pub fn promise_broken(fact: &payments::PromiseBroken, paid: Option<Money>) -> String {
    match paid {
        _ if fact.cancelled => "promise cancelled".to_owned(),
        Some(paid) if paid.is_positive() => format!("promise broken: only {paid} came in time"),
        Some(_) | None => "promise broken: no money came".to_owned(),
    }
}

/// The client asks to wait.
pub fn hold_placed(fact: &intake::HoldPlaced, until: Option<Date>) -> String {
    let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
    match fact.reason.as_str() {
        "" => format!("held by the client{until}"),
        reason => format!("held by the client{until}: {reason}"),
    }
}

/// It may be worked again.
pub fn hold_lifted(fact: &intake::HoldLifted) -> String {
    match fact.reason.as_str() {
        "" => "hold lifted".to_owned(),
        reason => format!("hold lifted: {reason}"),
    }
}

/// The client answered a question. Never in its own words: they may name people.
pub fn answered(fact: &intake::ClientAnswered, credit: Option<Money>) -> String {
    let answer = match fact.answer() {
        intake::ClientAnswer::Credit => "all that is disputed is credited",
        intake::ClientAnswer::Stands => "the debt stands",
        intake::ClientAnswer::Part => "part is credited",
        intake::ClientAnswer::Unspecified => "without a decision",
    };
    let credit = credit.map(|credit| format!(", {credit}")).unwrap_or_default();
    format!("the client answered: {answer}{credit}")
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
    fn a_promise_says_what_became_of_it() {
        let fact = payments::PromiseMade {
            method: payments::PaymentMethod::Cheque.into(),
            ..Default::default()
        };
        let on = Date::from_ymd_opt(2026, 1, 20).expect("a day");
        assert_eq!(promised(&fact, usd(500), on), "5.00 USD promised by cheque for 2026-01-20");
        let mut fact = payments::PromiseBroken::default();
        assert_eq!(promise_broken(&fact, Some(usd(0))), "promise broken: no money came");
        let part = promise_broken(&fact, Some(usd(200)));
        assert_eq!(part, "promise broken: only 2.00 USD came in time");
        fact.cancelled = true;
        assert_eq!(promise_broken(&fact, Some(usd(200))), "promise cancelled");
    }

    #[test]
    fn an_answer_never_repeats_the_clients_words() {
        let mut fact = intake::ClientAnswered { text: "hunter2".into(), ..Default::default() };
        fact.set_answer(intake::ClientAnswer::Part);
        let words = answered(&fact, Some(usd(200)));
        assert_eq!(words, "the client answered: part is credited, 2.00 USD");
    }

    #[test]
    fn many_items_are_counted_and_few_are_named() {
        let numbers: Vec<String> = (1..=6).map(|n| format!("I-{n}")).collect();
        assert_eq!(items(&numbers[..1]), "item I-1");
        assert_eq!(items(&numbers[..2]), "items I-1, I-2");
        assert_eq!(items(&numbers), "6 items");
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
