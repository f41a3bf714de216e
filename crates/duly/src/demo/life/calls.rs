//! The collector at the telephone: works off the list of calls that may be made now.

use anyhow::{Context as _, Result};
use chrono::Datelike as _;
use duly_domain::{Date, Disposition};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{CallListEntry, ConcludeAttemptRequest, ListCallListRequest},
};
use duly_simulation::Call;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{AT_ONCE, Life, agenda::Who};

/// One entry of the list and what comes of it.
struct Made {
    who: Who,
    attempt_id: String,
    disposition: Disposition,
    reactions: Vec<duly_simulation::Reaction>,
}

impl Life<'_> {
    /// Makes every call of the list, and has the debtors do what they do upon it.
    pub(super) async fn call(&mut self, today: Date) -> Result<()> {
        let mut listed: Vec<(Who, CallListEntry)> = Vec::new();
        for entry in self.call_list().await? {
            let attempt = entry.attempt.as_ref().context("an entry without its attempt")?;
            listed.push((self.cast.by_party(&attempt.party_id)?, entry));
        }
        if listed.is_empty() {
            return Ok(());
        }
        listed.sort_by(|(who, one), (other, two)| (who, &one.phone).cmp(&(other, &two.phone)));
        let mut made = Vec::new();
        for (who, entry) in listed {
            let hour = entry.local_time_earliest.split(':').next().and_then(|h| h.parse().ok());
            let call = Call {
                phone: &entry.phone,
                weekday: today.weekday(),
                hour: hour.context("an entry without a local time")?,
            };
            let answer = self.cast.debtor_mut(who).on_call(call);
            self.log.call(answer.disposition);
            made.push(Made {
                who,
                attempt_id: entry.attempt.unwrap_or_default().attempt_id,
                disposition: answer.disposition,
                reactions: answer.reactions,
            });
        }
        self.conclude(&made).await?;
        self.stirred = true;
        let mut now = Vec::new();
        for Made { who, reactions, .. } in made {
            now.extend(self.react(today, who, None, reactions));
        }
        self.perform(today, now).await
    }

    async fn call_list(&self) -> Result<Vec<CallListEntry>> {
        let door = &self.desks.collector;
        let (mut entries, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = Some(PageRequest { page_size: 1_000, page_token });
            let answer = door.contact()?.list_call_list(ListCallListRequest { page }).await;
            let answer = answer
                .map_err(|status| door.explain(&status))
                .context("asking for the call list")?
                .into_inner();
            entries.extend(answer.entries);
            page_token = answer.page.unwrap_or_default().next_page_token;
            if page_token.is_empty() {
                return Ok(entries);
            }
        }
    }

    async fn conclude(&self, made: &[Made]) -> Result<()> {
        let door = &self.desks.collector;
        stream::iter(made)
            .map(async |call| {
                let mut request = ConcludeAttemptRequest {
                    request_id: format!("demo call {}", call.attempt_id),
                    attempt_id: call.attempt_id.clone(),
                    ..ConcludeAttemptRequest::default()
                };
                request.set_disposition(call.disposition.into());
                let answer = door.contact()?.conclude_attempt(request).await;
                answer
                    .map(drop)
                    .map_err(|status| door.explain(&status))
                    .context("telling what came of a call")
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }
}
