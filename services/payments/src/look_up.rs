//! Looking up payments, remittances and statements. A client's principal sees its own tree: the rows that
//! the database shows it.

use duly_domain::{AccountId, ClientId, PaymentId, RemittanceId};
use duly_platform::{Page, Tx};
use duly_proto::{convert, payments::v1 as wire};

use crate::{
    error::{PaymentsError, Result},
    store::{
        payment::{self, Filter},
        promise, remittance,
    },
    wire as to_wire,
};

/// One payment.
pub(crate) async fn get_payment(tx: &mut Tx, id: PaymentId) -> Result<wire::GetPaymentResponse> {
    let payment = payment::get(tx.conn(), id).await?;
    let payment = payment.ok_or(PaymentsError::NotFound("payment"))?;
    Ok(wire::GetPaymentResponse { payment: Some(to_wire::payment(&payment)) })
}

/// A list of payments to give.
pub(crate) struct ListPayments {
    filter: Filter,
    page: Page,
}

impl TryFrom<wire::ListPaymentsRequest> for ListPayments {
    type Error = PaymentsError;

    fn try_from(request: wire::ListPaymentsRequest) -> Result<Self> {
        let filter = Filter {
            account: convert::id_opt::<duly_domain::id::Account>(
                "account_id",
                &request.account_id,
            )?,
            client: convert::id_opt::<duly_domain::id::Client>("client_id", &request.client_id)?,
            state: to_wire::state_from(request.state()),
        };
        Ok(Self { filter, page: Page::of(request.page.as_ref())? })
    }
}

/// A page of payments, oldest posting first.
pub(crate) async fn list_payments(
    tx: &mut Tx,
    query: &ListPayments,
) -> Result<wire::ListPaymentsResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = payment::page(tx.conn(), &query.filter, after, limit).await?;
    let page = query.page.cut(&mut rows, |payment| payment.id.uuid().into_bytes().to_vec());
    Ok(wire::ListPaymentsResponse {
        payments: rows.iter().map(to_wire::payment).collect(),
        page: Some(page),
    })
}

/// A list of promises to give.
pub(crate) struct ListPromises {
    filter: promise::Filter,
    page: Page,
}

impl TryFrom<wire::ListPromisesRequest> for ListPromises {
    type Error = PaymentsError;

    fn try_from(request: wire::ListPromisesRequest) -> Result<Self> {
        let state = match request.state() {
            wire::PromiseState::Unspecified => None,
            state => Some(state.try_into()?),
        };
        let account =
            convert::id_opt::<duly_domain::id::Account>("account_id", &request.account_id)?;
        let filter = promise::Filter { account, state };
        Ok(Self { filter, page: Page::of(request.page.as_ref())? })
    }
}

/// A page of promises, made first first.
pub(crate) async fn list_promises(
    tx: &mut Tx,
    query: &ListPromises,
) -> Result<wire::ListPromisesResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = promise::page(tx.conn(), &query.filter, after, limit).await?;
    let page = query.page.cut(&mut rows, |promise| promise.id.uuid().into_bytes().to_vec());
    Ok(wire::ListPromisesResponse {
        promises: rows.iter().map(to_wire::promise).collect(),
        page: Some(page),
    })
}

/// A list of remittances to give.
pub(crate) struct ListRemittances {
    client: Option<ClientId>,
    page: Page,
}

impl TryFrom<wire::ListRemittancesRequest> for ListRemittances {
    type Error = PaymentsError;

    fn try_from(request: wire::ListRemittancesRequest) -> Result<Self> {
        Ok(Self {
            client: convert::id_opt("client_id", &request.client_id)?,
            page: Page::of(request.page.as_ref())?,
        })
    }
}

/// A page of remittances, first sealed first.
pub(crate) async fn list_remittances(
    tx: &mut Tx,
    query: &ListRemittances,
) -> Result<wire::ListRemittancesResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = remittance::page(tx.conn(), query.client, after, limit).await?;
    let page =
        query.page.cut(&mut rows, |remittance| remittance.remittance_id.into_bytes().to_vec());
    Ok(wire::ListRemittancesResponse {
        remittances: rows.iter().map(to_wire::remittance).collect::<Result<_>>()?,
        page: Some(page),
    })
}

/// A statement to give.
pub(crate) struct GetStatement {
    remittance: RemittanceId,
    as_json: bool,
}

impl TryFrom<wire::GetStatementRequest> for GetStatement {
    type Error = PaymentsError;

    fn try_from(request: wire::GetStatementRequest) -> Result<Self> {
        let as_json = match request.format() {
            wire::StatementFormat::Unspecified => {
                return Err(PaymentsError::field("format", "is missing; ask for CSV or JSON"));
            }
            wire::StatementFormat::Csv => false,
            wire::StatementFormat::Json => true,
        };
        Ok(Self { remittance: convert::id("remittance_id", &request.remittance_id)?, as_json })
    }
}

/// The statement's exact bytes, as they were sealed.
pub(crate) async fn get_statement(
    tx: &mut Tx,
    query: &GetStatement,
) -> Result<wire::GetStatementResponse> {
    let kept = remittance::statement(tx.conn(), query.remittance, query.as_json).await?;
    let (number, content) = kept.ok_or(PaymentsError::NotFound("remittance"))?;
    let ending = if query.as_json { "json" } else { "csv" };
    Ok(wire::GetStatementResponse { content, file_name: format!("{}.{ending}", safe(&number)) })
}

/// A number as part of a file name: a client's reference may hold anything.
fn safe(number: &str) -> String {
    number
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
        .collect()
}

/// The account that a query names.
pub(crate) fn account_id(id: &str) -> Result<AccountId> {
    Ok(convert::id("account_id", id)?)
}
