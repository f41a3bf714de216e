//! Zones of telephone numbers, from libphonenumber's map.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Zones;

/// The map: zones, a bar, prefixes. Its head states source and licence.
const MAP: &str = include_str!("phone.txt");

/// Toll-free area codes of the North American plan: the number rings wherever its owner likes.
/// 47 CFR 52.103(a), and the codes opened since.
const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];

struct Map {
    /// Which row of `zones` a prefix belongs to.
    rows: HashMap<&'static str, usize>,
    zones: Vec<Zones>,
    longest: usize,
}

static PREFIXES: LazyLock<Map> = LazyLock::new(|| {
    let mut map = Map { rows: HashMap::new(), zones: Vec::new(), longest: 0 };
    for line in MAP.lines().filter(|line| !line.starts_with('#')) {
        let Some((zones, prefixes)) = line.split_once('|') else { continue };
        for prefix in prefixes.split(' ') {
            map.rows.insert(prefix, map.zones.len());
            map.longest = map.longest.max(prefix.len());
        }
        map.zones.push(super::named(zones));
    }
    map
});

/// The zones of a number in E.164 form, by the longest prefix that is known. A toll-free number of North
/// America says nothing; any other number without a known prefix is somewhere unknown.
///
/// A mobile number travels with its owner and a number can be ported: the zones are those in which the
/// number was given out, one signal among others.
pub fn of_phone(e164: &str) -> Zones {
    let Some(digits) = e164.strip_prefix('+').filter(|d| d.bytes().all(|b| b.is_ascii_digit()))
    else {
        return Zones::Unknown;
    };
    if digits.strip_prefix('1').and_then(|d| d.get(..3)).is_some_and(|c| TOLL_FREE.contains(&c)) {
        return Zones::NoSignal;
    }
    (1..=PREFIXES.longest.min(digits.len()))
        .rev()
        .find_map(|len| PREFIXES.rows.get(&digits[..len]))
        .and_then(|row| PREFIXES.zones.get(*row))
        .map_or(Zones::Unknown, Zones::clone)
}

/// Every zone that the map names. For tests of the data.
#[cfg(test)]
fn every_zone() -> impl Iterator<Item = (&'static str, Option<duly_domain::Zone>)> {
    MAP.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('|'))
        .flat_map(|(zones, _)| zones.split('&'))
        .map(|name| (name, name.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones(names: &[&str]) -> Zones {
        Zones::In(names.iter().map(|name| name.parse().unwrap()).collect())
    }

    #[test]
    fn an_area_code_gives_its_zone() {
        assert_eq!(of_phone("+16175550123"), zones(&["America/New_York"]));
        assert_eq!(of_phone("+12125550123"), zones(&["America/New_York"]));
        assert_eq!(of_phone("+13125550123"), zones(&["America/Chicago"]));
        assert_eq!(of_phone("+18085550123"), zones(&["Pacific/Honolulu"]));
        assert_eq!(of_phone("+442079460018"), zones(&["Europe/London"]));
    }

    #[test]
    fn the_longest_prefix_decides_in_an_area_code_of_two_zones() {
        let Zones::In(whole) = of_phone("+18505550123") else { panic!("850 is known") };
        assert!(!whole.is_empty());
        // 850 is mostly Eastern or Central by exchange: Pensacola (432) is Central.
        assert_eq!(of_phone("+18504320123"), zones(&["America/Chicago"]));
    }

    #[test]
    fn a_toll_free_number_says_nothing() {
        for code in TOLL_FREE {
            assert_eq!(of_phone(&format!("+1{code}5550123")), Zones::NoSignal);
        }
    }

    #[test]
    fn what_is_not_in_the_map_is_unknown_and_never_every_zone_of_the_plan() {
        for number in
            ["+12305550123", "+15005550123", "+999123456789", "6175550123", "+", "", "+1x"]
        {
            assert_eq!(of_phone(number), Zones::Unknown, "{number}");
        }
    }

    #[test]
    fn every_zone_of_the_map_is_one_that_we_know() {
        for (name, zone) in every_zone() {
            assert!(zone.is_some(), "{name}");
        }
        assert!(PREFIXES.rows.len() > 3_000);
    }
}
