//! `duly compliance` against running services: what it shows, and what is wrong with what it is asked.

use anyhow::Context as _;
use duly_proto::{
    contact::v1::ProposeCallRequest,
    intake::v1::{AccountKey, GetAccountRequest, LiableParty, get_account_request::Key},
};
use duly_testkit::request_id;
use tokio::process::Command;

use super::{
    program::{duly, run},
    world::{HEADER, MAPPING, World, row},
};

/// Columns of the terminal that everything is drawn for.
const COLUMNS: usize = 100;

impl World {
    /// A verb of compliance at the served address.
    fn compliance(&self, args: &[&str]) -> Command {
        let mut command = self.duly();
        command.arg("compliance").args(args);
        command.args(["--server", &format!("http://{}", self.served.grpc)]);
        command
    }

    /// One placed account that every service has heard of: its id and its debtor.
    async fn one_account(&self) -> anyhow::Result<(String, LiableParty)> {
        self.put("ACME").await?;
        let file = self.file("one.csv", format!("{HEADER}\n{}\n", row("ACME", 1)))?;
        let mapping = self.file("mapping.yaml", MAPPING)?;
        run(&mut self.place(&file, &mapping)).await?.done();
        self.driver().settle().await?;
        let key = AccountKey { client_ref: "ACME".into(), client_account_ref: "R-00001".into() };
        let request = GetAccountRequest { key: Some(Key::ClientKey(key)) };
        let found = self.api.intake.clone().get_account(request).await?.into_inner().account;
        let account = found.context("it was placed")?;
        let party = account.liable_parties.first().context("a debtor")?.clone();
        Ok((account.account_id, party))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_asks_and_is_told_what_is_wrong_with_the_question() -> anyhow::Result<()> {
    let world = World::new().await?;
    let (account_id, party) = world.one_account().await?;
    let said = run(&mut world.compliance(&["explain", "ACME/R-00001", "1", "call"])).await?;
    said.done();
    assert!(said.out.contains(&account_id) && said.out.contains("judged by: "), "{said:?}");
    said.keeps_to_itself(&["Debtor 1"]);
    let said = run(&mut world.compliance(&["calendar", &account_id, &party.party_id])).await?;
    said.done();
    assert!(said.out.starts_with("ACME/R-00001, principal: 14 days"), "{said:?}");
    assert!(said.out.lines().all(|line| line.chars().count() <= COLUMNS), "{}", said.out);
    let said = run(&mut world.compliance(&["due", "--within", "7"])).await?;
    said.done();
    assert!(said.err.contains("0 overdue, 0 to be done"), "{said:?}");

    let nobody = "acct_01890000000070008000000000000001";
    let none = "dcsn_01890000000070008000000000000001";
    let wrong: [(&[&str], &[&str]); 9] = [
        (&["explain", "ACME/R-9", "1", "call"], &["there is no account ACME/R-9"]),
        (&["explain", nobody, "1", "call"], &["there is no account"]),
        (&["explain", "R-00001", "1", "call"], &["names no account", "CLIENT_REF/ACCOUNT_REF"]),
        (&["explain", "ACME/R-00001", "2", "call"], &["`2` is none of", "1  principal"]),
        (&["explain", "ACME/R-00001", "1", "fax"], &["write call, text, email or mail"]),
        (&["explain", "ACME/R-00001", "1", "call", "--at", "noon"], &["`noon` is no time"]),
        (&["explain", "ACME/R-00001", "1", "call", "--at", "2020-01-01"], &["before now"]),
        (&["calendar", "ACME/R-00001", "1", "--days", "32"], &["1..=31"]),
        (&["replay", "--decision", none], &["no decision has this id"]),
    ];
    for (args, words) in wrong {
        run(&mut world.compliance(args)).await?.refused(words);
    }
    // Nobody there, and nobody to stand for.
    let mut away = world.duly();
    away.args(["compliance", "due", "--server", "http://127.0.0.1:9"]);
    run(&mut away).await?.refused(&["cannot reach Duly", "duly serve"]);
    let mut stranger = duly();
    stranger.env("DULY_DATA_DIR", world.scratch.path().join("none"));
    stranger.args(["compliance", "due", "--server", &format!("http://{}", world.served.grpc)]);
    run(&mut stranger).await?.refused(&["no token"]);
    world.end().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_decision_that_comes_out_otherwise_is_shown_by_the_exit_status() -> anyhow::Result<()>
{
    let world = World::new().await?;
    let (account_id, party) = world.one_account().await?;
    let proposed = ProposeCallRequest {
        request_id: request_id(),
        account_id,
        party_id: party.party_id,
        ..ProposeCallRequest::default()
    };
    let decided = world.api.contact.clone().propose_call(proposed).await?.into_inner().decision;
    let id = decided.context("the guard decides")?.decision_id;
    for args in [&["replay", "--decision", &id][..], &["replay", "--all"]] {
        run(&mut world.compliance(args)).await?.done();
    }
    let later = run(&mut world.compliance(&["replay", "--since", "2031-01-01"])).await?;
    later.done();
    assert!(later.err.contains("0 taken again"), "{later:?}");

    let mut conn = world.set.connect_to(&world.set.schema("contact")).await?;
    sqlx::query("ALTER TABLE decision DISABLE TRIGGER ALL").execute(&mut conn).await?;
    sqlx::query("UPDATE decision SET said = said || ' '").execute(&mut conn).await?;
    for args in [&["replay", "--decision", &id][..], &["replay", "--all"]] {
        let said = run(&mut world.compliance(args)).await?;
        assert_eq!(said.status.code(), Some(1), "{said:?}");
        assert!(said.out.contains(&id) && said.out.contains("different"), "{said:?}");
        said.in_words();
    }
    world.end().await?;
    Ok(())
}
