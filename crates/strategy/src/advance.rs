//! The next move of one track, from its facts alone.

use chrono::TimeDelta;
use duly_domain::{CloseCode, Instant, StopKind, Zone};

use crate::{
    answer::{Answer, Treatment},
    calendar::{end_of_day_after, later, morning, morning_after},
    document::{Do, Document, Step, Until},
    facts::{Answered, Asked, Ended, Pause, Position, TrackFacts},
};

/// A treatment that nobody answered is given up so long after it expired.
pub const UNANSWERED_AFTER: TimeDelta = TimeDelta::days(1);

/// What to do now, and where the track then stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Advance {
    /// Where the track stands from now on; absent before its first step.
    pub position: Option<Position>,
    /// The answer that the track has used: what was asked for no longer waits.
    pub used: Option<Used>,
    /// The broken promise was acted on.
    pub promise_used: bool,
    /// The returned letter was acted on.
    pub return_used: bool,
    /// Tasks that the steps on the way open.
    pub tasks: Vec<StepTask>,
    /// What to do.
    pub next: Move,
}

/// How an answer was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// The answer; [`Answer::Unanswered`] is the track's own.
    pub answer: Answer,
    /// It came in a pause, which kept the treatment back: it is made again afterwards, and is nobody's
    /// trouble.
    pub kept_back: bool,
}

/// A task that a step opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTask {
    /// The step.
    pub step: String,
    /// What to do.
    pub text: String,
}

/// What to do with a track.
#[derive(Debug, Clone, PartialEq)]
pub enum Move {
    /// Ask for a treatment.
    Treat(Order),
    /// Wait for the answer to what was asked for, at most until then.
    Await(Instant),
    /// Rest until then.
    Wait(Instant),
    /// Rest until the pause is over.
    Pause {
        /// Why.
        why: Pause,
        /// When it ends by itself; absent: only a fact ends it.
        until: Option<Instant>,
    },
    /// Nothing more can be done with this party.
    Exhausted(Exhaustion),
    /// The account ended.
    End(Ended),
}

impl Move {
    /// When to look again, if nothing is heard before.
    #[must_use]
    pub fn due_at(&self) -> Option<Instant> {
        match self {
            Self::Treat(order) => Some(order.expires_at + UNANSWERED_AFTER),
            Self::Await(at) | Self::Wait(at) => Some(*at),
            Self::Pause { until, .. } => *until,
            Self::Exhausted(_) | Self::End(_) => None,
        }
    }
}

/// A treatment to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The step that asks.
    pub step: String,
    /// 1 for the first try of the step.
    pub try_no: u32,
    /// What is asked for.
    pub treatment: Treatment,
    /// It must not begin after this.
    pub expires_at: Instant,
}

/// Why nothing more can be done with a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhaustion {
    /// The strategy is at its end, and proposes to close so.
    Strategy(CloseCode),
    /// The track lasted longer than the document allows.
    TooLong,
    /// A stop forbids all contact. Lifted, the track goes on.
    Stopped(StopKind),
}

impl Exhaustion {
    /// The close code that it suggests. Which chapter a bankruptcy is under, a finding tells better.
    #[must_use]
    pub const fn close_code(self) -> CloseCode {
        match self {
            Self::Strategy(code) => code,
            Self::TooLong => CloseCode::Unc,
            Self::Stopped(StopKind::Bankruptcy) => CloseCode::Bky7,
            Self::Stopped(StopKind::Deceased) => CloseCode::Dec,
            Self::Stopped(StopKind::Military) => CloseCode::Scr,
            Self::Stopped(StopKind::Attorney | StopKind::Cease | StopKind::OptOut) => {
                CloseCode::Cnd
            }
        }
    }
}

impl Document {
    /// What to do with a track now. The same facts at the same instant give the same, and asking again
    /// from where it leaves the track gives nothing new to do.
    #[must_use]
    pub fn advance(&self, facts: &TrackFacts, now: Instant, zone: Zone) -> Advance {
        let mut walk = Walk {
            document: self,
            facts,
            now,
            zone,
            done: Advance {
                position: facts.position.clone(),
                used: None,
                promise_used: false,
                return_used: false,
                tasks: Vec::new(),
                next: Move::Exhausted(Exhaustion::TooLong),
            },
        };
        walk.done.next = walk.decide();
        walk.done
    }

    /// When a track begins, if its role has one.
    #[must_use]
    pub fn begins_at(&self, facts: &TrackFacts, zone: Zone) -> Option<Instant> {
        match self.starts_after(facts.role)? {
            0 => Some(zone.start_of_day(facts.begun_on)),
            days => Some(morning(later(facts.begun_on, days), zone)),
        }
    }
}

struct Walk<'a> {
    document: &'a Document,
    facts: &'a TrackFacts,
    now: Instant,
    zone: Zone,
    done: Advance,
}

impl Walk<'_> {
    fn decide(&mut self) -> Move {
        if let Some(ended) = self.facts.ended {
            return Move::End(ended);
        }
        if let Some(stop) = self.facts.stop {
            return Move::Exhausted(Exhaustion::Stopped(stop));
        }
        if self.lasts_too_long() {
            return Move::Exhausted(Exhaustion::TooLong);
        }
        if let Some(pause) = &self.facts.pause {
            self.keep_back();
            let until = match pause {
                Pause::Hold { until, .. } => until.map(|day| morning(later(day, 1), self.zone)),
                Pause::Dispute | Pause::Paid | Pause::Promise { .. } => None,
            };
            return Move::Pause { why: pause.clone(), until };
        }
        if self.done.position.is_none() {
            // Nobody has been worked yet whom a promise could have kept waiting.
            self.done.promise_used = self.facts.promise_broken;
            match self.document.begins_at(self.facts, self.zone) {
                Some(at) if at > self.now => return Move::Wait(at),
                Some(_) => {}
                None => return Move::Exhausted(Exhaustion::TooLong),
            }
            return self.go(0);
        }
        let mut answered = None;
        if let Some(asked) = &self.facts.asked {
            match self.answer(asked) {
                Some(answer) => answered = Some(answer),
                None => return Move::Await(asked.expires_at + UNANSWERED_AFTER),
            }
        }
        if let Some(Answered { answer, .. }) = answered {
            self.done.used = Some(Used { answer, kept_back: false });
        }
        if let Some(to) = self.led_away() {
            return self.go(to);
        }
        let Some(at) = self.place() else { return Move::Exhausted(Exhaustion::TooLong) };
        match answered {
            Some(answered) => self.after_answer(at, answered),
            None => self.stay(at),
        }
    }

    fn lasts_too_long(&self) -> bool {
        let today = self.zone.local_date(self.now);
        let days = self.document.starts_after(self.facts.role).unwrap_or(0);
        today > later(self.facts.begun_on, days.saturating_add(self.document.at_most_days))
    }

    /// An answer that only says that the pause was in the way: the treatment is to be made again.
    fn keep_back(&mut self) {
        let answered = self.facts.asked.as_ref().and_then(|asked| asked.answer);
        let Some(Answered { answer, .. }) = answered.filter(|it| it.answer.kept_back()) else {
            return;
        };
        if let Some(position) = &mut self.done.position {
            position.kept_back += 1;
            self.done.used = Some(Used { answer, kept_back: true });
        }
    }

    /// The answer, or that nobody gave one in time.
    fn answer(&self, asked: &Asked) -> Option<Answered> {
        asked.answer.or_else(|| {
            (self.now >= asked.expires_at + UNANSWERED_AFTER)
                .then_some(Answered { answer: Answer::Unanswered, at: self.now })
        })
    }

    /// Where a broken promise or a returned letter leads, wherever the track stands.
    fn led_away(&mut self) -> Option<usize> {
        if self.facts.promise_broken {
            self.done.promise_used = true;
            if self.document.broken_promise.is_some() {
                return self.document.broken_promise;
            }
        }
        let step = self.facts.returned.as_deref()?;
        self.done.return_used = true;
        let step = &self.document.steps[self.document.place(step)?];
        step.on.get(&Answer::Returned).copied()
    }

    fn place(&self) -> Option<usize> {
        self.document.place(&self.done.position.as_ref()?.step)
    }

    fn after_answer(&mut self, at: usize, Answered { answer, at: answered_at }: Answered) -> Move {
        let step = &self.document.steps[at];
        if let (Some(position), Do::Treat { tries, every_days, .. }) =
            (&mut self.done.position, &step.what)
            && answer.tries_again()
            && position.tries.saturating_sub(position.kept_back) < *tries
        {
            position.rests_until = Some(morning_after(answered_at, *every_days, self.zone));
            return self.stay(at);
        }
        match step.on.get(&answer).copied().or(step.then) {
            Some(next) => self.go(next),
            None => self.stay(at),
        }
    }

    /// Goes to a step, and on from there for as long as nothing holds the track.
    fn go(&mut self, to: usize) -> Move {
        let mut at = to;
        // Each step at most once: a checked document does not come round without a day's rest.
        for _ in 0..=self.document.steps.len() {
            let step = &self.document.steps[at];
            self.done.position = Some(Position::enter(&step.id, self.now));
            if !step.applies(self.facts, self.zone.local_date(self.now)) {
                match step.otherwise.or(step.then) {
                    Some(next) => at = next,
                    None => break,
                }
                continue;
            }
            let rests_until = self.rest(step);
            if let Some(position) = &mut self.done.position {
                position.rests_until = rests_until;
            }
            if let Do::Task(text) = &step.what {
                self.done.tasks.push(StepTask { step: step.id.clone(), text: text.clone() });
            }
            match self.passes(step) {
                Some(next) => at = next,
                None => break,
            }
        }
        self.stay(at)
    }

    /// How long a step that is entered now rests.
    fn rest(&self, step: &Step) -> Option<Instant> {
        match step.what {
            Do::WaitDays(days) => Some(morning_after(self.now, days, self.zone)),
            Do::WaitUntil(Until::ValidationPeriodEnd) => {
                let end = self.facts.validation_period_end?;
                Some(morning(later(end, 1), self.zone))
            }
            Do::Treat { .. } | Do::Task(_) | Do::ProposeClose(_) => None,
        }
    }

    /// Where a step leads that takes no more time.
    fn passes(&self, step: &Step) -> Option<usize> {
        let rests = self.done.position.as_ref().and_then(|position| position.rests_until);
        match step.what {
            Do::Task(_) => step.then,
            Do::WaitDays(_) | Do::WaitUntil(_) => {
                if rests.is_some_and(|until| until > self.now) {
                    None
                } else {
                    step.then
                }
            }
            Do::Treat { .. } | Do::ProposeClose(_) => None,
        }
    }

    /// What the step where the track stands asks for.
    fn stay(&mut self, at: usize) -> Move {
        let step = &self.document.steps[at];
        if let Some(next) = self.passes(step) {
            return self.go(next);
        }
        let Some(position) = &mut self.done.position else {
            return Move::Exhausted(Exhaustion::TooLong);
        };
        let made = position.tries.saturating_sub(position.kept_back);
        match (&step.what, position.rests_until) {
            // Asked for as often as it may be: only what follows is left.
            (Do::Treat { tries, .. }, _) if made >= *tries => match step.then {
                Some(next) => self.go(next),
                None => Move::Exhausted(Exhaustion::TooLong),
            },
            (Do::ProposeClose(code), _) => Move::Exhausted(Exhaustion::Strategy(*code)),
            (_, Some(until)) if until > self.now => Move::Wait(until),
            (Do::Treat { treatment, .. }, _) => {
                position.tries += 1;
                position.rests_until = None;
                Move::Treat(Order {
                    step: step.id.clone(),
                    try_no: position.tries,
                    treatment: *treatment,
                    expires_at: end_of_day_after(self.now, step.start_within_days, self.zone),
                })
            }
            // A wait without an end and a task both pass; a checked document has a step behind them.
            (Do::WaitDays(_) | Do::WaitUntil(_) | Do::Task(_), _) => {
                Move::Exhausted(Exhaustion::TooLong)
            }
        }
    }
}

#[cfg(test)]
mod tests;
