//! Clients and their dated policy.

use duly_platform::{Role, error::violations_of};
use duly_proto::{
    common::v1::{PageRequest, RemitMethod},
    intake::v1::{GetClientRequest, ListClientsRequest, event::Fact, get_client_request::Key},
};
use duly_testkit::{client, day, policy, request_id};
use tonic::Code;

use crate::support::{World, refused};

fn by_ref(client_ref: &str) -> GetClientRequest {
    GetClientRequest { key: Some(Key::ClientRef(client_ref.into())) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_made_told_and_found_by_id_and_reference() -> anyhow::Result<()> {
    let mut world = World::new().await?;
    let parent = world.put(client("GROUP")).await?;
    let child = world.put(client("ACME").under("GROUP")).await?;
    assert_eq!((child.version, child.parent_client_id.as_str()), (1, parent.client_id.as_str()));
    let found = world.api.intake.get_client(by_ref("ACME")).await?.into_inner().client;
    assert_eq!(found.as_ref(), Some(&child));
    let by_id = GetClientRequest { key: Some(Key::ClientId(child.client_id.clone())) };
    let found = world.api.intake.get_client(by_id).await?.into_inner().client;
    assert_eq!(found.as_ref(), Some(&child));

    let changed = world
        .facts(|fact| match fact {
            Fact::ClientChanged(changed) => Some(changed),
            _ => None,
        })
        .await?;
    assert_eq!(changed.len(), 2);
    assert_eq!(changed[1].client_id, child.client_id);
    assert_eq!(changed[1].policy, child.policy);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_makes_no_new_version_and_another_does() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let again = world.put(client("ACME")).await?;
    assert_eq!((again.version, world.told("client_changed").await?), (1, 1));
    let dearer = world.put(client("ACME").with(policy().flat("0.30"))).await?;
    assert_eq!((dearer.version, world.told("client_changed").await?), (2, 2));
    let rate = |client: &duly_proto::intake::v1::Client| {
        let schedule = client.policy.as_ref().and_then(|p| p.fee_schedule.as_ref()).unwrap();
        schedule.brackets[0].rate.clone()
    };
    assert_eq!((rate(&again), rate(&dearer)), ("0.25".to_owned(), "0.3".to_owned()));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_first_answer_and_a_changed_one_is_a_conflict()
-> anyhow::Result<()> {
    let mut world = World::new().await?;
    let request = client("ACME").build();
    let first = world.api.intake.put_client(request.clone()).await?.into_inner();
    let again = world.api.intake.put_client(request.clone()).await?.into_inner();
    assert_eq!(first, again);
    let other = duly_proto::intake::v1::PutClientRequest { name: "Other".into(), ..request };
    let outcome = world.api.intake.put_client(other).await;
    refused(outcome, Code::AlreadyExists, "request_id_reused");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_shown_is_the_one_in_force() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let later = client("ACME").with(policy().flat("0.30")).from("2026-01-07");
    let put = world.put(later).await?;
    assert_eq!(put.effective_on, Some(day("2026-01-07")));
    let shown = world.api.intake.get_client(by_ref("ACME")).await?.into_inner().client.unwrap();
    assert_eq!((shown.version, shown.effective_on), (2, Some(day("2025-01-01"))));
    world.run.driver().advance_to("2026-01-07T15:00:00Z".parse()?).await?;
    let shown = world.api.intake.get_client(by_ref("ACME")).await?.into_inner().client.unwrap();
    assert_eq!((shown.version, shown.effective_on), (2, Some(day("2026-01-07"))));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_cannot_be_worked_under_is_refused_with_the_remedy() -> anyhow::Result<()> {
    let mut world = World::new().await?;
    let request = client("ACME").with(policy().without_consent()).build();
    let words =
        refused(world.api.intake.put_client(request).await, Code::InvalidArgument, "invalid_input");
    assert!(words.contains("give offset_consent_on"), "{words}");
    let gross = client("ACME").with(policy().method(RemitMethod::Gross)).build();
    let status = world.api.intake.put_client(gross).await.unwrap_err();
    assert_eq!(violations_of(&status)[0].field, "policy");
    let currency = client("ACME").with(policy().currency("XQQ")).build();
    let status = world.api.intake.put_client(currency).await.unwrap_err();
    assert_eq!(violations_of(&status)[0].field, "policy.currency");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_never_above_itself() -> anyhow::Result<()> {
    let mut world = World::new().await?;
    world.put(client("A")).await?;
    world.put(client("B").under("A")).await?;
    world.put(client("C").under("B")).await?;
    for (client_ref, parent) in [("A", "C"), ("A", "A"), ("B", "C")] {
        let request = client(client_ref).under(parent).build();
        let outcome = world.api.intake.put_client(request).await;
        refused(outcome, Code::InvalidArgument, "parent_circle");
    }
    let outcome = world.api.intake.put_client(client("D").under("NONE").build()).await;
    refused(outcome, Code::NotFound, "parent_unknown");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_listed_in_pages() -> anyhow::Result<()> {
    let mut world = World::new().await?;
    for client_ref in ["C", "A", "B"] {
        world.put(client(client_ref)).await?;
    }
    let mut found = Vec::new();
    let mut page = PageRequest { page_size: 2, page_token: String::new() };
    loop {
        let request = ListClientsRequest { page: Some(page.clone()) };
        let answer = world.api.intake.list_clients(request).await?.into_inner();
        found.extend(answer.clients.into_iter().map(|client| client.client_ref));
        page.page_token = answer.page.unwrap_or_default().next_page_token;
        if page.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(found, ["A", "B", "C"]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_managers_and_administrators_put_clients() -> anyhow::Result<()> {
    let world = World::new().await?;
    for role in [Role::Collector, Role::Compliance, Role::Accounting, Role::Service] {
        let mut api = world.run.clients(role)?;
        let outcome = api.intake.put_client(client("ACME").build()).await;
        refused(outcome, Code::PermissionDenied, "role_denied");
    }
    let mut admin = world.run.clients(Role::Admin)?;
    let unnamed = duly_proto::intake::v1::PutClientRequest {
        request_id: request_id(),
        ..client("ACME").build()
    };
    admin.intake.put_client(unnamed).await?;
    world.end().await
}
