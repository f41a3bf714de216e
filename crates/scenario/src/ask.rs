//! Formal questions that have no words of their own in a scenario: `ask: {path: email}`,
//! `ask: {notice_deadline: {sent: .., deadline: ..}}`, `ask: {duty: o.validation}`.

use duly_compliance::duties::{BOOK, Obligation, due};
use duly_compliance::path::notice;
use duly_compliance::{Medium, path};
use serde_json::{Map, json};

use crate::answer::{Answer, Family, Outcome, Question, moment};
use crate::scene::{Scene, Told};
use crate::when;
use crate::words::{Bad, Obj};

/// Answers a formal question; `None`: it is none of these.
pub fn answer(scene: &Scene, question: &Question<'_>) -> Result<Option<Outcome>, Bad> {
    let found = if question.obj.has("path") {
        Some(by_path(scene, question)?)
    } else if let Some(map) = question.obj.map("notice_deadline")? {
        Some(deadline(question, map)?)
    } else if let Some(code) = question.obj.text("duty")? {
        Some(duty(scene, question, &code)?)
    } else {
        None
    };
    Ok(found.map(|answer| Outcome::Answered(Box::new(answer))))
}

/// By which procedure an address may be used.
fn by_path(scene: &Scene, question: &Question<'_>) -> Result<Answer, Bad> {
    const MEDIA: &[(&str, Medium)] =
        &[("email", Medium::Email), ("text", Medium::Text), ("sms", Medium::Text)];
    let medium = question.obj.one_of("path", MEDIA)?.unwrap_or(Medium::Email);
    let at = match question.when {
        Some(when) => moment(scene, when),
        None => scene.told.last().map_or(when::on(scene.tz, Default::default(), 12, 0), Told::last),
    };
    let mut world = scene.world(at)?;
    let point = match question.obj.text("address")?.or(question.obj.text("number")?) {
        Some(name) => crate::event::named(&mut world, &question.obj.at("address"), &name, medium)?,
        None => world.point_for(medium),
    };
    let debts = world.debts_of(question.obj, "debts")?.unwrap_or_else(|| world.all_debts());
    let found: Vec<_> =
        debts.iter().map(|debt| path(&world.facts, point, medium, *debt, at)).collect();
    let within = found.iter().all(Option::is_some);
    Ok(Answer {
        at: Some(at),
        answer: Some(match (question.family, within) {
            (Some(Family::Permission), true) => "allowed",
            (Some(Family::Permission), false) => "prohibited",
            (_, true) => "safe-harbor",
            (_, false) => "no-safe-harbor",
        }),
        read_as: found.first().copied().flatten().map(|path| path.citation().to_owned()),
        ..Answer::default()
    })
}

/// Whether a creditor's notice leaves enough time to opt out.
fn deadline(question: &Question<'_>, map: &Map<String, serde_json::Value>) -> Result<Answer, Bad> {
    let path = question.obj.at("notice_deadline");
    let obj = Obj::new(&path, map);
    obj.only(&["sent deadline"])?;
    let day = |key: &'static str| {
        when::day(obj, key)?.ok_or_else(|| Bad::Missing { key: obj.at(key), wanted: "a day" })
    };
    let enough = notice::is_long_enough(day("sent")?, day("deadline")?);
    Ok(Answer {
        answer: Some(match (question.family, enough) {
            (Some(Family::Violation), true) => "no-violation",
            (Some(Family::Violation), false) => "violation",
            (_, true) => "allowed",
            (_, false) => "prohibited",
        }),
        ..Answer::default()
    })
}

/// Whether something is owed, and by when: `duty: o.validation`.
fn duty(scene: &Scene, question: &Question<'_>, code: &str) -> Result<Answer, Bad> {
    let codes = || BOOK.iter().flat_map(|table| table.iter()).map(|duty| duty.code);
    if !codes().any(|known| known == code) {
        return Err(Bad::unknown(question.obj.at("duty"), code, codes()));
    }
    let at = match question.when {
        Some(when) => moment(scene, when),
        None => scene.told.last().map_or(when::on(scene.tz, Default::default(), 12, 0), Told::last),
    };
    let mut world = scene.world(at)?;
    world.forget_ordinary();
    let owed: Vec<_> =
        due(&world.facts, at).into_iter().filter(|owed| owed.duty.code == code).collect();
    // The first that is owed, else the last that was.
    let found = owed.iter().find(|owed| owed.is_owed()).or(owed.last());
    let shown = found.map(Obligation::shown);
    let mut value = Map::new();
    if let Some(shown) = &shown {
        value.insert("state".to_owned(), json!(shown.state));
        value.insert("due_on".to_owned(), json!(shown.due_on));
        value.insert("authority".to_owned(), json!(shown.authority));
    }
    Ok(Answer {
        at: Some(at),
        answer: Some(match (question.family, found.is_some_and(Obligation::is_owed)) {
            (Some(Family::Violation), _) => {
                if found.is_some_and(Obligation::has_lapsed) {
                    "violation"
                } else {
                    "no-violation"
                }
            }
            (_, true) => "required",
            (_, false) => "not-required",
        }),
        value: Some(value),
        read_as: shown.map(|shown| shown.what.into_owned()),
        ..Answer::default()
    })
}
