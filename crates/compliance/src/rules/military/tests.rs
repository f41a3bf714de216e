use duly_domain::{Effect, Force, StopKind};

use crate::testing::{Scene, ny};

#[test]
fn a_person_in_service_is_held_by_policy() {
    for scene in [Scene::consumer(), Scene::guarantor()] {
        let scene = scene.and_account(2, 2).stopped(StopKind::Military, 1, ny("2026-06-01T09:00"));
        let held = (Effect::Hold, Force::Policy, "policy scra.hold");
        let at = ny("2026-06-17T12:00");
        assert_eq!(scene.about(2, 2).says("military", at), Some(held));
    }
}
