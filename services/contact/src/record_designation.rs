//! When and where a person is not, or would like, to be reached. It holds until it is lifted
//! (12 CFR 1006, comment 6(b)(1)-1).

use duly_compliance::{DesignationKind, Place};
use duly_domain::DesignationId;
use duly_platform::{Principal, Tx};
use duly_proto::{
    contact::v1::{self as wire, record_designation_request::Kind},
    convert,
};

use crate::{
    affected,
    codes::Code as _,
    config::Config,
    error::{ContactError, Result},
    scope::{Received, Scope},
    store::designation::{self, Designation},
    times, wire as to_wire,
};

/// A designation to keep.
pub(crate) struct RecordDesignation {
    source: &'static str,
    kind: DesignationKind,
    scope: Scope,
    received: Received,
    oral: bool,
    evidence: String,
}

impl RecordDesignation {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::RecordDesignationRequest) -> Result<Self> {
        let kind = match &request.kind {
            None => {
                let reason = "is missing: one of not_at, not_at_place, employer_forbids, please";
                return Err(ContactError::field("kind", reason));
            }
            Some(Kind::NotAt(told)) => DesignationKind::NotAt(times::of_wire("not_at", told)?),
            Some(Kind::Please(told)) => DesignationKind::Please(times::of_wire("please", told)?),
            Some(Kind::EmployerForbids(_)) => DesignationKind::EmployerForbids,
            Some(Kind::NotAtPlace(place)) => {
                let place = wire::Place::try_from(*place).ok().and_then(Place::of_wire);
                let missing = || ContactError::field("not_at_place", "is home, work or other");
                DesignationKind::NotAtPlace(place.ok_or_else(missing)?)
            }
        };
        Ok(Self {
            source: who.role.as_str(),
            kind,
            scope: Scope::parse(&request.party_id, "", request.medium(), &request.address)?,
            received: Received::parse("received_at", request.received_at.as_ref())?,
            oral: request.oral,
            evidence: convert::text("evidence", &request.evidence)?,
        })
    }
}

/// Keeps it.
pub(crate) async fn record_designation(
    tx: &mut Tx,
    command: &RecordDesignation,
) -> Result<wire::RecordDesignationResponse> {
    let now = tx.now();
    let received_at = command.received.by(now)?;
    let located = command.scope.locate(tx).await?;
    let designation = Designation {
        id: tx.uuid(),
        client: located.client,
        party: command.scope.party.uuid(),
        stated_at: located.stated_at,
        kind: command.kind,
        medium: command.scope.medium,
        address: command.scope.address.clone(),
        oral: command.oral,
        received_at,
        evidence: command.evidence.clone(),
        source: command.source.to_owned(),
        recorded_by: tx.actor().to_owned(),
        recorded_at: now,
        lifted_at: None,
        lift_reason: None,
    };
    designation::insert(tx.conn(), std::slice::from_ref(&designation)).await?;
    affected::parties(tx, &[designation.party]).await?;
    tx.about(DesignationId::from_uuid(designation.id));
    let answer = to_wire::designation(&designation);
    Ok(wire::RecordDesignationResponse { designation: Some(answer) })
}

/// A designation to lift.
pub(crate) struct LiftDesignation {
    designation: DesignationId,
    reason: String,
}

impl TryFrom<wire::LiftDesignationRequest> for LiftDesignation {
    type Error = ContactError;

    fn try_from(request: wire::LiftDesignationRequest) -> Result<Self> {
        let reason = convert::text("reason", &request.reason)?;
        if reason.is_empty() {
            return Err(ContactError::field("reason", "is missing; say why it holds no longer"));
        }
        Ok(Self { designation: convert::id("designation_id", &request.designation_id)?, reason })
    }
}

/// Lifts it.
pub(crate) async fn lift_designation(
    tx: &mut Tx,
    command: &LiftDesignation,
) -> Result<wire::LiftDesignationResponse> {
    let id = command.designation.uuid();
    let Some(seen) = designation::get(tx.conn(), id).await? else {
        return Err(ContactError::NotFound("designation"));
    };
    affected::lock_parties(tx, &[seen.party]).await?;
    // Read again under the lock: another may have lifted it while we waited.
    let Some(mut found) = designation::get(tx.conn(), id).await? else {
        return Err(ContactError::NotFound("designation"));
    };
    if found.lifted_at.is_some() {
        return Err(ContactError::AlreadyLifted);
    }
    let (now, actor) = (tx.now(), tx.actor().to_owned());
    tx.host().state::<Config>().may_lift(&found.recorded_by, &actor)?;
    designation::lift(tx.conn(), &found, now, &command.reason, &actor).await?;
    found.lifted_at = Some(now);
    found.lift_reason = Some(command.reason.clone());
    // What was planned around it may come earlier now.
    affected::parties(tx, &[found.party]).await?;
    tx.about(command.designation);
    Ok(wire::LiftDesignationResponse { designation: Some(to_wire::designation(&found)) })
}
