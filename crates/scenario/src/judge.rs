//! A question that names no action: what we did, as it is told, is judged at its own instants.

use crate::answer::{Answer, Family, Question, moment, requirement};
use crate::classify::{message, subject};
use crate::event::Does;
use crate::reader::{self, Voice};
use crate::scene::{Scene, Told};
use crate::when;
use crate::words::Bad;
use crate::world::{WORK_PHONE, World, party};
use duly_compliance::{
    Act, Attempt, ConsentFor, DesignationKind, Initiator, Medium, Proposed, Span, evaluate,
    evaluate_act, path,
};
use duly_domain::Instant;

mod content;
mod counting;
mod presumption;

use content::{content, deadline, undelivered};

/// Judges what is told; `None`: the question cannot be read so.
pub fn judge(scene: &Scene, question: &Question<'_>) -> Result<Option<Answer>, Bad> {
    let end = question.when.map(|when| moment(scene, when));
    let told: Vec<&Told> =
        scene.told.iter().filter(|told| end.is_none_or(|end| told.at <= end)).collect();
    match question.family {
        Some(Family::Presumption) => presumption::presumption(scene, &told).map(Some),
        Some(Family::Harbor) => harbor(scene, &told),
        Some(Family::Requirement) => match counting::counting(scene, question, &told)? {
            Some(answer) => Ok(Some(answer)),
            None => requirements(scene, question, &told),
        },
        Some(Family::Violation) => violation(scene, question, &told),
        Some(Family::Permission) => permission(scene, question, &told),
        Some(Family::Value) | None => Ok(None),
    }
}

/// The facts just before an instant: what is told later, and what took place at it, is left out.
fn before(scene: &Scene, told: &Told, at: Instant) -> Result<World, Bad> {
    let earlier = scene.told.iter().filter(|other| other.at < told.at);
    let mut world = scene.world_of(earlier, at)?;
    // The numbers and addresses that it uses are known, and so are those of it that came before.
    let all = scene.world_of(scene.told.iter().filter(|other| other.at <= told.at), at)?;
    let known = |id| world.facts.points.iter().any(|point| point.id == id);
    let more: Vec<_> = all.facts.points.iter().filter(|point| !known(point.id)).cloned().collect();
    world.facts.points.extend(more);
    if at > told.at {
        world.facts.attempts = all.facts.attempts;
        world.facts.attempts.retain(|attempt| attempt.at < at);
    }
    Ok(world)
}

/// The attempts that an event made, as they would be proposed.
fn proposals(scene: &Scene, told: &Told) -> Result<Vec<(Instant, Proposed)>, Bad> {
    let until = told.last();
    let world = scene.world_of(scene.told.iter().filter(|other| other.at <= told.at), until)?;
    let mut out: Vec<(Instant, Proposed)> = Vec::new();
    let made = |attempt: &&Attempt| {
        attempt.initiator == Initiator::Agency && attempt.at >= told.at && attempt.at <= until
    };
    for attempt in world.facts.attempts.iter().filter(made) {
        // A call that did not connect, and what the person alone brought up, is no call placed.
        if attempt.medium == Medium::Call && !attempt.counted {
            continue;
        }
        match out.iter_mut().find(|(at, _)| *at == attempt.at) {
            Some((_, proposed)) => proposed.accounts.push(attempt.account),
            None => {
                let collect =
                    Proposed::collect(party(), attempt.account, attempt.medium, attempt.point);
                let proposed = Proposed {
                    recipient: attempt.recipient,
                    dial_mode: attempt.dial_mode.or(collect.dial_mode),
                    limited_content: attempt.medium == Medium::Call
                        && message::is_limited_content(told.obj())?,
                    ..collect.with_purpose(attempt.purpose)
                };
                out.push((attempt.at, proposed));
            }
        }
    }
    Ok(out)
}

/// Judges one event: the first of its attempts that was not permitted, or that all were.
fn evaluated(scene: &Scene, told: &Told) -> Result<Option<Answer>, Bad> {
    let mut last = None;
    for (at, proposed) in proposals(scene, told)? {
        let mut world = before(scene, told, at)?;
        let reply = told.obj().flag("in_reply")? == Some(true)
            || told.obj().flag("automatic")? == Some(true)
            || world.facts.inbound.iter().any(|inbound| {
                inbound.medium == proposed.medium
                    && !inbound.answered
                    && proposed.medium != Medium::Call
            });
        let proposed = if reply { proposed.as_response() } else { proposed };
        world.at = at;
        let evaluation = evaluate(&world.facts, &proposed, Span::days(at, 45));
        let explained = evaluation.explain(at);
        let allowed = evaluation.permits(at);
        let answer = Answer {
            at: Some(at),
            decision: Some(if allowed { "allow" } else { "refuse" }),
            reasons: explained.reasons,
            next_permitted_at: explained.next_permitted_at,
            requires: explained.requires.iter().map(ToString::to_string).collect(),
            warnings: explained.warnings,
            read_as: Some(format!("{} on {}", told.kind.word(), told.day)),
            ..Answer::default()
        };
        if !allowed {
            return Ok(Some(answer));
        }
        last = Some(answer);
    }
    Ok(last)
}

/// A required disclosure by post: to the last known address, unless it is known that the consumer is not there,
/// and none that came back. Comment 42(a)(1)-3.
fn by_post(scene: &Scene, told: &[&Told]) -> Result<Option<Answer>, Bad> {
    let sent = told.iter().rev().find(|told| {
        matches!(told.kind.does(), Does::Validation(Medium::Mail) | Does::Sent(Medium::Mail))
    });
    let Some(sent) = sent else { return Ok(None) };
    let facts = crate::words::Obj::new("facts", &scene.facts);
    let mut gone = sent.obj().flag("address_current")? == Some(false)
        || sent.obj().flag("collector_knows_consumer_moved")? == Some(true)
        || sent.obj().flag("known_moved")? == Some(true)
        || facts.flag("mail_address_current")? == Some(false);
    for key in ["consumer_moved_known", "collector_knows_moved", "known_moved"] {
        gone |= facts.flag(key)? == Some(true);
    }
    gone |= told.iter().any(|other| other.kind.word() == "consumer_moved" && other.at <= sent.at);
    let back =
        told.iter().any(|other| other.kind.does() == Does::Undeliverable && other.at > sent.at);
    Ok(Some(Answer {
        at: Some(sent.at),
        answer: Some(if gone || back { "no-safe-harbor" } else { "safe-harbor" }),
        read_as: Some(format!("{} on {}", sent.kind.word(), sent.day)),
        ..Answer::default()
    }))
}

/// The last message was sent to an address that one of the procedures opened.
fn harbor(scene: &Scene, told: &[&Told]) -> Result<Option<Answer>, Bad> {
    let message = told
        .iter()
        .rev()
        .find(|told| matches!(told.kind.does(), Does::Sent(Medium::Email | Medium::Text)));
    let Some(told) = message else { return by_post(scene, told) };
    let Some((at, proposed)) = proposals(scene, told)?.into_iter().next_back() else {
        return Ok(None);
    };
    let world = before(scene, told, at)?;
    let Some(point) = proposed.point else { return Ok(None) };
    let paths: Vec<_> = proposed
        .accounts
        .iter()
        .map(|debt| path(&world.facts, point, proposed.medium, *debt, at))
        .collect();
    let within = paths.iter().all(Option::is_some);
    Ok(Some(Answer {
        at: Some(at),
        answer: Some(if within { "safe-harbor" } else { "no-safe-harbor" }),
        read_as: Some(match paths.first().copied().flatten() {
            Some(path) => {
                format!("{} on {}, under {}", told.kind.word(), told.day, path.citation())
            }
            None => format!("{} on {}", told.kind.word(), told.day),
        }),
        ..Answer::default()
    }))
}

/// Whether a contact that is told had to say something.
fn requirements(
    scene: &Scene,
    question: &Question<'_>,
    told: &[&Told],
) -> Result<Option<Answer>, Bad> {
    let Some(code) = requirement(question) else { return Ok(None) };
    let text = question.obj.text("question")?.unwrap_or_default().to_lowercase();
    let contact = told
        .iter()
        .filter(|told| {
            matches!(
                told.kind.does(),
                Does::Call | Does::Sent(_) | Does::Validation(_) | Does::Received(Medium::Call)
            )
        })
        .filter(|told| question.when.is_none_or(|when| when.day == told.day))
        .max_by_key(|told| (subject::likeness(told, &text), told.at));
    let Some(told) = contact else { return Ok(None) };
    let at = told.at;
    let world = before(scene, told, at)?;
    // What is said on a call of the person's own is a communication of ours.
    let proposed = match proposals(scene, told)?.into_iter().next() {
        Some((_, proposed)) => proposed,
        None => {
            let Some(debt) = world.debts.first() else { return Ok(None) };
            Proposed::collect(party(), debt.id, Medium::Call, None).as_response()
        }
    };
    let evaluation = evaluate(&world.facts, &proposed, Span::days(at, 1));
    let requires: Vec<String> =
        evaluation.requires().iter().map(|r| r.what.as_str().to_owned()).collect();
    let asked = match code.as_str() {
        "disclosure" => requires.iter().any(|r| r == "mini_miranda" || r == "from_debt_collector"),
        code => requires.iter().any(|required| required == code),
    };
    Ok(Some(Answer {
        at: Some(at),
        answer: Some(if asked { "required" } else { "not-required" }),
        requires,
        read_as: Some(format!("{code} in {} on {}", told.kind.word(), told.day)),
        ..Answer::default()
    }))
}

/// What we did, by its content where that is told, else by the guard at its instant.
fn violation(
    scene: &Scene,
    question: &Question<'_>,
    told: &[&Told],
) -> Result<Option<Answer>, Bad> {
    if let Some(answer) = content(scene, told)? {
        return Ok(Some(answer));
    }
    if let Some(answer) = acted(scene, told)? {
        return Ok(Some(answer));
    }
    if let Some(answer) = undelivered(told) {
        return Ok(Some(answer));
    }
    let text = question.obj.text("question")?.unwrap_or_default().to_lowercase();
    let ours = |told: &&&Told| {
        matches!(told.kind.does(), Does::Call | Does::Sent(_) | Does::Validation(_))
    };
    let ours: Vec<&&Told> = told.iter().filter(ours).collect();
    let best = ours.iter().map(|told| subject::likeness(told, &text)).max();
    let mut last = None;
    let mut warned = None;
    for told in ours.into_iter().filter(|told| Some(subject::likeness(told, &text)) == best) {
        let Some(answer) = evaluated(scene, told)? else { continue };
        if answer.decision != Some("allow") {
            return Ok(Some(Answer { answer: Some("violation"), ..answer }));
        }
        if !answer.warnings.is_empty() {
            warned = Some(answer.clone());
        }
        last = Some(answer);
    }
    // No number limits messages: what warns of their pattern is likely a violation (comment 14(a)-1).
    if let Some(answer) = warned {
        return Ok(Some(Answer { answer: Some("violation"), ..answer }));
    }
    Ok(last.map(|answer| Answer { answer: Some("no-violation"), ..answer }))
}

/// The same of what may be judged by its content, and consents that are relied on.
fn permission(
    scene: &Scene,
    question: &Question<'_>,
    told: &[&Told],
) -> Result<Option<Answer>, Bad> {
    let answer = match content(scene, told)? {
        Some(answer) => Some(answer),
        None => match deadline(question, told)? {
            Some(answer) => Some(answer),
            None => match counting::counting(scene, question, told)? {
                Some(answer) => return Ok(Some(answer)),
                None => relied_on(scene, question, told)?,
            },
        },
    };
    Ok(answer.map(|answer| Answer {
        answer: Some(match answer.answer {
            Some("violation" | "prohibited") => "prohibited",
            _ => "allowed",
        }),
        ..answer
    }))
}

/// Furnishing, a transfer, a suit or a deposit that is told, judged at its instant.
fn acted(scene: &Scene, told: &[&Told]) -> Result<Option<Answer>, Bad> {
    let claim =
        |told: &Told| told.obj().text("event").ok().flatten().is_some_and(|e| e.contains("claim"));
    // A proof of claim is no suit (1006.26(b)).
    for told in told.iter().rev().filter(|told| !claim(told)) {
        let act = match told.kind.word() {
            "furnished" => Act::Furnish,
            "debt_transferred" => Act::Transfer,
            "suit_filed" => Act::Sue,
            _ => continue,
        };
        let world = before(scene, told, told.at)?;
        let Some(debt) = world.debts.first() else { continue };
        let evaluation = evaluate_act(&world.facts, act, debt.id, Span::days(told.at, 45));
        let explained = evaluation.explain(told.at);
        let allowed = evaluation.permits(told.at);
        return Ok(Some(Answer {
            at: Some(told.at),
            decision: Some(if allowed { "allow" } else { "refuse" }),
            answer: Some(if allowed { "no-violation" } else { "violation" }),
            reasons: explained.reasons,
            next_permitted_at: explained.next_permitted_at,
            read_as: Some(format!("{} on {}", told.kind.word(), told.day)),
            ..Answer::default()
        }));
    }
    Ok(None)
}

/// Whether the consents that are told carry the contact that they speak of: what they allow is barred without
/// them, and then proposed.
fn relied_on(
    scene: &Scene,
    question: &Question<'_>,
    told: &[&Told],
) -> Result<Option<Answer>, Bad> {
    let consents: Vec<&&Told> =
        told.iter().filter(|told| told.kind.does() == Does::Consent).collect();
    let Some(last) = consents.last() else { return Ok(None) };
    let text = question.obj.text("question")?.unwrap_or_default().to_lowercase();
    if consents.len() != told.len() || !text.contains("consent") {
        return Ok(None);
    }
    let at = when::on(scene.tz, when::plus(last.day, 1), 12, 0);
    let mut world = scene.world(at)?;
    let Some(consent) =
        world.facts.consents.iter().rfind(|consent| consent.from == last.at).copied()
    else {
        return Ok(None);
    };
    let scope = last.obj().text("scope")?.unwrap_or_default();
    let barred =
        reader::read(&format!("not {scope}"), Voice::Inconvenient, last.day, &world.names());
    let base = world.base;
    for (place, _) in &barred.not_places {
        crate::facts::designation(&mut world, DesignationKind::NotAtPlace(*place), base);
    }
    for (times, _) in &barred.not_at {
        crate::facts::designation(&mut world, DesignationKind::NotAt(*times), base);
    }
    let medium = match consent.what {
        ConsentFor::Email => Medium::Email,
        ConsentFor::Text => Medium::Text,
        _ => Medium::Call,
    };
    let point = match (medium, barred.not_places.is_empty()) {
        (Medium::Call, false) => world.point(WORK_PHONE, false),
        _ => world.point_for(medium),
    };
    let Some(debt) = world.debts.first().map(|debt| debt.id) else { return Ok(None) };
    let proposed = Proposed::collect(party(), debt, medium, Some(point));
    let evaluation = evaluate(&world.facts, &proposed, Span::days(at, 1));
    let explained = evaluation.explain(at);
    let allowed = evaluation.permits(at);
    Ok(Some(Answer {
        at: Some(at),
        decision: Some(if allowed { "allow" } else { "refuse" }),
        answer: Some(if allowed { "allowed" } else { "prohibited" }),
        reasons: explained.reasons,
        read_as: Some(format!("what is consented to, and barred without consent: {scope}")),
        ..Answer::default()
    }))
}
