//! Placing stops. One stands before its command returns: it is written under the lock on the person that
//! the release tick takes before it reads.

use duly_compliance::Medium;
use duly_domain::{Channel, StopKind};
use duly_platform::{Principal, Tx};
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    affected,
    error::{ContactError, Result},
    scope::{self, Received, Scope},
    store::stop::{self, Stop},
    wire as to_wire,
};

/// A stop to place.
pub(crate) struct PlaceStop {
    source: &'static str,
    kind: StopKind,
    scope: Scope,
    channel: Option<Channel>,
    received: Received,
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
        let address = scope::address_opt(channel.map(Medium::from), &request.address)?;
        if kind != StopKind::OptOut && (channel.is_some() || address.is_some()) {
            let reason = "only an opt-out names a channel or an address; other stops hold for all";
            return Err(ContactError::field("channel", reason));
        }
        Ok(Self {
            source: who.role.as_str(),
            kind,
            scope: Scope {
                party: convert::id("party_id", &request.party_id)?,
                account: convert::id_opt("account_id", &request.account_id)?,
                medium: channel.map(Medium::from),
                address,
            },
            channel,
            received: Received::parse("received_at", request.received_at.as_ref())?,
            evidence: convert::text("evidence", &request.evidence)?,
        })
    }
}

/// Places it.
pub(crate) async fn place_stop(
    tx: &mut Tx,
    command: &PlaceStop,
) -> Result<wire::PlaceStopResponse> {
    let now = tx.now();
    let received_at = command.received.by(now)?;
    let located = command.scope.locate(tx).await?;
    let stop = Stop {
        id: tx.uuid(),
        client: located.client,
        party: command.scope.party.uuid(),
        account: command.scope.account(),
        stated_at: located.stated_at,
        kind: command.kind,
        channel: command.channel,
        address: command.scope.address.clone(),
        received_at,
        placed_at: now,
        placed_by: tx.actor().to_owned(),
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
