//! Policy: a debt that was discharged in bankruptcy is collected from nobody who was discharged. 11 USC 524(a)(2)
//! was not read and is background; its sale or placement is barred by law ([`super::acts::transfer`]).

use super::{Case, Findings, standing};
use crate::blocked::{Evidence, Ground};
use crate::facts::{EventKind, FiledBy};

static GROUND: Ground = Ground::policy("discharge", "policy bankruptcy.discharged");

const FACT: &str = "the debt was discharged in bankruptcy";

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = &case.proposed.accounts;
    let discharged = case.facts.events.iter().filter(|event| {
        event.kind == EventKind::Discharged
            && event.account.is_none_or(|named| proposed.contains(&named))
    });
    for event in discharged {
        let since = Some(case.agency_date(event.at));
        out.deny(standing(event.at, None), &GROUND, Evidence::Known { fact: FACT, since });
    }
    let own = case
        .facts
        .bankruptcies
        .iter()
        .filter(|filed| filed.filed_by == FiledBy::Person && filed.discharged == Some(true));
    for filed in own {
        // What arose after the filing is not discharged with it.
        let arose_after = |(_, row): &(_, &crate::facts::Account)| {
            row.claim.incurred_on.is_some_and(|incurred| incurred > filed.filed_on)
        };
        if case.rows.is_empty() || !case.rows.iter().all(arose_after) {
            let span = standing(super::bankruptcy::stay(case, filed).until, None);
            let since = Some(filed.filed_on);
            out.deny(span, &GROUND, Evidence::Known { fact: FACT, since });
        }
    }
}

#[cfg(test)]
mod tests;
