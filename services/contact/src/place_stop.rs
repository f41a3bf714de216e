//! Placing stops. One stands before its command returns: it is written under the lock on the person that
//! the release tick takes before it reads.

use std::str::FromStr as _;

use duly_domain::{AccountId, Channel, Email, PartyId, Phone, StopKind};
use duly_platform::{Principal, Tx};
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    affected,
    error::{ContactError, Result},
    look_up,
    store::{
        person,
        stop::{self, Stop},
    },
    wire as to_wire,
};

/// A stop to place.
pub(crate) struct PlaceStop {
    source: &'static str,
    kind: StopKind,
    party: PartyId,
    account: Option<AccountId>,
    channel: Option<Channel>,
    address: Option<String>,
    evidence: String,
}

impl PlaceStop {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::PlaceStopRequest) -> Result<Self> {
        let kind = StopKind::try_from(request.kind())?;
        let channel = match request.channel() {
            duly_proto::common::v1::Channel::Unspecified => None,
            channel => Some(Channel::try_from(channel)?),
        };
        let address = convert::text("address", &request.address)?;
        if kind != StopKind::OptOut && (channel.is_some() || !address.is_empty()) {
            let reason = "only an opt-out names a channel or an address; other stops hold for all";
            return Err(ContactError::field("channel", reason));
        }
        let address = match address.as_str() {
            "" => None,
            text => Some(parse_address(channel, text)?),
        };
        Ok(Self {
            source: who.role.as_str(),
            kind,
            party: convert::id("party_id", &request.party_id)?,
            account: convert::id_opt("account_id", &request.account_id)?,
            channel,
            address,
            evidence: convert::text("evidence", &request.evidence)?,
        })
    }
}

/// A number or address as it is kept among the points.
fn parse_address(channel: Option<Channel>, text: &str) -> Result<String> {
    let wrong = |reason: &str| ContactError::field("address", reason);
    match channel {
        Some(Channel::Mail) => {
            Err(wrong("is not taken for post: an opt-out of post holds for all"))
        }
        Some(Channel::Call | Channel::Text) => {
            let phone = Phone::from_str(text).map_err(|e| wrong(&e.to_string()))?;
            Ok(phone.as_str().to_owned())
        }
        Some(Channel::Email) => {
            let email = Email::from_str(text).map_err(|e| wrong(&e.to_string()))?;
            Ok(email.as_str().to_lowercase())
        }
        None => Phone::from_str(text)
            .map(|phone| phone.as_str().to_owned())
            .or_else(|_| Email::from_str(text).map(|email| email.as_str().to_lowercase()))
            .map_err(|_| wrong("is neither a telephone number nor an e-mail address")),
    }
}

/// Places it.
pub(crate) async fn place_stop(
    tx: &mut Tx,
    command: &PlaceStop,
) -> Result<wire::PlaceStopResponse> {
    if let Some(account) = command.account {
        let standing = look_up::account(tx, account).await?;
        look_up::liable(&standing, command.party)?;
    }
    let party = command.party.uuid();
    let Some(client) = person::client_of(tx.conn(), party).await? else {
        return Err(ContactError::unknown("party", command.party));
    };
    affected::lock_parties(tx, &[party]).await?;
    let stated_at = match command.account {
        Some(account) => account.uuid(),
        // A party is a debtor as one placement states it.
        None => person::account_of(tx.conn(), party)
            .await?
            .ok_or_else(|| ContactError::unknown("party", command.party))?,
    };
    let stop = Stop {
        id: tx.uuid(),
        client,
        party,
        account: command.account.map(AccountId::uuid),
        stated_at,
        kind: command.kind,
        channel: command.channel,
        address: command.address.clone(),
        placed_at: tx.now(),
        source: command.source.to_owned(),
        evidence: command.evidence.clone(),
        lifted_at: None,
        lift_reason: None,
    };
    let answer = to_wire::stop(&stop);
    tx.about(&answer.stop_id);
    place(tx, &[stop]).await?;
    Ok(wire::PlaceStopResponse { stop: Some(answer) })
}

/// Places stops of parties whose persons are locked.
pub(crate) async fn place(tx: &mut Tx, stops: &[Stop]) -> Result<()> {
    if stops.is_empty() {
        return Ok(());
    }
    stop::insert(tx.conn(), stops).await?;
    for stop in stops {
        to_wire::tell_stop_placed(tx, stop);
    }
    let parties: Vec<uuid::Uuid> = stops.iter().map(|stop| stop.party).collect();
    affected::parties(tx, &parties).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_points_are() {
        let parse = |channel, text| parse_address(channel, text).ok();
        assert_eq!(parse(Some(Channel::Call), "(617) 555-0123").unwrap(), "+16175550123");
        assert_eq!(parse(Some(Channel::Email), "Ann@Example.COM").unwrap(), "ann@example.com");
        assert_eq!(parse(None, "617-555-0123").unwrap(), "+16175550123");
        assert_eq!(parse(None, "Ann@example.com").unwrap(), "ann@example.com");
        assert_eq!(parse(Some(Channel::Call), "ann@example.com"), None);
        assert_eq!(parse(Some(Channel::Mail), "1 Main St"), None);
        assert_eq!(parse(None, "the big house"), None);
    }
}
