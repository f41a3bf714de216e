//! One track: its facts from all that is known, the strategy's move, and what is written and told of it.

use duly_domain::{
    AccountId, CaseId, ClientId, CloseCode, PartyId, StopKind, TaskKind, TrackState, TreatmentId,
};
use duly_platform::Tx;
use duly_proto::{
    common::v1 as common,
    convert,
    workflow::v1::{self as wire, event::Fact},
};
use duly_strategy::{
    Answer, Answered, Asked, Document, Exhaustion, Move, Order, Points, TrackFacts, Treatment, Used,
};
use uuid::Uuid;

use super::{Around, Tick, account::meta};
use crate::model::{self, CaseAccount, Track};

/// The stops that end all contact with a party, the weightiest first: of several the first is why.
const EXHAUSTING: [StopKind; 4] =
    [StopKind::Bankruptcy, StopKind::Deceased, StopKind::Attorney, StopKind::Cease];

impl Tick<'_> {
    /// Decides about one track, and writes what follows.
    pub(super) fn track(
        &mut self,
        tx: &mut Tx,
        account: &CaseAccount,
        document: &Document,
        around: &Around<'_>,
        tracks: &mut [Track],
        at: usize,
    ) {
        let promises = self.broken_promises(account, tracks, at);
        let track = &mut tracks[at];
        let facts = self.facts_of(account, around, track, !promises.is_empty());
        let decided = document.advance(&facts, self.now, self.zone);
        let words = document.words(&facts, &decided, self.zone);
        if decided.promise_used {
            self.writes.promises_used.extend(promises);
        }
        if decided.return_used {
            track.returned_step = None;
        }
        if let Some(used) = decided.used {
            self.use_answer(tx, account, track, used, facts.points);
        }
        for task in &decided.tasks {
            let (party, reason) = (Some(track.party), format!("{}: {}", task.step, task.text));
            self.open_task(tx, account, party, TaskKind::Strategy, None, reason);
        }
        track.position.clone_from(&decided.position);
        track.next_at = decided.next.due_at();
        track.exhausted = None;
        track.stopped = false;
        track.state = match &decided.next {
            Move::Treat(order) => {
                track.treatment = Some(self.ask(tx, account, track, order));
                TrackState::Treating
            }
            Move::Await(_) => TrackState::Treating,
            Move::Wait(_) => TrackState::Waiting,
            Move::Pause { .. } => TrackState::Paused,
            Move::Exhausted(why) => {
                track.exhausted = Some(self.close_code(track.party, *why));
                track.stopped = matches!(why, Exhaustion::Stopped(_));
                TrackState::Exhausted
            }
            Move::End(_) => TrackState::Ended,
        };
        (track.why, track.next) = (words.why, words.next);
    }

    fn facts_of(
        &self,
        account: &CaseAccount,
        around: &Around<'_>,
        track: &Track,
        promise_broken: bool,
    ) -> TrackFacts {
        let begun_at = account.begun_at.unwrap_or(self.now);
        let asked = track.treatment.and_then(|id| self.facts.treatments.get(&id)).map(|asked| {
            let permitted = self.facts.authorized.get(&asked.id).copied();
            // A letter that came back had been mailed.
            let answer = asked.answer.map(|(answer, at)| match answer {
                Answer::Returned => Answered { answer: Answer::Mailed, at },
                answer => Answered { answer, at },
            });
            let expires_at =
                permitted.map_or(asked.expires_at, |until| until.max(asked.expires_at));
            Asked { expires_at, answer }
        });
        let key = (account.account, account.opening, track.party);
        TrackFacts {
            role: track.role,
            begun_on: self.zone.local_date(begun_at),
            position: track.position.clone(),
            asked,
            points: self.points(around, track.party),
            balance: around.standing.balance,
            due_from: account.due_from,
            validation_period_end: self.facts.validation_ends.get(&key).copied(),
            pause: around.pause.clone(),
            promise_broken,
            returned: track.returned_step.clone(),
            stop: self.stop(account.account, track.party),
            ended: around.ended,
        }
    }

    /// How a party can be reached: as it was placed, and as searches found.
    fn points(&self, around: &Around<'_>, party: Uuid) -> Points {
        let found = self.facts.found.get(&party).copied().unwrap_or_default().points;
        around.standing.party(party).map_or(found, |party| Points {
            phone: found.phone || !party.phones.is_empty(),
            email: found.email || !party.emails.is_empty(),
            address: found.address || party.address.is_some(),
        })
    }

    fn stop(&self, account: Uuid, party: Uuid) -> Option<StopKind> {
        let of_party = |kind: &StopKind| {
            self.facts.stops.iter().any(|stop| {
                stop.kind == *kind
                    && stop.party == party
                    && stop.account.is_none_or(|of| of == account)
            })
        };
        EXHAUSTING.into_iter().find(of_party)
    }

    /// The broken promises that this track has to go on for: its party's, and the first track's also
    /// those of which nobody knows who made them.
    fn broken_promises(&self, account: &CaseAccount, tracks: &[Track], at: usize) -> Vec<Uuid> {
        let promises = self.facts.promises.get(&(account.account, account.opening));
        let broken = promises.into_iter().flatten().filter(|promise| promise.broken);
        let owned = broken.filter(|promise| {
            let owner = tracks.iter().position(|track| Some(track.party) == promise.party);
            owner.unwrap_or(0) == at
        });
        owned.map(|promise| promise.id.uuid()).collect()
    }

    /// What a used answer leaves: the treatment no longer waits, and a person may have to look.
    fn use_answer(
        &mut self,
        tx: &mut Tx,
        account: &CaseAccount,
        track: &mut Track,
        used: Used,
        points: Points,
    ) {
        let Some(id) = track.treatment.take() else { return };
        if used.answer == Answer::Unanswered {
            self.writes.answered.push((id, Answer::Unanswered, self.now));
        }
        if used.kept_back {
            return;
        }
        let nowhere = points == Points::default() && used.answer == Answer::NothingFound;
        let kind = match used.answer.task() {
            // These had their task when they were heard of.
            Some(TaskKind::UnknownOutcome | TaskKind::ReturnedMail) => return,
            Some(kind) => kind,
            None if nowhere => TaskKind::Trace,
            None => return,
        };
        let step =
            track.position.as_ref().map(|position| position.step.clone()).unwrap_or_default();
        let detail = self.facts.details.get(&(id, used.answer));
        let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
        let reason = format!("{step}: {}{detail}", trouble(used.answer));
        self.open_one_task(tx, account, Some(track.party), kind, Some(id), reason);
    }

    /// Asks for a treatment.
    fn ask(&mut self, tx: &mut Tx, account: &CaseAccount, track: &Track, order: &Order) -> Uuid {
        let (channel, template) = match order.treatment {
            Treatment::Scrub | Treatment::Trace => (None, ""),
            Treatment::Letter { template, channel } => (Some(channel), template.as_str()),
            Treatment::Call => (Some(duly_domain::Channel::Call), ""),
        };
        let id = tx.uuid();
        let try_no = crate::store::stored(order.try_no);
        let kind = order.treatment.kind();
        let strategy = account.strategy.as_ref();
        let fact = wire::TreatmentDue {
            treatment_id: TreatmentId::from_uuid(id).to_string(),
            case_id: CaseId::from_uuid(account.case).to_string(),
            client_id: ClientId::from_uuid(account.client).to_string(),
            account_id: AccountId::from_uuid(account.account).to_string(),
            opening: account.opening,
            party_id: PartyId::from_uuid(track.party).to_string(),
            kind: common::TreatmentKind::from(kind).into(),
            channel: channel.map_or(common::Channel::Unspecified, Into::into).into(),
            template: template.to_owned(),
            strategy: strategy.map(|key| key.name.clone()).unwrap_or_default(),
            strategy_version: strategy.map_or(0, |key| key.version),
            step: order.step.clone(),
            try_no,
            expires_at: Some(convert::timestamp(order.expires_at)),
        };
        tx.tell::<wire::Event>(meta(account), Fact::TreatmentDue(fact));
        self.writes.asked.push(model::Treatment {
            id,
            case: account.case,
            client: account.client,
            account: account.account,
            opening: account.opening,
            party: track.party,
            kind,
            channel,
            template: template.to_owned(),
            run: account.run,
            step: order.step.clone(),
            try_no,
            due_at: self.now,
            expires_at: order.expires_at,
            answer: None,
        });
        id
    }

    /// The code of an exhausted party; of a bankrupt one by the chapter that a scrub found.
    fn close_code(&self, party: Uuid, why: Exhaustion) -> CloseCode {
        let chapter = self.facts.found.get(&party).map_or(0, |found| found.chapter);
        match (why, chapter) {
            (Exhaustion::Stopped(StopKind::Bankruptcy), 11) => CloseCode::Bky11,
            (Exhaustion::Stopped(StopKind::Bankruptcy), 12) => CloseCode::Bky12,
            (Exhaustion::Stopped(StopKind::Bankruptcy), 13) => CloseCode::Bky13,
            (why, _) => why.close_code(),
        }
    }
}

/// What went wrong, in plain words.
fn trouble(answer: Answer) -> &'static str {
    match answer {
        Answer::LetterRefused => "the letter cannot be written",
        Answer::Refused => "it is not permitted for as long as it could begin",
        Answer::SearchRefused => "the search was not made",
        Answer::NothingFound => "nothing was found, and the party has no contact point at all",
        Answer::Unanswered => "nobody answered in its time",
        Answer::Reached
        | Answer::Mailed
        | Answer::Unknown
        | Answer::Hit
        | Answer::Clear
        | Answer::Found
        | Answer::NotReached
        | Answer::Expired
        | Answer::NotMade
        | Answer::Returned => "look at it",
    }
}
