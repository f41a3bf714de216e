//! Disks that are full: under the files that the program writes, and under the database while a file is
//! being placed. Small disks of memory stand in, which only root can make: without them a note is
//! printed.

use std::{
    fs::{self, File},
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use duly_embedded::{Postgres, PostgresOptions, Scratch};
use duly_platform::{config::SecretText, error::reason_of};
use duly_testkit::{PlaceOpen, Placed, placement};
use tonic::{Code, Status};

use super::{
    program::{duly, run, wait_for},
    world::{Counted, HEADER, MAPPING, World, row, rows},
};

/// A disk of so many KiB, until it is dropped.
struct Disk {
    path: PathBuf,
    _scratch: Scratch,
}

impl Disk {
    /// `None`, and a note, where nobody lets us make one.
    fn new(kib: usize) -> anyhow::Result<Option<Self>> {
        let scratch = Scratch::new("duly-bad-disk")?;
        let path = scratch.path().join("disk");
        fs::create_dir(&path)?;
        let size = format!("size={kib}k,mode=0755");
        let mut mount = Command::new("mount");
        let output = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            eprintln!("no small disk, so that this was not tried: {}", said.trim());
            return Ok(None);
        }
        Ok(Some(Self { path, _scratch: scratch }))
    }

    /// Takes all of it but so many KiB, until what is answered is removed.
    fn fill(&self, but_kib: u64) -> anyhow::Result<PathBuf> {
        let path = self.path.join("ballast");
        let (mut file, zeros) = (File::create(&path)?, [0; 64 * 1024]);
        while file.write_all(&zeros).is_ok() {}
        let len = file.metadata()?.len().checked_sub(but_kib * 1024);
        file.set_len(len.context("the disk is smaller than that")?)?;
        Ok(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: what holds it still is ending.
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_a_written_file_is_named_and_takes_nothing_back() -> anyhow::Result<()> {
    const FULL: [&str; 2] = ["disk is full", "free some space there"];
    let world = World::new().await?;
    world.put("ACME").await?;
    let rows = [row("ACME", 1), row("ACME", 2).replace("Debtor 2 LLC", ""), row("ACME", 3)];
    let file = world.file("three.csv", format!("{HEADER}\n{}\n", rows.join("\n")))?;
    let mapping = world.file("map.yaml", MAPPING)?;
    let said = run(world.place(&file, &mapping).args(["--rejects", "/dev/full"])).await?;
    said.refused(&FULL);
    said.refused(&["/dev/full", "answered as shown above", "run the same command again"]);
    assert!(said.out.contains("missing_value") && said.out.contains("agree"), "{}", said.out);
    let whole = Counted { accepted: 2, rejected: 1 };
    assert_eq!(world.counted().await?, whole);
    run(&mut world.place(&file, &mapping)).await?.done();
    assert_eq!(world.counted().await?, whole);

    let mut place = duly();
    place.arg("place").arg(&file).arg("--mapping").arg(&mapping);
    let full = File::options().write(true).open("/dev/full")?;
    place.args(["--as-of", "2026-01-05", "--dry-run"]).stdout(full).stderr(Stdio::piped());
    let said = place.spawn()?.wait_with_output().await?;
    let words = String::from_utf8(said.stderr)?;
    assert!(!said.status.success() && FULL.iter().all(|word| words.contains(word)), "{words}");
    world.end().await?;

    let Some(disk) = Disk::new(32)? else { return Ok(()) };
    let out = disk.path.join("made");
    let said = run(duly().args(["generate", "--accounts", "1000", "--out"]).arg(&out)).await?;
    said.refused(&FULL);
    said.refused(&["made/portfolio.csv"]);
    fs::remove_dir_all(&out)?;
    run(duly().args(["generate", "--accounts", "20", "--out"]).arg(&out)).await?.done();
    fs::remove_dir_all(&out)?;

    let mut serve = duly();
    serve.args(["serve", "--data-dir"]).arg(&out);
    run(&mut serve).await?.refused(&["/made", "full", "free some space there"]);
    fs::remove_dir_all(&out)?;

    // There is room for the portfolio of a demo, and not for all its statements.
    let temporary = Scratch::new("duly-bad-demo")?;
    let mut demo = duly();
    demo.args(["demo", "--accounts", "20", "--days", "7", "--out"])
        .arg(&out)
        .env("TMPDIR", temporary.path());
    let said = run(&mut demo).await?;
    said.refused(&FULL);
    said.refused(&["made/statement-"]);
    ensure!(fs::read_dir(temporary.path())?.next().is_none(), "the demo left its servers behind");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_database_halts_placing_until_there_is_room() -> anyhow::Result<()> {
    let Some(disk) = Disk::new(192 * 1024)? else { return Ok(()) };
    let postgres = Postgres::start(&PostgresOptions {
        dir: disk.path.join("postgres"),
        durable: true,
        ..PostgresOptions::default()
    })?;
    postgres.create_database("duly")?;
    let url = SecretText::new(postgres.url("duly"));
    let world = World::on(|config| config.database_url = Some(url)).await?;
    world.put("ACME").await?;
    world.put("HARBOR").await?;
    let file = world.file("large.csv", rows(4_000))?;
    let mapping = world.file("map.yaml", MAPPING)?;

    // The log has a file of its own with room, the tables have none.
    postgres.query("duly", "SELECT pg_switch_wal()")?;
    postgres.query("duly", "CHECKPOINT")?;
    let ballast = disk.fill(512)?;
    let mut place = world.place(&file, &mapping);
    let meanwhile = async {
        wait_for("the disk to be full", async || {
            Ok(world.served.log()?.contains("disk is full").then_some(()))
        })
        .await?;
        let half = refused_meanwhile(&world).await?;
        fs::remove_file(&ballast)?;
        anyhow::Ok(half)
    };
    let (said, half) = tokio::join!(run(&mut place), meanwhile);
    let (said, half) = (said?, half?);
    said.done();
    let told = ["ACME: the stream was cut (the database's disk is full", "free space there"];
    assert!(told.iter().all(|words| said.err.contains(words)), "{}", said.err);
    assert!(half.accepted < 3_960, "it was full before the end: {half:?}");
    assert_eq!(place_harbor(&world).await?.batch.accepted, 500);
    assert_eq!(world.counted().await?, Counted { accepted: 3_960 + 500, rejected: 40 });
    world.end().await.map(drop)
}

/// A batch of HARBOR's of one whole chunk.
async fn place_harbor(world: &World) -> anyhow::Result<Placed> {
    let open =
        PlaceOpen { client_ref: "HARBOR".into(), batch_key: "full".into(), ..PlaceOpen::default() };
    let claims = (1..=500).map(|n| placement(&format!("H-{n:03}")).build()).collect();
    duly_testkit::place(&mut world.api.intake.clone(), open, claims, 500).await
}

/// A caller that does not wait is told so, and nothing of what it sent stands.
async fn refused_meanwhile(world: &World) -> anyhow::Result<Counted> {
    let refusal = place_harbor(world).await.expect_err("there is no room for it");
    let status = refusal.downcast_ref::<Status>().context("the service refuses it")?;
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(reason_of(status).as_deref(), Some("database_disk_full"), "{status:?}");
    let said = status.message();
    assert!(said.contains("disk is full; free space there, then try again"), "{said}");
    world.answered().await
}
