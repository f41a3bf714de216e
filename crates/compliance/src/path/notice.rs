//! The creditor's notice that an e-mail address may be used. 12 CFR 1006.6(d)(4)(ii)(C), (D).

use chrono::Days;
use duly_domain::{Date, Instant};

use crate::facts::{Event, Facts};
use crate::zones::Zones;

/// The opt-out must be receivable for at least so many days after the notice is sent.
/// 12 CFR 1006.6(d)(4)(ii)(C)(5).
pub const OPT_OUT_DAYS: u64 = 35;

/// The earliest deadline that a notice sent on this day may state.
pub fn earliest_deadline(sent_on: Date) -> Date {
    sent_on.checked_add_days(Days::new(OPT_OUT_DAYS)).unwrap_or(Date::MAX)
}

/// Whether the deadline that a notice states leaves the consumer enough time.
pub fn is_long_enough(sent_on: Date, deadline: Date) -> bool {
    deadline >= earliest_deadline(sent_on)
}

/// The first day on which the address may be used, where nobody opted out: the period has expired (D)
/// with its last day.
pub fn first_allowed_day(deadline: Date) -> Date {
    deadline.checked_add_days(Days::new(1)).unwrap_or(Date::MAX)
}

/// When a notice opens the address; `None`: it states no deadline, or one that is too near. The deadline
/// runs out where it does so last: at the agency, or anywhere the person may be.
pub(super) fn open_from(facts: &Facts, sent: &Event) -> Option<Instant> {
    let home = facts.agency.hours.zone;
    let deadline =
        sent.on.filter(|deadline| is_long_enough(home.local_date(sent.at), *deadline))?;
    let first = first_allowed_day(deadline);
    let places = facts.points.iter().filter_map(|point| match &point.zones {
        Zones::In(all) => Some(all),
        Zones::NoSignal | Zones::Unknown => None,
    });
    let zones = places.flatten().copied().chain([home]);
    zones.map(|zone| zone.start_of_day(first)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Comment 6(d)(4)(ii)(C)(5)-1 and the rule's thirty-five days.
    #[test]
    fn comment_6d4iic5_1_a_deadline_is_thirty_five_days_away_and_the_day_after_it_is_the_first() {
        assert!(is_long_enough(day("2026-04-01"), day("2026-05-06")));
        assert!(!is_long_enough(day("2026-04-01"), day("2026-05-05")), "thirty-four");
        assert_eq!(earliest_deadline(day("2026-04-01")), day("2026-05-06"));
        assert_eq!(first_allowed_day(day("2026-05-06")), day("2026-05-07"));
    }
}
