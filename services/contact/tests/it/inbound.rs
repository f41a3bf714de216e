//! What comes in: kept the same moment, matched or queued, holding until somebody has read it.

use chrono::TimeDelta;
use duly_platform::{Role, error::reason_of};
use duly_proto::{
    common::v1::Channel,
    contact::v1::{
        AddPointRequest, AttemptState, Disposition, DisputeForm, Inbound, InboundClass,
        ListDisputesRequest, ListInboundRequest, ListStopsRequest, ListUnmatchedInboundRequest,
        MatchInboundRequest, Medium, ProposeCallRequest, ProposeCallResponse, ReadInboundRequest,
        ReadInboundResponse, RecordInboundRequest, StopKind, add_point_request::Point,
    },
    convert::timestamp,
};
use duly_testkit::request_id;
use serde_json::json;
use tonic::{Code, Status};

use crate::world::{BEGIN, Case, World, at};

const NUMBER: &str = "+12155550101";

fn came(medium: Medium, from: &str, text: &str) -> RecordInboundRequest {
    let mut request = RecordInboundRequest {
        request_id: request_id(),
        from: from.to_owned(),
        text: text.to_owned(),
        ..Default::default()
    };
    request.set_medium(medium);
    request
}

impl World {
    pub async fn came_in(&self, request: RecordInboundRequest) -> Result<Inbound, Status> {
        let answer = self.api.clone().record_inbound(request).await?.into_inner();
        Ok(answer.inbound.unwrap_or_default())
    }

    async fn read(
        &self,
        inbound: &Inbound,
        class: InboundClass,
        account_id: String,
    ) -> Result<ReadInboundResponse, Status> {
        let mut request = ReadInboundRequest {
            request_id: request_id(),
            inbound_id: inbound.inbound_id.clone(),
            account_id,
            ..Default::default()
        };
        request.set_class(class);
        Ok(self.api.clone().read_inbound(request).await?.into_inner())
    }

    async fn unmatched(&self) -> anyhow::Result<Vec<Inbound>> {
        let request = ListUnmatchedInboundRequest::default();
        Ok(self.api.clone().list_unmatched_inbound(request).await?.into_inner().inbound)
    }

    async fn answer_call(
        &self,
        case: &Case,
        inbound: &Inbound,
    ) -> Result<ProposeCallResponse, Status> {
        let request = ProposeCallRequest {
            request_id: request_id(),
            account_id: case.account_id(),
            party_id: case.party_id(0),
            answers_inbound_id: inbound.inbound_id.clone(),
            ..Default::default()
        };
        Ok(self.api.clone().propose_call(request).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_holds_contact_until_somebody_has_read_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    let reply = world.came_in(came(Medium::Text, "215 555 0101", "who is this?")).await?;
    assert_eq!((reply.party_id.as_str(), reply.from.as_str()), (&*case.party_id(0), NUMBER));
    assert_eq!(reply.account_id, case.account_id());
    world.tick().await?;
    let held = world.attempt(&case).await?;
    assert_eq!(held.state(), AttemptState::Withdrawn);
    assert!(held.why.contains("was not read yet"), "{}", held.why);
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(said.reasons[0].rule, "unread");
    let read = world.read(&reply, InboundClass::Question, String::new()).await?;
    assert_eq!(read.inbound.unwrap().class(), InboundClass::Question);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let twice = world.read(&reply, InboundClass::Other, String::new()).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("inbound_read"));
    let list =
        |with_read| ListInboundRequest { account_id: case.account_id(), with_read, page: None };
    let mut api = world.api.clone();
    assert_eq!(api.list_inbound(list(false)).await?.into_inner().inbound.len(), 0);
    assert_eq!(api.list_inbound(list(true)).await?.into_inner().inbound.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_to_stop_places_its_opt_out_before_the_answer() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER).email("ann@example.com");
    let there = Case::consumer("MILLS", "M-1").phone(NUMBER);
    world.place(&[&case, &there]).await?;
    let stop = world.came_in(came(Medium::Text, NUMBER, "STOP")).await?;
    assert!(!stop.stop_id.is_empty());
    assert_eq!(stop.class(), InboundClass::OptOut);
    let again = world.came_in(came(Medium::Text, NUMBER, "Stop!!")).await?;
    assert_eq!(again.stop_id, stop.stop_id);
    let placed = world.explain(&case).await?.stops;
    assert_eq!(placed.len(), 1);
    assert_eq!((placed[0].kind(), placed[0].channel()), (StopKind::OptOut, Channel::Text));
    assert_eq!(placed[0].address, NUMBER);
    // The person's, whoever placed the debt; calls are another medium.
    assert!(world.propose(&there, 0).await?.attempt.is_some());
    let facts = world.last_facts().await?;
    assert_eq!(facts["stops"][0]["medium"], json!("text"));
    world.came_in(came(Medium::Email, "Ann@Example.com", "unsubscribe")).await?;
    let placed = world.explain(&case).await?.stops;
    assert_eq!(placed[1].address, "ann@example.com");
    assert_eq!(world.told("stop_placed").await?.len(), 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_to_stop_from_an_unknown_number_stands_once_it_is_somebodys() -> anyhow::Result<()> {
    let world = World::open().await?;
    let stop = world.came_in(came(Medium::Text, NUMBER, "quit")).await?;
    assert!(stop.party_id.is_empty() && stop.stop_id.is_empty());
    let other = world.came_in(came(Medium::Text, "+12155550102", "End")).await?;
    assert_eq!(world.unmatched().await?.len(), 2);
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    world.place(&[&case]).await?;
    assert_eq!(world.explain(&case).await?.stops[0].address, NUMBER);
    let told = AddPointRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        source: "debtor".to_owned(),
        point: Some(Point::Phone("+12155550102".to_owned())),
        ..Default::default()
    };
    world.api.clone().add_point(told).await?;
    assert_eq!(world.explain(&case).await?.stops.len(), 2);
    assert_eq!(world.unmatched().await?, []);
    let list = ListInboundRequest { with_read: true, ..Default::default() };
    let matched = world.api.clone().list_inbound(list).await?.into_inner().inbound;
    assert!(matched.iter().any(|one| one.inbound_id == other.inbound_id));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_is_known_to_have_sent_waits_to_be_matched() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    let other = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&case, &other]).await?;
    let letter = world.came_in(came(Medium::Mail, "", "I owe nothing. J. Doe")).await?;
    let hidden = world.came_in(came(Medium::Call, "withheld", "asked to be called back")).await?;
    assert_eq!(hidden.from, "withheld");
    assert_eq!(world.unmatched().await?.len(), 2);
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let early = world.read(&letter, InboundClass::Dispute, case.account_id()).await.unwrap_err();
    assert_eq!(reason_of(&early).as_deref(), Some("inbound_unmatched"));
    let matching = |inbound: &Inbound, account_id: String| MatchInboundRequest {
        request_id: request_id(),
        inbound_id: inbound.inbound_id.clone(),
        party_id: case.party_id(0),
        account_id,
    };
    let mut api = world.api.clone();
    let foreign = api.match_inbound(matching(&letter, other.account_id())).await.unwrap_err();
    assert_eq!(foreign.code(), Code::InvalidArgument);
    api.match_inbound(matching(&letter, case.account_id())).await?;
    let twice = api.match_inbound(matching(&letter, case.account_id())).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("inbound_matched"));
    assert_eq!(world.propose(&case, 0).await?.decision.unwrap().reasons[0].rule, "unread");
    // What is nobody's is closed by who read it.
    world.read(&hidden, InboundClass::Other, String::new()).await?;
    assert_eq!(world.unmatched().await?, []);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_two_persons_is_matched_to_neither_and_stops_for_both() -> anyhow::Result<()> {
    let world = World::open().await?;
    // A contact person's number links nobody.
    let mut one = Case::commercial("ACME", "A-1").phone("+12155550111");
    let mut two = Case::commercial("ACME", "A-2").phone("+12155550112");
    for case in [&mut one, &mut two] {
        case.fact.contact_persons.push(duly_proto::intake::v1::ContactPerson {
            phone: NUMBER.to_owned(),
            ..Default::default()
        });
    }
    world.place(&[&one, &two]).await?;
    let reply = world.came_in(came(Medium::Text, NUMBER, "who is this?")).await?;
    assert!(reply.party_id.is_empty());
    world.came_in(came(Medium::Text, NUMBER, "stop")).await?;
    for case in [&one, &two] {
        assert_eq!(world.explain(case).await?.stops.len(), 1);
    }
    assert_eq!(world.unmatched().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_closes_its_address() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER).email("ann@example.com");
    world.place(&[&case]).await?;
    let bounce = RecordInboundRequest {
        bounced: true,
        ..came(Medium::Email, "ANN@example.com", "550 no such user")
    };
    let bounce = world.came_in(bounce).await?;
    assert!(bounce.read_at.is_some());
    let explained = world.explain(&case).await?;
    assert_eq!(explained.points[0].emails, 0);
    assert_eq!(explained.facts.len(), 1);
    assert_eq!(explained.facts[0].kind, "undeliverable");
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let wrong = [
        RecordInboundRequest { bounced: true, ..came(Medium::Email, "", "") },
        RecordInboundRequest { bounced: true, ..came(Medium::Mail, "", "moved") },
    ];
    for request in wrong {
        let refused = world.came_in(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_as_a_dispute_or_a_cease_stands_in_the_same_moment() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    let there = Case::consumer("MILLS", "M-1").phone(NUMBER);
    world.place(&[&case, &there]).await?;
    let letter = RecordInboundRequest {
        party_id: case.party_id(0),
        received_at: Some(timestamp(at(BEGIN) - TimeDelta::days(2))),
        ..came(Medium::Mail, "", "the goods never came")
    };
    let letter = world.came_in(letter).await?;
    // Names no account: every account of the person is held.
    assert!(world.propose(&there, 0).await?.attempt.is_none());
    let which = world.read(&letter, InboundClass::Dispute, String::new()).await.unwrap_err();
    assert_eq!(which.code(), Code::InvalidArgument);
    let read = world.read(&letter, InboundClass::Dispute, case.account_id()).await?;
    assert!(!read.dispute_id.is_empty());
    let list = ListDisputesRequest::default();
    let dispute = world.api.clone().list_disputes(list).await?.into_inner().disputes.remove(0);
    assert_eq!((dispute.form(), dispute.medium()), (DisputeForm::Written, Medium::Mail));
    assert_eq!(dispute.received_at, letter.received_at);
    assert_eq!(dispute.detail, "the goods never came");
    assert!(world.propose(&there, 0).await?.attempt.is_some());

    let cease = world.came_in(came(Medium::Text, NUMBER, "leave me alone, all of you")).await?;
    let read = world.read(&cease, InboundClass::Cease, String::new()).await?;
    assert!(!read.stop_id.is_empty());
    for case in [&case, &there] {
        let said = world.propose(case, 0).await?.decision.unwrap();
        assert!(said.reasons.iter().any(|reason| reason.rule == "cease"), "{said:?}");
    }
    // What one client reads of it is not what was written about another's debt.
    let explained = world.run.clients_of_tree(&[there.client])?.contact;
    let stops = explained.clone().list_stops(ListStopsRequest::default()).await?.into_inner().stops;
    assert_eq!(stops.len(), 1);
    assert_eq!(stops[0].evidence, "asked in general that contact cease");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_that_it_is_another_closes_the_number() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    world.place(&[&case]).await?;
    let reply = world.came_in(came(Medium::Text, NUMBER, "no Ann here")).await?;
    world.read(&reply, InboundClass::WrongPerson, String::new()).await?;
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert!(said.reasons.iter().any(|reason| reason.rule == "usable_point"), "{said:?}");
    // It is nobody's now.
    assert!(world.came_in(came(Medium::Text, NUMBER, "hello?")).await?.party_id.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_the_person_is_answered_once_even_after_an_opt_out() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    let other = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&case, &other]).await?;
    world.opt_out(&case, Channel::Call, "").await?;
    let call = world.came_in(came(Medium::Call, NUMBER, "please call me back")).await?;
    world.read(&call, InboundClass::Question, String::new()).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    let foreign = world.answer_call(&other, &call).await.unwrap_err();
    assert_eq!(foreign.code(), Code::InvalidArgument);
    let answer = world.answer_call(&case, &call).await?;
    let attempt = answer.attempt.unwrap();
    let facts = world.last_facts().await?;
    assert_eq!(facts["inbound"][0]["answered"], json!(false));
    let twice = world.answer_call(&case, &call).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("inbound_not_to_answer"));
    // Another stop does not make the answer cross with the opt-out that it may pass.
    world.opt_out(&case, Channel::Email, "").await?;
    assert_eq!(world.call_list().await?.len(), 1);
    // It was not made: the answer is still to come.
    world.conclude(&attempt.attempt_id, Disposition::NotMade).await?;
    let attempt = world.answer_call(&case, &call).await?.attempt.unwrap();
    world.conclude(&attempt.attempt_id, Disposition::NoAnswer).await?;
    let over = world.answer_call(&case, &call).await.unwrap_err();
    assert_eq!(reason_of(&over).as_deref(), Some("inbound_not_to_answer"));
    let text = world.came_in(came(Medium::Text, NUMBER, "call me")).await?;
    let medium = world.answer_call(&case, &text).await.unwrap_err();
    assert_eq!(reason_of(&medium).as_deref(), Some("inbound_not_to_answer"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_the_person_began_closes_seven_days_to_calls() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    world.place(&[&case]).await?;
    let talked = RecordInboundRequest {
        conversation: true,
        party_id: case.party_id(0),
        account_id: case.account_id(),
        ..came(Medium::Call, NUMBER, "will pay on Friday")
    };
    let unclear = RecordInboundRequest { account_id: String::new(), ..talked.clone() };
    assert_eq!(world.came_in(unclear).await.unwrap_err().code(), Code::InvalidArgument);
    assert!(world.came_in(talked).await?.read_at.is_some());
    let said = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(said.reasons[0].rule, "conversation");
    assert_eq!(said.next_permitted_at, Some(timestamp(at("2026-01-12T14:00:00Z"))));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_says_when_and_how_or_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone(NUMBER);
    world.place(&[&case]).await?;
    let good = || came(Medium::Text, NUMBER, "hello");
    let wrong = [
        RecordInboundRequest { medium: 0, ..good() },
        RecordInboundRequest { from: "x".repeat(400), ..good() },
        RecordInboundRequest { text: "x".repeat(5_000), ..good() },
        RecordInboundRequest { account_id: case.account_id(), ..good() },
        RecordInboundRequest {
            received_at: Some(timestamp(at(BEGIN) + TimeDelta::seconds(1))),
            ..good()
        },
        RecordInboundRequest { conversation: true, ..good() },
    ];
    for request in wrong {
        let refused = world.came_in(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    let unknown = RecordInboundRequest {
        party_id: "prty_00000000000000000000000000000001".to_owned(),
        ..good()
    };
    assert_eq!(world.came_in(unknown).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(world.count("SELECT count(*) FROM inbound").await?, 0);
    let mut books = world.run.clients(Role::Accounting)?.contact;
    let denied = books.record_inbound(good()).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    world.close().await
}
