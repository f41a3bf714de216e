//! One evaluation, and the questions that it answers.

use std::borrow::Cow;

use duly_domain::{Effect, Instant, Verdict};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::blocked::{Blocked, Evidence, Ground, Reason, Requirement};
use crate::facts::Facts;
use crate::packs::{self, PackId};
use crate::proposed::Proposed;
use crate::rules::Findings;
use crate::rules::daily::DailyState;
use crate::span::Span;
use crate::warning::{Warned, Warning};

/// Undecided is held: nothing was evaluated for this instant.
const NOT_EVALUATED: Ground = Ground::policy("not_evaluated", "policy guard.not_evaluated");

/// The time in which one attempt is not allowed, what its content must carry, and what warns of it.
#[derive(Debug, Clone)]
pub struct Evaluation {
    span: Span,
    found: Findings,
    packs: SmallVec<[PackId; 8]>,
}

/// What the guard says at one instant. Text is built by [`Blocked::reason`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Instant,
    /// Allow; defer, where a permitted instant follows within the span; refuse, where none does.
    pub verdict: Verdict,
    /// The stretches that cover the instant, the weightiest first; empty where it allows.
    pub reasons: Vec<Blocked>,
    /// The first permitted instant of the span from here on: the instant itself where it allows.
    pub next_permitted_at: Option<Instant>,
}

impl Decision {
    /// Whether it allows.
    pub fn allows(&self) -> bool {
        self.verdict == Verdict::Allow
    }

    /// Whether only facts that are not known stand against it: nothing denies.
    pub fn is_hold(&self) -> bool {
        !self.reasons.is_empty() && self.reasons.iter().all(|reason| reason.effect == Effect::Hold)
    }
}

/// A decision in the form that is stored, shown and compared by a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The instant that was decided about.
    pub at: Instant,
    /// What the guard says.
    pub verdict: Verdict,
    /// One reason per rule, force and effect: the one that lasts longest.
    pub reasons: Vec<Reason>,
    /// The first permitted instant within the span.
    pub next_permitted_at: Option<Instant>,
    /// What the content must carry, by code.
    pub requires: Vec<Cow<'static, str>>,
    /// What somebody should look at; blocks nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The packs that judged, `federal@1`.
    pub rule_packs: Vec<String>,
}

/// Evaluates one proposed attempt over a span, under the packs in force. The facts' attempts must be in
/// order of time.
///
/// Ask over the span in which the attempt could be made: from now until the treatment expires.
pub fn evaluate(facts: &Facts, proposed: &Proposed, span: Span) -> Evaluation {
    packs::evaluate_with(packs::BOOK, facts, proposed, span)
}

impl Evaluation {
    #[inline(always)]
    pub(crate) fn new(span: Span, found: Findings, packs: SmallVec<[PackId; 8]>) -> Self {
        Self { span, found, packs }
    }

    /// What is found, and by which packs, to be added to.
    pub(crate) fn parts(&mut self) -> (&mut Findings, &mut SmallVec<[PackId; 8]>) {
        (&mut self.found, &mut self.packs)
    }

    /// The span that was asked about.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What the content must carry.
    pub fn requires(&self) -> &[Requirement] {
        &self.found.requires
    }

    /// What warns of the attempt at an instant. One warning per code.
    pub fn warnings(&self, at: Instant) -> impl Iterator<Item = &Warned> {
        let here = move |warned: &Warned| warned.span.contains(at);
        self.found.warned.iter().enumerate().filter_map(move |(n, warned)| {
            let said = |other: &Warned| here(other) && other.ground.rule == warned.ground.rule;
            (here(warned) && !self.found.warned[..n].iter().any(said)).then_some(warned)
        })
    }

    /// The packs that judged.
    pub fn rule_packs(&self) -> &[PackId] {
        &self.packs
    }

    /// Every blocked stretch that touches the span, by rule and then by time.
    pub fn blocked(&self) -> Vec<Blocked> {
        let mut all = self.found.fixed.to_vec();
        for (daily, within) in &self.found.daily {
            let over = within.intersect(self.span);
            let mut at = over.from;
            while at < over.until {
                at = match daily.state(at) {
                    DailyState::Open { until } => until,
                    DailyState::Shut(blocked) => {
                        let until = blocked.span.until;
                        all.push(Blocked { span: blocked.span.intersect(*within), ..blocked });
                        until
                    }
                };
            }
        }
        all
    }

    /// The stretches that cover an instant. One outside the span is held: it was not evaluated.
    pub(crate) fn covering(&self, at: Instant) -> Vec<Blocked> {
        let mut covering = Vec::new();
        if !self.span.contains(at) {
            covering.push(Blocked {
                span: Span::ALWAYS,
                effect: Effect::Hold,
                ground: &NOT_EVALUATED,
                evidence: Evidence::NotEvaluated,
            });
            return covering;
        }
        for blocked in &self.found.fixed {
            if blocked.span.contains(at) {
                covering.push(*blocked);
            }
        }
        for (daily, within) in &self.found.daily {
            if within.contains(at)
                && let DailyState::Shut(blocked) = daily.state(at)
            {
                covering.push(Blocked { span: blocked.span.intersect(*within), ..blocked });
            }
        }
        covering
    }

    /// Whether nothing stands against the attempt at this instant.
    pub fn permits(&self, at: Instant) -> bool {
        self.span.contains(at) && self.shut_until(at).is_none()
    }

    /// The first permitted instant from here on, itself included, within the span.
    pub fn next_permitted(&self, after: Instant) -> Option<Instant> {
        let mut at = after.max(self.span.from);
        while at < self.span.until {
            match self.shut_until(at) {
                None => return Some(at),
                Some(until) => at = until,
            }
        }
        None
    }

    /// Until when some stretch that covers this instant of the span lasts. What lasts without end is seen
    /// before any clock is asked.
    fn shut_until(&self, at: Instant) -> Option<Instant> {
        let mut until = None;
        for blocked in &self.found.fixed {
            if blocked.span.contains(at) {
                until = until.max(Some(blocked.span.until));
            }
        }
        if until.is_some() {
            return until;
        }
        for (daily, within) in &self.found.daily {
            if within.contains(at)
                && let DailyState::Shut(blocked) = daily.state(at)
            {
                return Some(blocked.span.until.min(within.until));
            }
        }
        None
    }

    /// What the guard says at an instant.
    pub fn decide(&self, at: Instant) -> Decision {
        let reasons = self.covering(at);
        if reasons.is_empty() {
            let next_permitted_at = Some(at);
            return Decision { at, verdict: Verdict::Allow, reasons, next_permitted_at };
        }
        let until = reasons.iter().map(|blocked| blocked.span.until).max();
        let next_permitted_at =
            self.next_permitted(until.filter(|_| self.span.contains(at)).unwrap_or(at));
        let verdict = if next_permitted_at.is_some() { Verdict::Defer } else { Verdict::Refuse };
        Decision { at, verdict, reasons, next_permitted_at }
    }

    /// The same with its text, for the decision row and for people.
    pub fn explain(&self, at: Instant) -> Explanation {
        let decision = self.decide(at);
        let mut reasons: Vec<Blocked> = Vec::new();
        for blocked in decision.reasons {
            let same = |kept: &&mut Blocked| {
                kept.ground.rule == blocked.ground.rule
                    && kept.ground.authority == blocked.ground.authority
                    && kept.effect == blocked.effect
            };
            match reasons.iter_mut().find(same) {
                Some(kept) if kept.span.until < blocked.span.until => *kept = blocked,
                Some(_) => {}
                None => reasons.push(blocked),
            }
        }
        Explanation {
            at,
            verdict: decision.verdict,
            reasons: reasons.iter().map(Blocked::reason).collect(),
            next_permitted_at: decision.next_permitted_at,
            requires: self.requires().iter().map(|r| Cow::Borrowed(r.what.as_str())).collect(),
            warnings: self.warnings(at).map(Warned::warning).collect(),
            rule_packs: self.packs.iter().map(ToString::to_string).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
