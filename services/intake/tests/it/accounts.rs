//! Reading, adjusting, recalling and closing accounts.

use duly_platform::Role;
use duly_proto::{
    common::v1::PageRequest,
    intake::v1::{
        AccountKey, AdjustAccountRequest, CloseAccountRequest, GetAccountRequest, Lifecycle,
        ListAccountsRequest, RecallAccountRequest, event::Fact, get_account_request::Key,
    },
};
use duly_testkit::{adjust, client, day, place, placement, request_id, usd};
use tonic::Code;

use crate::support::{World, open, refused};

fn recall(account_id: &str) -> RecallAccountRequest {
    RecallAccountRequest {
        request_id: request_id(),
        account_id: account_id.into(),
        reason: "paid to us".into(),
    }
}

fn close(account_id: &str, close_code: &str, reason: &str) -> CloseAccountRequest {
    CloseAccountRequest {
        request_id: request_id(),
        account_id: account_id.into(),
        close_code: close_code.into(),
        reason: reason.into(),
    }
}

async fn one_account(world: &mut World) -> anyhow::Result<String> {
    let claim = placement("A-1").invoice("I-1", "100.00", "2025-10-01").build();
    world.place("b", vec![claim]).await?.account_id("A-1")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_found_by_id_and_by_the_client_s_references() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    let by_id = world.account(&id).await?;
    assert_eq!(by_id.lifecycle(), Lifecycle::Open);
    assert_eq!(by_id.listed_amount, Some(usd("100.00")));
    assert_eq!(by_id.liable_parties[0].address.as_ref().unwrap().region, "OH");
    let key = |client_ref: &str, reference: &str| GetAccountRequest {
        key: Some(Key::ClientKey(AccountKey {
            client_ref: client_ref.into(),
            client_account_ref: reference.into(),
        })),
    };
    let found = world.api.intake.get_account(key("ACME", "A-1")).await?.into_inner().account;
    assert_eq!(found, Some(by_id));
    for unknown in [key("ACME", "A-2"), key("NONE", "A-1")] {
        let outcome = world.api.intake.get_account(unknown).await;
        refused(outcome, Code::NotFound, "account_unknown");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_kept_told_and_answered_once() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    let request = AdjustAccountRequest { item_number: "I-1".into(), ..adjust(&id, "-30.00") };
    let first = world.api.intake.adjust_account(request.clone()).await?.into_inner();
    let again = world.api.intake.adjust_account(request).await?.into_inner();
    assert_eq!(first, again);
    world.api.intake.adjust_account(adjust(&id, "5.00")).await?;
    let account = world.account(&id).await?;
    assert_eq!((account.adjusted_amount, account.version), (Some(usd("-25.00")), 3));
    let told = world
        .facts(|fact| match fact {
            Fact::AccountAdjusted(adjusted) => Some(adjusted),
            _ => None,
        })
        .await?;
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0].amount, told[0].item_number.as_str()), (&Some(usd("-30.00")), "I-1"));
    assert_eq!(told[0].adjusted_on, Some(day("2026-01-05")));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_cannot_be_is_refused() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    let item = AdjustAccountRequest { item_number: "I-9".into(), ..adjust(&id, "-1.00") };
    let euro = AdjustAccountRequest {
        amount: Some(duly_proto::common::v1::Money { minor: 1, currency: "EUR".into() }),
        ..adjust(&id, "1.00")
    };
    let silent = AdjustAccountRequest { reason: " ".into(), ..adjust(&id, "1.00") };
    let unknown = adjust("acct_00000000000000000000000000000001", "1.00");
    for (request, code, reason) in [
        (adjust(&id, "0.00"), Code::InvalidArgument, "invalid_input"),
        (silent, Code::InvalidArgument, "invalid_input"),
        (euro, Code::InvalidArgument, "invalid_input"),
        (item, Code::InvalidArgument, "item_unknown"),
        (adjust(&id, "-100.01"), Code::FailedPrecondition, "adjustment_exceeds_listed"),
        (unknown, Code::NotFound, "account_unknown"),
        (adjust("acct_1", "1.00"), Code::InvalidArgument, "invalid_input"),
    ] {
        refused(world.api.intake.adjust_account(request).await, code, reason);
    }
    assert_eq!(world.account(&id).await?.adjusted_amount, Some(usd("0.00")));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recalled_account_is_closed_at_once_and_told_as_both() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    let request = recall(&id);
    let first = world.api.intake.recall_account(request.clone()).await?.into_inner();
    let account = first.account.clone().unwrap();
    assert_eq!((account.lifecycle(), account.close_code.as_str()), (Lifecycle::Closed, "RCL"));
    assert_eq!(account.closed_on, Some(day("2026-01-05")));
    let again = world.api.intake.recall_account(request).await?.into_inner();
    assert_eq!(first, again);

    let outcome = world.api.intake.recall_account(recall(&id)).await;
    let words = refused(outcome, Code::FailedPrecondition, "account_closed");
    assert!(words.contains("RCL, recalled by the client"), "{words}");
    let outcome = world.api.intake.adjust_account(adjust(&id, "-1.00")).await;
    refused(outcome, Code::FailedPrecondition, "account_closed");

    let versions: Vec<i64> = world
        .events()
        .await?
        .into_iter()
        .filter(|event| {
            matches!(event.fact, Some(Fact::AccountRecalled(_) | Fact::AccountClosed(_)))
        })
        .map(|event| event.meta.unwrap_or_default().version)
        .collect();
    // By kind: closed before recalled.
    assert_eq!(versions, [3, 2]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_closed_with_a_code_of_the_glossary() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    for (code, reason) in [("XXX", ""), ("", ""), ("RCL", ""), ("OTH", " ")] {
        let outcome = world.api.intake.close_account(close(&id, code, reason)).await;
        refused(outcome, Code::InvalidArgument, "invalid_input");
    }
    let answer = world.api.intake.close_account(close(&id, "OTH", "moved on")).await?.into_inner();
    let account = answer.account.unwrap();
    assert_eq!((account.close_code.as_str(), account.version), ("OTH", 2));
    let outcome = world.api.intake.close_account(close(&id, "UNC", "")).await;
    refused(outcome, Code::FailedPrecondition, "account_closed");
    assert_eq!(world.told("account_closed").await?, 1);
    assert_eq!(world.told("account_recalled").await?, 0);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_in_pages_by_client_batch_and_lifecycle() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let other = world.put(client("OTHER")).await?;
    let batch = |from: usize| (from..from + 5).map(|n| placement(&format!("A-{n}")).build());
    let one = world.place("one", batch(0).collect()).await?;
    place(&mut world.api.intake, open("OTHER", "two"), batch(5).collect(), 500).await?;
    let mut compliance = world.run.clients(Role::Compliance)?;
    compliance.intake.close_account(close(&one.account_id("A-3")?, "UNC", "")).await?;

    let mut listed = async |mut request: ListAccountsRequest| -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        request.page = Some(PageRequest { page_size: 3, page_token: String::new() });
        loop {
            let answer = world.api.intake.list_accounts(request.clone()).await?.into_inner();
            found.extend(answer.accounts.into_iter().map(|a| a.client_account_ref));
            let token = answer.page.unwrap_or_default().next_page_token;
            if token.is_empty() {
                return Ok(found);
            }
            request.page.get_or_insert_default().page_token = token;
        }
    };
    let all = ListAccountsRequest::default();
    assert_eq!(listed(all.clone()).await?.len(), 10);
    let of_client = ListAccountsRequest { client_id: other.client_id.clone(), ..all.clone() };
    assert_eq!(listed(of_client.clone()).await?, ["A-5", "A-6", "A-7", "A-8", "A-9"]);
    let of_batch = ListAccountsRequest { batch_id: one.batch.batch_id, ..all.clone() };
    assert_eq!(listed(of_batch.clone()).await?, ["A-0", "A-1", "A-2", "A-3", "A-4"]);
    let mut still_open = of_batch.clone();
    still_open.set_lifecycle(Lifecycle::Open);
    assert_eq!(listed(still_open).await?, ["A-0", "A-1", "A-2", "A-4"]);
    let mut closed = all;
    closed.set_lifecycle(Lifecycle::Closed);
    assert_eq!(listed(closed).await?, ["A-3"]);
    let neither = ListAccountsRequest { client_id: other.client_id, ..of_batch };
    assert!(listed(neither).await?.is_empty());
    world.end().await
}
