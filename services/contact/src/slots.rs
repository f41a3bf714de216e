//! Which slot a planned call gets: the first permitted tick for which the agency has a collector, within
//! what the person asked for where that can be. Policy of planning: it forbids nothing that the guard
//! permits, and permits nothing that the guard forbids.

use std::{borrow::Cow, collections::BTreeMap, num::NonZeroU32};

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{Evaluation, Reason, Wishes};
use duly_domain::{Effect, Force, Ticks};
use duly_platform::Tx;

use crate::{config::Config, error::Result, store::slot};

const SECONDS_PER_HOUR: i128 = 3_600;

/// How many calls are still free at each tick, where the agency's collectors make only so many.
pub(crate) struct Seats {
    per_hour: NonZeroU32,
    every: TimeDelta,
    taken: BTreeMap<DateTime<Utc>, i128>,
    /// Before this tick all is taken.
    full_before: DateTime<Utc>,
}

impl Seats {
    /// What other plans have taken, under a lock that the next set of plans waits for; `None` where the
    /// agency makes as many calls as are planned.
    pub(crate) async fn load(tx: &mut Tx) -> Result<Option<Self>> {
        let Some(per_hour) = tx.host().state::<Config>().calls_per_hour() else {
            return Ok(None);
        };
        let (schema, ticks, now) = (tx.host().schema().to_owned(), tx.host().ticks(), tx.now());
        slot::lock(tx.conn(), &schema).await?;
        let begun = begun(ticks, now);
        let taken = slot::taken(tx.conn(), begun, now).await?;
        let taken = taken.into_iter().map(|(at, count)| (at, i128::from(count))).collect();
        Ok(Some(Self { per_hour, every: ticks.every(), taken, full_before: begun }))
    }

    /// The calls of one tick: the hour's, spread evenly over its ticks.
    fn capacity(&self, tick: DateTime<Utc>) -> i128 {
        let by = |at: DateTime<Utc>| {
            let calls = i128::from(at.timestamp()) * i128::from(self.per_hour.get());
            calls.div_euclid(SECONDS_PER_HOUR)
        };
        by(tick + self.every) - by(tick)
    }

    fn is_free(&self, tick: DateTime<Utc>) -> bool {
        self.taken.get(&tick).copied().unwrap_or_default() < self.capacity(tick)
    }

    /// The first tick from here on, itself included, that is not full, and not after the end.
    fn free(&self, from: DateTime<Utc>, end: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut tick = from.max(self.full_before);
        while tick <= end {
            if self.is_free(tick) {
                return Some(tick);
            }
            tick += self.every;
        }
        None
    }

    /// One call is planned for, or made at, this tick.
    fn take(&mut self, tick: DateTime<Utc>) {
        *self.taken.entry(tick).or_default() += 1;
        while self.full_before <= tick && !self.is_free(self.full_before) {
            self.full_before += self.every;
        }
    }
}

/// The tick that an instant belongs to: itself, or the last before it.
fn begun(ticks: Ticks, at: DateTime<Utc>) -> DateTime<Utc> {
    ticks.next_after(at) - ticks.every()
}

/// A slot, and what made it the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub at: DateTime<Utc>,
    pub by: By,
}

/// What made a slot the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// It is the first that the guard permits.
    Guard,
    /// The first within what the person asked for.
    Wish,
    /// Those before it are taken.
    Capacity,
}

/// Why there is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoSlot {
    /// The guard permits none.
    Forbidden,
    /// All that the guard permits are taken.
    Full,
}

/// From when on, and until when, a slot is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    pub ticks: Ticks,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl Within {
    /// The first slot for an attempt: within the person's wishes, else the first of all.
    pub(crate) fn find(
        &self,
        evaluation: &Evaluation,
        wishes: &Wishes,
        seats: Option<&Seats>,
    ) -> std::result::Result<Slot, NoSlot> {
        let first = self.search(evaluation, None, None).ok_or(NoSlot::Forbidden)?;
        if !wishes.is_empty()
            && let Some(at) = self.search(evaluation, Some(wishes), seats)
        {
            let by = if at == first { By::Guard } else { By::Wish };
            return Ok(Slot { at, by });
        }
        let at = self.search(evaluation, None, seats).ok_or(NoSlot::Full)?;
        let by = if at == first { By::Guard } else { By::Capacity };
        Ok(Slot { at, by })
    }

    fn search(
        &self,
        evaluation: &Evaluation,
        wishes: Option<&Wishes>,
        seats: Option<&Seats>,
    ) -> Option<DateTime<Utc>> {
        let until = self.expires_at + TimeDelta::microseconds(1);
        // Now stands for the tick that it belongs to: a worker looks a moment after it.
        let mut at = self.now;
        while at < until {
            let mut next = evaluation.next_permitted(at)?;
            if let Some(wishes) = wishes {
                next = wishes.next(next, until)?;
            }
            if next == at
                && let Some(seats) = seats
            {
                let tick = if at == self.now { begun(self.ticks, at) } else { at };
                let free = seats.free(tick, self.expires_at)?;
                next = if free == tick { at } else { free };
            }
            if next == at {
                return Some(at);
            }
            at = self.ticks.at_or_after(next);
        }
        None
    }

    /// Takes the slot from those that follow.
    pub(crate) fn take(&self, seats: Option<&mut Seats>, slot: Slot) {
        if let Some(seats) = seats {
            let tick = if slot.at <= self.now { begun(self.ticks, self.now) } else { slot.at };
            seats.take(tick);
        }
    }
}

/// The reason why a plan waits for what the person asked for.
pub(crate) fn wished(wishes: &Wishes) -> Reason {
    policy("wish", "policy agency.wishes", asked(wishes))
}

/// What the person asked for, in words.
pub(crate) fn asked(wishes: &Wishes) -> String {
    format!("the person asked to be reached {}", wishes.words())
}

/// The reason why a plan waits for a collector, or is given up.
pub(crate) fn full(seats: &Seats, waits: bool) -> Reason {
    let per_hour = seats.per_hour;
    let sentence = if waits {
        format!("{per_hour} calls an hour are planned already, as many as the collectors make")
    } else {
        format!(
            "{per_hour} calls an hour are planned already, as many as the collectors make, until the \
             time in which the strategy wanted it is over"
        )
    };
    policy("capacity", "policy agency.capacity", sentence)
}

fn policy(rule: &'static str, authority: &'static str, sentence: String) -> Reason {
    Reason {
        rule: Cow::Borrowed(rule),
        authority: Cow::Borrowed(authority),
        force: Force::Policy,
        effect: Effect::Deny,
        sentence,
        until: None,
    }
}

#[cfg(test)]
mod tests;
