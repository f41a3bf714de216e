//! What intake tells: clients, batches, placements and the life of an account.

use duly_domain::id;
use duly_platform::{Listener, Tx};
use duly_proto::{
    convert,
    intake::v1::{DebtClass, Event, event::Fact},
};

use super::{about, account_id, client_id, facts};
use crate::{
    store::{
        accounts::{self, Account, Batch, Client, End},
        standing::{self, Hold, MoneyDelta, Whose},
        summary::{self, Delta},
        timeline,
    },
    words,
};

/// A listener per kind.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("client_changed", |tx, e| Box::pin(client_changed(tx, e))),
        Listener::new::<Event>("account_placed", |tx, e| Box::pin(account_placed(tx, e))),
        Listener::new::<Event>("claim_items_listed", |tx, e| Box::pin(claim_items_listed(tx, e))),
        Listener::new::<Event>("account_adjusted", |tx, e| Box::pin(account_adjusted(tx, e))),
        Listener::new::<Event>("account_recalled", |tx, e| Box::pin(account_recalled(tx, e))),
        Listener::new::<Event>("account_closed", |tx, e| Box::pin(account_closed(tx, e))),
        Listener::new::<Event>("batch_closed", |tx, e| Box::pin(batch_closed(tx, e))),
        Listener::new::<Event>("hold_placed", |tx, e| Box::pin(hold_placed(tx, e))),
        Listener::new::<Event>("hold_lifted", |tx, e| Box::pin(hold_lifted(tx, e))),
        Listener::new::<Event>("client_answered", |tx, e| Box::pin(client_answered(tx, e))),
    ]
}

async fn client_changed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut clients = Vec::with_capacity(events.len());
    for told in facts(events, only!(ClientChanged)) {
        let (meta, fact) = told?;
        let parent = convert::id_opt::<id::Client>("parent_client_id", &fact.parent_client_id)?;
        clients.push(Client {
            client_id: client_id("client_id", &fact.client_id)?,
            version: meta.version,
            client_ref: fact.client_ref.clone(),
            name: fact.name.clone(),
            parent_client_id: parent.map(duly_domain::Id::uuid),
        });
    }
    accounts::keep_clients(tx.conn(), &clients).await?;
    Ok(())
}

/// The glossary's code; empty where the teller left it out.
fn debt_class(class: DebtClass) -> &'static str {
    match class {
        DebtClass::Consumer => "consumer",
        DebtClass::Commercial => "commercial",
        DebtClass::Unspecified => "",
    }
}

async fn account_placed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut placed, mut parties) = (vec![], vec![]);
    let (mut deltas, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(AccountPlaced)) {
        let (meta, fact) = told?;
        let account = account_id(&fact.account_id)?;
        let client = client_id("client_id", &fact.client_id)?;
        let listed = convert::money("listed_amount", fact.listed_amount.as_ref())?;
        placed.push(Account {
            account_id: account,
            opening: fact.opening,
            client_id: client,
            batch_id: convert::id::<id::Batch>("batch_id", &fact.batch_id)?.uuid(),
            client_account_ref: fact.client_account_ref.clone(),
            currency: listed.currency().code(),
            listed_minor: listed.minor(),
            listing_date: convert::date("listing_date", fact.listing_date.as_ref())?,
            debt_class: debt_class(fact.debt_class()),
        });
        let whose = Whose { account_id: account, opening: fact.opening, client_id: client };
        for (position, party) in (0i32..).zip(&fact.liable_parties) {
            let party = convert::id::<id::Party>("liable_parties.party_id", &party.party_id)?;
            parties.push((whose, party.uuid(), position));
        }
        deltas.push(Delta { placed: 1, listed: listed.minor(), ..Delta::of(client, listed) });
        let words = words::placed(fact.opening, listed, fact.claim_items);
        entries.push(about(meta)?.entry(account, "intake.account_placed", words, Some(listed)));
    }
    accounts::keep_accounts(tx.conn(), &placed).await?;
    standing::keep_parties(tx.conn(), &parties).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn claim_items_listed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(ClaimItemsListed)) {
        let (meta, fact) = told?;
        let (account, words) = (account_id(&fact.account_id)?, words::items_listed(fact));
        entries.push(about(meta)?.entry(account, "intake.claim_items_listed", words, None));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn account_adjusted(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut deltas, mut sums, mut entries) = (vec![], vec![], vec![]);
    for told in facts(events, only!(AccountAdjusted)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        deltas.push(Delta { adjusted: amount.minor(), ..Delta::of(about.client_id, amount) });
        let whose = about.whose(account, fact.opening);
        sums.push(MoneyDelta { adjusted: amount.minor(), ..MoneyDelta::of(whose, amount) });
        let words = words::adjusted(fact, amount);
        entries.push(about.entry(account, "intake.account_adjusted", words, Some(amount)));
    }
    // Sums of accounts before sums of clients, as for payments: two transactions lock them in one order.
    standing::add_money(tx.conn(), &sums).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn account_recalled(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut ends, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(AccountRecalled)) {
        let (meta, fact) = told?;
        let (account_id, about) = (account_id(&fact.account_id)?, about(meta)?);
        ends.push(End { account_id, opening: fact.opening, client_id: about.client_id });
        let words = words::recalled(fact);
        entries.push(about.entry(account_id, "intake.account_recalled", words, None));
    }
    accounts::end_accounts(tx.conn(), &ends).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn account_closed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut ends, mut closes, mut entries) = (vec![], vec![], vec![]);
    for told in facts(events, only!(AccountClosed)) {
        let (meta, fact) = told?;
        let (account_id, about) = (account_id(&fact.account_id)?, about(meta)?);
        ends.push(End { account_id, opening: fact.opening, client_id: about.client_id });
        closes.push((about.whose(account_id, fact.opening), fact.close_code.clone()));
        let words = words::closed(fact);
        entries.push(about.entry(account_id, "intake.account_closed", words, None));
    }
    accounts::end_accounts(tx.conn(), &ends).await?;
    standing::keep_closes(tx.conn(), &closes).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn batch_closed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut batches = Vec::with_capacity(events.len());
    for told in facts(events, only!(BatchClosed)) {
        let (meta, fact) = told?;
        batches.push(Batch {
            batch_id: convert::id::<id::Batch>("batch_id", &fact.batch_id)?.uuid(),
            client_id: about(meta)?.client_id,
            batch_key: fact.batch_key.clone(),
            accepted: fact.accepted.saturating_add(fact.accepted_with_warning),
            rejected: fact.rejected,
        });
    }
    accounts::keep_batches(tx.conn(), &batches).await?;
    Ok(())
}

async fn hold_placed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut holds, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(HoldPlaced)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let until_on = convert::date_opt("until_on", fact.until_on.as_ref())?;
        holds.push(Hold {
            hold_id: convert::id::<id::Hold>("hold_id", &fact.hold_id)?.uuid(),
            whose: about.whose(account, fact.opening),
            from_on: Some(convert::date("from_on", fact.from_on.as_ref())?),
            until_on,
        });
        let words = words::hold_placed(fact, until_on);
        entries.push(about.entry(account, "intake.hold_placed", words, None));
    }
    standing::keep_holds(tx.conn(), &holds).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn hold_lifted(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut holds, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(HoldLifted)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        holds.push(Hold {
            hold_id: convert::id::<id::Hold>("hold_id", &fact.hold_id)?.uuid(),
            whose: about.whose(account, fact.opening),
            from_on: None,
            until_on: None,
        });
        let words = words::hold_lifted(fact);
        entries.push(about.entry(account, "intake.hold_lifted", words, None));
    }
    standing::keep_holds(tx.conn(), &holds).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn client_answered(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(ClientAnswered)) {
        let (meta, fact) = told?;
        let account = account_id(&fact.account_id)?;
        let credit = convert::money_opt("credit", fact.credit.as_ref())?;
        let words = words::answered(fact, credit);
        entries.push(about(meta)?.entry(account, "intake.client_answered", words, credit));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}
