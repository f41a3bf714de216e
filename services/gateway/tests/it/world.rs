//! Intake, payments, reporting and the gateway in one process, and a creditor that lives by its API.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicI64, Ordering},
};

use anyhow::Context as _;
use duly_domain::{DisputeId, EventId, IdSource as _};
use duly_platform::{Principal, Role, Service, SystemIds, apply_frames};
use duly_proto::{
    Event as _,
    common::v1::{EventMeta, Frame},
    contact::v1::{DisputeOpened, DisputeReason, Event, event::Fact},
    convert::timestamp,
};
use duly_testkit::{Clients, Run, Set, client, day};
use serde_json::{Value, json};

use crate::http::{Answer, Ask, get, post};

pub fn services() -> Vec<Service> {
    vec![
        duly_intake::service(),
        duly_payments::service(),
        duly_reporting::service(),
        duly_gateway::service(config()),
    ]
}

/// Small limits, so that a test reaches them.
fn config() -> duly_gateway::Config {
    duly_gateway::Config {
        body_bytes_max: 16 * 1024,
        batch_bytes_max: 4 * 1024 * 1024,
        ..duly_gateway::Config::default()
    }
}

pub struct World {
    pub set: Set,
    pub run: Run,
    /// The agency's manager, by gRPC.
    pub manager: Clients,
    pub http: SocketAddr,
    /// The creditor ACME's token.
    token: String,
    pub client_id: String,
    next_no: AtomicI64,
}

impl World {
    /// With the clients ACME, whose token is used, and RIVAL.
    pub async fn begin() -> anyhow::Result<Self> {
        let set = Set::create(&services()).await?;
        let run = set.start(services()).await?;
        let http = run.running().http_addr.context("the gateway listens")?;
        let mut manager = run.clients(Role::Manager)?;
        manager.intake.put_client(client("RIVAL").build()).await?;
        let put = manager.intake.put_client(client("ACME").build()).await?.into_inner();
        let client_id = put.client.context("a client")?.client_id;
        let token = token_of(&set, "acme", &client_id)?;
        Ok(Self { set, run, manager, http, token, client_id, next_no: AtomicI64::new(1) })
    }

    /// Sends it with ACME's token, unless it has another.
    pub async fn send(&self, ask: Ask) -> anyhow::Result<Answer> {
        self.bare(ask.header("Authorization", format!("Bearer {}", self.token))).await
    }

    /// Sends it as it is.
    pub async fn bare(&self, ask: Ask) -> anyhow::Result<Answer> {
        let _call = self.set.call();
        ask.send(self.http).await
    }

    /// Sends it with the token of this client.
    pub async fn send_as(&self, client_id: &str, ask: Ask) -> anyhow::Result<Answer> {
        let token = token_of(&self.set, "other", client_id)?;
        self.bare(ask.header("Authorization", format!("Bearer {token}"))).await
    }

    pub async fn get(&self, path: impl Into<String>) -> anyhow::Result<Value> {
        self.send(get(path)).await?.ok()
    }

    pub async fn post(&self, path: impl Into<String>, body: &Value) -> anyhow::Result<Value> {
        self.send(post(path, body)).await?.ok()
    }

    /// One placed account, heard of by every service.
    pub async fn account(&self, reference: &str) -> anyhow::Result<String> {
        let path = format!("/v1/clients/ACME/batches/{reference}");
        let placed = self.post(path, &json!([placement(reference)])).await?;
        self.run.settle().await?;
        let id = placed["acknowledgements"][0]["account_id"].as_str();
        Ok(id.with_context(|| format!("it is accepted: {placed}"))?.to_owned())
    }

    /// The client RIVAL's id.
    pub async fn rival(&mut self) -> anyhow::Result<String> {
        let key = duly_proto::intake::v1::get_client_request::Key::ClientRef("RIVAL".into());
        let request = duly_proto::intake::v1::GetClientRequest { key: Some(key) };
        let found = self.manager.intake.get_client(request).await?.into_inner();
        Ok(found.client.context("a client")?.client_id)
    }

    /// A debtor contests an invoice, as contact would tell it.
    pub async fn dispute(&self, account_id: &str, item: &str) -> anyhow::Result<()> {
        let dispute: DisputeId = SystemIds.next();
        let event: EventId = SystemIds.next();
        let mut fact = DisputeOpened {
            dispute_id: dispute.to_string(),
            account_id: account_id.into(),
            opening: 1,
            item_numbers: vec![item.into()],
            opened_on: Some(day("2026-01-05")),
            ..DisputeOpened::default()
        };
        fact.set_reason(DisputeReason::Quality);
        let meta = EventMeta {
            event_id: event.to_string(),
            account_id: account_id.into(),
            client_id: self.client_id.clone(),
            occurred_at: Some(timestamp(self.run.driver().now().await?)),
            ..EventMeta::default()
        };
        let told = Event::new(meta, Fact::DisputeOpened(fact));
        let frame = Frame {
            kind: "contact.dispute_opened".into(),
            no: self.next_no.fetch_add(1, Ordering::SeqCst),
            epoch: 1,
            events: vec![prost::Message::encode_to_vec(&told)],
            ..Frame::default()
        };
        let listeners = self.run.listeners("intake")?;
        let listener = listeners.iter().find(|l| l.kind == frame.kind).context("it is heard")?;
        apply_frames(self.run.host("intake")?, listener, &[frame]).await
    }

    pub async fn end(self) -> anyhow::Result<()> {
        self.run.settle().await?;
        self.run.stop().await;
        self.set.drop().await
    }
}

fn token_of(set: &Set, subject: &str, client_id: &str) -> anyhow::Result<String> {
    let client: duly_domain::ClientId = client_id.parse()?;
    let tree = vec![client.uuid()];
    set.token(&Principal { subject: subject.into(), role: Role::Client, tree })
}

/// A commercial claim of two invoices, 150.00 USD together.
pub fn placement(reference: &str) -> Value {
    let usd = |amount: &str| json!({"amount": amount, "currency": "USD"});
    json!({
        "client_account_ref": reference,
        "debt_class": "commercial",
        "amount": usd("150.00"),
        "items": [
            {"kind": "invoice", "number": "I-1", "item_date": "2025-10-01", "due_date": "2025-10-31",
             "open_amount": usd("100.00")},
            {"kind": "invoice", "number": "I-2", "item_date": "2025-10-02", "open_amount": usd("50.00")},
        ],
        "liable_parties": [{
            "role": "principal", "debtor_kind": "business", "name": format!("{reference} Mills Inc."),
            "address": {"lines": ["1 Main Street"], "city": "Akron", "region": "OH",
                        "postal_code": "44301"},
            "phones": ["+13305550123"],
        }],
    })
}

pub fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}
