//! A dispute becomes a question to the client; its answer becomes a credit, or none.

use duly_domain::{DisputeId, IdSource as _};
use duly_platform::{Role, SystemIds, error::violations_of};
use duly_proto::{
    Event as _,
    common::v1::{Money, PageRequest},
    contact::v1::{DisputeOpened, DisputeOutcome, DisputeReason, DisputeResolved, Event, event},
    intake::v1::{
        Account, AnswerClientRequestRequest, ClientAnswer, ClientRequest,
        ListClientRequestsRequest, event::Fact,
    },
};
use duly_testkit::{adjust, client, day, placement, request_id, usd};
use tonic::Code;

use crate::support::{World, refused};

/// Two invoices, 100.00 and 50.00.
async fn one_account(world: &mut World) -> anyhow::Result<Account> {
    let claim = placement("A-1")
        .usd("150.00")
        .invoice("I-1", "100.00", "2025-10-01")
        .invoice("I-2", "50.00", "2025-10-02")
        .build();
    let id = world.place("b", vec![claim]).await?.account_id("A-1")?;
    world.account(&id).await
}

async fn opened(
    world: &World,
    account: &Account,
    items: &[&str],
    amount: Option<Money>,
) -> anyhow::Result<(String, Event)> {
    let id: DisputeId = SystemIds.next();
    let mut fact = DisputeOpened {
        dispute_id: id.to_string(),
        account_id: account.account_id.clone(),
        opening: account.opening,
        item_numbers: items.iter().map(ToString::to_string).collect(),
        amount,
        opened_on: Some(day("2026-01-05")),
        ..DisputeOpened::default()
    };
    fact.set_reason(DisputeReason::NotDelivered);
    let meta = world.meta(account).await?;
    Ok((id.to_string(), Event::new(meta, event::Fact::DisputeOpened(fact))))
}

async fn resolved(world: &World, account: &Account, dispute_id: &str) -> anyhow::Result<Event> {
    let mut fact = DisputeResolved {
        dispute_id: dispute_id.into(),
        account_id: account.account_id.clone(),
        opening: account.opening,
        resolved_on: Some(day("2026-01-07")),
        ..DisputeResolved::default()
    };
    fact.set_outcome(DisputeOutcome::Withdrawn);
    Ok(Event::new(world.meta(account).await?, event::Fact::DisputeResolved(fact)))
}

async fn listed(world: &mut World, all: bool) -> anyhow::Result<Vec<ClientRequest>> {
    let request = ListClientRequestsRequest { with_answered: all, ..Default::default() };
    let answer = world.api.intake.list_client_requests(request).await?;
    Ok(answer.into_inner().client_requests)
}

/// The one question that a dispute of these items raises.
async fn asked(
    world: &mut World,
    account: &Account,
    items: &[&str],
    amount: Option<Money>,
) -> anyhow::Result<ClientRequest> {
    let (_, event) = opened(world, account, items, amount).await?;
    world.hear(&[event]).await?;
    let mut open = listed(world, false).await?;
    assert_eq!(open.len(), 1, "{open:?}");
    Ok(open.remove(0))
}

fn says(id: &str, answer: ClientAnswer, credit: Option<&str>) -> AnswerClientRequestRequest {
    let mut request = AnswerClientRequestRequest {
        request_id: request_id(),
        client_request_id: id.into(),
        credit: credit.map(usd),
        text: "we looked into it".into(),
        ..Default::default()
    };
    request.set_answer(answer);
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_is_asked_about_with_ten_days_to_answer() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let question = asked(&mut world, &account, &["I-1"], None).await?;
    assert_eq!(
        (question.asked_on, question.due_on),
        (Some(day("2026-01-05")), Some(day("2026-01-15")))
    );
    assert_eq!(question.disputed_amount, Some(usd("100.00")));
    assert_eq!(question.item_numbers, ["I-1"]);
    assert_eq!(question.answer(), ClientAnswer::Unspecified);
    assert!(
        question.question.contains("item I-1 (100.00 USD): it is said not to have been delivered"),
        "{}",
        question.question
    );
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_corrects_what_is_contested_item_by_item() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let already = duly_proto::intake::v1::AdjustAccountRequest {
        item_number: "I-2".into(),
        ..adjust(&account.account_id, "-20.00")
    };
    world.api.intake.adjust_account(already).await?;
    let question = asked(&mut world, &account, &["I-1", "I-2"], None).await?;
    assert_eq!(question.disputed_amount, Some(usd("150.00")));
    let request = says(&question.client_request_id, ClientAnswer::Credit, None);
    let first = world.api.intake.answer_client_request(request.clone()).await?.into_inner();
    let again = world.api.intake.answer_client_request(request).await?.into_inner();
    assert_eq!(first, again);
    let answered = first.client_request.unwrap_or_default();
    assert_eq!(
        (answered.answer(), answered.credit, answered.answered_on),
        (ClientAnswer::Credit, Some(usd("130.00")), Some(day("2026-01-05")))
    );
    let told = world
        .facts(|fact| match fact {
            Fact::AccountAdjusted(fact) => Some((fact.item_number, fact.amount, fact.opening)),
            _ => None,
        })
        .await?;
    let item = |number: &str, amount: &str| (number.to_owned(), Some(usd(amount)), 1);
    assert_eq!(told, [item("I-2", "-20.00"), item("I-1", "-100.00"), item("I-2", "-30.00")]);
    let told = world
        .facts(|fact| match fact {
            Fact::ClientAnswered(fact) => Some(fact),
            _ => None,
        })
        .await?;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0].credit, told[0].answer()), (&Some(usd("130.00")), ClientAnswer::Credit));
    assert_eq!((told[0].opening, &told[0].dispute_id), (1, &question.dispute_id));
    let account = world.account(&account.account_id).await?;
    assert_eq!((account.adjusted_amount, account.version), (Some(usd("-150.00")), 4));
    assert!(listed(&mut world, false).await?.is_empty());
    assert_eq!(listed(&mut world, true).await?.len(), 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_needs_a_credit_within_what_is_contested() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let question = asked(&mut world, &account, &[], Some(usd("40.00"))).await?;
    let id = question.client_request_id.as_str();
    for (answer, credit, field) in [
        (ClientAnswer::Part, None, "credit"),
        (ClientAnswer::Part, Some("0.00"), "credit"),
        (ClientAnswer::Part, Some("-5.00"), "credit"),
        (ClientAnswer::Part, Some("40.01"), "credit"),
        (ClientAnswer::Stands, Some("5.00"), "credit"),
        (ClientAnswer::Credit, Some("5.00"), "credit"),
        (ClientAnswer::Unspecified, None, "answer"),
    ] {
        let outcome = world.api.intake.answer_client_request(says(id, answer, credit)).await;
        let status = outcome.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status}");
        assert_eq!(violations_of(&status)[0].field, field, "{status}");
    }
    let request = says(id, ClientAnswer::Part, Some("15.00"));
    let answered = world.api.intake.answer_client_request(request).await?.into_inner();
    assert_eq!(answered.client_request.unwrap_or_default().credit, Some(usd("15.00")));
    let account = world.account(&account.account_id).await?;
    assert_eq!(account.adjusted_amount, Some(usd("-15.00")));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_answer_is_a_conflict_and_the_same_one_changes_nothing() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let question = asked(&mut world, &account, &[], None).await?;
    let id = question.client_request_id.as_str();
    let stands = says(id, ClientAnswer::Stands, None);
    let first = world.api.intake.answer_client_request(stands).await?.into_inner();
    let same = says(id, ClientAnswer::Stands, None);
    assert_eq!(world.api.intake.answer_client_request(same).await?.into_inner(), first);
    for other in [says(id, ClientAnswer::Credit, None), says(id, ClientAnswer::Part, Some("1.00"))]
    {
        let outcome = world.api.intake.answer_client_request(other).await;
        refused(outcome, Code::AlreadyExists, "client_request_answered");
    }
    assert_eq!(world.told("client_answered").await?, 1);
    assert_eq!(world.told("account_adjusted").await?, 0);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_that_ended_needs_no_answer_in_either_order() -> anyhow::Result<()> {
    let mut digests = Vec::new();
    for end_first in [false, true] {
        let mut world = World::with_acme().await?;
        let account = one_account(&mut world).await?;
        let (dispute, open) = opened(&world, &account, &[], None).await?;
        let end = resolved(&world, &account, &dispute).await?;
        if end_first {
            world.hear(&[end.clone(), end.clone()]).await?;
            world.hear(&[open.clone(), open]).await?;
        } else {
            world.hear(&[open.clone(), open]).await?;
            world.hear(&[end]).await?;
        }
        assert!(listed(&mut world, false).await?.is_empty());
        let kept = listed(&mut world, true).await?;
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].no_longer_asked, "the debtor withdrew the dispute");
        let request = says(&kept[0].client_request_id, ClientAnswer::Stands, None);
        let outcome = world.api.intake.answer_client_request(request).await;
        refused(outcome, Code::FailedPrecondition, "client_request_over");
        world.run.settle().await?;
        digests.push(world.run.digest().await?);
        world.end().await?;
    }
    assert_eq!(digests[0], digests[1]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_of_an_unknown_account_waits_unseen() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let unknown =
        Account { account_id: "acct_00000000000000000000000000000001".into(), ..account.clone() };
    let (_, event) = opened(&world, &unknown, &[], None).await?;
    world.hear(&[event]).await?;
    assert!(listed(&mut world, true).await?.is_empty());
    world.run.digest().await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_is_not_asked_about_any_more() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let question = asked(&mut world, &account, &[], None).await?;
    let recall = duly_proto::intake::v1::RecallAccountRequest {
        request_id: request_id(),
        account_id: account.account_id.clone(),
        reason: "enough".into(),
    };
    world.api.intake.recall_account(recall).await?;
    assert!(listed(&mut world, false).await?.is_empty());
    let request = says(&question.client_request_id, ClientAnswer::Credit, None);
    let outcome = world.api.intake.answer_client_request(request).await;
    refused(outcome, Code::FailedPrecondition, "account_closed");
    assert_eq!(listed(&mut world, true).await?[0].no_longer_asked, "the account was closed");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_and_answers_its_own_questions_only_page_by_page() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let rival = world.put(client("RIVAL")).await?;
    let mut events = Vec::new();
    for item in ["I-1", "I-2", "I-1"] {
        events.push(opened(&world, &account, &[item], None).await?.1);
    }
    world.hear(&events).await?;
    let mut own = world.run.clients_of_tree(&[account.client_id.parse()?])?;
    let mut page = PageRequest { page_size: 2, page_token: String::new() };
    let mut found = Vec::new();
    loop {
        let request = ListClientRequestsRequest { page: Some(page.clone()), ..Default::default() };
        let answer = own.intake.list_client_requests(request).await?.into_inner();
        found.extend(answer.client_requests.into_iter().map(|r| r.client_request_id));
        page.page_token = answer.page.unwrap_or_default().next_page_token;
        if page.page_token.is_empty() {
            break;
        }
    }
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 3);

    let mut other = world.run.clients_of_tree(&[rival.client_id.parse()?])?;
    let all = ListClientRequestsRequest { with_answered: true, ..Default::default() };
    let seen = other.intake.list_client_requests(all.clone()).await?.into_inner();
    assert!(seen.client_requests.is_empty());
    let outcome =
        other.intake.answer_client_request(says(&found[0], ClientAnswer::Stands, None)).await;
    refused(outcome, Code::NotFound, "client_request_unknown");
    own.intake.answer_client_request(says(&found[0], ClientAnswer::Stands, None)).await?;
    let mut collector = world.run.clients(Role::Collector)?;
    assert_eq!(
        collector.intake.list_client_requests(all).await?.into_inner().client_requests.len(),
        3
    );
    let outcome =
        collector.intake.answer_client_request(says(&found[1], ClientAnswer::Stands, None)).await;
    refused(outcome, Code::PermissionDenied, "role_denied");
    world.end().await
}
