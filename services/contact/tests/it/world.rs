//! One running contact service, told of accounts as the other services would tell it.

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use duly_contact::{Config, Policy, service};
use duly_domain::{AccountId, ClientId, IdSource as _, LetterId, PartyId, TreatmentId};
use duly_platform::{Role, SystemIds, apply_frames};
use duly_proto::{
    Event,
    common::v1::{self as common, EventMeta, Frame},
    contact::v1::{self as contact, event::Fact as Told},
    intake::v1 as intake,
    letters::v1::{self as letters, event::Fact as Letters},
    payments::v1 as payments,
    skiptrace::v1::{self as skiptrace, event::Fact as Skiptrace},
    workflow::v1 as workflow,
};
use duly_testkit::{ContactClient, Run, Set, day, request_id, usd};
use tonic::Status;

use crate::facts::{call_due, letter_prepared, new_search, paid, placed, recalled, traced};

/// When every world begins: Monday, 10:00 in New York.
pub const BEGIN: &str = "2026-01-05T15:00:00Z";

/// Most tests call one person several times on one day.
const NO_BUDGET: &str = "agency: {touches_per_person_day: 200}";

/// A set with one running service and a manager.
pub struct World {
    pub set: Set,
    pub run: Run,
    pub api: ContactClient,
    next_no: AtomicI64,
}

/// An account as intake tells of it.
#[derive(Clone)]
pub struct Case {
    pub id: AccountId,
    pub client: ClientId,
    pub parties: Vec<PartyId>,
    pub fact: intake::AccountPlaced,
}

/// A client by its reference.
pub fn client_id(client_ref: &str) -> ClientId {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(client_ref.bytes()).for_each(|(to, from)| *to = from);
    ClientId::from_uuid(uuid::Uuid::from_bytes(bytes))
}

impl Case {
    /// A consumer account of 100.00 USD in Pennsylvania, without a number.
    pub fn consumer(client_ref: &str, reference: &str) -> Self {
        let mut case = Self::blank(client_ref, reference);
        case.fact.set_debt_class(intake::DebtClass::Consumer);
        case.party(intake::PartyRole::Principal, intake::DebtorKind::Person)
    }

    /// A commercial one.
    pub fn commercial(client_ref: &str, reference: &str) -> Self {
        let mut case = Self::blank(client_ref, reference);
        case.fact.set_debt_class(intake::DebtClass::Commercial);
        case.party(intake::PartyRole::Principal, intake::DebtorKind::Business)
    }

    fn blank(client_ref: &str, reference: &str) -> Self {
        let (id, client): (AccountId, ClientId) = (SystemIds.next(), client_id(client_ref));
        let mut fact = intake::AccountPlaced {
            account_id: id.to_string(),
            client_id: client.to_string(),
            client_ref: client_ref.to_owned(),
            client_account_ref: reference.to_owned(),
            opening: 1,
            listed_amount: Some(usd("100.00")),
            listing_date: Some(day("2026-01-02")),
            ..Default::default()
        };
        fact.set_service_kind(intake::ServiceKind::Contingency);
        Self { id, client, parties: Vec::new(), fact }
    }

    fn party(mut self, role: intake::PartyRole, kind: intake::DebtorKind) -> Self {
        let id: PartyId = SystemIds.next();
        let mut party = intake::LiableParty {
            party_id: id.to_string(),
            name: format!("{} {}", self.fact.client_account_ref, self.parties.len()),
            address: Some(address("1 Main St", "PA", "19103")),
            ..Default::default()
        };
        party.set_role(role);
        party.set_debtor_kind(kind);
        self.parties.push(id);
        self.fact.liable_parties.push(party);
        self
    }

    /// With a personal guarantor.
    pub fn guarantor(self) -> Self {
        self.party(intake::PartyRole::PersonalGuarantor, intake::DebtorKind::Person)
    }

    /// The last party has this number too.
    pub fn phone(mut self, phone: &str) -> Self {
        self.last().phones.push(phone.to_owned());
        self
    }

    /// The last party has this e-mail address too.
    pub fn email(mut self, email: &str) -> Self {
        self.last().emails.push(email.to_owned());
        self
    }

    /// The last party lives there.
    pub fn lives(mut self, state: &str, zip: &str) -> Self {
        self.last().address = Some(address("1 Main St", state, zip));
        self
    }

    /// The claim arose from this.
    pub fn arose_from(mut self, kind: intake::ClaimKind) -> Self {
        self.fact.set_claim_kind(kind);
        self
    }

    /// The client knows this of the debt.
    pub fn known(mut self, kind: intake::KnownFactKind, detail: &str) -> Self {
        let mut fact = intake::KnownFact { detail: detail.to_owned(), ..Default::default() };
        fact.set_kind(kind);
        self.fact.known_facts.push(fact);
        self
    }

    fn last(&mut self) -> &mut intake::LiableParty {
        self.fact.liable_parties.last_mut().expect("a case has a party")
    }

    pub fn account_id(&self) -> String {
        self.id.to_string()
    }

    pub fn party_id(&self, place: usize) -> String {
        self.parties[place].to_string()
    }

    /// What its events say about themselves.
    pub fn meta(&self) -> EventMeta {
        EventMeta {
            occurred_at: Some(prost_types::Timestamp {
                seconds: 1_767_625_200, // 2026-01-05 15:00 UTC, when every set begins
                nanos: 0,
            }),
            account_id: self.id.to_string(),
            client_id: self.client.to_string(),
            version: 1,
            ..EventMeta::default()
        }
    }
}

/// An address in the United States.
pub fn address(line: &str, state: &str, zip: &str) -> common::Address {
    common::Address {
        lines: vec![line.to_owned()],
        city: "Town".to_owned(),
        region: state.to_owned(),
        postal_code: zip.to_owned(),
        country: "US".to_owned(),
    }
}

pub fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().expect("an instant of a test")
}

impl World {
    /// A new one at [`BEGIN`], without a budget per person.
    pub async fn open() -> anyhow::Result<Self> {
        Self::open_with(Config::default()).await
    }

    /// The same under a policy of the agency.
    pub async fn open_under(policy: &str) -> anyhow::Result<Self> {
        Self::open_with(Config::default().or_policy(Policy::parse(policy)?)).await
    }

    /// The same with other settings.
    pub async fn open_with(config: Config) -> anyhow::Result<Self> {
        let config = config.or_policy(Policy::parse(NO_BUDGET)?);
        let set = Set::create(&[service(config.clone())]).await?;
        let run = set.start(vec![service(config)]).await?;
        let api = run.clients(Role::Manager)?.contact;
        Ok(Self { set, run, api, next_no: AtomicI64::new(1) })
    }

    /// Settles, and leaves nothing behind.
    pub async fn close(self) -> anyhow::Result<()> {
        self.run.settle().await?;
        self.run.stop().await;
        self.set.drop().await
    }

    /// Facts of one kind as one frame.
    pub fn frame<E: Event>(&self, facts: Vec<(EventMeta, E::Fact)>) -> anyhow::Result<Frame> {
        let events: Vec<E> = facts.into_iter().map(|(meta, fact)| E::new(meta, fact)).collect();
        let kind = events.first().and_then(Event::kind).context("a frame holds an event")?;
        Ok(Frame {
            kind: format!("{}.{kind}", E::SERVICE),
            no: self.next_no.fetch_add(1, Ordering::SeqCst),
            epoch: 1,
            events: events.iter().map(E::encode_to_vec).collect(),
            ..Frame::default()
        })
    }

    /// Hands a frame over.
    pub async fn deliver(&self, frame: &Frame) -> anyhow::Result<()> {
        let listeners = self.run.listeners("contact")?;
        let listener = listeners.iter().find(|l| l.kind == frame.kind).context("it is heard")?;
        apply_frames(self.run.host("contact")?, listener, std::slice::from_ref(frame)).await
    }

    /// Hands facts of one kind over, as one frame.
    pub async fn tell<E: Event>(&self, facts: Vec<(EventMeta, E::Fact)>) -> anyhow::Result<()> {
        self.deliver(&self.frame::<E>(facts)?).await
    }

    pub async fn place(&self, cases: &[&Case]) -> anyhow::Result<()> {
        self.tell::<intake::Event>(cases.iter().map(|case| placed(case)).collect()).await
    }

    /// Asks for a call that expires in three days.
    pub async fn want_call(&self, case: &Case, party: usize) -> anyhow::Result<TreatmentId> {
        let (id, fact) = call_due(case, party, at(BEGIN) + TimeDelta::days(3));
        self.tell::<workflow::Event>(vec![fact]).await?;
        Ok(id)
    }

    /// A letter by post whose batch closes at 21:00 UTC of the first day.
    pub async fn letter(&self, case: &Case, party: usize) -> anyhow::Result<LetterId> {
        let (id, fact) = letter_prepared(case, party, "2026-01-05T21:00:00Z");
        self.tell::<letters::Event>(vec![fact]).await?;
        Ok(id)
    }

    pub async fn mailed(
        &self,
        case: &Case,
        letter: LetterId,
        certainty: letters::Certainty,
    ) -> anyhow::Result<()> {
        let mut fact = letters::LetterMailed {
            letter_id: letter.to_string(),
            account_id: case.account_id(),
            ..Default::default()
        };
        fact.set_certainty(certainty);
        self.tell::<letters::Event>(vec![(case.meta(), Letters::LetterMailed(fact))]).await
    }

    /// A validation notice left, with the printed end of its period.
    pub async fn mailed_until(
        &self,
        case: &Case,
        letter: LetterId,
        end: &str,
    ) -> anyhow::Result<()> {
        let mut fact = letters::LetterMailed {
            letter_id: letter.to_string(),
            account_id: case.account_id(),
            validation_period_end: Some(day(end)),
            ..Default::default()
        };
        fact.set_certainty(letters::Certainty::Known);
        self.tell::<letters::Event>(vec![(case.meta(), Letters::LetterMailed(fact))]).await
    }

    pub async fn expired(&self, case: &Case, letter: LetterId) -> anyhow::Result<()> {
        let fact = letters::LetterExpired {
            letter_id: letter.to_string(),
            account_id: case.account_id(),
            reason: "the account ended".to_owned(),
            ..Default::default()
        };
        self.tell::<letters::Event>(vec![(case.meta(), Letters::LetterExpired(fact))]).await
    }

    pub async fn returned(&self, case: &Case, letter: LetterId) -> anyhow::Result<()> {
        let mut fact = letters::LetterReturned {
            letter_id: letter.to_string(),
            account_id: case.account_id(),
            ..Default::default()
        };
        fact.set_reason(letters::ReturnReason::Moved);
        self.tell::<letters::Event>(vec![(case.meta(), Letters::LetterReturned(fact))]).await
    }

    pub async fn recall(&self, case: &Case) -> anyhow::Result<()> {
        self.tell::<intake::Event>(vec![recalled(case)]).await
    }

    pub async fn pay(&self, case: &Case, amount: &str) -> anyhow::Result<()> {
        self.tell::<payments::Event>(vec![paid(case, amount)]).await
    }

    pub async fn hits(&self, case: &Case, kinds: &[skiptrace::HitKind]) -> anyhow::Result<()> {
        let hits = kinds.iter().map(|kind| {
            let mut hit = skiptrace::Hit { detail: "26-10231".to_owned(), ..Default::default() };
            hit.set_kind(*kind);
            hit
        });
        let fact = skiptrace::ScrubCompleted {
            search_id: new_search().to_string(),
            account_id: case.account_id(),
            opening: 1,
            party_id: case.party_id(0),
            provider: "file".to_owned(),
            hits: hits.collect(),
            ..Default::default()
        };
        self.tell::<skiptrace::Event>(vec![(case.meta(), Skiptrace::ScrubCompleted(fact))]).await
    }

    pub async fn traced(&self, case: &Case, phone: &str) -> anyhow::Result<()> {
        self.tell::<skiptrace::Event>(vec![traced(case, phone)]).await
    }

    /// Moves to an instant, doing what is due on the way.
    pub async fn at(&self, instant: &str) -> anyhow::Result<()> {
        self.run.driver().advance_to(at(instant)).await
    }

    /// Moves past the next tick.
    pub async fn tick(&self) -> anyhow::Result<()> {
        self.run.driver().advance(TimeDelta::minutes(15)).await
    }

    pub async fn stop(
        &self,
        case: &Case,
        party: usize,
        kind: contact::StopKind,
    ) -> Result<contact::Stop, Status> {
        let mut request = contact::PlaceStopRequest {
            request_id: request_id(),
            party_id: case.party_id(party),
            ..Default::default()
        };
        request.set_kind(kind);
        self.place_stop(request).await
    }

    /// The person does not want this medium, or this number.
    pub async fn opt_out(
        &self,
        case: &Case,
        channel: common::Channel,
        address: &str,
    ) -> Result<contact::Stop, Status> {
        let mut request = contact::PlaceStopRequest {
            request_id: request_id(),
            party_id: case.party_id(0),
            address: address.to_owned(),
            ..Default::default()
        };
        request.set_kind(contact::StopKind::OptOut);
        request.set_channel(channel);
        self.place_stop(request).await
    }

    pub async fn place_stop(
        &self,
        request: contact::PlaceStopRequest,
    ) -> Result<contact::Stop, Status> {
        let answer = self.api.clone().place_stop(request).await?.into_inner();
        Ok(answer.stop.unwrap_or_default())
    }

    pub async fn dispute(
        &self,
        request: contact::OpenDisputeRequest,
    ) -> Result<contact::Dispute, Status> {
        let answer = self.api.clone().open_dispute(request).await?.into_inner();
        Ok(answer.dispute.unwrap_or_default())
    }

    pub async fn propose(
        &self,
        case: &Case,
        party: usize,
    ) -> Result<contact::ProposeCallResponse, Status> {
        let request = contact::ProposeCallRequest {
            request_id: request_id(),
            account_id: case.account_id(),
            party_id: case.party_id(party),
            ..Default::default()
        };
        Ok(self.api.clone().propose_call(request).await?.into_inner())
    }

    pub async fn conclude(
        &self,
        attempt_id: &str,
        disposition: contact::Disposition,
    ) -> Result<contact::Attempt, Status> {
        let mut request = contact::ConcludeAttemptRequest {
            request_id: request_id(),
            attempt_id: attempt_id.to_owned(),
            ..Default::default()
        };
        request.set_disposition(disposition);
        let answer = self.api.clone().conclude_attempt(request).await?.into_inner();
        Ok(answer.attempt.unwrap_or_default())
    }

    /// A call of the collector's own, with its outcome.
    pub async fn call(
        &self,
        case: &Case,
        party: usize,
        disposition: contact::Disposition,
    ) -> anyhow::Result<contact::Attempt> {
        let proposed = self.propose(case, party).await?;
        let attempt = proposed.attempt.with_context(|| format!("{:?}", proposed.decision))?;
        Ok(self.conclude(&attempt.attempt_id, disposition).await?)
    }

    pub async fn call_list(&self) -> anyhow::Result<Vec<contact::CallListEntry>> {
        let request = contact::ListCallListRequest::default();
        Ok(self.api.clone().list_call_list(request).await?.into_inner().entries)
    }

    pub async fn attempts(&self, case: &Case) -> anyhow::Result<Vec<contact::Attempt>> {
        let request =
            contact::ListAttemptsRequest { account_id: case.account_id(), ..Default::default() };
        Ok(self.api.clone().list_attempts(request).await?.into_inner().attempts)
    }

    /// The only attempt of a case.
    pub async fn attempt(&self, case: &Case) -> anyhow::Result<contact::Attempt> {
        let mut attempts = self.attempts(case).await?;
        anyhow::ensure!(attempts.len() == 1, "{attempts:?}");
        Ok(attempts.remove(0))
    }

    pub async fn crossed(&self) -> anyhow::Result<Vec<contact::Attempt>> {
        let request = contact::ListAttemptsRequest { crossed_only: true, ..Default::default() };
        Ok(self.api.clone().list_attempts(request).await?.into_inner().attempts)
    }

    pub async fn explain(&self, case: &Case) -> anyhow::Result<contact::ExplainAccountResponse> {
        let request = contact::ExplainAccountRequest { account_id: case.account_id() };
        Ok(self.api.clone().explain_account(request).await?.into_inner())
    }

    /// Facts that contact has told, of one kind.
    pub async fn told(&self, kind: &str) -> anyhow::Result<Vec<Told>> {
        self.run.settle().await?;
        let told = duly_testkit::told::<contact::Event>(&self.set).await?;
        let of_kind = told.into_iter().filter(|event| event.kind() == Some(kind));
        Ok(of_kind.filter_map(|event| event.fact).collect())
    }

    /// A number over the service's tables.
    pub async fn count(&self, sql: &'static str) -> anyhow::Result<i64> {
        let mut conn = self.set.connect_to(&self.set.schema("contact")).await?;
        Ok(sqlx::query_scalar(sql).fetch_one(&mut conn).await?)
    }
}
