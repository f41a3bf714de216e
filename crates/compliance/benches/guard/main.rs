//! How fast the guard decides, on one core: beside reading the same facts from JSON, and beside the least
//! that any guard could do, one loop over the attempts.
//!
//! `cargo xtask bench guard`, or `cargo bench -p duly-compliance --bench guard`. Figures are the best of some
//! rounds, since machines are shared; the ratios are what to compare.

use std::hint::black_box;
use std::time::{Duration, Instant as Clock};

use duly_compliance::*;

mod scenes;

use scenes::Scene;

/// One round lasts about so long: shorter than a turn of the scheduler, so that some are not disturbed.
const ROUND: Duration = Duration::from_millis(3);
/// The best of so many rounds counts.
const ROUNDS: usize = 150;
/// `next_permitted` looks so far ahead.
const AHEAD_DAYS: u16 = 30;

fn main() {
    // Without `--bench` it was started by a test run: see only that everything runs.
    let rounds = if std::env::args().any(|arg| arg == "--bench") { ROUNDS } else { 0 };
    println!("{:<44}{:>8}{:>12}{:>9}{:>9}", "", "ns", "per second", "of JSON", "of loop");
    for scene in scenes::all() {
        measure(&scene, rounds);
    }
}

fn measure(scene: &Scene, rounds: usize) {
    let json = serde_json::to_string(&scene.facts).expect("facts are JSON");
    let read = time(rounds, 1, || {
        black_box(serde_json::from_str::<Facts>(black_box(&json)).expect("facts are JSON"));
    });
    let (asked, facts) = (&scene.questions, &scene.facts);
    let many = asked.len();
    let walked = time(rounds, many, || {
        for (proposed, at) in asked {
            black_box(plain_loop(black_box(facts), black_box(proposed), *at));
        }
    });
    let evaluated = time(rounds, many, || {
        for (proposed, at) in asked {
            black_box(evaluate(black_box(facts), black_box(proposed), Span::days(*at, AHEAD_DAYS)));
        }
    });
    let decided = time(rounds, many, || {
        for (proposed, at) in asked {
            let span = Span::days(*at, AHEAD_DAYS);
            black_box(evaluate(black_box(facts), black_box(proposed), span).decide(*at));
        }
    });
    let sought = time(rounds, many, || {
        for (proposed, at) in asked {
            let span = Span::days(*at, AHEAD_DAYS);
            black_box(evaluate(black_box(facts), black_box(proposed), span).next_permitted(*at));
        }
    });
    let explained = time(rounds, many, || {
        for (proposed, at) in asked {
            let span = Span::days(*at, AHEAD_DAYS);
            black_box(evaluate(black_box(facts), black_box(proposed), span).explain(*at));
        }
    });
    let says = |wanted: Verdict| {
        let said = |(proposed, at): &&(Proposed, Instant)| {
            evaluate(facts, proposed, Span::days(*at, AHEAD_DAYS)).decide(*at).verdict == wanted
        };
        asked.iter().filter(said).count()
    };
    println!(
        "{}: {} attempts; of {many} questions {} allow, {} defer, {} refuse",
        scene.name,
        facts.attempts.len(),
        says(Verdict::Allow),
        says(Verdict::Defer),
        says(Verdict::Refuse),
    );
    let tell = |what: &str, each: u128| {
        let tenths = |of: u128| format!("{}.{}", each / of.max(1), each * 10 / of.max(1) % 10);
        println!(
            "  {what:<42}{:>8}{:>12}{:>9}{:>9}",
            each / 10,
            10_000_000_000 / each.max(1),
            format!("{}.{:02}", each / read.max(1), each * 100 / read.max(1) % 100),
            tenths(walked),
        );
    };
    tell("facts read from JSON", read);
    tell("one loop over the attempts", walked);
    tell("evaluate", evaluated);
    tell("evaluate and decide", decided);
    tell("evaluate and next_permitted, 30 days", sought);
    tell("evaluate and explain, with its text", explained);
}

use duly_domain::{Instant, Verdict};

/// Tenths of a nanosecond for one of the `many` things that `work` does.
fn time(rounds: usize, many: usize, mut work: impl FnMut()) -> u128 {
    let began = Clock::now();
    work();
    let once = began.elapsed();
    let repeat = (ROUND.as_nanos() / once.as_nanos().max(1)).clamp(1, 1 << 20);
    let mut best = once.as_nanos() * 10 / many as u128;
    for _ in 0..rounds {
        let began = Clock::now();
        for _ in 0..repeat {
            work();
        }
        best = best.min(began.elapsed().as_nanos() * 10 / (repeat * many as u128));
    }
    best
}

/// Calls about the proposed debts in the last seven days, and whether one of them was a conversation.
fn plain_loop(facts: &Facts, proposed: &Proposed, at: Instant) -> (usize, bool) {
    let since = at - chrono::Duration::days(7);
    let mut calls = 0;
    let mut spoke = false;
    for attempt in &facts.attempts {
        let counts = attempt.medium == Medium::Call && attempt.at >= since && attempt.at <= at;
        if counts && proposed.accounts.contains(&attempt.account) {
            calls += usize::from(attempt.counted);
            spoke |= attempt.conversation;
        }
    }
    (calls, spoke)
}
