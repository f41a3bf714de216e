use chrono::{NaiveTime, Weekday};
use duly_domain::{Effect, Force};

use crate::facts::{Consent, ConsentFor, Designation, DesignationKind, Event, EventKind, GivenTo};
use crate::facts::{Inbound, Times, Weekdays};
use crate::medium::Medium;
use crate::testing::{PHONE, Scene, id, ny, zones};

const RULE: &str = "inconvenient_time";
const LAW: Option<(Effect, Force, &str)> =
    Some((Effect::Deny, Force::Law, "12 CFR 1006.6(b)(1)(i)"));

fn clock(hour: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, 0, 0)
}

fn on(days: &[Weekday]) -> Times {
    let days: Weekdays = days.iter().copied().collect();
    Times { days, from: None, until: None, first_day: None, last_day: None }
}

fn not_at(mut scene: Scene, times: Times) -> Scene {
    let kind = DesignationKind::NotAt(times);
    scene.facts.designations.push(Designation::new(kind, ny("2026-03-02T09:00")));
    scene
}

/// Comment 6(b)(1)-1.i: the creditor's note, "cannot be disturbed on Tuesdays and Thursdays" to the end of
/// the year.
#[test]
fn comment_6b1_1_i_what_the_creditors_file_says_is_known() {
    let last_day = "2026-12-31".parse().ok();
    let times = Times { last_day, ..on(&[Weekday::Tue, Weekday::Thu]) };
    let scene = not_at(Scene::consumer(), times);
    assert_eq!(scene.says(RULE, ny("2026-06-09T11:00")), LAW, "Tuesday, by telephone");
    let email = scene.clone().by(Medium::Email);
    assert_eq!(email.says(RULE, ny("2026-06-11T11:00")), LAW, "Thursday, by e-mail");
    assert!(scene.allows(ny("2026-06-10T11:00")), "Wednesday");
    assert!(scene.allows(ny("2027-01-05T11:00")), "Tuesday of the next year");
    assert!(scene.by(Medium::Mail).allows(ny("2026-06-09T11:00")), "no text dates a letter");
}

/// Comment 6(b)(1)-1.ii and the like: a part of a day, until it is lifted.
#[test]
fn comment_6b1_1_times_of_day_hold_until_they_are_lifted() {
    let times = Times { from: clock(9), until: clock(17), ..on(&[Weekday::Mon]) };
    let mut scene = not_at(Scene::consumer(), times);
    assert!(scene.allows(ny("2026-06-08T08:59:59")));
    assert_eq!(scene.says(RULE, ny("2026-06-08T09:00")), LAW);
    assert!(scene.allows(ny("2026-06-08T17:00")));
    let next = scene.evaluate(ny("2026-06-08T12:00")).next_permitted(ny("2026-06-08T12:00"));
    assert_eq!(next, Some(ny("2026-06-08T17:00")));
    scene.facts.designations[0].until = Some(ny("2026-06-08T12:00"));
    assert!(!scene.allows(ny("2026-06-08T11:59")));
    assert!(scene.allows(ny("2026-06-08T12:00")));
}

/// Comment 6(b)(1)-2.i: who writes on a barred Friday is answered once, that Friday, in that medium.
#[test]
fn comment_6b1_2_a_contact_at_a_barred_time_is_answered_once_at_that_time() {
    let scene = not_at(Scene::consumer(), on(&[Weekday::Fri]))
        .inbound(Medium::Email, ny("2026-06-19T14:00"))
        .by(Medium::Email);
    let mut answer = scene.clone();
    answer.proposed = answer.proposed.as_response();
    assert!(answer.allows(ny("2026-06-19T15:00")));
    assert_eq!(scene.says(RULE, ny("2026-06-19T15:00")), LAW, "a message of our own");
    assert_eq!(answer.clone().by(Medium::Text).says(RULE, ny("2026-06-19T15:00")), LAW);
    answer.facts.inbound[0].answered = true;
    assert_eq!(answer.says(RULE, ny("2026-06-19T15:00")), LAW, "once");
}

/// Comment 6(b)(1)-2.iii: in a session that the consumer opened, and not after it.
#[test]
fn comment_6b1_2_iii_a_session_may_show_what_it_is_asked_and_nothing_follows_it() {
    let mut scene = not_at(Scene::consumer(), on(&[Weekday::Fri])).by(Medium::Portal);
    let session = Inbound::new(Medium::Portal, ny("2026-06-19T14:00"));
    scene.facts.inbound.push(Inbound { ended_at: Some(ny("2026-06-19T14:20")), ..session });
    let mut shown = scene.clone();
    shown.proposed = shown.proposed.as_response();
    assert!(shown.allows(ny("2026-06-19T14:10")));
    shown.facts.inbound[0].answered = true;
    assert!(shown.allows(ny("2026-06-19T14:15")), "more than once while it lasts");
    assert_eq!(shown.says(RULE, ny("2026-06-19T14:20")), LAW);
    let email = scene.by(Medium::Email);
    assert_eq!(email.says(RULE, ny("2026-06-19T14:30")), LAW);
    assert_eq!(email.says(RULE, ny("2026-06-26T11:00")), LAW, "the next Friday");
}

#[test]
fn a_session_that_runs_past_nine_in_the_evening_is_shown_to_its_end() {
    let mut scene = Scene::consumer().by(Medium::Portal);
    let session = Inbound::new(Medium::Portal, ny("2026-06-19T20:50"));
    scene.facts.inbound.push(Inbound { ended_at: Some(ny("2026-06-19T21:10")), ..session });
    scene.proposed = scene.proposed.as_response();
    assert!(scene.allows(ny("2026-06-19T21:05")));
    assert!(!scene.allows(ny("2026-06-19T21:10")));
}

/// Comment 6(b)(1)(i)-2: in every place where the person may be.
#[test]
fn comment_6b1i_2_the_times_are_those_of_every_place() {
    let times = Times { from: clock(12), until: clock(13), ..on(&[Weekday::Mon]) };
    let scene = not_at(Scene::consumer(), times)
        .in_zones(zones(&["America/New_York"]), zones(&["America/Los_Angeles"]));
    assert_eq!(scene.says(RULE, ny("2026-06-08T12:30")), LAW);
    assert_eq!(scene.says(RULE, ny("2026-06-08T15:30")), LAW, "12:30 in Los Angeles");
    assert!(scene.allows(ny("2026-06-08T14:00")));
}

#[test]
fn a_designation_of_one_medium_or_number_bars_no_other() {
    let mut scene = not_at(Scene::consumer(), on(&[Weekday::Mon]));
    scene.facts.designations[0].medium = Some(Medium::Call);
    assert_eq!(scene.says(RULE, ny("2026-06-08T12:00")), LAW);
    assert!(scene.clone().by(Medium::Email).allows(ny("2026-06-08T12:00")));
    scene.facts.designations[0].point = Some(id(PHONE + 20));
    assert!(scene.allows(ny("2026-06-08T12:00")));
}

#[test]
fn a_wish_forbids_nothing() {
    let mut scene = Scene::consumer();
    let please = DesignationKind::Please(on(&[Weekday::Thu]));
    scene.facts.designations.push(Designation::new(please, ny("2026-03-02T09:00")));
    assert!(scene.allows(ny("2026-06-09T11:00")));
}

/// 1006.6(b)(4)(i): with consent, in its scope and time.
#[test]
fn consent_to_the_agency_opens_the_time_that_it_names() {
    let scene = not_at(Scene::consumer(), on(&[Weekday::Fri]));
    let evening = Times { from: clock(18), until: clock(22), ..on(&[Weekday::Fri]) };
    let mut agreed = scene.clone();
    let consent = Consent::new(ConsentFor::AtTimes(evening), ny("2026-06-01T10:00"));
    agreed.facts.consents.push(consent);
    assert!(agreed.allows(ny("2026-06-19T18:00")));
    assert!(agreed.allows(ny("2026-06-19T21:30")), "after nine in the evening too");
    assert!(!agreed.allows(ny("2026-06-19T22:00")));
    assert_eq!(agreed.says(RULE, ny("2026-06-19T17:59")), LAW);
    let next = agreed.evaluate(ny("2026-06-19T12:00")).next_permitted(ny("2026-06-19T12:00"));
    assert_eq!(next, Some(ny("2026-06-19T18:00")));
    let refused = [
        Consent { withdrawn_at: Some(ny("2026-06-10T10:00")), ..consent },
        Consent { until: Some(ny("2026-06-10T10:00")), ..consent },
        Consent { medium: Some(Medium::Email), ..consent },
        Consent { point: Some(id(9)), ..consent },
        Consent { account: Some(id(9)), ..consent },
        Consent { from: ny("2026-06-20T10:00"), ..consent },
        Consent { what: ConsentFor::AtPlace, ..consent },
    ];
    for consent in refused {
        agreed.facts.consents[0] = consent;
        assert_eq!(agreed.says(RULE, ny("2026-06-19T18:30")), LAW, "{consent:?}");
    }
}

/// Comment 6(b)(4)(i)-2, -1: given to the creditor or a collector before, or in breach of these rules.
#[test]
fn comment_6b4i_1_and_2_consent_to_another_or_got_in_breach_opens_nothing() {
    let scene = not_at(Scene::consumer(), on(&[Weekday::Fri]));
    let consent = Consent::new(ConsentFor::Contact, ny("2026-06-01T10:00"));
    let friday = ny("2026-06-19T18:30");
    let with = |given_to| {
        let mut scene = scene.clone();
        scene.facts.consents.push(Consent { given_to, ..consent });
        scene
    };
    for given_to in [GivenTo::Creditor, GivenTo::PriorCollector, GivenTo::AgencyInBreach] {
        assert_eq!(with(given_to).says(RULE, friday), LAW, "{given_to:?}");
    }
    assert!(with(GivenTo::Agency).allows(friday));
}

#[test]
fn consent_about_one_debt_does_not_open_an_attempt_about_two() {
    let mut scene = not_at(Scene::consumer().and_account(2, 1), on(&[Weekday::Fri]));
    let consent = Consent::new(ConsentFor::Contact, ny("2026-06-01T10:00"));
    scene.facts.consents.push(Consent { account: Some(id(1)), ..consent });
    assert!(scene.allows(ny("2026-06-19T12:00")));
    scene.proposed.accounts.push(id(2));
    assert_eq!(scene.says(RULE, ny("2026-06-19T12:00")), LAW);
}

/// 1006.6(b)(4)(ii): a court's express permission.
#[test]
fn a_court_may_permit_it_until_a_day() {
    let mut scene = not_at(Scene::consumer(), on(&[Weekday::Fri]));
    let permitted = Event::new(EventKind::CourtPermitted, ny("2026-06-15T10:00")).about(id(1));
    scene.facts.events.push(permitted.stating("2026-06-19".parse().unwrap()));
    assert_eq!(scene.says(RULE, ny("2026-06-12T12:00")), LAW);
    assert!(scene.allows(ny("2026-06-19T12:00")));
    assert_eq!(scene.says(RULE, ny("2026-06-26T12:00")), LAW);
}

#[test]
fn a_natural_person_on_a_commercial_debt_is_heard_by_policy() {
    let says = Some((Effect::Deny, Force::Policy, "policy commercial.inconvenient_time"));
    let friday = ny("2026-06-19T12:00");
    assert_eq!(not_at(Scene::guarantor(), on(&[Weekday::Fri])).says(RULE, friday), says);
    assert!(not_at(Scene::business(), on(&[Weekday::Fri])).allows(friday));
}

#[test]
fn the_stretches_drawn_are_those_that_are_not_permitted() {
    let times = Times { from: clock(22), until: clock(11), ..on(&[Weekday::Mon, Weekday::Fri]) };
    let mut scene = not_at(Scene::consumer(), times);
    let early = Times { from: clock(6), until: clock(9), ..on(&[Weekday::Tue, Weekday::Sat]) };
    let consent = Consent::new(ConsentFor::AtTimes(early), ny("2026-06-10T10:00"));
    scene.facts.consents.push(consent);
    let evening = Consent::new(ConsentFor::Contact, ny("2026-06-17T20:00"));
    scene.facts.consents.push(Consent { until: Some(ny("2026-06-17T23:00")), ..evening });
    let evaluation = scene.evaluate(ny("2026-06-09T00:00"));
    let blocked = evaluation.blocked();
    let mut at = ny("2026-06-09T00:00");
    while at < ny("2026-06-25T00:00") {
        let covered = blocked.iter().any(|blocked| blocked.span.contains(at));
        assert_eq!(covered, !evaluation.permits(at), "{at}");
        let next = evaluation.next_permitted(at);
        assert_eq!(next == Some(at), !covered, "{at}");
        at += chrono::Duration::minutes(10);
    }
    assert!(scene.allows(ny("2026-06-13T06:30")), "agreed on Saturdays, early");
    assert!(scene.allows(ny("2026-06-17T22:30")), "agreed that evening");
}
