use duly_domain::{Effect, Force};

use crate::facts::Inbound;
use crate::medium::Medium;
use crate::testing::{Scene, id, ny};

const RULE: &str = "unread";
const HELD: Option<(Effect, Force, &str)> =
    Some((Effect::Hold, Force::Policy, "policy inbound.unread"));

fn unread(mut scene: Scene, account: Option<u32>) -> Scene {
    let inbound = Inbound::new(Medium::Mail, ny("2026-06-16T09:00"));
    scene.facts.inbound.push(Inbound { account: account.map(id), read: false, ..inbound });
    scene
}

#[test]
fn what_was_not_read_holds_contact_about_the_account() {
    let at = ny("2026-06-16T12:00");
    let mut scene = unread(Scene::consumer().and_account(2, 1), Some(1));
    for medium in [Medium::Call, Medium::Email, Medium::Mail] {
        assert_eq!(scene.clone().by(medium).says(RULE, at), HELD, "{medium}");
    }
    assert!(scene.allows(ny("2026-06-16T08:59")), "before it came");
    assert!(scene.clone().about(2, 1).allows(at));
    scene.facts.inbound[0].account = None;
    assert_eq!(scene.clone().about(2, 1).says(RULE, at), HELD, "it may be about any");
    scene.facts.inbound[0].read = true;
    assert!(scene.allows(at));
}

#[test]
fn a_commercial_account_goes_on() {
    let at = ny("2026-06-16T12:00");
    assert!(unread(Scene::guarantor(), None).allows(at));
    assert!(unread(Scene::business(), Some(1)).allows(at));
}

#[test]
fn a_snapshot_keeps_it_however_old_it_is() {
    let at = ny("2026-09-16T12:00");
    let scene = unread(Scene::consumer(), None);
    let evaluation = scene.evaluate(at);
    let kept = crate::Snapshot::of(&scene.facts, &scene.proposed, &evaluation, at);
    assert_eq!(crate::replay(&kept).unwrap(), evaluation.explain(at));
    assert_eq!(kept.facts.inbound.len(), 1);
}
