//! The journal's constraints hold in the database, whoever writes.

use sqlx::{PgConnection, types::Uuid};

use crate::world::{World, cash};
use duly_testkit::policy;

async fn insert(
    conn: &mut PgConnection,
    lines: &[(u128, i32, &str, &str, i64)],
) -> sqlx::Result<()> {
    let sets: Vec<Uuid> = lines.iter().map(|l| Uuid::from_u128(l.0)).collect();
    let numbers: Vec<i32> = lines.iter().map(|l| l.1).collect();
    let ledgers: Vec<String> = lines.iter().map(|l| l.2.to_owned()).collect();
    let currencies: Vec<String> = lines.iter().map(|l| l.3.to_owned()).collect();
    let amounts: Vec<i64> = lines.iter().map(|l| l.4).collect();
    sqlx::query(
        "INSERT INTO entry (set_id, line, ledger, currency, amount_minor, posted_on)
         SELECT s, l, g, c, a, '2026-01-05'
         FROM UNNEST($1::uuid[], $2::int[], $3::text[], $4::text[], $5::bigint[]) AS e (s, l, g, c, a)",
    )
    .bind(sets)
    .bind(numbers)
    .bind(ledgers)
    .bind(currencies)
    .bind(amounts)
    .execute(conn)
    .await
    .map(drop)
}

fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|e| e.constraint())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_that_does_not_balance_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut conn = world.set.connect_to(&world.set.schema("payments")).await?;
    let off = [(1, 1, "trust_bank", "USD", 100), (1, 2, "held", "USD", -99)];
    let across = [(1, 1, "trust_bank", "USD", 100), (1, 2, "held", "EUR", -100)];
    let books = [(1, 1, "trust_bank", "USD", -100), (1, 2, "operating_bank", "USD", 100)];
    let one_of_two = [
        (1, 1, "trust_bank", "USD", 100),
        (1, 2, "held", "USD", -100),
        (2, 1, "trust_bank", "USD", 5),
    ];
    for lines in [&off[..], &across, &books, &one_of_two] {
        let refused = insert(&mut conn, lines).await.unwrap_err();
        assert_eq!(constraint(&refused), Some("entry_set_balances"));
    }
    assert_eq!(world.count("SELECT count(*) FROM entry").await?, 0);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_set_gets_entries_twice() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut conn = world.set.connect_to(&world.set.schema("payments")).await?;
    let set = [(1, 1, "trust_bank", "USD", 100), (1, 2, "held", "USD", -100)];
    insert(&mut conn, &set).await?;
    let again = insert(&mut conn, &set).await.unwrap_err();
    assert_eq!(constraint(&again), Some("entry_line"));
    let more = [(1, 3, "trust_bank", "USD", 100), (1, 4, "held", "USD", -100)];
    let more = insert(&mut conn, &more).await.unwrap_err();
    assert_eq!(constraint(&more), Some("entry_set_whole"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_never_rewritten() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "500.00").await?;
    world.post(cash(&account, "10.00", "R1")).await?;
    world.tick().await?;
    let schema = world.set.schema("payments");
    let mut conn = world.set.connect_to(&schema).await?;
    let change = [
        "UPDATE entry SET amount_minor = 1",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE entry_set SET kind = 'swept'",
        "DELETE FROM entry_set",
    ];
    for sql in change {
        // The owner is refused by the trigger, the service itself for want of the right.
        let owner = sqlx::query(sql).execute(&mut conn).await.unwrap_err();
        assert_eq!(constraint(&owner), Some("append_only"), "{sql}");
    }
    sqlx::query(sqlx::AssertSqlSafe(format!("SET ROLE \"{schema}_app\"")))
        .execute(&mut conn)
        .await?;
    for sql in change {
        let app = sqlx::query(sql).execute(&mut conn).await.unwrap_err();
        let code = app.as_database_error().and_then(|e| e.code().map(std::borrow::Cow::into_owned));
        assert_eq!(code.as_deref(), Some("42501"), "{sql}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_never_overdrawn_and_no_item_is_remitted_twice() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "500.00").await?;
    world.cash(&account, "10.00", "R1").await?;
    world.remit(client, "2026-01-05").await?;
    let mut conn = world.set.connect_to(&world.set.schema("payments")).await?;
    let overdrawn = sqlx::query("UPDATE client_trust SET available = available - 1")
        .execute(&mut conn)
        .await
        .unwrap_err();
    assert_eq!(constraint(&overdrawn), Some("client_trust_available_never_below_zero"));
    let twice =
        "INSERT INTO remittance_item SELECT item_id, remittance_id, client_id FROM remittance_item";
    let twice = sqlx::query(twice).execute(&mut conn).await.unwrap_err();
    assert_eq!(constraint(&twice), Some("remittance_item_pkey"));
    world.close().await
}
