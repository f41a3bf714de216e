//! The methods of what is done with an account: workflow, searches, contact, letters.

use duly_proto::{
    contact::v1 as contact, letters::v1 as letters, skiptrace::v1 as skiptrace,
    workflow::v1 as workflow,
};
use duly_testkit::{Clients, request_id};

use super::{Answer, Foreign};

pub(super) async fn call_workflow(
    api: &mut Clients,
    foreign: &Foreign,
) -> Vec<(&'static str, Answer)> {
    let (client, account) = (foreign.client_id.clone(), foreign.account_id.clone());
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    call!(
        answers,
        api.workflow.publish_strategy,
        "workflow/PublishStrategy",
        workflow::PublishStrategyRequest {
            request_id: request_id(),
            document: "strategy: mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.workflow.get_strategy,
        "workflow/GetStrategy",
        workflow::GetStrategyRequest { name: "commercial-standard".into(), ..Default::default() },
        // A strategy is the agency's, not a client's.
        |_| 0
    );
    call!(
        answers,
        api.workflow.list_strategies,
        "workflow/ListStrategies",
        workflow::ListStrategiesRequest { ..Default::default() },
        |_| 0
    );
    call!(
        answers,
        api.workflow.assign_strategy,
        "workflow/AssignStrategy",
        workflow::AssignStrategyRequest {
            request_id: request_id(),
            account_id: account.clone(),
            strategy: "commercial-standard".into(),
            reason: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.workflow.explain_account,
        "workflow/ExplainAccount",
        workflow::ExplainAccountRequest { account_id: account.clone() },
        |_| 1
    );
    call!(
        answers,
        api.workflow.list_cases,
        "workflow/ListCases",
        workflow::ListCasesRequest { client_id: client.clone(), ..Default::default() },
        |a: workflow::ListCasesResponse| a.cases.len()
    );
    call!(
        answers,
        api.workflow.list_tasks,
        "workflow/ListTasks",
        workflow::ListTasksRequest {
            account_id: account.clone(),
            with_closed: true,
            ..Default::default()
        },
        |a: workflow::ListTasksResponse| a.tasks.len()
    );
    call!(
        answers,
        api.workflow.close_task,
        "workflow/CloseTask",
        workflow::CloseTaskRequest {
            request_id: request_id(),
            task_id: foreign.task_id.clone(),
            resolution: "done".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.workflow.count_treatments,
        "workflow/CountTreatments",
        workflow::CountTreatmentsRequest {},
        |a: workflow::CountTreatmentsResponse| a.counts.len()
    );
    answers
}

pub(super) async fn call_skiptrace(
    api: &mut Clients,
    foreign: &Foreign,
) -> Vec<(&'static str, Answer)> {
    let account = foreign.account_id.clone();
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    call!(
        answers,
        api.skiptrace.request_search,
        "skiptrace/RequestSearch",
        skiptrace::RequestSearchRequest {
            request_id: request_id(),
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            kind: skiptrace::SearchKind::Scrub.into()
        },
        |_| 1
    );
    call!(
        answers,
        api.skiptrace.list_searches,
        "skiptrace/ListSearches",
        skiptrace::ListSearchesRequest { account_id: account.clone(), ..Default::default() },
        |a: skiptrace::ListSearchesResponse| a.searches.len()
    );
    call!(
        answers,
        api.skiptrace.import_results,
        "skiptrace/ImportResults",
        skiptrace::ImportResultsRequest {
            request_id: request_id(),
            provider: "file".into(),
            file_name: "x.csv".into(),
            content: b"reference,result\n".to_vec()
        },
        |_| 1
    );
    call!(
        answers,
        api.skiptrace.list_findings,
        "skiptrace/ListFindings",
        skiptrace::ListFindingsRequest { account_id: account.clone(), ..Default::default() },
        |a: skiptrace::ListFindingsResponse| a.findings.len()
    );
    call!(
        answers,
        api.skiptrace.get_spend,
        "skiptrace/GetSpend",
        skiptrace::GetSpendRequest {},
        |a: skiptrace::GetSpendResponse| a.spend.len()
    );
    answers
}

/// An id of this kind.
fn any(prefix: &str) -> String {
    format!("{prefix}_00000000000000000000000000000001")
}

pub(super) async fn call_contact(
    api: &mut Clients,
    foreign: &Foreign,
) -> Vec<(&'static str, Answer)> {
    let account = foreign.account_id.clone();
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    call!(
        answers,
        api.contact.decide,
        "contact/Decide",
        contact::DecideRequest {
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            channel: duly_proto::common::v1::Channel::Call.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.propose_call,
        "contact/ProposeCall",
        contact::ProposeCallRequest {
            request_id: request_id(),
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_call_list,
        "contact/ListCallList",
        contact::ListCallListRequest { ..Default::default() },
        |a: contact::ListCallListResponse| a.entries.len()
    );
    call!(
        answers,
        api.contact.conclude_attempt,
        "contact/ConcludeAttempt",
        contact::ConcludeAttemptRequest {
            request_id: request_id(),
            attempt_id: foreign.attempt_id.clone(),
            disposition: contact::Disposition::Busy.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_attempts,
        "contact/ListAttempts",
        contact::ListAttemptsRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListAttemptsResponse| a.attempts.len()
    );
    call!(
        answers,
        api.contact.place_stop,
        "contact/PlaceStop",
        contact::PlaceStopRequest {
            request_id: request_id(),
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            kind: contact::StopKind::Cease.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.lift_stop,
        "contact/LiftStop",
        contact::LiftStopRequest {
            request_id: request_id(),
            stop_id: foreign.stop_id.clone(),
            reason: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_stops,
        "contact/ListStops",
        contact::ListStopsRequest {
            account_id: account.clone(),
            with_lifted: true,
            ..Default::default()
        },
        |a: contact::ListStopsResponse| a.stops.len()
    );
    call!(
        answers,
        api.contact.open_dispute,
        "contact/OpenDispute",
        contact::OpenDisputeRequest {
            request_id: request_id(),
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            reason: contact::DisputeReason::Other.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.resolve_dispute,
        "contact/ResolveDispute",
        contact::ResolveDisputeRequest {
            request_id: request_id(),
            dispute_id: foreign.dispute_id.clone(),
            outcome: contact::DisputeOutcome::Withdrawn.into(),
            reason: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_disputes,
        "contact/ListDisputes",
        contact::ListDisputesRequest {
            account_id: account.clone(),
            with_resolved: true,
            ..Default::default()
        },
        |a: contact::ListDisputesResponse| a.disputes.len()
    );
    call!(
        answers,
        api.contact.record_consent,
        "contact/RecordConsent",
        contact::RecordConsentRequest {
            request_id: request_id(),
            party_id: foreign.party_id.clone(),
            what: contact::ConsentFor::MoreCalls.into(),
            given_to: contact::GivenTo::Agency.into(),
            evidence: "mine".into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.withdraw_consent,
        "contact/WithdrawConsent",
        contact::WithdrawConsentRequest {
            request_id: request_id(),
            consent_id: any("cnst"),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_consents,
        "contact/ListConsents",
        contact::ListConsentsRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListConsentsResponse| a.consents.len()
    );
    let kind = contact::record_designation_request::Kind::NotAtPlace(contact::Place::Work.into());
    call!(
        answers,
        api.contact.record_designation,
        "contact/RecordDesignation",
        contact::RecordDesignationRequest {
            request_id: request_id(),
            party_id: foreign.party_id.clone(),
            kind: Some(kind),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.lift_designation,
        "contact/LiftDesignation",
        contact::LiftDesignationRequest {
            request_id: request_id(),
            designation_id: any("dsgn"),
            reason: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_designations,
        "contact/ListDesignations",
        contact::ListDesignationsRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListDesignationsResponse| a.designations.len()
    );
    call!(
        answers,
        api.contact.record_fact,
        "contact/RecordFact",
        contact::RecordFactRequest {
            request_id: request_id(),
            party_id: foreign.party_id.clone(),
            account_id: account.clone(),
            kind: "verification_sent".into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_facts,
        "contact/ListFacts",
        contact::ListFactsRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListFactsResponse| a.facts.len()
    );
    call!(
        answers,
        api.contact.open_complaint,
        "contact/OpenComplaint",
        contact::OpenComplaintRequest {
            request_id: request_id(),
            account_id: account.clone(),
            source: contact::ComplaintSource::Client.into(),
            medium: contact::Medium::Email.into(),
            owner: "mine".into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.acknowledge_complaint,
        "contact/AcknowledgeComplaint",
        contact::AcknowledgeComplaintRequest {
            request_id: request_id(),
            complaint_id: any("cmpl"),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.answer_complaint,
        "contact/AnswerComplaint",
        contact::AnswerComplaintRequest {
            request_id: request_id(),
            complaint_id: any("cmpl"),
            outcome: contact::ComplaintOutcome::Withdrawn.into(),
            answer: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_complaints,
        "contact/ListComplaints",
        contact::ListComplaintsRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListComplaintsResponse| a.complaints.len()
    );
    call!(
        answers,
        api.contact.record_inbound,
        "contact/RecordInbound",
        contact::RecordInboundRequest {
            request_id: request_id(),
            medium: contact::Medium::Text.into(),
            from: "+16145550101".into(),
            text: "stop".into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.match_inbound,
        "contact/MatchInbound",
        contact::MatchInboundRequest {
            request_id: request_id(),
            inbound_id: any("inbd"),
            party_id: foreign.party_id.clone(),
            account_id: account.clone()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.read_inbound,
        "contact/ReadInbound",
        contact::ReadInboundRequest {
            request_id: request_id(),
            inbound_id: any("inbd"),
            class: contact::InboundClass::Other.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_inbound,
        "contact/ListInbound",
        contact::ListInboundRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListInboundResponse| a.inbound.len()
    );
    call!(
        answers,
        api.contact.list_unmatched_inbound,
        "contact/ListUnmatchedInbound",
        contact::ListUnmatchedInboundRequest::default(),
        |a: contact::ListUnmatchedInboundResponse| a.inbound.len()
    );
    call!(
        answers,
        api.contact.link_persons,
        "contact/LinkPersons",
        contact::LinkPersonsRequest {
            request_id: request_id(),
            party_id: foreign.party_id.clone(),
            other_party_id: any("prty"),
            reason: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.unlink_party,
        "contact/UnlinkParty",
        contact::UnlinkPartyRequest {
            request_id: request_id(),
            party_id: foreign.party_id.clone(),
            reason: "mine".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.add_note,
        "contact/AddNote",
        contact::AddNoteRequest {
            request_id: request_id(),
            account_id: account.clone(),
            text: "mine".into(),
            visible_to_client: true
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_notes,
        "contact/ListNotes",
        contact::ListNotesRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListNotesResponse| a.notes.len()
    );
    call!(
        answers,
        api.contact.add_point,
        "contact/AddPoint",
        contact::AddPointRequest {
            request_id: request_id(),
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            source: "debtor".into(),
            point: Some(contact::add_point_request::Point::Phone("+16145550999".into())),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.explain_account,
        "contact/ExplainAccount",
        contact::ExplainAccountRequest { account_id: account.clone() },
        |_| 1
    );
    call!(
        answers,
        api.contact.list_obligations,
        "contact/ListObligations",
        contact::ListObligationsRequest { account_id: account.clone(), ..Default::default() },
        |a: contact::ListObligationsResponse| a.obligations.len()
    );
    call!(
        answers,
        api.contact.calendar,
        "contact/Calendar",
        contact::CalendarRequest {
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.contact.replay_decision,
        "contact/ReplayDecision",
        contact::ReplayDecisionRequest { decision_id: any("dcsn") },
        |_| 1
    );
    call!(
        answers,
        api.contact.replay_decisions,
        "contact/ReplayDecisions",
        contact::ReplayDecisionsRequest::default(),
        |_| 1
    );
    call!(
        answers,
        api.contact.count_decisions,
        "contact/CountDecisions",
        contact::CountDecisionsRequest {},
        |a: contact::CountDecisionsResponse| a.counts.len()
    );
    answers
}

pub(super) async fn call_letters(
    api: &mut Clients,
    foreign: &Foreign,
) -> Vec<(&'static str, Answer)> {
    let account = foreign.account_id.clone();
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    call!(
        answers,
        api.letters.preview_letter,
        "letters/PreviewLetter",
        letters::PreviewLetterRequest {
            account_id: account.clone(),
            party_id: foreign.party_id.clone(),
            template: "commercial_demand".into()
        },
        |_| 1
    );
    call!(
        answers,
        api.letters.get_letter,
        "letters/GetLetter",
        letters::GetLetterRequest { letter_id: foreign.letter_id.clone() },
        |_| 1
    );
    call!(
        answers,
        api.letters.get_letter_pdf,
        "letters/GetLetterPdf",
        letters::GetLetterPdfRequest { letter_id: foreign.letter_id.clone() },
        |_| 1
    );
    call!(
        answers,
        api.letters.list_letters,
        "letters/ListLetters",
        letters::ListLettersRequest { account_id: account.clone(), ..Default::default() },
        |a: letters::ListLettersResponse| a.letters.len()
    );
    call!(
        answers,
        api.letters.list_batches,
        "letters/ListBatches",
        letters::ListBatchesRequest { ..Default::default() },
        |a: letters::ListBatchesResponse| a.batches.len()
    );
    call!(
        answers,
        api.letters.mark_mailed,
        "letters/MarkMailed",
        letters::MarkMailedRequest {
            request_id: request_id(),
            batch_id: foreign.mail_batch_id.clone(),
            mailed_on: Some(duly_testkit::day("2026-01-06"))
        },
        |_| 1
    );
    call!(
        answers,
        api.letters.record_returned,
        "letters/RecordReturned",
        letters::RecordReturnedRequest {
            request_id: request_id(),
            letter_id: foreign.letter_id.clone(),
            reason: letters::ReturnReason::Refused.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.letters.count_letters,
        "letters/CountLetters",
        letters::CountLettersRequest {},
        |a: letters::CountLettersResponse| a.counts.len()
    );
    answers
}
