//! Calls that the release tick decides and permits, with decision and facts stored, against a bare copy of
//! the same rows; then how long a stop waits while the tick is at work.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use duly_contact::Config;
use duly_domain::{AccountId, ClientId, IdSource as _, PartyId, TreatmentId};
use duly_platform::{Role, SystemIds, apply_frames};
use duly_proto::{
    Event,
    common::v1::{self as common, EventMeta, Frame},
    contact::v1 as contact,
    intake::v1::{self as intake, event::Fact as Intake},
    workflow::v1::{self as workflow, event::Fact as Workflow},
};
use duly_testkit::{Run, Set, day, request_id, usd};
use prost_types::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _};

/// Events in one frame.
const FRAME: usize = 500;
/// Stops placed while the tick works.
const STOPS: usize = 400;
/// 2026-01-05 15:00 UTC, when every set begins: Monday, ten o'clock in Philadelphia.
const BEGIN: i64 = 1_767_625_200;
/// Strategies wait so long for their calls.
const EXPIRES: i64 = BEGIN + 3 * 24 * 60 * 60;

/// A person with one account and one number.
struct Debtor {
    account: AccountId,
    party: PartyId,
    no: usize,
}

/// Permits the calls of as many persons twice, the second time under stops, and prints both.
pub async fn run(calls: usize) -> anyhow::Result<()> {
    let services = || vec![duly_contact::service(Config::default())];
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let client: ClientId = SystemIds.next();
    let mut frame_no = 1;
    let mut rates = Vec::new();
    for round in 0..2 {
        let debtors: Vec<Debtor> = (0..calls).map(|no| Debtor::new(round * calls + no)).collect();
        for some in debtors.chunks(FRAME) {
            tell::<intake::Event>(&run, &mut frame_no, some.iter().map(|d| d.placed(client)))
                .await?;
            tell::<workflow::Event>(&run, &mut frame_no, some.iter().map(|d| d.call_due(client)))
                .await?;
        }
        run.settle().await?;
        let driver = run.driver();
        let began = Instant::now();
        if round == 0 {
            driver.advance(TimeDelta::minutes(15)).await?;
        } else {
            let tick = driver.advance(TimeDelta::minutes(15));
            let (ticked, waited) = tokio::join!(tick, stop_some(&run, &debtors));
            ticked?;
            println!("stops behind the release tick: {}", words(waited?));
        }
        let took = began.elapsed();
        let permitted = permitted(&set).await?;
        println!(
            "round {}: {calls} calls asked for, {permitted} permitted in all, {took:.1?}",
            round + 1
        );
        rates.push(calls as f64 / took.as_secs_f64());
        if round == 0 {
            ensure!(permitted == i64::try_from(calls)?, "each of them is lawful");
        }
    }
    let bare = copied(&set).await?;
    println!("decided and permitted: {:.0}/s; beside stops: {:.0}/s", rates[0], rates[1]);
    println!("bare copies of a decision's row: {bare:.0}/s; ratio {:.3}", rates[0] / bare);
    run.stop().await;
    set.drop().await
}

impl Debtor {
    fn new(no: usize) -> Self {
        Self { account: SystemIds.next(), party: SystemIds.next(), no }
    }

    fn meta(&self, client: ClientId) -> EventMeta {
        EventMeta {
            occurred_at: Some(Timestamp { seconds: BEGIN, nanos: 0 }),
            account_id: self.account.to_string(),
            client_id: client.to_string(),
            version: 1,
            ..EventMeta::default()
        }
    }

    fn placed(&self, client: ClientId) -> (EventMeta, Intake) {
        let mut party = intake::LiableParty {
            party_id: self.party.to_string(),
            name: format!("Debtor {}", self.no),
            address: Some(common::Address {
                lines: vec!["1 Main St".to_owned()],
                city: "Philadelphia".to_owned(),
                region: "PA".to_owned(),
                postal_code: "19103".to_owned(),
                country: "US".to_owned(),
            }),
            phones: vec![format!("+1215{:07}", 2_000_000 + self.no)],
            ..Default::default()
        };
        party.set_role(intake::PartyRole::Principal);
        party.set_debtor_kind(intake::DebtorKind::Person);
        let mut fact = intake::AccountPlaced {
            account_id: self.account.to_string(),
            client_id: client.to_string(),
            client_ref: "BENCH".to_owned(),
            client_account_ref: format!("A-{}", self.no),
            opening: 1,
            listed_amount: Some(usd("100.00")),
            listing_date: Some(day("2026-01-02")),
            liable_parties: vec![party],
            ..Default::default()
        };
        fact.set_service_kind(intake::ServiceKind::Contingency);
        fact.set_debt_class(intake::DebtClass::Consumer);
        (self.meta(client), Intake::AccountPlaced(fact))
    }

    fn call_due(&self, client: ClientId) -> (EventMeta, Workflow) {
        let id: TreatmentId = SystemIds.next();
        let mut fact = workflow::TreatmentDue {
            treatment_id: id.to_string(),
            client_id: client.to_string(),
            account_id: self.account.to_string(),
            opening: 1,
            party_id: self.party.to_string(),
            step: "call".to_owned(),
            try_no: 1,
            expires_at: Some(Timestamp { seconds: EXPIRES, nanos: 0 }),
            ..Default::default()
        };
        fact.set_kind(common::TreatmentKind::Call);
        fact.set_channel(common::Channel::Call);
        (self.meta(client), Workflow::TreatmentDue(fact))
    }
}

/// Hands facts of one kind over as one frame, as the relay would.
async fn tell<E: Event>(
    run: &Run,
    no: &mut i64,
    facts: impl Iterator<Item = (EventMeta, E::Fact)>,
) -> anyhow::Result<()> {
    let events: Vec<E> = facts.map(|(meta, fact)| E::new(meta, fact)).collect();
    let kind = events.first().and_then(Event::kind).context("a frame holds an event")?;
    let frame = Frame {
        kind: format!("{}.{kind}", E::SERVICE),
        no: *no,
        epoch: 1,
        events: events.iter().map(E::encode_to_vec).collect(),
        ..Frame::default()
    };
    *no += 1;
    let listener = run.listeners("contact")?.iter().find(|heard| heard.kind == frame.kind);
    let listener = listener.context("contact hears it")?;
    apply_frames(run.host("contact")?, listener, std::slice::from_ref(&frame)).await
}

/// One after another, on people spread over all: how long each was waited for.
async fn stop_some(run: &Run, debtors: &[Debtor]) -> anyhow::Result<Vec<Duration>> {
    let mut api = run.clients(Role::Manager)?.contact;
    let mut waited = Vec::new();
    for debtor in debtors.iter().step_by((debtors.len() / STOPS).max(1)) {
        let mut stop = contact::PlaceStopRequest {
            request_id: request_id(),
            party_id: debtor.party.to_string(),
            ..Default::default()
        };
        stop.set_kind(contact::StopKind::Attorney);
        let began = Instant::now();
        api.place_stop(stop).await?;
        waited.push(began.elapsed());
    }
    Ok(waited)
}

fn words(mut waited: Vec<Duration>) -> String {
    waited.sort_unstable();
    let at = |percent: usize| waited[(waited.len() - 1) * percent / 100];
    format!(
        "{} placed, p50 {:.1?}, p99 {:.1?}, worst {:.1?}",
        waited.len(),
        at(50),
        at(99),
        at(100)
    )
}

async fn permitted(set: &Set) -> anyhow::Result<i64> {
    let mut conn = set.connect_to(&set.schema("contact")).await?;
    let sql = "SELECT count(*) FROM decision WHERE verdict = 'allow' AND facts IS NOT NULL";
    Ok(sqlx::query_scalar(sql).fetch_one(&mut conn).await?)
}

/// Rows a second of what the decisions are, written at once by one statement.
async fn copied(set: &Set) -> anyhow::Result<f64> {
    let mut conn = set.connect_to(&set.schema("contact")).await?;
    let sql = "CREATE TABLE bare (LIKE decision INCLUDING ALL)";
    sqlx::query(sql).execute(&mut conn).await?;
    let began = Instant::now();
    let sql = "INSERT INTO bare OVERRIDING SYSTEM VALUE SELECT * FROM decision".to_owned();
    let rows = sqlx::query(AssertSqlSafe(sql)).execute(&mut conn).await?.rows_affected();
    let rate = rows as f64 / began.elapsed().as_secs_f64();
    conn.close().await?;
    Ok(rate)
}
