//! Texts: permitted, judged again as they leave, posted to the agency's gateway, concluded by what it says.

use chrono::TimeDelta;
use duly_contact::Config;
use duly_platform::config::SecretText;
use duly_proto::{
    common::v1::Channel,
    contact::v1::{
        self as contact, Attempt, AttemptState, ConsentFor, Disposition, Medium,
        ProposeTextRequest, ProposeTextResponse, RecordConsentRequest, RecordInboundRequest,
        Verdict, event::Fact,
    },
};
use duly_testkit::request_id;
use tonic::{Code, Status};

use crate::text_server::{Manner, TextServer};
use crate::world::{Case, World};

const PHONE: &str = "+12155550101";

fn posting_to(server: &TextServer) -> anyhow::Result<Config> {
    let url = format!("http://{}/v1/texts", server.addr).parse()?;
    Ok(Config::default().with_text_gateway(url, Some(SecretText::new("s3cret"))))
}

/// A case whose person agreed to texts.
async fn agreed(world: &World, reference: &str) -> anyhow::Result<Case> {
    let case = Case::consumer("ACME", reference).phone(PHONE);
    world.place(&[&case]).await?;
    for what in [ConsentFor::Text, ConsentFor::Automated] {
        let request = RecordConsentRequest {
            request_id: request_id(),
            what: what.into(),
            given_to: contact::GivenTo::Agency.into(),
            party_id: case.party_id(0),
            medium: Medium::Text.into(),
            address: PHONE.to_owned(),
            evidence: "signed form 7".to_owned(),
            ..Default::default()
        };
        world.api.clone().record_consent(request).await?;
    }
    Ok(case)
}

async fn text(world: &World, case: &Case, words: &str) -> Result<ProposeTextResponse, Status> {
    let request = ProposeTextRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        text: words.to_owned(),
        ..Default::default()
    };
    Ok(world.api.clone().propose_text(request).await?.into_inner())
}

/// The one text of a case, once the queue has done what it can at this instant.
async fn sent(world: &World, case: &Case) -> anyhow::Result<Attempt> {
    world.run.settle().await?;
    world.attempt(case).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_leaves_with_its_decision_its_key_and_what_it_must_carry() -> anyhow::Result<()> {
    let server = TextServer::start().await?;
    let world = World::open_with(posting_to(&server)?).await?;
    let case = agreed(&world, "A-1").await?;
    let answer = text(&world, &case, "please call us about your account").await?;
    let attempt = answer.attempt.unwrap_or_else(|| panic!("{:?}", answer.decision));
    assert_eq!(attempt.channel(), Channel::Text);
    let done = sent(&world, &case).await?;
    assert_eq!((done.state(), done.disposition()), (AttemptState::Concluded, Disposition::Sent));
    let posted = server.posted();
    let [posted] = posted.as_slice() else { panic!("{posted:?}") };
    assert_eq!(
        (posted.path.as_str(), posted.authorization.as_str()),
        ("/v1/texts", "Bearer s3cret")
    );
    assert_eq!(posted.key, attempt.attempt_id);
    assert_eq!(posted.body["attempt_id"], attempt.attempt_id.as_str());
    assert_eq!(posted.body["decision_id"], attempt.decision_id.as_str());
    assert_eq!(posted.body["to"], PHONE);
    let requires = answer.decision.unwrap().requires;
    assert_eq!(posted.body["requires"], serde_json::json!(requires));
    assert!(requires.contains(&"opt_out_line".to_owned()));
    let words = posted.body["text"].as_str().unwrap_or_default();
    assert!(
        words.contains("please call us about your account\nThis is an attempt to collect a debt")
    );
    assert!(words.ends_with("Reply STOP to get no more texts at this number."), "{words}");
    let told = world.told("attempt_concluded").await?;
    let [Fact::AttemptConcluded(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((told.channel(), told.disposition()), (Channel::Text, Disposition::Sent));
    let by_hand = world.conclude(&attempt.attempt_id, Disposition::NoAnswer).await.unwrap_err();
    assert_eq!(duly_platform::error::reason_of(&by_hand).as_deref(), Some("attempt_is_no_call"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_or_a_consent_or_a_line_no_text_is_put_on_its_way() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case = agreed(&world, "A-1").await?;
    let refused = text(&world, &case, "please call us").await?;
    assert!(refused.attempt.is_none());
    let said = refused.decision.unwrap();
    assert_eq!(said.verdict(), Verdict::Refuse);
    assert_eq!(said.reasons[0].sentence, "no text port is configured");
    assert_eq!(world.count("SELECT count(*) FROM text_message").await?, 0);
    world.close().await?;

    let server = TextServer::start().await?;
    let world = World::open_with(posting_to(&server)?).await?;
    let case = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&case]).await?;
    let refused = text(&world, &case, "please call us").await?;
    assert!(refused.attempt.is_none());
    assert!(refused.decision.unwrap().reasons.iter().any(|reason| reason.rule == "text_path"));
    assert_eq!(text(&world, &case, " ").await.unwrap_err().code(), Code::InvalidArgument);
    let long = "a".repeat(1_001);
    assert_eq!(text(&world, &case, &long).await.unwrap_err().code(), Code::InvalidArgument);
    world.run.settle().await?;
    assert!(server.posted().is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_word_that_comes_while_a_text_waits_keeps_it_from_leaving() -> anyhow::Result<()> {
    let server = TextServer::start().await?;
    server.behave(Manner::Answers(503));
    let world = World::open_with(posting_to(&server)?).await?;
    let case = agreed(&world, "A-1").await?;
    text(&world, &case, "please call us").await?;
    assert_eq!(sent(&world, &case).await?.state(), AttemptState::Authorized);
    let stop = RecordInboundRequest {
        request_id: request_id(),
        medium: Medium::Text.into(),
        from: PHONE.to_owned(),
        text: "STOP".to_owned(),
        ..Default::default()
    };
    world.api.clone().record_inbound(stop).await?;
    server.behave(Manner::Takes);
    world.run.driver().advance(TimeDelta::minutes(1)).await?;
    let ended = world.attempt(&case).await?;
    assert_eq!((ended.disposition(), ended.counted), (Disposition::NotMade, false));
    assert_ne!(ended.why, "");
    let decided = &world.explain(&case).await?.decisions[0];
    assert_eq!(decided.verdict(), Verdict::Refuse);
    assert!(decided.reasons.iter().any(|reason| reason.rule == "opt_out"), "{decided:?}");
    assert!(server.posted().is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_busy_is_asked_again_in_time_and_one_that_refuses_is_not()
-> anyhow::Result<()> {
    let server = TextServer::start().await?;
    server.behave(Manner::Answers(429));
    let world = World::open_with(posting_to(&server)?).await?;
    let case = agreed(&world, "A-1").await?;
    text(&world, &case, "please call us").await?;
    assert_eq!(sent(&world, &case).await?.state(), AttemptState::Authorized);
    server.behave(Manner::Takes);
    world.run.driver().advance(TimeDelta::minutes(1)).await?;
    assert_eq!(world.attempt(&case).await?.disposition(), Disposition::Sent);
    assert_eq!(server.posted().len(), 1);

    server.behave(Manner::Answers(400));
    text(&world, &case, "please call us").await?;
    world.run.settle().await?;
    server.behave(Manner::Answers(503));
    text(&world, &case, "please call us").await?;
    // An authorisation lives for two ticks.
    world.run.driver().advance(TimeDelta::minutes(45)).await?;
    let mut ended = world.attempts(&case).await?;
    ended.retain(|attempt| attempt.disposition() == Disposition::NotMade);
    let why: Vec<&str> = ended.iter().map(|attempt| attempt.why.as_str()).collect();
    assert_eq!(why, ["the text gateway answered 400", "it could not be sent in its time"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_not_answered_may_have_left_and_is_not_posted_twice() -> anyhow::Result<()>
{
    let server = TextServer::start().await?;
    server.behave(Manner::HangsUp);
    let world = World::open_with(posting_to(&server)?).await?;
    let case = agreed(&world, "A-1").await?;
    text(&world, &case, "please call us").await?;
    let ended = sent(&world, &case).await?;
    assert_eq!((ended.disposition(), ended.counted), (Disposition::Unknown, true));
    world.run.driver().advance(TimeDelta::minutes(30)).await?;
    assert_eq!(server.posted().len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_takes_a_key_once_is_posted_the_same_text_under_the_same_key()
-> anyhow::Result<()> {
    let server = TextServer::start().await?;
    server.behave(Manner::HangsUp);
    let world = World::open_with(posting_to(&server)?.with_keyed_texts()).await?;
    let case = agreed(&world, "A-1").await?;
    text(&world, &case, "please call us").await?;
    assert_eq!(sent(&world, &case).await?.state(), AttemptState::Authorized);
    server.behave(Manner::Takes);
    world.run.driver().advance(TimeDelta::minutes(1)).await?;
    assert_eq!(world.attempt(&case).await?.disposition(), Disposition::Sent);
    let posted = server.posted();
    assert_eq!(posted.len(), 2);
    assert_eq!((&posted[0].key, &posted[0].body), (&posted[1].key, &posted[1].body));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_whose_worker_died_is_unknown_unless_the_gateway_takes_a_key_once()
-> anyhow::Result<()> {
    for keyed in [false, true] {
        let server = TextServer::start().await?;
        // Kept back until the row says that it is being sent.
        server.behave(Manner::Answers(503));
        let config = posting_to(&server)?;
        let config = if keyed { config.with_keyed_texts() } else { config };
        let world = World::open_with(config).await?;
        let case = agreed(&world, "A-1").await?;
        text(&world, &case, "please call us").await?;
        world.run.settle().await?;
        // As a worker leaves it that dies between the commit of its beginning and that of its end.
        world.execute("UPDATE text_message SET progress = 'sending'").await?;
        server.behave(Manner::Takes);
        world.run.driver().advance(TimeDelta::minutes(1)).await?;
        let ended = world.attempt(&case).await?;
        let told = if keyed { Disposition::Sent } else { Disposition::Unknown };
        assert_eq!((ended.disposition(), ended.counted), (told, true), "keyed: {keyed}");
        assert_eq!(server.posted().len(), usize::from(keyed));
        world.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_the_tls_that_is_asked_for_gets_nothing() -> anyhow::Result<()> {
    let server = TextServer::start().await?;
    let url = format!("https://localhost:{}/texts", server.addr.port()).parse()?;
    let world = World::open_with(Config::default().with_text_gateway(url, None)).await?;
    let case = agreed(&world, "A-1").await?;
    text(&world, &case, "please call us").await?;
    assert_eq!(sent(&world, &case).await?.state(), AttemptState::Authorized);
    world.run.driver().advance(TimeDelta::minutes(30)).await?;
    assert_eq!(world.attempt(&case).await?.disposition(), Disposition::NotMade);
    assert!(server.posted().is_empty());
    world.close().await
}
