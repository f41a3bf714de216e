//! Timers of federal law.

use EventKind as E;

use super::*;

fn at_phone(kind: E) -> Put {
    told_as(kind, |event| event.at_point(id(PHONE)))
}

duties! {
    // The creditor's day is too early: 35 days after sending it is.
    t_creditor_email: case("t.creditor_email")
        .opens(
            told_as(E::CreditorNoticeSent, |e| e.at_point(id(EMAIL)).stating(day("2026-07-30"))),
            "2026-07-01T10:00",
        )
        .due("2026-08-05")
        .met_by(told_as(E::CreditorNoticeOptOut, |event| event.at_point(id(EMAIL))))
        .not_met_by(told_as(E::CreditorNoticeOptOut, |event| event.at_point(id(9))))
        .not_for_commercial();
    t_text: case("t.text")
        .opens(inbound(Medium::Text, PHONE, true), "2026-07-01T10:00")
        .ends("2026-08-30T10:00")
        .met_by(consent(ConsentFor::Text))
        .met_by(told_as(E::ConsumerUsedAddress, |e| e.at_point(id(PHONE)).by(Medium::Text)))
        .not_met_by(told_as(E::ConsumerUsedAddress, |e| e.at_point(id(PHONE)).by(Medium::Call)))
        .met_by(at_phone(E::NotReassigned))
        .met_by(at_phone(E::Reassigned))
        .met_by(at_phone(E::LearnedWrong))
        .met_by(stop_of(StopKind::OptOut, Some(Medium::Text), None))
        .not_met_by(stop_of(StopKind::OptOut, Some(Medium::Call), None))
        .not_for_commercial();
    t_text_is_not_begun_by_a_database: case("t.text")
        .given_at(consent(ConsentFor::Text), "2026-05-01T10:00")
        .opens(at_phone(E::NotReassigned), "2026-07-01T10:00")
        .ends("2026-08-30T10:00")
        .not_for(|facts| facts.consents.clear());
    // 12 CFR 1006, comment 14(b)(2)(i)-1: the date of the conversation is the first of the seven days.
    t_conversation: case("t.conversation")
        .opens(conversation(), "2026-04-01T10:00")
        .due("2026-04-07")
        .not_for_commercial();
    t_consent: case("t.consent")
        .opens(consent(ConsentFor::MoreCalls), "2026-04-01T10:00")
        .due("2026-04-07")
        .met_by(conversation())
        .met_by(withdrawn(ConsentFor::MoreCalls))
        .not_for_commercial();
    t_attorney: case("t.attorney")
        .opens(told(E::AttorneyWritten), "2026-07-01T10:00")
        .due("2026-07-31")
        .met_by(told(E::AttorneyAnswered))
        .met_by(told(E::AttorneyConsented))
        .not_for_commercial();
    t_validation: case("t.validation")
        .opens(told_as(E::ValidationSent, |event| event.stating(day("2026-05-16"))), "2026-04-06T10:00")
        .due("2026-05-16")
        .not_for_commercial();
    // Five business days over Juneteenth and a weekend, then thirty days.
    t_validation_without_a_printed_day: case("t.validation")
        .opens(told(E::ValidationSent), "2026-06-15T10:00")
        .due("2026-07-23");
    t_reassigned: case("t.reassigned")
        .opens(at_phone(E::NotReassigned), "2026-07-01T10:00")
        .due("2026-07-31")
        .met_by(at_phone(E::Reassigned))
        .met_by(at_phone(E::NotReassigned));
}

#[test]
fn seven_days_end_last_where_they_end_last_and_consent_where_it_ends_first() {
    let mut facts = consumer();
    facts.points[1].zones = crate::testing::zones(&["America/Los_Angeles"]);
    conversation()(&mut facts, ny("2026-04-01T10:00"));
    consent(ConsentFor::MoreCalls)(&mut facts, ny("2026-04-01T10:00"));
    let ends = |code| {
        let all = due(&facts, ny("2026-04-01T11:00"));
        all.iter().find(|owed| owed.duty.code == code).unwrap().due.ends()
    };
    assert_eq!(ends("t.conversation"), Some(ny("2026-04-08T03:00")));
    assert_eq!(ends("t.consent"), Some(ny("2026-04-08T00:00")));
}

#[test]
fn a_new_text_renews_the_permission() {
    let mut facts = consumer();
    inbound(Medium::Text, PHONE, true)(&mut facts, ny("2026-07-01T10:00"));
    inbound(Medium::Text, PHONE, true)(&mut facts, ny("2026-07-11T10:00"));
    let all = due(&facts, ny("2026-07-12T10:00")).into_iter();
    let texts: Vec<_> = all.filter(|owed| owed.duty.code == "t.text").map(|o| o.state).collect();
    assert_eq!(texts, [State::Discharged { at: ny("2026-07-11T10:00") }, State::Running]);
}
