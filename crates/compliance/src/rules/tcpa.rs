//! 47 USC 227(b)(1)(A)(iii), 47 CFR 64.1200(a)(1)(iii): no call by automated means to a wireless number
//! without the prior express consent of whoever has the number. Reaches every debt and everybody called,
//! businesses too. A call or text that a person selects and starts one by one needs none.
//!
//! | means | wireless | line of another or unknown kind | landline |
//! | --- | --- | --- | --- |
//! | prerecorded, artificial or generated voice | law | policy | [`residential`] |
//! | ringless voicemail | law (FCC 22-85) | policy | [`residential`] |
//! | dialer that works through a list | policy | policy | – |
//! | text sent by a platform | policy | policy | policy |
//!
//! Whether a list dialer is an "automatic telephone dialing system" is in doubt since Facebook v. Duguid, and
//! that a text is a call is the FCC's reading; a line over the internet or of unknown kind is taken for a
//! wireless one. Each is therefore a policy of its own. What ends a consent is in `consent`.

use duly_domain::{Date, Instant};

use super::{Case, Findings};
use crate::blocked::{Evidence, Ground};
use crate::facts::LineType;
use crate::medium::Medium;
use crate::proposed::DialMode;
use crate::span::Span;

pub mod confirmation;
pub(crate) mod consent;
pub mod reassigned;
pub mod residential;
pub mod voicemail;

use consent::{Given, Reading};

const RULE: &str = "tcpa";
static PRERECORDED: Ground = Ground::law(RULE, "47 USC 227(b)(1)(A)(iii)");
static RINGLESS: Ground = Ground::law(RULE, "47 USC 227(b)(1)(A)(iii), FCC 22-85");
static RINGLESS_EARLY: Ground = Ground::policy(RULE, "policy tcpa.ringless");
static LIST_DIALER: Ground = Ground::policy(RULE, "policy tcpa.list_dialer");
static TEXTS: Ground = Ground::policy(RULE, "policy tcpa.automated_text");
static LINE_UNKNOWN: Ground = Ground::policy(RULE, "policy tcpa.line_unknown");
static MODE_UNKNOWN: Ground = Ground::policy(RULE, "policy tcpa.dial_mode");
static REVOKED: Ground = Ground::policy(RULE, "policy tcpa.revoke_now");

/// The first day of 47 USC 227. Pub. L. 102-243, section 3(c): one year after 20 December 1991.
const IN_FORCE_ON: Date = Date::from_ymd_opt(1992, 12, 20).expect("20 December is a day");
/// The day on which the FCC ruled that a ringless voicemail is a call with a prerecorded voice. FCC 22-85,
/// released 21 November 2022.
const RINGLESS_ON: Date = Date::from_ymd_opt(2022, 11, 21).expect("21 November is a day");

/// The first instant of a day of the agency.
fn begins(case: &Case<'_>, day: Date) -> Instant {
    case.day_starts(day)
}

/// By what automated means a call or text is made; `None`: by hand, or it is neither.
pub(super) fn automated(case: &Case<'_>) -> Option<DialMode> {
    let telephone = matches!(case.proposed.medium, Medium::Call | Medium::Text);
    case.proposed.dial_mode.filter(|mode| telephone && *mode != DialMode::Manual)
}

/// The kind of the line that is called; unknown where the number is.
pub(super) fn line(case: &Case<'_>) -> LineType {
    let point = case.proposed.point.and_then(|id| case.facts.point(id));
    point.map_or(LineType::Unknown, |point| point.line)
}

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    let in_force = begins(case, IN_FORCE_ON);
    if proposed.dial_mode.is_none() && matches!(proposed.medium, Medium::Call | Medium::Text) {
        let evidence = Evidence::Missing("by what means the call or text is started");
        out.hold(Span::since(in_force), &MODE_UNKNOWN, evidence);
        return;
    }
    let Some(mode) = automated(case) else { return };
    let line = line(case);
    for account in &proposed.accounts {
        let given = consent::given(case, *account);
        match (mode, line) {
            // By hand; or a landline, where consent is no matter of this paragraph.
            (DialMode::Manual, _)
            | (
                DialMode::ListDialer | DialMode::Prerecorded | DialMode::Ringless,
                LineType::Landline,
            ) => {}
            (DialMode::Prerecorded, LineType::Wireless) => {
                by_law(case, &given, &[(in_force, &PRERECORDED)], out);
            }
            (DialMode::Ringless, LineType::Wireless) => {
                let grounds = [(in_force, &RINGLESS_EARLY), (begins(case, RINGLESS_ON), &RINGLESS)];
                by_law(case, &given, &grounds, out);
            }
            (DialMode::Prerecorded | DialMode::Ringless, LineType::Voip | LineType::Unknown) => {
                by_policy(case, &given, &LINE_UNKNOWN, None, out);
            }
            (DialMode::ListDialer, LineType::Wireless | LineType::Voip | LineType::Unknown) => {
                by_policy(case, &given, &LIST_DIALER, case.answering(), out);
            }
            (DialMode::TextPlatform, _) => {
                by_policy(case, &given, &TEXTS, case.answering(), out);
            }
        }
    }
}

/// Without consent: denied by the grounds, each from its day on. After a revocation the law leaves some days:
/// those are denied by policy.
fn by_law(
    case: &Case<'_>,
    given: &[Given],
    grounds: &[(Instant, &'static Ground)],
    out: &mut Findings,
) {
    let law = consent::spans(case, given, Reading::Law);
    let evidence = Evidence::Known { fact: NO_CONSENT, since: None };
    for shut in Span::ALWAYS.outside(&law) {
        for (n, (from, ground)) in grounds.iter().enumerate() {
            let until = grounds.get(n + 1).map_or(Instant::MAX_UTC, |(next, _)| *next);
            out.deny(shut.intersect(Span::new(*from, until)), ground, evidence);
        }
    }
    let policy = consent::spans(case, given, Reading::Policy);
    for shut in Span::ALWAYS.outside(&policy) {
        for grace in &law {
            out.deny(shut.intersect(*grace), &REVOKED, TAKEN_BACK);
        }
    }
}

fn by_policy(
    case: &Case<'_>,
    given: &[Given],
    ground: &'static Ground,
    answering: Option<Span>,
    out: &mut Findings,
) {
    let mut open = consent::spans(case, given, Reading::Policy);
    open.extend(answering);
    if out.all_in(&open) {
        return;
    }
    for shut in Span::since(begins(case, IN_FORCE_ON)).outside(&open) {
        out.deny(shut, ground, Evidence::Known { fact: NO_CONSENT, since: None });
    }
}

const NO_CONSENT: &str =
    "whoever has this number has not consented to automated calls and texts, or no longer does";
const TAKEN_BACK: Evidence = Evidence::Known {
    fact: "the consent to automated calls and texts was taken back",
    since: None,
};

#[cfg(test)]
mod tests;
