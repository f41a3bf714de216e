//! California: covered commercial debt, Civ. Code 1788.2 (SB 1286). "Run the consumer rule set on it until
//! counsel narrows it." Hours bind humans on commercial debts anyway, by a policy of their own.

use duly_domain::Effect;

use super::on;
use crate::properties::oracle::{Asked, Now, Owed, Said, bankruptcy, part_1006};
use crate::*;

const RULE: &str = "covered_commercial_debt";
/// 500,000 dollars, in cents.
const MOST: i64 = 50_000_000;

pub fn california(now: &Now<'_>, said: &mut Said) {
    let covered = now.rows.iter().filter(|(owed, row)| *owed == Owed::Human && may_be(&row.claim));
    let rows: Vec<_> = covered.map(|(_, row)| (Owed::Consumer, *row)).collect();
    if rows.is_empty() {
        return;
    }
    let asked = Asked::about(now.facts, now.proposed, rows);
    let mut found = Said::default();
    let as_consumer = Now::new(&asked, now.at);
    part_1006(&as_consumer, &mut found);
    // 1301 is of consumer debts too.
    bankruptcy::judge(&as_consumer, &mut found);
    for (rule, effect) in found.must {
        // What binds every debt was said already, under its own name.
        if said.must.get(rule) == Some(&effect) {
            said.may.push((RULE, effect));
        } else {
            said.say(RULE, effect);
        }
    }
    if now.unknown || now.zones.is_empty() {
        said.may.push((RULE, Effect::Hold));
    }
}

/// (1) a natural person; (2) owed to a lender, financing provider or debt buyer; (3) credit of at most, (4)
/// all commercial credit to that creditor at most; (5) entered into, renewed, sold or assigned since
/// 2025-07-01. What is not known may hold.
fn may_be(claim: &Claim) -> bool {
    claim.creditor != CreditorKind::Seller
        && claim.credit_total_minor.is_none_or(|total| total <= MOST)
        && claim.aggregate_to_creditor_minor.is_none_or(|total| total <= MOST)
        && claim.assigned_on.is_none_or(|assigned| assigned >= on(2025, 7, 1))
}
