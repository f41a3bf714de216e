//! What no law dates.

use EventKind as E;

use super::*;

duties! {
    // Friday: two business days are Monday and Tuesday.
    complaint_acknowledge: case("complaint.acknowledge")
        .opens(told(E::ComplaintReceived), "2026-07-10T10:00")
        .due("2026-07-14")
        .met_by(told(E::ComplaintAcknowledged))
        .met_by(told(E::ComplaintAnswered));
    complaint_answer: case("complaint.answer")
        .opens(told(E::ComplaintReceived), "2026-07-10T10:00")
        .due("2026-07-25")
        .met_by(told(E::ComplaintAnswered))
        .not_met_by(told(E::ComplaintAcknowledged));
    regulator_letter: case("regulator.letter")
        .opens(told_as(E::RegulatorWrote, |event| event.stating(day("2026-08-02"))), "2026-07-10T10:00")
        .due("2026-08-02")
        .met_by(told(E::RegulatorAnswered));
    client_question: case("client.question")
        .opens(told(E::ClientAsked), "2026-06-30T10:00")
        .due("2026-07-14")
        .met_by(told(E::ClientAnswered));
    recall_answer: case("recall.answer")
        .opens(told(E::RecallReceived), "2026-07-10T10:00")
        .due("2026-07-13")
        .met_by(told(E::RecallAnswered));
    post_read: case("post.read")
        .opens(told(E::PostReceived), "2026-07-10T10:00")
        .due("2026-07-10")
        .met_by(told(E::PostRead));
    post_read_from_an_inbound_message: case("post.read")
        .opens(inbound(Medium::Mail, ADDRESS, false), "2026-07-10T10:00")
        .due("2026-07-10")
        .met_by(told(E::PostRead));
}

#[test]
fn one_answer_meets_one_complaint_and_a_named_one_its_own() {
    let complaints = |facts: &Facts| {
        let all = due(facts, ny("2026-07-10T12:00")).into_iter();
        let mine = all.filter(|owed| owed.duty.code == "complaint.answer");
        mine.map(|owed| owed.state.as_str()).collect::<Vec<_>>()
    };
    let mut facts = consumer();
    told_as(E::ComplaintReceived, |e| e.in_matter(id(1)))(&mut facts, ny("2026-07-01T10:00"));
    told_as(E::ComplaintReceived, |e| e.in_matter(id(2)))(&mut facts, ny("2026-07-02T10:00"));
    told(E::ComplaintAnswered)(&mut facts, ny("2026-07-03T10:00"));
    assert_eq!(complaints(&facts), ["discharged", "open"], "the oldest");
    facts.events.pop();
    told_as(E::ComplaintAnswered, |e| e.in_matter(id(2)))(&mut facts, ny("2026-07-03T10:00"));
    assert_eq!(complaints(&facts), ["open", "discharged"], "the one it names");
}

#[test]
fn contact_is_held_while_a_regulator_waits_and_once_a_client_did_not_answer() {
    let blocks = |facts: &Facts, at| {
        let all = due(facts, ny(at)).into_iter();
        all.filter_map(|owed| owed.blocks()).collect::<Vec<_>>()
    };
    let mut facts = consumer();
    told(E::RegulatorWrote)(&mut facts, ny("2026-07-01T10:00"));
    assert_eq!(blocks(&facts, "2026-07-02T10:00"), ["regulator_letter"]);
    told(E::RegulatorAnswered)(&mut facts, ny("2026-07-03T10:00"));
    told(E::ClientAsked)(&mut facts, ny("2026-07-03T10:00"));
    assert_eq!(blocks(&facts, "2026-07-17T23:59"), Vec::<&str>::new());
    assert_eq!(blocks(&facts, "2026-07-18T00:00"), ["client_question"]);
}

#[test]
fn a_message_that_was_read_owes_nothing_more() {
    let mut facts = consumer();
    inbound(Medium::Email, EMAIL, false)(&mut facts, ny("2026-07-01T10:00"));
    inbound(Medium::Mail, ADDRESS, true)(&mut facts, ny("2026-07-01T11:00"));
    let all = due(&facts, ny("2026-07-01T12:00")).into_iter();
    let post: Vec<_> = all.filter(|owed| owed.duty.code == "post.read").collect();
    let states: Vec<_> = post.iter().map(|owed| (owed.state.as_str(), owed.blocks())).collect();
    assert_eq!(states, [("open", Some("unread")), ("discharged", None)]);
}
