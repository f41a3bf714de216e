//! Starts that cannot succeed: a port that is taken, a server that is missing, too old, gone or not
//! ours. Each ends at once with its remedy, shows no password and leaves nothing running.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    thread,
};

use anyhow::Context as _;
use duly_embedded::Scratch;
use duly_platform::{Sealer, auth::Signer};
use duly_testkit::Set;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Command;

use super::program::{Served, duly, run, wait_for};
use crate::journey::all_services;

const PASSWORD: &str = "hunter-s3cret";

/// `duly serve` on these servers, with keys of its own.
fn serve(database_url: &str, nats_url: &str) -> Command {
    let keys = Signer::generate();
    let mut command = duly();
    command.env("DULY_DATABASE_URL", database_url).env("DULY_NATS_URL", nats_url);
    command
        .env("DULY_TOKEN_PUBLIC_KEY", keys.public)
        .env("DULY_SEAL_KEY", Sealer::generate().expose());
    command.env("DULY_DATA_DIR", "/nonexistent").arg("serve");
    command
}

fn tests_nats() -> anyhow::Result<String> {
    std::env::var("DULY_TEST_NATS_URL").context("journeys need NATS; run cargo xtask test")
}

fn tests_database() -> anyhow::Result<String> {
    std::env::var("DULY_TEST_DATABASE_URL").context("journeys need Postgres; run cargo xtask test")
}

/// An address at which nobody listens.
fn nobody() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named_with_the_setting_to_change() -> anyhow::Result<()> {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = taken.local_addr()?.to_string();
    for (variable, setting) in [
        ("DULY_GRPC_ADDR", "grpc_addr"),
        ("DULY_ADMIN_ADDR", "admin_addr"),
        ("DULY_HTTP_ADDR", "http_addr"),
    ] {
        let mut serve = serve(&tests_database()?, &tests_nats()?);
        let said = run(serve.env(variable, &address)).await?;
        said.refused(&[
            &address,
            "is taken by another program",
            "stop that one",
            setting,
            variable,
        ]);
    }
    let elsewhere = serve(&tests_database()?, &tests_nats()?)
        .env("DULY_GRPC_ADDR", "192.0.2.1:7070")
        .output()
        .await?;
    let said = String::from_utf8(elsewhere.stderr)?;
    assert!(said.contains("192.0.2.1:7070 is not an address of this machine"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_named_without_its_password() -> anyhow::Result<()> {
    let (nobody, nats) = (nobody()?.to_string(), tests_nats()?);
    let gone = format!("postgres://duly:{PASSWORD}@{nobody}/duly");
    let of_installation =
        [vec!["migrate"], vec!["digest"], vec!["frames", "lag"], vec!["rebuild", "reporting"]];
    let mut refused = vec![run(&mut serve(&gone, &nats)).await?];
    for verb in of_installation {
        let mut command = duly();
        command.env("DULY_DATABASE_URL", &gone).env("DULY_NATS_URL", &nats).args(verb);
        refused.push(run(&mut command).await?);
    }
    for said in &refused {
        said.refused(&[&nobody, "cannot reach Postgres", "start it, or set DULY_DATABASE_URL"]);
        said.keeps_to_itself(&[PASSWORD]);
    }

    let database = tests_database()?;
    let missing = format!("{}/no_such_database", database.rsplit_once('/').context("a URL")?.0);
    let said = run(&mut serve(&missing, &nats)).await?;
    said.refused(&["does not let us in", "no_such_database", "DULY_DATABASE_URL"]);
    let mut unmigrated = serve(&database, &nats);
    let said = run(unmigrated.env("DULY_SCHEMA_PREFIX", "nobody_made_")).await?;
    said.refused(&["the schema nobody_made_", "run `duly migrate` first"]);

    let said = run(&mut serve(&database, &format!("nats://duly:{PASSWORD}@{nobody}"))).await?;
    said.refused(&["cannot reach NATS", &nobody, "start nats-server, or set DULY_NATS_URL"]);
    said.keeps_to_itself(&[PASSWORD]);

    // Nobody serves at the address that a client of the services calls.
    let server = format!("http://{nobody}");
    let mut call = duly();
    let said = run(call.args(["clients", "list", "--token", "a.b.c", "--server", &server])).await?;
    said.refused(&[&server, "start it with `duly serve`", "--server"]);

    // Half of the settings, a URL of something else, a key nobody knows.
    let half = run(serve(&database, &nats).env_remove("DULY_NATS_URL")).await?;
    half.refused(&["DULY_NATS_URL is not", "set both"]);
    let other = run(&mut serve(&format!("mysql://duly:{PASSWORD}@{nobody}/duly"), &nats)).await?;
    other.refused(&["database_url", "postgres://user:password@host"]);
    other.keeps_to_itself(&[PASSWORD]);
    let unknown = run(serve(&database, &nats).env("DULY_GRPC_PORT", "7070")).await?;
    unknown.refused(&["DULY_GRPC_PORT", "unknown key", "grpc_addr"]);
    let sealing = run(serve(&database, &nats).env("DULY_SEAL_KEY", PASSWORD)).await?;
    sealing.refused(&["seal_key", "openssl rand -hex 32"]);
    sealing.keeps_to_itself(&[PASSWORD]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_or_unfit_broker_is_refused_with_the_reason() -> anyhow::Result<()> {
    let database = tests_database()?;
    let old = broker(r#""version":"2.9.10","jetstream":true"#)?;
    let said = run(&mut serve(&database, &format!("nats://{old}"))).await?;
    said.refused(&["nats-server 2.9.10 is too old", "silently drops", "install 2.10 or newer"]);
    let forgetful = broker(r#""version":"2.12.1","jetstream":false"#)?;
    let said = run(&mut serve(&database, &format!("nats://{forgetful}"))).await?;
    said.refused(&[&forgetful.to_string(), "without JetStream", "start nats-server with -js"]);

    // One that cannot keep what the streams may hold: a pebibyte each is more than any disk here.
    let set = Set::create(&all_services()).await?;
    let mut cramped = duly();
    cramped.envs(set.env()).env("DULY_STREAM_BYTES_MAX", "1125899906842624").arg("serve");
    let said = run(&mut cramped).await?;
    set.drop().await?;
    said.refused(&["no room for the stream of", "max_file_store", "DULY_STREAM_BYTES_MAX"]);
    Ok(())
}

/// Greets clients as a nats-server that says this of itself, and answers their first ping.
fn broker(info: &str) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let greeting = format!(
        "INFO {{\"server_id\":\"X\",\"server_name\":\"x\",{info},\"go\":\"go1\",\"host\":\"127.0.0.1\",\
         \"port\":{},\"headers\":true,\"max_payload\":1048576,\"proto\":1}}\r\n",
        address.port()
    );
    // Ends with its one client.
    thread::spawn(move || {
        let Ok((stream, _)) = listener.accept() else { return };
        let _ = greet(&stream, &greeting);
    });
    Ok(address)
}

fn greet(mut stream: &TcpStream, greeting: &str) -> std::io::Result<()> {
    stream.write_all(greeting.as_bytes())?;
    for line in BufReader::new(stream).lines() {
        if line?.starts_with("PING") {
            stream.write_all(b"PONG\r\n")?;
        }
    }
    Ok(())
}

/// A data directory that `duly serve` makes its private servers in.
struct Private(Scratch);

impl Private {
    /// The program on this data directory.
    fn duly(&self) -> Command {
        let mut command = duly();
        command.arg("--data-dir").arg(self.dir());
        command
    }

    fn serve(&self) -> Command {
        let mut command = self.duly();
        command.arg("serve");
        command
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("data")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn private_servers_that_will_not_do_are_refused_and_none_is_left_running()
-> anyhow::Result<()> {
    let private = Private(Scratch::new("duly-bad-start")?);
    let old = script(private.0.path(), "nats-server: v2.9.10")?;
    let said = run(private.serve().env("DULY_NATS_SERVER", &old)).await?;
    said.refused(&["is version 2.9.10", "2.10 is the oldest that will do", "silently drop"]);
    assert!(!private.dir().join("postgres").exists(), "it is refused before anything else is made");
    // The same where it is merely the first on PATH.
    let path = private.0.path().join("old-path");
    fs::create_dir(&path)?;
    fs::rename(&old, path.join("nats-server"))?;
    let mut serve = private.serve();
    serve.env_remove("DULY_NATS_SERVER").env("PATH", &path);
    if !has_tools() {
        run(&mut serve).await?.refused(&[
            "no nats-server 2.10 or newer",
            "2.9.10",
            "DULY_NATS_SERVER",
        ]);
    }
    let said = run(private.serve().env("DULY_NATS_SERVER", "/gone")).await?;
    said.refused(&["/gone does not run as a nats-server"]);
    let said = run(private.serve().env("DULY_PG_BIN", "/gone")).await?;
    said.refused(&["/gone holds no `postgres`", "DULY_PG_BIN"]);

    // By now both servers would start; the port is taken only afterwards.
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = taken.local_addr()?.to_string();
    let said = run(private.serve().env("DULY_GRPC_ADDR", &address)).await?;
    said.refused(&[&address, "is taken by another program", "DULY_GRPC_ADDR"]);
    let postmaster = private.dir().join("postgres/data/postmaster.pid");
    assert!(!postmaster.exists(), "its Postgres was left running");
    let broker = fs::read_to_string(private.dir().join("nats/nats.pid")).unwrap_or_default();
    let alive = !broker.is_empty() && Path::new(&format!("/proc/{}", broker.trim())).exists();
    assert!(!alive, "its nats-server was left running");

    // One that dies while it is served ends the service in words; started again, all is there.
    let log = private.0.path().join("serve.log");
    let client = "client_ref: ACME\nname: Acme\neffective_on: 2025-01-01\npolicy:\n  currency: USD\n  \
                  remit_method: net\n  offset_consent_on: 2024-12-01\n  fee_schedule:\n    rates: \
                  {flat: {rate: \"0.25\"}}\n";
    let file = private.0.path().join("client.yaml");
    fs::write(&file, client)?;
    let served = Served::start(&mut private.duly(), &log).await?;
    let mut put = private.duly();
    put.args(["clients", "put"]).arg(&file);
    wait_for("the clients to be put", async || {
        Ok(run(&mut put).await?.status.success().then_some(()))
    })
    .await?;
    let postgres = fs::read_to_string(&postmaster)?;
    let postgres = postgres.lines().next().and_then(|pid| Pid::from_raw(pid.parse().ok()?));
    kill_process(postgres.context("a Postgres that runs has a number")?, Signal::QUIT)?;
    let said = served.ended().await?;
    said.refused(&[
        "Postgres ended by itself",
        "nothing that was answered is lost",
        "`duly serve` again",
    ]);
    let served = Served::start(&mut private.duly(), &log).await?;
    let mut list = private.duly();
    list.args(["clients", "list"]);
    let listed = wait_for("the clients to be listed", async || {
        Ok(Some(run(&mut list).await?).filter(|said| said.status.success()))
    })
    .await?;
    assert!(listed.out.contains("ACME"), "{}", listed.out);
    served.stop().await?;

    // A folder that cannot be one.
    let file = private.0.path().join("file");
    fs::write(&file, "")?;
    let mut serve = duly();
    let said = run(serve.args(["serve", "--data-dir"]).arg(file.join("data"))).await?;
    said.refused(&["file/data", "a file stands where a folder should", "correct the path"]);
    Ok(())
}

/// A program that answers this and nothing else.
fn script(dir: &Path, answer: &str) -> anyhow::Result<PathBuf> {
    let path = dir.join("old-nats-server");
    fs::write(&path, format!("#!/bin/sh\necho '{answer}'\n"))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    Ok(path)
}

/// Whether the program finds a nats-server beside itself, installed for the tests.
fn has_tools() -> bool {
    let program = Path::new(env!("CARGO_BIN_EXE_duly"));
    program.ancestors().skip(2).take(2).any(|dir| dir.join("tools/venv/bin/nats-server").exists())
}
