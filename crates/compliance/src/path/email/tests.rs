use duly_domain::{Date, StopKind};

use crate::facts::{Event, EventKind, Stop};
use crate::medium::Medium;
use crate::path::{Path, path};
use crate::testing::{EMAIL, Scene, id, ny};
use crate::{ConsentFor, Inbound};

fn open(scene: &Scene, at: &str) -> Option<Path> {
    path(&scene.facts, id(EMAIL), Medium::Email, id(1), ny(at))
}

fn event(kind: EventKind, at: &str) -> Event {
    Event::new(kind, ny(at)).about(id(1)).at_point(id(EMAIL))
}

fn opted_out(scene: Scene, at: &str) -> Scene {
    scene.stop(Stop {
        id: id(1),
        kind: StopKind::OptOut,
        party: id(1),
        account: None,
        medium: Some(Medium::Email),
        point: Some(id(EMAIL)),
        from: ny(at),
        until: None,
    })
}

/// Got, used, notice sent on 1 April with 6 May as the last day to opt out, under a public domain.
fn noticed() -> Scene {
    let deadline = Date::from_ymd_opt(2026, 5, 6).unwrap();
    let mut scene = Scene::consumer()
        .event(event(EventKind::CreditorGotAddress, "2025-01-05T10:00"))
        .event(event(EventKind::CreditorUsedAddress, "2025-11-01T10:00"))
        .event(event(EventKind::CreditorNoticeSent, "2026-04-01T10:00").stating(deadline));
    scene.facts.points[2].public_domain = Some(true);
    scene
}

#[test]
fn nothing_known_is_no_path() {
    assert_eq!(open(&Scene::consumer(), "2026-06-01T10:00"), None);
}

#[test]
fn an_address_the_consumer_wrote_from_about_the_debt_is_open_until_an_opt_out() {
    let mut scene = Scene::consumer();
    let mail = Inbound::new(Medium::Email, ny("2026-06-01T10:00"));
    scene.facts.inbound.push(Inbound { point: Some(id(EMAIL)), account: Some(id(1)), ..mail });
    assert_eq!(open(&scene, "2026-05-31T10:00"), None);
    assert_eq!(open(&scene, "2027-06-01T10:00"), Some(Path::EmailUsed));
    let scene = opted_out(scene, "2026-06-10T10:00");
    assert_eq!(open(&scene, "2026-06-09T10:00"), Some(Path::EmailUsed));
    assert_eq!(open(&scene, "2026-06-11T10:00"), None);
    let mut again = event(EventKind::ConsumerUsedAddress, "2026-06-20T10:00");
    again.medium = Some(Medium::Email);
    let scene = scene.event(again);
    assert_eq!(open(&scene, "2026-06-21T10:00"), Some(Path::EmailUsed), "used again since");
}

#[test]
fn a_direct_consent_opens_it_until_it_is_withdrawn_and_one_to_the_creditor_never() {
    let given = ny("2026-06-01T10:00");
    let mut scene = Scene::consumer().consents(ConsentFor::Email, EMAIL, given);
    assert_eq!(open(&scene, "2028-06-01T10:00"), Some(Path::EmailConsent));
    scene.facts.consents[0].withdrawn_at = Some(ny("2026-07-01T10:00"));
    assert_eq!(open(&scene, "2026-06-30T10:00"), Some(Path::EmailConsent));
    assert_eq!(open(&scene, "2026-07-01T10:00"), None);
    scene.facts.consents[0].withdrawn_at = None;
    scene.facts.consents[0].given_to = crate::GivenTo::Creditor;
    assert_eq!(open(&scene, "2026-06-30T10:00"), None);
}

/// Comment 6(d)(4)(ii)(C)(5)-1: the first day is the one after the deadline.
#[test]
fn comment_6d4iic5_1_the_creditors_notice_opens_it_when_the_time_to_opt_out_has_gone() {
    assert_eq!(open(&noticed(), "2026-05-06T23:59"), None);
    assert_eq!(open(&noticed(), "2026-05-07T00:00"), Some(Path::CreditorNotice));
}

#[test]
fn the_time_to_opt_out_goes_last_where_it_ends_last() {
    let mut scene = noticed();
    scene.facts.points[1].zones = crate::testing::zones(&["America/Los_Angeles"]);
    assert_eq!(open(&scene, "2026-05-07T02:59"), None);
    assert_eq!(open(&scene, "2026-05-07T03:00"), Some(Path::CreditorNotice));
}

#[test]
fn every_condition_of_the_creditors_path_must_hold() {
    let at = "2026-06-01T10:00";
    for missing in 0..3 {
        let mut scene = noticed();
        scene.facts.events.remove(missing);
        assert_eq!(open(&scene, at), None, "without {missing}");
    }
    let mut near = noticed();
    near.facts.events[2].on = Date::from_ymd_opt(2026, 5, 5);
    assert_eq!(open(&near, at), None, "thirty-four days");
    let mut silent = noticed();
    silent.facts.events[2].on = None;
    assert_eq!(open(&silent, at), None, "no deadline");
    for public in [None, Some(false)] {
        let mut scene = noticed();
        scene.facts.points[2].public_domain = public;
        assert_eq!(open(&scene, at), None);
    }
    let mut work = noticed();
    work.facts.points[2].of_employer = Some(true);
    assert_eq!(open(&work, at), None, "known to be the employer's");
    for refusal in [EventKind::CreditorAskedToStop, EventKind::CreditorNoticeOptOut] {
        let scene = noticed().event(event(refusal, "2026-04-20T10:00"));
        assert_eq!(open(&scene, at), None, "{refusal:?}");
    }
}

/// Comment 6(d)(4)(ii)(D)-1: an opt-out that comes late binds all the same.
#[test]
fn comment_6d4iid_1_a_late_opt_out_binds() {
    let scene = noticed().event(event(EventKind::CreditorNoticeOptOut, "2026-06-01T10:00"));
    assert_eq!(open(&scene, "2026-05-31T10:00"), Some(Path::CreditorNotice));
    assert_eq!(open(&scene, "2026-06-02T10:00"), None);
}

/// Comment 6(d)(4)(iii)-2.i: ABC got and used it; XYZ may.
#[test]
fn comment_6d4iii_2_i_what_the_prior_collector_used_stays_open() {
    let scene = Scene::consumer()
        .event(event(EventKind::PriorCollectorGotAddress, "2026-01-05T10:00"))
        .event(event(EventKind::PriorCollectorUsedAddress, "2026-01-10T10:00"));
    assert_eq!(open(&scene, "2026-04-05T10:00"), Some(Path::PriorCollector));
    let mut unused = scene.clone();
    unused.facts.events.pop();
    assert_eq!(open(&unused, "2026-04-05T10:00"), None, "the last one did not use it");
    let refused = scene.event(event(EventKind::PriorCollectorOptOut, "2026-02-01T10:00"));
    assert_eq!(open(&refused, "2026-04-05T10:00"), None);
}

#[test]
fn an_address_of_another_debt_is_none_of_this_one() {
    let scene = noticed().and_account(2, 2);
    let other = path(&scene.facts, id(EMAIL), Medium::Email, id(2), ny("2026-06-01T10:00"));
    assert_eq!(other, None);
}

/// Comment 6(d)(3)(ii)-1: "if any person has informed the debt collector".
#[test]
fn comment_6d3ii_1_a_reported_disclosure_ends_every_path() {
    let scene = Scene::consumer()
        .consents(ConsentFor::Email, EMAIL, ny("2026-05-01T09:00"))
        .event(event(EventKind::DisclosureReported, "2026-05-02T10:00"));
    assert_eq!(open(&scene, "2026-05-01T10:00"), Some(Path::EmailConsent));
    assert_eq!(open(&scene, "2026-05-05T10:00"), None);
}
