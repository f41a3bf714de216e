//! States and cities: section 1 and 2 of the digest of state law. A place's rules reach whoever may be there,
//! by any number or address.

use chrono::{Days, Months, NaiveDate, Weekday};
use duly_domain::{AccountId, Effect, StopKind};

use super::frequency::{full, full_hours};
use super::{Asked, Now, Said};
use crate::*;

mod counts;
mod covered;
mod times;
mod work;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    if reaches(now, "CA") {
        covered::california(now, said);
    }
    counts::judge(now, said);
    times::judge(now, said);
    work::judge(now, said);
    new_york(now, said);
    if reaches(now, "DC") && now.home >= on(2023, 1, 1) {
        district(now, said);
    }
    if reaches(now, "CO") {
        colorado_attorney(now, said);
    }
    if reaches(now, "NV") {
        nevada(now, said);
    }
    time_barred(now, said);
}

fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Whether the person may be in a state.
fn reaches(now: &Now<'_>, code: &str) -> bool {
    now.regions.iter().any(|region| region.state.code() == code)
}

/// Whether the person may be in New York City.
fn in_the_city(now: &Now<'_>) -> bool {
    now.regions.iter().any(|region| region.city == Some(City::NewYork))
}

/// Whether it is about a consumer debt, and not with counsel, the creditor or a bureau.
fn consumer(now: &Now<'_>) -> bool {
    now.consumer() && !now.professional()
}

/// Says what is no law, unless a compliance user has ruled it out.
pub fn loose(now: &Now<'_>, rule: &'static str, effect: Effect, authority: &str, said: &mut Said) {
    let of_agency = now.facts.limits.iter().filter(|limits| limits.accounts.is_empty());
    if !of_agency.flat_map(|limits| &limits.ruled_out).any(|out| out == authority) {
        said.say(rule, effect);
    }
}

/// A number of attempts in so many consecutive days: those of the calendar, and by policy, where they reach
/// further, so many times 24 hours.
struct Cap {
    rule: &'static str,
    /// `None`: law.
    authority: Option<&'static str>,
    effect: Effect,
    most: usize,
    days: u64,
}

impl Cap {
    const fn law(rule: &'static str, most: usize, days: u64) -> Self {
        Self { rule, authority: None, effect: Effect::Deny, most, days }
    }

    const fn policy(rule: &'static str, authority: &'static str, most: usize, days: u64) -> Self {
        Self { rule, authority: Some(authority), effect: Effect::Deny, most, days }
    }

    fn judge(&self, now: &Now<'_>, of: impl Fn(&Attempt) -> bool + Copy, said: &mut Said) {
        if now.professional() || now.answers() {
            return;
        }
        let calendar = full(now, self.days, self.most, of);
        let hours = full_hours(now, i64::try_from(self.days).unwrap(), self.most, of);
        match self.authority {
            _ if !calendar => {}
            None => said.say(self.rule, self.effect),
            Some(authority) => loose(now, self.rule, self.effect, authority, said),
        }
        let window = "policy state.window_hours";
        match (calendar, hours) {
            (false, true) => loose(now, "state_window", Effect::Deny, window, said),
            // The rest of an older stretch may stand beside the newer one.
            (true, true) => {
                said.may.push(("state_window", Effect::Deny));
            }
            _ => {}
        }
    }
}

/// Whether so many, and today, lie in one calendar week by every reading of "week": from Sunday, from
/// Monday.
fn in_one_week(now: &Now<'_>, most: usize, of: impl Fn(&Attempt) -> bool) -> bool {
    let attempts = &now.facts.attempts;
    now.calendars.iter().zip(&now.today).any(|(calendar, today)| {
        let week = |day: NaiveDate, begins: Weekday| day.week(begins).first_day();
        let same = |day: NaiveDate| {
            [Weekday::Sun, Weekday::Mon].into_iter().all(|b| week(day, b) == week(*today, b))
        };
        let mut these: Vec<_> = (0..attempts.len())
            .filter(|n| attempts[*n].at <= now.at && same(calendar.dates[*n]) && of(&attempts[*n]))
            .map(|n| (attempts[n].at, attempts[n].id))
            .collect();
        these.sort_unstable();
        these.dedup();
        these.len() >= most
    })
}

/// What the agency began, not to somebody else.
fn begun(asked: &Asked<'_>, attempt: &Attempt) -> bool {
    attempt.initiator == Initiator::Agency && !asked.someone_elses(attempt)
}

/// The same, where it counts.
fn counted(asked: &Asked<'_>, attempt: &Attempt) -> bool {
    begun(asked, attempt) && attempt.counted
}

fn same_debt(asked: &Asked<'_>, attempt: &Attempt, account: AccountId) -> bool {
    asked.debt(attempt.account) == asked.debt(account)
}

/// Letters that the law itself asks for.
fn owed_letter(proposed: &Proposed) -> bool {
    let owed = matches!(
        proposed.purpose,
        Purpose::ValidationNotice
            | Purpose::Verification
            | Purpose::CeaseNotice
            | Purpose::OptOutConfirmation
            | Purpose::OriginalCreditor
            | Purpose::RequiredByLaw
    );
    owed && proposed.medium == Medium::Mail
}

/// Whether the person consented to this medium, towards the agency.
fn consented(now: &Now<'_>, account: AccountId) -> bool {
    let medium = now.proposed.medium;
    let wanted = match medium {
        Medium::Text => ConsentFor::Text,
        Medium::Email => ConsentFor::Email,
        _ => ConsentFor::Contact,
    };
    now.facts.consents.iter().any(|consent| {
        // A consent to contact in general names the medium that it is for.
        let names = wanted != ConsentFor::Contact || consent.medium == Some(medium);
        consent.what == wanted
            && names
            && consent.given_to == GivenTo::Agency
            && now.in_scope(consent, account)
            && now.holds(consent)
    })
}

/// 23 NYCRR 1.4, GBL 601(4), 23 NYCRR 1.6 (not read); the city's electronic contact (not read).
fn new_york(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    if reaches(now, "NY") {
        let asks = !matches!(proposed.purpose, Purpose::Verification | Purpose::RequiredByLaw);
        let ceased = now.consumers().any(|row| {
            let mut asked = now.events_of(EventKind::SubstantiationAsked, row.id);
            let open = |asked: &Event| {
                let mut sent = now.events_of(EventKind::SubstantiationSent, row.id);
                !sent.any(|sent| asked.at <= sent.at)
            };
            row.claim.charged_off != Some(false) && asked.any(open)
        });
        if asks && ceased {
            said.deny("state_dispute");
        }
        let judged = now.rows.iter().all(|(_, row)| row.claim.kind == DebtKind::Judgment);
        let told =
            proposed.recipient == Recipient::Employer && proposed.purpose != Purpose::Location;
        if consumer(now) && told && !judged {
            said.deny("state_employer");
        }
        let employers = now.used().is_some_and(|point| point.of_employer == Some(true));
        let agreed = || now.consumers().all(|row| consented(now, row.id));
        let email = proposed.medium == Medium::Email && !now.answers();
        if consumer(now) && email && (employers || !agreed()) {
            loose(now, "state_email", Effect::Hold, "unverified state.ny.email", said);
        }
    }
    let shield = in_the_city(now) && now.home >= on(2026, 9, 1);
    if shield && consumer(now) && super::electronic(proposed.medium) && !now.answers() {
        let reached_us = now.facts.inbound.iter().any(|inbound| {
            inbound.medium == proposed.medium
                && inbound.point.is_some()
                && inbound.point == proposed.point
                && now.within_days(inbound.at, 60)
        });
        if !reached_us && !now.consumers().all(|row| consented(now, row.id)) {
            loose(now, "state_consent", Effect::Hold, "unverified city.nyc.electronic", said);
        }
    }
}

/// The consumer debts of the District's text: no mortgage-secured credit.
fn district_debts<'a>(now: &'a Now<'_>) -> impl Iterator<Item = &'a Account> {
    let rows = now.consumers().filter(|row| row.claim.kind != DebtKind::Mortgage);
    rows.filter(|_| !now.professional())
}

/// D.C. Code 28-3814(d)(4)(B), (d)(5), (e).
fn district(now: &Now<'_>, said: &mut Said) {
    let Proposed { medium, purpose, recipient, .. } = *now.proposed;
    if district_debts(now).next().is_none() {
        return;
    }
    if medium == Medium::Visit && !now.answers() {
        said.deny("state_visits");
    }
    let other = matches!(recipient, Recipient::Employer | Recipient::ThirdParty);
    if other && purpose != Purpose::Location {
        said.deny("state_third_parties");
    }
    let messages = [Medium::Text, Medium::Email, Medium::Social];
    if !messages.contains(&medium) {
        return;
    }
    for row in district_debts(now) {
        let message = |attempt: &Attempt| {
            counted(now, attempt)
                && messages.contains(&attempt.medium)
                && same_debt(now, attempt, row.id)
        };
        let mailed = now.events_of(EventKind::DcNoticeMailed, row.id).next().is_some();
        let asks = purpose == Purpose::AskConsent;
        if !mailed || (!asks && !consented(now, row.id)) {
            said.deny("state_consent");
        }
        if asks {
            let by_this = |attempt: &Attempt| message(attempt) && attempt.medium == medium;
            Cap::law("state_consent", 1, 7).judge(now, by_this, said);
        }
        Cap::law("state_consent", 5, 7).judge(now, message, said);
    }
}

/// C.R.S. 5-16-104(1)(f): location contacts go to the attorney until it has been silent for "not less than
/// thirty days".
fn colorado_attorney(now: &Now<'_>, said: &mut Said) {
    let counsel = now.proposed.recipient == Recipient::DebtorsAttorney;
    if now.proposed.purpose != Purpose::Location || counsel {
        return;
    }
    for stop in now.facts.stops.iter().filter(|s| s.kind == StopKind::Attorney) {
        let represented = |row: &Account| {
            super::stops::about(now, stop, row.id) && !super::stops::silent(now, stop, row.id)
        };
        if now.stands(stop.from, stop.until) && now.consumers().any(represented) {
            said.deny("state_attorney");
        }
    }
}

/// NRS 649.366: a medical debt, notice by mail not less than 60 days before any action to collect.
fn nevada(now: &Now<'_>, said: &mut Said) {
    if matches!(now.proposed.purpose, Purpose::RequiredByLaw | Purpose::CeaseNotice) {
        return;
    }
    for row in now.consumers() {
        let waited = now
            .events_of(EventKind::MedicalNoticeMailed, row.id)
            .any(|mailed| now.home > now.home_date(mailed.at) + Days::new(60));
        match row.claim.kind {
            _ if waited => {}
            DebtKind::Medical => said.deny("state_medical_notice"),
            DebtKind::Unknown => {
                let policy = "policy state.nv.kind_unknown";
                loose(now, "state_medical_notice", Effect::Hold, policy, said);
            }
            _ => {}
        }
    }
}

/// The years of section 3, the least of those that a kind of debt may have: North Carolina 3, Mississippi 3,
/// Wisconsin 6. Judgments have periods of their own.
fn barred(now: &Now<'_>, claim: &Claim, years: u32) -> bool {
    claim.kind != DebtKind::Judgment
        && claim.accrued_on.is_some_and(|accrued| now.home > accrued + Months::new(12 * years))
}

/// G.S. 58-70-115(4) on debts that a debt buyer owns; Wisconsin and Mississippi, where the debt itself ends
/// (not read).
fn time_barred(now: &Now<'_>, said: &mut Said) {
    let notice = matches!(
        now.proposed.purpose,
        Purpose::Verification
            | Purpose::CeaseNotice
            | Purpose::OptOutConfirmation
            | Purpose::OriginalCreditor
            | Purpose::RequiredByLaw
    );
    if notice {
        return;
    }
    let rule = "state_time_barred";
    for (_, row) in &now.rows {
        let claim = &row.claim;
        if reaches(now, "NC") {
            let policy = "policy state.nc.time_barred";
            match claim.creditor {
                CreditorKind::DebtBuyer if claim.accrued_on.is_none() => {
                    loose(now, rule, Effect::Hold, policy, said);
                }
                CreditorKind::DebtBuyer if barred(now, claim, 3) => {
                    loose(now, rule, Effect::Deny, policy, said);
                }
                CreditorKind::Unknown if barred(now, claim, 3) => {
                    loose(now, rule, Effect::Hold, policy, said);
                }
                _ => {}
            }
        }
        let extinct = [
            ("WI", 6, "unverified state.wi.extinguished"),
            ("MS", 3, "unverified state.ms.extinguished"),
        ];
        for (state, years, authority) in extinct {
            if reaches(now, state) && barred(now, claim, years) && !now.answers() {
                loose(now, rule, Effect::Hold, authority, said);
            }
        }
    }
}
