//! Delivery as bad as it may be: every frame of a set again, shuffled, in odd groups, several times.

use std::collections::BTreeSet;

use anyhow::Context as _;
use duly_platform::{Host, Listener, apply_frames};
use duly_proto::common::v1::Frame;
use prost::Message as _;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::set::Set;

/// Frames of one kind handed over together, at most.
const GROUP_MAX: usize = 4;

/// How frames are delivered.
#[derive(Debug, Clone, Copy)]
pub struct Delivery {
    /// Decides order and groups.
    pub seed: u64,
    /// How often each frame comes.
    pub times: usize,
}

/// Every numbered frame of one service, in no promised order.
///
/// # Errors
/// The database's, or a frame that does not decode.
pub async fn numbered_frames(set: &Set, source: &str) -> anyhow::Result<Vec<Frame>> {
    let mut conn = set.connect().await?;
    let sql = format!(
        r#"SELECT kind, epoch, no, schema, told_at, traceparent, body
           FROM "{}".outbox WHERE no IS NOT NULL ORDER BY kind, epoch, no"#,
        set.schema(source)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .fetch_all(&mut conn)
        .await
        .with_context(|| format!("reading the frames of {source}"))?;
    conn.close().await?;
    rows.iter()
        .map(|row| {
            let body: Vec<u8> = row.try_get("body")?;
            Ok(Frame {
                kind: row.try_get("kind")?,
                epoch: row.try_get("epoch")?,
                no: row.try_get("no")?,
                schema: row.try_get("schema")?,
                told_at: Some(duly_proto::convert::timestamp(row.try_get("told_at")?)),
                traceparent: row.try_get("traceparent")?,
                events: Frame::decode(body.as_slice())?.events,
            })
        })
        .collect()
}

/// Hands every numbered frame that this service hears to it.
pub(crate) async fn deliver(
    set: &Set,
    host: &Host,
    listeners: &[Listener],
    delivery: Delivery,
) -> anyhow::Result<()> {
    let sources: BTreeSet<&str> = listeners.iter().map(|l| l.source).collect();
    let schemas = set.schemas().await?;
    let mut frames = Vec::new();
    // A source that is not in this set has told nothing.
    for source in sources.into_iter().filter(|source| schemas.contains(&set.schema(source))) {
        let told = numbered_frames(set, source).await?;
        let heard = told.into_iter().filter(|f| listeners.iter().any(|l| l.kind == f.kind));
        frames.extend(heard);
    }
    let mut random = StdRng::seed_from_u64(delivery.seed);
    let mut order: Vec<usize> =
        (0..frames.len()).cycle().take(frames.len() * delivery.times).collect();
    order.shuffle(&mut random);
    let mut next = order.into_iter().peekable();
    while let Some(first) = next.next() {
        let kind = &frames[first].kind;
        let mut group = vec![frames[first].clone()];
        let size = random.random_range(1..=GROUP_MAX);
        while group.len() < size
            && let Some(more) = next.next_if(|at| frames[*at].kind == *kind)
        {
            group.push(frames[more].clone());
        }
        let listener = listeners.iter().find(|l| l.kind == *kind).context("a heard kind")?;
        apply_frames(host, listener, &group)
            .await
            .with_context(|| format!("delivering {kind} with seed {}", delivery.seed))?;
    }
    Ok(())
}
