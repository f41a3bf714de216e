//! How often: 12 CFR 1006.14(a), (b)(2) with its exclusions, and the limits of agency and client.

use chrono::{Days, Duration};
use duly_domain::{AccountId, Effect, Instant, PointId};

use super::location::same_holder;
use super::{Now, Owed, Said, electronic, to_consumer};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    cumulative(now, said);
    // What is said on a call that the person placed is no call placed to it.
    if now.proposed.medium != Medium::Call || now.professional() || now.answers() {
        return;
    }
    for (owed, row) in &now.rows {
        let consented = lets(now, row.id, now.proposed.point, now.at);
        if *owed == Owed::Business || consented {
            continue;
        }
        let effect = if factor(now, row.id) { Effect::Hold } else { Effect::Deny };
        if full(now, 7, 7, |call| is_counted_call(now, call, row.id)) {
            said.say("call_frequency", effect);
        }
        if full(now, 7, 1, |talk| is_talk(now, talk, row.id)) {
            said.say("conversation", effect);
        }
    }
}

/// Whether so many of these attempts, each once, stand in the days that end with today, by some calendar.
pub fn full(now: &Now<'_>, days: u64, most: usize, of: impl Fn(&Attempt) -> bool) -> bool {
    let attempts = &now.facts.attempts;
    let these: Vec<usize> =
        (0..attempts.len()).filter(|n| attempts[*n].at <= now.at && of(&attempts[*n])).collect();
    // One call about two debts is two rows.
    let again = |n: usize, earlier: &[usize]| {
        let same =
            |m: &usize| (attempts[*m].id, attempts[*m].at) == (attempts[n].id, attempts[n].at);
        earlier.iter().any(same)
    };
    now.calendars.iter().zip(&now.today).any(|(calendar, today)| {
        let since = *today - Days::new(days - 1);
        let within: Vec<usize> =
            these.iter().copied().filter(|n| calendar.dates[*n] >= since).collect();
        let each = within.iter().enumerate().filter(|(k, n)| !again(**n, &within[..*k])).count();
        each >= most
    })
}

/// "A particular person": limits of each person by itself; those of 6(a) count as one, by policy.
fn same_person(now: &Now<'_>, attempt: &Attempt) -> bool {
    if now.to_consumer() {
        return to_consumer(attempt.recipient);
    }
    let asked = attempt.purpose == Purpose::Location && attempt.recipient == Recipient::Debtor;
    (attempt.recipient == now.proposed.recipient || asked) && same_holder(now, attempt.point)
}

/// (2)(i)(A): calls placed to the person about the debt, with the exclusions of (3).
fn is_counted_call(now: &Now<'_>, call: &Attempt, account: AccountId) -> bool {
    let learned_wrong = now
        .events(EventKind::LearnedWrong)
        .any(|event| event.point.is_some() && event.point == call.point && call.at <= event.at);
    call.medium == Medium::Call
        && call.counted
        && call.initiator == Initiator::Agency
        && same_person(now, call)
        && now.debt(call.account) == now.debt(account)
        && !now.someone_elses(call)
        && !learned_wrong
        && !lets(now, account, call.point, call.at)
}

/// (2)(i)(B): "a telephone conversation with the person", whoever began it.
fn is_talk(now: &Now<'_>, talk: &Attempt, account: AccountId) -> bool {
    talk.medium == Medium::Call
        && talk.conversation
        && same_person(now, talk)
        && now.debt(talk.account) == now.debt(account)
}

/// Consents to more calls about a debt.
fn consents<'a>(now: &'a Now<'_>, account: AccountId) -> impl Iterator<Item = &'a Consent> + 'a {
    now.facts.consents.iter().filter(move |consent| {
        consent.what == ConsentFor::MoreCalls
            && consent.given_to == GivenTo::Agency
            && consent.account.is_none_or(|named| now.debt(named) == now.debt(account))
            && consent.medium.is_none_or(|medium| medium == Medium::Call)
    })
}

/// Whether one lets a call be placed to a number.
fn lets(now: &Now<'_>, account: AccountId, point: Option<PointId>, at: Instant) -> bool {
    consents(now, account).any(|consent| {
        let number = consent.point.is_none() || consent.point == point;
        number && more_calls(now, consent, account, at)
    })
}

/// (3)(i): within seven consecutive days, the day of receipt the first; to its own end, revocation, or a
/// conversation about that debt (comment 14(b)(3)(i)-2).
fn more_calls(now: &Now<'_>, consent: &Consent, account: AccountId, at: Instant) -> bool {
    let stands = consent.from <= at
        && consent.until.is_none_or(|until| at < until)
        && consent.withdrawn_at.is_none_or(|back| at < back);
    let in_days = now.calendars.iter().all(|calendar| {
        super::day(calendar.tz, at) < super::day(calendar.tz, consent.from) + Days::new(7)
    });
    let spoken = now.facts.attempts.iter().any(|talk| {
        talk.medium == Medium::Call
            && talk.conversation
            && now.debt(talk.account) == now.debt(account)
            && consent.from < talk.at
            && talk.at < at
    });
    stands && in_days && !spoken
}

/// Comment 14(b)(2)(ii)-2: factors that may rebut; held for whoever may override.
fn factor(now: &Now<'_>, account: AccountId) -> bool {
    match now.proposed.purpose {
        Purpose::RequiredByLaw
        | Purpose::AsRequested
        | Purpose::AvoidHarm
        | Purpose::FinishConversation => true,
        Purpose::ActiveLitigation => now
            .rows
            .iter()
            .all(|(_, row)| row.id != account || row.claim.in_litigation != Some(false)),
        _ => false,
    }
}

/// 14(a), comment 14(a)-2: the agency's number is seven messages in seven days, by all electronic media.
fn cumulative(now: &Now<'_>, said: &mut Said) {
    let confirms = now.proposed.purpose == Purpose::OptOutConfirmation;
    if !now.consumer() || !electronic(now.proposed.medium) || confirms || now.answers() {
        return;
    }
    let message = |attempt: &Attempt| {
        electronic(attempt.medium)
            && attempt.counted
            && attempt.initiator == Initiator::Agency
            && attempt.recipient == now.proposed.recipient
            && attempt.purpose != Purpose::OptOutConfirmation
            && !now.someone_elses(attempt)
    };
    if full(now, 7, 7, message) {
        said.deny("cumulative");
    }
}

/// count.person, and what a client asks for its accounts.
pub fn limits(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    let binds = |limits: &Limits, account: &AccountId| {
        limits.accounts.is_empty() || limits.accounts.contains(account)
    };
    for limits in &now.facts.limits {
        let bound = || proposed.accounts.iter().filter(|account| binds(limits, account));
        if bound().next().is_none() {
            continue;
        }
        if limits.not_by.contains(&proposed.medium) {
            said.deny("limit_medium");
        }
        if now.answers() {
            continue;
        }
        touches(now, limits, said);
        let Some(most) = limits.calls_per_debt_7_days else { continue };
        let calls = |account: &AccountId| {
            let about = |call: &Attempt| {
                call.medium == Medium::Call
                    && call.counted
                    && call.initiator == Initiator::Agency
                    && call.recipient == proposed.recipient
                    && now.debt(call.account) == now.debt(*account)
                    && !now.someone_elses(call)
            };
            full(now, 7, usize::from(most), about)
        };
        if proposed.medium == Medium::Call && bound().any(calls) {
            said.deny("limit_calls");
        }
    }
}

/// One budget per person across clients; letters are no touches.
fn touches(now: &Now<'_>, limits: &Limits, said: &mut Said) {
    let confirms = now.proposed.purpose == Purpose::OptOutConfirmation;
    if now.proposed.medium == Medium::Mail || confirms || !now.to_consumer() {
        return;
    }
    let touch = |attempt: &Attempt| {
        attempt.medium != Medium::Mail
            && attempt.counted
            && attempt.initiator == Initiator::Agency
            && to_consumer(attempt.recipient)
            && attempt.purpose != Purpose::OptOutConfirmation
            && !now.someone_elses(attempt)
    };
    let caps = [(1, limits.touches_per_person_day), (7, limits.touches_per_person_7_days)];
    for (days, cap) in caps {
        if cap.is_some_and(|cap| full(now, days, usize::from(cap), touch)) {
            said.deny("count_person");
        }
    }
}

/// Whether so many stand in so many times 24 hours.
pub fn full_hours(now: &Now<'_>, days: i64, most: usize, of: impl Fn(&Attempt) -> bool) -> bool {
    let mut these: Vec<_> = now
        .facts
        .attempts
        .iter()
        .filter(|attempt| attempt.at <= now.at && now.at < attempt.at + Duration::days(days))
        .filter(|attempt| of(attempt))
        .map(|attempt| (attempt.at, attempt.id))
        .collect();
    these.sort_unstable();
    these.dedup();
    these.len() >= most
}
