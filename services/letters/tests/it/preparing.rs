//! From a treatment to a prepared letter, or to what is missing for it.

use duly_proto::common::v1::Channel;
use duly_testkit::day;
use sha2::{Digest as _, Sha256};

use crate::world::{Claim, World, address};

#[tokio::test(flavor = "multi_thread")]
async fn a_demand_is_prepared_for_todays_batch_at_the_next_tick() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.place(&claim).await?;
    let treatment = world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.run.settle().await?;
    assert!(world.prepared().await?.is_empty(), "only a tick decides");
    world.advance(15).await?;
    let letter = world.only_prepared().await?;
    assert_eq!(letter.treatment_id, treatment.to_string());
    assert_eq!((letter.template.as_str(), letter.template_version), ("commercial_demand", 1));
    assert_eq!(letter.channel(), Channel::Mail);
    assert_eq!(letter.address, Some(address("1200 Mill Road")));
    assert_eq!(letter.email, "");
    assert_eq!(letter.mailing_on, Some(day("2026-01-05")));
    assert_eq!(letter.mail_by, Some(day("2026-01-10")));
    // Four in the afternoon in New York.
    assert_eq!(letter.batch_closes_at.map(|at| at.seconds), Some(1_767_646_800));
    assert_eq!(letter.pages, 2);

    let request = duly_proto::letters::v1::GetLetterPdfRequest { letter_id: letter.letter_id };
    let pdf = world.api.clone().get_letter_pdf(request).await?.into_inner();
    let hash: String = Sha256::digest(&pdf.pdf).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hash, letter.content_sha256);
    assert_eq!(pdf.content_sha256, letter.content_sha256);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_says_by_when_it_may_leave() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::consumer("ACME", "C-1");
    world.place(&claim).await?;
    world.until("2026-01-05T21:00:00Z").await?;
    // The batch has closed: the next business day.
    world.treat(&claim, "validation_notice", Channel::Mail).await?;
    world.advance(15).await?;
    let letter = world.only_prepared().await?;
    assert_eq!(letter.mailing_on, Some(day("2026-01-06")));
    assert_eq!(letter.mail_by, Some(day("2026-01-06")));
    let stored = world.letter(&letter.letter_id).await?;
    assert_eq!(stored.validation_period_end, Some(day("2026-02-12")));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named_and_told_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claims = [
        Claim::consumer("ACME", "C-1").change(|fact| fact.liable_parties[0].address = None),
        Claim::consumer("ACME", "C-2").change(|fact| fact.original_creditor.clear()),
        Claim::commercial("ACME", "A-3").change(|fact| fact.liable_parties[0].emails.clear()),
        Claim::commercial("ACME", "A-4"),
        Claim::commercial("ACME", "A-5"),
        Claim::commercial("ACME", "A-6").change(|fact| {
            fact.liable_parties[0].name = "Unicorn \u{1f984} Ltd".into();
        }),
    ];
    for claim in &claims {
        world.place(claim).await?;
    }
    world.adjust(&claims[4], "-1000.00").await?;
    for (claim, template, channel) in [
        (&claims[0], "validation_notice", Channel::Mail),
        (&claims[1], "validation_notice", Channel::Mail),
        (&claims[2], "commercial_demand", Channel::Email),
        (&claims[3], "final_demand", Channel::Mail),
        (&claims[4], "commercial_demand", Channel::Mail),
        (&claims[5], "commercial_demand", Channel::Mail),
    ] {
        world.treat(claim, template, channel).await?;
    }
    world.advance(15).await?;
    assert!(world.prepared().await?.is_empty());
    let mut refused = world.refused().await?;
    refused
        .sort_by_key(|refused| claims.iter().position(|c| c.id.to_string() == refused.account_id));
    let missing: Vec<Vec<String>> = refused.into_iter().map(|refused| refused.missing).collect();
    assert_eq!(
        missing,
        [
            ["liable_party.address"],
            ["current_creditor"],
            ["liable_party.email"],
            ["template"],
            ["amount"],
            ["printable_text"],
        ]
    );
    world.advance(60 * 24 * 7).await?;
    assert_eq!(world.refused().await?.len(), 6);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_without_an_address_writes_no_letters() -> anyhow::Result<()> {
    let world = World::open_with(|config| config.agency_address.clear()).await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.place(&claim).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.advance(15).await?;
    assert_eq!(world.refused().await?[0].missing, ["agency_address"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_here_yet_is_waited_for() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.advance(15).await?;
    world.placement(&claim).await?;
    world.advance(15).await?;
    world.items_part(&claim, 2).await?;
    world.advance(15).await?;
    world.client(&claim).await?;
    world.advance(15).await?;
    assert!(world.told().await?.is_empty());
    world.items_part(&claim, 1).await?;
    world.advance(15).await?;
    assert_eq!(world.prepared().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_never_come_refuse_the_letter_when_its_time_ends() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.client(&claim).await?;
    world.placement(&claim).await?;
    world.items_part(&claim, 1).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.advance(60 * 24 * 5 - 15).await?;
    assert!(world.told().await?.is_empty());
    world.advance(15).await?;
    assert_eq!(world.refused().await?[0].missing, ["claim_items"]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_prepared_on_an_account_that_ended() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    world.place(&claim).await?;
    world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    world.recall(&claim).await?;
    world.advance(15).await?;
    let refused = world.refused().await?;
    assert_eq!((refused.len(), refused[0].missing.len()), (1, 0));
    assert_eq!(refused[0].reason, "the account has ended");
    world.close().await
}
