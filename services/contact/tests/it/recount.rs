//! Sixteen workers race on the same people for thousands of rounds: proposals, outcomes, releases, stops,
//! merges and splits in between. No cap is ever exceeded: a recount from the raw rows, which knows nothing
//! of the guard, agrees with every permission that was given.

use duly_proto::{
    contact::v1::{self as contact, Disposition, LiftStopRequest, StopKind},
    workflow::v1 as workflow,
};
use duly_testkit::request_id;
use futures::future::try_join_all;
use tonic::{Code, Status};

use crate::facts::call_due;
use crate::world::{Case, World, at};

const WORKERS: u64 = 16;
/// Days on which they work, each from ten in the morning.
const DAYS: [&str; 10] = [
    "2026-01-06",
    "2026-01-07",
    "2026-01-08",
    "2026-01-09",
    "2026-01-12",
    "2026-01-13",
    "2026-01-14",
    "2026-01-15",
    "2026-01-16",
    "2026-01-20",
];
/// Rounds of each worker on each day: 2,240 in all.
const ROUNDS: u64 = 14;
/// Accounts, each with a principal and a guarantor.
const ACCOUNTS: usize = 6;

/// Numbers that are as good as chance, and the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn place(&mut self, of: usize) -> usize {
        usize::try_from(self.roll(of as u64)).unwrap_or(0)
    }
}

/// What another worker did first is no failure of this one.
fn unless_late<T>(done: Result<T, Status>) -> anyhow::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(status) if status.code() == Code::FailedPrecondition => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// What a worker has in its hands.
#[derive(Default)]
struct Hands {
    calls: Vec<String>,
    stops: Vec<String>,
}

async fn work(world: &World, cases: &[Case], seed: u64) -> anyhow::Result<()> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut hands = Hands::default();
    for _ in 0..ROUNDS {
        let case = &cases[dice.place(cases.len())];
        let party = dice.place(2);
        match dice.roll(20) {
            0..=9 => {
                let said = world.propose(case, party).await?;
                hands.calls.extend(said.attempt.map(|attempt| attempt.attempt_id));
            }
            10..=14 => {
                let Some(call) = hands.calls.pop() else { continue };
                let how = match dice.roll(12) {
                    0 => Disposition::Busy,
                    1 => Disposition::NotMade,
                    2 => Disposition::Reached,
                    3..=6 => Disposition::Voicemail,
                    _ => Disposition::NoAnswer,
                };
                unless_late(world.conclude(&call, how).await)?;
            }
            15 | 16 => {
                world.link(&case.party_id(0), &case.party_id(1)).await?;
            }
            17 => {
                world.unlink(&case.party_id(party)).await?;
            }
            18 => {
                let stop = world.stop(case, party, StopKind::Military).await?;
                hands.stops.push(stop.stop_id);
            }
            _ => lift(world, hands.stops.pop()).await?,
        }
    }
    for call in hands.calls {
        unless_late(world.conclude(&call, Disposition::NoAnswer).await)?;
    }
    for stop in hands.stops {
        lift(world, Some(stop)).await?;
    }
    Ok(())
}

async fn lift(world: &World, stop: Option<String>) -> anyhow::Result<()> {
    let Some(stop_id) = stop else { return Ok(()) };
    let reason = "checked".to_owned();
    let request = LiftStopRequest { request_id: request_id(), stop_id, reason };
    world.api.clone().lift_stop(request).await?;
    Ok(())
}

/// The most calls that stand about one debt in the seven days that end with a permission, to all who were
/// one person when it was given: from attempts, and from what people said of who is one person. Ids are
/// made in order under the persons' locks.
const MOST_CALLS: &str = "
    WITH call AS (
        SELECT attempt_id, account_id, party_id, decision_id,
               (authorized_at AT TIME ZONE 'America/New_York')::date AS on_day
        FROM attempt
        WHERE channel = 'call' AND (state = 'authorized' OR counted)
    ), permitted AS (
        SELECT c.*, coalesce((
                   SELECT p.kind = 'linked' FROM person_change AS p
                   JOIN account_party AS owes ON owes.party_id = p.party_id
                   WHERE owes.account_id = c.account_id AND p.change_id < c.decision_id
                   ORDER BY p.change_id DESC LIMIT 1), false) AS together
        FROM call AS c
    )
    SELECT coalesce(max(n), 0) FROM (
        SELECT count(*) AS n
        FROM permitted AS last
        JOIN call AS before
          ON before.account_id = last.account_id AND before.decision_id <= last.decision_id
         AND before.on_day > last.on_day - 7
         AND (before.party_id = last.party_id OR last.together)
        GROUP BY last.attempt_id) AS counted";

/// Permissions within seven days of a conversation about the debt with what was then one person.
const AFTER_A_TALK: &str = "
    WITH permitted AS (
        SELECT t.*, coalesce((
                   SELECT p.kind = 'linked' FROM person_change AS p
                   JOIN account_party AS owes ON owes.party_id = p.party_id
                   WHERE owes.account_id = t.account_id AND p.change_id < t.decision_id
                   ORDER BY p.change_id DESC LIMIT 1), false) AS together
        FROM attempt AS t WHERE t.authorized_at IS NOT NULL
    )
    SELECT count(*) FROM permitted AS later
    JOIN attempt AS talk
      ON talk.account_id = later.account_id AND talk.disposition = 'reached'
     AND (talk.party_id = later.party_id OR later.together)
    WHERE (later.authorized_at AT TIME ZONE 'America/New_York')::date
          > (talk.concluded_at AT TIME ZONE 'America/New_York')::date
      AND (later.authorized_at AT TIME ZONE 'America/New_York')::date
          < (talk.concluded_at AT TIME ZONE 'America/New_York')::date + 7";

/// Permissions that were given to a party after a stop of its own that was never lifted.
const AFTER_A_STOP: &str = "
    SELECT count(*) FROM attempt AS t JOIN stop AS s USING (party_id)
    WHERE t.authorized_at IS NOT NULL AND s.lifted_at IS NULL AND t.decision_id > s.stop_id";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_workers_never_exceed_a_cap_whatever_happens_in_between() -> anyhow::Result<()> {
    let world = World::open().await?;
    let cases: Vec<Case> = (0..ACCOUNTS)
        .map(|n| {
            Case::consumer("ACME", &format!("A-{n}"))
                .phone(&format!("+1215555010{n}"))
                .guarantor()
                .phone(&format!("+1215555020{n}"))
        })
        .collect();
    world.place(&cases.iter().collect::<Vec<_>>()).await?;
    for case in &cases {
        world.provide_validation(case).await?;
    }
    for (day, no) in DAYS.iter().zip(0u64..) {
        let ten = at(&format!("{day}T15:00:00Z"));
        world.run.driver().advance_to(ten).await?;
        // What strategies want is released by the tick in the middle of it all.
        let expires = ten + chrono::TimeDelta::hours(6);
        let wanted: Vec<_> = cases
            .iter()
            .flat_map(|case| [0, 1].map(|party| call_due(case, party, expires).1))
            .collect();
        world.tell::<workflow::Event>(wanted).await?;
        let tick = world.run.driver().next_due().await?.expect("calls are planned");
        let workers = (0..WORKERS).map(|worker| work(&world, &cases, no * WORKERS + worker + 1));
        let driver = world.run.driver();
        let (moved, worked) = tokio::join!(driver.set_now(tick), try_join_all(workers));
        moved?;
        worked?;
        world.run.settle().await?;
        assert!(world.count(MOST_CALLS).await? <= 7, "on {day}");
    }
    for case in &cases {
        world.stop(case, 0, StopKind::Cease).await?;
    }
    world.tick().await?;
    assert_eq!(world.count(MOST_CALLS).await?, 7, "the cap was reached, and never passed");
    assert_eq!(world.count(AFTER_A_TALK).await?, 0);
    assert_eq!(world.count(AFTER_A_STOP).await?, 0);
    let permitted = world.count("SELECT count(*) FROM attempt WHERE authorized_at IS NOT NULL");
    let allowed = world.count("SELECT count(*) FROM decision WHERE verdict = 'allow'");
    assert_eq!(permitted.await?, allowed.await?);
    let changes = "SELECT count(*) FROM person_change";
    assert!(world.count(changes).await? > 100, "persons were merged and split");
    let refused = "SELECT count(*) FROM decision WHERE rule = 'call_frequency'";
    assert!(world.count(refused).await? > 100, "the cap was run against");
    world.close().await
}

impl World {
    /// The validation information was given: nothing of it is owed any more.
    async fn provide_validation(&self, case: &Case) -> anyhow::Result<()> {
        for place in [0, 1] {
            self.record(contact::RecordFactRequest {
                request_id: request_id(),
                party_id: case.party_id(place),
                account_id: case.account_id(),
                kind: "validation_spoken".to_owned(),
                ..Default::default()
            })
            .await?;
        }
        Ok(())
    }
}
