//! Whose bankruptcy, under which chapter, keeps whom from being called.

use duly_proto::contact::v1::{DecideRequest, Decision, RecordFactRequest, Verdict};
use duly_testkit::{day, request_id};
use tonic::Code;

use crate::world::{Case, World};

/// An account with a principal and a guarantor, each with a number, so two persons.
fn two() -> Case {
    Case::consumer("ACME", "A-1").phone("+12155550101").guarantor().phone("+12155550102")
}

fn verified(case: &Case, chapter: i32) -> RecordFactRequest {
    RecordFactRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        kind: "bankruptcy_verified".to_owned(),
        stated_on: Some(day("2026-01-02")),
        chapter,
        evidence: "the court's docket".to_owned(),
        ..RecordFactRequest::default()
    }
}

impl World {
    /// What stands against a call to a party now; nothing where it is permitted.
    async fn against(&self, case: &Case, party: usize) -> anyhow::Result<Vec<String>> {
        let mut request = DecideRequest {
            account_id: case.account_id(),
            party_id: case.party_id(party),
            ..Default::default()
        };
        request.set_channel(duly_proto::common::v1::Channel::Call);
        let said: Decision =
            self.api.clone().decide(request).await?.into_inner().decision.unwrap_or_default();
        if said.verdict() == Verdict::Allow {
            return Ok(Vec::new());
        }
        Ok(said.reasons.into_iter().map(|reason| reason.authority).collect())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_chapter_7_the_one_who_filed_is_let_alone_and_a_codebtor_is_not() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case = two();
    world.place(&[&case]).await?;
    world.record(verified(&case, 7)).await?;
    assert!(world.against(&case, 0).await?.contains(&"11 USC 362(a)".to_owned()));
    assert!(world.against(&case, 1).await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn under_chapter_13_a_codebtor_is_let_alone_at_once_and_until_the_case_ends()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let case = two();
    world.place(&[&case]).await?;
    world.want_call(&case, 1).await?;
    world.tick().await?;
    assert_eq!(world.call_list().await?.len(), 1);
    let kept = world.record(verified(&case, 13)).await?;
    assert_eq!(kept.chapter, 13);
    assert!(world.call_list().await?.is_empty(), "before the command returns");
    assert!(world.against(&case, 0).await?.contains(&"11 USC 362(a)".to_owned()));
    assert!(world.against(&case, 1).await?.contains(&"11 USC 1301(a)".to_owned()));

    world.at("2026-01-06T15:00:00Z").await?;
    let ended = RecordFactRequest {
        request_id: request_id(),
        kind: "bankruptcy_ended".to_owned(),
        stated_on: None,
        chapter: 0,
        ..verified(&case, 0)
    };
    world.record(ended).await?;
    for party in [0, 1] {
        assert!(world.against(&case, party).await?.is_empty(), "dismissed");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_knows_the_chapter_a_codebtor_waits_for_somebody_who_does()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let case = two();
    // Another debt of the one who filed, with nobody else: a person's own case reaches it.
    let other = Case::consumer("OTHER", "O-1").phone("+12155550101");
    let strangers = Case::consumer("OTHER", "O-2").phone("+12155550103");
    world.place(&[&case, &other, &strangers]).await?;
    world.record(verified(&case, 0)).await?;
    assert_eq!(world.against(&case, 1).await?, ["policy bankruptcy.chapter_unknown"]);
    assert!(world.against(&other, 0).await?.contains(&"11 USC 362(a)".to_owned()));
    assert!(world.against(&strangers, 0).await?.is_empty());
    // The same petition, now known to be under chapter 11.
    world.tick().await?;
    world.record(verified(&case, 11)).await?;
    assert!(world.against(&case, 1).await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bankruptcy_names_its_petition_and_a_chapter_that_there_is() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = two();
    world.place(&[&case]).await?;
    let undated = RecordFactRequest { stated_on: None, ..verified(&case, 7) };
    let other_kind =
        RecordFactRequest { kind: "bankruptcy_ended".to_owned(), ..verified(&case, 7) };
    for wrong in [undated, verified(&case, 8), verified(&case, 70_000), other_kind] {
        assert_eq!(world.record(wrong).await.unwrap_err().code(), Code::InvalidArgument);
    }
    world.close().await
}
