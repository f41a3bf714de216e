//! Licences: section 2b of the digest of state law, place by place.

use chrono_tz::Tz;
use duly_domain::{DebtClass, Effect};

use super::{Now, Owed, Said, states};
use crate::*;

/// Whether collecting needs a licence there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needed {
    /// By the statute, which was read: `P`, or an agency's own page. Denies.
    Law,
    /// By both lists and no statute: denies by policy.
    Lists,
    /// By one list alone: not verified, holds.
    One,
    /// Not, by the statute's own words, by both lists, or by the law that repealed it.
    No,
    /// Not known.
    Unknown,
}

/// Consumer debts.
const CONSUMER: &[(Needed, &str)] = &[
    (Needed::Law, "AZ CA CO CT FL HI IL MA MD MI MN NC NV TN TX WA WI NY/city"),
    (Needed::Lists, "AK AR IA ID IN ME ND NE NJ NM PR WV WY"),
    (Needed::One, "AL DE OR IL/city NV/city NY/buffalo"),
    (Needed::No, "KY MO MS MT OK UT VA VT"),
];
/// Commercial debts.
const COMMERCIAL: &[(Needed, &str)] = &[
    (Needed::Law, "AZ FL MN NC NV WA WI"),
    (Needed::One, "IL"),
    (Needed::No, "CT MD MI TX UT NY/city"),
];

pub fn judge(now: &Now<'_>, said: &mut Said) {
    let asked = now.facts.limits.iter().any(|limits| limits.licences_checked == Some(true));
    if now.facts.licences.is_empty() && !asked {
        return;
    }
    if now.regions.is_empty() && (now.unknown || now.zones.is_empty() || american(&now.zones)) {
        states::loose(now, "licence", Effect::Hold, "policy licence.region_unknown", said);
    }
    let owed = |of: DebtClass| {
        let class = |owed| match owed {
            Owed::Consumer => DebtClass::Consumer,
            Owed::Human | Owed::Business => DebtClass::Commercial,
        };
        now.rows.iter().any(|(owed, _)| class(*owed) == of)
    };
    for class in [DebtClass::Consumer, DebtClass::Commercial].into_iter().filter(|c| owed(*c)) {
        for region in &now.regions {
            place(now, Region { city: None, ..*region }, class, said);
            // A city's comes on top of the state's.
            if region.city.is_some() {
                place(now, *region, class, said);
            }
        }
    }
}

fn american(zones: &[Tz]) -> bool {
    let abroad = ["America/Santiago", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"];
    zones.iter().any(|tz| !abroad.contains(&tz.name()))
}

fn place(now: &Now<'_>, region: Region, class: DebtClass, said: &mut Said) {
    let valid = now.facts.licences.iter().any(|licence| {
        licence.region == region
            && licence.class.is_none_or(|of| of == class)
            && licence.from <= now.home
            && licence.to.is_none_or(|last| now.home <= last)
    });
    if valid {
        return;
    }
    let city = match region.city {
        None => "",
        Some(City::Buffalo) => "/buffalo",
        Some(_) => "/city",
    };
    let name = format!("{}{city}", region.state.code());
    let table = if class == DebtClass::Consumer { CONSUMER } else { COMMERCIAL };
    let row = table.iter().find(|(_, names)| names.split(' ').any(|named| named == name));
    match row.map_or(Needed::Unknown, |(needed, _)| *needed) {
        Needed::Law | Needed::Lists => said.deny("licence"),
        Needed::One | Needed::Unknown => said.hold("licence"),
        Needed::No => {}
    }
}
