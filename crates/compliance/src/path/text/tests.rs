use duly_domain::StopKind;

use crate::ConsentFor;
use crate::facts::{Event, EventKind, Inbound, Stop};
use crate::medium::Medium;
use crate::path::{Path, path};
use crate::testing::{PHONE, Scene, id, ny};

fn open(scene: &Scene, at: &str) -> Option<Path> {
    path(&scene.facts, id(PHONE), Medium::Text, id(1), ny(at))
}

fn wrote(mut scene: Scene, medium: Medium, about: Option<u32>, at: &str) -> Scene {
    let contact = Inbound::new(medium, ny(at));
    let point = Some(id(PHONE));
    scene.facts.inbound.push(Inbound { point, account: about.map(id), ..contact });
    scene
}

fn event(kind: EventKind, at: &str) -> Event {
    Event::new(kind, ny(at)).at_point(id(PHONE))
}

/// Comment 6(d)(5)(i)-1: a call from the number is no text from it.
#[test]
fn comment_6d5i_1_a_telephone_call_opens_no_texts() {
    let scene = wrote(Scene::consumer(), Medium::Call, Some(1), "2026-06-01T11:00");
    assert_eq!(open(&scene, "2026-06-02T11:00"), None);
}

#[test]
fn a_text_about_the_debt_is_fresh_for_sixty_days() {
    let scene = wrote(Scene::consumer(), Medium::Text, Some(1), "2026-06-01T11:00");
    assert_eq!(open(&scene, "2026-06-01T10:59"), None);
    assert_eq!(open(&scene, "2026-07-31T10:59"), Some(Path::TextUsed));
    assert_eq!(open(&scene, "2026-07-31T11:00"), None);
    let other = wrote(Scene::consumer(), Medium::Text, None, "2026-06-01T11:00");
    assert_eq!(open(&other, "2026-06-02T11:00"), None, "a text about nothing in particular");
}

#[test]
fn any_later_text_or_a_check_since_the_last_text_renews_it() {
    let scene = wrote(Scene::consumer(), Medium::Text, Some(1), "2026-01-01T11:00");
    assert_eq!(open(&scene, "2026-06-02T11:00"), None);
    let text = wrote(scene.clone(), Medium::Text, None, "2026-06-01T11:00");
    assert_eq!(open(&text, "2026-06-02T11:00"), Some(Path::TextUsed));
    let check = scene.clone().event(event(EventKind::NotReassigned, "2026-06-01T11:00"));
    assert_eq!(open(&check, "2026-06-02T11:00"), Some(Path::TextUsed));
    let before = scene.event(event(EventKind::NotReassigned, "2025-12-31T11:00"));
    assert_eq!(open(&before, "2026-03-15T11:00"), None, "a check before the text proves nothing");
}

#[test]
fn a_consent_is_fresh_for_sixty_days_unless_renewed_or_checked() {
    let scene = Scene::consumer().consents(ConsentFor::Text, PHONE, ny("2026-06-01T11:00"));
    assert_eq!(open(&scene, "2026-07-31T10:59"), Some(Path::TextConsent));
    assert_eq!(open(&scene, "2026-07-31T11:00"), None);
    let check = scene.event(event(EventKind::NotReassigned, "2026-09-01T11:00"));
    assert_eq!(open(&check, "2026-08-31T11:00"), None);
    assert_eq!(open(&check, "2026-10-01T11:00"), Some(Path::TextConsent));
}

#[test]
fn an_opt_out_a_withdrawal_or_a_new_holder_ends_it() {
    let scene = Scene::consumer().consents(ConsentFor::Text, PHONE, ny("2026-06-01T11:00"));
    for lost in [EventKind::Reassigned, EventKind::LearnedWrong, EventKind::DisclosureReported] {
        let scene = scene.clone().event(event(lost, "2026-06-10T11:00"));
        assert_eq!(open(&scene, "2026-06-09T11:00"), Some(Path::TextConsent));
        assert_eq!(open(&scene, "2026-06-11T11:00"), None, "{lost:?}");
    }
    let mut withdrawn = scene.clone();
    withdrawn.facts.consents[0].withdrawn_at = Some(ny("2026-06-10T11:00"));
    assert_eq!(open(&withdrawn, "2026-06-11T11:00"), None);
    let stopped = scene.stop(Stop {
        id: id(1),
        kind: StopKind::OptOut,
        party: id(1),
        account: None,
        medium: Some(Medium::Text),
        point: None,
        from: ny("2026-06-10T11:00"),
        until: Some(ny("2026-06-12T11:00")),
    });
    assert_eq!(open(&stopped, "2026-06-20T11:00"), None, "a lifted stop revives no consent");
}

#[test]
fn there_is_no_path_through_a_creditor_or_a_prior_collector() {
    let mut scene = Scene::consumer();
    for kind in EventKind::ALL.iter().filter(|kind| **kind != EventKind::ConsumerUsedAddress) {
        scene = scene.event(event(*kind, "2026-06-01T11:00").about(id(1)));
    }
    assert_eq!(open(&scene, "2026-07-20T11:00"), None);
}
