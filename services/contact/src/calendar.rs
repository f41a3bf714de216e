//! The coming days of a party: when each channel is permitted, when not and why, and what falls due.

use chrono::{NaiveDateTime, Timelike as _};
use duly_compliance::Obligation;
use duly_domain::{AccountId, Channel, Date, PartyId};
use duly_platform::Tx;
use duly_proto::{
    contact::v1 as wire,
    convert::{self, date_to_wire, timestamp},
};

use crate::{
    error::{ContactError, Result},
    guard::{self, Piece},
    look_up, wire as to_wire,
};

/// Days that are shown where the request does not say.
const DAYS: u16 = 14;
/// Days that are shown at most.
const DAYS_MAX: u16 = 31;
/// What is shown where the request names no channel.
const CHANNELS: [Channel; 4] = [Channel::Call, Channel::Text, Channel::Email, Channel::Mail];

/// Days to show.
pub(crate) struct Calendar {
    account: AccountId,
    party: PartyId,
    days: u16,
    channels: Vec<Channel>,
}

impl TryFrom<wire::CalendarRequest> for Calendar {
    type Error = ContactError;

    fn try_from(request: wire::CalendarRequest) -> Result<Self> {
        let days = match u16::try_from(request.days) {
            Ok(0) => DAYS,
            Ok(days) if days <= DAYS_MAX => days,
            Ok(_) | Err(_) => {
                let reason = format!("is none of 0 (for {DAYS}) and 1 to {DAYS_MAX}");
                return Err(ContactError::field("days", reason));
            }
        };
        let named = request.channels().map(Channel::try_from);
        let mut channels = named.collect::<std::result::Result<Vec<_>, _>>()?;
        if channels.is_empty() {
            channels = CHANNELS.to_vec();
        }
        if (1..channels.len()).any(|at| channels[..at].contains(&channels[at])) {
            return Err(ContactError::field("channels", "name one channel twice"));
        }
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            days,
            channels,
        })
    }
}

/// Shows them.
pub(crate) async fn calendar(tx: &mut Tx, query: &Calendar) -> Result<wire::CalendarResponse> {
    let standing = look_up::account(tx, query.account).await?;
    look_up::liable(&standing, query.party)?;
    let party = query.party.uuid();
    let now = tx.now();
    let unknown = || ContactError::unknown("party", query.party);
    let people = guard::load(tx, &[party]).await?;
    let person = people.person(party).ok_or_else(unknown)?;
    let ahead = person.ahead(party, standing.account, &query.channels, query.days, now);
    let zones = person.zones().iter().map(|zone| zone.name().to_owned()).collect();
    // What was met by facts that no rule reads any more is met.
    let past = guard::load_past(tx, &[party]).await?;
    let (_, person) = past.person_of(party).ok_or_else(unknown)?;
    let duties = person.duties_ahead(query.days, now);
    let concerns =
        |owed: &&Obligation| owed.whom.account.is_none_or(|account| account == query.account);
    let shown = |all: &[Obligation]| -> Vec<wire::Obligation> {
        all.iter().filter(concerns).map(to_wire::computed).collect()
    };
    let days = ahead.days.into_iter().map(|day| {
        // The same days: they are told by the same numbers and addresses.
        let of_day = duties.days.iter().find(|other| other.on == day.on);
        let channels = day.channels.iter().zip(&query.channels).map(|(pieces, channel)| {
            let channel = duly_proto::common::v1::Channel::from(*channel).into();
            let stretches = pieces.iter().map(|piece| stretch(piece, day.on)).collect();
            wire::ChannelDay { channel, stretches }
        });
        wire::CalendarDay {
            on: Some(date_to_wire(day.on)),
            from: Some(timestamp(day.span.from)),
            until: Some(timestamp(day.span.until)),
            channels: channels.collect(),
            due: of_day.map(|day| shown(&day.due)).unwrap_or_default(),
            ends: of_day.map(|day| shown(&day.ends)).unwrap_or_default(),
        }
    });
    Ok(wire::CalendarResponse {
        zone: ahead.zone.name().to_owned(),
        zones,
        days: days.collect(),
        owed: shown(&duties.owed),
    })
}

fn stretch(piece: &Piece, on: Date) -> wire::Stretch {
    wire::Stretch {
        from: Some(timestamp(piece.span.from)),
        until: Some(timestamp(piece.span.until)),
        local_from: clock(piece.from, on),
        local_until: clock(piece.until, on),
        permitted: piece.against.is_empty(),
        reasons: piece.against.iter().map(|blocked| to_wire::reason(&blocked.reason())).collect(),
    }
}

/// A local time of a day; the day's end is 24:00.
fn clock(at: NaiveDateTime, on: Date) -> String {
    if at.date() > on && at.num_seconds_from_midnight() == 0 {
        return "24:00".to_owned();
    }
    // Hours are told to the second only where they are not whole minutes.
    let form = if at.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    at.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_day_is_told_as_its_last_hour() {
        let on: Date = "2026-01-05".parse().unwrap();
        let at = |text: &str| clock(text.parse().unwrap(), on);
        assert_eq!(at("2026-01-05T00:00:00"), "00:00");
        assert_eq!(at("2026-01-05T08:00:01"), "08:00:01");
        assert_eq!(at("2026-01-06T00:00:00"), "24:00");
    }
}
