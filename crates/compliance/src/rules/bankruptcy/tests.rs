use duly_domain::{Effect, Force, StopKind};

use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, ny};

#[test]
fn the_stay_reaches_every_debt_of_the_person_on_every_channel() {
    for scene in [Scene::consumer(), Scene::guarantor(), Scene::business()] {
        let scene =
            scene.and_account(2, 2).stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"));
        for medium in [Medium::Call, Medium::Text, Medium::Email, Medium::Mail] {
            let scene = scene.clone().about(2, 2).by(medium);
            let law = (Effect::Deny, Force::Law, "11 USC 362(a)");
            assert_eq!(scene.says("bankruptcy", ny("2026-06-17T12:00")), Some(law), "{medium}");
        }
    }
}

#[test]
fn no_notice_passes_it() {
    let scene =
        Scene::consumer().by(Medium::Mail).stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"));
    for purpose in [Purpose::ValidationNotice, Purpose::Verification, Purpose::CeaseNotice] {
        let mut scene = scene.clone();
        scene.proposed = scene.proposed.with_purpose(purpose);
        assert!(!scene.allows(ny("2026-06-17T12:00")));
    }
}

#[test]
fn another_person_on_the_same_account_is_not_stayed() {
    // Facts are one person's: the guarantor of a bankrupt company has no stop of its own.
    assert!(Scene::guarantor().allows(ny("2026-06-17T12:00")));
}
