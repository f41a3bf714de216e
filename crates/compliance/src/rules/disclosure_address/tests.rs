use duly_domain::{Effect, Force, StopKind};

use crate::facts::{Event, EventKind, PointState};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{ADDRESS, EMAIL, Scene, id, ny};

const RULE: &str = "disclosure_address";
const LAW: Option<(Effect, Force, &str)> = Some((Effect::Deny, Force::Law, "12 CFR 1006.42(a)(1)"));
const AT: &str = "2026-06-23T11:00";

fn notice(medium: Medium, purpose: Purpose) -> Scene {
    let mut scene = Scene::consumer().by(medium);
    scene.proposed = scene.proposed.with_purpose(purpose);
    scene
}

/// Comment 42(a)(1)-2: what came back was not sent so that it could be expected to arrive; not there again.
#[test]
fn comment_42a1_2_no_disclosure_goes_where_one_came_back_from() {
    for purpose in [Purpose::ValidationNotice, Purpose::Verification, Purpose::OriginalCreditor] {
        let mut scene = notice(Medium::Mail, purpose);
        assert!(scene.allows(ny(AT)), "{purpose:?}");
        let back = Event::new(EventKind::Undeliverable, ny("2026-06-22T10:00"));
        scene.facts.events.push(back.at_point(id(ADDRESS)));
        assert_eq!(scene.says(RULE, ny(AT)), LAW, "{purpose:?}");
        scene.facts.events[0].point = Some(id(EMAIL));
        assert!(scene.allows(ny(AT)), "another address");
    }
}

/// Comment 42(a)(1)-3: known, or to be known, not to be the consumer's any more.
#[test]
fn comment_42a1_3_no_disclosure_goes_to_an_address_known_wrong() {
    let mut scene = notice(Medium::Mail, Purpose::ValidationNotice);
    let learned = Event::new(EventKind::LearnedWrong, ny("2026-06-22T10:00"));
    scene.facts.events.push(learned.at_point(id(ADDRESS)));
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    scene.facts.events.clear();
    scene.facts.points[1].state = PointState::Undeliverable;
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
}

/// Comment 42(a)(1)-4: an address opted out of, not even in answer to the person.
#[test]
fn comment_42a1_4_no_disclosure_goes_to_an_address_opted_out_of() {
    let mut scene = notice(Medium::Email, Purpose::ValidationNotice)
        .stopped(StopKind::OptOut, 1, ny("2026-06-01T10:00"))
        .inbound(Medium::Email, ny("2026-06-23T10:30"));
    scene.facts.stops[0].point = Some(id(EMAIL));
    assert_eq!(scene.says(RULE, ny("2026-06-15T11:00")), LAW);
    scene.proposed = scene.proposed.as_response();
    assert_eq!(scene.says(RULE, ny(AT)), LAW);
    scene.facts.stops[0].point = Some(id(9));
    assert!(scene.allows(ny(AT)), "another address");
}

#[test]
fn other_letters_and_commercial_debts_are_not_judged_by_it() {
    let mut scene = notice(Medium::Mail, Purpose::Collect);
    scene.facts.points[1].state = PointState::Undeliverable;
    assert_eq!(scene.says(RULE, ny(AT)), None);
}
