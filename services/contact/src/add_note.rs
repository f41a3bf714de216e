//! Notes: what people write down about an account.

use duly_domain::{AccountId, NoteId};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    error::{ContactError, Result},
    look_up,
    store::note::{self, Note},
    wire as to_wire,
};

/// A note to keep.
pub(crate) struct AddNote {
    account: AccountId,
    text: String,
    visible_to_client: bool,
}

impl TryFrom<wire::AddNoteRequest> for AddNote {
    type Error = ContactError;

    fn try_from(request: wire::AddNoteRequest) -> Result<Self> {
        let text = convert::text("text", &request.text)?;
        if text.is_empty() {
            return Err(ContactError::field("text", "is empty"));
        }
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            text,
            visible_to_client: request.visible_to_client,
        })
    }
}

/// Keeps it.
pub(crate) async fn add_note(tx: &mut Tx, command: &AddNote) -> Result<wire::AddNoteResponse> {
    let standing = look_up::account(tx, command.account).await?;
    let note = Note {
        id: tx.uuid(),
        client: standing.client,
        account: standing.account,
        text: command.text.clone(),
        author: tx.actor().to_owned(),
        written_at: tx.now(),
        visible_to_client: command.visible_to_client,
    };
    note::insert(tx.conn(), &note).await?;
    tx.about(NoteId::from_uuid(note.id));
    Ok(wire::AddNoteResponse { note: Some(to_wire::note(&note)) })
}
