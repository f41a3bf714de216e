//! Looking up letters and batches. A client's principal sees its own tree: the rows that the database
//! shows it.

use duly_domain::{Id, LetterId, id};
use duly_platform::{Page, Tx};
use duly_proto::{convert, letters::v1 as wire};

use crate::{
    error::{LettersError, Result},
    store::{
        batch,
        letter::{self, Filter, Letter},
    },
    wire as to_wire,
};

/// The letter that a query names.
pub(crate) fn letter_id(id: &str) -> Result<LetterId> {
    Ok(convert::id("letter_id", id)?)
}

async fn find(tx: &mut Tx, id: LetterId) -> Result<Letter> {
    letter::get(tx.conn(), id.uuid()).await?.ok_or(LettersError::NotFound("letter"))
}

/// One letter.
pub(crate) async fn get_letter(tx: &mut Tx, id: LetterId) -> Result<wire::GetLetterResponse> {
    let letter = find(tx, id).await?;
    Ok(wire::GetLetterResponse { letter: Some(to_wire::letter(&letter)) })
}

/// Its document, as it was prepared.
pub(crate) async fn get_letter_pdf(
    tx: &mut Tx,
    id: LetterId,
) -> Result<wire::GetLetterPdfResponse> {
    let letter = find(tx, id).await?;
    let pdf = letter::pdf(tx.conn(), letter.client_id, &letter.content_sha256).await?;
    let content_sha256 = to_wire::hex(&letter.content_sha256);
    Ok(wire::GetLetterPdfResponse {
        pdf: pdf.ok_or(LettersError::NotFound("document"))?,
        file_name: format!("{content_sha256}.pdf"),
        content_sha256,
    })
}

/// A list of letters to give.
pub(crate) struct ListLetters {
    filter: Filter,
    page: Page,
}

impl TryFrom<wire::ListLettersRequest> for ListLetters {
    type Error = LettersError;

    fn try_from(request: wire::ListLettersRequest) -> Result<Self> {
        let state = match request.state() {
            wire::LetterState::Unspecified => None,
            state => Some(state.try_into()?),
        };
        let account = convert::id_opt::<id::Account>("account_id", &request.account_id)?;
        let batch = convert::id_opt::<id::MailBatch>("batch_id", &request.batch_id)?;
        let filter = Filter { account: account.map(Id::uuid), batch: batch.map(Id::uuid), state };
        Ok(Self { filter, page: Page::of(request.page.as_ref())? })
    }
}

/// A page of letters, first prepared first.
pub(crate) async fn list_letters(
    tx: &mut Tx,
    query: &ListLetters,
) -> Result<wire::ListLettersResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = letter::page(tx.conn(), &query.filter, after, limit).await?;
    let page = query.page.cut(&mut rows, |letter| letter.letter_id.into_bytes().to_vec());
    Ok(wire::ListLettersResponse {
        letters: rows.iter().map(to_wire::letter).collect(),
        page: Some(page),
    })
}

/// A page of batches, first sealed first.
pub(crate) async fn list_batches(tx: &mut Tx, page: &Page) -> Result<wire::ListBatchesResponse> {
    let (after, limit) = (page.after_id()?, page.limit());
    let mut rows = batch::page(tx.conn(), after, limit).await?;
    let info = page.cut(&mut rows, |batch| batch.batch_id.into_bytes().to_vec());
    Ok(wire::ListBatchesResponse {
        batches: rows.iter().map(to_wire::batch).collect(),
        page: Some(info),
    })
}

/// How many letters there are, by template, channel and state.
pub(crate) async fn count_letters(tx: &mut Tx) -> Result<wire::CountLettersResponse> {
    let counts = letter::count(tx.conn()).await?;
    let counts = counts.into_iter().map(|count| {
        let unfit = |_| LettersError::Store(sqlx::Error::Decode("a letter's code".into()));
        let channel: duly_domain::Channel = count.channel.parse().map_err(unfit)?;
        let state: duly_domain::LetterState = count.state.parse().map_err(unfit)?;
        Ok(wire::LetterCount {
            template: count.template,
            channel: duly_proto::common::v1::Channel::from(channel).into(),
            state: wire::LetterState::from(state).into(),
            count: count.count,
            pages: count.pages,
        })
    });
    Ok(wire::CountLettersResponse { counts: counts.collect::<Result<_>>()? })
}
