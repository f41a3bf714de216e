//! Where a licence, registration or bond is needed to collect.
//!
//! Two public lists and, where it was read, the statute. A `yes` that both lists give denies by policy, as
//! no statute was read; what rests on one list alone, or on lists that contradict one another, is not
//! verified either way. "By definition" of the statute's own words; exemptions were not read.

use std::sync::LazyLock;

use crate::blocked::Ground;
use crate::facts::{City, Region};
use crate::rules::states::state;

/// Whether a licence is needed.
#[derive(Debug)]
pub(super) enum Needed {
    /// It is; a ground that nobody verified holds.
    Yes(Ground),
    /// It is not.
    No,
    /// Nobody knows, or nobody has confirmed that it is not.
    Unknown(Ground),
}

/// One place.
#[derive(Debug)]
pub(super) struct Row {
    pub region: Region,
    pub consumer: Needed,
    pub commercial: Needed,
}

/// The row of a place.
pub(super) fn row(region: Region) -> Option<&'static Row> {
    static OF_STATES: LazyLock<[Option<&Row>; 64]> = LazyLock::new(|| {
        let mut rows = [None; 64];
        for row in ROWS.iter().filter(|row| row.region.city.is_none()) {
            rows[usize::from(row.region.state.index())] = Some(row);
        }
        rows
    });
    match region.city {
        None => OF_STATES[usize::from(region.state.index())],
        Some(_) => ROWS.iter().find(|row| row.region == region),
    }
}

const RULE: &str = "licence";

/// One answer of one row: by a citation, by two lists, by one, by none.
macro_rules! needed {
    ($name:expr, yes $citation:literal) => {
        Needed::Yes(Ground::law(RULE, $citation))
    };
    ($name:expr, yes lists) => {
        Needed::Yes(Ground::policy(RULE, concat!("policy licence.", $name)))
    };
    ($name:expr, yes one) => {
        Needed::Yes(Ground::unverified(RULE, concat!("unverified licence.", $name)))
    };
    ($name:expr, no) => {
        Needed::No
    };
    ($name:expr, unknown) => {
        Needed::Unknown(Ground::unverified(RULE, concat!("unverified licence.", $name)))
    };
}

/// Rows of places: consumer debts, commercial debts.
macro_rules! rows {
    ($($code:literal $(/ $city:ident $city_code:literal)?: ($($consumer:tt)+), ($($commercial:tt)+);)*) => {
        &[$(Row {
            region: Region { state: state($code), city: rows!(@city $($city)?) },
            consumer: needed!(concat!($code, $($city_code,)? ".consumer"), $($consumer)+),
            commercial: needed!(concat!($code, $($city_code,)? ".commercial"), $($commercial)+),
        },)*]
    };
    (@city) => { None };
    (@city $city:ident) => { Some(City::$city) };
}

/// The states, the District, Puerto Rico and the cities of the research. `no` stands where the statute's own
/// words, two lists or the law that repealed the licence say so.
pub(super) static ROWS: &[Row] = rows! {
    "AK": (yes lists), (unknown);
    "AL": (yes one), (unknown);
    "AR": (yes lists), (unknown);
    "AZ": (yes "A.R.S. 32-1021"), (yes "A.R.S. 32-1021");
    "CA": (yes "Cal. Fin. Code 100000"), (unknown);
    "CO": (yes "C.R.S. 5-16-119"), (unknown);
    "CT": (yes "C.G.S. 36a-801"), (no);
    "DC": (unknown), (unknown);
    "DE": (yes one), (unknown);
    "FL": (yes "Fla. Stat. 559.553"), (yes "Fla. Stat. 559.544");
    "GA": (unknown), (unknown);
    "HI": (yes "HRS 443B"), (unknown);
    "IA": (yes lists), (unknown);
    "ID": (yes lists), (unknown);
    "IL": (yes "205 ILCS 740/2"), (yes one);
    "IL" / Chicago "/chicago": (yes one), (unknown);
    "IN": (yes lists), (unknown);
    "KS": (unknown), (unknown);
    "KY": (no), (unknown);
    "LA": (unknown), (unknown);
    "MA": (yes "M.G.L. c. 93 s. 24A"), (unknown);
    "MD": (yes "Md. Code, Bus. Reg. 7-101"), (no);
    "ME": (yes lists), (unknown);
    "MI": (yes "MCL 339.907"), (no);
    "MN": (yes "Minn. Stat. 332.33"), (yes "Minn. Stat. 332.33");
    "MO": (no), (unknown);
    "MS": (no), (unknown);
    "MT": (no), (unknown);
    "NC": (yes "G.S. 58-70-1"), (yes "G.S. 58-70-1");
    "ND": (yes lists), (unknown);
    "NE": (yes lists), (unknown);
    "NH": (unknown), (unknown);
    "NJ": (yes lists), (unknown);
    "NM": (yes lists), (unknown);
    "NV": (yes "NRS 649.075"), (yes "NRS 649.075");
    "NV" / CarsonCity "/carson_city": (yes one), (unknown);
    "NY": (unknown), (unknown);
    "NY" / NewYork "/new_york": (yes "N.Y.C. Admin. Code 20-488"), (no);
    "NY" / Buffalo "/buffalo": (yes one), (unknown);
    "OH": (unknown), (unknown);
    "OK": (no), (unknown);
    "OR": (yes one), (unknown);
    "PA": (unknown), (unknown);
    "PR": (yes lists), (unknown);
    "RI": (unknown), (unknown);
    "SC": (unknown), (unknown);
    "SD": (unknown), (unknown);
    "TN": (yes "T.C.A. 62-20-102"), (unknown);
    "TX": (yes "Tex. Fin. Code 392.101"), (no);
    "UT": (no), (no);
    "VA": (no), (unknown);
    "VT": (no), (unknown);
    "WA": (yes "RCW 19.16.110"), (yes "RCW 19.16.110");
    "WI": (yes "Wis. Stat. 218.04"), (yes "Wis. Stat. 218.04");
    "WV": (yes lists), (unknown);
    "WY": (yes lists), (unknown);
};
