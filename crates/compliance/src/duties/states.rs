//! States and cities (regulation-f 18.3): one row per place and duty, where a number or address says that
//! the person may be.

use duly_domain::{Date, Force, StopKind};

use super::definition::{
    Act, Blocks, Debts, Due, Duty, Kind, LAW, Reach, STANDING, TIMER, Term, UNVERIFIED,
};
use super::history::Sign::{
    Collected, Consented, DisputedOther, DisputedTimely, DisputedUnknown, FirstConveyed,
    FirstWritten, Placed, Stopped, Told, WorkBanOral,
};
use super::history::{Fact, Looking, Sign};
use super::part_1006::{NEXT_REPORT, disputed_and_reported, validates};
use crate::facts::{Account, City, ConsentFor, CreditorKind, DebtKind, EventKind as E};
use crate::rules::local_time::plus;

/// "Within five business days after the initial communication". 940 CMR 7.08. The state's own business
/// days are not known: Saturdays, Sundays and the days of 5 U.S.C. 6103(a) are skipped.
const MA_BUSINESS_DAYS: u32 = 5;
/// 209 CMR 18.16(1)(c): an oral request holds ten days, unless confirmed within seven.
const MA_WORK_BAN_DAYS: (u64, u64) = (10, 7);
/// 23 NYCRR 1.2: within five days of the initial communication.
const NY_NOTICE_DAYS: u64 = 5;
/// 23 NYCRR 1.4: instructions after an oral, and after a written dispute.
const NY_INSTRUCTIONS_DAYS: (u64, u64) = (14, 21);
/// 23 NYCRR 1.4: substantiation.
const NY_SUBSTANTIATION_DAYS: u64 = 60;
/// CPLR 214-i: years in which an action on consumer credit is brought. The shortest period of the state
/// is taken for every debt: policy.
const NY_LIMITATION_YEARS: u32 = 3;
/// Unverified, look up 6 RCNY 5-77(f): days to verify or to return.
const NYC_VERIFY_DAYS: u64 = 60;
/// The earlier of the two days that sources give for the rule: 1 September 2026 or 1 January 2027.
const NYC_FROM: Date = Date::from_ymd_opt(2026, 9, 1).expect("a day");
/// Cal. Civ. Code 1812.700(c): "within five working days".
const CA_LANGUAGE_BUSINESS_DAYS: u32 = 5;
/// Unverified, look up Cal. Civ. Code 1788.52: days for a debt buyer's documents.
const CA_DOCUMENT_DAYS: u64 = 15;
/// DFI-Bkg 74.13: within five days of the initial communication.
const WI_NOTICE_DAYS: u64 = 5;
/// NRS 649.366: "not less than 60 days before taking any action to collect".
const NV_MEDICAL_DAYS: u64 = 60;
/// C.R.S. 5-16-104(1)(f): "not less than thirty days".
const CO_ATTORNEY_DAYS: u64 = 30;
/// Unverified, look up W. Va. Code 46A-2-128(e): hours of grace after the attorney's notice.
const WV_ATTORNEY_HOURS: i64 = 72;

const ELECTRONIC: Act = Act::planned("electronic contact", &[Collected]).where_it(electronically);
const ANY_ACTION: &[Sign] =
    &[Collected, Told(E::CollectionActed), Told(E::SuitBrought), Told(E::Furnished)];

/// What is done by a day, and what ends.
pub const STATES: &[Duty] = &[
    Duty {
        code: "ma.validation",
        what: "in Massachusetts the validation information follows within five business days",
        met: "it is sent",
        authority: "940 CMR 7.08",
        reach: Reach::State("MA"),
        opens: &[FirstConveyed],
        when: Some(super::part_1006::not_validated_and_alive),
        once: true,
        term: Term::BusinessDays(MA_BUSINESS_DAYS),
        met_by: &[Told(E::ValidationSent), Told(E::EstateNoticeSent)],
        ..LAW
    },
    Duty {
        code: "ma.work_ban",
        what: "in Massachusetts an oral request not to be called at work ends after ten days, unless it \
               is confirmed in writing within seven",
        met: "it is confirmed in writing, postmarked or delivered within seven days: then it does not end",
        authority: "209 CMR 18.16(1)(c)",
        reach: Reach::State("MA"),
        per: super::Per::Person,
        opens: &[WorkBanOral],
        term: Term::Days(MA_WORK_BAN_DAYS.0),
        met_by: &[Told(E::WorkBanConfirmed)],
        fits: Some(confirmed_in_time),
        ..TIMER
    },
    Duty {
        code: "ny.notice",
        what: "in New York the notice of prohibited practices and of exempt income follows within five \
               days, unless the debt is paid",
        met: "it is sent, or was in the initial communication, or the debt is paid",
        authority: "23 NYCRR 1.2(a)",
        reach: Reach::State("NY"),
        opens: &[FirstConveyed],
        once: true,
        term: Term::Days(NY_NOTICE_DAYS),
        met_by: &[Told(E::NyNoticeSent), Told(E::Paid)],
        fits: Some(validates),
        ..LAW
    },
    Duty {
        code: "ny.accounting",
        what: "in New York the itemised accounting of a charged-off debt follows within five days, unless \
               the debt is paid",
        met: "it is sent, or was in the initial communication, or the debt is paid",
        authority: "23 NYCRR 1.2(b)",
        reach: Reach::State("NY"),
        opens: &[FirstConveyed],
        when: Some(charged_off),
        once: true,
        term: Term::Days(NY_NOTICE_DAYS),
        met_by: &[Told(E::NyAccountingSent), Told(E::Paid)],
        fits: Some(validates),
        ..LAW
    },
    Duty {
        code: "ny.limitation",
        what: "in New York, before a payment is accepted on a debt whose limitation period may have run, \
               that is told in the same medium",
        met: "the notice is given in the medium of the offer",
        authority: "23 NYCRR 1.3",
        reach: Reach::State("NY"),
        opens: &[Told(E::PaymentOffered)],
        when: Some(may_be_barred),
        term: Term::BeforeAct,
        act: Some(Act::planned(
            "the payment is accepted",
            &[Told(E::PaymentAccepted), Told(E::Paid)],
        )),
        met_by: &[Told(E::LimitationNoticeSent)],
        fits: Some(by_the_same_medium),
        ..LAW
    },
    Duty {
        code: "ny.instructions",
        what: "in New York, after a charged-off debt is disputed, the consumer is told how to ask for \
               substantiation: within 14 days of an oral dispute, 21 of a written one",
        met: "it is sent",
        authority: "23 NYCRR 1.4",
        reach: Reach::State("NY"),
        opens: super::part_1006::DISPUTES,
        when: Some(charged_off),
        term: Term::By(ny_instructions),
        met_by: &[Told(E::NySubstantiationTold), Told(E::SubstantiationSent)],
        ..LAW
    },
    Duty {
        code: "ny.substantiate",
        what: "in New York, substantiation that is asked for is provided within 60 days, and collection \
               ceases until then",
        met: "it is sent",
        authority: "23 NYCRR 1.4",
        reach: Reach::State("NY"),
        opens: &[Told(E::SubstantiationAsked)],
        when: Some(charged_off),
        once: true,
        term: Term::Days(NY_SUBSTANTIATION_DAYS),
        act: Some(Act::of("collection goes on", &[Collected])),
        met_by: &[Told(E::SubstantiationSent), Told(E::CollectionEnded)],
        blocks: Blocks::WhileOwed("state_dispute"),
        ..LAW
    },
    Duty {
        // Look up 6 RCNY 5-77(f) and the day on which it takes effect.
        code: "nyc.verify",
        what: "in New York City any dispute is verified within 60 days, or the debt is returned with a \
               notice that it is not verified",
        met: "verification is sent, or the notice is sent and the debt returned",
        authority: "unverified nyc.verify",
        reach: Reach::City(City::NewYork),
        opens: super::part_1006::DISPUTES,
        when: Some(since_the_nyc_rule),
        term: Term::Days(NYC_VERIFY_DAYS),
        met_by: &[Told(E::VerificationSent), Told(E::UnverifiedNoticeSent)],
        ..UNVERIFIED
    },
    Duty {
        code: "ca.language",
        what: "in California, after a first oral contact mainly in another language, the notice is sent \
               in that language within five working days",
        met: "it is sent",
        authority: "Cal. Civ. Code 1812.700(c)",
        reach: Reach::State("CA"),
        opens: &[Told(E::OtherLanguageSpoken)],
        once: true,
        term: Term::BusinessDays(CA_LANGUAGE_BUSINESS_DAYS),
        met_by: &[Told(E::CaTranslationSent)],
        ..LAW
    },
    Duty {
        code: "ca.documents",
        what: "in California a buyer of debts sends the documents that are asked for, free, within 15 days",
        met: "they are sent",
        authority: "unverified ca.documents",
        reach: Reach::State("CA"),
        opens: &[Told(E::DocumentsAsked)],
        when: Some(bought),
        term: Term::Days(CA_DOCUMENT_DAYS),
        met_by: &[Told(E::DocumentsSent)],
        ..UNVERIFIED
    },
    Duty {
        code: "wi.notice",
        what: "in Wisconsin the licence text is in the initial written communication, or follows the \
               initial communication within five days",
        met: "it is sent",
        authority: "Wis. Adm. Code DFI-Bkg 74.13",
        reach: Reach::State("WI"),
        opens: &[FirstConveyed],
        once: true,
        term: Term::Days(WI_NOTICE_DAYS),
        met_by: &[Told(E::WiNoticeSent)],
        ..LAW
    },
    Duty {
        code: "dc.notice",
        what: "in the District of Columbia the notice is mailed before any electronic contact",
        met: "it is mailed",
        authority: "D.C. Code 28-3814(d)(4)(B), (m)(2)(A)",
        reach: Reach::State("DC"),
        opens: &[Told(E::ElectronicContactPlanned)],
        when: Some(no_mortgage),
        term: Term::BeforeAct,
        act: Some(ELECTRONIC),
        met_by: &[Told(E::DcNoticeMailed)],
        ..LAW
    },
    Duty {
        code: "dc.consent",
        what: "in the District of Columbia electronic contact to collect comes after express consent",
        met: "the consent is stored",
        authority: "D.C. Code 28-3814(d)(4)(B)",
        reach: Reach::State("DC"),
        opens: &[Told(E::ElectronicContactPlanned)],
        when: Some(no_mortgage),
        term: Term::BeforeAct,
        act: Some(ELECTRONIC),
        met_by: &[Consented(ConsentFor::Email), Consented(ConsentFor::Text)],
        ..LAW
    },
    Duty {
        code: "co.attorney",
        what: "in Colorado an attorney who does not answer is given at least thirty days",
        met: "the attorney answers",
        authority: "C.R.S. 5-16-104(1)(f)",
        reach: Reach::State("CO"),
        opens: &[Told(E::AttorneyWritten)],
        term: Term::Days(CO_ATTORNEY_DAYS),
        met_by: &[Told(E::AttorneyAnswered), Told(E::AttorneyConsented)],
        ..TIMER
    },
    Duty {
        code: "wv.attorney",
        what: "in West Virginia the attorney's notice binds after 72 hours; it is honoured at once",
        met: "nothing",
        authority: "unverified wv.attorney",
        reach: Reach::State("WV"),
        kind: Kind::Timer,
        renews: true,
        opens: &[Told(E::AttorneyLearned), Stopped(StopKind::Attorney)],
        term: Term::By(wv_grace),
        ..UNVERIFIED
    },
    Duty {
        code: "nv.medical_notice",
        what: "in Nevada a notice of medical debt is mailed not less than 60 days before any action to \
               collect it",
        met: "it is mailed",
        authority: "NRS 649.366",
        reach: Reach::State("NV"),
        opens: &[Placed],
        when: Some(medical),
        once: true,
        term: Term::BeforeAct,
        act: Some(Act::of("any action to collect", ANY_ACTION)),
        met_by: &[Told(E::MedicalNoticeMailed)],
        blocks: Blocks::WhileOwed("state_medical_notice"),
        ..LAW
    },
    Duty {
        code: "nv.medical_wait",
        what: "in Nevada no action to collect a medical debt is taken in the 60 days after its notice",
        met: "the days pass",
        authority: "NRS 649.366",
        reach: Reach::State("NV"),
        opens: &[Told(E::MedicalNoticeMailed)],
        when: Some(medical),
        once: true,
        term: Term::Days(NV_MEDICAL_DAYS),
        act: Some(Act::of("an action to collect", ANY_ACTION).where_it(within_the_wait)),
        blocks: Blocks::WhileOwed("state_medical_notice"),
        ..TIMER
    },
    Duty {
        code: "wa.disputed",
        what: "in Washington a written dispute of a reported claim is told to the bureau and recorded",
        met: "the bureau is told",
        authority: "RCW 19.16.250(10)(a)",
        day: Force::Policy,
        debts: Debts::All,
        reach: Reach::State("WA"),
        opens: &[Told(E::DisputedInWriting), DisputedTimely, DisputedOther, DisputedUnknown],
        when: Some(disputed_and_reported),
        term: Term::BeforeAct,
        act: Some(Act::of(NEXT_REPORT, &[Told(E::Furnished)])),
        met_by: &[Told(E::BureauNotified)],
        ..LAW
    },
];

/// Texts that the first letter carries.
pub const TEXTS: &[Duty] = &[
    text(
        "co.text",
        "CO",
        "C.R.S. 5-16-105(3)",
        "in Colorado the initial letter carries the state's two texts",
    ),
    text(
        "ca.text",
        "CA",
        "Cal. Civ. Code 1812.700(a)",
        "in California the first letter carries the state's notice",
    ),
    text(
        "mn.text",
        "MN",
        "Minn. Stat. 332.365",
        "in Minnesota the initial letter, e-mail or text carries the commissioner's credit-counselling \
         sheet",
    ),
];

const fn text(
    code: &'static str,
    state: &'static str,
    authority: &'static str,
    what: &'static str,
) -> Duty {
    Duty {
        code,
        what,
        met: "the text is present",
        authority,
        reach: Reach::State(state),
        opens: &[Placed],
        once: true,
        met_by: &[FirstWritten],
        broken_by: &[Told(E::StateTextMissing)],
        ..STANDING
    }
}

/// Whether the charge-off is known, or not known to be lacking.
fn charged_off(_: &Looking<'_>, _: &Fact, row: Option<&Account>) -> bool {
    row.is_some_and(|row| row.claim.charged_off != Some(false))
}

fn bought(_: &Looking<'_>, _: &Fact, row: Option<&Account>) -> bool {
    row.is_some_and(|row| {
        matches!(row.claim.creditor, CreditorKind::DebtBuyer | CreditorKind::Unknown)
    })
}

fn medical(_: &Looking<'_>, _: &Fact, row: Option<&Account>) -> bool {
    row.is_some_and(|row| row.claim.kind == DebtKind::Medical)
}

/// D.C. Code 28-3814 does not reach credit secured by a mortgage.
fn no_mortgage(_: &Looking<'_>, _: &Fact, row: Option<&Account>) -> bool {
    row.is_some_and(|row| row.claim.kind != DebtKind::Mortgage)
}

fn may_be_barred(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    let accrued = row.and_then(|row| row.claim.accrued_on);
    let runs = |on: Date| on.checked_add_months(chrono::Months::new(12 * NY_LIMITATION_YEARS));
    accrued.and_then(runs).is_none_or(|end| look.date(fact.at) >= end)
}

fn by_the_same_medium(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    by.medium.is_none() || fact.medium == by.medium
}

fn confirmed_in_time(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    look.date(fact.at) <= plus(look.date(by.at), MA_WORK_BAN_DAYS.1)
}

fn ny_instructions(look: &Looking<'_>, fact: &Fact) -> Due {
    let (oral, written) = NY_INSTRUCTIONS_DAYS;
    // Where it is not told how the dispute came, the earlier day.
    let days = match fact.sign {
        Told(E::DisputedInWriting) | DisputedTimely => written,
        _ => oral,
    };
    Term::Days(days).due(look, fact, None)
}

fn since_the_nyc_rule(look: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    look.date(fact.at) >= NYC_FROM
}

fn electronically(_: &Looking<'_>, _: &Fact, fact: &Fact) -> bool {
    fact.medium.is_some_and(crate::medium::Medium::is_electronic)
}

fn wv_grace(look: &Looking<'_>, fact: &Fact) -> Due {
    Due::until(look, fact.at + chrono::Duration::hours(WV_ATTORNEY_HOURS))
}

fn within_the_wait(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    look.date(fact.at) <= plus(look.date(by.at), NV_MEDICAL_DAYS)
}
