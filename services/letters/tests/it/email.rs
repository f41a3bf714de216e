//! Letters by e-mail: each leaves at most once, and what may have left is known as that.

use duly_proto::{
    common::v1::Channel,
    letters::v1::{Certainty, LetterState, RecordReturnedRequest, ReturnReason},
};
use duly_testkit::request_id;

use crate::{
    smtp_server::{Manner, SmtpServer},
    world::{Claim, World},
};

async fn open(server: &SmtpServer) -> anyhow::Result<World> {
    let url = server.url().parse()?;
    World::open_with(|config| config.smtp_url = Some(url)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_leaves_as_one_message_with_its_pdf() -> anyhow::Result<()> {
    let server = SmtpServer::start().await?;
    let world = open(&server).await?;
    let claim = Claim::commercial("ACME", "A-1");
    let letter = world.authorized_demand(&claim, Channel::Email).await?;
    assert_eq!(letter.email, "1200-mill-road@example.com");
    assert_eq!(letter.address, None);
    world.advance(15).await?;
    let mailed = world.mailed().await?;
    assert_eq!(mailed.len(), 1);
    assert_eq!(mailed[0].certainty(), Certainty::Known);
    let messages = server.messages();
    assert_eq!(messages.len(), 1);
    let header = |name: &str| messages[0].lines().find(|line| line.starts_with(name)).unwrap();
    assert_eq!(header("To:"), "To: 1200-mill-road@example.com");
    assert_eq!(
        header("Subject:"),
        "Subject: Your account with ACME Supply Co., reference ACME / A-1"
    );
    assert!(header("From:").contains("help@agency.example"));
    assert!(messages[0].contains("filename=\"ACME---A-1.pdf\""));
    assert_eq!(world.letter(&letter.letter_id).await?.state(), LetterState::Mailed);

    // It bounces later.
    let mut bounced = RecordReturnedRequest {
        request_id: request_id(),
        letter_id: letter.letter_id,
        ..Default::default()
    };
    bounced.set_reason(ReturnReason::Bounced);
    world.api.clone().record_returned(bounced).await?;
    world.treat(&claim, "commercial_demand", Channel::Email).await?;
    world.advance(15).await?;
    assert_eq!(world.refused().await?[0].missing, ["liable_party.email"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_that_the_server_refuses_gets_nothing() -> anyhow::Result<()> {
    let server = SmtpServer::start().await?;
    server.behaves(Manner::RefusesRecipient(550));
    let world = open(&server).await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.authorized_demand(&claim, Channel::Email).await?;
    world.advance(15).await?;
    assert_eq!(world.expired().await?[0].reason, "the mail server answered 550");
    assert!(server.messages().is_empty() && world.mailed().await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_now_is_asked_again_while_the_authorisation_lasts()
-> anyhow::Result<()> {
    let server = SmtpServer::start().await?;
    server.behaves(Manner::RefusesRecipient(451));
    let world = open(&server).await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.authorized_demand(&claim, Channel::Email).await?;
    world.advance(15).await?;
    assert!(world.expired().await?.is_empty() && world.mailed().await?.is_empty());
    server.behaves(Manner::Takes);
    world.advance(1).await?;
    assert_eq!((server.messages().len(), world.mailed().await?.len()), (1, 1));

    // The next day it is down for longer than the authorisation lasts.
    server.behaves(Manner::RefusesRecipient(451));
    let claim = Claim::commercial("ACME", "A-2");
    world.place(&claim).await?;
    world.treat(&claim, "commercial_demand", Channel::Email).await?;
    world.until("2026-01-06T21:00:00Z").await?;
    let letters = world.prepared().await?;
    let letter = letters.iter().find(|l| l.account_id == claim.id.to_string()).unwrap();
    world.authorize(letter).await?;
    world.advance(30).await?;
    assert_eq!(world.expired().await?[0].reason, "its authorisation ran out");
    server.behaves(Manner::Takes);
    world.advance(30).await?;
    assert_eq!(server.messages().len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_in_the_message_leaves_an_unknown_that_is_not_sent_again()
-> anyhow::Result<()> {
    let server = SmtpServer::start().await?;
    server.behaves(Manner::HangsUp);
    let world = open(&server).await?;
    let claim = Claim::commercial("ACME", "A-1");
    let letter = world.authorized_demand(&claim, Channel::Email).await?;
    world.advance(15).await?;
    server.behaves(Manner::Takes);
    world.advance(60 * 24).await?;
    let mailed = world.mailed().await?;
    assert_eq!(mailed.len(), 1);
    assert_eq!(mailed[0].certainty(), Certainty::Unknown);
    assert_eq!(world.letter(&letter.letter_id).await?.state(), LetterState::Unknown);
    assert_eq!(server.messages().len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_dies_while_it_sends_finds_an_unknown_and_sends_no_second()
-> anyhow::Result<()> {
    let server = SmtpServer::start().await?;
    server.behaves(Manner::SaysNothing);
    let world = open(&server).await?;
    let claim = Claim::commercial("ACME", "A-1");
    let letter = world.authorized_demand(&claim, Channel::Email).await?;
    world.run.settle().await?;
    let at = world.now().await? + chrono::TimeDelta::minutes(15);
    world.run.driver().set_now(at).await?;
    // The message is with the server, and no answer comes.
    while server.messages().is_empty() {
        tokio::task::yield_now().await;
    }
    server.behaves(Manner::Takes);
    let world = world.crash().await?;
    world.run.settle().await?;
    let mailed = world.mailed().await?;
    assert_eq!(mailed.len(), 1);
    assert_eq!(mailed[0].certainty(), Certainty::Unknown);
    world.advance(60 * 24).await?;
    assert_eq!(server.messages().len(), 1);
    let stored = world.letter(&letter.letter_id).await?;
    assert_eq!(
        (stored.state(), stored.why.as_str()),
        (LetterState::Unknown, "its sending was cut off")
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_a_message_waits_until_its_authorisation_ends() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.authorized_demand(&claim, Channel::Email).await?;
    world.advance(15).await?;
    assert!(world.expired().await?.is_empty());
    world.advance(15).await?;
    assert_eq!(world.expired().await?.len(), 1);
    world.close().await
}
