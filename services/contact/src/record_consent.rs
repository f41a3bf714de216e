//! What a person allowed. A consent is kept with its evidence, because it must be shown years later; its
//! withdrawal stands beside it.

use chrono::{DateTime, Utc};
use duly_compliance::{ConsentFor, GivenTo};
use duly_domain::ConsentId;
use duly_platform::{Principal, Tx};
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    affected,
    codes::{Code as _, consent_of_wire},
    error::{ContactError, Result},
    scope::{Received, Scope},
    store::consent::{self, Consent},
    times, wire as to_wire,
};

/// A consent to keep.
pub(crate) struct RecordConsent {
    source: &'static str,
    what: ConsentFor,
    given_to: GivenTo,
    scope: Scope,
    given: Received,
    until: Option<DateTime<Utc>>,
    evidence: String,
}

impl RecordConsent {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::RecordConsentRequest) -> Result<Self> {
        let times = request.times.as_ref().map(|told| times::of_wire("times", told));
        let what = consent_of_wire(request.what(), times.transpose()?)?;
        let scope = Scope::parse(
            &request.party_id,
            &request.account_id,
            request.medium(),
            &request.address,
        )?;
        if matches!(what, ConsentFor::Email | ConsentFor::Text) && scope.address.is_none() {
            let reason = "is missing: consent to e-mail or text names one address or number";
            return Err(ContactError::field("address", reason));
        }
        let evidence = convert::text("evidence", &request.evidence)?;
        if evidence.is_empty() {
            let reason = "is missing; say how the consent is known, it must be shown later";
            return Err(ContactError::field("evidence", reason));
        }
        let until = request.until.as_ref().map(|at| convert::instant("until", Some(at)));
        Ok(Self {
            source: who.role.as_str(),
            what,
            given_to: GivenTo::required(request.given_to())?,
            scope,
            given: Received::parse("given_at", request.given_at.as_ref())?,
            until: until.transpose()?,
            evidence,
        })
    }
}

/// Keeps it.
pub(crate) async fn record_consent(
    tx: &mut Tx,
    command: &RecordConsent,
) -> Result<wire::RecordConsentResponse> {
    let now = tx.now();
    let given_at = command.given.by(now)?;
    if command.until.is_some_and(|until| until <= given_at) {
        return Err(ContactError::field("until", "is not after given_at"));
    }
    let located = command.scope.locate(tx).await?;
    let consent = Consent {
        id: tx.uuid(),
        client: located.client,
        party: command.scope.party.uuid(),
        account: command.scope.account(),
        stated_at: located.stated_at,
        what: command.what,
        given_to: command.given_to,
        medium: command.scope.medium,
        address: command.scope.address.clone(),
        given_at,
        until: command.until,
        evidence: command.evidence.clone(),
        source: command.source.to_owned(),
        recorded_at: now,
        withdrawn_at: None,
        withdrawal_evidence: None,
    };
    consent::insert(tx.conn(), &consent).await?;
    affected::parties(tx, &[consent.party]).await?;
    tx.about(ConsentId::from_uuid(consent.id));
    Ok(wire::RecordConsentResponse { consent: Some(to_wire::consent(&consent)) })
}

/// A consent to take back.
pub(crate) struct WithdrawConsent {
    consent: ConsentId,
    withdrawn: Received,
    evidence: String,
}

impl TryFrom<wire::WithdrawConsentRequest> for WithdrawConsent {
    type Error = ContactError;

    fn try_from(request: wire::WithdrawConsentRequest) -> Result<Self> {
        Ok(Self {
            consent: convert::id("consent_id", &request.consent_id)?,
            withdrawn: Received::parse("withdrawn_at", request.withdrawn_at.as_ref())?,
            evidence: convert::text("evidence", &request.evidence)?,
        })
    }
}

/// Takes it back: nothing is permitted by it once this has returned.
pub(crate) async fn withdraw_consent(
    tx: &mut Tx,
    command: &WithdrawConsent,
) -> Result<wire::WithdrawConsentResponse> {
    let id = command.consent.uuid();
    let now = tx.now();
    let withdrawn_at = command.withdrawn.by(now)?;
    let Some(seen) = consent::get(tx.conn(), id).await? else {
        return Err(ContactError::NotFound("consent"));
    };
    affected::lock_parties(tx, &[seen.party]).await?;
    // Read again under the lock: another may have told it while we waited.
    let Some(mut found) = consent::get(tx.conn(), id).await? else {
        return Err(ContactError::NotFound("consent"));
    };
    if found.withdrawn_at.is_some() {
        return Err(ContactError::AlreadyWithdrawn);
    }
    if withdrawn_at < found.given_at {
        return Err(ContactError::field("withdrawn_at", "is before the consent was given"));
    }
    let actor = tx.actor().to_owned();
    consent::withdraw(tx.conn(), &found, withdrawn_at, &command.evidence, &actor, now).await?;
    found.withdrawn_at = Some(withdrawn_at);
    found.withdrawal_evidence = Some(command.evidence.clone());
    affected::parties(tx, &[found.party]).await?;
    tx.about(command.consent);
    Ok(wire::WithdrawConsentResponse { consent: Some(to_wire::consent(&found)) })
}
