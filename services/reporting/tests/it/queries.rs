//! The front door: timelines, pages, roles, trees, refusals.

use std::collections::BTreeSet;

use duly_domain::{AccountId, ClientId, IdSource as _};
use duly_platform::{Role, SystemIds, error};
use duly_proto::{
    Event,
    common::v1::PageRequest,
    contact, intake, letters, payments,
    reporting::v1::{
        GetClientSummaryRequest, GetTimelineRequest, ListAccountsRequest,
        ListBatchLiquidationRequest,
    },
    skiptrace, workflow,
};
use tonic::Code;

use crate::world::{World, everything, new_batch, new_client};

fn timeline(account: AccountId, page_size: i32, page_token: &str) -> GetTimelineRequest {
    GetTimelineRequest {
        account_id: account.to_string(),
        page: Some(PageRequest { page_size, page_token: page_token.into() }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_tells_what_happened_oldest_first() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let account = client.account();
    let (paid, direct) = (account.payment(3_000), account.direct_payment(500));
    let driver = world.run.driver();
    for event in [
        account.placed(new_batch(), 10_000, "2026-01-05"),
        account.items(),
        account.adjusted(-200),
        paid.posted(0),
        paid.released(750, "2026-01-09"),
        paid.reversed(Some(750), "2026-01-10"),
        direct.posted(0),
        direct.released(125, "2026-01-10"),
        account.settled(),
        account.recalled(1),
        account.closed(1),
    ] {
        world.tell(vec![event]).await?;
        driver.advance(chrono::TimeDelta::hours(1)).await?;
    }
    let entries = world.timeline(account.id).await?;
    let told: Vec<_> = entries.iter().map(|e| (e.kind.as_str(), e.summary.as_str())).collect();
    assert_eq!(
        told,
        [
            ("intake.account_placed", "claim of 100.00 USD with 2 items placed"),
            ("intake.claim_items_listed", "2 claim items listed, part 1 of 1"),
            ("intake.account_adjusted", "balance changed by -2.00 USD: goods returned"),
            (
                "payments.payment_posted",
                "payment of 30.00 USD received, paid on 2026-01-05, reference R1"
            ),
            (
                "payments.payment_released",
                "payment of 30.00 USD counts as collected, commission 7.50 USD"
            ),
            (
                "payments.payment_reversed",
                "payment of 30.00 USD reversed after its release: not enough funds"
            ),
            (
                "payments.payment_posted",
                "direct payment of 5.00 USD reported by the client, paid on 2026-01-05, reference R1"
            ),
            (
                "payments.payment_released",
                "direct payment of 5.00 USD counts as collected, commission 1.25 USD"
            ),
            ("payments.balance_settled", "balance paid with released money"),
            ("intake.account_recalled", "recalled by the client: sold"),
            ("intake.account_closed", "closed with code PIF"),
        ]
    );
    assert!(entries.iter().all(|e| e.actor == "manager:ann"));
    assert_eq!(entries[0].amount.as_ref().map(|a| a.minor), Some(10_000));
    assert_eq!(entries[10].amount, None);
    world.end().await
}

/// What is about a client or a batch, and not about one account.
const OF_NO_ACCOUNT: [&str; 3] =
    ["intake.client_changed", "intake.batch_closed", "payments.remittance_issued"];

fn kinds<E: Event>() -> impl Iterator<Item = String> {
    E::KINDS.iter().map(|kind| format!("{}.{kind}", E::SERVICE))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_that_is_told_of_an_account_has_its_line() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.tell(everything().0).await?;
    world.run.settle().await?;
    let mut shown = BTreeSet::new();
    for account in world.accounts(ListAccountsRequest::default()).await? {
        let entries = world.timeline(account.account_id.parse()?).await?;
        assert!(entries.iter().all(|entry| !entry.summary.is_empty()));
        shown.extend(entries.into_iter().map(|entry| entry.kind));
    }
    let told: BTreeSet<String> = kinds::<intake::v1::Event>()
        .chain(kinds::<skiptrace::v1::Event>())
        .chain(kinds::<contact::v1::Event>())
        .chain(kinds::<letters::v1::Event>())
        .chain(kinds::<payments::v1::Event>())
        .chain(kinds::<workflow::v1::Event>())
        .filter(|kind| !OF_NO_ACCOUNT.contains(&kind.as_str()))
        .collect();
    assert_eq!(shown, told);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_timeline_put_together_are_the_timeline() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = new_client().account();
    world.tell((0..7).map(|n| account.adjusted(n)).collect()).await?;
    world.run.settle().await?;
    let whole = world.timeline(account.id).await?;
    let (mut pieces, mut token) = (Vec::new(), String::new());
    loop {
        let request = timeline(account.id, 3, &token);
        let page = world.manager()?.get_timeline(request).await?.into_inner();
        assert!(page.entries.len() <= 3);
        pieces.extend(page.entries);
        token = page.page.map(|p| p.next_page_token).unwrap_or_default();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(pieces, whole);
    assert_eq!(whole.len(), 7);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_batches_put_together_are_all_batches() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let placed = (0..5).map(|n| client.account().placed(new_batch(), 100 + n, "2026-01-05"));
    world.tell(placed.collect()).await?;
    world.run.settle().await?;
    let whole = world.batches(client.id).await?;
    let (mut pieces, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListBatchLiquidationRequest {
            client_id: client.id.to_string(),
            page: Some(PageRequest { page_size: 2, page_token }),
        };
        let page = world.manager()?.list_batch_liquidation(request).await?.into_inner();
        pieces.extend(page.batches);
        page_token = page.page.map(|p| p.next_page_token).unwrap_or_default();
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(pieces, whole);
    assert_eq!(whole.len(), 5);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_its_own_tree_and_nothing_else() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (events, harbor, account) = everything();
    world.tell(events).await?;
    world.run.settle().await?;
    let mut own = world.run.clients_of_tree(&[harbor.id])?.reporting;
    let stranger: ClientId = SystemIds.next();
    let mut other = world.run.clients_of_tree(&[stranger])?.reporting;

    assert_eq!(own.get_timeline(timeline(account.id, 0, "")).await?.into_inner().entries.len(), 34);
    // Answered as a young id of nobody is: whose it is cannot be told from the refusal.
    let refused = other.get_timeline(timeline(account.id, 0, "")).await.expect_err("not its own");
    let nobodys = own.get_timeline(timeline(SystemIds.next(), 0, "")).await.expect_err("nobody's");
    assert_eq!((refused.code(), refused.message()), (nobodys.code(), nobodys.message()));
    assert_eq!(error::reason_of(&refused).as_deref(), Some("not_yet"));

    let request = GetClientSummaryRequest { client_id: harbor.id.to_string() };
    let sums = own.get_client_summary(request.clone()).await?.into_inner().summaries;
    assert_eq!((sums[0].accounts_placed, sums[0].collected_minor), (2, 3_000));
    let refused = other.get_client_summary(request).await.expect_err("not its own");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("not_yet"));

    let request = ListBatchLiquidationRequest { client_id: harbor.id.to_string(), page: None };
    let batches = own.list_batch_liquidation(request.clone()).await?.into_inner().batches;
    assert_eq!(batches[0].collected_minor, 4_000);
    let refused = other.list_batch_liquidation(request).await.expect_err("not its own");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("not_yet"));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_of_the_agency_reads() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (events, harbor, account) = everything();
    world.tell(events).await?;
    world.run.settle().await?;
    for role in Role::AGENCY {
        let mut api = world.run.clients(role)?.reporting;
        api.get_timeline(timeline(account.id, 0, "")).await?;
        api.list_accounts(ListAccountsRequest::default()).await?;
        let client_id = harbor.id.to_string();
        api.get_client_summary(GetClientSummaryRequest { client_id: client_id.clone() }).await?;
        let request = ListBatchLiquidationRequest { client_id, page: None };
        api.list_batch_liquidation(request).await?;
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_field_is_named_and_its_value_is_not() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut api = world.manager()?;
    let account: AccountId = SystemIds.next();
    let bad_id = GetTimelineRequest { account_id: "hunter2".into(), page: None };
    for (request, field) in [
        (bad_id, "account_id"),
        (GetTimelineRequest::default(), "account_id"),
        (timeline(account, -1, ""), "page.page_size"),
        (timeline(account, 1, "hunter2"), "page.page_token"),
        (timeline(account, 1, "00ff"), "page.page_token"),
    ] {
        let refused = api.get_timeline(request).await.expect_err("a wrong field");
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(error::violations_of(&refused)[0].field, field);
        assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
    }
    let old: AccountId = "acct_00000000000070008000000000000001".parse()?;
    let refused = api.get_timeline(timeline(old, 1, "")).await.expect_err("unknown");
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(error::reason_of(&refused).as_deref(), Some("account_unknown"));
    world.end().await
}
