//! The call list: what may be called now, in the order of the clients' references, with the local time of
//! the person and what must be said.

use std::str::FromStr as _;

use chrono::{DateTime, NaiveDateTime, Utc};
use duly_domain::Zone;
use duly_platform::{Page, PageError, Tx};
use duly_proto::contact::v1 as wire;
use uuid::Uuid;

use crate::{
    error::Result,
    guard,
    store::attempt::{self, Callable},
    wire as to_wire,
};

/// Where a row stands in the list.
type Place = (String, String, i32, String, i32, Uuid);

fn place(row: &Callable) -> Place {
    (
        row.client_ref.clone(),
        row.client_account_ref.clone(),
        row.position,
        row.attempt.step.clone(),
        row.attempt.try_no,
        row.attempt.id,
    )
}

/// A page of the list.
pub(crate) async fn list_call_list(tx: &mut Tx, page: &Page) -> Result<wire::ListCallListResponse> {
    let after: Option<Place> = match page.after.as_slice() {
        [] => None,
        key => Some(serde_json::from_slice(key).map_err(|_| PageError::Token)?),
    };
    let now = tx.now();
    // An authorisation lives for two ticks: the whole list is short enough to be put in order here.
    let mut rows = attempt::callable(tx.conn(), now).await?;
    rows.sort_by_cached_key(place);
    rows.retain(|row| after.as_ref().is_none_or(|after| place(row) > *after));
    rows.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
    let info = page.cut(&mut rows, |row| {
        serde_json::to_vec(&place(row)).expect("texts and numbers are written as JSON")
    });
    let parties: Vec<Uuid> = rows.iter().map(|row| row.attempt.party).collect();
    let people = guard::load(tx, &parties).await?;
    let entries = rows.into_iter().map(|row| {
        let person = people.person(row.attempt.party);
        let zones = person.map(guard::Person::zones).unwrap_or_default();
        let (earliest, latest) = local_times(&zones, now);
        wire::CallListEntry {
            attempt: Some(to_wire::attempt(&row.attempt)),
            name: row.name,
            phone: row.attempt.target.unwrap_or_default(),
            local_time_earliest: earliest,
            local_time_latest: latest,
            requires: row.requires,
        }
    });
    Ok(wire::ListCallListResponse { entries: entries.collect(), page: Some(info) })
}

/// The local times in the zones where it is earliest and latest; empty where no zone is known.
fn local_times(zones: &[Zone], now: DateTime<Utc>) -> (String, String) {
    let local = |zone: &Zone| -> Option<NaiveDateTime> {
        let tz = chrono_tz::Tz::from_str(zone.name()).ok()?;
        Some(now.with_timezone(&tz).naive_local())
    };
    let mut times: Vec<NaiveDateTime> = zones.iter().filter_map(local).collect();
    times.sort_unstable();
    let words = |time: Option<&NaiveDateTime>| {
        time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default()
    };
    (words(times.first()), words(times.last()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_time_is_told_for_both_ends_of_where_a_person_may_be() {
        let zones = ["America/New_York", "America/Los_Angeles", "America/Chicago"];
        let zones: Vec<Zone> = zones.iter().map(|name| name.parse().unwrap()).collect();
        let now = "2026-01-05T19:30:00Z".parse().unwrap();
        assert_eq!(local_times(&zones, now), ("11:30".to_owned(), "14:30".to_owned()));
        assert_eq!(local_times(&[], now), (String::new(), String::new()));
    }
}
