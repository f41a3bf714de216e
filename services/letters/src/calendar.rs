//! Days of mailing and the dates that a notice prints.

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc, Weekday,
};
use duly_domain::validation_period::last_day_to_send;
pub use duly_domain::validation_period::validation_period_end;
use duly_domain::{Date, Zone};

/// Days that a commercial demand leaves for payment, counted from its mailing day. Policy.
const DEMAND_DAYS: Days = Days::new(10);

/// Days for which a commercial demand may wait for its mailing before its term is too short. Policy.
const DEMAND_MAIL_BY_DAYS: Days = Days::new(5);

/// A day on which letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailing {
    /// In the agency's zone.
    pub on: Date,
    /// When its batch closes.
    pub closes_at: DateTime<Utc>,
}

/// The agency's days: Monday to Friday in its zone, until the closing time.
#[derive(Debug, Clone, Copy)]
pub struct MailCalendar {
    /// The agency's zone.
    pub zone: Zone,
    /// Local time at which a day's batch closes.
    pub closes: NaiveTime,
}

impl MailCalendar {
    /// The next day whose batch is still open at this instant.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Mailing {
        let today = self.zone.local_date(now);
        days_from(today)
            .filter(|day| works(*day))
            .map(|on| Mailing { on, closes_at: self.closes_at(on) })
            .find(|mailing| mailing.closes_at > now)
            .expect("some later day is a business day")
    }

    /// The day on which a piece prepared for `planned` leaves when it is sealed at `now`: that day,
    /// where it has not passed, else the next business day.
    #[must_use]
    pub fn leaves_on(&self, planned: Date, now: DateTime<Utc>) -> Date {
        let today = self.zone.local_date(now);
        days_from(planned.max(today)).find(|day| works(*day)).expect("some later day is one")
    }

    /// The closing time on a local day. The hours of a business day are never skipped by the clocks:
    /// they change at night.
    fn closes_at(&self, on: Date) -> DateTime<Utc> {
        let midnight = self.zone.start_of_day(on);
        let wanted = midnight + self.closes.signed_duration_since(NaiveTime::MIN);
        // On a day on which the clocks change, midnight and the closing time have other offsets.
        [TimeDelta::zero(), TimeDelta::hours(1), TimeDelta::hours(-1)]
            .into_iter()
            .map(|shift| wanted + shift)
            .find(|at| self.zone.local_hour(*at) == self.closes.hour())
            .unwrap_or(wanted)
    }
}

fn days_from(day: Date) -> impl Iterator<Item = Date> {
    day.iter_days()
}

fn works(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The last mailing day for which this end of the validation period is late enough.
#[must_use]
pub fn notice_mail_by(mailing_on: Date) -> Date {
    last_day_to_send(validation_period_end(mailing_on)).unwrap_or(mailing_on)
}

/// The day by which a commercial demand asks for payment.
#[must_use]
pub fn demand_pay_by(mailing_on: Date) -> Date {
    mailing_on.checked_add_days(DEMAND_DAYS).unwrap_or(NaiveDate::MAX)
}

/// The last mailing day for which that day leaves enough time.
#[must_use]
pub fn demand_mail_by(mailing_on: Date) -> Date {
    mailing_on.checked_add_days(DEMAND_MAIL_BY_DAYS).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn calendar() -> MailCalendar {
        let closes = NaiveTime::from_hms_opt(16, 0, 0).unwrap();
        MailCalendar { zone: "America/New_York".parse().unwrap(), closes }
    }

    fn at(y: i32, m: u32, d: u32, h: u32, min: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(y, m, d, h, min, 0).unwrap()
    }

    #[test]
    fn a_letter_leaves_today_until_the_batch_closes_and_then_on_the_next_business_day() {
        let next = |now| calendar().next(now);
        let monday = Mailing { on: day("2026-01-05"), closes_at: at(2026, 1, 5, 21, 0) };
        assert_eq!(next(at(2026, 1, 5, 15, 0)), monday);
        assert_eq!(next(at(2026, 1, 5, 20, 59)), monday);
        assert_eq!(next(at(2026, 1, 5, 21, 0)).on, day("2026-01-06"));
        // Friday evening and Sunday: Monday.
        assert_eq!(next(at(2026, 1, 9, 22, 0)).on, day("2026-01-12"));
        assert_eq!(next(at(2026, 1, 11, 12, 0)).on, day("2026-01-12"));
        // In summer the same local time is another instant.
        assert_eq!(next(at(2026, 7, 6, 12, 0)).closes_at, at(2026, 7, 6, 20, 0));
    }

    #[test]
    fn a_piece_leaves_on_its_day_or_on_the_next_one_that_is_left() {
        let leaves = |planned, now| calendar().leaves_on(day(planned), now);
        assert_eq!(leaves("2026-01-05", at(2026, 1, 5, 21, 15)), day("2026-01-05"));
        assert_eq!(leaves("2026-01-05", at(2026, 1, 7, 15, 0)), day("2026-01-07"));
        assert_eq!(leaves("2026-01-05", at(2026, 1, 10, 15, 0)), day("2026-01-12"));
    }

    #[test]
    fn the_validation_period_ends_thirty_days_after_five_business_days() {
        // Computed by hand from 12 CFR 1006.34(b)(5).
        for (mailed, end) in [
            // Monday: the next Monday is assumed receipt.
            ("2026-01-05", "2026-02-11"),
            ("2026-01-06", "2026-02-12"),
            // The birthday of Martin Luther King, Jr. (January 19) does not count.
            ("2026-01-14", "2026-02-21"),
            // A Friday and the weekend after it have one end.
            ("2026-03-06", "2026-04-12"),
            ("2026-03-07", "2026-04-12"),
            // Independence Day 2026 is a Saturday: the Friday on which it is observed is skipped too.
            ("2026-06-29", "2026-08-06"),
            // The example of comment 34(b)(5)-1 with dates: Juneteenth and a weekend intervene.
            ("2026-06-15", "2026-07-23"),
            // Over the turn of the year: Christmas and New Year.
            ("2025-12-24", "2026-02-01"),
        ] {
            let receipt_plus_30 = validation_period_end(day(mailed));
            assert_eq!(receipt_plus_30, day(end), "mailed on {mailed}");
        }
    }

    #[test]
    fn a_notice_may_leave_later_only_while_its_printed_end_is_late_enough() {
        assert_eq!(notice_mail_by(day("2026-01-05")), day("2026-01-05"));
        assert_eq!(notice_mail_by(day("2026-03-06")), day("2026-03-08"));
    }
}
