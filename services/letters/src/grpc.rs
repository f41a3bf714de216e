//! Requests in: parse, call, answer.

use duly_platform::{Host, Page, auth::principal, parsed};
use duly_proto::letters::v1::{
    self as wire,
    letters_service_server::{LettersService, LettersServiceServer},
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    error::LettersError,
    look_up::{
        ListLetters, count_letters, get_letter, get_letter_pdf, letter_id, list_batches,
        list_letters,
    },
    mark_mailed::{MarkMailed, mark_mailed},
    preview_letter::{self, PreviewLetter},
    record_returned::{RecordReturned, record_returned},
};

/// The methods of the service.
pub(crate) fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(LettersServiceServer::new(Api { host }).max_decoding_message_size(bytes_max))
}

struct Api {
    host: Host,
}

#[tonic::async_trait]
impl LettersService for Api {
    async fn preview_letter(
        &self,
        request: Request<wire::PreviewLetterRequest>,
    ) -> Result<Response<wire::PreviewLetterResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(PreviewLetter::try_from(request.into_inner()))?;
        let composed = self
            .host
            .read(&who, &query, |tx, query| {
                Box::pin(async move { Ok(preview_letter::draft(tx, query).await?) })
            })
            .await?;
        Ok(Response::new(parsed(preview_letter::show(&self.host, composed).await)?))
    }

    async fn get_letter(
        &self,
        request: Request<wire::GetLetterRequest>,
    ) -> Result<Response<wire::GetLetterResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(letter_id(&request.into_inner().letter_id))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(get_letter(tx, *query).await?) })
            })
            .await
    }

    async fn get_letter_pdf(
        &self,
        request: Request<wire::GetLetterPdfRequest>,
    ) -> Result<Response<wire::GetLetterPdfResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(letter_id(&request.into_inner().letter_id))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(get_letter_pdf(tx, *query).await?) })
            })
            .await
    }

    async fn list_letters(
        &self,
        request: Request<wire::ListLettersRequest>,
    ) -> Result<Response<wire::ListLettersResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListLetters::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_letters(tx, query).await?) })
            })
            .await
    }

    async fn list_batches(
        &self,
        request: Request<wire::ListBatchesRequest>,
    ) -> Result<Response<wire::ListBatchesResponse>, Status> {
        let who = principal(&request)?;
        let page = Page::of(request.into_inner().page.as_ref()).map_err(LettersError::from);
        let query = parsed(page)?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_batches(tx, query).await?) })
            })
            .await
    }

    async fn mark_mailed(
        &self,
        request: Request<wire::MarkMailedRequest>,
    ) -> Result<Response<wire::MarkMailedResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(MarkMailed::try_from(body))?;
        self.host
            .answer_mutation(&who, "MarkMailed", &key, &command, |tx, command| {
                Box::pin(async move { Ok(mark_mailed(tx, command).await?) })
            })
            .await
    }

    async fn record_returned(
        &self,
        request: Request<wire::RecordReturnedRequest>,
    ) -> Result<Response<wire::RecordReturnedResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(RecordReturned::try_from(body))?;
        self.host
            .answer_mutation(&who, "RecordReturned", &key, &command, |tx, command| {
                Box::pin(async move { Ok(record_returned(tx, command).await?) })
            })
            .await
    }

    async fn count_letters(
        &self,
        request: Request<wire::CountLettersRequest>,
    ) -> Result<Response<wire::CountLettersResponse>, Status> {
        let who = principal(&request)?;
        self.host
            .answer_query(&who, &(), |tx, ()| Box::pin(async move { Ok(count_letters(tx).await?) }))
            .await
    }
}
