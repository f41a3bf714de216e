//! The tick that notes what is owed: facts open and meet obligations, this writes down that they did, and
//! that a day passed without. It judges by what was told before its instant, under the locks on the
//! persons, so any order of hearing ends in the same rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use duly_compliance::duties::{Due, Kind, State};
use duly_domain::Date;
use duly_platform::{DueItem, Tx};
use uuid::Uuid;

use crate::{
    codes::ObligationState,
    error::Result,
    guard::{self, Owed},
    store::{
        obligation::{self, Key, Obligation},
        person,
    },
    wire as to_wire,
};

/// Queue of parties about whom something may be owed, or may have been missed.
pub(crate) const QUEUE: &str = "obligations";

/// Duties that Duly's own work meets, and how many days before their last day a person is asked where it has
/// not: the notice leaves with the letters of the strategy.
const OURS: [(&str, u64); 2] = [("o.validation", 2), ("ma.validation", 2)];

/// From which day on a person is asked; `None`: at once.
fn ask_on(row: &Obligation) -> Option<Date> {
    let (_, before) = OURS.iter().find(|(code, _)| *code == row.code)?;
    row.due_on?.checked_sub_days(Days::new(*before))
}

/// Has the next tick look at what is owed about these parties. Before their persons are locked: the tick
/// holds its due rows before it locks persons.
pub(crate) async fn look_again(tx: &mut Tx, parties: &[Uuid]) -> sqlx::Result<()> {
    if parties.is_empty() {
        return Ok(());
    }
    let at = tx.next_tick();
    tx.mark_due(QUEUE, parties, at).await
}

/// What a set writes and tells.
#[derive(Default)]
struct Writes {
    new: Vec<Obligation>,
    changed: Vec<Obligation>,
    marks: BTreeMap<DateTime<Utc>, Vec<Uuid>>,
}

/// Due work: notes.
pub(crate) async fn note_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let parties: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    person::lock(tx.conn(), &parties).await?;
    let parties = person::with_kin(tx.conn(), &parties).await?;
    let people = guard::load_past(tx, &parties).await?;
    // Facts told before this instant alone: what others tell in it is partly in by now, and marked the
    // parties due at the next tick.
    let as_of = tx.now() - TimeDelta::microseconds(1);
    let known = obligation::of_parties(tx.conn(), &parties).await?;
    let mut known: BTreeMap<Key, Obligation> =
        known.into_iter().map(|row| (row.key(), row)).collect();
    let mut writes = Writes::default();
    for owed in people.owed(as_of) {
        let now = stands(&owed);
        if now.state == ObligationState::Open
            && let Some(ends) = owed.obligation.due.ends()
        {
            let late = tx.host().ticks().next_after(ends);
            writes.marks.entry(late).or_default().push(now.party);
        }
        match known.remove(&now.key()) {
            None => {
                let now = Obligation { id: tx.uuid(), ..now };
                tell(tx, None, &now);
                writes.new.push(now);
            }
            Some(before) => note(tx, &before, now, &mut writes),
        }
    }
    // What had opened these no longer stands. What was met stays met, what was missed stays missed.
    for before in known.into_values().filter(|row| row.state == ObligationState::Open) {
        let state = ObligationState::Void;
        let now = Obligation { state, owed: false, blocks: None, ..before.clone() };
        tell(tx, Some(&before), &now);
        writes.changed.push(now);
    }
    write(tx, writes).await
}

/// Notes how one stands that was known before.
fn note(tx: &mut Tx, before: &Obligation, now: Obligation, writes: &mut Writes) {
    // Met stays met: the facts of attempts reach back some weeks only.
    if before.state == ObligationState::Discharged {
        return;
    }
    let Obligation { id, opening, discharged_at, .. } = *before;
    let words = before.clone();
    let now = Obligation {
        id,
        opening,
        discharged_at: now.discharged_at.or(discharged_at),
        owed: now.owed && discharged_at.is_none(),
        due_on: now.due_on,
        not_before: now.not_before,
        blocks: now.blocks,
        state: now.state,
        lapsed_at: now.lapsed_at,
        ..words
    };
    if now != *before {
        tell(tx, Some(before), &now);
        writes.changed.push(now);
    }
}

/// How an obligation stands, as its row.
fn stands(owed: &Owed) -> Obligation {
    let one = &owed.obligation;
    let (state, discharged_at, lapsed_at) = match one.state {
        State::Open | State::Standing | State::Running => (ObligationState::Open, None, None),
        State::Discharged { at } | State::Ended { at } => {
            (ObligationState::Discharged, Some(at), None)
        }
        State::Lapsed { since, done_at } => (ObligationState::Lapsed, done_at, Some(since)),
    };
    let shown = one.shown();
    Obligation {
        id: Uuid::nil(),
        client: owed.client,
        account: owed.account,
        opening: owed.opening,
        party: owed.party,
        address: owed.address.clone(),
        code: shown.code.into_owned(),
        opened_at: one.opened_at,
        ordinal: owed.ordinal,
        what: shown.what.into_owned(),
        met: shown.met.into_owned(),
        authority: shown.authority.into_owned(),
        force: shown.force,
        day_force: shown.day_force,
        due_on: shown.due_on,
        not_before: shown.not_before,
        before: match one.due {
            Due::Before(act) => Some(act.to_owned()),
            Due::InTheAct | Due::By { .. } | Due::NoDay => None,
        },
        blocks: shown.blocks.map(std::borrow::Cow::into_owned),
        state,
        // A timer that was broken, or a text that was missing, cannot be made good by a later act.
        owed: one.is_owed() && one.duty.kind == Kind::Duty,
        discharged_at,
        lapsed_at,
    }
}

/// Tells what is new. What was met before anybody could have been asked is not told.
fn tell(tx: &mut Tx, before: Option<&Obligation>, now: &Obligation) {
    let lapsed = |row: &Obligation| row.state == ObligationState::Lapsed;
    let over = |row: &Obligation| row.state == ObligationState::Void || row.discharged_at.is_some();
    if before.is_none() && now.state == ObligationState::Discharged {
        return;
    }
    if before.is_none() {
        to_wire::tell_obligation_opened(tx, now, ask_on(now));
    }
    if lapsed(now) && !before.is_some_and(lapsed) {
        to_wire::tell_obligation_missed(tx, now);
    }
    if over(now) && !before.is_some_and(over) {
        to_wire::tell_obligation_met(tx, now);
    }
}

async fn write(tx: &mut Tx, writes: Writes) -> Result<()> {
    let now = tx.now();
    obligation::insert(tx.conn(), &writes.new, now).await?;
    obligation::update(tx.conn(), &writes.changed, now).await?;
    for (at, parties) in writes.marks {
        tx.mark_due(QUEUE, &parties, at).await?;
    }
    Ok(())
}
