//! Facts that do not fit are parked; the rest goes on.

use duly_platform::parked;
use duly_proto::{common::v1::Money, intake::v1::event::Fact as Placed};

use crate::world::{Fact, World, new_batch, new_client};

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_does_not_fit_is_parked_and_the_rest_is_shown() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let batch = new_batch();
    let good = client.account();
    let mut nobodys = client.account().placed(batch, 100, "2026-01-05");
    nobodys.meta.client_id = String::new();
    let mut nameless = client.account().placed(batch, 100, "2026-01-05");
    let Fact::Intake(Placed::AccountPlaced(fact)) = &mut nameless.fact else { unreachable!() };
    fact.batch_id = "btch_1".into();
    let strange = Money { minor: 5, currency: "XYZ".into() };
    world
        .tell(vec![
            nobodys,
            nameless,
            client.account().placed_as(1, batch, strange, "2026-01-05"),
            client.account().placed_as(0, batch, duly_testkit::cents(1), "2026-01-05"),
            good.placed(batch, 700, "2026-01-05"),
        ])
        .await?;
    world.run.settle().await?;
    let sums = world.summary(client.id).await?;
    assert_eq!((sums.accounts_placed, sums.listed_minor), (1, 700));
    let parked = parked::list(world.run.host("reporting")?).await?;
    let mut errors: Vec<&str> = parked.iter().map(|p| p.error.as_str()).collect();
    errors.sort_unstable();
    assert_eq!(errors.len(), 4, "{errors:?}");
    assert!(errors.iter().any(|e| e.contains("meta.client_id: is missing")), "{errors:?}");
    assert!(errors.iter().any(|e| e.starts_with("batch_id: ")), "{errors:?}");
    assert!(errors.iter().any(|e| e.starts_with("listed_amount.currency: ")), "{errors:?}");
    assert!(errors.iter().any(|e| e.contains("account_opening_positive")), "{errors:?}");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_version_of_a_client_stands_whatever_comes_last() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    world
        .tell(vec![
            client.changed("HARBOR-NEW", 3),
            client.changed("HARBOR", 1),
            client.changed("HARBOR", 2),
            client.account().placed(new_batch(), 100, "2026-01-05"),
        ])
        .await?;
    world.run.settle().await?;
    assert_eq!(world.summary(client.id).await?.client_ref, "HARBOR-NEW");
    world.end().await
}
