//! Where accounts stand: kept by `duly-standing`.

use duly_domain::id;
use duly_platform::{Listener, Tx};
use duly_proto::{
    intake::v1::{Event as Intake, event::Fact},
    payments::v1::Event as Payments,
};
use uuid::Uuid;

use super::{look_again, read, uuid, wrong_kind};

/// A listener that keeps what `duly-standing` keeps of a kind, and no more.
macro_rules! kept {
    ($event:ty, $kind:literal, $keep:ident) => {
        Listener::new::<$event>($kind, |tx, events| {
            Box::pin(async move {
                duly_standing::$keep(tx, events).await?;
                Ok(())
            })
        })
    };
}

pub(super) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Intake>("client_changed", |tx, e| Box::pin(client_changed(tx, e))),
        kept!(Intake, "account_adjusted", keep_adjusted),
        kept!(Intake, "account_recalled", keep_recalled),
        kept!(Intake, "account_closed", keep_closed),
        kept!(Intake, "hold_placed", keep_holds_placed),
        kept!(Intake, "hold_lifted", keep_holds_lifted),
        kept!(Payments, "payment_posted", keep_posted),
        kept!(Payments, "payment_reversed", keep_reversed),
        kept!(Payments, "balance_settled", keep_settled),
    ]
}

async fn client_changed(tx: &mut Tx, events: &[Intake]) -> anyhow::Result<()> {
    duly_standing::keep_clients(tx, events).await?;
    let clients: Vec<Uuid> = read(
        events,
        |event| event.fact.as_ref(),
        |_, fact| {
            let Fact::ClientChanged(fact) = fact else { return Err(wrong_kind()) };
            Ok(vec![uuid::<id::Client>("client_id", &fact.client_id)?])
        },
    )?;
    look_again(tx, &[], &clients).await
}
