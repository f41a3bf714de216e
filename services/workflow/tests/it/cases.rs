//! Accounts of one debtor of one client are one case.

use duly_domain::IdSource as _;
use duly_platform::{Role, SystemIds, error};
use duly_proto::{
    common::v1::PageRequest,
    workflow::v1::{Case, ExplainAccountRequest, ListCasesRequest},
};
use tonic::Code;

use crate::world::{Account, World, account};

async fn case_of(world: &World, account: &Account) -> anyhow::Result<String> {
    Ok(world.explain(account).await?.account.unwrap_or_default().case_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_of_one_debtor_are_one_case() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = SystemIds.next();
    let one = account(client, "A-1").against("Acme Trading, L.L.C.", "45402-1234");
    let two = account(client, "A-2").against("ACME TRADING LLC", "45402");
    let elsewhere = account(client, "A-3").against("Acme Trading LLC", "45403");
    let nowhere = account(client, "A-4").against("Acme Trading LLC", "");
    let others = account(SystemIds.next(), "A-5").against("Acme Trading LLC", "45402");
    let all = [&one, &two, &elsewhere, &nowhere, &others];
    world.decide(all.map(Account::placed)).await?;
    let mut cases = Vec::new();
    for account in all {
        cases.push(case_of(&world, account).await?);
    }
    assert_eq!(cases[0], cases[1]);
    let mut distinct = cases.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 4, "another place, none, or another client is another case");
    let listed = list(&world, ListCasesRequest::default()).await?;
    let shared = listed.iter().find(|case| case.case_id == cases[0]);
    assert_eq!(shared.map(|case| case.accounts), Some(2));
    // Each account has its own walk: one ends, the other goes on.
    world.decide([one.recalled()]).await?;
    assert_eq!(world.asked(&two, 0).await?.step, "scrub");
    let listed = list(&world, ListCasesRequest::default()).await?;
    let shared = listed.iter().find(|case| case.case_id == cases[0]);
    assert_eq!(shared.map(|case| case.accounts), Some(1));
    world.decide([two.recalled()]).await?;
    let listed = list(&world, ListCasesRequest::default()).await?;
    assert!(listed.iter().all(|case| case.case_id != cases[0]), "nothing is left to work");
    world.close().await
}

async fn list(world: &World, request: ListCasesRequest) -> anyhow::Result<Vec<Case>> {
    Ok(world.api.clone().list_cases(request).await?.into_inner().cases)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worklist_is_paged_with_what_is_due_first_ahead() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = SystemIds.next();
    let accounts: Vec<Account> = (0..7).map(|no| account(client, &format!("A-{no}"))).collect();
    world.decide(accounts.iter().map(Account::placed)).await?;
    // Three are on: their next day is another one; one rests for nobody knows how long.
    for account in &accounts[..3] {
        world.answer(account, 0, "clear").await?;
    }
    world.decide([accounts[6].disputed(SystemIds.next(), true)]).await?;
    let whole = list(&world, ListCasesRequest::default()).await?;
    assert_eq!(whole.len(), 7);
    let times: Vec<i64> =
        whole.iter().map(|case| case.next_at.as_ref().map_or(i64::MAX, |at| at.seconds)).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(times.last(), Some(&i64::MAX));
    let mut paged = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = PageRequest { page_size: 2, page_token };
        let request = ListCasesRequest { page: Some(page), ..Default::default() };
        let answer = world.api.clone().list_cases(request).await?.into_inner();
        paged.extend(answer.cases);
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, whole);
    for page_token in ["00", "zz"] {
        let page = PageRequest { page_size: 2, page_token: page_token.into() };
        let request = ListCasesRequest { page: Some(page), ..Default::default() };
        let refused = world.api.clone().list_cases(request).await.expect_err("no token");
        assert_eq!(error::violations_of(&refused)[0].field, "page.page_token");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_nobody_has_heard_of_is_not_yet_or_not_there() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut api = world.run.clients(Role::Collector)?.workflow;
    let young: duly_domain::AccountId = SystemIds.next();
    for (account_id, code, reason) in [
        (young.to_string(), Code::Unavailable, "not_yet"),
        ("acct_00000000000070008000000000000001".to_owned(), Code::NotFound, "not_found"),
        ("hunter2".to_owned(), Code::InvalidArgument, "invalid_input"),
    ] {
        let request = ExplainAccountRequest { account_id };
        let refused = api.explain_account(request).await.expect_err("unknown");
        assert_eq!((refused.code(), error::reason_of(&refused).as_deref()), (code, Some(reason)));
        assert!(!format!("{refused:?}").contains("hunter2"));
    }
    world.close().await
}
