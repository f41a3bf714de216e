//! The program as its user runs it: verbs that say something and end, and one that serves.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{interval, timeout},
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a waiting test looks again.
const LOOK: Duration = Duration::from_millis(20);

/// Variables that name programs of this machine.
const KEPT: [&str; 2] = ["DULY_NATS_SERVER", "DULY_PG_BIN"];

/// The program, without settings of whoever runs the tests.
pub fn duly() -> Command {
    in_place_of(env!("CARGO_BIN_EXE_duly").as_ref())
}

/// Another program under the same terms.
pub fn in_place_of(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("DULY_") && !KEPT.contains(&&*name) {
            command.env_remove(&*name);
        }
    }
    // Tests run beside each other, and beside what the machine serves.
    for addr in ["DULY_GRPC_ADDR", "DULY_ADMIN_ADDR", "DULY_HTTP_ADDR"] {
        command.env(addr, "127.0.0.1:0");
    }
    // Asked for, and still nobody is shown a stack trace.
    command.env("RUST_BACKTRACE", "1").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// What a verb said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

/// Runs a verb to its end.
pub async fn run(command: &mut Command) -> anyhow::Result<Said> {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = timeout(PATIENCE, command.spawn()?.wait_with_output()).await;
    let output = output.with_context(|| format!("{command:?} does not end"))??;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).context("a program speaks UTF-8");
    Ok(Said { status: output.status, out: text(output.stdout)?, err: text(output.stderr)? })
}

impl Said {
    /// It failed, in words that hold each of these: the thing and the remedy.
    #[track_caller]
    pub fn refused(&self, words: &[&str]) {
        let code = self.status.code();
        assert!(code.is_some_and(|code| code != 0), "it ended with {:?}: {self:?}", self.status);
        let error = self.err.split("error: ").skip(1).collect::<Vec<_>>().join("error: ");
        for word in words {
            assert!(error.contains(word), "`{word}` is not in: {}", self.err);
        }
        self.in_words();
    }

    /// It did what it was asked.
    #[track_caller]
    pub fn done(&self) {
        assert!(self.status.success(), "it ended with {}: {}{}", self.status, self.out, self.err);
        self.in_words();
    }

    /// Neither a panic nor a trace.
    #[track_caller]
    pub fn in_words(&self) {
        assert_in_words(&self.err);
    }

    /// It repeats none of these values.
    #[track_caller]
    pub fn keeps_to_itself(&self, values: &[&str]) {
        for value in values {
            assert!(!self.out.contains(value), "{value} is in: {}", self.out);
            assert!(!self.err.contains(value), "{value} is in: {}", self.err);
        }
    }
}

#[track_caller]
fn assert_in_words(said: &str) {
    for trace in ["panicked", "stack backtrace", "RUST_BACKTRACE", "   0: ", "Os { code", "Error {"]
    {
        assert!(!said.contains(trace), "`{trace}` is in: {said}");
    }
}

/// `duly serve` that serves. Killed when dropped.
pub struct Served {
    child: Child,
    log: PathBuf,
    pub grpc: SocketAddr,
    pub admin: SocketAddr,
}

impl Served {
    /// Starts it and waits until it says that it serves. All that it says goes to `log`.
    pub async fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let file = fs::File::create(log)?;
        let command = command.arg("serve").stdout(file.try_clone()?).stderr(file);
        let mut child = command.spawn().context("starting duly serve")?;
        let said = wait_for("a line that it serves", async || {
            let said = fs::read_to_string(log)?;
            if let Some(status) = child.try_wait()? {
                bail!("duly serve ended with {status}: {said}");
            }
            Ok(said.lines().find(|line| line.starts_with("duly serves")).map(str::to_owned))
        })
        .await?;
        let address = |label: &str| -> anyhow::Result<SocketAddr> {
            let rest = said.split(label).nth(1).with_context(|| said.clone())?;
            let end = rest.find([',', ' ']).unwrap_or(rest.len());
            Ok(rest[..end].parse()?)
        };
        let (grpc, admin) = (address("gRPC on ")?, address("metrics on ")?);
        Ok(Self { child, log: log.to_owned(), grpc, admin })
    }

    /// All that it has said.
    pub fn log(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }

    /// Waits until it ends by itself.
    pub async fn ended(mut self) -> anyhow::Result<Said> {
        let status = timeout(PATIENCE, self.child.wait()).await.context("it does not end")??;
        Ok(Said { status, out: String::new(), err: self.log()? })
    }

    /// Asks it to stop: it ends well and in words. Gives all that it has said.
    pub async fn stop(mut self) -> anyhow::Result<String> {
        let pid = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        kill_process(pid.context("it runs still")?, Signal::TERM)?;
        let status = timeout(PATIENCE, self.child.wait()).await.context("it does not stop")??;
        let said = self.log()?;
        ensure!(status.success(), "duly serve ended with {status}: {said}");
        assert_in_words(&said);
        Ok(said)
    }
}

/// Looks until there is something.
pub async fn wait_for<T>(
    what: &str,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let began = Instant::now();
    let mut every = interval(LOOK);
    loop {
        every.tick().await;
        if let Some(found) = look().await? {
            return Ok(found);
        }
        ensure!(began.elapsed() < PATIENCE, "waited in vain for {what}");
    }
}
