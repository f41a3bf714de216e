//! A collector's own call: the same decision as for a planned one, taken at once, under the same lock.

use std::str::FromStr as _;

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{Medium, Span};
use duly_domain::{AccountId, AttemptState, Channel, InboundId, PartyId, Phone, Verdict};
use duly_platform::Tx;
use duly_proto::{common::v1 as common, contact::v1 as wire, convert};
use duly_standing::Standing;

use crate::{
    error::{ContactError, Result},
    guard::{self, Ask},
    look_up, release,
    store::{
        attempt::{self, Attempt},
        decision, inbound, person,
        point::{self, Kind},
    },
    wire as to_wire,
};

/// How far ahead the next permitted time is looked for.
pub(crate) const AHEAD_DAYS: u16 = 30;

/// A call to propose.
pub(crate) struct ProposeCall {
    account: AccountId,
    party: PartyId,
    phone: Option<String>,
    answers: Option<InboundId>,
}

impl TryFrom<wire::ProposeCallRequest> for ProposeCall {
    type Error = ContactError;

    fn try_from(request: wire::ProposeCallRequest) -> Result<Self> {
        let phone = match request.phone.as_str() {
            "" => None,
            text => {
                let phone = Phone::from_str(text)
                    .map_err(|e| ContactError::field("phone", e.to_string()))?;
                Some(phone.as_str().to_owned())
            }
        };
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            phone,
            answers: convert::id_opt("answers_inbound_id", &request.answers_inbound_id)?,
        })
    }
}

/// Decides, and permits where the guard does.
pub(crate) async fn propose_call(
    tx: &mut Tx,
    command: &ProposeCall,
) -> Result<wire::ProposeCallResponse> {
    let party = command.party.uuid();
    person::lock(tx.conn(), &[party]).await?;
    let standing = look_up::account(tx, command.account).await?;
    look_up::liable(&standing, command.party)?;
    if let Some(phone) = &command.phone
        && point::find(tx.conn(), party, Kind::Phone, phone).await?.is_none()
    {
        let reason = "is no known number of this party; add it with AddPoint";
        return Err(ContactError::field("phone", reason));
    }
    let answers = match command.answers {
        Some(inbound) => Some(to_answer(tx, inbound, party).await?),
        None => None,
    };
    let people = guard::load(tx, &[party]).await?;
    let person =
        people.person(party).ok_or_else(|| ContactError::unknown("party", command.party))?;
    let now = tx.now();
    let span = Span::days(now, AHEAD_DAYS);
    let mut call = blank(tx, &standing, command.party, Channel::Call, now);
    let ask = Ask { target: command.phone.as_deref(), answers, ..Ask::of(&call) };
    let judged = person.judge(&ask, span, now);
    let said = judged.explain(now);
    let allowed = said.verdict == Verdict::Allow;
    call.id = tx.uuid();
    let mut decided = release::keep(tx, &call, person, &judged, said)?;
    tx.about(duly_domain::DecisionId::from_uuid(decided.id));
    if !allowed {
        decided.attempt = None;
        decision::insert(tx.conn(), std::slice::from_ref(&decided)).await?;
        return Ok(wire::ProposeCallResponse {
            decision: Some(to_wire::decision(&decided)),
            attempt: None,
        });
    }
    release::permit(tx, &mut call, &judged);
    call.decision = Some(decided.id);
    decision::insert(tx.conn(), std::slice::from_ref(&decided)).await?;
    attempt::insert_authorized(tx.conn(), &call).await?;
    if let Some(inbound) = answers {
        inbound::answer(tx.conn(), inbound, call.id).await?;
    }
    to_wire::tell_authorized(tx, &call);
    let until = call.valid_until.unwrap_or(now);
    let at = tx.tick_at_or_after(until);
    tx.mark_due(release::QUEUE, &[party], at).await?;
    Ok(wire::ProposeCallResponse {
        decision: Some(to_wire::decision(&decided)),
        attempt: Some(to_wire::attempt(&call)),
    })
}

/// A call of the person that was read and has had no answer yet.
async fn to_answer(tx: &mut Tx, id: InboundId, party: uuid::Uuid) -> Result<uuid::Uuid> {
    let found = inbound::get(tx.conn(), id.uuid()).await?;
    let found = found.ok_or_else(|| ContactError::unknown("inbound", id))?;
    let kin = person::with_kin(tx.conn(), &[party]).await?;
    if !found.from.is_some_and(|from| kin.contains(&from.party)) {
        let reason = "did not come from this person; match it first, or leave it empty";
        return Err(ContactError::field("answers_inbound_id", reason));
    }
    if found.medium != Medium::Call || found.bounced || found.answered_by.is_some() {
        return Err(ContactError::NotToAnswer);
    }
    Ok(found.id)
}

/// An attempt that nobody planned.
pub(crate) fn blank(
    tx: &Tx,
    standing: &Standing,
    party: PartyId,
    channel: Channel,
    at: DateTime<Utc>,
) -> Attempt {
    Attempt {
        id: uuid::Uuid::nil(),
        client: standing.client,
        account: standing.account,
        opening: standing.opening,
        party: party.uuid(),
        treatment: None,
        letter: None,
        step: String::new(),
        try_no: 1,
        channel,
        target: None,
        state: AttemptState::Planned,
        planned_at: at,
        expires_at: at + tx.host().ticks().every() * 2,
        decision: None,
        authorized_at: None,
        valid_until: None,
        crossing: None,
        concluded_at: None,
        disposition: None,
        counted: false,
        crossed: false,
        why: String::new(),
    }
}

/// A question to the guard.
pub(crate) struct Decide {
    account: AccountId,
    party: PartyId,
    channel: Channel,
    at: Option<DateTime<Utc>>,
}

impl TryFrom<wire::DecideRequest> for Decide {
    type Error = ContactError;

    fn try_from(request: wire::DecideRequest) -> Result<Self> {
        let channel = match request.channel() {
            common::Channel::Unspecified => {
                return Err(ContactError::field("channel", "is missing"));
            }
            channel => Channel::try_from(channel)?,
        };
        let at = request.at.as_ref().map(|at| convert::instant("at", Some(at))).transpose()?;
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            channel,
            at,
        })
    }
}

/// What the guard says of an attempt at an instant. Changes nothing.
pub(crate) async fn decide(tx: &mut Tx, query: &Decide) -> Result<wire::DecideResponse> {
    let now = tx.now();
    let at = query.at.unwrap_or(now);
    if at < now {
        return Err(ContactError::field("at", "is before now; the facts are those of now"));
    }
    if at > now + TimeDelta::days(366) {
        return Err(ContactError::field("at", "is more than a year ahead"));
    }
    let standing = look_up::account(tx, query.account).await?;
    look_up::liable(&standing, query.party)?;
    let party = query.party.uuid();
    let people = guard::load(tx, &[party]).await?;
    let person = people.person(party).ok_or_else(|| ContactError::unknown("party", query.party))?;
    let asked = blank(tx, &standing, query.party, query.channel, at);
    let judged = person.judge(&Ask::of(&asked), Span::days(at, AHEAD_DAYS), at);
    let mut said = release::keep(tx, &asked, person, &judged, judged.explain(at))?;
    said.id = uuid::Uuid::nil();
    Ok(wire::DecideResponse { decision: Some(to_wire::decision(&said)) })
}
