//! 200,000 accounts by the placement stream, as a client would send them, and the same rows by `\copy`.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use duly_platform::Role;
use duly_proto::intake::v1::{
    PlaceChunk, PlaceEnd, PlaceOpen, PlaceRequest, PlacementRecord, place_request, place_response,
    placement_record,
};
use duly_testkit::{Set, client, placement, policy};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Records in one chunk: the most that intake takes.
const CHUNK: usize = 500;
/// Chunks sent ahead of their answers: the most that intake takes.
const OUTSTANDING: usize = 4;
/// Tables whose rows are the placement itself; the mechanisms' own come on top and are not copied.
const TABLES: [&str; 4] = ["account", "claim_item", "liable_party", "acknowledgement"];
/// `\copy` is repeated, since it is short beside the machine's noise.
const ROUNDS: usize = 3;

/// Places, then copies, then prints the ratio.
pub async fn run(accounts: usize) -> anyhow::Result<()> {
    let services = || vec![duly_intake::service()];
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let mut api = run.clients(Role::Manager)?;
    api.intake.put_client(client("BENCH").with(policy()).build()).await?;

    let began = Instant::now();
    let (requests, outbound) = mpsc::channel::<PlaceRequest>(OUTSTANDING);
    let send = async |message| {
        let request = PlaceRequest { message: Some(message) };
        requests.send(request).await.context("the stream was closed by the service")
    };
    let open =
        PlaceOpen { client_ref: "BENCH".into(), batch_key: "bench".into(), ..PlaceOpen::default() };
    send(place_request::Message::Open(open)).await?;
    let mut answers = api.intake.place(ReceiverStream::new(outbound)).await?.into_inner();
    let mut outstanding = 0;
    for (chunk_no, first) in (1..).zip((0..accounts).step_by(CHUNK)) {
        let records = (first..accounts.min(first + CHUNK)).map(record).collect();
        send(place_request::Message::Chunk(PlaceChunk { chunk_no, records })).await?;
        outstanding += 1;
        while outstanding >= OUTSTANDING {
            outstanding -= chunks_in(answers.message().await?)?;
        }
    }
    send(place_request::Message::End(PlaceEnd {})).await?;
    let placed = loop {
        match answers.message().await?.and_then(|a| a.message) {
            Some(place_response::Message::Closed(batch)) => break batch,
            Some(_) => {}
            None => bail!("the stream ended without the closed batch"),
        }
    };
    let by_stream = began.elapsed();
    ensure!(placed.accepted == i64::try_from(accounts)?, "all records are good: {placed:?}");
    let peak = peak_memory_mib()?;
    run.stop().await;

    let by_copy = copy_all(&set).await?;
    let rate = |time: Duration| accounts as f64 / time.as_secs_f64();
    println!("placed {accounts} accounts by stream: {:.0} accounts/s", rate(by_stream));
    println!("the same rows by psql \\copy (best of {ROUNDS}): {:.0} accounts/s", rate(by_copy));
    println!("ratio stream / copy: {:.2}", by_copy.as_secs_f64() / by_stream.as_secs_f64());
    println!("peak resident memory of service, relay and this client together: {peak} MiB");
    set.drop().await
}

fn chunks_in(answer: Option<duly_proto::intake::v1::PlaceResponse>) -> anyhow::Result<usize> {
    match answer.and_then(|a| a.message) {
        Some(place_response::Message::Chunk(_)) => Ok(1),
        Some(_) => Ok(0),
        None => bail!("the stream ended early"),
    }
}

fn record(n: usize) -> PlacementRecord {
    let amount = format!("{}.{:02}", 50 + n % 9_000, n % 100);
    let claim = placement(&format!("REF-{n:08}"))
        .business(&format!("Example Trading {n} LLC"))
        .invoice(&format!("INV-{n:08}"), &amount, "2025-08-31");
    let record = Some(placement_record::Record::Placement(claim.build()));
    PlacementRecord { line: i64::try_from(n + 1).unwrap_or(i64::MAX), record }
}

fn peak_memory_mib() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find(|l| l.starts_with("VmHWM:")).context("the kernel tells VmHWM")?;
    let kib: u64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kib / 1024)
}

/// The best time of copying the placement's rows into tables with the same columns, constraints and
/// indexes.
async fn copy_all(set: &Set) -> anyhow::Result<Duration> {
    let schema = set.schema("intake");
    let url = set.config().database_url.as_ref().context("a database")?.expose().to_owned();
    let dir = std::env::temp_dir().join(format!("duly-bench-{schema}"));
    fs::create_dir_all(&dir)?;
    let mut conn = set.connect_to(&schema).await?;
    for table in TABLES {
        let file = dir.join(table);
        psql(&url, &format!("\\copy {schema}.{table} to '{}' csv", file.display()))?;
    }
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let mut time = Duration::ZERO;
        for table in TABLES {
            time += copy_one(&mut conn, &url, &schema, table, &dir.join(table)).await?;
        }
        best = best.min(time);
    }
    conn.close().await?;
    fs::remove_dir_all(&dir)?;
    Ok(best)
}

async fn copy_one(
    conn: &mut PgConnection,
    url: &str,
    schema: &str,
    table: &str,
    file: &Path,
) -> anyhow::Result<Duration> {
    let make = format!(
        "DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE {table} INCLUDING ALL); CHECKPOINT"
    );
    for statement in make.split(';') {
        sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut *conn).await?;
    }
    let began = Instant::now();
    psql(url, &format!("\\copy {schema}.copied from '{}' csv", file.display()))?;
    Ok(began.elapsed())
}

fn psql(url: &str, command: &str) -> anyhow::Result<()> {
    let status = Command::new("psql")
        .args([url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command])
        .status()?;
    ensure!(status.success(), "psql failed: {command}");
    Ok(())
}
