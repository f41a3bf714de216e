//! A planted social security number stands nowhere: not in the database, its log, the NATS store or the
//! services' logs; not from an accepted row, a rejected one, a repeated request or a failed insert.

use std::{fs, path::Path};

use anyhow::Context as _;
use duly_embedded::{Scratch, Servers, ServersOptions};
use duly_testkit::{Driver, PlaceOpen, Placed, Set, Shape, client, consumer, holding};
use sqlx::Connection as _;

use crate::{fleet::Fleet, journey::all_services, road::insist, walk::settings};

/// Planted as the client writes it; searched for also without its dashes.
const PLANTED: &str = "512-34-8765";
const BARE: &str = "512348765";
const BORN: &str = "1971-12-03";

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_number_stands_nowhere_in_plain() -> anyhow::Result<()> {
    let scratch = Scratch::new("duly-secrets")?;
    let servers = Servers::start(&ServersOptions {
        dir: scratch.path().to_path_buf(),
        durable: false,
        ..ServersOptions::default()
    })?;
    servers.postgres.create_database("secrets")?;
    // The server logs every statement with its parameters: the worst that an operator may set.
    servers.postgres.query("postgres", "ALTER SYSTEM SET log_statement = 'all'")?;
    servers
        .postgres
        .query("postgres", "ALTER SYSTEM SET log_parameter_max_length_on_error = -1")?;
    servers.postgres.query("postgres", "SELECT pg_reload_conf()")?;

    let template = Set::create(&[]).await?;
    let mut config = template.config().clone();
    config.database_url =
        Some(duly_platform::config::SecretText::new(servers.postgres.url("secrets")));
    config.nats_url = Some(servers.nats.url());
    config.telemetry.log = "trace".into();
    template.drop().await?;
    let set = Set::adopt(config);
    set.make_sandbox("2026-01-05T15:00:00Z".parse()?).await?;
    set.migrate(&all_services()).await?;
    // Letters and searches go where everything is searched in the end.
    let extra = settings(scratch.path())?;
    let fleet = Fleet::start(
        &set,
        &extra,
        &["intake skiptrace contact letters payments workflow reporting gateway"],
    )?;
    let driver = Driver::new(&set, Shape::of(&all_services()));
    let api = set.clients(fleet.endpoints(), duly_platform::Role::Manager)?;

    let put = client("HARBOR").build();
    insist(async || Ok(api.intake.clone().put_client(put.clone()).await?)).await?;
    let secret = |reference: &str| consumer(reference).national_id(PLANTED).birth_date(BORN);
    let batch = |key: &str, claims: Vec<duly_proto::intake::v1::Placement>| {
        let (mut intake, key) = (api.intake.clone(), key.to_owned());
        async move {
            let open =
                PlaceOpen { client_ref: "HARBOR".into(), batch_key: key, ..PlaceOpen::default() };
            duly_testkit::place(&mut intake, open, claims, 10).await
        }
    };
    let claims = vec![
        secret("S-1").invoice("ST-1", "100.00", "2025-09-30").build(),
        secret("S-2").usd("-5.00").build(),
        consumer("S-3").national_id("512-34-8765-9").build(),
        consumer("S-4").national_id(PLANTED).birth_date("1971-12-33").build(),
    ];
    let first = batch("one", claims.clone()).await?;
    let repeated = batch("one", claims).await?;
    assert_eq!(statuses(&first), statuses(&repeated), "a repeated batch has the first answers");
    assert_eq!(first.batch.accepted, 1, "one of the four is good");
    for answer in &first.acknowledgements {
        let shown = format!("{} {} {}", answer.code, answer.field, answer.reason);
        assert!(!shown.contains(PLANTED) && !shown.contains(BARE), "an answer echoes it: {shown}");
    }

    // An insert that fails late: Postgres quotes the failing row in its log.
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::query(
        "ALTER TABLE liable_party ADD CONSTRAINT poison CHECK (name <> 'Poison') NOT VALID",
    )
    .execute(&mut conn)
    .await?;
    let failed = batch("two", vec![secret("S-5").person("Poison").build()]).await;
    let refusal = format!("{:?}", failed.err().context("the insert fails")?);
    assert!(!refusal.contains(PLANTED) && !refusal.contains(BARE), "the refusal echoes it");
    // Long enough for a letter and a search.
    driver.advance(chrono::TimeDelta::days(30)).await?;

    // What was sealed can be opened by who has the key: it is there, and only so.
    let sealed: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM liable_party WHERE sealed_national_id IS NOT NULL",
    )
    .fetch_one(&mut conn)
    .await?;
    assert_eq!(sealed, 1, "the accepted party's number is kept sealed");
    conn.close().await?;

    let cells = duly_testkit::dump(&set).await?;
    assert!(cells.len() > 100, "the dump holds the database");
    for needle in [PLANTED, BARE, BORN] {
        assert_eq!(holding(&cells, needle), Vec::<String>::new(), "{needle} in the database");
    }
    let logs = fleet.logs().to_path_buf();
    let mut searched = files_without(&logs)?;
    fleet.stop()?;
    servers.postgres.query("secrets", "CHECKPOINT")?;
    let dir = scratch.path().to_path_buf();
    servers.stop()?;
    // Data files, write-ahead log, server logs, streams.
    searched += files_without(&dir)?;
    assert!(searched > 100, "only {searched} files were searched");
    assert!(fs::read_dir(dir.join("print"))?.next().is_some(), "a letter was printed");
    assert!(fs::read_dir(dir.join("provider/requests"))?.next().is_some(), "a search was asked");
    Ok(())
}

fn statuses(placed: &Placed) -> Vec<(String, i32, String)> {
    let of = |a: &duly_proto::intake::v1::Acknowledgement| {
        (a.client_account_ref.clone(), a.status, a.code.clone())
    };
    placed.acknowledgements.iter().map(of).collect()
}

/// Counts the files below a folder; fails at the first that holds what was planted.
fn files_without(dir: &Path) -> anyhow::Result<usize> {
    let mut searched = 0;
    let mut waiting = vec![dir.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() {
                let bytes = fs::read(entry.path())?;
                for needle in [PLANTED, BARE, BORN] {
                    let found = bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
                    assert!(!found, "{needle} in {}", entry.path().display());
                }
                searched += 1;
            }
        }
    }
    Ok(searched)
}
