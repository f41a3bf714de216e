//! Dated facts that people learn. What letters, payments and other methods tell is kept from there.

use duly_compliance::EventKind;
use duly_domain::{Date, DatedFactId};
use duly_platform::{Principal, Role, Tx};
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    affected,
    codes::event_of,
    error::{ContactError, Result},
    scope::{Received, Scope},
    store::{
        dated_fact::{self, DatedFact},
        person,
        point::{self, Bad, Kind},
    },
    wire as to_wire,
};

/// What a kind of fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Person,
    Debt,
    /// A number or address.
    Point,
}

/// Who may record a kind of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recorder {
    Anybody,
    /// It frees contact by law, or ends it for good: whoever answers for the law records it.
    Compliance,
}

/// What a kind is about and who records it; `None`: it is told by the system, from what other methods
/// and services do.
fn recorded(kind: EventKind) -> Option<(About, Recorder)> {
    use EventKind as K;
    Some(match kind {
        K::ValidationSpoken
        | K::VerificationSent
        | K::DuplicativeNoticeSent
        | K::OriginalCreditorAsked
        | K::OriginalCreditorSent
        | K::AttorneyWritten
        | K::AttorneyAnswered => (About::Debt, Recorder::Anybody),
        K::CollectionEnded | K::Discharged | K::AttorneyConsented | K::CourtPermitted => {
            (About::Debt, Recorder::Compliance)
        }
        K::BankruptcyVerified | K::BankruptcyEnded => (About::Person, Recorder::Compliance),
        K::Undeliverable
        | K::CreditorGotAddress
        | K::CreditorUsedAddress
        | K::CreditorAskedToStop
        | K::CreditorNoticeSent
        | K::CreditorNoticeOptOut
        | K::PriorCollectorGotAddress
        | K::PriorCollectorUsedAddress
        | K::PriorCollectorOptOut
        | K::ConsumerUsedAddress
        | K::DisclosureReported
        | K::NotReassigned
        | K::Reassigned
        | K::LearnedWrong => (About::Point, Recorder::Anybody),
        _ => return None,
    })
}

/// A fact to record.
pub(crate) struct RecordFact {
    source: &'static str,
    kind: EventKind,
    scope: Scope,
    received: Received,
    stated_on: Option<Date>,
    chapter: Option<i16>,
    evidence: String,
}

impl RecordFact {
    /// The command of a request by this principal.
    pub(crate) fn parse(who: &Principal, request: &wire::RecordFactRequest) -> Result<Self> {
        let wrong = |reason| ContactError::field("kind", reason);
        let kind = event_of(&request.kind)
            .ok_or_else(|| wrong("is no kind of fact such as verification_sent"))?;
        let (about, recorder) = recorded(kind).ok_or_else(|| {
            wrong("is told by the system, from what other methods and services do")
        })?;
        if recorder == Recorder::Compliance
            && !matches!(who.role, Role::Compliance | Role::Manager | Role::Admin)
        {
            return Err(ContactError::OfCompliance);
        }
        let scope = Scope::parse(
            &request.party_id,
            &request.account_id,
            request.medium(),
            &request.address,
        )?;
        if about == About::Debt && scope.account.is_none() {
            let reason = "is missing: a fact of this kind is about one debt";
            return Err(ContactError::field("account_id", reason));
        }
        if (about == About::Point) != scope.address.is_some() {
            let reason = match about {
                About::Point => "is missing: a fact of this kind is about one number or address",
                About::Person | About::Debt => "is named, but a fact of this kind is about none",
            };
            return Err(ContactError::field("address", reason));
        }
        let stated_on = convert::date_opt("stated_on", request.stated_on.as_ref())?;
        if kind == EventKind::CreditorNoticeSent && stated_on.is_none() {
            let reason = "is missing: the day by which the notice asks for an opt-out";
            return Err(ContactError::field("stated_on", reason));
        }
        if kind == EventKind::BankruptcyVerified && stated_on.is_none() {
            let reason = "is missing: the day of the petition";
            return Err(ContactError::field("stated_on", reason));
        }
        Ok(Self {
            chapter: chapter(kind, request.chapter)?,
            source: who.role.as_str(),
            kind,
            scope,
            received: Received::parse("at", request.at.as_ref())?,
            stated_on,
            evidence: convert::text("evidence", &request.evidence)?,
        })
    }
}

/// Of a bankruptcy the chapter of title 11; `None`: not known.
fn chapter(kind: EventKind, told: i32) -> Result<Option<i16>> {
    let wrong = |reason| Err(ContactError::field("chapter", reason));
    match i16::try_from(told) {
        Ok(0) => Ok(None),
        Ok(_) if kind != EventKind::BankruptcyVerified => wrong("is told of no other fact"),
        Ok(chapter) if CHAPTERS.contains(&chapter) => Ok(Some(chapter)),
        _ => wrong("is none of 7, 9, 11, 12, 13 and 15; leave it out where it is not known"),
    }
}

/// The chapters of title 11 under which a case is filed.
const CHAPTERS: [i16; 6] = [7, 9, 11, 12, 13, 15];

/// Records it.
pub(crate) async fn record_fact(
    tx: &mut Tx,
    command: &RecordFact,
) -> Result<wire::RecordFactResponse> {
    let now = tx.now();
    let at = command.received.by(now)?;
    let party = command.scope.party.uuid();
    // Whether one who owes is in bankruptcy concerns all who owe the same.
    let owed = match command.kind {
        EventKind::BankruptcyVerified | EventKind::BankruptcyEnded => {
            person::accounts_of(tx.conn(), party).await?
        }
        _ => Vec::new(),
    };
    if !owed.is_empty() {
        affected::lock_accounts(tx, &owed).await?;
    }
    let located = command.scope.locate(tx).await?;
    let fact = DatedFact {
        id: tx.uuid(),
        client: located.client,
        kind: command.kind,
        at,
        account: command.scope.account(),
        party: Some(party),
        medium: command.scope.medium,
        address: command.scope.address.clone(),
        stated_on: command.stated_on,
        chapter: command.chapter,
        source: command.source.to_owned(),
        source_id: None,
        evidence: command.evidence.clone(),
        recorded_at: now,
    };
    dated_fact::insert(tx.conn(), std::slice::from_ref(&fact)).await?;
    if let (Some(reason), Some(value)) = (bad(command.kind), fact.address.clone()) {
        // As bad for every account of the person.
        let parties = person::with_kin(tx.conn(), &[party]).await?;
        let kind = if value.contains('@') { Kind::Email } else { Kind::Phone };
        point::mark_bad(tx.conn(), &[Bad { parties, kind, value, reason }], now).await?;
    }
    affected::parties(tx, &[party]).await?;
    if !owed.is_empty() {
        affected::accounts(tx, &owed).await?;
    }
    tx.about(DatedFactId::from_uuid(fact.id));
    Ok(wire::RecordFactResponse { fact: Some(to_wire::dated_fact(&fact)) })
}

/// Why a number or address is not used again after this fact.
fn bad(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::LearnedWrong | EventKind::Reassigned => Some("wrong_number"),
        EventKind::Undeliverable => Some("undeliverable"),
        _ => None,
    }
}
