//! From the authorisation to the print folder, and what keeps a letter in the house.

use std::fs;

use duly_proto::{
    common::v1::Channel,
    contact::v1::{self as contact, event::Fact as Contact},
    letters::v1::{self as wire, Certainty, LetterState, event::Fact},
};
use duly_testkit::{day, request_id};
use tonic::Code;

use crate::world::{Claim, World};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_authorised_leaves_in_one_batch_at_the_next_tick() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (claim, consumer) = (Claim::commercial("ACME", "A-1"), Claim::consumer("BOLT", "C-1"));
    world.place(&claim).await?;
    world.place(&consumer).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.treat_party(&claim, 1, "commercial_demand", Channel::Mail).await?;
    world.treat(&consumer, "validation_notice", Channel::Mail).await?;
    world.until("2026-01-05T21:00:00Z").await?;
    let letters = world.prepared().await?;
    assert_eq!(letters.len(), 3);
    for letter in &letters {
        world.authorize(letter).await?;
    }
    world.run.settle().await?;
    assert!(world.mailed().await?.is_empty());
    world.advance(15).await?;

    let mailed = world.mailed().await?;
    assert_eq!(mailed.len(), 3);
    assert!(mailed.iter().all(|m| m.certainty() == Certainty::Known));
    assert!(mailed.iter().all(|m| m.mailed_on == Some(day("2026-01-05"))));
    assert!(mailed.iter().all(|m| m.batch_id == mailed[0].batch_id));
    let ends: Vec<_> = mailed.iter().filter_map(|m| m.validation_period_end).collect();
    assert_eq!(ends, [day("2026-02-11")]);

    let batches = world.api.clone().list_batches(wire::ListBatchesRequest::default()).await?;
    let batches = batches.into_inner().batches;
    assert_eq!(batches.len(), 1);
    assert_eq!((batches[0].letters, batches[0].pages), (3, 6));
    assert_eq!(batches[0].folder, "2026-01-05-01");
    let folder = world.print_dir().join(&batches[0].folder);
    let manifest = fs::read_to_string(folder.join("manifest.csv"))?;
    assert_eq!(manifest.lines().count(), 4);
    for letter in &letters {
        let stored = world.letter(&letter.letter_id).await?;
        assert_eq!(stored.state(), LetterState::Mailed);
        assert_eq!(stored.file_name, format!("{}.pdf", letter.content_sha256));
        let request = wire::GetLetterPdfRequest { letter_id: letter.letter_id.clone() };
        let pdf = world.api.clone().get_letter_pdf(request).await?.into_inner().pdf;
        assert_eq!(fs::read(folder.join(&stored.file_name))?, pdf);
        assert!(manifest.contains(&letter.letter_id));
    }
    // By reference, then by name.
    let order: Vec<_> = manifest.lines().skip(1).map(|l| l.split(',').nth(6).unwrap()).collect();
    assert_eq!(order, ["Brightwater Manufacturing Co.", "Pat Winters", "Robin Sample"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorisation_that_ran_out_sends_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.place(&claim).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.until("2026-01-05T21:00:00Z").await?;
    let letter = world.only_prepared().await?;
    // Letters hears of it only when it is over.
    let now = world.now().await?;
    let fact = contact::AttemptAuthorized {
        attempt_id: duly_domain::AttemptId::from_uuid(duly_platform_ids()).to_string(),
        treatment_id: letter.treatment_id.clone(),
        letter_id: letter.letter_id.clone(),
        account_id: letter.account_id.clone(),
        opening: 1,
        party_id: letter.party_id.clone(),
        channel: letter.channel,
        authorized_at: Some(duly_proto::convert::timestamp(now)),
        valid_until: Some(duly_proto::convert::timestamp(now + chrono::TimeDelta::minutes(30))),
        ..Default::default()
    };
    world.advance(20).await?;
    world.decide(Contact::AttemptAuthorized(fact.clone())).await?;
    world.advance(15).await?;
    let expired = world.expired().await?;
    assert_eq!(expired.len(), 1);
    assert_eq!(expired[0].attempt_id, fact.attempt_id);
    assert_eq!(expired[0].reason, "its authorisation ran out");
    assert!(world.mailed().await?.is_empty());
    assert!(!world.print_dir().exists());
    assert_eq!(world.letter(&letter.letter_id).await?.state(), LetterState::Expired);
    world.close().await
}

fn duly_platform_ids() -> uuid::Uuid {
    use duly_domain::IdSource as _;
    duly_platform::SystemIds.uuid()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_a_payment_a_stop_or_a_dispute_after_the_authorisation_keeps_it_in_the_house()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let claims: Vec<Claim> =
        ["A-1", "A-2", "A-3", "A-4", "A-5"].map(|r| Claim::commercial("ACME", r)).into();
    for claim in &claims {
        world.place(claim).await?;
        world.treat(claim, "commercial_demand", Channel::Mail).await?;
    }
    world.until("2026-01-05T21:00:00Z").await?;
    for letter in &world.prepared().await? {
        world.authorize(letter).await?;
    }
    world.recall(&claims[0]).await?;
    world.adjust(&claims[1], "-1000.00").await?;
    let mut stop = contact::StopPlaced {
        stop_id: duly_domain::StopId::from_uuid(duly_platform_ids()).to_string(),
        party_id: claims[2].parties[0].to_string(),
        ..Default::default()
    };
    stop.set_kind(contact::StopKind::Cease);
    world.decide(Contact::StopPlaced(stop)).await?;
    let dispute = contact::DisputeOpened {
        dispute_id: duly_domain::DisputeId::from_uuid(duly_platform_ids()).to_string(),
        account_id: claims[3].id.to_string(),
        opening: 1,
        pauses_account: true,
        ..Default::default()
    };
    world.decide(Contact::DisputeOpened(dispute)).await?;
    world.advance(15).await?;

    let why: Vec<(String, String)> = world
        .expired()
        .await?
        .into_iter()
        .map(|expired| (expired.account_id, expired.reason))
        .collect();
    let expected = [
        "the account has ended",
        "nothing is owed any more",
        "a stop stands: cease",
        "the account is disputed",
    ];
    let expected: Vec<(String, String)> = claims
        .iter()
        .zip(expected)
        .map(|(claim, why)| (claim.id.to_string(), why.to_owned()))
        .collect();
    assert_eq!(why, expected);
    let mailed = world.mailed().await?;
    assert_eq!(mailed.len(), 1);
    assert_eq!(mailed[0].account_id, claims[4].id.to_string());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_was_lifted_or_that_is_about_something_else_stops_nothing() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.authorized_demand(&claim, Channel::Mail).await?;
    let party_id = claim.parties[0].to_string();
    let lifted = duly_domain::StopId::from_uuid(duly_platform_ids()).to_string();
    let stop = |stop_id: &str, kind, party_id: &str| {
        let mut stop = contact::StopPlaced {
            stop_id: stop_id.to_owned(),
            party_id: party_id.to_owned(),
            ..Default::default()
        };
        stop.set_kind(kind);
        stop
    };
    let tombstone = contact::StopLifted {
        stop_id: lifted.clone(),
        party_id: party_id.clone(),
        ..Default::default()
    };
    // The tombstone first.
    world.decide(Contact::StopLifted(tombstone)).await?;
    let lifted = stop(&lifted, contact::StopKind::Cease, &party_id);
    let new_id = || duly_domain::StopId::from_uuid(duly_platform_ids()).to_string();
    let others = stop(&new_id(), contact::StopKind::Attorney, &claim.parties[1].to_string());
    let mut email = stop(&new_id(), contact::StopKind::OptOut, &party_id);
    email.set_channel(Channel::Email);
    for stop in [lifted, others, email] {
        world.decide(Contact::StopPlaced(stop)).await?;
    }
    world.advance(15).await?;
    assert_eq!(world.mailed().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_print_folder_a_batch_waits_until_its_authorisation_ends() -> anyhow::Result<()> {
    let world = World::open_with(|config| config.print_dir = None).await?;
    let claim = Claim::commercial("ACME", "A-1");
    let letter = world.authorized_demand(&claim, Channel::Mail).await?;
    world.advance(15).await?;
    assert!(world.mailed().await?.is_empty() && world.expired().await?.is_empty());
    assert_eq!(world.letter(&letter.letter_id).await?.state(), LetterState::Sending);
    world.advance(15).await?;
    let expired = world.expired().await?;
    assert_eq!(expired.len(), 1);
    assert!(expired[0].reason.contains("services.letters.print_dir"), "{}", expired[0].reason);
    let batches = world.api.clone().list_batches(wire::ListBatchesRequest::default()).await?;
    assert!(batches.into_inner().batches.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_whose_printed_dates_ran_out_does_not_leave() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::consumer("ACME", "C-1");
    world.place(&claim).await?;
    world.treat(&claim, "validation_notice", Channel::Mail).await?;
    // Contact defers it by a day.
    world.until("2026-01-06T21:00:00Z").await?;
    let letter = world.only_prepared().await?;
    world.authorize(&letter).await?;
    world.advance(15).await?;
    assert_eq!(world.expired().await?[0].reason, "the dates that it prints ran out");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_contact_refuses_ends_without_a_second_answer() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.place(&claim).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.advance(15).await?;
    let letter = world.only_prepared().await?;
    let reason = duly_proto::common::v1::Reason { rule: "cease".into(), ..Default::default() };
    let fact = contact::TreatmentRefused {
        treatment_id: letter.treatment_id.clone(),
        letter_id: letter.letter_id.clone(),
        account_id: letter.account_id.clone(),
        opening: 1,
        party_id: letter.party_id.clone(),
        reasons: vec![reason],
        ..Default::default()
    };
    world.decide(Contact::TreatmentRefused(fact)).await?;
    world.advance(60 * 24 * 7).await?;
    let stored = world.letter(&letter.letter_id).await?;
    assert_eq!(
        (stored.state(), stored.why.as_str()),
        (LetterState::Expired, "contact refused it: cease")
    );
    assert!(!world.told().await?.iter().any(|fact| matches!(fact, Fact::LetterExpired(_))));
    // Should it be authorised all the same, the attempt is answered.
    world.authorize(&letter).await?;
    world.advance(15).await?;
    assert_eq!(world.expired().await?.len(), 1);
    assert!(world.mailed().await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_house_confirms_a_batch_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.authorized_demand(&claim, Channel::Mail).await?;
    world.advance(15).await?;
    let batch_id = world.mailed().await?[0].batch_id.clone();
    let mut api = world.api.clone();
    let confirm = |batch_id: &str, on: &str| wire::MarkMailedRequest {
        request_id: request_id(),
        batch_id: batch_id.to_owned(),
        mailed_on: Some(day(on)),
    };
    let tomorrow = api.mark_mailed(confirm(&batch_id, "2026-01-06")).await.unwrap_err();
    assert_eq!(tomorrow.code(), Code::InvalidArgument);
    let nobodys = duly_domain::MailBatchId::from_uuid(duly_platform_ids()).to_string();
    let unknown = api.mark_mailed(confirm(&nobodys, "2026-01-05")).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    for _ in 0..2 {
        let batch = api.mark_mailed(confirm(&batch_id, "2026-01-05")).await?.into_inner().batch;
        assert_eq!(batch.and_then(|batch| batch.confirmed_on), Some(day("2026-01-05")));
    }
    world.advance(60 * 24).await?;
    let otherwise = api.mark_mailed(confirm(&batch_id, "2026-01-06")).await.unwrap_err();
    assert_eq!(otherwise.code(), Code::AlreadyExists);
    world.close().await
}
