//! How an account's commission comes about, line by line.

use duly_domain::{AccountId, Money};
use duly_platform::Tx;
use duly_proto::{convert, payments::v1 as wire};

use crate::{
    error::{PaymentsError, Result},
    price::steps,
    store::account,
    wire as to_wire,
};

/// Every surviving payment, in order, with what was posted for it and why.
pub(crate) async fn explain_commission(
    tx: &mut Tx,
    id: AccountId,
) -> Result<wire::ExplainCommissionResponse> {
    let file = match account::load_one(tx.conn(), id).await {
        Err(PaymentsError::NotFound(what)) => return Err(PaymentsError::unknown(what, id)),
        loaded => loaded?,
    };
    let mut total = Money::zero(file.latest().currency());
    let mut lines = Vec::new();
    for opening in &file.openings {
        for payment in file.survivors(opening) {
            total = total.add(payment.commission)?;
            let version = payment.schedule_version.unwrap_or_default();
            lines.push(to_wire::commission_line(payment, version, steps(payment)?));
        }
    }
    Ok(wire::ExplainCommissionResponse { lines, total: Some(convert::money_to_wire(total)) })
}
