//! Named crash points and planted faults, so that tests can kill a process at the worst instant and
//! prove that a test would notice a missing mechanism. Armed by `DULY_FAULT`; a release image has none.
//!
//! `DULY_FAULT` is a comma-separated list: `crash:relay.numbered` kills this process with SIGKILL the
//! first time it passes that point (`crash:relay.numbered:3` the third time, `crash:outside.begun@send_email`
//! the first time in the work of that name); any other word plants
//! the fault of that name. Before the kill, the point's name is appended to the file `DULY_FAULT_LOG`.

/// Every crash point, in the order in which a fact passes them.
pub const POINTS: &[&str] = &[
    "mutation.before_commit",
    "mutation.after_commit",
    "relay.before_numbered",
    "relay.numbered",
    "relay.published",
    "frame.before_commit",
    "frame.committed",
    "frame.acknowledged",
    "compact.before_commit",
    "compact.committed",
    "resend.asked",
    "due.before_claimed",
    "due.claimed",
    "due.before_commit",
    "due.committed",
    "outside.before_begun",
    "outside.begun",
    "outside.performed",
    "outside.before_finished",
    "outside.finished",
];

/// Every planted fault.
pub const PLANTED: &[&str] = &[
    "no_inbox",
    "ack_first",
    "publish_before_commit",
    "lost_timer",
    "no_halving",
    "no_person_lock",
];

#[cfg(debug_assertions)]
mod armed {
    use std::{
        collections::HashMap,
        fs::OpenOptions,
        io::Write as _,
        sync::{
            OnceLock,
            atomic::{AtomicU32, Ordering},
        },
    };

    /// What `DULY_FAULT` arms.
    struct Armed {
        crash: HashMap<String, (u32, AtomicU32)>,
        planted: Vec<String>,
    }

    fn armed() -> &'static Armed {
        static ARMED: OnceLock<Armed> = OnceLock::new();
        ARMED.get_or_init(|| {
            let list = std::env::var("DULY_FAULT").unwrap_or_default();
            let mut armed = Armed { crash: HashMap::new(), planted: Vec::new() };
            for word in list.split(',').map(str::trim).filter(|w| !w.is_empty()) {
                match word.strip_prefix("crash:") {
                    Some(point) => {
                        let (name, pass) = point
                            .split_once(':')
                            .and_then(|(name, pass)| Some((name, pass.parse().ok()?)))
                            .unwrap_or((point, 1));
                        armed.crash.insert(name.to_owned(), (pass, AtomicU32::new(0)));
                    }
                    None => armed.planted.push(word.to_owned()),
                }
            }
            armed
        })
    }

    tokio::task_local! {
        static WORK: &'static str;
    }

    /// Does work whose crash points can be armed alone: `crash:outside.begun@send_email`.
    pub async fn within<F: Future>(work: &'static str, done: F) -> F::Output {
        WORK.scope(work, done).await
    }

    /// Passes a crash point.
    pub fn point(name: &'static str) {
        debug_assert!(super::POINTS.contains(&name), "{name} is missing in POINTS");
        if armed().crash.is_empty() {
            return;
        }
        if passes(name) {
            kill(name);
        }
        if let Ok(of_work) = WORK.try_with(|work| format!("{name}@{work}"))
            && passes(&of_work)
        {
            kill(&of_work);
        }
    }

    /// Whether this pass is the one that the point is armed for.
    fn passes(name: &str) -> bool {
        let Some((pass, passed)) = armed().crash.get(name) else { return false };
        passed.fetch_add(1, Ordering::SeqCst) + 1 == *pass
    }

    fn kill(name: &str) {
        if let Ok(path) = std::env::var("DULY_FAULT_LOG")
            && let Ok(mut log) = OpenOptions::new().create(true).append(true).open(path)
        {
            // The kill follows whether or not the line could be written; the test asserts the lines.
            let _ = writeln!(log, "{name}");
        }
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        // SIGKILL cannot be survived; this only keeps other work from going on until it arrives.
        loop {
            std::thread::park();
        }
    }

    /// Whether a fault is planted.
    pub fn planted(name: &'static str) -> bool {
        debug_assert!(super::PLANTED.contains(&name), "{name} is missing in PLANTED");
        armed().planted.iter().any(|p| p == name)
    }
}

#[cfg(not(debug_assertions))]
mod armed {
    /// Does work.
    #[inline]
    pub async fn within<F: Future>(_work: &'static str, done: F) -> F::Output {
        done.await
    }

    /// Passes a crash point: nothing in a release image.
    #[inline]
    pub fn point(_name: &'static str) {}

    /// Whether a fault is planted: never in a release image.
    #[inline]
    pub fn planted(_name: &'static str) -> bool {
        false
    }
}

pub use armed::{planted, point, within};
