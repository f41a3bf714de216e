use duly_domain::{Effect, Force};

use crate::rules::states::tests::landline;
use crate::testing::{Scene, id, ny, zones};
use crate::{Attempt, Designation, DesignationKind, Medium, Place, Point, PointKind};

const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "ORS 646.639(2)"));
const WEEK: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Policy, "policy state.or.week"));
const HOME: u32 = 9;

/// A call to work is proposed; a home number was called in vain.
fn at_work() -> Scene {
    let mut scene = landline(Scene::consumer().living_in("OR", None), Some(Place::Work));
    scene.facts.points.push(Point::new(id(HOME), PointKind::Phone, zones(&["America/New_York"])));
    let unanswered = Attempt::new(id(900), id(1), Medium::Call, ny("2026-06-15T10:00"));
    scene.facts.attempts.push(Attempt { point: Some(id(HOME)), ..unanswered });
    scene
}

#[test]
fn at_work_only_after_a_call_home_rang_unanswered() {
    assert!(at_work().allows(ny("2026-06-16T12:00")));
    let mut nobody = at_work();
    nobody.facts.attempts.clear();
    let held = Some((Effect::Deny, Force::Policy, "policy state.or.home_first"));
    assert_eq!(nobody.says("state_work", ny("2026-06-16T12:00")), held);
    assert_eq!(at_work().says("state_work", ny("2026-06-22T12:00")), held, "a week later");
    let mut answered = at_work();
    answered.facts.attempts[0].conversation = true;
    assert_eq!(answered.says("state_work", ny("2026-06-16T12:00")), held);
    let home = landline(at_work(), Some(Place::Home));
    assert!(home.allows(ny("2026-06-16T12:00")));
}

#[test]
fn at_work_once_a_week() {
    let scene = at_work().called(1, ny("2026-06-16T10:00"));
    assert_eq!(scene.says("state_work", ny("2026-06-17T12:00")), LAW);
    assert_eq!(
        scene.says("state_work", ny("2026-06-21T12:00")),
        WEEK,
        "a week may begin on Sunday"
    );
}

#[test]
fn a_request_to_stop_is_honoured() {
    let mut scene = at_work();
    scene.facts.designations.push(Designation {
        kind: DesignationKind::NotAtPlace(Place::Work),
        medium: None,
        point: None,
        from: ny("2026-06-16T10:00"),
        until: None,
        oral: true,
    });
    assert_eq!(scene.says("state_work", ny("2026-06-16T12:00")), LAW);
}

#[test]
fn a_request_about_another_medium_stops_no_call() {
    let mut scene = at_work();
    let kind = DesignationKind::NotAtPlace(Place::Work);
    let told = Designation::new(kind, ny("2026-06-16T10:00"));
    scene.facts.designations.push(Designation { medium: Some(Medium::Visit), ..told });
    assert_eq!(scene.says("state_work", ny("2026-06-16T12:00")), None);
}
