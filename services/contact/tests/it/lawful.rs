//! Whether a call may be made, slowly and from the texts themselves, by somebody who has never seen the
//! guard: what a test knows of a person, and the rules as they read, each asked anew at every minute.

use chrono::{
    DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc, Weekday,
};
use chrono_tz::Tz;

/// The agency's own zone, in which it opens at nine and closes at six, Monday to Friday.
pub const AGENCY: Tz = chrono_tz::America::New_York;

/// Places with numbers of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Massachusetts,
    NewYorkCity,
    District,
    Washington,
    /// With a claim of which nobody knows whether it is medical.
    Nevada,
}

/// What bars one debt, or the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    Attorney,
    Cease,
    Bankruptcy,
    Deceased,
    Military,
    /// The person does not want to be called.
    NoCalls,
    Dispute,
    /// Recalled, or paid.
    Ended,
}

impl Bar {
    /// Whether it is about the one debt for which it was told.
    pub fn of_debt(self) -> bool {
        match self {
            Self::Attorney | Self::Cease | Self::Dispute | Self::Ended => true,
            Self::Bankruptcy | Self::Deceased | Self::Military | Self::NoCalls => false,
        }
    }
}

/// A call that was placed, or may be placed by somebody at this moment.
#[derive(Debug, Clone)]
pub struct Call {
    pub attempt: String,
    pub debt: usize,
    pub at: DateTime<Utc>,
    pub conversation: bool,
}

/// What is known of one person.
#[derive(Debug, Default)]
pub struct Debtor {
    /// Every zone in which a number or address says that it may be.
    pub zones: Vec<Tz>,
    pub places: Vec<Place>,
    /// With the debt for which it was told, and since when it is known.
    pub bars: Vec<(Bar, usize, DateTime<Utc>)>,
    /// Its own mornings until noon are inconvenient, by its own word.
    pub not_before_noon: bool,
    pub wrong_numbers: Vec<String>,
    pub calls: Vec<Call>,
}

/// "Seven consecutive days", 12 CFR 1006.14(b)(2)(i): calendar days, this one included (comment
/// 14(b)(2)(i)-1).
const DAYS: i64 = 7;

impl Debtor {
    /// What the texts have against a call about a debt to a number at an instant.
    pub fn unlawful(
        &self,
        attempt: &str,
        debt: usize,
        number: &str,
        at: DateTime<Utc>,
    ) -> Vec<&'static str> {
        let mut wrong = Vec::new();
        let mut forbid = |is: bool, why| {
            if is {
                wrong.push(why);
            }
        };
        forbid(self.zones.is_empty(), "nobody knows what time it is where the person is");
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour of the day");
        for zone in &self.zones {
            let local = at.with_timezone(zone).time();
            // 12 CFR 1006.6(b)(1)(i): convenient is after 8:00 a.m. and before 9:00 p.m.
            forbid(local <= time(8), "not after eight in the morning");
            forbid(local >= time(21), "not before nine in the evening");
            forbid(self.not_before_noon && local < time(12), "the person's own mornings");
        }
        let ours = at.with_timezone(&AGENCY);
        let works = !matches!(ours.weekday(), Weekday::Sat | Weekday::Sun);
        forbid(!works || !(9..18).contains(&ours.hour()), "the agency is closed");
        for (bar, about, since) in &self.bars {
            let stands = *since <= at && (!bar.of_debt() || *about == debt);
            forbid(stands, "it was asked, or known, that this must not be");
        }
        forbid(self.wrong_numbers.iter().any(|bad| bad == number), "somebody else's number");

        let others: Vec<&Call> =
            self.calls.iter().filter(|call| call.attempt != attempt && call.at <= at).collect();
        // A call may be the last of seven by each calendar of the person.
        for zone in &self.zones {
            let today = day(at, *zone);
            let in_week = |call: &&&Call| (today - day(call.at, *zone)).num_days() < DAYS;
            let week: Vec<&Call> = others.iter().filter(in_week).copied().collect();
            let about = week.iter().filter(|call| call.debt == debt).count();
            // 12 CFR 1006.14(b)(2)(i)(A): not more than seven times.
            forbid(about >= 7, "an eighth call in seven days");
            // (B): within seven days after a conversation, the day of it being the first.
            let spoke = week.iter().any(|call| call.debt == debt && call.conversation);
            forbid(spoke, "a conversation in the seven days before");
            // The agency's own: one person is reached once a day, whoever's debt it is.
            let same_day = week.iter().any(|call| day(call.at, *zone) == today);
            forbid(same_day, "a second call on one day");
            let here = |place| self.places.contains(&place);
            // 209 CMR 18.16(1)(d): two in seven days.
            forbid(here(Place::Massachusetts) && about >= 2, "a third call in Massachusetts");
            // 6 RCNY 5-77(b)(1)(iv): two contacts with the person.
            forbid(here(Place::NewYorkCity) && week.len() >= 2, "a third call in New York City");
            // D.C. Code 28-3814(d)(4)(A): four per account.
            forbid(here(Place::District) && about >= 4, "a fifth call in the District");
            // RCW 19.16.250: three in a week, whatever the claims.
            forbid(here(Place::Washington) && week.len() >= 3, "a fourth call in Washington");
        }
        // NRS 649.366: a medical debt waits for its notice, and nobody knows that it is none.
        forbid(self.places.contains(&Place::Nevada), "it may be a medical debt of Nevada");
        wrong
    }
}

fn day(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// Every full minute from an instant on, until another.
pub fn minutes(from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    std::iter::successors(Some(from), |at| Some(*at + TimeDelta::minutes(1)))
        .take_while(move |at| *at < until)
}

#[test]
fn each_of_the_slow_rules_can_fail() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let debtor = || Debtor { zones: vec![AGENCY], ..Debtor::default() };
    let ten = at("2026-03-27T14:00:00Z");
    let judge = |debtor: &Debtor, when| debtor.unlawful("mine", 1, "+12155550101", when);
    let called = |days: i64, debt, conversation| Call {
        attempt: format!("{days}"),
        debt,
        at: ten - TimeDelta::days(days),
        conversation,
    };
    assert!(judge(&debtor(), ten).is_empty());
    assert_eq!(judge(&debtor(), at("2026-03-27T12:00:00Z")).len(), 2, "eight sharp, and closed");
    assert_eq!(judge(&debtor(), at("2026-03-28T15:00:00Z")), ["the agency is closed"]);
    let west = Debtor { zones: vec![AGENCY, chrono_tz::America::Los_Angeles], ..Debtor::default() };
    assert_eq!(judge(&west, at("2026-03-27T15:00:00Z")), ["not after eight in the morning"]);
    assert!(judge(&west, at("2026-03-27T15:01:00Z")).is_empty());
    // Israel's clocks went forward on this day: nine in the evening is two in the afternoon here.
    let zones = vec![AGENCY, chrono_tz::Asia::Jerusalem];
    let abroad = Debtor { zones, ..Debtor::default() };
    assert!(judge(&abroad, at("2026-03-27T17:59:00Z")).is_empty());
    assert_eq!(judge(&abroad, at("2026-03-27T18:00:00Z")), ["not before nine in the evening"]);
    assert!(judge(&abroad, at("2026-03-26T18:59:00Z")).is_empty());
    assert!(!judge(&Debtor::default(), ten).is_empty());

    let six: Vec<Call> = (1..7).map(|days| called(days, 1, false)).collect();
    let calls = |calls| Debtor { calls, ..debtor() };
    assert!(judge(&calls(six.clone()), ten).is_empty());
    let mut seven = six;
    seven.push(Call { attempt: "7".to_owned(), ..called(6, 1, false) });
    assert_eq!(judge(&calls(seven), ten), ["an eighth call in seven days"]);
    assert_eq!(judge(&calls(vec![called(6, 1, true)]), ten).len(), 1);
    assert!(judge(&calls(vec![called(7, 1, true)]), ten).is_empty());
    assert!(judge(&calls(vec![called(3, 2, true)]), ten).is_empty(), "about another debt");
    assert_eq!(judge(&calls(vec![called(0, 2, false)]), ten), ["a second call on one day"]);
    for (place, most) in [
        (Place::Massachusetts, 2),
        (Place::NewYorkCity, 2),
        (Place::Washington, 3),
        (Place::District, 4),
    ] {
        let there = |made| Debtor {
            places: vec![place],
            calls: (1..=made).map(|days| called(days, 1, false)).collect(),
            ..debtor()
        };
        assert!(judge(&there(most - 1), ten).is_empty(), "{place:?}");
        assert_eq!(judge(&there(most), ten).len(), 1, "{place:?}");
    }
    let barred = |bar| Debtor { bars: vec![(bar, 2, ten)], ..debtor() };
    assert!(judge(&barred(Bar::Cease), ten).is_empty(), "about another debt");
    assert_eq!(judge(&barred(Bar::Deceased), ten).len(), 1);
    assert!(judge(&barred(Bar::Deceased), ten - TimeDelta::minutes(1)).is_empty());
    let asleep = Debtor { not_before_noon: true, ..debtor() };
    assert_eq!(judge(&asleep, ten), ["the person's own mornings"]);
    let wrong_numbers = vec!["+12155550101".to_owned()];
    assert_eq!(judge(&Debtor { wrong_numbers, ..debtor() }, ten), ["somebody else's number"]);
    assert_eq!(judge(&Debtor { places: vec![Place::Nevada], ..debtor() }, ten).len(), 1);
}
