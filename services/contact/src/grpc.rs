//! Requests in: parse, call, answer.

use std::pin::Pin;

use duly_platform::{Host, Page, Principal, auth::principal, parsed};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{
        self as wire,
        contact_service_server::{ContactService, ContactServiceServer},
    },
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    add_note::{AddNote, add_note},
    add_point::{AddPoint, add_point},
    calendar::{Calendar, calendar},
    call_list::list_call_list,
    conclude_attempt::{ConcludeAttempt, conclude_attempt},
    error::Result as Done,
    explain_account::explain_account,
    lift_stop::{LiftStop, lift_stop},
    link_persons::{LinkPersons, UnlinkParty, link_persons, unlink_party},
    list_kept::{
        ListKept, list_complaints, list_consents, list_designations, list_facts, list_inbound,
        list_unmatched_inbound,
    },
    list_obligations::{ListObligations, list_obligations},
    look_up::{
        ListAttempts, ListEnding, ListNotes, account_id, count_decisions, list_attempts,
        list_disputes, list_notes, list_stops,
    },
    open_complaint::{
        AcknowledgeComplaint, AnswerComplaint, OpenComplaint, acknowledge_complaint,
        answer_complaint, open_complaint,
    },
    open_dispute::{OpenDispute, open_dispute},
    place_stop::{PlaceStop, place_stop},
    propose_call::{Decide, ProposeCall, decide, propose_call},
    read_inbound::{ReadInbound, read_inbound},
    record_consent::{RecordConsent, WithdrawConsent, record_consent, withdraw_consent},
    record_designation::{
        LiftDesignation, RecordDesignation, lift_designation, record_designation,
    },
    record_fact::{RecordFact, record_fact},
    record_inbound::{MatchInbound, RecordInbound, match_inbound, record_inbound},
    replay_decision::{ReplayDecisions, decision_id, replay_decision, replay_decisions},
    resolve_dispute::{ResolveDispute, resolve_dispute},
};

/// The methods of the service.
pub(crate) fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(ContactServiceServer::new(Api { host }).max_decoding_message_size(bytes_max))
}

struct Api {
    host: Host,
}

fn page(page: &Option<PageRequest>) -> Done<Page> {
    Ok(Page::of(page.as_ref())?)
}

/// A method as the trait wants it.
type Answer<'f, R> = Pin<Box<dyn Future<Output = Result<Response<R>, Status>> + Send + 'f>>;

/// Methods that change something: the command of the request, by its caller where the command asks who it
/// is, done once per request key.
macro_rules! mutations {
    ($($method:ident($request:ident) -> $response:ident as $name:literal by $parse:expr;)+) => {$(
        fn $method<'s, 'f>(
            &'s self,
            request: Request<wire::$request>,
        ) -> Answer<'f, wire::$response>
        where
            's: 'f,
            Self: 'f,
        {
            Box::pin(async move {
                let who = principal(&request)?;
                let body = request.into_inner();
                let key = self.host.key(&body.request_id, &body);
                let command = parsed(($parse)(&who, body))?;
                self.host
                    .answer_mutation(&who, $name, &key, &command, |tx, command| {
                        Box::pin(async move { Ok($method(tx, command).await?) })
                    })
                    .await
            })
        }
    )+};
}

/// Methods that only read.
macro_rules! queries {
    ($($method:ident($request:ident) -> $response:ident by $parse:expr;)+) => {$(
        fn $method<'s, 'f>(
            &'s self,
            request: Request<wire::$request>,
        ) -> Answer<'f, wire::$response>
        where
            's: 'f,
            Self: 'f,
        {
            Box::pin(async move {
                let who = principal(&request)?;
                let query = parsed(($parse)(&who, request.into_inner()))?;
                self.host
                    .answer_query(&who, &query, |tx, query| {
                        Box::pin(async move { Ok($method(tx, query).await?) })
                    })
                    .await
            })
        }
    )+};
}

/// A command or query that its request alone makes.
fn of<R, T: TryFrom<R>>(_who: &Principal, request: R) -> Result<T, T::Error> {
    T::try_from(request)
}

#[tonic::async_trait]
impl ContactService for Api {
    mutations! {
        propose_call(ProposeCallRequest) -> ProposeCallResponse as "ProposeCall"
            by of::<_, ProposeCall>;
        conclude_attempt(ConcludeAttemptRequest) -> ConcludeAttemptResponse as "ConcludeAttempt"
            by of::<_, ConcludeAttempt>;
        place_stop(PlaceStopRequest) -> PlaceStopResponse as "PlaceStop"
            by |who, body| PlaceStop::parse(who, &body);
        lift_stop(LiftStopRequest) -> LiftStopResponse as "LiftStop" by of::<_, LiftStop>;
        open_dispute(OpenDisputeRequest) -> OpenDisputeResponse as "OpenDispute"
            by of::<_, OpenDispute>;
        resolve_dispute(ResolveDisputeRequest) -> ResolveDisputeResponse as "ResolveDispute"
            by of::<_, ResolveDispute>;
        record_consent(RecordConsentRequest) -> RecordConsentResponse as "RecordConsent"
            by |who, body| RecordConsent::parse(who, &body);
        withdraw_consent(WithdrawConsentRequest) -> WithdrawConsentResponse as "WithdrawConsent"
            by of::<_, WithdrawConsent>;
        record_designation(RecordDesignationRequest) -> RecordDesignationResponse
            as "RecordDesignation" by |who, body| RecordDesignation::parse(who, &body);
        lift_designation(LiftDesignationRequest) -> LiftDesignationResponse as "LiftDesignation"
            by of::<_, LiftDesignation>;
        record_fact(RecordFactRequest) -> RecordFactResponse as "RecordFact"
            by |who, body| RecordFact::parse(who, &body);
        open_complaint(OpenComplaintRequest) -> OpenComplaintResponse as "OpenComplaint"
            by of::<_, OpenComplaint>;
        acknowledge_complaint(AcknowledgeComplaintRequest) -> AcknowledgeComplaintResponse
            as "AcknowledgeComplaint" by of::<_, AcknowledgeComplaint>;
        answer_complaint(AnswerComplaintRequest) -> AnswerComplaintResponse as "AnswerComplaint"
            by of::<_, AnswerComplaint>;
        record_inbound(RecordInboundRequest) -> RecordInboundResponse as "RecordInbound"
            by |who, body| RecordInbound::parse(who, &body);
        match_inbound(MatchInboundRequest) -> MatchInboundResponse as "MatchInbound"
            by |who, body| MatchInbound::parse(who, &body);
        read_inbound(ReadInboundRequest) -> ReadInboundResponse as "ReadInbound"
            by |who, body| ReadInbound::parse(who, &body);
        link_persons(LinkPersonsRequest) -> LinkPersonsResponse as "LinkPersons"
            by of::<_, LinkPersons>;
        unlink_party(UnlinkPartyRequest) -> UnlinkPartyResponse as "UnlinkParty"
            by of::<_, UnlinkParty>;
        add_note(AddNoteRequest) -> AddNoteResponse as "AddNote" by of::<_, AddNote>;
        add_point(AddPointRequest) -> AddPointResponse as "AddPoint" by of::<_, AddPoint>;
    }

    queries! {
        decide(DecideRequest) -> DecideResponse by of::<_, Decide>;
        list_call_list(ListCallListRequest) -> ListCallListResponse
            by |_, request: wire::ListCallListRequest| page(&request.page);
        list_attempts(ListAttemptsRequest) -> ListAttemptsResponse by of::<_, ListAttempts>;
        list_stops(ListStopsRequest) -> ListStopsResponse by of::<_, ListEnding>;
        list_disputes(ListDisputesRequest) -> ListDisputesResponse by of::<_, ListEnding>;
        list_consents(ListConsentsRequest) -> ListConsentsResponse by of::<_, ListKept>;
        list_designations(ListDesignationsRequest) -> ListDesignationsResponse
            by of::<_, ListKept>;
        list_facts(ListFactsRequest) -> ListFactsResponse by of::<_, ListKept>;
        list_complaints(ListComplaintsRequest) -> ListComplaintsResponse by of::<_, ListKept>;
        list_inbound(ListInboundRequest) -> ListInboundResponse by of::<_, ListKept>;
        list_unmatched_inbound(ListUnmatchedInboundRequest) -> ListUnmatchedInboundResponse
            by |_, request: wire::ListUnmatchedInboundRequest| page(&request.page);
        list_notes(ListNotesRequest) -> ListNotesResponse
            by |who, request| ListNotes::parse(who, &request);
        explain_account(ExplainAccountRequest) -> ExplainAccountResponse
            by |_, request: wire::ExplainAccountRequest| account_id(&request.account_id);
        list_obligations(ListObligationsRequest) -> ListObligationsResponse
            by of::<_, ListObligations>;
        calendar(CalendarRequest) -> CalendarResponse by of::<_, Calendar>;
        replay_decision(ReplayDecisionRequest) -> ReplayDecisionResponse
            by |_, request: wire::ReplayDecisionRequest| decision_id(&request.decision_id);
        replay_decisions(ReplayDecisionsRequest) -> ReplayDecisionsResponse
            by of::<_, ReplayDecisions>;
        count_decisions(CountDecisionsRequest) -> CountDecisionsResponse by |_, _| Done::Ok(());
    }
}
