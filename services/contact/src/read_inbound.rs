//! Somebody reads what came in and says what it is. What that means by law stands in the same
//! transaction, so that nothing slips between the reading and the stop or the dispute.

use duly_compliance::{EventKind, Medium};
use duly_domain::{AccountId, DisputeId, DisputeReason, InboundId, StopId, StopKind};
use duly_platform::{Principal, Tx};
use duly_proto::{contact::v1 as wire, convert};
use uuid::Uuid;

use crate::{
    affected,
    codes::{Code as _, Form, InboundClass},
    error::{ContactError, Result},
    look_up, open_dispute, place_stop,
    record_inbound::{channel, opt_out_of},
    store::{
        dated_fact::{self, DatedFact},
        dispute::Dispute,
        inbound::{self, Inbound, Sender},
        note::{self, Note},
        person,
        point::{self, Bad, Kind},
        stop::Stop,
    },
    wire as to_wire,
};

/// What the cease of one letter says on the debts of other clients: nothing of what it wrote here.
const CEASE_IN_GENERAL: &str = "asked in general that contact cease";

/// What was read.
pub(crate) struct ReadInbound {
    source: &'static str,
    inbound: InboundId,
    class: InboundClass,
    account: Option<AccountId>,
    note: String,
}

impl ReadInbound {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::ReadInboundRequest) -> Result<Self> {
        Ok(Self {
            source: who.role.as_str(),
            inbound: convert::id("inbound_id", &request.inbound_id)?,
            class: InboundClass::required(request.class())?,
            account: convert::id_opt("account_id", &request.account_id)?,
            note: convert::text("note", &request.note)?,
        })
    }
}

/// What the class placed or opened.
#[derive(Default)]
struct Done {
    stop: Option<Uuid>,
    dispute: Option<Uuid>,
}

/// Notes that it was read, and does what its class asks.
pub(crate) async fn read_inbound(
    tx: &mut Tx,
    command: &ReadInbound,
) -> Result<wire::ReadInboundResponse> {
    let id = command.inbound.uuid();
    let seen = inbound::get(tx.conn(), id).await?.ok_or(ContactError::NotFound("inbound"))?;
    let account = account(tx, command, &seen).await?;
    if let Some(account) = account {
        affected::lock_accounts(tx, &[account]).await?;
    }
    if let Some(sender) = seen.from {
        affected::lock_parties(tx, &[sender.party]).await?;
    }
    inbound::lock(tx.conn(), id).await?;
    // Read again under the locks: another may have read or matched it while we waited.
    let found = inbound::get(tx.conn(), id).await?;
    let mut found = found.ok_or(ContactError::NotFound("inbound"))?;
    if found.read_at.is_some() {
        return Err(ContactError::InboundRead);
    }
    if found.from != seen.from {
        return Err(ContactError::InboundMatched);
    }
    let done = act(tx, command, &found, account).await?;
    let now = tx.now();
    found.read_at = Some(now);
    found.read_by = Some(tx.actor().to_owned());
    found.class = Some(command.class);
    found.stop = done.stop.or(found.stop);
    inbound::update(tx.conn(), &found, now).await?;
    if !command.note.is_empty() {
        keep_note(tx, command, &found, account).await?;
    }
    tx.about(command.inbound);
    Ok(wire::ReadInboundResponse {
        inbound: Some(to_wire::inbound(&found)),
        stop_id: done.stop.map(|id| StopId::from_uuid(id).to_string()).unwrap_or_default(),
        dispute_id: done.dispute.map(|id| DisputeId::from_uuid(id).to_string()).unwrap_or_default(),
    })
}

/// The account that it is about, where that is known.
async fn account(tx: &mut Tx, command: &ReadInbound, seen: &Inbound) -> Result<Option<Uuid>> {
    let Some(account) = command.account else {
        return Ok(seen.from.and_then(|sender| sender.account));
    };
    let Some(sender) = seen.from else { return Err(ContactError::InboundUnmatched) };
    let standing = look_up::account(tx, account).await?;
    // Another party of the same person may be the one who owes it.
    let kin = person::with_kin(tx.conn(), &[sender.party]).await?;
    if !standing.parties.iter().any(|party| kin.contains(&party.id)) {
        let reason = "is none that the person who sent it owes";
        return Err(ContactError::field("account_id", reason));
    }
    Ok(Some(account.uuid()))
}

async fn act(
    tx: &mut Tx,
    command: &ReadInbound,
    found: &Inbound,
    account: Option<Uuid>,
) -> Result<Done> {
    let sender = || found.from.ok_or(ContactError::InboundUnmatched);
    match command.class {
        InboundClass::Question | InboundClass::Other => Ok(Done::default()),
        InboundClass::WrongPerson => wrong_person(tx, command, found).await,
        InboundClass::OptOut => {
            if channel(found.medium).is_none() {
                let reason = "is of calls, texts, e-mail and post; place another stop by PlaceStop";
                return Err(ContactError::field("class", reason));
            }
            let sender = sender()?;
            let stated_at = stated_at(tx, &sender).await?;
            let stop = opt_out_of(tx, found, &sender, stated_at, command.source);
            let id = stop.id;
            place_stop::place(tx, &[stop]).await?;
            Ok(Done { stop: Some(id), ..Done::default() })
        }
        InboundClass::Cease => {
            let sender = sender()?;
            cease(tx, command, found, &sender, account).await
        }
        InboundClass::Dispute => {
            sender()?;
            let missing = "is missing: name the account that is disputed";
            let account = account.ok_or_else(|| ContactError::field("account_id", missing))?;
            dispute(tx, found, account).await
        }
    }
}

async fn stated_at(tx: &mut Tx, sender: &Sender) -> Result<Uuid> {
    let account = person::account_of(tx.conn(), sender.party).await?;
    account.ok_or(ContactError::NotFound("party"))
}

/// Of one debt where it is named, else of every debt of the person, whoever placed it.
async fn cease(
    tx: &mut Tx,
    command: &ReadInbound,
    found: &Inbound,
    sender: &Sender,
    account: Option<Uuid>,
) -> Result<Done> {
    let kin = person::with_kin(tx.conn(), &[sender.party]).await?;
    let today = tx.today();
    let standing = match account {
        Some(account) => duly_standing::find(tx.conn(), account, today).await?,
        None => None,
    };
    let liable = |party: &Uuid| standing.as_ref().is_none_or(|one| one.party(*party).is_some());
    let mut stops = Vec::new();
    for party in kin.into_iter().filter(liable) {
        let Some(client) = person::client_of(tx.conn(), party).await? else { continue };
        let Some(stated_at) = person::account_of(tx.conn(), party).await? else { continue };
        let own = client == sender.client;
        stops.push(Stop {
            id: tx.uuid(),
            client,
            party,
            account,
            stated_at: account.unwrap_or(stated_at),
            kind: StopKind::Cease,
            channel: None,
            address: None,
            received_at: found.received_at,
            placed_at: tx.now(),
            placed_by: tx.actor().to_owned(),
            source: command.source.to_owned(),
            evidence: if own { found.text.clone() } else { CEASE_IN_GENERAL.to_owned() },
            lifted_at: None,
            lift_reason: None,
        });
    }
    let own = stops.iter().find(|stop| stop.party == sender.party).or(stops.first());
    let stop = own.map(|stop| stop.id);
    place_stop::place(tx, &stops).await?;
    Ok(Done { stop, ..Done::default() })
}

async fn dispute(tx: &mut Tx, found: &Inbound, account: Uuid) -> Result<Done> {
    let standing = look_up::account(tx, AccountId::from_uuid(account)).await?;
    let party = found.from.map(|sender| sender.party);
    let form = match found.medium {
        Medium::Call | Medium::Visit => Form::Oral,
        Medium::Text
        | Medium::Email
        | Medium::Mail
        | Medium::Portal
        | Medium::Social
        | Medium::SocialPublic => Form::Written,
    };
    let dispute = Dispute {
        id: tx.uuid(),
        client: standing.client,
        account,
        opening: standing.opening,
        party: party.filter(|party| standing.party(*party).is_some()),
        reason: DisputeReason::Other,
        item_numbers: Vec::new(),
        amount: None,
        opened_on: tx.today(),
        opened_at: tx.now(),
        form: Some(form),
        received_at: found.received_at,
        received_on: tx.host().zone().local_date(found.received_at),
        medium: Some(found.medium),
        duplicate_of: None,
        detail: found.text.clone(),
        pauses: open_dispute::pauses(&standing, &[], None),
        outcome: None,
        resolved_on: None,
        resolved_at: None,
        validation_end: None,
        verified_at: None,
    };
    let id = dispute.id;
    let owing: Vec<Uuid> = standing.parties.iter().map(|party| party.id).collect();
    open_dispute::open(tx, &[dispute], &owing).await?;
    Ok(Done { dispute: Some(id), ..Done::default() })
}

/// The number or address is not used again for the person who was known by it.
async fn wrong_person(tx: &mut Tx, command: &ReadInbound, found: &Inbound) -> Result<Done> {
    let (Some(sender), Some(value)) = (found.from, found.address.clone()) else {
        return Ok(Done::default());
    };
    let now = tx.now();
    let fact = DatedFact {
        id: tx.uuid(),
        client: sender.client,
        kind: EventKind::LearnedWrong,
        at: now,
        account: None,
        party: Some(sender.party),
        medium: Some(found.medium),
        address: Some(value.clone()),
        stated_on: None,
        chapter: None,
        source: command.source.to_owned(),
        source_id: Some(found.id),
        evidence: found.text.clone(),
        recorded_at: now,
    };
    dated_fact::insert(tx.conn(), &[fact]).await?;
    let parties = person::with_kin(tx.conn(), &[sender.party]).await?;
    let kind = if value.contains('@') { Kind::Email } else { Kind::Phone };
    let bad = Bad { parties: parties.clone(), kind, value, reason: "wrong_number" };
    point::mark_bad(tx.conn(), &[bad], now).await?;
    affected::parties(tx, &parties).await?;
    Ok(Done::default())
}

async fn keep_note(
    tx: &mut Tx,
    command: &ReadInbound,
    found: &Inbound,
    account: Option<Uuid>,
) -> Result<()> {
    let Some(account) = account.filter(|_| found.from.is_some()) else {
        let reason = "is kept with an account: name the account that it is about";
        return Err(ContactError::field("note", reason));
    };
    let standing = look_up::account(tx, AccountId::from_uuid(account)).await?;
    let note = Note {
        id: tx.uuid(),
        client: standing.client,
        account,
        text: command.note.clone(),
        author: tx.actor().to_owned(),
        written_at: tx.now(),
        visible_to_client: false,
    };
    note::insert(tx.conn(), &note).await?;
    Ok(())
}
