//! Counts of calls and conversations, and the consent to more of them.

use chrono::Duration;
use duly_compliance::{ConsentFor, GivenTo, Medium, PointState, Proposed, Span, evaluate};
use duly_domain::{AccountId, Date, Instant};
use serde_json::{Map, Value, json};

use super::Asked;
use crate::event::Does;
use crate::scene::Told;
use crate::when::{self, plus};
use crate::words::Bad;
use crate::world::party;

/// "Within seven consecutive days": 12 CFR 1006.14(b)(2)(i), (b)(3)(i).
const SEVEN_DAYS: i64 = 7;

impl Asked<'_> {
    fn day_of(&self, at: Instant) -> Date {
        at.with_timezone(&self.world.tz).date_naive()
    }

    /// Calls of the last seven days that count, about one debt or any, each once.
    pub(super) fn calls_counted(&self, debt: Option<AccountId>) -> usize {
        let last = self.day_of(self.end);
        let wrong = |point: Option<duly_domain::PointId>| {
            point
                .and_then(|id| self.world.facts.point(id))
                .is_some_and(|point| point.state == PointState::Wrong)
        };
        let mut calls: Vec<Instant> = self
            .world
            .facts
            .attempts
            .iter()
            .filter(|attempt| {
                attempt.medium == Medium::Call
                    && attempt.counted
                    && debt.is_none_or(|debt| self.world.facts.counter(attempt.account) == debt)
                    && self.day_of(attempt.at) > plus(last, -SEVEN_DAYS)
                    && !wrong(attempt.point)
                    && !self.consented(attempt.at)
            })
            .map(|attempt| attempt.at)
            .collect();
        calls.dedup();
        calls.len()
    }

    /// `{debt: M, calls: 3, conversations: 1}`.
    pub(super) fn counted_for(
        &self,
        key: &str,
        all: &Map<String, Value>,
    ) -> Result<Option<Value>, Bad> {
        let name = all.get("debt").and_then(Value::as_str);
        if key == "debt" {
            return Ok(name.map(|name| json!(name)));
        }
        let debt = match name {
            Some(name) => Some(self.world.facts.counter(self.world.debt("value.debt", name)?)),
            None => None,
        };
        if key == "calls" {
            return Ok(Some(json!(self.calls_counted(debt))));
        }
        let last = self.day_of(self.end);
        let mut talks: Vec<Instant> = self
            .world
            .facts
            .attempts
            .iter()
            .filter(|attempt| {
                attempt.conversation
                    && debt.is_none_or(|debt| self.world.facts.counter(attempt.account) == debt)
                    && self.day_of(attempt.at) > plus(last, -SEVEN_DAYS)
            })
            .map(|attempt| attempt.at)
            .collect();
        talks.dedup();
        Ok(Some(json!(talks.len())))
    }

    /// The days on which each consent to more calls holds: seven at most, the day of receipt the first, until
    /// its own end, its withdrawal or a conversation. 12 CFR 1006.14(b)(3)(i), comment -2.
    fn consents(&self) -> Vec<Span> {
        let facts = &self.world.facts;
        let consents = facts.consents.iter().filter(|consent| {
            consent.what == ConsentFor::MoreCalls && consent.given_to == GivenTo::Agency
        });
        consents
            .map(|consent| {
                let seventh = plus(self.day_of(consent.from), SEVEN_DAYS);
                let mut until = when::start(self.world.tz, seventh);
                until = until.min(consent.ends().unwrap_or(until));
                let talk = facts.attempts.iter().filter(|attempt| {
                    attempt.conversation
                        && attempt.at > consent.from
                        && consent.account.is_none_or(|debt| debt == attempt.account)
                });
                // The call in which it takes place is still under it.
                let talk = talk.map(|attempt| attempt.at + Duration::seconds(1)).min();
                Span::new(consent.from, until.min(talk.unwrap_or(until)))
            })
            .collect()
    }

    fn consented(&self, at: Instant) -> bool {
        self.consents().into_iter().any(|span| span.contains(at))
    }

    /// Whether the calls that are asked about count towards the frequencies: one at the day asked about, those
    /// told since a consent, or one under a consent since which none is told.
    pub(super) fn counts_toward_frequencies(&self) -> Result<Option<bool>, Bad> {
        if let Some(at) = self.at {
            return Ok(Some(!self.consented(at)));
        }
        let spans = self.consents();
        let Some(consent) = spans.last() else {
            return self.counts_as_call();
        };
        let calls = self.scene.told.iter().filter(|told| told.kind.does() == Does::Call);
        let since: Vec<Instant> =
            calls.flat_map(Told::instants).filter(|at| *at >= consent.from).collect();
        Ok(Some(match since.as_slice() {
            [] => consent.is_empty(),
            since => !since.iter().all(|at| self.consented(*at)),
        }))
    }

    pub(super) fn consent_last_day(&self) -> Option<Date> {
        let last = self.consents().into_iter().next_back()?;
        Some(self.day_of(last.until - Duration::seconds(1)))
    }

    /// How many particular debts there are: student loans serviced under one account number are one.
    pub(super) fn particular_debts(&self) -> usize {
        let facts = &self.world.facts;
        let mut debts: Vec<AccountId> =
            facts.accounts.iter().map(|row| facts.counter(row.id)).collect();
        debts.sort();
        debts.dedup();
        debts.len()
    }

    /// The first day with a permitted time for a medium, after what is told.
    pub(super) fn first_date(&self, medium: Medium) -> Result<Option<Date>, Bad> {
        /// How far to look.
        const DAYS: u16 = 400;
        let mut world = self.world.clone();
        let point = world.point_for(medium);
        let debts = world.all_debts();
        let Some(first) = debts.first() else { return Ok(None) };
        let proposed = Proposed::collect(party(), *first, medium, Some(point));
        let next_day = self.at.unwrap_or(self.end);
        let evaluation = evaluate(&world.facts, &proposed, Span::days(next_day, DAYS));
        Ok(evaluation.next_permitted(next_day).map(|at| self.day_of(at)))
    }
}
