//! Policy: a client that does not answer a question about a dispute within ten business days holds the account
//! until it answers.

use duly_domain::Effect;
use duly_domain::business_day::{Skip, business_days_after};

use super::answers::answered;
use super::local_time::plus;
use super::{Case, Findings, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::EventKind;

static GROUND: Ground = Ground::policy("client_question", "policy client.question");

/// Business days for the answer, counted from the day after the question. Policy.
pub const ANSWER_BUSINESS_DAYS: u32 = 10;

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    if !case.has_event(EventKind::ClientAsked) || case.proposed.purpose.is_owed() {
        return;
    }
    for account in &case.proposed.accounts {
        let asked = case.events(EventKind::ClientAsked, *account);
        let answers = case.events(EventKind::ClientAnswered, *account);
        for (asked, answered_at) in answered(asked, answers) {
            let on = case.agency_date(asked.at);
            let last = business_days_after(on, ANSWER_BUSINESS_DAYS, Skip::Stated);
            let fact = "the client did not answer a question about a dispute";
            let evidence = Evidence::Known { fact, since: Some(on) };
            let span = standing(case.day_starts(plus(last, 1)), answered_at);
            let held = Blocked { span, effect: Effect::Hold, ground: &GROUND, evidence };
            out.block_outside(held, case.answering().as_slice());
        }
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force};

    use crate::duties::due;
    use crate::facts::{Event, EventKind};
    use crate::testing::{Scene, id, utc};

    const HOLD: Option<(Effect, Force, &str)> =
        Some((Effect::Hold, Force::Policy, "policy client.question"));

    fn asked(scene: Scene, at: &str) -> Scene {
        scene.event(Event::new(EventKind::ClientAsked, utc(at)).about(id(1)))
    }

    /// The 3 July 2026 is a Friday; the tenth business day after it the 17th.
    #[test]
    fn the_account_is_held_from_the_day_after_the_tenth_business_day() {
        for scene in [Scene::consumer(), Scene::business()] {
            let scene = asked(scene, "2026-07-03T10:00:00Z");
            assert_eq!(scene.says("client_question", utc("2026-07-17T23:59:59Z")), None);
            assert_eq!(scene.says("client_question", utc("2026-07-18T00:00:00Z")), HOLD);
            let owed = due(&scene.facts, utc("2026-07-18T00:00:00Z"));
            assert!(owed.iter().any(|owed| owed.blocks() == Some("client_question")));
            let answer = Event::new(EventKind::ClientAnswered, utc("2026-07-20T10:00:00Z"));
            let scene = scene.event(answer.about(id(1)));
            assert_eq!(scene.says("client_question", utc("2026-07-20T12:00:00Z")), None);
        }
    }

    #[test]
    fn another_account_is_not_held() {
        let scene = asked(Scene::consumer().and_account(2, 1), "2026-07-03T10:00:00Z");
        assert_eq!(scene.about(2, 1).says("client_question", utc("2026-07-20T12:00:00Z")), None);
    }
}
