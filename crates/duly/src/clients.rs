//! `duly clients`: puts clients from a YAML file, lists them.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use duly_domain::{
    BalanceBucket, ClientId, ClientPolicy, Currency, Date, FeeSchedule, HoldDays, IdSource as _,
    PolicyTerms, RemitMethod,
};
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{ClientPolicy as WirePolicy, PageRequest, RemitMethod as WireMethod, TierMode},
    convert::{date_to_wire, policy_to_wire},
    intake::v1::{Client, ListClientsRequest, PutClientRequest},
};
use serde::Deserialize;

use crate::{
    door::{Door, Reach},
    files,
    home::{Common, Home},
    out,
};

/// Put or list clients
///
/// Puts or lists clients of the running services.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    Put(Put),
    List(List),
}

/// Make the clients of a YAML file, or change their name, parent or policy
///
/// What differs from what stands is changed. A policy holds from `effective_on`: what was
/// paid before is priced by the policy of that time.
///
/// A file holds one client, or a list of them:
///
///   client_ref: ACME
///   name: Acme Supply Inc.
///   # parent_ref: ACME-GROUP
///   effective_on: 2026-01-01
///   policy:
///     currency: USD
///     remit_method: net
///     offset_consent_on: 2025-12-01
///     fee_schedule:
///       rates: {flat: {rate: "0.25"}}
///     # or in brackets of what was collected to date, in cents:
///     #   rates:
///     #     tiered:
///     #       tier_mode: marginal
///     #       tier_base: collected_to_date
///     #       brackets: [{up_to: 300000, rate: "0.25"}, {rate: "0.18"}]
///     # hold_days: {cheque: 10, ach: 5}
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
struct Put {
    /// YAML file with one client or a list of them
    file: PathBuf,
    #[command(flatten)]
    reach: Reach,
}

/// List all clients with their policy
#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let home = Home::load(common)?;
    match args.verb {
        Verb::Put(put) => self::put(&put.reach.door(&home)?, &put.file).await,
        Verb::List(list) => self::list(&list.reach.door(&home)?).await,
    }
}

/// One client as a file states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    client_ref: String,
    name: String,
    #[serde(default)]
    parent_ref: String,
    effective_on: Date,
    policy: Policy,
}

/// The domain's terms without what the service counts itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    currency: Currency,
    remit_method: RemitMethod,
    offset_consent_on: Option<Date>,
    fee_schedule: FeeSchedule,
    #[serde(default)]
    hold_days: HoldDays,
    allocation_order: Option<Vec<BalanceBucket>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Many(Vec<Entry>),
    One(Box<Entry>),
}

impl Entry {
    fn policy(&self) -> Result<ClientPolicy> {
        let policy = &self.policy;
        let mut terms = PolicyTerms::new(
            1,
            self.effective_on,
            policy.currency,
            policy.remit_method,
            policy.fee_schedule.clone(),
        );
        terms.offset_consent_on = policy.offset_consent_on;
        terms.hold_days = policy.hold_days;
        if let Some(order) = &policy.allocation_order {
            terms.allocation_order.clone_from(order);
        }
        ClientPolicy::new(terms).with_context(|| format!("the policy of {}", self.client_ref))
    }
}

fn parse(text: &str) -> Result<Vec<Entry>> {
    // Told apart first: of an untagged enum no error says which key is wrong.
    let is_list = text
        .lines()
        .map(str::trim_end)
        .find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---")
        .is_some_and(|line| line.starts_with('-') || line.starts_with('['));
    let file = if is_list {
        File::Many(serde_saphyr::from_str(text)?)
    } else {
        File::One(Box::new(serde_saphyr::from_str(text)?))
    };
    Ok(match file {
        File::Many(entries) => entries,
        File::One(entry) => vec![*entry],
    })
}

/// The references of the clients in a text that can be put, each policy checked.
#[cfg(test)]
pub fn references(text: &str) -> Result<Vec<String>> {
    let entries = parse(text)?;
    entries.iter().map(|entry| entry.policy().map(|_| entry.client_ref.clone())).collect()
}

async fn put(door: &Door, file: &PathBuf) -> Result<()> {
    let text = fs::read_to_string(file)
        .map_err(|error| files::trouble("reading the clients from", file, error))?;
    let entries = parse(&text).with_context(|| {
        format!("{}: `duly clients put --help` shows how it is written", file.display())
    })?;
    if entries.is_empty() {
        bail!("{} holds no client", file.display());
    }
    // All of them are checked before the first is put.
    let policies = entries.iter().map(Entry::policy).collect::<Result<Vec<_>>>()?;
    for (entry, policy) in entries.iter().zip(policies) {
        let request = PutClientRequest {
            request_id: SystemIds.uuid().simple().to_string(),
            client_ref: entry.client_ref.clone(),
            name: entry.name.clone(),
            parent_client_ref: entry.parent_ref.clone(),
            policy: Some(policy_to_wire(&policy)),
            effective_on: Some(date_to_wire(entry.effective_on)),
        };
        let answer = door.intake()?.put_client(request).await;
        let client = answer
            .map_err(|status| door.explain(&status))
            .with_context(|| format!("putting the client {}", entry.client_ref))?
            .into_inner()
            .client
            .unwrap_or_default();
        out::say(format!(
            "{}  {}  version {}",
            client.client_id, client.client_ref, client.version
        ))?;
    }
    Ok(())
}

async fn list(door: &Door) -> Result<()> {
    let all = all(door).await?;
    let mut table =
        out::table(["client", "name", "id", "version", "currency", "remits", "commission"]);
    for client in &all {
        let policy = client.policy.as_ref();
        table.add_row([
            client.client_ref.clone(),
            client.name.clone(),
            client.client_id.clone(),
            client.version.to_string(),
            policy.map(|p| p.currency.clone()).unwrap_or_default(),
            policy.map(method).unwrap_or_default(),
            policy.map(commission).unwrap_or_default(),
        ]);
    }
    if all.is_empty() {
        out::note("there is no client yet: `duly clients put --help` shows how to make one");
        return Ok(());
    }
    out::say(table)
}

fn method(policy: &WirePolicy) -> String {
    match policy.remit_method() {
        WireMethod::Net => "net",
        WireMethod::Gross => "gross",
        WireMethod::GrossLessDirectFees => "gross less direct fees",
        WireMethod::Unspecified => "",
    }
    .to_owned()
}

/// `0.25 up to 3,000.00 USD, then 0.18`.
fn commission(policy: &WirePolicy) -> String {
    let schedule = policy.fee_schedule.clone().unwrap_or_default();
    let brackets = schedule.brackets.iter().map(|bracket| match bracket.up_to_minor {
        Some(minor) => format!("{} up to {}", bracket.rate, out::amount(minor, &policy.currency)),
        None => bracket.rate.clone(),
    });
    let brackets = brackets.collect::<Vec<_>>().join(", then ");
    match schedule.tier_mode() {
        TierMode::Whole => format!("{brackets} (whole)"),
        TierMode::Marginal | TierMode::Unspecified => brackets,
    }
}

/// Every client that the caller may see.
///
/// # Errors
/// The service's refusal.
pub async fn all(door: &Door) -> Result<Vec<Client>> {
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = Some(PageRequest { page_size: 1000, page_token });
        let answer = door.intake()?.list_clients(ListClientsRequest { page }).await;
        let answer =
            answer.map_err(|status| door.explain(&status)).context("listing clients")?.into_inner();
        found.extend(answer.clients);
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// The ids of these clients and of everything under them.
///
/// # Errors
/// A reference that no client has.
pub fn subtree(all: &[Client], refs: &[&str]) -> Result<Vec<ClientId>> {
    let mut tree: Vec<&Client> = Vec::new();
    for wanted in refs {
        let found = all.iter().find(|client| client.client_ref == *wanted);
        tree.push(found.with_context(|| {
            format!("there is no client {wanted}: `duly clients list` shows those that are")
        })?);
    }
    let mut at = 0;
    while let Some(parent) = tree.get(at).map(|client| client.client_id.as_str()) {
        let seen = |id: &str| tree.iter().any(|client| client.client_id == id);
        let children: Vec<&Client> = all
            .iter()
            .filter(|client| client.parent_client_id == parent && !seen(&client.client_id))
            .collect();
        tree.extend(children);
        at += 1;
    }
    tree.iter()
        .map(|client| client.client_id.parse().context("the service gave an id that is none"))
        .collect()
}

#[cfg(test)]
mod tests;
