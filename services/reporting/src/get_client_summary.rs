//! A client's sums, one line per currency.

use duly_domain::{ClientId, id};
use duly_platform::{Refusal, Tx};
use duly_proto::{
    convert,
    reporting::v1::{ClientSummary, GetClientSummaryRequest, GetClientSummaryResponse},
};

use crate::{
    store::{accounts, summary},
    unknown::unknown,
};

/// The query, parsed.
pub struct SummaryQuery {
    client_id: ClientId,
}

impl SummaryQuery {
    /// Parses the request.
    pub fn parse(request: &GetClientSummaryRequest) -> Result<Self, Refusal> {
        let client_id = convert::id::<id::Client>("client_id", &request.client_id)?;
        Ok(Self { client_id })
    }
}

/// Reads them; a client that has no accounts yet has no line.
pub async fn get_client_summary(
    tx: &mut Tx,
    query: &SummaryQuery,
) -> Result<GetClientSummaryResponse, Refusal> {
    let client = query.client_id.uuid();
    let sums = summary::of_client(tx.conn(), client).await?;
    if sums.is_empty() && !accounts::knows_client(tx.conn(), client).await? {
        return Err(unknown(query.client_id, "client").into());
    }
    let summaries = sums
        .into_iter()
        .map(|sums| ClientSummary {
            client_id: query.client_id.to_string(),
            client_ref: sums.client_ref,
            currency: sums.currency,
            accounts_placed: sums.accounts_placed,
            accounts_open: sums.accounts_open,
            listed_minor: sums.listed_minor,
            adjusted_minor: sums.adjusted_minor,
            collected_minor: sums.collected_minor,
            direct_minor: sums.direct_minor,
            commission_minor: sums.commission_minor,
            remitted_minor: sums.remitted_minor,
            held_minor: sums.held_minor,
        })
        .collect();
    Ok(GetClientSummaryResponse { summaries })
}
