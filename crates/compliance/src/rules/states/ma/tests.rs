use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::rules::states::tests::{landline, tried};
use crate::testing::{ADDRESS, PHONE, Scene, id, ny, zones};
use crate::{Designation, DesignationKind, LineType, Place, Point, PointKind, Recipient};

const FREQUENCY: &str = "state_frequency";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "209 CMR 18.16(1)(d)"));

fn boston() -> Scene {
    Scene::consumer().living_in("MA", None)
}

#[test]
fn a_third_call_or_text_about_a_debt_in_seven_days_is_refused() {
    let one = boston().called(1, ny("2026-06-15T10:00"));
    assert!(one.allows(ny("2026-06-16T10:00")));
    let two = tried(one, Medium::Text, PHONE, ny("2026-06-16T10:00"));
    assert_eq!(two.says(FREQUENCY, ny("2026-06-16T11:00")), LAW);
    assert_eq!(two.clone().by(Medium::Text).says(FREQUENCY, ny("2026-06-21T11:00")), LAW);
    assert!(two.allows(ny("2026-06-22T11:00")));
    let sentence = &two.evaluate(ny("2026-06-16T11:00")).explain(ny("2026-06-16T11:00")).reasons[0];
    assert_eq!(
        sentence.sentence,
        "2 calls and texts about this debt to a residence or mobile number in seven days stand; one more \
         is too many"
    );
}

#[test]
fn letters_and_emails_neither_count_nor_are_counted() {
    let two = boston().called(1, ny("2026-06-15T10:00")).called(1, ny("2026-06-15T11:00"));
    let at = ny("2026-06-16T10:00");
    assert_eq!(two.clone().by(Medium::Mail).says(FREQUENCY, at), None);
    assert_eq!(two.by(Medium::Email).says(FREQUENCY, at), None);
    let mut letters = boston();
    for day in 10..15 {
        letters = tried(letters, Medium::Mail, ADDRESS, ny(&format!("2026-06-{day}T10:00")));
    }
    assert!(letters.allows(at));
}

#[test]
fn each_debt_has_its_own_two_and_two_numbers_share_them() {
    let scene = boston().and_account(2, 1);
    let scene = scene.called(1, ny("2026-06-15T10:00")).called(1, ny("2026-06-15T11:00"));
    let at = ny("2026-06-16T10:00");
    assert_eq!(scene.says(FREQUENCY, at), LAW);
    assert_eq!(scene.clone().about(2, 1).says(FREQUENCY, at), None);
    let mut other = scene;
    other.facts.points.push(Point::new(id(9), PointKind::Phone, zones(&["America/New_York"])));
    other.proposed.point = Some(id(9));
    assert_eq!(other.says(FREQUENCY, at), LAW);
}

/// *Armata v. Target*: a call that rings unanswered counts. One that did not connect does not.
#[test]
fn armata_an_unanswered_call_counts_and_one_that_did_not_connect_does_not() {
    let scene = boston().called(1, ny("2026-06-15T10:00"));
    let busy = scene.clone().attempt(1, ny("2026-06-15T11:00"), false, false);
    assert!(busy.allows(ny("2026-06-16T10:00")));
    let rang = scene.attempt(1, ny("2026-06-15T11:00"), true, false);
    assert_eq!(rang.says(FREQUENCY, ny("2026-06-16T10:00")), LAW);
}

#[test]
fn at_work_two_in_thirty_days() {
    let scene = landline(boston(), Some(Place::Work));
    let scene = scene.called(1, ny("2026-06-01T10:00")).called(1, ny("2026-06-02T10:00"));
    assert_eq!(scene.says(FREQUENCY, ny("2026-06-30T12:00")), LAW);
    assert!(scene.allows(ny("2026-07-01T12:00")));
    // A mobile number has its own seven days.
    let mut mobile = scene;
    mobile.facts.points.push(Point::new(id(9), PointKind::Phone, zones(&["America/New_York"])));
    mobile.proposed.point = Some(id(9));
    assert!(mobile.allows(ny("2026-06-03T12:00")));
}

#[test]
fn a_landline_of_which_nobody_knows_is_counted_as_both() {
    let scene = landline(boston(), None);
    let scene = scene.called(1, ny("2026-06-01T10:00")).called(1, ny("2026-06-02T10:00"));
    assert_eq!(scene.says(FREQUENCY, ny("2026-06-03T12:00")), LAW);
    let policy = Some((Effect::Deny, Force::Policy, "policy state.ma.place_unknown"));
    assert_eq!(scene.says(FREQUENCY, ny("2026-06-20T12:00")), policy);
    let mut home = scene;
    home.facts.points[0].line = LineType::Wireless;
    assert!(home.allows(ny("2026-06-20T12:00")));
}

/// "After 8:00 A.M. and before 9:00 P.M.": the two instants are shut by the text itself.
#[test]
fn the_edges_of_the_day_are_shut_by_law() {
    let law = Some((Effect::Deny, Force::Law, "209 CMR 18.16(1)(a)"));
    for (time, says) in [
        ("2026-06-16T07:59:59", law),
        ("2026-06-16T08:00:00", law),
        ("2026-06-16T08:00:01", None),
        ("2026-06-16T20:59:59", None),
        ("2026-06-16T21:00:00", law),
    ] {
        assert_eq!(boston().says("state_hours", ny(time)), says, "{time}");
        assert_eq!(boston().by(Medium::Email).says("state_hours", ny(time)), says, "{time}");
        assert_eq!(boston().by(Medium::Mail).says("state_hours", ny(time)), None);
    }
    let call = boston().inbound(Medium::Call, ny("2026-06-16T22:00"));
    let mut answer = call;
    answer.proposed = answer.proposed.as_response();
    assert!(answer.allows(ny("2026-06-16T22:00")));
    assert!(!answer.allows(ny("2026-06-17T22:00")));
}

#[test]
fn an_oral_request_not_to_be_called_at_work_is_law_for_ten_days_and_a_written_one_until_it_ends() {
    let told = |oral| {
        let mut scene = landline(boston(), Some(Place::Work));
        scene.facts.designations.push(Designation {
            kind: DesignationKind::NotAtPlace(Place::Work),
            medium: None,
            point: None,
            from: ny("2026-06-01T10:00"),
            until: None,
            oral,
        });
        scene
    };
    let law = Some((Effect::Deny, Force::Law, "209 CMR 18.16(1)(c)"));
    assert_eq!(told(true).says("state_work", ny("2026-06-11T09:59")), law);
    assert_eq!(told(true).says("state_work", ny("2026-06-11T10:01")), None);
    assert_eq!(told(false).says("state_work", ny("2026-07-11T10:01")), law);
    let home = landline(told(false), Some(Place::Home));
    assert_eq!(home.says("state_work", ny("2026-07-11T10:01")), None);
}

/// 940 CMR 7.05(3)(e): Eastern time for the household, wherever it is.
#[test]
fn members_of_the_household_have_eastern_hours() {
    let west = zones(&["America/Los_Angeles"]);
    let mut scene = boston().in_zones(west.clone(), west);
    scene.proposed.recipient = Recipient::Spouse;
    let law = Some((Effect::Deny, Force::Law, "940 CMR 7.05(3)(e)"));
    assert_eq!(scene.says("state_household", ny("2026-06-16T21:30")), law);
    assert_eq!(scene.says("state_household", ny("2026-06-16T20:30")), None);
}

#[test]
fn a_commercial_debt_is_not_reached() {
    let scene = Scene::guarantor().living_in("MA", None);
    let scene = scene.called(1, ny("2026-06-15T10:00")).called(1, ny("2026-06-15T11:00"));
    assert!(scene.allows(ny("2026-06-16T10:00")));
}

/// 940 CMR 7.05(3)(d) is of calls.
#[test]
fn texts_do_not_count_as_calls_to_the_household() {
    let mut scene = boston();
    scene.proposed.recipient = Recipient::Spouse;
    for day in [15, 16] {
        scene = tried(scene, Medium::Text, PHONE, ny(&format!("2026-06-{day}T10:00")));
    }
    assert_eq!(scene.says("state_household", ny("2026-06-16T11:00")), None);
    assert_eq!(scene.says(FREQUENCY, ny("2026-06-16T11:00")), LAW, "209 CMR counts them");
}

#[test]
fn a_request_about_another_medium_or_number_is_none_not_to_be_called_at_work() {
    let request = |medium, point| {
        let mut scene = landline(boston(), Some(Place::Work));
        let kind = DesignationKind::NotAtPlace(Place::Work);
        let told = Designation::new(kind, ny("2026-06-01T10:00"));
        scene.facts.designations.push(Designation { medium, point, ..told });
        scene.says("state_work", ny("2026-06-02T10:00")).is_some()
    };
    assert!(request(Some(Medium::Call), Some(id(PHONE))));
    assert!(!request(Some(Medium::Email), None));
    assert!(!request(None, Some(id(ADDRESS))));
}
