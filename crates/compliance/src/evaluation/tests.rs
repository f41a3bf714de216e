use duly_domain::{Effect, StopKind, Verdict};

use crate::testing::{Scene, ny, zones};
use crate::{Span, evaluate};

#[test]
fn a_decision_allows_defers_or_refuses_within_the_span() {
    let scene = Scene::consumer();
    let (noon, night) = (ny("2026-06-16T12:00"), ny("2026-06-16T22:00"));
    let evaluation = scene.evaluate(noon);
    let allowed = evaluation.decide(noon);
    assert_eq!((allowed.verdict, allowed.next_permitted_at), (Verdict::Allow, Some(noon)));
    assert!(allowed.allows() && !allowed.is_hold());
    let deferred = evaluation.decide(night);
    let morning = ny("2026-06-17T08:00:01");
    assert_eq!((deferred.verdict, deferred.next_permitted_at), (Verdict::Defer, Some(morning)));
    // The treatment expires at eight in the morning: there is no time left for it.
    let until = ny("2026-06-17T08:00");
    let refused = evaluate(&scene.facts, &scene.proposed, Span::new(noon, until)).decide(night);
    assert_eq!((refused.verdict, refused.next_permitted_at), (Verdict::Refuse, None));
}

#[test]
fn what_lies_outside_the_span_is_held() {
    let scene = Scene::consumer();
    let noon = ny("2026-06-16T12:00");
    let evaluation =
        evaluate(&scene.facts, &scene.proposed, Span::new(noon, ny("2026-06-16T13:00")));
    for at in [ny("2026-06-16T11:59:59"), ny("2026-06-16T13:00")] {
        assert!(evaluation.decide(at).is_hold());
        assert!(!evaluation.permits(at));
    }
    assert_eq!(evaluation.next_permitted(ny("2026-06-16T11:00")), Some(noon));
    assert_eq!(evaluation.next_permitted(ny("2026-06-16T13:00")), None);
}

#[test]
fn instants_at_the_ends_of_the_calendar_are_held_and_break_nothing() {
    let scene = Scene::consumer().spoke(1, duly_domain::Instant::MAX_UTC);
    let evaluation = evaluate(&scene.facts, &scene.proposed, Span::ALWAYS);
    for at in [Span::ALWAYS.from, Span::ALWAYS.until, Span::JUDGED.until] {
        assert!(evaluation.decide(at).is_hold());
    }
    assert!(!evaluation.permits(Span::JUDGED.from), "no rules in 1900");
    assert_eq!(evaluation.next_permitted(Span::JUDGED.until), None);
}

#[test]
fn an_explanation_has_one_reason_per_rule_the_longest() {
    let mut scene = Scene::consumer()
        .in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]))
        .stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"))
        .stopped(StopKind::Attorney, 1, ny("2026-06-02T09:00"));
    let night = ny("2026-06-17T00:30");
    let said = scene.evaluate(night).explain(night);
    let rules: Vec<_> = said.reasons.iter().map(|reason| &*reason.rule).collect();
    assert_eq!(rules, ["attorney", "local_hours"]);
    assert_eq!(said.reasons[0].until, None);
    assert_eq!(said.reasons[1].until, Some(ny("2026-06-17T11:00")), "eight in Los Angeles");
    assert_eq!(said.rule_packs, ["federal@1", "commercial@1", "agency@1"]);
    assert_eq!(said.verdict, Verdict::Refuse);
    scene.facts.stops.clear();
    let said = scene.evaluate(night).explain(night);
    assert_eq!(said.next_permitted_at, Some(ny("2026-06-17T11:00:01")));
    assert_eq!(said.requires, ["mini_miranda"]);
}

#[test]
fn a_hold_beside_a_denial_is_no_hold() {
    let scene = Scene::consumer().stopped(StopKind::Military, 1, ny("2026-06-01T09:00")).stopped(
        StopKind::Cease,
        1,
        ny("2026-06-01T09:00"),
    );
    let noon = ny("2026-06-16T12:00");
    let decision = scene.evaluate(noon).decide(noon);
    assert!(decision.reasons.iter().any(|reason| reason.effect == Effect::Hold));
    assert!(!decision.is_hold());
}

#[test]
fn the_blocked_stretches_cover_exactly_what_is_not_permitted() {
    let scene = Scene::consumer().spoke(1, ny("2026-06-16T14:00"));
    let span = Span::new(ny("2026-06-15T00:00"), ny("2026-06-25T00:00"));
    let evaluation = evaluate(&scene.facts, &scene.proposed, span);
    let blocked = evaluation.blocked();
    let mut at = span.from;
    while at < span.until {
        let covered = blocked.iter().any(|blocked| blocked.span.contains(at));
        assert_eq!(covered, !evaluation.permits(at), "{at}");
        at += chrono::Duration::minutes(10);
    }
}

#[test]
fn no_sentence_names_an_id_or_is_empty() {
    let scene = Scene::consumer()
        .in_zones(crate::Zones::Unknown, crate::Zones::NoSignal)
        .stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"))
        .spoke(1, ny("2026-06-16T10:00"));
    let night = ny("2026-06-16T23:00");
    for reason in scene.evaluate(night).explain(night).reasons {
        assert!(!reason.sentence.is_empty() && !reason.sentence.contains('_'), "{reason:?}");
    }
}
