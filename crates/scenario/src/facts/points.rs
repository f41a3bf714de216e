//! Numbers and addresses, and what they say about where the person is.

use duly_compliance::{LineType, Medium, Place, PointKind, Zones};
use serde_json::Value;

use crate::words::{Bad, Obj};
use crate::world::{HOME, HOME_PHONE, MOBILE, WORK, WORK_PHONE, World};

pub fn points(world: &mut World, obj: Obj<'_>) -> Result<(), Bad> {
    let signals = obj.maps("location_signals")?;
    world.signals = !signals.is_empty();
    for (path, map) in &signals {
        let signal = Obj::new(path, map);
        signal.only(&["kind tz state zip number address"])?;
        let kind = signal.word("kind")?.unwrap_or_default();
        let name = match kind.as_str() {
            k if k.starts_with("mobile") => MOBILE,
            k if k.starts_with("work") && k.contains("address") => WORK,
            k if k.starts_with("work") => WORK_PHONE,
            k if k.contains("landline") || k == "area_code" || k.contains("phone") => HOME_PHONE,
            k if k.contains("address") || k == "zip" => HOME,
            other => {
                let words = [
                    "mobile_area_code",
                    "landline_area_code",
                    "residential_address",
                    "work_area_code",
                    "work_address",
                    "zip",
                ];
                return Err(Bad::unknown(signal.at("kind"), other, words));
            }
        };
        let zone = signal.text("tz")?.map(|name| {
            let wrong = Value::String(name.clone());
            name.parse().map_err(|_| Bad::form(signal.at("tz"), &wrong, "a zone, America/New_York"))
        });
        let zones = zone.transpose()?.map_or(Zones::Unknown, |zone| Zones::In(vec![zone]));
        let id = world.point(name, false);
        if let Some(point) = world.point_mut(id) {
            point.zones = zones;
        }
    }
    if signals.is_empty() {
        world.point(HOME, false);
    }
    // Who is known to be in a zone is in that one, whatever the signals say (comment 6(b)(1)(i)-2).
    for key in ["known_location", "known_timezone", "consumer_location"] {
        let zone = obj.text(key)?.and_then(|name| name.parse::<duly_domain::Zone>().ok());
        let Some(zone) = zone else { continue };
        let telling = |point: &&mut duly_compliance::Point| point.zones != Zones::NoSignal;
        for point in world.facts.points.iter_mut().filter(telling) {
            point.zones = Zones::In(vec![zone]);
        }
    }
    let lists = [
        ("mobile_numbers", LineType::Wireless, None),
        ("numbers", LineType::Wireless, None),
        ("landline_numbers", LineType::Landline, Some(Place::Home)),
        ("home_numbers", LineType::Landline, Some(Place::Home)),
        ("work_numbers", LineType::Landline, Some(Place::Work)),
    ];
    for (key, line, place) in lists {
        for name in obj.texts(key)?.unwrap_or_default() {
            let id = world.point(&name, true);
            if let Some(point) = world.point_mut(id) {
                point.line = line;
                point.place = place;
            }
        }
    }
    let employer = ["employer_email", "employer_emails"];
    for key in ["email", "emails", "email_addresses", "employer_email", "employer_emails"] {
        for (name, row) in addresses(obj, key)? {
            let id = world.point(&name, true);
            let Some(point) = world.point_mut(id) else { continue };
            point.kind = PointKind::Email;
            point.zones = Zones::NoSignal;
            point.of_employer = employer.contains(&key).then_some(true);
            if let Some((path, row)) = row {
                let row = Obj::new(&path, row);
                row.only(&[
                    "address employer_provided known_employer_provided public_domain note",
                ])?;
                let employer =
                    row.flag("employer_provided")?.or(row.flag("known_employer_provided")?);
                point.of_employer = employer.or(point.of_employer);
                point.public_domain = row.flag("public_domain")?.or(point.public_domain);
            }
        }
    }
    let provided = ["employer_provided", "knows_employer_provided"];
    for key in provided {
        if let Some(known) = obj.flag(key)? {
            let id = world.point_for(Medium::Email);
            if let Some(point) = world.point_mut(id) {
                point.of_employer = Some(known);
            }
        }
    }
    Ok(())
}

/// An address, and what is told of it beside its name.
type Row<'a> = (String, Option<(String, &'a serde_json::Map<String, Value>)>);

/// Addresses: texts, or mappings with an `address`.
fn addresses<'a>(obj: Obj<'a>, key: &str) -> Result<Vec<Row<'a>>, Bad> {
    let all = match obj.get(key) {
        None => return Ok(Vec::new()),
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    all.iter()
        .map(|one| match one {
            Value::String(name) => Ok((name.trim().to_owned(), None)),
            Value::Object(map) => {
                let path = obj.at(key);
                let name = Obj::new(&path, map).text("address")?;
                let name = name.ok_or(Bad::Missing { key: path.clone(), wanted: "the address" })?;
                Ok((name, Some((path, map))))
            }
            other => Err(Bad::form(obj.at(key), other, "an address")),
        })
        .collect()
}
