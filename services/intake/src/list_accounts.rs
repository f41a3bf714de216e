//! One account, or a page of them.

use duly_domain::{AccountId, BatchId, ClientId, Lifecycle};
use duly_platform::{Page, PageError, Principal, Refusal, Role, Tx};
use duly_proto::{
    common::v1 as common,
    convert::{date_to_wire, money_to_wire},
    intake::v1::{self as wire, get_account_request::Key},
};
use sqlx::types::Uuid;

use crate::{
    error::AccountError,
    input,
    list_batches::{place_bytes, place_from},
    store::{
        account::{self, Account, Between},
        parts::{self, PartyRow},
    },
};

/// Which account.
pub enum AccountKey {
    /// By its id.
    Id(AccountId),
    /// By the references of client and account.
    Ref(String, String),
}

impl AccountKey {
    /// What a request names.
    pub fn parse(request: &wire::GetAccountRequest) -> Result<Self, Refusal> {
        match &request.key {
            Some(Key::AccountId(id)) => Ok(Self::Id(input::id("account_id", id)?)),
            Some(Key::ClientKey(key)) => Ok(Self::Ref(
                input::reference("client_key.client_ref", &key.client_ref)?,
                input::reference("client_key.client_account_ref", &key.client_account_ref)?,
            )),
            None => Err(input::wrong("account_id", "is missing, and client_key too; give one")),
        }
    }
}

/// The account with its liable parties.
pub async fn get_account(
    tx: &mut Tx,
    key: &AccountKey,
) -> Result<wire::GetAccountResponse, Refusal> {
    let found = match key {
        AccountKey::Id(id) => account::by_id(tx.conn(), *id).await?,
        AccountKey::Ref(client, reference) => account::by_ref(tx.conn(), client, reference).await?,
    };
    let found = found.ok_or(AccountError::Unknown)?;
    let parties = parts::parties(tx.conn(), found.id, found.opening).await?;
    let mut answer = to_wire(&found);
    answer.liable_parties = parties.into_iter().map(party_to_wire).collect();
    Ok(wire::GetAccountResponse { account: Some(answer) })
}

/// Which accounts.
pub struct ListAccounts {
    client: Option<ClientId>,
    batch: Option<BatchId>,
    lifecycle: Option<Lifecycle>,
    page: Page,
}

impl ListAccounts {
    /// What a request asks for.
    pub fn parse(request: &wire::ListAccountsRequest) -> Result<Self, Refusal> {
        Ok(Self {
            client: input::id_opt("client_id", &request.client_id)?,
            batch: input::id_opt("batch_id", &request.batch_id)?,
            lifecycle: Lifecycle::try_from(request.lifecycle()).ok(),
            page: Page::of(request.page.as_ref())?,
        })
    }

    /// First and last client, both included.
    fn clients(&self) -> (Uuid, Uuid) {
        self.client.map_or((Uuid::nil(), Uuid::max()), |id| (id.uuid(), id.uuid()))
    }
}

/// A page of accounts: in the order of a batch where one is named, else by client and reference.
pub async fn list_accounts(
    tx: &mut Tx,
    list: &ListAccounts,
) -> Result<wire::ListAccountsResponse, Refusal> {
    let (accounts, info) = match list.batch {
        Some(batch) => of_batch(tx, list, batch).await?,
        None => ordered(tx, list).await?,
    };
    Ok(wire::ListAccountsResponse {
        accounts: accounts.iter().map(to_wire).collect(),
        page: Some(info),
    })
}

async fn of_batch(
    tx: &mut Tx,
    list: &ListAccounts,
    batch: BatchId,
) -> Result<(Vec<Account>, common::PageInfo), Refusal> {
    let after = place_from(&list.page.after)?;
    let (clients, limit) = (list.clients(), list.page.limit());
    let mut rows =
        account::of_batch(tx.conn(), batch, clients, after, list.lifecycle, limit).await?;
    let info = list.page.cut(&mut rows, |(place, _)| place_bytes(*place));
    Ok((rows.into_iter().map(|(_, account)| account).collect(), info))
}

async fn ordered(
    tx: &mut Tx,
    list: &ListAccounts,
) -> Result<(Vec<Account>, common::PageInfo), Refusal> {
    let after = match list.page.after.split_first_chunk() {
        None if list.page.after.is_empty() => (Uuid::nil(), ""),
        None => return Err(PageError::Token.into()),
        Some((client, reference)) => (
            Uuid::from_bytes(*client),
            std::str::from_utf8(reference).map_err(|_| PageError::Token)?,
        ),
    };
    let between = Between { clients: list.clients(), after };
    let limit = list.page.limit();
    let mut rows = account::ordered(tx.conn(), &between, list.lifecycle, limit).await?;
    let info = list.page.cut(&mut rows, |account| {
        [account.client.uuid().as_bytes().as_slice(), account.reference.as_bytes()].concat()
    });
    Ok((rows, info))
}

/// Refuses an account that a client principal may not see as one that does not exist. Leaves the
/// transaction with the service's own rights.
pub async fn must_see(tx: &mut Tx, who: &Principal, id: AccountId) -> Result<(), Refusal> {
    if who.role == Role::Client {
        tx.as_reader_of(who).await?;
        account::by_id(tx.conn(), id).await?.ok_or(AccountError::Unknown)?;
        tx.as_app().await?;
    }
    Ok(())
}

/// An account on the wire, without its parties.
pub fn to_wire(account: &Account) -> wire::Account {
    wire::Account {
        account_id: account.id.to_string(),
        client_id: account.client.to_string(),
        client_account_ref: account.reference.clone(),
        batch_id: account.batch.to_string(),
        opening: account.opening,
        debt_class: wire::DebtClass::from(account.debt_class).into(),
        service_kind: wire::ServiceKind::from(account.service_kind).into(),
        lifecycle: wire::Lifecycle::from(account.lifecycle).into(),
        listed_amount: Some(money_to_wire(account.listed)),
        adjusted_amount: Some(money_to_wire(account.adjusted)),
        listing_date: Some(date_to_wire(account.listing_date)),
        close_code: account.close_code.map(|code| code.to_string()).unwrap_or_default(),
        closed_on: account.closed_on.map(date_to_wire),
        version: account.version,
        claim_items: account.claim_items,
        liable_parties: Vec::new(),
    }
}

fn party_to_wire(party: PartyRow) -> wire::LiableParty {
    let address = (!party.country.is_empty()).then_some(common::Address {
        lines: party.address_lines,
        city: party.city,
        region: party.region,
        postal_code: party.postal_code,
        country: party.country,
    });
    wire::LiableParty {
        party_id: party.id.to_string(),
        role: wire::PartyRole::from(party.role).into(),
        debtor_kind: wire::DebtorKind::from(party.debtor_kind).into(),
        name: party.name,
        address,
        phones: party.phones,
        emails: party.emails,
        ..wire::LiableParty::default()
    }
}
