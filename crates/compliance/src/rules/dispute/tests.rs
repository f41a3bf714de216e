use duly_domain::{Effect, Force};

use crate::facts::{Dispute, DisputeExtent, DisputeForm, Event, EventKind};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::testing::{Scene, id, ny};

const RULE: &str = "dispute";

fn disputed(mut scene: Scene, extent: DisputeExtent, form: DisputeForm) -> Scene {
    let from = ny("2026-06-20T10:00");
    scene.facts.disputes.push(Dispute {
        id: id(1),
        account: id(1),
        extent,
        form,
        from,
        until: None,
    });
    scene
}

/// Comment 38(d)(2)(ii)-1: closed until the notice that the dispute is duplicative went out on 2 July.
#[test]
fn comment_38d2ii_1_collection_ceases_until_the_answer_is_sent() {
    let mut scene = disputed(Scene::consumer(), DisputeExtent::Whole, DisputeForm::TimelyWritten);
    let law = (Effect::Deny, Force::Law, "12 CFR 1006.38(d)(2)");
    for medium in [Medium::Call, Medium::Email, Medium::Mail] {
        let scene = scene.clone().by(medium);
        assert_eq!(scene.says(RULE, ny("2026-07-01T11:00")), Some(law), "{medium}");
    }
    assert!(scene.allows(ny("2026-06-20T09:59")), "before the dispute");
    scene.facts.disputes[0].until = Some(ny("2026-07-02T15:00"));
    assert!(!scene.allows(ny("2026-07-01T11:00")));
    assert!(scene.allows(ny("2026-07-03T11:00")));
}

#[test]
fn verification_itself_may_be_sent() {
    let mut scene = disputed(Scene::consumer(), DisputeExtent::Whole, DisputeForm::TimelyWritten)
        .by(Medium::Mail);
    scene.proposed = scene.proposed.with_purpose(Purpose::Verification);
    assert!(scene.allows(ny("2026-07-01T11:00")));
}

#[test]
fn a_late_or_oral_dispute_pauses_by_policy_and_one_of_unknown_form_is_held() {
    let at = ny("2026-07-01T11:00");
    let other = disputed(Scene::consumer(), DisputeExtent::Whole, DisputeForm::Other);
    let by_policy = (Effect::Deny, Force::Policy, "policy agency.dispute");
    assert_eq!(other.says(RULE, at), Some(by_policy));
    let unknown = disputed(Scene::consumer(), DisputeExtent::Part, DisputeForm::Unknown);
    let held = (Effect::Hold, Force::Law, "12 CFR 1006.38(d)(2)");
    assert_eq!(unknown.says(RULE, at), Some(held));
}

#[test]
fn a_commercial_account_pauses_by_policy_where_the_whole_is_disputed_and_not_for_an_invoice() {
    let at = ny("2026-07-01T11:00");
    for scene in [Scene::guarantor(), Scene::business()] {
        let whole = disputed(scene.clone(), DisputeExtent::Whole, DisputeForm::Unknown);
        let by_policy = (Effect::Deny, Force::Policy, "policy commercial.dispute");
        assert_eq!(whole.says(RULE, at), Some(by_policy));
        assert!(disputed(scene, DisputeExtent::Part, DisputeForm::Unknown).allows(at));
    }
}

#[test]
fn another_account_is_not_disputed() {
    let scene = disputed(
        Scene::consumer().and_account(2, 1),
        DisputeExtent::Whole,
        DisputeForm::TimelyWritten,
    );
    assert!(scene.about(2, 1).allows(ny("2026-07-01T11:00")));
}

/// 1006.38(d)(2): "or any disputed portion": what is confined to the rest may go.
#[test]
fn the_part_that_is_not_disputed_may_be_collected_by_itself() {
    let at = ny("2026-07-01T11:00");
    for form in [DisputeForm::TimelyWritten, DisputeForm::Other, DisputeForm::Unknown] {
        let mut part = disputed(Scene::consumer(), DisputeExtent::Part, form);
        assert!(!part.allows(at), "{form:?}: it is about the account");
        part.proposed.undisputed_only = true;
        assert!(part.allows(at), "{form:?}");
        let mut whole = disputed(Scene::consumer(), DisputeExtent::Whole, form);
        whole.proposed.undisputed_only = true;
        assert!(!whole.allows(at), "{form:?}: nothing is left");
    }
}

/// Comment 38(d)(2)(ii)-1, told by dated facts: verified on 25 June, disputed again on the 30th.
#[test]
fn comment_38d2ii_1_a_duplicative_dispute_pauses_until_its_notice_is_sent() {
    let told = |kind, at| Event::new(kind, ny(at)).about(id(1));
    let mut scene = disputed(Scene::consumer(), DisputeExtent::Whole, DisputeForm::TimelyWritten);
    scene.facts.events.push(told(EventKind::VerificationSent, "2026-06-25T10:00"));
    assert!(!scene.allows(ny("2026-06-24T11:00")));
    assert!(scene.allows(ny("2026-06-26T11:00")));
    let again = Dispute { from: ny("2026-06-30T10:00"), ..scene.facts.disputes[0] };
    scene.facts.disputes.push(again);
    assert!(!scene.allows(ny("2026-07-01T11:00")));
    scene.facts.events.push(told(EventKind::DuplicativeNoticeSent, "2026-07-02T10:00"));
    assert!(!scene.allows(ny("2026-07-01T11:00")));
    assert!(scene.allows(ny("2026-07-03T11:00")));
}

#[test]
fn an_answer_about_another_debt_answers_nothing() {
    let mut scene = disputed(Scene::consumer(), DisputeExtent::Whole, DisputeForm::TimelyWritten);
    let sent = Event::new(EventKind::VerificationSent, ny("2026-06-25T10:00"));
    scene.facts.events.push(sent.about(id(2)));
    scene.facts.events.push(sent);
    assert!(!scene.allows(ny("2026-07-01T11:00")));
}
