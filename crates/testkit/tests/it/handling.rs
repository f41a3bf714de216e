//! Handlers that go wrong in one way or the other, and what is blamed for it.

use std::sync::atomic::{AtomicBool, Ordering};

use duly_platform::{DueItem, DueWork, Listener, Service, Tx, parked};
use duly_proto::{
    common::v1::{EventMeta, Frame},
    intake::v1::{AccountAdjusted, Event, event::Fact},
    payments,
};
use duly_testkit::{Set, numbered_frames};
use sqlx::types::Uuid;

use crate::fixture::{QUEUE, Told, services, tally, tell, teller, told};

fn adjusted(event: &Event) -> &AccountAdjusted {
    match &event.fact {
        Some(Fact::AccountAdjusted(fact)) => fact,
        _ => panic!("the teller tells nothing else"),
    }
}

/// Answers each event with one of its own; a word makes it panic or tell too much.
fn echo() -> Service {
    let listener = Listener::new::<Event>("account_adjusted", |tx, events| {
        Box::pin(async move {
            for event in events {
                let word = adjusted(event).reason.as_str();
                assert!(word != "panic", "an event asked for it");
                let fact = payments::v1::PaymentPosted {
                    received_reference: if word == "much" {
                        "x".repeat(1_500_000)
                    } else {
                        adjusted(event).account_id.clone()
                    },
                    ..Default::default()
                };
                tx.tell::<payments::v1::Event>(
                    EventMeta::default(),
                    payments::v1::event::Fact::PaymentPosted(fact),
                );
            }
            Ok(())
        })
    });
    Service { name: "payments", listeners: vec![listener], due: Vec::new(), ..tally() }
}

fn decoded<E: duly_proto::Event>(frames: &[Frame]) -> anyhow::Result<Vec<E>> {
    let events = frames.iter().flat_map(|frame| &frame.events);
    Ok(events.map(|event| E::decode(event.as_slice())).collect::<Result<_, _>>()?)
}

fn with_word(numbers: std::ops::Range<u128>, odd: u128, word: &'static str) -> Vec<Told> {
    numbers
        .map(|number| Told { number, amount: 7, word: if number == odd { word } else { "" } })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_handler_panicked_causes_nothing_that_others_tell() -> anyhow::Result<()> {
    let set = Set::create(&[teller(), echo()]).await?;
    let run = set.start(vec![teller(), echo()]).await?;
    tell(run.host("intake")?, &with_word(0..4, 1, "panic")).await?;
    run.settle().await?;
    let causes: Vec<Event> = decoded(&numbered_frames(&set, "intake").await?)?;
    let panicked = duly_proto::Event::meta(&causes[1]).event_id.clone();
    let told: Vec<payments::v1::Event> = decoded(&numbered_frames(&set, "payments").await?)?;
    assert_eq!(told.len(), 3);
    for event in &told {
        assert_ne!(duly_proto::Event::meta(event).cause_id, panicked, "{event:?}");
    }
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_handler_tells_too_much_is_parked_and_the_rest_goes_on() -> anyhow::Result<()>
{
    let set = Set::create(&[teller(), echo()]).await?;
    let run = set.start(vec![teller(), echo()]).await?;
    tell(run.host("intake")?, &with_word(0..4, 2, "much")).await?;
    run.settle().await?;
    let told: Vec<payments::v1::Event> = decoded(&numbered_frames(&set, "payments").await?)?;
    assert_eq!(told.len(), 3);
    let parked = parked::list(run.host("payments")?).await?;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert!(parked[0].error.contains("payment_posted"), "{parked:?}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_no_database_keeps_is_parked_in_other_words() -> anyhow::Result<()> {
    let listener = Listener::new::<Event>("account_adjusted", |_, _| {
        Box::pin(async { anyhow::bail!("no such reference: r\0 1") })
    });
    let refusing = Service { listeners: vec![listener], ..tally() };
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller(), refusing]).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    let parked = parked::list(run.host("tally")?).await?;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert!(parked[0].error.contains("no such reference: r 1"), "{parked:?}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_system_that_fails_is_not_the_datas_fault() -> anyhow::Result<()> {
    static FAILED: AtomicBool = AtomicBool::new(false);
    let listener = Listener::new::<Event>("account_adjusted", |_, _| {
        Box::pin(async {
            if !FAILED.swap(true, Ordering::SeqCst) {
                let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
                return Err(anyhow::Error::new(full).context("writing a statement"));
            }
            Ok(())
        })
    });
    let writer = || Service { listeners: vec![listener.clone()], ..tally() };
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller(), writer()]).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    assert!(FAILED.load(Ordering::SeqCst));
    let parked = parked::list(run.host("tally")?).await?;
    assert!(parked.is_empty(), "{parked:?}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_the_database_quotes_is_not_kept_with_the_error() -> anyhow::Result<()> {
    let listener = Listener::new::<Event>("account_adjusted", |tx, events| {
        Box::pin(async move {
            for event in events {
                sqlx::query("SELECT $1::text::date")
                    .bind(&adjusted(event).reason)
                    .execute(tx.conn())
                    .await?;
            }
            Ok(())
        })
    });
    let casting = Service { listeners: vec![listener], ..tally() };
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller(), casting]).await?;
    tell(run.host("intake")?, &[Told { number: 1, amount: 1, word: "078-05-1120" }]).await?;
    run.settle().await?;
    let parked = parked::list(run.host("tally")?).await?;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert!(!parked[0].error.contains("078-05-1120"), "{parked:?}");
    assert!(parked[0].error.contains("date"), "{parked:?}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_goes_on_after_what_panics_and_what_nobody_hears() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let (host, listeners) = (run.host("tally")?, run.listeners("tally")?);
    tell(run.host("intake")?, &[Told { number: 1, amount: 1, word: "panic" }]).await?;
    run.settle().await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    sqlx::query(
        "INSERT INTO parked (id, source, kind, payload, error)
         VALUES (gen_random_uuid(), 'frame', 'intake.of_an_older_version', '', 'x')",
    )
    .execute(&mut conn)
    .await?;
    tell(run.host("intake")?, &[Told { number: 5, amount: 1_000_000, word: "" }]).await?;
    run.settle().await?;
    sqlx::raw_sql("ALTER TABLE tally DROP CONSTRAINT tally_amount_check")
        .execute(&mut conn)
        .await?;
    assert_eq!(parked::replay(host, listeners).await?, (1, 2));
    let amount: i64 = sqlx::query_scalar("SELECT amount FROM tally").fetch_one(&mut conn).await?;
    assert_eq!(amount, 1_000_000);
    run.stop().await;
    set.drop().await
}

async fn decide_twice(tx: &mut Tx, items: &[DueItem]) -> anyhow::Result<()> {
    for item in items {
        let decided: i64 = sqlx::query_scalar("SELECT count(*) FROM decided WHERE key = $1")
            .bind(item.key)
            .fetch_one(tx.conn())
            .await?;
        let at = tx.now();
        sqlx::query("INSERT INTO decided (key, due_at, at, events) VALUES ($1, $2, $3, $4)")
            .bind(item.key)
            .bind(item.due_at)
            .bind(at)
            .bind(decided)
            .execute(tx.conn())
            .await?;
        if decided == 0 {
            // The earliest mark of another key, or of this one, for this very instant.
            tx.mark_due(QUEUE, &[item.key], item.due_at).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_by_the_worker_that_holds_the_row_is_not_lost() -> anyhow::Result<()> {
    let work = DueWork::new(QUEUE, |tx, items| Box::pin(decide_twice(tx, items)));
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller(), Service { due: vec![work], ..tally() }]).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.driver().advance(chrono::TimeDelta::hours(1)).await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let decided: Vec<i64> =
        sqlx::query_scalar("SELECT events FROM decided WHERE key = $1 ORDER BY 1")
            .bind(Uuid::from_u128(1))
            .fetch_all(&mut conn)
            .await?;
    assert_eq!(decided, [0, 1]);
    run.stop().await;
    set.drop().await
}
