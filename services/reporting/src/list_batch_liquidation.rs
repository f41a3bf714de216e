//! Liquidation of a client's batches: collected by agency and client over listed, and cumulative by
//! month since placement.

use std::collections::BTreeMap;

use duly_domain::{BatchId, ClientId, id};
use duly_platform::{Page, PageError, Refusal, Tx};
use duly_proto::{
    convert,
    reporting::v1::{
        BatchLiquidation, LiquidationMonth, ListBatchLiquidationRequest,
        ListBatchLiquidationResponse,
    },
};
use rust_decimal::{Decimal, RoundingStrategy};
use sqlx::types::Uuid;

use crate::{
    store::{accounts, money},
    unknown::unknown,
};

/// Digits of a rate behind the point.
const RATE_DIGITS: u32 = 4;

/// The query, parsed.
pub struct LiquidationQuery {
    client_id: ClientId,
    after: Option<(Uuid, String)>,
    page: Page,
}

impl LiquidationQuery {
    /// Parses the request.
    pub fn parse(request: &ListBatchLiquidationRequest) -> Result<Self, Refusal> {
        let client_id = convert::id::<id::Client>("client_id", &request.client_id)?;
        let page = Page::of(request.page.as_ref())?;
        Ok(Self { client_id, after: key(&page.after)?, page })
    }
}

/// A token is the last batch's id and currency.
fn key(bytes: &[u8]) -> Result<Option<(Uuid, String)>, Refusal> {
    if bytes.is_empty() {
        return Ok(None);
    }
    bytes
        .split_first_chunk::<16>()
        .and_then(|(batch, currency)| {
            Some(Some((Uuid::from_bytes(*batch), String::from_utf8(currency.to_vec()).ok()?)))
        })
        .ok_or_else(|| PageError::Token.into())
}

/// Reads one page.
pub async fn list_batch_liquidation(
    tx: &mut Tx,
    query: &LiquidationQuery,
) -> Result<ListBatchLiquidationResponse, Refusal> {
    let client = query.client_id.uuid();
    let mut rows =
        money::batches(tx.conn(), client, query.after.clone(), query.page.limit()).await?;
    if rows.is_empty() && !accounts::knows_client(tx.conn(), client).await? {
        return Err(unknown(query.client_id, "client").into());
    }
    let page = query.page.cut(&mut rows, |last| {
        [last.batch_id.as_bytes().as_slice(), last.currency.as_bytes()].concat()
    });
    let ids: Vec<Uuid> = rows.iter().map(|row| row.batch_id).collect();
    let mut collected: BTreeMap<(Uuid, String), Vec<(i32, i64)>> = BTreeMap::new();
    for month in money::months(tx.conn(), client, &ids).await? {
        let batch = collected.entry((month.batch_id, month.currency)).or_default();
        batch.push((month.month, month.amount_minor));
    }
    let batches = rows
        .into_iter()
        .map(|row| {
            let months =
                collected.remove(&(row.batch_id, row.currency.clone())).unwrap_or_default();
            let total: i64 = months.iter().map(|(_, amount)| amount).sum();
            BatchLiquidation {
                batch_id: BatchId::from_uuid(row.batch_id).to_string(),
                currency: row.currency,
                accounts: row.accounts,
                listed_minor: row.listed_minor,
                collected_minor: total,
                liquidation_rate: rate(total, row.listed_minor),
                months: cumulative(&months),
            }
        })
        .collect();
    Ok(ListBatchLiquidationResponse { batches, page: Some(page) })
}

/// Every month up to the last one in which something was collected, each with all before it.
fn cumulative(months: &[(i32, i64)]) -> Vec<LiquidationMonth> {
    let by_month: BTreeMap<i32, i64> = months.iter().copied().collect();
    let last = by_month.keys().last().copied().unwrap_or(-1);
    let mut collected_minor = 0;
    (0..=last)
        .map(|month| {
            collected_minor += by_month.get(&month).copied().unwrap_or_default();
            LiquidationMonth { month, collected_minor }
        })
        .collect()
}

/// Collected over listed, four digits; empty where nothing is listed.
fn rate(collected: i64, listed: i64) -> String {
    if listed == 0 {
        return String::new();
    }
    let rate = Decimal::from(collected) / Decimal::from(listed);
    let mut rate = rate.round_dp_with_strategy(RATE_DIGITS, RoundingStrategy::MidpointAwayFromZero);
    rate.rescale(RATE_DIGITS);
    rate.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_four_digits_and_none_where_nothing_is_listed() {
        assert_eq!(rate(1_000_000, 10_000_000), "0.1000");
        assert_eq!(rate(1, 3), "0.3333");
        assert_eq!(rate(2, 3), "0.6667");
        assert_eq!(rate(-5, 100_000), "-0.0001");
        assert_eq!(rate(0, 5), "0.0000");
        assert_eq!(rate(5, 0), "");
    }

    #[test]
    fn months_without_money_repeat_the_sum_before_them() {
        let months = cumulative(&[(1, 100), (3, -40)]);
        let sums: Vec<_> = months.iter().map(|m| (m.month, m.collected_minor)).collect();
        assert_eq!(sums, [(0, 0), (1, 100), (2, 100), (3, 60)]);
        assert!(cumulative(&[]).is_empty());
    }
}
