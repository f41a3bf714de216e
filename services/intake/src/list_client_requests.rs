//! What clients are asked, what is due first ahead.

use duly_domain::{AccountId, ClientId, Date, DisputeOutcome, DisputeReason, Money};
use duly_platform::{Page, PageError, Refusal, Tx};
use duly_proto::{
    convert::{date_to_wire, money_to_wire},
    intake::v1 as wire,
};
use sqlx::types::Uuid;

use crate::{
    input,
    store::client_request::{self, ClientRequest, Filter},
};

/// Item numbers that a question names in words; it lists all of them beside.
const ITEMS_IN_WORDS_MAX: usize = 3;

/// Which questions.
pub struct ListClientRequests {
    client: Option<ClientId>,
    account: Option<AccountId>,
    all: bool,
    page: Page,
    after: (Date, Uuid),
}

impl ListClientRequests {
    /// What a request asks for.
    pub fn parse(request: &wire::ListClientRequestsRequest) -> Result<Self, Refusal> {
        let page = Page::of(request.page.as_ref())?;
        Ok(Self {
            client: input::id_opt("client_id", &request.client_id)?,
            account: input::id_opt("account_id", &request.account_id)?,
            all: request.with_answered,
            after: place_from(&page.after)?,
            page,
        })
    }
}

/// A page of them.
pub async fn list_client_requests(
    tx: &mut Tx,
    list: &ListClientRequests,
) -> Result<wire::ListClientRequestsResponse, Refusal> {
    let filter =
        Filter { client: list.client, account: list.account, all: list.all, after: list.after };
    let mut rows = client_request::page(tx.conn(), &filter, list.page.limit()).await?;
    let page = list.page.cut(&mut rows, |row| place_bytes(row.due_on, row.id.uuid()));
    Ok(wire::ListClientRequestsResponse {
        client_requests: rows.iter().map(to_wire).collect(),
        page: Some(page),
    })
}

fn place_bytes(due_on: Date, id: Uuid) -> Vec<u8> {
    let days = due_on.to_epoch_days();
    [days.to_be_bytes().as_slice(), id.as_bytes().as_slice()].concat()
}

fn place_from(token: &[u8]) -> Result<(Date, Uuid), Refusal> {
    if token.is_empty() {
        // The epoch: nothing was asked before.
        return Ok((Date::default(), Uuid::nil()));
    }
    let (days, id) = token.split_first_chunk().ok_or(PageError::Token)?;
    let due_on = Date::from_epoch_days(i32::from_be_bytes(*days)).ok_or(PageError::Token)?;
    Ok((due_on, Uuid::from_slice(id).map_err(|_| PageError::Token)?))
}

/// A question on the wire.
pub fn to_wire(request: &ClientRequest) -> wire::ClientRequest {
    let money = |minor| money_to_wire(Money::new(minor, request.currency));
    let answered = request.answered.as_ref();
    wire::ClientRequest {
        client_request_id: request.id.to_string(),
        account_id: request.account.to_string(),
        client_id: request.client.to_string(),
        dispute_id: request.dispute.to_string(),
        question: question(request),
        item_numbers: request.item_numbers.clone(),
        disputed_amount: request.disputed_minor.map(money),
        asked_on: Some(date_to_wire(request.asked_on)),
        due_on: Some(date_to_wire(request.due_on)),
        answer: answered
            .map_or(wire::ClientAnswer::Unspecified, |answered| answered.answer.into())
            .into(),
        credit: answered.filter(|a| a.credit_minor != 0).map(|a| money(a.credit_minor)),
        text: answered.map(|a| a.text.clone()).unwrap_or_default(),
        answered_on: answered.map(|a| date_to_wire(a.on)),
        no_longer_asked: no_longer_asked(request).to_owned(),
    }
}

fn question(request: &ClientRequest) -> String {
    let amount = request
        .disputed_minor
        .map(|minor| format!(" ({})", Money::new(minor, request.currency)))
        .unwrap_or_default();
    let numbers = &request.item_numbers;
    let what = match numbers.as_slice() {
        [] if request.has_amount => "part of the account".to_owned(),
        [] => "the whole account".to_owned(),
        [one] => format!("item {one}"),
        many if many.len() <= ITEMS_IN_WORDS_MAX => format!("the items {}", many.join(", ")),
        many => format!("{} items", many.len()),
    };
    format!(
        "The debtor contests {what}{amount}: {}. Do you credit it, part of it, or does it stand?",
        why(request.reason)
    )
}

const fn why(reason: DisputeReason) -> &'static str {
    match reason {
        DisputeReason::Pricing => "the price is said to be wrong",
        DisputeReason::Quantity => "the quantity is said to be wrong",
        DisputeReason::Quality => "the goods or the work are said to be faulty",
        DisputeReason::NotDelivered => "it is said not to have been delivered",
        DisputeReason::Returned => "it is said to have been returned",
        DisputeReason::Paid => "it is said to have been paid",
        DisputeReason::Duplicate => "it is said to have been billed twice",
        DisputeReason::WrongParty => "somebody else is said to owe it",
        DisputeReason::Terms => "other terms are said to have been agreed",
        DisputeReason::Fraud => "it is said to come from fraud",
        DisputeReason::Other => "for another reason; ask the agency for it",
    }
}

/// Why nobody need answer, in words; empty where somebody does or did.
pub fn no_longer_asked(request: &ClientRequest) -> &'static str {
    if request.answered.is_some() {
        return "";
    }
    match request.resolved {
        Some(DisputeOutcome::Withdrawn) => "the debtor withdrew the dispute",
        Some(DisputeOutcome::Valid) => "the dispute was settled: the debtor was right",
        Some(DisputeOutcome::Invalid) => "the dispute was settled: the debt was verified",
        Some(DisputeOutcome::Split) => "the dispute was settled: the debtor was right in part",
        None if request.account_ended => "the account was closed",
        None => "",
    }
}
