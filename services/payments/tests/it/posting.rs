//! Money in hand is never refused: held, released, unapplied, applied, taken back.

use std::time::SystemTime;

use duly_proto::payments::v1::{
    AccountReference, ApplyPaymentRequest, GetBalanceRequest, GetPaymentRequest, PaymentMethod,
    PaymentState, event::Fact, post_payment_request::Account,
};
use duly_testkit::{cents, day, policy, post, request_id};
use tonic::Code;

use crate::world::{World, cash, minor};

#[tokio::test(flavor = "multi_thread")]
async fn a_cheque_is_held_until_its_day_and_cash_until_the_next_tick() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy().hold("cheque", 10)).await?;
    let account = world.account(client, "ACME", "A-1", "500.00").await?;
    let cheque = cash(&account, "100.00", "R1").method(PaymentMethod::Cheque);
    let cheque = world.post(cheque).await?;
    assert_eq!(cheque.state(), PaymentState::Held);
    assert_eq!(cheque.release_on, Some(day("2026-01-15")));
    world.cash(&account, "50.00", "R2").await?;
    let balance = world.balance(&account).await?;
    assert_eq!((minor(balance.paid.as_ref()), minor(balance.held.as_ref())), (15_000, 10_000));
    assert_eq!(minor(balance.balance.as_ref()), 35_000);
    // The agency's zone is New York: its 15th begins at five in the morning UTC.
    world.at("2026-01-15T04:59:00Z").await?;
    assert_eq!(world.prove().await?[4], 10_000);
    world.at("2026-01-15T05:00:00Z").await?;
    assert_eq!(world.prove().await?[..5], [15_000, 0, 0, 15_000, 0]);
    assert_eq!(world.told("payment_released").await?.len(), 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exceeds_the_balance_is_owed_to_the_debtor() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "N-1", "1150.00").await?;
    let paid = world.cash(&account, "1250.00", "R1").await?;
    assert_eq!(world.commission(&account).await?, (vec![28_750], 28_750));
    let [.., refunds_due, _, _] = world.prove().await?;
    assert_eq!(refunds_due, 10_000);
    let request = GetPaymentRequest { payment_id: paid.payment_id.clone() };
    let kept = world.books.clone().get_payment(request).await?.into_inner().payment;
    assert_eq!(minor(kept.and_then(|p| p.overpayment).as_ref()), 10_000);
    let settled = world.told("balance_settled").await?;
    assert!(matches!(settled.as_slice(), [Fact::BalanceSettled(fact)] if fact.opening == 1));
    world.bounce(&paid).await?;
    assert_eq!(world.prove().await?, [0; 8]);
    assert_eq!(minor(world.balance(&account).await?.balance.as_ref()), 115_000);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_after_payment_settles_the_rest() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "M-1", "5000.00").await?;
    world.cash(&account, "3500.00", "R1").await?;
    assert!(world.told("balance_settled").await?.is_empty());
    world.adjust(&account, "-1500.00", "2026-01-05").await?;
    world.tick().await?;
    assert_eq!(world.told("balance_settled").await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn money_for_an_unknown_account_is_applied_once_the_account_is_heard_of() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let by_id = world.unheard(client, "ACME", "A-1");
    let by_reference = world.unheard(client, "ACME", "A-2");
    let first = world.post(cash(&by_id, "10.00", "R1")).await?;
    assert_eq!(first.state(), PaymentState::Unapplied);
    assert_eq!(first.named_account, by_id.id.to_string());
    let mut request = cash(&by_reference, "20.00", "R2").build();
    request.account = Some(Account::Reference(AccountReference {
        client_ref: "ACME".to_owned(),
        client_account_ref: "A-2".to_owned(),
    }));
    world.books.clone().post_payment(request).await?;
    world.tick().await?;
    assert_eq!(world.prove().await?[7], 3_000, "both stand as unapplied");
    assert!(world.told("payment_posted").await?.is_empty());
    world.place(&by_id, "100.00").await?;
    world.place(&by_reference, "100.00").await?;
    world.tick().await?;
    assert_eq!(world.prove().await?[3..], [0, 3_000, 0, 0, 0], "both are held");
    world.tick().await?;
    assert_eq!(world.prove().await?[3..], [3_000, 0, 0, 0, 0], "both are released");
    assert_eq!(world.told("payment_posted").await?.len(), 2);
    assert_eq!(world.commission(&by_reference).await?.1, 500);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_its_clients_policy_waits_for_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let other = world.client("OTHER", policy()).await?;
    let client = duly_domain::ClientId::from_uuid(uuid::Uuid::from_u128(7));
    let account = world.unheard(client, "ACME", "A-1");
    world.place(&account, "100.00").await?;
    let early = world.post(cash(&account, "10.00", "R1")).await?;
    assert_eq!(early.state(), PaymentState::Unapplied);
    world.tick().await?;
    world.client_version(client, "ACME", 1, "2025-01-01", policy()).await?;
    world.tick().await?;
    world.tick().await?;
    assert_eq!(world.prove().await?[3], 1_000);
    assert!(world.remit(other, "2026-01-05").await?.lines == 0);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn unapplied_money_is_given_an_account_by_hand_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let lost = world.unheard(client, "ACME", "A-0");
    let account = world.account(client, "ACME", "A-1", "100.00").await?;
    let paid = world.post(cash(&lost, "10.00", "R1")).await?;
    let apply = || ApplyPaymentRequest {
        request_id: request_id(),
        payment_id: paid.payment_id.clone(),
        account_id: account.id.to_string(),
    };
    let applied = world.books.clone().apply_payment(apply()).await?.into_inner().payment;
    assert_eq!(applied.map(|p| p.state()), Some(PaymentState::Held));
    let again = world.books.clone().apply_payment(apply()).await.unwrap_err();
    assert_eq!(again.code(), Code::FailedPrecondition);
    world.tick().await?;
    assert_eq!(world.prove().await?[3], 1_000);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_bounces_before_release_enters_no_total() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "K-1", "700.00").await?;
    let held = world.post(cash(&account, "700.00", "R1").method(PaymentMethod::Cheque)).await?;
    world.bounce(&held).await?;
    let again = world.bounce(&held).await.unwrap_err();
    assert_eq!(again.code(), Code::FailedPrecondition);
    assert_eq!(duly_platform::error::reason_of(&again).as_deref(), Some("payment_reversed"));
    world.at("2026-02-01T12:00:00Z").await?;
    assert_eq!(world.prove().await?, [0; 8]);
    assert!(world.told("payment_released").await?.is_empty());
    let told = world.told("payment_reversed").await?;
    assert!(matches!(told.as_slice(), [Fact::PaymentReversed(fact)] if !fact.was_released));
    let remittance = world.remit(client, "2026-01-31").await?;
    assert_eq!((remittance.lines, minor(remittance.collected.as_ref())), (0, 0));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn unapplied_money_goes_back_and_nobody_hears_of_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let lost = world.unheard(client, "ACME", "A-0");
    let paid = world.post(cash(&lost, "10.00", "R1")).await?;
    let back = world.bounce(&paid).await?;
    assert_eq!(back.state(), PaymentState::Reversed);
    assert_eq!(world.prove().await?, [0; 8]);
    world.place(&lost, "100.00").await?;
    world.tick().await?;
    assert_eq!(world.prove().await?, [0; 8]);
    assert!(world.told("payment_reversed").await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_fill_the_items_they_name_then_the_oldest() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "300.00").await?;
    let items = [
        ("I-2", "100.00", "2025-10-01"),
        ("I-1", "100.00", "2025-09-01"),
        ("I-3", "100.00", "2025-11-01"),
    ];
    world.items(&account, &items).await?;
    world.post(cash(&account, "60.00", "R1").items(&["I-3"])).await?;
    world.post(cash(&account, "120.00", "R2")).await?;
    world.tick().await?;
    let balance = world.balance(&account).await?;
    let open: Vec<(&str, i64)> =
        balance.items.iter().map(|i| (i.number.as_str(), minor(i.open.as_ref()))).collect();
    assert_eq!(open, [("I-2", 8_000), ("I-1", 0), ("I-3", 4_000)]);
    assert_eq!(minor(balance.balance.as_ref()), 12_000);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_names_no_money_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "100.00").await?;
    let id = account.id.to_string();
    let euro = duly_proto::common::v1::Money { minor: 100, currency: "EUR".to_owned() };
    let unknown = duly_proto::common::v1::Money { minor: 100, currency: "XXQ".to_owned() };
    let wrong = [
        ("amount.currency", post(&id).amount(euro)),
        ("amount.currency", post(&id).amount(unknown)),
        ("amount.minor", post(&id).amount(cents(0))),
        ("amount.minor", post(&id).amount(cents(-5))),
        ("amount.minor", post(&id).amount(cents(i64::MAX))),
        ("payment_on", post(&id).on("2026-01-06")),
        ("account_id", post("acct_12")),
    ];
    for (field, request) in wrong {
        let refused = world.books.clone().post_payment(request.build()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{field}");
        let named = duly_platform::error::violations_of(&refused);
        assert_eq!(named.first().map(|v| v.field.as_str()), Some(field));
    }
    assert_eq!(world.count("SELECT count(*) FROM payment").await?, 0);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_books_once_and_another_body_is_a_conflict() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "100.00").await?;
    let request = cash(&account, "10.00", "R1").build();
    let mut books = world.books.clone();
    let first = books.post_payment(request.clone()).await?.into_inner();
    let second = books.post_payment(request.clone()).await?.into_inner();
    assert_eq!(first, second);
    let mut other = request;
    other.amount = Some(cents(2_000));
    assert_eq!(books.post_payment(other).await.unwrap_err().code(), Code::AlreadyExists);
    assert_eq!(world.count("SELECT count(*) FROM payment").await?, 1);
    world.tick().await?;
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_told_twice_and_backwards_are_kept_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = duly_domain::ClientId::from_uuid(uuid::Uuid::from_u128(9));
    let account = world.unheard(client, "ACME", "A-1");
    for _ in 0..2 {
        world.end(&account, "RCL", "2026-01-05").await?;
        world.items(&account, &[("I-1", "100.00", "2025-09-01")]).await?;
        world.place(&account, "100.00").await?;
        world.client_version(client, "ACME", 2, "2026-01-01", policy().flat("0.30")).await?;
        world.client_version(client, "ACME", 1, "2025-01-01", policy()).await?;
    }
    world.cash(&account, "10.00", "R1").await?;
    assert_eq!(world.commission(&account).await?.1, 300);
    for (table, rows) in
        [("account", 1), ("claim_item", 1), ("account_end", 1), ("client_policy", 2)]
    {
        let sql: &'static str = match table {
            "account" => "SELECT count(*) FROM account",
            "claim_item" => "SELECT count(*) FROM claim_item",
            "account_end" => "SELECT count(*) FROM account_end",
            _ => "SELECT count(*) FROM client_policy",
        };
        assert_eq!(world.count(sql).await?, rows, "{table}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_made_a_moment_ago_is_not_known_yet_and_an_old_one_does_not_exist()
-> anyhow::Result<()> {
    let world = World::open().await?;
    // Ids are made on machine time, whatever the business clock says.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis();
    // A version 7 UUID of an instant: its milliseconds, the version, the variant.
    let made = |millis: u128| format!("acct_{:032x}", (millis << 80) | (7 << 76) | (2 << 62));
    let mut books = world.books.clone();
    let ids = [(now - 30_000, Code::Unavailable), (now - 61_000, Code::NotFound)];
    for (millis, expected) in ids {
        let request = GetBalanceRequest { account_id: made(millis) };
        assert_eq!(books.get_balance(request).await.unwrap_err().code(), expected);
    }
    world.close().await
}
