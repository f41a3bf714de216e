//! A served installation of a test's own, and files for it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use duly_embedded::Scratch;
use duly_platform::{Config, Role};
use duly_testkit::{Clients, Driver, Endpoints, Set, client};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::process::Command;

use super::program::{Served, duly};
use crate::{
    journey::{all_services, shapes},
    road::insist,
};

/// The day of every placement here: the sandbox's own.
pub const TODAY: &str = "2026-01-05";

/// One row a claim: what is needed, and no more.
pub const MAPPING: &str = "\
date_format: YYYY-MM-DD
client: client
account_ref: reference
debt_class: {constant: commercial}
currency: currency
balance: balance
debtor: {name: name, kind: {constant: business}}
item: {number: invoice, due_date: due, amount: open}
";

/// Its columns.
pub const HEADER: &str = "client,reference,currency,balance,name,invoice,due,open";

/// A file of so many rows of ACME. One in a hundred has no name.
pub fn rows(rows: usize) -> String {
    let mut file = format!("{HEADER}\n");
    for n in 1..=rows {
        let row = row("ACME", n);
        file += &if n % 100 == 0 { row.replace(&format!("Debtor {n} LLC"), "") } else { row };
        file.push('\n');
    }
    file
}

/// A good row of [`MAPPING`].
pub fn row(client: &str, n: usize) -> String {
    format!("{client},R-{n:05},USD,{}.50,Debtor {n} LLC,I-{n},2025-09-30,{}.50", 100 + n, 100 + n)
}

/// Services of a set in one process, a folder for files, and a manager's clients.
pub struct World {
    pub set: Set,
    pub scratch: Scratch,
    pub served: Served,
    pub api: Clients,
    /// On the tests' servers, whose schemas are dropped at the end.
    shared: bool,
}

impl World {
    /// A new set on the tests' servers.
    pub async fn new() -> anyhow::Result<Self> {
        Self::serve(Set::create(&all_services()).await?, true).await
    }

    /// A set on servers of the test's own.
    pub async fn on(change: impl FnOnce(&mut Config)) -> anyhow::Result<Self> {
        let template = Set::create(&[]).await?;
        let mut config = template.config().clone();
        template.drop().await?;
        change(&mut config);
        let set = Set::adopt(config);
        set.make_sandbox(format!("{TODAY}T15:00:00Z").parse()?).await?;
        set.migrate(&all_services()).await?;
        Self::serve(set, false).await
    }

    async fn serve(set: Set, shared: bool) -> anyhow::Result<Self> {
        let scratch = Scratch::new("duly-bad")?;
        let log = scratch.path().join("serve.log");
        let served = Served::start(duly().envs(set.env()), &log).await?;
        let api = set.clients(&Endpoints::all_at(served.grpc), Role::Manager)?;
        Ok(Self { set, scratch, served, api, shared })
    }

    /// A file of the test.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        let path = self.scratch.path().join(name);
        std::fs::write(&path, content)?;
        Ok(path)
    }

    /// Makes this client.
    pub async fn put(&self, client_ref: &str) -> anyhow::Result<()> {
        let put = client(client_ref).build();
        insist(async || Ok(self.api.intake.clone().put_client(put.clone()).await?)).await?;
        Ok(())
    }

    /// A verb with the installation's settings.
    pub fn duly(&self) -> Command {
        let mut command = duly();
        command.envs(self.set.env()).env("DULY_DATA_DIR", self.scratch.path().join("none"));
        command
    }

    /// `duly place` of this file.
    pub fn place(&self, file: &Path, mapping: &Path) -> Command {
        self.place_at(&format!("http://{}", self.served.grpc), file, mapping)
    }

    /// The same through this address.
    pub fn place_at(&self, server: &str, file: &Path, mapping: &Path) -> Command {
        let mut command = self.duly();
        command.arg("place").arg(file).arg("--mapping").arg(mapping);
        command.args(["--as-of", TODAY, "--server", server]);
        command
    }

    /// The driver of its clock.
    pub fn driver(&self) -> Driver {
        Driver::new(&self.set, shapes())
    }

    /// What stands in the database once everything has settled: what one service accepted the others
    /// have heard.
    pub async fn counted(&self) -> anyhow::Result<Counted> {
        self.driver().settle().await?;
        let counted = self.answered().await?;
        for listener in ["payments", "reporting"] {
            let mut conn = self.set.connect_to(&self.set.schema(listener)).await?;
            let heard = count(&mut conn, "account").await?;
            conn.close().await?;
            assert_eq!(heard, counted.accepted, "{listener} knows every account and no other");
        }
        Ok(counted)
    }

    /// What intake has answered so far: every accepted record has its account, item and party, and
    /// nothing else has any.
    pub async fn answered(&self) -> anyhow::Result<Counted> {
        let mut conn = self.set.connect_to(&self.set.schema("intake")).await?;
        let mut tx = conn.begin().await?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(&mut *tx).await?;
        let accepted = count(&mut tx, "acknowledgement WHERE status <> 'rejected'").await?;
        let rejected = count(&mut tx, "acknowledgement WHERE status = 'rejected'").await?;
        for part in ["account", "liable_party"] {
            assert_eq!(
                count(&mut tx, part).await?,
                accepted,
                "each accepted record has its {part}"
            );
        }
        tx.rollback().await?;
        conn.close().await?;
        Ok(Counted { accepted, rejected })
    }

    /// Stops it, and gives all that it has logged.
    pub async fn end(self) -> anyhow::Result<String> {
        let log = self.served.stop().await.context("stopping the services")?;
        if self.shared {
            self.set.drop().await?;
        } else {
            self.set.drop_streams().await?;
        }
        Ok(log)
    }
}

async fn count(conn: &mut PgConnection, rows: &str) -> anyhow::Result<i64> {
    let sql = AssertSqlSafe(format!("SELECT count(*) FROM {rows}"));
    Ok(sqlx::query_scalar(sql).fetch_one(conn).await?)
}

/// Records by their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub accepted: i64,
    pub rejected: i64,
}
