//! What the work came to, as the services count it: treatments, decisions, letters, promises, disputes
//! and how accounts ended.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use duly_domain::{
    Channel, DisputeOutcome, Force, LetterState, PromiseState, TaskKind, TreatmentKind, Verdict,
};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{CountDecisionsRequest, ListAttemptsRequest, ListDisputesRequest},
    intake::v1::{Account, Lifecycle},
    letters::v1::CountLettersRequest,
    payments::v1::ListPromisesRequest,
    workflow::v1::{CountTreatmentsRequest, ListTasksRequest},
};
use serde::Serialize;

use crate::door::Door;

/// Counts of the work.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Work {
    /// Treatments that strategies asked for, and how they were answered.
    pub treatments: Vec<Treatments>,
    /// Decisions of the guard, by verdict and the reason that weighed most.
    pub decisions: Vec<Decisions>,
    /// Attempts that a stop, a dispute or an account's end crossed.
    pub crossed: u64,
    /// Letters by where they stand.
    pub letters: Vec<Letters>,
    /// Promises by where they stand.
    pub promises: BTreeMap<&'static str, u64>,
    /// Disputes by how they ended; `open` of those that did not.
    pub disputes: BTreeMap<&'static str, u64>,
    /// Accounts by close code; `open` of those that are not closed.
    pub accounts: BTreeMap<String, u64>,
    /// Open tasks of people, by what they are.
    pub tasks: BTreeMap<&'static str, u64>,
}

/// Treatments of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Treatments {
    /// `letter`.
    pub kind: &'static str,
    /// `mail`; empty for searches.
    pub channel: &'static str,
    /// `commercial_demand`; empty for what is no letter.
    pub template: String,
    /// How many.
    pub asked: u64,
    /// Of these by answer; `waits` for those without.
    pub answers: BTreeMap<String, u64>,
}

/// Decisions of one verdict and reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Decisions {
    /// `allow`, `defer`, `refuse`.
    pub verdict: &'static str,
    /// `call`.
    pub channel: &'static str,
    /// Citation or policy; empty where it was allowed.
    pub authority: String,
    /// Name of the rule.
    pub rule: String,
    /// `law`, `policy`, `unverified`.
    pub force: &'static str,
    /// How many.
    pub count: u64,
}

/// Letters of one template on one channel in one state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Letters {
    /// `validation_notice`.
    pub template: String,
    /// `mail`, `email`.
    pub channel: &'static str,
    /// `mailed`.
    pub state: &'static str,
    /// How many.
    pub count: u64,
    /// Their pages.
    pub pages: u64,
}

/// Asks the services.
///
/// # Errors
/// One that refuses.
pub async fn count(door: &Door, accounts: &[Account]) -> Result<Work> {
    let mut of_accounts: BTreeMap<String, u64> = BTreeMap::new();
    for account in accounts {
        let code = match account.lifecycle() {
            Lifecycle::Closed => account.close_code.clone(),
            Lifecycle::Open | Lifecycle::PendingRecall | Lifecycle::Unspecified => "open".into(),
        };
        *of_accounts.entry(code).or_default() += 1;
    }
    Ok(Work {
        treatments: treatments(door).await?,
        decisions: decisions(door).await?,
        crossed: crossed(door).await?,
        letters: letters(door).await?,
        promises: promises(door).await?,
        disputes: disputes(door).await?,
        accounts: of_accounts,
        tasks: tasks(door).await?,
    })
}

impl Work {
    /// Decisions of one verdict.
    pub fn decided(&self, verdict: Verdict) -> u64 {
        let of = self.decisions.iter().filter(|decision| decision.verdict == verdict.as_str());
        of.map(|decision| decision.count).sum()
    }

    /// Letters and their pages in one state, on one channel.
    pub fn letters(&self, channel: Channel, state: LetterState) -> (u64, u64) {
        let of = self.letters.iter().filter(|letters| {
            letters.channel == channel.as_str() && letters.state == state.as_str()
        });
        of.fold((0, 0), |(count, pages), letters| (count + letters.count, pages + letters.pages))
    }
}

async fn treatments(door: &Door) -> Result<Vec<Treatments>> {
    let answer = door.workflow()?.count_treatments(CountTreatmentsRequest {}).await;
    let answer = answer.map_err(|status| door.explain(&status)).context("counting treatments")?;
    let mut counted: BTreeMap<(&str, &str, String), Treatments> = BTreeMap::new();
    for count in answer.into_inner().counts {
        let kind = TreatmentKind::try_from(count.kind()).map_or("", TreatmentKind::as_str);
        let channel = channel(count.channel());
        let of =
            counted.entry((kind, channel, count.template.clone())).or_insert_with(|| Treatments {
                kind,
                channel,
                template: count.template.clone(),
                asked: 0,
                answers: BTreeMap::new(),
            });
        let many = u64::try_from(count.count).unwrap_or_default();
        of.asked += many;
        let answer = if count.answer.is_empty() { "waits".to_owned() } else { count.answer };
        *of.answers.entry(answer).or_default() += many;
    }
    Ok(counted.into_values().collect())
}

async fn decisions(door: &Door) -> Result<Vec<Decisions>> {
    let answer = door.contact()?.count_decisions(CountDecisionsRequest {}).await;
    let answer = answer.map_err(|status| door.explain(&status)).context("counting decisions")?;
    let of = |count: duly_proto::contact::v1::DecisionCount| Decisions {
        verdict: Verdict::try_from(count.verdict()).map_or("", Verdict::as_str),
        channel: channel(count.channel()),
        force: Force::try_from(count.force()).map_or("", Force::as_str),
        count: u64::try_from(count.count).unwrap_or_default(),
        authority: count.authority,
        rule: count.rule,
    };
    let mut counted: Vec<Decisions> = answer.into_inner().counts.into_iter().map(of).collect();
    counted.sort();
    Ok(counted)
}

async fn letters(door: &Door) -> Result<Vec<Letters>> {
    let answer = door.letters()?.count_letters(CountLettersRequest {}).await;
    let answer = answer.map_err(|status| door.explain(&status)).context("counting letters")?;
    let of = |count: duly_proto::letters::v1::LetterCount| Letters {
        channel: channel(count.channel()),
        state: LetterState::try_from(count.state()).map_or("", LetterState::as_str),
        count: u64::try_from(count.count).unwrap_or_default(),
        pages: u64::try_from(count.pages).unwrap_or_default(),
        template: count.template,
    };
    let mut counted: Vec<Letters> = answer.into_inner().counts.into_iter().map(of).collect();
    counted.sort();
    Ok(counted)
}

async fn crossed(door: &Door) -> Result<u64> {
    let (mut crossed, mut page_token) = (0, String::new());
    loop {
        let request = ListAttemptsRequest {
            crossed_only: true,
            page: page(page_token),
            ..ListAttemptsRequest::default()
        };
        let answer = door.contact()?.list_attempts(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing crossed attempts")?
            .into_inner();
        crossed += u64::try_from(answer.attempts.len())?;
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(crossed);
        }
    }
}

async fn promises(door: &Door) -> Result<BTreeMap<&'static str, u64>> {
    let (mut counted, mut page_token) = (BTreeMap::new(), String::new());
    loop {
        let request = ListPromisesRequest { page: page(page_token), ..Default::default() };
        let answer = door.payments()?.list_promises(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing promises")?
            .into_inner();
        for promise in answer.promises {
            let state = PromiseState::try_from(promise.state()).map_or("", PromiseState::as_str);
            *counted.entry(state).or_default() += 1;
        }
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(counted);
        }
    }
}

async fn disputes(door: &Door) -> Result<BTreeMap<&'static str, u64>> {
    let (mut counted, mut page_token) = (BTreeMap::new(), String::new());
    loop {
        let request = ListDisputesRequest {
            with_resolved: true,
            page: page(page_token),
            ..ListDisputesRequest::default()
        };
        let answer = door.contact()?.list_disputes(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing disputes")?
            .into_inner();
        for dispute in answer.disputes {
            let outcome = DisputeOutcome::try_from(dispute.outcome());
            *counted.entry(outcome.map_or("open", DisputeOutcome::as_str)).or_default() += 1;
        }
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(counted);
        }
    }
}

async fn tasks(door: &Door) -> Result<BTreeMap<&'static str, u64>> {
    let (mut counted, mut page_token) = (BTreeMap::new(), String::new());
    loop {
        let request = ListTasksRequest { page: page(page_token), ..ListTasksRequest::default() };
        let answer = door.workflow()?.list_tasks(request).await;
        let answer =
            answer.map_err(|status| door.explain(&status)).context("listing tasks")?.into_inner();
        for task in answer.tasks {
            let kind = TaskKind::try_from(task.kind()).map_or("", TaskKind::as_str);
            *counted.entry(kind).or_default() += 1;
        }
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(counted);
        }
    }
}

fn page(page_token: String) -> Option<PageRequest> {
    Some(PageRequest { page_size: 1_000, page_token })
}

fn channel(channel: duly_proto::common::v1::Channel) -> &'static str {
    Channel::try_from(channel).map_or("", Channel::as_str)
}
