//! Calls and messages, ours and the person's.

use duly_compliance::{
    Attempt, DialMode, Event, Inbound, Initiator, Medium, Outcome, Purpose, Recipient, counts_for,
};
use duly_domain::{AccountId, Disposition, PointId};

use super::people::{addressed, named, person};
use super::wish;
use crate::reader::{self, Voice};
use crate::scene::Told;
use crate::words::{Bad, Obj, plain};
use crate::world::{World, id};

/// How a call ended, and what of it the guard counts by.
pub const RESULTS: &[(&str, Disposition)] = &[
    ("unanswered", Disposition::NoAnswer),
    ("no_answer", Disposition::NoAnswer),
    ("rings", Disposition::NoAnswer),
    ("rang", Disposition::NoAnswer),
    ("ringing", Disposition::NoAnswer),
    ("not_answered", Disposition::NoAnswer),
    ("voicemail", Disposition::Voicemail),
    ("voicemail_limited_content", Disposition::Voicemail),
    ("limited_content_message", Disposition::Voicemail),
    ("voicemail_with_debt_information", Disposition::Voicemail),
    ("voicemail_no_message", Disposition::Voicemail),
    ("voicemail_full", Disposition::Voicemail),
    ("ringless_voicemail", Disposition::Voicemail),
    ("recorded_message", Disposition::Voicemail),
    ("conversation", Disposition::Reached),
    ("answered", Disposition::Reached),
    ("reached", Disposition::Reached),
    ("spoke", Disposition::Reached),
    // Answered, and nobody conversed.
    ("answered_dropped", Disposition::ThirdParty),
    ("dropped", Disposition::ThirdParty),
    ("answered_then_dropped", Disposition::ThirdParty),
    ("hung_up", Disposition::ThirdParty),
    ("third_party", Disposition::ThirdParty),
    ("third_party_answered", Disposition::ThirdParty),
    ("busy", Disposition::Busy),
    ("busy_signal", Disposition::Busy),
    ("not_connected", Disposition::Busy),
    ("not_in_service", Disposition::NotInService),
    ("number_not_in_service", Disposition::NotInService),
    ("disconnected", Disposition::NotInService),
    ("wrong_number", Disposition::WrongNumber),
    ("not_made", Disposition::NotMade),
    ("unknown", Disposition::Unknown),
];

/// The outcome of a call.
pub fn outcome(told: Obj<'_>) -> Result<Disposition, Bad> {
    match told.one_of("result", RESULTS) {
        Ok(found) => Ok(found.unwrap_or(Disposition::NoAnswer)),
        // In words of its own: "goes to voicemail without ringing".
        Err(bad) => {
            let words = told.word("result")?.unwrap_or_default().replace('_', " ");
            let denies = words.split(' ').any(|word| matches!(word, "no" | "not" | "never"));
            let read = crate::classify::subject::outcome_in(&words).filter(|_| !denies);
            read.ok_or(bad)
        }
    }
}

/// Whether the event is another's: a collector who had the debt before, or the creditor.
pub fn others(world: &World, told: Obj<'_>) -> Result<bool, Bad> {
    let Some(by) = told.text("by")? else { return Ok(false) };
    let ours =
        matches!(plain(&by).as_str(), "us" | "we" | "collector" | "debt_collector" | "agency");
    Ok(!ours && world.we.as_ref().is_none_or(|we| *we != by))
}

/// A call of ours.
pub fn call(world: &mut World, told: &Told) -> Result<(), Bad> {
    let obj = told.obj();
    let (point, who) =
        addressed(world, obj, Medium::Call, &["to", "recipient", "number", "address"])?;
    let disposition = match told.kind.word() {
        "voicemail_left" | "ringless_voicemail_left" => Disposition::Voicemail,
        _ => outcome(obj)?,
    };
    let conversation = disposition == Disposition::Reached;
    let tried = world.debts_of(obj, "debts")?.or(world.debts_of(obj, "debt")?);
    let discussed = world.debts_of(obj, "debts_discussed")?.or(world.debts_of(obj, "discussed")?);
    let raised = world
        .debts_of(obj, "raised_by_consumer")?
        .or(world.debts_of(obj, "consumer_raised")?)
        .or(world.debts_of(obj, "initiated_by_consumer")?)
        .or(world.debts_of(obj, "consumer_initiated_topic")?)
        .or(world.debts_of(obj, "debts_raised_by_consumer")?)
        .or(world.debts_of(obj, "topics_raised_by_consumer")?)
        .unwrap_or_default();
    let raised: Vec<AccountId> = match obj.get("raised_by") {
        Some(serde_json::Value::String(who)) if person(who) == Some(Recipient::Debtor) => {
            discussed.clone().or(tried.clone()).unwrap_or_default()
        }
        Some(serde_json::Value::Object(each)) => {
            let by_person =
                |who: &serde_json::Value| who.as_str().and_then(person) == Some(Recipient::Debtor);
            let names = each.iter().filter(|(_, who)| by_person(who)).map(|(name, _)| name);
            names.map(|name| world.debt("raised_by", name)).collect::<Result<_, _>>()?
        }
        _ => raised,
    };
    let attributed =
        world.debts_of(obj, "attributed_to")?.or(world.debts_of(obj, "counted_toward")?);
    // What the person alone brought up is discussed, and no call was placed for it (comment
    // 14(b)(4)-2.vi).
    let only_person = |debt: &AccountId| {
        let placed = tried.as_ref().is_none_or(|tried| tried.contains(debt));
        raised.contains(debt) || !placed
    };
    let mut named: Vec<AccountId> = match (&discussed, disposition) {
        // What we raised and the person would not discuss was raised all the same (comment
        // 14(b)(4)-2.vi).
        (Some(discussed), _) => match &tried {
            Some(tried)
                if !discussed.is_empty() && tried.iter().all(|debt| !discussed.contains(debt)) =>
            {
                tried.iter().chain(discussed).copied().collect()
            }
            _ => discussed.clone(),
        },
        (None, Disposition::Reached | Disposition::ThirdParty) => {
            tried.clone().unwrap_or_else(|| world.all_debts())
        }
        // A limited-content message refers to no debt.
        (None, _) if conveys_debt(obj)? => tried.clone().unwrap_or_default(),
        (None, _) => Vec::new(),
    };
    named.extend(raised.iter().filter(|debt| !named.contains(debt)).copied().collect::<Vec<_>>());
    // Where no debt was spoken of it counts for the one of choice, stored when it was made.
    let meant: Vec<AccountId> = attributed
        .iter()
        .flatten()
        .copied()
        .chain(tried.clone().unwrap_or_else(|| world.all_debts()))
        .collect();
    let ringless = told.kind.word() == "ringless_voicemail_left"
        || obj.flag("ringless")? == Some(true)
        || obj.word("result")?.as_deref() == Some("ringless_voicemail");
    let purpose = match obj.word("purpose")?.as_deref() {
        Some("location_information" | "location") => Purpose::Location,
        _ if !who.is_consumer() && !who.is_professional() => Purpose::Location,
        _ => Purpose::Collect,
    };
    let mut talked: Vec<AccountId> = Vec::new();
    for at in told.instants() {
        let outcome = Outcome {
            medium: Medium::Call,
            disposition,
            at,
            initiator: Initiator::Agency,
            recipient: who,
            meant: &meant,
            named: &named,
        };
        // One call, a row for each debt that it counts for.
        let number = id(world.fresh());
        for (account, counted) in counts_for(&outcome) {
            talked.extend(counted.conversation.then_some(account));
            world.facts.attempts.push(Attempt {
                point: Some(point),
                counted: counted.counted && !(counted.conversation && only_person(&account)),
                conversation: counted.conversation,
                purpose,
                recipient: who,
                dial_mode: Some(if ringless { DialMode::Ringless } else { DialMode::Manual }),
                ..Attempt::new(number, account, Medium::Call, at)
            });
        }
    }
    if disposition == Disposition::WrongNumber {
        super::apply::wrong(world, point, told.last());
    }
    if conversation && !who.is_consumer() {
        let kind = World::kind("location_asked");
        if let Some(kind) = kind {
            world.event(Event::new(kind, told.last()).at_point(point));
        }
    }
    if conversation && who.is_consumer() {
        for account in &mut world.facts.accounts {
            if talked.contains(&account.id) {
                account.first_spoken_at.get_or_insert(told.at);
            }
        }
    }
    spoken(world, told, Voice::Person)
}

/// Whether what was left refers to a debt.
fn conveys_debt(obj: Obj<'_>) -> Result<bool, Bad> {
    let result = obj.word("result")?;
    Ok(obj.flag("conveys_debt_information")? == Some(true)
        || result.as_deref() == Some("voicemail_with_debt_information")
        || (result.as_deref() == Some("voicemail")
            && (obj.has("content") || obj.has("text"))
            && !crate::classify::message::is_limited_content(obj)?))
}

/// What the person said in a contact.
fn spoken(world: &mut World, told: &Told, voice: Voice) -> Result<(), Bad> {
    let obj = told.obj();
    if let Some(text) = obj.text("consumer_says")? {
        let said = reader::read(&text, voice, told.day, &world.names());
        wish::wish(world, &said, told.last(), Some(told.day));
    }
    clarified(world, told)
}

/// What was answered when we asked. A remark that nobody understands adds nothing to what was said.
pub fn clarified(world: &mut World, told: &Told) -> Result<(), Bad> {
    if let Some(text) = told.obj().text("clarification")? {
        let said = reader::read(&text, Voice::Person, told.day, &world.names());
        if !said.unread {
            wish::wish(world, &said, told.last(), None);
        }
    }
    Ok(())
}

/// A message of ours.
pub fn sent(world: &mut World, told: &Told, medium: Medium) -> Result<(), Bad> {
    let obj = told.obj();
    if others(world, obj)? {
        return super::apply::by_others(world, told, medium);
    }
    let (point, who) =
        addressed(world, obj, medium, &["to", "recipient", "number", "address", "sent_to"])?;
    let debts = world.debts_of(obj, "debts")?.or(world.debts_of(obj, "debt")?);
    let debts = debts.unwrap_or_else(|| world.all_debts());
    let purpose = match obj.word("purpose")?.as_deref() {
        Some("location_information" | "location") => Purpose::Location,
        _ => Purpose::Collect,
    };
    for at in told.instants() {
        let number = id(world.fresh());
        for debt in &debts {
            world.facts.attempts.push(Attempt {
                point: Some(point),
                purpose,
                recipient: who,
                dial_mode: (medium == Medium::Text).then_some(DialMode::TextPlatform),
                ..Attempt::new(number, *debt, medium, at)
            });
        }
    }
    if who.is_consumer() && medium != Medium::SocialPublic {
        for account in &mut world.facts.accounts {
            if debts.contains(&account.id) {
                account.first_written_at.get_or_insert(told.at);
            }
        }
        if let Some(kind) = World::kind("written") {
            for debt in &debts {
                let event = Event::new(kind, told.at).about(*debt).at_point(point);
                world.event(Event { medium: Some(medium), ..event });
            }
        }
    }
    if obj.word("kind")?.is_some_and(|kind| kind.contains("validation")) {
        super::apply::validation(world, told)?;
    }
    of_employer(world, obj, point)?;
    // What the person sent before in this medium is thereby answered.
    let open = world.facts.inbound.iter_mut().rev();
    if let Some(inbound) = open.into_iter().find(|i| !i.answered && i.medium == medium) {
        inbound.answered = true;
    }
    Ok(())
}

/// What is told of whose the address is.
fn of_employer(world: &mut World, obj: Obj<'_>, point: PointId) -> Result<(), Bad> {
    if let Some(known) = obj.flag("employer_provided")?
        && let Some(row) = world.point_mut(point)
    {
        row.of_employer = Some(known);
    }
    Ok(())
}

/// A contact that the person began.
pub fn received(world: &mut World, told: &Told, medium: Medium) -> Result<(), Bad> {
    let obj = told.obj();
    // "From" names a person, or a number or address.
    let from = ["from_number", "from_address", "number", "address"];
    let mut point = None;
    for key in from {
        if let Some(name) = obj.text(key)? {
            point = Some(named(world, &obj.at(key), &name, medium)?);
        }
    }
    if let Some(name) = obj.text("from")?
        && person(&name).is_none()
        && plain(&name) != "any_person"
    {
        point = Some(named(world, &obj.at("from"), &name, medium)?);
    }
    let (kind, _) = World::usual(medium);
    if point.is_none() {
        point = world.last_named.iter().find(|(of, _)| *of == kind).map(|(_, id)| *id);
    }
    if let Some(point) = point {
        of_employer(world, obj, point)?;
    }
    let debts = world.debts_of(obj, "debts")?.or(world.debts_of(obj, "debt")?);
    let debts = debts.unwrap_or_else(|| world.all_debts());
    world.facts.inbound.push(Inbound { point, ..Inbound::new(medium, told.at) });
    let used = if point.is_some() { point } else { Some(world.point_for(medium)) };
    let about = obj.flag("about_the_debt")? != Some(false);
    if let (Some(point), true, Some(kind)) = (used, about, World::kind("consumer_used_address")) {
        let event = Event::new(kind, told.at).at_point(point);
        world.event(Event { medium: Some(medium), ..event });
    }
    if medium == Medium::Call {
        let conversation = outcome(obj)? == Disposition::Reached || !obj.has("result");
        let discussed = world.debts_of(obj, "debts_discussed")?.filter(|all| !all.is_empty());
        let talked = discussed.unwrap_or(debts);
        let number = id(world.fresh());
        for debt in talked.iter().filter(|_| conversation) {
            world.facts.attempts.push(Attempt {
                point,
                counted: false,
                conversation: true,
                initiator: Initiator::Debtor,
                ..Attempt::new(number, *debt, Medium::Call, told.at)
            });
        }
        if conversation {
            for account in &mut world.facts.accounts {
                account.first_spoken_at.get_or_insert(told.at);
            }
        }
    }
    for key in ["says", "text", "consumer_says"] {
        if let Some(text) = obj.text(key)? {
            let said = reader::read(&text, Voice::Person, told.day, &world.names());
            // What a message says besides is no designation against every time.
            if !said.unread {
                wish::wish(world, &said, told.last(), Some(told.day));
            }
            // In writing, by a medium in which messages are accepted, it is more than a wish (comment
            // 6(c)(1)-1); one word, "stop", ends the messages to that address alone.
            let whole = text.split_whitespace().count() > 2;
            if (said.refuses || said.no_contact) && whole && accepts(world, medium) {
                crate::facts::stop(world, duly_domain::StopKind::Cease, told.last());
                world.about_person("cease_received", told.last());
            }
        }
    }
    Ok(())
}

/// Whether messages of this medium are accepted from consumers: letters are, and of the others those that are
/// told, or all where none is.
fn accepts(world: &World, medium: Medium) -> bool {
    let named = |words: &[&str]| {
        world.accepted_media.as_ref().is_none_or(|all| {
            all.iter().any(|one| words.iter().any(|word| plain(one).contains(word)))
        })
    };
    match medium {
        Medium::Mail => true,
        Medium::Email => named(&["email"]),
        Medium::Text => named(&["sms", "text"]),
        Medium::Portal => named(&["portal", "website", "app"]),
        Medium::Social => named(&["social"]),
        Medium::Call | Medium::SocialPublic | Medium::Visit => false,
    }
}

/// A session that the person opened, and its end.
pub fn session(world: &mut World, told: &Told) -> Result<(), Bad> {
    if told.kind.does() == super::Does::SessionStarted {
        world.facts.inbound.push(Inbound::new(Medium::Portal, told.at));
        return Ok(());
    }
    let open = world.facts.inbound.iter_mut().rev();
    if let Some(session) =
        open.into_iter().find(|i| i.medium == Medium::Portal && i.ended_at.is_none())
    {
        session.ended_at = Some(told.at);
    }
    Ok(())
}
