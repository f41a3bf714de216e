//! Rules of states and cities: one file per place, and what they share.
//!
//! A pack of a place reaches a person when any number or address that is not wrong says that it may be there
//! ([`Case::regions`]). A person of whom no region is known is reached by none of them: its hours and counts
//! are those of Part 1006, which hold where no zone is known, and its licence is
//! [`super::licences`]' matter. Unless a file says otherwise its rules are for consumer debts.
//!
//! Seven "consecutive days" are calendar days of the person, as in 12 CFR 1006, comment 14(b)(2)(i)-1. A
//! state's text may as well mean seven times 24 hours; the longer of the two stands, what goes beyond the
//! calendar by policy.

use chrono::{Datelike, Weekday};
use chrono_tz::Tz;
use duly_domain::{AccountId, Date, Instant, UsState};

use super::local_time::{date, plus, start_of_day};
use super::window::{Attempts, full};
use super::{Case, Findings, Regime, Rule};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Attempt, ConsentFor, EventKind, GivenTo, LineType, Place};
use crate::medium::Medium;
use crate::proposed::{Initiator, Proposed, Purpose};
use crate::span::{Span, Spans};

pub mod ca;
pub mod co;
pub mod dc;
pub mod fl;
pub mod ma;
pub mod nc;
pub mod nh;
pub mod nv;
pub mod ny;
pub mod nyc;
pub mod or;
pub mod texts;
pub mod time_barred;
pub mod wa;
pub mod wv;

/// A state by its postal code, for constants.
pub(crate) const fn state(code: &str) -> UsState {
    UsState::of(code).expect("a state, district or territory")
}

/// How many attempts of a kind may stand in so many consecutive days.
pub(crate) struct Cap {
    /// So many, and not one more.
    pub most: usize,
    /// In so many consecutive days.
    pub days: u64,
    /// Of what, in the plural.
    pub what: &'static str,
    /// By which rule and authority.
    pub ground: &'static Ground,
}

/// No place counts further back.
const LOOK_BACK: u64 = 40;

/// What seven times 24 hours add to seven calendar days.
static WINDOW: Ground = Ground::policy("state_window", "policy state.window_hours");

impl Cap {
    /// Shuts the time in which `most` of these attempts, oldest first, stand in the days that end with it.
    pub(crate) fn shut(&self, case: &Case<'_>, attempts: &[&Attempt], out: &mut Findings) {
        if case.proposed.recipient.is_professional() {
            return;
        }
        let full = full(attempts, |attempt| attempt.at, self.most, self.days, case.asked);
        for (oldest, newest) in full {
            let ends = |tz| start_of_day(tz, plus(date(tz, oldest.at), self.days));
            let Some(until) = case.dating_zones().map(ends).max() else { continue };
            let hours =
                chrono::Duration::hours(24 * i64::try_from(self.days).unwrap_or(i64::MAX / 48));
            let later = oldest.at.checked_add_signed(hours).unwrap_or(Instant::MAX_UTC);
            let evidence = Evidence::TooMany { what: self.what, count: self.most };
            shut(case, Span::new(newest.at, until), self.ground, evidence, out);
            shut(case, Span::new(newest.at.max(until), later), &WINDOW, evidence, out);
        }
    }

    /// Shuts the rest of a calendar week in which `most` stand: what a "week" means by every reading, from
    /// Sunday or from Monday on.
    pub(crate) fn shut_week(&self, case: &Case<'_>, attempts: &[&Attempt], out: &mut Findings) {
        if case.proposed.recipient.is_professional() {
            return;
        }
        for (oldest, newest) in full(attempts, |attempt| attempt.at, self.most, 7, case.asked) {
            for tz in case.dating_zones() {
                let (first, last) = (date(tz, oldest.at), date(tz, newest.at));
                let same = |begins| first.week(begins).first_day() == last.week(begins).first_day();
                if same(Weekday::Sun) && same(Weekday::Mon) {
                    // A Sunday is the last day of the week that began on Monday.
                    let left = match last.weekday() {
                        Weekday::Sun => 1,
                        day => u64::from(7 - day.num_days_from_sunday()),
                    };
                    let span = Span::new(newest.at, start_of_day(tz, plus(last, left)));
                    let evidence = Evidence::TooMany { what: self.what, count: self.most };
                    shut(case, span, self.ground, evidence, out);
                }
            }
        }
    }
}

/// Blocks by a ground outside what answers a contact of the person.
pub(crate) fn shut(
    case: &Case<'_>,
    span: Span,
    ground: &'static Ground,
    evidence: Evidence,
    out: &mut Findings,
) {
    let blocked = Blocked { span, effect: ground.effect(), ground, evidence };
    out.block_outside(blocked, case.answering().as_slice());
}

/// The stretches of all time outside these.
pub(crate) fn outside(spans: impl IntoIterator<Item = Span>) -> Spans {
    Span::ALWAYS.outside(&spans.into_iter().collect::<Spans>())
}

/// The attempts that the agency began, not to a number or address since learned to be wrong; the ones that
/// did not connect too.
pub(crate) fn begun<'a, 'c>(case: &'c Case<'a>) -> impl Iterator<Item = &'a Attempt> + use<'a, 'c> {
    let ours = move |attempt: &&Attempt| {
        attempt.initiator == Initiator::Agency && !case.is_wrong(attempt.point)
    };
    case.attempts_since(LOOK_BACK).iter().filter(ours)
}

/// Those of them that count.
pub(crate) fn counted<'a, 'c>(
    case: &'c Case<'a>,
) -> impl Iterator<Item = &'a Attempt> + use<'a, 'c> {
    begun(case).filter(|attempt| attempt.counted)
}

/// Whether an attempt was about a debt, or one that shares its counter.
pub(crate) fn is_about(case: &Case<'_>, attempt: &Attempt, account: AccountId) -> bool {
    case.one_debt(attempt.account, account)
}

/// Each attempt once, where one about two debts is two rows.
pub(crate) fn once<'a>(attempts: impl Iterator<Item = &'a Attempt>) -> Attempts<'a> {
    let mut seen = Attempts::new();
    for attempt in attempts {
        let same = |kept: &&&Attempt| kept.id == attempt.id && kept.at == attempt.at;
        if seen.iter().rev().take_while(|kept| kept.at == attempt.at).find(same).is_none() {
            seen.push(attempt);
        }
    }
    seen
}

/// Whether what is used is at the person's work; `None`: a landline of which nobody knows.
pub(crate) fn at_work(case: &Case<'_>, point: Option<duly_domain::PointId>) -> Option<bool> {
    match point.and_then(|id| case.facts.point(id)) {
        None => Some(false),
        Some(point) => match (point.place, point.line) {
            (Some(place), _) => Some(place == Place::Work),
            (None, LineType::Landline) => None,
            (None, LineType::Wireless | LineType::Voip | LineType::Unknown) => Some(false),
        },
    }
}

/// When the person's consent to be reached by this medium, given to the agency itself, stood.
pub(crate) fn consented<'a>(
    case: &'a Case<'_>,
    account: AccountId,
) -> impl Iterator<Item = Span> + 'a {
    let Proposed { medium, point, .. } = *case.proposed;
    let wanted = match medium {
        Medium::Text => ConsentFor::Text,
        Medium::Email => ConsentFor::Email,
        Medium::Call
        | Medium::Mail
        | Medium::Portal
        | Medium::Social
        | Medium::SocialPublic
        | Medium::Visit => ConsentFor::Contact,
    };
    case.facts
        .consents
        .iter()
        .filter(move |consent| {
            // A consent to contact in general names the medium that it is for.
            let names = consent.medium == Some(medium)
                || (consent.medium.is_none() && wanted != ConsentFor::Contact);
            consent.what == wanted
                && names
                && consent.given_to == GivenTo::Agency
                && consent.account.is_none_or(|about| about == account)
                && (consent.point.is_none() || consent.point == point)
        })
        .map(|consent| super::standing(consent.from, consent.ends()))
}

/// When an event about an account, or about the person, first became known.
pub(crate) fn first(case: &Case<'_>, kind: EventKind, account: AccountId) -> Option<Instant> {
    let of = |event: &&crate::facts::Event| {
        event.kind == kind && event.account.is_none_or(|about| about == account)
    };
    case.facts.events.iter().filter(of).map(|event| event.at).min()
}

/// Letters that the law itself asks for: no count of letters stands in their way.
pub(crate) fn is_owed_letter(proposed: &Proposed) -> bool {
    let owed = match proposed.purpose {
        Purpose::ValidationNotice
        | Purpose::Verification
        | Purpose::CeaseNotice
        | Purpose::OptOutConfirmation
        | Purpose::OriginalCreditor
        | Purpose::RequiredByLaw => true,
        Purpose::Collect
        | Purpose::Location
        | Purpose::ActiveLitigation
        | Purpose::FinishConversation
        | Purpose::PostjudgmentRemedy
        | Purpose::AsRequested
        | Purpose::AvoidHarm
        | Purpose::AskConsent => false,
    };
    owed && proposed.medium == Medium::Mail
}

/// Whether a proposed account is a consumer debt and it is not spoken of with counsel, the creditor or a
/// reporting agency.
pub(crate) fn consumer(case: &Case<'_>) -> bool {
    case.any(Regime::Consumer) && !case.proposed.recipient.is_professional()
}

/// Massachusetts, since 2012 as far as it was read.
pub const MA_1: &[Rule] = &[ma::frequency, ma::hours, ma::work, ma::household, texts::ma];
/// New York State.
pub const NY_1: &[Rule] = &[ny::substantiation, ny::employer, ny::email, texts::ny];
/// New York City before the earliest date that any source gives for the SHIELD Rule.
pub const NYC_1: &[Rule] = &[nyc::two_contacts, texts::nyc];
/// While the sources disagree whether the SHIELD Rule holds: the lower of both.
pub const NYC_2: &[Rule] =
    &[nyc::two_contacts_still, nyc::three_attempts_already, nyc::electronic, texts::nyc];
/// From the latest date that any source gives.
pub const NYC_3: &[Rule] =
    &[nyc::three_attempts, nyc::two_contacts_still, nyc::electronic, texts::nyc];
/// The District before 2023.
pub const DC_1: &[Rule] = &[dc::three_calls];
/// The District: D.C. Law 24-154.
pub const DC_2: &[Rule] = &[
    dc::visits,
    dc::third_parties,
    dc::electronic,
    dc::completed_call,
    dc::four_calls,
    dc::hours,
    texts::dc,
];
/// Washington: every claim, commercial ones too.
pub const WA_1: &[Rule] = &[wa::week, wa::work, wa::home_hours, texts::wa];
/// West Virginia.
pub const WV_1: &[Rule] = &[wv::calls, wv::conversations, wv::hours, texts::wv];
/// Florida before 2025-05-16.
pub const FL_1: &[Rule] = &[fl::hours];
/// Florida: e-mails have no hours.
pub const FL_2: &[Rule] = &[fl::hours_without_email];
/// Colorado.
pub const CO_1: &[Rule] = &[co::hours, co::attorney, texts::co];
/// Oregon.
pub const OR_1: &[Rule] = &[or::work];
/// New Hampshire.
pub const NH_1: &[Rule] = &[nh::work];
/// California.
pub const CA_1: &[Rule] = &[ca::covered_commercial_debt, texts::ca];
/// Nevada.
pub const NV_1: &[Rule] = &[nv::medical];
/// North Carolina: every debtor, corporations too.
pub const NC_1: &[Rule] = &[nc::time_barred, texts::nc];
/// Wisconsin.
pub const WI_1: &[Rule] = &[time_barred::wi, texts::wi];
/// Mississippi.
pub const MS_1: &[Rule] = &[time_barred::ms];
/// Minnesota.
pub const MN_1: &[Rule] = &[texts::mn];
/// Tennessee.
pub const TN_1: &[Rule] = &[texts::tn];
/// Texas.
pub const TX_1: &[Rule] = &[texts::tx];
/// Connecticut.
pub const CT_1: &[Rule] = &[texts::ct];
/// New Mexico.
pub const NM_1: &[Rule] = &[texts::nm];

/// The zone of a text that names Eastern time.
pub(crate) fn eastern() -> (duly_domain::Zone, Tz) {
    let tz = Tz::America__New_York;
    (tz.name().parse().unwrap_or(duly_domain::Zone::UTC), tz)
}

/// The start of a day in the agency's zone.
pub(crate) fn agency_day(case: &Case<'_>, day: Date) -> Instant {
    case.day_starts(day)
}

#[cfg(test)]
pub(crate) mod tests;
