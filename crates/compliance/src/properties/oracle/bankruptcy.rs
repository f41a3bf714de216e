//! Title 11: the stay of 362, the co-debtor's of 1301, and what was discharged. Every debt, every channel.

use duly_domain::{DebtorKind, StopKind};

use super::{Now, Said};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    // bk.stay_knowledge: on any report of a filing.
    let reported = |stop: &Stop| stop.kind == StopKind::Bankruptcy;
    if now.facts.stops.iter().any(|stop| reported(stop) && now.stands(stop.from, stop.until)) {
        said.deny("bankruptcy");
    }
    for case in now.facts.bankruptcies.iter().filter(|case| case.filed_by == FiledBy::Person) {
        own_case(now, case, said);
    }
    let gone = now
        .events(EventKind::Discharged)
        .any(|event| event.account.is_none_or(|named| now.proposed.accounts.contains(&named)));
    if gone {
        said.deny("discharge");
    }
    let individuals = now.consumers().filter(|row| row.kind == DebtorKind::Person);
    for row in individuals {
        co_debtor(now, row, said);
    }
}

/// bk.stay, bk.stay_end: what arose before, until the case ends; then the discharge is asked for.
fn own_case(now: &Now<'_>, case: &BankruptcyCase, said: &mut Said) {
    let later = |row: &Account| row.claim.incurred_on.is_some_and(|on| on > case.filed_on);
    let arose_after = !now.rows.is_empty() && now.rows.iter().all(|(_, row)| later(row));
    let over = ended(now, case)
        || now
            .events(EventKind::BankruptcyEnded)
            .any(|event| now.home_date(event.at) >= case.filed_on);
    match (over, arose_after) {
        (false, true) if now.home >= case.filed_on => said.hold("bankruptcy"),
        (false, false) if now.home >= case.filed_on => said.deny("bankruptcy"),
        (true, false) => match case.discharged {
            Some(true) => said.deny("discharge"),
            None => said.hold("bankruptcy"),
            Some(false) => {}
        },
        _ => {}
    }
}

fn ended(now: &Now<'_>, case: &BankruptcyCase) -> bool {
    case.ended_at.is_some_and(|at| at <= now.at)
}

/// bk.codebtor13: "any individual that is liable on such debt with the debtor", of a consumer debt; not who
/// became liable in the ordinary course of business. bk.codebtor12 is not verified.
fn co_debtor(now: &Now<'_>, row: &Account, said: &mut Said) {
    for case in &now.facts.bankruptcies {
        let filed = case.filed_by == FiledBy::CoDebtor && now.home >= case.filed_on;
        let same_debt = case.account.is_none_or(|named| named == row.id);
        let in_business = case.ordinary_course == Some(true);
        if !filed || !same_debt || in_business || ended(now, case) {
            continue;
        }
        match case.chapter {
            Chapter::Chapter13 => said.deny("codebtor_stay"),
            Chapter::Chapter12 | Chapter::Unknown => said.hold("codebtor_stay"),
            Chapter::Chapter7 | Chapter::Chapter9 | Chapter::Chapter11 | Chapter::Chapter15 => {}
        }
    }
    for report in now.events_of(EventKind::CoDebtorFiled13, row.id) {
        let over = now.events(EventKind::BankruptcyEnded).any(|event| {
            report.matter.is_some() && event.matter == report.matter && report.at <= event.at
        });
        if !over {
            said.deny("codebtor_stay");
        }
    }
}
