//! One running letters service, told of claims and decisions as the other services would tell it.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{AccountId, AttemptId, ClientId, IdSource as _, PartyId, TreatmentId};
use duly_letters::{Config, Template, Typeset, TypesetError, Typesetter, service};
use duly_platform::{Role, Service, SystemIds, apply_frames};
use duly_proto::{
    Event,
    common::v1::{Channel, EventMeta, Frame, TreatmentKind},
    contact::v1::{self as contact, event::Fact as Contact},
    convert,
    intake::v1::{self as intake, event::Fact as Intake},
    letters::v1::{self as wire, event::Fact},
    workflow::v1::{self as workflow, event::Fact as Workflow},
};
use duly_testkit::{LettersClient, Run, Set, day, numbered_frames, policy, usd};
use prost::Message as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A typesetter whose documents are their data's hash: deterministic, and at once.
struct Plain;

impl Typesetter for Plain {
    fn typeset(&self, template: Template, data: &Value) -> Result<Typeset, TypesetError> {
        if data.to_string().contains('\u{1f984}') {
            return Err(TypesetError("no font has this character".to_owned()));
        }
        let hash = Sha256::digest(data.to_string());
        let pdf = format!("%PDF {} {hash:x?}", template.name()).into_bytes();
        Ok(Typeset { pdf, pages: 2, template_version: 1 })
    }
}

/// The service with these settings.
pub fn letters(config: &Config) -> Service {
    service(config.clone(), Arc::new(Plain))
}

/// How the agency appears in these tests.
pub fn config() -> Config {
    Config {
        agency_address: vec!["410 Commerce Street".into(), "Columbus, OH 43215".into()],
        agency_phone: "(614) 555-0142".into(),
        agency_email: "help@agency.example".into(),
        ..Config::default()
    }
}

/// A set with one running service and a manager.
pub struct World {
    pub set: Set,
    pub run: Run,
    pub api: LettersClient,
    pub config: Config,
    dir: tempfile::TempDir,
    next_no: AtomicI64,
}

/// A claim as it is placed.
#[derive(Clone)]
pub struct Claim {
    pub id: AccountId,
    pub client: ClientId,
    pub client_ref: String,
    pub parties: Vec<PartyId>,
    pub fact: intake::AccountPlaced,
    pub items: Vec<intake::ClaimItem>,
}

impl World {
    /// A new one, on Monday 2026-01-05 at 15:00 UTC, with a print folder.
    pub async fn open() -> anyhow::Result<Self> {
        Self::open_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn open_with(change: impl FnOnce(&mut Config)) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut config = Config { print_dir: Some(dir.path().join("print")), ..config() };
        change(&mut config);
        let set = Set::create(&[letters(&config)]).await?;
        let run = set.start(vec![letters(&config)]).await?;
        let api = run.clients(Role::Manager)?.letters;
        Ok(Self { set, run, api, config, dir, next_no: AtomicI64::new(1) })
    }

    /// Kills the service and starts it again.
    pub async fn crash(self) -> anyhow::Result<Self> {
        self.run.abort().await;
        let run = self.set.start(vec![letters(&self.config)]).await?;
        let api = run.clients(Role::Manager)?.letters;
        Ok(Self { run, api, ..self })
    }

    /// Settles, and leaves nothing behind.
    pub async fn close(self) -> anyhow::Result<()> {
        self.run.settle().await?;
        self.run.stop().await;
        self.set.drop().await?;
        Ok(self.dir.close()?)
    }

    /// The folder of the mail house.
    pub fn print_dir(&self) -> PathBuf {
        self.dir.path().join("print")
    }

    /// Moves the clock and lets everything due be done.
    pub async fn advance(&self, minutes: i64) -> anyhow::Result<()> {
        self.run.driver().advance(TimeDelta::minutes(minutes)).await
    }

    /// Moves the clock to this instant.
    pub async fn until(&self, at: &str) -> anyhow::Result<()> {
        self.run.driver().advance_to(instant(at)).await
    }

    /// Business time.
    pub async fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        self.run.driver().now().await
    }

    /// Hands facts of one kind over, as one frame.
    pub async fn tell<E: Event>(&self, facts: Vec<(EventMeta, E::Fact)>) -> anyhow::Result<()> {
        let now = convert::timestamp(self.now().await?);
        let events: Vec<E> = facts
            .into_iter()
            .map(|(meta, fact)| E::new(EventMeta { occurred_at: Some(now), ..meta }, fact))
            .collect();
        let kind = events.first().and_then(Event::kind).context("a frame holds an event")?;
        let frame = Frame {
            kind: format!("{}.{kind}", E::SERVICE),
            no: self.next_no.fetch_add(1, Ordering::SeqCst),
            epoch: 1,
            events: events.iter().map(E::encode_to_vec).collect(),
            ..Frame::default()
        };
        let listeners = self.run.listeners("letters")?;
        let listener = listeners.iter().find(|l| l.kind == frame.kind).context("it is heard")?;
        apply_frames(self.run.host("letters")?, listener, &[frame]).await
    }

    /// Tells of a client.
    pub async fn client(&self, claim: &Claim) -> anyhow::Result<()> {
        let fact = intake::ClientChanged {
            client_id: claim.client.to_string(),
            client_ref: claim.client_ref.clone(),
            name: format!("{} Supply Co.", claim.client_ref),
            policy: Some(policy().build()),
            effective_on: Some(day("2025-01-01")),
            ..Default::default()
        };
        let meta = EventMeta { version: 1, ..claim.meta() };
        self.tell::<intake::Event>(vec![(meta, Intake::ClientChanged(fact))]).await
    }

    /// Tells of a placement.
    pub async fn placement(&self, claim: &Claim) -> anyhow::Result<()> {
        let fact = Intake::AccountPlaced(claim.fact.clone());
        self.tell::<intake::Event>(vec![(claim.meta(), fact)]).await
    }

    /// Tells of its items, in parts of two.
    pub async fn items(&self, claim: &Claim) -> anyhow::Result<()> {
        for part in 1..=claim.parts() {
            self.items_part(claim, part).await?;
        }
        Ok(())
    }

    /// One part of them.
    pub async fn items_part(&self, claim: &Claim, part: usize) -> anyhow::Result<()> {
        let items = claim.items.chunks(2).nth(part - 1).context("such a part")?;
        let fact = intake::ClaimItemsListed {
            account_id: claim.id.to_string(),
            opening: 1,
            part: i32::try_from(part)?,
            parts: i32::try_from(claim.parts())?,
            items: items.to_vec(),
        };
        self.tell::<intake::Event>(vec![(claim.meta(), Intake::ClaimItemsListed(fact))]).await
    }

    /// Everything of a claim.
    pub async fn place(&self, claim: &Claim) -> anyhow::Result<()> {
        self.client(claim).await?;
        self.placement(claim).await?;
        self.items(claim).await
    }

    /// A strategy asks for a letter to the principal.
    pub async fn treat(
        &self,
        claim: &Claim,
        template: &str,
        channel: Channel,
    ) -> anyhow::Result<TreatmentId> {
        self.treat_party(claim, 0, template, channel).await
    }

    /// The same to any party.
    pub async fn treat_party(
        &self,
        claim: &Claim,
        party: usize,
        template: &str,
        channel: Channel,
    ) -> anyhow::Result<TreatmentId> {
        let id = TreatmentId::from_uuid(SystemIds.uuid());
        let expires = self.now().await? + TimeDelta::days(5);
        let mut fact = workflow::TreatmentDue {
            treatment_id: id.to_string(),
            client_id: claim.client.to_string(),
            account_id: claim.id.to_string(),
            opening: 1,
            party_id: claim.parties[party].to_string(),
            template: template.to_owned(),
            step: "first_letter".to_owned(),
            try_no: 1,
            expires_at: Some(convert::timestamp(expires)),
            ..Default::default()
        };
        fact.set_kind(TreatmentKind::Letter);
        fact.set_channel(channel);
        let facts = vec![(claim.meta(), Workflow::TreatmentDue(fact))];
        self.tell::<workflow::Event>(facts).await?;
        Ok(id)
    }

    /// Contact authorises a prepared letter, for two ticks.
    pub async fn authorize(&self, letter: &wire::LetterPrepared) -> anyhow::Result<AttemptId> {
        let id = AttemptId::from_uuid(SystemIds.uuid());
        let now = self.now().await?;
        let fact = contact::AttemptAuthorized {
            attempt_id: id.to_string(),
            treatment_id: letter.treatment_id.clone(),
            letter_id: letter.letter_id.clone(),
            account_id: letter.account_id.clone(),
            opening: letter.opening,
            party_id: letter.party_id.clone(),
            channel: letter.channel,
            authorized_at: Some(convert::timestamp(now)),
            valid_until: Some(convert::timestamp(now + TimeDelta::minutes(30))),
            ..Default::default()
        };
        self.decide(Contact::AttemptAuthorized(fact)).await?;
        Ok(id)
    }

    /// Contact tells something.
    pub async fn decide(&self, fact: Contact) -> anyhow::Result<()> {
        self.tell::<contact::Event>(vec![(EventMeta::default(), fact)]).await
    }

    /// The client recalls it.
    pub async fn recall(&self, claim: &Claim) -> anyhow::Result<()> {
        let fact = intake::AccountRecalled {
            account_id: claim.id.to_string(),
            opening: 1,
            recalled_on: Some(day("2026-01-05")),
            reason: "asked for".into(),
        };
        self.tell::<intake::Event>(vec![(claim.meta(), Intake::AccountRecalled(fact))]).await
    }

    /// The client corrects its balance.
    pub async fn adjust(&self, claim: &Claim, amount: &str) -> anyhow::Result<()> {
        let fact = intake::AccountAdjusted {
            adjustment_id: duly_domain::AdjustmentId::from_uuid(SystemIds.uuid()).to_string(),
            account_id: claim.id.to_string(),
            amount: Some(usd(amount)),
            adjusted_on: Some(day("2026-01-05")),
            opening: 1,
            ..Default::default()
        };
        self.tell::<intake::Event>(vec![(claim.meta(), Intake::AccountAdjusted(fact))]).await
    }

    /// Everything that letters has told.
    pub async fn told(&self) -> anyhow::Result<Vec<Fact>> {
        let frames = numbered_frames(&self.set, "letters").await?;
        let events = frames.iter().flat_map(|frame| &frame.events);
        events
            .map(|bytes| {
                let event = wire::Event::decode(bytes.as_slice())?;
                event.fact.context("an event carries its fact")
            })
            .collect()
    }

    /// The letters that were prepared.
    pub async fn prepared(&self) -> anyhow::Result<Vec<wire::LetterPrepared>> {
        let told = self.told().await?.into_iter();
        Ok(told
            .filter_map(|fact| if let Fact::LetterPrepared(f) = fact { Some(f) } else { None })
            .collect())
    }

    /// The only letter that was prepared.
    pub async fn only_prepared(&self) -> anyhow::Result<wire::LetterPrepared> {
        self.prepared().await?.pop().context("a letter was prepared")
    }

    /// What left.
    pub async fn mailed(&self) -> anyhow::Result<Vec<wire::LetterMailed>> {
        let told = self.told().await?.into_iter();
        Ok(told
            .filter_map(|fact| if let Fact::LetterMailed(f) = fact { Some(f) } else { None })
            .collect())
    }

    /// Why letters expired, in the order told.
    pub async fn expired(&self) -> anyhow::Result<Vec<wire::LetterExpired>> {
        let told = self.told().await?.into_iter();
        Ok(told
            .filter_map(|fact| if let Fact::LetterExpired(f) = fact { Some(f) } else { None })
            .collect())
    }

    /// What was refused.
    pub async fn refused(&self) -> anyhow::Result<Vec<wire::LetterRefused>> {
        let told = self.told().await?.into_iter();
        Ok(told
            .filter_map(|fact| if let Fact::LetterRefused(f) = fact { Some(f) } else { None })
            .collect())
    }

    /// A letter as it stands.
    pub async fn letter(&self, id: &str) -> anyhow::Result<wire::Letter> {
        let request = wire::GetLetterRequest { letter_id: id.to_owned() };
        let answer = self.api.clone().get_letter(request).await?.into_inner();
        answer.letter.context("the answer holds the letter")
    }

    /// A demand that is placed, prepared and authorised at its closing time.
    pub async fn authorized_demand(
        &self,
        claim: &Claim,
        channel: Channel,
    ) -> anyhow::Result<wire::LetterPrepared> {
        self.place(claim).await?;
        self.treat(claim, "commercial_demand", channel).await?;
        self.until("2026-01-05T21:00:00Z").await?;
        let letter = self.only_prepared().await?;
        self.authorize(&letter).await?;
        Ok(letter)
    }
}

impl Claim {
    /// A commercial claim of 1,000.00 with three invoices against a business and a guarantor.
    pub fn commercial(client_ref: &str, reference: &str) -> Self {
        let (client, id) =
            (ClientId::from_uuid(SystemIds.uuid()), AccountId::from_uuid(SystemIds.uuid()));
        let parties = [PartyId::from_uuid(SystemIds.uuid()), PartyId::from_uuid(SystemIds.uuid())];
        let party = |id: PartyId, role, kind, name: &str, street: &str| {
            let mut party = intake::LiableParty {
                party_id: id.to_string(),
                name: name.to_owned(),
                address: Some(address(street)),
                emails: vec![format!("{}@example.com", street.replace(' ', "-").to_lowercase())],
                ..Default::default()
            };
            party.set_role(role);
            party.set_debtor_kind(kind);
            party
        };
        let principal = party(
            parties[0],
            intake::PartyRole::Principal,
            intake::DebtorKind::Business,
            "Brightwater Manufacturing Co.",
            "1200 Mill Road",
        );
        let guarantor = party(
            parties[1],
            intake::PartyRole::PersonalGuarantor,
            intake::DebtorKind::Person,
            "Pat Winters",
            "27 Elm Court",
        );
        let items = vec![
            item("I-1", "600.00", "2025-09-01"),
            item("I-2", "500.00", "2025-10-01"),
            item("C-1", "-100.00", "2025-10-15"),
        ];
        let mut fact = intake::AccountPlaced {
            account_id: id.to_string(),
            client_id: client.to_string(),
            client_ref: client_ref.to_owned(),
            client_account_ref: reference.to_owned(),
            opening: 1,
            listed_amount: Some(usd("1000.00")),
            listing_date: Some(day("2026-01-02")),
            claim_items: 3,
            liable_parties: vec![principal, guarantor],
            original_creditor: format!("{client_ref} Supply Co."),
            ..Default::default()
        };
        fact.set_debt_class(intake::DebtClass::Commercial);
        fact.set_service_kind(intake::ServiceKind::Contingency);
        fact.set_creditor_kind(intake::CreditorKind::Trade);
        Self {
            id,
            client,
            client_ref: client_ref.to_owned(),
            parties: parties.to_vec(),
            fact,
            items,
        }
    }

    /// The same against one consumer.
    pub fn consumer(client_ref: &str, reference: &str) -> Self {
        let mut claim = Self::commercial(client_ref, reference);
        claim.fact.set_debt_class(intake::DebtClass::Consumer);
        claim.fact.liable_parties.truncate(1);
        claim.fact.liable_parties[0].set_debtor_kind(intake::DebtorKind::Person);
        claim.fact.liable_parties[0].name = "Robin Sample".into();
        claim.parties.truncate(1);
        claim
    }

    /// The same changed.
    pub fn change(mut self, change: impl FnOnce(&mut intake::AccountPlaced)) -> Self {
        change(&mut self.fact);
        self
    }

    /// How its events are headed.
    pub fn meta(&self) -> EventMeta {
        EventMeta {
            account_id: self.id.to_string(),
            client_id: self.client.to_string(),
            ..EventMeta::default()
        }
    }

    /// In how many parts its items travel.
    pub fn parts(&self) -> usize {
        self.items.len().div_ceil(2)
    }
}

/// An address in Dayton.
pub fn address(street: &str) -> duly_proto::common::v1::Address {
    duly_proto::common::v1::Address {
        lines: vec![street.to_owned()],
        city: "Dayton".into(),
        region: "OH".into(),
        postal_code: "45402".into(),
        country: "US".into(),
    }
}

fn item(number: &str, amount: &str, on: &str) -> intake::ClaimItem {
    let mut item = intake::ClaimItem {
        number: number.to_owned(),
        item_date: Some(day(on)),
        due_date: Some(day(on)),
        original_amount: Some(usd(amount)),
        open_amount: Some(usd(amount)),
        ..Default::default()
    };
    item.set_kind(if amount.starts_with('-') {
        intake::ClaimItemKind::CreditMemo
    } else {
        intake::ClaimItemKind::Invoice
    });
    item
}

/// An instant of a test.
pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("the instants of these tests are instants")
}
