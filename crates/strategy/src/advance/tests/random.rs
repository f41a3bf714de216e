//! Random documents and random answers: whatever is taken ends, and nothing spins.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// What may stand in a step of a random document; the numbers choose the steps it leads to.
fn random_step() -> impl Strategy<Value = (u8, u8, u8, u8, u8)> {
    (0u8..9, 0u8..12, 0u8..12, 0u8..12, 0u8..4)
}

/// A document of these steps; many are refused, the rest must end.
fn random_yaml(steps: &[(u8, u8, u8, u8, u8)]) -> String {
    let mut yaml = String::from(
        "strategy: random\nfor: { debt_class: commercial }\nroles: { principal: { after_days: 0 } }\n\
         at_most_days: 120\nbroken_promise: s0\nsteps:\n",
    );
    let count = u8::try_from(steps.len()).unwrap();
    for (no, (kind, then, answer, otherwise, when)) in (0u8..).zip(steps) {
        let (what, answers): (&str, &[&str]) = match kind {
            0 => ("scrub", &["hit", "clear"]),
            1 => ("trace", &["found", "nothing_found"]),
            2 => (
                "{ letter: { template: commercial_demand, channel: mail } }",
                &["mailed", "expired", "refused", "returned"],
            ),
            3 => ("{ call: { tries: 2, every_days: 2 } }", &["reached", "not_reached", "refused"]),
            4..=6 => ("{ wait: { days: 3 } }", &[]),
            7 => ("{ wait: { until: validation_period_end } }", &[]),
            _ => ("{ task: { text: look } }", &[]),
        };
        let when = match when {
            0 => "has_point: phone",
            1 => "has_point: email",
            _ => "",
        };
        yaml += &format!("  - id: s{no}\n    do: {what}\n");
        if then % 3 == 0 {
            yaml += &format!("    then: s{}\n", then % count);
        }
        if !answers.is_empty() && answer % 2 == 0 {
            let word = answers[usize::from(*answer) % answers.len()];
            yaml += &format!("    on: {{ {word}: s{} }}\n", answer % count);
        }
        if !when.is_empty() {
            yaml += &format!("    when: {{ {when} }}\n    otherwise: s{}\n", otherwise % count);
        }
    }
    yaml + "  - id: close\n    do: { propose_close: { code: UNC } }\n"
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        max_global_rejects: 200_000,
        failure_persistence: None,
        ..Default::default()
    })]

    /// Whatever a checked document says and whatever is answered, its track ends, and at no instant is it
    /// told to do a second thing.
    #[test]
    fn every_document_that_is_taken_ends_and_none_spins(
        steps in prop::collection::vec(random_step(), 1..7),
        answers in prop::collection::vec(0usize..8, 40),
        phone: bool,
        email: bool,
    ) {
        let document = Document::parse(&random_yaml(&steps));
        prop_assume!(document.is_ok());
        let mut run = Run::of(document.unwrap());
        run.facts.points = Points { phone, email, address: true };
        let mut next = answers.iter().copied().cycle();
        let days = run.run_out(|kind| {
            let possible = Answer::of(kind);
            match next.next().unwrap_or(0) {
                7 => None,
                n => Some(possible[n % possible.len()]),
            }
        });
        // At most 120 days, and what was under way then: a rest of three days, or an answer waited for.
        prop_assert!(days <= 120 + 9, "{days} days");
    }

    /// The same facts at the same instant give the same, and asking again gives nothing new.
    #[test]
    fn the_same_facts_give_the_same_move(
        answers in prop::collection::vec(0usize..8, 1..30),
        name in 0usize..2,
        paused: bool,
        broken: bool,
    ) {
        let mut run = Run::of(Document::parse(BUILT_IN[name].document).unwrap());
        for n in answers {
            run.facts.promise_broken |= broken && n == 3;
            run.facts.pause = (paused && n == 5).then_some(Pause::Dispute);
            let once = run.document.advance(&run.facts, run.now, zone());
            let twice = run.document.advance(&run.facts, run.now, zone());
            prop_assert_eq!(&once, &twice);
            let next = run.advance();
            let again = run.document.advance(&run.facts, run.now, zone());
            prop_assert!(again.used.is_none() && again.tasks.is_empty());
            prop_assert!(!matches!(again.next, Move::Treat(_)));
            prop_assert_eq!(&again.position, &run.facts.position);
            if let Some(kind) = run.waits_for() {
                run.now += TimeDelta::hours(30);
                let possible = Answer::of(kind);
                run.answer(possible[n % possible.len()]);
            } else if let Some(due_at) = next.due_at() {
                run.now = due_at;
            }
        }
    }

    #[test]
    fn reading_never_panics(text in "(?s).{0,400}") {
        let _ = Document::parse(&text);
    }
}

#[test]
fn most_random_documents_that_are_refused_are_refused_for_their_ways() {
    // The generator must make documents that are taken, else the property above proves nothing.
    let mut kinds: BTreeMap<bool, u32> = BTreeMap::new();
    for seed in 0u8..200 {
        let step = |n: u8| {
            let mix = seed.wrapping_mul(31).wrapping_add(n.wrapping_mul(57));
            (mix % 9, mix % 11, mix % 7, mix % 5, mix % 4)
        };
        let steps: Vec<_> = (0..1 + seed % 5).map(step).collect();
        *kinds.entry(Document::parse(&random_yaml(&steps)).is_ok()).or_default() += 1;
    }
    assert!(kinds.get(&true).is_some_and(|taken| *taken >= 20), "{kinds:?}");
}
