//! The client answers what it was asked about a dispute. A credit becomes a correction of the account in
//! the same transaction.

use duly_domain::{ClientAnswer, ClientRequestId, Lifecycle, Money};
use duly_platform::{Principal, Refusal, Tx};
use duly_proto::{
    convert::{self, date_to_wire, money_to_wire},
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    adjust_account::correct,
    close_account::{closed, meta},
    error::{AccountError, ClientRequestError},
    input,
    list_client_requests::to_wire,
    store::{
        account::{self, Account},
        client_request::{self, Answered, ClientRequest},
        parts,
    },
};

/// What the corrections say of themselves.
const REASON: &str = "credited by the client's answer to a dispute";

/// What the client says.
enum Said {
    /// All that is contested is credited.
    Credit,
    /// This much is credited.
    Part(Money),
    /// The debtor owes it.
    Stands,
}

impl Said {
    fn answer(&self) -> ClientAnswer {
        match self {
            Self::Credit => ClientAnswer::Credit,
            Self::Part(_) => ClientAnswer::Part,
            Self::Stands => ClientAnswer::Stands,
        }
    }
}

/// An answer.
pub struct AnswerClientRequest {
    who: Principal,
    id: ClientRequestId,
    said: Said,
    text: String,
}

impl AnswerClientRequest {
    /// What a request asks for.
    pub fn parse(
        who: Principal,
        request: &wire::AnswerClientRequestRequest,
    ) -> Result<Self, Refusal> {
        let answer = ClientAnswer::try_from(request.answer())
            .map_err(|misfit| input::wrong("answer", misfit.reason))?;
        let credit =
            convert::money_opt("credit", request.credit.as_ref()).map_err(input::misfit)?;
        let said = match (answer, credit) {
            (ClientAnswer::Credit, None) => Said::Credit,
            (ClientAnswer::Stands, None) => Said::Stands,
            (ClientAnswer::Part, Some(credit)) if credit.is_positive() => Said::Part(credit),
            (ClientAnswer::Part, Some(_)) => {
                return Err(input::wrong("credit", "is not above zero; say what is credited"));
            }
            (ClientAnswer::Part, None) => {
                return Err(input::wrong("credit", "is missing; say what part is credited"));
            }
            (ClientAnswer::Credit | ClientAnswer::Stands, Some(_)) => {
                let reason = "goes with the answer `part` alone; leave it out, or answer so";
                return Err(input::wrong("credit", reason));
            }
        };
        Ok(Self {
            who,
            id: input::id("client_request_id", &request.client_request_id)?,
            said,
            text: input::text_opt("text", &request.text)?,
        })
    }
}

/// Answers it. The same answer again changes nothing.
pub async fn answer_client_request(
    tx: &mut Tx,
    answer: &AnswerClientRequest,
) -> Result<wire::AnswerClientRequestResponse, Refusal> {
    tx.about(answer.id);
    tx.as_reader_of(&answer.who).await?;
    let seen = find(tx, answer.id).await?;
    tx.as_app().await?;
    // The account's lock orders answers, corrections and ends.
    let mut account = account::lock(tx.conn(), seen.account).await?.ok_or(AccountError::Unknown)?;
    let mut request = find(tx, answer.id).await?;
    if let Some(first) = &request.answered {
        return if is_same(&answer.said, first) {
            Ok(wire::AnswerClientRequestResponse { client_request: Some(to_wire(&request)) })
        } else {
            Err(ClientRequestError::Answered(first.on).into())
        };
    }
    if request.resolved.is_some() {
        return Err(ClientRequestError::NoLongerAsked.into());
    }
    if account.opening != request.opening {
        return Err(ClientRequestError::EarlierPlacement.into());
    }
    if account.lifecycle == Lifecycle::Closed {
        return Err(closed(&account).into());
    }
    let credits = credits(tx, &answer.said, &request, &account).await?;
    let currency = account.listed.currency();
    let credit = Money::sum(currency, credits.iter().map(|(_, credit)| *credit))
        .map_err(|_| AccountError::BelowZero)?;
    for (item_number, credit) in credits {
        let amount = credit.neg().map_err(|_| AccountError::BelowZero)?;
        correct(tx, &mut account, amount, &item_number, REASON).await?;
    }
    let today = tx.today();
    let answered = Answered {
        answer: answer.said.answer(),
        credit_minor: credit.minor(),
        text: answer.text.clone(),
        on: today,
    };
    client_request::answer(tx.conn(), &request, &answered).await?;
    request.answered = Some(answered);
    let fact = wire::ClientAnswered {
        client_request_id: request.id.to_string(),
        account_id: account.id.to_string(),
        opening: request.opening,
        dispute_id: request.dispute.to_string(),
        answer: wire::ClientAnswer::from(answer.said.answer()).into(),
        credit: (!credit.is_zero()).then(|| money_to_wire(credit)),
        text: answer.text.clone(),
        answered_on: Some(date_to_wire(today)),
    };
    tx.tell::<wire::Event>(meta(&account), Fact::ClientAnswered(fact));
    Ok(wire::AnswerClientRequestResponse { client_request: Some(to_wire(&request)) })
}

async fn find(tx: &mut Tx, id: ClientRequestId) -> Result<ClientRequest, Refusal> {
    let found = client_request::by_id(tx.conn(), id).await?;
    Ok(found.ok_or(ClientRequestError::Unknown)?)
}

fn is_same(said: &Said, first: &Answered) -> bool {
    said.answer() == first.answer
        && match said {
            Said::Part(credit) => credit.minor() == first.credit_minor,
            Said::Credit | Said::Stands => true,
        }
}

/// The corrections that the answer makes, each with its claim item; never more than what is left of the
/// account.
async fn credits(
    tx: &mut Tx,
    said: &Said,
    request: &ClientRequest,
    account: &Account,
) -> Result<Vec<(String, Money)>, Refusal> {
    let currency = account.listed.currency();
    let left = account.listed.add(account.adjusted).map_err(|_| AccountError::BelowZero)?;
    let contested = request.disputed_minor.map_or(left, |minor| Money::new(minor, currency));
    let item = match request.item_numbers.as_slice() {
        [one] => one.clone(),
        _ => String::new(),
    };
    match said {
        Said::Stands => Ok(Vec::new()),
        Said::Part(credit) => {
            if credit.currency() != currency {
                let reason = format!("is not in the account's currency {currency}");
                return Err(input::wrong("credit.currency", reason));
            }
            if credit.minor() > contested.minor() {
                return Err(ClientRequestError::CreditExceeds(contested).into());
            }
            Ok(vec![(item, *credit)])
        }
        Said::Credit if request.has_amount || request.item_numbers.is_empty() => {
            let credit = Money::new(contested.minor().min(left.minor()), currency);
            Ok(if credit.is_positive() { vec![(item, credit)] } else { Vec::new() })
        }
        Said::Credit => {
            let numbers = &request.item_numbers;
            let items =
                parts::left_on_items(tx.conn(), account.id, account.opening, numbers).await?;
            let mut left = left.minor();
            let mut credits = Vec::new();
            for (number, open) in items {
                let credit = open.min(left);
                if credit > 0 {
                    left -= credit;
                    credits.push((number, Money::new(credit, currency)));
                }
            }
            Ok(credits)
        }
    }
}
