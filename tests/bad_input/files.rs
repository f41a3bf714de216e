//! Files that are missing, cannot be read or are something else, and mappings that do not suit them.
//! Nothing runs but the program.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use duly_embedded::Scratch;
use tokio::process::Command;

use super::{
    program::{Said, duly, in_place_of, run},
    world::{HEADER, MAPPING, TODAY, row},
};

struct Folder(Scratch);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        Ok(Self(Scratch::new("duly-bad-files")?))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        fs::write(self.path(name), content)?;
        Ok(self.path(name))
    }

    /// `duly place --dry-run`, in the folder.
    fn place(&self, file: impl AsRef<Path>, mapping: impl AsRef<Path>) -> Command {
        self.asked_of(duly(), file, mapping)
    }

    fn asked_of(
        &self,
        mut command: Command,
        file: impl AsRef<Path>,
        mapping: impl AsRef<Path>,
    ) -> Command {
        command.arg("place").arg(file.as_ref()).arg("--mapping").arg(mapping.as_ref());
        command.args(["--as-of", TODAY, "--dry-run"]).current_dir(self.0.path());
        command
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_unreadable_file_is_named_with_what_to_do() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let good = folder.file("good.csv", format!("{HEADER}\n{}\n", row("ACME", 1)))?;
    let mapping = folder.file("map.yaml", MAPPING)?;
    run(&mut folder.place(&good, &mapping)).await?.done();

    let missing = run(&mut folder.place("gone.csv", &mapping)).await?;
    missing.refused(&["gone.csv", "does not exist", "correct the path", "duly-bad-files"]);
    let missing = run(&mut folder.place(&good, "gone.yaml")).await?;
    missing.refused(&["the mapping gone.yaml", "does not exist", "correct the path"]);
    let missing = run(duly().args(["clients", "put", "/gone.yaml", "--token", "x.y.z"])).await?;
    missing.refused(&["the clients from /gone.yaml", "does not exist", "correct the path"]);
    let missing = run(duly().args(["serve", "--config", "/gone.toml"])).await?;
    missing.refused(&["/gone.toml", "DULY_CONFIG"]);

    let a_folder = run(&mut folder.place(folder.0.path(), &mapping)).await?;
    a_folder.refused(&["duly-bad-files", "no regular file", "save it to a file"]);
    let a_folder = run(&mut folder.place(&good, folder.0.path())).await?;
    a_folder.refused(&["the mapping", "it is a folder", "name a file"]);
    let beyond = run(&mut folder.place(good.join("x.csv"), &mapping)).await?;
    beyond.refused(&["good.csv/x.csv", "correct the path"]);
    let binary = folder.file("binary.yaml", b"\xff\xfe\x00client")?;
    run(&mut folder.place(&good, binary)).await?.refused(&["binary.yaml", "save it as UTF-8"]);

    let locked = folder.file("locked.csv", HEADER)?;
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000))?;
    let Some(program) = without_roots_rights() else {
        eprintln!("root reads every file, and setpriv is not here: a locked file was not tried");
        return Ok(());
    };
    let locked = run(&mut folder.asked_of(program, &locked, &mapping)).await?;
    locked.refused(&["locked.csv", "this account may not", "change the file's permissions"]);
    Ok(())
}

/// The program as somebody who may not read everything.
fn without_roots_rights() -> Option<Command> {
    if !rustix::process::geteuid().is_root() {
        return Some(duly());
    }
    let setpriv = Path::new("/usr/bin/setpriv");
    let mut command = setpriv.exists().then(|| in_place_of(setpriv))?;
    let less = "-dac_override,-dac_read_search";
    command.arg(format!("--bounding-set={less}")).arg(format!("--inh-caps={less}"));
    command.arg(env!("CARGO_BIN_EXE_duly"));
    Some(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_does_not_suit_is_refused_with_key_and_remedy() -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let good = folder.file("good.csv", format!("{HEADER}\n{}\n", row("ACME", 1)))?;
    let by = async |mapping: String| -> anyhow::Result<Said> {
        let mapping = folder.file("map.yaml", mapping)?;
        run(&mut folder.place(&good, mapping)).await
    };
    let with = |from: &str, to: &str| {
        assert!(MAPPING.contains(from));
        MAPPING.replace(from, to)
    };
    let unknown_key = by(with("balance: balance", "ballance: balance")).await?;
    unknown_key.refused(&["map.yaml", "ballance", "balance"]);
    let missing_column = by(with("balance: balance", "balance: total")).await?;
    missing_column.refused(&[
        "good.csv",
        "no column `total`",
        "mapping key `balance`",
        "it has: client",
    ]);
    let missing_key = by(with("client: client\n", "")).await?;
    missing_key.refused(&["map.yaml", "client"]);
    let no_yaml = by("client: [".into()).await?;
    no_yaml.refused(&["map.yaml", "line 1"]);
    let no_date = by(with("YYYY-MM-DD", "whenever")).await?;
    no_date.refused(&["map.yaml", "whenever", "YYYY"]);
    let no_delimiter = by(with("date_format", "csv: {delimiter: \"\\n\"}\ndate_format")).await?;
    no_delimiter.refused(&["csv.delimiter", "write one ASCII character"]);
    let no_kind = by(with("{constant: business}", "{constant: company}")).await?;
    no_kind.refused(&["debtor.kind", "business"]);

    let mapping = folder.file("map.yaml", MAPPING)?;
    // The first line is data, then: it is not repeated.
    let headless = folder.file("headless.csv", row("ACME", 1))?;
    let said = run(&mut folder.place(headless, &mapping)).await?;
    said.refused(&["headless.csv", "needs a header line", "csv.delimiter"]);
    said.keeps_to_itself(&["Debtor 1 LLC"]);
    let empty = folder.file("empty.csv", "")?;
    run(&mut folder.place(empty, &mapping)).await?.refused(&["empty.csv", "the file is empty"]);
    let no_rows = folder.file("no-rows.csv", HEADER)?;
    run(&mut folder.place(no_rows, &mapping)).await?.refused(&["no-rows.csv", "holds no claim"]);
    let doubled = folder.file("doubled.csv", format!("{HEADER},open\n"))?;
    run(&mut folder.place(doubled, &mapping)).await?.refused(&["`open`", "rename one of them"]);
    let no_day = run(duly().args(["demo", "--as-of", "2026-02-30"])).await?;
    no_day.refused(&["2026-02-30", "write YYYY-MM-DD"]);
    Ok(())
}
