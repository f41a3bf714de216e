//! What people want, allow and take back.

use duly_compliance::{
    Consent, ConsentFor, Designation, DesignationKind, DisputeForm, Event, GivenTo, Medium, Stop,
};
use duly_domain::{Date, Instant, PointId, StopKind};

use super::{contact, people};
use crate::reader::{self, Said, Voice};
use crate::scene::Told;
use crate::when;
use crate::words::{Bad, plain};
use crate::world::{self, World, id, party};

/// Stores what was understood. `call_back` is the day of a contact in which leave to call was given.
pub fn wish(world: &mut World, said: &Said, at: Instant, call_back: Option<Date>) {
    if said.lifts {
        lift(world, at);
        return;
    }
    let designate = |world: &mut World, kind, medium| {
        world.facts.designations.push(Designation {
            kind,
            medium,
            point: None,
            from: at,
            until: None,
            oral: false,
        });
    };
    for (times, medium) in &said.not_at {
        designate(world, DesignationKind::NotAt(*times), *medium);
    }
    for (place, medium) in &said.not_places {
        designate(world, DesignationKind::NotAtPlace(*place), *medium);
    }
    if said.employer_forbids {
        designate(world, DesignationKind::EmployerForbids, None);
    }
    for times in &said.please {
        designate(world, DesignationKind::Please(*times), None);
    }
    for medium in &said.not_media {
        refuse(world, Some(*medium), None, at);
    }
    for name in &said.not_points {
        let point = world.point(name, true);
        refuse(world, None, Some(point), at);
    }
    // By word of mouth no cease notice, but a wish not to be reached at all.
    if said.no_contact || said.refuses {
        refuse(world, None, None, at);
    }
    if said.attorney == Some(true) {
        crate::facts::stop(world, StopKind::Attorney, at);
    } else if said.attorney == Some(false) {
        end(world, StopKind::Attorney, at);
    }
    if said.bankruptcy {
        crate::facts::stop(world, StopKind::Bankruptcy, at);
    }
    if said.disputes {
        let debts = world.all_debts();
        super::dispute(world, at, &debts, super::Form::Other);
        if let Some(last) = world.facts.disputes.last_mut() {
            last.form = DisputeForm::Other;
        }
    }
    if let Some(day) = call_back.filter(|_| said.may_call) {
        leave_to_call(world, said, at, day);
    }
}

/// 12 CFR 1006.14(b)(3)(i): a consent to more calls, for the day or times that were named, else for seven
/// days.
fn leave_to_call(world: &mut World, said: &Said, at: Instant, day: Date) {
    // It begins after the contact in which it was given: that conversation does not end it.
    let begins = at + chrono::Duration::seconds(1);
    let mut consent = Consent {
        medium: Some(Medium::Call),
        ..world::consent(ConsentFor::MoreCalls, begins, None)
    };
    if let [times] = said.please.as_slice() {
        let next = (0..7).map(|n| when::plus(day, n)).find(|next| {
            let weekday = chrono::Datelike::weekday(next);
            times.days.contains(weekday) && times.first_day.is_none_or(|first| *next >= first)
        });
        if let Some(next) = next {
            consent.from = begins.max(when::start(world.tz, next));
            consent.until = Some(when::start(world.tz, when::plus(next, 1)));
        }
    }
    world.facts.consents.push(consent);
}

/// Adds a request not to use a medium, number or address.
fn refuse(world: &mut World, medium: Option<Medium>, point: Option<PointId>, at: Instant) {
    let number = id(world.fresh());
    world.facts.stops.push(Stop {
        id: number,
        kind: StopKind::OptOut,
        party: party(),
        account: None,
        medium,
        point,
        from: at,
        until: None,
    });
    if let Some(kind) = World::kind("opt_out_received") {
        world.event(Event { medium, point, ..Event::new(kind, at) });
    }
}

fn end(world: &mut World, kind: StopKind, at: Instant) {
    for stop in world.facts.stops.iter_mut().filter(|stop| stop.kind == kind) {
        stop.until.get_or_insert(at);
    }
}

fn lift(world: &mut World, at: Instant) {
    for designation in &mut world.facts.designations {
        designation.until.get_or_insert(at);
    }
}

/// What somebody says, and what a client's file notes.
pub fn says(world: &mut World, told: &Told) -> Result<(), Bad> {
    let obj = told.obj();
    if told.kind.does() == super::Does::Placement
        && let Some(by) = obj.text("by")?
    {
        world.collectors.retain(|known| *known != by);
        world.collectors.push(by);
    }
    let keys = [
        ("consumer_says", Voice::Person),
        ("says", Voice::Person),
        ("text", Voice::Person),
        ("creditor_note", Voice::Note),
        ("notes", Voice::Note),
        ("file_note", Voice::Note),
        ("note", Voice::Note),
        ("scope", Voice::Inconvenient),
        ("place", Voice::Inconvenient),
        ("days", Voice::Inconvenient),
        ("between", Voice::Inconvenient),
    ];
    let mut read = false;
    for (key, voice) in keys {
        let Some(text) = obj.text(key)? else { continue };
        let text = if key == "between" { format!("between {text}") } else { text };
        let text = if key == "place" { format!("at {text}") } else { text };
        let said = reader::read(&text, voice, told.day, &world.names());
        wish(world, &said, told.at, Some(told.day));
        // "jane@example.com is provided by my employer".
        let lower = text.to_lowercase();
        if ["employer", "work email", "work address"].iter().any(|words| lower.contains(words)) {
            for name in said.points.iter().filter(|name| name.contains('@')) {
                let point = world.point(name, true);
                if let Some(row) = world.point_mut(point) {
                    row.of_employer = Some(true);
                }
            }
        }
        read = true;
    }
    contact::clarified(world, told)?;
    if !read && told.kind.does() == super::Does::Says {
        return Err(Bad::Missing { key: obj.at("consumer_says"), wanted: "what was said" });
    }
    Ok(())
}

/// A request not to use a medium, number or address, by its scope.
pub fn opt_out(world: &mut World, scope: &str, at: Instant, key: &str) -> Result<(), Bad> {
    let medium = match plain(scope).as_str() {
        "all" | "everything" | "all_media" => {
            refuse(world, None, None, at);
            return Ok(());
        }
        "call" | "calls" | "telephone" | "phone" | "telephone_calls" => Some(Medium::Call),
        "sms" | "text" | "texts" | "text_messages" | "text_message" => Some(Medium::Text),
        "email" | "emails" | "all_email" => Some(Medium::Email),
        "mail" | "letters" | "post" | "letter" => Some(Medium::Mail),
        "social" | "social_media" => Some(Medium::Social),
        "portal" | "app" => Some(Medium::Portal),
        "electronic" | "electronic_communications" | "all_electronic" => {
            for medium in Medium::ALL.into_iter().filter(|medium| medium.is_electronic()) {
                refuse(world, Some(medium), None, at);
            }
            return Ok(());
        }
        _ => None,
    };
    if medium.is_some() {
        refuse(world, medium, None, at);
        return Ok(());
    }
    let named = world.points.iter().any(|point| point.name.eq_ignore_ascii_case(scope));
    let one =
        !scope.contains(' ') && (scope.contains('@') || scope.chars().any(|c| c.is_ascii_digit()));
    if named || one {
        let point = people::named(world, key, scope, Medium::Email)?;
        refuse(world, None, Some(point), at);
        return Ok(());
    }
    // Words: "texts to N1", "stop".
    let said = reader::read(
        &format!("do not use {scope}"),
        Voice::Person,
        Date::default(),
        &world.names(),
    );
    match (said.not_points.as_slice(), said.not_media.as_slice(), said.unread) {
        (_, _, true) | ([], [], _) => refuse(world, None, None, at),
        (points, media, _) => {
            let one = match media {
                [one] => Some(*one),
                _ => None,
            };
            for name in points {
                let point = world.point(name, true);
                refuse(world, one, Some(point), at);
            }
            for medium in media.iter().filter(|_| points.is_empty()) {
                refuse(world, Some(*medium), None, at);
            }
        }
    }
    Ok(())
}

/// An opt-out.
pub fn opted_out(world: &mut World, told: &Told) -> Result<(), Bad> {
    let obj = told.obj();
    for key in ["scope", "address", "number", "emails", "numbers", "not_by"] {
        if let Some(all) = obj.texts(key)? {
            for text in all {
                opt_out(world, &text, told.at, &obj.at(key))?;
            }
            return Ok(());
        }
    }
    for key in ["says", "text", "consumer_says"] {
        if let Some(text) = obj.text(key)? {
            let said = reader::read(&text, Voice::Person, told.day, &world.names());
            // "STOP" in answer to a text: texts to that number.
            let medium = obj.word("medium")?;
            let plain_stop = !said.not_media.is_empty() || !said.not_points.is_empty();
            match (medium, plain_stop) {
                (Some(medium), false) => opt_out(world, &medium, told.at, &obj.at("medium"))?,
                _ => wish(world, &said, told.at, None),
            }
            return Ok(());
        }
    }
    match obj.word("medium")? {
        Some(medium) => opt_out(world, &medium, told.at, &obj.at("medium")),
        None => opt_out(world, "all", told.at, &obj.at("scope")),
    }
}

/// The end of designations and opt-outs.
pub fn lifted(world: &mut World, told: &Told) -> Result<(), Bad> {
    lift(world, told.at);
    end(world, StopKind::OptOut, told.at);
    Ok(())
}

/// For what a consent is, by the words of its scope.
fn consents_to(
    world: &mut World,
    text: &str,
    point: Option<PointId>,
) -> Vec<(ConsentFor, Option<Medium>, Option<PointId>)> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let mut out = Vec::new();
    let barred = has(&[
        "at work",
        "at home",
        "at any time",
        "after",
        "before",
        "weekend",
        "attorney",
        "evening",
        "night",
        "place of employment",
    ]);
    if has(&["third part", "speak with", "discuss with", "spouse's", "talk to my"]) {
        out.push((ConsentFor::ThirdParty, None, None));
    }
    if has(&["e-sign", "esign", "electronic disclosures", "electronic form", "receive disclosures"])
    {
        out.push((ConsentFor::Esign, None, None));
    }
    if has(&["autodial", "prerecorded", "artificial", "automated", "robo"]) {
        out.push((ConsentFor::Automated, None, point));
    }
    if has(&["email", "e-mail", "@"]) {
        let point = point.unwrap_or_else(|| world.point_for(Medium::Email));
        out.push((ConsentFor::Email, None, Some(point)));
    }
    if has(&["text", "sms"]) {
        let point = point.unwrap_or_else(|| world.point_for(Medium::Text));
        out.push((ConsentFor::Text, None, Some(point)));
        out.push((ConsentFor::Automated, None, Some(point)));
    }
    if barred {
        let medium = has(&["call", "phone"]).then_some(Medium::Call);
        out.push((ConsentFor::Contact, medium, None));
    } else if has(&["call", "phone", "telephone"]) {
        out.push((ConsentFor::MoreCalls, Some(Medium::Call), None));
    }
    if out.is_empty() {
        out.push((ConsentFor::Contact, None, None));
    }
    out
}

/// A consent.
pub fn consent(world: &mut World, told: &Told) -> Result<(), Bad> {
    const GIVEN: &[(&str, GivenTo)] = &[
        ("us", GivenTo::Agency),
        ("collector", GivenTo::Agency),
        ("this_collector", GivenTo::Agency),
        ("debt_collector", GivenTo::Agency),
        ("agency", GivenTo::Agency),
        ("creditor", GivenTo::Creditor),
        ("prior_debt_collector", GivenTo::PriorCollector),
        ("prior_collector", GivenTo::PriorCollector),
        ("previous_debt_collector", GivenTo::PriorCollector),
        ("previous_collector", GivenTo::PriorCollector),
    ];
    let obj = told.obj();
    let given_to = obj.one_of("given_to", GIVEN)?.unwrap_or(GivenTo::Agency);
    // What is given in a contact that should not have been is no consent (comment 6(b)(4)(i)-1).
    let given_to = match (given_to, obj.text("during")?) {
        (GivenTo::Agency, Some(during)) if during.to_lowercase().contains("inconvenient") => {
            GivenTo::AgencyInBreach
        }
        _ => given_to,
    };
    let provided = told
        .map
        .get("event")
        .and_then(|v| v.as_str())
        .is_some_and(|word| word.ends_with("provided"));
    // A number or address that is handed over is a consent to its use where that use was disclosed.
    let ways = [
        "disclosed_use",
        "discloses_use",
        "collector_disclosed_use",
        "disclosed_possible_use",
        "disclosure_given",
        "clear_disclosure",
    ];
    let disclosed = ways.iter().find_map(|key| obj.flag(key).transpose()).transpose()?;
    if provided && disclosed != Some(true) || obj.flag("valid")? == Some(false) {
        for key in ["address", "number"] {
            if let Some(name) = obj.text(key)? {
                world.point(&name, true);
            }
        }
        return Ok(());
    }
    let mut point = None;
    for (key, medium) in
        [("number", Medium::Call), ("address", Medium::Email), ("for", Medium::Email)]
    {
        if let Some(name) = obj.text(key)? {
            point = Some(people::named(world, &obj.at(key), &name, medium)?);
        }
    }
    let debts = world.debts_of(obj, "debts")?.or(world.debts_of(obj, "debt")?);
    let mut texts: Vec<String> = Vec::new();
    for key in ["scope", "text", "says", "consumer_says", "kind"] {
        texts.extend(obj.text(key)?);
    }
    if let (true, Some(point)) = (texts.is_empty(), point) {
        let email =
            world.point_mut(point).is_some_and(|row| row.kind == duly_compliance::PointKind::Email);
        texts.push(if email { "email" } else { "text" }.to_owned());
    }
    let text = texts.join(" ");
    let said = reader::read(&text, Voice::Person, told.day, &world.names());
    let name = said.points.first().filter(|_| point.is_none()).cloned();
    if let Some(name) = name {
        point = Some(world.point(&name, true));
    }
    let until = ["until", "through", "expires"]
        .iter()
        .find_map(|key| when::day(obj, key).transpose())
        .transpose()?;
    for (what, medium, at_point) in consents_to(world, &text, point) {
        if what == ConsentFor::MoreCalls && given_to == GivenTo::Agency && until.is_none() {
            let before = world.facts.consents.len();
            leave_to_call(world, &said, told.at, told.day);
            for consent in &mut world.facts.consents[before..] {
                consent.account = debts.as_ref().and_then(|debts| debts.first().copied());
                // The day of receipt is the first day: calls of that day are under it too.
                consent.from = consent.from.min(told.at.max(consent.from));
            }
            continue;
        }
        let accounts: Vec<_> = match &debts {
            None => vec![None],
            Some(debts) => debts.iter().copied().map(Some).collect(),
        };
        for account in accounts {
            world.facts.consents.push(Consent {
                given_to,
                account,
                medium,
                until: until.map(|day| when::start(world.tz, when::plus(day, 1))),
                ..world::consent(what, told.at, at_point)
            });
        }
    }
    Ok(())
}

/// A consent taken back: all of them, or those of a medium, number or address that is named.
pub fn consent_ends(world: &mut World, told: &Told) -> Result<(), Bad> {
    let obj = told.obj();
    let mut scope: Vec<String> = Vec::new();
    for key in ["scope", "address", "number", "text", "says"] {
        scope.extend(obj.text(key)?);
    }
    let text = scope.join(" ").to_lowercase();
    let points: Vec<PointId> = world
        .points
        .iter()
        .filter(|named| text.contains(&named.name.to_lowercase()))
        .map(|named| named.id)
        .collect();
    for consent in &mut world.facts.consents {
        let named = points.is_empty() || consent.point.is_none_or(|point| points.contains(&point));
        if consent.from <= told.at && named {
            consent.withdrawn_at.get_or_insert(told.at);
        }
    }
    Ok(())
}
