//! 12 CFR Part 1006 (regulation-f 18.1): every duty about a consumer debt.
//!
//! Where the text names no day, the day is the agency's own ([`super::Duty::day`] is policy).

use duly_domain::{Force, StopKind};

use super::definition::{Act, Blocks, Duty, Kind, LAW, Per, STANDING, Term};
use super::history::Sign::{
    self, Collected, Designated, DisputedOther, DisputedTimely, DisputedUnknown, FirstConveyed,
    FirstWritten, Placed, Stopped, Told,
};
use crate::facts::EventKind as E;

mod conditions;

pub use conditions::end_of_validation;
pub(crate) use conditions::*;

/// Days in which the validation information follows the initial communication; calendar days, as the
/// text gives no business-day rule. 12 CFR 1006.34(a)(1)(i)(B).
pub(crate) const VALIDATION_DAYS: u64 = 5;
/// Policy: days for what the text asks for without a day.
const UNDATED_DAYS: u64 = 5;
/// Policy: business days for the Spanish notice.
const SPANISH_BUSINESS_DAYS: u32 = 5;
/// "Three years after the debt collector's last collection activity on the debt", three years after a
/// call. 12 CFR 1006.100(a), (b).
pub(crate) const RETAIN_YEARS: u32 = 3;

/// Every sign of a dispute.
pub(crate) const DISPUTES: &[Sign] = &[
    Told(E::DisputedInWriting),
    Told(E::DisputedOrally),
    DisputedTimely,
    DisputedOther,
    DisputedUnknown,
];

/// Further collection of the debt.
pub(crate) const COLLECTION: Act = Act::of("further collection of the debt", &[Collected]);

/// Validation, disputes and their delivery: 1006.34, .38, .42.
pub const VALIDATION: &[Duty] = &[
    Duty {
        code: "o.validation",
        what: "the validation notice follows the initial communication within five days",
        met: "the notice is sent, the information was given in that communication, or the debt is \
              paid before the day",
        authority: "12 CFR 1006.34(a)(1)",
        opens: &[FirstConveyed],
        when: Some(not_validated_and_alive),
        once: true,
        term: Term::Days(VALIDATION_DAYS),
        met_by: &[
            Told(E::ValidationSent),
            Told(E::EstateNoticeSent),
            Told(E::ValidationSpoken),
            Told(E::Paid),
        ],
        fits: Some(validates),
        blocks: Blocks::OnceLapsed("validation_hold"),
        ..LAW
    },
    Duty {
        code: "o.validation_again",
        what: "a validation notice that did not arrive is provided again, and a new period runs",
        met: "a new notice is sent, not to the address that failed",
        authority: "12 CFR 1006.42(a)(1)",
        day: Force::Policy,
        opens: &[Told(E::Undeliverable), Told(E::LearnedWrong)],
        when: Some(notice_went_there),
        term: Term::Days(UNDATED_DAYS),
        met_by: &[Told(E::ValidationSent), Told(E::EstateNoticeSent)],
        fits: Some(at_another_point),
        blocks: Blocks::OnceLapsed("validation_hold"),
        ..LAW
    },
    Duty {
        code: "o.validation_date",
        what: "a printed notice leaves while its printed end of the validation period is late enough, \
               or is withdrawn",
        met: "it is mailed by the last lawful mailing day of its printed date, or withdrawn",
        authority: "12 CFR 1006.34(b)(5), (c)(3)",
        opens: &[Told(E::NoticePrinted)],
        term: Term::By(last_mailing_day),
        met_by: &[Told(E::ValidationSent), Told(E::NoticeWithdrawn)],
        fits: Some(of_the_same_day),
        ..LAW
    },
    Duty {
        code: "o.spanish",
        what: "the Spanish notice that the form offers is sent, complete and accurate",
        met: "it is sent",
        authority: "12 CFR 1006.34(e)(2)",
        day: Force::Policy,
        opens: &[Told(E::SpanishAsked)],
        term: Term::BusinessDays(SPANISH_BUSINESS_DAYS),
        met_by: &[Told(E::SpanishSent)],
        ..LAW
    },
    Duty {
        code: "o.estate",
        what: "where the consumer died before validation, the notice goes to a person, by name, who acts \
               for the estate",
        met: "it is sent to that person",
        authority: "12 CFR 1006, comment 34(a)(1)-1",
        opens: &[Stopped(StopKind::Deceased), Told(E::DeathLearned), FirstConveyed],
        when: Some(dead_and_not_validated),
        once: true,
        term: Term::By(with_validation),
        met_by: &[Told(E::EstateNoticeSent)],
        ..LAW
    },
    Duty {
        code: "o.verify",
        what: "a timely written dispute is answered before what is disputed is collected further",
        met: "verification, a copy of the judgment, or the notice that the dispute is duplicative is \
              sent; or collection is ended",
        authority: "12 CFR 1006.38(d)(2)",
        opens: &[Told(E::DisputedInWriting), DisputedTimely, DisputedUnknown],
        when: Some(timely),
        term: Term::BeforeAct,
        act: Some(COLLECTION.where_it(of_the_whole)),
        met_by: &[
            Told(E::VerificationSent),
            Told(E::DuplicativeNoticeSent),
            Told(E::CollectionEnded),
        ],
        blocks: Blocks::WhileOwed("dispute"),
        ..LAW
    },
    Duty {
        code: "o.original_creditor",
        what: "a timely written request for the original creditor is answered before the debt is \
               collected further",
        met: "name and address, or the notice that it is the same, are sent",
        authority: "12 CFR 1006.38(c)",
        opens: &[Told(E::OriginalCreditorAsked)],
        when: Some(timely),
        term: Term::BeforeAct,
        act: Some(COLLECTION),
        met_by: &[Told(E::OriginalCreditorSent), Told(E::CollectionEnded)],
        blocks: Blocks::WhileOwed("original_creditor"),
        ..LAW
    },
    Duty {
        code: "o.esign",
        what: "before a required disclosure is sent electronically, consent to that is on file",
        met: "the consumer's consent to electronic records stood when it was sent",
        authority: "12 CFR 1006.42(b)",
        opens: &[Told(E::ValidationSent), Told(E::VerificationSent), Told(E::OriginalCreditorSent)],
        when: Some(electronic_and_not_first),
        term: Term::InTheAct,
        also_met: Some(esign_stood),
        ..LAW
    },
    Duty {
        code: "o.bounce",
        what: "an electronic disclosure that did not arrive is delivered in another lawful way",
        met: "it is delivered another way",
        authority: "12 CFR 1006.42(a), (b)",
        day: Force::Policy,
        opens: &[Told(E::Undeliverable)],
        when: Some(electronic),
        term: Term::Days(UNDATED_DAYS),
        met_by: &[
            Told(E::DeliveredOtherWay),
            Told(E::ValidationSent),
            Told(E::VerificationSent),
            Told(E::OriginalCreditorSent),
        ],
        fits: Some(another_way),
        ..LAW
    },
];

/// What a communication carries, and what takes effect the moment it is known: 1006.6, .14, .18.
pub const CONDUCT: &[Duty] = &[
    Duty {
        code: "o.disclose_first",
        what: "the initial communication, and if that is oral the initial written one, says that it \
               attempts to collect a debt and that information obtained will be used for that purpose",
        met: "the text is present, in the language of the rest",
        authority: "12 CFR 1006.18(e)(1)",
        opens: &[Placed],
        once: true,
        met_by: &[FirstWritten],
        broken_by: &[Told(E::DisclosureMissing)],
        fits: Some(missing_at_first),
        ..STANDING
    },
    Duty {
        code: "o.disclose_each",
        what: "each later communication says that it is from a debt collector",
        met: "the text is present",
        authority: "12 CFR 1006.18(e)(2)",
        opens: &[FirstConveyed],
        once: true,
        broken_by: &[Told(E::DisclosureMissing)],
        fits: Some(missing_later),
        ..STANDING
    },
    Duty {
        code: "o.optout_line",
        what: "each electronic message says how to opt out of messages to that address",
        met: "the text is present",
        authority: "12 CFR 1006.6(e)",
        per: Per::Person,
        opens: &[Placed],
        once: true,
        broken_by: &[Told(E::OptOutLineMissing)],
        ..STANDING
    },
    Duty {
        code: "o.cease",
        what: "a written refusal to pay or request to cease stops that debt on receipt",
        met: "the stop is stored with the time of receipt",
        authority: "12 CFR 1006.6(c)",
        opens: &[Told(E::CeaseReceived), Stopped(StopKind::Cease)],
        term: Term::InTheAct,
        met_by: &[Stopped(StopKind::Cease)],
        ..LAW
    },
    Duty {
        code: "o.media",
        what: "a medium, number or address that somebody asks not to be used is stopped on receipt, for \
               every debt",
        met: "the preference is stored, as wide as it was asked",
        authority: "12 CFR 1006.14(h)(1)",
        per: Per::Person,
        opens: &[Told(E::OptOutReceived), Stopped(StopKind::OptOut)],
        term: Term::InTheAct,
        met_by: &[Stopped(StopKind::OptOut)],
        fits: Some(covers),
        ..LAW
    },
    Duty {
        code: "o.inconvenient",
        what: "an inconvenient time or place, or the employer's ban, holds from when it is known",
        met: "the designation is stored",
        authority: "12 CFR 1006.6(b)(1), (3)",
        per: Per::Person,
        opens: &[Told(E::InconvenienceLearned), Designated],
        term: Term::InTheAct,
        met_by: &[Designated],
        ..LAW
    },
    Duty {
        code: "o.attorney",
        what: "from when an attorney is known, only the attorney is contacted",
        met: "the representation is stored",
        authority: "12 CFR 1006.6(b)(2)",
        opens: &[Told(E::AttorneyLearned), Stopped(StopKind::Attorney)],
        term: Term::InTheAct,
        met_by: &[Stopped(StopKind::Attorney)],
        ..LAW
    },
    Duty {
        code: "o.wrong_number",
        what: "a number learned to be somebody else's, or an address that led to a disclosure, is barred \
               and the counts are corrected",
        met: "the correction is stored",
        authority: "12 CFR 1006.6(d)(3)(ii), comment 14(b)(2)(i)-3",
        per: Per::Point,
        opens: &[Told(E::LearnedWrong), Told(E::DisclosureReported)],
        term: Term::InTheAct,
        met_by: &[Told(E::PointBarred), Stopped(StopKind::OptOut)],
        fits: Some(bars_it),
        also_met: Some(point_is_wrong),
        ..LAW
    },
];

/// A dispute goes with the report; the cycle is the agency's own.
const FURNISH_DISPUTED: Duty = Duty {
    met: "the code is sent",
    day: Force::Policy,
    term: Term::By(with_the_next_report),
    act: Some(Act::of(NEXT_REPORT, &[Told(E::Furnished)])),
    met_by: &[Told(E::DisputeCoded)],
    ..LAW
};

/// What comes before a report, a payment's division, a sale, a suit, and how long records are kept:
/// 1006.18, .22, .26, .30, .100.
pub const BEFORE_AN_ACT: &[Duty] = &[
    Duty {
        code: "o.postdated",
        what: "the notice of intent to deposit a postdated instrument is sent not more than ten and not \
               less than three business days before the deposit",
        met: "the notice is sent within those days, and the instrument is not deposited early",
        authority: "12 CFR 1006.22(c)",
        opens: &[Told(E::PostdatedAccepted)],
        when: Some(postdated_by_more_than_five_days),
        term: Term::By(deposit_window),
        act: Some(
            Act::of("the deposit", &[Told(E::InstrumentDeposited)]).where_it(deposited_early),
        ),
        met_by: &[Told(E::DepositNoticeSent)],
        fits: Some(of_the_same_day),
        ..LAW
    },
    Duty {
        code: "o.furnish",
        what: "before the debt is first furnished, the consumer is spoken to, or written to and fourteen \
               days pass without an undeliverable notice",
        met: "a conversation, or a clean wait through the fifteenth day",
        authority: "12 CFR 1006.30(a)(1)",
        day: Force::Policy,
        opens: &[Told(E::FurnishingPlanned)],
        when: Some(not_furnished_yet),
        term: Term::BeforeAct,
        act: Some(Act::planned("the first report to a reporting agency", &[Told(E::Furnished)])),
        also_met: Some(spoken_to_or_clean_wait),
        ..LAW
    },
    Duty {
        code: "o.furnish_disputed",
        what: "a debt that is disputed in writing is reported as disputed",
        authority: "12 CFR 1006.18(c)(2)",
        opens: &[
            Told(E::DisputedInWriting),
            DisputedTimely,
            Told(E::FurnishingPlanned),
            Told(E::Furnished),
        ],
        when: Some(disputed_in_writing_and_reported),
        ..FURNISH_DISPUTED
    },
    Duty {
        // That 1006.18(c)(2) reaches a dispute of any form is an inference.
        code: "o.furnish_disputed_otherwise",
        what: "a debt that is disputed by word of mouth, or nobody knows how, is reported as disputed",
        authority: "policy furnish.disputed",
        force: Force::Policy,
        opens: &[
            Told(E::DisputedOrally),
            DisputedOther,
            DisputedUnknown,
            Told(E::FurnishingPlanned),
            Told(E::Furnished),
        ],
        when: Some(disputed_otherwise_and_reported),
        ..FURNISH_DISPUTED
    },
    Duty {
        code: "o.apply",
        what: "one payment for several debts is applied as the consumer directs, and never to a disputed \
               debt",
        met: "the allocation is stored when the payment is posted",
        authority: "12 CFR 1006.30(c)",
        per: Per::Person,
        opens: &[Told(E::SharedPaymentPosted)],
        term: Term::InTheAct,
        met_by: &[Told(E::AllocationStored)],
        ..LAW
    },
    Duty {
        code: "o.transfer",
        what: "before a sale or placement it is checked that the debt is not paid, settled or discharged, \
               and is no identity theft",
        met: "the check is stored",
        authority: "12 CFR 1006.30(b)(1)",
        opens: &[Told(E::TransferPlanned)],
        term: Term::BeforeAct,
        act: Some(Act::planned("the transfer", &[Told(E::Transferred)])),
        met_by: &[Told(E::TransferChecked)],
        ..LAW
    },
    Duty {
        code: "o.suit",
        what: "before a suit is brought or threatened, the limitation period and the venue are checked",
        met: "the decision is stored",
        authority: "12 CFR 1006.26(b), 1006.30(d)",
        opens: &[Told(E::SuitPlanned)],
        term: Term::BeforeAct,
        act: Some(Act::planned("the suit or its threat", &[Told(E::SuitBrought)])),
        met_by: &[Told(E::SuitChecked)],
        ..LAW
    },
    Duty {
        code: "o.retain",
        what: "records are kept until three years after the last collection activity",
        met: "nothing is destroyed before the day",
        authority: "12 CFR 1006.100(a)",
        kind: Kind::Timer,
        renews: true,
        opens: &[FirstConveyed, Collected],
        once: true,
        term: Term::By(kept_until),
        act: Some(
            Act::of("their destruction", &[Told(E::RecordsDestroyed)]).where_it(destroyed_early),
        ),
        ..LAW
    },
    Duty {
        code: "o.retain_recording",
        what: "a recording is kept until three years after its call",
        met: "it is not destroyed before the day",
        authority: "12 CFR 1006.100(b)",
        kind: Kind::Timer,
        renews: true,
        opens: &[Told(E::CallRecorded)],
        term: Term::Years(RETAIN_YEARS),
        act: Some(
            Act::of("its destruction", &[Told(E::RecordingDestroyed)])
                .where_it(recording_destroyed_early),
        ),
        ..LAW
    },
];
