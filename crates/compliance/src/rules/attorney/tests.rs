use duly_domain::{Effect, Force, StopKind};

use crate::facts::{Consent, ConsentFor, Event, EventKind};
use crate::medium::Medium;
use crate::proposed::Recipient;
use crate::testing::{Scene, id, ny};

const RULE: &str = "attorney";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.6(b)(2)"));

/// Comment 6(b)(2)-1: the consumer's own message may be answered once; the knowledge stays.
#[test]
fn comment_6b2_1_the_persons_own_message_is_answered_once_and_the_attorney_stays() {
    let written = ny("2026-06-16T11:00");
    let scene = Scene::consumer()
        .stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"))
        .inbound(Medium::Email, written)
        .by(Medium::Email);
    assert_eq!(scene.says(RULE, ny("2026-06-16T12:00")), LAW, "the agency's own e-mail");
    let mut reply = scene.clone();
    reply.proposed = reply.proposed.as_response();
    assert!(reply.allows(ny("2026-06-16T12:00")));
    reply.facts.inbound[0].answered = true;
    assert_eq!(reply.says(RULE, ny("2026-06-16T12:00")), LAW);
    assert_eq!(scene.by(Medium::Call).says(RULE, ny("2026-06-17T11:00")), LAW, "the next day");
}

#[test]
fn representation_is_about_the_debt() {
    let scene =
        Scene::consumer().and_account(2, 2).stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
    let noon = ny("2026-06-17T12:00");
    assert_eq!(scene.says(RULE, noon), LAW);
    assert!(scene.clone().about(2, 2).allows(noon));
    let mut both = scene;
    both.proposed.accounts.push(id(2));
    assert_eq!(both.says(RULE, noon), LAW, "an attempt about both");
}

#[test]
fn it_binds_letters_too() {
    let scene = Scene::consumer().stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
    assert_eq!(scene.by(Medium::Mail).says(RULE, ny("2026-06-17T12:00")), LAW);
}

#[test]
fn counsel_of_a_commercial_debtor_is_respected_by_policy() {
    for scene in [Scene::guarantor(), Scene::business()] {
        let scene = scene.stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
        let says = (Effect::Deny, Force::Policy, "policy commercial.attorney");
        assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), Some(says));
    }
}

fn represented() -> Scene {
    Scene::consumer().stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"))
}

fn told(mut scene: Scene, kind: EventKind, at: &str) -> Scene {
    scene.facts.events.push(Event::new(kind, ny(at)).about(id(1)));
    scene
}

/// 1006.6(b)(2)(i): no answer within a reasonable time, which is thirty days by policy.
#[test]
fn an_attorney_who_does_not_answer_for_thirty_days_bars_no_longer() {
    let scene = told(represented(), EventKind::AttorneyWritten, "2026-06-02T10:00");
    assert_eq!(scene.says(RULE, ny("2026-07-02T09:59")), LAW);
    assert!(scene.allows(ny("2026-07-02T10:00")));
    let late = told(scene.clone(), EventKind::AttorneyAnswered, "2026-07-10T10:00");
    assert!(late.allows(ny("2026-07-09T12:00")));
    assert_eq!(late.says(RULE, ny("2026-07-10T12:00")), LAW, "until there is an answer");
    let answered = told(scene, EventKind::AttorneyAnswered, "2026-06-20T10:00");
    assert_eq!(answered.says(RULE, ny("2026-07-10T12:00")), LAW);
    let again = told(answered, EventKind::AttorneyWritten, "2026-07-01T10:00");
    assert_eq!(again.says(RULE, ny("2026-07-30T12:00")), LAW);
    assert!(again.allows(ny("2026-07-31T12:00")), "a second letter, and no answer to it");
}

#[test]
fn a_letter_of_before_the_representation_asked_nobody() {
    let scene = told(represented(), EventKind::AttorneyWritten, "2026-05-01T10:00");
    assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), LAW);
}

/// 1006.6(b)(2)(ii), (b)(4): the attorney's consent, the person's, a court's.
#[test]
fn attorney_person_or_court_may_open_it() {
    let noon = ny("2026-06-17T12:00");
    for kind in [EventKind::AttorneyConsented, EventKind::CourtPermitted] {
        let scene = told(represented(), kind, "2026-06-10T10:00");
        assert_eq!(scene.says(RULE, ny("2026-06-09T12:00")), LAW, "{kind:?} before");
        assert!(scene.allows(noon), "{kind:?}");
        let mut other = scene;
        other.facts.events[0].account = Some(id(2));
        assert_eq!(other.says(RULE, noon), LAW, "{kind:?} about another debt");
    }
    for (what, opens) in [
        (ConsentFor::ThoughRepresented, true),
        (ConsentFor::Contact, true),
        (ConsentFor::AtPlace, false),
        (ConsentFor::MoreCalls, false),
    ] {
        let mut scene = represented();
        scene.facts.consents.push(Consent::new(what, ny("2026-06-10T10:00")));
        assert_eq!(scene.allows(noon), opens, "{what:?}");
    }
}

#[test]
fn a_contact_about_one_debt_consents_to_no_answer_about_another() {
    let mut scene = represented().inbound(Medium::Email, ny("2026-06-16T11:00")).by(Medium::Email);
    scene.proposed = scene.proposed.as_response();
    scene.facts.inbound[0].account = Some(id(2));
    assert_eq!(scene.says(RULE, ny("2026-06-16T12:00")), LAW);
    scene.facts.inbound[0].account = Some(id(1));
    assert!(scene.allows(ny("2026-06-16T12:00")));
}

#[test]
fn the_attorney_may_be_reached() {
    let mut scene = represented();
    scene.proposed.recipient = Recipient::DebtorsAttorney;
    assert!(scene.allows(ny("2026-06-17T12:00")));
}
