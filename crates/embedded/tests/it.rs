//! Real servers, started, queried, stopped, killed and started again.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use duly_embedded::{
    Nats, NatsOptions, Postgres, PostgresOptions, Scratch, Servers, ServersOptions,
};

fn postgres_in(dir: &Path) -> PostgresOptions {
    PostgresOptions { dir: dir.join("pg"), ..PostgresOptions::default() }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("`id` runs");
    output.stdout.trim_ascii() == b"0"
}

#[test]
fn postgres_keeps_its_rows_over_a_stop_and_a_crash() {
    let scratch = Scratch::new("duly-pg").unwrap();
    let options = PostgresOptions { durable: true, ..postgres_in(scratch.path()) };
    let mut first = Postgres::start(&options).unwrap();
    first.create_database("test").unwrap();
    first.create_database("test").unwrap();
    first.query("test", "CREATE TABLE kept (n int)").unwrap();
    first.query("test", "INSERT INTO kept VALUES (1)").unwrap();
    let settings = "SELECT current_setting('fsync'), current_setting('max_connections'), \
                    current_setting('TimeZone'), current_setting('server_encoding')";
    assert_eq!(first.query("test", settings).unwrap(), "on,300,UTC,UTF8");

    let port = first.port();
    first.kill().unwrap();
    assert!(first.query("test", "SELECT 1").is_err());
    first.start_again().unwrap();
    assert_eq!(first.port(), port);
    first.query("test", "INSERT INTO kept VALUES (2)").unwrap();
    first.stop().unwrap();
    drop(first);

    let second = Postgres::start(&options).unwrap();
    assert_eq!(second.query("test", "SELECT sum(n) FROM kept").unwrap(), "3");
    assert!(second.url("test").starts_with("postgres://duly@127.0.0.1:"));
}

#[test]
fn a_server_that_is_not_durable_says_so_in_its_settings() {
    let scratch = Scratch::new("duly-fast").unwrap();
    let postgres = Postgres::start(&postgres_in(scratch.path())).unwrap();
    let settings = "SELECT current_setting('fsync'), current_setting('synchronous_commit'), \
                    current_setting('full_page_writes')";
    assert_eq!(postgres.query("postgres", settings).unwrap(), "off,off,off");
}

#[test]
fn a_failed_statement_leaves_no_value_in_the_log() {
    let scratch = Scratch::new("duly-log").unwrap();
    let postgres = Postgres::start(&postgres_in(scratch.path())).unwrap();
    postgres.query("postgres", "CREATE TABLE person (ssn text CHECK (false))").unwrap();
    postgres.query("postgres", "INSERT INTO person VALUES ('078-05-1120')").unwrap_err();
    let log = fs::read_to_string(scratch.path().join("pg/postgres.log")).unwrap();
    assert!(log.contains("violates check constraint"), "{log}");
    assert!(!log.contains("078-05-1120"), "{log}");
}

#[test]
fn a_taken_port_is_named_with_the_remedy() {
    let scratch = Scratch::new("duly-port").unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();

    let options = PostgresOptions { port: Some(port), ..postgres_in(scratch.path()) };
    let said = Postgres::start(&options).unwrap_err().to_string();
    assert!(said.contains(&format!("port {port} of 127.0.0.1, wanted for Postgres, is taken")));

    let options = NatsOptions { dir: scratch.path().join("nats"), port: Some(port), server: None };
    let said = Nats::start(&options).unwrap_err().to_string();
    assert!(said.contains("wanted for nats-server, is taken: stop the program"), "{said}");
}

#[test]
fn a_data_directory_in_use_is_refused() {
    let scratch = Scratch::new("duly-used").unwrap();
    let first = Postgres::start(&postgres_in(scratch.path())).unwrap();
    let said = Postgres::start(&postgres_in(scratch.path())).unwrap_err().to_string();
    assert!(said.contains(&format!("in use by process {}", std::process::id())), "{said}");
    assert_eq!(first.query("postgres", "SELECT 1").unwrap(), "1");
}

#[test]
fn a_server_left_behind_by_a_killed_owner_is_ended_first() {
    let scratch = Scratch::new("duly-left").unwrap();
    let options = postgres_in(scratch.path());
    let postgres = Postgres::start(&options).unwrap();
    let bin = postgres.binaries().dir.clone();
    drop(postgres);

    // Started by hand: no owner holds the lock.
    let data = fs::canonicalize(scratch.path()).unwrap().join("pg/data");
    let pg_ctl = format!(
        "'{}' -D '{}' -w -o '-p {} -c unix_socket_directories=' start",
        bin.join("pg_ctl").display(),
        data.display(),
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
    );
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]);
        command.args(["sh", "-c", &pg_ctl]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &pg_ctl]);
        command
    };
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().unwrap().success());
    let left: String = fs::read_to_string(data.join("postmaster.pid")).unwrap();
    let left = left.lines().next().unwrap().to_owned();

    let postgres = Postgres::start(&options).unwrap();
    assert_eq!(postgres.query("postgres", "SELECT 1").unwrap(), "1");
    assert!(!runs(&left), "the old server {left} is gone");
}

#[test]
fn a_pid_file_whose_number_belongs_to_another_program_does_not_hinder() {
    let scratch = Scratch::new("duly-stale").unwrap();
    let options = postgres_in(scratch.path());
    drop(Postgres::start(&options).unwrap());
    let mut file = fs::File::create(scratch.path().join("pg/data/postmaster.pid")).unwrap();
    writeln!(file, "{}\n/elsewhere", std::process::id()).unwrap();
    drop(file);
    let postgres = Postgres::start(&options).unwrap();
    assert_eq!(postgres.query("postgres", "SELECT 1").unwrap(), "1");
}

#[test]
fn a_folder_that_the_account_cannot_enter_is_named() {
    if !is_root() {
        return; // everybody else runs Postgres as themselves
    }
    let scratch = Scratch::new("duly-shut").unwrap();
    let shut = scratch.path().join("shut");
    fs::create_dir(&shut).unwrap();
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
    let said = Postgres::start(&postgres_in(&shut)).unwrap_err().to_string();
    assert!(said.contains("the account postgres cannot enter"), "{said}");
    assert!(said.contains(&format!("chmod o+x {}", shut.canonicalize().unwrap().display())));
}

#[test]
fn a_path_too_long_for_a_socket_still_serves_by_port() {
    let scratch = Scratch::new("duly-long").unwrap();
    let long = scratch.path().join("a-folder-with-quite-a-long-name/".repeat(4));
    let postgres = Postgres::start(&postgres_in(&long)).unwrap();
    let sockets = "SELECT current_setting('unix_socket_directories') = ''";
    assert_eq!(postgres.query("postgres", sockets).unwrap(), "t");
}

/// A small disk of its own, gone with the value.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where nobody may mount one.
    fn new(at: PathBuf, size: &str) -> Option<Self> {
        fs::create_dir_all(&at).expect("the scratch folder is ours");
        let option = format!("size={size},mode=755");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &option, "duly-test"]).arg(&at).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_named_with_the_remedy() {
    let scratch = Scratch::new("duly-full").unwrap();
    let Some(disk) = SmallDisk::new(scratch.path().join("disk"), "8m") else { return };
    let said = Postgres::start(&postgres_in(&disk.0)).unwrap_err().to_string();
    assert!(said.contains("the disk that holds"), "{said}");
    assert!(said.contains("is full: free some space"), "{said}");
    assert!(!disk.0.join("pg/data").exists(), "no half cluster stays");
}

#[test]
fn an_old_nats_server_does_not_start() {
    let scratch = Scratch::new("duly-nats-old").unwrap();
    let old = scratch.path().join("nats-server");
    fs::write(&old, "#!/bin/sh\necho 'nats-server: v2.9.10'\n").unwrap();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o755)).unwrap();
    let options = NatsOptions { dir: scratch.path().join("nats"), port: None, server: Some(old) };
    let said = Nats::start(&options).unwrap_err().to_string();
    assert!(said.contains("2.9.10") && said.contains("silently drop"), "{said}");
}

#[test]
fn nats_is_killed_wiped_and_started_again_on_its_port() {
    let scratch = Scratch::new("duly-nats").unwrap();
    let options = NatsOptions { dir: scratch.path().to_path_buf(), ..NatsOptions::default() };
    let mut nats = Nats::start(&options).unwrap();
    let port = nats.port();
    assert!(nats.wipe_store().unwrap_err().to_string().contains("stop the nats-server"));
    nats.kill().unwrap();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
    nats.wipe_store().unwrap();
    assert!(!scratch.path().join("store").exists());
    nats.start_again().unwrap();
    assert_eq!(nats.url(), format!("nats://127.0.0.1:{port}"));
    nats.stop().unwrap();
    nats.stop().unwrap();
}

/// Not a test of its own: the owner that the next test kills.
#[test]
#[ignore = "run by servers_end_with_an_owner_that_is_killed"]
fn an_owner_that_waits() {
    let dir = std::env::var("DULY_TEST_OWNED").unwrap();
    let options = ServersOptions { dir: PathBuf::from(&dir), ..ServersOptions::default() };
    let _servers = Servers::start(&options).unwrap();
    fs::write(Path::new(&dir).join("up"), "").unwrap();
    loop {
        thread::park();
    }
}

#[test]
fn servers_end_with_an_owner_that_is_killed() {
    let scratch = Scratch::new("duly-owner").unwrap();
    let dir = scratch.path();
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "an_owner_that_waits"])
        .env("DULY_TEST_OWNED", dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("both servers are up", || dir.join("up").exists());
    let pids = [dir.join("postgres/data/postmaster.pid"), dir.join("nats/nats.pid")].map(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.lines().next().unwrap().to_owned()
    });
    owner.kill().unwrap();
    owner.wait().unwrap();
    for pid in pids {
        until("the server is gone", || !runs(&pid));
    }
    // And the directory can be used again.
    let options = ServersOptions { dir: dir.to_path_buf(), ..ServersOptions::default() };
    Servers::start(&options).unwrap().stop().unwrap();
}

/// Whether the process runs: one that has ended, but that nobody has reaped yet, has no command line.
fn runs(pid: &str) -> bool {
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// Waits on another process, which no clock of ours can move.
fn until(what: &str, done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(120), "{what}: not within two minutes");
        thread::sleep(Duration::from_millis(20));
    }
}
