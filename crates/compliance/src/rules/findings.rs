//! What rules find: blocked time, what the content must carry, and what somebody should look at.

use duly_domain::Effect;
use smallvec::SmallVec;

use super::daily::Daily;
use crate::blocked::{Blocked, Evidence, Ground, Required, Requirement};
use crate::span::Span;
use crate::warning::Warned;

/// What rules found so far.
#[derive(Debug, Clone)]
pub struct Findings {
    pub(crate) fixed: SmallVec<[Blocked; 6]>,
    pub(crate) daily: SmallVec<[(Daily, Span); 4]>,
    pub(crate) requires: SmallVec<[Requirement; 4]>,
    pub(crate) warned: SmallVec<[Warned; 2]>,
    /// What is asked about: a stretch that does not touch it is nothing found.
    asked: Span,
    within: Span,
}

impl Findings {
    /// Nothing yet, about this span.
    #[inline(always)]
    pub(crate) fn over(asked: Span) -> Self {
        Self {
            fixed: SmallVec::new(),
            daily: SmallVec::new(),
            requires: SmallVec::new(),
            warned: SmallVec::new(),
            asked,
            within: Span::ALWAYS,
        }
    }

    /// Nothing yet, about the same span and within the same instants.
    pub(crate) fn apart(&self) -> Self {
        Self { within: self.within, ..Self::over(self.asked) }
    }

    /// Findings that follow hold only within these instants.
    pub(crate) fn within(&mut self, within: Span) {
        self.within = within;
    }

    /// Whether a stretch touches what is asked about, under the pack that judges: else it is nothing found.
    pub(crate) fn wants(&self, span: Span) -> bool {
        span.intersect(self.within).touches(self.asked)
    }

    /// Whether one of these is all that is asked about, so that nothing is left outside them.
    pub(crate) fn all_in(&self, open: &[Span]) -> bool {
        open.iter().any(|open| open.from <= self.asked.from && self.asked.until <= open.until)
    }

    /// Adds a blocked stretch.
    pub fn block(&mut self, blocked: Blocked) {
        let span = blocked.span.intersect(self.within);
        if span.touches(self.asked) {
            self.fixed.push(Blocked { span, ..blocked });
        }
    }

    /// Adds a denied stretch.
    pub fn deny(&mut self, span: Span, ground: &'static Ground, evidence: Evidence) {
        self.block(Blocked { span, effect: Effect::Deny, ground, evidence });
    }

    /// Adds what a denied stretch holds outside the exception.
    pub fn deny_except(
        &mut self,
        span: Span,
        except: Option<Span>,
        ground: &'static Ground,
        evidence: Evidence,
    ) {
        let blocked = Blocked { span, effect: Effect::Deny, ground, evidence };
        self.block_outside(blocked, except.as_slice());
    }

    /// Adds what a blocked stretch holds outside these.
    pub fn block_outside(&mut self, blocked: Blocked, holes: &[Span]) {
        if holes.is_empty() {
            self.block(blocked);
            return;
        }
        for span in blocked.span.outside(holes) {
            self.block(Blocked { span, ..blocked });
        }
    }

    /// Adds a held stretch.
    pub fn hold(&mut self, span: Span, ground: &'static Ground, evidence: Evidence) {
        self.block(Blocked { span, effect: Effect::Hold, ground, evidence });
    }

    /// Adds stretches that come back, as far as they lie within these.
    pub fn daily(&mut self, daily: &Daily, within: &[Span]) {
        for span in within.iter().map(|span| span.intersect(self.within)) {
            if span.touches(self.asked) {
                self.daily.push((daily.clone(), span));
            }
        }
    }

    /// Adds something that somebody should look at and that blocks nothing.
    pub fn warn(&mut self, span: Span, ground: &'static Ground, sentence: &'static str) {
        let span = span.intersect(self.within);
        if span.touches(self.asked) {
            self.warned.push(Warned { span, ground, sentence });
        }
    }

    /// Adds something that the content must carry. What two rules require stands once.
    pub fn require(&mut self, what: Required, ground: &'static Ground) {
        if !self.within.is_empty() && !self.requires.iter().any(|kept| kept.what == what) {
            self.requires.push(Requirement { what, ground });
        }
    }
}
