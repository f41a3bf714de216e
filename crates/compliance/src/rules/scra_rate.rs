//! Policy: from the notice and orders of a servicemember, or from a positive military search, the debts that a
//! natural person may have from before service are not demanded until the client recomputed them at six per
//! cent. 50 USC 3937 caps the rate and forgives what is above it; what the attempt demands is not known
//! here, so the citation is background. While the service itself holds contact ([`super::military`]) nothing
//! is added.

use duly_domain::{DebtorKind, Effect, Instant, StopKind};

use super::{Case, Findings, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::EventKind;
use crate::span::{Span, Spans};

static GROUND: Ground = Ground::policy("scra_rate", "policy scra.rate");

/// Every debt of a natural person.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    let known = [EventKind::OrdersReceived, EventKind::MilitaryServiceFound];
    if !known.iter().any(|kind| case.has_event(*kind))
        || proposed.purpose.is_owed()
        || !proposed.recipient.is_consumer()
    {
        return;
    }
    let stops = case.facts.stops.iter().filter(|stop| stop.kind == StopKind::Military);
    let held: Spans = stops.map(|stop| standing(stop.from, stop.until)).collect();
    for (_, row) in case.rows.iter().filter(|(_, row)| row.kind == DebtorKind::Person) {
        let learned = known.iter().flat_map(|kind| case.events(*kind, row.id));
        // Where either day is not known the debt may be from before.
        let before = learned.filter(|told| match (row.claim.incurred_on, told.on) {
            (Some(incurred), Some(service)) => incurred < service,
            (None, _) | (_, None) => true,
        });
        for told in before {
            let mut recomputed = case.events(EventKind::BalanceRecomputed, row.id);
            let until = recomputed.find(|done| done.at >= told.at).map(|done| done.at);
            let span = Span::new(told.at, until.unwrap_or(Instant::MAX_UTC));
            let fact =
                "the debt was not yet recomputed at the rate that is allowed in military service";
            let evidence = Evidence::Known { fact, since: Some(case.agency_date(told.at)) };
            for span in span.outside(&held) {
                let held = Blocked { span, effect: Effect::Hold, ground: &GROUND, evidence };
                out.block_outside(held, case.answering().as_slice());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::{Effect, Force, StopKind};

    use crate::duties::due;
    use crate::facts::{Event, EventKind};
    use crate::testing::{Scene, id, ny};

    const HOLD: Option<(Effect, Force, &str)> =
        Some((Effect::Hold, Force::Policy, "policy scra.rate"));

    fn found(scene: Scene) -> Scene {
        let on = Some("2026-03-01".parse().unwrap());
        let event = Event::new(EventKind::MilitaryServiceFound, ny("2026-07-01T10:00"));
        scene.event(Event { on, ..event })
    }

    #[test]
    fn a_debt_of_a_person_in_service_is_not_demanded_until_it_is_recomputed() {
        for scene in [Scene::consumer(), Scene::guarantor()] {
            let scene = found(scene);
            assert_eq!(scene.says("scra_rate", ny("2026-07-01T09:59")), None);
            assert_eq!(scene.says("scra_rate", ny("2026-07-20T12:00")), HOLD);
            let owed = due(&scene.facts, ny("2026-07-02T10:00"));
            assert!(owed.iter().any(|owed| owed.blocks() == Some("scra_rate")));
            let done = Event::new(EventKind::BalanceRecomputed, ny("2026-07-21T10:00"));
            let scene = scene.event(done.about(id(1)));
            assert_eq!(scene.says("scra_rate", ny("2026-07-21T12:00")), None);
        }
    }

    #[test]
    fn a_debt_from_within_the_service_and_that_of_a_business_are_not_capped() {
        let mut scene = found(Scene::consumer());
        scene.facts.accounts[0].claim.incurred_on = Some("2026-03-02".parse().unwrap());
        assert_eq!(scene.says("scra_rate", ny("2026-07-20T12:00")), None);
        scene.facts.accounts[0].claim.incurred_on = Some("2026-02-28".parse().unwrap());
        assert_eq!(scene.says("scra_rate", ny("2026-07-20T12:00")), HOLD);
        assert_eq!(found(Scene::business()).says("scra_rate", ny("2026-07-20T12:00")), None);
    }

    #[test]
    fn the_hold_of_the_service_itself_speaks_alone() {
        let scene = found(Scene::consumer()).stopped(StopKind::Military, 1, ny("2026-07-01T09:00"));
        assert_eq!(scene.says("scra_rate", ny("2026-07-20T12:00")), None);
        assert!(scene.says("military", ny("2026-07-20T12:00")).is_some());
    }
}
