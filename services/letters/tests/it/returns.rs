//! What comes back.

use duly_domain::IdSource as _;
use duly_proto::{
    common::v1::Channel,
    letters::v1::{LetterState, RecordReturnedRequest, ReturnReason, event::Fact},
    skiptrace::v1::{self as skiptrace, FoundPoint, found_point::Point},
};
use duly_testkit::{day, request_id};
use tonic::Code;

use crate::world::{Claim, World, address};

fn returned(letter_id: &str, reason: ReturnReason, on: Option<&str>) -> RecordReturnedRequest {
    let mut request = RecordReturnedRequest {
        request_id: request_id(),
        letter_id: letter_id.to_owned(),
        returned_on: on.map(day),
        ..Default::default()
    };
    request.set_reason(reason);
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_left_can_come_back_and_only_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.place(&claim).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.until("2026-01-05T21:00:00Z").await?;
    let letter = world.only_prepared().await?;
    let mut api = world.api.clone();
    let id = letter.letter_id.as_str();
    let moved = |on| returned(id, ReturnReason::Moved, on);

    let never = api.record_returned(moved(None)).await.unwrap_err();
    assert_eq!(never.code(), Code::FailedPrecondition);
    assert!(never.message().contains("never left"), "{}", never.message());
    let nobodys = duly_domain::LetterId::from_uuid(duly_platform::SystemIds.uuid()).to_string();
    let unknown = returned(&nobodys, ReturnReason::Moved, None);
    assert_eq!(api.record_returned(unknown).await.unwrap_err().code(), Code::NotFound);

    world.authorize(&letter).await?;
    world.advance(15).await?;
    world.advance(60 * 24 * 4).await?;
    let bounced = returned(id, ReturnReason::Bounced, None);
    assert_eq!(api.record_returned(bounced).await.unwrap_err().code(), Code::InvalidArgument);
    for on in ["2026-01-04", "2026-01-10"] {
        let refused = api.record_returned(moved(Some(on))).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "on {on}");
    }
    for on in [Some("2026-01-08"), Some("2026-01-08"), None] {
        let answer = api.record_returned(moved(on)).await?.into_inner().letter;
        assert_eq!(answer.map(|letter| letter.state()), Some(LetterState::Returned));
    }
    let otherwise = returned(id, ReturnReason::Deceased, None);
    assert_eq!(api.record_returned(otherwise).await.unwrap_err().code(), Code::AlreadyExists);
    world.run.settle().await?;
    let told = world.told().await?;
    let told: Vec<_> = told
        .iter()
        .filter_map(|fact| if let Fact::LetterReturned(f) = fact { Some(f) } else { None })
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].returned_on, Some(day("2026-01-08")));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_return_the_next_letter_goes_to_what_a_search_found() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    let letter = world.authorized_demand(&claim, Channel::Mail).await?;
    world.advance(15).await?;
    world
        .api
        .clone()
        .record_returned(returned(&letter.letter_id, ReturnReason::Moved, None))
        .await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.advance(15).await?;
    assert_eq!(world.refused().await?[0].missing, ["liable_party.address"]);

    let point = |street: &str, confidence| FoundPoint {
        point: Some(Point::Address(address(street))),
        confidence,
    };
    let fact = skiptrace::TraceCompleted {
        search_id: duly_domain::SearchId::from_uuid(duly_platform::SystemIds.uuid()).to_string(),
        account_id: claim.id.to_string(),
        opening: 1,
        party_id: claim.parties[0].to_string(),
        points: vec![point("1200 Mill Road", 99), point("5 Old Lane", 40), point("8 New Lane", 80)],
        ..Default::default()
    };
    let fact = skiptrace::event::Fact::TraceCompleted(fact);
    world.tell::<skiptrace::Event>(vec![(claim.meta(), fact)]).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.advance(15).await?;
    let again = world.prepared().await?;
    assert_eq!(again.len(), 2);
    assert!(again.iter().any(|letter| letter.address == Some(address("8 New Lane"))));
    world.close().await
}
