//! Good rows beside bad ones, duplicates, reopening, warnings.

use duly_platform::Role;
use duly_proto::{
    common::v1::Money,
    intake::v1::{
        AckStatus, Acknowledgement, CloseAccountRequest, DebtClass, PlacementRecord,
        UnreadableRecord, event::Fact, place_request, placement_record,
    },
};
use duly_testkit::{client, consumer, place, placement, policy, request_id, usd};

use crate::support::{Wire, World, chunk, open};

fn codes(answers: &[Acknowledgement]) -> Vec<(&str, &str)> {
    answers.iter().map(|a| (a.client_account_ref.as_str(), a.code.as_str())).collect()
}

async fn close(world: &World, account_id: &str) -> anyhow::Result<()> {
    let mut compliance = world.run.clients(Role::Compliance)?;
    let request = CloseAccountRequest {
        request_id: request_id(),
        account_id: account_id.into(),
        close_code: "UNC".into(),
        reason: String::new(),
    };
    compliance.intake.close_account(request).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn good_rows_beside_bad_ones_are_placed() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let records = vec![
        placement("A-1").build(),
        placement("A-2").usd("0.00").build(),
        placement("A-3").amount(Money { minor: 1, currency: "EUR".into() }).build(),
        placement("A-4").principal(|party| party.name.clear()).build(),
        placement("A-5").principal(|party| party.name = "x".repeat(1024 * 1024)).build(),
        placement("A-6").change(|p| p.set_debt_class(DebtClass::Unspecified)).build(),
        placement("A-7").principal(|party| party.phones = vec!["none".into()]).build(),
        placement("A-8").invoice("I-1", "5.00", "2025-10-01").usd("6.00").build(),
        consumer("A-9").national_id("999-99-9999").build(),
        consumer("A-10").guarantor("Sam Sample").build(),
    ];
    let placed = world.place("b", records).await?;
    assert_eq!(
        codes(&placed.acknowledgements),
        [
            ("A-1", ""),
            ("A-2", "amount_zero"),
            ("A-3", "currency_differs"),
            ("A-4", "name_missing"),
            ("A-5", "text_too_long"),
            ("A-6", "debt_class_missing"),
            ("A-7", "phone_unusable"),
            ("A-8", "items_sum"),
            ("A-9", "national_id_invalid"),
            ("A-10", ""),
        ]
    );
    let batch = placed.batch;
    assert_eq!(
        (batch.received, batch.accepted, batch.accepted_with_warning, batch.rejected),
        (10, 2, 1, 7)
    );
    assert_eq!(batch.accepted_sum, Some(usd("300.00")));
    let warned = &placed.acknowledgements[6];
    assert_eq!(warned.status(), AckStatus::AcceptedWithWarning);
    assert_eq!(warned.field, "liable_parties[0].phones");
    assert_eq!(world.told("account_placed").await?, 3);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_record_is_acknowledged_on_its_line() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    let mut chunk = chunk(1, vec![placement("A-1").build()]);
    chunk.records.push(PlacementRecord {
        line: 17,
        record: Some(placement_record::Record::Unreadable(UnreadableRecord {
            client_account_ref: "A-2".into(),
            code: "amount_malformed".into(),
            field: "amount".into(),
            reason: "is no amount".into(),
        })),
    });
    let answers = wire.chunk(chunk).await?.acknowledgements;
    assert_eq!(codes(&answers), [("A-1", ""), ("A-2", "amount_malformed")]);
    assert_eq!((answers[1].line, answers[1].status()), (17, AckStatus::Rejected));
    assert_eq!(wire.end().await?.rejected, 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_stands_once_in_a_batch_and_once_while_open() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let twice = vec![placement("A-1").build(), placement("A-2").build(), placement("A-1").build()];
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "one")).await?;
    let first = wire.chunk(chunk(1, twice)).await?.acknowledgements;
    assert_eq!(codes(&first), [("A-1", ""), ("A-2", ""), ("A-1", "duplicate_in_batch")]);
    let later = wire.chunk(chunk(2, vec![placement("A-2").build()])).await?.acknowledgements;
    assert_eq!(codes(&later), [("A-2", "duplicate_in_batch")]);
    wire.end().await?;

    let other =
        world.place("two", vec![placement("A-1").build(), placement("A-3").build()]).await?;
    assert_eq!(codes(&other.acknowledgements), [("A-1", "duplicate_open"), ("A-3", "")]);
    let reason = &other.acknowledgements[0].reason;
    assert!(reason.contains(&first[0].account_id), "{reason}");
    assert_eq!(other.acknowledgements[0].account_id, "");

    // Another client may use the same reference.
    world.put(client("OTHER")).await?;
    let records = vec![placement("A-1").build()];
    let foreign = place(&mut world.api.intake, open("OTHER", "one"), records, 500).await?;
    assert_eq!(codes(&foreign.acknowledgements), [("A-1", "")]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_is_reopened_under_its_id() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let first = world
        .place("one", vec![placement("A-1").invoice("I-1", "80.00", "2025-10-01").build()])
        .await?;
    let id = first.account_id("A-1")?;
    close(&world, &id).await?;
    assert_eq!(world.account(&id).await?.close_code, "UNC");
    let again = vec![
        placement("A-1")
            .business("A-1 Successor Inc.")
            .invoice("I-1", "70.00", "2025-10-01")
            .build(),
        placement("A-2").build(),
    ];
    let second = world.place("two", again).await?;
    assert_eq!(second.account_id("A-1")?, id);
    let account = world.account(&id).await?;
    assert_eq!((account.opening, account.version, account.close_code.as_str()), (2, 3, ""));
    assert_eq!(account.listed_amount, Some(usd("70.00")));
    assert_eq!(account.liable_parties.len(), 1);
    assert_eq!(account.liable_parties[0].name, "A-1 Successor Inc.");
    let openings = world
        .facts(|fact| match fact {
            Fact::AccountPlaced(placed) if placed.account_id == id => Some(placed.opening),
            _ => None,
        })
        .await?;
    assert_eq!(openings, [1, 2]);
    world.run.digest().await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_is_not_reopened_in_another_currency() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = world.place("one", vec![placement("A-1").build()]).await?.account_id("A-1")?;
    close(&world, &id).await?;
    world.put(client("ACME").with(policy().currency("EUR"))).await?;
    let euro = placement("A-1").amount(Money { minor: 100, currency: "EUR".into() }).build();
    let placed = world.place("two", vec![euro]).await?;
    assert_eq!(codes(&placed.acknowledgements), [("A-1", "currency_changed")]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_invoice_under_another_client_is_a_neutral_warning() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    world.put(client("RIVAL")).await?;
    let claim = |reference: &str, name: &str, number: &str| {
        placement(reference).business(name).invoice(number, "80.00", "2025-10-01").build()
    };
    world.place("one", vec![claim("A-1", "Broken Wheel, LLC", "INV-77")]).await?;
    // The same client may list it again under another reference: that is no sign of another claim.
    let own = world.place("two", vec![claim("A-2", "Broken Wheel, LLC", "INV-77")]).await?;
    assert_eq!(codes(&own.acknowledgements), [("A-2", "")]);
    let rival = vec![
        claim("R-1", "BROKEN WHEEL LLC", "inv 77"),
        claim("R-2", "Broken Wheel LLC", "INV-78"),
        claim("R-3", "Whole Wheel LLC", "INV-77"),
    ];
    let placed = place(&mut world.api.intake, open("RIVAL", "one"), rival, 500).await?;
    assert_eq!(
        codes(&placed.acknowledgements),
        [("R-1", "same_invoice_elsewhere"), ("R-2", ""), ("R-3", "")]
    );
    let warned = &placed.acknowledgements[0];
    assert_eq!(warned.status(), AckStatus::AcceptedWithWarning);
    for word in ["ACME", "client", "acct_", "clnt_"] {
        assert!(!warned.reason.contains(word), "{}", warned.reason);
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_chunk_message_leaves_the_stream_s_earlier_chunks() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let (mut wire, _) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    wire.chunk(chunk(1, vec![placement("A-1").build()])).await?;
    wire.send(place_request::Message::Chunk(chunk(2, Vec::new()))).await;
    assert!(wire.next().await.is_err());
    let (_, opened) = Wire::open(&mut world.api.intake, open("ACME", "b")).await?;
    assert_eq!(opened.next_chunk_no, 2);
    world.end().await
}
