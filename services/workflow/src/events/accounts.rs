//! What becomes of accounts: placed, corrected, held, paid, ended. Where they stand is kept by
//! `duly-standing`; here each new one joins the case of its debtor.

use duly_domain::{DebtorKind, PartyRole, id};
use duly_platform::{BoxFuture, Tx};
use duly_proto::{
    convert::{self, Misfit},
    intake::v1::{self as intake, event::Fact},
    payments::v1 as payments,
};
use duly_standing as standing;
use uuid::Uuid;

use super::{account, mark_accounts, opening, read, wrong_kind};
use crate::{
    debtor_key::Debtor,
    store::case::{self, Joining},
};

type Handled<'a> = BoxFuture<'a, anyhow::Result<()>>;

pub(super) fn client_changed<'a>(tx: &'a mut Tx, events: &'a [intake::Event]) -> Handled<'a> {
    Box::pin(standing::keep_clients(tx, events))
}

pub(super) fn account_placed<'a>(tx: &'a mut Tx, events: &'a [intake::Event]) -> Handled<'a> {
    Box::pin(async move {
        let accounts = standing::keep_placed(tx, events).await?;
        let placed = read(events, placed)?;
        let joining: Vec<Joining> = placed
            .into_iter()
            .map(|placed| Joining {
                new_case: tx.uuid(),
                account: placed.account,
                opening: placed.opening,
                client: placed.client,
                debtor_key: tx.host().sealer().lookup("case_debtor", &placed.debtor_key).to_vec(),
                due_from: placed.due_from,
            })
            .collect();
        case::join(tx.conn(), &joining).await?;
        mark_accounts(tx, &accounts).await
    })
}

struct Placed {
    account: Uuid,
    opening: i32,
    client: Uuid,
    debtor_key: String,
    due_from: duly_domain::Date,
}

fn placed(event: &intake::Event) -> Result<Placed, Misfit> {
    let Some(Fact::AccountPlaced(fact)) = &event.fact else { return Err(wrong_kind()) };
    let principal = fact
        .liable_parties
        .iter()
        .find(|party| matches!(PartyRole::try_from(party.role()), Ok(PartyRole::Principal)))
        .or(fact.liable_parties.first())
        .ok_or_else(|| Misfit::new("liable_parties", "is empty: nobody owes the account"))?;
    let address = principal.address.clone().unwrap_or_default();
    let debtor = Debtor {
        kind: DebtorKind::try_from(principal.debtor_kind())?,
        name: &principal.name,
        country: &address.country,
        postal_code: &address.postal_code,
        account: &fact.account_id,
    };
    let due_from = match convert::date_opt("age_from", fact.age_from.as_ref())? {
        Some(day) => day,
        None => convert::date("listing_date", fact.listing_date.as_ref())?,
    };
    Ok(Placed {
        account: account(&fact.account_id)?,
        opening: opening(fact.opening),
        client: convert::id::<id::Client>("client_id", &fact.client_id)?.uuid(),
        debtor_key: debtor.key(),
        due_from,
    })
}

macro_rules! kept {
    ($($name:ident($event:ty) => $keep:path;)+) => {$(
        pub(super) fn $name<'a>(tx: &'a mut Tx, events: &'a [$event]) -> Handled<'a> {
            Box::pin(async move {
                let accounts = $keep(tx, events).await?;
                mark_accounts(tx, &accounts).await
            })
        }
    )+};
}

kept! {
    account_adjusted(intake::Event) => standing::keep_adjusted;
    account_recalled(intake::Event) => standing::keep_recalled;
    account_closed(intake::Event) => standing::keep_closed;
    hold_placed(intake::Event) => standing::keep_holds_placed;
    hold_lifted(intake::Event) => standing::keep_holds_lifted;
    payment_posted(payments::Event) => standing::keep_posted;
    payment_reversed(payments::Event) => standing::keep_reversed;
    balance_settled(payments::Event) => standing::keep_settled;
}
