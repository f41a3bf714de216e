//! Zones of postal addresses.

use std::collections::HashMap;
use std::sync::LazyLock;

use duly_domain::UsState;
use duly_domain::address::UsRegionKind;

use super::Zones;

/// The zones of countries. Its head states the source.
const COUNTRIES: &str = include_str!("country.txt");

static BY_COUNTRY: LazyLock<HashMap<&'static str, Zones>> = LazyLock::new(|| {
    COUNTRIES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('|'))
        .map(|(country, zones)| (country, super::named(zones)))
        .collect()
});

static BY_STATE: LazyLock<HashMap<&'static str, Zones>> = LazyLock::new(|| {
    let row = |(states, zones): &(&'static str, &str)| {
        let zones = super::named(zones);
        states.split(' ').map(move |state| (state, zones.clone())).collect::<Vec<_>>()
    };
    STATES.iter().flat_map(row).collect()
});

/// Which zones, by their clocks of today, lie in each state, district and territory. 49 CFR part 71, with
/// the Navajo Nation in Arizona and the towns of Nevada that keep Mountain Time in practice; the islands
/// from the IANA time zone database. Military mail is nowhere: it is absent and unknown.
const STATES: &[(&str, &str)] = &[
    ("CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV", "America/New_York"),
    ("AL AR IA IL LA MN MO MS OK WI", "America/Chicago"),
    ("CO MT NM UT WY", "America/Denver"),
    ("CA WA", "America/Los_Angeles"),
    ("AK", "America/Anchorage&America/Adak"),
    ("AZ", "America/Phoenix&America/Denver"),
    ("FL KY TN", "America/New_York&America/Chicago"),
    ("HI", "Pacific/Honolulu"),
    ("ID OR", "America/Boise&America/Los_Angeles"),
    ("IN", "America/Indiana/Indianapolis&America/Chicago"),
    ("KS ND NE SD TX", "America/Chicago&America/Denver"),
    ("MI", "America/Detroit&America/Menominee"),
    ("NV", "America/Los_Angeles&America/Denver"),
    ("AS", "Pacific/Pago_Pago"),
    ("FM", "Pacific/Chuuk&Pacific/Pohnpei&Pacific/Kosrae"),
    ("GU", "Pacific/Guam"),
    ("MH", "Pacific/Majuro"),
    ("MP", "Pacific/Saipan"),
    ("PR", "America/Puerto_Rico"),
    ("PW", "Pacific/Palau"),
    ("VI", "America/St_Thomas"),
];

/// The zones of an address: country by its two-letter code, region and postal code as they are given.
///
/// In the United States all zones of the state; elsewhere all zones of the country, as a time must suit
/// in each of them. The postal code narrows nothing yet. What is not known is unknown.
pub fn of_address(country: &str, region: &str, postal_code: &str) -> Zones {
    let _narrows_nothing_yet = postal_code;
    if country != "US" {
        return BY_COUNTRY.get(country).map_or(Zones::Unknown, Zones::clone);
    }
    let state = region.parse::<UsState>().ok();
    state
        .filter(|state| state.kind() != UsRegionKind::Military)
        .and_then(|state| BY_STATE.get(state.code()))
        .map_or(Zones::Unknown, Zones::clone)
}

/// Whether a zone is one of a state, district or territory of the United States.
pub(crate) fn is_american(zone: duly_domain::Zone) -> bool {
    BY_STATE.values().any(|zones| matches!(zones, Zones::In(all) if all.contains(&zone)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use duly_domain::Country;

    fn zones(names: &[&str]) -> Zones {
        Zones::In(names.iter().map(|name| name.parse().unwrap()).collect())
    }

    #[test]
    fn a_state_gives_all_its_zones() {
        assert_eq!(of_address("US", "MA", "02139"), zones(&["America/New_York"]));
        assert_eq!(
            of_address("US", "Tennessee", ""),
            zones(&["America/New_York", "America/Chicago"])
        );
    }

    #[test]
    fn every_state_but_military_mail_has_known_zones() {
        for state in UsState::all() {
            let found = of_address("US", state.code(), "");
            if state.kind() == UsRegionKind::Military {
                assert_eq!(found, Zones::Unknown, "{state}");
            } else {
                assert!(matches!(&found, Zones::In(all) if !all.is_empty()), "{state}");
            }
        }
    }

    #[test]
    fn a_country_gives_all_its_zones() {
        assert_eq!(of_address("AT", "", "1010"), zones(&["Europe/Vienna"]));
        let Zones::In(canada) = of_address("CA", "ON", "") else { panic!("Canada is known") };
        assert!(canada.len() > 5);
    }

    #[test]
    fn what_is_not_known_is_unknown() {
        for (country, region) in
            [("US", ""), ("US", "Ontario"), ("ZZ", ""), ("", "MA"), ("us", "MA")]
        {
            assert_eq!(of_address(country, region, ""), Zones::Unknown, "{country} {region}");
        }
    }

    #[test]
    fn every_row_of_the_data_is_a_country_with_known_zones() {
        for (country, zones) in BY_COUNTRY.iter() {
            country.parse::<Country>().unwrap();
            assert!(matches!(zones, Zones::In(all) if !all.is_empty()), "{country}");
        }
        assert!(BY_COUNTRY.len() > 240);
    }
}
