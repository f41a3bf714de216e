//! The words that names and streets are made of.

pub(super) const FIRST_NAMES: [&str; 24] = [
    "Ada", "Alma", "Amir", "Beatriz", "Carl", "Chen", "Dolores", "Edwin", "Farah", "Grace", "Hugo",
    "Imani", "Ines", "Jonas", "Keiko", "Liam", "Mai", "Nadia", "Omar", "Priya", "Rosa", "Samuel",
    "Teresa", "Zoë",
];

pub(super) const LAST_NAMES: [&str; 24] = [
    "Abbott",
    "Alvarez",
    "Bauer",
    "Castillo",
    "Dunn",
    "Engel",
    "Flores",
    "Garland",
    "Hsu",
    "Ibarra",
    "Jansen",
    "Keller",
    "Lindqvist",
    "Mbeki",
    "Nakamura",
    "O'Brien",
    "Osei",
    "Patel",
    "Quinn",
    "Reyes",
    "Sandoval",
    "Tran",
    "Ueda",
    "Whitfield",
];

pub(super) const BUSINESS_FIRST: [&str; 16] = [
    "Alder",
    "Beacon",
    "Bluewater",
    "Cedar",
    "Copper",
    "Eastgate",
    "Fairview",
    "Granite",
    "Highline",
    "Ironwood",
    "Juniper",
    "Lakeside",
    "Maple",
    "Prairie",
    "Redstone",
    "Summit",
];

pub(super) const BUSINESS_SECOND: [&str; 14] = [
    "Builders",
    "Catering",
    "Cold Storage",
    "Electric",
    "Farms",
    "Fabrication",
    "Foods",
    "Hardware",
    "Hotels",
    "Landscaping",
    "Logistics",
    "Machining",
    "Printing",
    "Roofing",
];

pub(super) const BUSINESS_FORMS: [&str; 5] = ["LLC", "Inc.", "Corp.", "Co.", "LP"];

pub(super) const STREETS: [&str; 14] = [
    "Main St",
    "Oak St",
    "Maple Ave",
    "2nd Ave",
    "5th St",
    "Church St",
    "Elm St",
    "Harbor Blvd",
    "Hillcrest Dr",
    "Lincoln Ave",
    "Market St",
    "Park Ave",
    "River Rd",
    "Washington Blvd",
];
