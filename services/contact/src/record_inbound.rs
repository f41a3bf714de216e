//! What comes in is kept the same moment: matched to the person who is known by its number or address, or
//! put in the queue of what nobody is known to have sent. Words to stop place their opt-out and a bounce
//! closes its address before the answer; anything else holds contact until somebody has read it.

use std::collections::BTreeSet;

use duly_compliance::{EventKind, Medium, revocation::is_revocation};
use duly_domain::{AccountId, Channel, InboundId, PartyId, StopKind};
use duly_platform::{Principal, Tx};
use duly_proto::{contact::v1 as wire, convert};
use uuid::Uuid;

use crate::{
    affected,
    codes::{Code as _, InboundClass},
    error::{ContactError, Result},
    link, place_stop,
    scope::{self, Received, Scope},
    store::{
        dated_fact::{self, DatedFact},
        inbound::{self, Inbound, Sender},
        person::{self, Owner},
        point::{self, Bad, Kind, NewPoint},
        stop::{self, Stop},
    },
    wire as to_wire,
};

/// Longest number or address, in bytes.
const ADDRESS_BYTES_MAX: usize = 320;

/// What came in.
pub(crate) struct RecordInbound {
    source: &'static str,
    medium: Medium,
    address: Option<String>,
    text: String,
    received: Received,
    bounced: bool,
    conversation: bool,
    party: Option<PartyId>,
    account: Option<AccountId>,
}

impl RecordInbound {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::RecordInboundRequest) -> Result<Self> {
        let medium = Medium::required(request.medium())?;
        let party = convert::id_opt("party_id", &request.party_id)?;
        let account = convert::id_opt("account_id", &request.account_id)?;
        let wrong = |field, reason| Err(ContactError::field(field, reason));
        if account.is_some() && party.is_none() {
            return wrong("party_id", "is missing: the account is named as one that a party owes");
        }
        if request.conversation && (medium != Medium::Call || account.is_none()) {
            return wrong(
                "conversation",
                "is of a call about an account: name the medium call, the party and the account",
            );
        }
        let address = from(medium, &request.from)?;
        if request.bounced {
            let sent = matches!(medium, Medium::Text | Medium::Email);
            if !sent {
                return wrong("bounced", "is of texts and e-mails; for post use RecordReturned");
            }
            if request.conversation || address.is_none() {
                return wrong("from", "is missing: a bounce names the address that it was sent to");
            }
        }
        Ok(Self {
            source: who.role.as_str(),
            medium,
            address,
            text: convert::text("text", &request.text)?,
            received: Received::parse("received_at", request.received_at.as_ref())?,
            bounced: request.bounced,
            conversation: request.conversation,
            party,
            account,
        })
    }
}

/// The number or address as points are kept, where it is one; else as it is written: a withheld number
/// or a short code is no reason to lose what came.
fn from(medium: Medium, text: &str) -> Result<Option<String>> {
    let text = convert::text("from", text)?;
    if text.len() > ADDRESS_BYTES_MAX {
        let reason = format!("is longer than {ADDRESS_BYTES_MAX} bytes");
        return Err(ContactError::field("from", reason));
    }
    if text.is_empty() {
        return Ok(None);
    }
    let named = match medium {
        Medium::Call | Medium::Text | Medium::Email => scope::address(Some(medium), &text),
        Medium::Mail | Medium::Portal | Medium::Social | Medium::SocialPublic | Medium::Visit => {
            scope::address(None, &text)
        }
    };
    Ok(Some(named.unwrap_or(text)))
}

/// Keeps it.
pub(crate) async fn record_inbound(
    tx: &mut Tx,
    command: &RecordInbound,
) -> Result<wire::RecordInboundResponse> {
    let now = tx.now();
    let received_at = command.received.by(now)?;
    let owners = match &command.address {
        Some(address) => owners(tx, address).await?,
        None => Vec::new(),
    };
    let sender = match command.party {
        Some(party) => {
            let (account, medium, address) = (command.account, None, None);
            let located = Scope { party, account, medium, address }.locate(tx).await?;
            let account = account.map(AccountId::uuid);
            Some(Sender { client: located.client, party: party.uuid(), account })
        }
        None => only_one(&owners),
    };
    let actor = tx.actor().to_owned();
    let stop_word = !command.bounced && asks_to_stop(command.medium, &command.text);
    // Whoever spoke on the phone knows what was said; what bounced says nothing.
    let read = command.bounced || command.conversation;
    let mut inbound = Inbound {
        id: tx.uuid(),
        from: sender,
        medium: command.medium,
        address: command.address.clone(),
        text: command.text.clone(),
        received_at,
        recorded_at: now,
        recorded_by: actor.clone(),
        bounced: command.bounced,
        conversation: command.conversation,
        stop_word,
        stop: None,
        read_at: read.then_some(now),
        read_by: read.then_some(actor),
        class: None,
        answered_by: None,
    };
    if stop_word {
        let senders = everyone(sender, &owners);
        opt_out(tx, &mut inbound, &senders, command.source).await?;
    }
    inbound::insert(tx.conn(), &inbound).await?;
    if command.bounced {
        bounce(tx, &inbound, &owners).await?;
    }
    if let Some(sender) = inbound.from {
        affected::parties(tx, &[sender.party]).await?;
    }
    tx.about(InboundId::from_uuid(inbound.id));
    Ok(wire::RecordInboundResponse { inbound: Some(to_wire::inbound(&inbound)) })
}

/// Whether all that a reply says is a word by which messages shall stop: 47 CFR 64.1200(a)(10). A reply in
/// which such a word only occurs is read by a person, and holds until then.
fn asks_to_stop(medium: Medium, text: &str) -> bool {
    matches!(medium, Medium::Text | Medium::Email) && is_revocation(text)
}

/// Who is known by a number or address, first by the clients' references, each person locked. Nobody else
/// can come to be known by it until the commit.
async fn owners(tx: &mut Tx, address: &str) -> Result<Vec<Owner>> {
    link::lock_address(tx, address).await?;
    let seen = person::owners(tx.conn(), address).await?;
    let parties: Vec<Uuid> = seen.iter().map(|owner| owner.party).collect();
    affected::lock_parties(tx, &parties).await?;
    // Read again under the locks: persons may have been merged or split while we waited.
    Ok(person::owners(tx.conn(), address).await?)
}

/// The sender, where one person alone is known by the address: its first party, and its account where it
/// owes no other.
fn only_one(owners: &[Owner]) -> Option<Sender> {
    let persons: BTreeSet<Uuid> = owners.iter().map(|owner| owner.person).collect();
    let first = owners.first().filter(|_| persons.len() == 1)?;
    Some(Sender { client: first.client, party: first.party, account: first.only_account })
}

/// The sender, else the first party of each person who may be it.
fn everyone(sender: Option<Sender>, owners: &[Owner]) -> Vec<Sender> {
    if let Some(sender) = sender {
        return vec![sender];
    }
    let mut persons = BTreeSet::new();
    let first = owners.iter().filter(|owner| persons.insert(owner.person));
    first.map(|one| Sender { client: one.client, party: one.party, account: None }).collect()
}

/// The channel on which a medium is answered.
pub(crate) fn channel(medium: Medium) -> Option<Channel> {
    match medium {
        Medium::Call => Some(Channel::Call),
        Medium::Text => Some(Channel::Text),
        Medium::Email => Some(Channel::Email),
        Medium::Mail => Some(Channel::Mail),
        Medium::Portal | Medium::Social | Medium::SocialPublic | Medium::Visit => None,
    }
}

/// An opt-out of its medium and of the number or address that it came from.
pub(crate) fn opt_out_of(
    tx: &mut Tx,
    inbound: &Inbound,
    sender: &Sender,
    stated_at: Uuid,
    source: &str,
) -> Stop {
    Stop {
        id: tx.uuid(),
        client: sender.client,
        party: sender.party,
        account: None,
        stated_at,
        kind: StopKind::OptOut,
        channel: channel(inbound.medium),
        address: inbound.address.clone().filter(|_| inbound.medium != Medium::Mail),
        received_at: inbound.received_at,
        placed_at: tx.now(),
        placed_by: tx.actor().to_owned(),
        source: source.to_owned(),
        evidence: inbound.text.clone(),
        lifted_at: None,
        lift_reason: None,
    }
}

/// Places the opt-out of words to stop for everyone who may have sent them, once each.
async fn opt_out(
    tx: &mut Tx,
    inbound: &mut Inbound,
    senders: &[Sender],
    source: &str,
) -> Result<()> {
    let parties: Vec<Uuid> = senders.iter().map(|sender| sender.party).collect();
    let kin = person::with_kin(tx.conn(), &parties).await?;
    let standing = stop::standing(tx.conn(), &kin).await?;
    let (wanted, address) = (channel(inbound.medium), inbound.address.clone());
    let mut stops = Vec::new();
    for sender in senders {
        let known = standing.iter().find(|stop| {
            stop.party == sender.party
                && stop.kind == StopKind::OptOut
                && stop.channel == wanted
                && stop.address == address
        });
        if let Some(known) = known {
            inbound.stop = Some(known.id);
            continue;
        }
        let Some(stated_at) = person::account_of(tx.conn(), sender.party).await? else { continue };
        let stop = opt_out_of(tx, inbound, sender, stated_at, source);
        inbound.stop = Some(stop.id);
        stops.push(stop);
    }
    if inbound.stop.is_some() {
        inbound.read_at = Some(tx.now());
        inbound.read_by = Some(tx.actor().to_owned());
        inbound.class = Some(InboundClass::OptOut);
    }
    place_stop::place(tx, &stops).await
}

/// The address is not used again for anybody who is known by it.
async fn bounce(tx: &mut Tx, inbound: &Inbound, owners: &[Owner]) -> Result<()> {
    let Some(value) = inbound.address.clone() else { return Ok(()) };
    let now = tx.now();
    let mut facts = Vec::new();
    for owner in owners {
        facts.push(DatedFact {
            id: tx.uuid(),
            client: owner.client,
            kind: EventKind::Undeliverable,
            at: inbound.received_at,
            account: None,
            party: Some(owner.party),
            medium: Some(inbound.medium),
            address: Some(value.clone()),
            stated_on: None,
            chapter: None,
            source: "inbound".to_owned(),
            source_id: None,
            evidence: "bounced".to_owned(),
            recorded_at: now,
        });
    }
    dated_fact::insert(tx.conn(), &facts).await?;
    let parties: Vec<Uuid> = owners.iter().map(|owner| owner.party).collect();
    let kind = if inbound.medium == Medium::Email { Kind::Email } else { Kind::Phone };
    let bad = Bad { parties: parties.clone(), kind, value, reason: "bounced" };
    point::mark_bad(tx.conn(), &[bad], now).await?;
    affected::parties(tx, &parties).await
}

/// These numbers and addresses became known: words to stop that came from them before stand now. Their
/// persons are locked.
pub(crate) async fn catch_up(tx: &mut Tx, points: &[NewPoint]) -> Result<()> {
    let addresses: BTreeSet<String> = points
        .iter()
        .filter(|point| point.kind != Kind::Address)
        .map(|point| point.value.clone())
        .collect();
    let addresses: Vec<String> = addresses.into_iter().collect();
    let now = tx.now();
    for mut inbound in inbound::stops_waiting(tx.conn(), &addresses).await? {
        let address = inbound.address.clone().unwrap_or_default();
        let owners = person::owners(tx.conn(), &address).await?;
        let sender = only_one(&owners);
        let senders = everyone(sender, &owners);
        opt_out(tx, &mut inbound, &senders, "inbound").await?;
        inbound.from = sender;
        inbound::update(tx.conn(), &inbound, now).await?;
    }
    Ok(())
}

/// What came in, to match to who sent it.
pub(crate) struct MatchInbound {
    inbound: InboundId,
    party: PartyId,
    account: Option<AccountId>,
    source: &'static str,
}

impl MatchInbound {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::MatchInboundRequest) -> Result<Self> {
        Ok(Self {
            inbound: convert::id("inbound_id", &request.inbound_id)?,
            party: convert::id("party_id", &request.party_id)?,
            account: convert::id_opt("account_id", &request.account_id)?,
            source: who.role.as_str(),
        })
    }
}

/// Matches it: from now on it is this person's, and what it says holds.
pub(crate) async fn match_inbound(
    tx: &mut Tx,
    command: &MatchInbound,
) -> Result<wire::MatchInboundResponse> {
    let (party, account) = (command.party, command.account);
    let located = Scope { party, account, medium: None, address: None }.locate(tx).await?;
    let id = command.inbound.uuid();
    inbound::lock(tx.conn(), id).await?;
    let found = inbound::get(tx.conn(), id).await?;
    let mut found = found.ok_or(ContactError::NotFound("inbound"))?;
    if found.from.is_some() {
        return Err(ContactError::InboundMatched);
    }
    let account = account.map(AccountId::uuid);
    let sender = Sender { client: located.client, party: party.uuid(), account };
    found.from = Some(sender);
    if found.stop_word && found.stop.is_none() {
        opt_out(tx, &mut found, &[sender], command.source).await?;
    }
    let now = tx.now();
    inbound::update(tx.conn(), &found, now).await?;
    affected::parties(tx, &[sender.party]).await?;
    tx.about(command.inbound);
    Ok(wire::MatchInboundResponse { inbound: Some(to_wire::inbound(&found)) })
}
