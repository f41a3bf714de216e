use duly_domain::{Effect, Force};

use crate::facts::{Event, EventKind};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{ADDRESS, Scene, id, ny};

const RULE: &str = "validation_hold";
const HELD: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Policy, "policy first.hold"));

/// An e-mail about the debt was the first, on 1 June; the agency's days are those of Greenwich.
fn begun() -> Scene {
    let mut scene = Scene::consumer();
    scene.facts.accounts[0].first_written_at = Some(ny("2026-06-01T10:00"));
    scene
}

fn told(mut scene: Scene, kind: EventKind, at: &str) -> Scene {
    scene.facts.events.push(Event::new(kind, ny(at)).about(id(1)));
    scene
}

#[test]
fn after_five_days_without_the_notice_contact_is_held_until_it_is_sent() {
    let scene = begun();
    assert!(scene.allows(ny("2026-06-06T12:00")), "the fifth day");
    assert_eq!(scene.says(RULE, ny("2026-06-07T12:00")), HELD);
    let late = told(scene.clone(), EventKind::ValidationSent, "2026-06-08T10:00");
    assert_eq!(late.says(RULE, ny("2026-06-08T09:59")), HELD);
    assert!(late.allows(ny("2026-06-08T10:00")));
    let in_time = told(scene, EventKind::ValidationSent, "2026-06-04T10:00");
    assert!(in_time.allows(ny("2026-06-07T12:00")));
}

#[test]
fn the_first_of_word_and_writing_counts_and_nothing_does_before() {
    assert!(Scene::consumer().allows(ny("2026-06-30T12:00")), "nothing was conveyed yet");
    let mut scene = begun();
    scene.facts.accounts[0].first_spoken_at = Some(ny("2026-05-28T10:00"));
    assert_eq!(scene.says(RULE, ny("2026-06-03T12:00")), HELD);
}

/// 1006.34(a)(1)(ii): given by word of mouth in it; 1006.34(a)(2): paid before the day.
#[test]
fn nothing_is_owed_after_word_of_mouth_or_payment_in_time() {
    let at = ny("2026-06-10T12:00");
    assert!(told(begun(), EventKind::ValidationSpoken, "2026-06-01T10:00").allows(at));
    assert!(told(begun(), EventKind::Paid, "2026-06-05T10:00").allows(at));
    assert_eq!(told(begun(), EventKind::Paid, "2026-06-08T10:00").says(RULE, at), HELD, "too late");
}

#[test]
fn the_notice_itself_and_an_answer_may_go() {
    let at = ny("2026-06-10T12:00");
    let mut notice = begun().by(Medium::Mail);
    notice.proposed = notice.proposed.with_purpose(Purpose::ValidationNotice);
    assert!(notice.allows(at));
    let mut answer = begun().inbound(Medium::Call, at);
    answer.proposed = answer.proposed.as_response();
    assert!(answer.allows(at));
}

/// Comment 42(a)(1)-2: a notice that came back was not provided; policy gives it five days again.
#[test]
fn comment_42a1_2_a_notice_that_came_back_is_to_be_sent_again() {
    let mut scene = told(begun(), EventKind::ValidationSent, "2026-06-02T10:00");
    scene.facts.events[0].point = Some(id(ADDRESS));
    let back = Event::new(EventKind::Undeliverable, ny("2026-06-22T10:00")).about(id(1));
    scene.facts.events.push(back.at_point(id(ADDRESS)));
    assert!(scene.allows(ny("2026-06-27T12:00")));
    assert_eq!(scene.says(RULE, ny("2026-06-28T12:00")), HELD);
    let mut other = scene.clone();
    other.facts.events[1].point = Some(id(9));
    assert!(other.allows(ny("2026-06-28T12:00")), "something else came back");
    let again = told(scene, EventKind::ValidationSent, "2026-06-29T10:00");
    assert!(again.allows(ny("2026-06-29T12:00")));
}

#[test]
fn a_commercial_debt_has_no_such_notice() {
    for mut scene in [Scene::guarantor(), Scene::business()] {
        scene.facts.accounts[0].first_written_at = Some(ny("2026-06-01T10:00"));
        assert!(scene.allows(ny("2026-06-10T12:00")));
    }
}
