//! Tasks that a tick opens and closes.

use chrono::Days;
use duly_domain::{AccountId, CaseId, ClientId, Date, Instant, TaskId, TaskKind, TrackState};
use duly_platform::Tx;
use duly_proto::{
    convert,
    workflow::v1::{self as wire, event::Fact},
};
use duly_strategy::Answer;
use uuid::Uuid;

use super::{Tick, account::meta};
use crate::model::{CaseAccount, Obligation, Task, Track};

/// Days in which a person should have done a task of this kind. A dispute has as long as the client has
/// for its answer; what may have left the house twice is looked into at once.
const fn due_days(kind: TaskKind) -> u64 {
    match kind {
        TaskKind::Dispute => 10,
        TaskKind::UnknownOutcome | TaskKind::NoStrategy => 1,
        TaskKind::Strategy
        | TaskKind::UnansweredTreatment
        | TaskKind::LetterRefused
        | TaskKind::TreatmentRefused
        | TaskKind::Trace
        | TaskKind::ReturnedMail
        | TaskKind::Obligation => 3,
    }
}

/// What a task asks.
struct Work {
    party: Option<Uuid>,
    kind: TaskKind,
    subject: Option<Uuid>,
    reason: String,
    due_on: Date,
}

impl Tick<'_> {
    /// Opens a task.
    pub(super) fn open_task(
        &mut self,
        tx: &mut Tx,
        account: &CaseAccount,
        party: Option<Uuid>,
        kind: TaskKind,
        subject: Option<Uuid>,
        reason: String,
    ) {
        let due_on = self.today.checked_add_days(Days::new(due_days(kind))).unwrap_or(Date::MAX);
        self.open_task_by(tx, account, Work { party, kind, subject, reason, due_on });
    }

    /// Opens a task that is due on a day of its own.
    fn open_task_by(&mut self, tx: &mut Tx, account: &CaseAccount, work: Work) {
        let Work { party, kind, subject, reason, due_on } = work;
        let task = Task {
            id: tx.uuid(),
            case: account.case,
            client: account.client,
            account: account.account,
            opening: account.opening,
            party,
            kind,
            subject,
            reason,
            due_on,
            opened_at: self.now,
            closed: None,
            missed_at: None,
        };
        let fact = wire::TaskOpened {
            task_id: TaskId::from_uuid(task.id).to_string(),
            case_id: CaseId::from_uuid(task.case).to_string(),
            client_id: ClientId::from_uuid(task.client).to_string(),
            account_id: AccountId::from_uuid(task.account).to_string(),
            kind: wire::TaskKind::from(kind).into(),
            reason: task.reason.clone(),
            due_on: Some(convert::date_to_wire(due_on)),
        };
        tx.tell::<wire::Event>(meta(account), Fact::TaskOpened(fact));
        let open = self.facts.tasks.entry((account.account, account.opening)).or_default();
        open.push(task.clone());
        self.writes.tasks_opened.push(task);
    }

    /// Opens a task unless one of its kind is open for the party already: twenty refusals of one cause are
    /// one thing to do.
    pub(super) fn open_one_task(
        &mut self,
        tx: &mut Tx,
        account: &CaseAccount,
        party: Option<Uuid>,
        kind: TaskKind,
        subject: Option<Uuid>,
        reason: String,
    ) {
        let key = (account.account, account.opening);
        let open = self.facts.tasks.get(&key).into_iter().flatten();
        let is_open = open.into_iter().any(|task| task.kind == kind && task.party == party);
        if !is_open {
            self.open_task(tx, account, party, kind, subject, reason);
        }
    }

    /// Closes open tasks of one kind.
    pub(super) fn close_tasks(&mut self, account: &CaseAccount, kind: TaskKind, resolution: &str) {
        self.close_where(account, resolution, |task| task.kind == kind);
    }

    /// Closes what is left to do on an account that has ended. What may have left the house stays open
    /// until somebody has looked, and what is owed by law or policy until it is met.
    pub(super) fn close_ended_tasks(&mut self, account: &CaseAccount) {
        let resolution = format!("the account ended: {}", account.ended);
        self.close_where(account, &resolution, |task| {
            !matches!(task.kind, TaskKind::UnknownOutcome | TaskKind::Obligation)
        });
    }

    fn close_where(
        &mut self,
        account: &CaseAccount,
        resolution: &str,
        which: impl Fn(&Task) -> bool,
    ) {
        let key = (account.account, account.opening);
        let Some(open) = self.facts.tasks.get_mut(&key) else { return };
        let (closing, left): (Vec<Task>, Vec<Task>) =
            std::mem::take(open).into_iter().partition(which);
        *open = left;
        let closed = closing.into_iter().map(|task| (task.id, resolution.to_owned()));
        self.writes.tasks_closed.extend(closed);
    }

    /// A task for each dispute that waits for its answer, closed once it is resolved.
    pub(super) fn judge_disputes(&mut self, tx: &mut Tx, account: &CaseAccount, ended: bool) {
        let key = (account.account, account.opening);
        for dispute in self.facts.disputes.get(&key).cloned().unwrap_or_default() {
            match dispute.outcome {
                None if !dispute.tasked && !ended => {
                    let reason =
                        format!("the debtor disputes ({}): get it answered", dispute.reason);
                    let subject = Some(dispute.id);
                    self.open_task(tx, account, None, TaskKind::Dispute, subject, reason);
                    self.writes.disputes_tasked.push(dispute.id);
                }
                None => {}
                Some(outcome) => {
                    let resolution = format!("the dispute was resolved: {outcome}");
                    self.close_where(account, &resolution, |task| task.subject == Some(dispute.id));
                }
            }
        }
    }

    /// A task for each duty that is owed, closed once it is met, marked where it is missed. Also of an
    /// account that ended: a complaint is answered all the same. Answers when a person is to be asked for
    /// what Duly has not met by then.
    pub(super) fn judge_obligations(
        &mut self,
        tx: &mut Tx,
        account: &CaseAccount,
    ) -> Option<Instant> {
        let key = (account.account, account.opening);
        let mut asks_at = None;
        for owed in self.facts.obligations.get(&key).cloned().unwrap_or_default() {
            if owed.over {
                let resolution = if owed.void {
                    "what it was for no longer stands"
                } else {
                    "the obligation was met"
                };
                self.close_where(account, resolution, |task| task.subject == Some(owed.id));
                self.writes.obligations_done.push(owed.id);
                continue;
            }
            if let Some(on) = owed.ask_on.filter(|on| !owed.tasked && *on > self.today) {
                let at = self.zone.start_of_day(on);
                asks_at = Some(asks_at.map_or(at, |before: Instant| before.min(at)));
                continue;
            }
            if !owed.tasked {
                let soon = self.today.checked_add_days(Days::new(due_days(TaskKind::Obligation)));
                let work = Work {
                    party: owed.party,
                    kind: TaskKind::Obligation,
                    subject: Some(owed.id),
                    reason: reason(&owed),
                    due_on: owed.due_on.or(soon).unwrap_or(Date::MAX),
                };
                self.open_task_by(tx, account, work);
                self.writes.obligations_tasked.push(owed.id);
            }
            let open = self.facts.tasks.get_mut(&key).into_iter().flatten();
            let mut its = open.filter(|task| task.subject == Some(owed.id));
            if let (Some(at), Some(task)) = (owed.missed_at, its.next())
                && task.missed_at.is_none()
            {
                task.missed_at = Some(at);
                self.writes.tasks_missed.push((task.id, at));
            }
        }
        asks_at
    }

    /// Takes in the answers that were heard: each treatment has one, whichever came first, and a letter
    /// that came back says so from then on.
    pub(super) fn hear(
        &mut self,
        tx: &mut Tx,
        account: &CaseAccount,
        tracks: &mut [Track],
        ended: bool,
    ) {
        let key = (account.account, account.opening);
        let mut heard = self.facts.heard.remove(&key).unwrap_or_default();
        // Weightiest first, within one treatment; treatments in the order in which they were asked for.
        heard.sort_by_cached_key(|heard| {
            let treatment = self.facts.treatments.get(&heard.treatment);
            let order =
                treatment.map(|t| (t.due_at, t.party_place(tracks), t.step.clone(), t.try_no));
            (order, heard.answer, heard.at)
        });
        for heard in heard {
            self.writes.heard.push((heard.treatment, heard.answer));
            let Some(treatment) = self.facts.treatments.get_mut(&heard.treatment) else { continue };
            let known = treatment.answer.map(|(answer, _)| answer);
            let is_new = match (known, heard.answer) {
                (None | Some(Answer::Unanswered), _) => true,
                (Some(before), Answer::Returned) => before != Answer::Returned,
                (Some(_), _) => false,
            };
            if !is_new {
                continue;
            }
            treatment.answer = Some((heard.answer, heard.at));
            let (party, run, step) = (treatment.party, treatment.run, treatment.step.clone());
            self.writes.answered.push((heard.treatment, heard.answer, heard.at));
            if heard.answer == Answer::Unknown {
                let reason =
                    format!("{step}: it may or may not have left; find out, and do not repeat it");
                let subject = Some(heard.treatment);
                self.open_task(tx, account, Some(party), TaskKind::UnknownOutcome, subject, reason);
            }
            if heard.answer == Answer::Returned && !ended {
                let why = self.facts.details.get(&(heard.treatment, heard.answer));
                let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
                let reason = format!("{step}: the letter came back{why}; find where the party is");
                let subject = Some(heard.treatment);
                self.open_task(tx, account, Some(party), TaskKind::ReturnedMail, subject, reason);
                let track = tracks.iter_mut().find(|track| track.party == party);
                if let Some(track) =
                    track.filter(|track| run == account.run && track.state != TrackState::Ended)
                {
                    track.returned_step = Some(step);
                }
            }
        }
    }
}

/// What must be done, in words: with its authority, and the act that it comes before.
fn reason(owed: &Obligation) -> String {
    let before = match owed.before.as_str() {
        "" => String::new(),
        act => format!(", before {act}"),
    };
    format!("{}{before} ({})", owed.what, owed.authority)
}

impl crate::model::Treatment {
    /// The place of its party among the tracks.
    fn party_place(&self, tracks: &[Track]) -> Option<i32> {
        tracks.iter().find(|track| track.party == self.party).map(|track| track.place)
    }
}
