use super::*;

/// Comment 2(j)(1)-1: "This is Robin Smith calling from ABC Inc. Please contact me or Jim Johnson at ..."
#[test]
fn comment_2j1_1_the_required_items_make_one() {
    assert!(limited_content(&MessageItem::REQUIRED, LeftFor::Consumer));
    for left_out in MessageItem::REQUIRED {
        let fewer: Vec<_> =
            MessageItem::REQUIRED.into_iter().filter(|item| *item != left_out).collect();
        assert!(!limited_content(&fewer, LeftFor::Consumer), "{left_out:?}");
    }
}

/// Comment 2(j)-1: one item more and it is none.
#[test]
fn comment_2j_1_optional_items_may_stand_and_nothing_else() {
    let with = |more: MessageItem| {
        let mut items = MessageItem::REQUIRED.to_vec();
        items.push(more);
        limited_content(&items, LeftFor::Consumer)
    };
    for optional in [
        MessageItem::Salutation,
        MessageItem::DateAndTime,
        MessageItem::ReplyTimes,
        MessageItem::AnyRepresentative,
    ] {
        assert!(with(optional), "{optional:?}");
    }
    assert!(!with(MessageItem::Other));
    assert!(!with(MessageItem::TellingBusinessName));
}

/// Comment 2(j)-2: knowingly left for a third party.
#[test]
fn comment_2j_2_one_that_is_knowingly_left_for_a_third_party_is_none() {
    assert!(!limited_content(&MessageItem::REQUIRED, LeftFor::KnownThirdParty));
}
