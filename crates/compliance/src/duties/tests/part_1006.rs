//! 12 CFR Part 1006.

use DisputeForm::{Other, TimelyWritten, Unknown};
use EventKind as E;

use super::*;

/// The notice went to the postal address on Monday 6 April 2026, with its printed end.
fn notice() -> Put {
    told_as(E::ValidationSent, |event| event.at_point(id(ADDRESS)).stating(day("2026-05-13")))
}

fn email(kind: E) -> Put {
    told_as(kind, |event| event.by(Medium::Email).at_point(id(EMAIL)))
}

fn mail(kind: E) -> Put {
    told_as(kind, |event| event.by(Medium::Mail).at_point(id(ADDRESS)))
}

duties! {
    // Friday 3 July: five calendar days, over a weekend and Independence Day.
    o_validation: case("o.validation")
        .opens(spoken(), "2026-07-03T16:30")
        .due("2026-07-08")
        .met_by(told(E::ValidationSent))
        .met_by(told(E::EstateNoticeSent))
        .met_in_time_by(told(E::Paid))
        .not_met_by(told(E::ValidationSpoken))
        .not_met_by(told(E::NoticePrinted))
        .not_for_commercial()
        .not_for(|facts| {
            let at = facts.accounts[0].first_spoken_at.unwrap();
            told(E::ValidationSpoken)(facts, at);
        });
    o_validation_again: case("o.validation_again")
        .given_at(notice(), "2026-04-06T16:00")
        .opens(told_as(E::Undeliverable, |event| event.at_point(id(ADDRESS))), "2026-04-17T10:00")
        .due("2026-04-22")
        .met_by(told_as(E::ValidationSent, |event| event.at_point(id(9))))
        .met_by(told_as(E::EstateNoticeSent, |event| event.at_point(id(9))))
        .not_met_by(notice())
        .not_for_commercial()
        .not_for(|facts| facts.events.retain(|event| event.kind != E::ValidationSent));
    o_validation_again_after_a_wrong_address: case("o.validation_again")
        .given_at(notice(), "2026-04-06T16:00")
        .opens(told_as(E::LearnedWrong, |event| event.at_point(id(ADDRESS))), "2026-04-17T10:00")
        .due("2026-04-22")
        .met_by(told_as(E::ValidationSent, |event| event.at_point(id(9))))
        .not_for(|facts| facts.events.last_mut().unwrap().point = Some(id(PHONE)));
    // Printed for Friday 6 March 2026: the Sunday after it is the last day with that end.
    o_validation_date: case("o.validation_date")
        .opens(told_as(E::NoticePrinted, |event| event.stating(day("2026-04-12"))), "2026-03-06T11:00")
        .due("2026-03-08")
        .met_by(told_as(E::ValidationSent, |event| event.stating(day("2026-04-12"))))
        .met_by(told(E::NoticeWithdrawn))
        .not_met_by(told_as(E::ValidationSent, |event| event.stating(day("2026-05-12"))))
        .not_for_commercial();
    // Wednesday before Thanksgiving: that day and the weekend do not count.
    o_spanish: case("o.spanish")
        .opens(told(E::SpanishAsked), "2026-11-25T10:00")
        .due("2026-12-03")
        .met_by(told(E::SpanishSent))
        .not_for_commercial();
    // The death becomes known on the second day: the notice's own day stands.
    o_estate: case("o.estate")
        .given_at(spoken(), "2026-07-01T10:00")
        .opens(told(E::DeathLearned), "2026-07-03T10:00")
        .due("2026-07-06")
        .met_by(told(E::EstateNoticeSent))
        .not_met_by(told(E::ValidationSent))
        .not_for_commercial()
        .not_for(|facts| told(E::ValidationSent)(facts, ny("2026-07-02T10:00")));
    o_estate_spoken_to_first_after_the_death: case("o.estate")
        .given_at(stop(StopKind::Deceased), "2026-06-01T10:00")
        .opens(spoken(), "2026-07-03T10:00")
        .due("2026-07-08")
        .met_by(told(E::EstateNoticeSent));
    o_verify: case("o.verify")
        .given_at(notice(), "2026-04-06T16:00")
        .opens(told(E::DisputedInWriting), "2026-05-13T23:00")
        .before_the_act()
        .met_by(told(E::VerificationSent))
        .met_by(told(E::DuplicativeNoticeSent))
        .met_by(told(E::CollectionEnded))
        .broken_by(collected())
        .not_for_commercial()
        .not_for(|facts| facts.events[0].on = Some(day("2026-05-12")));
    o_verify_a_dispute_whose_form_is_not_known: case("o.verify")
        .opens(dispute(Unknown), "2026-05-13T23:00")
        .before_the_act()
        .met_by(told(E::VerificationSent))
        .not_for(|facts| facts.disputes[0].form = Other);
    o_original_creditor: case("o.original_creditor")
        .given_at(notice(), "2026-04-06T16:00")
        .opens(told(E::OriginalCreditorAsked), "2026-05-13T23:00")
        .before_the_act()
        .met_by(told(E::OriginalCreditorSent))
        .not_met_by(told(E::VerificationSent))
        .broken_by(collected())
        .not_for_commercial()
        .not_for(|facts| facts.events[0].on = Some(day("2026-05-12")));
    o_esign: case("o.esign")
        .given_at(spoken(), "2026-07-01T10:00")
        .opens(email(E::ValidationSent), "2026-07-02T10:00")
        .in_the_act()
        .met_by(consent(ConsentFor::Esign))
        .not_met_by(consent_to(ConsentFor::Esign, GivenTo::Creditor))
        .not_for_commercial()
        .not_for(|facts| facts.accounts[0].first_spoken_at = None)
        .not_for(|facts| facts.events[0].medium = Some(Medium::Mail));
    o_bounce: case("o.bounce")
        .opens(email(E::Undeliverable), "2026-07-02T10:00")
        .due("2026-07-07")
        .met_by(told(E::DeliveredOtherWay))
        .met_by(mail(E::VerificationSent))
        .not_met_by(email(E::VerificationSent))
        .not_for_commercial()
        .not_for(|facts| facts.events[0].medium = Some(Medium::Mail));
    o_disclose_first: case("o.disclose_first")
        .opens(placed(), "2026-02-02T00:00")
        .standing()
        .met_by(written())
        .not_met_by(spoken())
        .broken_by(Box::new(|facts, at| {
            spoken()(facts, at);
            told(E::DisclosureMissing)(facts, at);
        }))
        .not_for_commercial();
    o_disclose_each: case("o.disclose_each")
        .opens(spoken(), "2026-07-01T10:00")
        .standing()
        .broken_by(told(E::DisclosureMissing))
        .not_for_commercial();
    o_optout_line: case("o.optout_line")
        .opens(placed(), "2026-02-02T00:00")
        .standing()
        .broken_by(told(E::OptOutLineMissing))
        .not_for_commercial();
    o_cease: case("o.cease")
        .opens(told(E::CeaseReceived), "2026-07-01T10:00")
        .in_the_act()
        .met_by(stop(StopKind::Cease))
        .not_met_by(stop(StopKind::OptOut))
        .not_for_commercial();
    o_media: case("o.media")
        .opens(told_as(E::OptOutReceived, |event| event.by(Medium::Text)), "2026-07-01T10:00")
        .in_the_act()
        .met_by(stop_of(StopKind::OptOut, Some(Medium::Text), None))
        .not_met_by(stop_of(StopKind::OptOut, Some(Medium::Text), Some(PHONE)))
        .not_for_commercial();
    o_inconvenient: case("o.inconvenient")
        .opens(told(E::InconvenienceLearned), "2026-07-01T10:00")
        .in_the_act()
        .met_by(designated(DesignationKind::EmployerForbids, false))
        .met_by(designated(DesignationKind::NotAtPlace(Place::Home), true))
        .not_for_commercial();
    o_attorney: case("o.attorney")
        .opens(told(E::AttorneyLearned), "2026-07-01T10:00")
        .in_the_act()
        .met_by(stop(StopKind::Attorney))
        .not_met_by(stop(StopKind::Cease))
        .not_for_commercial();
    o_wrong_number: case("o.wrong_number")
        .opens(told_as(E::LearnedWrong, |event| event.at_point(id(PHONE))), "2026-07-01T10:00")
        .in_the_act()
        .met_by(told_as(E::PointBarred, |event| event.at_point(id(PHONE))))
        .met_by(Box::new(|facts, _| facts.points[0].state = PointState::Wrong))
        .met_by(stop_of(StopKind::OptOut, None, Some(PHONE)))
        .not_met_by(told_as(E::PointBarred, |event| event.at_point(id(EMAIL))))
        .not_met_by(stop_of(StopKind::OptOut, Some(Medium::Text), Some(PHONE)))
        .not_for_commercial();
    // Deposit on Tuesday 7 July. Observed or not, the notice is in the window: the tenth business day
    // before is Tuesday 23 June if the observed holiday counts, the third before is Wednesday 1 July if
    // it does not.
    o_postdated: case("o.postdated")
        .opens(told_as(E::PostdatedAccepted, |event| event.stating(day("2026-07-07"))), "2026-06-10T10:00")
        .due_between("2026-06-23", "2026-07-01")
        .met_by(told_as(E::DepositNoticeSent, |event| event.stating(day("2026-07-07"))))
        .not_met_by(told_as(E::DepositNoticeSent, |event| event.stating(day("2026-07-14"))))
        .broken_by(told_as(E::InstrumentDeposited, |event| event.stating(day("2026-07-07"))))
        .not_for_commercial()
        .not_for(|facts| facts.events[0].on = Some(day("2026-06-15")));
    o_furnish: case("o.furnish")
        .opens(told(E::FurnishingPlanned), "2026-07-01T10:00")
        .before_the_act()
        .met_by(conversation())
        .not_met_by(notice())
        .broken_by(told(E::Furnished))
        .not_for_commercial()
        .not_for(|facts| told(E::Furnished)(facts, ny("2026-06-01T10:00")));
    o_furnish_disputed: case("o.furnish_disputed")
        .given_at(told(E::Furnished), "2026-06-01T10:00")
        .opens(told(E::DisputedInWriting), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::DisputeCoded))
        .broken_by(told(E::Furnished))
        .not_for_commercial()
        .not_for(|facts| facts.events.retain(|event| event.kind != E::Furnished));
    o_furnish_disputed_otherwise: case("o.furnish_disputed_otherwise")
        .given_at(told(E::Furnished), "2026-06-01T10:00")
        .opens(told(E::DisputedOrally), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::DisputeCoded))
        .broken_by(told(E::Furnished))
        .not_for_commercial()
        .not_for(|facts| facts.events.retain(|event| event.kind != E::Furnished));
    o_furnish_disputed_in_the_first_report: case("o.furnish_disputed")
        .given_at(dispute(TimelyWritten), "2026-06-01T10:00")
        .opens(told(E::Furnished), "2026-07-01T10:00")
        .in_the_act()
        .not_for(|facts| facts.disputes.clear());
    o_apply: case("o.apply")
        .opens(told(E::SharedPaymentPosted), "2026-07-01T10:00")
        .in_the_act()
        .met_by(told(E::AllocationStored))
        .not_for_commercial();
    o_transfer: case("o.transfer")
        .opens(told(E::TransferPlanned), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::TransferChecked))
        .broken_by(told(E::Transferred))
        .not_for_commercial();
    o_suit: case("o.suit")
        .opens(told(E::SuitPlanned), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::SuitChecked))
        .broken_by(told(E::SuitBrought))
        .not_for_commercial();
    o_retain: case("o.retain")
        .opens(spoken(), "2026-07-01T10:00")
        .due("2029-07-01")
        .broken_by(told(E::RecordsDestroyed))
        .not_for_commercial();
    o_retain_recording: case("o.retain_recording")
        .opens(told(E::CallRecorded), "2028-02-29T10:00")
        .due("2031-02-28")
        .broken_by(told(E::RecordingDestroyed))
        .not_for_commercial();
}

#[test]
fn the_clean_wait_before_a_first_report_runs_through_the_fifteenth_day() {
    let furnish = |facts: &Facts, at| {
        due(facts, ny(at)).into_iter().find(|owed| owed.duty.code == "o.furnish").unwrap().state
    };
    let mut facts = consumer();
    written()(&mut facts, ny("2026-07-01T10:00"));
    told(E::FurnishingPlanned)(&mut facts, ny("2026-07-02T10:00"));
    assert_eq!(furnish(&facts, "2026-07-15T23:59"), State::Open);
    let clear = State::Discharged { at: ny("2026-07-16T00:00") };
    assert_eq!(furnish(&facts, "2026-07-16T00:00"), clear);
    // Undeliverable inside the wait: again.
    told(E::Undeliverable)(&mut facts, ny("2026-07-15T12:00"));
    assert_eq!(furnish(&facts, "2026-08-16T00:00"), State::Open);
    mail(E::ValidationSent)(&mut facts, ny("2026-08-20T10:00"));
    let again = State::Discharged { at: ny("2026-09-04T00:00") };
    assert_eq!(furnish(&facts, "2026-09-10T00:00"), again);
}

#[test]
fn an_unchecked_suit_that_nobody_planned_lapses_in_the_act_and_a_checked_one_owes_nothing() {
    let suits = |facts: &Facts| {
        let all = due(facts, ny("2026-08-01T10:00")).into_iter();
        all.filter(|owed| owed.duty.code == "o.suit").map(|owed| owed.state).collect::<Vec<_>>()
    };
    let mut facts = consumer();
    told(E::SuitBrought)(&mut facts, ny("2026-07-01T10:00"));
    let since = ny("2026-07-01T10:00");
    assert_eq!(suits(&facts), [State::Lapsed { since, done_at: None }]);
    told(E::SuitChecked)(&mut facts, ny("2026-06-01T10:00"));
    assert_eq!(suits(&facts), []);
}

#[test]
fn the_part_of_a_debt_that_is_not_disputed_may_be_collected() {
    let mut facts = consumer();
    dispute_of(TimelyWritten, DisputeExtent::Part)(&mut facts, ny("2026-07-01T10:00"));
    collected()(&mut facts, ny("2026-07-02T10:00"));
    let all = due(&facts, ny("2026-07-03T10:00"));
    let owed = all.iter().find(|owed| owed.duty.code == "o.verify").unwrap();
    assert_eq!((owed.state, owed.blocks()), (State::Open, Some("dispute")));
}

#[test]
fn a_missed_notice_holds_until_it_is_sent() {
    let mut facts = consumer();
    spoken()(&mut facts, ny("2026-07-01T10:00"));
    let blocks = |facts: &Facts, at| {
        let all = due(facts, ny(at));
        all.iter().find(|owed| owed.duty.code == "o.validation").unwrap().blocks()
    };
    assert_eq!(blocks(&facts, "2026-07-06T23:59"), None);
    assert_eq!(blocks(&facts, "2026-07-07T00:00"), Some("validation_hold"));
    told(E::ValidationSent)(&mut facts, ny("2026-07-07T12:00"));
    assert_eq!(blocks(&facts, "2026-07-07T12:00"), None);
}
