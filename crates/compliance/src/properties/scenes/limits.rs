//! What the agency and its clients ask beyond the law, and what a compliance user ruled out.

use proptest::prelude::*;

use super::one_of;
use crate::testing::id;
use crate::*;

/// What may be ruled out: of each kind some, and a citation, which never is.
const RULED_OUT: [&str; 14] = [
    "209 CMR 18.16(1)(d)",
    "policy city.nyc.post",
    "policy city.nyc.shield_date",
    "policy city.nyc.two_contacts",
    "policy state.ma.place_unknown",
    "policy state.or.home_first",
    "policy state.or.week",
    "policy state.wa.week",
    "policy state.window_hours",
    "policy state.wv.week",
    "unverified city.nyc.electronic",
    "unverified state.nh.work",
    "unverified state.ny.email",
    "unverified state.wi.extinguished",
];

/// None, or some.
pub fn limits() -> impl Strategy<Value = Vec<Limits>> {
    let limits = (
        prop_oneof![2 => Just(Vec::new()), 1 => (1..3u32).prop_map(|account| vec![id(account)])],
        prop::option::weighted(0.3, 0..5u8),
        prop::option::weighted(0.3, 0..9u8),
        prop::option::weighted(0.3, 0..4u8),
        prop::collection::vec(one_of(&Medium::ALL), 0..2),
        prop::option::weighted(0.5, any::<bool>()),
        prop::option::weighted(0.2, any::<bool>()),
        prop::collection::vec(one_of(&RULED_OUT).prop_map(str::to_owned), 0..4),
    )
        .prop_map(
            |(accounts, calls, week, day, not_by, validation_first, licences_checked, out)| {
                Limits {
                    accounts,
                    calls_per_debt_7_days: calls,
                    touches_per_person_7_days: week,
                    touches_per_person_day: day,
                    not_by,
                    validation_first,
                    licences_checked,
                    ruled_out: out,
                }
            },
        );
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(limits, 1..3)]
}
