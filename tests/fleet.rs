//! Real processes of one set, each under a keeper that starts it again whenever it dies.

use std::{
    collections::BTreeSet,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use duly_testkit::{Endpoints, Set};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// How often a keeper looks at its process.
const LOOK: Duration = Duration::from_millis(10);

/// A process that dies sooner than this, unarmed, so many times in a row, cannot start.
const DIES_AT_ONCE: Duration = Duration::from_millis(500);
const DEATHS_MAX: u32 = 5;

/// The services that the gateway calls.
const UPSTREAMS: [&str; 4] = ["intake", "payments", "reporting", "letters"];

/// What a keeper does to its process.
#[derive(Clone)]
enum Orders {
    /// Nothing.
    Keep,
    /// Arms these crash points; each is taken off the list once it has killed.
    Arm(Vec<&'static str>),
    /// Kills after random times of life, in milliseconds.
    KillAtRandom { seed: u64, life: std::ops::Range<u64> },
}

/// One setting as an environment variable.
pub type Setting = (String, String);

/// Processes of one set.
pub struct Fleet {
    endpoints: Endpoints,
    stop: Arc<AtomicBool>,
    keepers: Vec<JoinHandle<anyhow::Result<Kept>>>,
    logs: PathBuf,
}

/// What a keeper saw.
#[derive(Debug, Default)]
pub struct Kept {
    /// Crash points that killed the process.
    pub hits: BTreeSet<String>,
    /// How often the process died.
    pub deaths: u32,
}

impl Fleet {
    /// Starts one process per entry of `services`: a service, or several with spaces between. `extra`
    /// are settings beside the set's own.
    pub fn start(set: &Set, extra: &[Setting], services: &[&'static str]) -> anyhow::Result<Self> {
        Self::under_orders(set, extra, services, |_| Orders::Keep)
    }

    /// Starts them with crash points armed: which ones, by the process's services.
    pub fn armed(
        set: &Set,
        extra: &[Setting],
        services: &[&'static str],
        points: impl Fn(&str) -> Vec<&'static str>,
    ) -> anyhow::Result<Self> {
        Self::under_orders(set, extra, services, |service| Orders::Arm(points(service)))
    }

    /// Starts them and kills each after random times of life.
    pub fn killed_at_random(
        set: &Set,
        extra: &[Setting],
        services: &[&'static str],
        seed: u64,
        life: std::ops::Range<u64>,
    ) -> anyhow::Result<Self> {
        Self::under_orders(set, extra, services, |service| {
            let of_service = service.bytes().fold(seed, |s, b| s.wrapping_mul(31) + u64::from(b));
            Orders::KillAtRandom { seed: of_service, life: life.clone() }
        })
    }

    fn under_orders(
        set: &Set,
        extra: &[Setting],
        services: &[&'static str],
        orders: impl Fn(&str) -> Orders,
    ) -> anyhow::Result<Self> {
        let logs = std::env::temp_dir().join(format!("duly-fleet-{}", set.schema("logs")));
        fs::create_dir_all(&logs)?;
        let stop = Arc::new(AtomicBool::new(false));
        let (mut endpoints, mut keepers) = (Endpoints::default(), Vec::new());
        let ports = services.iter().map(|_| free_port()).collect::<anyhow::Result<Vec<_>>>()?;
        let mut upstreams = Vec::new();
        for (service, port) in services.iter().zip(&ports) {
            for name in service.split(' ') {
                endpoints = endpoints.with(name, SocketAddr::from((Ipv4Addr::LOCALHOST, *port)));
                if UPSTREAMS.contains(&name) {
                    let key = format!("DULY_SERVICES__GATEWAY__{}", name.to_uppercase());
                    upstreams.push((key, format!("http://127.0.0.1:{port}")));
                }
            }
        }
        for (service, port) in services.iter().zip(ports) {
            let mut env = set.env();
            env.retain(|(key, _)| key != "DULY_GRPC_ADDR");
            env.push(("DULY_GRPC_ADDR".into(), format!("127.0.0.1:{port}")));
            env.push(("DULY_HTTP_ADDR".into(), "127.0.0.1:0".into()));
            env.extend(extra.iter().chain(&upstreams).cloned());
            let keeper = Keeper {
                service,
                env,
                log: logs.join(format!("{}.log", service.replace(' ', "-"))),
                hits: logs.join(format!("{}.hits", service.replace(' ', "-"))),
                orders: orders(service),
                stop: stop.clone(),
            };
            keepers.push(thread::spawn(move || keeper.keep()));
        }
        Ok(Self { endpoints, stop, keepers, logs })
    }

    /// Where the services listen.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Where their logs are.
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// Kills all and answers what each keeper saw, in the order of the services.
    pub fn stop(mut self) -> anyhow::Result<Vec<Kept>> {
        self.stop.store(true, Ordering::SeqCst);
        let mut kept = Vec::new();
        for keeper in std::mem::take(&mut self.keepers) {
            let outcome = keeper.join().map_err(|_| anyhow::anyhow!("a keeper panicked"))?;
            kept.push(outcome.with_context(|| format!("logs are in {}", self.logs.display()))?);
        }
        fs::remove_dir_all(&self.logs)?;
        Ok(kept)
    }
}

/// A test that fails half-way leaves no process behind; its logs stay for a look.
impl Drop for Fleet {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for keeper in self.keepers.drain(..) {
            // What it saw is of no interest any more.
            let _ = keeper.join();
        }
    }
}

struct Keeper {
    service: &'static str,
    env: Vec<(String, String)>,
    log: PathBuf,
    hits: PathBuf,
    orders: Orders,
    stop: Arc<AtomicBool>,
}

impl Keeper {
    fn keep(mut self) -> anyhow::Result<Kept> {
        let mut kept = Kept::default();
        let mut random = match &self.orders {
            Orders::KillAtRandom { seed, .. } => Some(StdRng::seed_from_u64(*seed)),
            _ => None,
        };
        let mut deaths_at_once = 0;
        while !self.stop.load(Ordering::SeqCst) {
            let began = Instant::now();
            let mut child = self.spawn()?;
            let life = match (&self.orders, &mut random) {
                (Orders::KillAtRandom { life, .. }, Some(random)) => {
                    Some(Duration::from_millis(random.random_range(life.clone())))
                }
                _ => None,
            };
            let Some(status) = self.watch(&mut child, life)? else { break };
            kept.deaths += 1;
            let killed = status.signal() == Some(9);
            let hit = self.take_hits(&mut kept);
            let expected = killed && (hit || life.is_some());
            deaths_at_once =
                if !expected && began.elapsed() < DIES_AT_ONCE { deaths_at_once + 1 } else { 0 };
            if deaths_at_once >= DEATHS_MAX {
                bail!("{} does not start: {status}; {}", self.service, self.last_words());
            }
        }
        Ok(kept)
    }

    fn spawn(&self) -> anyhow::Result<Child> {
        let log = fs::OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_duly"));
        command.arg("serve").args(self.service.split(' ')).envs(self.env.iter().cloned());
        command.env_remove("DULY_FAULT").env("DULY_FAULT_LOG", &self.hits);
        if let Orders::Arm(points) = &self.orders {
            let armed: Vec<_> = points.iter().map(|p| format!("crash:{p}")).collect();
            command.env("DULY_FAULT", armed.join(","));
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        command.spawn().context("starting duly serve")
    }

    /// Waits for the process's end; `None` where the fleet stops.
    fn watch(
        &self,
        child: &mut Child,
        life: Option<Duration>,
    ) -> anyhow::Result<Option<ExitStatus>> {
        let began = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            let stopping = self.stop.load(Ordering::SeqCst);
            if stopping || life.is_some_and(|life| began.elapsed() >= life) {
                child.kill()?;
                let status = child.wait()?;
                return Ok((!stopping).then_some(status));
            }
            thread::sleep(LOOK);
        }
    }

    /// Moves newly hit points from the armed list to the kept ones.
    fn take_hits(&mut self, kept: &mut Kept) -> bool {
        let hits = fs::read_to_string(&self.hits).unwrap_or_default();
        let before = kept.hits.len();
        kept.hits.extend(hits.lines().map(str::to_owned));
        if let Orders::Arm(points) = &mut self.orders {
            points.retain(|point| !kept.hits.contains(*point));
        }
        kept.hits.len() > before
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(5)..].join(" | ")
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
