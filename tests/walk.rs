//! The walk of whole placements: from the claim to its last letter, call, payment and close, by all
//! eight services, in one process or in eight. What people and providers do is written down in
//! [`script`]; every command is repeated with its own key until it is answered, so that the same walk
//! can be walked while processes die.

mod desk;
pub mod script;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use duly_platform::{Config, Role, Service};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{self as contact, ListAttemptsRequest},
    intake::v1::{
        self as intake, AnswerClientRequestRequest, ClientAnswer, HoldAccountRequest,
        LiftHoldRequest, ListClientRequestsRequest, PlaceOpen, RecallAccountRequest,
    },
    letters::v1::{self as letters, ListLettersRequest, RecordReturnedRequest, ReturnReason},
    payments::v1::{
        AccountReference, ClosePeriodRequest, GetStatementRequest, ListPromisesRequest,
        PaymentMethod, PostPaymentRequest, Promise, StatementFormat, post_payment_request,
    },
    reporting::v1::GetTimelineRequest,
    workflow::v1::{self as workflow, CloseTaskRequest, ListTasksRequest},
};
use duly_testkit::{Clients, Driver, Endpoints, Set, Shape, client, day, policy, usd};

use self::desk::Desk;
use crate::{fleet::Setting, road::insist};

/// The client of the walk.
const CLIENT: &str = "WALK";

/// Where a walk's files go, and the settings that say so.
pub struct Ground {
    pub set: Set,
    /// Settings of services beside the set's own, as environment variables.
    pub extra: Vec<Setting>,
    dir: tempfile::TempDir,
}

impl Ground {
    /// A new set with folders for letters and searches of its own.
    pub async fn create(smtp_url: Option<String>) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut extra = settings(dir.path())?;
        extra.extend(smtp_url.map(|url| ("DULY_SERVICES__LETTERS__SMTP_URL".to_owned(), url)));
        let set = Set::create(&services_of(&Config::default())?).await?;
        Ok(Self { set, extra, dir })
    }

    /// All services with these settings.
    pub fn services(&self) -> anyhow::Result<Vec<Service>> {
        let vars = self.set.env().into_iter().chain(self.extra.iter().cloned());
        let vars = vars.map(|(key, value)| (key.into(), value.into()));
        services_of(&Config::assemble(None, vars)?)
    }

    /// What settling and digests need to know of them.
    pub fn shapes(&self) -> anyhow::Result<Vec<Shape>> {
        Ok(Shape::of(&self.services()?))
    }

    /// The folder of printed letters.
    pub fn print_dir(&self) -> PathBuf {
        self.dir.path().join("print")
    }

    pub async fn drop(self) -> anyhow::Result<()> {
        self.set.drop().await
    }
}

/// What services must be told: where letters and searches go, below `dir`, and who writes.
pub fn settings(dir: &Path) -> anyhow::Result<Vec<Setting>> {
    let mut settings = Vec::new();
    for (key, folder) in [("LETTERS__PRINT_DIR", "print"), ("SKIPTRACE__PROVIDER_DIR", "provider")]
    {
        let path = dir.join(folder);
        fs::create_dir(&path)?;
        settings.push((format!("DULY_SERVICES__{key}"), path.display().to_string()));
    }
    for (key, value) in [
        ("AGENCY_ADDRESS", "100 Peachtree Street; Atlanta, GA 30303"),
        ("AGENCY_PHONE", "+14045550100"),
        ("AGENCY_EMAIL", "service@agency.example"),
        ("MAIL_FROM", "service@agency.example"),
    ] {
        settings.push((format!("DULY_SERVICES__LETTERS__{key}"), value.to_owned()));
    }
    Ok(settings)
}

fn services_of(config: &Config) -> anyhow::Result<Vec<Service>> {
    duly::services::<&str>(config, &[])
}

/// Walks over these clients.
pub struct Walk {
    pub api: Clients,
    driver: Driver,
    desk: Desk,
    with_email: bool,
    hold_id: String,
}

/// What the walk leads to, beside the digests.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Statements by file name.
    pub statements: BTreeMap<String, Vec<u8>>,
    /// What happened to each account, by its reference: day and kind of each fact.
    pub timelines: BTreeMap<String, Vec<String>>,
}

impl Walk {
    pub fn new(
        ground: &Ground,
        at: &Endpoints,
        driver: Driver,
        with_email: bool,
    ) -> anyhow::Result<Self> {
        let api = ground.set.clients(at, Role::Manager)?;
        let desk = Desk::new(api.clone());
        Ok(Self { api, driver, desk, with_email, hold_id: String::new() })
    }

    /// Walks it from the placement to the second month's statement.
    pub async fn walk(&mut self) -> anyhow::Result<Arrived> {
        self.place().await.context("placing")?;
        self.live_until("2026-01-20T21:00:00Z").await?;
        self.keep_the_promise().await.context("keeping the promise")?;
        self.answer_questions().await.context("answering what the client is asked")?;
        self.bring_mail_back().await.context("returning a letter")?;
        self.hold("P-4").await.context("holding")?;
        self.live_until("2026-01-26T21:00:00Z").await?;
        self.close_task().await.context("closing a task")?;
        self.lift_hold().await.context("lifting the hold")?;
        self.recall("W-2").await.context("recalling")?;
        self.pay("W-1", "4400.00", "R-W1-rest").await?;
        self.pay("P-2", "610.00", "R-P2").await?;
        self.live_until("2026-02-01T20:00:00Z").await?;
        let statements = self.close("2026-01-31").await.context("closing the period")?;
        self.live_until("2026-02-06T21:30:00Z").await?;
        let mut timelines = BTreeMap::new();
        for account in self.accounts().await? {
            let lines = self.timeline(&account.account_id).await?;
            timelines.insert(account.client_account_ref, lines);
        }
        Ok(Arrived { statements, timelines })
    }

    /// Lets time pass, with everybody at their desks.
    pub async fn live_until(&mut self, target: &str) -> anyhow::Result<()> {
        let target: DateTime<Utc> = target.parse()?;
        loop {
            self.settle_and_work().await?;
            match self.driver.next_due().await?.filter(|next| *next <= target) {
                Some(next) => self.driver.set_now(next).await?,
                None => break,
            }
        }
        self.driver.set_now(target).await?;
        self.settle_and_work().await
    }

    async fn settle_and_work(&mut self) -> anyhow::Result<()> {
        let now = self.driver.now().await?;
        self.driver.settle().await.with_context(|| format!("at {now}"))?;
        while self.desk.work(now).await.with_context(|| format!("at {now}"))? {
            self.driver.settle().await.with_context(|| format!("at {now}"))?;
        }
        Ok(())
    }

    async fn place(&mut self) -> anyhow::Result<()> {
        let mut request = client(CLIENT).with(policy().flat("0.25")).build();
        request.request_id = "put-walk".into();
        insist(async || Ok(self.api.intake.clone().put_client(request.clone()).await?)).await?;
        let claims = script::claims(self.with_email);
        insist(async || {
            let open = PlaceOpen {
                client_ref: CLIENT.to_owned(),
                batch_key: "walk-1".to_owned(),
                ..PlaceOpen::default()
            };
            duly_testkit::place(&mut self.api.intake.clone(), open, claims.clone(), 3).await
        })
        .await?;
        self.driver.settle().await?;
        self.desk.learn().await
    }

    async fn keep_the_promise(&self) -> anyhow::Result<()> {
        let promises = self.promises("W-1").await?;
        let [promise] = promises.as_slice() else {
            anyhow::bail!("W-1 promised once, and {promises:?} is on record");
        };
        anyhow::ensure!(promise.amount == Some(usd("1000.00")), "{promise:?}");
        self.pay("W-1", "1000.00", "R-W1-promised").await
    }

    /// The client credits the undelivered invoice, and stands by the consumer's debt.
    async fn answer_questions(&self) -> anyhow::Result<()> {
        let request = ListClientRequestsRequest::default();
        let listed = insist(async || {
            Ok(self.api.intake.clone().list_client_requests(request.clone()).await?.into_inner())
        })
        .await?;
        let refs = self.references().await?;
        for asked in listed.client_requests {
            let account = &refs[&asked.account_id];
            let answer = match account.as_str() {
                "W-2" => ClientAnswer::Credit,
                "P-2" => ClientAnswer::Stands,
                other => anyhow::bail!("the client is asked about {other}"),
            };
            let mut request = AnswerClientRequestRequest {
                request_id: format!("answer-{account}"),
                client_request_id: asked.client_request_id,
                text: "see our file".into(),
                ..AnswerClientRequestRequest::default()
            };
            request.set_answer(answer);
            insist(async || {
                Ok(self.api.intake.clone().answer_client_request(request.clone()).await?)
            })
            .await?;
        }
        Ok(())
    }

    /// The post brings the notice to P-4 back.
    async fn bring_mail_back(&self) -> anyhow::Result<()> {
        let account = self.account("P-4").await?;
        let letters = self.letters(&account.account_id).await?;
        let notice = letters.first().context("P-4 was sent its notice")?;
        let mut request = RecordReturnedRequest {
            request_id: "returned-P-4".into(),
            letter_id: notice.letter_id.clone(),
            returned_on: Some(day("2026-01-20")),
            ..RecordReturnedRequest::default()
        };
        request.set_reason(ReturnReason::Moved);
        insist(async || Ok(self.api.letters.clone().record_returned(request.clone()).await?))
            .await
            .map(drop)
    }

    async fn hold(&mut self, account: &str) -> anyhow::Result<()> {
        let request = HoldAccountRequest {
            request_id: format!("hold-{account}"),
            account_id: self.account(account).await?.account_id,
            reason: "the client looks for the new address".into(),
            ..HoldAccountRequest::default()
        };
        let held = insist(async || {
            Ok(self.api.intake.clone().hold_account(request.clone()).await?.into_inner())
        })
        .await?;
        self.hold_id = held.hold.context("a hold")?.hold_id;
        Ok(())
    }

    /// Somebody looked for P-4's new address, in vain.
    async fn close_task(&self) -> anyhow::Result<()> {
        let account = self.account("P-4").await?;
        let tasks = self.tasks(&account.account_id).await?;
        let task = tasks.first().context("somebody is asked to look for P-4")?;
        let request = CloseTaskRequest {
            request_id: "close-task-P-4".into(),
            task_id: task.task_id.clone(),
            resolution: "asked the client: no new address".into(),
        };
        insist(async || Ok(self.api.workflow.clone().close_task(request.clone()).await?))
            .await
            .map(drop)
    }

    async fn lift_hold(&self) -> anyhow::Result<()> {
        let request = LiftHoldRequest {
            request_id: "lift-hold".into(),
            hold_id: self.hold_id.clone(),
            reason: "no new address".into(),
        };
        insist(async || Ok(self.api.intake.clone().lift_hold(request.clone()).await?))
            .await
            .map(drop)
    }

    /// The hold that was placed on the walk.
    pub fn hold_id(&self) -> &str {
        &self.hold_id
    }

    async fn recall(&self, account: &str) -> anyhow::Result<()> {
        let request = RecallAccountRequest {
            request_id: format!("recall-{account}"),
            account_id: self.account(account).await?.account_id,
            reason: "settled between the parties".into(),
        };
        insist(async || Ok(self.api.intake.clone().recall_account(request.clone()).await?))
            .await
            .map(drop)
    }

    async fn pay(&self, account: &str, amount: &str, reference: &str) -> anyhow::Result<()> {
        let mut request = PostPaymentRequest {
            request_id: format!("post-{reference}"),
            account: Some(post_payment_request::Account::Reference(AccountReference {
                client_ref: CLIENT.to_owned(),
                client_account_ref: account.to_owned(),
            })),
            amount: Some(usd(amount)),
            received_reference: reference.to_owned(),
            ..PostPaymentRequest::default()
        };
        request.set_method(PaymentMethod::Wire);
        insist(async || Ok(self.api.payments.clone().post_payment(request.clone()).await?))
            .await
            .with_context(|| format!("posting {reference}"))
            .map(drop)
    }

    async fn close(&self, until: &str) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
        let request = ClosePeriodRequest {
            request_id: format!("close-{until}"),
            client_id: self.account("W-1").await?.client_id,
            period_to: Some(day(until)),
        };
        let closed = insist(async || {
            Ok(self.api.payments.clone().close_period(request.clone()).await?.into_inner())
        })
        .await?;
        let remittance = closed.remittance.context("a closed period has its remittance")?;
        let mut statements = BTreeMap::new();
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
        Ok(statements)
    }

    /// Every account of the walk as intake has it.
    pub async fn accounts(&self) -> anyhow::Result<Vec<intake::Account>> {
        let request = intake::ListAccountsRequest { page: whole(), ..Default::default() };
        let listed = insist(async || {
            Ok(self.api.intake.clone().list_accounts(request.clone()).await?.into_inner())
        })
        .await?;
        Ok(listed.accounts)
    }

    /// References by account id.
    async fn references(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let accounts = self.accounts().await?.into_iter();
        Ok(accounts.map(|account| (account.account_id, account.client_account_ref)).collect())
    }

    /// The account of this reference.
    pub async fn account(&self, reference: &str) -> anyhow::Result<intake::Account> {
        let accounts = self.accounts().await?;
        let found = accounts.into_iter().find(|one| one.client_account_ref == reference);
        found.with_context(|| format!("nobody placed {reference}"))
    }

    pub async fn promises(&self, reference: &str) -> anyhow::Result<Vec<Promise>> {
        let request = ListPromisesRequest {
            account_id: self.account(reference).await?.account_id,
            ..ListPromisesRequest::default()
        };
        let listed = insist(async || {
            Ok(self.api.payments.clone().list_promises(request.clone()).await?.into_inner())
        })
        .await?;
        Ok(listed.promises)
    }

    pub async fn letters(&self, account: &str) -> anyhow::Result<Vec<letters::Letter>> {
        let request =
            ListLettersRequest { account_id: account.into(), page: whole(), ..Default::default() };
        let listed = insist(async || {
            Ok(self.api.letters.clone().list_letters(request.clone()).await?.into_inner())
        })
        .await?;
        Ok(listed.letters)
    }

    pub async fn attempts(&self, account: &str) -> anyhow::Result<Vec<contact::Attempt>> {
        let request =
            ListAttemptsRequest { account_id: account.into(), page: whole(), ..Default::default() };
        let listed = insist(async || {
            Ok(self.api.contact.clone().list_attempts(request.clone()).await?.into_inner())
        })
        .await?;
        Ok(listed.attempts)
    }

    pub async fn tasks(&self, account: &str) -> anyhow::Result<Vec<workflow::Task>> {
        let request = ListTasksRequest {
            account_id: account.into(),
            with_closed: true,
            page: whole(),
            ..Default::default()
        };
        let listed = insist(async || {
            Ok(self.api.workflow.clone().list_tasks(request.clone()).await?.into_inner())
        })
        .await?;
        Ok(listed.tasks)
    }

    /// Day and kind of everything that happened to an account; what happened in one instant is sorted.
    async fn timeline(&self, account: &str) -> anyhow::Result<Vec<String>> {
        let request = GetTimelineRequest { account_id: account.into(), page: whole() };
        let answer = insist(async || {
            Ok(self.api.reporting.clone().get_timeline(request.clone()).await?.into_inner())
        })
        .await?;
        let mut lines = Vec::new();
        for entry in answer.entries {
            let at = entry.occurred_at.context("an entry has its time")?;
            let at = DateTime::from_timestamp(at.seconds, 0).context("a time of an entry")?;
            lines.push(format!("{} {}: {}", at.format("%m-%d %H:%M"), entry.kind, entry.summary));
        }
        lines.sort();
        Ok(lines)
    }
}

/// One page that holds all there is on the walk.
pub fn whole() -> Option<PageRequest> {
    Some(PageRequest { page_size: 1000, ..PageRequest::default() })
}

/// Every PDF below a folder, by its name.
pub fn pdfs(dir: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for batch in fs::read_dir(dir)? {
        for file in fs::read_dir(batch?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "pdf") {
                let name = path.strip_prefix(dir)?.display().to_string();
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
