//! Where a track stands, why, and what comes next, in plain English. Names no person.

use duly_domain::{Channel, Instant, StopKind, Zone};

use crate::{
    advance::{Advance, Exhaustion, Move, UNANSWERED_AFTER},
    answer::Treatment,
    document::{Do, Document, Step, Until},
    facts::{Ended, Pause, TrackFacts},
};

/// What a person is told of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Why it stands where it stands.
    pub why: String,
    /// What comes next, and when.
    pub next: String,
}

impl Words {
    fn new(why: impl Into<String>, next: impl Into<String>) -> Self {
        Self { why: why.into(), next: next.into() }
    }
}

impl Document {
    /// The words for a decision of [`Document::advance`].
    #[must_use]
    pub fn words(&self, facts: &TrackFacts, decided: &Advance, zone: Zone) -> Words {
        let step = decided
            .position
            .as_ref()
            .and_then(|position| self.steps.iter().find(|step| step.id == position.step));
        let day = |at: Instant| zone.local_date(at);
        match &decided.next {
            Move::Treat(order) => {
                let until = day(order.expires_at + UNANSWERED_AFTER);
                self.awaiting(
                    step,
                    order.try_no,
                    &format!("is asked for now; {until} at the latest"),
                )
            }
            Move::Await(until) => {
                let tries = decided.position.as_ref().map_or(1, |position| position.tries);
                let wait = format!("waits for its answer; {} at the latest", day(*until));
                self.awaiting(step, tries, &wait)
            }
            Move::Wait(until) => self.resting(facts, step, decided, *until, zone),
            Move::Pause { why, .. } => paused(why, step),
            Move::Exhausted(why) => self.exhausted(*why),
            Move::End(ended) => Words::new(
                match ended {
                    Ended::Recalled => "the client recalled the account",
                    Ended::Closed => "the account is closed",
                    Ended::Settled => "the balance is paid or credited",
                },
                "nothing more is done",
            ),
        }
    }

    fn awaiting(&self, step: Option<&Step>, try_no: u32, wait: &str) -> Words {
        let Some(step) = step else { return Words::new("", "") };
        let tries = step.tries();
        let which = if tries > 1 { format!(", try {try_no} of {tries}") } else { String::new() };
        let why = format!("{}: {}{which} {wait}", step.id, what(step));
        Words::new(why, self.then(step))
    }

    fn resting(
        &self,
        facts: &TrackFacts,
        step: Option<&Step>,
        decided: &Advance,
        until: Instant,
        zone: Zone,
    ) -> Words {
        let on = zone.local_date(until);
        let Some(step) = step else {
            let days = self.starts_after(facts.role).unwrap_or(0);
            let why = format!("a {} is worked {days} days after the account came", facts.role);
            let first = self.steps.first().map(what).unwrap_or_default();
            return Words::new(why, format!("on {on}: {first}"));
        };
        match &step.what {
            Do::Treat { every_days, tries, .. } => {
                let made = decided.position.as_ref().map_or(0, |position| position.tries);
                let why = format!(
                    "{}: {}, {made} of {tries} made without reaching the party; {every_days} days between \
                     two",
                    step.id,
                    what(step)
                );
                Words::new(why, format!("on {on}: the next try"))
            }
            Do::WaitDays(_) | Do::WaitUntil(_) | Do::Task(_) | Do::ProposeClose(_) => {
                let why = format!("{}: {}", step.id, what(step));
                Words::new(why, format!("on {on}: {}", self.then(step)))
            }
        }
    }

    /// What follows a step, by its own words.
    fn then(&self, step: &Step) -> String {
        step.then
            .and_then(|at| self.steps.get(at))
            .map_or_else(|| "the end".to_owned(), |next| format!("{}, {}", next.id, what(next)))
    }

    fn exhausted(&self, why: Exhaustion) -> Words {
        match why {
            Exhaustion::Strategy(code) => Words::new(
                format!("{} is at its end", self.name),
                format!("nothing with this party; its end proposes to close as {code}"),
            ),
            Exhaustion::TooLong => Words::new(
                format!("{} works nobody longer than {} days", self.name, self.at_most_days),
                "nothing with this party",
            ),
            Exhaustion::Stopped(kind) => Words::new(
                match kind {
                    StopKind::Attorney => "the party is represented by an attorney",
                    StopKind::Cease => "the party asked in writing that contact cease",
                    StopKind::Bankruptcy => "the party is bankrupt",
                    StopKind::Deceased => "the party has died",
                    StopKind::Military => "the party is on active military duty",
                    StopKind::OptOut => "the party does not want to be contacted",
                },
                "nothing with this party, unless the stop is lifted",
            ),
        }
    }
}

fn paused(pause: &Pause, step: Option<&Step>) -> Words {
    let then = step.map_or_else(|| "begins".to_owned(), |step| format!("goes on at {}", step.id));
    match pause {
        Pause::Hold { reason, until } => {
            let why = if reason.is_empty() {
                "the client holds the account".to_owned()
            } else {
                format!("the client holds the account: {reason}")
            };
            let end = until.map_or_else(String::new, |day| format!(", after {day}"));
            Words::new(why, format!("{then} once the hold ends{end}"))
        }
        Pause::Dispute => Words::new(
            "a dispute waits for its answer",
            format!("{then} once the dispute is resolved"),
        ),
        Pause::Paid => Words::new(
            "enough was paid; it is not yet good funds",
            format!("the account is settled once it is, and {then} if it is taken back"),
        ),
        Pause::Promise { due_on } => Words::new(
            format!("a payment is promised for {due_on}"),
            format!("{then} once the promise is kept or broken"),
        ),
    }
}

/// What a step does.
fn what(step: &Step) -> String {
    match &step.what {
        Do::Treat { treatment, tries, every_days } => match treatment {
            Treatment::Scrub => "a check for bankruptcy, death and military duty".to_owned(),
            Treatment::Trace => "a search for contact points".to_owned(),
            Treatment::Letter { template, channel } => {
                let name = template.as_str().replace('_', " ");
                let way = match channel {
                    Channel::Email => "e-mail",
                    Channel::Mail | Channel::Call | Channel::Text => "mail",
                };
                format!("a {name} by {way}")
            }
            Treatment::Call if *tries == 1 => "a call".to_owned(),
            Treatment::Call => format!("up to {tries} calls, one every {every_days} days"),
        },
        Do::WaitDays(1) => "a day's rest".to_owned(),
        Do::WaitDays(days) => format!("{days} days' rest"),
        Do::WaitUntil(Until::ValidationPeriodEnd) => {
            "rest until the validation period has ended".to_owned()
        }
        Do::Task(_) => "a task for a person".to_owned(),
        Do::ProposeClose(code) => format!("a proposal to close as {code}"),
    }
}
