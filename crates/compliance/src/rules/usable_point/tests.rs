use duly_domain::{Channel, Effect, Force};

use crate::facts::PointState;
use crate::testing::{ADDRESS, EMAIL, PHONE, Scene, id, ny};

const RULE: &str = "usable_point";
const AT: &str = "2026-06-17T12:00";

#[test]
fn without_an_address_of_the_medium_an_attempt_is_held() {
    let held = Some((Effect::Hold, Force::Policy, "policy agency.usable_point"));
    for (channel, point) in [
        (Channel::Call, None),
        (Channel::Call, Some(EMAIL)),
        (Channel::Text, Some(ADDRESS)),
        (Channel::Mail, Some(PHONE)),
        (Channel::Email, Some(99)),
    ] {
        let mut scene = Scene::consumer().by(channel);
        scene.proposed.point = point.map(id);
        assert_eq!(scene.says(RULE, ny(AT)), held, "{channel}");
    }
}

#[test]
fn a_bad_address_is_denied() {
    for state in [PointState::Wrong, PointState::Undeliverable] {
        let mut scene = Scene::consumer().by(Channel::Mail);
        scene.facts.points[1].state = state;
        let denied = (Effect::Deny, Force::Policy, "policy agency.usable_point");
        assert_eq!(scene.says(RULE, ny(AT)), Some(denied));
    }
}
