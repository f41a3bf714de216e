use duly_domain::{Effect, Force, StopKind};

use super::ESTATE_WORDING;
use crate::facts::{Attempt, Event, EventKind, Point, PointKind};
use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::testing::{Scene, id, ny, zones};

const ONCE: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.10(c)"));
const AT: &str = "2026-10-13T12:00";
/// Two numbers of one neighbour, and one of another.
const NEIGHBOUR: u32 = 10;
const AGAIN: u32 = 11;
const OTHER: u32 = 12;

fn asking() -> Scene {
    let mut scene = Scene::consumer();
    for (point, whose) in [(NEIGHBOUR, 71), (AGAIN, 71), (OTHER, 72)] {
        let number = Point::new(id(point), PointKind::Phone, zones(&["America/New_York"]));
        scene.facts.points.push(Point { third_party: Some(id(whose)), ..number });
    }
    scene.proposed.purpose = Purpose::Location;
    scene.proposed.recipient = Recipient::ThirdParty;
    scene.proposed.point = Some(id(NEIGHBOUR));
    scene
}

fn called(mut scene: Scene, point: u32, conversation: bool, at: &str) -> Scene {
    scene.facts.attempts.push(Attempt {
        point: Some(id(point)),
        conversation,
        purpose: Purpose::Location,
        recipient: Recipient::ThirdParty,
        ..Attempt::new(id(1), id(1), Medium::Call, ny(at))
    });
    scene
}

/// Comment 10(b)(2)-1: what is said of the estate states no debt.
#[test]
fn comment_10b2_1_the_words_for_an_estate_state_no_debt() {
    let scene = asking().stopped(StopKind::Deceased, 1, ny("2026-06-01T09:00"));
    assert!(scene.allows(ny(AT)), "somebody else may be asked for whoever acts for the estate");
    assert!(scene.requires(ny(AT)).contains(&"no_debt_statement"));
    assert!(ESTATE_WORDING.iter().all(|words| !words.contains("debt") && !words.contains("owe")));
}

#[test]
fn the_question_says_who_asks_and_states_no_debt() {
    let requires = asking().requires(ny(AT));
    assert_eq!(requires, ["identify_individual", "employer_only_if_asked", "no_debt_statement"]);
    let mut letter = asking().by(Medium::Mail);
    letter.proposed.recipient = Recipient::ThirdParty;
    let requires = letter.requires(ny(AT));
    assert!(requires.contains(&"no_postcard") && requires.contains(&"plain_envelope"));
    assert!(!requires.contains(&"mini_miranda"), "it would state the debt");
}

/// Comment 14(b)(2)(i)-1.iii: seven calls that nobody answered are no communication.
#[test]
fn comment_14b2i_1_iii_calls_that_nobody_answered_do_not_use_up_the_one_question() {
    let mut scene = asking();
    for day in 6..=12 {
        scene = called(scene, NEIGHBOUR, false, &format!("2026-10-{day:02}T12:00"));
    }
    assert_eq!(scene.says("location_once", ny(AT)), None);
    let at = ny("2026-10-12T13:00");
    assert!(scene.says("call_frequency", at).is_some(), "the eighth would be one too many");
    let mut other = scene.clone();
    other.proposed.point = Some(id(OTHER));
    assert_eq!(other.says("call_frequency", at), None, "each person has its own count");
    let mut debtor = scene;
    debtor.proposed = crate::Proposed::collect(id(1), id(1), Medium::Call, Some(id(1)));
    assert_eq!(debtor.says("call_frequency", at), None, "and the debtor too");
}

#[test]
fn whoever_was_spoken_to_is_not_asked_again_at_any_number() {
    let scene = called(asking(), NEIGHBOUR, true, "2026-10-06T12:00");
    assert_eq!(scene.says("location_once", ny(AT)), ONCE);
    let mut again = scene.clone();
    again.proposed.point = Some(id(AGAIN));
    assert_eq!(again.says("location_once", ny(AT)), ONCE, "the other number of that person");
    let mut other = scene.clone();
    other.proposed.point = Some(id(OTHER));
    assert_eq!(other.says("location_once", ny(AT)), None, "another person");
    let mut unknown = scene;
    unknown.proposed.point = None;
    assert_eq!(unknown.says("location_once", ny(AT)), ONCE, "whose number it is is not known");
}

#[test]
fn a_question_of_years_ago_counts_and_an_invitation_or_a_doubt_reopens_once() {
    let event = |kind, at| Event::new(kind, ny(at)).at_point(id(NEIGHBOUR));
    let asked = asking().event(event(EventKind::LocationAsked, "2024-01-05T12:00"));
    assert_eq!(asked.says("location_once", ny(AT)), ONCE);
    for reopened in [EventKind::LocationInvited, EventKind::LocationDoubted] {
        let scene = asked.clone().event(event(reopened, "2026-10-01T12:00"));
        assert_eq!(scene.says("location_once", ny("2026-09-30T12:00")), ONCE);
        assert_eq!(scene.says("location_once", ny(AT)), None);
        let scene = scene.event(event(EventKind::LocationAsked, "2026-10-12T12:00"));
        assert_eq!(scene.says("location_once", ny(AT)), ONCE, "and was used");
    }
}

#[test]
fn counsel_alone_is_asked_unless_counsel_does_not_respond() {
    let law = Some((Effect::Deny, Force::Law, "12 CFR 1006.10(b)(5)"));
    let scene = asking().stopped(StopKind::Attorney, 1, ny("2026-06-01T09:00"));
    assert_eq!(scene.says("location_counsel", ny(AT)), law);
    let mut counsel = scene.clone();
    counsel.proposed.recipient = Recipient::DebtorsAttorney;
    assert_eq!(counsel.says("location_counsel", ny(AT)), None);
    let written = Event::new(EventKind::AttorneyWritten, ny("2026-08-01T09:00"));
    let scene = scene.event(written);
    assert_eq!(scene.says("location_counsel", ny("2026-08-31T08:59")), law);
    assert_eq!(scene.says("location_counsel", ny("2026-08-31T09:00")), None);
    let scene = scene.event(Event::new(EventKind::AttorneyAnswered, ny("2026-09-10T09:00")));
    assert_eq!(scene.says("location_counsel", ny(AT)), law);
}

#[test]
fn somebody_elses_number_tells_nothing_of_where_the_debtor_is() {
    let mut scene = asking();
    scene.facts.points[3].zones = zones(&["America/Los_Angeles"]);
    let morning = ny("2026-10-13T09:00");
    assert!(!scene.allows(morning), "six in the morning where it rings");
    scene.proposed = crate::Proposed::collect(id(1), id(1), Medium::Call, Some(id(1)));
    assert!(scene.allows(morning), "nine where the debtor is");
}
