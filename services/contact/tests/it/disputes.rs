//! Disputes: what pauses an account, and what ends them.

use chrono::TimeDelta;
use duly_proto::{
    contact::v1::{
        Dispute, DisputeForm, DisputeMove, DisputeOutcome, DisputeReason, ListDisputesRequest,
        Medium, OpenDisputeRequest, RecordFactRequest, ResolveDisputeRequest, Timeliness,
        event::Fact,
    },
    convert::timestamp,
    intake::v1::{self as intake, ClientAnswer},
};
use duly_testkit::{day, request_id, usd};
use tonic::Code;

use crate::world::{BEGIN, Case, World, at};

/// A dispute of the whole account by its principal.
pub fn of(case: &Case) -> OpenDisputeRequest {
    let mut request = OpenDisputeRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        detail: "never ordered".to_owned(),
        ..Default::default()
    };
    request.set_reason(DisputeReason::NotDelivered);
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_pauses_until_the_client_answers() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let dispute = world.dispute(of(&case)).await?;
    assert!(dispute.pauses_account);
    let refused = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(refused.reasons[0].rule, "dispute");
    let mut fact = intake::ClientAnswered {
        account_id: case.account_id(),
        opening: 1,
        dispute_id: dispute.dispute_id.clone(),
        ..Default::default()
    };
    fact.set_answer(ClientAnswer::Stands);
    let answered = (case.meta(), intake::event::Fact::ClientAnswered(fact));
    world.tell::<intake::Event>(vec![answered.clone()]).await?;
    world.tell::<intake::Event>(vec![answered]).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let told = world.told("dispute_resolved").await?;
    let [Fact::DisputeResolved(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(told.outcome(), DisputeOutcome::Invalid);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn part_of_a_commercial_account_pauses_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::commercial("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let part = OpenDisputeRequest { item_numbers: vec!["I-1".to_owned()], ..of(&case) };
    assert!(!world.dispute(part).await?.pauses_account);
    let part = OpenDisputeRequest { amount: Some(usd("99.99")), ..of(&case) };
    assert!(!world.dispute(part).await?.pauses_account);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let whole = OpenDisputeRequest { amount: Some(usd("100.00")), ..of(&case) };
    assert!(world.dispute(whole).await?.pauses_account);
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    let list = |with_resolved| ListDisputesRequest { with_resolved, ..Default::default() };
    assert_eq!(world.api.clone().list_disputes(list(false)).await?.into_inner().disputes.len(), 3);
    assert_eq!(world.told("dispute_opened").await?.len(), 3);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_resolves_a_dispute_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let dispute = world.dispute(of(&case)).await?;
    let resolve = |outcome: DisputeOutcome| {
        let mut request = ResolveDisputeRequest {
            request_id: request_id(),
            dispute_id: dispute.dispute_id.clone(),
            reason: "receipt signed".to_owned(),
            ..Default::default()
        };
        request.set_outcome(outcome);
        request
    };
    let mut api = world.api.clone();
    let nothing = api.resolve_dispute(resolve(DisputeOutcome::Unspecified)).await.unwrap_err();
    assert_eq!(nothing.code(), Code::InvalidArgument);
    api.resolve_dispute(resolve(DisputeOutcome::Withdrawn)).await?;
    let twice = api.resolve_dispute(resolve(DisputeOutcome::Valid)).await.unwrap_err();
    assert_eq!(duly_platform::error::reason_of(&twice).as_deref(), Some("dispute_resolved"));
    let unknown = ResolveDisputeRequest {
        dispute_id: "disp_00000000000000000000000000000001".to_owned(),
        ..resolve(DisputeOutcome::Valid)
    };
    assert_eq!(api.resolve_dispute(unknown).await.unwrap_err().code(), Code::NotFound);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_that_does_not_fit_its_account_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    let other = Case::consumer("ACME", "A-2");
    world.place(&[&case, &other]).await?;
    let euros = duly_proto::common::v1::Money { minor: 100, currency: "EUR".to_owned() };
    let wrong = [
        OpenDisputeRequest { reason: 0, ..of(&case) },
        OpenDisputeRequest { amount: Some(usd("0.00")), ..of(&case) },
        OpenDisputeRequest { amount: Some(euros), ..of(&case) },
        OpenDisputeRequest { item_numbers: vec![String::new()], ..of(&case) },
        OpenDisputeRequest { item_numbers: vec!["I-1".to_owned(); 2], ..of(&case) },
        OpenDisputeRequest { party_id: other.party_id(0), ..of(&case) },
        OpenDisputeRequest { account_id: "acct_x".to_owned(), ..of(&case) },
    ];
    for request in wrong {
        let refused = world.dispute(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM dispute").await?, 0);
    world.close().await
}

impl World {
    /// A consumer's account whose validation notice left with this printed end of its period, now.
    async fn noticed(&self, end: &str) -> anyhow::Result<Case> {
        let case = Case::consumer("ACME", "A-1").phone("+12155550101");
        self.place(&[&case]).await?;
        let notice = self.letter(&case, 0).await?;
        self.at("2026-01-05T21:15:00Z").await?;
        self.mailed_until(&case, notice, end).await?;
        self.at("2026-02-10T15:00:00Z").await?;
        Ok(case)
    }

    async fn settle_dispute(
        &self,
        dispute: &Dispute,
        outcome: DisputeOutcome,
    ) -> anyhow::Result<Dispute> {
        let mut request = ResolveDisputeRequest {
            request_id: request_id(),
            dispute_id: dispute.dispute_id.clone(),
            reason: "signed".to_owned(),
            ..Default::default()
        };
        request.set_outcome(outcome);
        let answer = self.api.clone().resolve_dispute(request).await?.into_inner();
        Ok(answer.dispute.unwrap_or_default())
    }
}

fn written(case: &Case, received_at: &str) -> OpenDisputeRequest {
    let mut request =
        OpenDisputeRequest { received_at: Some(timestamp(at(received_at))), ..of(case) };
    request.set_form(DisputeForm::Written);
    request.set_medium(Medium::Mail);
    request
}

fn sent(case: &Case, kind: &str) -> RecordFactRequest {
    let mut request = RecordFactRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        account_id: case.account_id(),
        ..Default::default()
    };
    request.kind = kind.to_owned();
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timely_written_dispute_blocks_by_law_until_verification_is_sent() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = world.noticed("2026-02-09").await?;
    // On the last day of the printed period, in the agency's zone.
    let dispute = world.dispute(written(&case, "2026-02-10T04:30:00Z")).await?;
    assert_eq!(dispute.timeliness(), Timeliness::Timely);
    assert_eq!(dispute.r#move(), DisputeMove::Client);
    assert_eq!(dispute.due_on, Some(day("2026-03-11")));
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(said.reasons[0].authority, "12 CFR 1006.38(d)(2)");
    assert_eq!(said.reasons[0].effect(), duly_proto::common::v1::Effect::Deny);
    let resolved = world.settle_dispute(&dispute, DisputeOutcome::Invalid).await?;
    assert_eq!(resolved.r#move(), DisputeMove::Agency);
    // The client says that the debt stands; the person was not told so yet.
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    world.record(sent(&case, "verification_sent")).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let list = ListDisputesRequest { with_resolved: true, ..Default::default() };
    let over = world.api.clone().list_disputes(list).await?.into_inner().disputes.remove(0);
    assert_eq!((over.r#move(), over.due_on), (DisputeMove::Unspecified, None));
    assert!(over.verified_at.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_or_oral_dispute_pauses_by_policy_until_it_is_resolved() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = world.noticed("2026-02-08").await?;
    let late = world.dispute(written(&case, "2026-02-10T04:30:00Z")).await?;
    assert_eq!(late.timeliness(), Timeliness::Not);
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(said.reasons[0].authority, "policy agency.dispute");
    let resolved = world.settle_dispute(&late, DisputeOutcome::Invalid).await?;
    assert_eq!(resolved.r#move(), DisputeMove::Unspecified);
    let mut oral = of(&case);
    oral.set_form(DisputeForm::Oral);
    let oral = world.dispute(oral).await?;
    assert_eq!(oral.timeliness(), Timeliness::Not);
    world.settle_dispute(&oral, DisputeOutcome::Withdrawn).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let facts = world.explain(&case).await?.facts;
    let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["validation_sent", "disputed_in_writing", "disputed_orally"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_a_dispute_is_in_time_is_not_known_before_the_notice() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let dispute = world.dispute(written(&case, BEGIN)).await?;
    assert_eq!(dispute.timeliness(), Timeliness::Unspecified);
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(said.reasons[0].effect(), duly_proto::common::v1::Effect::Hold);
    // What is not known to be late is treated as timely.
    let resolved = world.settle_dispute(&dispute, DisputeOutcome::Split).await?;
    assert_eq!(resolved.r#move(), DisputeMove::Agency);
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_names_the_dispute_that_it_repeats() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = world.noticed("2026-02-28").await?;
    let first = world.dispute(written(&case, "2026-02-09T15:00:00Z")).await?;
    let repeats = |of: &Dispute| OpenDisputeRequest {
        duplicate_of: of.dispute_id.clone(),
        ..written(&case, "2026-02-10T15:00:00Z")
    };
    let open = world.dispute(repeats(&first)).await.unwrap_err();
    assert_eq!(open.code(), Code::InvalidArgument);
    world.settle_dispute(&first, DisputeOutcome::Invalid).await?;
    world.record(sent(&case, "verification_sent")).await?;
    world.at("2026-02-11T15:00:00Z").await?;
    let again = OpenDisputeRequest {
        received_at: Some(timestamp(at("2026-02-11T14:00:00Z"))),
        ..repeats(&first)
    };
    let again = world.dispute(again).await?;
    assert_eq!(
        (again.duplicate_of.as_str(), again.r#move()),
        (&*first.dispute_id, DisputeMove::Agency)
    );
    world.settle_dispute(&again, DisputeOutcome::Invalid).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    world.record(sent(&case, "duplicative_notice_sent")).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let other = Case::consumer("ACME", "A-2");
    world.place(&[&other]).await?;
    let foreign = OpenDisputeRequest { duplicate_of: first.dispute_id.clone(), ..of(&other) };
    assert_eq!(world.dispute(foreign).await.unwrap_err().code(), Code::InvalidArgument);
    let future = OpenDisputeRequest {
        received_at: Some(timestamp(at("2026-02-11T15:00:00Z") + TimeDelta::seconds(1))),
        ..of(&other)
    };
    assert_eq!(world.dispute(future).await.unwrap_err().code(), Code::InvalidArgument);
    world.close().await
}
