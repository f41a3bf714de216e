//! What must hold of any facts: what comes later has no influence, nothing owed goes away by itself, and
//! the order of rows says nothing.

use duly_domain::{DebtClass, DebtorKind};
use proptest::prelude::*;

use super::*;

const DAYS: i64 = 200;

fn start() -> Instant {
    ny("2026-06-01T00:00")
}

/// Whole hours, so that facts often coincide.
pub fn moment() -> impl Strategy<Value = Instant> {
    (0..DAYS * 24).prop_map(|hour| start() + Duration::hours(hour))
}

fn account() -> impl Strategy<Value = Option<duly_domain::AccountId>> {
    prop_oneof![3 => Just(Some(id(1))), 1 => Just(Some(id(2))), 1 => Just(None)]
}

fn point() -> impl Strategy<Value = Option<duly_domain::PointId>> {
    prop::option::weighted(0.4, (1..4u32).prop_map(id))
}

fn medium() -> impl Strategy<Value = Option<Medium>> {
    prop::option::weighted(0.5, prop::sample::select(Medium::ALL.as_slice()))
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop::sample::select(EventKind::ALL);
    let on = prop::option::weighted(
        0.3,
        (0..DAYS).prop_map(|days| day("2026-06-01") + Duration::days(days)),
    );
    let matter = prop::option::weighted(0.2, (1..3u32).prop_map(id));
    (kind, moment(), account(), point(), medium(), on, matter).prop_map(
        |(kind, at, account, point, medium, on, matter)| Event {
            account,
            point,
            medium,
            on,
            matter,
            ..Event::new(kind, at)
        },
    )
}

/// Events of kinds that meet and break one another, so that courses have an end.
fn exchange() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(event(), 0..60)
}

fn stop_row() -> impl Strategy<Value = Stop> {
    (prop::sample::select(StopKind::ALL), account(), medium(), point(), moment()).prop_map(
        |(kind, account, medium, point, from)| Stop {
            id: id(1),
            kind,
            party: id(1),
            account,
            medium,
            point,
            from,
            until: None,
        },
    )
}

fn dispute_row() -> impl Strategy<Value = Dispute> {
    let form = prop::sample::select(vec![
        DisputeForm::TimelyWritten,
        DisputeForm::Other,
        DisputeForm::Unknown,
    ]);
    let extent = prop::sample::select(vec![DisputeExtent::Whole, DisputeExtent::Part]);
    (form, extent, moment(), prop::option::of(0..2_000i64)).prop_map(
        |(form, extent, from, lasts)| Dispute {
            id: id(1),
            account: id(1),
            extent,
            form,
            from,
            until: lasts.map(|hours| from + Duration::hours(hours)),
        },
    )
}

fn attempt_row() -> impl Strategy<Value = Attempt> {
    let medium = prop::sample::select(Medium::ALL.as_slice());
    (medium, moment(), prop::bool::weighted(0.3)).prop_map(|(medium, at, conversation)| Attempt {
        conversation,
        ..Attempt::new(id(1), id(1), medium, at)
    })
}

fn consent_row() -> impl Strategy<Value = Consent> {
    let what = prop::sample::select(vec![
        ConsentFor::MoreCalls,
        ConsentFor::Text,
        ConsentFor::Automated,
        ConsentFor::Esign,
        ConsentFor::Email,
    ]);
    (what, account(), point(), moment(), prop::option::of(0..2_000i64)).prop_map(
        |(what, account, point, from, lasts)| Consent {
            what,
            given_to: GivenTo::Agency,
            account,
            medium: None,
            point,
            from,
            until: None,
            withdrawn_at: lasts.map(|hours| from + Duration::hours(hours)),
        },
    )
}

fn inbound_row() -> impl Strategy<Value = Inbound> {
    let medium = prop::sample::select(Medium::ALL.as_slice());
    (medium, point(), moment(), any::<bool>()).prop_map(|(medium, point, at, read)| Inbound {
        point,
        read,
        ..Inbound::new(medium, at)
    })
}

pub fn facts() -> impl Strategy<Value = Facts> {
    let place_of = prop::sample::select(vec![
        ("NY", Some(City::NewYork)),
        ("MA", None),
        ("CA", None),
        ("NV", None),
        ("DC", None),
        ("WA", None),
    ]);
    let firsts = (prop::option::of(moment()), prop::option::of(moment()));
    let class = prop::sample::select(vec![DebtClass::Consumer, DebtClass::Commercial]);
    let several = (
        exchange(),
        prop::collection::vec(stop_row(), 0..4),
        prop::collection::vec(dispute_row(), 0..3),
        prop::collection::vec(attempt_row(), 0..6),
        prop::collection::vec(consent_row(), 0..4),
        prop::collection::vec(inbound_row(), 0..4),
    );
    (place_of, firsts, class, several).prop_map(|(here, firsts, class, several)| {
        let (state, city) = here;
        let mut facts = consumer();
        place(&mut facts, state, city);
        facts.accounts[0].claim.kind = DebtKind::Medical;
        (facts.accounts[0].first_spoken_at, facts.accounts[0].first_written_at) = firsts;
        facts.accounts.push(Account {
            class,
            ..Account::new(
                id(2),
                id(1),
                DebtorKind::Person,
                duly_domain::PartyRole::Principal,
                class,
            )
        });
        (
            facts.events,
            facts.stops,
            facts.disputes,
            facts.attempts,
            facts.consents,
            facts.inbound,
        ) = several;
        facts.attempts.sort_by_key(|attempt| attempt.at);
        facts.events.sort_by_key(|event| event.at);
        facts.inbound.sort_by_key(|inbound| inbound.at);
        facts
    })
}

/// What is known at an instant, and nothing more.
fn known_at(facts: &Facts, at: Instant) -> Facts {
    let past = |when: Option<Instant>| when.filter(|when| *when <= at);
    let mut known = facts.clone();
    known.events.retain(|event| event.at <= at);
    known.stops.retain(|stop| stop.from <= at);
    known.disputes.retain(|dispute| dispute.from <= at);
    known.attempts.retain(|attempt| attempt.at <= at);
    known.consents.retain(|consent| consent.from <= at);
    known.inbound.retain(|inbound| inbound.at <= at);
    for dispute in &mut known.disputes {
        dispute.until = past(dispute.until);
    }
    for consent in &mut known.consents {
        consent.withdrawn_at = past(consent.withdrawn_at);
    }
    for row in &mut known.accounts {
        row.first_spoken_at = past(row.first_spoken_at);
        row.first_written_at = past(row.first_written_at);
    }
    known
}

/// Whether what stood like this may stand like that later.
fn may_follow(before: State, after: State) -> bool {
    match (before, after) {
        (State::Open, State::Open | State::Discharged { .. } | State::Lapsed { .. })
        | (State::Standing, State::Standing | State::Discharged { .. } | State::Lapsed { .. })
        | (State::Running, _) => true,
        (State::Lapsed { since, done_at: None }, State::Lapsed { since: later, .. }) => {
            since == later
        }
        _ => before == after,
    }
}

fn key(owed: &Obligation) -> (&'static str, String) {
    (owed.duty.code, format!("{:?} {:?} {:?}", owed.whom, owed.opened_at, owed.opened_by))
}

#[test]
fn of_two_receipts_of_one_instant_one_deposit_meets_the_same_whatever_the_order_of_rows() {
    let mut facts = consumer();
    facts.accounts.push(Account { id: id(2), ..facts.accounts[0] });
    let event = |kind, at, account: Option<u32>| Event {
        account: account.map(id),
        ..Event::new(kind, ny(at))
    };
    facts.events = vec![
        event(EventKind::MoneyReceived, "2026-07-01T10:00", Some(2)),
        event(EventKind::MoneyReceived, "2026-07-01T10:00", Some(1)),
        event(EventKind::TrustDeposited, "2026-07-01T12:00", None),
    ];
    let mut turned = facts.clone();
    turned.events.swap(0, 1);
    let at = ny("2026-07-01T13:00");
    assert_eq!(due(&facts, at), due(&turned, at));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_becomes_known_later_has_no_influence(facts in facts(), at in moment()) {
        prop_assert_eq!(due(&facts, at), due(&known_at(&facts, at), at));
    }

    #[test]
    fn what_is_owed_stays_until_it_is_met_or_lapses(
        facts in facts(),
        at in moment(),
        later in 0..DAYS * 48,
    ) {
        let then = due(&facts, at);
        let mut now = due(&facts, at + Duration::hours(later));
        for before in &then {
            let of = |owed: &Obligation| key(owed) == key(before);
            // Of several that are alike each is followed by one. A timer that ended may still be broken.
            let follows = now.iter().position(|owed| of(owed) && may_follow(before.state, owed.state));
            let timer = before.duty.kind == Kind::Timer;
            prop_assert!(
                follows.is_some() || timer,
                "{:#?}\n is followed by {:#?}",
                before,
                now.iter().filter(|owed| of(owed)).collect::<Vec<_>>()
            );
            if let Some(at) = follows {
                now.remove(at);
            }
        }
    }

    #[test]
    fn the_order_of_rows_says_nothing(facts in facts(), at in moment()) {
        let mut turned = facts.clone();
        turned.events.reverse();
        turned.stops.reverse();
        turned.disputes.reverse();
        turned.attempts.reverse();
        turned.consents.reverse();
        turned.inbound.reverse();
        prop_assert_eq!(due(&facts, at), due(&turned, at));
    }

    #[test]
    fn an_obligation_never_opens_after_the_instant_nor_is_done_after_it(
        facts in facts(),
        at in moment(),
    ) {
        for owed in due(&facts, at) {
            prop_assert!(owed.opened_at.is_none_or(|opened| opened <= at));
            prop_assert!(owed.state.since().is_none_or(|since| since <= at), "{owed:?}");
        }
    }
}
