//! The walk of accounts from placement to the proposal to close them.

use duly_domain::IdSource as _;
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{Channel, TreatmentKind},
    workflow::v1::{CountTreatmentsRequest, TrackState, event::Fact as Told},
};

use crate::world::{Account, World, account};

/// Answers whatever is asked for, day by day, until nothing is.
async fn walk(world: &World, account: &Account, call: &str) -> anyhow::Result<Vec<String>> {
    let mut steps = Vec::new();
    for _ in 0..200 {
        for party in 0..account.parties.len() {
            let Ok(asked) = world.asked(account, party).await else { continue };
            steps.push(format!("{party}:{}/{}", asked.step, asked.try_no));
            let word = match asked.kind() {
                TreatmentKind::Scrub => "clear",
                TreatmentKind::Trace => "found",
                TreatmentKind::Letter => "mailed",
                TreatmentKind::Call => call,
                TreatmentKind::Unspecified => anyhow::bail!("{asked:?}"),
            };
            world.decide([account.answer(&asked, word)]).await?;
        }
        let explained = world.explain(account).await?.account.unwrap_or_default();
        let done = |state: TrackState| matches!(state, TrackState::Exhausted | TrackState::Ended);
        if explained.tracks.iter().all(|track| done(track.state())) {
            return Ok(steps);
        }
        world.run.driver().advance(chrono::TimeDelta::hours(12)).await?;
    }
    anyhow::bail!("it does not end: {steps:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commercial_account_walks_to_a_proposal_to_close_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    let opened = world.told("case_opened").await?;
    let [Told::CaseOpened(opened)] = opened.as_slice() else { anyhow::bail!("{opened:?}") };
    assert_eq!((opened.strategy.as_str(), opened.strategy_version), ("commercial-standard", 1));
    let steps = walk(&world, &one, "not_reached").await?;
    assert_eq!(steps.first().map(String::as_str), Some("0:scrub/1"));
    assert!(steps.contains(&"0:second-demand/1".to_owned()), "{steps:?}");
    assert_eq!(steps.last().map(String::as_str), Some("0:final-calls/3"));
    let days = world
        .now()
        .await?
        .signed_duration_since("2026-01-05T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>()?)
        .num_days();
    assert!((60..=92).contains(&days), "{days} days");
    assert_eq!(world.proposed().await?, ["UNC"]);
    let due = world.told("treatment_due").await?;
    let demands: Vec<_> = due
        .iter()
        .filter_map(|fact| match fact {
            Told::TreatmentDue(due) if due.kind() == TreatmentKind::Letter => {
                Some((due.template.as_str(), due.channel()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        demands,
        [
            ("commercial_demand", Channel::Mail),
            ("commercial_demand", Channel::Email),
            ("commercial_demand", Channel::Mail)
        ]
    );
    let counts =
        world.api.clone().count_treatments(CountTreatmentsRequest {}).await?.into_inner().counts;
    let calls: i64 = counts
        .iter()
        .filter(|count| count.kind() == TreatmentKind::Call && count.answer == "not_reached")
        .map(|count| count.count)
        .sum();
    assert_eq!(calls, steps.iter().filter(|step| step.contains("calls")).map(|_| 1).sum::<i64>());
    // Intake closes: the tracks end, and nothing is proposed again.
    world.decide([one.closed("UNC")]).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Ended);
    assert_eq!(world.proposed().await?, ["UNC"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_is_left_alone_until_the_validation_period_has_ended() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "C-1").consumer();
    world.place(&one).await?;
    world.answer(&one, 0, "clear").await?;
    let notice = world.answer(&one, 0, "mailed").await?;
    assert_eq!(notice.template, "validation_notice");
    world.to("2026-01-13T12:00:00Z").await?;
    for _ in 0..3 {
        world.answer(&one, 0, "not_reached").await?;
        world.run.driver().advance(chrono::TimeDelta::days(6)).await?;
    }
    let track = world.track(&one, 0).await?;
    assert_eq!((track.step.as_str(), track.state()), ("validation-period", TrackState::Waiting));
    // The period ends on Friday 2026-02-13: the next working day is Monday.
    assert_eq!(track.next_at.map(|at| at.seconds), Some(1_771_239_600));
    world.to("2026-02-16T12:00:00Z").await?;
    assert_eq!(world.asked(&one, 0).await?.step, "second-calls");
    let steps = walk(&world, &one, "not_reached").await?;
    assert!(steps.contains(&"0:trace/1".to_owned()));
    assert_eq!(world.proposed().await?, ["UNC"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guarantor_is_worked_later_and_the_account_ends_with_both() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1").guarantor("Robin Sample");
    world.place(&one).await?;
    let track = world.track(&one, 1).await?;
    assert_eq!((track.role.as_str(), track.state()), ("personal_guarantor", TrackState::Waiting));
    let steps = walk(&world, &one, "reached").await?;
    let first = steps.iter().position(|step| step == "1:scrub/1");
    assert!(first.is_some_and(|at| at > 0), "{steps:?}");
    assert_eq!(world.proposed().await?, ["UNC"], "once, when both are at their end");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_ends_every_track() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1").guarantor("Robin Sample");
    let asked = world.calling(&one).await?;
    world.decide([one.recalled()]).await?;
    for party in 0..2 {
        let track = world.track(&one, party).await?;
        assert_eq!((track.state(), track.next_at), (TrackState::Ended, None));
    }
    assert_eq!(world.explain(&one).await?.account.unwrap_or_default().ended, "recalled");
    // The answer that comes later is kept and leads nowhere.
    world.decide([one.answer(&asked, "refused")]).await?;
    let explained = world.explain(&one).await?;
    let kept = explained.treatments.iter().find(|t| t.treatment_id == asked.treatment_id);
    assert_eq!(kept.map(|treatment| treatment.answer.as_str()), Some("refused"));
    world.run.driver().advance(chrono::TimeDelta::days(60)).await?;
    assert_eq!(world.explain(&one).await?.treatments.len(), explained.treatments.len());
    assert!(world.proposed().await?.is_empty());
    assert!(world.tasks().await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_account_is_proposed_as_paid_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    let payment = SystemIds.next();
    world.decide([one.posted(payment, 100_000)]).await?;
    let track = world.track(&one, 0).await?;
    assert_eq!(track.state(), TrackState::Paused, "{}", track.why);
    assert!(world.proposed().await?.is_empty());
    world.decide([one.settled()]).await?;
    assert_eq!(world.proposed().await?, ["PIF"]);
    world.decide([one.settled()]).await?;
    assert_eq!(world.proposed().await?, ["PIF"]);
    assert_eq!(world.explain(&one).await?.account.unwrap_or_default().ended, "settled");
    // The bank takes it back before intake closed: the work goes on, and may end so again.
    world.decide([one.reversed(payment, 100_000)]).await?;
    let track = world.track(&one, 0).await?;
    assert_eq!((track.state(), track.step.as_str()), (TrackState::Treating, "first-calls"));
    world.decide([one.posted(SystemIds.next(), 100_000)]).await?;
    assert_eq!(world.proposed().await?, ["PIF", "PIF"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_the_client_credits_whole_is_closed_as_credited() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    world.decide([one.adjusted(-100_000)]).await?;
    assert_eq!(world.proposed().await?, ["ADJ"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_placed_again_begins_again() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    world.decide([one.closed("UNC")]).await?;
    let mut again = one.clone();
    again.opening = 2;
    again.parties[0].id = SystemIds.next();
    world.decide([again.placed()]).await?;
    let explained = world.explain(&again).await?.account.unwrap_or_default();
    assert_eq!((explained.opening, explained.ended.as_str()), (2, ""));
    assert_eq!(world.asked(&again, 0).await?.step, "scrub");
    assert_eq!(world.told("case_opened").await?.len(), 2);
    world.close().await
}
