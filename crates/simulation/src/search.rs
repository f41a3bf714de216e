//! What providers find about a debtor.

use chrono::Days;
use duly_domain::{Date, HitKind};

use crate::{
    debtor::Debtor,
    rates::{TRACE_FINDS_ADDRESS, TRACE_FINDS_PHONE},
};

/// What a scrub finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What blocks.
    pub kind: HitKind,
    /// Since when.
    pub since: Date,
    /// Chapter of a bankruptcy; 0 else.
    pub chapter: u32,
    /// Case number, or what else identifies it.
    pub detail: String,
}

/// What a trace finds: nothing, one or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// E.164, of the range kept for fiction.
    pub phone: Option<String>,
    /// House number and street, and where.
    pub address: Option<(String, Place)>,
    /// 0 to 100.
    pub confidence: u32,
}

/// A city of the United States.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub city: &'static str,
    /// Two letters.
    pub state: &'static str,
    /// A ZIP code of it.
    pub zip: &'static str,
    /// A telephone area code of it.
    pub area_code: &'static str,
}

/// Where debtors move to.
const PLACES: [Place; 6] = [
    Place { city: "Hartford", state: "CT", zip: "06103", area_code: "860" },
    Place { city: "Columbus", state: "OH", zip: "43215", area_code: "614" },
    Place { city: "St. Louis", state: "MO", zip: "63101", area_code: "314" },
    Place { city: "San Antonio", state: "TX", zip: "78205", area_code: "210" },
    Place { city: "Albuquerque", state: "NM", zip: "87102", area_code: "505" },
    Place { city: "Sacramento", state: "CA", zip: "95814", area_code: "916" },
];

const STREETS: [&str; 6] =
    ["Birch Ln", "Canal St", "Division St", "Franklin Ave", "Mill Rd", "Orchard Dr"];

impl Debtor {
    /// A provider checks it for blocking facts.
    #[must_use]
    pub fn on_scrub(&self, asked_on: Date) -> Option<Hit> {
        let kind = self.traits.blocked_by.filter(|_| self.traits.scrub_finds)?;
        let mut dice = self.dice("hit", 0);
        let days = Days::new(u64::from(dice.between(10, 300)));
        let since = asked_on.checked_sub_days(days).unwrap_or(asked_on);
        let chapter = match kind {
            HitKind::Bankruptcy => *dice.pick(&[7, 7, 7, 13, 11]),
            HitKind::Deceased | HitKind::Military => 0,
        };
        let number = dice.between(10_000, 99_999);
        let detail = match kind {
            HitKind::Bankruptcy => format!("case 25-{number}"),
            HitKind::Deceased => format!("certificate {number}"),
            HitKind::Military => "active duty".to_owned(),
        };
        Some(Hit { kind, since, chapter, detail })
    }

    /// A provider looks for where it is. What is found is true: letters arrive there from now on.
    pub fn on_trace(&mut self) -> Found {
        let mut dice = self.dice("trace", 0);
        let place = self.place();
        let phone = dice.per_mille(TRACE_FINDS_PHONE).then(|| self.phone_found());
        let found = dice.per_mille(TRACE_FINDS_ADDRESS);
        let (house, street) = (dice.between(10, 989), *dice.pick(&STREETS));
        self.address_found |= found;
        Found {
            phone,
            address: found.then(|| (format!("{house} {street}"), place)),
            confidence: dice.between(60, 95),
        }
    }

    fn place(&self) -> Place {
        *self.dice("place", 0).pick(&PLACES)
    }

    /// Its true number, which a trace may find.
    pub(crate) fn phone_found(&self) -> String {
        let last = 100 + self.dice("phone", 0).below(100);
        format!("+1{}555{last:04}", self.place().area_code)
    }
}
