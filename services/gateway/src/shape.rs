//! Shapes that many routes share: money, dates, pages, codes; and their way to and from the wire.
//!
//! Money is `{"amount": "123.45", "currency": "USD"}`: an exact decimal in a string, never a JSON
//! number, which most readers take for a binary fraction.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use duly_domain::{self as domain, Currency, DateFormat};
use duly_proto::{
    common::v1 as common,
    convert::{self, Misfit},
};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};

use crate::{fault::Fault, problem::Problem};

/// An exact amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// An exact decimal with at most as many decimals as the currency has; a sign where it is negative.
    #[schema(example = "123.45", pattern = r"^[+-]?[0-9]+(\.[0-9]+)?$")]
    pub amount: String,
    /// ISO 4217 alphabetic code.
    #[schema(example = "USD", pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

impl Money {
    /// The amount in the wire's whole minor units.
    ///
    /// # Errors
    /// The field at fault and its stable code, as a placement's answer has it.
    pub fn read(&self, field: &str) -> Result<common::Money, (Fault, &'static str)> {
        let fault = |part: &str, reason: String| Fault { field: format!("{field}.{part}"), reason };
        let currency: Currency = self.currency.parse().map_err(|e: domain::UnknownCurrency| {
            (fault("currency", e.to_string()), "unknown_currency")
        })?;
        let money = domain::Money::parse(&self.amount, currency).map_err(|error| {
            let code = match error {
                domain::InvalidAmount::Malformed => "invalid_amount",
                domain::InvalidAmount::OverPrecise { .. } => "amount_too_precise",
                domain::InvalidAmount::TooLarge => "amount_too_large",
            };
            (fault("amount", error.to_string()), code)
        })?;
        Ok(convert::money_to_wire(money))
    }

    /// The same for a request that has to fit as a whole.
    ///
    /// # Errors
    /// The field at fault.
    pub fn parse(&self, field: &str) -> Result<common::Money, Problem> {
        self.read(field).map_err(|(fault, _)| Problem::invalid(vec![fault]))
    }
}

/// A service answered what cannot be shown: a fault of the agency's own.
#[derive(Debug, thiserror::Error)]
#[error("an answer does not fit: {0}")]
struct Unshowable(String);

/// An answer of a service that does not fit.
pub fn unshowable(what: impl fmt::Display) -> Problem {
    Problem::internal(Unshowable(what.to_string()))
}

/// An amount of an answer that may be missing.
pub fn money_opt(money: Option<&common::Money>) -> Result<Option<Money>, Problem> {
    let money = convert::money_opt("money", money).map_err(unshowable)?;
    Ok(money.map(|money| Money {
        amount: money.amount(),
        currency: money.currency().code().to_owned(),
    }))
}

/// An amount of an answer.
pub fn money(money: Option<&common::Money>) -> Result<Money, Problem> {
    money_opt(money)?.ok_or_else(|| unshowable("money is missing"))
}

/// A date of an answer that may be missing.
pub fn date_opt(date: Option<&common::Date>) -> Result<Option<NaiveDate>, Problem> {
    convert::date_opt("date", date).map_err(unshowable)
}

/// A date of an answer.
pub fn date(date: Option<&common::Date>) -> Result<NaiveDate, Problem> {
    date_opt(date)?.ok_or_else(|| unshowable("a date is missing"))
}

/// An instant of an answer.
pub fn instant(at: Option<&prost_types::Timestamp>) -> Result<DateTime<Utc>, Problem> {
    convert::instant("instant", at).map_err(unshowable)
}

/// A legal date that a caller wrote.
pub fn parse_date(field: &str, text: &str) -> Result<common::Date, Fault> {
    let date = domain::parse_date(text, &DateFormat::iso());
    let date = date.map_err(|e| Fault { field: field.to_owned(), reason: e.to_string() })?;
    Ok(convert::date_to_wire(date))
}

/// A legal date that a caller may have written.
pub fn parse_date_opt(field: &str, text: Option<&str>) -> Result<Option<common::Date>, Problem> {
    let date = text.map(|text| parse_date(field, text)).transpose();
    date.map_err(|fault| Problem::invalid(vec![fault]))
}

/// A code of an answer's vocabulary.
pub fn code<T, W>(wire: W) -> Result<T, Problem>
where
    T: TryFrom<W, Error = Misfit>,
{
    T::try_from(wire).map_err(unshowable)
}

/// A text of an answer that is left out where it is empty.
pub fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct PageKeys {
    /// Rows of the page: 1 to 1000. 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    pub page_size: Option<i32>,
    /// `next_cursor` of the page before; leave it out for the first one.
    pub cursor: Option<String>,
}

/// The page on the wire.
pub fn page(
    page_size: Option<i32>,
    cursor: Option<String>,
) -> Result<common::PageRequest, Problem> {
    if page_size == Some(0) {
        return Err(Problem::field("page_size", "is not 1 to 1000"));
    }
    Ok(common::PageRequest {
        page_size: page_size.unwrap_or_default(),
        page_token: cursor.unwrap_or_default(),
    })
}

/// Where the next page begins; nothing on the last one.
pub fn next_cursor(page: Option<common::PageInfo>) -> Option<String> {
    page.and_then(|page| some(page.next_page_token))
}

macro_rules! codes {
    ($($name:ident: $term:ty),+ $(,)?) => {
        /// Schemas of closed vocabularies, each with all its codes.
        pub mod codes {
            use super::*;
            $(
                pub fn $name() -> Object {
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .enum_values(Some(<$term>::ALL.iter().map(|term| term.as_str())))
                        .build()
                }
            )+
        }
    };
}

codes! {
    ack_status: domain::AckStatus,
    answer: domain::ClientAnswer,
    channel: domain::Channel,
    claim_item_kind: domain::ClaimItemKind,
    claim_kind: domain::ClaimKind,
    creditor_kind: domain::CreditorKind,
    debt_class: domain::DebtClass,
    debtor_kind: domain::DebtorKind,
    known_fact_kind: domain::KnownFactKind,
    letter_state: domain::LetterState,
    lifecycle: domain::Lifecycle,
    party_role: domain::PartyRole,
    payment_method: domain::PaymentMethod,
    received_by: domain::ReceivedBy,
    service_kind: domain::ServiceKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(amount: &str, currency: &str) -> Result<i64, (String, &'static str)> {
        let money = Money { amount: amount.into(), currency: currency.into() };
        money.read("credit").map(|m| m.minor).map_err(|(fault, code)| (fault.field, code))
    }

    #[test]
    fn amounts_are_exact_decimals_of_their_currency() {
        assert_eq!(read("123.45", "USD"), Ok(12_345));
        assert_eq!(read("-5", "USD"), Ok(-500));
        assert_eq!(read("500", "JPY"), Ok(500));
        let fault = |field: &str, code| Err((field.to_owned(), code));
        assert_eq!(read("1.005", "USD"), fault("credit.amount", "amount_too_precise"));
        assert_eq!(read("1e3", "USD"), fault("credit.amount", "invalid_amount"));
        assert_eq!(read("1", "usd"), fault("credit.currency", "unknown_currency"));
    }

    #[test]
    fn an_amount_of_an_answer_is_written_in_full() {
        let wire = common::Money { minor: -5, currency: "USD".into() };
        let shown = money(Some(&wire)).unwrap();
        assert_eq!((shown.amount.as_str(), shown.currency.as_str()), ("-0.05", "USD"));
        assert_eq!(money_opt(None).unwrap(), None);
    }

    #[test]
    fn dates_are_iso() {
        assert!(parse_date("until_on", "2026-02-28").is_ok());
        for wrong in ["2026-02-30", "02/28/2026", "", "2026-2-8"] {
            assert_eq!(parse_date("until_on", wrong).unwrap_err().field, "until_on", "{wrong}");
        }
    }
}
