//! Suits on claims whose time has run, by the law of a state that reaches commercial claims too: 12 CFR 1006.26(b)
//! ([`super::suit`]) protects consumers alone.
//!
//! California, Cal. Code Civ. Proc. 337 as amended by AB 1526: no suit, arbitration or other proceeding once the
//! period has run. North Carolina, G.S. 58-70-115(4): who buys debts does not sue on a time-barred one, whoever
//! owes it. Wisconsin and Mississippi: the debt may be extinguished, which holds.

use duly_domain::Force;

use super::super::states::{nc, state, time_barred};
use super::super::{Case, Findings};
use super::suit::limitation;
use crate::acts::Act;
use crate::blocked::{Evidence, Ground};
use crate::span::Span;

static CA: Ground = Ground::law("state_time_barred", "Cal. Code Civ. Proc. 337");
/// The number of years is that of a compilation.
static CA_SHORTEST: Ground =
    Ground::policy("state_time_barred", "policy limitation.shortest_period");

fn is_suit(act: Act) -> bool {
    matches!(act, Act::Sue | Act::ThreatenSuit)
}

/// California: every debt.
pub fn ca(case: &Case<'_>, act: Act, out: &mut Findings) {
    if !is_suit(act) || !case.may_be_in(const { state("CA") }) {
        return;
    }
    for (_, row) in case.rows.iter().filter(|(regime, _)| regime.is_commercial()) {
        let Some(limitation) = limitation(case, row) else {
            let evidence = Evidence::Missing("when the debt becomes time-barred");
            out.hold(Span::ALWAYS, &CA, evidence);
            continue;
        };
        let ground = if limitation.force == Force::Law { &CA } else { &CA_SHORTEST };
        let from = case.day_starts(limitation.barred_on);
        let since = Some(limitation.barred_on);
        let fact = "the debt is time-barred";
        out.deny(Span::since(from), ground, Evidence::Known { fact, since });
    }
}

/// North Carolina: bought debts.
pub fn nc(case: &Case<'_>, act: Act, out: &mut Findings) {
    if is_suit(act) && case.may_be_in(const { state("NC") }) {
        nc::time_barred(case, out);
    }
}

/// Wisconsin.
pub fn wi(case: &Case<'_>, act: Act, out: &mut Findings) {
    if is_suit(act) && case.may_be_in(const { state("WI") }) {
        time_barred::wi(case, out);
    }
}

/// Mississippi.
pub fn ms(case: &Case<'_>, act: Act, out: &mut Findings) {
    if is_suit(act) && case.may_be_in(const { state("MS") }) {
        time_barred::ms(case, out);
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force};

    use super::super::tests::{allows, says};
    use crate::acts::Act;
    use crate::facts::{CreditorKind, DebtKind};
    use crate::testing::{Scene, ny};

    const RULE: &str = "state_time_barred";

    fn claim(scene: Scene, state: &str, kind: DebtKind, accrued_on: &str) -> Scene {
        let mut scene = scene.living_in(state, None);
        let claim = &mut scene.facts.accounts[0].claim;
        claim.kind = kind;
        claim.accrued_on = Some(accrued_on.parse().unwrap());
        claim.creditor = CreditorKind::DebtBuyer;
        scene
    }

    #[test]
    fn in_california_no_claim_is_sued_upon_once_its_four_years_have_run() {
        let law = Some((Effect::Deny, Force::Law, "Cal. Code Civ. Proc. 337"));
        for scene in [Scene::business(), Scene::guarantor()] {
            let scene = claim(scene, "CA", DebtKind::Loan, "2022-06-16");
            assert_eq!(says(&scene, Act::Sue, RULE, ny("2026-06-16T12:00")), None);
            for act in [Act::Sue, Act::ThreatenSuit] {
                assert_eq!(says(&scene, act, RULE, ny("2026-06-18T12:00")), law);
            }
            assert_eq!(says(&scene, Act::Furnish, RULE, ny("2026-06-18T12:00")), None);
        }
        let unknown = Scene::business().living_in("CA", None);
        let hold = Some((Effect::Hold, Force::Law, "Cal. Code Civ. Proc. 337"));
        assert_eq!(says(&unknown, Act::Sue, RULE, ny("2026-06-18T12:00")), hold);
    }

    #[test]
    fn in_north_carolina_a_bought_claim_on_a_company_is_not_sued_upon_once_its_time_has_run() {
        let policy = Some((Effect::Deny, Force::Policy, "policy state.nc.time_barred"));
        let mut scene = claim(Scene::business(), "NC", DebtKind::Loan, "2022-06-16");
        assert_eq!(says(&scene, Act::Sue, RULE, ny("2026-06-18T12:00")), policy);
        scene.facts.accounts[0].claim.creditor = CreditorKind::Seller;
        assert!(allows(&scene, Act::Sue, ny("2026-06-18T12:00")));
    }

    #[test]
    fn where_the_end_of_the_period_may_end_the_debt_a_suit_is_held() {
        for place in ["WI", "MS"] {
            let scene = claim(Scene::business(), place, DebtKind::Loan, "2010-06-16");
            let says = says(&scene, Act::Sue, RULE, ny("2026-06-18T12:00"));
            assert_eq!(
                says.map(|(effect, force, _)| (effect, force)),
                Some((Effect::Hold, Force::Unverified))
            );
        }
        let elsewhere = claim(Scene::business(), "TX", DebtKind::Loan, "2010-06-16");
        assert_eq!(says(&elsewhere, Act::Sue, RULE, ny("2026-06-18T12:00")), None);
    }
}
