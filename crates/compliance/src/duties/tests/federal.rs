//! Federal law beside Part 1006.

use EventKind as E;

use super::*;

fn automated() -> Put {
    consent_to(ConsentFor::Automated, GivenTo::Creditor)
}

/// A case on file.
fn filed(by: FiledBy, chapter: Chapter) -> Put {
    Box::new(move |facts, at| {
        let case = BankruptcyCase::new(by, chapter, facts.agency.hours.zone.local_date(at));
        facts.bankruptcies.push(case);
    })
}

duties! {
    // Ten business days from Wednesday 1 July, the observed holiday counted: the earlier reading.
    o_tcpa_revoke: case("o.tcpa_revoke")
        .given_at(automated(), "2026-01-10T10:00")
        .opens(told(E::AutomatedRevoked), "2026-07-01T10:00")
        .due("2026-07-15")
        .met_by(withdrawn(ConsentFor::Automated))
        .met_by(stop(StopKind::OptOut));
    o_tcpa_revoke_now: case("o.tcpa_revoke_now")
        .given_at(automated(), "2026-01-10T10:00")
        .opens(told(E::AutomatedRevoked), "2026-07-01T10:00")
        .in_the_act()
        .met_by(withdrawn(ConsentFor::Automated));
    o_tcpa_confirm: case("o.tcpa_confirm")
        .opens(told_as(E::OptOutReceived, |event| event.by(Medium::Text)), "2026-07-01T10:00")
        .ends("2026-07-01T10:05")
        .met_by(told(E::OptOutConfirmed))
        .broken_by(told(E::OptOutConfirmed))
        .not_for(|facts| facts.events[0].medium = Some(Medium::Email));
    o_bk_stop: case("o.bk_stop")
        .opens(told(E::BankruptcyLearned), "2026-07-01T10:00")
        .in_the_act()
        .met_by(stop(StopKind::Bankruptcy))
        .met_by(filed(FiledBy::Person, Chapter::Unknown))
        .not_met_by(filed(FiledBy::CoDebtor, Chapter::Chapter13))
        .not_met_by(stop(StopKind::Cease));
    o_bk_stop_of_a_co_debtor: case("o.bk_stop")
        .opens(told(E::CoDebtorFiled13), "2026-07-01T10:00")
        .in_the_act()
        .met_by(stop(StopKind::Bankruptcy))
        .met_by(filed(FiledBy::CoDebtor, Chapter::Chapter13))
        .not_for_commercial()
        .not_for_business();
    o_bk_pull: case("o.bk_pull")
        .opens(told(E::BankruptcyLearned), "2026-07-01T10:00")
        .due("2026-07-01")
        .met_by(told(E::LettersPulled));
    // Friday: the next business day is Monday.
    o_bk_tell: case("o.bk_tell")
        .opens(told(E::BankruptcyVerified), "2026-07-10T10:00")
        .due("2026-07-13")
        .met_by(told(E::ClientToldOfBankruptcy));
    o_bk_claim: case("o.bk_claim")
        .opens(told_as(E::ClaimBarDateSet, |event| event.stating(day("2026-09-05"))), "2026-07-10T10:00")
        .due("2026-09-05")
        .met_by(told(E::ProofOfClaimFiled))
        .met_by(told(E::ClaimDeclined));
    o_bk_claim_70: case("o.bk_claim_70")
        .opens(told_as(E::BankruptcyVerified, |event| event.stating(day("2026-07-01"))), "2026-07-10T10:00")
        .due("2026-09-09")
        .met_by(told(E::ProofOfClaimFiled))
        .met_by(told_as(E::ClaimBarDateSet, |event| event.stating(day("2026-12-01"))))
        .not_for(|facts| told(E::ClaimBarDateSet)(facts, ny("2026-07-09T10:00")))
        .not_for(|facts| filed(FiledBy::Person, Chapter::Chapter11)(facts, ny("2026-07-09T10:00")));
    o_scra_rate: case("o.scra_rate")
        .given(|facts| facts.accounts[0].claim.incurred_on = Some(day("2025-03-01")))
        .opens(told_as(E::OrdersReceived, |event| event.stating(day("2026-06-01"))), "2026-11-09T10:00")
        .due("2026-11-24")
        .met_by(told(E::BalanceRecomputed))
        .not_for_business()
        .not_for(|facts| facts.accounts[0].claim.incurred_on = Some(day("2026-06-01")));
    o_scra_default: case("o.scra_default")
        .opens(told(E::DefaultPlanned), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::MilitaryAffidavit))
        .broken_by(told(E::DefaultAsked))
        .not_for_business();
    o_esign_change: case("o.esign_change")
        .given_at(consent(ConsentFor::Esign), "2026-02-01T10:00")
        .opens(told(E::AccessNeedsChanged), "2026-07-01T10:00")
        .before_the_act()
        .met_by(consent(ConsentFor::Esign))
        .broken_by(told_as(E::VerificationSent, |event| event.by(Medium::Email)))
        .not_for_commercial()
        .not_for(|facts| facts.consents.clear());
    o_fcra_direct: case("o.fcra_direct")
        .opens(told(E::DirectDisputeReceived), "2026-07-01T10:00")
        .due("2026-07-31")
        .met_by(told(E::DirectDisputeAnswered))
        .not_for_commercial();
    o_fcra_direct_with_more_information: case("o.fcra_direct")
        .given_at(told(E::MoreInformationGiven), "2026-07-31T10:00")
        .opens(told(E::DirectDisputeReceived), "2026-07-31T10:00")
        .due("2026-09-14")
        .met_by(told(E::DirectDisputeAnswered));
    o_fcra_dofd: case("o.fcra_dofd")
        .opens(told(E::Furnished), "2026-07-01T10:00")
        .due("2026-09-29")
        .met_by(told(E::FirstDelinquencyFurnished))
        .not_for_commercial();
    o_rege_vary: case("o.rege_vary")
        .opens(told_as(E::DebitVaries, |event| event.stating(day("2026-08-01"))), "2026-07-01T10:00")
        .due("2026-07-22")
        .met_by(told_as(E::VaryingDebitNoticeSent, |event| event.stating(day("2026-08-01"))))
        .not_met_by(told_as(E::VaryingDebitNoticeSent, |event| event.stating(day("2026-09-01"))))
        .not_for_commercial();
    o_rege_stop: case("o.rege_stop")
        .opens(told_as(E::DebitStopOrdered, |event| event.stating(day("2026-07-07"))), "2026-07-01T10:00")
        .due("2026-07-06")
        .met_by(told(E::DebitStopped))
        .broken_by(told_as(E::DebitEntered, |event| event.stating(day("2026-07-07"))))
        .not_for_commercial()
        .not_for(|facts| facts.events[0].on = Some(day("2026-07-03")));
    o_noc: case("o.noc")
        .opens(told(E::ChangeNotified), "2026-07-01T10:00")
        .due("2026-07-09")
        .met_by(told(E::ChangeApplied))
        .broken_by(told(E::DebitEntered));
}

#[test]
fn a_second_confirmation_of_an_opt_out_is_one_too_many() {
    let mut facts = consumer();
    told_as(E::OptOutReceived, |event| event.by(Medium::Text))(&mut facts, ny("2026-07-01T10:00"));
    told(E::OptOutConfirmed)(&mut facts, ny("2026-07-01T10:01"));
    let confirm = |facts: &Facts| {
        let all = due(facts, ny("2026-07-01T11:00"));
        all.iter().find(|owed| owed.duty.code == "o.tcpa_confirm").unwrap().state
    };
    assert_eq!(confirm(&facts), State::Discharged { at: ny("2026-07-01T10:01") });
    told(E::OptOutConfirmed)(&mut facts, ny("2026-07-01T10:02"));
    let since = ny("2026-07-01T10:02");
    assert_eq!(confirm(&facts), State::Lapsed { since, done_at: None });
}

#[test]
fn what_is_not_verified_is_shown_with_its_day_and_cites_nothing() {
    for duty in BOOK.iter().chain([&agency::AGENCY]).flat_map(|table| table.iter()) {
        let named = match duty.force {
            duly_domain::Force::Law => !duty.authority.starts_with("policy"),
            duly_domain::Force::Policy => duty.authority.starts_with("policy "),
            duly_domain::Force::Unverified => duty.authority.starts_with("unverified "),
        };
        assert!(named, "{}: {}", duty.code, duty.authority);
    }
}
