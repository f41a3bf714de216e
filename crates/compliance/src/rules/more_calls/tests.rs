use duly_domain::{Effect, Force};

use crate::facts::{Consent, ConsentFor, GivenTo, Point, PointKind};
use crate::medium::Medium;
use crate::testing::{PHONE, Scene, id, ny, zones};

const FREQUENCY: &str = "call_frequency";
const CONVERSATION: &str = "conversation";

fn consented(mut scene: Scene, at: &str) -> Scene {
    scene.facts.consents.push(Consent::new(ConsentFor::MoreCalls, ny(at)));
    scene
}

/// Counted calls of a month at ten past an hour, so many on each of these days.
fn calls(scene: Scene, month: &str, days: &[(u32, u32)]) -> Scene {
    days.iter().fold(scene, |scene, (day, count)| {
        (0..*count).fold(scene, |scene, n| {
            scene.called(1, ny(&format!("{month}-{day:02}T{:02}:10", 10 + n)))
        })
    })
}

/// Comment 14(b)(3)(i)-3.i: spoken to on Friday 3 April, "call back on Monday".
#[test]
fn comment_14b3i_3_i_a_call_that_the_person_asked_for_loses_no_presumption() {
    let spoke = Scene::consumer().spoke(1, ny("2026-04-03T10:00"));
    assert!(spoke.says(CONVERSATION, ny("2026-04-06T10:00")).is_some(), "without the consent");
    let asked = consented(spoke, "2026-04-03T10:05");
    assert!(asked.allows(ny("2026-04-06T10:00")));
    let tried = calls(asked, "2026-04", &[(6, 8)]);
    assert!(tried.allows(ny("2026-04-06T19:00")), "those do not count");
    assert!(tried.allows(ny("2026-04-10T08:10")), "nor do they after it ended");
}

/// Comment 14(b)(3)(i)-3.iii: consent by e-mail on Thursday 4 June, eight calls from the 8th to the 10th.
#[test]
fn comment_14b3i_3_iii_calls_within_seven_days_of_the_consent_do_not_count_and_later_ones_do() {
    let scene = calls(Scene::consumer(), "2026-06", &[(1, 1), (2, 1), (3, 1)]);
    let scene = consented(scene, "2026-06-04T09:00");
    let scene = calls(scene, "2026-06", &[(8, 3), (9, 3), (10, 2)]);
    assert!(scene.allows(ny("2026-06-10T20:59")), "the last day of the consent");
    assert!(scene.allows(ny("2026-06-11T09:00")), "none of the eight counts");
    let after = calls(scene.clone(), "2026-06", &[(11, 7)]);
    assert!(after.says(FREQUENCY, ny("2026-06-11T19:00")).is_some(), "those do");
    let mut without = scene;
    without.facts.consents.clear();
    assert!(without.says(FREQUENCY, ny("2026-06-11T09:00")).is_some());
}

/// Comment 14(b)(3)(i)-2: it ends with its own term, when it is taken back, and with a conversation.
#[test]
fn comment_14b3i_2_the_consent_ends_early() {
    let seven = calls(Scene::consumer(), "2026-04", &[(1, 7)]);
    let scene = consented(seven, "2026-04-02T09:00");
    let at = ny("2026-04-06T10:00");
    assert!(scene.allows(at));
    let mut shorter = scene.clone();
    shorter.facts.consents[0].until = Some(ny("2026-04-05T12:00"));
    assert!(shorter.allows(ny("2026-04-05T11:00")));
    assert!(shorter.says(FREQUENCY, at).is_some());
    let mut revoked = scene.clone();
    revoked.facts.consents[0].withdrawn_at = Some(ny("2026-04-05T12:00"));
    assert!(revoked.says(FREQUENCY, at).is_some());
    let spoken = scene.clone().spoke(1, ny("2026-04-05T12:00"));
    assert!(spoken.says(FREQUENCY, at).is_some());
    assert!(spoken.says(CONVERSATION, at).is_some());
    let elsewhere = scene.and_account(2, 1).spoke(2, ny("2026-04-05T12:00"));
    assert!(elsewhere.allows(at), "a conversation about another debt does not end it");
}

/// The day of receipt is the first of the seven; of two calendars the one that ends first holds.
#[test]
fn the_day_of_receipt_is_the_first_and_the_shortest_calendar_decides() {
    let scene = consented(Scene::consumer(), "2026-04-01T20:30");
    let seven = |scene: Scene, day| calls(scene, "2026-04", &[(day, 7)]);
    let last = seven(scene.clone(), 7);
    assert!(last.allows(ny("2026-04-07T19:00")), "Tuesday the 7th is the seventh day");
    let after = seven(scene.clone(), 8);
    assert!(after.says(FREQUENCY, ny("2026-04-08T19:00")).is_some());
    // 20:30 in New York on the 1st is the 2nd in London; there it would hold through the 8th.
    let both = scene.in_zones(zones(&["America/New_York"]), zones(&["Europe/London"]));
    let after = seven(both, 8);
    assert!(after.says(FREQUENCY, ny("2026-04-08T19:00")).is_some());
}

#[test]
fn consent_reaches_as_far_as_it_says() {
    let seven = calls(Scene::consumer().and_account(2, 1), "2026-04", &[(1, 7)]);
    let at = ny("2026-04-02T10:00");
    let consent = Consent::new(ConsentFor::MoreCalls, ny("2026-04-02T09:00"));
    let with = |consent| {
        let mut scene = seven.clone();
        scene.facts.consents.push(consent);
        scene
    };
    assert!(with(consent).allows(at));
    for none in [
        Consent { given_to: GivenTo::Creditor, ..consent },
        Consent { given_to: GivenTo::PriorCollector, ..consent },
        Consent { account: Some(id(2)), ..consent },
        Consent { medium: Some(Medium::Text), ..consent },
        Consent { point: Some(id(9)), ..consent },
        Consent { what: ConsentFor::Contact, ..consent },
    ] {
        assert!(with(none).says(FREQUENCY, at).is_some(), "{none:?}");
    }
}

#[test]
fn consent_to_one_number_covers_calls_to_that_number() {
    let mut scene = calls(Scene::consumer(), "2026-04", &[(3, 7)]);
    let consent = Consent::new(ConsentFor::MoreCalls, ny("2026-04-02T09:00"));
    scene.facts.consents.push(Consent { point: Some(id(PHONE)), ..consent });
    assert!(scene.allows(ny("2026-04-04T10:00")));
    scene.facts.points.push(Point::new(id(9), PointKind::Phone, zones(&["America/New_York"])));
    for call in &mut scene.facts.attempts {
        call.point = Some(id(9));
    }
    scene.proposed.point = Some(id(9));
    assert!(scene.says(FREQUENCY, ny("2026-04-04T10:00")).is_some());
}

/// It does not override 1006.6(b) or 1006.14(h).
#[test]
fn it_lifts_nothing_but_the_two_limits() {
    let scene = consented(calls(Scene::consumer(), "2026-04", &[(1, 7)]), "2026-04-02T09:00");
    assert!(!scene.allows(ny("2026-04-02T22:00")), "night");
    let says = scene.says("local_hours", ny("2026-04-02T22:00"));
    assert_eq!(says, Some((Effect::Deny, Force::Law, "12 CFR 1006.6(b)(1)(i)")));
}
