//! A small world: a set with reporting and a fake for each service that tells, and the facts of one client's accounts.

use std::borrow::Cow;

use duly_domain::{AccountId, BatchId, ClientId, IdSource as _, PartyId, PaymentId};
use duly_platform::{Host, Refusal, Role, Service, State, SystemIds, Tx};
use duly_proto::{
    common::v1::{Channel, EventMeta, Money},
    contact::v1::{self as contact, event::Fact as Touched},
    intake::v1::{self as intake, event::Fact as Placed},
    letters::v1::{self as letters, event::Fact as Written},
    payments::v1::{self as payments, event::Fact as Paid},
    reporting::v1 as reporting,
    skiptrace::v1::{self as skiptrace, event::Fact as Searched},
    workflow::v1::{self as workflow, event::Fact as Worked},
};
use duly_testkit::{ReportingClient, Run, Set, cents, day};
use sqlx::migrate::Migrator;
use tonic::service::Routes;

static NO_TABLES: Migrator = Migrator { migrations: Cow::Borrowed(&[]), ..Migrator::DEFAULT };

/// Tells what a service of this name tells, and nothing else.
fn fake(name: &'static str) -> Service {
    Service {
        name,
        migrator: &NO_TABLES,
        shared: &[],
        append_only: &[],
        access: &[],
        tells: &[],
        listeners: Vec::new(),
        due: Vec::new(),
        outside: Vec::new(),
        state: State::default(),
        routes: |_| Routes::default(),
        http: None,
        digest: &[],
    }
}

/// The tellers alone.
pub fn tellers() -> Vec<Service> {
    ["intake", "skiptrace", "contact", "letters", "payments", "workflow"].map(fake).into()
}

/// The tellers and reporting.
pub fn services() -> Vec<Service> {
    let mut all = tellers();
    all.push(duly_reporting::service());
    all
}

/// A fact of one of the tellers, about one account of one client.
#[derive(Clone)]
pub enum Fact {
    Intake(Placed),
    Skiptrace(Searched),
    Contact(Touched),
    Letters(Written),
    Payments(Paid),
    Workflow(Worked),
}

/// One event to come.
#[derive(Clone)]
pub struct Event {
    pub meta: EventMeta,
    pub fact: Fact,
}

/// A set that runs.
pub struct World {
    pub set: Set,
    pub run: Run,
}

impl World {
    pub async fn begin() -> anyhow::Result<Self> {
        let set = Set::create(&services()).await?;
        let run = set.start(services()).await?;
        Ok(Self { set, run })
    }

    /// Tells each event in a transaction of its own, in this order.
    pub async fn tell(&self, events: Vec<Event>) -> anyhow::Result<()> {
        tell(&self.run, events).await
    }

    pub fn manager(&self) -> anyhow::Result<ReportingClient> {
        Ok(self.run.clients(Role::Manager)?.reporting)
    }

    pub async fn summary(&self, client: ClientId) -> anyhow::Result<reporting::ClientSummary> {
        let request = reporting::GetClientSummaryRequest { client_id: client.to_string() };
        let mut answer = self.manager()?.get_client_summary(request).await?.into_inner();
        anyhow::ensure!(answer.summaries.len() == 1, "{answer:?}");
        Ok(answer.summaries.remove(0))
    }

    pub async fn batches(
        &self,
        client: ClientId,
    ) -> anyhow::Result<Vec<reporting::BatchLiquidation>> {
        let request =
            reporting::ListBatchLiquidationRequest { client_id: client.to_string(), page: None };
        Ok(self.manager()?.list_batch_liquidation(request).await?.into_inner().batches)
    }

    /// What a list of all accounts says of one of them.
    pub async fn account(&self, account: AccountId) -> anyhow::Result<reporting::AccountSummary> {
        let accounts = self.accounts(reporting::ListAccountsRequest::default()).await?;
        let found = accounts.into_iter().find(|found| found.account_id == account.to_string());
        anyhow::Context::context(found, "the account is listed")
    }

    pub async fn accounts(
        &self,
        request: reporting::ListAccountsRequest,
    ) -> anyhow::Result<Vec<reporting::AccountSummary>> {
        Ok(self.manager()?.list_accounts(request).await?.into_inner().accounts)
    }

    pub async fn timeline(
        &self,
        account: AccountId,
    ) -> anyhow::Result<Vec<reporting::TimelineEntry>> {
        let request = reporting::GetTimelineRequest { account_id: account.to_string(), page: None };
        Ok(self.manager()?.get_timeline(request).await?.into_inner().entries)
    }

    pub async fn end(self) -> anyhow::Result<()> {
        self.run.stop().await;
        self.set.drop().await
    }
}

/// Tells each event in a transaction of its own.
pub async fn tell(run: &Run, events: Vec<Event>) -> anyhow::Result<()> {
    for event in events {
        let teller = match event.fact {
            Fact::Intake(_) => "intake",
            Fact::Skiptrace(_) => "skiptrace",
            Fact::Contact(_) => "contact",
            Fact::Letters(_) => "letters",
            Fact::Payments(_) => "payments",
            Fact::Workflow(_) => "workflow",
        };
        let host: &Host = run.host(teller)?;
        host.write("manager:ann", &event, |tx, event| Box::pin(tell_one(tx, event))).await?;
    }
    Ok(())
}

async fn tell_one(tx: &mut Tx, event: &Event) -> Result<(), Refusal> {
    let meta = event.meta.clone();
    match event.fact.clone() {
        Fact::Intake(fact) => tx.tell::<intake::Event>(meta, fact),
        Fact::Skiptrace(fact) => tx.tell::<skiptrace::Event>(meta, fact),
        Fact::Contact(fact) => tx.tell::<contact::Event>(meta, fact),
        Fact::Letters(fact) => tx.tell::<letters::Event>(meta, fact),
        Fact::Payments(fact) => tx.tell::<payments::Event>(meta, fact),
        Fact::Workflow(fact) => tx.tell::<workflow::Event>(meta, fact),
    }
    Ok(())
}

/// One client and what happens to its accounts.
#[derive(Clone, Copy)]
pub struct Client {
    pub id: ClientId,
}

/// One of its accounts.
#[derive(Clone, Copy)]
pub struct Account {
    pub client: ClientId,
    pub id: AccountId,
    /// The principal debtor and a guarantor.
    pub parties: [PartyId; 2],
}

/// One payment on an account.
#[derive(Clone, Copy)]
pub struct Payment {
    account: Account,
    id: PaymentId,
    by: payments::ReceivedBy,
    minor: i64,
}

pub fn new_client() -> Client {
    Client { id: SystemIds.next() }
}

pub fn new_batch() -> BatchId {
    SystemIds.next()
}

impl Client {
    pub fn changed(self, client_ref: &str, version: i64) -> Event {
        let fact = intake::ClientChanged {
            client_id: self.id.to_string(),
            client_ref: client_ref.into(),
            name: format!("{client_ref} version {version}"),
            ..Default::default()
        };
        self.event(version, "", Fact::Intake(Placed::ClientChanged(fact)))
    }

    pub fn batch_closed(self, batch: BatchId, batch_key: &str) -> Event {
        let fact = intake::BatchClosed {
            batch_id: batch.to_string(),
            batch_key: batch_key.into(),
            accepted: 2,
            accepted_with_warning: 1,
            rejected: 4,
            ..Default::default()
        };
        self.event(0, "", Fact::Intake(Placed::BatchClosed(fact)))
    }

    pub fn remitted(self, minor: i64) -> Event {
        let fact = payments::RemittanceIssued {
            client_id: self.id.to_string(),
            remitted: Some(cents(minor)),
            ..Default::default()
        };
        self.event(0, "", Fact::Payments(Paid::RemittanceIssued(fact)))
    }

    pub fn account(self) -> Account {
        let parties = [SystemIds.next(), SystemIds.next()];
        Account { client: self.id, id: SystemIds.next(), parties }
    }

    fn event(self, version: i64, account_id: &str, fact: Fact) -> Event {
        let meta = EventMeta {
            client_id: self.id.to_string(),
            account_id: account_id.into(),
            version,
            ..Default::default()
        };
        Event { meta, fact }
    }
}

fn liable(party: &PartyId) -> intake::LiableParty {
    intake::LiableParty {
        party_id: party.to_string(),
        name: "Robin Sample".into(),
        ..Default::default()
    }
}

impl Account {
    pub fn event(self, fact: Fact) -> Event {
        Client { id: self.client }.event(1, &self.id.to_string(), fact)
    }

    pub fn placed(self, batch: BatchId, minor: i64, on: &str) -> Event {
        self.placed_as(1, batch, cents(minor), on)
    }

    pub fn placed_as(self, opening: i32, batch: BatchId, listed: Money, on: &str) -> Event {
        let fact = intake::AccountPlaced {
            account_id: self.id.to_string(),
            client_id: self.client.to_string(),
            client_account_ref: "A-1".into(),
            batch_id: batch.to_string(),
            opening,
            listed_amount: Some(listed),
            listing_date: Some(day(on)),
            claim_items: 2,
            liable_parties: self.parties.iter().map(liable).collect(),
            debt_class: intake::DebtClass::Commercial.into(),
            ..Default::default()
        };
        self.event(Fact::Intake(Placed::AccountPlaced(fact)))
    }

    pub fn items(self) -> Event {
        let fact = intake::ClaimItemsListed {
            account_id: self.id.to_string(),
            opening: 1,
            part: 1,
            parts: 1,
            items: vec![intake::ClaimItem::default(); 2],
        };
        self.event(Fact::Intake(Placed::ClaimItemsListed(fact)))
    }

    pub fn adjusted(self, minor: i64) -> Event {
        let fact = intake::AccountAdjusted {
            account_id: self.id.to_string(),
            amount: Some(cents(minor)),
            reason: "goods returned".into(),
            ..Default::default()
        };
        self.event(Fact::Intake(Placed::AccountAdjusted(fact)))
    }

    pub fn recalled(self, opening: i32) -> Event {
        let fact = intake::AccountRecalled {
            account_id: self.id.to_string(),
            opening,
            reason: "sold".into(),
            ..Default::default()
        };
        self.event(Fact::Intake(Placed::AccountRecalled(fact)))
    }

    pub fn closed(self, opening: i32) -> Event {
        let fact = intake::AccountClosed {
            account_id: self.id.to_string(),
            opening,
            close_code: "PIF".into(),
            ..Default::default()
        };
        self.event(Fact::Intake(Placed::AccountClosed(fact)))
    }

    pub fn settled(self) -> Event {
        let fact = payments::BalanceSettled {
            account_id: self.id.to_string(),
            opening: 1,
            ..Default::default()
        };
        self.event(Fact::Payments(Paid::BalanceSettled(fact)))
    }

    pub fn payment(self, minor: i64) -> Payment {
        let by = payments::ReceivedBy::Agency;
        Payment { account: self, id: SystemIds.next(), by, minor }
    }

    pub fn direct_payment(self, minor: i64) -> Payment {
        Payment { by: payments::ReceivedBy::Client, ..self.payment(minor) }
    }
}

impl Payment {
    pub fn posted(self, over: i64) -> Event {
        let mut fact = payments::PaymentPosted {
            payment_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            amount: Some(cents(self.minor + over)),
            payment_on: Some(day("2026-01-05")),
            received_reference: "R1".into(),
            overpayment: (over != 0).then(|| cents(over)),
            ..Default::default()
        };
        fact.set_received_by(self.by);
        self.account.event(Fact::Payments(Paid::PaymentPosted(fact)))
    }

    pub fn released(self, commission: i64, on: &str) -> Event {
        let mut fact = payments::PaymentReleased {
            payment_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            amount: Some(cents(self.minor)),
            commission: Some(cents(commission)),
            released_on: Some(day(on)),
            ..Default::default()
        };
        fact.set_received_by(self.by);
        self.account.event(Fact::Payments(Paid::PaymentReleased(fact)))
    }

    pub fn reversed(self, released_commission: Option<i64>, on: &str) -> Event {
        let mut fact = payments::PaymentReversed {
            payment_id: self.id.to_string(),
            account_id: self.account.id.to_string(),
            amount: Some(cents(self.minor)),
            was_released: released_commission.is_some(),
            commission: Some(cents(-released_commission.unwrap_or(0))),
            reversed_on: Some(day(on)),
            collected: Some(cents(self.minor)),
            ..Default::default()
        };
        fact.set_received_by(self.by);
        fact.set_reason(payments::ReversalReason::Nsf);
        self.account.event(Fact::Payments(Paid::PaymentReversed(fact)))
    }
}

/// Two clients' worth of everything, in the order in which it would happen.
pub fn everything() -> (Vec<Event>, Client, Account) {
    let (one, two) = (new_client(), new_client());
    let (first, second) = (new_batch(), new_batch());
    let (a, b, c) = (one.account(), one.account(), two.account());
    let (paid, bad, direct) = (a.payment(3_000), a.payment(500), a.direct_payment(1_000));
    let (late, held) = (b.payment(700), c.payment(250));
    let (stop, dispute) = (a.stop(0, contact::StopKind::Bankruptcy), a.dispute());
    let (promise, hold, duty) = (a.promise(4_000), c.hold(), a.duty());
    let events = vec![
        one.changed("HARBOR", 1),
        two.changed("MILLS", 1),
        a.placed(first, 10_000, "2026-01-05"),
        a.items(),
        b.placed(first, 20_000, "2026-01-05"),
        one.batch_closed(first, "jan"),
        c.placed(second, 5_000, "2026-01-06"),
        two.batch_closed(second, "jan"),
        a.adjusted(-200),
        paid.posted(0),
        bad.posted(25),
        direct.posted(0),
        direct.released(100, "2026-01-07"),
        paid.released(750, "2026-01-09"),
        bad.reversed(None, "2026-01-10"),
        late.posted(0),
        late.released(175, "2026-02-02"),
        a.case_opened(),
        a.treatment_due(),
        a.scrubbed(),
        a.traced(),
        b.trace_refused(),
        a.prepared(),
        b.letter_refused(),
        a.authorized(Channel::Call),
        a.concluded(Channel::Call, contact::Disposition::NoAnswer),
        a.mailed(Some("2026-02-10")),
        a.expired(),
        a.returned(),
        b.treatment_refused(),
        stop.placed(),
        dispute.opened(Some(500)),
        dispute.answered(),
        dispute.resolved(),
        promise.made("2026-01-20"),
        promise.kept("2026-01-19"),
        promise.broken("2026-01-25", 100),
        a.task_opened(),
        duty.opened(),
        duty.missed(),
        duty.met(),
        stop.lifted(),
        hold.placed("2026-01-05", None),
        hold.lifted(),
        b.hold().placed("2026-01-05", Some("2026-01-09")),
        c.promise(300).made("2026-01-30"),
        c.stop(1, contact::StopKind::Cease).placed(),
        a.close_proposed(),
        late.reversed(Some(175), "2026-03-01"),
        held.posted(0),
        one.changed("HARBOR", 2),
        one.remitted(2_150),
        a.settled(),
        a.closed(1),
        b.recalled(1),
        b.closed(1),
    ];
    (events, one, a)
}
