//! Contact points: where they come from, and when they are used no more. Notes stand here too.

use duly_platform::Role;
use duly_proto::contact::v1::{
    AddNoteRequest, AddPointRequest, Disposition, ListNotesRequest, ProposeCallRequest, Verdict,
    add_point_request::Point,
};
use duly_testkit::request_id;
use tonic::Code;

use crate::world::{Case, World, address};

fn point(case: &Case, point: Point) -> AddPointRequest {
    AddPointRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        source: "debtor".to_owned(),
        point: Some(point),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_no_good_is_not_called_again() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101").phone("+12155550102");
    world.place(&[&case]).await?;
    let first = world.call(&case, 0, Disposition::NotInService).await?;
    assert!(!first.counted);
    world.call(&case, 0, Disposition::WrongNumber).await?;
    assert_eq!(world.explain(&case).await?.points[0].phones, 0);
    let refused = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!(refused.verdict(), Verdict::Refuse);
    assert_eq!(refused.reasons[0].rule, "usable_point");
    // The provider finds another; the debtor says that the first works again.
    world.traced(&case, "+12155550103").await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    let again = point(&case, Point::Phone("215-555-0101".to_owned()));
    world.api.clone().add_point(again).await?;
    assert_eq!(world.explain(&case).await?.points[0].phones, 2);
    assert_eq!(
        world.count("SELECT count(*) FROM contact_point WHERE provenance = 'trace:file'").await?,
        1
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_debtor_told_is_called_first() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let mut api = world.api.clone();
    let told = api.add_point(point(&case, Point::Phone("+12155550102".to_owned()))).await?;
    let told = told.into_inner().point_id;
    let again = api.add_point(point(&case, Point::Phone("(215) 555-0102".to_owned()))).await?;
    assert_eq!(told, again.into_inner().point_id);
    world.want_call(&case, 0).await?;
    world.tick().await?;
    assert_eq!(world.call_list().await?[0].phone, "+12155550102");
    let unknown = ProposeCallRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        phone: "+12155550199".to_owned(),
        ..Default::default()
    };
    assert_eq!(api.propose_call(unknown).await.unwrap_err().code(), Code::InvalidArgument);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_that_is_none_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    world.place(&[&case]).await?;
    let wrong = [
        AddPointRequest { point: None, ..point(&case, Point::Phone(String::new())) },
        point(&case, Point::Phone("911".to_owned())),
        point(&case, Point::Email("ann".to_owned())),
        point(&case, Point::Address(address("1 Main St", "ZZ", "02110"))),
        AddPointRequest {
            source: String::new(),
            ..point(&case, Point::Phone("+12155550101".to_owned()))
        },
    ];
    for request in wrong {
        let refused = world.api.clone().add_point(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_reads_the_notes_that_are_written_for_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    world.place(&[&case]).await?;
    let mut collector = world.run.clients(Role::Collector)?.contact;
    for (text, visible_to_client) in [("shouted at us", false), ("asks for a copy", true)] {
        let request = AddNoteRequest {
            request_id: request_id(),
            account_id: case.account_id(),
            text: text.to_owned(),
            visible_to_client,
        };
        collector.add_note(request).await?;
    }
    let empty = AddNoteRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        ..Default::default()
    };
    assert_eq!(collector.add_note(empty).await.unwrap_err().code(), Code::InvalidArgument);
    let list = ListNotesRequest { account_id: case.account_id(), page: None };
    assert_eq!(collector.list_notes(list.clone()).await?.into_inner().notes.len(), 2);
    let mut client = world.run.clients_of_tree(&[case.client])?.contact;
    let seen = client.list_notes(list).await?.into_inner().notes;
    assert_eq!(seen.iter().map(|note| &*note.text).collect::<Vec<_>>(), ["asks for a copy"]);
    world.close().await
}
