//! Policy: while a regulator's letter waits for its answer, contact is held. No text bars it; what the law itself
//! asks to be sent goes out all the same.

use duly_domain::Effect;

use super::answers::answered;
use super::{Case, Findings, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::EventKind;

static GROUND: Ground = Ground::policy("regulator_letter", "policy regulator.letter");

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if !case.has_event(EventKind::RegulatorWrote)
        || proposed.purpose.is_owed()
        || proposed.recipient.is_professional()
    {
        return;
    }
    let events = |kind| case.facts.events.iter().filter(move |event| event.kind == kind);
    let letters = events(EventKind::RegulatorWrote);
    for (letter, answered_at) in answered(letters, events(EventKind::RegulatorAnswered)) {
        let fact = "a regulator's letter is not answered";
        let evidence = Evidence::Known { fact, since: Some(case.agency_date(letter.at)) };
        let span = standing(letter.at, answered_at);
        let held = Blocked { span, effect: Effect::Hold, ground: &GROUND, evidence };
        out.block_outside(held, case.answering().as_slice());
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force};

    use crate::duties::due;
    use crate::facts::{Event, EventKind};
    use crate::medium::Medium;
    use crate::proposed::Purpose;
    use crate::testing::{Scene, id, ny};

    const HOLD: Option<(Effect, Force, &str)> =
        Some((Effect::Hold, Force::Policy, "policy regulator.letter"));

    fn wrote(scene: Scene, n: u32, at: &str) -> Scene {
        scene.event(Event::new(EventKind::RegulatorWrote, ny(at)).in_matter(id(n)))
    }

    #[test]
    fn contact_is_held_from_a_regulators_letter_until_it_is_answered() {
        for scene in [Scene::consumer(), Scene::business()] {
            let scene = wrote(scene, 1, "2026-07-01T10:00");
            assert_eq!(scene.says("regulator_letter", ny("2026-07-01T09:59")), None);
            assert_eq!(scene.says("regulator_letter", ny("2026-07-20T12:00")), HOLD);
            let answered = Event::new(EventKind::RegulatorAnswered, ny("2026-07-21T10:00"));
            let scene = scene.event(answered);
            assert_eq!(scene.says("regulator_letter", ny("2026-07-21T12:00")), None);
        }
    }

    #[test]
    fn an_answer_is_that_of_one_letter() {
        let scene = wrote(wrote(Scene::consumer(), 1, "2026-07-01T10:00"), 2, "2026-07-02T10:00");
        let answer = Event::new(EventKind::RegulatorAnswered, ny("2026-07-03T10:00"));
        let one = scene.clone().event(answer.in_matter(id(2)));
        assert_eq!(one.says("regulator_letter", ny("2026-07-04T12:00")), HOLD);
        let both = one.event(answer.in_matter(id(1)));
        assert_eq!(both.says("regulator_letter", ny("2026-07-04T12:00")), None);
    }

    #[test]
    fn what_the_law_asks_to_be_sent_goes_out_and_the_duty_names_this_rule() {
        let mut scene = wrote(Scene::consumer().by(Medium::Mail), 1, "2026-07-01T10:00");
        let owed = due(&scene.facts, ny("2026-07-02T10:00"));
        assert!(owed.iter().any(|owed| owed.blocks() == Some("regulator_letter")));
        scene.proposed = scene.proposed.with_purpose(Purpose::Verification);
        assert_eq!(scene.says("regulator_letter", ny("2026-07-02T12:00")), None);
    }
}
