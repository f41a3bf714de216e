//! `duly explain`: where an account is, why, what is next, what was refused and by which authority,
//! and what is due, in plain words.

pub mod words;

use anyhow::{Context as _, Error, Result, bail};
use duly_domain::AccountId;
use duly_proto::{
    common::v1::PageRequest,
    contact::v1 as contact,
    intake::v1::{
        Account, AccountKey, ClientRequest, GetAccountRequest, GetClientRequest,
        ListClientRequestsRequest, get_account_request::Key, get_client_request,
    },
    letters::v1::{Letter, ListLettersRequest},
    payments::v1::{GetBalanceRequest, GetBalanceResponse, ListPromisesRequest, Promise},
    reporting::v1::{GetTimelineRequest, TimelineEntry},
    workflow::v1 as workflow,
};
use tonic::{Code, Response, Status};

use crate::{
    door::{Door, Reach},
    home::{Common, Home},
    out,
};

/// Say where an account is, why, what is next, what was refused and why, and what is due
///
/// Asks the running services and answers in plain words. Reasons name what they rest on: law, a
/// policy of the agency or the client, or a source that is not verified.
#[derive(clap::Args)]
pub struct Args {
    /// The account: its id, acct_.., or CLIENT_REF/ACCOUNT_REF as the client names it
    #[arg(value_name = "ACCOUNT")]
    account: String,
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let home = Home::load(common)?;
    let door = args.reach.door(&home)?;
    let known = ask(&door, &args.account).await?;
    out::say(words::all(&known, home.config.zone)?)
}

/// What the services know of one account.
#[derive(Default)]
struct Known {
    client_ref: String,
    account: Account,
    balance: Option<GetBalanceResponse>,
    work: Option<workflow::ExplainAccountResponse>,
    contact: Option<contact::ExplainAccountResponse>,
    letters: Vec<Letter>,
    promises: Vec<Promise>,
    requests: Vec<ClientRequest>,
    timeline: Vec<TimelineEntry>,
}

/// An account as the user names it.
fn key(account: &str) -> Result<Key> {
    if account.parse::<AccountId>().is_ok() {
        return Ok(Key::AccountId(account.to_owned()));
    }
    match account.split_once('/') {
        Some((client_ref, account_ref)) if !client_ref.is_empty() && !account_ref.is_empty() => {
            Ok(Key::ClientKey(AccountKey {
                client_ref: client_ref.to_owned(),
                client_account_ref: account_ref.to_owned(),
            }))
        }
        _ => bail!(
            "`{account}` names no account: write its id, acct_ and 32 hex digits, or \
             CLIENT_REF/ACCOUNT_REF such as NORTHSTAR-EAST/NE-000001"
        ),
    }
}

/// The account that the user names.
///
/// # Errors
/// Not a name of one, an account that is unknown to the caller, or the service's refusal.
pub async fn find(door: &Door, named: &str) -> Result<Account> {
    let request = GetAccountRequest { key: Some(key(named)?) };
    let account = door.intake()?.get_account(request).await.map_err(|status| {
        if status.code() == Code::NotFound {
            return anyhow::anyhow!(
                "there is no account {named}, or it is not among those that you may see: correct the \
                 reference; `duly place --rejects FILE` lists what was not accepted"
            );
        }
        door.explain(&status)
    })?;
    account.into_inner().account.context("an answer without the account")
}

/// How a client calls itself; empty where it is not known.
///
/// # Errors
/// The service's refusal.
pub async fn client_ref(door: &Door, client_id: &str) -> Result<String> {
    let key = Some(get_client_request::Key::ClientId(client_id.to_owned()));
    let found = door.intake()?.get_client(GetClientRequest { key }).await;
    let client = answer(door, "the client", found)?.and_then(|answer| answer.client);
    Ok(client.map(|client| client.client_ref).unwrap_or_default())
}

async fn ask(door: &Door, named: &str) -> Result<Known> {
    let account = find(door, named).await?;
    let id = account.account_id.clone();
    let client_ref = client_ref(door, &account.client_id).await?;
    let page = || Some(PageRequest { page_size: 100, page_token: String::new() });

    let request = GetBalanceRequest { account_id: id.clone() };
    let balance = answer(door, "the balance", door.payments()?.get_balance(request).await)?;
    let request = ListPromisesRequest {
        account_id: id.clone(),
        page: page(),
        ..ListPromisesRequest::default()
    };
    let promises = answer(door, "the promises", door.payments()?.list_promises(request).await)?;
    let request = workflow::ExplainAccountRequest { account_id: id.clone() };
    let work = answer(door, "the case", door.workflow()?.explain_account(request).await)?;
    let request = contact::ExplainAccountRequest { account_id: id.clone() };
    let contact = answer(door, "its contacts", door.contact()?.explain_account(request).await)?;
    let request = ListLettersRequest {
        account_id: id.clone(),
        page: page(),
        ..ListLettersRequest::default()
    };
    let letters = answer(door, "the letters", door.letters()?.list_letters(request).await)?;
    let request = ListClientRequestsRequest {
        account_id: id.clone(),
        page: page(),
        ..ListClientRequestsRequest::default()
    };
    let requests = door.intake()?.list_client_requests(request).await;
    let requests = answer(door, "the questions to the client", requests)?;
    let timeline = timeline(door, &id).await?;
    Ok(Known {
        client_ref,
        account,
        balance,
        work,
        contact,
        letters: letters.map(|answer| answer.letters).unwrap_or_default(),
        promises: promises.map(|answer| answer.promises).unwrap_or_default(),
        requests: requests.map(|answer| answer.client_requests).unwrap_or_default(),
        timeline,
    })
}

/// Everything that happened, oldest first: the last entries of it are shown.
async fn timeline(door: &Door, account_id: &str) -> Result<Vec<TimelineEntry>> {
    let mut entries = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = Some(PageRequest { page_size: 1_000, page_token });
        let request = GetTimelineRequest { account_id: account_id.to_owned(), page };
        let answered = door.reporting()?.get_timeline(request).await;
        let Some(answered) = answer(door, "the timeline", answered)? else { return Ok(entries) };
        entries.extend(answered.entries);
        page_token = answered.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(entries);
        }
    }
}

/// What a service knows; nothing where it has not heard of the account (yet).
fn answer<T>(door: &Door, what: &str, answered: Result<Response<T>, Status>) -> Result<Option<T>> {
    match answered {
        Ok(answer) => Ok(Some(answer.into_inner())),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(Error::context(door.explain(&status), format!("asking for {what}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_its_id_or_by_both_references() {
        let id = "acct_00000000000000000000000000000192";
        assert_eq!(key(id).unwrap(), Key::AccountId(id.to_owned()));
        let by_refs = |client_ref: &str, client_account_ref: &str| {
            Key::ClientKey(AccountKey {
                client_ref: client_ref.to_owned(),
                client_account_ref: client_account_ref.to_owned(),
            })
        };
        assert_eq!(key("ACME/2025/17").unwrap(), by_refs("ACME", "2025/17"));
        for wrong in ["", "ACME", "/17", "ACME/", "acct_0192"] {
            let said = key(wrong).unwrap_err().to_string();
            assert!(said.contains("write its id") && said.contains("CLIENT_REF/ACCOUNT_REF"));
        }
    }
}
