//! The coming days of one person as the guard sees them: for each channel when an attempt is permitted by
//! any of its numbers or addresses, and what stands against it where by none.

use chrono::{DateTime, NaiveDateTime, Utc};
use duly_compliance::{self as compliance, Blocked, Proposed, Span, Stretch};
use duly_domain::{AccountId, Channel, Date, PartyId, Zone};
use uuid::Uuid;

use super::{Person, kind_for};

/// Some days.
pub(crate) struct Ahead {
    /// The zone by which days and times are told.
    pub zone: Zone,
    pub days: Vec<Day>,
}

/// One local day.
pub(crate) struct Day {
    pub on: Date,
    pub span: Span,
    /// For each channel asked about, its pieces: they follow one another and fill the day.
    pub channels: Vec<Vec<Piece>>,
}

/// A piece of a day in which the same stands against an attempt.
pub(crate) struct Piece {
    pub span: Span,
    /// The person's local time at its start and end.
    pub from: NaiveDateTime,
    pub until: NaiveDateTime,
    /// Empty: it is permitted.
    pub against: Vec<Blocked>,
}

impl Person {
    /// The days that begin now.
    pub(crate) fn ahead(
        &self,
        party: Uuid,
        account: Uuid,
        channels: &[Channel],
        days: u16,
        now: DateTime<Utc>,
    ) -> Ahead {
        let per_channel: Vec<Vec<Proposed>> =
            channels.iter().map(|channel| self.proposals(party, account, *channel)).collect();
        let all: Vec<Proposed> = per_channel.iter().flatten().cloned().collect();
        let calendar = compliance::calendar(&self.facts, &all, days, now);
        let days = calendar.days.into_iter().map(|day| {
            let mut attempts = day.attempts.into_iter();
            let mut channels = Vec::with_capacity(per_channel.len());
            for proposals in &per_channel {
                let of_channel: Vec<Vec<Stretch>> =
                    attempts.by_ref().take(proposals.len()).collect();
                channels.push(either(&of_channel));
            }
            Day { on: day.on, span: day.span, channels }
        });
        Ahead { zone: calendar.zone, days: days.collect() }
    }

    /// What is owed about the person at this instant, as a calendar shows it: from before or without a
    /// day, and per day what falls due and which timers end.
    pub(crate) fn duties_ahead(&self, days: u16, now: DateTime<Utc>) -> compliance::Calendar {
        compliance::calendar(&self.facts, &[], days, now)
    }

    /// An attempt by each number or address that may be used; by none where there is none.
    fn proposals(&self, party: Uuid, account: Uuid, channel: Channel) -> Vec<Proposed> {
        let kind = kind_for(channel);
        let by = |point| {
            let (party, account) = (PartyId::from_uuid(party), AccountId::from_uuid(account));
            Proposed::collect(party, account, channel, point)
        };
        let known = self.points.iter().filter(|point| {
            point.party == party && point.kind == kind && point.bad_reason.is_none()
        });
        let all: Vec<Proposed> =
            known.map(|point| by(self.name(channel, point.value.clone()))).collect();
        if all.is_empty() { vec![by(None)] } else { all }
    }
}

/// The stretches of several attempts of which one is enough: permitted where any is, else what stands
/// against the first.
fn either(attempts: &[Vec<Stretch>]) -> Vec<Piece> {
    let Some((first, others)) = attempts.split_first() else { return Vec::new() };
    let mut pieces: Vec<Piece> = Vec::new();
    for stretch in first {
        if stretch.is_permitted() {
            add(&mut pieces, piece(stretch, stretch.span, true));
            continue;
        }
        // Where another attempt is permitted within it.
        let mut at = stretch.span.from;
        while at < stretch.span.until {
            let here = others
                .iter()
                .filter_map(|other| other.iter().find(|stretch| stretch.span.contains(at)));
            let open: Vec<_> = here.clone().filter(|stretch| stretch.is_permitted()).collect();
            let until = match open.iter().map(|stretch| stretch.span.until).max() {
                Some(until) => until,
                None => here.map(|stretch| stretch.span.until).min().unwrap_or(stretch.span.until),
            };
            let span = Span::new(at, until.min(stretch.span.until));
            add(&mut pieces, piece(stretch, span, !open.is_empty()));
            at = span.until;
        }
    }
    pieces
}

/// A part of a stretch. Its local times are the stretch's, moved with it: a stretch in which the clocks
/// change is cut by nothing else.
fn piece(stretch: &Stretch, span: Span, permitted: bool) -> Piece {
    let against = if permitted { Vec::new() } else { stretch.against.clone() };
    let from = stretch.from + (span.from - stretch.span.from);
    let until = stretch.until - (stretch.span.until - span.until);
    Piece { span, from, until, against }
}

fn add(pieces: &mut Vec<Piece>, next: Piece) {
    let rules = |piece: &Piece| -> Vec<&'static str> {
        piece.against.iter().map(|blocked| blocked.ground.rule).collect()
    };
    match pieces.last_mut() {
        Some(last) if rules(last) == rules(&next) => {
            last.span.until = next.span.until;
            last.until = next.until;
        }
        _ => pieces.push(next),
    }
}
