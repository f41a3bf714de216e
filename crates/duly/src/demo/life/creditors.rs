//! The clients: answer what they are asked, and take back, hold or credit an account by themselves.

use anyhow::{Context as _, Result};
use duly_domain::{ClientAnswer, Date, Money};
use duly_proto::{
    common::v1::PageRequest,
    convert,
    intake::v1::{
        AdjustAccountRequest, AnswerClientRequestRequest, ClientRequest, HoldAccountRequest,
        ListClientRequestsRequest, RecallAccountRequest,
    },
};
use duly_simulation::{CreditorAct, Debtor, Reply};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    AT_ONCE, Life,
    agenda::{What, Who},
    deeds::Done,
};
use crate::door::Door;

impl Life<'_> {
    /// Each client looks at what it is asked, and answers some days later.
    pub(super) async fn look_at_questions(&mut self, today: Date) -> Result<()> {
        let asked: Vec<Vec<ClientRequest>> = stream::iter(self.desks.clients.values())
            .map(questions)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let mut new: Vec<(Who, ClientRequest)> = Vec::new();
        for request in asked.into_iter().flatten() {
            if self.seen.insert(request.client_request_id.clone()) {
                new.push((self.cast.by_account(&request.account_id)?, request));
            }
        }
        new.sort_by(|(who, one), (other, two)| {
            (who, &one.item_numbers, &one.question).cmp(&(other, &two.item_numbers, &two.question))
        });
        for (who, request) in new {
            let actor = self.cast.actor_mut(who);
            actor.questions += 1;
            let (number, reply) = (actor.questions, actor.creditor.on_question(actor.questions));
            let disputed = request.disputed_amount.as_ref();
            let disputed = convert::money_opt("disputed_amount", disputed)?;
            let what =
                What::Answer { request_id: request.client_request_id, reply, number, disputed };
            self.agenda.put(super::after_days(today, reply.after_days), who, what);
        }
        Ok(())
    }

    pub(super) async fn answer(
        &self,
        who: Who,
        request_id: &str,
        reply: Reply,
        number: u32,
        disputed: Option<Money>,
    ) -> Result<Done> {
        // What part it is cannot be said of nothing in particular.
        let part = disputed.map(|disputed| Debtor::share(reply.percent, disputed));
        let answer = match (reply.answer, part) {
            (ClientAnswer::Part, None) => ClientAnswer::Credit,
            (answer, _) => answer,
        };
        let credit = part.filter(|_| answer == ClientAnswer::Part).map(convert::money_to_wire);
        let mut request = AnswerClientRequestRequest {
            request_id: format!("demo answer {request_id}"),
            client_request_id: request_id.to_owned(),
            credit,
            text: "after looking into it".to_owned(),
            ..AnswerClientRequestRequest::default()
        };
        request.set_answer(answer.into());
        let door = self.desks.client(&self.cast.actor(who).client_ref)?;
        let answered = door.intake()?.answer_client_request(request).await;
        Done::of(door, answered, |answered| {
            let question = answered.client_request.context("an answer without the question")?;
            Ok(Done::Answered {
                dispute_id: question.dispute_id,
                stands: answer != ClientAnswer::Credit,
                number,
                what: match answer {
                    ClientAnswer::Credit => "disputes credited",
                    ClientAnswer::Part => "disputes credited in part",
                    ClientAnswer::Stands => "disputes answered that the debt stands",
                },
            })
        })
    }

    pub(super) async fn act_as_creditor(
        &self,
        who: Who,
        act: CreditorAct,
        today: Date,
    ) -> Result<Done> {
        let actor = self.cast.actor(who);
        let door = self.desks.client(&actor.client_ref)?;
        let account_id = actor.account_id.clone();
        let request_id = format!("demo client {account_id}");
        match act {
            CreditorAct::Recalls => {
                let reason = "the client works it itself".to_owned();
                let request = RecallAccountRequest { request_id, account_id, reason };
                let answer = door.intake()?.recall_account(request).await;
                Done::of(door, answer, |_| Ok(Done::Client("accounts recalled")))
            }
            CreditorAct::Holds(days) => {
                let until_on = Some(convert::date_to_wire(super::after_days(today, days)));
                let reason = "the client talks with the debtor".to_owned();
                let request = HoldAccountRequest { request_id, account_id, reason, until_on };
                let answer = door.intake()?.hold_account(request).await;
                Done::of(door, answer, |_| Ok(Done::Client("accounts held")))
            }
            CreditorAct::Credits(percent) => {
                let Some(balance) = self.balance(who).await? else { return Ok(Done::Nothing) };
                let owed = convert::money("balance", balance.balance.as_ref())?;
                let amount = Debtor::share(percent, owed).neg()?;
                let request = AdjustAccountRequest {
                    request_id,
                    account_id,
                    amount: Some(convert::money_to_wire(amount)),
                    reason: "a credit found in the client's books".to_owned(),
                    item_number: String::new(),
                };
                let answer = door.intake()?.adjust_account(request).await;
                Done::of(door, answer, |_| Ok(Done::Client("accounts credited")))
            }
        }
    }
}

async fn questions(door: &Door) -> Result<Vec<ClientRequest>> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListClientRequestsRequest {
            page: Some(PageRequest { page_size: 1_000, page_token }),
            ..ListClientRequestsRequest::default()
        };
        let answer = door.intake()?.list_client_requests(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("asking for the questions to a client")?
            .into_inner();
        found.extend(answer.client_requests);
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}
