//! Obligations: facts open and meet them, the next tick notes it, and a day that passes without is noted
//! by time alone.

use duly_platform::error::reason_of;
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{
        self as contact, AcknowledgeComplaintRequest, AnswerComplaintRequest, ComplaintOutcome,
        ComplaintSource, Disposition, ListObligationsRequest, Medium, Obligation, ObligationState,
        OpenComplaintRequest, StopKind, event::Fact,
    },
    convert::timestamp,
    letters::v1::{self as letters, Certainty},
};
use duly_testkit::{day, request_id};
use tonic::{Code, Status};

use crate::disputes;
use crate::facts::letter_prepared;
use crate::world::{Case, World, at};

impl World {
    async fn listed(&self, request: ListObligationsRequest) -> Result<Vec<Obligation>, Status> {
        Ok(self.api.clone().list_obligations(request).await?.into_inner().obligations)
    }

    /// Obligations of an account by code, every state.
    async fn owed(&self, case: &Case, code: &str) -> anyhow::Result<Vec<Obligation>> {
        let request =
            ListObligationsRequest { account_id: case.account_id(), ..Default::default() };
        let all = self.listed(request).await?;
        Ok(all.into_iter().filter(|owed| owed.code == code).collect())
    }

    /// How often each of the three was told: opened, missed, met.
    async fn tidings(&self) -> anyhow::Result<(usize, usize, usize)> {
        Ok((
            self.told("obligation_opened").await?.len(),
            self.told("obligation_missed").await?.len(),
            self.told("obligation_met").await?.len(),
        ))
    }

    async fn complaint(&self, case: &Case) -> Result<contact::Complaint, Status> {
        let mut request = OpenComplaintRequest {
            request_id: request_id(),
            account_id: case.account_id(),
            party_id: case.party_id(0),
            owner: "desk".to_owned(),
            ..Default::default()
        };
        request.set_source(ComplaintSource::Debtor);
        request.set_medium(Medium::Mail);
        let answer = self.api.clone().open_complaint(request).await?.into_inner();
        Ok(answer.complaint.unwrap_or_default())
    }

    async fn answer_complaint(&self, complaint: &contact::Complaint) -> Result<(), Status> {
        let mut request = AnswerComplaintRequest {
            request_id: request_id(),
            complaint_id: complaint.complaint_id.clone(),
            answer: "as the log says".to_owned(),
            ..Default::default()
        };
        request.set_outcome(ComplaintOutcome::Rejected);
        self.api.clone().answer_complaint(request).await?;
        Ok(())
    }

    /// The first tick at which the debtor was spoken to and nothing was sent.
    async fn spoken_to(&self, case: &Case) -> anyhow::Result<()> {
        self.place(&[case]).await?;
        self.call(case, 0, Disposition::Reached).await?;
        self.tick().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_opens_the_validation_notice_and_sending_it_meets_it() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.spoken_to(&case).await?;
    let owed = world.owed(&case, "o.validation").await?.remove(0);
    assert_eq!(owed.state(), ObligationState::Open);
    assert_eq!(owed.due_on, Some(day("2026-01-10")));
    assert_eq!(owed.authority, "12 CFR 1006.34(a)(1)");
    assert_eq!(owed.party_id, case.party_id(0));
    let told = world.told("obligation_opened").await?;
    let Some(Fact::ObligationOpened(opened)) = told.first() else { panic!("{told:?}") };
    assert_eq!(opened.obligation_id, owed.obligation_id);
    assert_eq!((opened.account_id.clone(), opened.opening), (case.account_id(), 1));
    assert_eq!((opened.code.as_str(), opened.due_on), ("o.validation", Some(day("2026-01-10"))));

    let letter = world.letter(&case, 0).await?;
    world.at("2026-01-05T21:00:00Z").await?;
    world.mailed(&case, letter, Certainty::Known).await?;
    // Noted by the next tick, as of when it took place.
    assert_eq!(world.owed(&case, "o.validation").await?[0].state(), ObligationState::Open);
    world.tick().await?;
    let met = world.owed(&case, "o.validation").await?.remove(0);
    assert_eq!(met.state(), ObligationState::Discharged);
    assert_eq!(met.discharged_at, Some(timestamp(at("2026-01-05T21:00:00Z"))));
    assert_eq!(met.obligation_id, owed.obligation_id);
    assert_eq!(world.tidings().await?, (1, 0, 1));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_is_the_first_communication_asks_nobody_for_anything() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let letter = world.letter(&case, 0).await?;
    world.at("2026-01-05T21:00:00Z").await?;
    world.mailed(&case, letter, Certainty::Known).await?;
    world.tick().await?;
    assert!(world.owed(&case, "o.validation").await?.is_empty());
    world.stop(&case, 0, StopKind::Cease).await?;
    world.tick().await?;
    // A stop opens its duty and meets it in the same act.
    assert_eq!(world.owed(&case, "o.cease").await?[0].state(), ObligationState::Discharged);
    assert_eq!(world.tidings().await?, (0, 0, 0));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_passes_is_noted_by_time_alone() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.spoken_to(&case).await?;
    // The last day in the agency's zone has ended; no fact came in.
    world.at("2026-01-11T05:00:00Z").await?;
    assert_eq!(world.owed(&case, "o.validation").await?[0].state(), ObligationState::Open);
    world.at("2026-01-11T05:15:00Z").await?;
    let missed = world.owed(&case, "o.validation").await?.remove(0);
    assert_eq!(missed.state(), ObligationState::Lapsed);
    assert_eq!(missed.lapsed_at, Some(timestamp(at("2026-01-11T05:00:00Z"))));
    assert_eq!(missed.blocks, "validation_hold");
    assert_eq!(world.tidings().await?, (1, 1, 0));
    let still = ListObligationsRequest { owed_only: true, ..Default::default() };
    assert_eq!(world.listed(still.clone()).await?.len(), 1);

    // Done after all: it stays missed, and nothing is left to do.
    let (letter, prepared) = letter_prepared(&case, 0, "2026-01-12T21:00:00Z");
    world.tell::<letters::Event>(vec![prepared]).await?;
    world.at("2026-01-12T21:00:00Z").await?;
    world.mailed(&case, letter, Certainty::Known).await?;
    world.tick().await?;
    let late = world.owed(&case, "o.validation").await?.remove(0);
    assert_eq!(late.state(), ObligationState::Lapsed);
    assert_eq!(late.discharged_at, Some(timestamp(at("2026-01-12T21:00:00Z"))));
    assert!(world.listed(still).await?.is_empty());
    assert_eq!(world.tidings().await?, (1, 1, 1));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_was_wrong_leaves_nothing_owed() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let stop = world.stop(&case, 0, StopKind::Military).await?;
    world.tick().await?;
    let owed = world.owed(&case, "o.scra_rate").await?.remove(0);
    assert_eq!((owed.state(), owed.due_on), (ObligationState::Open, Some(day("2026-01-20"))));
    let lift = contact::LiftStopRequest {
        request_id: request_id(),
        stop_id: stop.stop_id,
        reason: "another person of that name".to_owned(),
    };
    world.api.clone().lift_stop(lift).await?;
    world.tick().await?;
    let void = world.owed(&case, "o.scra_rate").await?.remove(0);
    assert_eq!(void.state(), ObligationState::Void);
    let told = world.told("obligation_met").await?;
    let Some(Fact::ObligationMet(met)) = told.first() else { panic!("{told:?}") };
    assert!(met.void && met.obligation_id == owed.obligation_id);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_is_owed_one_answer_whoever_else_owes_the_debt() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case =
        Case::consumer("ACME", "A-1").phone("+12155550101").guarantor().phone("+12155550102");
    world.place(&[&case]).await?;
    let mut request = disputes::of(&case);
    request.set_form(contact::DisputeForm::Written);
    world.dispute(request).await?;
    world.tick().await?;
    let owed = world.owed(&case, "o.verify").await?;
    let [owed] = owed.as_slice() else { panic!("{owed:?}") };
    assert_eq!((owed.state(), owed.due_on), (ObligationState::Open, None));
    assert_eq!(owed.before, "further collection of the debt");
    assert_eq!((owed.party_id.clone(), owed.blocks.as_str()), (case.party_id(0), "dispute"));
    // The client takes the account back: nothing comes that it would have to come before.
    world.recall(&case).await?;
    world.tick().await?;
    assert_eq!(world.owed(&case, "o.verify").await?[0].state(), ObligationState::Discharged);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_complaints_is_owed_its_own_answer() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let (one, two) = (world.complaint(&case).await?, world.complaint(&case).await?);
    world.tick().await?;
    let states = async |code| -> anyhow::Result<Vec<ObligationState>> {
        let mut all: Vec<_> =
            world.owed(&case, code).await?.iter().map(Obligation::state).collect();
        all.sort_unstable();
        Ok(all)
    };
    let (open, met) = (ObligationState::Open, ObligationState::Discharged);
    assert_eq!(states("complaint.answer").await?, [open, open]);
    assert_eq!(states("complaint.acknowledge").await?, [open, open]);
    let acknowledge = AcknowledgeComplaintRequest {
        request_id: request_id(),
        complaint_id: one.complaint_id.clone(),
        owner: String::new(),
    };
    world.api.clone().acknowledge_complaint(acknowledge).await?;
    world.tick().await?;
    assert_eq!(states("complaint.acknowledge").await?, [open, met]);
    world.answer_complaint(&two).await?;
    world.tick().await?;
    assert_eq!(states("complaint.acknowledge").await?, [met, met]);
    assert_eq!(states("complaint.answer").await?, [open, met]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_that_are_merged_and_split_keep_what_each_party_is_owed() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = Case::consumer("ACME", "A-1").phone("+12155550101");
    let two = Case::consumer("MILLS", "M-1").phone("+12155550102");
    for case in [&one, &two] {
        world.spoken_to(case).await?;
        world.complaint(case).await?;
    }
    world.tick().await?;
    let all = async || -> anyhow::Result<Vec<(String, String, ObligationState)>> {
        let mut all: Vec<_> = world
            .listed(ListObligationsRequest::default())
            .await?
            .into_iter()
            .map(|owed| (owed.obligation_id.clone(), owed.account_id.clone(), owed.state()))
            .collect();
        all.sort();
        Ok(all)
    };
    let before = all().await?;
    assert_eq!(before.len(), 6);
    let told = world.tidings().await?;
    world.link(&one.party_id(0), &two.party_id(0)).await?;
    world.tick().await?;
    assert_eq!(all().await?, before);
    let unlink = contact::UnlinkPartyRequest {
        request_id: request_id(),
        party_id: two.party_id(0),
        reason: "two brothers".to_owned(),
    };
    world.api.clone().unlink_party(unlink).await?;
    world.tick().await?;
    assert_eq!(all().await?, before);
    assert_eq!(world.tidings().await?, told);
    // What arose at one client's account is not the other's to see.
    let mut api = world.run.clients_of_tree(&[one.client])?.contact;
    let seen = api.list_obligations(ListObligationsRequest::default()).await?.into_inner();
    assert_eq!(seen.obligations.len(), 3);
    assert!(seen.obligations.iter().all(|owed| owed.account_id == one.account_id()));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_comes_in_pages_what_is_due_first_ahead() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.spoken_to(&case).await?;
    world.complaint(&case).await?;
    let mut request = disputes::of(&case);
    request.set_form(contact::DisputeForm::Written);
    world.dispute(request).await?;
    world.tick().await?;
    let (mut codes, mut token) = (Vec::new(), String::new());
    loop {
        let page = Some(PageRequest { page_size: 1, page_token: token });
        let request =
            ListObligationsRequest { owed_only: true, page, ..ListObligationsRequest::default() };
        let answer = world.api.clone().list_obligations(request).await?.into_inner();
        codes.extend(answer.obligations.into_iter().map(|owed| owed.code));
        token = answer.page.unwrap_or_default().next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let due = ["complaint.acknowledge", "o.validation", "complaint.answer", "o.verify"];
    assert_eq!(codes, due);
    let soon = ListObligationsRequest {
        due_before: Some(day("2026-01-10")),
        client_id: case.client.to_string(),
        ..Default::default()
    };
    assert_eq!(world.listed(soon).await?.len(), 1);
    // Today, and two days ahead of it: the complaint's receipt, not the notice of the tenth.
    let within = async |days| -> anyhow::Result<Vec<String>> {
        let request = ListObligationsRequest { within_days: Some(days), ..Default::default() };
        Ok(world.listed(request).await?.into_iter().map(|owed| owed.code).collect())
    };
    assert_eq!(within(0).await?, Vec::<String>::new());
    assert_eq!(within(5).await?, ["complaint.acknowledge", "o.validation"]);
    let mut open = ListObligationsRequest::default();
    open.set_state(ObligationState::Lapsed);
    assert!(world.listed(open).await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut standing = ListObligationsRequest::default();
    standing.set_state(ObligationState::Standing);
    let wrong = [
        standing,
        ListObligationsRequest { account_id: "A-1".to_owned(), ..Default::default() },
        ListObligationsRequest { client_id: "ACME".to_owned(), ..Default::default() },
        ListObligationsRequest { within_days: Some(-1), ..Default::default() },
        ListObligationsRequest { within_days: Some(367), ..Default::default() },
        ListObligationsRequest {
            page: Some(PageRequest { page_size: 10, page_token: "00ff".to_owned() }),
            ..Default::default()
        },
        ListObligationsRequest {
            due_before: Some(duly_proto::common::v1::Date { year: 2026, month: 2, day: 30 }),
            ..Default::default()
        },
    ];
    for request in wrong {
        let refused = world.listed(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{refused:?}");
        assert_eq!(reason_of(&refused).as_deref(), Some("invalid_input"));
    }
    world.close().await
}
