use duly_domain::UsState;
use duly_domain::address::UsRegionKind;

use super::{BY_AREA_CODE, BY_ZIP_PREFIX, CITIES, of_address, of_phone};
use crate::facts::{City, Region};
use crate::zones::{self, Zones};

fn region(state: &str, city: Option<City>) -> Option<Region> {
    Some(Region { state: UsState::of(state).unwrap(), city })
}

#[test]
fn an_address_gives_the_state_that_it_names() {
    assert_eq!(of_address("US", "MA", "02139", "Cambridge"), region("MA", None));
    assert_eq!(of_address("US", "Massachusetts", "", ""), region("MA", None));
    assert_eq!(of_address("US", "PR", "00901", "San Juan"), region("PR", None));
    assert_eq!(
        of_address("US", "TX", "02139", "Dallas"),
        region("TX", None),
        "the name before the ZIP"
    );
}

#[test]
fn an_address_that_names_no_state_gives_that_of_its_zip_code() {
    assert_eq!(of_address("US", "", "02139-4307", "Cambridge"), region("MA", None));
    assert_eq!(of_address("US", "??", "98101", "Seattle"), region("WA", None));
    assert_eq!(of_address("US", "", "06390", "Fishers Island"), None, "063 lies in two states");
}

#[test]
fn new_york_city_is_its_five_counties_by_zip_code() {
    for zip in [
        "10001", "10118", "10282", "10301", "10451", "11101", "11201", "11354", "11432", "11691",
        "11004",
    ] {
        assert_eq!(
            of_address("US", "NY", zip, "Anytown"),
            region("NY", Some(City::NewYork)),
            "{zip}"
        );
    }
    for zip in ["10501", "10701", "11010", "11501", "11530", "12207", "10901"] {
        assert_eq!(of_address("US", "NY", zip, "New York"), region("NY", None), "{zip}");
    }
    assert_eq!(of_address("US", "NY", "14201", "Buffalo"), region("NY", Some(City::Buffalo)));
    assert_eq!(
        of_address("US", "NV", "89701", "Carson City"),
        region("NV", Some(City::CarsonCity))
    );
    assert_eq!(of_address("US", "IL", "60614", "Chicago"), region("IL", Some(City::Chicago)));
}

#[test]
fn without_a_zip_code_the_name_of_the_city_tells_and_silence_in_new_york_may_be_the_city() {
    assert_eq!(of_address("US", "NY", "", "BROOKLYN "), region("NY", Some(City::NewYork)));
    assert_eq!(of_address("US", "NY", "", "Albany"), region("NY", None));
    assert_eq!(of_address("US", "NY", "", ""), region("NY", Some(City::NewYork)));
    assert_eq!(of_address("US", "KS", "", "Manhattan"), region("KS", None));
}

#[test]
fn another_country_military_mail_and_nonsense_say_nothing() {
    for (country, state, zip) in [
        ("CA", "ON", ""),
        ("AT", "", "1010"),
        ("US", "AE", "09012"),
        ("US", "", ""),
        ("US", "ZZ", "00000"),
        ("US", "", "é1234"),
    ] {
        assert_eq!(of_address(country, state, zip, "x"), None, "{country} {state} {zip}");
    }
}

#[test]
fn an_area_code_gives_its_state_and_a_citys_own_code_the_city() {
    assert_eq!(of_phone("+16175550123"), region("MA", None));
    assert_eq!(of_phone("+12025550123"), region("DC", None));
    assert_eq!(of_phone("+17875550123"), region("PR", None));
    assert_eq!(of_phone("+15185550123"), region("NY", None), "Albany");
    assert_eq!(of_phone("+19175550123"), region("NY", Some(City::NewYork)));
    assert_eq!(of_phone("+17735550123"), region("IL", Some(City::Chicago)));
}

#[test]
fn toll_free_foreign_and_unknown_numbers_say_nothing() {
    for number in [
        "+18005550123",
        "+14165550123",
        "+442079460018",
        "+12005550123",
        "6175550123",
        "+1617555012",
        "",
        "+1",
    ] {
        assert_eq!(of_phone(number), None, "{number}");
    }
}

#[test]
fn the_data_name_every_state_and_no_prefix_twice() {
    let states = || UsState::all().filter(|state| state.kind() == UsRegionKind::State);
    for state in states() {
        assert!(BY_AREA_CODE.values().any(|named| *named == state), "{state}");
        assert!(BY_ZIP_PREFIX.values().any(|named| *named == state), "{state}");
    }
    for text in [super::AREA_CODES, super::ZIP_PREFIXES] {
        let keys: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('|'))
            .flat_map(|(_, keys)| keys.split(' '))
            .collect();
        assert!(keys.iter().all(|key| key.len() == 3));
        assert_eq!(keys.len(), keys.iter().collect::<std::collections::HashSet<_>>().len());
    }
    for city in CITIES {
        assert!(city.area_codes.iter().all(|code| BY_AREA_CODE[code] == city.state));
        assert!(city.zips.iter().all(|zip| zip.len() > 3 || BY_ZIP_PREFIX[zip] == city.state));
    }
}

/// The map of zones comes from the same library: an area code is in a zone of its state. Michigan's
/// and Indiana's, which it puts in the zone of New York, are left out.
#[test]
fn states_and_zones_of_area_codes_agree() {
    for (code, state) in
        BY_AREA_CODE.iter().filter(|(_, state)| !["MI", "IN"].contains(&state.code()))
    {
        let Zones::In(of_phone) = zones::of_phone(&format!("+1{code}5550123")) else { continue };
        let Zones::In(of_state) = zones::of_address("US", state.code(), "") else {
            panic!("{state} has zones")
        };
        assert!(of_phone.iter().any(|zone| of_state.contains(zone)), "{code} {state} {of_phone:?}");
    }
}
