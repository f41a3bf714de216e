//! One event per transaction from its commit to the commit of its effect in another service, against
//! the same number of bare commits of one row.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use duly_platform::{Host, Listener, Service, State, Tx};
use duly_proto::{
    Event as _,
    common::v1::EventMeta,
    intake::v1::{BatchClosed, Event, event::Fact},
};
use duly_testkit::{Set, settle};
use futures::{StreamExt as _, future::BoxFuture, stream};
use sqlx::{AssertSqlSafe, migrate::Migrator};

static TELLER: Migrator = sqlx::migrate!("./migrations/teller");
static HEARER: Migrator = sqlx::migrate!("./migrations/hearer");

/// Transactions at once.
const WRITERS: usize = 6;

fn service(name: &'static str, migrator: &'static Migrator, listeners: Vec<Listener>) -> Service {
    Service {
        name,
        migrator,
        shared: &[],
        append_only: &[],
        access: &[],
        tells: &[],
        listeners,
        due: Vec::new(),
        outside: Vec::new(),
        state: State::default(),
        routes: |_| tonic::service::Routes::default(),
        http: None,
        digest: &[],
    }
}

fn services() -> Vec<Service> {
    let listener = Listener::new::<Event>("batch_closed", |tx, events| Box::pin(hear(tx, events)));
    vec![service("intake", &TELLER, vec![]), service("hearer", &HEARER, vec![listener])]
}

async fn hear(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let ids: Vec<String> = events.iter().map(|e| e.meta().event_id.clone()).collect();
    sqlx::query("INSERT INTO heard (event_id) SELECT * FROM UNNEST($1::text[])")
        .bind(ids)
        .execute(tx.conn())
        .await?;
    Ok(())
}

fn tell<'a>(tx: &'a mut Tx, _: &'a ()) -> BoxFuture<'a, Result<(), duly_platform::Refusal>> {
    Box::pin(async move {
        let id = duly_domain::EventId::from_uuid(tx.uuid()).to_string();
        sqlx::query("INSERT INTO told (event_id) VALUES ($1)").bind(&id).execute(tx.conn()).await?;
        let meta = EventMeta { event_id: id, ..EventMeta::default() };
        tx.tell::<Event>(meta, Fact::BatchClosed(BatchClosed::default()));
        Ok(())
    })
}

/// Tells at full speed, then at a pace that the listener keeps up with, and prints both.
pub async fn run(count: usize) -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let host = run.host("intake")?.clone();

    let began = Instant::now();
    stream::iter(0..count)
        .map(|n| bare(&host, n))
        .buffer_unordered(WRITERS)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<()>>>()?;
    let bare_time = began.elapsed();

    let began = Instant::now();
    tell_many(&host, count).await?;
    let told = began.elapsed();
    settle(&set, run.shapes()).await?;
    let applied = began.elapsed();
    let rate = |time: Duration| count as f64 / time.as_secs_f64();
    println!("bare commits of one row: {:.0}/s", rate(bare_time));
    println!(
        "frames committed: {:.0}/s; committed and applied: {:.0}/s",
        rate(told),
        rate(applied)
    );
    println!(
        "ratio applied / bare commits: {:.2}",
        bare_time.as_secs_f64() / applied.as_secs_f64()
    );
    println!("under full load, commit to applied: {}", latency(&set).await?);

    forget(&set).await?;
    let mut every = tokio::time::interval(Duration::from_millis(10));
    for _ in 0..500 {
        every.tick().await;
        tell_many(&host, 1).await?;
    }
    settle(&set, run.shapes()).await?;
    println!("at 100 frames/s, commit to applied: {}", latency(&set).await?);
    run.stop().await;
    set.drop().await
}

async fn tell_many(host: &Host, count: usize) -> anyhow::Result<()> {
    stream::iter(0..count)
        .map(|_| host.write("service:bench", &(), tell))
        .buffer_unordered(WRITERS)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect::<Result<Vec<()>, _>>()?;
    Ok(())
}

async fn bare(host: &Host, n: usize) -> anyhow::Result<()> {
    sqlx::query("INSERT INTO bare (id) VALUES ($1)")
        .bind(i64::try_from(n)?)
        .execute(host.pool())
        .await?;
    Ok(())
}

async fn forget(set: &Set) -> anyhow::Result<()> {
    let mut conn = set.connect().await?;
    for table in
        [format!("{}.told", set.schema("intake")), format!("{}.heard", set.schema("hearer"))]
    {
        sqlx::query(AssertSqlSafe(format!("TRUNCATE {table}"))).execute(&mut conn).await?;
    }
    Ok(())
}

async fn latency(set: &Set) -> anyhow::Result<String> {
    let mut conn = set.connect().await?;
    let sql = format!(
        "SELECT format('p50 %s ms, p99 %s ms, worst %s ms',
                round(1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY s)),
                round(1000 * percentile_cont(0.99) WITHIN GROUP (ORDER BY s)), round(1000 * max(s)))
         FROM (SELECT extract(epoch FROM h.machine_at - t.machine_at)::double precision AS s
               FROM {}.told AS t JOIN {}.heard AS h USING (event_id)) AS latencies",
        set.schema("intake"),
        set.schema("hearer")
    );
    let found: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut conn).await?;
    found.context("frames were heard")
}
