//! From YAML to a [`Document`]: unknown keys, unknown names and impossible numbers are refused, each by its
//! key and with what would be right.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use duly_domain::{Channel, CloseCode, Currency, DebtClass, Money, PartyRole, ServiceKind};
use serde::Deserialize;

use crate::{
    answer::{Answer, Treatment, words},
    check,
    document::{Condition, Do, Document, DocumentError, Fits, PointKind, Step, Template, Until},
};

type Result<T> = std::result::Result<T, DocumentError>;

/// Longest document, in bytes.
const BYTES_MAX: usize = 64 * 1024;
/// Most steps.
const STEPS_MAX: usize = 100;
/// Longest name of a strategy or step.
const NAME_MAX: usize = 40;
/// Longest text of a task or summary, in bytes.
const TEXT_MAX: usize = 500;
/// How late a role may start.
const AFTER_DAYS: RangeInclusive<u32> = 0..=180;
/// How long a track may last, and lasts where it is not said.
const AT_MOST_DAYS: RangeInclusive<u32> = 7..=730;
const AT_MOST_DAYS_DEFAULT: u32 = 365;
/// How long a treatment may wait for its begin.
const START_WITHIN_DAYS: RangeInclusive<u32> = 0..=60;
/// How long it may where the step does not say: a provider answers within a week; a letter has a mailing
/// day, a call a shift, within a few days even over a weekend.
const SEARCH_WITHIN_DAYS: u32 = 7;
const LETTER_WITHIN_DAYS: u32 = 5;
const CALL_WITHIN_DAYS: u32 = 3;
const TRIES: RangeInclusive<u32> = 1..=10;
const EVERY_DAYS: RangeInclusive<u32> = 1..=30;
const WAIT_DAYS: RangeInclusive<u32> = 1..=365;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument {
    strategy: String,
    #[serde(default)]
    summary: String,
    r#for: RawFits,
    roles: BTreeMap<PartyRole, RawRole>,
    broken_promise: Option<String>,
    at_most_days: Option<u32>,
    steps: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFits {
    debt_class: DebtClass,
    #[serde(default)]
    service_kinds: Vec<ServiceKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRole {
    after_days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    id: String,
    when: Option<RawWhen>,
    r#do: RawDo,
    start_within_days: Option<u32>,
    #[serde(default)]
    on: BTreeMap<Answer, String>,
    then: Option<String>,
    otherwise: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWhen {
    balance_at_least: Option<String>,
    has_point: Option<PointKind>,
    age_days_at_least: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum RawDo {
    Scrub,
    Trace,
    Letter { template: Template, channel: Channel },
    Call(RawCall),
    Wait(RawWait),
    Task { text: String },
    ProposeClose { code: CloseCode },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCall {
    #[serde(default = "once")]
    tries: u32,
    #[serde(default = "once")]
    every_days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWait {
    days: Option<u32>,
    until: Option<Until>,
}

const fn once() -> u32 {
    1
}

impl Document {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// The first key that is wrong, and what would be right.
    pub fn parse(yaml: &str) -> Result<Self> {
        if yaml.len() > BYTES_MAX {
            let reason = format!("is longer than {BYTES_MAX} bytes; a strategy has few steps");
            return Err(DocumentError::new("document", reason));
        }
        let raw: RawDocument = serde_saphyr::from_str(yaml)
            .map_err(|error| DocumentError::new("document", error.to_string()))?;
        let document = typed(raw)?;
        check::check(&document)?;
        Ok(document)
    }
}

fn typed(raw: RawDocument) -> Result<Document> {
    let name = name("strategy", raw.strategy)?;
    let places = places(&raw.steps)?;
    if !raw.roles.contains_key(&PartyRole::Principal) {
        let reason = "lacks `principal`; say after how many days it is worked";
        return Err(DocumentError::new("roles", reason));
    }
    let roles = raw.roles.into_iter().map(|(role, raw)| {
        let key = format!("roles.{role}.after_days");
        Ok((role, within(&key, raw.after_days, &AFTER_DAYS)?))
    });
    let at_most_days = raw.at_most_days.unwrap_or(AT_MOST_DAYS_DEFAULT);
    let debt_class = raw.r#for.debt_class;
    let count = raw.steps.len();
    let steps = raw.steps.into_iter().enumerate().map(|(at, raw)| {
        let next = (at + 1 < count).then_some(at + 1);
        step(raw, next, &places, debt_class)
    });
    Ok(Document {
        name,
        summary: text("summary", &raw.summary)?,
        fits: Fits { debt_class, service_kinds: raw.r#for.service_kinds },
        roles: roles.collect::<Result<_>>()?,
        broken_promise: raw
            .broken_promise
            .map(|id| place("broken_promise", &id, &places))
            .transpose()?,
        at_most_days: within("at_most_days", at_most_days, &AT_MOST_DAYS)?,
        steps: steps.collect::<Result<_>>()?,
    })
}

/// Where each step stands, by its id.
fn places(steps: &[RawStep]) -> Result<BTreeMap<String, usize>> {
    if steps.is_empty() || steps.len() > STEPS_MAX {
        let reason = format!("has {} steps; give 1 to {STEPS_MAX}", steps.len());
        return Err(DocumentError::new("steps", reason));
    }
    let mut places = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        let id = name("steps.id", step.id.clone())?;
        if places.insert(id, at).is_some() {
            let reason = "is the id of two steps; give each its own";
            return Err(DocumentError::new(format!("steps.{}", step.id), reason));
        }
    }
    Ok(places)
}

fn step(
    raw: RawStep,
    next: Option<usize>,
    places: &BTreeMap<String, usize>,
    debt_class: DebtClass,
) -> Result<Step> {
    let at = format!("steps.{}", raw.id);
    let key = |of: &str| format!("{at}.{of}");
    let within_default = match &raw.r#do {
        RawDo::Scrub | RawDo::Trace => SEARCH_WITHIN_DAYS,
        RawDo::Letter { .. } => LETTER_WITHIN_DAYS,
        RawDo::Call(_) | RawDo::Wait(_) | RawDo::Task { .. } | RawDo::ProposeClose { .. } => {
            CALL_WITHIN_DAYS
        }
    };
    let is_treatment =
        matches!(raw.r#do, RawDo::Scrub | RawDo::Trace | RawDo::Letter { .. } | RawDo::Call(_));
    if raw.start_within_days.is_some() && !is_treatment {
        let reason = "is for treatments only; remove it";
        return Err(DocumentError::new(key("start_within_days"), reason));
    }
    let what = what(&at, raw.r#do, debt_class)?;
    let is_end = matches!(what, Do::ProposeClose(_));
    let then = match raw.then {
        Some(id) if is_end => {
            let reason = format!("leads to {id} from the end of the strategy; remove it");
            return Err(DocumentError::new(key("then"), reason));
        }
        Some(id) => Some(place(&key("then"), &id, places)?),
        None if is_end => None,
        None if next.is_some() => next,
        None => {
            let reason = "is missing on the last step; name a step, or end with propose_close";
            return Err(DocumentError::new(key("then"), reason));
        }
    };
    let when = raw.when.map(|raw| conditions(&key("when"), raw)).transpose()?.unwrap_or_default();
    if is_end && !when.is_empty() {
        let reason = "stands at the end of the strategy, which has nothing to go on to; remove it";
        return Err(DocumentError::new(key("when"), reason));
    }
    let otherwise = match raw.otherwise {
        Some(_) if when.is_empty() => {
            let reason = "is where a step is passed over to; give the step a `when`, or remove it";
            return Err(DocumentError::new(key("otherwise"), reason));
        }
        Some(id) => Some(place(&key("otherwise"), &id, places)?),
        None => None,
    };
    let start_within_days = raw.start_within_days.unwrap_or(within_default);
    let step = Step {
        when,
        start_within_days: within(
            &key("start_within_days"),
            start_within_days,
            &START_WITHIN_DAYS,
        )?,
        on: BTreeMap::new(),
        then,
        otherwise,
        what,
        id: raw.id,
    };
    let possible = step.treatment().map_or(&[][..], |asked| Answer::of(asked.kind()));
    let mut on = BTreeMap::new();
    for (answer, id) in raw.on {
        let key = format!("{at}.on.{answer}");
        if !possible.contains(&answer) {
            let reason = if possible.is_empty() {
                "answers no treatment; remove it".to_owned()
            } else {
                format!("is no answer to this treatment: expected one of {}", words(possible))
            };
            return Err(DocumentError::new(key, reason));
        }
        on.insert(answer, place(&key, &id, places)?);
    }
    Ok(Step { on, ..step })
}

fn what(at: &str, raw: RawDo, debt_class: DebtClass) -> Result<Do> {
    let treat = |treatment| Do::Treat { treatment, tries: 1, every_days: 1 };
    Ok(match raw {
        RawDo::Scrub => treat(Treatment::Scrub),
        RawDo::Trace => treat(Treatment::Trace),
        RawDo::Letter { template, channel } => {
            if !matches!(channel, Channel::Mail | Channel::Email) {
                let reason = "is no way for a letter: expected mail or email";
                return Err(DocumentError::new(format!("{at}.do.letter.channel"), reason));
            }
            if template.debt_class() != debt_class {
                let reason = format!(
                    "{} is for {} claims, the strategy for {debt_class} ones",
                    template.as_str(),
                    template.debt_class()
                );
                return Err(DocumentError::new(format!("{at}.do.letter.template"), reason));
            }
            treat(Treatment::Letter { template, channel })
        }
        RawDo::Call(RawCall { tries, every_days }) => Do::Treat {
            treatment: Treatment::Call,
            tries: within(&format!("{at}.do.call.tries"), tries, &TRIES)?,
            every_days: within(&format!("{at}.do.call.every_days"), every_days, &EVERY_DAYS)?,
        },
        RawDo::Wait(RawWait { days: Some(days), until: None }) => {
            Do::WaitDays(within(&format!("{at}.do.wait.days"), days, &WAIT_DAYS)?)
        }
        RawDo::Wait(RawWait { days: None, until: Some(until) }) => Do::WaitUntil(until),
        RawDo::Wait(_) => {
            let reason = "waits for nothing or for two things; give either days or until";
            return Err(DocumentError::new(format!("{at}.do.wait"), reason));
        }
        RawDo::Task { text: words } => {
            let key = format!("{at}.do.task.text");
            let words = text(&key, &words)?;
            if words.is_empty() {
                return Err(DocumentError::new(key, "is empty; say what a person shall do"));
            }
            Do::Task(words)
        }
        RawDo::ProposeClose { code } => Do::ProposeClose(code),
    })
}

fn conditions(key: &str, raw: RawWhen) -> Result<Vec<Condition>> {
    let mut when = Vec::new();
    if let Some(amount) = raw.balance_at_least {
        when.push(Condition::BalanceAtLeast(money(&format!("{key}.balance_at_least"), &amount)?));
    }
    when.extend(raw.has_point.map(Condition::HasPoint));
    when.extend(raw.age_days_at_least.map(Condition::AgeDaysAtLeast));
    if when.is_empty() {
        let reason = "is empty: expected balance_at_least, has_point or age_days_at_least";
        return Err(DocumentError::new(key, reason));
    }
    Ok(when)
}

fn money(key: &str, amount: &str) -> Result<Money> {
    let wrong = || DocumentError::new(key, "is no amount with its currency, `250.00 USD`");
    let (number, currency) = amount.trim().split_once(' ').ok_or_else(wrong)?;
    let currency: Currency = currency.trim().parse().map_err(|_| wrong())?;
    Money::parse(number, currency).map_err(|error| DocumentError::new(key, error.to_string()))
}

fn place(key: &str, id: &str, places: &BTreeMap<String, usize>) -> Result<usize> {
    places.get(id).copied().ok_or_else(|| {
        let known: BTreeSet<&str> = places.keys().map(String::as_str).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let shown = if id.len() > NAME_MAX { "a name" } else { id };
        DocumentError::new(key, format!("{shown} is no step: expected one of {known}"))
    })
}

fn name(key: &str, name: String) -> Result<String> {
    let fits = (1..=NAME_MAX).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits {
        return Ok(name);
    }
    let reason =
        format!("has 1 to {NAME_MAX} lower-case letters, digits and hyphens, `first-demand`");
    Err(DocumentError::new(key, reason))
}

fn text(key: &str, text: &str) -> Result<String> {
    if text.len() > TEXT_MAX || text.chars().any(|c| c.is_control() && c != '\n') {
        let reason = format!("has more than {TEXT_MAX} bytes, or control characters");
        return Err(DocumentError::new(key, reason));
    }
    Ok(text.trim().to_owned())
}

fn within(key: &str, number: u32, range: &RangeInclusive<u32>) -> Result<u32> {
    if range.contains(&number) {
        return Ok(number);
    }
    let reason = format!("is {number}: expected {} to {}", range.start(), range.end());
    Err(DocumentError::new(key, reason))
}

#[cfg(test)]
mod tests;
