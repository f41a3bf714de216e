//! Tests that a planted fault must turn red (`cargo xtask test` arms each and insists). Each takes one
//! mechanism to the one moment for which it is there.

use std::time::Duration;

use anyhow::Context as _;
use duly_domain::{ClientId, IdSource as _};
use duly_platform::{Config, Role, SystemIds};
use duly_proto::{
    Event as _,
    common::v1::{EventMeta, Frame},
    contact::v1::{ListAttemptsRequest, StopKind},
    intake::v1::{
        ClientChanged, Event, GetAccountRequest, LiableParty, event::Fact, get_account_request,
    },
    workflow::v1::{AssignStrategyRequest, PublishStrategyRequest},
};
use duly_testkit::{
    Delivery, PlaceOpen, Run, Set, client, numbered_frames, place, placement, post, request_id,
    settle_within, stop,
};
use futures::future::try_join_all;
use prost::Message as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::{Instant, interval};

use crate::{journey::services, road::Road};

/// How long a fault may take to show, on machine time.
const SHOWS_WITHIN: Duration = Duration::from_secs(20);

async fn place_one(run: &Run, client_ref: &str) -> anyhow::Result<String> {
    let mut api = run.clients(Role::Manager)?;
    api.intake.put_client(client(client_ref).build()).await?;
    let open = PlaceOpen {
        client_ref: client_ref.into(),
        batch_key: "one".into(),
        ..PlaceOpen::default()
    };
    place(&mut api.intake, open, vec![placement("A-1").build()], 10).await?.account_id("A-1")
}

async fn count(conn: &mut PgConnection, sql: &str) -> anyhow::Result<i64> {
    Ok(sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(conn).await?)
}

/// Waits until the query's count reaches one.
async fn until_seen(conn: &mut PgConnection, sql: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + SHOWS_WITHIN;
    let mut every = interval(Duration::from_millis(20));
    while count(conn, sql).await? == 0 {
        anyhow::ensure!(Instant::now() < deadline, "nothing within {SHOWS_WITHIN:?}: {sql}");
        every.tick().await;
    }
    Ok(())
}

/// Sessions of a schema that wait for a lock.
fn waiting_in(set: &Set, service: &str, query: &str) -> String {
    format!(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '{}'
         AND wait_event_type = 'Lock' AND query ILIKE '%{query}%'",
        set.schema(service)
    )
}

/// A frame that comes again has no second effect: the inbox knows its number.
#[tokio::test(flavor = "multi_thread")]
async fn planted_no_inbox() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    Road::new(&set, &run.endpoints(), run.driver())?.walk(async |_| Ok(())).await?;
    let before = run.digest().await?;
    run.deliver(Delivery { seed: 1, times: 1 }).await?;
    run.settle().await?;
    let after = run.digest().await?;
    run.stop().await;
    let difference = before.difference(&after);
    assert!(difference.is_empty(), "a second delivery changed the state:\n{difference}");
    set.drop().await
}

/// One event that cannot be handled stands alone: its neighbours in the same frame are handled.
#[tokio::test(flavor = "multi_thread")]
async fn planted_no_halving() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    place_one(&run, "GOOD").await?;
    run.settle().await?;
    let frames = numbered_frames(&set, "intake").await?;
    let placed = frames.iter().find(|f| f.kind == "intake.account_placed").context("a frame")?;
    // Six more placements of the same client in one frame, the fourth in a currency that is none.
    let mut events = Vec::new();
    for n in 0..6 {
        let mut event = Event::decode(placed.events[0].as_slice())?;
        let id = duly_domain::AccountId::from_uuid(SystemIds.uuid()).to_string();
        event.meta_mut().event_id = duly_domain::EventId::from_uuid(SystemIds.uuid()).to_string();
        event.meta_mut().account_id.clone_from(&id);
        if let Some(Fact::AccountPlaced(fact)) = &mut event.fact {
            fact.account_id = id;
            fact.client_account_ref = format!("N-{n}");
            if n == 3 {
                fact.listed_amount.get_or_insert_default().currency = "???".into();
            }
        }
        events.push(event.encode_to_vec());
    }
    let poisoned = Frame { no: placed.no + 1_000, events, ..placed.clone() };
    let listener = run.listeners("payments")?.iter().find(|l| l.kind == placed.kind);
    let listener = listener.context("payments hears placements")?;
    duly_platform::apply_frames(run.host("payments")?, listener, &[poisoned]).await?;
    let mut conn = set.connect_to(&set.schema("payments")).await?;
    let parked = count(&mut conn, "SELECT count(*) FROM parked").await?;
    let kept = count(&mut conn, "SELECT count(*) FROM account WHERE client_account_ref LIKE 'N-%'")
        .await?;
    conn.close().await?;
    run.stop().await;
    assert_eq!((kept, parked), (5, 1), "placements kept and parked");
    set.drop().await
}

/// A frame is acknowledged only after the commit of its effect: a listener that dies in between gets
/// it again from the stream, without any announcement.
#[tokio::test(flavor = "multi_thread")]
async fn planted_ack_first() -> anyhow::Result<()> {
    let owner = Set::create(&services()).await?;
    let mut config = owner.config().clone();
    // Heads are announced once at the start and then not again: what is not in the stream is lost.
    config.intervals.heads = Duration::from_secs(3_600);
    let set = Set::adopt(config);
    let teller = set.start(vec![duly_intake::service()]).await?;
    let listener = set.start(vec![duly_reporting::service()]).await?;

    // The listener gets the frame and cannot commit its effect; there it dies.
    let mut lock = set.connect_to(&set.schema("reporting")).await?;
    let mut held = lock.begin().await?;
    sqlx::query("LOCK TABLE client IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await?;
    let mut api = set.clients(&teller.endpoints(), Role::Manager)?;
    api.intake.put_client(client("LOST").build()).await?;
    let mut conn = set.connect().await?;
    until_seen(&mut conn, &waiting_in(&set, "reporting", "client")).await?;
    let ((), released) = tokio::join!(listener.abort(), held.rollback());
    released?;

    let again = set.start(vec![duly_reporting::service()]).await?;
    let shapes = duly_testkit::Shape::of(&[duly_reporting::service()]);
    let settled = settle_within(&set, &shapes, SHOWS_WITHIN).await;
    again.stop().await;
    teller.stop().await;
    settled.context("the frame came again")?;
    let heard = format!("SELECT count(*) FROM \"{}\".client", set.schema("reporting"));
    assert_eq!(count(&mut conn, &heard).await?, 1, "the client is known");
    owner.drop().await
}

/// Frames are published only after their numbers have committed: a number that was rolled back is
/// given to another frame, and a listener that had seen it would skip that one.
#[tokio::test(flavor = "multi_thread")]
async fn planted_publish_before_commit() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    // Numbering fails at its commit, as in a crash just before it.
    sqlx::raw_sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE 'numbering is refused' USING ERRCODE = '55000'; END $$;
         CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON outbox_head
           DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();",
    )
    .execute(&mut conn)
    .await?;
    let mut api = run.clients(Role::Manager)?;
    api.intake.put_client(client("FIRST").build()).await?;
    // Several tries to number it have failed, and under the fault it has gone out as number 1.
    let sql =
        format!("SELECT count(*) FROM \"{}\".inbox_floor WHERE floor > 0", set.schema("reporting"));
    let mut every = interval(Duration::from_millis(50));
    let deadline = Instant::now() + Duration::from_secs(2);
    while Instant::now() < deadline && count(&mut conn, &sql).await? == 0 {
        every.tick().await;
    }
    // Another frame comes first in the order of numbering, in the transaction that lets it go on.
    let other = ClientChanged {
        client_id: ClientId::from_uuid(SystemIds.uuid()).to_string(),
        client_ref: "OTHER".into(),
        name: "Other Supply Co.".into(),
        effective_on: Some(duly_testkit::day("2025-01-01")),
        policy: Some(duly_testkit::policy().build()),
        ..ClientChanged::default()
    };
    let meta = EventMeta {
        event_id: duly_domain::EventId::from_uuid(SystemIds.uuid()).to_string(),
        client_id: other.client_id.clone(),
        version: 1,
        occurred_at: Some(duly_proto::convert::timestamp(run.driver().now().await?)),
        actor: "service:intake".into(),
        ..EventMeta::default()
    };
    let event = Event::new(meta, Fact::ClientChanged(other)).encode_to_vec();
    let body = Frame { events: vec![event], ..Frame::default() }.encode_to_vec();
    let mut tx = conn.begin().await?;
    sqlx::query("DROP TRIGGER refuse ON outbox_head").execute(&mut *tx).await?;
    sqlx::query(
        "INSERT INTO outbox (id, kind, schema, told_at, traceparent, body, events)
         VALUES ('00000000-0000-7000-8000-000000000001', 'intake.client_changed', 'v1', now(), '', $1, 1)",
    )
    .bind(body)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    run.settle().await?;
    let heard = format!(
        "SELECT count(*) FROM \"{}\".client WHERE client_ref IN ('FIRST', 'OTHER')",
        set.schema("reporting")
    );
    let known = count(&mut conn, &heard).await?;
    conn.close().await?;
    run.stop().await;
    assert_eq!(known, 2, "both clients are known");
    set.drop().await
}

/// Due work is taken off only in the transaction of its effect: a worker that dies after the claim
/// leaves it to the next.
#[tokio::test(flavor = "multi_thread")]
async fn planted_lost_timer() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let account = place_one(&run, "HELD").await?;
    run.settle().await?;
    let mut conn = set.connect_to(&set.schema("payments")).await?;
    let mut lock = set.connect_to(&set.schema("payments")).await?;
    // The worker claims the release, cannot do it, and dies there.
    let mut api = run.clients(Role::Manager)?;
    let posted = api.payments.post_payment(
        post(&account).usd("40.00").method(duly_proto::payments::v1::PaymentMethod::Cheque).build(),
    );
    let payment = posted.await?.into_inner().payment.context("an answer has its payment")?;
    run.settle().await?;
    // What the payment makes due at the next tick is done by then.
    run.driver().advance(chrono::TimeDelta::hours(1)).await?;
    let release = run.driver().next_due().await?.context("the release is due some day")?;
    let mut held = lock.begin().await?;
    sqlx::query("LOCK TABLE payment IN ACCESS EXCLUSIVE MODE").execute(&mut *held).await?;
    run.driver().set_now(release).await?;
    until_seen(&mut conn, &waiting_in(&set, "payments", "payment")).await?;
    let ((), released) = tokio::join!(run.abort(), held.rollback());
    released?;

    let run = set.start(services()).await?;
    let settled = settle_within(&set, run.shapes(), SHOWS_WITHIN).await;
    let mut api = run.clients(Role::Manager)?;
    let request = duly_proto::payments::v1::GetPaymentRequest { payment_id: payment.payment_id };
    let found = api.payments.get_payment(request).await?.into_inner().payment.unwrap_or_default();
    run.stop().await;
    settled?;
    assert_eq!(
        found.state(),
        duly_proto::payments::v1::PaymentState::Released,
        "the payment is released"
    );
    set.drop().await
}

/// Debtors who are called, and cease, at one tick.
const CALLED: usize = 6;

/// How each of them is worked.
const ONE_CALL: &str = "
strategy: one-call
summary: One call.
for: { debt_class: commercial, service_kinds: [contingency] }
roles: { principal: { after_days: 0 } }
steps:
  - id: call
    do: { call: { tries: 1 } }
  - id: rest
    do: { wait: { days: 60 } }
  - id: close
    do: { propose_close: { code: UNC } }
";

/// Account and principal debtor of each of [`CALLED`] claims that are worked by one call.
async fn place_called(run: &Run) -> anyhow::Result<Vec<(String, String)>> {
    let mut api = run.clients(Role::Manager)?;
    api.intake.put_client(client("CALLED").build()).await?;
    let publish =
        PublishStrategyRequest { request_id: request_id(), document: ONE_CALL.to_owned() };
    api.workflow.publish_strategy(publish).await?;
    let claim = |n: usize| {
        let with_phone = |party: &mut LiableParty| party.phones = vec![format!("+1614555040{n}")];
        placement(&format!("C-{n}")).principal(with_phone).build()
    };
    let open = PlaceOpen {
        client_ref: "CALLED".into(),
        batch_key: "called".into(),
        ..PlaceOpen::default()
    };
    let placed = place(&mut api.intake, open, (0..CALLED).map(claim).collect(), 10).await?;
    run.settle().await?;
    let mut called = Vec::new();
    for n in 0..CALLED {
        let account_id = placed.account_id(&format!("C-{n}"))?;
        let assign = AssignStrategyRequest {
            request_id: request_id(),
            account_id: account_id.clone(),
            strategy: "one-call".into(),
            reason: "a call is what is raced for".into(),
        };
        api.workflow.assign_strategy(assign).await?;
        let key = Some(get_account_request::Key::AccountId(account_id.clone()));
        let account = api.intake.get_account(GetAccountRequest { key }).await?.into_inner().account;
        let parties = account.context("an answer has its account")?.liable_parties;
        let principal = parties.into_iter().next().context("an account has its debtor")?;
        called.push((account_id, principal.party_id));
    }
    Ok(called)
}

/// A stop waits for the tick that is judging the same person: once its command has returned, nothing is
/// authorised against it.
#[tokio::test(flavor = "multi_thread")]
async fn planted_no_person_lock() -> anyhow::Result<()> {
    let services = || duly::services(&Config::default(), &["intake", "workflow", "contact"]);
    let set = Set::create(&services()?).await?;
    let run = set.start(services()?).await?;
    let called = place_called(&run).await?;
    let mut conn = set.connect_to(&set.schema("contact")).await?;
    while count(&mut conn, "SELECT count(*) FROM attempt WHERE state = 'planned'").await? == 0 {
        run.settle().await?;
        let next = run.driver().next_due().await?.context("calls are planned some day")?;
        run.driver().set_now(next).await?;
        run.settle().await?;
    }

    // The tick has judged all of them, and cannot write yet what it permits.
    let mut lock = set.connect_to(&set.schema("contact")).await?;
    let mut held = lock.begin().await?;
    sqlx::query("LOCK TABLE decision IN SHARE MODE").execute(&mut *held).await?;
    let tick = sqlx::query_scalar("SELECT min(due_at) FROM due WHERE queue = 'release'");
    run.driver().set_now(tick.fetch_one(&mut conn).await?).await?;
    until_seen(&mut conn, &waiting_in(&set, "contact", "INSERT INTO decision")).await?;

    // There each of them ceases. What stands when the command has returned is looked at once more when
    // the tick is over.
    let api = run.clients(Role::Manager)?.contact;
    let authorized = async |account_id: &str| {
        let request =
            ListAttemptsRequest { account_id: account_id.to_owned(), ..Default::default() };
        let attempts = api.clone().list_attempts(request).await?.into_inner().attempts;
        let [attempt] = attempts.as_slice() else { anyhow::bail!("one call: {attempts:?}") };
        Ok(attempt.authorized_at.is_some())
    };
    let stops = called.iter().map(async |(account_id, party_id)| {
        api.clone().place_stop(stop(party_id, StopKind::Cease)).await?;
        authorized(account_id).await
    });
    let mut stops = std::pin::pin!(try_join_all(stops));
    let waiting = waiting_in(&set, "contact", "FROM person ");
    let returned = tokio::select! {
        returned = &mut stops => Some(returned?),
        waits = until_seen(&mut conn, &waiting) => waits.map(|()| None)?,
    };
    held.rollback().await?;
    let stood = match returned {
        Some(stood) => stood,
        None => stops.await?,
    };
    run.settle().await?;
    for ((account_id, _), stood) in called.iter().zip(stood) {
        let stands = authorized(account_id).await?;
        assert_eq!(stands, stood, "authorised after the command of the stop had returned");
    }
    conn.close().await?;
    run.stop().await;
    set.drop().await
}
