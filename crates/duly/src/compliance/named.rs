//! What the user names: an account, one of its parties, a channel, a time.

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use duly_domain::{PartyId, Zone};
use duly_proto::{
    common::v1::Channel,
    intake::v1::{Account, LiableParty},
};

use crate::{
    door::Door,
    explain::{self, words::plain},
};

/// An account and who owes it.
pub struct Named {
    /// As intake has it.
    pub account: Account,
    /// How its client calls itself.
    pub client_ref: String,
}

impl Named {
    /// The account of this id or these references.
    ///
    /// # Errors
    /// Not a name of one, or the service's refusal.
    pub async fn find(door: &Door, named: &str) -> Result<Self> {
        let account = explain::find(door, named).await?;
        let client_ref = explain::client_ref(door, &account.client_id).await?;
        Ok(Self { account, client_ref })
    }

    /// `ACME/A-1`.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.client_ref, self.account.client_account_ref)
    }

    /// The party of this id, place or role.
    ///
    /// # Errors
    /// None or several that fit: in words that list those there are.
    pub fn party(&self, named: &str) -> Result<&LiableParty> {
        let parties = &self.account.liable_parties;
        let fitting: Vec<&LiableParty> = if named.parse::<PartyId>().is_ok() {
            parties.iter().filter(|party| party.party_id == named).collect()
        } else if let Ok(place) = named.parse::<usize>() {
            place.checked_sub(1).and_then(|at| parties.get(at)).into_iter().collect()
        } else {
            parties.iter().filter(|party| role(party) == plain(named)).collect()
        };
        match fitting.as_slice() {
            [party] => Ok(*party),
            several => {
                let which = if several.is_empty() { "none" } else { "several" };
                let listed: Vec<String> = (1..)
                    .zip(parties)
                    .map(|(place, party)| format!("{place}  {}  {}", role(party), party.party_id))
                    .collect();
                bail!(
                    "`{named}` is {which} of the parties who owe {}: write a number, a role or an id of\n  {}",
                    self.reference(),
                    listed.join("\n  ")
                )
            }
        }
    }
}

/// `principal`, `guarantor`.
pub fn role(party: &LiableParty) -> String {
    duly_domain::PartyRole::try_from(party.role())
        .map_or_else(|_| "party".to_owned(), |role| plain(role.as_str()))
}

/// A way to reach a person, as an option takes it.
///
/// # Errors
/// Another word, in words that list those there are.
pub fn channel(text: &str) -> Result<Channel, String> {
    let channel = match text {
        "call" => Channel::Call,
        "text" => Channel::Text,
        "email" | "e-mail" => Channel::Email,
        "mail" | "post" | "letter" => Channel::Mail,
        _ => return Err("write call, text, email or mail".to_owned()),
    };
    Ok(channel)
}

/// A time as the user writes it: with an offset, or local to the agency.
///
/// # Errors
/// Another form, or a time that the clocks skip on that day.
pub fn time(text: &str, zone: Zone) -> Result<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let form = "write YYYY-MM-DDTHH:MM in the agency's zone, such as 2026-01-15T09:30, or with an offset, such \
                as 2026-01-15T09:30:00-05:00";
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| crate::cli::day(text).ok()?.and_hms_opt(0, 0, 0))
        .with_context(|| format!("`{text}` is no time: {form}"))?;
    let tz: Tz = zone.name().parse().unwrap_or(Tz::UTC);
    match tz.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(at.to_utc()),
        LocalResult::None => {
            bail!("the clocks of {zone} skip {text}: write an hour later, or a time with an offset")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        "America/New_York".parse().unwrap()
    }

    #[test]
    fn a_time_is_the_agencys_unless_it_has_an_offset() {
        let at = |text: &str| time(text, zone()).unwrap().to_rfc3339();
        assert_eq!(at("2026-01-15T09:30"), "2026-01-15T14:30:00+00:00");
        assert_eq!(at("2026-07-15 09:30"), "2026-07-15T13:30:00+00:00");
        assert_eq!(at("2026-01-15"), "2026-01-15T05:00:00+00:00");
        assert_eq!(at("2026-01-15T09:30:00-08:00"), "2026-01-15T17:30:00+00:00");
        // Of an hour that comes twice, the first.
        assert_eq!(at("2026-11-01T01:30"), "2026-11-01T05:30:00+00:00");
    }

    #[test]
    fn what_is_no_time_is_refused_with_the_form() {
        for wrong in ["", "noon", "2026-02-30T10:00", "15.1.2026"] {
            let said = time(wrong, zone()).unwrap_err().to_string();
            assert!(said.contains("write YYYY-MM-DDTHH:MM"), "{said}");
        }
        let said = time("2026-03-08T02:30", zone()).unwrap_err().to_string();
        assert!(said.contains("skip 2026-03-08T02:30"), "{said}");
    }

    #[test]
    fn a_party_is_named_by_place_role_or_id() {
        use duly_proto::intake::v1::PartyRole;
        let party = |no: u8, role: PartyRole| LiableParty {
            party_id: format!("prty_0000000000000000000000000000000{no}"),
            role: role.into(),
            ..LiableParty::default()
        };
        let account = Account {
            client_account_ref: "A-1".to_owned(),
            liable_parties: vec![
                party(1, PartyRole::Principal),
                party(2, PartyRole::PersonalGuarantor),
                party(3, PartyRole::PersonalGuarantor),
            ],
            ..Account::default()
        };
        let named = Named { account, client_ref: "ACME".to_owned() };
        let id = |text: &str| named.party(text).unwrap().party_id.clone();
        assert_eq!(id("1"), id("principal"));
        assert_eq!(id("2"), id("prty_00000000000000000000000000000002"));
        for wrong in
            ["0", "4", "debtor", "prty_00000000000000000000000000000009", "personal guarantor"]
        {
            let said = named.party(wrong).err().unwrap().to_string();
            assert!(said.contains("ACME/A-1") && said.contains("2  personal guarantor"), "{said}");
        }
    }
}
