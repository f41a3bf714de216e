//! One running workflow, and what is told to it and by it.

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use duly_platform::{Role, apply_frames};
use duly_proto::{
    Event,
    common::v1::{Frame, TreatmentKind},
    contact::v1 as contact,
    convert,
    intake::v1 as intake,
    letters::v1 as letters,
    payments::v1 as payments,
    skiptrace::v1 as skiptrace,
    workflow::v1::{self as wire, Treatment, event::Fact as Told},
};
use duly_testkit::{Run, Set, WorkflowClient};
use duly_workflow::service;
use prost::Message as _;

pub use crate::heard::{Account, Fact, Heard, account};

/// A set with one running service and a manager.
pub struct World {
    pub set: Set,
    pub run: Run,
    pub api: WorkflowClient,
    next_no: AtomicI64,
}

impl World {
    /// A new one, on Monday 2026-01-05 at 15:00 UTC.
    pub async fn open() -> anyhow::Result<Self> {
        let set = Set::create(&[service()]).await?;
        let run = set.start(vec![service()]).await?;
        let api = run.clients(Role::Manager)?.workflow;
        Ok(Self { set, run, api, next_no: AtomicI64::new(1) })
    }

    /// Settles and leaves nothing behind.
    pub async fn close(self) -> anyhow::Result<()> {
        self.run.settle().await?;
        let parked = duly_platform::parked::list(self.run.host("workflow")?).await?;
        let errors: Vec<&str> = parked.iter().map(|parked| parked.error.as_str()).collect();
        anyhow::ensure!(errors.is_empty(), "parked: {errors:?}");
        self.run.stop().await;
        self.set.drop().await
    }

    /// Hands events over, each as a frame of its own, as told now.
    pub async fn hear(&self, heard: impl IntoIterator<Item = Heard>) -> anyhow::Result<()> {
        let now = convert::timestamp(self.now().await?);
        for Heard { mut meta, fact } in heard {
            meta.occurred_at = Some(now);
            match fact {
                Fact::Intake(fact) => self.frame(intake::Event::new(meta, fact)).await?,
                Fact::Payments(fact) => self.frame(payments::Event::new(meta, fact)).await?,
                Fact::Contact(fact) => self.frame(contact::Event::new(meta, fact)).await?,
                Fact::Letters(fact) => self.frame(letters::Event::new(meta, fact)).await?,
                Fact::Skiptrace(fact) => self.frame(skiptrace::Event::new(meta, fact)).await?,
            }
        }
        Ok(())
    }

    async fn frame<E: Event>(&self, event: E) -> anyhow::Result<()> {
        let kind = event.kind().context("an event carries its fact")?;
        let frame = Frame {
            kind: format!("{}.{kind}", E::SERVICE),
            no: self.next_no.fetch_add(1, Ordering::SeqCst),
            epoch: 1,
            events: vec![event.encode_to_vec()],
            ..Frame::default()
        };
        let listeners = self.run.listeners("workflow")?;
        let listener = listeners.iter().find(|l| l.kind == frame.kind);
        let listener = listener.with_context(|| format!("{} is heard", frame.kind))?;
        apply_frames(self.run.host("workflow")?, listener, &[frame]).await
    }

    /// Hears these and lets the next tick decide.
    pub async fn decide(&self, heard: impl IntoIterator<Item = Heard>) -> anyhow::Result<()> {
        self.hear(heard).await?;
        self.tick().await
    }

    pub async fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        self.run.driver().now().await
    }

    /// Moves past the next tick.
    pub async fn tick(&self) -> anyhow::Result<()> {
        self.run.driver().advance(TimeDelta::minutes(15)).await
    }

    /// Moves to an instant, doing what is due on the way.
    pub async fn to(&self, instant: &str) -> anyhow::Result<()> {
        self.run.driver().advance_to(instant.parse::<DateTime<Utc>>()?).await
    }

    pub async fn explain(&self, account: &Account) -> anyhow::Result<wire::ExplainAccountResponse> {
        let request = wire::ExplainAccountRequest { account_id: account.id.to_string() };
        Ok(self.api.clone().explain_account(request).await?.into_inner())
    }

    /// A party's track.
    pub async fn track(&self, account: &Account, party: usize) -> anyhow::Result<wire::Track> {
        let explained = self.explain(account).await?.account.context("an account")?;
        let id = account.party(party).to_string();
        let track = explained.tracks.into_iter().find(|track| track.party_id == id);
        track.context("the party has a track")
    }

    /// What a party waits for the answer of.
    pub async fn asked(&self, account: &Account, party: usize) -> anyhow::Result<Treatment> {
        let explained = self.explain(account).await?;
        let id = account.party(party).to_string();
        let mut asked = explained
            .treatments
            .into_iter()
            .filter(|treatment| treatment.party_id == id && treatment.answer.is_empty());
        let first = asked
            .next()
            .with_context(|| format!("nothing is asked for: {:?}", explained.account))?;
        anyhow::ensure!(asked.next().is_none(), "one at a time");
        Ok(first)
    }

    /// Answers what a party waits for, and lets the next tick decide.
    pub async fn answer(
        &self,
        account: &Account,
        party: usize,
        word: &str,
    ) -> anyhow::Result<Treatment> {
        let asked = self.asked(account, party).await?;
        self.decide([account.answer(&asked, word)]).await?;
        Ok(asked)
    }

    /// Places an account and lets the first tick decide.
    pub async fn place(&self, account: &Account) -> anyhow::Result<()> {
        self.decide([account.placed()]).await
    }

    /// To the first calls of a commercial account, asked for and not answered.
    pub async fn calling(&self, account: &Account) -> anyhow::Result<Treatment> {
        self.place(account).await?;
        self.answer(account, 0, "clear").await?;
        self.answer(account, 0, "mailed").await?;
        self.to("2026-01-12T12:00:00Z").await?;
        let asked = self.asked(account, 0).await?;
        anyhow::ensure!(asked.kind() == TreatmentKind::Call, "{asked:?}");
        Ok(asked)
    }

    /// The tasks, `kind: reason`, oldest first; open ones only.
    pub async fn tasks(&self) -> anyhow::Result<Vec<String>> {
        let answer = self.api.clone().list_tasks(wire::ListTasksRequest::default()).await?;
        let tasks = answer.into_inner().tasks;
        let shown = |task: &wire::Task| {
            let kind = task.kind().as_str_name().trim_start_matches("TASK_KIND_").to_lowercase();
            format!("{kind}: {}", task.reason)
        };
        Ok(tasks.iter().map(shown).collect())
    }

    /// Facts of one kind that workflow has told, oldest first.
    pub async fn told(&self, kind: &str) -> anyhow::Result<Vec<Told>> {
        self.run.settle().await?;
        let frames = duly_testkit::numbered_frames(&self.set, "workflow").await?;
        let mut told = Vec::new();
        for frame in frames.iter().filter(|frame| frame.kind == format!("workflow.{kind}")) {
            for event in &frame.events {
                let event = wire::Event::decode(event.as_slice())?;
                anyhow::ensure!(!event.meta().client_id.is_empty(), "{kind} names its client");
                told.extend(event.fact);
            }
        }
        Ok(told)
    }

    /// The close codes that were proposed, in order.
    pub async fn proposed(&self) -> anyhow::Result<Vec<String>> {
        let told = self.told("close_proposed").await?;
        Ok(told
            .into_iter()
            .filter_map(|fact| match fact {
                Told::CloseProposed(fact) => Some(fact.close_code),
                _ => None,
            })
            .collect())
    }
}
