//! States and cities, and money held for clients.

use EventKind as E;

use super::*;

fn charged_off(facts: &mut Facts) {
    facts.accounts[0].claim.charged_off = Some(true);
}

fn not_charged_off(facts: &mut Facts) {
    facts.accounts[0].claim.charged_off = Some(false);
}

fn of_kind(kind: DebtKind) -> impl Fn(&mut Facts) {
    move |facts| facts.accounts[0].claim.kind = kind
}

duties! {
    // Thursday 2 July: five business days, the weekend skipped and the observed holiday counted.
    ma_validation: case("ma.validation")
        .in_state("MA")
        .opens(spoken(), "2026-07-02T10:00")
        .due("2026-07-09")
        .met_by(told(E::ValidationSent))
        .not_for_commercial();
    ma_work_ban: case("ma.work_ban")
        .in_state("MA")
        .opens(designated(DesignationKind::EmployerForbids, true), "2026-07-02T10:00")
        .due("2026-07-12")
        .not_met_by(told(E::WorkBanConfirmed))
        .not_for_commercial()
        .not_for(|facts| facts.designations[0].oral = false);
    ny_notice: case("ny.notice")
        .in_state("NY")
        .opens(spoken(), "2026-07-02T10:00")
        .due("2026-07-07")
        .met_by(told(E::NyNoticeSent))
        .met_in_time_by(told(E::Paid))
        .not_for_commercial();
    ny_accounting: case("ny.accounting")
        .in_state("NY")
        .given(charged_off)
        .opens(spoken(), "2026-07-02T10:00")
        .due("2026-07-07")
        .met_by(told(E::NyAccountingSent))
        .not_met_by(told(E::NyNoticeSent))
        .not_for_commercial()
        .not_for(not_charged_off);
    ny_limitation: case("ny.limitation")
        .in_state("NY")
        .given(|facts| facts.accounts[0].claim.accrued_on = Some(day("2023-07-01")))
        .opens(told_as(E::PaymentOffered, |event| event.by(Medium::Call)), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told_as(E::LimitationNoticeSent, |event| event.by(Medium::Call)))
        .not_met_by(told_as(E::LimitationNoticeSent, |event| event.by(Medium::Mail)))
        .broken_by(told(E::PaymentAccepted))
        .not_for_commercial()
        .not_for(|facts| facts.accounts[0].claim.accrued_on = Some(day("2023-07-02")));
    ny_instructions_after_an_oral_dispute: case("ny.instructions")
        .in_state("NY")
        .given(charged_off)
        .opens(told(E::DisputedOrally), "2026-07-01T10:00")
        .due("2026-07-15")
        .met_by(told(E::NySubstantiationTold))
        .not_for_commercial()
        .not_for(not_charged_off);
    ny_instructions_after_a_written_dispute: case("ny.instructions")
        .in_state("NY")
        .given(charged_off)
        .opens(told(E::DisputedInWriting), "2026-07-01T10:00")
        .due("2026-07-22")
        .met_by(told(E::NySubstantiationTold));
    ny_substantiate: case("ny.substantiate")
        .in_state("NY")
        .given(charged_off)
        .opens(told(E::SubstantiationAsked), "2026-07-01T10:00")
        .due("2026-08-30")
        .met_by(told(E::SubstantiationSent))
        .broken_by(collected())
        .not_for_commercial()
        .not_for(not_charged_off);
    nyc_verify: case("nyc.verify")
        .given(|facts| place(facts, "NY", Some(City::NewYork)))
        .opens(told(E::DisputedOrally), "2026-09-01T10:00")
        .due("2026-10-31")
        .met_by(told(E::VerificationSent))
        .met_by(told(E::UnverifiedNoticeSent))
        .not_for_commercial()
        .not_for(|facts| place(facts, "NY", None));
    ca_language: case("ca.language")
        .in_state("CA")
        .opens(told(E::OtherLanguageSpoken), "2026-11-24T10:00")
        .due("2026-12-02")
        .met_by(told(E::CaTranslationSent))
        .not_for_commercial();
    ca_documents: case("ca.documents")
        .in_state("CA")
        .given(|facts| facts.accounts[0].claim.creditor = CreditorKind::DebtBuyer)
        .opens(told(E::DocumentsAsked), "2026-07-01T10:00")
        .due("2026-07-16")
        .met_by(told(E::DocumentsSent))
        .not_for_commercial()
        .not_for(|facts| facts.accounts[0].claim.creditor = CreditorKind::Lender);
    wi_notice: case("wi.notice")
        .in_state("WI")
        .opens(spoken(), "2026-07-01T10:00")
        .due("2026-07-06")
        .met_by(told(E::WiNoticeSent))
        .not_for_commercial();
    dc_notice: case("dc.notice")
        .in_state("DC")
        .opens(told(E::ElectronicContactPlanned), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::DcNoticeMailed))
        .broken_by(attempt(|call| Attempt { medium: Medium::Text, ..call }))
        .not_met_by(collected())
        .not_for_commercial()
        .not_for(of_kind(DebtKind::Mortgage));
    dc_consent: case("dc.consent")
        .in_state("DC")
        .opens(told(E::ElectronicContactPlanned), "2026-07-01T10:00")
        .before_the_act()
        .met_by(consent(ConsentFor::Email))
        .not_met_by(consent_to(ConsentFor::Email, GivenTo::Creditor))
        .broken_by(attempt(|call| Attempt { medium: Medium::Email, ..call }))
        .not_for_commercial();
    co_attorney: case("co.attorney")
        .in_state("CO")
        .opens(told(E::AttorneyWritten), "2026-07-01T10:00")
        .due("2026-07-31")
        .met_by(told(E::AttorneyAnswered))
        .not_for_commercial();
    wv_attorney: case("wv.attorney")
        .in_state("WV")
        .opens(told(E::AttorneyLearned), "2026-07-03T10:00")
        .ends("2026-07-06T10:00")
        .not_for_commercial();
    nv_medical_notice: case("nv.medical_notice")
        .in_state("NV")
        .given(of_kind(DebtKind::Medical))
        .opens(placed(), "2026-07-01T00:00")
        .before_the_act()
        .met_by(told(E::MedicalNoticeMailed))
        .broken_by(collected())
        .broken_by(told(E::Furnished))
        .not_for_commercial()
        .not_for(of_kind(DebtKind::Loan));
    nv_medical_wait: case("nv.medical_wait")
        .in_state("NV")
        .given(of_kind(DebtKind::Medical))
        .opens(told(E::MedicalNoticeMailed), "2026-07-01T10:00")
        .due("2026-08-30")
        .broken_by(collected())
        .not_for_commercial();
    wa_disputed: case("wa.disputed")
        .in_state("WA")
        .given_at(told(E::Furnished), "2026-06-01T10:00")
        .opens(told(E::DisputedInWriting), "2026-07-01T10:00")
        .before_the_act()
        .met_by(told(E::BureauNotified))
        .broken_by(told(E::Furnished))
        .not_for(|facts| facts.events.retain(|event| event.kind != E::Furnished));
    co_text: case("co.text")
        .in_state("CO")
        .opens(placed(), "2026-07-01T00:00")
        .standing()
        .met_by(written())
        .broken_by(told(E::StateTextMissing))
        .not_for_commercial();
    ca_text: case("ca.text")
        .in_state("CA")
        .opens(placed(), "2026-07-01T00:00")
        .standing()
        .met_by(written())
        .broken_by(told(E::StateTextMissing))
        .not_for_commercial();
    mn_text: case("mn.text")
        .in_state("MN")
        .opens(placed(), "2026-07-01T00:00")
        .standing()
        .met_by(written())
        .broken_by(told(E::StateTextMissing))
        .not_for_commercial();
    // Thursday before the observed holiday, which counts.
    deposit: case("deposit")
        .opens(told(E::MoneyReceived), "2026-07-02T10:00")
        .due("2026-07-03")
        .met_by(told(E::TrustDeposited));
    deposit_wa: case("deposit.wa")
        .licensed_in("WA")
        .opens(told(E::MoneyPosted), "2026-07-02T10:00")
        .due("2026-07-12")
        .met_by(told(E::TrustDeposited));
    deposit_mi: case("deposit.mi")
        .licensed_in("MI")
        .opens(told(E::MoneyReceived), "2026-07-02T10:00")
        .due("2026-07-07")
        .met_by(told(E::TrustDeposited));
    deposit_az: case("deposit.az")
        .licensed_in("AZ")
        .opens(told(E::MoneyReceived), "2026-12-23T10:00")
        .due("2026-12-29")
        .met_by(told(E::TrustDeposited));
    deposit_il: case("deposit.il")
        .licensed_in("IL")
        .opens(told(E::MoneyPosted), "2026-12-23T10:00")
        .due("2026-12-31")
        .met_by(told(E::TrustDeposited));
    deposit_nc: case("deposit.nc")
        .licensed_in("NC")
        .opens(told(E::MoneyReceived), "2026-12-24T10:00")
        .due("2026-12-29")
        .met_by(told(E::TrustDeposited));
    unclaimed: case("unclaimed")
        .opens(told(E::ChequeUncashed), "2026-07-01T10:00")
        .met_by(told(E::UnclaimedReported));
    unclaimed_az: case("unclaimed.az")
        .licensed_in("AZ")
        .opens(told_as(E::ChequeUncashed, |event| event.stating(day("2026-03-01"))), "2026-07-01T10:00")
        .due("2029-03-01")
        .met_by(told(E::UnclaimedReported));
}

#[test]
fn an_oral_ban_of_calls_at_work_in_massachusetts_is_confirmed_within_seven_days_or_ends() {
    let ban = |confirmed: &str| {
        let mut facts = consumer();
        place(&mut facts, "MA", None);
        designated(DesignationKind::EmployerForbids, true)(&mut facts, ny("2026-07-02T10:00"));
        told(E::WorkBanConfirmed)(&mut facts, ny(confirmed));
        let all = due(&facts, ny("2026-08-01T10:00"));
        all.iter().find(|owed| owed.duty.code == "ma.work_ban").unwrap().state
    };
    assert_eq!(ban("2026-07-09T23:00"), State::Discharged { at: ny("2026-07-09T23:00") });
    assert_eq!(ban("2026-07-10T01:00"), State::Ended { at: ny("2026-07-13T00:00") });
}

#[test]
fn a_dispute_in_the_city_before_its_rule_owes_nothing_by_it() {
    let mut facts = consumer();
    place(&mut facts, "NY", Some(City::NewYork));
    told(E::DisputedOrally)(&mut facts, ny("2026-08-31T10:00"));
    let all = due(&facts, ny("2026-12-01T10:00"));
    assert!(all.iter().all(|owed| owed.duty.code != "nyc.verify"));
}
