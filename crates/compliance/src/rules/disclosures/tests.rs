use duly_domain::{Force, StopKind};

use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::testing::{Scene, ny};

const AT: &str = "2026-06-17T12:00";

/// Comment 18(e)(1)-1: the first communication carries the first disclosure, a message before it does not
/// change that.
#[test]
fn comment_18e1_1_the_initial_communication_says_what_it_is_for() {
    let mut scene = Scene::consumer().called(1, ny("2026-06-01T10:00"));
    assert_eq!(scene.requires(ny(AT)), ["mini_miranda"]);
    scene.facts.accounts[0].first_spoken_at = Some(ny("2026-06-02T10:00"));
    assert_eq!(scene.requires(ny(AT)), ["from_debt_collector"]);
    let letter = scene.clone().by(Medium::Mail);
    let again = letter.requires(ny(AT));
    assert_eq!(again.first(), Some(&"mini_miranda"), "again in the first written one");
    scene.facts.accounts[0].first_written_at = Some(ny("2026-06-04T10:00"));
    let later = scene.by(Medium::Mail).requires(ny(AT));
    assert_eq!(later.first(), Some(&"from_debt_collector"));
}

#[test]
fn an_attempt_about_two_debts_is_initial_where_one_of_them_is() {
    let mut scene = Scene::consumer().and_account(2, 1);
    scene.facts.accounts[0].first_written_at = Some(ny("2026-06-02T10:00"));
    scene.proposed.accounts.push(crate::testing::id(2));
    assert_eq!(scene.requires(ny(AT)), ["mini_miranda"]);
}

/// 1006.6(e): each electronic message to a consumer.
#[test]
fn every_electronic_message_carries_a_way_out() {
    for (medium, with) in
        [(Medium::Call, false), (Medium::Mail, false), (Medium::Text, true), (Medium::Email, true)]
    {
        for scene in [Scene::consumer(), Scene::guarantor(), Scene::business()] {
            let requires = scene.by(medium).requires(ny(AT));
            assert_eq!(requires.contains(&"opt_out_line"), with, "{medium}");
        }
    }
}

#[test]
fn a_commercial_debtor_is_owed_no_consumer_disclosure() {
    assert!(Scene::business().by(Medium::Mail).requires(ny(AT)).is_empty());
    assert!(Scene::guarantor().requires(ny(AT)).is_empty());
}

/// 1006.6(e): "or other electronic-medium address".
#[test]
fn every_electronic_medium_carries_a_way_out() {
    for medium in [Medium::Portal, Medium::Social] {
        let requires = Scene::consumer().by(medium).requires(ny(AT));
        assert!(requires.contains(&"opt_out_line"), "{medium}");
    }
    assert!(!Scene::consumer().by(Medium::Visit).requires(ny(AT)).contains(&"opt_out_line"));
}

/// Comment 6(e)-1.i, .iii: the line is a duty of each text and e-mail; its words are the letters' matter.
#[test]
fn comment_6e_1_a_notice_that_the_law_demands_carries_it_too() {
    let mut scene = Scene::consumer().by(Medium::Email);
    scene.proposed = scene.proposed.with_purpose(Purpose::ValidationNotice);
    assert!(scene.requires(ny(AT)).contains(&"opt_out_line"));
}

/// Comment 18(e)-1: a limited-content message carries its own items and nothing else.
#[test]
fn comment_18e_1_a_limited_content_message_carries_no_disclosure() {
    let mut scene = Scene::consumer();
    scene.proposed.limited_content = true;
    assert_eq!(scene.requires(ny(AT)), ["limited_content"]);
    let mut text = Scene::consumer().by(Medium::Text);
    text.proposed.limited_content = true;
    assert_eq!(text.requires(ny(AT)), ["mini_miranda", "opt_out_line"], "voicemail only");
}

/// Comment 18(e)(1)-1: the person's own call is the initial communication.
#[test]
fn comment_18e1_1_the_disclosure_is_made_on_the_persons_own_call() {
    let mut scene =
        Scene::consumer().called(1, ny("2026-06-01T10:00")).inbound(Medium::Call, ny(AT));
    scene.proposed = scene.proposed.as_response();
    assert_eq!(scene.requires(ny(AT)), ["mini_miranda"]);
}

/// 1006.18(e)(4): in the language of the rest.
#[test]
fn the_disclosure_is_in_the_language_of_the_rest() {
    let mut scene = Scene::consumer().by(Medium::Mail);
    scene.proposed.other_language = true;
    let requires = scene.requires(ny(AT));
    assert_eq!(requires[..2], ["mini_miranda", "disclosure_language"]);
}

/// 1006.10(b)(2): somebody who is asked for a location is not told of a debt.
#[test]
fn a_third_party_is_told_of_no_debt() {
    let mut scene = Scene::consumer();
    scene.proposed.recipient = Recipient::ThirdParty;
    assert!(scene.requires(ny(AT)).is_empty());
    scene.proposed.recipient = Recipient::Spouse;
    assert_eq!(scene.requires(ny(AT)), ["mini_miranda"], "a consumer for 1006.6");
}

/// Comment 2(h)-1: what a corporation owes is no debt of this Part; what stands against it is policy.
#[test]
fn comment_2h_1_no_rule_of_this_part_reaches_what_a_business_owes() {
    let scene = Scene::business()
        .spoke(1, ny("2026-06-16T10:00"))
        .stopped(StopKind::Cease, 1, ny("2026-06-16T11:00"))
        .stopped(StopKind::Attorney, 1, ny("2026-06-16T11:00"));
    let decision = scene.evaluate(ny(AT)).decide(ny(AT));
    assert!(!decision.reasons.is_empty());
    assert!(decision.reasons.iter().all(|reason| reason.ground.force == Force::Policy));
}
