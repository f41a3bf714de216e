//! Consumer debts before 30 November 2021: the rules of those days are not written, so they are held.

use crate::packs;
use crate::rules::{Case, Findings, Regime};

/// `federal@0`: holds what is about a consumer debt.
pub fn federal(case: &Case<'_>, findings: &mut Findings) {
    if case.any(Regime::Consumer) {
        packs::no_rules(findings);
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate;
    use crate::span::Span;
    use crate::testing::{Scene, utc};

    #[test]
    fn a_business_debt_is_judged_in_every_year_and_a_consumers_is_held_before_the_rule() {
        let span = Span::new(utc("2020-07-01T00:00:00Z"), utc("2020-07-02T00:00:00Z"));
        let noon = utc("2020-07-01T16:00:00Z");
        let business = Scene::business();
        assert!(evaluate(&business.facts, &business.proposed, span).permits(noon));
        let consumer = Scene::consumer();
        assert!(evaluate(&consumer.facts, &consumer.proposed, span).decide(noon).is_hold());
    }
}
