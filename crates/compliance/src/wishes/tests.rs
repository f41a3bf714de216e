use chrono::{NaiveTime, Weekday};
use duly_domain::{DebtClass, DebtorKind};

use super::*;
use crate::facts::{Designation, Weekdays};
use crate::medium::Medium;
use crate::testing::{Scene, ny, zones};

fn thursday_after_five() -> Times {
    Times {
        days: [Weekday::Thu].into_iter().collect(),
        from: NaiveTime::from_hms_opt(17, 0, 0),
        until: None,
        first_day: None,
        last_day: None,
    }
}

fn asked(times: Times, medium: Option<Medium>) -> Scene {
    let mut scene = Scene::new(DebtClass::Consumer, DebtorKind::Person);
    let please = DesignationKind::Please(times);
    scene
        .facts
        .designations
        .push(Designation { medium, ..Designation::new(please, ny("2026-06-01T09:00")) });
    scene
}

fn of(scene: &Scene) -> Wishes {
    wishes(&scene.facts, &scene.proposed, ny("2026-06-08T10:00"))
}

#[test]
fn thursday_after_five_begins_at_five_on_the_next_thursday() {
    let wishes = of(&asked(thursday_after_five(), None));
    let monday = ny("2026-06-08T10:00");
    let week = ny("2026-06-15T10:00");
    assert_eq!(wishes.next(monday, week), Some(ny("2026-06-11T17:00")));
    assert_eq!(wishes.next(ny("2026-06-11T17:20"), week), Some(ny("2026-06-11T17:20")));
    assert_eq!(wishes.next(monday, ny("2026-06-11T17:00")), None, "the plan ends before");
    assert_eq!(wishes.words(), "on Thursday from 17:00");
}

#[test]
fn it_is_after_five_wherever_the_person_may_be() {
    let scene = asked(thursday_after_five(), None)
        .in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]));
    let week = ny("2026-06-15T10:00");
    assert_eq!(of(&scene).next(ny("2026-06-08T10:00"), week), Some(ny("2026-06-11T20:00")));
}

#[test]
fn a_wish_about_another_medium_or_one_that_is_over_or_lifted_is_none() {
    assert!(!of(&asked(thursday_after_five(), Some(Medium::Call))).is_empty());
    assert!(of(&asked(thursday_after_five(), Some(Medium::Text))).is_empty());
    let last_day = ny("2026-06-04T12:00").date_naive();
    assert!(
        of(&asked(Times { last_day: Some(last_day), ..thursday_after_five() }, None)).is_empty()
    );
    let mut lifted = asked(thursday_after_five(), None);
    lifted.facts.designations[0].until = Some(ny("2026-06-05T09:00"));
    assert!(of(&lifted).is_empty());
}

#[test]
fn the_earlier_of_two_wishes_is_taken_and_both_are_said() {
    let mut scene = asked(thursday_after_five(), None);
    let saturday = Times { days: [Weekday::Sat].into_iter().collect(), ..thursday_after_five() };
    let any = Times { days: Weekdays::ALL, until: NaiveTime::from_hms_opt(18, 0, 0), ..saturday };
    for times in [saturday, any] {
        let please = DesignationKind::Please(times);
        scene.facts.designations.push(Designation::new(please, ny("2026-06-01T09:00")));
    }
    let wishes = of(&scene);
    let week = ny("2026-06-15T10:00");
    assert_eq!(wishes.next(ny("2026-06-08T10:00"), week), Some(ny("2026-06-08T17:00")));
    assert_eq!(
        wishes.words(),
        "on Thursday from 17:00, or on Saturday from 17:00, or on any day from 17:00 until 18:00"
    );
}
