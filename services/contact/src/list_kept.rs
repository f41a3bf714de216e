//! Lists of what is kept beside stops and disputes: consents, designations, dated facts, complaints,
//! what came in.

use duly_platform::{Page, Tx};
use duly_proto::{common::v1::PageRequest, contact::v1 as wire};
use uuid::Uuid;

use crate::{
    error::Result,
    look_up::{account_opt, key},
    store::{complaint, consent, dated_fact, designation, inbound},
    wire as to_wire,
};

/// Rows to list, of one account or of all.
pub(crate) struct ListKept {
    account: Option<Uuid>,
    /// Those that ended too.
    with_ended: bool,
    page: Page,
}

impl ListKept {
    fn of(account: &str, with_ended: bool, page: Option<&PageRequest>) -> Result<Self> {
        Ok(Self { account: account_opt(account)?, with_ended, page: Page::of(page)? })
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident($request:ty, $with:expr) -> $response:ident { $rows:ident by $store:ident to $to_wire:path })+) => {$(
        impl TryFrom<$request> for ListKept {
            type Error = crate::error::ContactError;

            fn try_from(request: $request) -> Result<Self> {
                let with: fn(&$request) -> bool = $with;
                Self::of(&request.account_id, with(&request), request.page.as_ref())
            }
        }

        $(#[$doc])*
        pub(crate) async fn $name(tx: &mut Tx, query: &ListKept) -> Result<wire::$response> {
            let (after, limit) = (query.page.after_id()?, query.page.limit());
            let mut rows =
                $store::page(tx.conn(), query.account, query.with_ended, after, limit).await?;
            let page = query.page.cut(&mut rows, |row| key(row.id));
            Ok(wire::$response { $rows: rows.iter().map($to_wire).collect(), page: Some(page) })
        }
    )+};
}

lists! {
    /// A page of consents.
    list_consents(wire::ListConsentsRequest, |request| request.with_withdrawn)
        -> ListConsentsResponse { consents by consent to to_wire::consent }
    /// A page of designations.
    list_designations(wire::ListDesignationsRequest, |request| request.with_lifted)
        -> ListDesignationsResponse { designations by designation to to_wire::designation }
    /// A page of dated facts.
    list_facts(wire::ListFactsRequest, |_| true)
        -> ListFactsResponse { facts by dated_fact to to_wire::dated_fact }
    /// A page of complaints.
    list_complaints(wire::ListComplaintsRequest, |request| request.with_answered)
        -> ListComplaintsResponse { complaints by complaint to to_wire::complaint }
    /// A page of what came in.
    list_inbound(wire::ListInboundRequest, |request| request.with_read)
        -> ListInboundResponse { inbound by inbound to to_wire::inbound }
}

/// A page of what nobody is known to have sent.
pub(crate) async fn list_unmatched_inbound(
    tx: &mut Tx,
    page: &Page,
) -> Result<wire::ListUnmatchedInboundResponse> {
    let mut rows = inbound::unmatched(tx.conn(), page.after_id()?, page.limit()).await?;
    let info = page.cut(&mut rows, |row| key(row.id));
    Ok(wire::ListUnmatchedInboundResponse {
        inbound: rows.iter().map(to_wire::inbound).collect(),
        page: Some(info),
    })
}
