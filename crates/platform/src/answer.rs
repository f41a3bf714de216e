//! What every service's gRPC methods do alike: name a request by its key and body, do it, answer it.

use futures::future::BoxFuture;
use prost::Message;
use tonic::{Response, Status};

use crate::{auth::Principal, error::Refusal, host::Host, request::Mutation, tx::Tx};

/// A mutation's key and the hash of its body, taken before the body is parsed.
pub struct Key {
    id: String,
    hash: [u8; 32],
}

impl Host {
    /// The key of a request with this body.
    pub fn key(&self, request_id: &str, body: &impl Message) -> Key {
        let hash = self.sealer().digest(&body.encode_to_vec());
        Key { id: request_id.to_owned(), hash }
    }

    /// [`Host::mutate`], answered.
    ///
    /// # Errors
    /// As [`Host::mutate`], for the wire.
    pub async fn answer_mutation<C, A>(
        &self,
        who: &Principal,
        method: &'static str,
        key: &Key,
        command: &C,
        work: impl for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    ) -> Result<Response<A>, Status>
    where
        C: Sync,
        A: Message + Default,
    {
        let mutation = Mutation { who, method, request_id: &key.id, hash: key.hash };
        Ok(Response::new(self.mutate(&mutation, command, work).await?))
    }

    /// [`Host::read`], answered.
    ///
    /// # Errors
    /// As [`Host::read`], for the wire.
    pub async fn answer_query<Q: Sync, A>(
        &self,
        who: &Principal,
        query: &Q,
        work: impl for<'a> Fn(&'a mut Tx, &'a Q) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    ) -> Result<Response<A>, Status> {
        Ok(Response::new(self.read(who, query, work).await?))
    }
}

/// A request as it was parsed, or its refusal before its work began.
///
/// # Errors
/// The refusal, for the wire.
pub fn parsed<C, E>(command: Result<C, E>) -> Result<C, Status>
where
    Refusal: From<E>,
{
    Ok(command.map_err(Refusal::from)?)
}
