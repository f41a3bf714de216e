//! Postal addresses, countries and the states of the United States.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Sorted, two letters each.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE \
    DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
    GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP \
    KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
    MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

impl Country {
    /// The United States.
    pub const US: Self = Self(*b"US");

    /// The two letters.
    pub fn code(&self) -> &str {
        // Both bytes come from COUNTRIES, which is ASCII.
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Country {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let known = COUNTRIES.split_ascii_whitespace().any(|code| code == text);
        match (known, text.as_bytes()) {
            (true, &[first, second]) => Ok(Self([first, second])),
            _ => Err(InvalidAddress::Country),
        }
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// What a region code of the United States stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsRegionKind {
    /// One of the fifty states.
    State,
    /// The District of Columbia.
    District,
    /// A territory, or a freely associated state served by the Postal Service.
    Territory,
    /// Armed forces mail.
    Military,
}

/// A state, district, territory or military region by its two-letter postal code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsState(u8);

use UsRegionKind::{District, Military, State, Territory};

/// USPS Publication 28, appendix B.
const STATES: &[(&str, &str, UsRegionKind)] = &[
    ("AA", "Armed Forces Americas", Military),
    ("AE", "Armed Forces Europe", Military),
    ("AK", "Alaska", State),
    ("AL", "Alabama", State),
    ("AP", "Armed Forces Pacific", Military),
    ("AR", "Arkansas", State),
    ("AS", "American Samoa", Territory),
    ("AZ", "Arizona", State),
    ("CA", "California", State),
    ("CO", "Colorado", State),
    ("CT", "Connecticut", State),
    ("DC", "District of Columbia", District),
    ("DE", "Delaware", State),
    ("FL", "Florida", State),
    ("FM", "Federated States of Micronesia", Territory),
    ("GA", "Georgia", State),
    ("GU", "Guam", Territory),
    ("HI", "Hawaii", State),
    ("IA", "Iowa", State),
    ("ID", "Idaho", State),
    ("IL", "Illinois", State),
    ("IN", "Indiana", State),
    ("KS", "Kansas", State),
    ("KY", "Kentucky", State),
    ("LA", "Louisiana", State),
    ("MA", "Massachusetts", State),
    ("MD", "Maryland", State),
    ("ME", "Maine", State),
    ("MH", "Marshall Islands", Territory),
    ("MI", "Michigan", State),
    ("MN", "Minnesota", State),
    ("MO", "Missouri", State),
    ("MP", "Northern Mariana Islands", Territory),
    ("MS", "Mississippi", State),
    ("MT", "Montana", State),
    ("NC", "North Carolina", State),
    ("ND", "North Dakota", State),
    ("NE", "Nebraska", State),
    ("NH", "New Hampshire", State),
    ("NJ", "New Jersey", State),
    ("NM", "New Mexico", State),
    ("NV", "Nevada", State),
    ("NY", "New York", State),
    ("OH", "Ohio", State),
    ("OK", "Oklahoma", State),
    ("OR", "Oregon", State),
    ("PA", "Pennsylvania", State),
    ("PR", "Puerto Rico", Territory),
    ("PW", "Palau", Territory),
    ("RI", "Rhode Island", State),
    ("SC", "South Carolina", State),
    ("SD", "South Dakota", State),
    ("TN", "Tennessee", State),
    ("TX", "Texas", State),
    ("UT", "Utah", State),
    ("VA", "Virginia", State),
    ("VI", "Virgin Islands", Territory),
    ("VT", "Vermont", State),
    ("WA", "Washington", State),
    ("WI", "Wisconsin", State),
    ("WV", "West Virginia", State),
    ("WY", "Wyoming", State),
];

impl UsState {
    fn row(self) -> &'static (&'static str, &'static str, UsRegionKind) {
        &STATES[usize::from(self.0)]
    }

    /// The region of a postal code in capitals, for constants and tables.
    pub const fn of(code: &str) -> Option<Self> {
        let mut at = 0u8;
        while (at as usize) < STATES.len() {
            let (known, wanted) = (STATES[at as usize].0.as_bytes(), code.as_bytes());
            if wanted.len() == 2 && known[0] == wanted[0] && known[1] == wanted[1] {
                return Some(Self(at));
            }
            at += 1;
        }
        None
    }

    /// Its place among all of them, from 0: a bit in a set, a row in a table.
    pub const fn index(self) -> u8 {
        self.0
    }

    /// The postal code, e.g. `MA`.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What it is.
    pub fn kind(self) -> UsRegionKind {
        self.row().2
    }

    /// Every region, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..).take(STATES.len()).map(Self)
    }
}

impl Serialize for UsState {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for UsState {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for UsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for UsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for UsState {
    type Err = InvalidAddress;

    /// Takes the postal code or the English name, in any case.
    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        Self::all()
            .find(|state| {
                state.code().eq_ignore_ascii_case(text) || state.name().eq_ignore_ascii_case(text)
            })
            .ok_or(InvalidAddress::State)
    }
}

/// An address as it was given, before it is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressParts {
    /// Street lines, in order.
    pub lines: Vec<String>,
    /// City or town.
    pub city: String,
    /// State, province or county; empty where a country has none.
    #[serde(default)]
    pub region: String,
    /// Postal code; empty where a country has none.
    #[serde(default)]
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
}

/// A postal address to which mail could be sent. Of an address in the United States the region is a
/// two-letter code and the postal code a ZIP (`02139` or `02139-4307`). `Debug` shows country and
/// region only.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "AddressParts", into = "AddressParts")]
pub struct Address {
    lines: Vec<String>,
    city: String,
    region: String,
    postal_code: String,
    country: Country,
}

/// An address that cannot be. Names the part, never its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// No street line, more than four, or one that is empty, too long or has control characters.
    #[error("an address needs one to four street lines of at most 100 characters")]
    Lines,
    /// The city is missing or too long.
    #[error("an address needs a city of at most 100 characters")]
    City,
    /// The region is too long.
    #[error("the region is longer than 100 characters")]
    Region,
    /// The country is not an ISO 3166-1 alpha-2 code.
    #[error("the country is not a two-letter ISO 3166 code such as US")]
    Country,
    /// The state is not one of the United States.
    #[error("the state is not a state, territory or military region of the United States")]
    State,
    /// The postal code is not a ZIP code.
    #[error("the ZIP code is not five digits, or five, a dash and four")]
    Zip,
    /// The postal code is too long.
    #[error("the postal code is longer than 16 characters")]
    PostalCode,
}

impl Address {
    /// Street lines, in order; at least one.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// City or town.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// State, province or county; empty where a country has none.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Postal code; empty where a country has none.
    pub fn postal_code(&self) -> &str {
        &self.postal_code
    }

    /// Country.
    pub fn country(&self) -> Country {
        self.country
    }

    /// The state, for an address in the United States.
    pub fn us_state(&self) -> Option<UsState> {
        (self.country == Country::US).then(|| self.region.parse().ok()).flatten()
    }
}

fn is_text(text: &str, len_max: usize) -> bool {
    text.chars().count() <= len_max && !text.chars().any(char::is_control)
}

fn is_zip(text: &str) -> bool {
    let digits =
        |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((five, four)) => digits(five, 5) && digits(four, 4),
        None => digits(text, 5),
    }
}

impl TryFrom<AddressParts> for Address {
    type Error = InvalidAddress;

    fn try_from(parts: AddressParts) -> Result<Self, InvalidAddress> {
        let trimmed = |text: &str| text.trim().to_owned();
        let lines: Vec<String> = parts.lines.iter().map(|line| trimmed(line)).collect();
        let lines_ok = (1..=4).contains(&lines.len())
            && lines.iter().all(|line| !line.is_empty() && is_text(line, 100));
        if !lines_ok {
            return Err(InvalidAddress::Lines);
        }
        let city = trimmed(&parts.city);
        if city.is_empty() || !is_text(&city, 100) {
            return Err(InvalidAddress::City);
        }
        let country: Country = parts.country.trim().parse()?;
        let mut region = trimmed(&parts.region);
        let postal_code = trimmed(&parts.postal_code);
        if country == Country::US {
            region = region.parse::<UsState>()?.code().to_owned();
            if !is_zip(&postal_code) {
                return Err(InvalidAddress::Zip);
            }
        } else if !is_text(&region, 100) {
            return Err(InvalidAddress::Region);
        } else if !is_text(&postal_code, 16) {
            return Err(InvalidAddress::PostalCode);
        }
        Ok(Self { lines, city, region, postal_code, country })
    }
}

impl From<Address> for AddressParts {
    fn from(address: Address) -> Self {
        Self {
            lines: address.lines,
            city: address.city,
            region: address.region,
            postal_code: address.postal_code,
            country: address.country.code().to_owned(),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address([redacted], {} {})", self.region, self.country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> AddressParts {
        AddressParts {
            lines: vec!["1 Main Street".into()],
            city: "Cambridge".into(),
            region: "massachusetts".into(),
            postal_code: "02139".into(),
            country: "US".into(),
        }
    }

    #[test]
    fn an_address_of_the_united_states_gets_its_state_code() {
        let address = Address::try_from(parts()).unwrap();
        assert_eq!(address.region(), "MA");
        assert_eq!(address.us_state().unwrap().name(), "Massachusetts");
        assert!(!format!("{address:?}").contains("Main"));
        let again: Address =
            serde_json::from_str(&serde_json::to_string(&address).unwrap()).unwrap();
        assert_eq!(again, address);
    }

    #[test]
    fn territories_and_military_regions_count() {
        for code in ["DC", "PR", "GU", "AE", "AP", "AA"] {
            let given = AddressParts { region: code.into(), ..parts() };
            assert_eq!(Address::try_from(given).unwrap().region(), code);
        }
        assert_eq!(UsState::all().filter(|state| state.kind() == State).count(), 50);
        assert!(UsState::all().all(|state| UsState::of(state.code()) == Some(state)));
        assert_eq!(UsState::of("XX"), None);
        assert_eq!(UsState::of("MAS"), None);
    }

    #[test]
    fn each_wrong_part_is_named() {
        type Change = fn(&mut AddressParts);
        let cases: [(Change, InvalidAddress); 9] = [
            (|p| p.lines.clear(), InvalidAddress::Lines),
            (|p| p.lines = vec!["  ".into()], InvalidAddress::Lines),
            (|p| p.lines = vec!["a\nb".into()], InvalidAddress::Lines),
            (|p| p.city.clear(), InvalidAddress::City),
            (|p| p.country = "USA".into(), InvalidAddress::Country),
            (|p| p.region = "ZZ".into(), InvalidAddress::State),
            (|p| p.region.clear(), InvalidAddress::State),
            (|p| p.postal_code = "0213".into(), InvalidAddress::Zip),
            (|p| p.postal_code = "02139-430".into(), InvalidAddress::Zip),
        ];
        for (change, expected) in cases {
            let mut given = parts();
            change(&mut given);
            assert_eq!(Address::try_from(given), Err(expected));
        }
    }

    #[test]
    fn a_foreign_address_keeps_its_own_forms() {
        let given = AddressParts {
            region: String::new(),
            postal_code: "SW1A 1AA".into(),
            country: "GB".into(),
            ..parts()
        };
        assert_eq!(Address::try_from(given).unwrap().postal_code(), "SW1A 1AA");
    }
}
