//! Opens a batch, or goes on with one: the same key names the same batch for ever.

use duly_domain::{BatchId, ClientId, ClientPolicy, Date, Money};
use duly_platform::{Principal, Refusal, Tx};
use duly_proto::{convert, intake::v1 as wire};

use crate::{
    claim::Terms,
    error::{ClientError, PlaceError},
    input,
    store::{
        batch::{self, Batch, Counts},
        client,
    },
};

/// A batch as its client declares it.
pub struct OpenBatch {
    who: Principal,
    client_ref: String,
    key: String,
    declared_count: Option<i64>,
    declared_sum: Option<Money>,
    listing_date: Option<Date>,
}

impl OpenBatch {
    /// What the first message of a stream asks for.
    pub fn parse(who: Principal, open: &wire::PlaceOpen) -> Result<Self, Refusal> {
        let declared_count = open.declared_count;
        if declared_count.is_some_and(i64::is_negative) {
            return Err(input::wrong("open.declared_count", "is negative"));
        }
        Ok(Self {
            who,
            client_ref: input::reference("open.client_ref", &open.client_ref)?,
            key: input::reference("open.batch_key", &open.batch_key)?,
            declared_count,
            declared_sum: convert::money_opt("open.declared_sum", open.declared_sum.as_ref())
                .map_err(input::misfit)?,
            listing_date: convert::date_opt("open.listing_date", open.listing_date.as_ref())
                .map_err(input::misfit)?,
        })
    }
}

/// An open batch, as the rest of its stream needs it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub batch: BatchId,
    pub client: ClientId,
    pub client_ref: String,
    pub next_chunk_no: i32,
    pub closed: bool,
    /// What holds for each record.
    pub terms: Terms,
}

/// Opens it. A repeated opening must not contradict the first; what it leaves out stays as it was.
pub async fn open_batch(tx: &mut Tx, open: &OpenBatch) -> Result<Opened, Refusal> {
    tx.as_reader_of(&open.who).await?;
    let client = client::by_ref(tx.conn(), &open.client_ref).await?.ok_or(ClientError::Unknown)?;
    tx.as_app().await?;
    let known = match batch::by_key(tx.conn(), client.id, &open.key).await? {
        Some(known) => known,
        None => begin(tx, open, client.id).await?,
    };
    agrees(open, &known)?;
    Ok(Opened {
        batch: known.id,
        client: client.id,
        client_ref: client.client_ref,
        next_chunk_no: known.next_chunk_no,
        closed: known.closed_at.is_some(),
        terms: Terms {
            currency: known.currency,
            policy_in_force: known.policy_version.is_some(),
            today: tx.today(),
        },
    })
}

/// Writes a new batch. Where a twin was first, that one is answered.
async fn begin(tx: &mut Tx, open: &OpenBatch, client: ClientId) -> Result<Batch, Refusal> {
    let today = tx.today();
    let listing_date = open.listing_date.unwrap_or(today);
    if listing_date > today {
        return Err(input::wrong("open.listing_date", "is in the future"));
    }
    let policies: Vec<ClientPolicy> =
        client::policies(tx.conn(), &[client]).await?.into_iter().map(|(_, p)| p).collect();
    let policy = ClientPolicy::in_force(&policies, listing_date)
        .ok_or_else(|| Refusal::internal(sqlx::Error::RowNotFound))?;
    // Before its first policy a client has none: every record will say so.
    let in_force = policy.effective_on <= listing_date;
    if let Some(sum) = open.declared_sum
        && sum.currency() != policy.currency
    {
        return Err(input::wrong(
            "open.declared_sum.currency",
            format!("is not the client's currency {}", policy.currency),
        ));
    }
    let batch = Batch {
        id: tx.id(),
        client,
        key: open.key.clone(),
        listing_date,
        currency: policy.currency,
        policy_version: in_force.then(|| i64::from(policy.version)),
        declared_count: open.declared_count,
        declared_sum: open.declared_sum,
        next_chunk_no: 1,
        counts: Counts::default(),
        closed_at: None,
        totals_agree: None,
    };
    let now = tx.now();
    if batch::insert(tx.conn(), &batch, now).await? {
        tx.audit("Place.open", &batch.id.to_string()).await?;
        return Ok(batch);
    }
    let first = batch::by_key(tx.conn(), client, &open.key).await?;
    first.ok_or_else(|| Refusal::internal(sqlx::Error::RowNotFound))
}

fn agrees(open: &OpenBatch, known: &Batch) -> Result<(), PlaceError> {
    fn differs<T: PartialEq + Copy>(named: Option<T>, known: Option<T>) -> bool {
        named.is_some() && named != known
    }
    if differs(open.declared_count, known.declared_count) {
        return Err(PlaceError::BatchDiffers("declared_count"));
    }
    if differs(open.declared_sum, known.declared_sum) {
        return Err(PlaceError::BatchDiffers("declared_sum"));
    }
    if differs(open.listing_date, Some(known.listing_date)) {
        return Err(PlaceError::BatchDiffers("listing_date"));
    }
    Ok(())
}
