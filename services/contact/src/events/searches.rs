//! What skiptrace found: facts that block, and contact points.

use std::{collections::BTreeSet, str::FromStr as _};

use duly_domain::{Address, Email, HitKind, Phone, StopKind};
use duly_platform::Tx;
use duly_proto::{
    convert::{AddressField as _, Misfit},
    skiptrace::v1::{Event, Hit, event::Fact, found_point::Point},
};
use uuid::Uuid;

use super::{account, client_of, parse, party, wrong_kind};
use crate::{
    affected,
    link::{self, Heard},
    place_stop, record_inbound, release,
    store::{
        attempt,
        point::{self, Kind, NewPoint, one_line},
        stop::{self, Stop},
    },
};

/// The rank of a point of which the provider is certain; the less certain, the higher.
const RANK: i32 = 100;

/// What a provider knows that blocks stands as a stop of the party.
pub(super) async fn scrub_completed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts = parse(events, |event| {
        let Some(Fact::ScrubCompleted(fact)) = &event.fact else { return Err(wrong_kind()) };
        let hits = fact.hits.iter().map(hit).collect::<Result<Vec<_>, Misfit>>()?;
        let (account, party) = (account(&fact.account_id)?, party(&fact.party_id)?);
        Ok((client_of(event)?, account, party, fact.provider.clone(), hits))
    })?;
    let hit: Vec<_> = facts.into_iter().filter(|(.., hits)| !hits.is_empty()).collect();
    if hit.is_empty() {
        return Ok(());
    }
    let accounts: Vec<Uuid> = hit.iter().map(|(_, account, ..)| *account).collect();
    let parties: Vec<Uuid> = hit.iter().map(|(_, _, party, ..)| *party).collect();
    affected::lock_accounts(tx, &accounts).await?;
    affected::lock_parties(tx, &parties).await?;
    // A later scrub finds the same again.
    let standing = stop::standing(tx.conn(), &parties).await?;
    let mut known: BTreeSet<(Uuid, StopKind)> =
        standing.iter().map(|stop| (stop.party, stop.kind)).collect();
    let mut stops = Vec::new();
    for (client, account, party, provider, hits) in hit {
        for (kind, detail) in hits {
            if known.insert((party, kind)) {
                stops.push(Stop {
                    id: tx.uuid(),
                    client,
                    party,
                    account: None,
                    stated_at: account,
                    kind,
                    channel: None,
                    address: None,
                    received_at: tx.now(),
                    placed_at: tx.now(),
                    placed_by: tx.actor().to_owned(),
                    source: format!("scrub:{provider}"),
                    evidence: detail,
                    lifted_at: None,
                    lift_reason: None,
                });
            }
        }
    }
    Ok(place_stop::place(tx, &stops).await?)
}

fn hit(hit: &Hit) -> Result<(StopKind, String), Misfit> {
    let kind = match HitKind::try_from(hit.kind())? {
        HitKind::Bankruptcy => StopKind::Bankruptcy,
        HitKind::Deceased => StopKind::Deceased,
        HitKind::Military => StopKind::Military,
    };
    Ok((kind, hit.detail.clone()))
}

/// Points that a provider found, and what follows for who is one person.
pub(super) async fn trace_completed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts = parse(events, |event| {
        let Some(Fact::TraceCompleted(fact)) = &event.fact else { return Err(wrong_kind()) };
        let (account, party) = (account(&fact.account_id)?, party(&fact.party_id)?);
        Ok((fact, client_of(event)?, account, party))
    })?;
    let (mut heard, mut points) = (Vec::new(), Vec::new());
    for (fact, client, account, party) in facts {
        let mut one = Heard::new(party, client);
        for found in &fact.points {
            // What a provider gives that is none is left out: the rest of its answer is not.
            let Some((kind, value, address)) = found.point.as_ref().and_then(read) else {
                continue;
            };
            match kind {
                Kind::Phone => one.phones.push(value.clone()),
                Kind::Email => one.emails.push(value.clone()),
                Kind::Address => {}
            }
            points.push(NewPoint {
                id: tx.uuid(),
                party,
                client,
                account,
                kind,
                value,
                address,
                provenance: format!("trace:{}", fact.provider),
                rank: RANK + (100 - found.confidence.clamp(0, 100)),
            });
        }
        heard.push(one);
    }
    if points.is_empty() {
        return Ok(());
    }
    link::join(tx, &heard).await?;
    let (now, at) = (tx.now(), tx.next_tick());
    point::keep(tx.conn(), &points, now).await?;
    record_inbound::catch_up(tx, &points).await?;
    // Another number may be another zone.
    let parties: Vec<Uuid> = points.iter().map(|point| point.party).collect();
    let planned = attempt::review_parties(tx.conn(), &parties).await?;
    tx.mark_due(release::QUEUE, &planned, at).await?;
    Ok(())
}

fn read(point: &Point) -> Option<(Kind, String, Option<duly_domain::AddressParts>)> {
    match point {
        Point::Phone(text) => {
            let phone = Phone::from_str(text).ok()?;
            Some((Kind::Phone, phone.as_str().to_owned(), None))
        }
        Point::Email(text) => {
            let email = Email::from_str(text).ok()?;
            Some((Kind::Email, email.as_str().to_lowercase(), None))
        }
        Point::Address(address) => {
            let parts = address.parts();
            Address::try_from(parts.clone()).ok()?;
            Some((Kind::Address, one_line(&parts), Some(parts)))
        }
    }
}
