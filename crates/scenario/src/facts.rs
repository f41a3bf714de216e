//! Standing facts of a case: the keys of `facts` and what they make.

use crate::event::Kind;
use crate::reader::{self, Voice};
use crate::scene::Scene;
use crate::synonym;
use crate::when;
use crate::words::{Bad, Obj, listed};
use crate::world::{World, id, party};
use chrono::Duration;
use duly_compliance::{Designation, DesignationKind, Limits, Place, Stop};
use duly_domain::StopKind;
use serde_json::Value;

mod debts;
mod points;

/// Keys that bear on whether, when, how often, to whom and by what medium.
pub const KEYS: &str = "consumer_known_at knows_consumer_is_home consumer_known_at_home \
    knows_consumer_is_at_work tz debts debt consumer contact attorney location_signals inconvenient inconvenient_times \
    inconvenient_time inconvenient_place inconvenient_places employer_prohibits \
    employer_prohibits_calls employer_prohibits_contact cease_on_file \
    collector_is_mortgage_servicer active_litigation mobile_numbers landline_numbers \
    work_numbers home_numbers numbers emails email_addresses addresses email employer_email \
    employer_provided employer_emails knows_employer_provided number_owner \
    collector_knows_number_owner purpose prior_communications validation_period_end \
    accepted_media postdated_check check_date assume agency_limits consumer_says creditor_note \
    notes note opted_out not_by consents court_permission military bankruptcy disputed \
    collectors prior_collectors immediately_prior_collector prior_collector state city \
    creditor_notice known_location consumer_location known_timezone represented deceased \
    cease_request_on_file cease_notice_on_file single_account_number serviced_under_single_account same_servicing_account \
    student_loans_serviced_under_single_account_number \
    consumer_moved_known collector_knows_moved mail_address_current licensed account_status";

/// Keys of wording, of records and of background: read by classifications, or by nobody.
pub const OTHER_KEYS: &str = "consented_to_electronic_statements electronic_statement_consent payment_plan \
    payment_plan_set_by collector_name servicer reason call_purpose offer discount_offer regulation reg_z \
    validation_sent_before estate media accepts agent account_number since_itemization_date combined_notice delivery form notice_medium \
    prior_collector_reference reference_date itemization_date state_law agency language \
    languages creditor cobrand brand facility collector recorded_calls database mortgage notice \
    background says statement content consumer_name creditor_provides amount same_creditor \
    periodic_statement_required records transaction_dates last_payment last_statement vendor \
    trade_name estate_representative executor validated_before electronic_consent esign_consent \
    subject_line sender_name known_moved last_known_address response same_facts_as \
    domain provider model_form response_form qr_code assumed_name merchant_brand affinity_brand \
    facility_name validation_period notice_date disclosure disclosures content_of_notice topic \
    time_barred document envelope medium channel message text creditor_trade_name \
    original_creditor current_creditor statement_date invoice charge_off_date last_payment_date \
    last_statement_date transaction_date judgment_date service_date contract_date payments credits \
    interest fees accepts_disputes_by electronic translation reverse front pages \
    validation_previously_provided previously_validated \
    legal_requirement required_by convenient convenient_times loss_mitigation collector_type \
    consumer_request late_fee late_fee_set_by grace_period_set_by offers discount_expires";

/// Keys of whom a case is about.
const CONTACT_KEYS: &str = "role authorized authority name identified_by_name relation how appointed_by basis \
    authorized_by capacity relationship document";
/// Keys of the consumer.
const CONSUMER_KEYS: &str = "deceased minor military represented bankrupt state name role address first_name \
    middle_name last_name suffix language employer age status";
/// Keys of counsel.
const ATTORNEY_KEYS: &str = "known name_and_address_known readily_ascertainable responsive consented name address \
    written_at debts with_respect_to";

/// Calls the keys of facts, and of what stands in them, by the words that are known for them.
pub fn rename_keys(facts: &mut serde_json::Map<String, Value>) {
    let events = Kind::words().collect::<Vec<_>>().join(" ");
    synonym::rename(facts, &[&events, KEYS, OTHER_KEYS]);
    for (key, keys) in
        [("contact", CONTACT_KEYS), ("consumer", CONSUMER_KEYS), ("attorney", ATTORNEY_KEYS)]
    {
        if let Some(Value::Object(map)) = facts.get_mut(key) {
            synonym::rename(map, &[keys]);
        }
    }
    for key in ["debts", "debt"] {
        let all = match facts.get_mut(key) {
            Some(Value::Array(all)) => all.iter_mut().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for debt in all.into_iter().filter_map(Value::as_object_mut) {
            synonym::rename(debt, &[debts::DEBT_KEYS]);
        }
    }
}

/// Reads every standing fact.
pub fn apply(world: &mut World, obj: Obj<'_>, scene: &Scene) -> Result<(), Bad> {
    let dated = |key: &String| Kind::of(key).is_some();
    for key in obj.map.keys().filter(|key| !dated(key)) {
        if !listed(KEYS, key) && !listed(OTHER_KEYS, key) {
            let all =
                KEYS.split_whitespace().chain(OTHER_KEYS.split_whitespace()).chain(Kind::words());
            return Err(Bad::unknown(obj.at(key), key.as_str(), all));
        }
    }
    if let Some(assume) = obj.word("assume")? {
        match assume.as_str() {
            "nothing" => world.nothing_assumed = true,
            "ordinary" => {}
            other => return Err(Bad::unknown("facts.assume", other, ["ordinary", "nothing"])),
        }
    }
    debts::debts(world, obj)?;
    points::points(world, obj)?;
    wishes(world, obj)?;
    standing(world, obj)?;
    people(world, obj)?;
    let of_validation = |key: &str| key.starts_with("validation") || key.contains("initial");
    world.tells_validation = obj.has("prior_communications")
        || obj.has("validation_period_end")
        || scene.told.iter().any(|told| {
            let words = told.map.values().filter_map(|value| value.as_str());
            of_validation(told.kind.word())
                || told.map.keys().any(|key| of_validation(key))
                || words.into_iter().any(of_validation)
        });
    if let Some(end) = when::day(obj, "validation_period_end")? {
        world.validation_end = Some(end);
    }
    Ok(())
}

fn wishes(world: &mut World, obj: Obj<'_>) -> Result<(), Bad> {
    let (base, tz) = (world.base, world.tz);
    let on = base.with_timezone(&tz).date_naive();
    for key in ["inconvenient", "inconvenient_times", "inconvenient_time"] {
        for text in spans(obj, key)? {
            let said = reader::read(&text, Voice::Inconvenient, on, &world.names());
            crate::event::wish(world, &said, base, None);
        }
    }
    for key in ["creditor_note", "notes", "note"] {
        for text in obj.texts(key)?.unwrap_or_default() {
            let said = reader::read(&text, Voice::Note, on, &world.names());
            crate::event::wish(world, &said, base, None);
        }
    }
    for text in obj.texts("consumer_says")?.unwrap_or_default() {
        let said = reader::read(&text, Voice::Person, on, &world.names());
        crate::event::wish(world, &said, base, None);
    }
    for key in ["inconvenient_place", "inconvenient_places"] {
        for text in obj.texts(key)?.unwrap_or_default() {
            let said = reader::read(&format!("at {text}"), Voice::Inconvenient, on, &[]);
            // A place that nobody knows is no address of anything: told as any other.
            let places = said.not_places.iter().map(|(place, _)| *place);
            let places: Vec<Place> = places.chain(said.unread.then_some(Place::Other)).collect();
            for place in places {
                designation(world, DesignationKind::NotAtPlace(place), base);
            }
        }
    }
    // Where the person is known to be, every number and address reaches that place (comment 6(b)(1)(ii)-1).
    let at_home = obj.word("consumer_known_at")?.as_deref() == Some("home")
        || obj.flag("knows_consumer_is_home")? == Some(true)
        || obj.flag("consumer_known_at_home")? == Some(true);
    let place = obj.word("known_location")?.or(obj.word("consumer_location")?);
    let at_home = at_home || place.as_deref() == Some("home");
    let at_work = place.as_deref() == Some("work")
        || obj.word("consumer_known_at")?.as_deref() == Some("work")
        || obj.flag("knows_consumer_is_at_work")? == Some(true);
    world.known_at = match (at_home, at_work) {
        (true, _) => Some(Place::Home),
        (false, true) => Some(Place::Work),
        (false, false) => None,
    };
    for key in ["employer_prohibits", "employer_prohibits_calls", "employer_prohibits_contact"] {
        if obj.flag(key)? == Some(true) {
            designation(world, DesignationKind::EmployerForbids, base);
        }
    }
    for key in ["not_by", "opted_out"] {
        for text in obj.texts(key)?.unwrap_or_default() {
            crate::event::opt_out(world, &text, base, &format!("facts.{key}"))?;
        }
    }
    Ok(())
}

/// Adds a designation of every medium.
pub fn designation(world: &mut World, kind: DesignationKind, from: duly_domain::Instant) {
    world.facts.designations.push(Designation {
        kind,
        medium: None,
        point: None,
        from,
        until: None,
        oral: false,
    });
}

/// Adds a stop of every debt.
pub fn stop(world: &mut World, kind: StopKind, from: duly_domain::Instant) {
    let id = id(world.fresh());
    world.facts.stops.push(Stop {
        id,
        kind,
        party: party(),
        account: None,
        medium: None,
        point: None,
        from,
        until: None,
    });
}

fn standing(world: &mut World, obj: Obj<'_>) -> Result<(), Bad> {
    let base = world.base;
    let standing = [
        ("cease_on_file", StopKind::Cease),
        ("cease_request_on_file", StopKind::Cease),
        ("cease_notice_on_file", StopKind::Cease),
        ("represented", StopKind::Attorney),
        ("deceased", StopKind::Deceased),
    ];
    for (key, kind) in standing {
        if obj.flag(key)? == Some(true) {
            stop(world, kind, base);
        }
    }
    world.accepted_media = obj.texts("accepted_media")?;
    if obj.flag("military")? == Some(true) {
        stop(world, StopKind::Military, base);
    }
    if obj.flag("bankruptcy")? == Some(true) {
        stop(world, StopKind::Bankruptcy, base);
    }
    if obj.flag("disputed")? == Some(true) {
        let debts = world.all_debts();
        crate::event::dispute(world, base, &debts, crate::event::Form::Other);
    }
    if obj.flag("court_permission")? == Some(true) {
        let debts = world.all_debts();
        world.about_debts("court_permitted", base, &debts);
    }
    if let Some(map) = obj.map("consumer")? {
        let consumer = Obj::new("facts.consumer", map);
        consumer.only(&[CONSUMER_KEYS])?;
        let kinds = [
            ("deceased", StopKind::Deceased),
            ("military", StopKind::Military),
            ("represented", StopKind::Attorney),
            ("bankrupt", StopKind::Bankruptcy),
        ];
        for (key, kind) in kinds {
            if consumer.flag(key)? == Some(true) {
                stop(world, kind, base);
            }
        }
        consumer.flag("minor")?;
    }
    if let Some(map) = obj.map("attorney")? {
        attorney(world, Obj::new("facts.attorney", map))?;
    }
    if let Some(map) = obj.map("agency_limits")? {
        let limits: Limits =
            serde_json::from_value(Value::Object(map.clone())).map_err(|error| Bad::Form {
                key: "facts.agency_limits".to_owned(),
                found: error.to_string(),
                wanted: "limits",
            })?;
        world.facts.limits.push(limits);
    }
    for key in ["prior_collectors", "collectors", "immediately_prior_collector", "prior_collector"]
    {
        world.collectors.extend(obj.texts(key)?.unwrap_or_default());
    }
    Ok(())
}

fn attorney(world: &mut World, told: Obj<'_>) -> Result<(), Bad> {
    told.only(&[ATTORNEY_KEYS])?;
    let known = told.flag("known")? != Some(false);
    // Without a name or address that is known or can be readily ascertained nothing is barred.
    let reachable = told.flag("name_and_address_known")? != Some(false)
        || told.flag("readily_ascertainable")? == Some(true);
    let base = world.base;
    let debts = match world.debts_of(told, "debts")? {
        None => world.debts_of(told, "with_respect_to")?,
        some => some,
    };
    if known && reachable {
        match debts {
            None => stop(world, StopKind::Attorney, base),
            Some(debts) => {
                for debt in debts {
                    stop(world, StopKind::Attorney, base);
                    if let Some(stop) = world.facts.stops.last_mut() {
                        stop.account = Some(debt);
                    }
                }
            }
        }
    }
    if told.flag("consented")? == Some(true) {
        let debts = world.all_debts();
        world.about_debts("attorney_consented", base, &debts);
    }
    if told.flag("responsive")? == Some(false) {
        /// Longer than any reading of "a reasonable period".
        const SILENT_DAYS: i64 = 90;
        let debts = world.all_debts();
        world.about_debts("attorney_written", base - Duration::days(SILENT_DAYS), &debts);
        let of_counsel =
            world.facts.stops.iter_mut().filter(|stop| stop.kind == StopKind::Attorney);
        for stop in of_counsel {
            stop.from = base - Duration::days(SILENT_DAYS + 1);
        }
    }
    Ok(())
}

/// Whom the case is about.
fn people(world: &mut World, obj: Obj<'_>) -> Result<(), Bad> {
    if let Some(map) = obj.map("contact")? {
        let contact = Obj::new("facts.contact", map);
        contact.only(&[CONTACT_KEYS])?;
        if let Some(role) = contact.text("role")? {
            let known = crate::event::person(&role);
            // Anyone authorized to act for the estate, by whatever route (comment 6(a)(4)-1).
            let authorized = contact.flag("authorized")? == Some(true);
            world.contact = match (known, authorized) {
                (_, true) => Some(duly_compliance::Recipient::Estate),
                (Some(known), false) => Some(known),
                (None, false) => {
                    return Err(Bad::unknown(contact.at("role"), role, crate::event::people()));
                }
            };
        }
    }
    let purpose = obj.word("purpose")?;
    world.purpose_location = matches!(
        purpose.as_deref(),
        Some("location_information" | "location" | "acquire_location_information")
    );
    world.deceased = world.facts.stops.iter().any(|stop| stop.kind == StopKind::Deceased);
    if let Some(owner) = obj.text("number_owner")?
        && crate::event::person(&owner).is_none()
    {
        return Err(Bad::unknown("facts.number_owner", owner, crate::event::people()));
    }
    Ok(())
}

/// Times as texts; those written as `{days: [Mon], from: '15:00', to: '17:00'}` in the words that are read.
fn spans(obj: Obj<'_>, key: &str) -> Result<Vec<String>, Bad> {
    let all = match obj.get(key) {
        None => return Ok(Vec::new()),
        Some(Value::Array(all)) => all.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut out = Vec::new();
    for one in all {
        let Value::Object(map) = one else {
            let text = one
                .as_str()
                .ok_or_else(|| Bad::form(obj.at(key), one, "a text, or days and times"))?;
            out.push(text.to_owned());
            continue;
        };
        let path = obj.at(key);
        let span = Obj::new(&path, map);
        span.only(&["days day from to until through note"])?;
        let mut text = span.texts("days")?.or(span.texts("day")?).unwrap_or_default().join(" ");
        let until = span.text("to")?.or(span.text("until")?);
        match (span.text("from")?, until) {
            (Some(from), Some(until)) => text += &format!(" from {from} to {until}"),
            (Some(from), None) => text += &format!(" after {from}"),
            (None, Some(until)) => text += &format!(" before {until}"),
            (None, None) => {}
        }
        if let Some(last) = span.text("through")? {
            text += &format!(" through {last}");
        }
        out.push(text);
    }
    Ok(out)
}
