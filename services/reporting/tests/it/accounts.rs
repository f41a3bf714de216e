//! Accounts as a client sees them: status, figures, what changed since, pages, trees.

use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{ClientId, IdSource as _};
use duly_platform::{SystemIds, error};
use duly_proto::{
    common::v1::{Channel, PageRequest},
    contact::v1::{Disposition, StopKind},
    convert,
    reporting::v1::{AccountSummary, ListAccountsRequest},
};
use duly_testkit::cents;

use crate::world::{Account, Event, World, everything, new_batch, new_client};

fn since(at: DateTime<Utc>) -> ListAccountsRequest {
    ListAccountsRequest { changed_since: Some(convert::timestamp(at)), ..Default::default() }
}

fn minor(money: Option<&duly_proto::common::v1::Money>) -> i64 {
    money.map(|money| money.minor).unwrap_or_default()
}

/// A placed account of 100.00, listed on the day on which the set begins.
async fn with_account() -> anyhow::Result<(World, Account)> {
    let world = World::begin().await?;
    let account = new_client().account();
    world.tell(vec![account.placed(new_batch(), 10_000, "2026-01-05")]).await?;
    world.run.settle().await?;
    Ok((world, account))
}

impl World {
    async fn status(&self, account: Account, events: Vec<Event>) -> anyhow::Result<String> {
        self.tell(events).await?;
        self.run.settle().await?;
        Ok(self.account(account.id).await?.status)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_follows_what_is_told() -> anyhow::Result<()> {
    let (world, account) = with_account().await?;
    let (bankrupt, dead) =
        (account.stop(0, StopKind::Bankruptcy), account.stop(1, StopKind::Deceased));
    let (ceased, ceased_too) = (account.stop(0, StopKind::Cease), account.stop(1, StopKind::Cease));
    let (whole, part) = (account.dispute(), account.dispute());
    let (first, second, third) = (account.promise(100), account.promise(200), account.promise(300));
    let (hold, later) = (account.hold(), account.hold());
    let (paid, bounced) = (account.payment(10_000), account.payment(500));
    for (events, status) in [
        (vec![account.settled()], "active"),
        (vec![account.mailed(Some("2026-02-10"))], "in validation period"),
        (vec![part.opened(Some(500))], "part disputed"),
        (vec![bounced.posted(0), bounced.reversed(None, "2026-01-05")], "returned payment"),
        (vec![first.made("2026-01-20")], "promise"),
        (vec![first.cancelled("2026-01-05")], "returned payment"),
        (vec![second.made("2026-01-20"), second.broken("2026-01-05", 0)], "promise broken"),
        (vec![third.made("2026-01-20")], "promise"),
        (vec![later.placed("2026-01-06", None)], "promise"),
        (vec![hold.placed("2026-01-01", Some("2026-01-05"))], "on hold"),
        (vec![hold.lifted()], "promise"),
        (vec![ceased.placed()], "promise"),
        (vec![ceased_too.placed()], "on hold"),
        (vec![whole.opened(None)], "disputed"),
        (vec![paid.posted(0)], "settling"),
        (vec![bankrupt.placed()], "settling"),
        (vec![dead.placed()], "protected"),
        (vec![account.recalled(1)], "recall pending"),
        (vec![account.closed(1)], "closed"),
    ] {
        assert_eq!(world.status(account, events).await?, status);
    }
    assert_eq!(world.account(account.id).await?.close_code, "PIF");
    // Placed again, nothing of the old opening is left; stops stay with the parties.
    let again = account.placed_as(2, new_batch(), cents(4_000), "2026-01-05");
    assert_eq!(world.status(account, vec![again]).await?, "protected");
    assert_eq!(world.status(account, vec![bankrupt.lifted()]).await?, "on hold");
    assert_eq!(world.status(account, vec![ceased.lifted()]).await?, "active");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_runs_out_without_an_event() -> anyhow::Result<()> {
    let (world, account) = with_account().await?;
    let hold = account.hold();
    world.status(account, vec![account.mailed(Some("2026-02-10"))]).await?;
    world.status(account, vec![hold.placed("2026-01-10", Some("2026-01-20"))]).await?;
    for (at, status) in [
        ("2026-01-10T04:59:00Z", "in validation period"),
        ("2026-01-10T05:00:00Z", "on hold"),
        ("2026-01-21T05:00:00Z", "in validation period"),
        ("2026-02-11T05:00:00Z", "active"),
    ] {
        world.run.driver().advance_to(at.parse()?).await?;
        assert_eq!(world.account(account.id).await?.status, status, "{at}");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_shows_its_money_and_its_work() -> anyhow::Result<()> {
    let (world, account) = with_account().await?;
    let (paid, held, direct) =
        (account.payment(3_000), account.payment(1_000), account.direct_payment(500));
    let gone = account.payment(700);
    world
        .tell(vec![
            account.adjusted(-200),
            paid.posted(0),
            paid.released(0, "2026-01-06"),
            held.posted(0),
            direct.posted(100),
            direct.released(0, "2026-01-06"),
            gone.posted(0),
            gone.released(0, "2026-01-06"),
            gone.reversed(Some(0), "2026-01-07"),
            account.mailed(None),
            account.mailed(None),
            account.concluded(Channel::Call, Disposition::NoAnswer),
            account.concluded(Channel::Call, Disposition::Reached),
            account.concluded(Channel::Call, Disposition::NotMade),
            account.concluded(Channel::Mail, Disposition::Sent),
        ])
        .await?;
    world.run.settle().await?;
    let found = world.account(account.id).await?;
    assert_eq!(minor(found.listed.as_ref()), 10_000);
    assert_eq!(minor(found.balance.as_ref()), 10_000 - 200 - 3_000 - 1_000 - 500);
    assert_eq!(minor(found.collected.as_ref()), 3_500);
    assert_eq!((found.letters_mailed, found.calls_made), (2, 2));
    assert_eq!(found.client_account_ref, "A-1");
    assert_eq!(found.client_id, account.client.to_string());
    // More money than is owed never makes a balance negative; it is owed to the debtor.
    world.tell(vec![account.payment(90_000).posted(0)]).await?;
    world.run.settle().await?;
    assert_eq!(minor(world.account(account.id).await?.balance.as_ref()), 0);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_comes_in_the_order_of_change() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let batch = new_batch();
    let accounts: Vec<Account> = (0..5).map(|_| client.account()).collect();
    let start = world.run.driver().now().await?;
    for account in &accounts {
        world.tell(vec![account.placed(batch, 10_000, "2026-01-05")]).await?;
    }
    world.run.driver().advance(TimeDelta::hours(1)).await?;
    let later = world.run.driver().now().await?;
    world.tell(vec![accounts[3].case_opened(), accounts[1].treatment_due()]).await?;
    world.run.settle().await?;

    let ids = |found: &[AccountSummary]| -> Vec<String> {
        found.iter().map(|found| found.account_id.clone()).collect()
    };
    let named = |places: &[usize]| {
        let mut ids: Vec<String> = places.iter().map(|at| accounts[*at].id.to_string()).collect();
        ids.sort_unstable();
        ids
    };
    let all = world.accounts(since(start)).await?;
    assert_eq!(ids(&all), [named(&[0, 2, 4]), named(&[1, 3])].concat());
    assert_eq!(all[4].changed_at, Some(convert::timestamp(later)));
    assert_eq!(ids(&world.accounts(since(later)).await?), named(&[1, 3]), "that instant included");
    assert!(world.accounts(since(later + TimeDelta::microseconds(1))).await?.is_empty());

    let (mut pieces, mut page_token) = (Vec::new(), String::new());
    loop {
        let page = Some(PageRequest { page_size: 2, page_token });
        let request = ListAccountsRequest { page, ..since(start) };
        let answer = world.manager()?.list_accounts(request).await?.into_inner();
        pieces.extend(answer.accounts);
        page_token = answer.page.map(|page| page.next_page_token).unwrap_or_default();
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(pieces, all);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_listed_once_it_was_placed() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = new_client().account();
    world.tell(vec![account.adjusted(-300), account.mailed(None)]).await?;
    world.run.settle().await?;
    assert!(world.accounts(ListAccountsRequest::default()).await?.is_empty());
    world.tell(vec![account.placed(new_batch(), 1_000, "2026-01-05")]).await?;
    world.run.settle().await?;
    let found = world.account(account.id).await?;
    assert_eq!((minor(found.balance.as_ref()), found.letters_mailed), (700, 1));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_lists_its_own_tree_and_nothing_else() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (events, harbor, _) = everything();
    world.tell(events).await?;
    world.run.settle().await?;
    let mut own = world.run.clients_of_tree(&[harbor.id])?.reporting;
    let stranger: ClientId = SystemIds.next();
    let mut other = world.run.clients_of_tree(&[stranger])?.reporting;
    let all = ListAccountsRequest::default;
    let found = own.list_accounts(all()).await?.into_inner().accounts;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|found| found.client_id == harbor.id.to_string()));
    assert_eq!(world.accounts(all()).await?.len(), 3);
    assert!(other.list_accounts(all()).await?.into_inner().accounts.is_empty());
    let named = ListAccountsRequest { client_id: harbor.id.to_string(), ..all() };
    assert_eq!(world.accounts(named.clone()).await?.len(), 2);
    let refused = other.list_accounts(named).await.expect_err("not its own");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("not_yet"));
    let mut beyond = since(DateTime::UNIX_EPOCH);
    beyond.changed_since.iter_mut().for_each(|at| at.seconds = i64::MAX);
    for (request, field) in [
        (ListAccountsRequest { client_id: "hunter2".into(), ..all() }, "client_id"),
        (beyond, "changed_since"),
        (
            ListAccountsRequest {
                page: Some(PageRequest { page_size: 1, page_token: "00ff".into() }),
                ..all()
            },
            "page.page_token",
        ),
    ] {
        let refused = own.list_accounts(request).await.expect_err("a wrong field");
        assert_eq!(error::violations_of(&refused)[0].field, field);
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_with_a_client_shows_a_reader_its_tree_only() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (events, harbor, _) = everything();
    world.tell(events).await?;
    world.run.settle().await?;
    let schema = world.set.schema("reporting");
    let mut conn = world.set.connect_to(&schema).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns
         WHERE table_schema = $1 AND column_name = 'client_id'",
    )
    .bind(&schema)
    .fetch_all(&mut conn)
    .await?;
    assert!(tables.len() >= 17, "{tables:?}");
    let role = format!("SET ROLE \"{schema}_reader\"");
    sqlx::query(sqlx::AssertSqlSafe(role)).execute(&mut conn).await?;
    sqlx::query("SELECT set_config('duly.tree', $1, false)")
        .bind(format!("{{{}}}", harbor.id.uuid()))
        .execute(&mut conn)
        .await?;
    for table in tables {
        let sql = format!("SELECT DISTINCT client_id FROM {table}");
        let seen: Vec<sqlx::types::Uuid> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut conn).await?;
        assert_eq!(seen, [harbor.id.uuid()], "{table}");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_timeline_names_a_person_or_an_address() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (events, ..) = everything();
    let told = events.len();
    world.tell(events).await?;
    world.run.settle().await?;
    let cells = duly_testkit::dump(&world.set).await?;
    let of_reporting = |place: &str| place.contains("reporting");
    assert!(cells.iter().filter(|cell| of_reporting(&cell.place)).count() > told);
    for planted in ["robin@example.com", "Robin Sample"] {
        let places = duly_testkit::holding(&cells, planted);
        assert!(!places.is_empty(), "the tellers' frames hold it");
        assert!(!places.iter().any(|place| of_reporting(place)), "{planted} in {places:?}");
    }
    world.end().await
}
