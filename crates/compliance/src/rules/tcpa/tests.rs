use duly_domain::{Effect, Force, Instant, StopKind};

use crate::facts::{Consent, ConsentFor, Event, EventKind, GivenTo, LineType, Stop};
use crate::medium::Medium;
use crate::proposed::DialMode;
use crate::testing::{PHONE, Scene, id, ny};

const RULE: &str = "tcpa";
const AT: &str = "2026-06-17T12:00";

type Said = Option<(Effect, Force, &'static str)>;

fn law(authority: &'static str) -> Said {
    Some((Effect::Deny, Force::Law, authority))
}

fn policy(authority: &'static str) -> Said {
    Some((Effect::Deny, Force::Policy, authority))
}

const PRERECORDED: &str = "47 USC 227(b)(1)(A)(iii)";
const RINGLESS: &str = "47 USC 227(b)(1)(A)(iii), FCC 22-85";

fn by(scene: Scene, mode: DialMode, line: LineType) -> Scene {
    let mut scene = scene.without_consent();
    if mode == DialMode::TextPlatform {
        scene = scene.by(Medium::Text);
    }
    scene.proposed.dial_mode = Some(mode);
    scene.facts.points[0].line = line;
    scene
}

fn consent(what: ConsentFor, given_to: GivenTo, from: Instant) -> Consent {
    Consent {
        what,
        given_to,
        account: Some(id(1)),
        medium: None,
        point: Some(id(PHONE)),
        from,
        until: None,
        withdrawn_at: None,
    }
}

fn opt_out(scene: Scene, medium: Medium, at: &str) -> Scene {
    scene.stop(Stop {
        id: id(1),
        kind: StopKind::OptOut,
        party: id(1),
        account: None,
        medium: Some(medium),
        point: None,
        from: ny(at),
        until: None,
    })
}

#[test]
fn without_consent_each_means_is_barred_on_each_line_by_its_own_authority() {
    use DialMode::{ListDialer, Manual, Prerecorded, Ringless, TextPlatform};
    use LineType::{Landline, Unknown, Voip, Wireless};
    let table: [(DialMode, LineType, Said); 20] = [
        (Manual, Wireless, None),
        (Manual, Voip, None),
        (Manual, Unknown, None),
        (Manual, Landline, None),
        (Prerecorded, Wireless, law(PRERECORDED)),
        (Prerecorded, Voip, policy("policy tcpa.line_unknown")),
        (Prerecorded, Unknown, policy("policy tcpa.line_unknown")),
        (Prerecorded, Landline, None),
        (Ringless, Wireless, law(RINGLESS)),
        (Ringless, Voip, policy("policy tcpa.line_unknown")),
        (Ringless, Unknown, policy("policy tcpa.line_unknown")),
        (Ringless, Landline, None),
        (ListDialer, Wireless, policy("policy tcpa.list_dialer")),
        (ListDialer, Voip, policy("policy tcpa.list_dialer")),
        (ListDialer, Unknown, policy("policy tcpa.list_dialer")),
        (ListDialer, Landline, None),
        (TextPlatform, Wireless, policy("policy tcpa.automated_text")),
        (TextPlatform, Voip, policy("policy tcpa.automated_text")),
        (TextPlatform, Unknown, policy("policy tcpa.automated_text")),
        (TextPlatform, Landline, policy("policy tcpa.automated_text")),
    ];
    for (mode, line, said) in table {
        // Every debt and everybody called, businesses too.
        for scene in [Scene::consumer(), Scene::guarantor(), Scene::business()] {
            assert_eq!(by(scene, mode, line).says(RULE, ny(AT)), said, "{mode:?} {line:?}");
        }
    }
}

#[test]
fn a_text_typed_by_hand_needs_none_and_an_unknown_means_is_held() {
    let mut scene = Scene::business().by(Medium::Text).without_consent();
    scene.proposed.dial_mode = Some(DialMode::Manual);
    assert!(scene.allows(ny(AT)));
    scene.proposed.dial_mode = None;
    let held = Some((Effect::Hold, Force::Policy, "policy tcpa.dial_mode"));
    assert_eq!(scene.says(RULE, ny(AT)), held);
}

#[test]
fn a_number_given_to_the_agency_or_to_the_creditor_for_this_debt_is_consent() {
    let given = ny("2026-06-01T12:00");
    for to in [GivenTo::Agency, GivenTo::Creditor] {
        let scene = by(Scene::consumer(), DialMode::Prerecorded, LineType::Wireless)
            .and_account(2, 1)
            .consent(consent(ConsentFor::Automated, to, given));
        assert_eq!(scene.says(RULE, ny("2026-06-01T11:59")), law(PRERECORDED));
        assert_eq!(scene.says(RULE, ny(AT)), None, "{to:?}");
        assert_eq!(scene.clone().about(2, 1).says(RULE, ny(AT)), law(PRERECORDED), "another debt");
        let mut both = scene.clone();
        both.proposed.accounts = vec![id(1), id(2)];
        assert_eq!(both.says(RULE, ny(AT)), law(PRERECORDED), "both debts");
        let mut other = scene;
        other.facts.consents[0].point = Some(id(9));
        assert_eq!(other.says(RULE, ny(AT)), law(PRERECORDED), "another number");
    }
    let prior = consent(ConsentFor::Automated, GivenTo::PriorCollector, given);
    let scene = by(Scene::consumer(), DialMode::Prerecorded, LineType::Wireless).consent(prior);
    assert_eq!(scene.says(RULE, ny(AT)), law(PRERECORDED), "to a prior collector");
    let mut any = consent(ConsentFor::Automated, GivenTo::Creditor, given);
    any.account = None;
    let scene = by(Scene::consumer(), DialMode::Prerecorded, LineType::Wireless).consent(any);
    assert_eq!(scene.says(RULE, ny(AT)), law(PRERECORDED), "for which debt is not known");
}

#[test]
fn a_consent_to_texts_is_one_to_automated_texts_and_to_no_call() {
    let given = consent(ConsentFor::Text, GivenTo::Agency, ny("2026-06-01T12:00"));
    let text = by(Scene::consumer(), DialMode::TextPlatform, LineType::Wireless).consent(given);
    assert!(text.allows(ny(AT)));
    let call = by(Scene::consumer(), DialMode::ListDialer, LineType::Wireless).consent(given);
    assert_eq!(call.says(RULE, ny(AT)), policy("policy tcpa.list_dialer"));
}

#[test]
fn a_revocation_is_honoured_at_once_and_by_law_within_ten_business_days() {
    let given = consent(ConsentFor::Automated, GivenTo::Agency, ny("2026-06-01T12:00"));
    let scene = by(Scene::business(), DialMode::Prerecorded, LineType::Wireless).consent(given);
    let mut withdrawn = scene.clone();
    withdrawn.facts.consents[0].withdrawn_at = Some(ny("2026-06-10T12:00"));
    let revoked = Event::new(EventKind::AutomatedRevoked, ny("2026-06-10T12:00"));
    for scene in [
        withdrawn,
        opt_out(scene.clone(), Medium::Call, "2026-06-10T12:00"),
        scene.event(revoked.at_point(id(PHONE))),
    ] {
        assert_eq!(scene.says(RULE, ny("2026-06-10T11:59")), None);
        let now = policy("policy tcpa.revoke_now");
        assert_eq!(scene.says(RULE, ny("2026-06-10T12:00")), now);
        // Ten business days after Wednesday the 10th, Juneteenth left out: Thursday the 25th.
        assert_eq!(scene.says(RULE, ny("2026-06-25T12:00")), now);
        assert_eq!(scene.says(RULE, ny("2026-06-26T12:00")), law(PRERECORDED));
    }
}

#[test]
fn a_lifted_opt_out_revives_no_consent_and_a_newer_consent_counts() {
    let given = consent(ConsentFor::Automated, GivenTo::Agency, ny("2026-06-01T12:00"));
    let scene = by(Scene::business(), DialMode::ListDialer, LineType::Wireless).consent(given);
    let mut scene = opt_out(scene, Medium::Call, "2026-06-10T12:00");
    scene.facts.stops[0].until = Some(ny("2026-06-12T12:00"));
    assert_eq!(scene.says(RULE, ny(AT)), policy("policy tcpa.list_dialer"));
    // A replay still knows of it.
    let evaluation = scene.evaluate(ny(AT));
    let kept = crate::Snapshot::of(&scene.facts, &scene.proposed, &evaluation, ny(AT));
    assert_eq!(crate::replay(&kept).unwrap(), evaluation.explain(ny(AT)));
    let renewed = consent(ConsentFor::Automated, GivenTo::Agency, ny("2026-06-13T12:00"));
    assert!(scene.consent(renewed).allows(ny(AT)));
}

#[test]
fn a_revocation_of_texts_ends_calls_too_by_policy_now_and_by_law_from_2027_01_31() {
    let given = consent(ConsentFor::Automated, GivenTo::Agency, ny("2026-12-20T12:00"));
    let scene = by(Scene::business(), DialMode::Prerecorded, LineType::Wireless).consent(given);
    let scene = opt_out(scene, Medium::Text, "2027-01-04T12:00");
    assert_eq!(scene.says(RULE, ny("2027-01-04T11:59")), None);
    let now = policy("policy tcpa.revoke_now");
    assert_eq!(scene.says(RULE, ny("2027-01-29T12:00")), now, "not yet by law");
    assert_eq!(scene.says(RULE, ny("2027-02-01T12:00")), law(PRERECORDED));
    // One of e-mails is about no call.
    let given = consent(ConsentFor::Automated, GivenTo::Agency, ny("2026-12-20T12:00"));
    let scene = by(Scene::business(), DialMode::Prerecorded, LineType::Wireless).consent(given);
    let scene = opt_out(scene, Medium::Email, "2027-01-04T12:00");
    assert_eq!(scene.says(RULE, ny("2027-01-05T12:00")), None);
}

#[test]
fn a_text_of_the_person_is_answered_and_a_prerecorded_call_answers_nothing() {
    let mut text = by(Scene::business(), DialMode::TextPlatform, LineType::Wireless)
        .inbound(Medium::Text, ny("2026-06-17T11:00"));
    text.proposed = text.proposed.as_response();
    assert!(text.allows(ny(AT)));
    let mut call = by(Scene::business(), DialMode::Prerecorded, LineType::Wireless)
        .inbound(Medium::Call, ny("2026-06-17T11:00"));
    call.proposed = call.proposed.as_response();
    assert_eq!(call.says(RULE, ny(AT)), law(PRERECORDED));
}

#[test]
fn each_authority_speaks_from_its_own_day() {
    let scene = by(Scene::business(), DialMode::Ringless, LineType::Wireless);
    assert_eq!(scene.says(RULE, ny("2022-11-17T12:00")), policy("policy tcpa.ringless"));
    assert_eq!(scene.says(RULE, ny("2022-11-22T12:00")), law(RINGLESS));
    let scene = by(Scene::business(), DialMode::Prerecorded, LineType::Wireless);
    assert_eq!(scene.says(RULE, ny("2010-11-22T12:00")), law(PRERECORDED), "before Regulation F");
    assert_eq!(scene.says(RULE, ny("1992-12-18T12:00")), None);
}
