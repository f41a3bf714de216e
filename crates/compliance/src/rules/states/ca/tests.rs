use duly_domain::{Date, DebtClass, DebtorKind, Effect, Force, StopKind};

use super::{COVERED_FROM, COVERED_MAX_MINOR, Coverage, covered_commercial};
use crate::rules::states::tests::claiming;
use crate::testing::{Scene, ny};
use crate::{Claim, CreditorKind, Medium};

fn covered() -> Claim {
    Claim {
        creditor: CreditorKind::Lender,
        credit_total_minor: Some(COVERED_MAX_MINOR),
        aggregate_to_creditor_minor: Some(COVERED_MAX_MINOR),
        assigned_on: Some(COVERED_FROM),
        ..Claim::UNKNOWN
    }
}

#[test]
fn covered_commercial_debt_is_all_five_conditions() {
    assert_eq!(covered_commercial(&covered(), true), Coverage::Covered);
    assert_eq!(covered_commercial(&covered(), false), Coverage::Outside, "a company alone");
    for outside in [
        Claim { creditor: CreditorKind::Seller, ..covered() },
        Claim { credit_total_minor: Some(COVERED_MAX_MINOR + 1), ..covered() },
        Claim { aggregate_to_creditor_minor: Some(COVERED_MAX_MINOR + 1), ..covered() },
        Claim { assigned_on: Date::from_ymd_opt(2025, 6, 30), ..covered() },
        Claim { creditor: CreditorKind::Seller, ..Claim::UNKNOWN },
    ] {
        assert_eq!(covered_commercial(&outside, true), Coverage::Outside, "{outside:?}");
    }
    for unknown in [
        Claim { creditor: CreditorKind::Unknown, ..covered() },
        Claim { credit_total_minor: None, ..covered() },
        Claim { aggregate_to_creditor_minor: None, ..covered() },
        Claim { assigned_on: None, ..covered() },
        Claim::UNKNOWN,
    ] {
        assert_eq!(covered_commercial(&unknown, true), Coverage::Unknown, "{unknown:?}");
    }
}

#[test]
fn the_consumer_rule_set_runs_on_it_by_policy_and_cites_nothing() {
    let at = ny("2026-06-16T12:00");
    let policy = Some((Effect::Deny, Force::Policy, "policy state.ca.covered_commercial"));
    let guarantor = || claiming(Scene::guarantor().living_in("CA", None), covered());
    let stopped = guarantor().stopped(StopKind::Cease, 1, ny("2026-06-01T12:00"));
    assert_eq!(stopped.says("covered_commercial_debt", at), policy);
    assert!(guarantor().allows(at));
    assert!(guarantor().requires(at).contains(&"mini_miranda"));
    let evaluation = stopped.evaluate(at);
    for reason in evaluation.decide(at).reasons {
        assert_eq!(reason.ground.force, Force::Policy, "{}", reason.ground.authority);
    }
    // What binds every debt keeps its own authority and is said once.
    let stayed = guarantor().stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T12:00"));
    assert_eq!(stayed.says("covered_commercial_debt", at), None);
    assert_eq!(stayed.says("bankruptcy", at), Some((Effect::Deny, Force::Law, "11 USC 362(a)")));
}

#[test]
fn what_may_be_covered_is_treated_as_covered_and_trade_credit_and_companies_are_not() {
    let at = ny("2026-06-16T12:00");
    let requires = |scene: Scene| scene.living_in("CA", None).requires(at);
    assert!(requires(Scene::guarantor()).contains(&"mini_miranda"), "nothing is known");
    let seller = Claim { creditor: CreditorKind::Seller, ..Claim::UNKNOWN };
    assert!(!requires(claiming(Scene::guarantor(), seller)).contains(&"mini_miranda"));
    assert!(!requires(Scene::business()).contains(&"mini_miranda"));
    let elsewhere = Scene::guarantor().living_in("TX", None);
    assert!(!elsewhere.requires(at).contains(&"mini_miranda"));
}

/// Civ. Code 1788.11: "covered debt" is consumer debt and covered commercial debt.
#[test]
fn the_licence_number_is_on_covered_debt_of_both_kinds() {
    let at = ny("2026-06-16T12:00");
    for (class, claim, wanted) in [
        (DebtClass::Consumer, Claim::UNKNOWN, true),
        (DebtClass::Commercial, covered(), true),
        (DebtClass::Commercial, Claim { creditor: CreditorKind::Seller, ..covered() }, false),
    ] {
        let scene = Scene::new(class, DebtorKind::Person).living_in("CA", None);
        let letter = claiming(scene, claim).by(Medium::Mail);
        assert_eq!(letter.requires(at).contains(&"ca_3"), wanted, "{class:?}");
    }
}
