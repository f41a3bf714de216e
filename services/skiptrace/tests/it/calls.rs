//! The methods: who may call them, and what they refuse.

use chrono::TimeDelta;
use duly_domain::{AccountId, ClientId, Id, IdSource as _};
use duly_platform::{
    Role, SystemIds,
    error::{reason_of, violations_of},
};
use duly_proto::{
    common::v1::TreatmentKind::Scrub,
    skiptrace::v1::{
        GetSpendRequest, ImportResultsRequest, ListFindingsRequest, ListSearchesRequest,
        RequestSearchRequest, SearchKind, SearchState,
    },
};
use duly_testkit::request_id;
use tonic::Code;

use crate::world::{Account, World};

fn request(account: Account, kind: SearchKind) -> RequestSearchRequest {
    let mut request = RequestSearchRequest {
        request_id: request_id(),
        account_id: account.id.to_string(),
        party_id: account.party.to_string(),
        ..Default::default()
    };
    request.set_kind(kind);
    request
}

async fn reason(world: &World, request: RequestSearchRequest) -> anyhow::Result<String> {
    let refusal = world.manager()?.request_search(request).await.expect_err("it is refused");
    Ok(reason_of(&refusal).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_asks_for_a_search_once_at_a_time() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = world.account();
    world.place(account, "A-1").await?;
    world.run.settle().await?;
    let mut collector = world.clients(Role::Collector)?.skiptrace;
    let asked = request(account, SearchKind::Trace);
    let search = collector.request_search(asked.clone()).await?.into_inner().search;
    let search = search.expect("the search is answered");
    assert_eq!(search.state(), SearchState::Queued);
    let again = collector.request_search(asked).await?.into_inner().search;
    assert_eq!(
        again.map(|s| s.search_id),
        Some(search.search_id),
        "a repeat gets the first answer"
    );
    assert_eq!(reason(&world, request(account, SearchKind::Trace)).await?, "search_open");
    world.tick().await?;
    let search = world.search_of(account).await?;
    assert_eq!(search.state(), SearchState::Asked);
    world.import(&format!("{},nothing,,,,,\n", search.reference)).await?;
    world.run.settle().await?;
    collector.request_search(request(account, SearchKind::Trace)).await?;
    world.tick().await?;
    assert_eq!(world.files()?.len(), 2, "the second search has a reference of its own");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_searched_is_refused_with_its_reason() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (account, ended, unknown) = (world.account(), world.account(), world.account());
    world.place(account, "A-1").await?;
    world.place(ended, "A-2").await?;
    world.recall(ended).await?;
    world.run.settle().await?;
    assert_eq!(reason(&world, request(ended, SearchKind::Scrub)).await?, "account_ended");
    assert_eq!(reason(&world, request(unknown, SearchKind::Scrub)).await?, "not_yet");
    let old = Account { id: Id::from_uuid(uuid::Uuid::from_u128(7)), ..unknown };
    assert_eq!(reason(&world, request(old, SearchKind::Scrub)).await?, "not_found");
    for (change, field) in [
        (request(account, SearchKind::Unspecified), "kind"),
        (request(Account { party: unknown.party, ..account }, SearchKind::Scrub), "party_id"),
        (
            RequestSearchRequest {
                account_id: "A-1".into(),
                ..request(account, SearchKind::Scrub)
            },
            "account_id",
        ),
        (
            RequestSearchRequest { party_id: String::new(), ..request(account, SearchKind::Scrub) },
            "party_id",
        ),
    ] {
        let refusal = world.manager()?.request_search(change).await.expect_err("it is refused");
        assert_eq!(refusal.code(), Code::InvalidArgument, "{refusal:?}");
        assert!(violations_of(&refusal)[0].field.contains(field), "{refusal:?}");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_its_own_searches_and_asks_for_none() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = world.account();
    world.place(account, "A-1").await?;
    world.treat(account, account.party, Scrub, 10).await?;
    world.tick().await?;
    let search = world.search_of(account).await?;
    world.import(&format!("{},deceased,2026-01-02,,,,\n", search.reference)).await?;
    let list = ListSearchesRequest::default();
    let findings = ListFindingsRequest { account_id: account.id.to_string(), page: None };

    let mut own = world.run.clients_of_tree(&[world.client])?.skiptrace;
    assert_eq!(own.list_searches(list.clone()).await?.into_inner().searches.len(), 1);
    assert_eq!(own.list_findings(findings.clone()).await?.into_inner().findings.len(), 1);
    for refusal in [
        own.request_search(request(account, SearchKind::Scrub)).await.map(|_| ()),
        own.get_spend(GetSpendRequest {}).await.map(|_| ()),
        own.import_results(ImportResultsRequest::default()).await.map(|_| ()),
    ] {
        assert_eq!(refusal.expect_err("it is denied").code(), Code::PermissionDenied);
    }
    let other: ClientId = SystemIds.next();
    let mut other = world.run.clients_of_tree(&[other])?.skiptrace;
    assert!(other.list_searches(list).await?.into_inner().searches.is_empty());
    let refusal = other.list_findings(findings).await.expect_err("it is another's account");
    assert!(matches!(refusal.code(), Code::NotFound | Code::Unavailable), "{refusal:?}");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_a_person_asked_for_expires_too() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = world.account();
    world.place(account, "A-1").await?;
    world.run.settle().await?;
    world.manager()?.request_search(request(account, SearchKind::Scrub)).await?;
    world.run.driver().advance(TimeDelta::days(31)).await?;
    assert_eq!(world.refusals().await?, ["expired"]);
    let findings =
        ListFindingsRequest { account_id: AccountId::to_string(&account.id), page: None };
    assert!(world.manager()?.list_findings(findings).await?.into_inner().findings.is_empty());
    world.end().await
}
