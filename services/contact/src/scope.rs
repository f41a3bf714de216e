//! What an instruction, a consent or a fact is about, as requests name it: a party, perhaps one account,
//! a medium and one number or address; and when it was received.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use duly_compliance::Medium;
use duly_domain::{AccountId, Email, PartyId, Phone};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};
use uuid::Uuid;

use crate::{
    affected,
    codes::Code as _,
    error::{ContactError, Result},
    look_up,
    store::person,
};

/// Whom and what it is about.
pub(crate) struct Scope {
    pub party: PartyId,
    /// `None`: every account of the party.
    pub account: Option<AccountId>,
    /// `None`: every medium.
    pub medium: Option<Medium>,
    /// `None`: every number and address.
    pub address: Option<String>,
}

/// Where a scope stands among what is known.
pub(crate) struct Located {
    pub client: Uuid,
    /// The account at which it was stated, whatever its scope.
    pub stated_at: Uuid,
}

impl Scope {
    /// The scope of a request's fields.
    pub(crate) fn parse(
        party: &str,
        account: &str,
        medium: wire::Medium,
        address: &str,
    ) -> Result<Self> {
        let medium = Medium::of_wire(medium);
        Ok(Self {
            party: convert::id("party_id", party)?,
            account: convert::id_opt("account_id", account)?,
            medium,
            address: address_opt(medium, address)?,
        })
    }

    /// Finds it and locks its person: nothing is decided about the person until the commit.
    pub(crate) async fn locate(&self, tx: &mut Tx) -> Result<Located> {
        if let Some(account) = self.account {
            let standing = look_up::account(tx, account).await?;
            look_up::liable(&standing, self.party)?;
        }
        let party = self.party.uuid();
        let unknown = || ContactError::unknown("party", self.party);
        let client = person::client_of(tx.conn(), party).await?.ok_or_else(unknown)?;
        affected::lock_parties(tx, &[party]).await?;
        let stated_at = match self.account {
            Some(account) => account.uuid(),
            // A party is a debtor as one placement states it.
            None => person::account_of(tx.conn(), party).await?.ok_or_else(unknown)?,
        };
        Ok(Located { client, stated_at })
    }

    /// The account's bare id.
    pub(crate) fn account(&self) -> Option<Uuid> {
        self.account.map(AccountId::uuid)
    }
}

/// A number or address as it is kept among the points; `None` where none is named.
pub(crate) fn address_opt(medium: Option<Medium>, text: &str) -> Result<Option<String>> {
    let text = convert::text("address", text)?;
    if text.is_empty() { Ok(None) } else { address(medium, &text).map(Some) }
}

/// A number or address of a medium as it is kept among the points.
pub(crate) fn address(medium: Option<Medium>, text: &str) -> Result<String> {
    let wrong = |reason: &str| ContactError::field("address", reason);
    match medium {
        Some(Medium::Call | Medium::Text) => phone(text).map_err(|reason| wrong(&reason)),
        Some(Medium::Email) => email(text).map_err(|reason| wrong(&reason)),
        None => phone(text)
            .or_else(|_| email(text))
            .map_err(|_| wrong("is neither a telephone number nor an e-mail address")),
        Some(
            Medium::Mail | Medium::Portal | Medium::Social | Medium::SocialPublic | Medium::Visit,
        ) => Err(wrong("is not taken for this medium: leave it empty, it holds for all of it")),
    }
}

fn phone(text: &str) -> std::result::Result<String, String> {
    Phone::from_str(text).map(|phone| phone.as_str().to_owned()).map_err(|e| e.to_string())
}

fn email(text: &str) -> std::result::Result<String, String> {
    Email::from_str(text).map(|email| email.as_str().to_lowercase()).map_err(|e| e.to_string())
}

/// When something was received, as far as a request says so.
pub(crate) struct Received {
    field: &'static str,
    at: Option<DateTime<Utc>>,
}

impl Received {
    /// The instant of a field that may be unset.
    pub(crate) fn parse(field: &'static str, at: Option<&prost_types::Timestamp>) -> Result<Self> {
        let at = at.map(|at| convert::instant(field, Some(at))).transpose()?;
        if at.is_some_and(|at| at < DateTime::UNIX_EPOCH) {
            return Err(ContactError::field(field, "is before 1970; say when it was received"));
        }
        Ok(Self { field, at })
    }

    /// That instant, by default now. What has not come yet was not received.
    pub(crate) fn by(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        match self.at {
            Some(at) if at > now => {
                let reason =
                    "lies in the future; say when it was received, or leave it unset for now";
                Err(ContactError::field(self.field, reason))
            }
            at => Ok(at.unwrap_or(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_points_are() {
        let parse = |medium, text| address(medium, text).ok();
        assert_eq!(parse(Some(Medium::Call), "(617) 555-0123").unwrap(), "+16175550123");
        assert_eq!(parse(Some(Medium::Email), "Ann@Example.COM").unwrap(), "ann@example.com");
        assert_eq!(parse(None, "617-555-0123").unwrap(), "+16175550123");
        assert_eq!(parse(None, "Ann@example.com").unwrap(), "ann@example.com");
        assert_eq!(parse(Some(Medium::Call), "ann@example.com"), None);
        assert_eq!(parse(Some(Medium::Mail), "1 Main St"), None);
        assert_eq!(parse(None, "the big house"), None);
    }

    #[test]
    fn nothing_is_received_before_it_came_or_before_our_time() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-01-05T15:00:00Z");
        let received = |text: &str| {
            let stamp = convert::timestamp(at(text));
            Received::parse("received_at", Some(&stamp)).and_then(|received| received.by(now))
        };
        assert_eq!(received("2026-01-05T14:00:00Z").unwrap(), at("2026-01-05T14:00:00Z"));
        assert!(received("2026-01-05T15:00:01Z").is_err());
        assert!(received("1969-12-31T23:59:59Z").is_err());
        assert_eq!(Received::parse("received_at", None).unwrap().by(now).unwrap(), now);
    }
}
