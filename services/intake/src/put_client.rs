//! Makes a client, or a new version of it: name, parent and policy from a date on.

use duly_domain::{ClientId, ClientPolicy, PolicyTerms};
use duly_platform::{Refusal, Tx};
use duly_proto::{
    common::v1::EventMeta,
    convert::{date_to_wire, policy_from_wire, policy_to_wire},
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    error::ClientError,
    input,
    store::client::{self, Client},
};

/// A client as it shall be.
pub struct PutClient {
    client_ref: String,
    name: String,
    parent_ref: Option<String>,
    /// As version 1; the transaction knows which it is.
    policy: ClientPolicy,
}

impl PutClient {
    /// What a request asks for.
    pub fn parse(request: &wire::PutClientRequest) -> Result<Self, Refusal> {
        let effective_on = input::date("effective_on", request.effective_on.as_ref())?;
        let policy = request.policy.as_ref().ok_or_else(|| input::wrong("policy", "is missing"))?;
        let parent_ref = request.parent_client_ref.trim();
        Ok(Self {
            client_ref: input::reference("client_ref", &request.client_ref)?,
            name: input::text("name", &request.name)?,
            parent_ref: (!parent_ref.is_empty())
                .then(|| input::reference("parent_client_ref", parent_ref))
                .transpose()?,
            policy: policy_from_wire(policy, 1, effective_on).map_err(input::misfit)?,
        })
    }
}

/// Puts it. What equals the latest version makes no new one.
pub async fn put_client(tx: &mut Tx, put: &PutClient) -> Result<wire::PutClientResponse, Refusal> {
    client::lock_all(tx.conn()).await?;
    let parent = match &put.parent_ref {
        None => None,
        Some(parent_ref) => {
            Some(client::by_ref(tx.conn(), parent_ref).await?.ok_or(ClientError::UnknownParent)?.id)
        }
    };
    let before = client::by_ref(tx.conn(), &put.client_ref).await?;
    let latest = match &before {
        None => None,
        Some(client) => client::policies(tx.conn(), &[client.id]).await?.pop(),
    };
    let after = Client {
        id: before.as_ref().map_or_else(|| tx.id(), |client| client.id),
        client_ref: put.client_ref.clone(),
        name: put.name.clone(),
        parent,
        version: before.as_ref().map_or(1, |client| client.version + 1),
    };
    tx.about(after.id);
    if let (Some(before), Some((_, latest))) = (&before, &latest)
        && (&before.name, before.parent) == (&after.name, after.parent)
        && versioned(&put.policy, before.version)? == *latest
    {
        return Ok(wire::PutClientResponse { client: Some(to_wire(before, latest)) });
    }
    if let Some(parent) = parent
        && client::is_or_is_above(tx.conn(), after.id, parent).await?
    {
        return Err(ClientError::Circle.into());
    }
    let policy = versioned(&put.policy, after.version)?;
    client::put(tx.conn(), &after).await?;
    client::insert_policy(tx.conn(), after.id, &policy).await?;
    tell(tx, &after, &policy);
    Ok(wire::PutClientResponse { client: Some(to_wire(&after, &policy)) })
}

/// The same policy as another version.
fn versioned(policy: &ClientPolicy, version: i64) -> Result<ClientPolicy, Refusal> {
    let mut terms = PolicyTerms::from(policy.clone());
    terms.version = u32::try_from(version).map_err(Refusal::internal)?;
    ClientPolicy::new(terms).map_err(Refusal::internal)
}

fn tell(tx: &mut Tx, client: &Client, policy: &ClientPolicy) {
    let meta = EventMeta {
        client_id: client.id.to_string(),
        version: client.version,
        ..EventMeta::default()
    };
    let fact = wire::ClientChanged {
        client_id: client.id.to_string(),
        client_ref: client.client_ref.clone(),
        name: client.name.clone(),
        parent_client_id: client.parent.map(|id| id.to_string()).unwrap_or_default(),
        policy: Some(policy_to_wire(policy)),
        effective_on: Some(date_to_wire(policy.effective_on)),
    };
    tx.tell::<wire::Event>(meta, Fact::ClientChanged(fact));
}

/// A client with one of its policies, as answers state it.
pub fn to_wire(client: &Client, policy: &ClientPolicy) -> wire::Client {
    wire::Client {
        client_id: client.id.to_string(),
        client_ref: client.client_ref.clone(),
        name: client.name.clone(),
        parent_client_id: client.parent.as_ref().map(ClientId::to_string).unwrap_or_default(),
        version: client.version,
        policy: Some(policy_to_wire(policy)),
        effective_on: Some(date_to_wire(policy.effective_on)),
    }
}
