//! Strategies are published in versions and given to accounts.

use duly_domain::IdSource as _;
use duly_platform::{Role, SystemIds, error};
use duly_proto::workflow::v1::{
    AssignStrategyRequest, GetStrategyRequest, ListStrategiesRequest, PublishStrategyRequest,
    Strategy,
};
use duly_testkit::request_id;
use tonic::Code;

use crate::world::{World, account};

/// A strategy of one call.
fn one_call(name: &str) -> String {
    format!(
        "
strategy: {name}
summary: One call, and that is it.
for: {{ debt_class: commercial }}
roles: {{ principal: {{ after_days: 0 }} }}
steps:
  - id: call
    do: {{ call: {{ tries: 1 }} }}
  - id: close
    do: {{ propose_close: {{ code: UNE }} }}
"
    )
}

async fn publish(world: &World, document: &str) -> Result<Strategy, tonic::Status> {
    let request =
        PublishStrategyRequest { request_id: request_id(), document: document.to_owned() };
    let answer = world.api.clone().publish_strategy(request).await?.into_inner();
    Ok(answer.strategy.unwrap_or_default())
}

async fn get(world: &World, name: &str, version: i32) -> Result<Strategy, tonic::Status> {
    let request = GetStrategyRequest { name: name.to_owned(), version };
    let answer = world.api.clone().get_strategy(request).await?.into_inner();
    Ok(answer.strategy.unwrap_or_default())
}

fn assign(account_id: &str, strategy: &str) -> AssignStrategyRequest {
    AssignStrategyRequest {
        request_id: request_id(),
        account_id: account_id.to_owned(),
        strategy: strategy.to_owned(),
        reason: "the owner answers calls only".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_document_is_the_same_version_and_another_the_next() -> anyhow::Result<()> {
    let world = World::open().await?;
    let first = publish(&world, &one_call("one-call")).await?;
    assert_eq!((first.name.as_str(), first.version), ("one-call", 1));
    assert_eq!(first.published_by, "manager:test-manager");
    assert_eq!(publish(&world, &one_call("one-call")).await?, first);
    let other = one_call("one-call").replace("tries: 1", "tries: 2");
    let second = publish(&world, &other).await?;
    assert_eq!((second.version, second.document.as_str()), (2, other.as_str()));
    assert_eq!(get(&world, "one-call", 0).await?, second);
    assert_eq!(get(&world, "one-call", 1).await?, first);
    let refused = get(&world, "one-call", 3).await.expect_err("no such version");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("strategy_version_unknown"));
    let listed = world.api.clone().list_strategies(ListStrategiesRequest::default()).await?;
    let listed: Vec<(String, i32)> =
        listed.into_inner().strategies.into_iter().map(|s| (s.name, s.version)).collect();
    assert_eq!(
        listed,
        [
            ("commercial-standard".to_owned(), 1),
            ("consumer-standard".to_owned(), 1),
            ("one-call".to_owned(), 2)
        ]
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_none_is_refused_with_its_key_and_remedy() -> anyhow::Result<()> {
    let world = World::open().await?;
    let spins =
        one_call("spins").replace("tries: 1 } }", "tries: 1 } }\n    on: { refused: call }");
    for (document, field, says) in [
        (String::new(), "document", "missing"),
        ("steps: []".to_owned(), "document.document", "strategy"),
        (
            one_call("one-call").replace("tries: 1", "tries: 99"),
            "document.steps.call.do.call.tries",
            "1 to 10",
        ),
        (spins, "document.steps.call", "without a `wait`"),
    ] {
        let refused = publish(&world, &document).await.expect_err("no strategy");
        let violations = error::violations_of(&refused);
        assert_eq!(violations[0].field, field, "{refused:?}");
        assert!(violations[0].reason.contains(says), "{refused:?}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_can_be_given_another_strategy() -> anyhow::Result<()> {
    let world = World::open().await?;
    publish(&world, &one_call("one-call")).await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    let id = one.id.to_string();
    let answer = world.api.clone().assign_strategy(assign(&id, "one-call")).await?.into_inner();
    let assigned = answer.account.unwrap_or_default();
    assert_eq!((assigned.strategy.as_str(), assigned.strategy_version), ("one-call", 1));
    world.tick().await?;
    let explained = world.explain(&one).await?;
    let now: Vec<_> = explained.treatments.iter().filter(|t| t.answer.is_empty()).collect();
    assert_eq!(now.len(), 2, "the old call is under way, and the new one is asked for");
    let call = now.iter().find(|t| t.step == "call").expect("the new one");
    world.decide([one.answer(call, "reached")]).await?;
    assert_eq!(world.proposed().await?, ["UNE"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_strategy_is_answered_with_those_that_there_are() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1").consumer();
    world.place(&one).await?;
    let id = one.id.to_string();
    let mut api = world.api.clone();
    let refused = api.assign_strategy(assign(&id, "no-such")).await.expect_err("unknown");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("strategy_unknown"));
    assert!(refused.message().contains("commercial-standard, consumer-standard"), "{refused:?}");
    let refused = api.assign_strategy(assign(&id, "commercial-standard")).await;
    let refused = refused.expect_err("for other claims");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("strategy_does_not_fit"));
    let refused = api.assign_strategy(assign("acct_1", "one-call")).await.expect_err("no id");
    assert_eq!(error::violations_of(&refused)[0].field, "account_id");
    let mut reasonless = assign(&id, "consumer-standard");
    reasonless.reason.clear();
    let refused = api.assign_strategy(reasonless).await.expect_err("why");
    assert_eq!(error::violations_of(&refused)[0].field, "reason");
    world.decide([one.recalled()]).await?;
    let refused = api.assign_strategy(assign(&id, "consumer-standard")).await.expect_err("ended");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("account_ended"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn new_accounts_take_the_latest_version_and_old_ones_keep_theirs() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = SystemIds.next();
    let mut early_out = account(client, "A-0");
    early_out.service = duly_proto::intake::v1::ServiceKind::EarlyOut;
    let old = account(client, "A-1");
    world.decide([early_out.placed(), old.placed()]).await?;
    assert_eq!(world.tasks().await?.len(), 1);
    // Whoever publishes under a standard name changes the standard.
    let published = publish(&world, &one_call("commercial-standard")).await?;
    assert_eq!(published.version, 2);
    let new = account(client, "A-2");
    world.place(&new).await?;
    assert_eq!(world.asked(&new, 0).await?.step, "call");
    assert_eq!(world.asked(&old, 0).await?.step, "scrub");
    // What none fitted is looked at again.
    assert_eq!(world.asked(&early_out, 0).await?.step, "call");
    assert!(world.tasks().await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn strategies_are_the_leads_to_change() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut api = world.run.clients(Role::Collector)?.workflow;
    let request = PublishStrategyRequest { request_id: request_id(), document: one_call("x") };
    let denied = api.publish_strategy(request).await.expect_err("not a collector's");
    assert_eq!(denied.code(), Code::PermissionDenied);
    let denied = api.assign_strategy(assign("acct_1", "x")).await.expect_err("nor this");
    assert_eq!(denied.code(), Code::PermissionDenied);
    api.get_strategy(GetStrategyRequest { name: "consumer-standard".into(), version: 0 }).await?;
    world.close().await
}
