//! Disputes: what pauses an account, and what ends them.

use duly_proto::{
    contact::v1::{
        DisputeOutcome, DisputeReason, ListDisputesRequest, OpenDisputeRequest,
        ResolveDisputeRequest, event::Fact,
    },
    intake::v1::{self as intake, ClientAnswer},
};
use duly_testkit::{request_id, usd};
use tonic::Code;

use crate::world::{Case, World};

/// A dispute of the whole account by its principal.
pub fn of(case: &Case) -> OpenDisputeRequest {
    let mut request = OpenDisputeRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        detail: "never ordered".to_owned(),
        ..Default::default()
    };
    request.set_reason(DisputeReason::NotDelivered);
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_pauses_until_the_client_answers() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+16175550101");
    world.place(&[&case]).await?;
    let dispute = world.dispute(of(&case)).await?;
    assert!(dispute.pauses_account);
    let refused = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(refused.reasons[0].rule, "dispute");
    let mut fact = intake::ClientAnswered {
        account_id: case.account_id(),
        opening: 1,
        dispute_id: dispute.dispute_id.clone(),
        ..Default::default()
    };
    fact.set_answer(ClientAnswer::Stands);
    let answered = (case.meta(), intake::event::Fact::ClientAnswered(fact));
    world.tell::<intake::Event>(vec![answered.clone()]).await?;
    world.tell::<intake::Event>(vec![answered]).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let told = world.told("dispute_resolved").await?;
    let [Fact::DisputeResolved(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(told.outcome(), DisputeOutcome::Invalid);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn part_of_a_commercial_account_pauses_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::commercial("ACME", "A-1").phone("+16175550101");
    world.place(&[&case]).await?;
    let part = OpenDisputeRequest { item_numbers: vec!["I-1".to_owned()], ..of(&case) };
    assert!(!world.dispute(part).await?.pauses_account);
    let part = OpenDisputeRequest { amount: Some(usd("99.99")), ..of(&case) };
    assert!(!world.dispute(part).await?.pauses_account);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let whole = OpenDisputeRequest { amount: Some(usd("100.00")), ..of(&case) };
    assert!(world.dispute(whole).await?.pauses_account);
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    let list = |with_resolved| ListDisputesRequest { with_resolved, ..Default::default() };
    assert_eq!(world.api.clone().list_disputes(list(false)).await?.into_inner().disputes.len(), 3);
    assert_eq!(world.told("dispute_opened").await?.len(), 3);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_resolves_a_dispute_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+16175550101");
    world.place(&[&case]).await?;
    let dispute = world.dispute(of(&case)).await?;
    let resolve = |outcome: DisputeOutcome| {
        let mut request = ResolveDisputeRequest {
            request_id: request_id(),
            dispute_id: dispute.dispute_id.clone(),
            reason: "receipt signed".to_owned(),
            ..Default::default()
        };
        request.set_outcome(outcome);
        request
    };
    let mut api = world.api.clone();
    let nothing = api.resolve_dispute(resolve(DisputeOutcome::Unspecified)).await.unwrap_err();
    assert_eq!(nothing.code(), Code::InvalidArgument);
    api.resolve_dispute(resolve(DisputeOutcome::Withdrawn)).await?;
    let twice = api.resolve_dispute(resolve(DisputeOutcome::Valid)).await.unwrap_err();
    assert_eq!(duly_platform::error::reason_of(&twice).as_deref(), Some("dispute_resolved"));
    let unknown = ResolveDisputeRequest {
        dispute_id: "disp_00000000000000000000000000000001".to_owned(),
        ..resolve(DisputeOutcome::Valid)
    };
    assert_eq!(api.resolve_dispute(unknown).await.unwrap_err().code(), Code::NotFound);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_that_does_not_fit_its_account_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    let other = Case::consumer("ACME", "A-2");
    world.place(&[&case, &other]).await?;
    let euros = duly_proto::common::v1::Money { minor: 100, currency: "EUR".to_owned() };
    let wrong = [
        OpenDisputeRequest { reason: 0, ..of(&case) },
        OpenDisputeRequest { amount: Some(usd("0.00")), ..of(&case) },
        OpenDisputeRequest { amount: Some(euros), ..of(&case) },
        OpenDisputeRequest { item_numbers: vec![String::new()], ..of(&case) },
        OpenDisputeRequest { item_numbers: vec!["I-1".to_owned(); 2], ..of(&case) },
        OpenDisputeRequest { party_id: other.party_id(0), ..of(&case) },
        OpenDisputeRequest { account_id: "acct_x".to_owned(), ..of(&case) },
    ];
    for request in wrong {
        let refused = world.dispute(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM dispute").await?, 0);
    world.close().await
}
