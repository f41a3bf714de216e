use super::*;

/// Comment 2(b)-1: an unanswered call is an attempt.
#[test]
fn comment_2b_1_whether_or_not_the_person_is_reached_it_is_an_attempt() {
    assert!(Content::Nothing.is_attempt());
    assert!(Content::LimitedContent.is_attempt());
    assert!(!Content::Nothing.is_communication());
}

/// Comment 2(d)-2: neither a limited-content message nor an advertisement conveys anything about a debt.
#[test]
fn comment_2d_2_a_limited_content_message_is_no_communication() {
    assert!(!Content::LimitedContent.is_communication());
    assert!(!Content::NoSpecificDebt.is_communication());
    assert!(Content::AboutDebt.is_communication());
}

/// Comment 34(b)(2)-1: a proof of claim is no initial communication.
#[test]
fn comment_34b2_1_a_pleading_begins_no_five_days() {
    assert!(Content::FormalPleading.is_communication());
    assert!(!Content::FormalPleading.is_initial());
    assert!(!Content::TaxOrPrivacyNotice.is_initial());
}

/// Comment 18(e)(1)-1: the voicemail is not the first, the consumer's call is.
#[test]
fn comment_18e1_1_the_call_after_a_limited_content_message_is_the_initial_communication() {
    assert!(!Content::LimitedContent.is_initial());
    assert!(Content::AboutDebt.is_initial());
}
