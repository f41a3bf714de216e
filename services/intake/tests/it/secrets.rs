//! A national id and a birth date rest nowhere in plain, whatever becomes of their record.

use duly_proto::intake::v1::{AckStatus, Placement};
use duly_testkit::{consumer, dump, holding};
use tonic::Code;

use crate::support::{Wire, World, chunk, open, refused};

const SSN: &str = "078-05-1120";
const SSN_DIGITS: &str = "078051120";
const BIRTH_DATE: &str = "1961-07-04";

fn planted(reference: &str) -> Placement {
    consumer(reference).national_id(SSN).birth_date(BIRTH_DATE).build()
}

async fn assert_nowhere(world: &World) -> anyhow::Result<()> {
    let cells = dump(&world.set).await?;
    assert!(!holding(&cells, "A-1").is_empty(), "the search finds what is there");
    for plain in [SSN, SSN_DIGITS, BIRTH_DATE] {
        assert_eq!(holding(&cells, plain), Vec::<String>::new());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_values_of_placed_rejected_and_repeated_records_rest_nowhere_in_plain()
-> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let mut rejected = planted("A-2");
    rejected.amount = None;
    let mut twice_wrong = planted("A-3");
    twice_wrong.liable_parties[0].birth_date.get_or_insert_default().plain = format!("{SSN} ");
    let records = vec![planted("A-1"), rejected, twice_wrong, planted("A-1")];
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    let first = wire.chunk(chunk(1, records.clone())).await?;
    let codes: Vec<&str> = first.acknowledgements.iter().map(|a| a.code.as_str()).collect();
    assert_eq!(codes, ["", "amount_missing", "birth_date_invalid", "duplicate_in_batch"]);
    let shown = format!("{first:?}");
    assert!(!shown.contains(SSN) && !shown.contains(SSN_DIGITS) && !shown.contains(BIRTH_DATE));
    assert_eq!(wire.chunk(chunk(1, records)).await?, first);
    let other = vec![planted("A-4")];
    refused(wire.chunk(chunk(1, other)).await, Code::AlreadyExists, "chunk_reused");
    drop(wire);
    world.run.settle().await?;
    assert_nowhere(&world).await?;

    let account = world.account(&first.acknowledgements[0].account_id).await?;
    let party = &account.liable_parties[0];
    assert!(party.national_id.is_none() && party.sealed_national_id.is_none());
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_insert_keeps_and_says_nothing_of_it() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let mut conn = world.set.connect_to(&world.set.schema("intake")).await?;
    let break_it = "ALTER TABLE liable_party ADD CONSTRAINT planted CHECK (name <> 'Robin Sample')";
    sqlx::query(break_it).execute(&mut conn).await?;
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    let words =
        refused(wire.chunk(chunk(1, vec![planted("A-1")])).await, Code::Internal, "internal");
    assert!(!words.contains("Robin") && !words.contains(SSN), "{words}");

    drop(wire);

    // Nothing is half done: the same chunk is placed once the fault is mended.
    sqlx::query("ALTER TABLE liable_party DROP CONSTRAINT planted").execute(&mut conn).await?;
    let (mut wire, opened) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    assert_eq!(opened.next_chunk_no, 1);
    let placed = wire.chunk(chunk(1, vec![planted("A-1")])).await?;
    assert_eq!(placed.acknowledgements[0].status(), AckStatus::Accepted);
    drop(wire);
    world.run.settle().await?;
    assert_nowhere(&world).await?;
    world.end().await
}
