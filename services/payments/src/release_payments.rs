//! Release: held money becomes good funds. The only place where a receipt's overpayment and commission are
//! decided, by a tick, in sets, from all facts then known, in the order (payment date, reference, amount).

use std::collections::BTreeMap;

use duly_domain::{ClientId, ClientPolicy, Currency, Money, PaymentId};
use duly_ledger::{Change, commission::ChangeKind, posting, statement::LineKind};
use duly_platform::{DueItem, Tx};
use uuid::Uuid;

use crate::{
    error::{PaymentsError, Result},
    model::{File, Opening, Payment, State, Whose, apply_to},
    price::reprice,
    settle_trust::{journal_post, settle_wanting},
    store::{
        account,
        journal::Posting,
        payment,
        remittance::{self, Item},
        trust,
    },
    wire as to_wire,
};

/// Queue of accounts with money to release, or whose balance may have been settled.
pub(crate) const QUEUE: &str = "release";

/// What a set of releases writes.
#[derive(Default)]
struct Writes {
    postings: Vec<Posting>,
    items: Vec<Item>,
    credits: BTreeMap<(ClientId, Currency), Money>,
    changed: Vec<Payment>,
    settled: Vec<(duly_domain::AccountId, i32, Option<duly_domain::Date>)>,
}

/// Due work: releases what counts as good funds by now on each account, and tells what is settled.
pub(crate) async fn release_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let accounts: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    account::lock(tx.conn(), &accounts).await?;
    let files = account::load(tx.conn(), &accounts).await?;
    let mut clients: Vec<Uuid> = files.values().map(|file| file.latest().client.uuid()).collect();
    clients.sort_unstable();
    clients.dedup();
    let policies = account::policies(tx.conn(), &clients).await?;
    let mut writes = Writes::default();
    for mut file in files.into_values() {
        let client = file.latest().client;
        let policies = policies.get(&client).map_or(&[][..], Vec::as_slice);
        for opening in file.openings.clone() {
            release_opening(tx, &mut file, &opening, policies, &mut writes)?;
        }
    }
    write(tx, writes).await
}

async fn write(tx: &mut Tx, writes: Writes) -> Result<()> {
    let today = tx.today();
    let changed: Vec<&Payment> = writes.changed.iter().collect();
    payment::update(tx.conn(), &changed).await?;
    journal_post(tx, &writes.postings).await?;
    remittance::keep_items(tx.conn(), &writes.items, today).await?;
    if !writes.settled.is_empty() {
        account::note_settled(tx.conn(), &writes.settled).await?;
    }
    let credits: Vec<(Uuid, ClientId, Money)> = writes
        .credits
        .into_iter()
        .filter(|(_, money)| money.is_positive())
        .map(|((client, _), money)| (tx.uuid(), client, money))
        .collect();
    trust::credit(tx.conn(), &credits).await?;
    let clients: Vec<ClientId> = credits.iter().map(|(_, client, _)| *client).collect();
    settle_wanting(tx, &clients).await
}

fn release_opening(
    tx: &mut Tx,
    file: &mut File,
    opening: &Opening,
    policies: &[ClientPolicy],
    writes: &mut Writes,
) -> Result<()> {
    let today = tx.today();
    let ripe: Vec<PaymentId> = file
        .of_state(opening, State::Held)
        .into_iter()
        .filter(|payment| payment.release_on.is_some_and(|on| on <= today))
        .map(|payment| payment.id)
        .collect();
    let mut left = file.balance(opening)?;
    let mut left_after = BTreeMap::new();
    for payment in file.payments.iter_mut().filter(|payment| ripe.contains(&payment.id)) {
        payment.opening = Some(opening.opening);
    }
    // In order: which payment pays the last of a balance is decided by it.
    for id in &ripe {
        let payment = find(file, *id);
        let allocation = apply_to(left, payment.amount)?;
        payment.state = State::Released;
        payment.released_on = Some(today);
        payment.collected = allocation.applied()?;
        payment.overpayment = allocation.overpayment;
        left = left.sub(payment.collected)?;
        left_after.insert(*id, left);
        let whose = payment.whose()?;
        let set = posting::release(whose.into(), payment.collected, payment.overpayment)?;
        let sum = writes
            .credits
            .entry((whose.client, opening.currency()))
            .or_insert(Money::zero(opening.currency()));
        *sum = sum.add(payment.collected)?;
        let (client, payment) = (Some(whose.client), Some(payment.id));
        writes.postings.push(Posting { id: tx.uuid(), set, client, payment, remittance: None });
    }
    if !ripe.is_empty() {
        let (changes, _) = reprice(file, opening, policies)?;
        record(tx, file, opening, &changes, &left_after, writes)?;
        tell(tx, file, &ripe, &changes)?;
    }
    let whose = Whose { account: opening.account, client: opening.client };
    if opening.settled_on.is_none() && !left.is_positive() && file.collected(opening)?.is_positive()
    {
        writes.settled.push((opening.account, opening.opening, Some(today)));
        to_wire::tell_settled(tx, whose, opening.opening);
    }
    Ok(())
}

fn find(file: &mut File, id: PaymentId) -> &mut Payment {
    let found = file.payments.iter_mut().find(|payment| payment.id == id);
    found.expect("a released payment is in its account's file")
}

/// An item per change: a released payment's own, and one per payment that it re-priced.
fn record(
    tx: &mut Tx,
    file: &File,
    opening: &Opening,
    changes: &[Change],
    left_after: &BTreeMap<PaymentId, Money>,
    writes: &mut Writes,
) -> Result<()> {
    for change in changes {
        let payment = file.payments.iter().find(|payment| payment.id == change.id);
        let payment = payment.expect("a change is of a payment in the file");
        let released = left_after.get(&change.id);
        let kind = match (change.kind, released) {
            (ChangeKind::Earned, Some(_)) => LineKind::Payment,
            (ChangeKind::Repriced, None) => LineKind::Repriced,
            // A release neither reverses nor prices for the first time what was released before.
            (ChangeKind::Earned | ChangeKind::Repriced | ChangeKind::Reversed, _) => {
                return Err(PaymentsError::Corrupt { table: "payment", id: change.id.uuid() });
            }
        };
        writes.items.push(item(tx, opening, payment, change, kind, released.copied()));
        writes.changed.push(payment.clone());
    }
    Ok(())
}

/// The item of a change.
pub(crate) fn item(
    tx: &mut Tx,
    opening: &Opening,
    payment: &Payment,
    change: &Change,
    kind: LineKind,
    balance_left: Option<Money>,
) -> Item {
    let zero = Money::zero(opening.currency());
    // What a client received above the balance never was ours to owe back.
    let overpayment = if payment.in_trust() { payment.overpayment } else { zero };
    let (gross, overpayment) = match kind {
        LineKind::Payment => (payment.collected, overpayment),
        LineKind::Reversal | LineKind::Credit | LineKind::Repriced => (zero, zero),
    };
    Item {
        id: tx.uuid(),
        opening: opening.clone(),
        payment: payment.id,
        kind,
        received_by: payment.received_by,
        gross,
        overpayment,
        commission: change.posted,
        schedule_version: change.version,
        portions: change.portions.clone(),
        balance_left,
    }
}

/// Tells each release with its commission; what others were re-priced by is told with the first.
pub(crate) fn tell(
    tx: &mut Tx,
    file: &File,
    released: &[PaymentId],
    changes: &[Change],
) -> Result<()> {
    for (place, id) in released.iter().enumerate() {
        let payment = file.payments.iter().find(|payment| payment.id == *id);
        let payment = payment.expect("a released payment is in its account's file");
        let told = changes
            .iter()
            .filter(|change| change.id == *id || (place == 0 && !released.contains(&change.id)));
        let commission = Money::sum(payment.amount.currency(), told.map(|change| change.posted))?;
        to_wire::tell_released(tx, payment, payment.whose()?, commission);
    }
    Ok(())
}
