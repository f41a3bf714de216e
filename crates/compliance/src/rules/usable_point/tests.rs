use duly_domain::{Effect, Force};

use crate::facts::PointState;
use crate::medium::Medium;
use crate::testing::{ADDRESS, EMAIL, PHONE, Scene, id, ny};

const RULE: &str = "usable_point";
const AT: &str = "2026-06-17T12:00";

#[test]
fn without_an_address_of_the_medium_an_attempt_is_held() {
    let held = Some((Effect::Hold, Force::Policy, "policy agency.usable_point"));
    for (medium, point) in [
        (Medium::Call, None),
        (Medium::Call, Some(EMAIL)),
        (Medium::Text, Some(ADDRESS)),
        (Medium::Mail, Some(PHONE)),
        (Medium::Email, Some(99)),
    ] {
        let mut scene = Scene::consumer().by(medium);
        scene.proposed.point = point.map(id);
        assert_eq!(scene.says(RULE, ny(AT)), held, "{medium}");
    }
}

#[test]
fn a_bad_address_is_denied() {
    for state in [PointState::Wrong, PointState::Undeliverable] {
        let mut scene = Scene::consumer().by(Medium::Mail);
        scene.facts.points[1].state = state;
        let denied = (Effect::Deny, Force::Policy, "policy agency.usable_point");
        assert_eq!(scene.says(RULE, ny(AT)), Some(denied));
    }
}
