//! Facts of law and service, disputes, addresses, and what others did.

use duly_compliance::{
    Attempt, Dispute, DisputeExtent, DisputeForm, Event, Medium, PointState, Stop,
};
use duly_domain::business_day::Skip;
use duly_domain::validation_period::earliest_end;
use duly_domain::{AccountId, Instant, PointId, StopKind};

use super::{Does, contact, people};
use crate::scene::Told;
use crate::when::{self, When};
use crate::words::{Bad, Obj, plain};
use crate::world::{World, id, party};

/// How a dispute came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In writing and in time.
    Timely,
    /// By word of mouth, or late.
    Other,
}

/// Adds a dispute of the whole of each debt.
pub fn dispute(world: &mut World, at: Instant, debts: &[AccountId], form: Form) {
    for debt in debts {
        let number = id(world.fresh());
        world.facts.disputes.push(Dispute {
            id: number,
            account: *debt,
            extent: DisputeExtent::Whole,
            form: match form {
                Form::Timely => DisputeForm::TimelyWritten,
                Form::Other => DisputeForm::Other,
            },
            from: at,
            until: None,
        });
    }
}

fn debts_of(world: &World, obj: Obj<'_>) -> Result<Vec<AccountId>, Bad> {
    let named = world.debts_of(obj, "debts")?.or(world.debts_of(obj, "debt")?);
    Ok(named.unwrap_or_else(|| world.all_debts()))
}

/// What the remaining kinds of events make.
pub fn apply(world: &mut World, told: &Told) -> Result<(), Bad> {
    let obj = told.obj();
    let at = told.at;
    let debts = debts_of(world, obj)?;
    match told.kind.does() {
        Does::Cease => stops(world, StopKind::Cease, at, obj)?,
        Does::Stop(kind) => stops(world, kind, at, obj)?,
        Does::StopEnds(kind) => {
            for stop in world.facts.stops.iter_mut().filter(|stop| stop.kind == kind) {
                stop.until.get_or_insert(at);
            }
            if kind == StopKind::Bankruptcy {
                world.about_debts("bankruptcy_ended", at, &debts);
            }
        }
        Does::Dispute => disputed(world, told, &debts)?,
        Does::Answered(code) => {
            world.about_debts(code, at, &debts);
            for dispute in &mut world.facts.disputes {
                if debts.contains(&dispute.account) {
                    dispute.until.get_or_insert(at);
                }
            }
        }
        Does::Fact(code) => fact(world, told, code, &debts)?,
        Does::PointFact(code) => point_fact(world, told, code)?,
        Does::Wrong => {
            let medium = if obj.has("number") { Medium::Call } else { Medium::Mail };
            let point = point_of(world, obj, medium)?;
            wrong(world, point, at);
        }
        Does::Undeliverable => undeliverable(world, told, &debts)?,
        Does::Others => by_others(world, told, Medium::Email)?,
        Does::Known if told.kind.is(&["debt_transferred"]) && world.we.is_some() => {
            for key in ["from", "to"] {
                if let Some(name) = obj.text(key)? {
                    joins(world, name);
                }
            }
        }
        Does::Returned => {
            if let Some(by) = obj.text("by")? {
                joins(world, by);
            }
        }
        _ => {}
    }
    Ok(())
}

/// A collector who has, or had, the debt; the last of them has it now.
fn joins(world: &mut World, name: String) {
    world.collectors.retain(|known| *known != name);
    world.collectors.push(name);
}

fn stops(world: &mut World, kind: StopKind, at: Instant, obj: Obj<'_>) -> Result<(), Bad> {
    // A cease notice is in writing, or electronic by a medium in which such messages are accepted. What is
    // said by word of mouth is a wish not to be reached by that medium.
    let oral =
        matches!(obj.word("medium")?.as_deref(), Some("oral" | "telephone" | "call" | "phone"))
            || obj.flag("in_writing")? == Some(false);
    if kind == StopKind::Cease && oral {
        return super::opt_out(world, "call", at, &obj.at("medium"));
    }
    let accepted = obj.flag("accepted_medium")? != Some(false);
    if kind == StopKind::Cease && !accepted {
        return Ok(());
    }
    let named = world.debts_of(obj, "debts")?.or(world.debts_of(obj, "debt")?);
    let accounts: Vec<Option<AccountId>> = match named {
        None => vec![None],
        Some(debts) => debts.into_iter().map(Some).collect(),
    };
    for account in accounts {
        let number = id(world.fresh());
        world.facts.stops.push(Stop {
            id: number,
            kind,
            party: party(),
            account,
            medium: None,
            point: None,
            from: at,
            until: None,
        });
    }
    let code = match kind {
        StopKind::Cease => "cease_received",
        StopKind::Attorney => "attorney_learned",
        StopKind::Deceased => "death_learned",
        _ => return Ok(()),
    };
    if let Some(kind) = World::kind(code) {
        world.event(Event::new(kind, at));
    }
    Ok(())
}

/// Whether a message or a form came in writing: comment 38-1.
pub fn in_writing(told: &Told) -> Result<Option<bool>, Bad> {
    let obj = told.obj();
    if let Some(said) = obj.flag("in_writing")? {
        return Ok(Some(said));
    }
    if obj.text("event")?.is_some_and(|word| plain(&word) == "oral_dispute_received") {
        return Ok(Some(false));
    }
    let medium = obj.word("medium")?.or(obj.word("channel")?).or(obj.word("by")?);
    Ok(medium.and_then(|word| crate::classify::written(&word)))
}

fn disputed(world: &mut World, told: &Told, debts: &[AccountId]) -> Result<(), Bad> {
    let obj = told.obj();
    // Where nothing is told of its form a dispute is taken as the written one that the law knows.
    let written = in_writing(told)?.unwrap_or(true);
    let in_time = match (obj.flag("within_period")?, world.validation_end) {
        (Some(said), _) => said,
        (None, Some(end)) => told.day <= end,
        (None, None) => true,
    };
    let form = if written && in_time { Form::Timely } else { Form::Other };
    dispute(world, told.at, debts, form);
    if let Some(portion) = obj.text("portion")?
        && plain(&portion) != "whole"
    {
        let n = world.facts.disputes.len();
        for dispute in &mut world.facts.disputes[n - debts.len()..] {
            dispute.extent = DisputeExtent::Part;
        }
    }
    let code = if written { "disputed_in_writing" } else { "disputed_orally" };
    world.about_debts(code, told.at, debts);
    Ok(())
}

fn fact(world: &mut World, told: &Told, code: &str, debts: &[AccountId]) -> Result<(), Bad> {
    let obj = told.obj();
    let Some(kind) = World::kind(code) else { return Ok(()) };
    // The day that the fact itself states.
    let states = ["check_date", "deposit_on", "on", "end_date", "deadline"]
        .iter()
        .find_map(|key| when::day(obj, key).transpose())
        .transpose()?;
    let medium = match obj.word("medium")?.as_deref() {
        Some("mail" | "letter" | "post") => Some(Medium::Mail),
        Some("email") => Some(Medium::Email),
        Some("sms" | "text") => Some(Medium::Text),
        Some("telephone" | "call" | "phone") => Some(Medium::Call),
        Some("portal") => Some(Medium::Portal),
        _ => None,
    };
    let names = ["number", "address", "email"].iter().any(|key| obj.has(key));
    let point =
        if names { Some(point_of(world, obj, medium.unwrap_or(Medium::Mail))?) } else { None };
    for debt in debts {
        let event = Event::new(kind, told.at).about(*debt);
        world.event(Event { on: states, medium, point, ..event });
    }
    Ok(())
}

/// A validation notice: its printed end date, or the earliest that the law leaves.
pub fn validation(world: &mut World, told: &Told) -> Result<(), Bad> {
    let obj = told.obj();
    let debts = debts_of(world, obj)?;
    let printed = when::day(obj, "end_date")?;
    let end = printed.or(earliest_end(told.day, Skip::ObservedToo));
    world.validation_end = end;
    let Some(kind) = World::kind("validation_sent") else { return Ok(()) };
    for debt in debts {
        world.event(Event { on: end, ..Event::new(kind, told.at).about(debt) });
    }
    Ok(())
}

fn point_of(world: &mut World, obj: Obj<'_>, medium: Medium) -> Result<PointId, Bad> {
    for key in ["number", "address", "email", "to", "scope", "sent_to"] {
        if let Some(name) = obj.text(key)? {
            return people::named(world, &obj.at(key), &name, medium);
        }
    }
    // A report names the address in its words.
    for key in ["says", "text", "note"] {
        if let Some(text) = obj.text(key)? {
            let said = crate::reader::read(
                &text,
                crate::reader::Voice::Note,
                Default::default(),
                &world.names(),
            );
            if let Some(name) = said.points.iter().chain(&said.not_points).next() {
                return Ok(world.point(name, true));
            }
        }
    }
    Ok(world.point_for(medium))
}

fn point_fact(world: &mut World, told: &Told, code: &str) -> Result<(), Bad> {
    let obj = told.obj();
    let medium = if code.contains("reassigned") { Medium::Text } else { Medium::Email };
    let medium = match obj.word("medium")?.as_deref() {
        Some("sms" | "text") => Medium::Text,
        Some("email") => Medium::Email,
        _ => medium,
    };
    let point = point_of(world, obj, medium)?;
    if code == "employer" {
        if let Some(row) = world.point_mut(point) {
            row.of_employer = Some(true);
        }
        return Ok(());
    }
    let result = obj.word("result")?;
    let code = match (code, result.as_deref()) {
        (_, Some("reassigned" | "yes" | "unknown")) => "reassigned",
        (code, _) => code,
    };
    if let Some(kind) = World::kind(code) {
        let event = Event::new(kind, told.at).at_point(point);
        world.event(Event { medium: Some(medium), ..event });
    }
    Ok(())
}

/// A number or address is learned to be somebody else's.
pub fn wrong(world: &mut World, point: PointId, at: Instant) {
    if let Some(row) = world.point_mut(point) {
        row.state = PointState::Wrong;
    }
    if let Some(kind) = World::kind("learned_wrong") {
        world.event(Event::new(kind, at).at_point(point));
    }
}

fn undeliverable(world: &mut World, told: &Told, debts: &[AccountId]) -> Result<(), Bad> {
    let obj = told.obj();
    // What came back is what was sent last.
    let last = world.facts.attempts.iter().rev().find(|a: &&Attempt| a.medium != Medium::Call);
    let last = last.map(|attempt| (attempt.medium, attempt.point));
    let point = match (obj.has("address") || obj.has("number") || obj.has("email"), last) {
        (false, Some((_, Some(point)))) => Some(point),
        (true, _) => Some(point_of(world, obj, Medium::Mail)?),
        _ => None,
    };
    if let Some(kind) = World::kind("undeliverable") {
        for debt in debts {
            let event = Event::new(kind, told.at).about(*debt);
            world.event(Event { point, medium: last.map(|(medium, _)| medium), ..event });
        }
    }
    Ok(())
}

/// What creditors and earlier collectors did with an address.
pub fn by_others(world: &mut World, told: &Told, medium: Medium) -> Result<(), Bad> {
    let obj = told.obj();
    let at = told.at;
    let word = told.kind.word();
    if word.starts_with("location") {
        let (point, _) = people::addressed(world, obj, Medium::Call, &["to", "from", "number"])?;
        let code = match word {
            "location_invited" | "location_doubted" => word,
            _ => "location_asked",
        };
        if let Some(kind) = World::kind(code) {
            world.event(Event::new(kind, at).at_point(point));
        }
        return Ok(());
    }
    let point = point_of(world, obj, medium)?;
    told_of(world, point);
    let about = crate::classify::about_the_account(obj)?.unwrap_or(true);
    let by = obj.text("by")?;
    let by_creditor = by.as_deref().is_none_or(|by| plain(by).contains("creditor"));
    let code = match word {
        "creditor_email_sent" if about => "creditor_used_address",
        "creditor_email_sent" => return Ok(()),
        "creditor_got_address" => "creditor_got_address",
        "creditor_asked_to_stop" => "creditor_asked_to_stop",
        "creditor_notice_opt_out" => "creditor_notice_opt_out",
        "creditor_notice_sent" => return creditor_notice(world, told, point),
        "email_obtained" if by_creditor => "creditor_got_address",
        // By us: what the path was is told by its own events.
        "email_obtained" if !contact::others(world, obj)? => return Ok(()),
        "email_obtained" => {
            if let Some(by) = by {
                joins(world, by);
            }
            "prior_collector_got_address"
        }
        // A message of a collector who had the debt before.
        _ => {
            if obj.flag("opted_out")? == Some(true) {
                push(world, "prior_collector_opt_out", at, point);
            }
            world.earlier_use.push((by.unwrap_or_default(), point, at));
            return Ok(());
        }
    };
    push(world, code, at, point);
    if obj.flag("opted_out")? == Some(true) {
        push(world, "prior_collector_opt_out", at, point);
    }
    Ok(())
}

fn push(world: &mut World, code: &str, at: Instant, point: PointId) {
    if let Some(kind) = World::kind(code) {
        world.event(Event { medium: Some(Medium::Email), ..Event::new(kind, at).at_point(point) });
    }
}

/// Of this number or address only what is told stands.
fn told_of(world: &mut World, point: PointId) {
    if let Some(named) = world.points.iter_mut().find(|named| named.id == point) {
        named.told = true;
    }
}

/// The creditor's notice of 1006.6(d)(4)(ii)(C). That the creditor had the address from the consumer and
/// used it is ordinary where nothing else is told of it.
fn creditor_notice(world: &mut World, told: &Told, point: PointId) -> Result<(), Bad> {
    let obj = told.obj();
    let deadline = match When::of(obj, "opt_out_deadline", world.tz)? {
        Some(when) => Some(when.day),
        None => when::day(obj, "deadline")?,
    };
    let before = told.at - chrono::Duration::days(1);
    for code in ["creditor_got_address", "creditor_used_address"] {
        let kind = World::kind(code);
        let told = world.facts.events.iter().any(|event| Some(event.kind) == kind);
        if !told && !world.nothing_assumed && !world.tells_creditor_use {
            push(world, code, before, point);
        }
    }
    if let Some(kind) = World::kind("creditor_notice_sent") {
        let event = Event::new(kind, told.at).at_point(point);
        world.event(Event { on: deadline, medium: Some(Medium::Email), ..event });
    }
    Ok(())
}
