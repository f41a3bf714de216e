//! Typesetting: a treatment whose time has come becomes a prepared letter, or is refused with what is
//! missing for it. What only has not been heard of yet is waited for, as long as the treatment lasts.

use duly_domain::{
    AccountId, Channel, Id, LetterId, PartyId, TreatmentId,
    id::{Account, Client, Letter, Party, Treatment},
};
use duly_platform::{BoxFuture, DueItem, Host, OutsideWork, Tx};
use duly_proto::{
    common::v1::{self as common, EventMeta},
    convert,
    letters::v1::{self as wire, event::Fact},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    compose::{Composed, Draft, Wanted, compose},
    gather_facts::Known,
    settings::Settings,
    store::{
        letter::{self, NewLetter},
        treatment::{self, Waiting},
    },
    typesetter::{Typeset, TypesetError},
    wire as to_wire,
};

/// Keys: treatments.
pub(crate) const QUEUE: &str = "typeset";

/// Letters typeset together: some seconds of work, well within a lease.
const SET: u16 = 32;

/// One letter to typeset.
struct Job {
    waiting: Waiting,
    draft: Draft,
}

/// The queue's worker.
pub(crate) fn work() -> OutsideWork {
    OutsideWork::new(QUEUE, begin, perform, finish).in_sets_of(SET)
}

fn begin<'a>(tx: &'a mut Tx, due: &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<Vec<Job>>> {
    Box::pin(async move {
        let keys: Vec<Uuid> = due.iter().map(|item| item.key).collect();
        let waiting = treatment::lock_waiting(tx.conn(), &keys).await?;
        let accounts: Vec<Uuid> = waiting.iter().map(|waiting| waiting.account_id).collect();
        let parties: Vec<Uuid> = waiting.iter().map(|waiting| waiting.party_id).collect();
        let known = Known::read(tx, &accounts, &parties).await?;
        let host = tx.host().clone();
        let house = Settings::of(&host).house(&host);
        let mut jobs = Vec::new();
        for waiting in in_order(waiting, &known) {
            let wanted = Wanted {
                opening: waiting.opening,
                party: waiting.party_id,
                template: &waiting.template,
                channel: waiting.channel,
            };
            let facts = known.of(waiting.account_id, waiting.party_id);
            let late = tx.now() > waiting.expires_at;
            match compose(&house, &wanted, &facts, tx.now()) {
                Composed::Draft(_) if late => {
                    refuse(tx, &waiting, vec![], "the time for it ran out").await?;
                }
                Composed::Draft(draft) => jobs.push(Job { waiting, draft: *draft }),
                Composed::Refused { missing, reason } => {
                    refuse(tx, &waiting, missing, &reason).await?;
                }
                Composed::Waits(missing) if tx.now() >= waiting.expires_at => {
                    refuse(tx, &waiting, missing, "its facts did not come in time").await?;
                }
                Composed::Waits(_) => {
                    let at = tx.tick_at_or_after(waiting.expires_at);
                    tx.mark_due(QUEUE, &[waiting.treatment_id], at).await?;
                }
            }
        }
        Ok(jobs)
    })
}

/// By the account's references, the party and the step: never by id.
fn in_order(mut waiting: Vec<Waiting>, known: &Known) -> Vec<Waiting> {
    waiting.sort_by_cached_key(|waiting| {
        let standing = known.standing(waiting.account_id);
        let refs = standing.map(|s| (s.client_ref.clone(), s.client_account_ref.clone()));
        let party = standing.and_then(|s| s.party(waiting.party_id)).map(|party| party.position);
        (refs, waiting.opening, party, waiting.step.clone(), waiting.try_no)
    });
    waiting
}

async fn refuse(
    tx: &mut Tx,
    waiting: &Waiting,
    missing: Vec<&'static str>,
    reason: &str,
) -> anyhow::Result<()> {
    let missing: Vec<String> = missing.into_iter().map(str::to_owned).collect();
    treatment::set_refused(tx.conn(), waiting.treatment_id, &missing, reason).await?;
    let fact = wire::LetterRefused {
        treatment_id: TreatmentId::from_uuid(waiting.treatment_id).to_string(),
        account_id: AccountId::from_uuid(waiting.account_id).to_string(),
        opening: waiting.opening,
        party_id: PartyId::from_uuid(waiting.party_id).to_string(),
        template: waiting.template.clone(),
        missing,
        reason: reason.to_owned(),
    };
    tx.tell::<wire::Event>(meta(waiting), Fact::LetterRefused(fact));
    Ok(())
}

fn meta(waiting: &Waiting) -> EventMeta {
    EventMeta {
        account_id: Id::<Account>::from_uuid(waiting.account_id).to_string(),
        client_id: Id::<Client>::from_uuid(waiting.client_id).to_string(),
        ..EventMeta::default()
    }
}

/// One letter, typeset or not.
struct Outcome {
    waiting: Waiting,
    draft: Draft,
    typeset: Result<Typeset, TypesetError>,
}

fn perform(host: Host, job: Job) -> BoxFuture<'static, Outcome> {
    Box::pin(async move {
        let Job { waiting, draft } = job;
        let typeset = Settings::of(&host).typeset(&draft).await;
        Outcome { waiting, draft, typeset }
    })
}

fn finish<'a>(tx: &'a mut Tx, outcomes: &'a [Outcome]) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let keys: Vec<Uuid> = outcomes.iter().map(|o| o.waiting.treatment_id).collect();
        let still: Vec<Uuid> = treatment::lock_waiting(tx.conn(), &keys)
            .await?
            .iter()
            .map(|waiting| waiting.treatment_id)
            .collect();
        let mut made: Vec<(&Outcome, &Typeset)> = Vec::new();
        for outcome in outcomes.iter().filter(|o| still.contains(&o.waiting.treatment_id)) {
            match &outcome.typeset {
                Ok(typeset) => made.push((outcome, typeset)),
                Err(error) => {
                    tracing::warn!(
                        account.id = %Id::<Account>::from_uuid(outcome.waiting.account_id),
                        %error,
                        "a letter cannot be typeset"
                    );
                    let reason = "a text of the letter holds what cannot be printed";
                    refuse(tx, &outcome.waiting, vec!["printable_text"], reason).await?;
                }
            }
        }
        keep(tx, &made).await
    })
}

async fn keep(tx: &mut Tx, made: &[(&Outcome, &Typeset)]) -> anyhow::Result<()> {
    let prepared_at = tx.now();
    let mut letters = Vec::with_capacity(made.len());
    let mut hashes = Vec::with_capacity(made.len());
    for (outcome, typeset) in made {
        let Outcome { waiting, draft, .. } = outcome;
        let hash: [u8; 32] = Sha256::digest(&typeset.pdf).into();
        let id: LetterId = tx.id();
        letters.push(NewLetter {
            letter_id: id.uuid(),
            treatment_id: waiting.treatment_id,
            client_id: waiting.client_id,
            account_id: waiting.account_id,
            opening: waiting.opening,
            party_id: waiting.party_id,
            template: draft.template.name(),
            template_version: i32::try_from(typeset.template_version)?,
            channel: waiting.channel.as_str(),
            reference: draft.reference.clone(),
            creditor: draft.creditor.clone(),
            recipient: draft.recipient.clone(),
            address: draft.address.clone(),
            email: draft.email.clone(),
            content_sha256: to_wire::hex(&hash),
            pages: i32::try_from(typeset.pages)?,
            prepared_at,
            mailing_on: draft.mailing.on,
            batch_closes_at: draft.mailing.closes_at,
            mail_by: draft.mail_by,
            validation_period_end: draft.validation_period_end,
        });
        hashes.push(hash.to_vec());
    }
    let clients: Vec<Uuid> = letters.iter().map(|letter| letter.client_id).collect();
    let pages: Vec<i32> = letters.iter().map(|letter| letter.pages).collect();
    let pdfs: Vec<Vec<u8>> = made.iter().map(|(_, typeset)| typeset.pdf.clone()).collect();
    let treatments: Vec<Uuid> = letters.iter().map(|letter| letter.treatment_id).collect();
    letter::insert_documents(tx.conn(), &clients, &hashes, &pages, &pdfs).await?;
    letter::insert(tx.conn(), &letters).await?;
    treatment::set_prepared(tx.conn(), &treatments).await?;
    for (letter, (outcome, _)) in letters.into_iter().zip(made) {
        let meta = meta(&outcome.waiting);
        let fact = prepared(letter, outcome);
        tx.tell::<wire::Event>(meta, Fact::LetterPrepared(fact));
    }
    Ok(())
}

fn prepared(letter: NewLetter, outcome: &Outcome) -> wire::LetterPrepared {
    let by_mail = outcome.waiting.channel == Channel::Mail;
    wire::LetterPrepared {
        letter_id: Id::<Letter>::from_uuid(letter.letter_id).to_string(),
        treatment_id: Id::<Treatment>::from_uuid(letter.treatment_id).to_string(),
        account_id: Id::<Account>::from_uuid(letter.account_id).to_string(),
        opening: letter.opening,
        party_id: Id::<Party>::from_uuid(letter.party_id).to_string(),
        template: letter.template.to_owned(),
        template_version: letter.template_version,
        channel: common::Channel::from(outcome.waiting.channel).into(),
        email: letter.email.filter(|_| !by_mail).unwrap_or_default(),
        address: letter.address.filter(|_| by_mail).map(to_wire::address),
        batch_closes_at: Some(convert::timestamp(letter.batch_closes_at)),
        mailing_on: Some(convert::date_to_wire(letter.mailing_on)),
        content_sha256: letter.content_sha256,
        pages: letter.pages,
        mail_by: Some(convert::date_to_wire(letter.mail_by)),
        expires_at: Some(convert::timestamp(outcome.waiting.expires_at)),
    }
}
