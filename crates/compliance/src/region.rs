//! Which state, and which city with rules of its own, a postal address or a telephone number points at.
//!
//! One signal among others: a mobile number travels with its owner, so the rules of a state reach a person
//! where **any** signal says that it may be there. Where a signal could mean a city or the country around
//! it, it means the city, whose rules only add. What says nothing is `None`; it never takes a rule away.

use std::collections::HashMap;
use std::sync::LazyLock;

use duly_domain::UsState;
use duly_domain::address::UsRegionKind;

use crate::facts::{City, Region};

/// States of area codes. Its head states source and licence.
const AREA_CODES: &str = include_str!("region/area_codes.txt");
/// States of the first three digits of ZIP codes. Its head states source and licence.
const ZIP_PREFIXES: &str = include_str!("region/zip.txt");

static BY_AREA_CODE: LazyLock<HashMap<&'static str, UsState>> = LazyLock::new(|| rows(AREA_CODES));
static BY_ZIP_PREFIX: LazyLock<HashMap<&'static str, UsState>> =
    LazyLock::new(|| rows(ZIP_PREFIXES));

fn rows(text: &'static str) -> HashMap<&'static str, UsState> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let (state, keys) = line.split_once('|')?;
        let state = UsState::of(state)?;
        Some(keys.split(' ').map(move |key| (key, state)))
    };
    lines.filter_map(row).flatten().collect()
}

/// A city with rules of its own, and what points at it.
struct Pointers {
    city: City,
    state: UsState,
    /// Beginnings of its ZIP codes.
    zips: &'static [&'static str],
    /// Its area codes that lie in it and nowhere else, or nearly so.
    area_codes: &'static [&'static str],
    /// What addresses call it, in lower case, for one without a ZIP code.
    names: &'static [&'static str],
}

const NY: UsState = UsState::of("NY").expect("New York is a state");

/// New York City is its five counties: Manhattan 100 to 102, Staten Island 103, the Bronx 104, Queens 110
/// (in part), 111, 113, 114, 116, Brooklyn 112. ZIP codes from the table of `zip.txt` by county; 11001 and
/// 11040 lie on both sides of the city line. Area codes by the geography of `area_codes.txt`.
const CITIES: &[Pointers] = &[
    Pointers {
        city: City::NewYork,
        state: NY,
        zips: &[
            "100", "101", "102", "103", "104", "111", "112", "113", "114", "116", "11001", "11002",
            "11004", "11005", "11040",
        ],
        area_codes: &["212", "332", "347", "646", "718", "917", "929"],
        names: &[
            "new york",
            "new york city",
            "nyc",
            "manhattan",
            "brooklyn",
            "bronx",
            "the bronx",
            "queens",
            "staten island",
            "jamaica",
            "flushing",
            "astoria",
            "long island city",
            "far rockaway",
        ],
    },
    Pointers {
        city: City::Buffalo,
        state: NY,
        zips: &["142"],
        area_codes: &[],
        names: &["buffalo"],
    },
    Pointers {
        city: City::CarsonCity,
        state: UsState::of("NV").expect("Nevada is a state"),
        zips: &["897"],
        area_codes: &[],
        names: &["carson city"],
    },
    Pointers {
        city: City::Chicago,
        state: UsState::of("IL").expect("Illinois is a state"),
        zips: &["606", "60290", "60701", "60707", "60827"],
        area_codes: &["312", "773", "872"],
        names: &["chicago"],
    },
];

/// The region of an address: country by its two-letter code, region, postal code and city as they are given.
///
/// The state is the one that the address names; where it names none that is known, the one of its ZIP code.
/// An address in New York State that tells neither ZIP code nor city may be in the city. Another country,
/// military mail and an unreadable address say nothing.
pub fn of_address(country: &str, region: &str, postal_code: &str, city: &str) -> Option<Region> {
    if country != "US" {
        return None;
    }
    let zip = postal_code.trim();
    let zip = zip.get(..5).filter(|five| five.bytes().all(|byte| byte.is_ascii_digit()));
    let by_zip = || zip.and_then(|zip| BY_ZIP_PREFIX.get(&zip[..3]).copied());
    let state = region.parse::<UsState>().ok().or_else(by_zip)?;
    if state.kind() == UsRegionKind::Military {
        return None;
    }
    let name = city.trim().to_ascii_lowercase();
    let found = CITIES.iter().filter(|row| row.state == state).find(|row| match zip {
        Some(zip) => row.zips.iter().any(|prefix| zip.starts_with(prefix)),
        None => row.names.contains(&name.as_str()),
    });
    let silent = zip.is_none() && name.is_empty() && state == NY;
    let city = found.map(|row| row.city).or(silent.then_some(City::NewYork));
    Some(Region { state, city })
}

/// The region of a number in E.164 form, by its area code. Toll-free numbers, numbers of other countries and
/// area codes that are not in the data say nothing.
pub fn of_phone(e164: &str) -> Option<Region> {
    let national = e164.strip_prefix("+1").filter(|digits| digits.len() == 10)?;
    let code = national.get(..3)?;
    let state = *BY_AREA_CODE.get(code)?;
    let city = CITIES.iter().find(|row| row.area_codes.contains(&code)).map(|row| row.city);
    Some(Region { state, city })
}

#[cfg(test)]
mod tests;
