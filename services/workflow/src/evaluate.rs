//! One account at one tick, in memory: its facts in, the next move of each track out. The moves are
//! `duly-strategy`'s; here is what an account adds to them: whose facts they are, what is told, which tasks
//! people get, and when the account is proposed to be closed.

mod account;
mod tasks;
mod track;

pub(crate) use account::fits;

use duly_domain::{Date, Instant, Zone};
use duly_platform::Tx;
use duly_standing::{EndKind, Standing};
use duly_strategy::{Answer, Ended, Pause};
use uuid::Uuid;

use crate::{
    documents::Documents,
    error::Result,
    model::{CaseAccount, Facts, OpeningKey, Task, Track, Treatment},
};

/// What a set of decisions writes.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    pub accounts: Vec<CaseAccount>,
    pub tracks: Vec<Track>,
    pub asked: Vec<Treatment>,
    pub answered: Vec<(Uuid, Answer, Instant)>,
    pub heard: Vec<(Uuid, Answer)>,
    pub promises_used: Vec<Uuid>,
    pub disputes_tasked: Vec<Uuid>,
    pub obligations_tasked: Vec<Uuid>,
    pub obligations_done: Vec<Uuid>,
    pub tasks_opened: Vec<Task>,
    pub tasks_missed: Vec<(Uuid, Instant)>,
    pub tasks_closed: Vec<(Uuid, String)>,
}

/// One tick over a set of accounts.
pub(crate) struct Tick<'a> {
    now: Instant,
    today: Date,
    zone: Zone,
    documents: &'a Documents,
    facts: Facts,
    pub writes: Writes,
}

/// What holds for every track of one account.
struct Around<'a> {
    standing: &'a Standing,
    ended: Option<Ended>,
    pause: Option<Pause>,
    /// The opening is the account's current one.
    current: bool,
}

impl<'a> Tick<'a> {
    /// At the transaction's instant.
    pub(crate) fn new(tx: &Tx, documents: &'a Documents, facts: Facts) -> Self {
        Self {
            now: tx.now(),
            today: tx.today(),
            zone: tx.host().zone(),
            documents,
            facts,
            writes: Writes::default(),
        }
    }

    /// Decides about one account. Answers how it then stands, and when something is due next.
    pub(crate) fn account(
        &mut self,
        tx: &mut Tx,
        mut account: CaseAccount,
        standing: &Standing,
    ) -> Result<(CaseAccount, Option<Instant>)> {
        let before = account.clone();
        let key = (account.account, account.opening);
        let around = self.around(key, standing);
        if account.strategy.is_none() && around.current {
            self.begin(tx, &mut account, &around);
        }
        let mut tracks = self.facts.tracks.remove(&key).unwrap_or_default();
        let tracks_before = tracks.clone();
        self.hear(tx, &account, &mut tracks, around.ended.is_some());
        self.judge_disputes(tx, &account, around.ended.is_some());
        let asks_at = self.judge_obligations(tx, &account);
        if let Some(strategy) = &account.strategy {
            let document = self.documents.get(strategy)?;
            if around.current {
                add_tracks(&mut tracks, &account, standing, document);
            }
            for at in 0..tracks.len() {
                self.track(tx, &account, document, &around, &mut tracks, at);
            }
        }
        self.conclude(tx, &mut account, &around, &tracks);
        let next_at = tracks.iter().filter_map(|track| track.next_at).chain(asks_at).min();
        let changed = tracks.into_iter().filter(|track| !tracks_before.contains(track));
        self.writes.tracks.extend(changed);
        if account != before {
            self.writes.accounts.push(account.clone());
        }
        Ok((account, next_at))
    }

    fn around<'s>(&self, key: OpeningKey, standing: &'s Standing) -> Around<'s> {
        let current = standing.opening == key.1;
        let unpaid = self.facts.unpaid_minor.get(&key).copied();
        let ended = if current {
            match standing.ended.map(|end| end.kind) {
                Some(EndKind::Recalled) => Some(Ended::Recalled),
                Some(EndKind::Closed) => Some(Ended::Closed),
                None => {
                    let credited = unpaid.is_some_and(|minor| minor <= 0);
                    (standing.settled || credited).then_some(Ended::Settled)
                }
            }
        } else {
            Some(Ended::Closed)
        };
        Around { standing, ended, pause: self.pause(key, standing), current }
    }

    /// Why the account rests, if it does.
    fn pause(&self, key: OpeningKey, standing: &Standing) -> Option<Pause> {
        if let Some(held) = &standing.held {
            return Some(Pause::Hold { reason: held.reason.clone(), until: held.until });
        }
        let mut disputes = self.facts.disputes.get(&key).into_iter().flatten();
        if disputes.any(|dispute| dispute.pauses && dispute.outcome.is_none()) {
            return Some(Pause::Dispute);
        }
        if !standing.balance.is_positive() {
            return Some(Pause::Paid);
        }
        let promises = self.facts.promises.get(&key).into_iter().flatten();
        let due_on = promises.filter(|promise| promise.open).map(|promise| promise.due_on).min();
        due_on.map(|due_on| Pause::Promise { due_on })
    }
}

/// Gives each liable party of a role that the strategy works its track.
fn add_tracks(
    tracks: &mut Vec<Track>,
    account: &CaseAccount,
    standing: &Standing,
    document: &duly_strategy::Document,
) {
    for party in &standing.parties {
        let known = tracks.iter().any(|track| track.party == party.id);
        if known || document.starts_after(party.role).is_none() {
            continue;
        }
        tracks.push(Track {
            account: account.account,
            opening: account.opening,
            party: party.id,
            case: account.case,
            client: account.client,
            place: party.position,
            role: party.role,
            state: duly_domain::TrackState::Waiting,
            position: None,
            treatment: None,
            returned_step: None,
            exhausted: None,
            stopped: false,
            why: String::new(),
            next: String::new(),
            next_at: None,
        });
    }
}
