use duly_domain::{Date, Effect};

use super::{BOOK, BookError, Pack, PackId, Reach, check, evaluate_with};
use crate::Span;
use crate::testing::{Scene, utc};

const fn pack(version: u16, from: Option<Date>, to: Option<Date>) -> Pack {
    let rules = crate::rules::FEDERAL_1;
    Pack { id: PackId { name: "federal", version }, from, to, reach: Reach::Everyone, rules }
}

fn day(day: u32) -> Option<Date> {
    Date::from_ymd_opt(2026, 6, day)
}

#[test]
fn the_book_has_no_gap_and_no_overlap() {
    assert_eq!(check(BOOK), Ok(()));
}

#[test]
fn a_gap_or_overlap_in_the_days_of_a_pack_is_an_error() {
    let first = pack(1, None, day(15));
    assert_eq!(check(&[&first, &pack(2, day(16), None)]), Ok(()));
    let gap = check(&[&first, &pack(2, day(17), None)]).unwrap_err();
    assert_eq!(gap.to_string(), "no rules between federal@1 and federal@2");
    let overlap = check(&[&first, &pack(2, day(15), None)]).unwrap_err();
    assert_eq!(overlap.to_string(), "federal@1 and federal@2 overlap");
    let endless = check(&[&pack(1, None, None), &pack(2, day(15), None)]);
    assert!(matches!(endless, Err(BookError::Overlap { .. })));
}

#[test]
fn an_event_is_judged_under_the_rules_of_its_day() {
    // A version without rules until 15 June, the released one from 16 June, in the agency's zone (UTC).
    let lax = Pack { rules: &[], ..pack(1, None, day(15)) };
    let strict = pack(2, day(16), None);
    let scene = Scene::consumer();
    let rest = BOOK.iter().copied().filter(|pack| pack.id.name != "federal");
    let book: Vec<&Pack> = [&lax, &strict].into_iter().chain(rest).collect();
    let span = Span::new(utc("2026-06-10T00:00:00Z"), utc("2026-06-20T00:00:00Z"));
    let evaluation = evaluate_with(&book, &scene.facts, &scene.proposed, span);
    let ids: Vec<_> = evaluation.rule_packs().iter().map(ToString::to_string).collect();
    assert_eq!(ids, ["federal@1", "federal@2", "commercial@1", "agency@1"]);
    assert!(evaluation.permits(utc("2026-06-15T07:00:00Z")), "night under the first version");
    assert!(evaluation.permits(utc("2026-06-15T23:59:59Z")));
    assert!(evaluation.permits(utc("2026-06-16T00:00:00Z")), "20:00 in New York");
    assert!(!evaluation.permits(utc("2026-06-16T07:00:00Z")), "night under the second");
}

#[test]
fn a_day_without_rules_is_held() {
    let scene = Scene::consumer();
    let span = Span::new(utc("2021-11-29T00:00:00Z"), utc("2021-12-01T23:00:00Z"));
    let evaluation = evaluate_with(BOOK, &scene.facts, &scene.proposed, span);
    let before = evaluation.decide(utc("2021-11-29T17:00:00Z"));
    assert!(before.is_hold());
    assert_eq!(before.reasons[0].ground.rule, "no_rules");
    assert_eq!(before.reasons[0].effect, Effect::Hold);
    assert!(evaluation.permits(utc("2021-11-30T17:00:00Z")));
}

#[test]
fn versions_that_do_not_count_up_stand_together_or_reach_the_same_persons_are_an_error() {
    let (first, third) = (pack(1, None, day(15)), pack(3, day(16), None));
    let skipped = check(&[&first, &third]).unwrap_err();
    assert_eq!(skipped.to_string(), "federal@3 does not follow federal@1");
    let other = Pack { id: PackId { name: "state.ma", version: 1 }, ..pack(1, None, None) };
    let second = pack(2, day(16), None);
    assert!(matches!(check(&[&first, &other, &second]), Err(BookError::Order { .. })));
    let ma = Reach::State(duly_domain::UsState::of("MA").unwrap());
    let narrower = Pack { reach: ma, ..second };
    let moved = check(&[&first, &narrower]).unwrap_err();
    assert_eq!(moved.to_string(), "federal@1 and federal@2 do not reach the same persons");
}

#[test]
fn a_place_says_nothing_before_its_first_version_and_holds_after_its_last() {
    let reach = Reach::State(duly_domain::UsState::of("MA").unwrap());
    let id = PackId { name: "state.ma", version: 1 };
    let place = Pack { id, from: day(12), to: day(15), reach, rules: &[] };
    let rest = BOOK.iter().copied().filter(|pack| pack.id.name != "state.ma");
    let book: Vec<&Pack> = rest.chain([&place]).collect();
    let span = Span::new(utc("2026-06-10T00:00:00Z"), utc("2026-06-20T00:00:00Z"));
    let boston = Scene::consumer().living_in("MA", None);
    let evaluation = evaluate_with(&book, &boston.facts, &boston.proposed, span);
    for (at, open) in [
        ("2026-06-11T16:00:00Z", true),
        ("2026-06-12T16:00:00Z", true),
        ("2026-06-15T16:00:00Z", true),
        ("2026-06-16T16:00:00Z", false),
    ] {
        assert_eq!(evaluation.permits(utc(at)), open, "{at}");
    }
    let elsewhere = Scene::consumer().living_in("OH", None);
    let evaluation = evaluate_with(&book, &elsewhere.facts, &elsewhere.proposed, span);
    assert!(evaluation.permits(utc("2026-06-16T16:00:00Z")));
}

#[test]
fn a_book_without_one_of_the_general_packs_holds() {
    let scene = Scene::consumer();
    let at = utc("2026-06-16T16:00:00Z");
    for missing in ["federal", "commercial", "agency"] {
        let book: Vec<&Pack> =
            BOOK.iter().copied().filter(|pack| pack.id.name != missing).collect();
        let evaluation = evaluate_with(&book, &scene.facts, &scene.proposed, Span::days(at, 1));
        assert!(evaluation.decide(at).is_hold(), "{missing}");
    }
}
