//! The mail house confirms that it mailed a batch.

use duly_domain::{Date, MailBatchId};
use duly_platform::Tx;
use duly_proto::{convert, letters::v1 as wire};

use crate::{
    error::{LettersError, Result},
    store::{
        batch::{self, Batch},
        letter,
    },
    wire as to_wire,
};

/// A batch that was mailed.
pub(crate) struct MarkMailed {
    batch: MailBatchId,
    mailed_on: Date,
}

impl TryFrom<wire::MarkMailedRequest> for MarkMailed {
    type Error = LettersError;

    fn try_from(request: wire::MarkMailedRequest) -> Result<Self> {
        Ok(Self {
            batch: convert::id("batch_id", &request.batch_id)?,
            mailed_on: convert::date("mailed_on", request.mailed_on.as_ref())?,
        })
    }
}

/// Records the day. Said again it is the same answer.
pub(crate) async fn mark_mailed(
    tx: &mut Tx,
    command: &MarkMailed,
) -> Result<wire::MarkMailedResponse> {
    tx.about(command.batch);
    let id = command.batch.uuid();
    let batch = batch::lock(tx.conn(), &[id]).await?.pop();
    let batch = batch.filter(|batch| batch.state != "dropped");
    let batch = batch.ok_or(LettersError::NotFound("batch"))?;
    if batch.handed_over_at.is_none() {
        return Err(LettersError::NotHandedOver);
    }
    if let Some(on) = batch.confirmed_on.filter(|on| *on != command.mailed_on) {
        return Err(LettersError::ConfirmedOtherwise(on));
    }
    if command.mailed_on < batch.mailing_on || command.mailed_on > tx.today() {
        let reason = format!("is not between {} and {}", batch.mailing_on, tx.today());
        return Err(LettersError::field("mailed_on", reason));
    }
    batch::set_confirmed(tx.conn(), id, command.mailed_on).await?;
    let why = "mailed after the last day for which its printed dates hold";
    let late = letter::note_late(tx.conn(), id, command.mailed_on, why).await?;
    if late > 0 {
        tracing::error!(
            batch.id = %command.batch,
            late,
            "the mail house mailed letters after the last day for which their printed dates hold"
        );
    }
    let batch = Batch { confirmed_on: Some(command.mailed_on), ..batch };
    Ok(wire::MarkMailedResponse { batch: Some(to_wire::batch(&batch)) })
}
