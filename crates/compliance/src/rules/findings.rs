//! What rules find: blocked time, what the content must carry, and what somebody should look at.

use duly_domain::Effect;

use super::daily;
use crate::blocked::{Blocked, Evidence, Ground, Required, Requirement};
use crate::span::Span;
use crate::warning::Warned;

/// What rules found so far.
#[derive(Debug)]
pub struct Findings {
    pub(crate) fixed: Vec<Blocked>,
    pub(crate) daily: Vec<(daily::Daily, Span)>,
    pub(crate) requires: Vec<Requirement>,
    pub(crate) warned: Vec<Warned>,
    pub(crate) within: Span,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            fixed: Vec::new(),
            daily: Vec::new(),
            requires: Vec::new(),
            warned: Vec::new(),
            within: Span::ALWAYS,
        }
    }
}

impl Findings {
    /// Findings that follow hold only within these instants.
    pub(crate) fn within(&mut self, within: Span) {
        self.within = within;
    }

    /// Adds a blocked stretch.
    pub fn block(&mut self, blocked: Blocked) {
        let span = blocked.span.intersect(self.within);
        if !span.is_empty() {
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
    pub fn daily(&mut self, daily: &daily::Daily, within: &[Span]) {
        for span in within.iter().map(|span| span.intersect(self.within)) {
            if !span.is_empty() {
                self.daily.push((daily.clone(), span));
            }
        }
    }

    /// Adds something that somebody should look at and that blocks nothing.
    pub fn warn(&mut self, span: Span, ground: &'static Ground, sentence: &'static str) {
        let span = span.intersect(self.within);
        if !span.is_empty() {
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
