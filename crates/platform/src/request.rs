//! Mutations by request: the same key with the same body gets the same answer; with another body it
//! is a conflict. A twin waits for the first; refusals are not kept and are judged again.

use futures::future::BoxFuture;
use prost::Message;

use crate::{
    auth::Principal,
    error::{Failure, Kind, Refusal, Violation},
    host::Host,
    tx::Tx,
};

/// Longest `request_id`, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 200;

/// One mutation as its caller named it.
pub struct Mutation<'a> {
    /// Who asks.
    pub who: &'a Principal,
    /// The method, `PostPayment`.
    pub method: &'static str,
    /// The caller's key.
    pub request_id: &'a str,
    /// Keyed hash of the body, by [`crate::Sealer::digest`].
    pub hash: [u8; 32],
}

/// Why a request was refused before its work began.
#[derive(Debug, thiserror::Error)]
enum RequestError {
    #[error("request_id is missing; give a key of your own, the same for a repeated request")]
    Missing,
    #[error("request_id is longer than {REQUEST_ID_BYTES_MAX} bytes")]
    TooLong,
    #[error("request_id has control characters; give letters, digits and punctuation")]
    Malformed,
    #[error("request_id was used before with another body; use a new key for a new request")]
    Reused,
}

impl Failure for RequestError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing | Self::TooLong | Self::Malformed => Kind::InvalidInput,
            Self::Reused => Kind::Conflict,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "request_id_missing",
            Self::TooLong => "request_id_too_long",
            Self::Malformed => "request_id_malformed",
            Self::Reused => "request_id_reused",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation { field: "request_id".into(), reason: self.to_string() }]
    }
}

impl Host {
    /// Runs a mutation once per request key, in one transaction with its answer and its audit row.
    ///
    /// # Errors
    /// What `work` refuses, a reused key, or the database's.
    pub async fn mutate<C, A, F>(
        &self,
        mutation: &Mutation<'_>,
        command: &C,
        work: F,
    ) -> Result<A, Refusal>
    where
        C: Sync + ?Sized,
        A: Message + Default,
        F: for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    {
        if mutation.request_id.is_empty() {
            return Err(RequestError::Missing.into());
        }
        if mutation.request_id.len() > REQUEST_ID_BYTES_MAX {
            return Err(RequestError::TooLong.into());
        }
        // Postgres keeps no NUL in a text, and nobody finds the others in a log again.
        if mutation.request_id.chars().any(char::is_control) {
            return Err(RequestError::Malformed.into());
        }
        let unit = Unit {
            principal: mutation.who.actor(),
            method: mutation.method,
            request_id: mutation.request_id.to_owned(),
            hash: mutation.hash,
            command,
            work: &work,
        };
        self.write(&mutation.who.actor(), &unit, |tx, unit| Box::pin(once(tx, unit))).await
    }
}

struct Unit<'c, C: ?Sized, F> {
    principal: String,
    method: &'static str,
    request_id: String,
    hash: [u8; 32],
    command: &'c C,
    work: &'c F,
}

async fn once<C, A, F>(tx: &mut Tx, unit: &Unit<'_, C, F>) -> Result<A, Refusal>
where
    C: Sync + ?Sized,
    A: Message + Default,
    F: for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
{
    let now = tx.now();
    let first = sqlx::query!(
        "INSERT INTO request (principal, method, request_id, hash, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        unit.principal,
        unit.method,
        unit.request_id,
        unit.hash.as_slice(),
        now
    )
    .execute(tx.conn())
    .await?
    .rows_affected();
    if first == 0 {
        let kept = sqlx::query!(
            r#"SELECT hash, answer AS "answer!" FROM request
               WHERE principal = $1 AND method = $2 AND request_id = $3"#,
            unit.principal,
            unit.method,
            unit.request_id
        )
        .fetch_one(tx.conn())
        .await?;
        if kept.hash != unit.hash {
            return Err(RequestError::Reused.into());
        }
        return A::decode(kept.answer.as_slice())
            .map_err(|e| sqlx::Error::Decode(Box::new(e)).into());
    }
    let answer = (unit.work)(tx, unit.command).await?;
    sqlx::query!(
        "UPDATE request SET answer = $4 WHERE principal = $1 AND method = $2 AND request_id = $3",
        unit.principal,
        unit.method,
        unit.request_id,
        answer.encode_to_vec()
    )
    .execute(tx.conn())
    .await?;
    let target = tx.audit_target().to_owned();
    tx.audit(unit.method, &target).await?;
    Ok(answer)
}
