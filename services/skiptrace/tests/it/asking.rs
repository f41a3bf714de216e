//! From a treatment that is due to a file in the provider's folder, or to a refusal.

use std::fs;

use duly_proto::{
    common::v1::TreatmentKind::{Letter, Scrub, Trace},
    contact::v1::StopKind,
    skiptrace::v1::{SearchKind, SearchState},
};
use duly_testkit::{Delivery, cents};

use crate::world::{World, config, dollars, services};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_asked_at_the_next_tick_for_a_stated_purpose() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = world.account();
    world.place(account, "A-1").await?;
    world.treat(account, account.party, Scrub, 10).await?;
    world.treat(account, account.party, Letter, 10).await?;
    world.run.settle().await?;
    let search = world.search_of(account).await?;
    assert_eq!((search.state(), search.reference.as_str()), (SearchState::Queued, ""));
    assert!(world.files()?.is_empty());

    world.tick().await?;
    let search = world.search_of(account).await?;
    assert_eq!((search.kind(), search.state()), (SearchKind::Scrub, SearchState::Asked));
    assert_eq!(search.purpose, "collection_of_account");
    assert_eq!(search.cost, Some(cents(10)));
    assert!(search.asked_at.is_some());
    let files = world.files()?;
    assert_eq!(files.len(), 1, "{files:?}");
    let expected = format!(
        "reference,kind,purpose,debtor_kind,name,address,city,region,postal_code,country,phones,emails\n\
         {},scrub,collection_of_account,business,\"A-1 Trading, LLC\",,,,,,+19375550142,\n",
        search.reference
    );
    assert_eq!(files[0].1, expected);
    assert_eq!(world.spent().await?, 10);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_that_do_the_same_ask_in_the_same_files() -> anyhow::Result<()> {
    let mut runs = Vec::new();
    for order in [[1, 2, 3, 4], [3, 1, 4, 2]] {
        let world = World::begin().await?;
        for n in order {
            let account = world.account();
            // Half of the treatments arrive before their accounts.
            if n % 2 == 0 {
                world.place(account, &format!("A-{n}")).await?;
            }
            world.treat(account, account.party, Scrub, 10).await?;
            world.treat(account, account.guarantor, Trace, 10).await?;
            if n % 2 == 1 {
                world.place(account, &format!("A-{n}")).await?;
            }
        }
        world.tick().await?;
        runs.push((world.files()?, world.run.digest().await?));
        world.end().await?;
    }
    assert_eq!(runs[0].0.len(), 1);
    assert_eq!(runs[0].0[0].1.lines().count(), 9);
    assert_eq!(runs[0].0, runs[1].0);
    assert!(runs[0].1.difference(&runs[1].1).is_empty(), "{}", runs[0].1.difference(&runs[1].1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_searched_for_an_account_that_ended() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = world.account();
    world.place(account, "A-1").await?;
    world.treat(account, account.party, Scrub, 10).await?;
    world.recall(account).await?;
    world.tick().await?;
    let search = world.search_of(account).await?;
    assert_eq!((search.state(), search.refusal.as_str()), (SearchState::Refused, "account_ended"));
    assert_eq!(world.refusals().await?, ["account_ended"]);
    assert_eq!((world.spent().await?, world.files()?.len()), (0, 0));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_leaves_no_purpose_for_a_trace_and_scrubs_go_on() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (stopped, opted_out) = (world.account(), world.account());
    world.place(stopped, "A-1").await?;
    world.place(opted_out, "A-2").await?;
    world.stop(stopped.party, StopKind::Attorney).await?;
    world.stop(opted_out.party, StopKind::OptOut).await?;
    world.tick().await?;
    for account in [stopped, opted_out] {
        world.treat(account, account.party, Scrub, 10).await?;
        world.treat(account, account.party, Trace, 10).await?;
    }
    world.treat(stopped, stopped.guarantor, Trace, 10).await?;
    world.tick().await?;
    assert_eq!(world.refusals().await?, ["no_purpose"]);
    assert_eq!(world.files()?[0].1.lines().count(), 1 + 4);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_owes_nothing_is_not_searched() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (account, other) = (world.account(), world.account());
    world.place(account, "A-1").await?;
    world.treat(account, other.party, Trace, 10).await?;
    world.tick().await?;
    assert_eq!(world.refusals().await?, ["unknown_party"]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_months_cap_falls_on_the_same_searches_and_ends_with_the_month() -> anyhow::Result<()> {
    let world = World::begin_with(|config| config.monthly_cap = dollars(320)).await?;
    let mut accounts = Vec::new();
    for n in [3, 1, 2] {
        let account = world.account();
        world.place(account, &format!("A-{n}")).await?;
        world.treat(account, account.party, Trace, 10).await?;
        world.treat(account, account.party, Scrub, 10).await?;
        accounts.push((n, account));
    }
    world.tick().await?;
    // Two traces and two scrubs are 3.20: the third account, by its reference, gets neither.
    assert_eq!(world.refusals().await?, ["spend_cap", "spend_cap"]);
    let refused = world.searches().await?;
    let refused: Vec<_> = refused.iter().filter(|s| s.state() == SearchState::Refused).collect();
    assert!(refused.iter().all(|s| s.account_id == accounts[0].1.id.to_string()), "{refused:?}");
    assert_eq!(world.spent().await?, 320);

    world.days(30).await?;
    let account = world.account();
    world.place(account, "A-4").await?;
    world.treat(account, account.party, Trace, 10).await?;
    world.tick().await?;
    assert_eq!(world.search_of(account).await?.state(), SearchState::Asked);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_without_answer_expires_and_what_was_never_asked_costs_nothing()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let (asked, unknown) = (world.account(), world.account());
    world.place(asked, "A-1").await?;
    world.treat(asked, asked.party, Trace, 3).await?;
    world.treat(unknown, unknown.party, Trace, 3).await?;
    world.days(2).await?;
    assert!(world.refusals().await?.is_empty());
    assert_eq!(world.search_of(unknown).await?.state(), SearchState::Queued);
    world.days(2).await?;
    assert_eq!(world.refusals().await?, ["expired", "expired"]);
    assert_eq!(world.spent().await?, 150);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_searches_wait_and_go_once_there_is_one() -> anyhow::Result<()> {
    let world = World::begin_with(|config| config.provider_dir = None).await?;
    let (account, later) = (world.account(), world.account());
    world.place(account, "A-1").await?;
    world.treat(account, account.party, Scrub, 30).await?;
    world.days(2).await?;
    assert_eq!(world.search_of(account).await?.state(), SearchState::Queued);
    assert!(world.files()?.is_empty());

    let World { set, run, dir, client } = world;
    run.stop().await;
    let run = set.start(services(config(&dir))).await?;
    let world = World { set, run, dir, client };
    world.place(later, "A-2").await?;
    world.treat(later, later.party, Scrub, 30).await?;
    world.tick().await?;
    assert_eq!(world.search_of(account).await?.state(), SearchState::Asked);
    assert_eq!(world.files()?.len(), 2);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_that_was_cut_off_writes_the_same_file_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let account = world.account();
    world.place(account, "A-1").await?;
    // A file where the folder shall be: the hand-over is begun and cannot be made.
    fs::write(world.dir.path().join("requests"), "in the way")?;
    world.treat(account, account.party, Scrub, 10).await?;
    world.tick().await?;
    assert_eq!(world.search_of(account).await?.state(), SearchState::Queued);
    let mut conn = world.set.connect_to(&world.set.schema("skiptrace")).await?;
    let (name, content): (String, Vec<u8>) =
        sqlx::query_as("SELECT name, content FROM request_file").fetch_one(&mut conn).await?;
    fs::remove_file(world.dir.path().join("requests"))?;
    // The account ends meanwhile: what was begun is finished as it was begun.
    world.recall(account).await?;
    world.tick().await?;
    let expected = vec![(name.clone(), String::from_utf8(content.clone())?)];
    assert_eq!(world.files()?, expected);
    let kept: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT content FROM request_file").fetch_one(&mut conn).await?;
    assert!(kept.is_none(), "what a file says of persons is kept no longer than it is needed");

    // Dead after the file was in place and before that was recorded.
    sqlx::query("UPDATE request_file SET state = 'begun', content = $1, handed_over_at = NULL")
        .bind(content)
        .execute(&mut conn)
        .await?;
    sqlx::query("UPDATE search SET state = 'queued', asked_at = NULL").execute(&mut conn).await?;
    sqlx::query(
        "INSERT INTO due (queue, key, due_at)
         SELECT 'ask_provider', file_id, planned_at FROM request_file",
    )
    .execute(&mut conn)
    .await?;
    world.run.settle().await?;
    assert_eq!(world.files()?, expected);
    assert_eq!(world.search_of(account).await?.state(), SearchState::Asked);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_delivered_again_in_any_order_change_nothing() -> anyhow::Result<()> {
    let world = World::begin().await?;
    for n in 1..=3 {
        let account = world.account();
        world.place(account, &format!("A-{n}")).await?;
        world.treat(account, account.party, Scrub, 10).await?;
        world.treat(account, account.party, Trace, 10).await?;
    }
    world.tick().await?;
    let before = (world.files()?, world.run.digest().await?);
    world.run.deliver(Delivery { seed: 7, times: 3 }).await?;
    world.tick().await?;
    assert_eq!((world.files()?, world.run.digest().await?), before);
    world.end().await
}
