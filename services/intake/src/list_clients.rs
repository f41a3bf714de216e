//! One client, or a page of them, each with the policy in force today.

use duly_domain::{ClientId, ClientPolicy};
use duly_platform::{Page, PageError, Refusal, Tx};
use duly_proto::intake::v1::{self as wire, get_client_request::Key};

use crate::{
    error::ClientError,
    input,
    put_client::to_wire,
    store::{
        Corrupt,
        client::{self, Client},
    },
};

/// Which client.
pub enum ClientKey {
    /// By its id.
    Id(ClientId),
    /// By the agency's short name.
    Ref(String),
}

impl ClientKey {
    /// What a request names.
    pub fn parse(request: &wire::GetClientRequest) -> Result<Self, Refusal> {
        match &request.key {
            Some(Key::ClientId(id)) => Ok(Self::Id(input::id("client_id", id)?)),
            Some(Key::ClientRef(text)) => Ok(Self::Ref(input::reference("client_ref", text)?)),
            None => Err(input::wrong("client_id", "is missing, and client_ref too; give one")),
        }
    }
}

/// The client.
pub async fn get_client(tx: &mut Tx, key: &ClientKey) -> Result<wire::GetClientResponse, Refusal> {
    let found = match key {
        ClientKey::Id(id) => client::by_id(tx.conn(), *id).await?,
        ClientKey::Ref(text) => client::by_ref(tx.conn(), text).await?,
    };
    let found = found.ok_or(ClientError::Unknown)?;
    let client = with_policies(tx, vec![found]).await?.pop();
    Ok(wire::GetClientResponse { client })
}

/// A page of clients in the order of their references.
pub async fn list_clients(tx: &mut Tx, page: &Page) -> Result<wire::ListClientsResponse, Refusal> {
    let after = std::str::from_utf8(&page.after).map_err(|_| PageError::Token)?;
    let mut rows = client::after(tx.conn(), after, page.limit()).await?;
    let info = page.cut(&mut rows, |client| client.client_ref.clone().into_bytes());
    let clients = with_policies(tx, rows).await?;
    Ok(wire::ListClientsResponse { clients, page: Some(info) })
}

async fn with_policies(tx: &mut Tx, clients: Vec<Client>) -> Result<Vec<wire::Client>, Refusal> {
    let ids: Vec<ClientId> = clients.iter().map(|client| client.id).collect();
    let policies = client::policies(tx.conn(), &ids).await?;
    let today = tx.today();
    let mut answers = Vec::with_capacity(clients.len());
    for client in clients {
        let own: Vec<ClientPolicy> = policies
            .iter()
            .filter(|(id, _)| *id == client.id)
            .map(|(_, policy)| policy.clone())
            .collect();
        let policy = ClientPolicy::in_force(&own, today).ok_or_else(|| {
            let what = format!("{} has no version", client.id);
            Refusal::internal(Corrupt { table: "client_policy", what })
        })?;
        answers.push(to_wire(&client, policy));
    }
    Ok(answers)
}
