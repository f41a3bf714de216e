//! Effects outside: letters in a real print folder and e-mails on a real mail server, with the process
//! that hands them over killed at each point of it. What was received never exceeds what was attempted,
//! and every difference stands as unknown.

use std::collections::BTreeMap;

use anyhow::Context as _;
use duly_proto::{
    common::v1::Channel,
    contact::v1::{Attempt, Disposition, ListAttemptsRequest},
    intake::v1::{PlaceOpen, Placement},
    letters::v1::{Letter, LetterState, ListLettersRequest},
    workflow::v1::{AssignStrategyRequest, PublishStrategyRequest},
};
use duly_testkit::{Clients, Driver, client, placement};
use sha2::{Digest as _, Sha256};

use crate::{
    fleet::Fleet,
    mail::MailServer,
    road::insist,
    walk::{Ground, pdfs, whole},
};

/// One e-mail, then one printed letter.
const STRATEGY: &str = "
strategy: write-twice
summary: One e-mail, then one printed letter.
for: { debt_class: commercial, service_kinds: [contingency] }
roles: { principal: { after_days: 0 } }
steps:
  - id: write
    do: { letter: { template: commercial_demand, channel: email } }
  - id: print
    do: { letter: { template: commercial_demand, channel: mail } }
  - id: rest
    do: { wait: { days: 60 } }
  - id: close
    do: { propose_close: { code: UNC } }
";

/// How many claims.
const CLAIMS: usize = 4;

fn claims() -> Vec<Placement> {
    let claim = |at: usize| {
        placement(&format!("E-{at}")).usd("75.00").principal(|party| {
            party.phones = vec![format!("+1614555030{at}")];
            party.emails = vec![format!("payables-{at}@debtor.example")];
        })
    };
    (0..CLAIMS).map(|at| claim(at).build()).collect()
}

/// What was attempted and what arrived.
struct Outcome {
    letters: Vec<Letter>,
    attempts: Vec<Attempt>,
    received: Vec<String>,
    printed: BTreeMap<String, Vec<u8>>,
}

/// Sends everything while letters dies once at `point` of `work`.
async fn killed_at(point: &'static str) -> anyhow::Result<Outcome> {
    let mail = MailServer::start()?;
    let ground = Ground::create(Some(mail.url())).await?;
    let processes = ["intake skiptrace contact payments workflow reporting", "letters"];
    let fleet = Fleet::armed(&ground.set, &ground.extra, &processes, |one| {
        if one == "letters" { vec![point] } else { Vec::new() }
    })?;
    let driver = Driver::new(&ground.set, ground.shapes()?);
    let api = ground.set.clients(fleet.endpoints(), duly_platform::Role::Manager)?;
    place(&api, &driver).await.context("placing")?;
    let until = driver.now().await? + chrono::TimeDelta::days(10);
    driver.advance_to(until).await?;
    let letters = insist(async || {
        let request = ListLettersRequest { page: whole(), ..ListLettersRequest::default() };
        Ok(api.letters.clone().list_letters(request).await?.into_inner().letters)
    })
    .await?;
    let attempts = insist(async || {
        let request = ListAttemptsRequest { page: whole(), ..ListAttemptsRequest::default() };
        Ok(api.contact.clone().list_attempts(request).await?.into_inner().attempts)
    })
    .await?;
    let (received, printed) = (mail.received()?, pdfs(&ground.print_dir())?);
    let hits = fleet.stop()?.into_iter().flat_map(|kept| kept.hits).collect::<Vec<_>>();
    assert_eq!(hits, [point], "letters died there once");
    ground.drop().await?;
    Ok(Outcome { letters, attempts, received, printed })
}

async fn place(api: &Clients, driver: &Driver) -> anyhow::Result<()> {
    let put = client("EFFECTS").build();
    insist(async || Ok(api.intake.clone().put_client(put.clone()).await?)).await?;
    let publish =
        PublishStrategyRequest { request_id: "publish".into(), document: STRATEGY.into() };
    insist(async || Ok(api.workflow.clone().publish_strategy(publish.clone()).await?)).await?;
    let placed = insist(async || {
        let open = PlaceOpen {
            client_ref: "EFFECTS".into(),
            batch_key: "effects-1".into(),
            ..PlaceOpen::default()
        };
        duly_testkit::place(&mut api.intake.clone(), open, claims(), 10).await
    })
    .await?;
    driver.settle().await?;
    for at in 0..CLAIMS {
        let account_id = placed.account_id(&format!("E-{at}"))?;
        let assign = AssignStrategyRequest {
            request_id: format!("assign-{at}"),
            account_id,
            strategy: "write-twice".into(),
            reason: "a test of both carriers".into(),
        };
        insist(async || Ok(api.workflow.clone().assign_strategy(assign.clone()).await?)).await?;
    }
    Ok(())
}

/// What holds whatever happened.
fn assert_told_truly(outcome: &Outcome) {
    let by_email: Vec<&Letter> =
        outcome.letters.iter().filter(|one| one.channel() == Channel::Email).collect();
    let state = |wanted| by_email.iter().filter(|one| one.state() == wanted).count();
    let (mailed, unknown) = (state(LetterState::Mailed), state(LetterState::Unknown));
    let attempted = outcome
        .attempts
        .iter()
        .filter(|one| one.channel() == Channel::Email && one.authorized_at.is_some())
        .count();
    let received = outcome.received.len();
    assert!(received <= attempted, "{received} e-mails for {attempted} attempts");
    assert!(
        (mailed..=mailed + unknown).contains(&received),
        "{received} e-mails arrived; {mailed} are known to have left, {unknown} may have"
    );
    let known = outcome.attempts.iter().filter(|one| one.channel() == Channel::Email);
    let unknown_attempts = known.filter(|one| one.disposition() == Disposition::Unknown).count();
    assert_eq!(unknown_attempts, unknown, "contact lists what letters does not know");

    // Printed: exactly what is known to be mailed, each file once and whole.
    let mut listed: Vec<String> = outcome
        .letters
        .iter()
        .filter(|one| one.channel() == Channel::Mail && one.state() == LetterState::Mailed)
        .map(|one| one.content_sha256.clone())
        .collect();
    let mut printed: Vec<String> = Vec::new();
    for (name, bytes) in &outcome.printed {
        let sha256: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert!(name.contains(&sha256), "{name} is named by its content");
        printed.push(sha256);
    }
    listed.sort();
    printed.sort();
    assert_eq!(listed, printed, "what is printed is what is listed as mailed");
    assert_eq!(printed.len(), CLAIMS, "every printed letter left in spite of the kill");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_process_killed_at_any_point_never_sends_twice() -> anyhow::Result<()> {
    for (point, unknown, received) in [
        // Nothing had been begun: all of it is done by the next process.
        ("outside.before_begun@send_email", 0, CLAIMS),
        // Begun, and nothing sent: whether it was is not known to who comes after.
        ("outside.begun@send_email", CLAIMS, 0),
        // Sent, and not recorded.
        ("outside.performed@send_email", CLAIMS, CLAIMS),
        ("outside.before_finished@send_email", CLAIMS, CLAIMS),
        // Recorded.
        ("outside.finished@send_email", 0, CLAIMS),
    ] {
        let outcome = killed_at(point).await.context(point)?;
        assert_told_truly(&outcome);
        let found = outcome.letters.iter().filter(|one| one.state() == LetterState::Unknown);
        assert_eq!((found.count(), outcome.received.len()), (unknown, received), "{point}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_print_process_killed_at_any_point_leaves_each_letter_once() -> anyhow::Result<()> {
    for point in [
        "outside.before_begun@hand_over_print",
        "outside.begun@hand_over_print",
        "outside.performed@hand_over_print",
        "outside.before_finished@hand_over_print",
        "outside.finished@hand_over_print",
    ] {
        let outcome = killed_at(point).await.context(point)?;
        assert_told_truly(&outcome);
        assert_eq!(outcome.received.len(), CLAIMS, "{point}");
    }
    Ok(())
}
