use duly_domain::{Effect, Force};

use crate::facts::{ConsentFor, Event, EventKind};
use crate::medium::Medium;
use crate::proposed::DialMode;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "text_path";
const DENY: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Policy, "policy text_path"));

fn text() -> Scene {
    Scene::consumer().by(Medium::Text).without_consent()
}

#[test]
fn a_text_needs_a_path_that_is_fresh_typed_by_hand_or_not() {
    for mode in [DialMode::Manual, DialMode::TextPlatform] {
        let mut scene = text();
        scene.proposed.dial_mode = Some(mode);
        assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), DENY);
        let scene = scene.consents(ConsentFor::Text, PHONE, ny("2026-06-01T12:00"));
        assert_eq!(scene.says(RULE, ny("2026-07-31T11:59")), None);
        assert_eq!(scene.says(RULE, ny("2026-07-31T12:00")), DENY, "sixty days gone");
    }
}

#[test]
fn a_commercial_debtor_and_a_call_need_none() {
    let at = ny("2026-06-17T12:00");
    for scene in [Scene::guarantor(), Scene::business()] {
        assert_eq!(scene.by(Medium::Text).without_consent().says(RULE, at), None);
    }
    assert_eq!(Scene::consumer().without_consent().says(RULE, at), None);
}

#[test]
fn a_number_that_led_to_a_disclosure_is_barred() {
    let told =
        Event::new(EventKind::DisclosureReported, ny("2026-06-12T10:00")).at_point(id(PHONE));
    let scene = text().consents(ConsentFor::Text, PHONE, ny("2026-06-10T12:00")).event(told);
    assert_eq!(scene.says(RULE, ny("2026-06-11T12:00")), None);
    assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), DENY);
}

#[test]
fn a_text_of_the_person_is_answered() {
    let mut scene = text().inbound(Medium::Text, ny("2026-06-17T11:00"));
    scene.proposed = scene.proposed.as_response();
    assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), None);
    assert_eq!(scene.says(RULE, ny("2026-06-20T12:00")), DENY);
}
