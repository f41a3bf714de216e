//! What goes wrong is a listed task, and the work goes on.

use chrono::TimeDelta;
use duly_domain::IdSource as _;
use duly_platform::{Role, SystemIds, error};
use duly_proto::workflow::v1::{CloseTaskRequest, ListTasksRequest, TaskKind, TrackState};
use duly_testkit::request_id;
use tonic::Code;

use crate::world::{World, account};

#[tokio::test(flavor = "multi_thread")]
async fn a_treatment_that_nobody_answers_is_a_task_and_the_track_goes_on() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    let scrub = world.asked(&one, 0).await?;
    world.to("2026-01-13T12:00:00Z").await?;
    assert_eq!(world.asked(&one, 0).await?.treatment_id, scrub.treatment_id, "seven days and one");
    world.to("2026-01-14T12:00:00Z").await?;
    assert_eq!(world.asked(&one, 0).await?.step, "first-demand");
    assert_eq!(world.tasks().await?, ["unanswered_treatment: scrub: nobody answered in its time"]);
    let explained = world.explain(&one).await?;
    let given_up = explained.treatments.iter().find(|t| t.treatment_id == scrub.treatment_id);
    assert_eq!(given_up.map(|treatment| treatment.answer.as_str()), Some("unanswered"));
    // The answer that comes after all is shown, and changes nothing.
    world.decide([one.answer(&scrub, "clear")]).await?;
    let explained = world.explain(&one).await?;
    let late = explained.treatments.iter().find(|t| t.treatment_id == scrub.treatment_id);
    assert_eq!(late.map(|treatment| treatment.answer.as_str()), Some("clear"));
    assert_eq!(world.asked(&one, 0).await?.step, "first-demand");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_whose_purpose_has_ended_is_nobodys_task() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    world.answer(&one, 0, "clear").await?;
    let letter = world.answer(&one, 0, "without_purpose").await?;
    assert_eq!(world.tasks().await?, Vec::<String>::new());
    let explained = world.explain(&one).await?;
    let told = explained.treatments.iter().find(|t| t.treatment_id == letter.treatment_id);
    assert_eq!(told.map(|treatment| treatment.answer.as_str()), Some("expired"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_trouble_has_its_task() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    world.answer(&one, 0, "search_refused").await?;
    let letter = world.answer(&one, 0, "letter_refused").await?;
    assert_eq!(
        world.tasks().await?,
        [
            "trace: scrub: the search was not made: the month's cap is reached",
            "letter_refused: first-demand: the letter cannot be written: the current creditor is not known",
        ]
    );
    assert_eq!(world.track(&one, 0).await?.step, "mend-demand");
    world.to("2026-01-12T12:00:00Z").await?;
    let again = world.answer(&one, 0, "mailed").await?;
    assert_eq!((again.step.as_str(), &again.template), ("demand-again", &letter.template));
    world.decide([one.answer(&again, "returned")]).await?;
    let returned =
        "returned_mail: demand-again: the letter came back (moved); find where the party is";
    assert!(world.tasks().await?.contains(&returned.to_owned()), "{:?}", world.tasks().await?);
    world.to("2026-01-19T12:00:00Z").await?;
    world.answer(&one, 0, "call_unknown").await?;
    world.run.driver().advance(TimeDelta::days(4)).await?;
    world.answer(&one, 0, "refused").await?;
    let kinds: Vec<String> = world
        .tasks()
        .await?
        .iter()
        .map(|task| task.split(':').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        kinds,
        ["trace", "letter_refused", "returned_mail", "unknown_outcome", "treatment_refused"]
    );
    // What may have left is for a person to look at, also when the account has ended.
    world.decide([one.recalled()]).await?;
    assert_eq!(world.tasks().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_cause_is_one_task_however_often_it_comes() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    world.answer(&one, 0, "refused").await?;
    world.answer(&one, 0, "nothing_found").await?;
    world.answer(&one, 0, "refused").await?;
    assert_eq!(world.tasks().await?.len(), 1, "{:?}", world.tasks().await?);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_no_strategy_fits_is_a_task() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut one = account(SystemIds.next(), "A-1");
    one.service = duly_proto::intake::v1::ServiceKind::EarlyOut;
    world.place(&one).await?;
    assert_eq!(
        world.tasks().await?,
        ["no_strategy: commercial-standard is not for commercial claims under early_out"]
    );
    assert!(world.told("treatment_due").await?.is_empty());
    assert_eq!(world.told("case_opened").await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_closed_once_with_a_resolution() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    world.answer(&one, 0, "search_refused").await?;
    let mut api = world.run.clients(Role::Collector)?.workflow;
    let listed = api.list_tasks(ListTasksRequest::default()).await?.into_inner().tasks;
    let task_id = listed[0].task_id.clone();
    let close = |resolution: &str| CloseTaskRequest {
        request_id: request_id(),
        task_id: task_id.clone(),
        resolution: resolution.into(),
    };
    let refused = api.close_task(close(" ")).await.expect_err("no resolution");
    assert_eq!(error::violations_of(&refused)[0].field, "resolution");
    let done = api.close_task(close("cap raised")).await?.into_inner().task.unwrap_or_default();
    assert_eq!((done.resolution.as_str(), done.closed_at.is_some()), ("cap raised", true));
    let refused = api.close_task(close("again")).await.expect_err("closed");
    assert_eq!(error::reason_of(&refused).as_deref(), Some("task_closed"));
    let unknown = CloseTaskRequest {
        request_id: request_id(),
        task_id: "task_00000000000070008000000000000001".into(),
        resolution: "x".into(),
    };
    assert_eq!(api.close_task(unknown).await.expect_err("unknown").code(), Code::NotFound);
    let mut with_closed = ListTasksRequest { with_closed: true, ..Default::default() };
    with_closed.set_kind(TaskKind::Trace);
    assert_eq!(api.list_tasks(with_closed.clone()).await?.into_inner().tasks.len(), 1);
    with_closed.set_kind(TaskKind::Dispute);
    assert!(api.list_tasks(with_closed).await?.into_inner().tasks.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_nothing_known_waits_and_breaks_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    let stranger = duly_proto::workflow::v1::Treatment {
        treatment_id: "trmt_00000000000070008000000000000001".into(),
        party_id: one.party(0).to_string(),
        ..Default::default()
    };
    world.decide([one.answer(&stranger, "reached"), one.answer(&stranger, "returned")]).await?;
    world.place(&one).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Treating);
    assert!(world.tasks().await?.is_empty());
    world.close().await
}
