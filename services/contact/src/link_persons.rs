//! Merging and splitting persons by hand, where the keys that parties share say too little or too much.
//! Under the locks on all persons concerned, in the order of their ids. What was tried and told stays with
//! the parties, so limits are counted anew from the rows: of all parties together after a merge, of each
//! person's own after a split.

use duly_domain::PartyId;
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};
use uuid::Uuid;

use crate::{
    affected,
    error::{ContactError, Result},
    store::person::{self, Change},
};

/// Two parties that are one person.
pub(crate) struct LinkPersons {
    party: PartyId,
    other: PartyId,
    reason: String,
}

impl TryFrom<wire::LinkPersonsRequest> for LinkPersons {
    type Error = ContactError;

    fn try_from(request: wire::LinkPersonsRequest) -> Result<Self> {
        let party = convert::id("party_id", &request.party_id)?;
        let other = convert::id("other_party_id", &request.other_party_id)?;
        if party == other {
            return Err(ContactError::field("other_party_id", "is the same party"));
        }
        Ok(Self { party, other, reason: reason(&request.reason)? })
    }
}

fn reason(text: &str) -> Result<String> {
    let reason = convert::text("reason", text)?;
    if reason.is_empty() {
        let missing = "is missing; say how it is known, it changes what may be done to somebody";
        return Err(ContactError::field("reason", missing));
    }
    Ok(reason)
}

/// Makes them one. What stands against one stands against both from the answer on.
pub(crate) async fn link_persons(
    tx: &mut Tx,
    command: &LinkPersons,
) -> Result<wire::LinkPersonsResponse> {
    let (party, other) = (command.party.uuid(), command.other.uuid());
    affected::lock_parties(tx, &[party, other]).await?;
    let who = person::of_parties(tx.conn(), &[party, other]).await?;
    let person = |id: PartyId| {
        who.get(&id.uuid()).copied().ok_or_else(|| ContactError::unknown("party", id))
    };
    let (one, two) = (person(command.party)?, person(command.other)?);
    tx.about(command.party);
    if one == two {
        return Ok(wire::LinkPersonsResponse { changed: false });
    }
    // Of two that are one, the lesser id stays, as where keys link them.
    let (winner, loser) = (one.min(two), one.max(two));
    person::merge(tx.conn(), &[(loser, winner)]).await?;
    keep(tx, "linked", party, Some(other), &command.reason).await?;
    affected::parties(tx, &[party, other]).await?;
    Ok(wire::LinkPersonsResponse { changed: true })
}

/// A party that is somebody else.
pub(crate) struct UnlinkParty {
    party: PartyId,
    reason: String,
}

impl TryFrom<wire::UnlinkPartyRequest> for UnlinkParty {
    type Error = ContactError;

    fn try_from(request: wire::UnlinkPartyRequest) -> Result<Self> {
        Ok(Self {
            party: convert::id("party_id", &request.party_id)?,
            reason: reason(&request.reason)?,
        })
    }
}

/// Makes it a person of its own. The keys that it shares link it no more, whoever else is heard of with
/// them; the others stay one person, even where they hung together only through it.
pub(crate) async fn unlink_party(
    tx: &mut Tx,
    command: &UnlinkParty,
) -> Result<wire::UnlinkPartyResponse> {
    let party = command.party.uuid();
    // Its keys first, as whoever hears of them does: nobody links it by one of them meanwhile.
    let keys = person::keys_of(tx.conn(), party).await?;
    let schema = tx.host().schema().to_owned();
    person::lock_keys(tx.conn(), &schema, &keys).await?;
    affected::lock_parties(tx, &[party]).await?;
    let kin = person::with_kin(tx.conn(), &[party]).await?;
    let who = person::of_parties(tx.conn(), &[party]).await?;
    if !who.contains_key(&party) {
        return Err(ContactError::unknown("party", command.party));
    }
    tx.about(command.party);
    let others: Vec<Uuid> = kin.into_iter().filter(|one| *one != party).collect();
    if others.is_empty() {
        return Ok(wire::UnlinkPartyResponse { changed: false });
    }
    let own = tx.uuid();
    person::insert(tx.conn(), &[own]).await?;
    person::set_apart(tx.conn(), party, own).await?;
    keep(tx, "unlinked", party, None, &command.reason).await?;
    // On both sides plans are judged by other facts now.
    let mut all = others;
    all.push(party);
    affected::parties(tx, &all).await?;
    Ok(wire::UnlinkPartyResponse { changed: true })
}

async fn keep(
    tx: &mut Tx,
    kind: &'static str,
    party: Uuid,
    other: Option<Uuid>,
    reason: &str,
) -> Result<()> {
    let change = Change {
        id: tx.uuid(),
        kind,
        party,
        other,
        reason: reason.to_owned(),
        by: tx.actor().to_owned(),
        at: tx.now(),
    };
    person::keep_change(tx.conn(), &change).await?;
    Ok(())
}
