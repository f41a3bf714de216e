//! Work with effects outside: errands whose effect is a row that no transaction of theirs takes back.

use duly_platform::{BoxFuture, DueItem, Host, OutsideWork, Service, Tx};
use duly_testkit::{Run, Set};
use sqlx::types::Uuid;

use crate::fixture::tally;

const QUEUE: &str = "errand";

/// Its first errand lasts longer than its lease: another worker may have it.
const SLOW: u128 = 101;
/// It is marked again while it is done.
const MARKED_AGAIN: u128 = 102;
/// It cannot be begun.
const NOT_BEGUN: u128 = 103;
/// It cannot be recorded.
const NOT_RECORDED: u128 = 104;
/// It panics outside.
const PANICS: u128 = 105;
/// Its record marks it once more.
const AGAIN: u128 = 106;

#[derive(Clone)]
struct Errand {
    key: Uuid,
    begun: i32,
}

fn errands(set_max: u16) -> Service {
    let work = OutsideWork::new::<Errand, Errand>(
        QUEUE,
        |tx, items| Box::pin(begin(tx, items)),
        perform,
        |tx, done| Box::pin(finish(tx, done)),
    );
    Service {
        listeners: Vec::new(),
        due: Vec::new(),
        outside: vec![work.in_sets_of(set_max)],
        ..tally()
    }
}

async fn begin(tx: &mut Tx, items: &[DueItem]) -> anyhow::Result<Vec<Errand>> {
    let keys: Vec<Uuid> = items.iter().map(|item| item.key).collect();
    anyhow::ensure!(!keys.contains(&Uuid::from_u128(NOT_BEGUN)), "a key that nobody can begin");
    let begun: Vec<(Uuid, i32)> = sqlx::query_as(
        "INSERT INTO errand AS e (key, begun) SELECT key, 1 FROM UNNEST($1::uuid[]) AS key
         ON CONFLICT (key) DO UPDATE SET begun = e.begun + 1 RETURNING key, begun",
    )
    .bind(&keys)
    .fetch_all(tx.conn())
    .await?;
    Ok(begun.into_iter().map(|(key, begun)| Errand { key, begun }).collect())
}

fn perform(host: Host, errand: Errand) -> BoxFuture<'static, Errand> {
    Box::pin(async move {
        let run = async |sql: &'static str| {
            let done = sqlx::query(sql).bind(errand.key).execute(host.pool()).await;
            done.expect("the test's database is there");
        };
        sqlx::query("INSERT INTO effect (key, begun) VALUES ($1, $2)")
            .bind(errand.key)
            .bind(errand.begun)
            .execute(host.pool())
            .await
            .expect("the test's database is there");
        match (errand.key.as_u128(), errand.begun) {
            (SLOW, 1) => {
                run("UPDATE due SET lease = NULL, machine_lease_until = NULL WHERE key = $1").await;
            }
            (MARKED_AGAIN, 1) => run("UPDATE due SET due_at = due_at WHERE key = $1").await,
            (PANICS, _) => panic!("an errand that ends badly"),
            _ => {}
        }
        errand
    })
}

async fn finish(tx: &mut Tx, done: &[Errand]) -> anyhow::Result<()> {
    let keys: Vec<Uuid> = done.iter().map(|errand| errand.key).collect();
    anyhow::ensure!(!keys.contains(&Uuid::from_u128(NOT_RECORDED)), "what nobody can record");
    sqlx::query("UPDATE errand SET recorded = recorded + 1 WHERE key = ANY ($1)")
        .bind(&keys)
        .execute(tx.conn())
        .await?;
    let again = |errand: &&Errand| errand.key.as_u128() == AGAIN && errand.begun == 1;
    let again: Vec<Uuid> = done.iter().filter(again).map(|errand| errand.key).collect();
    let now = tx.now();
    tx.mark_due(QUEUE, &again, now).await?;
    Ok(())
}

async fn done(numbers: &[u128], set_max: u16) -> anyhow::Result<(Set, Run)> {
    let set = Set::create(&[errands(set_max)]).await?;
    let run = set.start(vec![errands(set_max)]).await?;
    let keys: Vec<Uuid> = numbers.iter().copied().map(Uuid::from_u128).collect();
    let marked = run.host("tally")?.write("test", &keys, |tx, keys| {
        Box::pin(async move {
            let now = tx.now();
            Ok(tx.mark_due(QUEUE, keys, now).await?)
        })
    });
    marked.await?;
    run.settle().await?;
    Ok((set, run))
}

/// Of one errand: how often it was begun, recorded and had its effect.
async fn counts(set: &Set, number: u128) -> anyhow::Result<(i32, i32, i64)> {
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    Ok(sqlx::query_as(
        "SELECT coalesce(max(begun), 0), coalesce(max(recorded), 0),
                (SELECT count(*) FROM effect WHERE key = $1)
         FROM errand WHERE key = $1",
    )
    .bind(Uuid::from_u128(number))
    .fetch_one(&mut conn)
    .await?)
}

async fn parked(run: &Run) -> anyhow::Result<Vec<String>> {
    let parked = duly_platform::parked::list(run.host("tally")?).await?;
    Ok(parked.into_iter().map(|p| format!("{} {}: {}", p.source, p.kind, p.error)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn work_outside_is_done_once_in_sets_of_the_size_asked_for() -> anyhow::Result<()> {
    let (set, run) = done(&[1, 2, 3, 4, 5, 6, 7], 2).await?;
    for number in 1..=7 {
        assert_eq!(counts(&set, number).await?, (1, 1, 1));
    }
    assert!(parked(&run).await?.is_empty());
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_outlasts_its_lease_records_nothing_and_is_begun_by_the_next() -> anyhow::Result<()> {
    let (set, run) = done(&[SLOW], 10).await?;
    assert_eq!(counts(&set, SLOW).await?, (2, 1, 2));
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_marked_while_it_is_done_is_done_again() -> anyhow::Result<()> {
    let (set, run) = done(&[MARKED_AGAIN, AGAIN, 1], 10).await?;
    assert_eq!(counts(&set, MARKED_AGAIN).await?, (2, 2, 2));
    assert_eq!(counts(&set, AGAIN).await?, (2, 2, 2));
    assert_eq!(counts(&set, 1).await?, (1, 1, 1));
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_begun_is_parked_and_the_others_go_on() -> anyhow::Result<()> {
    let (set, run) = done(&[1, NOT_BEGUN, 2], 10).await?;
    assert_eq!(counts(&set, NOT_BEGUN).await?, (0, 0, 0));
    assert_eq!(counts(&set, 1).await?, (1, 1, 1));
    assert_eq!(counts(&set, 2).await?, (1, 1, 1));
    assert_eq!(parked(&run).await?, ["due errand: a key that nobody can begin"]);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_cannot_be_recorded_costs_the_others_no_record() -> anyhow::Result<()> {
    let (set, run) = done(&[1, NOT_RECORDED, 2], 10).await?;
    assert_eq!(counts(&set, NOT_RECORDED).await?, (2, 0, 2));
    // Begun again beside it, after they had been recorded: a service answers no job for those.
    assert_eq!(counts(&set, 1).await?, (2, 2, 2));
    assert_eq!(counts(&set, 2).await?, (2, 2, 2));
    assert_eq!(parked(&run).await?, ["due errand: what nobody can record"]);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_panics_outside_is_parked_alone() -> anyhow::Result<()> {
    let (set, run) = done(&[PANICS, 1], 10).await?;
    assert_eq!(counts(&set, PANICS).await?.1, 0);
    assert!(counts(&set, 1).await?.1 >= 1);
    assert_eq!(parked(&run).await?, ["due errand: panicked: an errand that ends badly"]);
    run.stop().await;
    set.drop().await
}
