//! The display status of an account: the first row of the glossary's table (section 7) that fits, as far
//! as its facts are known here. Never stored as truth: it is computed whenever it is asked for, so that a
//! period that runs out needs no event.
//!
//! Rows that wait for facts nobody tells yet: rejected, received, judgment, legal, plan, skip, early-out.

use duly_domain::Date;

/// For how long a broken promise or a returned payment is shown. The agency's own rule (default).
const SHOWN_DAYS: i64 = 30;

/// What decides.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// It was closed.
    pub closed: bool,
    /// It was recalled or closed.
    pub ended: bool,
    /// Who owes it.
    pub parties: i64,
    /// Those of them that are bankrupt, dead or in military service.
    pub protected_parties: i64,
    /// Those of them that asked to cease communication.
    pub ceased_parties: i64,
    /// What is still owed, held money taken off.
    pub balance_minor: i64,
    /// Open disputes.
    pub disputes: i64,
    /// One of them is of nothing less than the account.
    pub whole_disputed: bool,
    /// What the others contest together.
    pub disputed_minor: i64,
    /// A client's hold covers today.
    pub held: bool,
    /// A promise is open.
    pub promise_open: bool,
    /// When one was last broken.
    pub promise_broken_on: Option<Date>,
    /// When a payment last came back for want of funds.
    pub nsf_on: Option<Date>,
    /// Last day of the validation period.
    pub validation_until: Option<Date>,
}

/// The status, in the glossary's words.
pub fn display_status(facts: &Facts, today: Date) -> &'static str {
    let all = |parties: i64| facts.parties > 0 && parties == facts.parties;
    let lately = |on: Option<Date>| {
        on.is_some_and(|on| today.signed_duration_since(on).num_days() <= SHOWN_DAYS)
    };
    let owed = facts.balance_minor;
    if facts.closed {
        "closed"
    } else if facts.ended {
        "recall pending"
    } else if all(facts.protected_parties) {
        "protected"
    } else if owed <= 0 {
        // Money that covers it is on its way to good funds, or its close is on its way here.
        "settling"
    } else if facts.whole_disputed || (facts.disputes > 0 && facts.disputed_minor >= owed) {
        "disputed"
    } else if facts.held || all(facts.ceased_parties) {
        "on hold"
    } else if facts.promise_open {
        "promise"
    } else if lately(facts.promise_broken_on) {
        "promise broken"
    } else if lately(facts.nsf_on) {
        "returned payment"
    } else if facts.disputes > 0 {
        "part disputed"
    } else if facts.validation_until.is_some_and(|until| today <= until) {
        "in validation period"
    } else {
        "active"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        Some(text.parse().expect("a day"))
    }

    /// One party owes 100.00 and nothing else is known.
    fn owing() -> Facts {
        Facts { parties: 1, balance_minor: 10_000, ..Facts::default() }
    }

    /// Everything at once, so that each row is reached by taking away the one before.
    fn everything() -> Facts {
        Facts {
            closed: true,
            ended: true,
            parties: 2,
            protected_parties: 2,
            ceased_parties: 2,
            balance_minor: 0,
            disputes: 1,
            whole_disputed: true,
            disputed_minor: 0,
            held: true,
            promise_open: true,
            promise_broken_on: day("2026-02-01"),
            nsf_on: day("2026-02-01"),
            validation_until: day("2026-02-10"),
        }
    }

    #[test]
    fn the_first_row_that_fits_is_shown() {
        let today = day("2026-02-10").expect("a day");
        let mut facts = everything();
        let mut shown = vec![display_status(&facts, today)];
        let steps: [fn(&mut Facts); 11] = [
            |facts| facts.closed = false,
            |facts| facts.ended = false,
            |facts| facts.protected_parties = 1,
            |facts| facts.balance_minor = 10_000,
            |facts| facts.whole_disputed = false,
            |facts| (facts.held, facts.ceased_parties) = (false, 1),
            |facts| facts.promise_open = false,
            |facts| facts.promise_broken_on = None,
            |facts| facts.nsf_on = None,
            |facts| facts.disputes = 0,
            |facts| facts.validation_until = None,
        ];
        for step in steps {
            step(&mut facts);
            shown.push(display_status(&facts, today));
        }
        assert_eq!(
            shown,
            [
                "closed",
                "recall pending",
                "protected",
                "settling",
                "disputed",
                "on hold",
                "promise",
                "promise broken",
                "returned payment",
                "part disputed",
                "in validation period",
                "active",
            ]
        );
    }

    #[test]
    fn what_holds_for_some_of_the_parties_or_of_the_money_is_not_the_whole() {
        let today = day("2026-02-10").expect("a day");
        for (facts, status) in [
            (Facts { parties: 2, protected_parties: 1, ..owing() }, "active"),
            (Facts { parties: 2, ceased_parties: 1, ..owing() }, "active"),
            (Facts { ceased_parties: 1, ..owing() }, "on hold"),
            (Facts { parties: 0, ..owing() }, "active"),
            (Facts { disputes: 1, disputed_minor: 9_999, ..owing() }, "part disputed"),
            (Facts { disputes: 2, disputed_minor: 10_000, ..owing() }, "disputed"),
            (Facts { disputes: 1, ..owing() }, "part disputed"),
        ] {
            assert_eq!(display_status(&facts, today), status, "{facts:?}");
        }
    }

    #[test]
    fn a_status_runs_out_by_itself() {
        let until = |facts: Facts, last: &str, after: &str, status: &str| {
            assert_eq!(display_status(&facts, day(last).expect("a day")), status);
            assert_eq!(display_status(&facts, day(after).expect("a day")), "active");
        };
        let broken = Facts { promise_broken_on: day("2026-01-10"), ..owing() };
        until(broken, "2026-02-09", "2026-02-10", "promise broken");
        let returned = Facts { nsf_on: day("2026-01-10"), ..owing() };
        until(returned, "2026-02-09", "2026-02-10", "returned payment");
        let notice = Facts { validation_until: day("2026-02-09"), ..owing() };
        until(notice, "2026-02-09", "2026-02-10", "in validation period");
    }
}
