//! Doing what falls on a day or at an instant, stage by stage, and what follows from it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use duly_domain::{Channel, Date, DisputeReason, HitKind, Money, StopKind};
use duly_platform::error::reason_of;
use duly_proto::{
    contact::v1::{OpenDisputeRequest, PlaceStopRequest},
    payments::v1::GetBalanceResponse,
};
use duly_simulation::{Act, Payment, Promise, Reaction, Scope};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tonic::{Code, Response, Status};

use super::{
    AT_ONCE, Life,
    agenda::{Deed, Stage, What, Who},
    money::Posted,
};
use crate::door::Door;

/// What came of a deed.
pub enum Done {
    /// There was nothing to do it for any more.
    Nothing,
    /// It came too late: an account that ended meanwhile takes it no more.
    TooLate(String),
    /// Something was said or written.
    Said(&'static str),
    /// A payment stands.
    Posted(Posted),
    /// A payment was taken back.
    TakenBack {
        /// How much.
        amount: Money,
        /// What it was.
        payment: Payment,
    },
    /// A promise stands.
    Promised(Money, Promise),
    /// A dispute stands.
    Disputed(String),
    /// The client answered: its credit, and whether the debt stands at least in part.
    Answered {
        /// The dispute.
        dispute_id: String,
        /// Whether the debt stands, at least in part.
        stands: bool,
        /// Which question of the account it was.
        number: u32,
        /// What was answered.
        what: &'static str,
    },
    /// A client did something.
    Client(&'static str),
}

impl Done {
    /// What an answer means; a refusal because of what happened meanwhile is part of the story.
    ///
    /// # Errors
    /// Any other refusal.
    pub fn of<T>(
        door: &Door,
        answer: Result<Response<T>, Status>,
        done: impl FnOnce(T) -> Result<Self>,
    ) -> Result<Self> {
        match answer {
            Ok(answer) => done(answer.into_inner()),
            Err(status) if status.code() == Code::FailedPrecondition => {
                let reason = reason_of(&status).unwrap_or_else(|| "refused".to_owned());
                Ok(Self::TooLate(reason))
            }
            Err(status) => Err(door.explain(&status)),
        }
    }
}

impl Life<'_> {
    /// What a debtor does upon something: what it does at once is answered, the rest is put on the
    /// agenda.
    pub(super) fn react(
        &mut self,
        today: Date,
        who: Who,
        letter_id: Option<&str>,
        reactions: Vec<Reaction>,
    ) -> Vec<Deed> {
        let mut now = Vec::new();
        for Reaction { after_days, act } in reactions {
            let what = match act {
                Act::Pays(payment) => What::Pay(payment),
                Act::Promises(promise) => What::Promise(promise),
                Act::Disputes { reason, scope } => What::Dispute(reason, scope),
                Act::HiresAttorney => What::Attorney,
                Act::Ceases => What::Cease,
                Act::OptsOut(channel) => What::OptOut(channel),
                Act::TurnsOut(hit) => What::TurnsOut(hit),
                Act::SendsBack(reason) => match letter_id {
                    Some(id) => What::SendBack { letter_id: id.to_owned(), reason },
                    None => continue,
                },
            };
            now.extend(self.later(today, after_days, who, what));
        }
        now
    }

    /// Does them: stage after stage, in each account one after the other, accounts at the same time.
    pub(super) async fn perform(&mut self, today: Date, deeds: Vec<Deed>) -> Result<()> {
        let mut stages: BTreeMap<Stage, BTreeMap<usize, Vec<Deed>>> = BTreeMap::new();
        for deed in deeds {
            let accounts = stages.entry(deed.what.stage()).or_default();
            accounts.entry(deed.who.actor).or_default().push(deed);
        }
        for accounts in stages.into_values() {
            let this = &*self;
            let mut done: Vec<(Deed, Done)> = stream::iter(accounts.into_values())
                .map(async |mut deeds| {
                    deeds.sort_by_key(Deed::place);
                    let mut done = Vec::with_capacity(deeds.len());
                    for (nth, deed) in (1..).zip(deeds) {
                        let came = this.do_one(&deed, nth, today).await?;
                        done.push((deed, came));
                    }
                    anyhow::Ok(done)
                })
                .buffer_unordered(AT_ONCE)
                .try_concat()
                .await?;
            done.sort_by_key(|(deed, _)| deed.place());
            self.stirred |= !done.is_empty();
            for (deed, came) in done {
                self.follow(today, &deed, came)?;
            }
        }
        Ok(())
    }

    /// One deed, the `nth` of its account in this stage.
    async fn do_one(&self, deed: &Deed, nth: u32, today: Date) -> Result<Done> {
        let who = deed.who;
        let actor = self.cast.actor(who);
        let named = || format!("{}/{}", actor.client_ref, actor.account_ref);
        let done = match &deed.what {
            What::PostRecorded(recorded) => self.post_recorded(recorded).await,
            What::Pay(payment) => self.pay(who, *payment, None, nth, today).await,
            What::PayAmount(amount, payment) => {
                self.pay(who, *payment, Some(*amount), nth, today).await
            }
            What::TakeBack { payment_id, amount, payment } => {
                self.take_back(payment_id, *amount, *payment).await
            }
            What::Answer { request_id, reply, number, disputed } => {
                self.answer(who, request_id, *reply, *number, *disputed).await
            }
            What::Creditor(act) => self.act_as_creditor(who, *act, today).await,
            What::Promise(promise) => self.promise(who, *promise, nth, today).await,
            What::Dispute(reason, scope) => self.dispute(who, *reason, *scope, nth).await,
            What::Attorney => {
                self.stop(who, StopKind::Attorney, None, "letter of the attorney").await
            }
            What::Cease => self.stop(who, StopKind::Cease, None, "letter of the debtor").await,
            What::TurnsOut(hit) => {
                let kind = match hit {
                    HitKind::Bankruptcy => StopKind::Bankruptcy,
                    HitKind::Deceased => StopKind::Deceased,
                    HitKind::Military => StopKind::Military,
                };
                self.stop(who, kind, None, "told when reached").await
            }
            What::OptOut(channel) => {
                self.stop(who, StopKind::OptOut, Some(*channel), "asked for by the debtor").await
            }
            What::SendBack { letter_id, reason } => {
                self.bring_back(letter_id, *reason, today).await
            }
        };
        done.with_context(named)
    }

    /// What follows from what was done: counts, and what comes later.
    fn follow(&mut self, today: Date, deed: &Deed, came: Done) -> Result<()> {
        let who = deed.who;
        self.cast.actor_mut(who).deeds += 1;
        match came {
            Done::Nothing => {}
            Done::TooLate(reason) => *self.log.too_late.entry(reason).or_default() += 1,
            Done::Said(what) => self.log.word(what),
            Done::Client(what) => self.log.client(what),
            Done::Posted(posted) => self.follow_payment(today, who, posted),
            Done::TakenBack { amount, payment } => {
                self.log.reversed.add(amount);
                self.log.moves_on(Some(today));
                if let Some(after) = payment.again_after {
                    let again = Payment { returned_after: None, again_after: None, ..payment };
                    self.agenda.put(
                        super::after_days(today, after),
                        who,
                        What::PayAmount(amount, again),
                    );
                }
            }
            Done::Promised(amount, promise) => {
                self.log.promised.add(amount);
                self.keep(today, who, amount, promise);
            }
            Done::Disputed(dispute_id) => {
                self.log.word("disputes");
                let actor = self.cast.actor_mut(who);
                actor.disputes.insert(dispute_id, who.party);
            }
            Done::Answered { dispute_id, stands, number, what } => {
                self.log.client(what);
                let party = self.cast.actor(who).disputes.get(&dispute_id).copied();
                let who = Who { party: party.unwrap_or(0), ..who };
                let reactions = self.cast.party(who).debtor.on_answer(number, stands);
                let now = self.react(today, who, None, reactions);
                anyhow::ensure!(now.is_empty(), "who is answered pays on a later day");
            }
        }
        Ok(())
    }

    async fn stop(
        &self,
        who: Who,
        kind: StopKind,
        channel: Option<Channel>,
        evidence: &str,
    ) -> Result<Done> {
        let party = self.cast.party(who);
        let mut request = PlaceStopRequest {
            request_id: format!("demo stop {} {kind} {}", party.party_id, medium(channel)),
            party_id: party.party_id.clone(),
            evidence: evidence.to_owned(),
            ..PlaceStopRequest::default()
        };
        request.set_kind(kind.into());
        if let Some(channel) = channel {
            request.set_channel(channel.into());
        }
        let door = &self.desks.collector;
        let answer = door.contact()?.place_stop(request).await;
        Done::of(door, answer, |_| {
            Ok(Done::Said(match kind {
                StopKind::Attorney => "attorneys who wrote",
                StopKind::Cease => "requests to cease",
                StopKind::Bankruptcy => "bankruptcies found out by contact",
                StopKind::Deceased => "deaths found out by contact",
                StopKind::Military => "service found out by contact",
                StopKind::OptOut => "opt-outs",
            }))
        })
    }

    async fn dispute(
        &self,
        who: Who,
        reason: DisputeReason,
        scope: Scope,
        nth: u32,
    ) -> Result<Done> {
        let actor = self.cast.actor(who);
        let Some(balance) = self.balance(who).await? else { return Ok(Done::Nothing) };
        let mut request = OpenDisputeRequest {
            request_id: format!("demo dispute {} {}", actor.account_id, actor.deeds + nth),
            account_id: actor.account_id.clone(),
            party_id: self.cast.party(who).party_id.clone(),
            item_numbers: contested(&balance, scope),
            detail: "as told by the debtor".to_owned(),
            ..OpenDisputeRequest::default()
        };
        request.set_reason(reason.into());
        let door = &self.desks.collector;
        let answer = door.contact()?.open_dispute(request).await;
        Done::of(door, answer, |answer| {
            Ok(Done::Disputed(answer.dispute.context("an answer without the dispute")?.dispute_id))
        })
    }
}

fn medium(channel: Option<Channel>) -> &'static str {
    channel.map_or("all", Channel::as_str)
}

/// Numbers of the items that are contested, of those that something is open on; none for all of it.
fn contested(balance: &GetBalanceResponse, scope: Scope) -> Vec<String> {
    let open = |item: &&duly_proto::payments::v1::ItemBalance| {
        item.open.as_ref().is_some_and(|open| open.minor > 0)
    };
    let mut open: Vec<&str> =
        balance.items.iter().filter(open).map(|item| item.number.as_str()).collect();
    open.sort_unstable();
    match scope {
        Scope::Item(nth) if open.len() > 1 => {
            let nth = usize::try_from(nth).unwrap_or_default() % open.len();
            vec![open[nth].to_owned()]
        }
        Scope::Item(_) | Scope::Whole => Vec::new(),
    }
}
