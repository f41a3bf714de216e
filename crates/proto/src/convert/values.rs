//! Money, dates, instants, ids, texts, sealed values.

use std::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use duly_domain::{AddressParts, Currency, Date, Id, Money, Sealed, id::IdKind};

use super::Misfit;
use crate::common::v1 as wire;

/// Longest text, in bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024;

/// An amount; missing is a misfit.
///
/// # Errors
/// Missing, or an unknown currency.
pub fn money(field: &str, money: Option<&wire::Money>) -> Result<Money, Misfit> {
    money_opt(field, money)?.ok_or_else(|| Misfit::missing(field))
}

/// An amount that may be missing.
///
/// # Errors
/// An unknown currency.
pub fn money_opt(field: &str, money: Option<&wire::Money>) -> Result<Option<Money>, Misfit> {
    money
        .map(|money| {
            let currency = Currency::from_str(&money.currency)
                .map_err(|e| Misfit::new(format!("{field}.currency"), e.to_string()))?;
            Ok(Money::new(money.minor, currency))
        })
        .transpose()
}

/// An amount on the wire.
#[must_use]
pub fn money_to_wire(money: Money) -> wire::Money {
    wire::Money { minor: money.minor(), currency: money.currency().code().to_owned() }
}

/// A legal date; missing is a misfit.
///
/// # Errors
/// Missing, or a day that does not exist.
pub fn date(field: &str, date: Option<&wire::Date>) -> Result<Date, Misfit> {
    date_opt(field, date)?.ok_or_else(|| Misfit::missing(field))
}

/// A legal date that may be missing.
///
/// # Errors
/// A day that does not exist.
pub fn date_opt(field: &str, date: Option<&wire::Date>) -> Result<Option<Date>, Misfit> {
    date.map(|date| {
        let (month, day) = (u32::try_from(date.month).ok(), u32::try_from(date.day).ok());
        month
            .zip(day)
            .and_then(|(month, day)| NaiveDate::from_ymd_opt(date.year, month, day))
            .ok_or_else(|| Misfit::new(field, "is no day of the calendar"))
    })
    .transpose()
}

/// A legal date on the wire.
#[must_use]
pub fn date_to_wire(date: Date) -> wire::Date {
    let small = |n: u32| i32::try_from(n).expect("months and days are below 32");
    wire::Date { year: date.year(), month: small(date.month()), day: small(date.day()) }
}

/// An instant on the wire.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).expect("nanoseconds fit an i32");
    prost_types::Timestamp { seconds: at.timestamp(), nanos }
}

/// An instant; missing is a misfit.
///
/// # Errors
/// Missing, or out of range.
pub fn instant(field: &str, at: Option<&prost_types::Timestamp>) -> Result<DateTime<Utc>, Misfit> {
    let at = at.ok_or_else(|| Misfit::missing(field))?;
    u32::try_from(at.nanos)
        .ok()
        .and_then(|nanos| DateTime::from_timestamp(at.seconds, nanos))
        .ok_or_else(|| Misfit::new(field, "is out of range"))
}

/// A typed id; empty is a misfit.
///
/// # Errors
/// Empty, or not an id of this kind.
pub fn id<T: IdKind>(field: &str, id: &str) -> Result<Id<T>, Misfit> {
    id_opt(field, id)?.ok_or_else(|| Misfit::missing(field))
}

/// A typed id that may be empty.
///
/// # Errors
/// Not an id of this kind.
pub fn id_opt<T: IdKind>(field: &str, id: &str) -> Result<Option<Id<T>>, Misfit> {
    if id.is_empty() {
        return Ok(None);
    }
    Id::from_str(id).map(Some).map_err(|e| Misfit::new(field, e.to_string()))
}

/// A text within the limit, trimmed.
///
/// # Errors
/// Longer than 4 KiB, or with a NUL character, which Postgres cannot keep.
pub fn text(field: &str, text: &str) -> Result<String, Misfit> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Misfit::new(field, format!("is longer than {TEXT_BYTES_MAX} bytes")));
    }
    if text.contains('\0') {
        return Err(Misfit::new(field, "contains a NUL character"));
    }
    Ok(text.trim().to_owned())
}

/// A sealed value on the wire.
#[must_use]
pub fn sealed_to_wire(sealed: &Sealed) -> wire::Sealed {
    wire::Sealed {
        key_id: sealed.key_id.clone(),
        nonce: sealed.nonce.to_vec(),
        ciphertext: sealed.ciphertext.clone(),
        lookup: sealed.lookup.clone(),
    }
}

/// A sealed value that may be missing.
///
/// # Errors
/// A nonce of the wrong length.
pub fn sealed_opt(field: &str, sealed: Option<&wire::Sealed>) -> Result<Option<Sealed>, Misfit> {
    sealed
        .map(|sealed| {
            let nonce = sealed
                .nonce
                .as_slice()
                .try_into()
                .map_err(|_| Misfit::new(field, "has a nonce of the wrong length"))?;
            Ok(Sealed {
                key_id: sealed.key_id.clone(),
                nonce,
                ciphertext: sealed.ciphertext.clone(),
                lookup: sealed.lookup.clone(),
            })
        })
        .transpose()
}

/// An address as it stands in a message.
pub trait AddressField {
    /// Its parts, not yet checked.
    fn parts(&self) -> AddressParts;
}

impl AddressField for wire::Address {
    fn parts(&self) -> AddressParts {
        AddressParts {
            lines: self.lines.clone(),
            city: self.city.clone(),
            region: self.region.clone(),
            postal_code: self.postal_code.clone(),
            country: self.country.clone(),
        }
    }
}
