//! Progress by phase: bars on a terminal, plain lines anywhere else, and how long each phase took.

use std::{
    io::{self, IsTerminal as _},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::out;

/// Between two plain lines of one phase.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// The phases so far.
pub struct Phases {
    terminal: bool,
    times: Vec<(&'static str, Duration)>,
    began: Instant,
}

/// The phase that runs.
pub struct Phase {
    began: Instant,
    counter: Counter,
}

/// Counts the steps of a phase, from anywhere.
#[derive(Clone)]
pub struct Counter {
    name: &'static str,
    bar: Option<ProgressBar>,
    total: Option<u64>,
    /// Steps done, and when the last plain line was printed.
    state: Arc<Mutex<(u64, Instant)>>,
}

impl Phases {
    /// No phase yet.
    pub fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), times: Vec::new(), began: Instant::now() }
    }

    /// Begins a phase, of so many steps where that is known.
    pub fn begin(&self, name: &'static str, total: Option<u64>) -> Phase {
        let bar = self.terminal.then(|| {
            let (bar, template) = match total {
                Some(total) => (
                    ProgressBar::new(total),
                    "{msg:22} [{bar:36}] {human_pos}/{human_len}  {elapsed}",
                ),
                None => (ProgressBar::new_spinner(), "{msg:22} {spinner}  {elapsed}"),
            };
            let style =
                ProgressStyle::with_template(template).expect("the template is well formed");
            bar.set_style(style.progress_chars("=> "));
            bar.set_message(name);
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        if bar.is_none() {
            match total {
                Some(total) => out::note(format!("{name}: {}", out::count(total))),
                None => out::note(name),
            }
        }
        let began = Instant::now();
        let state = Arc::new(Mutex::new((0, began)));
        Phase { began, counter: Counter { name, bar, total, state } }
    }

    /// Ends a phase and says what came of it.
    pub fn end(&mut self, phase: Phase, said: impl std::fmt::Display) {
        let took = phase.began.elapsed();
        let name = phase.counter.name;
        drop(phase);
        out::note(format!("{name:22} {said}  ({})", seconds(took)));
        self.times.push((name, took));
    }

    /// Each phase and how long it took.
    pub fn times(&self) -> &[(&'static str, Duration)] {
        &self.times
    }

    /// Since the first began.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Phase {
    /// Counts its steps; may outlive it.
    pub fn counter(&self) -> Counter {
        self.counter.clone()
    }

    /// So many steps more are done.
    pub fn inc(&self, steps: u64) {
        self.counter.inc(steps);
    }

    /// Says beside the bar what it is about now.
    pub fn say(&self, about: &str) {
        if let Some(bar) = &self.counter.bar {
            bar.set_message(format!("{} {about}", self.counter.name));
        }
    }
}

impl Counter {
    /// So many steps more are done.
    pub fn inc(&self, steps: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 += steps;
        if let Some(bar) = &self.bar {
            bar.set_position(state.0);
        } else if state.1.elapsed() >= LINE_EVERY {
            state.1 = Instant::now();
            let (name, done) = (self.name, out::count(state.0));
            match self.total {
                Some(total) => out::note(format!("{name}: {done} of {}", out::count(total))),
                None => out::note(format!("{name}: {done}")),
            }
        }
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        // Of an error too: a bar that stays behind would garble it.
        if let Some(bar) = &self.counter.bar {
            bar.finish_and_clear();
        }
    }
}

/// `4.2 s`, `2 min 5 s`.
pub fn seconds(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        format!("{} min {} s", tenths / 600, tenths % 600 / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_seconds_and_minutes() {
        assert_eq!(seconds(Duration::from_millis(4_249)), "4.2 s");
        assert_eq!(seconds(Duration::from_millis(59_990)), "59.9 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }
}
