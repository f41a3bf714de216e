//! Letters: permitted when their batch closes, concluded by what letters tells.

use duly_proto::{
    contact::v1::{AttemptState, Disposition, event::Fact},
    intake::v1 as intake,
    letters::v1::Certainty,
    payments::v1 as payments,
};
use duly_testkit::day;
use tonic::Code;

use crate::facts::held;
use crate::world::{Case, World, at};

const CLOSES: &str = "2026-01-05T21:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_permitted_at_batch_closing_and_concluded_by_its_mailing() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    world.place(&[&case]).await?;
    let letter = world.letter(&case, 0).await?;
    world.at("2026-01-05T20:45:00Z").await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Planned);
    world.at(CLOSES).await?;
    let attempt = world.attempt(&case).await?;
    assert_eq!(attempt.state(), AttemptState::Authorized);
    assert_eq!(attempt.authorized_at.unwrap().seconds, at(CLOSES).timestamp());
    let told = world.told("attempt_authorized").await?;
    let [Fact::AttemptAuthorized(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(told.letter_id, letter.to_string());
    let by_hand = world.conclude(&attempt.attempt_id, Disposition::NotMade).await.unwrap_err();
    assert_eq!(by_hand.code(), Code::FailedPrecondition);
    // Letters says when it left, however long that takes.
    world.at("2026-01-05T22:00:00Z").await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Authorized);
    world.mailed(&case, letter, Certainty::Known).await?;
    let sent = world.attempt(&case).await?;
    assert_eq!((sent.disposition(), sent.crossed), (Disposition::Sent, false));
    assert_eq!(world.told("attempt_concluded").await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_is_permitted_on_an_account_that_is_over_held_paid_or_disputed()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let cases: Vec<Case> =
        (0..6).map(|n| Case::consumer("ACME", &format!("A-{n}")).phone("+12155550101")).collect();
    world.place(&cases.iter().collect::<Vec<_>>()).await?;
    for case in &cases {
        world.letter(case, 0).await?;
    }
    let [recalled, closed, paid, hold, settled, disputed] = cases.as_slice() else { panic!() };
    world.recall(recalled).await?;
    let fact = intake::AccountClosed {
        account_id: closed.account_id(),
        opening: 1,
        close_code: "UNC".to_owned(),
        closed_on: Some(day("2026-01-05")),
    };
    let fact = intake::event::Fact::AccountClosed(fact);
    world.tell::<intake::Event>(vec![(closed.meta(), fact)]).await?;
    world.pay(paid, "100.00").await?;
    world.tell::<intake::Event>(vec![held(hold)]).await?;
    world.pay(settled, "100.00").await?;
    let fact = payments::BalanceSettled {
        account_id: settled.account_id(),
        opening: 1,
        settled_on: Some(day("2026-01-05")),
    };
    let fact = payments::event::Fact::BalanceSettled(fact);
    world.tell::<payments::Event>(vec![(settled.meta(), fact)]).await?;
    world.dispute(crate::disputes::of(disputed)).await?;
    world.tick().await?;
    let why = [
        "the client took the account back",
        "the account is closed",
        "nothing is owed on the account",
        "the client asked that the account not be worked for now",
        "the account is paid or settled",
        "the debt is disputed since 2026-01-05",
    ];
    for (case, why) in cases.iter().zip(why) {
        let attempt = world.attempt(case).await?;
        assert_eq!(attempt.state(), AttemptState::Withdrawn, "{why}");
        assert!(attempt.why.starts_with(why), "{why}: {}", attempt.why);
    }
    assert_eq!(world.told("treatment_refused").await?.len(), 6);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_on_account_leaves_the_letter_planned() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    world.place(&[&case]).await?;
    world.letter(&case, 0).await?;
    world.pay(&case, "40.00").await?;
    world.at(CLOSES).await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Authorized);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_leaves_although_the_account_ended_is_listed_as_crossed() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let left = Case::consumer("ACME", "A-1");
    let stayed = Case::consumer("ACME", "A-2");
    let unknown = Case::consumer("ACME", "A-3");
    world.place(&[&left, &stayed, &unknown]).await?;
    let (one, two) = (world.letter(&left, 0).await?, world.letter(&stayed, 0).await?);
    let three = world.letter(&unknown, 0).await?;
    world.at(CLOSES).await?;
    for case in [&left, &stayed, &unknown] {
        world.recall(case).await?;
    }
    world.mailed(&left, one, Certainty::Known).await?;
    world.expired(&stayed, two).await?;
    world.mailed(&unknown, three, Certainty::Unknown).await?;
    let stayed = world.attempt(&stayed).await?;
    assert_eq!((stayed.disposition(), stayed.crossed), (Disposition::NotMade, false));
    let crossed = world.crossed().await?;
    assert_eq!(crossed.len(), 2);
    assert!(crossed.iter().all(|attempt| attempt.why.contains("end or a hold of the account")));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_letter_closes_its_address() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let letter = world.letter(&case, 0).await?;
    world.at(CLOSES).await?;
    world.mailed(&case, letter, Certainty::Known).await?;
    assert_eq!(world.explain(&case).await?.points[0].addresses, 1);
    world.returned(&case, letter).await?;
    assert_eq!(world.explain(&case).await?.points[0].addresses, 0);
    let (_, again) = crate::facts::letter_prepared(&case, 0, "2026-01-06T21:00:00Z");
    world.tell::<duly_proto::letters::v1::Event>(vec![again]).await?;
    world.at("2026-01-06T21:00:00Z").await?;
    let refused = world.told("treatment_refused").await?;
    let [Fact::TreatmentRefused(refused)] = refused.as_slice() else { panic!("{refused:?}") };
    assert!(refused.reasons.iter().any(|reason| reason.rule == "usable_point"), "{refused:?}");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_expires_before_it_is_known_is_never_permitted() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    world.place(&[&case]).await?;
    let (letter, prepared) = crate::facts::letter_prepared(&case, 0, CLOSES);
    world.expired(&case, letter).await?;
    world.tell::<duly_proto::letters::v1::Event>(vec![prepared]).await?;
    world.at(CLOSES).await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Withdrawn);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailing_without_authorisation_is_parked_and_the_rest_goes_on() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (good, bad) = (Case::consumer("ACME", "A-1"), Case::consumer("ACME", "A-2"));
    world.place(&[&good, &bad]).await?;
    let letter = world.letter(&good, 0).await?;
    world.at(CLOSES).await?;
    let mailed = |case: &Case, letter: duly_domain::LetterId| {
        let mut fact = duly_proto::letters::v1::LetterMailed {
            letter_id: letter.to_string(),
            account_id: case.account_id(),
            ..Default::default()
        };
        fact.set_certainty(Certainty::Known);
        (case.meta(), duly_proto::letters::v1::event::Fact::LetterMailed(fact))
    };
    let never = duly_domain::LetterId::from_uuid(uuid::Uuid::from_u128(7));
    world
        .tell::<duly_proto::letters::v1::Event>(vec![mailed(&bad, never), mailed(&good, letter)])
        .await?;
    assert_eq!(world.attempt(&good).await?.disposition(), Disposition::Sent);
    assert_eq!(world.count("SELECT count(*) FROM parked").await?, 1);
    world.run.stop().await;
    world.set.drop().await
}
