//! Commands and events race the release tick on the same persons. Whatever the interleaving, nothing is
//! permitted once a stop's command has returned, or once an end has been committed; and what was permitted
//! before is known to have crossed.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use duly_domain::TreatmentId;
use duly_proto::{
    contact::v1::{self as contact, AttemptState, Disposition, StopKind, event::Fact},
    intake::v1 as intake,
    workflow::v1 as workflow,
};
use duly_testkit::request_id;
use futures::{StreamExt as _, stream};

use crate::facts::{call_due, placed, recalled};
use crate::world::{Case, World, at};

/// Persons in one round, and rounds: so many races.
const PERSONS: usize = 250;
const ROUNDS: usize = 8;
/// Commands under way at once.
const AT_ONCE: usize = 12;

/// What the database says of an attempt, with the number of the transaction that wrote it last.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Row {
    account_id: uuid::Uuid,
    state: String,
    crossing: Option<String>,
    authorized: bool,
}

async fn rows(world: &World) -> anyhow::Result<BTreeMap<uuid::Uuid, Row>> {
    let mut conn = world.set.connect_to(&world.set.schema("contact")).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT account_id, state, crossing, authorized_at IS NOT NULL AS authorized FROM attempt",
    )
    .fetch_all(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}

/// Cases with a call planned for the next tick.
async fn planned(world: &World, round: usize) -> anyhow::Result<Vec<Case>> {
    let now = world.run.driver().now().await?;
    let cases: Vec<Case> = (0..PERSONS)
        .map(|n| {
            let number = round * PERSONS + n;
            Case::consumer("ACME", &format!("A-{number}"))
                .phone(&format!("+1215{:07}", 2_000_000 + number))
        })
        .collect();
    world.tell::<intake::Event>(cases.iter().map(placed).collect()).await?;
    let calls: Vec<_> = cases
        .iter()
        .map(|case| {
            let (_, due): (TreatmentId, _) = call_due(case, 0, now + TimeDelta::days(3));
            due
        })
        .collect();
    world.tell::<workflow::Event>(calls).await?;
    Ok(cases)
}

/// Lets the next tick come while `command` runs for every case, a few at once, in an order of its own.
async fn race<F, Fut>(world: &World, cases: &[Case], round: usize, command: F) -> anyhow::Result<()>
where
    F: Fn(Case) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let tick = world.run.driver().next_due().await?.expect("calls are planned");
    let driver = world.run.driver();
    let mut order: Vec<Case> = cases.to_vec();
    order.rotate_left(round * 37 % cases.len());
    // In some rounds the tick comes first, in some after many commands.
    let before = (round * 29) % (cases.len() / 2);
    let rest = order.split_off(before);
    let run = |cases: Vec<Case>| {
        let command = &command;
        async move {
            let mut done = stream::iter(cases).map(command).buffer_unordered(AT_ONCE);
            while let Some(done) = done.next().await {
                done?;
            }
            anyhow::Ok(())
        }
    };
    run(order).await?;
    let (moved, raced) = tokio::join!(driver.set_now(tick), run(rest));
    moved?;
    raced?;
    world.run.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_never_followed_by_a_later_authorisation() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (mut before, mut after) = (0, 0);
    for round in 0..ROUNDS {
        let cases = planned(&world, round).await?;
        let seen = std::sync::Mutex::new(BTreeMap::new());
        race(&world, &cases, round, |case| {
            let (world, seen) = (&world, &seen);
            async move {
                world.stop(&case, 0, StopKind::Cease).await?;
                // What stands at this moment, after the command returned.
                let attempt = world.attempt(&case).await?;
                seen.lock().expect("nobody panicked").insert(case.id.uuid(), attempt);
                Ok(())
            }
        })
        .await?;
        let last = rows(&world).await?;
        for (account, attempt) in seen.into_inner()? {
            let row = &last[&account];
            let permitted = attempt.state() == AttemptState::Authorized;
            assert_eq!(row.authorized, permitted, "{attempt:?} then {row:?}");
            assert_eq!(row.crossing.as_deref(), permitted.then_some("stop"), "{row:?}");
            if permitted { after += 1 } else { before += 1 }
        }
        // Nobody is sent to a stopped person, and what is planned is withdrawn by the next tick.
        assert!(world.call_list().await?.is_empty());
        world.tick().await?;
        world.tick().await?;
        world.tick().await?;
        let planned = rows(&world).await?;
        assert!(planned.values().all(|row| row.state != "planned" && row.state != "authorized"));
    }
    assert_eq!(before + after, ROUNDS * PERSONS);
    assert!(before > 100 && after > 100, "the races went both ways: {before} and {after}");
    let told = world.told("attempt_authorized").await?;
    assert_eq!(told.len(), after);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_committed_is_never_followed_by_a_later_authorisation() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let (mut before, mut after) = (0, 0);
    for round in 0..4 {
        let cases = planned(&world, round).await?;
        let seen = std::sync::Mutex::new(BTreeMap::new());
        race(&world, &cases, round, |case| {
            let (world, seen) = (&world, &seen);
            async move {
                let frame = world.frame::<intake::Event>(vec![recalled(&case)])?;
                while world.deliver(&frame).await.is_err() {}
                let attempt = world.attempt(&case).await?;
                seen.lock().expect("nobody panicked").insert(case.id.uuid(), attempt);
                Ok(())
            }
        })
        .await?;
        let last = rows(&world).await?;
        for (account, attempt) in seen.into_inner()? {
            let row = &last[&account];
            let permitted = attempt.state() == AttemptState::Authorized;
            assert_eq!(row.authorized, permitted, "{attempt:?} then {row:?}");
            assert_eq!(row.crossing.as_deref(), permitted.then_some("account"), "{row:?}");
            if permitted { after += 1 } else { before += 1 }
        }
        world.tick().await?;
        world.tick().await?;
        world.tick().await?;
    }
    assert!(before > 0 && after > 0, "the races went both ways: {before} and {after}");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn collectors_racing_for_one_person_never_exceed_its_seven_calls() -> anyhow::Result<()> {
    let world = World::open().await?;
    let shared = "+12155550101";
    let case = Case::consumer("ACME", "A-1").phone(shared).guarantor().phone(shared);
    world.place(&[&case]).await?;
    let proposals = (0..40).map(|n| {
        let (mut api, case) = (world.api.clone(), &case);
        async move {
            let request = contact::ProposeCallRequest {
                request_id: request_id(),
                account_id: case.account_id(),
                party_id: case.party_id(n % 2),
                ..Default::default()
            };
            api.propose_call(request).await
        }
    });
    let answers = futures::future::join_all(proposals).await;
    let mut permitted = Vec::new();
    for answer in answers {
        permitted.extend(answer?.into_inner().attempt);
    }
    assert_eq!(permitted.len(), 7);
    for attempt in &permitted {
        world.conclude(&attempt.attempt_id, Disposition::Voicemail).await?;
    }
    assert_eq!(world.count("SELECT count(*) FROM attempt WHERE counted").await?, 7);
    assert_eq!(world.count("SELECT count(*) FROM decision").await?, 40);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_and_the_clock_agree_on_one_end() -> anyhow::Result<()> {
    let world = World::open().await?;
    let cases = planned(&world, 0).await?;
    world.at("2026-01-05T15:15:00Z").await?;
    let list = world.call_list_all().await?;
    assert_eq!(list.len(), cases.len());
    let driver = world.run.driver();
    let conclude = async {
        let mut done = stream::iter(list)
            .map(|id| {
                let world = &world;
                async move { world.conclude(&id, Disposition::NoAnswer).await }
            })
            .buffer_unordered(AT_ONCE);
        let mut in_time = 0;
        while let Some(done) = done.next().await {
            in_time += usize::from(done.is_ok());
        }
        in_time
    };
    let (moved, in_time) = tokio::join!(driver.set_now(at("2026-01-05T15:45:00Z")), conclude);
    moved?;
    world.run.settle().await?;
    let counted = world.count("SELECT count(*) FROM attempt WHERE counted").await?;
    assert_eq!(usize::try_from(counted)?, in_time);
    let told = world.told("attempt_concluded").await?;
    assert_eq!(told.len(), cases.len());
    assert!(told.iter().all(|fact| matches!(fact, Fact::AttemptConcluded(_))));
    world.close().await
}

impl World {
    /// The ids of the whole call list, page by page.
    async fn call_list_all(&self) -> anyhow::Result<Vec<String>> {
        let mut page_token = String::new();
        let mut ids = Vec::new();
        loop {
            let page = duly_proto::common::v1::PageRequest { page_size: 70, page_token };
            let request = contact::ListCallListRequest { page: Some(page) };
            let answer = self.api.clone().list_call_list(request).await?.into_inner();
            let of_page = answer.entries.into_iter().filter_map(|entry| entry.attempt);
            ids.extend(of_page.map(|attempt| attempt.attempt_id));
            page_token = answer.page.unwrap_or_default().next_page_token;
            if page_token.is_empty() {
                return Ok(ids);
            }
        }
    }
}
