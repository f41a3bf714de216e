//! Complaints: due by policy, held by a regulator's, over once answered.

use chrono::TimeDelta;
use duly_platform::{Role, error::reason_of};
use duly_proto::{
    contact::v1::{
        AcknowledgeComplaintRequest, AnswerComplaintRequest, AttemptState, Complaint,
        ComplaintOutcome, ComplaintSource, ListComplaintsRequest, Medium, OpenComplaintRequest,
    },
    convert::timestamp,
};
use duly_testkit::{day, request_id};
use tonic::{Code, Status};

use crate::world::{BEGIN, Case, World, at};

fn of(case: &Case, source: ComplaintSource) -> OpenComplaintRequest {
    let mut request = OpenComplaintRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        detail: "calls too often".to_owned(),
        owner: "compliance desk".to_owned(),
        ..Default::default()
    };
    request.set_source(source);
    request.set_medium(Medium::Portal);
    request
}

impl World {
    async fn complain(&self, request: OpenComplaintRequest) -> Result<Complaint, Status> {
        let answer = self.api.clone().open_complaint(request).await?.into_inner();
        Ok(answer.complaint.unwrap_or_default())
    }
}

fn answer(complaint: &Complaint) -> AnswerComplaintRequest {
    let mut request = AnswerComplaintRequest {
        request_id: request_id(),
        complaint_id: complaint.complaint_id.clone(),
        answer: "two calls in a week, by the log".to_owned(),
        ..Default::default()
    };
    request.set_outcome(ComplaintOutcome::Rejected);
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regulators_complaint_holds_contact_until_it_is_answered() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    let other = Case::consumer("ACME", "A-2").phone("+12155550101");
    world.place(&[&case, &other]).await?;
    world.want_call(&case, 0).await?;
    let complaint = world.complain(of(&case, ComplaintSource::Regulator)).await?;
    assert!(complaint.holds);
    assert_eq!(complaint.acknowledge_by, Some(day("2026-01-07")));
    assert_eq!(complaint.answer_by, Some(day("2026-01-20")));
    world.tick().await?;
    let held = world.attempt(&case).await?;
    assert_eq!(held.state(), AttemptState::Withdrawn);
    assert_eq!(held.why, "a regulator's complaint about the account is open");
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(said.reasons[0].authority, "policy agency.complaint");
    // The person's other debt is another matter.
    assert!(world.propose(&other, 0).await?.attempt.is_some());
    let mut collector = world.run.clients(Role::Collector)?.contact;
    let denied = collector.answer_complaint(answer(&complaint)).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let over = world.api.clone().answer_complaint(answer(&complaint)).await?.into_inner();
    let over = over.complaint.unwrap();
    assert!(!over.holds);
    assert_eq!(over.outcome(), ComplaintOutcome::Rejected);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let twice = world.api.clone().answer_complaint(answer(&complaint)).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("complaint_answered"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_permitted_before_a_regulators_complaint_is_not_called() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    assert_eq!(world.call_list().await?.len(), 1);
    world.complain(of(&case, ComplaintSource::Regulator)).await?;
    assert_eq!(world.call_list().await?.len(), 0);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn any_complaint_has_its_owner_and_its_days() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    // Received on Friday evening.
    let request = OpenComplaintRequest {
        received_at: Some(timestamp(at("2026-01-03T00:30:00Z"))),
        ..of(&case, ComplaintSource::Debtor)
    };
    let complaint = world.complain(request).await?;
    assert_eq!(complaint.acknowledge_by, Some(day("2026-01-06")));
    assert_eq!(complaint.answer_by, Some(day("2026-01-17")));
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let nobodys = OpenComplaintRequest {
        account_id: String::new(),
        party_id: String::new(),
        ..of(&case, ComplaintSource::Regulator)
    };
    assert!(!world.complain(nobodys).await?.holds);
    let mut api = world.api.clone();
    let acknowledge = || AcknowledgeComplaintRequest {
        request_id: request_id(),
        complaint_id: complaint.complaint_id.clone(),
        owner: "Ms Bell".to_owned(),
    };
    let acknowledged = api.acknowledge_complaint(acknowledge()).await?.into_inner();
    assert_eq!(acknowledged.complaint.unwrap().owner, "Ms Bell");
    let twice = api.acknowledge_complaint(acknowledge()).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("complaint_acknowledged"));
    api.answer_complaint(answer(&complaint)).await?;
    let late = api.acknowledge_complaint(acknowledge()).await.unwrap_err();
    assert_eq!(reason_of(&late).as_deref(), Some("complaint_answered"));
    let list = |account_id: String, with_answered| ListComplaintsRequest {
        account_id,
        with_answered,
        page: None,
    };
    let all = api.list_complaints(list(String::new(), true)).await?.into_inner().complaints;
    assert_eq!(all.len(), 2);
    let open = api.list_complaints(list(case.account_id(), false)).await?.into_inner();
    assert_eq!(open.complaints, []);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_that_says_too_little_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    let other = Case::consumer("ACME", "A-2");
    world.place(&[&case, &other]).await?;
    let good = || of(&case, ComplaintSource::Debtor);
    let wrong = [
        OpenComplaintRequest { source: 0, ..good() },
        OpenComplaintRequest { medium: 0, ..good() },
        OpenComplaintRequest { owner: String::new(), ..good() },
        OpenComplaintRequest { reference: "x".repeat(200), ..good() },
        OpenComplaintRequest { account_id: String::new(), ..good() },
        OpenComplaintRequest { party_id: other.party_id(0), ..good() },
        OpenComplaintRequest {
            received_at: Some(timestamp(at(BEGIN) + TimeDelta::hours(1))),
            ..good()
        },
    ];
    for request in wrong {
        let refused = world.complain(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    let unknown = AcknowledgeComplaintRequest {
        request_id: request_id(),
        complaint_id: "cmpl_00000000000000000000000000000001".to_owned(),
        owner: String::new(),
    };
    let refused = world.api.clone().acknowledge_complaint(unknown).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(world.count("SELECT count(*) FROM complaint").await?, 0);
    world.close().await
}
