//! One question, answered by the guard, in the words in which answers are expected.

use chrono::Duration;
use duly_compliance::{
    Act, Attempt, Evaluation, Event, Medium, Proposed, Purpose, Reason, Span, Warning, evaluate,
    evaluate_act, path,
};
use duly_domain::{Effect, Instant, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::action::{self, ActWord, Asked};
use crate::classify;
use crate::judge;
use crate::scene::Scene;
use crate::when::{self, When};
use crate::words::{Bad, Obj, listed};
use crate::world::{World, id};

/// What kind of answer is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `allowed`, `prohibited`.
    Permission,
    /// `presumed-compliance`, `presumed-violation`.
    Presumption,
    /// `required`, `not-required`.
    Requirement,
    /// `violation`, `no-violation`.
    Violation,
    /// `safe-harbor`, `no-safe-harbor`.
    Harbor,
    /// `classification`: a value.
    Value,
}

/// Every word of an answer, with its kind.
pub const ANSWERS: &[(&str, Family)] = &[
    ("allowed", Family::Permission),
    ("prohibited", Family::Permission),
    ("presumed-compliance", Family::Presumption),
    ("presumed-violation", Family::Presumption),
    ("required", Family::Requirement),
    ("not-required", Family::Requirement),
    ("violation", Family::Violation),
    ("no-violation", Family::Violation),
    ("safe-harbor", Family::Harbor),
    ("no-safe-harbor", Family::Harbor),
    ("classification", Family::Value),
];

/// The rules that presume.
const PRESUMING: &str = "call_frequency conversation";

/// What was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Answer {
    /// The instant that was decided about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// `allow`, `defer`, `refuse` or `hold`; `None`: nothing was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<&'static str>,
    /// In the words in which answers are expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<&'static str>,
    /// The values of a classification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Map<String, Value>>,
    /// Why not.
    pub reasons: Vec<Reason>,
    /// The first permitted instant.
    pub next_permitted_at: Option<Instant>,
    /// What the content must carry.
    pub requires: Vec<String>,
    /// What somebody should look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// `factor-may-rebut` or `none`, of a presumption of violation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuttal: Option<&'static str>,
    /// How a question without a formal one was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
}

/// What comes of a question.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// An answer.
    Answered(Box<Answer>),
    /// It has no formal question in it.
    NotExpressible,
}

/// A question as it is asked: what is asked about, when, and which answers are expected.
pub struct Question<'a> {
    /// Its keys, those of `ask` among them.
    pub obj: Obj<'a>,
    /// When.
    pub when: Option<When>,
    /// The kind of answer.
    pub family: Option<Family>,
}

/// Answers one question about a case.
pub fn answer(scene: &Scene, question: &Question<'_>) -> Result<Outcome, Bad> {
    if let Some(wanted) = question.obj.map("value")? {
        let at = question.when.map(|when| moment(scene, when));
        let found = classify::values(scene, question.obj, at, wanted)?;
        let mut answer = Answer { at, ..Answer::default() };
        if found.values().all(Value::is_null) {
            return Ok(Outcome::NotExpressible);
        }
        answer.answer = Some("classification");
        answer.value = Some(found);
        return Ok(Outcome::Answered(Box::new(answer)));
    }
    if question.obj.get("action").is_some() {
        return asked(scene, question).map(|answer| Outcome::Answered(Box::new(answer)));
    }
    let judged = judge::judge(scene, question)?;
    Ok(judged.map_or(Outcome::NotExpressible, |answer| Outcome::Answered(Box::new(answer))))
}

/// The instant of a question: of a whole day, after all that is told of it, noon at the earliest.
pub fn moment(scene: &Scene, when: When) -> Instant {
    when.at.unwrap_or_else(|| {
        let noon = when::on(scene.tz, when.day, 12, 0);
        scene.last_on(when.day).map_or(noon, |last| noon.max(last + Duration::minutes(1)))
    })
}

/// The stretch that a question is about: an instant, or what is left of a day.
fn stretch(scene: &Scene, when: Option<When>) -> Span {
    /// A day like any other, of a question that names none and of which nothing is told.
    const SOME_DAY: &str = "2026-06-16";
    let when = when.unwrap_or_else(|| {
        let day = scene.told.last().map(|told| told.day);
        let day = day.unwrap_or_else(|| SOME_DAY.parse().unwrap_or_default());
        When { day: if scene.told.is_empty() { day } else { when::plus(day, 1) }, at: None }
    });
    match when.at {
        Some(at) => Span::new(at, at + Duration::nanoseconds(1)),
        None => {
            let from = when::start(scene.tz, when.day);
            let until = when::start(scene.tz, when::plus(when.day, 1));
            let after = scene.last_on(when.day).map(|last| last + Duration::seconds(1));
            Span::new(after.unwrap_or(from), until)
        }
    }
}

/// How far to look for a permitted time.
const LOOK_DAYS: u16 = 45;

fn asked(scene: &Scene, question: &Question<'_>) -> Result<Answer, Bad> {
    let over = stretch(scene, question.when);
    // What stands once all that is told of that day took place.
    let last = match question.when {
        Some(When { at: Some(at), .. }) => at,
        _ => over.until - Duration::seconds(1),
    };
    let mut world = scene.world(last)?;
    world.at = over.from;
    let Some(asked) = action::read(&mut world, question.obj)? else {
        return Err(Bad::Missing { key: question.obj.at("action"), wanted: "the action" });
    };
    match asked {
        Asked::Act(act) => {
            world.forget_ordinary();
            act_answer(&world, question, act, over)
        }
        Asked::Contact(mut proposed, times) => {
            factor(scene, question, &world, &mut proposed);
            Ok(contact_answer(&mut world, question, &proposed, times, over))
        }
    }
}

/// What the question itself says that the call is for, and what is told just before it.
fn factor(scene: &Scene, question: &Question<'_>, world: &World, proposed: &mut Proposed) {
    if proposed.purpose != Purpose::Collect || proposed.medium != Medium::Call {
        return;
    }
    let text = question.obj.text("question").ok().flatten().unwrap_or_default().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let dropped = scene.told.last().is_some_and(|told| {
        told.kind.word() == "call_dropped" && question.when.is_some_and(|when| when.day == told.day)
    });
    proposed.purpose = if has(&["discount", "collector's control", "in its control"]) {
        Purpose::Collect
    } else if dropped || has(&["dropped"]) {
        Purpose::FinishConversation
    } else if has(&["required by law", "loss mitigation", "comply with applicable law", "1024.39"])
    {
        Purpose::RequiredByLaw
    } else if has(&["court-ordered", "active litigation"]) {
        Purpose::ActiveLitigation
    } else if has(&[
        "requested information",
        "information requested",
        "consumer requested",
        "consumer's request",
        "consumer asked for",
    ]) {
        Purpose::AsRequested
    } else if has(&["late fee", "grace period", "penalty"]) {
        Purpose::AvoidHarm
    } else {
        Purpose::Collect
    };
    let _ = world;
}

fn contact_answer(
    world: &mut World,
    question: &Question<'_>,
    proposed: &Proposed,
    times: u32,
    over: Span,
) -> Answer {
    let mut answer = Answer::default();
    let mut from = over.from;
    for n in 0..times {
        let evaluation = evaluate(&world.facts, proposed, Span::days(from, LOOK_DAYS));
        let (at, found) = at_of(question.family, &evaluation, Span::new(from, over.until), over);
        answer = found;
        let harbor = proposed.point.is_some_and(|point| {
            let within = |debt| path(&world.facts, point, proposed.medium, debt, at).is_some();
            proposed.accounts.iter().all(|debt| within(*debt))
        });
        answer.answer = Some(word(question.family, &answer, &evaluation, harbor, question));
        if answer.decision != Some("allow") {
            break;
        }
        // One that was made counts for those that follow it.
        if n + 1 < times {
            let number = id(world.fresh());
            for debt in &proposed.accounts {
                let attempt = Attempt {
                    point: proposed.point,
                    recipient: proposed.recipient,
                    purpose: proposed.purpose,
                    ..Attempt::new(number, *debt, proposed.medium, at)
                };
                world.facts.attempts.push(attempt);
            }
            from = at + Duration::minutes(30);
        }
    }
    answer
}

/// Decides at the first permitted instant of a stretch, else at its noon.
fn at_of(
    family: Option<Family>,
    evaluation: &Evaluation,
    over: Span,
    day: Span,
) -> (Instant, Answer) {
    let presumes = |at: Instant| {
        let reasons = evaluation.decide(at).reasons;
        reasons.iter().any(|blocked| listed(PRESUMING, blocked.ground.rule))
    };
    let open = evaluation.next_permitted(over.from).filter(|at| *at < over.until);
    let noon = day.from + Duration::hours(12);
    let probe = if noon < over.until { noon.max(over.from) } else { over.from };
    // A question of presumption looks past the hours of the day.
    let free = (family == Some(Family::Presumption) && open.is_none())
        .then(|| [over.from, probe].into_iter().find(|at| !presumes(*at)))
        .flatten();
    let at = open.or(free).unwrap_or(probe);
    let explained = evaluation.explain(at);
    let hold = explained.reasons.iter().all(|reason| reason.effect == Effect::Hold);
    let decision = match explained.verdict {
        Verdict::Allow => "allow",
        _ if hold => "hold",
        Verdict::Defer => "defer",
        Verdict::Refuse => "refuse",
    };
    let presuming = |reason: &&Reason| listed(PRESUMING, &reason.rule);
    let rebuttal = explained
        .reasons
        .iter()
        .find(presuming)
        .map(|reason| if reason.effect == Effect::Hold { "factor-may-rebut" } else { "none" });
    let answer = Answer {
        at: Some(at),
        decision: Some(decision),
        reasons: explained.reasons,
        next_permitted_at: explained.next_permitted_at,
        requires: explained.requires.iter().map(ToString::to_string).collect(),
        warnings: explained.warnings,
        rebuttal,
        ..Answer::default()
    };
    (at, answer)
}

/// The answer in the words of the kind that is expected.
fn word(
    family: Option<Family>,
    answer: &Answer,
    evaluation: &Evaluation,
    harbor: bool,
    question: &Question<'_>,
) -> &'static str {
    let allowed = answer.decision == Some("allow");
    match family {
        Some(Family::Presumption) => {
            if answer.rebuttal.is_some() {
                "presumed-violation"
            } else {
                "presumed-compliance"
            }
        }
        Some(Family::Violation) if allowed => "no-violation",
        Some(Family::Violation) => "violation",
        Some(Family::Harbor) if harbor => "safe-harbor",
        Some(Family::Harbor) => "no-safe-harbor",
        Some(Family::Requirement) => {
            let wanted = requirement(question);
            let asks = |code: &str| evaluation.requires().iter().any(|r| r.what.as_str() == code);
            match wanted {
                Some(code) if asks(&code) => "required",
                _ => "not-required",
            }
        }
        Some(Family::Permission | Family::Value) | None if allowed => "allowed",
        Some(Family::Permission | Family::Value) | None => "prohibited",
    }
}

/// Which requirement a question is about: `requires`, or its words.
pub fn requirement(question: &Question<'_>) -> Option<String> {
    if let Ok(Some(code)) = question.obj.word("requires") {
        return Some(code);
    }
    let text = question.obj.text("question").ok().flatten()?.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let code = if has(&["mini-miranda", "initial disclosure", "attempting to collect", "18(e)(1)"])
    {
        "mini_miranda"
    } else if has(&["from a debt collector", "18(e)(2)", "subsequent disclosure"]) {
        "from_debt_collector"
    } else if has(&["opt-out", "opt out"]) {
        "opt_out_line"
    } else if has(&[
        "individually by name",
        "identify himself",
        "identify themselves",
        "identify itself",
        "identify the individual",
    ]) {
        "identify_individual"
    } else if has(&["18(e)", "disclosure"]) {
        "disclosure"
    } else {
        return None;
    };
    Some(code.to_owned())
}

fn act_answer(
    world: &World,
    question: &Question<'_>,
    word: ActWord,
    over: Span,
) -> Result<Answer, Bad> {
    let act = match word {
        ActWord::Furnish => Act::Furnish,
        ActWord::Transfer => Act::Transfer,
        ActWord::Sue => Act::Sue,
        ActWord::ThreatenSuit => Act::ThreatenSuit,
        ActWord::Deposit => {
            let dated = when::day(question.obj, "check_date")?;
            let kind = World::kind("postdated_accepted");
            let told = |event: &&Event| Some(event.kind) == kind && event.on.is_some();
            let dated = dated.or(world.facts.events.iter().find(told).and_then(|event| event.on));
            let missing = Bad::Missing {
                key: question.obj.at("check_date"),
                wanted: "the date of the check",
            };
            Act::Deposit { dated_on: dated.ok_or(missing)? }
        }
        // Not a transfer of the debt, or one to its owner: no rule of transfers reads it.
        ActWord::SendData
        | ActWord::TransferToOwner
        | ActWord::AskWhenConvenient
        | ActWord::ProofOfClaim => {
            return Ok(Answer {
                at: Some(over.from),
                decision: Some("allow"),
                answer: Some(match question.family {
                    Some(Family::Violation) => "no-violation",
                    _ => "allowed",
                }),
                next_permitted_at: Some(over.from),
                ..Answer::default()
            });
        }
    };
    let debts = match world.debts_of(question.obj, "debts")? {
        Some(debts) => debts,
        None => world.debts_of(question.obj, "debt")?.unwrap_or_else(|| world.all_debts()),
    };
    let mut answer = Answer::default();
    for debt in debts {
        let evaluation = evaluate_act(&world.facts, act, debt, Span::days(over.from, LOOK_DAYS));
        let (_, found) = at_of(question.family, &evaluation, over, over);
        answer = found;
        answer.answer = Some(self::word(question.family, &answer, &evaluation, false, question));
        if answer.decision != Some("allow") {
            break;
        }
    }
    Ok(answer)
}
