//! The District of Columbia: D.C. Code 28-3814 as amended by D.C. Law 24-154, from 2023-01-01; its temporary
//! text before. Credit that is secured by a mortgage is outside of it.
//!
//! What it says of lawsuits, revival and documents is for acts, not for contact; its three years are in
//! [`crate::limitation`].

use duly_domain::AccountId;

use crate::blocked::{Evidence, Ground};
use crate::facts::{Attempt, DebtKind, EventKind};
use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::rules::place_hours::{Clock, Consent, shut_outside};
use crate::rules::window::Attempts;
use crate::rules::{Case, Findings, Regime};
use crate::span::Span;

use super::{Cap, consented, counted, eastern, first, is_about, once, outside, shut};

/// The codified copy of the temporary text was read, but not from which day it held.
static THREE_CALLS: Ground =
    Ground::unverified("state_frequency", "unverified state.dc.before_2023");
static CALLS: Ground = Ground::law("state_frequency", "D.C. Code 28-3814(d)(4)(A)");
static COMPLETED: Ground = Ground::law("state_conversation", "D.C. Code 28-3814(d)(4)(A)");
static ELECTRONIC: Ground = Ground::law("state_consent", "D.C. Code 28-3814(d)(4)(B)");
static HOURS: Ground = Ground::law("state_hours", "D.C. Code 28-3814(k)");
static EDGE: Ground = Ground::policy("state_hours", "policy time.edge");
static VISITS: Ground = Ground::law("state_visits", "D.C. Code 28-3814(d)(5)");
static THIRD_PARTIES: Ground = Ground::law("state_third_parties", "D.C. Code 28-3814(e)");

/// Three calls in seven days "inclusive of all phone numbers and accounts": before 2023.
const THREE_PER_7_DAYS: Cap =
    Cap { most: 3, days: 7, what: "calls to this person in seven days", ground: &THREE_CALLS };
/// Four calls per account in any seven-day period, to whatever number. 28-3814(d)(4)(A).
const FOUR_PER_7_DAYS: Cap =
    Cap { most: 4, days: 7, what: "calls about this account in seven days", ground: &CALLS };
/// No call within seven days after a completed one. 28-3814(d)(4)(A).
const AFTER_A_COMPLETED_CALL: Cap = Cap {
    most: 1,
    days: 7,
    what: "completed calls about this account in seven days",
    ground: &COMPLETED,
};
/// One message in seven days to seek consent by that method. 28-3814(d)(4)(B).
const ONE_TO_ASK: Cap = Cap {
    most: 1,
    days: 7,
    what: "messages that ask for consent to this medium in seven days",
    ground: &ELECTRONIC,
};
/// Five texts, e-mails and private messages per account in seven days after consent. 28-3814(d)(4)(B).
const FIVE_MESSAGES: Cap = Cap {
    most: 5,
    days: 7,
    what: "texts, e-mails and private messages about this account in seven days",
    ground: &ELECTRONIC,
};

/// Before 8:00 or after 21:00 Eastern time, whichever is in effect. 28-3814(k).
static CLOCK: Clock = Clock::not_before_or_after(
    (8, 0),
    (21, 0),
    &HOURS,
    &EDGE,
    "between 8:00 in the morning and 9:00 in the evening, Eastern time",
);

/// The proposed consumer debts that no mortgage secures; none where it is spoken of with counsel, the
/// creditor or a reporting agency.
fn debts<'a>(case: &'a Case<'_>) -> impl Iterator<Item = AccountId> + 'a {
    let mortgage = |id: AccountId| {
        let mut rows = case.rows.iter().filter(|(_, row)| row.id == id);
        rows.any(|(_, row)| row.claim.kind == DebtKind::Mortgage)
    };
    let professional = case.proposed.recipient.is_professional();
    case.debts(Regime::Consumer).filter(move |id| !professional && !mortgage(*id))
}

fn reaches(case: &Case<'_>) -> bool {
    debts(case).next().is_some()
}

/// Before 2023.
pub fn three_calls(case: &Case<'_>, out: &mut Findings) {
    if case.is_call() && reaches(case) {
        let calls = counted(case).filter(|attempt| attempt.medium == Medium::Call);
        THREE_PER_7_DAYS.shut(case, &once(calls), out);
    }
}

/// Four calls per account, across all numbers. Calls that the person placed, that did not connect, or to a
/// number since learned to be wrong do not count.
pub fn four_calls(case: &Case<'_>, out: &mut Findings) {
    for account in debts(case).filter(|_| case.is_call()) {
        let about =
            |attempt: &&Attempt| attempt.medium == Medium::Call && is_about(case, attempt, account);
        FOUR_PER_7_DAYS.shut(case, &once(counted(case).filter(about)), out);
    }
}

/// Seven days after a completed call, whoever placed it, unless the person asks for one.
pub fn completed_call(case: &Case<'_>, out: &mut Findings) {
    for account in debts(case).filter(|_| case.is_call()) {
        let completed = |attempt: &&Attempt| {
            attempt.medium == Medium::Call
                && attempt.conversation
                && is_about(case, attempt, account)
        };
        let talks = once(case.facts.attempts.iter().filter(completed));
        AFTER_A_COMPLETED_CALL.shut(case, &talks, out);
    }
}

/// No text, e-mail or private message before the notice was mailed; then one in seven days to ask for
/// consent; after express consent five. What answers a message of the person needs all of it too.
pub fn electronic(case: &Case<'_>, out: &mut Findings) {
    let medium = case.proposed.medium;
    if !matches!(medium, Medium::Text | Medium::Email | Medium::Social) {
        return;
    }
    for account in debts(case) {
        let mailed = first(case, EventKind::DcNoticeMailed, account);
        let before = Span { until: mailed.unwrap_or(Span::ALWAYS.until), ..Span::ALWAYS };
        let notice = Evidence::Missing("that the notice which must come first was mailed");
        out.deny(before, &ELECTRONIC, notice);
        let about = |attempt: &&Attempt| is_about(case, attempt, account);
        let messages = counted(case).filter(about).filter(|attempt| {
            matches!(attempt.medium, Medium::Text | Medium::Email | Medium::Social)
        });
        let messages = once(messages);
        if case.proposed.purpose == Purpose::AskConsent {
            let asked = messages.iter().copied().filter(|attempt| attempt.medium == medium);
            ONE_TO_ASK.shut(case, &asked.collect::<Attempts<'_>>(), out);
        } else {
            for gap in outside(consented(case, account)) {
                let consent =
                    Evidence::Missing("that the person expressly consented to this medium");
                out.deny(gap, &ELECTRONIC, consent);
            }
        }
        FIVE_MESSAGES.shut(case, &messages, out);
    }
}

/// Calls and texts keep Eastern hours wherever the person is.
pub fn hours(case: &Case<'_>, out: &mut Findings) {
    if reaches(case) && matches!(case.proposed.medium, Medium::Call | Medium::Text) {
        shut_outside(case, &[eastern()], &CLOCK, Consent::OpensNothing, out);
    }
}

/// No visits.
pub fn visits(case: &Case<'_>, out: &mut Findings) {
    if reaches(case) && case.proposed.medium == Medium::Visit {
        let fact = "the law of the District forbids visits";
        shut(case, Span::ALWAYS, &VISITS, Evidence::Known { fact, since: None }, out);
    }
}

/// Nothing about the debt to employer, family, friends or neighbours.
pub fn third_parties(case: &Case<'_>, out: &mut Findings) {
    let told = matches!(case.proposed.recipient, Recipient::Employer | Recipient::ThirdParty);
    if reaches(case) && told && case.proposed.purpose != Purpose::Location {
        let fact = "employer, family, friends and neighbours are not told of the debt";
        out.deny(Span::ALWAYS, &THIRD_PARTIES, Evidence::Known { fact, since: None });
    }
}

#[cfg(test)]
mod tests;
