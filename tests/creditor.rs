//! A creditor who knows nothing but the REST API: places a claim, follows it, reads its letter.

use anyhow::Context as _;
use chrono::TimeDelta;
use duly_domain::ClientId;
use duly_platform::{Principal, Role};
use duly_testkit::client;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::walk::Ground;

/// The gateway and the creditor's token.
struct Creditor {
    at: String,
    token: String,
}

impl Creditor {
    /// One request on a connection of its own: status and body.
    async fn ask(&self, method: &str, path: &str, body: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.at,
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.at).await?;
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").context("an answer")?;
        let status = std::str::from_utf8(&answer[..end])?.split(' ').nth(1).context("a status")?;
        Ok((status.parse()?, answer[end + 4..].to_vec()))
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let (status, body) = self.ask("GET", path, "").await?;
        let shown = String::from_utf8_lossy(&body).into_owned();
        anyhow::ensure!(status == 200, "GET {path} answers {status}: {shown}");
        serde_json::from_str(&shown).with_context(|| format!("GET {path} answers {shown}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creditor_places_follows_and_reads_its_letter_by_rest_alone() -> anyhow::Result<()> {
    let ground = Ground::create(None).await?;
    let run = ground.set.start(ground.services()?).await?;
    let mut manager = run.clients(Role::Manager)?;
    let put = manager.intake.put_client(client("ACME").build()).await?.into_inner();
    let tree: ClientId = put.client.context("a client")?.client_id.parse()?;
    let who = Principal { subject: "acme".into(), role: Role::Client, tree: vec![tree.uuid()] };
    let at = run.endpoints().http()?.trim_start_matches("http://").to_owned();
    let creditor = Creditor { at, token: ground.set.token(&who)? };

    let claims = json!([{
        "client_account_ref": "A-1",
        "debt_class": "commercial",
        "amount": {"amount": "1250.00", "currency": "USD"},
        "current_creditor": "Acme Supply Co.",
        "items": [{
            "kind": "invoice",
            "number": "INV-1",
            "item_date": "2025-09-01",
            "due_date": "2025-10-01",
            "open_amount": {"amount": "1250.00", "currency": "USD"},
        }],
        "liable_parties": [{
            "role": "principal",
            "debtor_kind": "business",
            "name": "Sail & Rope Ltd",
            "address": {"lines": ["12 Canal Street"], "city": "Dayton", "region": "OH",
                        "postal_code": "45402"},
        }],
    }]);
    let path = "/v1/clients/ACME/batches/2026-01";
    let (status, body) = creditor.ask("POST", path, &claims.to_string()).await?;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    run.settle().await?;
    // Nobody answers the search; the letter goes all the same once its time is over.
    run.driver().advance(TimeDelta::days(12)).await?;

    let accounts = creditor.get("/v1/accounts?changed_since=2026-01-05T00:00:00Z").await?;
    let account = accounts["accounts"][0]["account_id"].as_str().context("an account")?;
    let letters = creditor.get(&format!("/v1/accounts/{account}/letters")).await?;
    let letter = &letters["letters"][0];
    let id = letter["letter_id"].as_str().with_context(|| format!("a letter: {letters}"))?;
    let (status, pdf) = creditor.ask("GET", &format!("/v1/letters/{id}/pdf"), "").await?;
    assert_eq!((status, &pdf[..5]), (200, &b"%PDF-"[..]));
    let sha256: String = Sha256::digest(&pdf).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(letter["content_sha256"], json!(sha256), "the bytes are those that were mailed");
    let timeline = creditor.get(&format!("/v1/accounts/{account}/timeline")).await?;
    let kinds: Vec<&str> = timeline["entries"]
        .as_array()
        .context("entries")?
        .iter()
        .filter_map(|entry| entry["kind"].as_str())
        .collect();
    for kind in ["intake.account_placed", "workflow.case_opened", "letters.letter_mailed"] {
        assert!(kinds.contains(&kind), "{kind} is missing in {kinds:?}");
    }
    run.stop().await;
    ground.drop().await
}
