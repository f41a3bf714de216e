//! Federal law beside Part 1006 (regulation-f 18.2): automated calls, bankruptcy, military service,
//! electronic consent, credit reporting, electronic payments. What is attested by general knowledge only
//! is `unverified`: shown with its day, never cited; the place to look it up stands beside the row.

use duly_domain::business_day::{Skip, business_days_before};
use duly_domain::{Force, Instant, StopKind};

use super::Obligation;
use super::definition::{Act, Blocks, Debts, Due, Duty, Kind, LAW, POLICY, Per, Term, UNVERIFIED};
use super::history::Sign::{Consented, Stopped, Told, Withdrew};
use super::history::{Fact, Looking};
use super::part_1006::{covers, esign_was_given, of_the_same_day};
use crate::facts::{Account, BankruptcyCase, Chapter, ConsentFor, EventKind as E, FiledBy};
use crate::medium::Medium;

/// "Within a reasonable time not to exceed ten business days from receipt". 47 CFR 64.1200(a)(10).
const REVOCATION_BUSINESS_DAYS: u32 = 10;
/// Policy: the one confirmation is sent within five minutes, inside which it is presumed to be consented
/// to (47 CFR 64.1200(a)(12)), or not at all.
const CONFIRM_MINUTES: i64 = 5;
/// Policy: the client is told of a verified bankruptcy on the next business day.
const TELL_BUSINESS_DAYS: u32 = 1;
/// Policy: the client recomputes the balance within ten business days.
const RECOMPUTE_BUSINESS_DAYS: u32 = 10;
/// Unverified, look up FRBP 3002(c): days after the petition in chapters 7, 12 and 13.
const CLAIM_DAYS: u64 = 70;
/// Unverified, look up 12 CFR 1022.43: days for a direct dispute, and with more information.
const DIRECT_DISPUTE_DAYS: (u64, u64) = (30, 45);
/// Unverified, look up 15 USC 1681s-2(a)(5): days for the date of first delinquency.
const FIRST_DELINQUENCY_DAYS: u64 = 90;
/// Unverified, look up 12 CFR 1005.10(d): days before a varying debit.
const VARYING_DEBIT_DAYS: u64 = 10;
/// Unverified, look up 12 CFR 1005.10(c): business days before the debit by which a stop order is given.
const STOP_ORDER_BUSINESS_DAYS: u32 = 3;
/// Unverified, look up the Nacha rules: banking days for a notification of change.
const CHANGE_BANKING_DAYS: u32 = 6;

/// Federal law beside Part 1006.
pub const OTHER_LAW: &[Duty] = &[
    Duty {
        code: "o.tcpa_revoke",
        what: "after consent is revoked by any reasonable means, automated calls and texts under it end \
               within ten business days",
        met: "the revocation is stored",
        authority: "47 CFR 64.1200(a)(10)",
        debts: Debts::All,
        per: Per::Person,
        opens: &[Told(E::AutomatedRevoked), Withdrew(ConsentFor::Automated)],
        term: Term::BusinessDays(REVOCATION_BUSINESS_DAYS),
        met_by: &[Withdrew(ConsentFor::Automated), Stopped(StopKind::OptOut)],
        fits: Some(covers),
        ..LAW
    },
    Duty {
        code: "o.tcpa_revoke_now",
        what: "a revocation of consent to automated calls and texts is honoured on receipt",
        met: "the revocation is stored as received",
        authority: "policy tcpa.revoke_now",
        per: Per::Person,
        opens: &[Told(E::AutomatedRevoked), Withdrew(ConsentFor::Automated)],
        term: Term::InTheAct,
        met_by: &[Withdrew(ConsentFor::Automated), Stopped(StopKind::OptOut)],
        fits: Some(covers),
        ..POLICY
    },
    Duty {
        code: "o.tcpa_confirm",
        what: "one text that only confirms the revocation may be sent within five minutes, then none",
        met: "one confirmation is sent, or none",
        authority: "47 CFR 64.1200(a)(12)",
        day: Force::Policy,
        kind: Kind::Timer,
        renews: true,
        debts: Debts::All,
        per: Per::Person,
        opens: &[Told(E::OptOutReceived), Told(E::AutomatedRevoked), Stopped(StopKind::OptOut)],
        when: Some(by_text),
        term: Term::By(five_minutes),
        met_by: &[Told(E::OptOutConfirmed)],
        act: Some(
            Act::of("a second or late confirmation", &[Told(E::OptOutConfirmed)])
                .where_it(second_or_late),
        ),
        ..LAW
    },
    Duty {
        code: "o.bk_stop",
        what: "from when a bankruptcy is reported by anyone, the party that filed, and in chapter 13 the \
               individual liable with it on a consumer debt, is not contacted in any way",
        met: "the stop or the case is stored",
        authority: "11 USC 362(a), 1301(a)",
        debts: Debts::All,
        per: Per::Person,
        opens: &[
            Told(E::BankruptcyLearned),
            Told(E::CoDebtorFiled13),
            Stopped(StopKind::Bankruptcy),
        ],
        when: Some(stayed),
        term: Term::InTheAct,
        met_by: &[Stopped(StopKind::Bankruptcy)],
        also_met: Some(case_is_stored),
        blocks: Blocks::WhileOwed("bankruptcy"),
        ..LAW
    },
    Duty {
        code: "o.bk_pull",
        what: "after a bankruptcy is reported, unsent letters are pulled the same day",
        met: "the batch is cleared",
        authority: "policy bankruptcy.pull_letters",
        per: Per::Person,
        opens: &[Told(E::BankruptcyLearned), Told(E::CoDebtorFiled13)],
        when: Some(stayed),
        term: Term::Days(0),
        met_by: &[Told(E::LettersPulled)],
        ..POLICY
    },
    Duty {
        code: "o.bk_tell",
        what: "the client is told of a verified bankruptcy: case, court, chapter, dates",
        met: "the client is told",
        authority: "policy bankruptcy.tell_client",
        opens: &[Told(E::BankruptcyVerified)],
        term: Term::BusinessDays(TELL_BUSINESS_DAYS),
        met_by: &[Told(E::ClientToldOfBankruptcy)],
        ..POLICY
    },
    Duty {
        // Look up FRBP 3003(c) and the court's order.
        code: "o.bk_claim",
        what: "a proof of claim is filed by the day that the court set",
        met: "it is filed, or the client declines",
        authority: "unverified o.bk_claim",
        debts: Debts::All,
        opens: &[Told(E::ClaimBarDateSet)],
        term: Term::StatedDay,
        met_by: &[Told(E::ProofOfClaimFiled), Told(E::ClaimDeclined)],
        ..UNVERIFIED
    },
    Duty {
        code: "o.bk_claim_70",
        what: "in chapters 7, 12 and 13, and where the chapter is not known, a proof of claim is taken to \
               be due seventy days after the petition until the court sets a day",
        met: "it is filed, the client declines, or the court sets another day",
        authority: "unverified o.bk_claim",
        debts: Debts::All,
        opens: &[Told(E::BankruptcyVerified)],
        when: Some(no_bar_date_yet),
        term: Term::By(days_after_petition),
        met_by: &[Told(E::ProofOfClaimFiled), Told(E::ClaimDeclined), Told(E::ClaimBarDateSet)],
        ..UNVERIFIED
    },
    Duty {
        code: "o.scra_rate",
        what: "on a debt from before military service the interest is capped at six per cent from the \
               start of service, and the excess is forgiven",
        met: "the client recomputed the balance",
        authority: "50 USC 3937",
        day: Force::Policy,
        debts: Debts::NaturalPerson,
        opens: &[
            Told(E::OrdersReceived),
            Told(E::MilitaryServiceFound),
            Stopped(StopKind::Military),
        ],
        when: Some(incurred_before_service),
        once: true,
        term: Term::BusinessDays(RECOMPUTE_BUSINESS_DAYS),
        met_by: &[Told(E::BalanceRecomputed)],
        blocks: Blocks::WhileOwed("scra_rate"),
        ..LAW
    },
    Duty {
        code: "o.scra_default",
        what: "before a default judgment an affidavit states whether the defendant is in military service",
        met: "the affidavit is made",
        authority: "50 USC 3931(b)",
        debts: Debts::NaturalPerson,
        opens: &[Told(E::DefaultPlanned)],
        term: Term::BeforeAct,
        act: Some(Act::planned("the default judgment", &[Told(E::DefaultAsked)])),
        met_by: &[Told(E::MilitaryAffidavit)],
        ..LAW
    },
    Duty {
        code: "o.esign_change",
        what: "when what is needed to read electronic notices changes, the consumer is told, and shows \
               access again, before the next required one",
        met: "a new consent, shown electronically",
        authority: "15 USC 7001(c)(1)(D)",
        opens: &[Told(E::AccessNeedsChanged)],
        when: Some(esign_was_given),
        term: Term::BeforeAct,
        act: Some(
            Act::of(
                "the next required electronic notice",
                &[
                    Told(E::ValidationSent),
                    Told(E::VerificationSent),
                    Told(E::OriginalCreditorSent),
                ],
            )
            .where_it(sent_electronically),
        ),
        met_by: &[Consented(ConsentFor::Esign), Withdrew(ConsentFor::Esign)],
        ..LAW
    },
    Duty {
        code: "o.fcra_direct",
        what: "a consumer's direct dispute of reported data is investigated, answered and corrected",
        met: "the result is sent",
        authority: "unverified o.fcra_direct",
        opens: &[Told(E::DirectDisputeReceived)],
        term: Term::By(direct_dispute),
        met_by: &[Told(E::DirectDisputeAnswered)],
        ..UNVERIFIED
    },
    Duty {
        code: "o.fcra_dofd",
        what: "after a collection account is first reported, its date of first delinquency is reported",
        met: "it is reported",
        authority: "unverified o.fcra_dofd",
        opens: &[Told(E::Furnished)],
        once: true,
        term: Term::Days(FIRST_DELINQUENCY_DAYS),
        met_by: &[Told(E::FirstDelinquencyFurnished)],
        ..UNVERIFIED
    },
    Duty {
        code: "o.rege_vary",
        what: "a preauthorised debit that differs from the last, or from its range, is announced in \
               writing ten days before",
        met: "the notice is sent",
        authority: "unverified o.rege_vary",
        opens: &[Told(E::DebitVaries)],
        term: Term::By(before_the_debit),
        met_by: &[Told(E::VaryingDebitNoticeSent)],
        fits: Some(of_the_same_day),
        ..UNVERIFIED
    },
    Duty {
        code: "o.rege_stop",
        what: "a preauthorised debit that was ordered to stop three business days ahead is stopped",
        met: "it is stopped",
        authority: "unverified o.rege_stop",
        opens: &[Told(E::DebitStopOrdered)],
        when: Some(ordered_in_time),
        term: Term::By(the_day_before),
        act: Some(Act::of("the debit", &[Told(E::DebitEntered)]).where_it(of_the_same_day)),
        met_by: &[Told(E::DebitStopped)],
        fits: Some(of_the_same_day),
        ..UNVERIFIED
    },
    Duty {
        code: "o.noc",
        what: "a bank's notification of change is applied within six banking days, or before the next \
               entry",
        met: "it is applied",
        authority: "unverified o.noc",
        debts: Debts::All,
        opens: &[Told(E::ChangeNotified)],
        term: Term::BusinessDays(CHANGE_BANKING_DAYS),
        act: Some(Act::of("the next entry", &[Told(E::DebitEntered)])),
        met_by: &[Told(E::ChangeApplied)],
        ..UNVERIFIED
    },
];

/// A text, or every medium.
fn by_text(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    fact.medium == Some(Medium::Text)
}

fn five_minutes(look: &Looking<'_>, fact: &Fact) -> Due {
    Due::until(look, fact.at + chrono::Duration::minutes(CONFIRM_MINUTES))
}

fn second_or_late(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    let sent = [Told(E::OptOutConfirmed)];
    let earlier = look.of(&sent, None).any(|one| one.at >= by.at && one.at < fact.at);
    earlier || five_minutes(look, by).ends().is_some_and(|end| fact.at >= end)
}

/// The person's own bankruptcy stays every debt; a co-debtor's, an individual's consumer debts only.
fn stayed(_: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    let individual = row.is_some_and(|row| {
        row.kind == duly_domain::DebtorKind::Person && row.class == duly_domain::DebtClass::Consumer
    });
    fact.sign != Told(E::CoDebtorFiled13) || individual
}

/// A case that is on file stays contact as a stop does; rows do not say when they came.
fn case_is_stored(look: &Looking<'_>, _: &Obligation, by: &Fact) -> Option<Instant> {
    let filer =
        if by.sign == Told(E::CoDebtorFiled13) { FiledBy::CoDebtor } else { FiledBy::Person };
    look.cases.iter().any(|case| case.filed_by == filer).then_some(by.at)
}

fn no_bar_date_yet(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    let set = [Told(E::ClaimBarDateSet)];
    let known = look.of(&set, row.map(|row| row.id)).any(|bar| bar.at <= fact.at);
    let counts = |case: &BankruptcyCase| match case.chapter {
        Chapter::Chapter7 | Chapter::Chapter12 | Chapter::Chapter13 | Chapter::Unknown => true,
        Chapter::Chapter9 | Chapter::Chapter11 | Chapter::Chapter15 => false,
    };
    let mut own = look.cases.iter().filter(|case| case.filed_by == FiledBy::Person).peekable();
    !known && (own.peek().is_none() || own.any(counts))
}

fn days_after_petition(look: &Looking<'_>, fact: &Fact) -> Due {
    let petition = fact.on.unwrap_or(look.date(fact.at));
    Due::by(look, crate::rules::local_time::plus(petition, CLAIM_DAYS))
}

/// Where either day is not known, the debt may be from before.
fn incurred_before_service(_: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    let incurred = row.and_then(|row| row.claim.incurred_on);
    match (incurred, fact.on) {
        (Some(incurred), Some(service)) => incurred < service,
        (None, _) | (_, None) => true,
    }
}

fn sent_electronically(look: &Looking<'_>, _: &Fact, fact: &Fact) -> bool {
    super::part_1006::electronic(look, fact, None)
}

/// Thirty days; forty-five where more information came within them.
fn direct_dispute(look: &Looking<'_>, fact: &Fact) -> Due {
    let (days, longer) = DIRECT_DISPUTE_DAYS;
    let due = Term::Days(days).due(look, fact, None);
    let more = look
        .of(&[Told(E::MoreInformationGiven)], fact.account)
        .any(|more| more.at >= fact.at && due.ends().is_some_and(|end| more.at < end));
    if more { Term::Days(longer).due(look, fact, None) } else { due }
}

fn before_the_debit(look: &Looking<'_>, fact: &Fact) -> Due {
    fact.on.map_or(Due::NoDay, |on| Term::before(look, on, VARYING_DEBIT_DAYS))
}

fn the_day_before(look: &Looking<'_>, fact: &Fact) -> Due {
    fact.on.map_or(Due::NoDay, |on| Term::before(look, on, 1))
}

fn ordered_in_time(look: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    let last = |on| business_days_before(on, STOP_ORDER_BUSINESS_DAYS, Skip::Stated);
    fact.on.is_none_or(|on| look.date(fact.at) <= last(on))
}
