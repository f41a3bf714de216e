//! A small world: skiptrace with a provider's folder, stand-ins for the services that it hears, and the
//! accounts of one client.

use std::{fs, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{AccountId, ClientId, IdSource as _, PartyId, StopId, TreatmentId};
use duly_platform::{Role, Service, SystemIds};
use duly_proto::{
    common::v1::{EventMeta, TreatmentKind},
    contact::v1::{self as contact, StopKind},
    convert::timestamp,
    intake::v1 as intake,
    skiptrace::v1::{self as skiptrace, event::Fact},
    workflow::v1 as workflow,
};
use duly_skiptrace::{Config, Dollars};
use duly_testkit::{Clients, Run, Set, SkiptraceClient, cents, day, request_id, teller, told};

pub struct World {
    pub set: Set,
    pub run: Run,
    pub dir: tempfile::TempDir,
    pub client: ClientId,
}

#[derive(Clone, Copy)]
pub struct Account {
    pub id: AccountId,
    pub party: PartyId,
    pub guarantor: PartyId,
}

pub fn services(config: Config) -> Vec<Service> {
    let heard = ["intake", "payments", "workflow", "contact"];
    let mut all: Vec<Service> = heard.into_iter().map(teller).collect();
    all.push(duly_skiptrace::service(config));
    all
}

pub fn config(dir: &tempfile::TempDir) -> Config {
    Config { provider_dir: Some(dir.path().to_owned()), ..Config::default() }
}

impl World {
    pub async fn begin() -> anyhow::Result<Self> {
        Self::begin_with(|_| {}).await
    }

    pub async fn begin_with(change: impl FnOnce(&mut Config)) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut config = config(&dir);
        change(&mut config);
        let set = Set::create(&services(config.clone())).await?;
        let run = set.start(services(config)).await?;
        let world = Self { set, run, dir, client: SystemIds.next() };
        let fact = intake::ClientChanged {
            client_id: world.client.to_string(),
            client_ref: "ACME".into(),
            name: "Acme".into(),
            ..Default::default()
        };
        world.intake("", intake::event::Fact::ClientChanged(fact)).await?;
        Ok(world)
    }

    pub async fn end(self) -> anyhow::Result<()> {
        self.run.stop().await;
        self.set.drop().await
    }

    fn meta(&self, account: &str) -> EventMeta {
        EventMeta {
            client_id: self.client.to_string(),
            account_id: account.to_owned(),
            version: 1,
            ..Default::default()
        }
    }

    async fn intake(&self, account: &str, fact: intake::event::Fact) -> anyhow::Result<()> {
        self.run.tell::<intake::Event>(vec![(self.meta(account), fact)]).await
    }

    pub fn account(&self) -> Account {
        Account { id: SystemIds.next(), party: SystemIds.next(), guarantor: SystemIds.next() }
    }

    /// Places an account of 100.00 USD with a business and a guarantor.
    pub async fn place(&self, account: Account, account_ref: &str) -> anyhow::Result<()> {
        let mut debtor = intake::LiableParty {
            party_id: account.party.to_string(),
            name: format!("{account_ref} Trading, LLC"),
            phones: vec!["+19375550142".into()],
            ..Default::default()
        };
        debtor.set_role(intake::PartyRole::Principal);
        debtor.set_debtor_kind(intake::DebtorKind::Business);
        let mut guarantor = intake::LiableParty {
            party_id: account.guarantor.to_string(),
            name: "Robin Sample".into(),
            ..Default::default()
        };
        guarantor.set_role(intake::PartyRole::PersonalGuarantor);
        guarantor.set_debtor_kind(intake::DebtorKind::Person);
        let mut fact = intake::AccountPlaced {
            account_id: account.id.to_string(),
            client_id: self.client.to_string(),
            client_ref: "ACME".into(),
            client_account_ref: account_ref.into(),
            opening: 1,
            listed_amount: Some(cents(10_000)),
            listing_date: Some(day("2026-01-05")),
            liable_parties: vec![debtor, guarantor],
            ..Default::default()
        };
        fact.set_debt_class(intake::DebtClass::Commercial);
        fact.set_service_kind(intake::ServiceKind::Contingency);
        self.intake(&account.id.to_string(), intake::event::Fact::AccountPlaced(fact)).await
    }

    pub async fn recall(&self, account: Account) -> anyhow::Result<()> {
        let fact = intake::AccountRecalled {
            account_id: account.id.to_string(),
            opening: 1,
            recalled_on: Some(day("2026-01-05")),
            ..Default::default()
        };
        self.intake(&account.id.to_string(), intake::event::Fact::AccountRecalled(fact)).await
    }

    pub async fn stop(&self, party: PartyId, kind: StopKind) -> anyhow::Result<()> {
        let id: StopId = SystemIds.next();
        let mut fact = contact::StopPlaced {
            stop_id: id.to_string(),
            party_id: party.to_string(),
            placed_at: Some(timestamp(self.now().await?)),
            ..Default::default()
        };
        fact.set_kind(kind);
        let fact = contact::event::Fact::StopPlaced(fact);
        self.run.tell::<contact::Event>(vec![(self.meta(""), fact)]).await
    }

    /// Asks for a treatment of one party that expires after so many days.
    pub async fn treat(
        &self,
        account: Account,
        party: PartyId,
        kind: TreatmentKind,
        days: i64,
    ) -> anyhow::Result<TreatmentId> {
        let id: TreatmentId = SystemIds.next();
        let expires_at = self.now().await? + TimeDelta::days(days);
        let mut fact = workflow::TreatmentDue {
            treatment_id: id.to_string(),
            client_id: self.client.to_string(),
            account_id: account.id.to_string(),
            opening: 1,
            party_id: party.to_string(),
            step: "first".into(),
            try_no: 1,
            expires_at: Some(timestamp(expires_at)),
            ..Default::default()
        };
        fact.set_kind(kind);
        let fact = workflow::event::Fact::TreatmentDue(fact);
        let meta = self.meta(&account.id.to_string());
        self.run.tell::<workflow::Event>(vec![(meta, fact)]).await?;
        Ok(id)
    }

    pub async fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        self.run.driver().now().await
    }

    pub async fn tick(&self) -> anyhow::Result<()> {
        self.run.driver().advance(TimeDelta::minutes(15)).await
    }

    pub async fn days(&self, days: i64) -> anyhow::Result<()> {
        self.run.driver().advance(TimeDelta::days(days)).await
    }

    pub fn manager(&self) -> anyhow::Result<SkiptraceClient> {
        Ok(self.clients(Role::Manager)?.skiptrace)
    }

    pub fn clients(&self, role: Role) -> anyhow::Result<Clients> {
        self.run.clients(role)
    }

    pub async fn searches(&self) -> anyhow::Result<Vec<skiptrace::Search>> {
        let request = skiptrace::ListSearchesRequest::default();
        Ok(self.manager()?.list_searches(request).await?.into_inner().searches)
    }

    pub async fn search_of(&self, account: Account) -> anyhow::Result<skiptrace::Search> {
        let id = account.id.to_string();
        let mut found = self.searches().await?;
        found.retain(|search| search.account_id == id);
        anyhow::ensure!(found.len() == 1, "{found:?}");
        Ok(found.remove(0))
    }

    pub async fn import(&self, lines: &str) -> anyhow::Result<skiptrace::ImportResultsResponse> {
        let header = "reference,result,since,detail,chapter,phone,confidence\n";
        let request = skiptrace::ImportResultsRequest {
            request_id: request_id(),
            provider: "file".into(),
            file_name: "answers.csv".into(),
            content: format!("{header}{lines}").into_bytes(),
        };
        Ok(self.manager()?.import_results(request).await?.into_inner())
    }

    pub async fn spent(&self) -> anyhow::Result<i64> {
        let request = skiptrace::GetSpendRequest {};
        let spend = self.manager()?.get_spend(request).await?.into_inner().spend;
        Ok(spend.iter().filter_map(|s| s.spent.as_ref()).map(|m| m.minor).sum())
    }

    /// Codes of the refusals told, sorted.
    pub async fn refusals(&self) -> anyhow::Result<Vec<String>> {
        let mut codes = Vec::new();
        for event in told::<skiptrace::Event>(&self.set).await? {
            if let Some(Fact::TraceRefused(fact)) = event.fact {
                codes.push(fact.code);
            }
        }
        codes.sort();
        Ok(codes)
    }

    /// Names and texts of the request files, sorted.
    pub fn files(&self) -> anyhow::Result<Vec<(String, String)>> {
        files(self.dir.path().join("requests"))
    }
}

pub fn files(folder: PathBuf) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                files.push((name, fs::read_to_string(entry.path())?));
            }
        }
    }
    files.sort();
    Ok(files)
}

pub fn dollars(cents: u32) -> Dollars {
    Dollars::of_cents(cents)
}
