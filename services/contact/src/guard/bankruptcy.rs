//! Bankruptcy cases, put together from what was learned of them: the person's own, and those of others who owe
//! the same accounts.

use std::collections::BTreeMap;

use duly_compliance::{
    EventKind,
    facts::{BankruptcyCase, Chapter, FiledBy},
};
use duly_domain::{AccountId, Date};
use uuid::Uuid;

use super::Person;
use crate::store::dated_fact::OfBankruptcy;

/// One petition of one person.
struct Filed<'a> {
    case: BankruptcyCase,
    /// The accounts that the filer owes.
    accounts: &'a [Uuid],
}

/// Adds to each person the cases that concern it.
pub(super) fn add(persons: &mut BTreeMap<Uuid, Person>, learned: &[OfBankruptcy]) {
    for ((filer, _), filed) in cases(learned) {
        for (id, person) in persons.iter_mut() {
            if *id == filer {
                person.facts.bankruptcies.push(filed.case);
                continue;
            }
            let owed = filed.accounts.iter().map(|account| AccountId::from_uuid(*account));
            let both = owed.filter(|id| person.facts.accounts.iter().any(|row| row.id == *id));
            let both = both.map(|account| BankruptcyCase {
                filed_by: FiledBy::CoDebtor,
                account: Some(account),
                ..filed.case
            });
            let both: Vec<BankruptcyCase> = both.collect();
            person.facts.bankruptcies.extend(both);
        }
    }
}

/// By who filed and the day of the petition; the last chapter told of it stands.
fn cases(learned: &[OfBankruptcy]) -> BTreeMap<(Uuid, Date), Filed<'_>> {
    let mut all: BTreeMap<(Uuid, Date), Filed<'_>> = BTreeMap::new();
    for fact in learned {
        match (fact.kind, fact.stated_on) {
            (EventKind::BankruptcyVerified, Some(filed_on)) => {
                let case = BankruptcyCase::new(FiledBy::Person, chapter(fact.chapter), filed_on);
                let filed = Filed { case, accounts: &fact.accounts };
                let known = all.entry((fact.person, filed_on)).or_insert(filed);
                known.case.chapter = chapter(fact.chapter);
            }
            (EventKind::BankruptcyEnded, _) => {
                let own = all.iter_mut().filter(|((filer, _), _)| *filer == fact.person);
                for (_, filed) in own.filter(|(_, filed)| filed.case.ended_at.is_none()) {
                    filed.case.ended_at = Some(fact.at);
                    // What a discharge reached is told of each debt before.
                    filed.case.discharged = Some(false);
                }
            }
            _ => {}
        }
    }
    all
}

const fn chapter(told: Option<i16>) -> Chapter {
    match told {
        Some(7) => Chapter::Chapter7,
        Some(9) => Chapter::Chapter9,
        Some(11) => Chapter::Chapter11,
        Some(12) => Chapter::Chapter12,
        Some(13) => Chapter::Chapter13,
        Some(15) => Chapter::Chapter15,
        _ => Chapter::Unknown,
    }
}
