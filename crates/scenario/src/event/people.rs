//! Who is addressed, and at which number or address.

use duly_compliance::{Medium, Recipient};
use duly_domain::PointId;

use crate::words::{Bad, Obj, plain};
use crate::world::{HOME_PHONE, World};

/// Words for somebody who is addressed.
const PEOPLE: &[(&str, Recipient)] = &[
    ("consumer", Recipient::Debtor),
    ("debtor", Recipient::Debtor),
    ("spouse", Recipient::Spouse),
    ("surviving_spouse", Recipient::Spouse),
    ("parent", Recipient::ParentOfMinor),
    ("guardian", Recipient::Guardian),
    ("legal_guardian", Recipient::Guardian),
    ("executor", Recipient::Estate),
    ("administrator", Recipient::Estate),
    ("personal_representative", Recipient::Estate),
    ("estate_representative", Recipient::Estate),
    ("estate", Recipient::Estate),
    ("universal_successor", Recipient::Estate),
    ("affiant", Recipient::Estate),
    ("successor_in_interest", Recipient::SuccessorInInterest),
    ("confirmed_successor_in_interest", Recipient::SuccessorInInterest),
    ("attorney", Recipient::DebtorsAttorney),
    ("consumers_attorney", Recipient::DebtorsAttorney),
    ("consumer_attorney", Recipient::DebtorsAttorney),
    ("consumer_reporting_agency", Recipient::ReportingAgency),
    ("credit_bureau", Recipient::ReportingAgency),
    ("creditor", Recipient::Creditor),
    ("creditors_attorney", Recipient::Creditor),
    ("collectors_attorney", Recipient::AgencysAttorney),
    ("employer", Recipient::Employer),
    ("third_party", Recipient::ThirdParty),
    ("friend", Recipient::ThirdParty),
    ("consumer_friend", Recipient::ThirdParty),
    ("number_of_friend", Recipient::ThirdParty),
    ("neighbor", Recipient::ThirdParty),
    ("neighbour", Recipient::ThirdParty),
    ("relative", Recipient::ThirdParty),
    ("family", Recipient::ThirdParty),
    ("coworker", Recipient::ThirdParty),
    ("roommate", Recipient::ThirdParty),
    ("sibling", Recipient::ThirdParty),
    ("child", Recipient::ThirdParty),
];

/// Who is meant by a word, if it is one.
pub fn person(word: &str) -> Option<Recipient> {
    let word = plain(word);
    if let Some((_, who)) = PEOPLE.iter().find(|(known, _)| *known == word) {
        return Some(*who);
    }
    // An address or a number is nobody; "surviving spouse of the consumer" is the spouse.
    if word.contains(|c: char| c == '@' || c.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = word.split('_').collect();
    let named = |known: &str| {
        let known: Vec<&str> = known.split('_').collect();
        parts.windows(known.len()).any(|some| some == known)
    };
    let longest = PEOPLE
        .iter()
        .filter(|(known, who)| *who != Recipient::Debtor && *known != "child" && named(known))
        .max_by_key(|(known, _)| known.len());
    if parts.iter().any(|part| ESTATE.contains(part)) {
        return Some(Recipient::Estate);
    }
    longest.map(|(_, who)| *who)
}

/// Whoever may act for an estate, by whatever route: comment 6(a)(4)-1.
const ESTATE: &[&str] = &[
    "executor",
    "executrix",
    "administrator",
    "affidavit",
    "affiant",
    "declaration",
    "declarant",
    "universal",
    "succession",
    "extrajudicial",
    "extrajudicially",
    "probate",
    "trustee",
];

/// Every word for somebody.
pub fn people() -> impl Iterator<Item = &'static str> {
    PEOPLE.iter().map(|(word, _)| *word)
}

/// The number or address that an event names, and who is addressed.
pub fn addressed(
    world: &mut World,
    told: Obj<'_>,
    medium: Medium,
    keys: &[&str],
) -> Result<(PointId, Recipient), Bad> {
    let mut who = Recipient::Debtor;
    let mut point = None;
    for key in keys {
        let Some(name) = told.text(key)? else { continue };
        match person(&name) {
            Some(found) => {
                who = found;
                if !found.is_consumer() || found != Recipient::Debtor {
                    point = Some(world.point_of_person(&plain(&name), medium));
                }
            }
            None => point = Some(named(world, &told.at(key), &name, medium)?),
        }
    }
    let point = match point {
        Some(point) => point,
        None => world.point_for(medium),
    };
    Ok((point, who))
}

/// A number or address by the name that stands somewhere.
pub fn named(world: &mut World, key: &str, name: &str, medium: Medium) -> Result<PointId, Bad> {
    let word = plain(name);
    let word = ["consumers_", "consumer_", "debtors_", "debtor_", "the_"]
        .iter()
        .find_map(|whose| word.strip_prefix(whose))
        .unwrap_or(&word);
    let place = match word {
        "home_landline" | "landline" | "home_phone" | "home_number" => Some(HOME_PHONE),
        "mobile" | "cell" | "mobile_number" | "mobile_phone" => Some(crate::world::MOBILE),
        "work" | "work_phone" | "work_number" | "office" => Some(crate::world::WORK_PHONE),
        "home" | "home_address" | "residential_address" | "residence" if medium == Medium::Mail => {
            Some(crate::world::HOME)
        }
        "home" => Some(HOME_PHONE),
        "work_address" => Some(crate::world::WORK),
        "last_known_address" => Some(crate::world::HOME),
        "email" | "email_address" => Some(crate::world::EMAIL),
        _ => None,
    };
    if let Some(place) = place {
        let id = world.point(place, false);
        let (kind, _) = World::usual(medium);
        world.name(kind, id);
        return Ok(id);
    }
    let known = world.points.iter().any(|point| point.name.eq_ignore_ascii_case(name));
    let looks = name.contains('@')
        || name.chars().any(|c| c.is_ascii_digit())
        || (name.contains(' ') && name.chars().any(|c| c.is_ascii_digit()));
    if known || looks {
        return Ok(world.point(name, true));
    }
    let words =
        people().chain(["mobile", "home_landline", "work_phone", "home_address", "work_address"]);
    Err(Bad::unknown(key, name, words))
}
