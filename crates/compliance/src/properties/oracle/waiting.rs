//! What the agency waits for others before it goes on, by its own policy: a regulator's letter, a client's
//! silence, and a balance that is to be recomputed at the rate of 50 USC 3937.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use duly_domain::{DebtorKind, StopKind};

use super::{Now, Said};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    if now.owed() || now.answers() {
        return;
    }
    regulator(now, said);
    client(now, said);
    service(now, said);
}

/// Of questions and answers in their order: the questions that have none. One answer is for one question,
/// and one that names a matter for a question in that matter.
fn unanswered<'a>(
    questions: impl Iterator<Item = &'a Event>,
    answers: impl Iterator<Item = &'a Event>,
) -> Vec<&'a Event> {
    let mut answers: Vec<&Event> = answers.collect();
    let mut open = Vec::new();
    for question in questions {
        let answer = answers.iter().position(|answer| {
            question.at <= answer.at
                && (answer.matter.is_none() || answer.matter == question.matter)
        });
        match answer {
            Some(answer) => drop(answers.remove(answer)),
            None => open.push(question),
        }
    }
    open
}

/// Until each letter is answered.
fn regulator(now: &Now<'_>, said: &mut Said) {
    let letters = now.events(EventKind::RegulatorWrote);
    let open = unanswered(letters, now.events(EventKind::RegulatorAnswered));
    if !now.professional() && !open.is_empty() {
        said.hold("regulator_letter");
    }
}

/// From the day after the tenth business day until it answers.
fn client(now: &Now<'_>, said: &mut Said) {
    for account in &now.proposed.accounts {
        let asked = now.events_of(EventKind::ClientAsked, *account);
        let answered = now.events_of(EventKind::ClientAnswered, *account);
        let late = |asked: &&Event| now.home > tenth_business_day(now.home_date(asked.at));
        if unanswered(asked, answered).iter().any(late) {
            said.hold("client_question");
        }
    }
}

fn tenth_business_day(from: NaiveDate) -> NaiveDate {
    let (mut day, mut left) = (from, 10);
    while left > 0 {
        day = day + Days::new(1);
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        left -= i32::from(!weekend && !holiday(day));
    }
    day
}

/// 5 USC 6103(a), on the day itself.
fn holiday(day: NaiveDate) -> bool {
    let nth = day.day0() / 7 + 1;
    match (day.month(), day.weekday()) {
        (1 | 2, Weekday::Mon) if nth == 3 => return true,
        (5, Weekday::Mon) if day.day() > 24 => return true,
        (9, Weekday::Mon) if nth == 1 => return true,
        (10, Weekday::Mon) if nth == 2 => return true,
        (11, Weekday::Thu) if nth == 4 => return true,
        _ => {}
    }
    matches!((day.month(), day.day()), (1, 1) | (6, 19) | (7, 4) | (11, 11) | (12, 25))
}

/// Orders, or a search that found the person in service: debts from before it wait for the client. What the
/// service itself holds waits for that.
fn service(now: &Now<'_>, said: &mut Said) {
    let serves = |stop: &Stop| stop.kind == StopKind::Military && now.stands(stop.from, stop.until);
    if !now.to_consumer() || now.facts.stops.iter().any(serves) {
        return;
    }
    for (_, row) in now.rows.iter().filter(|(_, row)| row.kind == DebtorKind::Person) {
        let learned = [EventKind::OrdersReceived, EventKind::MilitaryServiceFound];
        for told in learned.into_iter().flat_map(|kind| now.events_of(kind, row.id)) {
            let from_before = match (row.claim.incurred_on, told.on) {
                (Some(incurred), Some(service)) => incurred < service,
                _ => true,
            };
            let mut recomputed = now.events_of(EventKind::BalanceRecomputed, row.id);
            if from_before && !recomputed.any(|done| told.at <= done.at) {
                said.hold("scra_rate");
            }
        }
    }
}
