//! The rules of acts, one per file. A rule reads the case, the act and adds what it finds; stays of
//! bankruptcy are those of contacts.

use super::{Case, Findings, Regime, bankruptcy, codebtor_stay, discharge};
use crate::acts::Act;
use crate::blocked::{Evidence, Ground};
use crate::packs::{self, PackId};
use crate::span::Span;

pub mod deposit;
pub mod furnish;
pub mod state_suit;
pub mod suit;
pub mod transfer;

/// A rule of acts.
pub type ActRule = fn(&Case<'_>, Act, &mut Findings);

/// The packs that judge acts.
pub(crate) const NAMES: &[&str] =
    &["federal", "agency", "state.ca", "state.nc", "state.wi", "state.ms"];

const FEDERAL_0: &[ActRule] = &[stays, before_regulation_f];

const FEDERAL_1: &[ActRule] =
    &[stays, furnish::federal, transfer::federal, suit::federal, deposit::federal];

const AGENCY_1: &[ActRule] = &[account_known];

/// The rules of acts in a version of a pack.
pub(crate) fn rules(pack: PackId) -> &'static [ActRule] {
    match (pack.name, pack.version) {
        ("federal", 0) => FEDERAL_0,
        ("federal", _) => FEDERAL_1,
        ("agency", _) => AGENCY_1,
        ("state.ca", _) => &[state_suit::ca],
        ("state.nc", _) => &[state_suit::nc],
        ("state.wi", _) => &[state_suit::wi],
        ("state.ms", _) => &[state_suit::ms],
        _ => &[],
    }
}

/// 11 USC 362(a), 1301(a): suits, threats and deposits are acts to collect. Furnishing and transfer are not
/// taken for one here; a discharge bars a transfer by its own rule.
fn stays(case: &Case<'_>, act: Act, out: &mut Findings) {
    match act {
        Act::Sue | Act::ThreatenSuit | Act::Deposit { .. } => {
            bankruptcy::federal(case, out);
            codebtor_stay::federal(case, out);
            discharge::federal(case, out);
        }
        Act::Furnish | Act::Transfer => {}
    }
}

/// What is about a consumer debt before Regulation F is held: the rules of those days are not written.
fn before_regulation_f(case: &Case<'_>, _: Act, out: &mut Findings) {
    if case.any(Regime::Consumer) {
        packs::no_rules(out);
    }
}

static ACCOUNT: Ground = Ground::policy("account_standing", "policy contract.placed_accounts");

/// Nothing is done about an account that is not known.
fn account_known(case: &Case<'_>, _: Act, out: &mut Findings) {
    if case.rows.is_empty() {
        out.hold(Span::ALWAYS, &ACCOUNT, Evidence::UnknownAccount);
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force, Instant, StopKind};

    use crate::acts::{Act, evaluate_act};
    use crate::span::Span;
    use crate::testing::{Scene, id, ny};

    /// What a rule says of an act about the first account.
    pub(super) fn says(
        scene: &Scene,
        act: Act,
        rule: &str,
        at: Instant,
    ) -> Option<(Effect, Force, &'static str)> {
        let evaluation = evaluate_act(&scene.facts, act, id(1), Span::days(at, 40));
        let reasons = evaluation.decide(at).reasons;
        let found = reasons.iter().find(|blocked| blocked.ground.rule == rule);
        found.map(|b| (b.effect, b.ground.force, b.ground.authority))
    }

    /// Whether the act is allowed.
    pub(super) fn allows(scene: &Scene, act: Act, at: Instant) -> bool {
        evaluate_act(&scene.facts, act, id(1), Span::days(at, 40)).permits(at)
    }

    /// What the act must carry.
    pub(super) fn requires(scene: &Scene, act: Act, at: Instant) -> Vec<&'static str> {
        let evaluation = evaluate_act(&scene.facts, act, id(1), Span::days(at, 40));
        evaluation.requires().iter().map(|requirement| requirement.what.as_str()).collect()
    }

    #[test]
    fn an_unknown_account_is_held() {
        let evaluation = evaluate_act(
            &Scene::business().facts,
            Act::Transfer,
            id(9),
            Span::days(ny("2026-06-17T12:00"), 2),
        );
        assert!(evaluation.decide(ny("2026-06-17T12:00")).is_hold());
    }

    #[test]
    fn a_bankruptcy_stays_a_suit_and_a_deposit_of_business_debts_too() {
        let scene = Scene::business().stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"));
        let law = Some((Effect::Deny, Force::Law, "11 USC 362(a)"));
        let deposit = Act::Deposit { dated_on: "2026-06-17".parse().unwrap() };
        for act in [Act::Sue, Act::ThreatenSuit, deposit] {
            assert_eq!(says(&scene, act, "bankruptcy", ny("2026-06-17T12:00")), law, "{act:?}");
        }
        assert_eq!(says(&scene, Act::Transfer, "bankruptcy", ny("2026-06-17T12:00")), None);
    }

    #[test]
    fn what_was_before_regulation_f_is_held_for_consumers() {
        let at = ny("2020-06-17T12:00");
        let span = Span::days(at, 2);
        let consumer = evaluate_act(&Scene::consumer().facts, Act::Furnish, id(1), span);
        assert!(consumer.decide(at).is_hold());
        assert!(allows(&Scene::business(), Act::Furnish, at));
    }
}
