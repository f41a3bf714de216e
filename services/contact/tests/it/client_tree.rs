//! A client's principal sees its own tree, by every method, and writes nothing here.

use std::collections::BTreeSet;

use duly_platform::Role;
use duly_proto::contact::v1::{
    self as contact, AddNoteRequest, AddPointRequest, ConcludeAttemptRequest,
    CountDecisionsRequest, DecideRequest, Disposition, ExplainAccountRequest, LiftStopRequest,
    ListAttemptsRequest, ListCallListRequest, ListDisputesRequest, ListNotesRequest,
    ListStopsRequest, OpenDisputeRequest, PlaceStopRequest, ProposeCallRequest,
    ResolveDisputeRequest, StopKind,
};
use tonic::Code;

use crate::world::{Case, World};

/// Two clients' accounts of one person, each with a call, a stop, a dispute and a note.
async fn two(world: &World) -> anyhow::Result<(Case, Case)> {
    let ours = Case::consumer("ACME", "A-1").phone("+12155550101");
    let theirs = Case::consumer("OTHER", "O-1").phone("+12155550101");
    world.place(&[&ours, &theirs]).await?;
    for case in [&ours, &theirs] {
        world.call(case, 0, Disposition::NoAnswer).await?;
        world.letter(case, 0).await?;
        world.dispute(crate::disputes::of(case)).await?;
        world.stop(case, 0, StopKind::Attorney).await?;
        let note = AddNoteRequest {
            request_id: duly_testkit::request_id(),
            account_id: case.account_id(),
            text: "for the client".to_owned(),
            visible_to_client: true,
        };
        world.api.clone().add_note(note).await?;
    }
    Ok((ours, theirs))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_clients_rows_are_not_there() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (ours, theirs) = two(&world).await?;
    let mut api = world.run.clients_of_tree(&[ours.client])?.contact;
    let seen = api.list_attempts(ListAttemptsRequest::default()).await?.into_inner().attempts;
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|attempt| attempt.account_id == ours.account_id()));
    let seen = api.list_stops(ListStopsRequest::default()).await?.into_inner().stops;
    assert_eq!(seen.iter().map(|s| &s.party_id).collect::<Vec<_>>(), [&ours.party_id(0)]);
    let seen = api.list_disputes(ListDisputesRequest::default()).await?.into_inner().disputes;
    assert_eq!(seen.iter().map(|d| &d.account_id).collect::<Vec<_>>(), [&ours.account_id()]);
    let explained =
        api.explain_account(ExplainAccountRequest { account_id: ours.account_id() }).await?;
    let explained = explained.into_inner();
    assert_eq!((explained.attempts.len(), explained.stops.len()), (2, 1));

    let account_id = theirs.account_id();
    let hidden =
        |status: &tonic::Status| matches!(status.code(), Code::NotFound | Code::Unavailable);
    let request = ExplainAccountRequest { account_id: account_id.clone() };
    assert!(hidden(&api.explain_account(request).await.unwrap_err()));
    let request = ListAttemptsRequest { account_id: account_id.clone(), ..Default::default() };
    assert!(api.list_attempts(request).await?.into_inner().attempts.is_empty());
    let request = ListStopsRequest { account_id: account_id.clone(), ..Default::default() };
    assert!(api.list_stops(request).await?.into_inner().stops.is_empty());
    let request = ListDisputesRequest { account_id: account_id.clone(), ..Default::default() };
    assert!(api.list_disputes(request).await?.into_inner().disputes.is_empty());
    let request = ListNotesRequest { account_id, page: None };
    assert!(api.list_notes(request).await?.into_inner().notes.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_commands_nothing_here() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (ours, _) = two(&world).await?;
    let mut api = world.run.clients_of_tree(&[ours.client])?.contact;
    let denied = [
        api.decide(DecideRequest::default()).await.unwrap_err(),
        api.propose_call(ProposeCallRequest::default()).await.unwrap_err(),
        api.list_call_list(ListCallListRequest::default()).await.unwrap_err(),
        api.conclude_attempt(ConcludeAttemptRequest::default()).await.unwrap_err(),
        api.place_stop(PlaceStopRequest::default()).await.unwrap_err(),
        api.lift_stop(LiftStopRequest::default()).await.unwrap_err(),
        api.open_dispute(OpenDisputeRequest::default()).await.unwrap_err(),
        api.resolve_dispute(ResolveDisputeRequest::default()).await.unwrap_err(),
        api.add_note(AddNoteRequest::default()).await.unwrap_err(),
        api.add_point(AddPointRequest::default()).await.unwrap_err(),
        api.count_decisions(CountDecisionsRequest {}).await.unwrap_err(),
        api.record_consent(contact::RecordConsentRequest::default()).await.unwrap_err(),
        api.withdraw_consent(contact::WithdrawConsentRequest::default()).await.unwrap_err(),
        api.list_consents(contact::ListConsentsRequest::default()).await.unwrap_err(),
        api.record_designation(contact::RecordDesignationRequest::default()).await.unwrap_err(),
        api.lift_designation(contact::LiftDesignationRequest::default()).await.unwrap_err(),
        api.list_designations(contact::ListDesignationsRequest::default()).await.unwrap_err(),
        api.record_fact(contact::RecordFactRequest::default()).await.unwrap_err(),
        api.list_facts(contact::ListFactsRequest::default()).await.unwrap_err(),
        api.open_complaint(contact::OpenComplaintRequest::default()).await.unwrap_err(),
        api.acknowledge_complaint(contact::AcknowledgeComplaintRequest::default())
            .await
            .unwrap_err(),
        api.answer_complaint(contact::AnswerComplaintRequest::default()).await.unwrap_err(),
        api.list_complaints(contact::ListComplaintsRequest::default()).await.unwrap_err(),
        api.record_inbound(contact::RecordInboundRequest::default()).await.unwrap_err(),
        api.match_inbound(contact::MatchInboundRequest::default()).await.unwrap_err(),
        api.read_inbound(contact::ReadInboundRequest::default()).await.unwrap_err(),
        api.list_inbound(contact::ListInboundRequest::default()).await.unwrap_err(),
        api.list_unmatched_inbound(contact::ListUnmatchedInboundRequest::default())
            .await
            .unwrap_err(),
        api.link_persons(contact::LinkPersonsRequest::default()).await.unwrap_err(),
        api.unlink_party(contact::UnlinkPartyRequest::default()).await.unwrap_err(),
    ];
    assert!(denied.iter().all(|status| status.code() == Code::PermissionDenied), "{denied:?}");
    let mut books = world.run.clients(Role::Accounting)?.contact;
    let stop = books.place_stop(PlaceStopRequest::default()).await.unwrap_err();
    assert_eq!(stop.code(), Code::PermissionDenied);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_with_a_client_shows_a_reader_its_tree_only() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (ours, _) = two(&world).await?;
    let schema = world.set.schema("contact");
    let mut conn = world.set.connect_to(&schema).await?;
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "SELECT t.table_name::text, bool_or(c.column_name = 'client_id')
         FROM information_schema.tables AS t
         JOIN information_schema.columns AS c USING (table_schema, table_name)
         WHERE t.table_schema = $1 GROUP BY t.table_name",
    )
    .bind(&schema)
    .fetch_all(&mut conn)
    .await?;
    let of_clients: Vec<&String> =
        tables.iter().filter(|(_, of_client)| *of_client).map(|(name, _)| name).collect();
    for own in [
        "person_party",
        "link_key",
        "contact_point",
        "wish",
        "stop",
        "dispute",
        "attempt",
        "letter_gone",
        "decision",
        "note",
        "consent",
        "consent_withdrawn",
        "designation",
        "designation_lifted",
        "dated_fact",
        "complaint",
        "inbound",
        "link_apart",
        "conversation",
        "claim",
        "account",
        "account_party",
    ] {
        assert!(of_clients.iter().any(|table| *table == own), "{own} has a client_id");
    }
    let role = format!("SET ROLE \"{schema}_reader\"");
    sqlx::query(sqlx::AssertSqlSafe(role)).execute(&mut conn).await?;
    sqlx::query("SELECT set_config('duly.tree', $1, false)")
        .bind(format!("{{{}}}", ours.client.uuid()))
        .execute(&mut conn)
        .await?;
    for table in of_clients {
        let sql = format!("SELECT DISTINCT client_id FROM {table}");
        let seen: BTreeSet<sqlx::types::Uuid> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&mut conn)
            .await?
            .into_iter()
            .collect();
        assert!(seen.is_subset(&BTreeSet::from([ours.client.uuid()])), "{table}");
    }
    let persons = sqlx::query("SELECT FROM person").fetch_all(&mut conn).await;
    assert!(persons.is_err(), "persons span clients: nobody reads them as a client");
    world.close().await
}
