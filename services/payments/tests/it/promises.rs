//! Promises: made, kept, broken, partly kept, taken back, cancelled.

use duly_platform::{Role, error::reason_of};
use duly_proto::payments::v1::{
    CancelPromiseRequest, ListPromisesRequest, MakePromiseRequest, PaymentMethod, Promise,
    PromiseState, event::Fact,
};
use duly_testkit::{cents, day, policy, request_id, usd};
use tonic::Code;

use crate::world::{Placed, World, cash, minor};

fn promise(account: &Placed, amount: &str, due_on: &str) -> MakePromiseRequest {
    MakePromiseRequest {
        request_id: request_id(),
        account_id: account.id.to_string(),
        party_id: account.party.to_string(),
        amount: Some(usd(amount)),
        due_on: Some(day(due_on)),
        method: PaymentMethod::Cheque.into(),
    }
}

impl World {
    /// Makes a promise that can be made.
    pub async fn promise(&self, account: &Placed, amount: &str, due_on: &str) -> Promise {
        let made = self.make(promise(account, amount, due_on)).await;
        made.expect("a promise that can be made")
    }

    async fn make(&self, request: MakePromiseRequest) -> Result<Promise, tonic::Status> {
        let mut desk = self.run.clients(Role::Collector).expect("a collector").payments;
        let answer = desk.make_promise(request).await?.into_inner();
        Ok(answer.promise.unwrap_or_default())
    }

    async fn cancel(&self, promise: &Promise, reason: &str) -> Result<Promise, tonic::Status> {
        let mut desk = self.run.clients(Role::Collector).expect("a collector").payments;
        let request = CancelPromiseRequest {
            request_id: request_id(),
            promise_id: promise.promise_id.clone(),
            reason: reason.to_owned(),
        };
        let answer = desk.cancel_promise(request).await?.into_inner();
        Ok(answer.promise.unwrap_or_default())
    }

    /// The promises of an account, oldest first: state and what came.
    async fn promises(&self, account: &Placed) -> anyhow::Result<Vec<(PromiseState, i64)>> {
        let request =
            ListPromisesRequest { account_id: account.id.to_string(), ..Default::default() };
        let answer = self.books.clone().list_promises(request).await?.into_inner();
        Ok(answer.promises.iter().map(|p| (p.state(), minor(p.paid.as_ref()))).collect())
    }

    /// Every word about promises, in the order of telling: kind, paid in minor units.
    async fn fates(&self) -> anyhow::Result<Vec<(&'static str, i64)>> {
        let mut fates = Vec::new();
        for kind in ["promise_made", "promise_kept", "promise_broken"] {
            for fact in self.told(kind).await? {
                fates.push(match fact {
                    Fact::PromiseMade(fact) => ("made", minor(fact.amount.as_ref())),
                    Fact::PromiseKept(_) => ("kept", 0),
                    Fact::PromiseBroken(fact) if fact.cancelled => {
                        ("cancelled", minor(fact.paid.as_ref()))
                    }
                    Fact::PromiseBroken(fact) => ("broken", minor(fact.paid.as_ref())),
                    other => anyhow::bail!("{other:?} is told as {kind}"),
                });
            }
        }
        Ok(fates)
    }
}

async fn with_account(amount: &str) -> anyhow::Result<(World, Placed)> {
    let world = World::open().await?;
    let client = world.client("ACME", policy().hold("cheque", 30)).await?;
    let account = world.account(client, "ACME", "A-1", amount).await?;
    Ok((world, account))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_is_kept_by_two_payments_one_of_them_still_held() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    let made = world.promise(&account, "500.00", "2026-01-20").await;
    assert_eq!((made.state(), made.made_on), (PromiseState::Open, Some(day("2026-01-05"))));
    let told = world.told("promise_made").await?;
    assert!(
        matches!(told.as_slice(), [Fact::PromiseMade(fact)]
            if fact.opening == 1 && fact.party_id == account.party.to_string()
                && fact.due_on == Some(day("2026-01-20"))),
        "{told:?}"
    );
    world.cash(&account, "200.00", "R1").await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Open, 20_000)]);
    world.at("2026-01-19T15:00:00Z").await?;
    world.post(cash(&account, "300.00", "R2").method(PaymentMethod::Cheque)).await?;
    assert!(world.told("promise_kept").await?.is_empty(), "only a tick decides");
    world.tick().await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Kept, 50_000)]);
    assert!(world.prove().await?[4] > 0, "the cheque is still held");
    world.at("2026-03-01T12:00:00Z").await?;
    assert_eq!(world.fates().await?, [("made", 50_000), ("kept", 0)]);
    // Another can be made.
    world.promise(&account, "400.00", "2026-03-10").await;
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_without_money_is_broken_when_its_grace_is_over() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    // Three days of grace; the agency's 12th begins at five in the morning UTC.
    world.at("2026-01-12T04:59:00Z").await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Open, 0)]);
    world.at("2026-01-12T05:00:00Z").await?;
    let told = world.told("promise_broken").await?;
    assert!(
        matches!(told.as_slice(), [Fact::PromiseBroken(fact)]
            if fact.broken_on == Some(day("2026-01-12")) && !fact.cancelled),
        "{told:?}"
    );
    // Money that comes later pays, and changes nothing about the promise.
    world.post(cash(&account, "500.00", "R1").on("2026-01-11")).await?;
    world.tick().await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Broken, 0)]);
    assert_eq!(world.fates().await?, [("made", 50_000), ("broken", 0)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn part_of_the_money_makes_it_partial() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    // What came before the promise, on its day too, is not what was promised.
    world.post(cash(&account, "100.00", "R0")).await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    world.tick().await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Open, 0)]);
    world.at("2026-01-11T15:00:00Z").await?;
    world.cash(&account, "499.99", "R1").await?;
    world.direct(&account, "0.01", "2026-01-04", "D1").await?;
    world.at("2026-01-12T05:00:00Z").await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Partial, 49_999)]);
    assert_eq!(world.fates().await?, [("made", 50_000), ("broken", 49_999)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn money_paid_to_the_client_or_applied_late_keeps_it_too() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    world.at("2026-01-07T15:00:00Z").await?;
    world.direct(&account, "200.00", "2026-01-06", "D1").await?;
    let lost = world.unheard(account.client, "ACME", "A-2");
    let unapplied = world.post(cash(&lost, "300.00", "R1")).await?;
    world.at("2026-01-09T15:00:00Z").await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Open, 20_000)]);
    let apply = duly_proto::payments::v1::ApplyPaymentRequest {
        request_id: request_id(),
        payment_id: unapplied.payment_id,
        account_id: account.id.to_string(),
    };
    world.books.clone().apply_payment(apply).await?;
    world.tick().await?;
    assert_eq!(world.fates().await?, [("made", 50_000), ("kept", 0)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reversal_of_the_money_that_kept_it_breaks_it_once() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.promise(&account, "500.00", "2026-01-20").await;
    let cheque = cash(&account, "400.00", "R1").method(PaymentMethod::Cheque);
    let cheque = world.post(cheque).await?;
    let paid = world.cash(&account, "100.00", "R2").await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Kept, 50_000)]);
    world.bounce(&cheque).await?;
    world.tick().await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Partial, 10_000)]);
    world.bounce(&paid).await?;
    world.cash(&account, "500.00", "R3").await?;
    world.at("2026-03-01T12:00:00Z").await?;
    let fates = [("made", 50_000), ("kept", 0), ("broken", 10_000)];
    assert_eq!(world.fates().await?, fates, "told once, and final");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_bounces_within_the_instant_never_kept_it() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    let cheque = cash(&account, "500.00", "R1").method(PaymentMethod::Cheque);
    let cheque = world.post(cheque).await?;
    world.bounce(&cheque).await?;
    world.at("2026-02-01T12:00:00Z").await?;
    assert_eq!(world.fates().await?, [("made", 50_000), ("broken", 0)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_leaves_less_than_was_promised_does_not_break_it() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    world.adjust(&account, "-700.00", "2026-01-05").await?;
    let cheque = cash(&account, "200.00", "R1").method(PaymentMethod::Cheque);
    world.post(cheque).await?;
    world.at("2026-01-12T05:00:00Z").await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Kept, 20_000)]);
    let other = world.account(account.client, "ACME", "A-2", "100.00").await?;
    world.promise(&other, "100.00", "2026-01-20").await;
    world.adjust(&other, "-100.00", "2026-01-12").await?;
    world.tick().await?;
    assert_eq!(world.promises(&other).await?, [(PromiseState::Cancelled, 0)]);
    let fates = [("made", 50_000), ("made", 10_000), ("kept", 0), ("cancelled", 0)];
    assert_eq!(world.fates().await?, fates);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_account_cancels_its_promise_silently() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    let other = world.account(account.client, "ACME", "A-2", "900.00").await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    world.promise(&other, "500.00", "2026-01-08").await;
    world.recall(&account, "2026-01-05").await?;
    world.end(&other, "OOB", "2026-01-05").await?;
    world.tick().await?;
    assert_eq!(world.promises(&account).await?, [(PromiseState::Cancelled, 0)]);
    assert_eq!(world.promises(&other).await?, [(PromiseState::Cancelled, 0)]);
    world.at("2026-02-01T12:00:00Z").await?;
    assert_eq!(world.fates().await?, [("made", 50_000), ("made", 50_000)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_promise_makes_room_for_another() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    let first = world.promise(&account, "500.00", "2026-01-08").await;
    let refused = world.cancel(&first, "").await.expect_err("no reason");
    assert_eq!(refused.code(), Code::InvalidArgument);
    let cancelled = world.cancel(&first, "made by mistake").await?;
    assert_eq!(cancelled.state(), PromiseState::Cancelled);
    let again = world.cancel(&first, "again").await.expect_err("cancelled already");
    assert_eq!(reason_of(&again).as_deref(), Some("promise_ended"));
    world.promise(&account, "300.00", "2026-01-08").await;
    world.cash(&account, "300.00", "R1").await?;
    let states = [(PromiseState::Cancelled, 0), (PromiseState::Kept, 30_000)];
    assert_eq!(world.promises(&account).await?, states);
    let fates = [("made", 50_000), ("made", 30_000), ("kept", 0), ("cancelled", 0)];
    assert_eq!(world.fates().await?, fates);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_promised_is_refused_by_its_field_or_reason() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.post(cash(&account, "100.00", "R1").method(PaymentMethod::Cheque)).await?;
    let good = || promise(&account, "800.00", "2026-01-05");
    let stranger = world.unheard(account.client, "ACME", "A-9");
    for (request, field) in [
        (MakePromiseRequest { account_id: "hunter2".into(), ..good() }, "account_id"),
        (MakePromiseRequest { amount: None, ..good() }, "amount"),
        (MakePromiseRequest { amount: Some(usd("0.00")), ..good() }, "amount.minor"),
        (MakePromiseRequest { amount: Some(cents(-1)), ..good() }, "amount.minor"),
        (MakePromiseRequest { amount: Some(usd("800.01")), ..good() }, "amount.minor"),
        (MakePromiseRequest { due_on: None, ..good() }, "due_on"),
        (MakePromiseRequest { due_on: Some(day("2026-01-04")), ..good() }, "due_on"),
        (MakePromiseRequest { due_on: Some(day("2062-01-05")), ..good() }, "due_on"),
        (MakePromiseRequest { method: 0, ..good() }, "method"),
        (MakePromiseRequest { party_id: stranger.party.to_string(), ..good() }, "party_id"),
    ] {
        let refused = world.make(request).await.expect_err("a wrong field");
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}");
        assert_eq!(duly_platform::error::violations_of(&refused)[0].field, field);
    }
    let refused = world.make(promise(&stranger, "1.00", "2026-01-06")).await.expect_err("unheard");
    assert_eq!(reason_of(&refused).as_deref(), Some("not_yet"));
    world.make(MakePromiseRequest { party_id: String::new(), ..good() }).await?;
    let refused = world.make(good()).await.expect_err("a second one");
    assert_eq!(reason_of(&refused).as_deref(), Some("promise_open"));
    for (reference, ended) in [("A-2", "recalled"), ("A-3", "closed"), ("A-4", "settled")] {
        let account = world.account(account.client, "ACME", reference, "100.00").await?;
        match ended {
            "recalled" => world.recall(&account, "2026-01-05").await?,
            "closed" => world.end(&account, "UNC", "2026-01-05").await?,
            _ => drop(world.cash(&account, "100.00", "R9").await?),
        }
        let refused = world.make(promise(&account, "1.00", "2026-01-06")).await;
        let refused = refused.expect_err("it ended");
        assert_eq!(reason_of(&refused).as_deref(), Some("account_ended"), "{ended}");
        assert!(refused.message().contains(ended), "{refused:?}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_promises_made_at_once_one_stands() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    let all = (0..8).map(|_| world.make(promise(&account, "10.00", "2026-01-06")));
    let made = futures::future::join_all(all).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    assert_eq!(world.promises(&account).await?, [(PromiseState::Open, 0)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_reads_promises_of_its_own_tree_and_makes_none() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    let stranger = world.client("OTHER", policy()).await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    let list = ListPromisesRequest::default;
    let mut own = world.run.clients_of_tree(&[account.client])?.payments;
    let mut other = world.run.clients_of_tree(&[stranger])?.payments;
    assert_eq!(own.list_promises(list()).await?.into_inner().promises.len(), 1);
    let kept = ListPromisesRequest { state: PromiseState::Kept.into(), ..list() };
    assert!(own.list_promises(kept).await?.into_inner().promises.is_empty());
    assert!(other.list_promises(list()).await?.into_inner().promises.is_empty());
    let denied = own.make_promise(promise(&account, "1.00", "2026-01-08")).await;
    assert_eq!(denied.expect_err("a client").code(), Code::PermissionDenied);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_payments_name_the_opening_they_belong_to() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    let mut again = crate::world::placed(&account, "50.00");
    if let duly_proto::intake::v1::event::Fact::AccountPlaced(fact) = &mut again {
        (fact.opening, fact.listing_date) = (2, Some(day("2026-01-04")));
    }
    world.tell(vec![(crate::world::meta(&account), again)]).await?;
    world.post(cash(&account, "1.00", "R1").on("2026-01-03")).await?;
    let paid = world.cash(&account, "2.00", "R2").await?;
    world.bounce(&paid).await?;
    let mut openings = Vec::new();
    for kind in ["payment_posted", "payment_released", "payment_reversed"] {
        for fact in world.told(kind).await? {
            openings.push(match fact {
                Fact::PaymentPosted(fact) => (minor(fact.amount.as_ref()), fact.opening),
                Fact::PaymentReleased(fact) => (minor(fact.amount.as_ref()), fact.opening),
                Fact::PaymentReversed(fact) => (minor(fact.amount.as_ref()), fact.opening),
                other => anyhow::bail!("{other:?} is told as {kind}"),
            });
        }
    }
    assert_eq!(openings, [(100, 1), (200, 2), (100, 1), (200, 2), (200, 2)]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_have_a_digest_without_ids() -> anyhow::Result<()> {
    let (world, account) = with_account("900.00").await?;
    world.promise(&account, "500.00", "2026-01-08").await;
    world.run.settle().await?;
    let digest = world.run.digest().await?;
    assert_eq!(digest.0["payments.promise"].count, 1);
    world.close().await
}
