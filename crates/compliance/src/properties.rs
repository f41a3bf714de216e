//! What must hold of any facts: the guard against a slow oracle written from the text.
//!
//! The scenes of an everyday run are few and always the same. `DULY_TEST_CASES` asks for so many scenes in
//! each property, `DULY_TEST_SEED` for other ones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use duly_domain::{Effect, Instant, StopKind, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::testing::id;
use crate::*;

mod judged;
mod oracle;
mod scenes;

use judged::JUDGED;
use oracle::{Asked, Said};
use scenes::scene;

/// How far a scene reaches from its day.
const HOURS: i64 = 40;

fn span(start: Instant) -> Span {
    Span::new(start, start + Duration::hours(HOURS))
}

/// Every minute, and the first seconds of every quarter of an hour, where hours begin and end.
fn instants(span: Span) -> impl Iterator<Item = Instant> {
    let minutes = (span.until - span.from).num_minutes();
    (0..minutes).flat_map(move |minute| {
        let at = span.from + Duration::minutes(minute);
        let edge = minute % 15 == 0;
        let near = if edge { -1..=2 } else { 0..=0 };
        near.map(move |second| at + Duration::seconds(second)).filter(move |at| span.contains(*at))
    })
}

/// What the guard says stands against the attempt, by rule; of two effects the stronger.
fn said(evaluation: &Evaluation, at: Instant) -> BTreeMap<&'static str, Effect> {
    let mut said = BTreeMap::new();
    for blocked in evaluation.decide(at).reasons {
        let effect = said.entry(blocked.ground.rule).or_insert(blocked.effect);
        if blocked.effect == Effect::Deny {
            *effect = Effect::Deny;
        }
    }
    said
}

/// Fails where guard and text differ in a rule, or in whether it denies or holds.
fn agree(
    guard: &BTreeMap<&'static str, Effect>,
    text: &Said,
    at: Instant,
) -> Result<(), TestCaseError> {
    let rules: BTreeSet<_> = guard.keys().chain(text.must.keys()).copied().collect();
    for rule in rules {
        let (said, must) = (guard.get(rule), text.must.get(rule));
        let may = |said: &Effect| text.may.contains(&(rule, *said));
        let same = said == must || said.is_some_and(may);
        prop_assert!(same, "{rule} at {at}: guard {said:?}, text {must:?}; text {text:?}");
    }
    Ok(())
}

/// Runs a property over scenes: so many, or as many as the environment asks for.
fn for_scenes<S: Strategy>(
    usual: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u32>().unwrap());
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number("DULY_TEST_SEED").unwrap_or(0).to_le_bytes());
    let config = ProptestConfig {
        cases: number("DULY_TEST_CASES").unwrap_or(usual),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    if let Err(failure) = runner.run(strategy, property) {
        panic!("{failure}");
    }
}

#[test]
fn a_decision_is_what_the_text_says_minute_by_minute() {
    for_scenes(56, &scene(), |(start, facts, proposed)| {
        let evaluation = evaluate(&facts, &proposed, span(start));
        let asked = Asked::of(&facts, &proposed);
        let mut open = Vec::new();
        for at in instants(span(start)) {
            let text = oracle::blocks(&asked, at);
            agree(&said(&evaluation, at), &text, at)?;
            open.push((at, text.must.is_empty()));
        }
        verdicts(&evaluation, &asked, &open)
    });
}

/// Allow, defer and refuse, and the first permitted instant, by walking.
fn verdicts(
    evaluation: &Evaluation,
    asked: &Asked<'_>,
    open: &[(Instant, bool)],
) -> Result<(), TestCaseError> {
    let until = evaluation.span().until;
    for (n, (at, allowed)) in open.iter().enumerate().step_by(61) {
        let decision = evaluation.decide(*at);
        let next = decision.next_permitted_at;
        let verdict = match next {
            Some(next) if next == *at => Verdict::Allow,
            Some(_) => Verdict::Defer,
            None => Verdict::Refuse,
        };
        prop_assert_eq!(decision.verdict, verdict, "{}", at);
        prop_assert_eq!(decision.allows(), *allowed, "{}", at);
        prop_assert_eq!(evaluation.next_permitted(*at), next, "{}", at);
        let earlier = open[n..].iter().take_while(|(at, _)| *at < next.unwrap_or(until));
        for (at, allowed) in earlier {
            prop_assert!(!allowed, "permitted at {} before {:?}", at, next);
        }
        if let Some(next) = next {
            let permits = |at| oracle::blocks(asked, at).must.is_empty();
            prop_assert!(permits(next), "{}", next);
            let before = next - Duration::seconds(1);
            prop_assert!(before < *at || !permits(before), "{} is not the first", next);
        }
    }
    Ok(())
}

/// At every instant of a quarter of an hour's walk, and where the guard says that something begins or ends;
/// in so many scenes that every rule is met.
#[test]
fn every_rule_is_met_and_is_what_the_text_says_at_its_edges() {
    let met = std::cell::RefCell::new(BTreeMap::<&str, u32>::new());
    for_scenes(800, &scene(), |(start, facts, proposed)| {
        let evaluation = evaluate(&facts, &proposed, span(start));
        let asked = Asked::of(&facts, &proposed);
        let mut here = BTreeSet::new();
        for at in edges(&evaluation) {
            let text = oracle::blocks(&asked, at);
            let guard = said(&evaluation, at);
            agree(&guard, &text, at)?;
            here.extend(guard.into_keys());
        }
        for rule in here {
            *met.borrow_mut().entry(rule).or_default() += 1;
        }
        Ok(())
    });
    let met = met.into_inner();
    println!("scenes in which each rule was met: {met:?}");
    let never: Vec<_> = JUDGED.iter().filter(|rule| !met.contains_key(*rule)).collect();
    assert!(never.is_empty(), "never met: {never:?}");
    let others: Vec<_> = met.keys().filter(|rule| !JUDGED.contains(rule)).collect();
    assert!(others.is_empty(), "not in the list: {others:?}");
}

/// The first and last instants of what the guard finds, and some between.
fn edges(evaluation: &Evaluation) -> BTreeSet<Instant> {
    let span = evaluation.span();
    let mut edges: BTreeSet<_> =
        (0..HOURS).map(|hour| span.from + Duration::minutes(hour * 60)).collect();
    for blocked in evaluation.blocked() {
        let Span { from, until } = blocked.span;
        for at in [from, until].into_iter().filter(|at| span.contains(*at)) {
            edges.extend([-1, 0, 1].map(|second| at + Duration::seconds(second)));
        }
    }
    edges.retain(|at| span.contains(*at));
    edges
}

/// At every instant at which the one permits, the other does.
fn no_wider(narrow: &Evaluation, wide: &Evaluation, start: Instant) -> Result<(), TestCaseError> {
    for at in instants(span(start)).step_by(7).chain(edges(wide)).chain(edges(narrow)) {
        let reasons = || (at, said(wide, at));
        prop_assert!(wide.permits(at) || !narrow.permits(at), "{:?}", reasons());
    }
    Ok(())
}

#[test]
fn another_stop_never_widens() {
    let stop = (0..6usize, 0..600i64, any::<bool>(), any::<bool>());
    for_scenes(200, &(scene(), stop), |((start, facts, proposed), stop)| {
        let (kind, minutes, medium, point) = stop;
        let mut stopped = facts.clone();
        stopped.stops.push(Stop {
            id: id(9),
            kind: StopKind::ALL[kind],
            party: id(1),
            account: None,
            medium: Some(proposed.medium).filter(|_| medium),
            point: proposed.point.filter(|_| point),
            from: start + Duration::minutes(minutes),
            until: None,
        });
        let before = evaluate(&facts, &proposed, span(start));
        no_wider(&evaluate(&stopped, &proposed, span(start)), &before, start)
    });
}

/// A stop that was lifted stands no longer than one that was not.
#[test]
fn a_stop_that_is_never_lifted_never_widens() {
    for_scenes(100, &scene(), |(start, facts, proposed)| {
        let mut standing = facts.clone();
        for stop in &mut standing.stops {
            stop.until = None;
        }
        let before = evaluate(&facts, &proposed, span(start));
        no_wider(&evaluate(&standing, &proposed, span(start)), &before, start)
    });
}

#[test]
fn another_wish_or_dispute_never_widens() {
    for_scenes(150, &(scene(), scene()), |((start, facts, proposed), (_, other, _))| {
        let mut told = facts.clone();
        told.designations.extend(other.designations);
        told.disputes.extend(other.disputes);
        told.bankruptcies.extend(other.bankruptcies);
        let before = evaluate(&facts, &proposed, span(start));
        no_wider(&evaluate(&told, &proposed, span(start)), &before, start)
    });
}

#[test]
fn a_consent_taken_back_never_widens() {
    let which = (any::<prop::sample::Index>(), -600..600i64);
    for_scenes(150, &(scene(), which), |((start, facts, proposed), (which, minutes))| {
        let mut fewer = facts.clone();
        if !fewer.consents.is_empty() {
            let which = which.index(fewer.consents.len());
            let back = start + Duration::minutes(minutes);
            let consent = &mut fewer.consents[which];
            consent.withdrawn_at = Some(consent.withdrawn_at.map_or(back, |then| then.min(back)));
        }
        let before = evaluate(&facts, &proposed, span(start));
        no_wider(&evaluate(&fewer, &proposed, span(start)), &before, start)
    });
}

#[test]
fn one_attempt_less_never_narrows() {
    let which = any::<prop::sample::Index>();
    for_scenes(200, &(scene(), which), |((start, facts, proposed), which)| {
        let mut fewer = facts.clone();
        if !fewer.attempts.is_empty() {
            let gone = fewer.attempts.remove(which.index(facts.attempts.len()));
            if opens_work_in_oregon(&facts, &gone) {
                return Ok(());
            }
        }
        let before = evaluate(&facts, &proposed, span(start));
        no_wider(&before, &evaluate(&fewer, &proposed, span(start)), start)
    });
}

/// ORS 646.639(2): at work only who is not reachable at home, which a call that nobody answered shows. No
/// other attempt opens anything.
fn opens_work_in_oregon(facts: &Facts, attempt: &Attempt) -> bool {
    let oregon = |region: Region| region.state.code() == "OR";
    let unanswered = attempt.medium == Medium::Call && !attempt.conversation;
    unanswered && facts.points.iter().any(|point| point.region.is_some_and(oregon))
}

#[test]
fn a_replay_is_the_decision() {
    for_scenes(200, &(scene(), 0..HOURS * 60), |((start, facts, proposed), minute)| {
        let at = start + Duration::minutes(minute);
        let evaluation = evaluate(&facts, &proposed, span(start));
        let snapshot = Snapshot::of(&facts, &proposed, &evaluation, at);
        let stored = serde_json::to_string(&snapshot).unwrap();
        let read: Snapshot = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(replay(&read).unwrap(), evaluation.explain(at));
        Ok(())
    });
}
