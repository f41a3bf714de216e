use duly_domain::{Effect, Force};

use super::super::tests::{allows, requires, says};
use crate::acts::Act;
use crate::facts::{Dispute, DisputeExtent, DisputeForm, Event, EventKind};
use crate::testing::{ADDRESS, EMAIL, Scene, id, ny};

const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.30(a)(1)"));

fn event(kind: EventKind, at: &str) -> Event {
    Event::new(kind, ny(at)).about(id(1))
}

fn furnish(scene: &Scene, at: &str) -> bool {
    let says = says(scene, Act::Furnish, "furnish", ny(at));
    assert!(says.is_none() || says == LAW);
    allows(scene, Act::Furnish, ny(at))
}

/// Comment 30(a)(1)-2: fourteen days from the mailing.
#[test]
fn comment_30a1_2_the_wait_begins_on_the_day_of_mailing_and_lasts_fourteen_days() {
    let scene = Scene::consumer().event(event(EventKind::Written, "2026-05-01T15:00"));
    assert!(!furnish(&scene, "2026-05-01T16:00"));
    assert!(!furnish(&scene, "2026-05-14T12:00"), "the fourteenth day");
    assert!(furnish(&scene, "2026-05-15T12:00"));
}

/// Comment 30(a)(1)-3.ii: undeliverable within the wait, sent again on 11 May, furnished after 24 May.
#[test]
fn comment_30a1_3_ii_what_comes_back_within_the_wait_begins_it_anew() {
    let scene = Scene::consumer()
        .event(event(EventKind::ValidationSent, "2026-05-01T15:00"))
        .event(event(EventKind::Undeliverable, "2026-05-10T15:00"))
        .event(event(EventKind::ValidationSent, "2026-05-11T15:00"));
    assert!(!furnish(&scene, "2026-05-15T12:00"), "the second wait is running");
    assert!(!furnish(&scene, "2026-05-24T12:00"));
    assert!(furnish(&scene, "2026-05-25T12:00"));
}

#[test]
fn what_comes_back_after_the_wait_changes_nothing() {
    let scene = Scene::consumer()
        .event(event(EventKind::Written, "2026-05-01T15:00"))
        .event(event(EventKind::Undeliverable, "2026-05-20T15:00"));
    assert!(furnish(&scene, "2026-05-25T12:00"));
}

#[test]
fn what_came_back_from_one_address_leaves_the_message_to_the_other() {
    let scene = Scene::consumer()
        .event(event(EventKind::Written, "2026-05-01T15:00").at_point(id(EMAIL)))
        .event(event(EventKind::Undeliverable, "2026-05-05T15:00").at_point(id(ADDRESS)));
    assert!(furnish(&scene, "2026-05-15T12:00"));
}

#[test]
fn speaking_about_the_debt_suffices_and_a_call_that_nobody_answered_does_not() {
    let mut scene = Scene::consumer().called(1, ny("2026-05-01T15:00"));
    assert!(!furnish(&scene, "2026-07-01T12:00"));
    scene.facts.accounts[0].first_spoken_at = Some(ny("2026-06-01T15:00"));
    assert!(!furnish(&scene, "2026-06-01T14:59"));
    assert!(furnish(&scene, "2026-06-01T15:00"));
}

#[test]
fn the_first_letter_conveyed_is_a_letter_and_one_about_another_debt_is_none() {
    let mut scene = Scene::consumer().and_account(2, 1);
    scene.facts.accounts[1].first_written_at = Some(ny("2026-05-01T15:00"));
    assert!(!furnish(&scene, "2026-06-01T12:00"));
    scene.facts.accounts[0].first_written_at = Some(ny("2026-05-01T15:00"));
    assert!(furnish(&scene, "2026-05-15T12:00"));
}

#[test]
fn a_disputed_debt_is_furnished_as_disputed() {
    let at = ny("2026-06-17T12:00");
    let mut scene = Scene::consumer();
    assert_eq!(requires(&scene, Act::Furnish, at), [""; 0]);
    for form in [DisputeForm::TimelyWritten, DisputeForm::Other, DisputeForm::Unknown] {
        scene.facts.disputes = vec![Dispute {
            id: id(1),
            account: id(1),
            extent: DisputeExtent::Part,
            form,
            from: ny("2026-06-01T12:00"),
            until: None,
        }];
        assert_eq!(requires(&scene, Act::Furnish, at), ["report_disputed"], "{form:?}");
    }
    scene.facts.disputes.clear();
    let scene = scene.event(event(EventKind::DisputedOrally, "2026-06-01T12:00"));
    assert_eq!(requires(&scene, Act::Furnish, at), ["report_disputed"]);
}

#[test]
fn a_business_debt_is_outside() {
    assert!(furnish(&Scene::business(), "2026-06-17T12:00"));
}
