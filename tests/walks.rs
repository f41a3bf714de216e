//! The walk judged: fact by fact, in one process and in eight, under kills.

use std::collections::BTreeSet;

use anyhow::Context as _;
use duly_domain::CloseCode;
use duly_proto::{
    contact::v1::{AttemptState, Disposition},
    intake::v1::Lifecycle,
    letters::v1::LetterState,
    payments::v1::PromiseState,
    workflow::v1::TaskKind,
};
use duly_testkit::{Digests, Driver, digest};

use crate::{
    fleet::Fleet,
    kills::passed_but,
    mail::MailServer,
    walk::{Arrived, Ground, Walk, pdfs},
};

/// One process per service.
const EIGHT: [&str; 8] =
    ["intake", "skiptrace", "contact", "letters", "payments", "workflow", "reporting", "gateway"];

/// What a walk leads to: what its people see, what the databases hold, what was printed.
struct End {
    arrived: Arrived,
    digests: Digests,
    printed: BTreeSet<String>,
}

/// The walk that nobody disturbs, in one process; `judge` looks at it before it is taken down.
async fn undisturbed(
    smtp_url: Option<String>,
    judge: impl AsyncFnOnce(&Walk, &End) -> anyhow::Result<()>,
) -> anyhow::Result<End> {
    let with_email = smtp_url.is_some();
    let ground = Ground::create(smtp_url).await?;
    let run = ground.set.start(ground.services()?).await?;
    let mut walk = Walk::new(&ground, &run.endpoints(), run.driver(), with_email)?;
    let arrived = walk.walk().await?;
    let end = end(&ground, arrived).await?;
    judge(&walk, &end).await?;
    run.stop().await;
    ground.drop().await?;
    Ok(end)
}

async fn end(ground: &Ground, arrived: Arrived) -> anyhow::Result<End> {
    let digests = digest(&ground.set, &ground.shapes()?).await?;
    // A file's name is its content's hash, and the batch's name tells the day.
    let printed = pdfs(&ground.print_dir())?.into_keys().collect();
    Ok(End { arrived, digests, printed })
}

fn assert_same(expected: &End, found: &End) {
    let difference = expected.digests.difference(&found.digests);
    assert!(difference.is_empty(), "the digests differ:\n{difference}");
    assert_eq!(expected.arrived, found.arrived, "what people see differs");
    assert_eq!(expected.printed, found.printed, "what was printed differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_leads_each_account_to_its_end_step_by_step() -> anyhow::Result<()> {
    let end = undisturbed(None, judge).await?;
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        for (account, timeline) in &end.arrived.timelines {
            insta::assert_snapshot!(format!("walk_{account}"), timeline.join("\n"));
        }
    });
    Ok(())
}

async fn judge(walk: &Walk, end: &End) -> anyhow::Result<()> {
    // The commercial claim with three invoices, a credit and a guarantor: both were asked, the promise
    // was kept, the rest was paid, and the account is closed as paid in full.
    let account = walk.account("W-1").await?;
    assert_eq!(account.lifecycle(), Lifecycle::Closed);
    assert_eq!(account.close_code, CloseCode::Pif.as_str());
    let letters = walk.letters(&account.account_id).await?;
    assert!(letters.iter().any(|letter| letter.template == "commercial_demand"));
    // One was authorised when the rest was paid, in the same instant: it did not leave.
    let (mailed, kept_back): (Vec<_>, Vec<_>) =
        letters.iter().partition(|letter| letter.state() == LetterState::Mailed);
    assert!(kept_back.iter().all(|one| one.state() == LetterState::Expired), "{kept_back:?}");
    assert_eq!((mailed.len(), kept_back.len()), (3, 1), "{letters:?}");
    let asked: BTreeSet<&str> = letters.iter().map(|letter| letter.party_id.as_str()).collect();
    assert_eq!(asked.len(), 2, "principal and guarantor each have their letter: {letters:?}");
    let promises = walk.promises("W-1").await?;
    assert!(promises.iter().all(|one| one.state() == PromiseState::Kept), "{promises:?}");
    let attempts = walk.attempts(&account.account_id).await?;
    assert!(attempts.iter().any(|one| one.disposition() == Disposition::Reached));

    // The client took W-2 back: nothing is planned or authorised any more, and nothing was after it.
    let account = walk.account("W-2").await?;
    assert_eq!(account.lifecycle(), Lifecycle::Closed);
    let open = [AttemptState::Planned, AttemptState::Authorized];
    let attempts = walk.attempts(&account.account_id).await?;
    assert!(attempts.iter().all(|one| !open.contains(&one.state())), "{attempts:?}");

    // The bankrupt principal of W-3 is left alone; its guarantor is worked on.
    let account = walk.account("W-3").await?;
    assert_eq!(account.lifecycle(), Lifecycle::Open);
    let (principal, guarantor) =
        (&account_parties(walk, "W-3").await?[0], &account_parties(walk, "W-3").await?[1]);
    let attempts = walk.attempts(&account.account_id).await?;
    assert!(attempts.iter().all(|one| one.party_id != *principal), "{attempts:?}");
    assert!(attempts.iter().any(|one| one.party_id == *guarantor), "{attempts:?}");

    // P-1 has an attorney since its first call: one call, no more.
    let account = walk.account("P-1").await?;
    let called = walk.attempts(&account.account_id).await?;
    let called = called.iter().filter(|one| one.disposition() == Disposition::Reached).count();
    assert_eq!(called, 1);
    // P-2 contested, the client stood by it, and it was paid.
    assert_eq!(walk.account("P-2").await?.close_code, CloseCode::Pif.as_str());
    // P-3 has died: no letter left.
    let account = walk.account("P-3").await?;
    let letters = walk.letters(&account.account_id).await?;
    assert!(letters.iter().all(|letter| letter.mailed_on.is_none()), "{letters:?}");
    // P-4's notice came back: somebody is asked to look.
    let account = walk.account("P-4").await?;
    let tasks = walk.tasks(&account.account_id).await?;
    assert!(tasks.iter().any(|task| task.kind() == TaskKind::ReturnedMail), "{tasks:?}");
    assert!(!end.printed.is_empty(), "letters were printed");
    Ok(())
}

/// Ids of an account's liable parties, the principal debtor first.
async fn account_parties(walk: &Walk, reference: &str) -> anyhow::Result<Vec<String>> {
    let account = walk.account(reference).await?;
    let key = duly_proto::intake::v1::get_account_request::Key::AccountId(account.account_id);
    let request = duly_proto::intake::v1::GetAccountRequest { key: Some(key) };
    let found = walk.api.intake.clone().get_account(request).await?.into_inner();
    let parties = found.account.context("an account")?.liable_parties;
    Ok(parties.into_iter().map(|party| party.party_id).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_ends_the_same_in_one_process_and_in_eight() -> anyhow::Result<()> {
    let (one, eight) = (MailServer::start()?, MailServer::start()?);
    let expected = undisturbed(Some(one.url()), async |_, _| Ok(())).await?;
    let ground = Ground::create(Some(eight.url())).await?;
    let fleet = Fleet::start(&ground.set, &ground.extra, &EIGHT)?;
    let driver = Driver::new(&ground.set, ground.shapes()?);
    let arrived = Walk::new(&ground, fleet.endpoints(), driver, true)?.walk().await?;
    let found = end(&ground, arrived).await?;
    fleet.stop()?;
    assert_same(&expected, &found);
    assert_eq!(one.received()?.len(), eight.received()?.len());
    ground.drop().await
}

/// Every point that kills a service once on the walk: one that commands nothing, has nothing to do
/// outside or has no database passes none of those.
fn passed(service: &str) -> Vec<&'static str> {
    match service {
        "intake" | "contact" | "payments" | "workflow" => passed_but(&["outside."]),
        "reporting" => passed_but(&["mutation.", "relay.", "resend.", "due.", "outside."]),
        "gateway" => Vec::new(),
        _ => passed_but(&[]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_with_every_service_killed_at_every_crash_point_ends_the_same()
-> anyhow::Result<()> {
    let expected = undisturbed(None, async |_, _| Ok(())).await?;
    let ground = Ground::create(None).await?;
    let fleet = Fleet::armed(&ground.set, &ground.extra, &EIGHT, passed)?;
    let driver = Driver::new(&ground.set, ground.shapes()?);
    let arrived = Walk::new(&ground, fleet.endpoints(), driver, false)?.walk().await?;
    let found = end(&ground, arrived).await?;
    for (service, kept) in EIGHT.iter().zip(fleet.stop()?) {
        let hits: Vec<&str> = kept.hits.iter().map(String::as_str).collect();
        let mut points = passed(service);
        points.sort_unstable();
        assert_eq!(hits, points, "each point that {service} passes has killed it once");
    }
    assert_same(&expected, &found);
    ground.drop().await
}
