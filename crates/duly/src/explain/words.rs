//! What is known of an account, in plain words. Names, addresses and numbers of people are not among
//! it.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Result;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use duly_domain::{Date, Zone};
use duly_proto::{
    common::v1 as common,
    contact::v1::{AttemptState, Decision, Dispute, Stop, Verdict},
    convert,
    intake::v1::{ClientRequest, DebtClass, Lifecycle},
    letters::v1::Letter,
    payments::v1::{Promise, PromiseState},
    workflow::v1::{Task, Track, TrackState, Treatment},
};
use prost_types::Timestamp;

use super::Known;
use crate::out;

/// Entries of the timeline that are shown.
const LAST_ENTRIES: usize = 8;

/// Treatments and letters that are shown.
const LAST_TREATMENTS: usize = 12;

/// All of it.
///
/// # Errors
/// An answer that is no answer.
pub(super) fn all(known: &Known, zone: Zone) -> Result<String> {
    let times = Times::of(zone);
    let mut said = head(known)?;
    section(&mut said, "Where it is, and why", where_it_is(known, times)?);
    section(&mut said, "May it be contacted?", contactable(known, times)?);
    section(&mut said, "What was done, newest first", done(known, times)?);
    section(&mut said, "What was refused or put off, and why", refused(known, times)?);
    section(&mut said, "What is due", due(known)?);
    section(&mut said, "What happened last", last(known, times)?);
    Ok(said.trim_end().to_owned())
}

fn section(said: &mut String, title: &str, lines: Vec<String>) {
    let lines = if lines.is_empty() { vec!["nothing".to_owned()] } else { lines };
    let _ = write!(said, "\n{title}\n");
    for line in lines {
        let _ = writeln!(said, "  {line}");
    }
}

fn head(known: &Known) -> Result<String> {
    let account = &known.account;
    let class = match account.debt_class() {
        DebtClass::Consumer => "consumer",
        DebtClass::Commercial => "commercial",
        DebtClass::Unspecified => "unclassified",
    };
    let state = match account.lifecycle() {
        Lifecycle::Open => "open".to_owned(),
        Lifecycle::PendingRecall => "recall pending".to_owned(),
        Lifecycle::Closed => {
            let on = day("closed_on", account.closed_on.as_ref())?;
            format!("closed{on} with code {}", account.close_code)
        }
        Lifecycle::Unspecified => "in no known state".to_owned(),
    };
    let placed = day("listing_date", account.listing_date.as_ref())?;
    let again = match account.opening {
        0 | 1 => String::new(),
        opening => format!(" (placement {opening})"),
    };
    Ok(format!(
        "{}/{}  {}\n{class} claim of {} with {} items, placed{placed}{again}, {state}\n",
        known.client_ref,
        account.client_account_ref,
        account.account_id,
        money(account.listed_amount.as_ref()),
        account.claim_items
    ))
}

fn where_it_is(known: &Known, times: Times) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if let Some(balance) = &known.balance {
        let mut of = vec![format!("listed {}", money(balance.listed.as_ref()))];
        for (name, part) in [
            ("adjusted", &balance.adjusted),
            ("paid", &balance.paid),
            ("of it not yet good funds", &balance.held),
        ] {
            if part.as_ref().is_some_and(|money| money.minor != 0) {
                of.push(format!("{name} {}", money(part.as_ref())));
            }
        }
        lines.push(format!("balance {} ({})", money(balance.balance.as_ref()), of.join(", ")));
    }
    let Some(work) = known.work.as_ref().and_then(|work| work.account.as_ref()) else {
        lines.push("no case is open for it yet".to_owned());
        return Ok(lines);
    };
    lines.push(format!("strategy {}, version {}", work.strategy, work.strategy_version));
    if !work.ended.is_empty() {
        lines.push(format!("not worked any more: {}", work.ended));
    }
    for track in &work.tracks {
        lines.extend(track_in_words(track, times)?);
    }
    Ok(lines)
}

fn track_in_words(track: &Track, times: Times) -> Result<Vec<String>> {
    let state = match track.state() {
        TrackState::Waiting => "waits",
        TrackState::Treating => "waits for an answer",
        TrackState::Paused => "pauses",
        TrackState::Exhausted => "is exhausted",
        TrackState::Ended => "ended",
        TrackState::Unspecified => "is in no known state",
    };
    let step = if track.step.is_empty() { String::new() } else { format!(" at {}", track.step) };
    // The step stands before it already.
    let why = track.why.strip_prefix(&format!("{}: ", track.step)).unwrap_or(&track.why);
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let mut lines = vec![format!("{} {state}{step}{why}", plain(&track.role))];
    if !track.next.is_empty() {
        let at = times.maybe(track.next_at.as_ref(), "")?;
        let is_dated = at.split(' ').next().is_some_and(|day| track.next.contains(day));
        let at = if at.is_empty() || is_dated { String::new() } else { format!(", {at}") };
        lines.push(format!("  next: {}{at}", track.next));
    }
    Ok(lines)
}

fn contactable(known: &Known, times: Times) -> Result<Vec<String>> {
    let Some(contact) = &known.contact else {
        return Ok(vec!["contact has not heard of it yet".to_owned()]);
    };
    let mut lines = Vec::new();
    if contact.contactable {
        lines.push("yes".to_owned());
    } else {
        lines.push("no".to_owned());
    }
    lines.extend(contact.reasons.iter().map(reason));
    for points in &contact.points {
        lines.push(format!(
            "{} can be reached by {}, {} and {}",
            plain(&points.role),
            several(points.phones, "telephone number", "telephone numbers"),
            several(points.emails, "e-mail address", "e-mail addresses"),
            several(points.addresses, "postal address", "postal addresses"),
        ));
    }
    for stop in &contact.stops {
        lines.push(stop_in_words(stop, times)?);
    }
    for dispute in &contact.disputes {
        lines.push(dispute_in_words(dispute)?);
    }
    for attempt in &contact.attempts {
        let what = match attempt.state() {
            AttemptState::Planned => times.maybe(attempt.planned_at.as_ref(), "planned for ")?,
            AttemptState::Authorized => {
                times.maybe(attempt.valid_until.as_ref(), "authorised, valid until ")?
            }
            AttemptState::Concluded | AttemptState::Withdrawn | AttemptState::Unspecified => {
                continue;
            }
        };
        lines.push(with_why(format!("{} {what}", channel(attempt.channel())), &attempt.why));
    }
    Ok(lines)
}

fn stop_in_words(stop: &Stop, times: Times) -> Result<String> {
    use duly_proto::contact::v1::StopKind;
    let kind = match stop.kind() {
        StopKind::Attorney => "represented by an attorney",
        StopKind::Cease => "asked in writing not to be contacted",
        StopKind::Bankruptcy => "bankrupt",
        StopKind::Deceased => "deceased",
        StopKind::Military => "in military service",
        StopKind::OptOut => "does not want to be reached",
        StopKind::Unspecified => "stopped",
    };
    let medium = match stop.channel() {
        common::Channel::Unspecified => String::new(),
        by => format!(" by {}", channel(by)),
    };
    let since = times.maybe(stop.placed_at.as_ref(), " since ")?;
    let lifted = times.maybe(stop.lifted_at.as_ref(), ", lifted ")?;
    Ok(format!("stop: {kind}{medium}{since}, told by {}{lifted}", plain(&stop.source)))
}

fn dispute_in_words(dispute: &Dispute) -> Result<String> {
    let what = match dispute.item_numbers.as_slice() {
        [] => "all of it".to_owned(),
        items => items.join(", "),
    };
    let why = duly_domain::DisputeReason::try_from(dispute.reason())
        .map_or("other", duly_domain::DisputeReason::as_str);
    let opened = day("opened_on", dispute.opened_on.as_ref())?;
    let ended = match duly_domain::DisputeOutcome::try_from(dispute.outcome()) {
        Ok(outcome) => {
            format!(", resolved{} as {outcome}", day("resolved_on", dispute.resolved_on.as_ref())?)
        }
        Err(_) if dispute.pauses_account => ", open: the account waits".to_owned(),
        Err(_) => ", open: the rest is worked on".to_owned(),
    };
    Ok(format!("dispute{opened}: {what} ({}){ended}", plain(why)))
}

fn done(known: &Known, times: Times) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let treatments = known.work.as_ref().map(|work| work.treatments.as_slice()).unwrap_or_default();
    for treatment in treatments.iter().take(LAST_TREATMENTS) {
        lines.push(treatment_in_words(treatment, times)?);
    }
    if treatments.len() > LAST_TREATMENTS {
        lines.push(format!("and {} before", treatments.len() - LAST_TREATMENTS));
    }
    for letter in known.letters.iter().filter(|letter| !letter.file_name.is_empty()) {
        lines.push(letter_in_words(letter)?);
    }
    Ok(lines)
}

fn treatment_in_words(treatment: &Treatment, times: Times) -> Result<String> {
    let kind = match treatment.kind() {
        common::TreatmentKind::Scrub => "check for bankruptcy, death and service".to_owned(),
        common::TreatmentKind::Trace => "search for addresses and numbers".to_owned(),
        common::TreatmentKind::Letter => {
            format!("{} by {}", plain(&treatment.template), channel(treatment.channel()))
        }
        common::TreatmentKind::Call => "call".to_owned(),
        common::TreatmentKind::Unspecified => "unknown treatment".to_owned(),
    };
    let again = match treatment.try_no {
        0 | 1 => String::new(),
        no => format!(", try {no}"),
    };
    let answer = match treatment.answer.as_str() {
        "" => "waits".to_owned(),
        answer => plain(answer),
    };
    let at = times.maybe(treatment.due_at.as_ref(), "")?;
    Ok(format!("{at} {kind} ({}{again}): {answer}", treatment.step))
}

fn letter_in_words(letter: &Letter) -> Result<String> {
    let mailed = day("mailed_on", letter.mailed_on.as_ref())?;
    let until = match convert::date_opt("until", letter.validation_period_end.as_ref())? {
        None => String::new(),
        Some(until) => format!(", validation period until {until}"),
    };
    Ok(format!(
        "{} mailed{mailed}, {}: {}{until}",
        plain(&letter.template),
        several(letter.pages, "page", "pages"),
        letter.file_name
    ))
}

/// The same reason many times is one line.
fn refused(known: &Known, times: Times) -> Result<Vec<String>> {
    struct Group {
        count: usize,
        last: DateTime<Utc>,
        next: Option<Timestamp>,
        said: Vec<String>,
    }
    let decisions =
        known.contact.as_ref().map(|contact| contact.decisions.as_slice()).unwrap_or_default();
    let mut found: BTreeMap<(String, Vec<String>), Group> = BTreeMap::new();
    for decision in decisions {
        let Some(what) = verdict(decision) else { continue };
        let at = convert::instant("decided_at", decision.decided_at.as_ref())?;
        let rules = decision.reasons.iter().map(|reason| reason.rule.clone()).collect();
        let entry = found.entry((what, rules)).or_insert_with(|| Group {
            count: 0,
            last: at,
            next: decision.next_permitted_at,
            said: decision.reasons.iter().map(reason).collect(),
        });
        entry.count += 1;
        if at >= entry.last {
            (entry.last, entry.next) = (at, decision.next_permitted_at);
        }
    }
    let mut groups: Vec<_> = found.into_iter().collect();
    groups.sort_by(|(key, one), (other, two)| two.last.cmp(&one.last).then(key.cmp(other)));
    let mut lines = Vec::new();
    for ((what, _), group) in groups {
        let often = match group.count {
            1 => times.at(group.last),
            count => format!("{count} times, last {}", times.at(group.last)),
        };
        let next = times.maybe(group.next.as_ref(), "; permitted from ")?;
        lines.push(format!("{what}, {often}{next}"));
        lines.extend(group.said.into_iter().map(|said| format!("  {said}")));
    }
    let letters = known.letters.iter().filter(|letter| !letter.why.is_empty());
    lines.extend(letters.map(|letter| with_why(plain(&letter.template), &letter.why)));
    Ok(lines)
}

fn verdict(decision: &Decision) -> Option<String> {
    let what = match decision.verdict() {
        Verdict::Allow | Verdict::Unspecified => return None,
        Verdict::Defer => "put off",
        Verdict::Refuse => "refused",
    };
    Some(format!("{} {what}", channel(decision.channel())))
}

/// What a reason or a duty rests on.
pub fn force(force: common::Force) -> &'static str {
    match force {
        common::Force::Law => "law",
        common::Force::Policy => "policy",
        common::Force::Unverified => "not verified",
        common::Force::Unspecified => "unknown force",
    }
}

/// Its sentence, its force and its authority.
pub fn reason(reason: &common::Reason) -> String {
    let force = force(reason.force());
    // A policy's authority is its name: `policy agency.usable_point`.
    let authority = match reason.authority.strip_prefix("policy ").unwrap_or(&reason.authority) {
        "" => String::new(),
        authority => format!(", {authority}"),
    };
    format!("{} ({force}{authority})", reason.sentence.trim_end_matches('.'))
}

fn due(known: &Known) -> Result<Vec<String>> {
    let mut lines: Vec<(Option<Date>, String)> = Vec::new();
    let tasks = known.work.as_ref().map(|work| work.tasks.as_slice()).unwrap_or_default();
    for task in tasks.iter().filter(|task| task.closed_at.is_none()) {
        lines.push((convert::date_opt("due_on", task.due_on.as_ref())?, task_in_words(task)));
    }
    for request in known.requests.iter().filter(|request| request.answered_on.is_none()) {
        let by = convert::date_opt("due_on", request.due_on.as_ref())?;
        lines.push((by, request_in_words(request)));
    }
    for promise in known.promises.iter().filter(|p| p.state() == PromiseState::Open) {
        let by = convert::date_opt("due_on", promise.due_on.as_ref())?;
        lines.push((by, promise_in_words(promise)));
    }
    lines.sort_by_key(|(by, _)| by.unwrap_or(Date::MAX));
    let dated = |(by, words): (Option<Date>, String)| match by {
        Some(by) => format!("{by}: {words}"),
        None => words,
    };
    Ok(lines.into_iter().map(dated).collect())
}

fn task_in_words(task: &Task) -> String {
    let reason = task.reason.trim_end_matches('.');
    if reason.is_empty() { "a task without words".to_owned() } else { format!("task: {reason}") }
}

fn request_in_words(request: &ClientRequest) -> String {
    format!("the client is asked: {}", request.question)
}

fn promise_in_words(promise: &Promise) -> String {
    let paid = match &promise.paid {
        Some(paid) if paid.minor > 0 => format!("{} came so far", money(Some(paid))),
        _ => "nothing came yet".to_owned(),
    };
    format!("promise of {}, {paid}", money(promise.amount.as_ref()))
}

fn last(known: &Known, times: Times) -> Result<Vec<String>> {
    let from = known.timeline.len().saturating_sub(LAST_ENTRIES);
    let entries = known.timeline.iter().skip(from).rev();
    entries
        .map(|entry| {
            Ok(format!("{} {}", times.maybe(entry.occurred_at.as_ref(), "")?, entry.summary))
        })
        .collect()
}

/// The agency's zone.
#[derive(Clone, Copy)]
pub struct Times(Tz);

impl Times {
    /// Times of this zone.
    pub fn of(zone: Zone) -> Self {
        Self(zone.name().parse().unwrap_or(Tz::UTC))
    }

    /// Day and time.
    pub fn at(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%Y-%m-%d %H:%M").to_string()
    }

    /// With these words before it; nothing where it is not set.
    ///
    /// # Errors
    /// Not an instant.
    pub fn maybe(self, at: Option<&Timestamp>, before: &str) -> Result<String> {
        Ok(match at {
            None => String::new(),
            Some(at) => format!("{before}{}", self.at(convert::instant("at", Some(at))?)),
        })
    }
}

/// ` on 2026-01-15`, or nothing.
fn day(field: &str, date: Option<&common::Date>) -> Result<String> {
    let date = convert::date_opt(field, date)?;
    Ok(date.map(|date| format!(" on {date}")).unwrap_or_default())
}

fn money(money: Option<&common::Money>) -> String {
    money.map_or_else(|| "nothing".to_owned(), |money| out::amount(money.minor, &money.currency))
}

fn several(count: i32, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// A channel in plain words.
pub fn channel(channel: common::Channel) -> &'static str {
    match channel {
        common::Channel::Call => "call",
        common::Channel::Text => "text",
        common::Channel::Email => "e-mail",
        common::Channel::Mail => "post",
        common::Channel::Unspecified => "any way",
    }
}

/// A code as words: `commercial_demand`.
pub fn plain(code: &str) -> String {
    code.replace('_', " ")
}

fn with_why(said: String, why: &str) -> String {
    if why.is_empty() { said } else { format!("{said}: {}", why.trim_end_matches('.')) }
}

#[cfg(test)]
mod tests;
