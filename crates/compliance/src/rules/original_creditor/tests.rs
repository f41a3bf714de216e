use duly_domain::{Effect, Force};

use crate::facts::{Event, EventKind};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, id, ny};

const RULE: &str = "original_creditor";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.38(c)"));
const AT: &str = "2026-07-01T11:00";

/// The notice of 15 June printed 23 July; the request came on the day.
fn asked(mut scene: Scene, at: &str) -> Scene {
    let sent = Event::new(EventKind::ValidationSent, ny("2026-06-15T10:00")).about(id(1));
    scene.facts.events.push(sent.stating("2026-07-23".parse().unwrap()));
    scene.facts.events.push(Event::new(EventKind::OriginalCreditorAsked, ny(at)).about(id(1)));
    scene
}

#[test]
fn a_timely_request_ceases_collection_until_the_answer_is_sent() {
    let mut scene = asked(Scene::consumer(), "2026-06-20T10:00");
    for medium in [Medium::Call, Medium::Email, Medium::Mail] {
        assert_eq!(scene.clone().by(medium).says(RULE, ny(AT)), LAW, "{medium}");
    }
    assert!(scene.allows(ny("2026-06-20T09:59")));
    let sent = Event::new(EventKind::OriginalCreditorSent, ny("2026-06-30T10:00"));
    scene.facts.events.push(sent.about(id(1)));
    assert_eq!(scene.says(RULE, ny("2026-06-29T11:00")), LAW);
    assert!(scene.allows(ny(AT)));
}

#[test]
fn the_answer_itself_may_be_sent() {
    let mut scene = asked(Scene::consumer(), "2026-06-20T10:00").by(Medium::Mail);
    scene.proposed = scene.proposed.with_purpose(Purpose::OriginalCreditor);
    assert!(scene.allows(ny(AT)));
}

#[test]
fn a_late_request_ceases_nothing_and_one_of_unknown_time_is_held() {
    let late = asked(Scene::consumer(), "2026-07-24T10:00");
    assert!(late.allows(ny("2026-07-25T11:00")));
    let last_day = asked(Scene::consumer(), "2026-07-23T10:00");
    assert_eq!(last_day.says(RULE, ny("2026-07-25T11:00")), LAW);
    let mut unknown = asked(Scene::consumer(), "2026-06-20T10:00");
    unknown.facts.events[0].on = None;
    let held = Some((Effect::Hold, Force::Law, "12 CFR 1006.38(c)"));
    assert_eq!(unknown.says(RULE, ny(AT)), held);
}

#[test]
fn another_debt_and_a_commercial_one_go_on() {
    let scene = asked(Scene::consumer().and_account(2, 1), "2026-06-20T10:00");
    assert!(scene.about(2, 1).allows(ny(AT)));
    assert!(asked(Scene::business(), "2026-06-20T10:00").allows(ny(AT)));
}
