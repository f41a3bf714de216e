use duly_domain::{Effect, Force};

use crate::medium::Medium;
use crate::rules::states::tests::tried;
use crate::testing::{ADDRESS, EMAIL, PHONE, Scene, id, ny};
use crate::{City, ConsentFor, Inbound, Purpose};

const RULE: &str = "state_frequency";

fn brooklyn() -> Scene {
    Scene::consumer().and_account(2, 1).living_in("NY", Some(City::NewYork))
}

fn two_debts_called(month: &str) -> Scene {
    brooklyn()
        .called(1, ny(&format!("{month}-15T10:00")))
        .called(2, ny(&format!("{month}-16T10:00")))
}

#[test]
fn before_shield_two_contacts_in_seven_days_about_whatever_debts() {
    let scene = two_debts_called("2026-06");
    let law = Some((Effect::Deny, Force::Law, "6 RCNY 5-77(b)(1)(iv)"));
    assert_eq!(scene.says(RULE, ny("2026-06-17T12:00")), law);
    assert_eq!(scene.says(RULE, ny("2026-06-22T12:00")), None);
    let outside = two_debts_called("2026-06").living_in("NY", None);
    assert_eq!(outside.says(RULE, ny("2026-06-17T12:00")), None, "the state has no number");
}

#[test]
fn letters_are_counted_by_policy_and_what_the_law_asks_for_passes() {
    let at = ny("2026-06-17T12:00");
    let policy = Some((Effect::Deny, Force::Policy, "policy city.nyc.post"));
    let scene = tried(brooklyn(), Medium::Mail, ADDRESS, ny("2026-06-15T10:00"));
    let scene = scene.called(1, ny("2026-06-16T10:00"));
    assert_eq!(scene.says(RULE, at), policy);
    let mut letter = two_debts_called("2026-06").by(Medium::Mail);
    assert_eq!(letter.says(RULE, at), policy);
    letter.proposed.purpose = Purpose::ValidationNotice;
    assert_eq!(letter.says(RULE, at), None);
}

/// The sources disagree about the date: between the two dates both numbers stand, each by policy.
#[test]
fn while_shields_date_is_in_conflict_both_numbers_stand_by_policy() {
    let scene = two_debts_called("2026-10");
    let two = Some((Effect::Deny, Force::Policy, "policy city.nyc.two_contacts"));
    assert_eq!(scene.says(RULE, ny("2026-10-17T12:00")), two);
    let three = (1..4).fold(brooklyn(), |scene, n| {
        scene.attempt(1, ny(&format!("2026-10-1{n}T10:00")), false, false)
    });
    let shield = Some((Effect::Deny, Force::Policy, "policy city.nyc.shield_date"));
    assert_eq!(
        three.says(RULE, ny("2026-10-14T12:00")),
        shield,
        "unconnected attempts are attempts"
    );
    assert_eq!(three.about(2, 1).says(RULE, ny("2026-10-14T12:00")), None);
}

#[test]
fn from_2027_three_attempts_per_account_are_law() {
    let three = (1..4).fold(brooklyn(), |scene, n| {
        scene.attempt(1, ny(&format!("2027-01-1{n}T10:00")), false, false)
    });
    let law = Some((Effect::Deny, Force::Law, "6 RCNY 5-77(b)(1)(iii)"));
    assert_eq!(three.says(RULE, ny("2027-01-14T12:00")), law);
    assert_eq!(three.by(Medium::Mail).says(RULE, ny("2027-01-14T12:00")), None);
    let still = Some((Effect::Deny, Force::Policy, "policy city.nyc.two_contacts"));
    assert_eq!(two_debts_called("2027-01").says(RULE, ny("2027-01-17T12:00")), still);
}

#[test]
fn under_shield_a_message_without_consent_or_use_in_sixty_days_is_held() {
    let at = ny("2026-10-16T12:00");
    let held = Some((Effect::Hold, Force::Unverified, "unverified city.nyc.electronic"));
    let text = brooklyn().by(Medium::Text).without_consent();
    assert_eq!(text.says("state_consent", at), held);
    assert_eq!(text.says("state_consent", ny("2026-06-16T12:00")), None, "before it");
    let given = text.clone().consents(ConsentFor::Text, PHONE, ny("2026-10-01T12:00"));
    assert_eq!(given.says("state_consent", at), None);
    let mut wrote = brooklyn().by(Medium::Email).without_consent();
    wrote.facts.inbound.push(Inbound {
        point: Some(id(EMAIL)),
        ..Inbound::new(Medium::Email, ny("2026-09-01T12:00"))
    });
    assert_eq!(wrote.says("state_consent", at), None);
    assert_eq!(wrote.says("state_consent", ny("2026-11-02T12:00")), held);
    assert_eq!(text.by(Medium::Call).says("state_consent", at), None);
}
