//! Every released version of every pack.

use duly_domain::Date;

use super::{Pack, PackId, Reach};
use crate::facts::City;
use crate::rules::states::{self, nyc};
use crate::rules::{self, Rule};

/// How many packs judge everyone: federal, commercial, agency.
pub(super) const GENERAL: usize = 3;

/// The first day of Regulation F. 85 FR 76734, 86 FR 48918: 30 November 2021.
const REGULATION_F_FROM: Option<Date> = Date::from_ymd_opt(2021, 11, 30);

/// The first day of the Bankruptcy Code. Pub. L. 95-598, section 402(a): 1 October 1979.
const BANKRUPTCY_CODE_FROM: Option<Date> = Date::from_ymd_opt(1979, 10, 1);

/// The first day of the District's present text. D.C. Law 24-154: 1 January 2023.
const DC_LAW_24_154_FROM: Option<Date> = Date::from_ymd_opt(2023, 1, 1);

/// The first day on which Florida's hours leave e-mails out. SB 232: 16 May 2025.
const FL_WITHOUT_EMAIL_FROM: Option<Date> = Date::from_ymd_opt(2025, 5, 16);

/// The last day before another.
const fn before(day: Option<Date>) -> Option<Date> {
    match day {
        Some(day) => day.pred_opt(),
        None => None,
    }
}

const fn everyone(
    name: &'static str,
    version: u16,
    from: Option<Date>,
    to: Option<Date>,
    rules: &'static [Rule],
) -> Pack {
    Pack { id: PackId { name, version }, from, to, reach: Reach::Everyone, rules }
}

/// The one version of a state's pack. What of its law was in force since when was read of none of them but
/// those with dates, so it is applied to every day.
const fn of_state(name: &'static str, code: &str, rules: &'static [Rule]) -> Pack {
    let reach = Reach::State(states::state(code));
    Pack { id: PackId { name, version: 1 }, from: None, to: None, reach, rules }
}

const fn of_city(name: &'static str, city: City, rules: &'static [Rule]) -> Pack {
    let reach = Reach::City(city);
    Pack { id: PackId { name, version: 1 }, from: None, to: None, reach, rules }
}

const fn until(pack: Pack, to: Option<Date>) -> Pack {
    Pack { to, ..pack }
}

/// The next version of a pack.
const fn then(pack: &Pack, from: Option<Date>, rules: &'static [Rule]) -> Pack {
    let id = PackId { name: pack.id.name, version: pack.id.version + 1 };
    Pack { id, from, to: None, reach: pack.reach, rules }
}

static FEDERAL: [Pack; 2] = [
    everyone("federal", 0, BANKRUPTCY_CODE_FROM, before(REGULATION_F_FROM), rules::FEDERAL_0),
    everyone("federal", 1, REGULATION_F_FROM, None, rules::FEDERAL_1),
];
static COMMERCIAL: Pack = everyone("commercial", 1, None, None, rules::COMMERCIAL_1);
static AGENCY: Pack = everyone("agency", 1, None, None, rules::AGENCY_1);
static LICENCE: Pack =
    Pack { reach: Reach::LicencesKept, ..everyone("licence", 1, None, None, rules::LICENCE_1) };

static CA: Pack = of_state("state.ca", "CA", states::CA_1);
static CO: Pack = of_state("state.co", "CO", states::CO_1);
static CT: Pack = of_state("state.ct", "CT", states::CT_1);
static DC_1: Pack = until(of_state("state.dc", "DC", states::DC_1), before(DC_LAW_24_154_FROM));
static DC_2: Pack = then(&DC_1, DC_LAW_24_154_FROM, states::DC_2);
static FL_1: Pack = until(of_state("state.fl", "FL", states::FL_1), before(FL_WITHOUT_EMAIL_FROM));
static FL_2: Pack = then(&FL_1, FL_WITHOUT_EMAIL_FROM, states::FL_2);
static MA: Pack = of_state("state.ma", "MA", states::MA_1);
static MN: Pack = of_state("state.mn", "MN", states::MN_1);
static MS: Pack = of_state("state.ms", "MS", states::MS_1);
static NC: Pack = of_state("state.nc", "NC", states::NC_1);
static NH: Pack = of_state("state.nh", "NH", states::NH_1);
static NM: Pack = of_state("state.nm", "NM", states::NM_1);
static NV: Pack = of_state("state.nv", "NV", states::NV_1);
static NY: Pack = of_state("state.ny", "NY", states::NY_1);
static OR: Pack = of_state("state.or", "OR", states::OR_1);
static TN: Pack = of_state("state.tn", "TN", states::TN_1);
static TX: Pack = of_state("state.tx", "TX", states::TX_1);
static WA: Pack = of_state("state.wa", "WA", states::WA_1);
static WI: Pack = of_state("state.wi", "WI", states::WI_1);
static WV: Pack = of_state("state.wv", "WV", states::WV_1);
static NYC_1: Pack =
    until(of_city("city.nyc", City::NewYork, states::NYC_1), before(nyc::SHIELD_EARLIEST));
static NYC_2: Pack =
    until(then(&NYC_1, nyc::SHIELD_EARLIEST, states::NYC_2), before(nyc::SHIELD_LATEST));
static NYC_3: Pack = then(&NYC_2, nyc::SHIELD_LATEST, states::NYC_3);

/// Every released version of every pack, the weightiest packs first; versions of one pack follow one another.
pub static BOOK: &[&Pack] = &[
    &FEDERAL[0],
    &FEDERAL[1],
    &CA,
    &CO,
    &CT,
    &DC_1,
    &DC_2,
    &FL_1,
    &FL_2,
    &MA,
    &MN,
    &MS,
    &NC,
    &NH,
    &NM,
    &NV,
    &NY,
    &OR,
    &TN,
    &TX,
    &WA,
    &WI,
    &WV,
    &NYC_1,
    &NYC_2,
    &NYC_3,
    &LICENCE,
    &COMMERCIAL,
    &AGENCY,
];
