//! Facts about accounts in any order, on the real Postgres.

use std::collections::BTreeMap;

use anyhow::Context as _;
use duly_domain::{Date, SeededIds, id};
use duly_platform::{BoxFuture, Host, Refusal, Service, State, Tx};
use duly_proto::{
    Event as _,
    common::v1::EventMeta,
    intake::v1::{self as intake, event::Fact as Intake},
    payments::v1::{self as payments, event::Fact as Payments},
};
use duly_standing::{EndKind, Standing};
use duly_testkit::{Set, cents, day, placement};
use sqlx::migrate::Migrator;
use uuid::Uuid;

static NOTHING: Migrator = Migrator::DEFAULT;

/// A service that only keeps where accounts stand.
fn keeper() -> Service {
    Service {
        name: "keeper",
        migrator: &NOTHING,
        shared: duly_standing::SHARED,
        append_only: duly_standing::APPEND_ONLY,
        access: &[],
        tells: &[],
        listeners: Vec::new(),
        due: Vec::new(),
        outside: Vec::new(),
        state: State::default(),
        routes: |_| tonic::service::Routes::default(),
        http: None,
        digest: &[],
    }
}

/// One account with everything that can happen to it.
struct Story {
    client: String,
    account: String,
    ids: SeededIds,
}

/// One event, and how it is kept.
#[derive(Clone)]
enum Told {
    Intake(intake::Event),
    Payments(payments::Event),
}

impl Story {
    fn new() -> Self {
        let mut ids = SeededIds::new(7);
        Self {
            client: duly_domain::Id::<id::Client>::new(&mut ids).to_string(),
            account: duly_domain::Id::<id::Account>::new(&mut ids).to_string(),
            ids,
        }
    }

    fn meta(&self) -> EventMeta {
        let told_at = chrono::DateTime::from_timestamp(1_767_800_000, 0).expect("an instant");
        EventMeta {
            client_id: self.client.clone(),
            occurred_at: Some(duly_proto::convert::timestamp(told_at)),
            ..EventMeta::default()
        }
    }

    fn intake(&self, fact: Intake) -> Told {
        Told::Intake(intake::Event::new(self.meta(), fact))
    }

    fn payments(&self, fact: Payments) -> Told {
        Told::Payments(payments::Event::new(self.meta(), fact))
    }

    fn placed(&mut self, opening: i32, minor: i64) -> Told {
        let claim = placement("A-1").guarantor("Pat Example").build();
        let mut parties = claim.liable_parties;
        for party in &mut parties {
            party.party_id = duly_domain::Id::<id::Party>::new(&mut self.ids).to_string();
        }
        self.intake(Intake::AccountPlaced(intake::AccountPlaced {
            account_id: self.account.clone(),
            client_id: self.client.clone(),
            client_ref: "ACME".into(),
            client_account_ref: "A-1".into(),
            opening,
            debt_class: claim.debt_class,
            service_kind: claim.service_kind,
            listed_amount: Some(cents(minor)),
            listing_date: Some(day("2026-01-05")),
            liable_parties: parties,
            ..intake::AccountPlaced::default()
        }))
    }

    fn paid(&mut self, minor: i64) -> (Told, Told) {
        let payment_id = duly_domain::Id::<id::Payment>::new(&mut self.ids).to_string();
        let posted = payments::PaymentPosted {
            payment_id: payment_id.clone(),
            account_id: self.account.clone(),
            amount: Some(cents(minor)),
            ..payments::PaymentPosted::default()
        };
        let reversed = payments::PaymentReversed {
            payment_id,
            account_id: self.account.clone(),
            amount: Some(cents(minor)),
            ..payments::PaymentReversed::default()
        };
        let posted = self.payments(Payments::PaymentPosted(posted));
        (posted, self.payments(Payments::PaymentReversed(reversed)))
    }

    fn adjusted(&mut self, minor: i64) -> Told {
        let adjustment_id = duly_domain::Id::<id::Adjustment>::new(&mut self.ids).to_string();
        self.intake(Intake::AccountAdjusted(intake::AccountAdjusted {
            adjustment_id,
            account_id: self.account.clone(),
            amount: Some(cents(minor)),
            opening: 1,
            ..intake::AccountAdjusted::default()
        }))
    }

    fn held(&mut self) -> (Told, Told) {
        let hold_id = duly_domain::Id::<id::Hold>::new(&mut self.ids).to_string();
        let placed = intake::HoldPlaced {
            hold_id: hold_id.clone(),
            account_id: self.account.clone(),
            opening: 1,
            reason: "we are talking".into(),
            from_on: Some(day("2026-01-05")),
            until_on: Some(day("2026-01-31")),
        };
        let lifted = intake::HoldLifted {
            hold_id,
            account_id: self.account.clone(),
            opening: 1,
            ..intake::HoldLifted::default()
        };
        let placed = self.intake(Intake::HoldPlaced(placed));
        (placed, self.intake(Intake::HoldLifted(lifted)))
    }

    fn settled(&self) -> Told {
        self.payments(Payments::BalanceSettled(payments::BalanceSettled {
            account_id: self.account.clone(),
            opening: 1,
            settled_on: Some(day("2026-01-20")),
        }))
    }

    fn recalled(&self) -> Told {
        self.intake(Intake::AccountRecalled(intake::AccountRecalled {
            account_id: self.account.clone(),
            opening: 1,
            recalled_on: Some(day("2026-01-20")),
            reason: "settled".into(),
        }))
    }
}

fn keep<'a>(tx: &'a mut Tx, told: &'a Told) -> BoxFuture<'a, Result<(), Refusal>> {
    Box::pin(async move {
        let kept = match told {
            Told::Intake(event) => {
                let one = std::slice::from_ref(event);
                match event.kind().unwrap_or_default() {
                    "account_placed" => duly_standing::keep_placed(tx, one).await,
                    "account_adjusted" => duly_standing::keep_adjusted(tx, one).await,
                    "hold_placed" => duly_standing::keep_holds_placed(tx, one).await,
                    "hold_lifted" => duly_standing::keep_holds_lifted(tx, one).await,
                    _ => duly_standing::keep_recalled(tx, one).await,
                }
            }
            Told::Payments(event) => {
                let one = std::slice::from_ref(event);
                match event.kind().unwrap_or_default() {
                    "payment_posted" => duly_standing::keep_posted(tx, one).await,
                    "payment_reversed" => duly_standing::keep_reversed(tx, one).await,
                    _ => duly_standing::keep_settled(tx, one).await,
                }
            }
        };
        let touched = kept.expect("the story's events are kept");
        assert_eq!(touched.len(), 1, "each event touches its account");
        Ok(())
    })
}

async fn standing(host: &Host, account: &str, on: &str) -> anyhow::Result<Option<Standing>> {
    let id: duly_domain::AccountId = account.parse()?;
    let today: Date = on.parse()?;
    let mut conn = host.pool().acquire().await?;
    Ok(duly_standing::find(&mut conn, id.uuid(), today).await?)
}

/// Keeps these facts in this order on a new set, and answers the standing in the middle of January.
async fn after(story: &Story, facts: &[Told]) -> anyhow::Result<Option<Standing>> {
    let set = Set::create(&[keeper()]).await?;
    let run = set.start(vec![keeper()]).await?;
    let host = run.host("keeper")?;
    for fact in facts {
        host.write("test", fact, keep).await.map_err(anyhow::Error::new)?;
        // Every fact comes twice.
        host.write("test", fact, keep).await.map_err(anyhow::Error::new)?;
    }
    let found = standing(host, &story.account, "2026-01-15").await?;
    run.stop().await;
    set.drop().await?;
    Ok(found)
}

/// Everything about a standing that is the same in any order.
fn shown(found: &Standing) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("opening", found.opening.to_string()),
        ("balance", found.balance.to_string()),
        ("ended", format!("{:?}", found.ended)),
        ("settled", found.settled.to_string()),
        ("held", format!("{:?}", found.held)),
        ("parties", found.parties.iter().map(|p| p.id.to_string()).collect()),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_in_any_order_and_twice_leave_the_same_standing() -> anyhow::Result<()> {
    let mut story = Story::new();
    let placed = story.placed(1, 10_000);
    let ((first, back), (second, _)) = (story.paid(3_000), story.paid(2_500));
    let (held, lifted) = story.held();
    let mut facts =
        vec![placed, first, back, second, story.adjusted(-500), held, lifted, story.recalled()];
    let expected = after(&story, &facts).await?.context("the account is known")?;
    assert_eq!(expected.balance.amount(), "70.00", "100.00 - 5.00 - 25.00");
    assert_eq!(expected.ended.map(|end| end.kind), Some(EndKind::Recalled));
    assert_eq!(expected.held, None, "the hold was lifted");
    assert!(!expected.workable());
    facts.reverse();
    let found = after(&story, &facts).await?.context("the account is known")?;
    assert_eq!(shown(&expected), shown(&found));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reversal_undoes_that_the_balance_was_settled() -> anyhow::Result<()> {
    let mut story = Story::new();
    let placed = story.placed(1, 10_000);
    let (paid, back) = story.paid(10_000);
    let settled = after(&story, &[placed.clone(), paid.clone(), story.settled()]).await?;
    assert!(settled.context("known")?.settled);
    let reopened = after(&story, &[placed, paid, story.settled(), back]).await?.context("known")?;
    assert!(!reopened.settled && reopened.workable());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_opening_inherits_neither_end_nor_payments() -> anyhow::Result<()> {
    let mut story = Story::new();
    let (first, again) = (story.placed(1, 10_000), story.placed(2, 4_000));
    let (paid, _) = story.paid(2_000);
    let facts = [again, paid, story.recalled(), first];
    let found = after(&story, &facts).await?.context("known")?;
    assert_eq!((found.opening, found.balance.amount()), (2, "40.00".to_owned()));
    assert!(found.workable());
    assert_eq!(found.parties.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_stands_on_its_days_and_facts_alone_make_no_account() -> anyhow::Result<()> {
    let mut story = Story::new();
    let placed = story.placed(1, 10_000);
    let (held, _) = story.held();
    let (paid, _) = story.paid(2_000);
    assert!(after(&story, &[paid, held.clone()]).await?.is_none());
    let set = Set::create(&[keeper()]).await?;
    let run = set.start(vec![keeper()]).await?;
    let host = run.host("keeper")?;
    for fact in [&placed, &held] {
        host.write("test", fact, keep).await.map_err(anyhow::Error::new)?;
    }
    for (on, stands) in
        [("2026-01-04", false), ("2026-01-05", true), ("2026-01-31", true), ("2026-02-01", false)]
    {
        let found = standing(host, &story.account, on).await?.context("known")?;
        assert_eq!(found.held.is_some(), stands, "on {on}");
        assert_eq!(found.workable(), !stands, "on {on}");
    }
    let unknown = Uuid::from_u128(1);
    let mut conn = host.pool().acquire().await?;
    assert!(duly_standing::load(&mut conn, &[unknown], "2026-01-05".parse()?).await?.is_empty());
    drop(conn);
    run.stop().await;
    set.drop().await
}
