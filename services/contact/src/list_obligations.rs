//! The list of what must be done, what is due first ahead.

use chrono::Days;
use duly_domain::{ClientId, Date, id};
use duly_platform::{Page, PageError, Tx};
use duly_proto::{contact::v1 as wire, convert};
use uuid::Uuid;

use crate::{
    codes::{Code as _, ObligationState},
    error::{ContactError, Result},
    look_up::account_opt,
    store::obligation::{self, Filter, Place},
    wire as to_wire,
};

/// How far ahead a list may ask.
const WITHIN_DAYS_MAX: u16 = 366;

/// Obligations to list.
pub(crate) struct ListObligations {
    filter: Filter,
    within_days: Option<u64>,
    page: Page,
    after: Option<Place>,
}

impl TryFrom<wire::ListObligationsRequest> for ListObligations {
    type Error = ContactError;

    fn try_from(request: wire::ListObligationsRequest) -> Result<Self> {
        let state = ObligationState::of_wire(request.state());
        if let Some(ObligationState::Standing | ObligationState::Running | ObligationState::Ended) =
            state
        {
            let reason =
                "is of what is only computed: Calendar shows timers and what every act owes";
            return Err(ContactError::field("state", reason));
        }
        let within_days = match request.within_days.map(u16::try_from) {
            None => None,
            Some(Ok(days)) if days <= WITHIN_DAYS_MAX => Some(u64::from(days)),
            Some(_) => {
                let reason = format!("is none of 0 to {WITHIN_DAYS_MAX}");
                return Err(ContactError::field("within_days", reason));
            }
        };
        let client = convert::id_opt::<id::Client>("client_id", &request.client_id)?;
        let page = Page::of(request.page.as_ref())?;
        Ok(Self {
            filter: Filter {
                account: account_opt(&request.account_id)?,
                client: client.map(ClientId::uuid),
                state,
                due_before: convert::date_opt("due_before", request.due_before.as_ref())?,
                owed_only: request.owed_only,
            },
            within_days,
            after: after(&page)?,
            page,
        })
    }
}

/// The place after which a page begins.
fn after(page: &Page) -> Result<Option<Place>> {
    if page.after.is_empty() {
        return Ok(None);
    }
    let read: Option<(Date, Uuid)> = serde_json::from_slice(&page.after).ok();
    Ok(Some(read.ok_or(PageError::Token)?))
}

/// A page of them.
pub(crate) async fn list_obligations(
    tx: &mut Tx,
    query: &ListObligations,
) -> Result<wire::ListObligationsResponse> {
    let limit = query.page.limit();
    let mut filter = query.filter.clone();
    // The first day that is not among them: what is due on the last one still is.
    let beyond =
        query.within_days.and_then(|days| tx.today().checked_add_days(Days::new(days + 1)));
    filter.due_before = [filter.due_before, beyond].into_iter().flatten().min();
    let mut rows = obligation::page(tx.conn(), &filter, query.after, limit).await?;
    let page = query.page.cut(&mut rows, |row| {
        serde_json::to_vec(&obligation::place(row)).expect("a day and an id are written as JSON")
    });
    Ok(wire::ListObligationsResponse {
        obligations: rows.iter().map(to_wire::obligation).collect(),
        page: Some(page),
    })
}
