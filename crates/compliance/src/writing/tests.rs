use duly_domain::Date;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Comment 38-1: what is in writing.
#[test]
fn comment_38_1_post_form_accepted_media_and_couriers_are_writing() {
    use Arrived::{ByAcceptedMedium, ByHand, ByOtherMedium, ByPost, OnTheForm, Spoken};
    for arrived in [ByPost, OnTheForm, ByAcceptedMedium, ByHand] {
        assert!(arrived.is_in_writing(), "{arrived:?}");
    }
    for arrived in [Spoken, ByOtherMedium] {
        assert!(!arrived.is_in_writing(), "{arrived:?}");
    }
}

#[test]
fn a_dispute_is_timely_through_the_printed_end_date() {
    let end = Some(day("2026-07-23"));
    for (arrived, on, end, form) in [
        (Arrived::ByPost, "2026-07-23", end, DisputeForm::TimelyWritten),
        (Arrived::ByPost, "2026-07-24", end, DisputeForm::Other),
        (Arrived::Spoken, "2026-07-01", end, DisputeForm::Other),
        (Arrived::OnTheForm, "2026-07-01", None, DisputeForm::Unknown),
    ] {
        assert_eq!(dispute_form(arrived, day(on), end), form, "{arrived:?} {on}");
    }
}

/// Comment 38(a)(1)-1: other words, the same dispute.
#[test]
fn comment_38a1_1_a_dispute_in_other_words_may_be_duplicative() {
    let same = LaterDispute {
        form: DisputeForm::TimelyWritten,
        substantially_same: true,
        earlier_was_verified: true,
        new_and_material: false,
    };
    assert!(same.is_duplicative());
    for other in [
        LaterDispute { form: DisputeForm::Other, ..same },
        LaterDispute { substantially_same: false, ..same },
        LaterDispute { earlier_was_verified: false, ..same },
        LaterDispute { new_and_material: true, ..same },
    ] {
        assert!(!other.is_duplicative(), "{other:?}");
    }
}
