//! A teller and a tally. The teller goes by the name of intake, because a kind of event belongs to the
//! service that its message names.

use chrono::{DateTime, Utc};
use duly_platform::{Digest, DueItem, DueWork, Host, Listener, Refusal, Service, Tx};
use duly_proto::{
    common::v1::EventMeta,
    intake::v1::{AccountAdjusted, Event, event::Fact},
};
use duly_testkit::cents;
use sqlx::{migrate::Migrator, types::Uuid};
use tonic::service::Routes;

static TELLER: Migrator = sqlx::migrate!("tests/it/migrations/teller");
static TALLY: Migrator = sqlx::migrate!("tests/it/migrations/tally");

/// The queue of the tally.
pub const QUEUE: &str = "tally";

/// One event to tell: a reference `r<number>`, an amount, a word that may be poison.
#[derive(Clone)]
pub struct Told {
    /// Its reference.
    pub number: u128,
    /// Added to the tally.
    pub amount: i64,
    /// `panic` and `refuse` make the handler do so.
    pub word: &'static str,
}

/// So many harmless events on so many references.
pub fn told(numbers: impl IntoIterator<Item = u128>) -> Vec<Told> {
    numbers.into_iter().map(|number| Told { number, amount: 7, word: "" }).collect()
}

/// Tells `account_adjusted`; its table holds what it told.
pub fn teller() -> Service {
    Service {
        name: "intake",
        migrator: &TELLER,
        shared: &[],
        append_only: &["told"],
        access: &[],
        tells: &["account_adjusted"],
        listeners: Vec::new(),
        due: Vec::new(),
        outside: Vec::new(),
        state: duly_platform::State::default(),
        routes: |_| Routes::default(),
        http: None,
        digest: &[Digest { table: "told", sql: "SELECT concat_ws('|', ref, amount) FROM told" }],
    }
}

/// Hears it, adds it up, and decides at the next tick.
pub fn tally() -> Service {
    Service {
        name: "tally",
        migrator: &TALLY,
        shared: &[],
        append_only: &[],
        access: &[],
        tells: &[],
        listeners: vec![Listener::new::<Event>("account_adjusted", |tx, events| {
            Box::pin(add_up(tx, events))
        })],
        due: vec![DueWork::new(QUEUE, |tx, items| Box::pin(decide(tx, items)))],
        outside: Vec::new(),
        state: duly_platform::State::default(),
        routes: |_| Routes::default(),
        http: None,
        digest: &[
            Digest { table: "tally", sql: "SELECT concat_ws('|', ref, events, amount) FROM tally" },
            Digest {
                table: "decided",
                sql: "SELECT concat_ws('|', key, due_at, at, events) FROM decided",
            },
        ],
    }
}

/// The same with a worker that never comes to an end.
pub fn tally_with_a_hanging_worker() -> Service {
    let hang = DueWork::new(QUEUE, |_, _| Box::pin(std::future::pending()));
    Service { due: vec![hang], ..tally() }
}

/// Both.
pub fn services() -> Vec<Service> {
    vec![teller(), tally()]
}

/// Tells these events in one transaction.
pub async fn tell(host: &Host, events: &[Told]) -> Result<(), Refusal> {
    host.write("test", events, |tx, events| Box::pin(tell_in(tx, events))).await
}

async fn tell_in(tx: &mut Tx, events: &[Told]) -> Result<(), Refusal> {
    for told in events {
        sqlx::query("INSERT INTO told (ref, amount) VALUES ($1 || '-' || gen_random_uuid(), $2)")
            .bind(format!("r{}", told.number))
            .bind(told.amount)
            .execute(tx.conn())
            .await?;
        let fact = AccountAdjusted {
            account_id: told.number.to_string(),
            amount: Some(cents(told.amount)),
            reason: told.word.to_owned(),
            ..AccountAdjusted::default()
        };
        tx.tell::<Event>(EventMeta::default(), Fact::AccountAdjusted(fact));
    }
    Ok(())
}

async fn add_up(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut numbers, mut amounts, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        let Some(Fact::AccountAdjusted(fact)) = &event.fact else { anyhow::bail!("no fact") };
        match fact.reason.as_str() {
            "panic" => panic!("an event asked for it"),
            "refuse" => anyhow::bail!("an event that nobody takes"),
            _ => {}
        }
        numbers.push(fact.account_id.clone());
        amounts.push(fact.amount.as_ref().map_or(0, |amount| amount.minor));
        keys.push(Uuid::from_u128(fact.account_id.parse()?));
    }
    sqlx::query(
        "INSERT INTO tally (ref, events, amount)
         SELECT ref, count(*), sum(amount) FROM UNNEST($1::text[], $2::bigint[]) AS t (ref, amount)
         GROUP BY ref ORDER BY ref
         ON CONFLICT (ref) DO UPDATE
         SET events = tally.events + excluded.events, amount = tally.amount + excluded.amount",
    )
    .bind(&numbers)
    .bind(&amounts)
    .execute(tx.conn())
    .await?;
    let at = tx.next_tick();
    tx.mark_due(QUEUE, &keys, at).await?;
    Ok(())
}

async fn decide(tx: &mut Tx, items: &[DueItem]) -> anyhow::Result<()> {
    let keys: Vec<Uuid> = items.iter().map(|item| item.key).collect();
    let refs: Vec<String> = keys.iter().map(|key| key.as_u128().to_string()).collect();
    let due: Vec<DateTime<Utc>> = items.iter().map(|item| item.due_at).collect();
    anyhow::ensure!(!keys.contains(&Uuid::from_u128(POISONED)), "a key that nobody can decide");
    let now = tx.now();
    sqlx::query(
        "INSERT INTO decided (key, due_at, at, events)
         SELECT key, due_at, $4, events
         FROM UNNEST($1::uuid[], $2::text[], $3::timestamptz[]) AS due (key, ref, due_at)
         JOIN tally USING (ref)",
    )
    .bind(&keys)
    .bind(&refs)
    .bind(&due)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The number whose decision always fails.
pub const POISONED: u128 = 666;
