//! 12 CFR 1006.14(a): no conduct whose natural consequence is to harass anybody, in any medium; what several
//! media do together counts (comment 14(a)-2). The text gives no number for messages, so the number is the
//! agency's: seven in seven days, as the law has it for calls about one debt.

use super::local_time::{date, plus, start_of_day};
use super::window::{Attempts, full};
use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::facts::Attempt;
use crate::proposed::{Initiator, Purpose};
use crate::span::Span;

static GROUND: Ground = Ground::policy("cumulative", "policy agency.cumulative");

/// Electronic messages to one person, about whatever debt, in seven consecutive days.
const MESSAGES_PER_7_DAYS: usize = 7;
/// The first and the last included.
const DAYS: u64 = 7;
/// Messages of longer ago shut no day that is asked about, by any calendar.
const LOOK_BACK: u64 = DAYS + 2;

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if !proposed.medium.is_electronic()
        || proposed.purpose == Purpose::OptOutConfirmation
        || !case.any(Regime::Consumer)
        || case.counted_messages() < MESSAGES_PER_7_DAYS
    {
        return;
    }
    let mut sent = Attempts::new();
    for attempt in case.attempts_since(LOOK_BACK) {
        let again = sent.last().is_some_and(|last| last.id == attempt.id && last.at == attempt.at);
        if is_message(case, attempt) && !again {
            sent.push(attempt);
        }
    }
    for tz in case.dating_zones() {
        let full = full(&sent, |sent| sent.at, MESSAGES_PER_7_DAYS, DAYS, case.asked);
        for (oldest, newest) in full {
            let until = start_of_day(tz, plus(date(tz, oldest.at), DAYS));
            let span = Span::new(newest.at, until);
            let evidence = Evidence::Budget { within: "in seven days" };
            out.deny_except(span, case.answering(), &GROUND, evidence);
        }
    }
}

fn is_message(case: &Case<'_>, attempt: &Attempt) -> bool {
    attempt.medium.is_electronic()
        && attempt.counted
        && attempt.initiator == Initiator::Agency
        && attempt.recipient == case.proposed.recipient
        && attempt.purpose != Purpose::OptOutConfirmation
        && !case.is_wrong(attempt.point)
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force};

    use crate::facts::Attempt;
    use crate::medium::Medium;
    use crate::testing::{PHONE, Scene, id, ny};

    const SAYS: Option<(Effect, Force, &str)> =
        Some((Effect::Deny, Force::Policy, "policy agency.cumulative"));

    fn sent(mut scene: Scene, n: u32, medium: Medium, at: &str) -> Scene {
        scene
            .facts
            .attempts
            .push(Attempt { point: Some(id(PHONE)), ..Attempt::new(id(n), id(1), medium, ny(at)) });
        scene
    }

    /// Comment 14(a)-1.i: eight texts a day.
    #[test]
    fn comment_14a_1_i_the_eighth_text_is_refused_and_so_are_those_of_the_next_days() {
        let mut scene = Scene::consumer().by(Medium::Text);
        for n in 0..7 {
            assert_eq!(scene.says("cumulative", ny(&format!("2026-06-01T{:02}:30", 8 + n))), None);
            scene = sent(scene, n, Medium::Text, &format!("2026-06-01T{:02}:00", 9 + n));
        }
        for at in ["2026-06-01T16:00", "2026-06-02T10:00", "2026-06-07T10:00"] {
            assert_eq!(scene.says("cumulative", ny(at)), SAYS, "{at}");
        }
        assert_eq!(scene.says("cumulative", ny("2026-06-08T10:00")), None);
    }

    /// Comment 14(a)-2: the media count together.
    #[test]
    fn comment_14a_2_texts_and_e_mails_count_together_and_calls_have_their_own() {
        let mut scene = Scene::consumer().by(Medium::Email);
        for n in 0..7 {
            let medium = if n % 2 == 0 { Medium::Text } else { Medium::Email };
            scene = sent(scene, n, medium, &format!("2026-06-0{}T10:00", 1 + n));
        }
        assert_eq!(scene.says("cumulative", ny("2026-06-07T12:00")), SAYS);
        assert_eq!(scene.clone().by(Medium::Call).says("cumulative", ny("2026-06-07T12:00")), None);
        let mut answer = scene.inbound(Medium::Email, ny("2026-06-07T11:00"));
        answer.proposed = answer.proposed.as_response();
        assert_eq!(answer.says("cumulative", ny("2026-06-07T12:00")), None);
    }
}
