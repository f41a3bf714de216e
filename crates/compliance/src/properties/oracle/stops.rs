//! Instructions of the person: 12 CFR 1006.6(b)(2), (c), .14(h), .38; the same by policy on commercial debts.

use chrono::Duration;
use duly_domain::{AccountId, StopKind};

use super::lifted::{Bar, lifted, permitted};
use super::{Now, Owed, Said, electronic};
use crate::*;

/// Consumer debts.
pub fn consumer(now: &Now<'_>, said: &mut Said) {
    stops(now, |owed| owed == Owed::Consumer, said);
    disputes(now, said);
    original_creditor(now, said);
}

/// Commercial debts, whoever owes them.
pub fn commercial(now: &Now<'_>, said: &mut Said) {
    stops(now, |owed| owed != Owed::Consumer, said);
    if answers_a_right(now) || now.professional() {
        return;
    }
    // A dispute of some invoices does not rest the others.
    for dispute in now.facts.disputes.iter().filter(|d| now.stands(d.from, d.until)) {
        let mut rows = now.rows.iter().filter(|(owed, _)| *owed != Owed::Consumer);
        let whole = dispute.extent == DisputeExtent::Whole;
        if whole && rows.any(|(_, row)| row.id == dispute.account) {
            said.deny("dispute");
        }
    }
}

/// Whether it gives what was asked for, and collects nothing.
fn answers_a_right(now: &Now<'_>) -> bool {
    matches!(
        now.proposed.purpose,
        Purpose::Verification | Purpose::OriginalCreditor | Purpose::OptOutConfirmation
    )
}

/// Whether a stop about a debt is about this account: by name, or as one on which its party is liable.
pub fn about(now: &Now<'_>, stop: &Stop, account: AccountId) -> bool {
    let liable = |row: &Account| row.id == account && row.party == stop.party;
    match stop.account {
        Some(named) => named == account,
        None => now.rows.iter().any(|(_, row)| liable(row)),
    }
}

fn stops(now: &Now<'_>, owed: impl Fn(Owed) -> bool, said: &mut Said) {
    if now.professional() {
        return;
    }
    for stop in now.facts.stops.iter().filter(|stop| now.stands(stop.from, stop.until)) {
        for (_, row) in now.rows.iter().filter(|(of, _)| owed(*of)) {
            if !about(now, stop, row.id) {
                continue;
            }
            match stop.kind {
                StopKind::Cease => cease(now, row, said),
                StopKind::Attorney => attorney(now, stop, row.id, said),
                _ => {}
            }
        }
    }
}

/// (c)(2): that efforts end, or that a remedy may be or will be invoked. Comments 6(c)(2)-1, -2: what the
/// law demands in writing of a mortgage servicer.
fn cease(now: &Now<'_>, row: &Account, said: &mut Said) {
    let proposed = now.proposed;
    if proposed.purpose == Purpose::CeaseNotice {
        return;
    }
    let written = matches!(proposed.medium, Medium::Mail | Medium::Email | Medium::Portal);
    let demanded = proposed.purpose == Purpose::RequiredByLaw && written;
    let mortgage = row.claim.kind == DebtKind::Mortgage;
    match row.claim.agency_services_mortgage.filter(|_| demanded && mortgage) {
        Some(true) => {}
        None if demanded && mortgage => said.hold("cease"),
        _ => said.deny("cease"),
    }
}

/// (b)(2): unless the attorney consents or does not answer in a reasonable time, or (b)(4). Comment
/// 6(b)(2)-1: a contact of the consumer consents to that response only.
fn attorney(now: &Now<'_>, stop: &Stop, account: AccountId, said: &mut Said) {
    let theirs =
        now.contact.is_some_and(|contact| contact.account.is_none_or(|named| named == account));
    let open = lifted(now, Bar::Attorney, &[account])
        || permitted(now, EventKind::AttorneyConsented, &[account])
        || silent(now, stop, account)
        || (theirs && now.answers());
    if !open {
        said.deny("attorney");
    }
}

/// Whether counsel has left a letter about this debt without an answer for a reasonable time: thirty days,
/// by policy.
pub fn silent(now: &Now<'_>, stop: &Stop, account: AccountId) -> bool {
    now.events_of(EventKind::AttorneyWritten, account).any(|letter| {
        let mut answers = now.events_of(EventKind::AttorneyAnswered, account);
        stop.from <= letter.at
            && letter.at + Duration::days(30) <= now.at
            && !answers.any(|answer| letter.at <= answer.at)
    })
}

/// 14(h)(1): "any person", any debt. (2): one electronic confirmation, one response, what the law requires.
pub fn wishes(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    if now.rows.is_empty() || now.professional() || now.answers() {
        return;
    }
    for stop in now.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut) {
        if !now.stands(stop.from, stop.until) || !now.names(stop.medium, stop.point) {
            continue;
        }
        let confirmed = now.facts.attempts.iter().any(|attempt| {
            attempt.purpose == Purpose::OptOutConfirmation
                && attempt.medium == proposed.medium
                && attempt.point == proposed.point
                && stop.from <= attempt.at
                && attempt.at <= now.at
        });
        match (proposed.purpose, proposed.medium) {
            (Purpose::OptOutConfirmation, medium) if electronic(medium) && !confirmed => {}
            (Purpose::RequiredByLaw, Medium::Mail) => {}
            // Which medium the law demands is to be known first.
            (Purpose::RequiredByLaw, _) => said.hold("opt_out"),
            _ => said.deny("opt_out"),
        }
    }
}

/// 38(d)(2), and by policy any dispute: the debt rests until the answer is sent.
fn disputes(now: &Now<'_>, said: &mut Said) {
    if answers_a_right(now) || now.professional() {
        return;
    }
    for dispute in now.facts.disputes.iter().filter(|d| now.stands(d.from, d.until)) {
        let kinds = [EventKind::VerificationSent, EventKind::DuplicativeNoticeSent];
        let answered = kinds.into_iter().any(|kind| {
            let mut sent = now.events(kind).filter(|sent| sent.account == Some(dispute.account));
            sent.any(|sent| dispute.from <= sent.at)
        });
        let apart = now.proposed.undisputed_only && dispute.extent == DisputeExtent::Part;
        let disputed = now.consumers().any(|row| row.id == dispute.account);
        if answered || apart || !disputed {
            continue;
        }
        match dispute.form {
            DisputeForm::TimelyWritten | DisputeForm::Other => said.deny("dispute"),
            DisputeForm::Unknown => said.hold("dispute"),
        }
    }
}

/// 38(c): a timely written request rests the debt until the name and address are sent. In time is by the end
/// date that was printed (34(c)(3)).
fn original_creditor(now: &Now<'_>, said: &mut Said) {
    if answers_a_right(now) || now.professional() {
        return;
    }
    for row in now.consumers() {
        let printed = now.events_of(EventKind::ValidationSent, row.id).filter_map(|sent| sent.on);
        let end = printed.max();
        for request in now.events_of(EventKind::OriginalCreditorAsked, row.id) {
            let sent = now.events(EventKind::OriginalCreditorSent);
            let mut sent = sent.filter(|sent| sent.account == Some(row.id));
            if sent.any(|sent| request.at <= sent.at) {
                continue;
            }
            match end {
                None => said.hold("original_creditor"),
                Some(end) if now.home_date(request.at) <= end => said.deny("original_creditor"),
                Some(_) => {}
            }
        }
    }
}
