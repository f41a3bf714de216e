//! The people of the walk at their desks: a collector who makes the calls on the list, and a provider
//! who answers the files he is sent. Both act through the front door alone, each call repeated with its
//! own key until it is answered.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{Date, DisputeReason, StopKind};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{
        CallListEntry, ConcludeAttemptRequest, ListCallListRequest, OpenDisputeRequest,
        PlaceStopRequest,
    },
    convert::date_to_wire,
    intake::v1::{GetAccountRequest, ListAccountsRequest, get_account_request},
    payments::v1::{MakePromiseRequest, PaymentMethod},
    skiptrace::v1::{ImportResultsRequest, ListSearchesRequest, Search, SearchKind, SearchState},
};
use duly_testkit::{Clients, usd};

use super::script::{self, Then};
use crate::road::insist;

/// One liable party as the script names it.
#[derive(Debug, Clone)]
struct Debtor {
    account: String,
    position: usize,
}

/// Everybody's desk.
pub struct Desk {
    api: Clients,
    debtors: BTreeMap<(String, String), Debtor>,
    calls: BTreeMap<(String, usize), u32>,
    imports: u32,
}

impl Desk {
    pub fn new(api: Clients) -> Self {
        Self { api, debtors: BTreeMap::new(), calls: BTreeMap::new(), imports: 0 }
    }

    /// Learns who is who, after the placement.
    pub async fn learn(&mut self) -> anyhow::Result<()> {
        let request = ListAccountsRequest {
            page: Some(PageRequest { page_size: 1000, ..PageRequest::default() }),
            ..ListAccountsRequest::default()
        };
        let listed = insist(async || {
            Ok(self.api.intake.clone().list_accounts(request.clone()).await?.into_inner())
        })
        .await?;
        for account in listed.accounts {
            let key = get_account_request::Key::AccountId(account.account_id.clone());
            let request = GetAccountRequest { key: Some(key) };
            let found = insist(async || {
                Ok(self.api.intake.clone().get_account(request.clone()).await?.into_inner())
            })
            .await?;
            let parties = found.account.context("an account")?.liable_parties;
            for (position, party) in parties.into_iter().enumerate() {
                let debtor = Debtor { account: account.client_account_ref.clone(), position };
                self.debtors.insert((account.account_id.clone(), party.party_id), debtor);
            }
        }
        Ok(())
    }

    /// Does what there is to do at this instant. False where there was nothing.
    pub async fn work(&mut self, now: DateTime<Utc>) -> anyhow::Result<bool> {
        let answered = self.answer_searches().await.context("answering searches")?;
        let called = self.make_calls(now).await.context("making calls")?;
        Ok(answered || called)
    }

    async fn answer_searches(&mut self) -> anyhow::Result<bool> {
        let mut request = ListSearchesRequest {
            page: Some(PageRequest { page_size: 1000, ..PageRequest::default() }),
            ..ListSearchesRequest::default()
        };
        request.set_state(SearchState::Asked);
        let asked = insist(async || {
            Ok(self.api.skiptrace.clone().list_searches(request.clone()).await?.into_inner())
        })
        .await?;
        if asked.searches.is_empty() {
            return Ok(false);
        }
        self.imports += 1;
        let file_name = format!("answers-{}.csv", self.imports);
        let request = ImportResultsRequest {
            request_id: file_name.clone(),
            provider: "file".into(),
            content: self.answers(&asked.searches)?.into_bytes(),
            file_name,
        };
        let imported = insist(async || {
            Ok(self.api.skiptrace.clone().import_results(request.clone()).await?.into_inner())
        })
        .await?;
        anyhow::ensure!(imported.bad_lines.is_empty(), "bad lines: {:?}", imported.bad_lines);
        Ok(true)
    }

    /// The provider's file of answers.
    fn answers(&self, searches: &[Search]) -> anyhow::Result<String> {
        let mut file = String::from("reference,result,since,chapter\n");
        for search in searches {
            let debtor = self.debtor(&search.account_id, &search.party_id)?;
            let hit = match search.kind() {
                SearchKind::Scrub => script::hit(&debtor.account, debtor.position),
                _ => None,
            };
            let line = match hit {
                Some("bankruptcy") => format!("{},bankruptcy,2025-12-01,7\n", search.reference),
                Some(hit) => format!("{},{hit},2025-12-01,\n", search.reference),
                None => format!("{},nothing,,\n", search.reference),
            };
            file.push_str(&line);
        }
        Ok(file)
    }

    async fn make_calls(&mut self, now: DateTime<Utc>) -> anyhow::Result<bool> {
        let request = ListCallListRequest {
            page: Some(PageRequest { page_size: 1000, ..PageRequest::default() }),
        };
        let list = insist(async || {
            Ok(self.api.contact.clone().list_call_list(request.clone()).await?.into_inner())
        })
        .await?;
        for entry in &list.entries {
            self.make_call(entry, now).await?;
        }
        Ok(!list.entries.is_empty())
    }

    async fn make_call(&mut self, entry: &CallListEntry, now: DateTime<Utc>) -> anyhow::Result<()> {
        let attempt = entry.attempt.as_ref().context("an entry has its attempt")?;
        let debtor = self.debtor(&attempt.account_id, &attempt.party_id)?.clone();
        let number = self.calls.entry((debtor.account.clone(), debtor.position)).or_default();
        *number += 1;
        let (disposition, then) = script::call(&debtor.account, debtor.position, *number);
        let mut request = ConcludeAttemptRequest {
            request_id: format!("conclude-{}", attempt.attempt_id),
            attempt_id: attempt.attempt_id.clone(),
            ..ConcludeAttemptRequest::default()
        };
        request.set_disposition(disposition.into());
        insist(async || Ok(self.api.contact.clone().conclude_attempt(request.clone()).await?))
            .await
            .with_context(|| format!("concluding the call to {debtor:?}"))?;
        let (account, party) = (attempt.account_id.as_str(), attempt.party_id.as_str());
        match then {
            Then::Nothing => Ok(()),
            Then::Promise(amount, days) => {
                self.promise(account, party, amount, now.date_naive() + TimeDelta::days(days)).await
            }
            Then::Dispute(item, reason) => self.dispute(account, party, item, reason).await,
            Then::Stop(kind) => self.stop(account, party, kind).await,
        }
    }

    async fn promise(
        &self,
        account: &str,
        party: &str,
        amount: &str,
        due_on: Date,
    ) -> anyhow::Result<()> {
        let mut request = MakePromiseRequest {
            request_id: format!("promise-{account}"),
            account_id: account.to_owned(),
            party_id: party.to_owned(),
            amount: Some(usd(amount)),
            due_on: Some(date_to_wire(due_on)),
            ..MakePromiseRequest::default()
        };
        request.set_method(PaymentMethod::Wire);
        insist(async || Ok(self.api.payments.clone().make_promise(request.clone()).await?))
            .await
            .map(drop)
    }

    async fn dispute(
        &self,
        account: &str,
        party: &str,
        item: Option<&str>,
        reason: DisputeReason,
    ) -> anyhow::Result<()> {
        let mut request = OpenDisputeRequest {
            request_id: format!("dispute-{account}"),
            account_id: account.to_owned(),
            party_id: party.to_owned(),
            item_numbers: item.map(str::to_owned).into_iter().collect(),
            detail: "as told on the telephone".into(),
            ..OpenDisputeRequest::default()
        };
        request.set_reason(reason.into());
        if item.is_some() {
            request.amount = Some(usd("500.00"));
        }
        insist(async || Ok(self.api.contact.clone().open_dispute(request.clone()).await?))
            .await
            .map(drop)
    }

    async fn stop(&self, account: &str, party: &str, kind: StopKind) -> anyhow::Result<()> {
        let mut request = PlaceStopRequest {
            request_id: format!("stop-{account}"),
            party_id: party.to_owned(),
            account_id: account.to_owned(),
            evidence: "as told on the telephone".into(),
            ..PlaceStopRequest::default()
        };
        request.set_kind(kind.into());
        insist(async || Ok(self.api.contact.clone().place_stop(request.clone()).await?))
            .await
            .map(drop)
    }

    fn debtor(&self, account: &str, party: &str) -> anyhow::Result<&Debtor> {
        self.debtors
            .get(&(account.to_owned(), party.to_owned()))
            .with_context(|| format!("nobody placed the party {party} of {account}"))
    }
}
