//! Cities of the United States with a ZIP code, an area code and the zone of each.

/// A city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// City.
    pub city: &'static str,
    /// Two-letter state or territory.
    pub state: &'static str,
    /// A ZIP code of the city.
    pub zip: &'static str,
    /// A telephone area code of the city.
    pub area_code: &'static str,
    /// IANA time zone.
    pub zone: &'static str,
}

const fn place(
    city: &'static str,
    state: &'static str,
    zip: &'static str,
    area_code: &'static str,
    zone: &'static str,
) -> Place {
    Place { city, state, zip, area_code, zone }
}

const EASTERN: &str = "America/New_York";
const CENTRAL: &str = "America/Chicago";
const MOUNTAIN: &str = "America/Denver";
const PACIFIC: &str = "America/Los_Angeles";

/// Where the debtors of a portfolio live. Florida, Tennessee and Texas are in two zones each;
/// Arizona, Hawaii and Puerto Rico have no summer time.
pub const PLACES: [Place; 34] = [
    place("Boston", "MA", "02108", "617", EASTERN),
    place("New York", "NY", "10001", "212", EASTERN),
    place("Buffalo", "NY", "14202", "716", EASTERN),
    place("Newark", "NJ", "07102", "973", EASTERN),
    place("Philadelphia", "PA", "19103", "215", EASTERN),
    place("Pittsburgh", "PA", "15222", "412", EASTERN),
    place("Baltimore", "MD", "21201", "410", EASTERN),
    place("Washington", "DC", "20001", "202", EASTERN),
    place("Charlotte", "NC", "28202", "704", EASTERN),
    place("Atlanta", "GA", "30303", "404", EASTERN),
    place("Miami", "FL", "33131", "305", EASTERN),
    place("Pensacola", "FL", "32502", "850", CENTRAL),
    place("Cleveland", "OH", "44113", "216", EASTERN),
    place("Detroit", "MI", "48226", "313", "America/Detroit"),
    place("Knoxville", "TN", "37902", "865", EASTERN),
    place("Nashville", "TN", "37203", "615", CENTRAL),
    place("Chicago", "IL", "60601", "312", CENTRAL),
    place("Minneapolis", "MN", "55401", "612", CENTRAL),
    place("Houston", "TX", "77002", "713", CENTRAL),
    place("Dallas", "TX", "75201", "214", CENTRAL),
    place("El Paso", "TX", "79901", "915", MOUNTAIN),
    place("Denver", "CO", "80202", "303", MOUNTAIN),
    place("Salt Lake City", "UT", "84101", "801", MOUNTAIN),
    place("Boise", "ID", "83702", "208", "America/Boise"),
    place("Phoenix", "AZ", "85004", "602", "America/Phoenix"),
    place("Las Vegas", "NV", "89101", "702", PACIFIC),
    place("Seattle", "WA", "98101", "206", PACIFIC),
    place("Portland", "OR", "97204", "503", PACIFIC),
    place("San Francisco", "CA", "94103", "415", PACIFIC),
    place("Los Angeles", "CA", "90012", "213", PACIFIC),
    place("San Diego", "CA", "92101", "619", PACIFIC),
    place("Anchorage", "AK", "99501", "907", "America/Anchorage"),
    place("Honolulu", "HI", "96813", "808", "Pacific/Honolulu"),
    place("San Juan", "PR", "00901", "787", "America/Puerto_Rico"),
];
