//! Numbers and addresses that somebody told us. A point that was known as bad is good again: a person
//! says so.

use std::str::FromStr as _;

use duly_compliance::{LineType, Place};
use duly_domain::{AccountId, Address, AddressParts, Email, PartyId, Phone, PointId};
use duly_platform::Tx;
use duly_proto::{
    contact::v1::{self as wire, add_point_request::Point},
    convert::{self, AddressField as _},
};

use crate::{
    codes::{Code as _, line_of_wire},
    error::{ContactError, Result},
    link::{self, Heard},
    look_up, note_obligations, record_inbound,
    store::{
        attempt,
        point::{self, Kind, NewPoint, one_line},
    },
};

/// Longest source, in bytes.
const SOURCE_BYTES_MAX: usize = 64;

/// Who told it, from the best known on.
const RANKS: [(&str, i32); 2] = [("debtor", 0), ("client", 1)];
/// Anybody else.
const RANK_OTHER: i32 = 5;

/// A point to add.
pub(crate) struct AddPoint {
    account: AccountId,
    party: PartyId,
    kind: Kind,
    value: String,
    address: Option<AddressParts>,
    source: String,
    place: Option<Place>,
    line: LineType,
    of_employer: Option<bool>,
}

impl TryFrom<wire::AddPointRequest> for AddPoint {
    type Error = ContactError;

    fn try_from(request: wire::AddPointRequest) -> Result<Self> {
        let source = convert::text("source", &request.source)?;
        if source.is_empty() || source.len() > SOURCE_BYTES_MAX {
            let reason = "says in 1 to 64 bytes where the point comes from: debtor, client";
            return Err(ContactError::field("source", reason));
        }
        let (kind, value, address) = match &request.point {
            None => return Err(ContactError::field("point", "is missing")),
            Some(Point::Phone(text)) => {
                let phone = Phone::from_str(text)
                    .map_err(|e| ContactError::field("phone", e.to_string()))?;
                (Kind::Phone, phone.as_str().to_owned(), None)
            }
            Some(Point::Email(text)) => {
                let email = Email::from_str(text)
                    .map_err(|e| ContactError::field("email", e.to_string()))?;
                (Kind::Email, email.as_str().to_lowercase(), None)
            }
            Some(Point::Address(address)) => {
                let parts = address.parts();
                Address::try_from(parts.clone())
                    .map_err(|e| ContactError::field("address", e.to_string()))?;
                (Kind::Address, one_line(&parts), Some(parts))
            }
        };
        if kind != Kind::Phone && request.line() != wire::LineType::Unspecified {
            return Err(ContactError::field("line", "is of telephone numbers only"));
        }
        if kind != Kind::Email && request.of_employer.is_some() {
            return Err(ContactError::field("of_employer", "is of e-mail addresses only"));
        }
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            kind,
            value,
            address,
            source,
            place: Place::of_wire(request.place()),
            line: line_of_wire(request.line()),
            of_employer: request.of_employer,
        })
    }
}

/// Adds it.
pub(crate) async fn add_point(tx: &mut Tx, command: &AddPoint) -> Result<wire::AddPointResponse> {
    let standing = look_up::account(tx, command.account).await?;
    look_up::liable(&standing, command.party)?;
    let party = command.party.uuid();
    let mut heard = Heard::new(party, standing.client);
    match command.kind {
        Kind::Phone => heard.phones.push(command.value.clone()),
        Kind::Email => heard.emails.push(command.value.clone()),
        Kind::Address => {}
    }
    // Another address may be in another state, whose duties then reach the person.
    note_obligations::look_again(tx, &[party]).await?;
    link::join(tx, &[heard]).await?;
    let rank = RANKS.iter().find(|(source, _)| *source == command.source);
    let new = NewPoint {
        id: tx.uuid(),
        party,
        client: standing.client,
        account: command.account.uuid(),
        kind: command.kind,
        value: command.value.clone(),
        address: command.address.clone(),
        provenance: command.source.clone(),
        rank: rank.map_or(RANK_OTHER, |(_, rank)| *rank),
    };
    let (now, at) = (tx.now(), tx.next_tick());
    point::keep(tx.conn(), std::slice::from_ref(&new), now).await?;
    point::revive(tx.conn(), party, command.kind, &command.value).await?;
    let id = point::find(tx.conn(), party, command.kind, &command.value).await?;
    let id = PointId::from_uuid(id.ok_or(ContactError::NotFound("point"))?);
    let AddPoint { place, line, of_employer, .. } = *command;
    point::describe(tx.conn(), id.uuid(), place, line, of_employer).await?;
    record_inbound::catch_up(tx, &[new]).await?;
    // Another address may be another zone: what is planned is looked at again.
    let planned = attempt::review_parties(tx.conn(), &[party]).await?;
    tx.mark_due(crate::release::QUEUE, &planned, at).await?;
    tx.about(id);
    Ok(wire::AddPointResponse { point_id: id.to_string() })
}
