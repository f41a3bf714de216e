//! A duty that contact tells of is a task with its authority, until it is met; a missed one shows it.

use duly_domain::{IdSource as _, ObligationId};
use duly_platform::SystemIds;
use duly_proto::{
    convert::timestamp,
    workflow::v1::{CloseTaskRequest, ListTasksRequest, Task, TaskKind},
};
use duly_testkit::{day, request_id};

use crate::world::{Account, World, account};

impl World {
    /// The tasks of duties, closed ones too.
    async fn duties(&self) -> anyhow::Result<Vec<Task>> {
        let mut request = ListTasksRequest { with_closed: true, ..Default::default() };
        request.set_kind(TaskKind::Obligation);
        Ok(self.api.clone().list_tasks(request).await?.into_inner().tasks)
    }

    /// A placed account and a duty that is not told of yet.
    async fn begun(&self) -> anyhow::Result<(Account, ObligationId)> {
        let one = account(SystemIds.next(), "A-1");
        self.place(&one).await?;
        Ok((one, SystemIds.next()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duty_is_a_task_with_its_day_and_authority_until_it_is_met() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (one, duty) = world.begun().await?;
    world.decide([one.owed(duty, None)]).await?;
    let tasks = world.duties().await?;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert_eq!(task.reason, "the notice follows within five days (12 CFR 1006.34(a)(1))");
    assert_eq!((task.due_on, task.missed_at), (Some(day("2026-01-10")), None));
    world.decide([one.met(duty, false)]).await?;
    let met = world.duties().await?.remove(0);
    assert_eq!(met.resolution, "the obligation was met");
    assert!(met.closed_at.is_some());
    // Told again, it opens nothing.
    world.decide([one.owed(duty, None)]).await?;
    assert_eq!(world.duties().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_duly_meets_itself_is_nobodys_task_unless_its_day_is_near() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (one, in_time) = world.begun().await?;
    let (two, late) = (account(SystemIds.next(), "A-2"), SystemIds.next());
    world.place(&two).await?;
    world
        .decide([one.owed(in_time, Some("2026-01-08")), two.owed(late, Some("2026-01-08"))])
        .await?;
    world.to("2026-01-07T12:00:00Z").await?;
    world.decide([one.met(in_time, false)]).await?;
    // The last tick of the day before, in the agency's zone.
    world.to("2026-01-08T04:45:00Z").await?;
    assert!(world.duties().await?.is_empty());
    world.to("2026-01-08T05:00:00Z").await?;
    let tasks = world.duties().await?;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert_eq!(
        (task.account_id.clone(), task.due_on),
        (two.id.to_string(), Some(day("2026-01-10")))
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_duty_is_marked_on_its_task_and_still_to_be_done() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (one, duty) = world.begun().await?;
    world.decide([one.owed(duty, None)]).await?;
    world.to("2026-01-11T05:15:00Z").await?;
    world.decide([one.missed(duty)]).await?;
    let task = world.duties().await?.remove(0);
    assert_eq!(task.missed_at, Some(timestamp("2026-01-11T05:00:00Z".parse()?)));
    assert!(task.closed_at.is_none());
    // Also on an account that has ended.
    world.decide([one.recalled()]).await?;
    assert!(world.duties().await?.remove(0).closed_at.is_none());
    world.decide([one.met(duty, true)]).await?;
    let void = world.duties().await?.remove(0);
    assert_eq!(void.resolution, "what it was for no longer stands");
    assert!(void.missed_at.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_before_the_account_or_before_its_opening_is_not_lost() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    let (missed, met): (ObligationId, ObligationId) = (SystemIds.next(), SystemIds.next());
    world.decide([one.missed(missed), one.met(met, false), one.owed(met, None)]).await?;
    assert!(world.duties().await?.is_empty());
    world.decide([one.placed()]).await?;
    assert!(
        world.duties().await?.is_empty(),
        "the one is met, of the other nobody knows what it is"
    );
    world.decide([one.owed(missed, None)]).await?;
    let tasks = world.duties().await?;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert!(task.missed_at.is_some() && task.closed_at.is_none());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_somebody_closed_is_not_opened_again() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (one, duty) = world.begun().await?;
    world.decide([one.owed(duty, None)]).await?;
    let close = CloseTaskRequest {
        request_id: request_id(),
        task_id: world.duties().await?.remove(0).task_id,
        resolution: "counsel sent it".into(),
    };
    world.api.clone().close_task(close).await?;
    world.decide([one.missed(duty)]).await?;
    let tasks = world.duties().await?;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert_eq!(task.resolution, "counsel sent it");
    world.decide([one.met(duty, false)]).await?;
    assert_eq!(world.duties().await?.remove(0).resolution, "counsel sent it");
    world.close().await
}
