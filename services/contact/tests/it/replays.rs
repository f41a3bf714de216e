//! Every decision can be taken again from what it kept, and gives the same bytes.

use duly_proto::{
    common::v1::{Channel, PageRequest},
    contact::v1::{Disposition, Replay, ReplayDecisionRequest, ReplayDecisionsRequest, StopKind},
    convert::timestamp,
    letters::v1::Certainty,
};
use tonic::{Code, Status};

use crate::disputes;
use crate::world::{Case, World, at};

impl World {
    /// Takes every decision again, in pages: how many there are, and those that differ.
    async fn replayed(&self) -> anyhow::Result<(i32, Vec<Replay>)> {
        let (mut count, mut differing, mut page_token) = (0, Vec::new(), String::new());
        loop {
            let page = Some(PageRequest { page_size: 7, page_token });
            let request = ReplayDecisionsRequest { page, since: None };
            let answer = self.api.clone().replay_decisions(request).await?.into_inner();
            count += answer.replayed;
            differing.extend(answer.differing);
            page_token = answer.page.unwrap_or_default().next_page_token;
            if page_token.is_empty() {
                return Ok((count, differing));
            }
        }
    }

    async fn replay(&self, decision_id: &str) -> Result<Replay, Status> {
        let request = ReplayDecisionRequest { decision_id: decision_id.to_owned() };
        let answer = self.api.clone().replay_decision(request).await?.into_inner();
        Ok(answer.replay.unwrap_or_default())
    }

    /// Changes a kept decision behind the service's back.
    async fn tamper(&self, sql: &'static str) -> anyhow::Result<()> {
        let mut conn = self.set.connect_to(&self.set.schema("contact")).await?;
        sqlx::query("ALTER TABLE decision DISABLE TRIGGER ALL").execute(&mut conn).await?;
        sqlx::query(sql).execute(&mut conn).await?;
        sqlx::query("ALTER TABLE decision ENABLE TRIGGER ALL").execute(&mut conn).await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_decision_of_some_days_gives_the_same_bytes_again() -> anyhow::Result<()> {
    let world = World::open().await?;
    let cases: Vec<Case> = (0..12)
        .map(|n| {
            let client = if n % 2 == 0 { "ACME" } else { "MILLS" };
            let phone = ["+12135550101", "+12155550102", "+13125550103", "+18085550104"][n % 4];
            let case = Case::consumer(client, &format!("R-{n:02}")).phone(phone);
            if n % 3 == 0 { case.guarantor().email(&format!("r{n}@example.com")) } else { case }
        })
        .collect();
    world.place(&cases.iter().collect::<Vec<_>>()).await?;
    for (n, case) in cases.iter().enumerate() {
        world.want_call(case, 0).await?;
        match n % 6 {
            0 => drop(world.stop(case, 0, StopKind::Attorney).await?),
            1 => drop(world.dispute(disputes::of(case)).await?),
            2 => drop(world.opt_out(case, Channel::Call, "").await?),
            3 => world.recall(case).await?,
            4 => drop(world.letter(case, 0).await?),
            _ => {}
        }
    }
    for _ in 0..3 {
        world.tick().await?;
        for entry in world.call_list().await? {
            let attempt = entry.attempt.unwrap_or_default();
            world.conclude(&attempt.attempt_id, Disposition::NoAnswer).await?;
        }
        for case in &cases {
            world.propose(case, 0).await?;
        }
    }
    world.at("2026-01-09T21:00:00Z").await?;
    let (count, differing) = world.replayed().await?;
    assert!(count > 40, "{count}");
    assert_eq!(differing, []);
    assert_eq!(i64::from(count), world.count("SELECT count(*) FROM decision").await?);
    // Those since an instant are the ones that were taken then or later.
    let since = at("2026-01-05T15:30:00Z");
    let request = ReplayDecisionsRequest {
        since: Some(timestamp(since)),
        page: Some(PageRequest { page_size: 1_000, page_token: String::new() }),
    };
    let answer = world.api.clone().replay_decisions(request).await?.into_inner();
    let later = "SELECT count(*) FROM decision WHERE decided_at >= '2026-01-05T15:30:00Z'";
    assert_eq!(i64::from(answer.replayed), world.count(later).await?);
    assert!(answer.replayed > 0 && answer.replayed < count, "{} of {count}", answer.replayed);
    let case = &cases[5];
    let decided = world.propose(case, 0).await?.decision.unwrap_or_default();
    let replay = world.replay(&decided.decision_id).await?;
    assert!(replay.same && replay.differences.is_empty() && replay.cannot.is_empty());
    assert_eq!(replay.rule_packs, decided.rule_packs);
    let letter = world.letter(case, 0).await;
    drop(letter.map(|_| Certainty::Known));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_comes_out_otherwise_says_in_what() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let decided = world.propose(&case, 0).await?.decision.unwrap_or_default();
    world.tamper("UPDATE decision SET said = replace(said, '\"allow\"', '\"refuse\"')").await?;
    let replay = world.replay(&decided.decision_id).await?;
    assert!(!replay.same);
    let [part] = replay.differences.as_slice() else { panic!("{replay:?}") };
    assert_eq!(
        (part.part.as_str(), part.then.as_str(), part.now.as_str()),
        ("verdict", "\"refuse\"", "\"allow\"")
    );
    assert_eq!(world.replayed().await?, (1, vec![replay]));
    // A pack of another version, and facts that this one cannot read.
    world
        .tamper("UPDATE decision SET facts = jsonb_set(facts, '{rule_packs}', '[\"federal@99\"]')")
        .await?;
    let replay = world.replay(&decided.decision_id).await?;
    assert!(!replay.same && replay.cannot.contains("federal@99"), "{replay:?}");
    world.tamper("UPDATE decision SET facts = '{}'").await?;
    assert!(world.replay(&decided.decision_id).await?.cannot.contains("cannot be read"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_none_is_not_taken_again() -> anyhow::Result<()> {
    let world = World::open().await?;
    let refused = world.replay("A-1").await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let unknown = world.replay("dcsn_01890000000070008000000000000001").await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    world.close().await
}
