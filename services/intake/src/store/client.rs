//! Clients and their dated policies.

use duly_domain::{ClientId, ClientPolicy};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

/// A client as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    pub client_ref: String,
    pub name: String,
    pub parent: Option<ClientId>,
    pub version: i64,
}

struct Row {
    client_id: Uuid,
    client_ref: String,
    name: String,
    parent_client_id: Option<Uuid>,
    version: i64,
}

impl From<Row> for Client {
    fn from(row: Row) -> Self {
        Self {
            id: ClientId::from_uuid(row.client_id),
            client_ref: row.client_ref,
            name: row.name,
            parent: row.parent_client_id.map(ClientId::from_uuid),
            version: row.version,
        }
    }
}

/// Changes of clients are rare and look at more than one row (the tree has no circle): one at a time.
pub async fn lock_all(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' client', 0))"
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn by_ref(conn: &mut PgConnection, client_ref: &str) -> sqlx::Result<Option<Client>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT client_id, client_ref, name, parent_client_id, version FROM client
         WHERE client_ref = $1",
        client_ref
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Client::from))
}

pub async fn by_id(conn: &mut PgConnection, id: ClientId) -> sqlx::Result<Option<Client>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT client_id, client_ref, name, parent_client_id, version FROM client
         WHERE client_id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Client::from))
}

/// Clients after this reference, in the order of references.
pub async fn after(
    conn: &mut PgConnection,
    client_ref: &str,
    limit: i64,
) -> sqlx::Result<Vec<Client>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT client_id, client_ref, name, parent_client_id, version FROM client
         WHERE client_ref > $1 ORDER BY client_ref LIMIT $2",
        client_ref,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Client::from).collect())
}

/// Whether `id` is `of` or stands above it.
pub async fn is_or_is_above(
    conn: &mut PgConnection,
    id: ClientId,
    of: ClientId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE up AS (
               SELECT client_id, parent_client_id FROM client WHERE client_id = $2
               UNION
               SELECT c.client_id, c.parent_client_id FROM client AS c
               JOIN up ON c.client_id = up.parent_client_id
           )
           SELECT EXISTS (SELECT FROM up WHERE client_id = $1) AS "found!""#,
        id.uuid(),
        of.uuid()
    )
    .fetch_one(conn)
    .await
}

/// Inserts a client, or writes its new version over the one before.
pub async fn put(conn: &mut PgConnection, client: &Client) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO client (client_id, client_ref, name, parent_client_id, version)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (client_id) DO UPDATE
         SET name = excluded.name, parent_client_id = excluded.parent_client_id,
             version = excluded.version",
        client.id.uuid(),
        client.client_ref,
        client.name,
        client.parent.map(ClientId::uuid),
        client.version
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_policy(
    conn: &mut PgConnection,
    id: ClientId,
    policy: &ClientPolicy,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO client_policy (client_id, version, effective_on, policy)
         VALUES ($1, $2, $3, $4)",
        id.uuid(),
        i64::from(policy.version),
        policy.effective_on,
        Json(policy) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every version of the policies of these clients, with whose it is.
pub async fn policies(
    conn: &mut PgConnection,
    ids: &[ClientId],
) -> sqlx::Result<Vec<(ClientId, ClientPolicy)>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT client_id, policy AS "policy: Json<ClientPolicy>" FROM client_policy
           WHERE client_id = ANY ($1) ORDER BY client_id, version"#,
        &ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (ClientId::from_uuid(r.client_id), r.policy.0)).collect())
}
