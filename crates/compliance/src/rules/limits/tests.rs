use duly_domain::{Effect, Force};

use crate::facts::{Attempt, Limits};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, id, local, ny, zones};

const PERSON: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy count.person"));

fn limited(scene: Scene, limits: Limits) -> Scene {
    let mut scene = scene;
    scene.facts.limits.push(limits);
    scene
}

fn messaged(mut scene: Scene, n: u32, account: u32, medium: Medium, at: &str) -> Scene {
    scene.facts.attempts.push(Attempt::new(id(n), id(account), medium, ny(at)));
    scene.facts.attempts.sort_by_key(|attempt| attempt.at);
    scene
}

#[test]
fn without_a_limit_nothing_is_added() {
    let scene = Scene::consumer().called(1, ny("2026-06-17T10:00"));
    assert!(scene.allows(ny("2026-06-17T12:00")));
}

#[test]
fn by_default_nobody_is_touched_twice_on_a_day_and_a_letter_is_no_touch() {
    let scene = limited(Scene::consumer(), Limits::agency()).called(1, ny("2026-06-17T10:00"));
    let noon = ny("2026-06-17T12:00");
    assert_eq!(scene.says("count_person", noon), PERSON);
    assert_eq!(scene.clone().by(Medium::Email).says("count_person", noon), PERSON);
    assert!(scene.clone().by(Medium::Mail).allows(noon), "the post is none");
    assert!(scene.allows(ny("2026-06-18T09:00")));
    let letter = limited(Scene::consumer(), Limits::agency());
    let letter = messaged(letter, 1, 1, Medium::Mail, "2026-06-17T10:00");
    assert!(letter.allows(noon), "a letter uses nothing up");
}

#[test]
fn the_budget_is_one_for_every_client_and_its_words_tell_of_none() {
    let scene = limited(Scene::consumer().and_account(2, 2), Limits::agency());
    let noon = ny("2026-06-17T12:00");
    let own = scene.clone().called(1, ny("2026-06-17T10:00"));
    let others = scene.called(2, ny("2026-06-17T10:00"));
    assert_eq!(others.says("count_person", noon), PERSON);
    let sentence = |scene: &Scene| {
        let said = scene.evaluate(noon).explain(noon);
        said.reasons.iter().find(|reason| reason.rule == "count_person").unwrap().sentence.clone()
    };
    assert_eq!(sentence(&own), sentence(&others));
    assert_eq!(sentence(&own), "the agency reaches one person only so often on one day");
    // A replay reads the same attempts.
    let evaluation = others.evaluate(noon);
    let kept = crate::Snapshot::of(&others.facts, &others.proposed, &evaluation, noon);
    assert_eq!(crate::replay(&kept).unwrap(), evaluation.explain(noon));
}

#[test]
fn a_clients_budget_binds_its_accounts_and_counts_everybodys_touches() {
    let limits =
        Limits { accounts: vec![id(1)], touches_per_person_7_days: Some(2), ..Limits::default() };
    let scene = limited(Scene::consumer().and_account(2, 2), limits);
    let scene = scene.called(2, ny("2026-06-11T10:00")).called(1, ny("2026-06-15T10:00"));
    let at = ny("2026-06-17T12:00");
    assert_eq!(scene.says("count_person", at), PERSON);
    assert!(scene.clone().about(2, 2).allows(at), "another client's account is not bound");
    assert_eq!(scene.says("count_person", ny("2026-06-18T00:00")), None, "the seventh day is over");
}

#[test]
fn one_call_about_two_debts_is_one_touch_and_what_does_not_count_is_none() {
    let limits = Limits { touches_per_person_day: Some(2), ..Limits::default() };
    let scene = limited(Scene::consumer().and_account(2, 1), limits);
    let at = ny("2026-06-17T12:00");
    let scene = messaged(scene, 7, 1, Medium::Call, "2026-06-17T10:00");
    let scene = messaged(scene, 7, 2, Medium::Call, "2026-06-17T10:00");
    assert!(scene.allows(at));
    let busy = scene.clone().attempt(1, ny("2026-06-17T10:30"), false, false);
    assert!(busy.allows(at));
    let second = messaged(scene, 8, 2, Medium::Text, "2026-06-17T11:00");
    assert_eq!(second.says("count_person", at), PERSON);
}

#[test]
fn the_day_is_the_persons_in_every_place_where_it_may_be() {
    let scene = limited(Scene::consumer(), Limits::agency())
        .in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]))
        .called(1, local("America/Los_Angeles", "2026-06-17T17:30"));
    // Midnight in New York is nine in the evening in Los Angeles, still the same day there.
    assert_eq!(scene.says("count_person", ny("2026-06-18T02:59")), PERSON);
    assert_eq!(scene.says("count_person", ny("2026-06-18T03:00")), None);
}

#[test]
fn an_answer_and_the_confirmation_of_an_opt_out_are_not_refused() {
    let mut scene = limited(Scene::consumer(), Limits::agency())
        .called(1, ny("2026-06-17T10:00"))
        .by(Medium::Email)
        .inbound(Medium::Email, ny("2026-06-17T11:00"));
    let noon = ny("2026-06-17T12:00");
    assert_eq!(scene.says("count_person", noon), PERSON);
    let answer = crate::Proposed { ..scene.proposed.clone() }.as_response();
    let confirmation = scene.proposed.clone().with_purpose(Purpose::OptOutConfirmation);
    for proposed in [answer, confirmation] {
        scene.proposed = proposed;
        assert_eq!(scene.says("count_person", noon), None);
    }
}

#[test]
fn a_clients_count_of_calls_binds_its_own_debts() {
    let limits =
        Limits { accounts: vec![id(1)], calls_per_debt_7_days: Some(2), ..Limits::default() };
    let scene = limited(Scene::business().and_account(2, 2), limits);
    let scene = scene.called(1, ny("2026-06-12T10:00")).called(1, ny("2026-06-16T10:00"));
    let at = ny("2026-06-17T12:00");
    let says = Some((Effect::Deny, Force::Policy, "policy limits.calls_per_debt"));
    assert_eq!(scene.says("limit_calls", at), says);
    assert!(scene.clone().by(Medium::Email).allows(at));
    assert!(scene.clone().about(2, 2).allows(at));
    assert!(scene.allows(ny("2026-06-19T00:00")));
}

#[test]
fn a_medium_that_a_client_does_not_use_is_shut_for_its_accounts() {
    let limits = Limits { accounts: vec![id(1)], not_by: vec![Medium::Mail], ..Limits::default() };
    let scene = limited(Scene::business().and_account(2, 2), limits).by(Medium::Mail);
    let at = ny("2026-06-17T12:00");
    let says = Some((Effect::Deny, Force::Policy, "policy limits.not_by"));
    assert_eq!(scene.says("limit_medium", at), says);
    assert!(scene.about(2, 2).allows(at));
}
