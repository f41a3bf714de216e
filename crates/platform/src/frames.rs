//! What a service hears: one listener per kind of event, a function over slices.

use std::sync::Arc;

use anyhow::Context as _;
use duly_proto::Event;
use futures::future::BoxFuture;

use crate::tx::Tx;

type Handle = Arc<
    dyn for<'a> Fn(&'a mut Tx, &'a [Vec<u8>]) -> BoxFuture<'a, anyhow::Result<()>> + Send + Sync,
>;

/// Handles one kind of event.
#[derive(Clone)]
pub struct Listener {
    /// The service that tells it.
    pub source: &'static str,
    /// `<service>.<kind>`.
    pub kind: String,
    pub(crate) handle: Handle,
}

impl Listener {
    /// Hears `kind` of `E`'s service. The handler gets every event of the frames that came together,
    /// writes sets, stores facts and marks work due; it decides nothing and tolerates any order.
    ///
    /// An error whose chain holds no database error is the data's: the set is halved until the failing
    /// events stand alone, and those are parked.
    ///
    /// # Panics
    /// `kind` is none of `E`'s: a mistake of the programmer, found at the first start.
    #[must_use]
    pub fn new<E: Event>(
        kind: &'static str,
        handle: for<'a> fn(&'a mut Tx, &'a [E]) -> BoxFuture<'a, anyhow::Result<()>>,
    ) -> Self {
        assert!(E::KINDS.contains(&kind), "{} tells no {kind}", E::SERVICE);
        let decode_and_handle: Handle = Arc::new(move |tx, bodies| {
            Box::pin(async move {
                let events = bodies
                    .iter()
                    .map(|body| E::decode(body.as_slice()).context("decoding an event"))
                    .collect::<Result<Vec<_>, _>>()?;
                // One event can be the cause of what follows only where it was handled alone. Set in
                // any case: a handler that panicked before left its own.
                tx.caused_by(match events.as_slice() {
                    [only] => &only.meta().event_id,
                    _ => "",
                });
                let handled = handle(tx, &events).await;
                tx.caused_by("");
                handled
            })
        });
        Self {
            source: E::SERVICE,
            kind: format!("{}.{kind}", E::SERVICE),
            handle: decode_and_handle,
        }
    }
}
