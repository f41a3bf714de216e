use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::rules::states::tests::landline;
use crate::testing::{Scene, ny};
use crate::{LineType, Place};

#[test]
fn contact_at_work_is_held_and_nothing_else_is() {
    let at = ny("2026-06-16T12:00");
    let held = Some((Effect::Hold, Force::Unverified, "unverified state.nh.work"));
    let concord = Scene::consumer().living_in("NH", None);
    assert_eq!(landline(concord.clone(), Some(Place::Work)).says("state_work", at), held);
    assert_eq!(landline(concord.clone(), None).says("state_work", at), held, "nobody knows");
    assert_eq!(landline(concord.clone(), Some(Place::Home)).says("state_work", at), None);
    assert!(concord.clone().by(Medium::Mail).allows(at));
    assert_eq!(concord.facts.points[0].line, LineType::Unknown);
    assert!(concord.allows(at));
}
