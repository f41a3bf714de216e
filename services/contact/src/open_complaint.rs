//! Complaints: opened with an owner and the days by which they are due, acknowledged, answered. While one
//! that a regulator makes is open, contact about its account is held: policy `agency.complaint`.

use chrono::{Datelike as _, Days, Weekday};
use duly_compliance::Medium;
use duly_domain::{AccountId, ComplaintId, Date, PartyId};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    affected,
    codes::{Code as _, ComplaintOutcome, ComplaintSource},
    error::{ContactError, Result},
    look_up, note_obligations,
    scope::Received,
    store::{
        complaint::{self, Complaint},
        person,
    },
    wire as to_wire,
};

/// Business days in which a complaint is acknowledged, the day of receipt not counted. Policy
/// `agency.complaint`.
const ACKNOWLEDGE_BUSINESS_DAYS: usize = 2;
/// Days in which a complaint is answered, the day of receipt not counted. Policy `agency.complaint`.
const ANSWER_DAYS: Days = Days::new(15);
/// Longest owner or reference, in bytes.
const NAME_BYTES_MAX: usize = 128;

/// A complaint to open.
pub(crate) struct OpenComplaint {
    account: Option<AccountId>,
    party: Option<PartyId>,
    source: ComplaintSource,
    medium: Medium,
    reference: String,
    detail: String,
    owner: String,
    received: Received,
}

impl TryFrom<wire::OpenComplaintRequest> for OpenComplaint {
    type Error = ContactError;

    fn try_from(request: wire::OpenComplaintRequest) -> Result<Self> {
        let account = convert::id_opt("account_id", &request.account_id)?;
        let party = convert::id_opt("party_id", &request.party_id)?;
        if party.is_some() && account.is_none() {
            let reason = "is missing: the party is named as one who owes an account";
            return Err(ContactError::field("account_id", reason));
        }
        let owner = name("owner", &request.owner)?;
        if owner.is_empty() {
            let reason = "is missing; name the person or desk that answers the complaint";
            return Err(ContactError::field("owner", reason));
        }
        Ok(Self {
            account,
            party,
            source: ComplaintSource::required(request.source())?,
            medium: Medium::required(request.medium())?,
            reference: name("reference", &request.reference)?,
            detail: convert::text("detail", &request.detail)?,
            owner,
            received: Received::parse("received_at", request.received_at.as_ref())?,
        })
    }
}

fn name(field: &str, text: &str) -> Result<String> {
    let text = convert::text(field, text)?;
    if text.len() > NAME_BYTES_MAX {
        let reason = format!("is longer than {NAME_BYTES_MAX} bytes");
        return Err(ContactError::field(field, reason));
    }
    Ok(text)
}

/// The day by which a complaint of this day is acknowledged. Public holidays count as business days:
/// the earlier day is the stricter one.
fn acknowledge_by(received_on: Date) -> Date {
    let works = |day: &Date| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let later = received_on.iter_days().skip(1).filter(works).nth(ACKNOWLEDGE_BUSINESS_DAYS - 1);
    later.unwrap_or(received_on)
}

/// Opens it.
pub(crate) async fn open_complaint(
    tx: &mut Tx,
    command: &OpenComplaint,
) -> Result<wire::OpenComplaintResponse> {
    let now = tx.now();
    let received_at = command.received.by(now)?;
    let mut client = None;
    if let Some(account) = command.account {
        let standing = look_up::account(tx, account).await?;
        if let Some(party) = command.party {
            look_up::liable(&standing, party)?;
        }
        client = Some(standing.client);
        affected::lock_accounts(tx, &[account.uuid()]).await?;
    }
    let received_on = tx.host().zone().local_date(received_at);
    let complaint = Complaint {
        id: tx.uuid(),
        client,
        account: command.account.map(AccountId::uuid),
        party: command.party.map(PartyId::uuid),
        source: command.source,
        medium: command.medium,
        reference: command.reference.clone(),
        detail: command.detail.clone(),
        owner: command.owner.clone(),
        received_at,
        acknowledge_by: acknowledge_by(received_on),
        answer_by: received_on.checked_add_days(ANSWER_DAYS).unwrap_or(Date::MAX),
        acknowledged_at: None,
        answered_at: None,
        outcome: None,
        answer: None,
    };
    let actor = tx.actor().to_owned();
    complaint::insert(tx.conn(), &complaint, now, &actor).await?;
    if let Some(account) = complaint.account {
        affected::accounts(tx, &[account]).await?;
    }
    tx.about(ComplaintId::from_uuid(complaint.id));
    Ok(wire::OpenComplaintResponse { complaint: Some(to_wire::complaint(&complaint)) })
}

/// A complaint to acknowledge.
pub(crate) struct AcknowledgeComplaint {
    complaint: ComplaintId,
    owner: String,
}

impl TryFrom<wire::AcknowledgeComplaintRequest> for AcknowledgeComplaint {
    type Error = ContactError;

    fn try_from(request: wire::AcknowledgeComplaintRequest) -> Result<Self> {
        Ok(Self {
            complaint: convert::id("complaint_id", &request.complaint_id)?,
            owner: name("owner", &request.owner)?,
        })
    }
}

/// Notes that the complainant was told that it came.
pub(crate) async fn acknowledge_complaint(
    tx: &mut Tx,
    command: &AcknowledgeComplaint,
) -> Result<wire::AcknowledgeComplaintResponse> {
    let id = command.complaint.uuid();
    let mut found =
        complaint::get_locked(tx.conn(), id).await?.ok_or(ContactError::NotFound("complaint"))?;
    if found.answered_at.is_some() {
        return Err(ContactError::ComplaintAnswered);
    }
    if found.acknowledged_at.is_some() {
        return Err(ContactError::ComplaintAcknowledged);
    }
    if !command.owner.is_empty() {
        found.owner.clone_from(&command.owner);
    }
    if let Some(account) = found.account {
        let owing = person::of_accounts(tx.conn(), &[account]).await?;
        note_obligations::look_again(tx, &owing).await?;
    }
    let (now, actor) = (tx.now(), tx.actor().to_owned());
    complaint::acknowledge(tx.conn(), id, &found.owner, now, &actor).await?;
    found.acknowledged_at = Some(now);
    tx.about(command.complaint);
    Ok(wire::AcknowledgeComplaintResponse { complaint: Some(to_wire::complaint(&found)) })
}

/// A complaint to answer.
pub(crate) struct AnswerComplaint {
    complaint: ComplaintId,
    outcome: ComplaintOutcome,
    answer: String,
}

impl TryFrom<wire::AnswerComplaintRequest> for AnswerComplaint {
    type Error = ContactError;

    fn try_from(request: wire::AnswerComplaintRequest) -> Result<Self> {
        let answer = convert::text("answer", &request.answer)?;
        if answer.is_empty() {
            return Err(ContactError::field("answer", "is missing; say what was answered"));
        }
        Ok(Self {
            complaint: convert::id("complaint_id", &request.complaint_id)?,
            outcome: ComplaintOutcome::required(request.outcome())?,
            answer,
        })
    }
}

/// Writes what it came to. What it held is free for what is planned next.
pub(crate) async fn answer_complaint(
    tx: &mut Tx,
    command: &AnswerComplaint,
) -> Result<wire::AnswerComplaintResponse> {
    let id = command.complaint.uuid();
    let account =
        complaint::account_of(tx.conn(), id).await?.ok_or(ContactError::NotFound("complaint"))?;
    if let Some(account) = account {
        affected::lock_accounts(tx, &[account]).await?;
    }
    let mut found =
        complaint::get_locked(tx.conn(), id).await?.ok_or(ContactError::NotFound("complaint"))?;
    if found.answered_at.is_some() {
        return Err(ContactError::ComplaintAnswered);
    }
    let (now, actor) = (tx.now(), tx.actor().to_owned());
    complaint::answer(tx.conn(), id, command.outcome, &command.answer, now, &actor).await?;
    found.answered_at = Some(now);
    found.outcome = Some(command.outcome);
    found.answer = Some(command.answer.clone());
    tx.about(command.complaint);
    Ok(wire::AnswerComplaintResponse { complaint: Some(to_wire::complaint(&found)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_acknowledged_within_two_business_days() {
        let by = |day: &str| acknowledge_by(day.parse().unwrap()).to_string();
        assert_eq!(by("2026-01-05"), "2026-01-07");
        assert_eq!(by("2026-01-08"), "2026-01-12");
        assert_eq!(by("2026-01-09"), "2026-01-13");
        assert_eq!(by("2026-01-10"), "2026-01-13");
    }
}
