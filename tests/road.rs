//! The road: from two clients' files to their statements, through the front doors alone. Every call is
//! repeated with its own request key until it is answered, as a careful caller does, so that the same
//! road can be walked while processes die.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use duly_platform::Role;
use duly_proto::{
    common::v1::Date,
    intake::v1::{
        Account, AccountKey, CloseAccountRequest, GetAccountRequest, PlaceOpen, Placement,
        RecallAccountRequest, get_account_request,
    },
    payments::v1::{
        AccountReference, ClosePeriodRequest, GetStatementRequest, Payment, PaymentMethod,
        PostPaymentRequest, Remittance, ReportDirectPaymentRequest, ReversalReason,
        ReversePaymentRequest, StatementFormat, post_payment_request,
    },
};
use duly_testkit::{
    Clients, Driver, Endpoints, Set, adjust, client, consumer, day, placement, policy, usd,
};
use tokio::time::interval;
use tonic::Code;

/// How long one call is repeated before the road gives up.
const PATIENCE: Duration = Duration::from_secs(90);

/// The places between which the road can be disturbed, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Clients and their claims stand.
    Placed,
    /// One claim was adjusted, one recalled, one closed; nothing has settled since.
    Changed,
    /// Money came in all its kinds.
    Paid,
    /// The first period is closed.
    Closed,
    /// After the deficiency and its cure, the second period is closed.
    ClosedAgain,
}

/// Walks the road over these clients.
pub struct Road {
    api: Clients,
    driver: Driver,
}

/// What the road leads to.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Statements by client and file name.
    pub statements: BTreeMap<String, Vec<u8>>,
}

impl Road {
    /// A road of the agency's manager.
    pub fn new(set: &Set, at: &Endpoints, driver: Driver) -> anyhow::Result<Self> {
        Ok(Self { api: set.clients(at, Role::Manager)?, driver })
    }

    /// Walks it; `between` is called at each stage.
    pub async fn walk(
        &self,
        mut between: impl AsyncFnMut(Stage) -> anyhow::Result<()>,
    ) -> anyhow::Result<Arrived> {
        self.place().await.context("placing")?;
        between(Stage::Placed).await?;
        self.change().await.context("changing")?;
        between(Stage::Changed).await?;
        self.pay().await.context("paying")?;
        between(Stage::Paid).await?;
        let mut statements = self.close("2026-01-31").await.context("closing")?;
        between(Stage::Closed).await?;
        self.bounce_after_remittance().await.context("bouncing")?;
        statements.extend(self.close("2026-02-28").await.context("closing again")?);
        between(Stage::ClosedAgain).await?;
        self.driver.settle().await?;
        Ok(Arrived { statements })
    }

    async fn place(&self) -> anyhow::Result<()> {
        let tiered = policy().tiered(&[(300_000, "0.25")], "0.18").hold("ach", 4);
        for request in [
            client("GROUP").build(),
            client("HARBOR").under("GROUP").with(tiered).build(),
            client("MILLS").with(policy().flat("0.30")).build(),
        ] {
            let request = duly_proto::intake::v1::PutClientRequest {
                request_id: format!("put-{}", request.client_ref),
                ..request
            };
            insist(async || Ok(self.api.intake.clone().put_client(request.clone()).await?)).await?;
        }
        self.batch("HARBOR", "harbor-1", harbor()).await?;
        self.batch("MILLS", "mills-1", mills()).await?;
        self.driver.settle().await
    }

    async fn batch(&self, client: &str, key: &str, claims: Vec<Placement>) -> anyhow::Result<()> {
        insist(async || {
            let open = PlaceOpen {
                client_ref: client.to_owned(),
                batch_key: key.to_owned(),
                ..PlaceOpen::default()
            };
            duly_testkit::place(&mut self.api.intake.clone(), open, claims.clone(), 4).await
        })
        .await
        .map(drop)
    }

    async fn change(&self) -> anyhow::Result<()> {
        let adjusted = self.account("HARBOR", "H-3").await?.account_id;
        let request = duly_proto::intake::v1::AdjustAccountRequest {
            request_id: "adjust-1".into(),
            ..adjust(&adjusted, "-50.00")
        };
        insist(async || Ok(self.api.intake.clone().adjust_account(request.clone()).await?)).await?;
        let request = RecallAccountRequest {
            request_id: "recall-1".into(),
            account_id: self.account("HARBOR", "H-4").await?.account_id,
            reason: "client's own settlement".into(),
        };
        insist(async || Ok(self.api.intake.clone().recall_account(request.clone()).await?)).await?;
        let request = CloseAccountRequest {
            request_id: "close-1".into(),
            account_id: self.account("MILLS", "M-4").await?.account_id,
            close_code: "UNC".into(),
            reason: String::new(),
        };
        insist(async || Ok(self.api.intake.clone().close_account(request.clone()).await?)).await?;
        Ok(())
    }

    async fn pay(&self) -> anyhow::Result<()> {
        // The ends above are known before money comes: who is paid first is not what is tested here.
        self.driver.settle().await?;
        self.post("HARBOR", "H-1", "5000.00", "R-01", PaymentMethod::Wire).await?;
        self.post("HARBOR", "H-2", "33.35", "R-02", PaymentMethod::Cash).await?;
        self.post("HARBOR", "H-2", "33.35", "R-03", PaymentMethod::Cash).await?;
        let bounced = self.post("HARBOR", "H-3", "700.00", "R-04", PaymentMethod::Ach).await?;
        self.post("HARBOR", "H-5", "450.00", "R-05", PaymentMethod::Cheque).await?;
        self.post("MILLS", "M-1", "1250.00", "R-06", PaymentMethod::Cash).await?;
        self.post("MILLS", "M-2", "400.00", "R-07", PaymentMethod::Cash).await?;
        // Within the tail of a closed account, and for an account that nobody has placed yet.
        self.post("MILLS", "M-4", "90.00", "R-08", PaymentMethod::Cash).await?;
        self.post("MILLS", "M-9", "75.00", "R-09", PaymentMethod::Cash).await?;
        let direct = ReportDirectPaymentRequest {
            request_id: "direct-1".into(),
            account_id: self.account("HARBOR", "H-6").await?.account_id,
            amount: Some(usd("1200.00")),
            payment_on: Some(day("2026-01-05")),
            received_reference: "D-01".into(),
            ..ReportDirectPaymentRequest::default()
        };
        insist(async || {
            Ok(self.api.payments.clone().report_direct_payment(direct.clone()).await?)
        })
        .await?;
        self.driver.advance(TimeDelta::days(1)).await?;
        self.reverse(&bounced, "reverse-R-04").await?;
        let late = placement("M-9").usd("75.00").invoice("LATE-9", "75.00", "2025-09-30").build();
        let again =
            placement("M-4").usd("310.00").invoice("INV-M4", "310.00", "2025-08-31").build();
        self.batch("MILLS", "mills-2", vec![late, again]).await?;
        self.driver.advance_to(at("2026-01-31T23:00:00Z")).await
    }

    async fn bounce_after_remittance(&self) -> anyhow::Result<()> {
        // Its money was remitted: the shortage stands as a deficiency the same day, and the client's
        // next receipt cures it first.
        let paid = self.post("MILLS", "M-2", "400.00", "R-07", PaymentMethod::Cash).await?;
        self.reverse(&paid, "reverse-R-07").await?;
        self.driver.advance(TimeDelta::hours(1)).await?;
        self.post("MILLS", "M-3", "1000.00", "R-10", PaymentMethod::Wire).await?;
        self.post("HARBOR", "H-1", "125.50", "R-11", PaymentMethod::Wire).await?;
        self.driver.advance_to(at("2026-02-28T23:00:00Z")).await
    }

    async fn close(&self, until: &str) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
        // The day after, so that the period is past in the agency's zone.
        let after = at(&format!("{until}T23:00:00Z")) + TimeDelta::days(1);
        self.driver.advance_to(after).await?;
        let mut statements = BTreeMap::new();
        for client in ["HARBOR", "MILLS"] {
            let client_id = self.account(client, &format!("{}-1", &client[..1])).await?.client_id;
            let remittance = self.close_period(&client_id, client, day(until)).await?;
            for format in [StatementFormat::Csv, StatementFormat::Json] {
                let mut request = GetStatementRequest {
                    remittance_id: remittance.remittance_id.clone(),
                    ..GetStatementRequest::default()
                };
                request.set_format(format);
                let statement = insist(async || {
                    Ok(self.api.payments.clone().get_statement(request.clone()).await?.into_inner())
                })
                .await?;
                statements.insert(statement.file_name, statement.content);
            }
        }
        self.driver.settle().await?;
        Ok(statements)
    }

    async fn close_period(
        &self,
        client_id: &str,
        client: &str,
        until: Date,
    ) -> anyhow::Result<Remittance> {
        let request = ClosePeriodRequest {
            request_id: format!("close-{client}-{}-{}", until.year, until.month),
            client_id: client_id.to_owned(),
            period_to: Some(until),
        };
        let closed = insist(async || {
            Ok(self.api.payments.clone().close_period(request.clone()).await?.into_inner())
        })
        .await?;
        closed.remittance.context("a closed period has its remittance")
    }

    /// An account by the client's own references, as intake knows it.
    pub async fn account(&self, client: &str, reference: &str) -> anyhow::Result<Account> {
        let request = GetAccountRequest {
            key: Some(get_account_request::Key::ClientKey(AccountKey {
                client_ref: client.to_owned(),
                client_account_ref: reference.to_owned(),
            })),
        };
        let answer = insist(async || {
            Ok(self.api.intake.clone().get_account(request.clone()).await?.into_inner())
        })
        .await?;
        answer.account.context("an answer has its account")
    }

    /// Posts by the client's references. The same reference again is the same request.
    async fn post(
        &self,
        client: &str,
        account: &str,
        amount: &str,
        reference: &str,
        method: PaymentMethod,
    ) -> anyhow::Result<Payment> {
        let mut request = PostPaymentRequest {
            request_id: format!("post-{reference}"),
            account: Some(post_payment_request::Account::Reference(AccountReference {
                client_ref: client.to_owned(),
                client_account_ref: account.to_owned(),
            })),
            amount: Some(usd(amount)),
            received_reference: reference.to_owned(),
            ..PostPaymentRequest::default()
        };
        request.set_method(method);
        let posted = insist(async || {
            Ok(self.api.payments.clone().post_payment(request.clone()).await?.into_inner())
        })
        .await
        .with_context(|| format!("posting {reference}"))?;
        posted.payment.context("an answer has its payment")
    }

    async fn reverse(&self, payment: &Payment, request_id: &str) -> anyhow::Result<()> {
        let mut request = ReversePaymentRequest {
            request_id: request_id.to_owned(),
            payment_id: payment.payment_id.clone(),
            ..ReversePaymentRequest::default()
        };
        request.set_reason(ReversalReason::Nsf);
        insist(async || Ok(self.api.payments.clone().reverse_payment(request.clone()).await?))
            .await
            .map(drop)
    }
}

/// Twelve records of the first client: seven good ones, one with warnings, and bad ones beside them.
fn harbor() -> Vec<Placement> {
    let three = placement("H-1")
        .business("Sail & Rope Ltd")
        .invoice("INV-1", "4000.00", "2025-08-31")
        .invoice("INV-2", "1500.00", "2025-09-30")
        .invoice("INV-3", "500.00", "2025-10-31")
        .credit("CM-1", "-100.00", "2025-10-31")
        .guarantor("Pat Example");
    let unusable = placement("H-7").usd("60.00").principal(|party| {
        party.phones = vec!["not a phone".into()];
    });
    vec![
        three.build(),
        placement("H-2").usd("100.05").build(),
        placement("H-3").usd("2000.00").invoice("INV-9", "2000.00", "2025-07-31").build(),
        placement("H-4").usd("810.00").build(),
        consumer("H-5").usd("440.00").national_id("512-34-8765").birth_date("1980-02-29").build(),
        placement("H-6").usd("3000.00").build(),
        unusable.build(),
        placement("H-8").usd("-1.00").build(),
        placement("H-1").usd("12.00").build(),
        placement("H-9").business("").build(),
        placement("H-10").invoice("INV-1", "9.00", "2025-08-31").usd("10.00").build(),
        consumer("H-11").national_id("000-12-3456").build(),
    ]
}

fn mills() -> Vec<Placement> {
    vec![
        placement("M-1").usd("1150.00").invoice("INV-7", "1150.00", "2025-06-30").build(),
        placement("M-2").usd("900.00").build(),
        placement("M-3").usd("4200.00").in_state("MA").build(),
        placement("M-4").usd("310.00").build(),
    ]
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().expect("instants of the road are written by hand and are instants")
}

/// Repeats a call until it is answered: refusals that another try cannot change are final.
pub async fn insist<T>(mut call: impl AsyncFnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let began = Instant::now();
    let mut every = interval(Duration::from_millis(50));
    loop {
        every.tick().await;
        let error = match call().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let code =
            error.chain().find_map(|e| e.downcast_ref::<tonic::Status>()).map(tonic::Status::code);
        let is_final = matches!(
            code,
            Some(
                Code::InvalidArgument
                    | Code::NotFound
                    | Code::AlreadyExists
                    | Code::PermissionDenied
                    | Code::Unauthenticated
                    | Code::FailedPrecondition
                    | Code::Unimplemented
                    | Code::ResourceExhausted
            )
        );
        if is_final || began.elapsed() > PATIENCE {
            return Err(error);
        }
    }
}
