//! Resends, seen from both sides.

use duly_platform::heads;
use duly_proto::common::v1::{Head, Heads, ResendRequest, ResendResponse};
use duly_testkit::Set;
use futures::StreamExt as _;
use prost::Message as _;

use crate::fixture::{Told, services, tally, tell, teller, told};

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_fits_in_memory_and_the_rest_is_asked_for() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let word: &'static str = "x".repeat(250_000).leak();
    for number in 0..40 {
        tell(run.host("intake")?, &[Told { number, amount: 1, word }]).await?;
    }
    run.settle().await?;
    set.drop_streams().await?;

    let client = async_nats::connect(set.config().nats_url.clone().unwrap_or_default()).await?;
    let reply = client.new_inbox();
    let mut pages = client.subscribe(reply.clone()).await?;
    let kind = "intake.account_adjusted".to_owned();
    let ask = ResendRequest { kind, epoch: 1, from: 1, to: 40 };
    let subject = format!("{}duly.resend.intake", set.config().schema_prefix);
    client.publish_with_reply(subject, reply, ask.encode_to_vec().into()).await?;
    let (mut bytes, mut numbers) = (0, Vec::new());
    while let Some(message) = pages.next().await {
        bytes += message.payload.len();
        let page = ResendResponse::decode(message.payload)?;
        numbers.extend(page.frames.iter().map(|frame| frame.no));
        if page.last {
            break;
        }
    }
    assert!(bytes < 6_000_000, "{bytes} bytes came at once");
    assert!(numbers.len() > 10, "{numbers:?}");
    assert!(numbers.iter().copied().zip(1..).all(|(no, place)| no == place), "{numbers:?}");

    let listener = set.start(vec![tally()]).await?;
    listener.settle().await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let events: i64 =
        sqlx::query_scalar("SELECT sum(events)::bigint FROM tally").fetch_one(&mut conn).await?;
    assert_eq!(events, 40);
    listener.stop().await;
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_floor_above_the_head_of_a_restored_teller_is_listed() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let (run, listener) = (set.start(vec![teller()]).await?, set.start(vec![tally()]).await?);
    tell(run.host("intake")?, &told([1])).await?;
    tell(run.host("intake")?, &told([2])).await?;
    run.settle().await?;
    listener.settle().await?;
    run.stop().await;
    // What a teller says that was restored to where it had told one frame.
    let client = async_nats::connect(set.config().nats_url.clone().unwrap_or_default()).await?;
    let kind = "intake.account_adjusted".to_owned();
    let heads = Heads { service: "intake".into(), heads: vec![Head { kind, epoch: 1, no: 1 }] };
    let subject = format!("{}duly.heads.intake", set.config().schema_prefix);
    client.publish(subject, heads.encode_to_vec().into()).await?;
    let pool = listener.host("tally")?.pool();
    let listed = async {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(20));
        while !heads::lag(pool).await?.iter().any(|lag| (lag.floor, lag.head) == (2, 1)) {
            looks.tick().await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), listed).await??;
    listener.stop().await;
    set.drop().await
}
