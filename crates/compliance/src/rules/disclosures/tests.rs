use crate::medium::Medium;
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
