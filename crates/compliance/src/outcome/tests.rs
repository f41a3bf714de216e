use duly_domain::{AccountId, Disposition};

use super::*;
use crate::testing::{id, ny};

const MEDICAL: u32 = 1;
const CARD: u32 = 2;

fn call(disposition: Disposition) -> Outcome<'static> {
    Outcome {
        medium: Medium::Call,
        disposition,
        at: ny("2026-11-09T10:00"),
        initiator: Initiator::Agency,
        recipient: Recipient::Debtor,
        meant: &[],
        named: &[],
    }
}

/// Account, whether it counts, whether it is a conversation.
fn rows(outcome: Outcome<'_>, meant: &[u32], named: &[u32]) -> Vec<(AccountId, bool, bool)> {
    let ids = |numbers: &[u32]| numbers.iter().map(|n| id(*n)).collect::<Vec<AccountId>>();
    let (meant, named) = (ids(meant), ids(named));
    let outcome = Outcome { meant: &meant, named: &named, ..outcome };
    let rows = counts_for(&outcome);
    rows.into_iter().map(|(account, c)| (account, c.counted, c.conversation)).collect()
}

/// Comment 14(b)(4)-2.iii: a conversation in which the medical debt alone was discussed.
#[test]
fn comment_14b4_2_iii_a_conversation_counts_for_the_debt_discussed() {
    let talk = call(Disposition::Reached);
    assert_eq!(rows(talk, &[MEDICAL], &[MEDICAL]), [(id(MEDICAL), true, true)]);
    assert_eq!(
        rows(talk, &[MEDICAL, CARD], &[CARD]),
        [(id(CARD), true, true)],
        "whoever raised it"
    );
}

/// Comment 14(b)(4)-1.i, .ii: each debt that was discussed; where none was, one at the agency's choice.
#[test]
fn comment_14b4_1_each_debt_discussed_and_at_least_one() {
    let both = [(id(MEDICAL), true, true), (id(CARD), true, true)];
    let talk = call(Disposition::Reached);
    assert_eq!(rows(talk, &[MEDICAL], &[MEDICAL, CARD, MEDICAL]), both);
    assert_eq!(rows(talk, &[CARD, MEDICAL], &[]), [(id(CARD), true, true)]);
    let voicemail = call(Disposition::Voicemail);
    let left = [(id(MEDICAL), true, false), (id(CARD), true, false)];
    assert_eq!(rows(voicemail, &[MEDICAL, CARD], &[MEDICAL, CARD]), left);
    assert_eq!(rows(voicemail, &[MEDICAL, CARD], &[]), left[..1], "limited content names none");
}

/// Comment 14(b)(4)-2.i: an unanswered call counts for one of the debts that were meant.
#[test]
fn comment_14b4_2_i_an_unanswered_call_counts_for_one() {
    let unanswered = call(Disposition::NoAnswer);
    assert_eq!(rows(unanswered, &[CARD, MEDICAL], &[]), [(id(CARD), true, false)]);
}

/// Comment 14(b)(4)-2.v: a general conversation, attributed to the medical debt.
#[test]
fn comment_14b4_2_v_a_general_conversation_counts_for_the_debt_of_choice() {
    let talk = call(Disposition::Reached);
    assert_eq!(rows(talk, &[MEDICAL, CARD], &[]), [(id(MEDICAL), true, true)]);
}

/// Comment 14(b)(2)(i)-1: the person's own call is none placed to it, and a conversation all the same.
#[test]
fn comment_14b2i_1_a_call_of_the_person_is_a_conversation_and_no_call() {
    let own = Outcome { initiator: Initiator::Debtor, ..call(Disposition::Reached) };
    assert_eq!(rows(own, &[], &[MEDICAL]), [(id(MEDICAL), false, true)]);
    let missed = Outcome { initiator: Initiator::Debtor, ..call(Disposition::NoAnswer) };
    assert_eq!(rows(missed, &[MEDICAL], &[]), [(id(MEDICAL), false, false)]);
}

/// 1006.14(b)(3)(iii): calls to counsel, creditors and reporting agencies.
#[test]
fn calls_to_counsel_and_creditors_do_not_count() {
    for recipient in [
        Recipient::DebtorsAttorney,
        Recipient::ReportingAgency,
        Recipient::Creditor,
        Recipient::AgencysAttorney,
    ] {
        let professional = Outcome { recipient, ..call(Disposition::Reached) };
        assert_eq!(rows(professional, &[MEDICAL], &[MEDICAL]), [(id(MEDICAL), false, false)]);
    }
    let neighbour = Outcome { recipient: Recipient::ThirdParty, ..call(Disposition::ThirdParty) };
    assert_eq!(rows(neighbour, &[MEDICAL], &[]), [(id(MEDICAL), true, false)]);
}

#[test]
fn what_may_have_taken_place_counts_for_every_debt_that_was_meant() {
    let unknown = call(Disposition::Unknown);
    let both = [(id(MEDICAL), true, true), (id(CARD), true, true)];
    assert_eq!(rows(unknown, &[MEDICAL, CARD], &[]), both);
}

#[test]
fn a_message_counts_for_every_debt_that_it_names_and_is_no_conversation() {
    let email = Outcome { medium: Medium::Email, ..call(Disposition::Sent) };
    let both = [(id(MEDICAL), true, false), (id(CARD), true, false)];
    assert_eq!(rows(email, &[MEDICAL, CARD], &[MEDICAL, CARD]), both);
}
