//! The mail room: what left the house, what comes back, and the mail house's confirmation.

use anyhow::{Context as _, Result};
use duly_domain::{Date, ReturnReason};
use duly_proto::{
    common::v1::{Channel, PageRequest},
    convert,
    letters::v1::{
        Batch, Letter, LetterState, ListBatchesRequest, ListLettersRequest, MarkMailedRequest,
        RecordReturnedRequest,
    },
};
use duly_simulation::Piece;

use super::{Life, agenda::Who, deeds::Done};

impl Life<'_> {
    /// Looks at batches that left since the last look: each letter finds its debtor.
    pub(super) async fn look_at_batches(&mut self, today: Date) -> Result<()> {
        let mut left: Vec<(Who, Letter)> = Vec::new();
        for batch in self.batches().await? {
            if batch.handed_over_at.is_none() || !self.seen.insert(batch.batch_id.clone()) {
                continue;
            }
            for letter in self.letters(&batch.batch_id).await? {
                if matches!(letter.state(), LetterState::Mailed | LetterState::Unknown) {
                    left.push((self.cast.by_party(&letter.party_id)?, letter));
                }
            }
            if batch.channel() == Channel::Mail {
                self.confirm(&batch).await?;
            }
        }
        left.sort_by(|(who, one), (other, two)| {
            (who, one.channel, &one.template).cmp(&(other, two.channel, &two.template))
        });
        let mut now = Vec::new();
        for (who, letter) in left {
            let piece = match letter.channel() {
                Channel::Email => Piece::Email,
                _ => Piece::Mail,
            };
            let reactions = self.cast.debtor_mut(who).on_letter(piece);
            now.extend(self.react(today, who, Some(&letter.letter_id), reactions));
        }
        self.perform(today, now).await
    }

    async fn batches(&self) -> Result<Vec<Batch>> {
        let door = &self.desks.manager;
        let (mut batches, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = Some(PageRequest { page_size: 1_000, page_token });
            let answer = door.letters()?.list_batches(ListBatchesRequest { page }).await;
            let answer = answer
                .map_err(|status| door.explain(&status))
                .context("asking for the batches of letters")?
                .into_inner();
            batches.extend(answer.batches);
            page_token = answer.page.unwrap_or_default().next_page_token;
            if page_token.is_empty() {
                return Ok(batches);
            }
        }
    }

    async fn letters(&self, batch_id: &str) -> Result<Vec<Letter>> {
        let door = &self.desks.manager;
        let (mut letters, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListLettersRequest {
                batch_id: batch_id.to_owned(),
                page: Some(PageRequest { page_size: 1_000, page_token }),
                ..ListLettersRequest::default()
            };
            let answer = door.letters()?.list_letters(request).await;
            let answer = answer
                .map_err(|status| door.explain(&status))
                .context("asking for the letters of a batch")?
                .into_inner();
            letters.extend(answer.letters);
            page_token = answer.page.unwrap_or_default().next_page_token;
            if page_token.is_empty() {
                return Ok(letters);
            }
        }
    }

    /// The mail house says that a batch went into the post.
    async fn confirm(&mut self, batch: &Batch) -> Result<()> {
        let door = &self.desks.manager;
        let request = MarkMailedRequest {
            request_id: format!("demo confirm {}", batch.batch_id),
            batch_id: batch.batch_id.clone(),
            mailed_on: batch.mailing_on,
        };
        let answer = door.letters()?.mark_mailed(request).await;
        answer.map_err(|status| door.explain(&status)).context("confirming a batch")?;
        self.stirred = true;
        Ok(())
    }

    /// A letter comes back.
    pub(super) async fn bring_back(
        &self,
        letter_id: &str,
        reason: ReturnReason,
        today: Date,
    ) -> Result<Done> {
        let mut request = RecordReturnedRequest {
            request_id: format!("demo return {letter_id}"),
            letter_id: letter_id.to_owned(),
            returned_on: Some(convert::date_to_wire(today)),
            ..RecordReturnedRequest::default()
        };
        request.set_reason(reason.into());
        let door = &self.desks.manager;
        let answer = door.letters()?.record_returned(request).await;
        Done::of(door, answer, |_| Ok(Done::Said("letters that came back")))
    }
}
