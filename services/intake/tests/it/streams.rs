//! Batches by the stream: chunks, repetition, cuts, conflicts, totals.

use duly_platform::Role;
use duly_proto::{
    common::v1::Money,
    intake::v1::{
        AckStatus, Acknowledgement, GetBatchRequest, ListAccountsRequest,
        ListAcknowledgementsRequest, PlaceOpen, Placement, event::Fact, place_request,
    },
};
use duly_testkit::{cents, client, day, place, placement, usd};
use tonic::Code;

use crate::support::{Wire, World, chunk, open, refused};

fn good(count: usize) -> Vec<Placement> {
    (1..=count).map(|n| placement(&format!("A-{n:04}")).build()).collect()
}

async fn accounts(world: &mut World) -> anyhow::Result<usize> {
    let answer = world.api.intake.list_accounts(ListAccountsRequest::default()).await?;
    Ok(answer.into_inner().accounts.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_placed_chunk_by_chunk_and_told() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let declared = PlaceOpen {
        declared_count: Some(5),
        declared_sum: Some(usd("500.00")),
        ..open("ACME", "monday")
    };
    let placed = place(&mut world.api.intake, declared, good(5), 2).await?;
    assert!(placed.acknowledgements.iter().all(|a| a.status() == AckStatus::Accepted));
    let batch = &placed.batch;
    assert!(batch.closed && batch.totals_agree);
    assert_eq!(
        (batch.received, batch.accepted, batch.accepted_sum.clone()),
        (5, 5, Some(usd("500.00")))
    );

    let told = world
        .facts(|fact| match fact {
            Fact::AccountPlaced(placed) => Some(placed),
            _ => None,
        })
        .await?;
    let ids: Vec<&str> = told.iter().map(|placed| placed.account_id.as_str()).collect();
    let answered: Vec<&str> =
        placed.acknowledgements.iter().map(|a| a.account_id.as_str()).collect();
    assert_eq!(ids, answered);
    assert_eq!(told[0].listing_date, Some(day("2026-01-05")));
    assert_eq!((told[0].client_ref.as_str(), told[0].opening), ("ACME", 1));
    assert_eq!(told[0].liable_parties[0].phones, ["+19375550142"]);
    let event = &world.events().await?[0];
    assert!(event.meta.is_some());
    assert_eq!(world.told("batch_closed").await?, 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_batch_gets_the_first_answers_and_writes_nothing() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let first = place(&mut world.api.intake, open("ACME", "monday"), good(5), 2).await?;
    let before = world.run.digest().await?;
    let again = place(&mut world.api.intake, open("ACME", "monday"), good(5), 2).await?;
    assert_eq!(first.acknowledgements, again.acknowledgements);
    assert_eq!(first.batch, again.batch);
    world.run.settle().await?;
    assert_eq!(before, world.run.digest().await?);
    assert_eq!(world.told("batch_closed").await?, 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_stream_goes_on_at_the_first_unanswered_chunk() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let records = good(6);
    let (mut wire, opened) = Wire::open(&mut world.api.intake, open("ACME", "cut")).await?;
    assert_eq!((opened.next_chunk_no, opened.closed), (1, false));
    let first = wire.chunk(chunk(1, records[..2].to_vec())).await?;
    drop(wire);

    let (mut wire, opened) = Wire::open(&mut world.api.intake, open("ACME", "cut")).await?;
    assert_eq!((opened.next_chunk_no, opened.closed), (2, false));
    assert_eq!(wire.chunk(chunk(1, records[..2].to_vec())).await?, first);
    wire.chunk(chunk(2, records[2..4].to_vec())).await?;
    wire.chunk(chunk(3, records[4..].to_vec())).await?;
    let batch = wire.end().await?;
    assert_eq!((batch.accepted, accounts(&mut world).await?), (6, 6));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_without_an_end_leaves_the_batch_open() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut wire, opened) = Wire::open(&mut world.api.intake, open("ACME", "open")).await?;
    wire.chunk(chunk(1, good(1))).await?;
    assert_eq!(wire.hang_up().await?, None);
    let request = GetBatchRequest { batch_id: opened.batch_id };
    let batch = world.api.intake.get_batch(request).await?.into_inner().batch.unwrap();
    assert_eq!((batch.closed, batch.accepted), (false, 1));
    assert_eq!(world.told("batch_closed").await?, 0);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_under_a_chunk_s_number_is_a_conflict_that_names_it() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    wire.chunk(chunk(1, good(1))).await?;
    let words = refused(wire.chunk(chunk(1, good(2))).await, Code::AlreadyExists, "chunk_reused");
    assert!(words.contains("chunk 1"), "{words}");
    assert_eq!(accounts(&mut world).await?, 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_names_the_chunk_that_was_expected() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    wire.chunk(chunk(1, good(1))).await?;
    let outcome = wire.chunk(chunk(3, vec![placement("B-1").build()])).await;
    let words = refused(outcome, Code::InvalidArgument, "chunk_gap");
    assert!(words.contains("go on with 2"), "{words}");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_batch_takes_no_more_chunks() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    world.place("b", good(1)).await?;
    let (mut wire, opened) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    assert!(opened.closed);
    let outcome = wire.chunk(chunk(2, vec![placement("B-1").build()])).await;
    let words = refused(outcome, Code::FailedPrecondition, "batch_closed");
    assert!(words.contains("new batch_key"), "{words}");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_opened_again_must_not_contradict_itself() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let first = PlaceOpen { declared_count: Some(1), ..open("ACME", "b") };
    Wire::open(&mut world.api.intake, first).await?;
    // What is left out stays as it was.
    Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    for other in [
        PlaceOpen { declared_count: Some(2), ..open("ACME", "b") },
        PlaceOpen { declared_sum: Some(usd("1.00")), ..open("ACME", "b") },
        PlaceOpen { listing_date: Some(day("2026-01-01")), ..open("ACME", "b") },
    ] {
        let outcome = Wire::open(&mut world.api.intake, other).await.map(|_| ());
        refused(outcome, Code::AlreadyExists, "batch_key_reused");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_of_one_chunk_place_it_once() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let mut twins = Vec::new();
    for _ in 0..4 {
        let (wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
        twins.push(wire);
    }
    let [a, b, c, d] = twins.as_mut_slice() else { panic!("four twins") };
    let records = || chunk(1, good(50));
    let (a, b, c, d) = tokio::try_join!(
        a.chunk(records()),
        b.chunk(records()),
        c.chunk(records()),
        d.chunk(records())
    )?;
    assert_eq!((&a, &a, &a), (&b, &c, &d));
    drop(twins);
    assert_eq!((accounts(&mut world).await?, world.told("account_placed").await?), (50, 50));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_batches_that_place_the_same_references_place_each_once() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut one, _) = Wire::open(&mut world.api.intake, open("ACME", "one")).await?;
    let (mut two, _) = Wire::open(&mut world.api.intake, open("ACME", "two")).await?;
    let backwards = good(60).into_iter().rev().collect();
    let (one, two) =
        tokio::try_join!(one.chunk(chunk(1, good(60))), two.chunk(chunk(1, backwards)))?;
    let accepted = |answers: &[Acknowledgement]| {
        answers.iter().filter(|a| a.status() == AckStatus::Accepted).count()
    };
    let (one, two) = (accepted(&one.acknowledgements), accepted(&two.acknowledgements));
    assert_eq!((one + two, accounts(&mut world).await?), (60, 60));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_may_be_sent_ahead_of_their_answers() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    for (records, chunk_no) in good(12).chunks(1).zip(1..) {
        wire.send(place_request::Message::Chunk(chunk(chunk_no, records.to_vec()))).await;
    }
    wire.send(place_request::Message::End(duly_proto::intake::v1::PlaceEnd {})).await;
    let mut answered = Vec::new();
    loop {
        match wire.next().await? {
            Some(duly_proto::intake::v1::place_response::Message::Chunk(placed)) => {
                answered.push(placed.chunk_no);
            }
            Some(duly_proto::intake::v1::place_response::Message::Closed(batch)) => {
                assert_eq!(batch.accepted, 12);
                break;
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    assert_eq!(answered, (1..=12).collect::<Vec<i32>>());
    assert_eq!(wire.next().await?, None);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_that_differ_are_told_and_the_accounts_stay() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    for (key, declared_count, declared_sum) in
        [("count", Some(3), None), ("sum", None, Some(usd("100.01")))]
    {
        let declared = PlaceOpen { declared_count, declared_sum, ..open("ACME", key) };
        let records = vec![placement(key).build()];
        let placed = place(&mut world.api.intake, declared, records, 500).await?;
        assert!(placed.batch.closed && !placed.batch.totals_agree);
    }
    assert_eq!(accounts(&mut world).await?, 2);
    let agree = world
        .facts(|fact| match fact {
            Fact::BatchClosed(closed) => Some(closed.totals_agree),
            _ => None,
        })
        .await?;
    assert_eq!(agree, [false, false]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn declared_totals_count_rejected_records_too() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let declared = PlaceOpen {
        declared_count: Some(2),
        declared_sum: Some(usd("200.00")),
        ..open("ACME", "b")
    };
    let nameless = placement("A-2").principal(|party| party.name.clear()).build();
    let records = vec![placement("A-1").build(), nameless];
    let placed = place(&mut world.api.intake, declared, records, 500).await?;
    assert!(placed.batch.totals_agree);
    assert_eq!(placed.batch.accepted_sum, Some(usd("100.00")));
    assert_eq!(placed.batch.rejected_sum, Some(usd("100.00")));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_no_batch_says_why() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let cases = [
        (open("NOBODY", "b"), Code::NotFound, "client_unknown", "PutClient"),
        (open("ACME", " "), Code::InvalidArgument, "invalid_input", "open.batch_key"),
        (
            PlaceOpen { listing_date: Some(day("2026-01-06")), ..open("ACME", "b") },
            Code::InvalidArgument,
            "invalid_input",
            "in the future",
        ),
        (
            PlaceOpen {
                declared_sum: Some(Money { minor: 1, currency: "EUR".into() }),
                ..open("ACME", "b")
            },
            Code::InvalidArgument,
            "invalid_input",
            "client's currency USD",
        ),
    ];
    for (open, code, reason, words) in cases {
        let outcome = Wire::open(&mut world.api.intake, open).await.map(|_| ());
        let said = refused(outcome, code, reason);
        assert!(said.contains(words), "{said}");
    }
    let mut wire = Wire::begin(&mut world.api.intake).await?;
    wire.send(place_request::Message::Chunk(chunk(1, good(1)))).await;
    refused(wire.next().await, Code::InvalidArgument, "stream_order");
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    wire.send(place_request::Message::Open(open("ACME", "b"))).await;
    refused(wire.next().await, Code::InvalidArgument, "stream_order");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_has_at_most_500_records_and_8_mebibytes() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    for records in [good(501), Vec::new()] {
        let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
        let outcome = wire.chunk(chunk(1, records)).await;
        refused(outcome, Code::InvalidArgument, "chunk_size");
    }
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    let heavy = placement("A-1").business(&"x".repeat(9 * 1024 * 1024)).build();
    let outcome = wire.chunk(chunk(1, vec![heavy])).await;
    refused(outcome, Code::ResourceExhausted, "message_too_large");
    assert_eq!(accounts(&mut world).await?, 0);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn before_its_first_policy_a_client_places_nothing() -> anyhow::Result<()> {
    let mut world = World::new().await?;
    world.put(client("ACME").from("2026-01-03")).await?;
    let early = PlaceOpen { listing_date: Some(day("2026-01-02")), ..open("ACME", "early") };
    let placed = place(&mut world.api.intake, early, good(1), 500).await?;
    assert_eq!(placed.acknowledgements[0].code, "no_policy");
    let late = PlaceOpen { listing_date: Some(day("2026-01-03")), ..open("ACME", "late") };
    let placed = place(&mut world.api.intake, late, good(1), 500).await?;
    assert_eq!(placed.acknowledgements[0].status(), AckStatus::Accepted);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_2500_invoices_is_told_in_parts_that_sum_to_it() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let claim = (1..=2500).fold(placement("BIG"), |claim, n| {
        claim.invoice(&format!("INV-{n:05}"), "12.34", "2025-11-01")
    });
    let placed = world.place("b", vec![claim.build()]).await?;
    let id = placed.account_id("BIG")?;
    assert_eq!(world.account(&id).await?.claim_items, 2500);
    let parts = world
        .facts(|fact| match fact {
            Fact::ClaimItemsListed(listed) => Some(listed),
            _ => None,
        })
        .await?;
    let numbers: Vec<(i32, i32)> = parts.iter().map(|part| (part.part, part.parts)).collect();
    assert_eq!(numbers, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
    assert!(parts.iter().all(|part| part.items.len() == 500 && part.account_id == id));
    let minor = |item: &duly_proto::intake::v1::ClaimItem| item.open_amount.as_ref().unwrap().minor;
    let sum: i64 = parts.iter().flat_map(|part| &part.items).map(minor).sum();
    assert_eq!(Some(cents(sum)), world.account(&id).await?.listed_amount);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_listed_by_status_in_pages() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let mut records = good(5);
    records[1].amount = None;
    records[3].amount = None;
    let placed = place(&mut world.api.intake, open("ACME", "b"), records, 2).await?;
    let mut collector = world.run.clients(Role::Collector)?;
    let mut list = ListAcknowledgementsRequest {
        batch_id: placed.batch.batch_id.clone(),
        page: Some(duly_proto::common::v1::PageRequest { page_size: 2, page_token: String::new() }),
        ..ListAcknowledgementsRequest::default()
    };
    let mut all = Vec::new();
    loop {
        let answer = collector.intake.list_acknowledgements(list.clone()).await?.into_inner();
        all.extend(answer.acknowledgements);
        let token = answer.page.unwrap_or_default().next_page_token;
        if token.is_empty() {
            break;
        }
        list.page.get_or_insert_default().page_token = token;
    }
    assert_eq!(all, placed.acknowledgements);
    list.page = None;
    list.set_status(AckStatus::Rejected);
    let rejected = collector.intake.list_acknowledgements(list).await?.into_inner();
    let refs: Vec<String> =
        rejected.acknowledgements.into_iter().map(|a| a.client_account_ref).collect();
    assert_eq!(refs, ["A-0002", "A-0004"]);
    world.end().await
}
