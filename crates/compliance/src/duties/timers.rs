//! Timers (the T rows of regulation-f 18): permissions and bars that end by themselves. No duties; shown
//! with their end.

use chrono_tz::Tz;
use duly_domain::{Date, Force, Instant, StopKind};

use super::definition::{Debts, Due, Duty, POLICY, Per, TIMER, Term};
use super::history::Sign::{Consented, Spoke, Stopped, Texted, Told, Withdrew};
use super::history::{Fact, Looking};
use super::part_1006::end_of_validation;
use crate::facts::{Account, ConsentFor, EventKind as E};
use crate::medium::Medium;
use crate::rules::local_time::{date, plus, start_of_day};

/// "A date that is at least 35 days after the date the notice is sent". 12 CFR 1006.6(d)(4)(ii)(C)(5).
const CREDITOR_NOTICE_DAYS: u64 = 35;
/// "Within the past 60 days". 12 CFR 1006.6(d)(5).
const TEXT_DAYS: i64 = 60;
/// "Within a period of seven consecutive days", the day itself being the first. 12 CFR
/// 1006.14(b)(2)(i)(B), (3)(i).
const SEVEN_DAYS: u64 = 7;
/// Policy: days after which an attorney who was written to is taken not to respond.
const ATTORNEY_DAYS: u64 = 30;
/// Policy: days for which an answer of the reassigned numbers database is relied on.
const REASSIGNED_DAYS: u64 = 30;

/// The timers of federal law.
pub const TIMERS: &[Duty] = &[
    Duty {
        code: "t.creditor_email",
        what: "e-mail on the strength of the creditor's notice begins after its opt-out day, at least 35 \
               days after it was sent",
        met: "an opt-out, which ends it for good",
        authority: "12 CFR 1006.6(d)(4)(ii)(C)(5), (D)",
        per: Per::Point,
        opens: &[Told(E::CreditorNoticeSent)],
        term: Term::By(after_the_opt_out_day),
        met_by: &[Told(E::CreditorNoticeOptOut), Told(E::CreditorAskedToStop)],
        fits: Some(same_point),
        ..TIMER
    },
    Duty {
        code: "t.text",
        what: "the permission to text a number ends 60 days after the last text, consent or database check",
        met: "a new text, consent or check renews it; an opt-out or a reassignment ends it",
        authority: "12 CFR 1006.6(d)(5)",
        per: Per::Point,
        opens: &[
            Texted,
            Told(E::ConsumerUsedAddress),
            Consented(ConsentFor::Text),
            Told(E::NotReassigned),
        ],
        when: Some(renews_a_text_permission),
        term: Term::By(sixty_days),
        met_by: &[
            Texted,
            Told(E::ConsumerUsedAddress),
            Consented(ConsentFor::Text),
            Told(E::NotReassigned),
            Told(E::Reassigned),
            Told(E::LearnedWrong),
            Withdrew(ConsentFor::Text),
            Stopped(StopKind::OptOut),
        ],
        fits: Some(texts_there),
        ..TIMER
    },
    Duty {
        code: "t.conversation",
        what: "after a conversation about the debt no call is placed about it until its seventh day ends, \
               its own day being the first",
        met: "nothing",
        authority: "12 CFR 1006.14(b)(2)(i)(B)",
        opens: &[Spoke],
        term: Term::By(latest_seventh_day),
        ..TIMER
    },
    Duty {
        code: "t.consent",
        what: "consent to more calls ends with the seventh day, that of its receipt being the first",
        met: "a conversation about the debt, or its withdrawal, ends it sooner",
        authority: "12 CFR 1006.14(b)(3)(i)",
        opens: &[Consented(ConsentFor::MoreCalls)],
        term: Term::By(earliest_seventh_day),
        met_by: &[Spoke, Withdrew(ConsentFor::MoreCalls)],
        ..TIMER
    },
    Duty {
        code: "t.attorney",
        what: "an attorney who was written to is given thirty days to respond",
        met: "the attorney answers",
        authority: "12 CFR 1006.6(b)(2)(i)",
        day: Force::Policy,
        opens: &[Told(E::AttorneyWritten)],
        term: Term::Days(ATTORNEY_DAYS),
        met_by: &[Told(E::AttorneyAnswered), Told(E::AttorneyConsented)],
        ..TIMER
    },
    Duty {
        code: "t.validation",
        what: "until the printed end of the validation period nothing overshadows the right to dispute",
        met: "nothing",
        authority: "12 CFR 1006.38(b)(1)",
        opens: &[Told(E::ValidationSent), Told(E::EstateNoticeSent)],
        term: Term::By(printed_end),
        ..TIMER
    },
    Duty {
        code: "t.reassigned",
        what: "an answer of the reassigned numbers database is relied on for thirty days",
        met: "a newer answer replaces it",
        authority: "policy tcpa.reassigned",
        kind: super::Kind::Timer,
        renews: true,
        debts: Debts::All,
        per: Per::Point,
        opens: &[Told(E::NotReassigned)],
        term: Term::Days(REASSIGNED_DAYS),
        met_by: &[Told(E::NotReassigned), Told(E::Reassigned)],
        fits: Some(same_point),
        ..POLICY
    },
];

fn after_the_opt_out_day(look: &Looking<'_>, fact: &Fact) -> Due {
    let lawful = plus(look.date(fact.at), CREDITOR_NOTICE_DAYS);
    Due::by(look, fact.on.map_or(lawful, |on| on.max(lawful)))
}

fn same_point(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    by.point.is_none() || fact.point.is_none() || by.point == fact.point
}

/// A check renews what a text of the person or its consent began; alone it permits nothing.
fn renews_a_text_permission(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    let began = [Texted, Told(E::ConsumerUsedAddress), Consented(ConsentFor::Text)];
    let mut earlier = look.of(&began, row.map(|row| row.id));
    match fact.sign {
        Told(E::NotReassigned) => {
            earlier.any(|one| is_text(one) && one.at <= fact.at && same_point(look, one, fact))
        }
        _ => is_text(fact),
    }
}

/// An address or number that the consumer used: by text.
fn is_text(fact: &Fact) -> bool {
    fact.sign != Told(E::ConsumerUsedAddress) || fact.medium == Some(Medium::Text)
}

fn sixty_days(look: &Looking<'_>, fact: &Fact) -> Due {
    Due::until(look, fact.at + chrono::Duration::days(TEXT_DAYS))
}

fn texts_there(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    let of_texts = match fact.sign {
        Stopped(_) => fact.medium.is_none_or(|medium| medium == Medium::Text),
        _ => is_text(fact),
    };
    of_texts && same_point(look, by, fact)
}

/// Where the person may be in several zones, the last of them to end its seventh day; the agency's where
/// none is known. As the rule reads it.
fn latest_seventh_day(look: &Looking<'_>, fact: &Fact) -> Due {
    Due::until(look, ends_of_seventh_day(look, fact).max().unwrap_or(Instant::MAX_UTC))
}

/// The first of them, or the end that was agreed.
fn earliest_seventh_day(look: &Looking<'_>, fact: &Fact) -> Due {
    let agreed = look.consents.iter().filter(|consent| {
        consent.what == ConsentFor::MoreCalls
            && consent.from == fact.at
            && consent.account == fact.account
    });
    let agreed = agreed.filter_map(|consent| consent.until);
    let end = ends_of_seventh_day(look, fact).chain(agreed).min();
    Due::until(look, end.unwrap_or(fact.at))
}

fn ends_of_seventh_day<'a>(
    look: &'a Looking<'_>,
    fact: &'a Fact,
) -> impl Iterator<Item = Instant> + 'a {
    let agency = look.person_zones.is_empty().then(|| look.zone.tz());
    let end = |tz: Tz| start_of_day(tz, plus(date(tz, fact.at), SEVEN_DAYS));
    look.person_zones.iter().copied().chain(agency).map(end)
}

fn printed_end(look: &Looking<'_>, fact: &Fact) -> Due {
    let day: Option<Date> = fact.on.or_else(|| end_of_validation(look, fact.account, fact.at));
    day.map_or(Due::NoDay, |day| Due::by(look, day))
}
