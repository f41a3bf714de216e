//! A client's principal sees its own tree, by every method, and writes nothing but direct payments.

use std::collections::BTreeSet;

use duly_platform::Role;
use duly_proto::payments::v1::{
    ApplyPaymentRequest, ClosePeriodRequest, ExplainCommissionRequest, GetBalanceRequest,
    GetPaymentRequest, GetStatementRequest, ListPaymentsRequest, ListRemittancesRequest,
    ProveTrustRequest, ReportDirectPaymentRequest, ReversePaymentRequest, StatementFormat,
};
use duly_testkit::{policy, request_id, usd};
use tonic::Code;

use crate::world::{World, cash};

#[tokio::test(flavor = "multi_thread")]
async fn another_clients_rows_are_not_there() -> anyhow::Result<()> {
    let world = World::open().await?;
    let own = world.client("ACME", policy()).await?;
    let other = world.client("OTHER", policy()).await?;
    let ours = world.account(own, "ACME", "A-1", "500.00").await?;
    let theirs = world.account(other, "OTHER", "O-1", "500.00").await?;
    world.cash(&ours, "10.00", "R1").await?;
    let their_payment = world.cash(&theirs, "10.00", "R2").await?;
    let nobodys = world.post(cash(&world.unheard(other, "OTHER", "O-9"), "5.00", "R3")).await?;
    let our_remittance = world.remit(own, "2026-01-05").await?;
    let their_remittance = world.remit(other, "2026-01-05").await?;
    let mut books = world.run.clients_of_tree(&[own])?.payments;

    let list = ListPaymentsRequest::default();
    let seen = books.list_payments(list).await?.into_inner().payments;
    assert_eq!(seen.iter().map(|p| p.client_id.as_str()).collect::<Vec<_>>(), [own.to_string()]);
    let list = ListPaymentsRequest { client_id: other.to_string(), ..Default::default() };
    assert!(books.list_payments(list).await?.into_inner().payments.is_empty());
    let list = ListRemittancesRequest::default();
    let seen = books.list_remittances(list).await?.into_inner().remittances;
    assert_eq!(seen, std::slice::from_ref(&our_remittance));

    for payment in [&their_payment, &nobodys] {
        let request = GetPaymentRequest { payment_id: payment.payment_id.clone() };
        assert_eq!(books.get_payment(request).await.unwrap_err().code(), Code::NotFound);
    }
    let account_id = theirs.id.to_string();
    let hidden = |code: Code| matches!(code, Code::NotFound | Code::Unavailable);
    let request = GetBalanceRequest { account_id: account_id.clone() };
    assert!(hidden(books.get_balance(request).await.unwrap_err().code()));
    let request = ExplainCommissionRequest { account_id: account_id.clone() };
    assert!(hidden(books.explain_commission(request).await.unwrap_err().code()));
    let direct = |account_id: String| ReportDirectPaymentRequest {
        request_id: request_id(),
        account_id,
        amount: Some(usd("1.00")),
        ..Default::default()
    };
    let refused = books.report_direct_payment(direct(account_id)).await.unwrap_err();
    assert!(hidden(refused.code()));
    let mut request =
        GetStatementRequest { remittance_id: their_remittance.remittance_id, ..Default::default() };
    request.set_format(StatementFormat::Csv);
    assert_eq!(books.get_statement(request.clone()).await.unwrap_err().code(), Code::NotFound);

    // Its own it sees, and may report.
    request.remittance_id = our_remittance.remittance_id;
    books.get_statement(request).await?;
    books.get_balance(GetBalanceRequest { account_id: ours.id.to_string() }).await?;
    books.explain_commission(ExplainCommissionRequest { account_id: ours.id.to_string() }).await?;
    books.report_direct_payment(direct(ours.id.to_string())).await?;
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_trust_money_is_not_a_clients_to_call() -> anyhow::Result<()> {
    let world = World::open().await?;
    let own = world.client("ACME", policy()).await?;
    let ours = world.account(own, "ACME", "A-1", "500.00").await?;
    let paid = world.cash(&ours, "10.00", "R1").await?;
    for mut books in
        [world.run.clients_of_tree(&[own])?.payments, world.run.clients(Role::Collector)?.payments]
    {
        let denied = [
            books.post_payment(cash(&ours, "1.00", "R2").build()).await.unwrap_err(),
            books.reverse_payment(ReversePaymentRequest::default()).await.unwrap_err(),
            books.apply_payment(ApplyPaymentRequest::default()).await.unwrap_err(),
            books.close_period(ClosePeriodRequest::default()).await.unwrap_err(),
            books.prove_trust(ProveTrustRequest {}).await.unwrap_err(),
        ];
        assert!(denied.iter().all(|status| status.code() == Code::PermissionDenied), "{denied:?}");
        books.get_payment(GetPaymentRequest { payment_id: paid.payment_id.clone() }).await?;
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_with_a_client_shows_a_reader_its_tree_only() -> anyhow::Result<()> {
    let world = World::open().await?;
    let own = world.client("ACME", policy()).await?;
    let other = world.client("OTHER", policy()).await?;
    for (client, name) in [(own, "ACME"), (other, "OTHER")] {
        let account = world.account(client, name, "A-1", "500.00").await?;
        world.items(&account, &[("I-1", "500.00", "2025-10-01")]).await?;
        world.adjust(&account, "-5.00", "2026-01-05").await?;
        world.promise(&account, "5.00", "2026-01-06").await;
        world.recall(&account, "2026-01-05").await?;
        world.cash(&account, "10.00", "R1").await?;
        world.remit(client, "2026-01-05").await?;
        world.cash(&account, "10.00", "R2").await?;
    }
    world.run.settle().await?;
    let schema = world.set.schema("payments");
    let mut conn = world.set.connect_to(&schema).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns
         WHERE table_schema = $1 AND column_name = 'client_id'",
    )
    .bind(&schema)
    .fetch_all(&mut conn)
    .await?;
    assert!(tables.len() >= 16, "{tables:?}");
    let role = format!("SET ROLE \"{schema}_reader\"");
    sqlx::query(sqlx::AssertSqlSafe(role)).execute(&mut conn).await?;
    sqlx::query("SELECT set_config('duly.tree', $1, false)")
        .bind(format!("{{{}}}", own.uuid()))
        .execute(&mut conn)
        .await?;
    for table in tables {
        let sql = format!("SELECT DISTINCT client_id FROM {table}");
        let seen: BTreeSet<Option<sqlx::types::Uuid>> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_all(&mut conn)
                .await?
                .into_iter()
                .collect();
        let expected =
            if table == "remittance_held_paid" { vec![] } else { vec![Some(own.uuid())] };
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected, "{table}");
    }
    world.close().await
}
