//! One running payments service, told of clients and accounts as intake would tell it.

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{AccountId, ClientId, IdSource as _, PartyId};
use duly_payments::service;
use duly_platform::{Role, SystemIds, apply_frames};
use duly_proto::{
    Event as _,
    common::v1::{EventMeta, Frame},
    intake::v1::{
        AccountAdjusted, AccountClosed, AccountPlaced, AccountRecalled, ClaimItem,
        ClaimItemsListed, ClientChanged, Event, LiableParty, event::Fact,
    },
    payments::v1::{
        ClosePeriodRequest, ExplainCommissionRequest, GetBalanceRequest, GetBalanceResponse,
        GetStatementRequest, Payment, PaymentMethod, ProveTrustRequest, Remittance,
        ReportDirectPaymentRequest, ReversalReason, ReversePaymentRequest, StatementFormat,
    },
};
use duly_testkit::{
    PaymentsClient, PolicyBuilder, PostBuilder, Run, Set, day, post, request_id, usd,
};
use prost::Message as _;

/// A set with one running service and an accounting clerk.
pub struct World {
    pub set: Set,
    pub run: Run,
    pub books: PaymentsClient,
    next_no: AtomicI64,
}

/// A placed account, by id and by the client's references.
#[derive(Clone)]
pub struct Placed {
    pub id: AccountId,
    pub client: ClientId,
    pub client_ref: String,
    pub reference: String,
    /// Who owes it.
    pub party: PartyId,
}

impl World {
    /// A new one, on Monday 2026-01-05 at 15:00 UTC.
    pub async fn open() -> anyhow::Result<Self> {
        let set = Set::create(&[service()]).await?;
        let run = set.start(vec![service()]).await?;
        let books = run.clients(Role::Accounting)?.payments;
        Ok(Self { set, run, books, next_no: AtomicI64::new(1) })
    }

    /// Settles, proves that trust money and journal agree, and leaves nothing behind.
    pub async fn close(self) -> anyhow::Result<()> {
        self.run.settle().await?;
        self.prove().await?;
        self.run.stop().await;
        self.set.drop().await
    }

    /// Hands facts of one kind over, as one frame.
    pub async fn tell(&self, facts: Vec<(EventMeta, Fact)>) -> anyhow::Result<()> {
        let events: Vec<Event> =
            facts.into_iter().map(|(meta, fact)| Event::new(meta, fact)).collect();
        let kind = events.first().and_then(Event::kind).context("a frame holds an event")?;
        let frame = Frame {
            kind: format!("intake.{kind}"),
            no: self.next_no.fetch_add(1, Ordering::SeqCst),
            epoch: 1,
            events: events.iter().map(Event::encode_to_vec).collect(),
            ..Frame::default()
        };
        let listeners = self.run.listeners("payments")?;
        let listener = listeners.iter().find(|l| l.kind == frame.kind).context("it is heard")?;
        apply_frames(self.run.host("payments")?, listener, &[frame]).await
    }

    /// A client whose policy holds from 2025 on.
    pub async fn client(
        &self,
        client_ref: &str,
        policy: PolicyBuilder,
    ) -> anyhow::Result<ClientId> {
        let id = ClientId::from_uuid(SystemIds.uuid());
        self.client_version(id, client_ref, 1, "2025-01-01", policy).await?;
        Ok(id)
    }

    /// One version of a client.
    pub async fn client_version(
        &self,
        id: ClientId,
        client_ref: &str,
        version: i64,
        from: &str,
        policy: PolicyBuilder,
    ) -> anyhow::Result<()> {
        let meta = EventMeta { client_id: id.to_string(), version, ..EventMeta::default() };
        let fact = ClientChanged {
            client_id: id.to_string(),
            client_ref: client_ref.to_owned(),
            name: format!("{client_ref} Supply Co."),
            policy: Some(policy.build()),
            effective_on: Some(day(from)),
            ..ClientChanged::default()
        };
        self.tell(vec![(meta, Fact::ClientChanged(fact))]).await
    }

    /// An id and references of an account that nobody was told of yet.
    pub fn unheard(&self, client: ClientId, client_ref: &str, reference: &str) -> Placed {
        Placed {
            id: AccountId::from_uuid(SystemIds.uuid()),
            client,
            client_ref: client_ref.to_owned(),
            reference: reference.to_owned(),
            party: PartyId::from_uuid(SystemIds.uuid()),
        }
    }

    /// Tells of an account, listed on 2026-01-02.
    pub async fn place(&self, account: &Placed, amount: &str) -> anyhow::Result<()> {
        self.tell(vec![(meta(account), placed(account, amount))]).await
    }

    /// A placed account.
    pub async fn account(
        &self,
        client: ClientId,
        client_ref: &str,
        reference: &str,
        amount: &str,
    ) -> anyhow::Result<Placed> {
        let account = self.unheard(client, client_ref, reference);
        self.place(&account, amount).await?;
        Ok(account)
    }

    /// Tells of an account's invoices: number, amount, due date.
    pub async fn items(
        &self,
        account: &Placed,
        items: &[(&str, &str, &str)],
    ) -> anyhow::Result<()> {
        let items = items.iter().map(|(number, amount, due)| {
            let mut item = ClaimItem {
                number: (*number).to_owned(),
                due_date: Some(day(due)),
                open_amount: Some(usd(amount)),
                ..ClaimItem::default()
            };
            item.set_kind(duly_proto::intake::v1::ClaimItemKind::Invoice);
            item
        });
        let fact = ClaimItemsListed {
            account_id: account.id.to_string(),
            opening: 1,
            part: 1,
            parts: 1,
            items: items.collect(),
        };
        self.tell(vec![(meta(account), Fact::ClaimItemsListed(fact))]).await
    }

    /// Tells of a correction of an account's balance.
    pub async fn adjust(&self, account: &Placed, amount: &str, on: &str) -> anyhow::Result<()> {
        let fact = AccountAdjusted {
            adjustment_id: format!("adjs_{}", SystemIds.uuid().simple()),
            account_id: account.id.to_string(),
            amount: Some(usd(amount)),
            adjusted_on: Some(day(on)),
            reason: "credit".to_owned(),
            opening: 1,
            ..AccountAdjusted::default()
        };
        self.tell(vec![(meta(account), Fact::AccountAdjusted(fact))]).await
    }

    /// Tells that an account was recalled.
    pub async fn recall(&self, account: &Placed, on: &str) -> anyhow::Result<()> {
        let fact = AccountRecalled {
            account_id: account.id.to_string(),
            opening: 1,
            recalled_on: Some(day(on)),
            reason: "paid elsewhere".to_owned(),
        };
        self.tell(vec![(meta(account), Fact::AccountRecalled(fact))]).await
    }

    /// Tells that an account was closed.
    pub async fn end(&self, account: &Placed, code: &str, on: &str) -> anyhow::Result<()> {
        let fact = AccountClosed {
            account_id: account.id.to_string(),
            opening: 1,
            close_code: code.to_owned(),
            closed_on: Some(day(on)),
        };
        self.tell(vec![(meta(account), Fact::AccountClosed(fact))]).await
    }

    /// Moves to an instant, `2026-02-01T12:00:00Z`, doing what is due on the way.
    pub async fn at(&self, instant: &str) -> anyhow::Result<()> {
        self.run.driver().advance_to(instant.parse::<DateTime<Utc>>()?).await
    }

    /// Moves past the next tick.
    pub async fn tick(&self) -> anyhow::Result<()> {
        self.run.driver().advance(TimeDelta::minutes(15)).await
    }

    /// Posts a receipt.
    pub async fn post(&self, payment: PostBuilder) -> anyhow::Result<Payment> {
        let answer = self.books.clone().post_payment(payment.build()).await?.into_inner();
        answer.payment.context("an answer carries its payment")
    }

    /// Posts cash on an account and releases it at the next tick.
    pub async fn cash(
        &self,
        account: &Placed,
        amount: &str,
        reference: &str,
    ) -> anyhow::Result<Payment> {
        let paid = self.post(cash(account, amount, reference)).await?;
        self.tick().await?;
        Ok(paid)
    }

    /// Reports a payment to the client.
    pub async fn direct(
        &self,
        account: &Placed,
        amount: &str,
        on: &str,
        reference: &str,
    ) -> Result<Payment, tonic::Status> {
        let request = ReportDirectPaymentRequest {
            request_id: request_id(),
            account_id: account.id.to_string(),
            amount: Some(usd(amount)),
            payment_on: Some(day(on)),
            received_reference: reference.to_owned(),
            item_numbers: Vec::new(),
        };
        let answer = self.books.clone().report_direct_payment(request).await?.into_inner();
        Ok(answer.payment.unwrap_or_default())
    }

    /// Takes a payment back for want of funds.
    pub async fn bounce(&self, payment: &Payment) -> Result<Payment, tonic::Status> {
        let mut request = ReversePaymentRequest {
            request_id: request_id(),
            payment_id: payment.payment_id.clone(),
            ..ReversePaymentRequest::default()
        };
        request.set_reason(ReversalReason::Nsf);
        let answer = self.books.clone().reverse_payment(request).await?.into_inner();
        Ok(answer.payment.unwrap_or_default())
    }

    /// Closes a period.
    pub async fn remit(&self, client: ClientId, to: &str) -> Result<Remittance, tonic::Status> {
        let request = ClosePeriodRequest {
            request_id: request_id(),
            client_id: client.to_string(),
            period_to: Some(day(to)),
        };
        let answer = self.books.clone().close_period(request).await?.into_inner();
        Ok(answer.remittance.unwrap_or_default())
    }

    /// A statement as text.
    pub async fn statement(
        &self,
        remittance: &Remittance,
        format: StatementFormat,
    ) -> anyhow::Result<String> {
        let mut request = GetStatementRequest {
            remittance_id: remittance.remittance_id.clone(),
            ..GetStatementRequest::default()
        };
        request.set_format(format);
        let answer = self.books.clone().get_statement(request).await?.into_inner();
        Ok(String::from_utf8(answer.content)?)
    }

    /// An account's balance.
    pub async fn balance(&self, account: &Placed) -> anyhow::Result<GetBalanceResponse> {
        let request = GetBalanceRequest { account_id: account.id.to_string() };
        Ok(self.books.clone().get_balance(request).await?.into_inner())
    }

    /// What each surviving payment earned, in order, and the whole, in minor units.
    pub async fn commission(&self, account: &Placed) -> anyhow::Result<(Vec<i64>, i64)> {
        let request = ExplainCommissionRequest { account_id: account.id.to_string() };
        let answer = self.books.clone().explain_commission(request).await?.into_inner();
        let lines = answer.lines.iter().map(|line| minor(line.commission.as_ref())).collect();
        Ok((lines, minor(answer.total.as_ref())))
    }

    /// Proves the trust account, and that each client's folded balances are what its entries say. Gives
    /// (bank, deficiency of the agency, of clients, client trust, held, refunds due, unswept, unapplied).
    pub async fn prove(&self) -> anyhow::Result<[i64; 8]> {
        let answer = self.books.clone().prove_trust(ProveTrustRequest {}).await?.into_inner();
        let mut conn = self.set.connect_to(&self.set.schema("payments")).await?;
        let off: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM (
                 SELECT client_id, currency, available
                        + coalesce((SELECT sum(amount_minor) FROM trust_credit AS c
                                    WHERE (c.client_id, c.currency) = (t.client_id, t.currency)), 0),
                        deficiency_agency_minor, deficiency_client_minor, unswept_minor
                 FROM client_trust AS t
                 EXCEPT
                 SELECT t.client_id, t.currency,
                        -coalesce(sum(amount_minor) FILTER (WHERE ledger = 'client_trust'), 0),
                        coalesce(sum(amount_minor) FILTER (WHERE ledger = 'deficiency_agency'), 0),
                        coalesce(sum(amount_minor) FILTER (WHERE ledger = 'deficiency_client'), 0),
                        -coalesce(sum(amount_minor) FILTER (WHERE ledger = 'commission_unswept'), 0)
                 FROM client_trust AS t LEFT JOIN entry AS e USING (client_id, currency)
                 GROUP BY t.client_id, t.currency) AS off",
        )
        .fetch_one(&mut conn)
        .await?;
        anyhow::ensure!(off == 0, "the balances of {off} clients are not what the entries say");
        let Some(proof) = answer.proofs.first() else { return Ok([0; 8]) };
        anyhow::ensure!(proof.assets_minor == proof.liabilities_minor, "{proof:?}");
        Ok([
            proof.trust_bank_minor,
            proof.deficiency_agency_minor,
            proof.deficiency_client_minor,
            proof.client_trust_minor,
            proof.held_minor,
            proof.refunds_due_minor,
            proof.commission_unswept_minor,
            proof.unapplied_minor,
        ])
    }

    /// Facts of one kind that payments has told, oldest first.
    pub async fn told(
        &self,
        kind: &str,
    ) -> anyhow::Result<Vec<duly_proto::payments::v1::event::Fact>> {
        self.run.settle().await?;
        let frames = duly_testkit::numbered_frames(&self.set, "payments").await?;
        let mut told = Vec::new();
        for frame in frames.iter().filter(|frame| frame.kind == format!("payments.{kind}")) {
            for event in &frame.events {
                let event = duly_proto::payments::v1::Event::decode(event.as_slice())?;
                told.extend(event.fact);
            }
        }
        Ok(told)
    }

    /// A count over the service's tables.
    pub async fn count(&self, sql: &'static str) -> anyhow::Result<i64> {
        let mut conn = self.set.connect_to(&self.set.schema("payments")).await?;
        Ok(sqlx::query_scalar(sql).fetch_one(&mut conn).await?)
    }
}

/// What an account's events say about themselves.
pub fn meta(account: &Placed) -> EventMeta {
    EventMeta {
        account_id: account.id.to_string(),
        client_id: account.client.to_string(),
        version: 1,
        ..EventMeta::default()
    }
}

/// An account as intake tells of it.
pub fn placed(account: &Placed, amount: &str) -> Fact {
    Fact::AccountPlaced(AccountPlaced {
        account_id: account.id.to_string(),
        client_id: account.client.to_string(),
        client_account_ref: account.reference.clone(),
        client_ref: account.client_ref.clone(),
        opening: 1,
        listed_amount: Some(usd(amount)),
        listing_date: Some(day("2026-01-02")),
        liable_parties: vec![LiableParty {
            party_id: account.party.to_string(),
            name: format!("{} Trading LLC", account.reference),
            ..LiableParty::default()
        }],
        ..AccountPlaced::default()
    })
}

/// Cash on an account.
pub fn cash(account: &Placed, amount: &str, reference: &str) -> PostBuilder {
    post(&account.id.to_string()).usd(amount).reference(reference).method(PaymentMethod::Cash)
}

/// Minor units of an amount in an answer.
pub fn minor(money: Option<&duly_proto::common::v1::Money>) -> i64 {
    money.map(|money| money.minor).unwrap_or_default()
}
