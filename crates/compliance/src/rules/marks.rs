//! What there is among the facts at all, found once, so that a rule about something else costs nothing.

use duly_domain::{StopKind, UsState};

use super::Regime;
use crate::facts::{Account, City, ConsentFor, EventKind, Facts, PointState, Region};
use crate::medium::Medium;

/// Sets of kinds, one bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    regimes: u8,
    stops: u16,
    media: u16,
    events: [u64; 4],
    consents: u16,
    states: u64,
    cities: u8,
    /// Calls that count.
    pub(super) calls: usize,
    /// Messages that count.
    pub(super) messages: usize,
    /// Attempts that were conversations.
    pub(super) conversations: usize,
    /// Whether a number or address is somebody else's.
    pub(super) wrong_points: bool,
    /// Whether some account shares the counter of another.
    pub(super) shared_counters: bool,
}

const _: () = assert!(EventKind::ALL.len() <= 256, "one bit for each kind of event");

impl Marks {
    pub(super) fn of(facts: &Facts, rows: &[(Regime, &Account)], regions: &[Region]) -> Self {
        let cities = regions.iter().filter_map(|region| region.city);
        let mut marks = Self {
            states: regions.iter().fold(0, |set, region| set | 1 << region.state.index()),
            cities: cities.fold(0, |set, city| set | 1 << city as u8),
            regimes: rows.iter().fold(0, |set, (regime, _)| set | 1 << *regime as u8),
            stops: facts.stops.iter().fold(0, |set, stop| set | 1 << stop.kind as u16),
            wrong_points: facts.points.iter().any(|point| point.state == PointState::Wrong),
            shared_counters: facts.accounts.iter().any(|row| row.counts_with.is_some()),
            ..Self::default()
        };
        for consent in &facts.consents {
            marks.consents |= bit(consent.what);
        }
        for event in &facts.events {
            marks.events[event.kind as usize / 64] |= 1 << (event.kind as usize % 64);
        }
        for attempt in &facts.attempts {
            marks.media |= 1 << attempt.medium as u16;
            marks.calls += usize::from(attempt.counted && attempt.medium == Medium::Call);
            marks.messages += usize::from(attempt.counted && attempt.medium.is_electronic());
            marks.conversations += usize::from(attempt.conversation);
        }
        marks
    }

    pub(super) const fn regime(self, regime: Regime) -> bool {
        self.regimes & 1 << regime as u8 != 0
    }

    pub(super) const fn state(self, state: UsState) -> bool {
        self.states & 1 << state.index() != 0
    }

    pub(super) const fn city(self, city: City) -> bool {
        self.cities & 1 << city as u8 != 0
    }

    pub(super) const fn consent(self, what: ConsentFor) -> bool {
        self.consents & bit(what) != 0
    }

    pub(super) const fn stop(self, kind: StopKind) -> bool {
        self.stops & 1 << kind as u16 != 0
    }

    pub(super) const fn event(self, kind: EventKind) -> bool {
        self.events[kind as usize / 64] & 1 << (kind as usize % 64) != 0
    }

    pub(super) const fn tried(self, medium: Medium) -> bool {
        self.media & 1 << medium as u16 != 0
    }
}

/// One bit for each thing that a consent is for, whatever its times.
const fn bit(what: ConsentFor) -> u16 {
    match what {
        ConsentFor::Contact => 1,
        ConsentFor::AtTimes(_) => 1 << 1,
        ConsentFor::AtPlace => 1 << 2,
        ConsentFor::ThoughRepresented => 1 << 3,
        ConsentFor::MoreCalls => 1 << 4,
        ConsentFor::Email => 1 << 5,
        ConsentFor::Text => 1 << 6,
        ConsentFor::Automated => 1 << 7,
        ConsentFor::ThirdParty => 1 << 8,
        ConsentFor::Esign => 1 << 9,
    }
}
