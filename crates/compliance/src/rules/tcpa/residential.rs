//! 47 CFR 64.1200(a)(3), (b): an artificial or prerecorded voice to a landline, at most three calls in thirty
//! days without consent, with a way to opt out and the caller's identity. No primary source was read, so the
//! fourth is held until somebody rules on the line, and the contents are asked for as unverified.

use duly_domain::Instant;

use super::super::{Case, Findings};
use super::{automated, consent, line};
use crate::blocked::{Evidence, Ground, Required};
use crate::facts::{Attempt, LineType};
use crate::proposed::DialMode;
use crate::span::{Span, Spans};

static COUNT: Ground = Ground::unverified("tcpa_residential", "unverified tcpa.residential");
static IDENTIFY: Ground = Ground::unverified("tcpa_identify", "unverified tcpa.identify");

/// Calls in thirty days that need no consent. 47 CFR 64.1200(a)(3), not verified.
const CALLS: usize = 3;
/// Their days.
const DAYS: u16 = 30;

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let voice = |mode| matches!(mode, DialMode::Prerecorded | DialMode::Ringless);
    if !automated(case).is_some_and(voice) {
        return;
    }
    out.require(Required::CallerIdentity, &IDENTIFY);
    if line(case) != LineType::Landline {
        return;
    }
    out.require(Required::CallOptOut, &COUNT);
    let called = |attempt: &&Attempt| {
        attempt.dial_mode.is_some_and(voice)
            && attempt.counted
            && attempt.point == case.proposed.point
    };
    let mut calls: Vec<(Instant, _)> =
        case.facts.attempts.iter().filter(called).map(|call| (call.at, call.id)).collect();
    // A call about two debts is one call.
    calls.dedup();
    let consents = case.proposed.accounts.iter().map(|account| {
        let given = consent::given(case, *account);
        consent::spans(case, &given, consent::Reading::Policy)
    });
    let consents: Vec<Spans> = consents.collect();
    for three in calls.windows(CALLS) {
        let (Some((oldest, _)), Some((newest, _))) = (three.first(), three.last()) else {
            continue;
        };
        let full = Span::new(*newest, Span::days(*oldest, DAYS).until);
        let what = "artificial or prerecorded calls to this landline in thirty days";
        for open in &consents {
            for span in full.outside(open) {
                out.hold(span, &COUNT, Evidence::TooMany { what, count: CALLS });
            }
        }
    }
}

#[cfg(test)]
mod tests;
