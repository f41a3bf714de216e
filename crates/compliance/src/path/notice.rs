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

/// What a message of the creditor was about. 12 CFR 1006.6(d)(4)(ii)(B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreditorMessage {
    /// A bill or a statement.
    Bill,
    /// A reminder to pay.
    PaymentReminder,
    /// Something else about the account.
    OfAccount,
    /// Marketing or advertising that is not related to the account.
    UnrelatedMarketing,
}

impl CreditorMessage {
    /// Whether it is a communication about the account (comment 6(d)(4)(ii)(B)-1), and so a
    /// [`crate::EventKind::CreditorUsedAddress`].
    pub const fn is_about_account(self) -> bool {
        match self {
            Self::Bill | Self::PaymentReminder | Self::OfAccount => true,
            Self::UnrelatedMarketing => false,
        }
    }
}

/// How a notice lets the consumer opt out. 12 CFR 1006.6(d)(4)(ii)(C)(4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptOutRoute {
    /// On a form that is enclosed, with an envelope.
    FormEnclosed,
    /// On a form that must be asked for by calling or writing.
    FormOnRequest,
    /// By a link, a reply or another electronic message.
    Electronic,
}

/// To whom the consumer answers. 12 CFR 1006.6(d)(4)(ii)(C)(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerTo {
    /// To the collector.
    Collector,
    /// To the creditor.
    Creditor,
    /// To both, or to either.
    Both,
}

/// What a notice says of the opt-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The day on which it was sent.
    pub sent_on: Date,
    /// The last day to opt out.
    pub deadline: Date,
    /// Whether it was sent electronically; else on paper.
    pub electronic: bool,
    /// How to opt out.
    pub route: OptOutRoute,
    /// Towards whom.
    pub answer_to: AnswerTo,
}

impl Terms {
    /// Whether the route is reasonable and simple (comment 6(d)(4)(ii)(C)(4)-1): the form comes with a notice on
    /// paper, and an electronic notice has an electronic route.
    pub const fn is_simple(&self) -> bool {
        match self.route {
            OptOutRoute::FormEnclosed => !self.electronic,
            OptOutRoute::FormOnRequest => false,
            OptOutRoute::Electronic => true,
        }
    }

    /// Whether the notice opens the address once its deadline has gone: simple, long enough, and answered
    /// to the collector or to the creditor, not to both (comment 6(d)(4)(ii)(C)(5)-1).
    pub fn suffice(&self) -> bool {
        let one = match self.answer_to {
            AnswerTo::Collector | AnswerTo::Creditor => true,
            AnswerTo::Both => false,
        };
        one && self.is_simple() && is_long_enough(self.sent_on, self.deadline)
    }
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

    const fn paper(sent_on: Date, deadline: Date) -> Terms {
        let (route, answer_to) = (OptOutRoute::FormEnclosed, AnswerTo::Creditor);
        Terms { sent_on, deadline, electronic: false, route, answer_to }
    }

    /// Comment 6(d)(4)(ii)(B)-1.
    #[test]
    fn comment_6d4iib_1_a_reminder_is_about_the_account_and_unrelated_marketing_is_not() {
        assert!(CreditorMessage::PaymentReminder.is_about_account());
        assert!(!CreditorMessage::UnrelatedMarketing.is_about_account());
    }

    /// Comment 6(d)(4)(ii)(C)(4)-1.i.
    #[test]
    fn comment_6d4iic4_1_i_the_form_comes_with_the_notice() {
        let enclosed = paper(day("2026-04-01"), day("2026-05-06"));
        assert!(enclosed.is_simple() && enclosed.suffice());
        assert!(!Terms { route: OptOutRoute::FormOnRequest, ..enclosed }.suffice());
        let electronic = Terms { electronic: true, ..enclosed };
        assert!(!electronic.is_simple(), "an electronic notice needs an electronic route");
        assert!(Terms { route: OptOutRoute::Electronic, ..electronic }.suffice());
    }

    /// Comment 6(d)(4)(ii)(C)(5)-1.
    #[test]
    fn comment_6d4iic5_1_the_answer_goes_to_one_of_the_two() {
        let creditor = paper(day("2026-04-01"), day("2026-05-06"));
        assert!(Terms { answer_to: AnswerTo::Collector, ..creditor }.suffice());
        assert!(!Terms { answer_to: AnswerTo::Both, ..creditor }.suffice());
    }
}
