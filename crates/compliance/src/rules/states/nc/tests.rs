use duly_domain::{Date, Effect, Force};

use crate::rules::states::tests::claiming;
use crate::testing::{Scene, ny};
use crate::{Claim, CreditorKind, DebtKind, Purpose};

const RULE: &str = "state_time_barred";
const AUTHORITY: &str = "policy state.nc.time_barred";

fn raleigh(scene: Scene, creditor: CreditorKind, accrued: Option<i32>) -> Scene {
    let accrued_on = accrued.and_then(|year| Date::from_ymd_opt(year, 1, 15));
    let claim = Claim { kind: DebtKind::Loan, creditor, accrued_on, ..Claim::UNKNOWN };
    claiming(scene.living_in("NC", None), claim)
}

/// G.S. 58-70-115(4), the three years of G.S. 1-52 from a compilation: 15 January 2023 to 15 January 2026.
#[test]
fn a_bought_debt_is_not_collected_after_its_period_and_companies_are_covered() {
    let denied = Some((Effect::Deny, Force::Policy, AUTHORITY));
    for scene in [Scene::consumer(), Scene::business()] {
        let bought = raleigh(scene, CreditorKind::DebtBuyer, Some(2023));
        assert_eq!(bought.says(RULE, ny("2026-01-15T12:00")), None);
        assert_eq!(bought.says(RULE, ny("2026-01-16T12:00")), denied);
        let mut asked_for = bought;
        asked_for.proposed.purpose = Purpose::Verification;
        assert_eq!(asked_for.says(RULE, ny("2026-01-16T12:00")), None);
    }
}

#[test]
fn what_is_not_known_of_a_bought_or_old_debt_holds() {
    let at = ny("2026-06-16T12:00");
    let held = Some((Effect::Hold, Force::Policy, AUTHORITY));
    let says = |creditor, accrued| raleigh(Scene::consumer(), creditor, accrued).says(RULE, at);
    assert_eq!(
        says(CreditorKind::DebtBuyer, None),
        held,
        "bought, and nobody knows when it fell due"
    );
    assert_eq!(says(CreditorKind::Unknown, Some(2020)), held, "old, and nobody knows who owns it");
    assert_eq!(says(CreditorKind::Unknown, None), None, "nothing says that it is either");
    assert_eq!(says(CreditorKind::Lender, Some(2020)), None);
    assert_eq!(says(CreditorKind::DebtBuyer, Some(2025)), None);
}
