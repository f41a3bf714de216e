//! What the content of an event says for itself: its words, its way to opt out, its deadline, that it came
//! back.

use duly_compliance::Purpose;
use duly_domain::{Effect, Force};

use super::proposals;
use crate::answer::{Answer, Question};
use crate::event::Does;
use crate::scene::{Scene, Told};
use crate::when;
use crate::words::Bad;

pub fn found(told: &Told, against: Option<(&'static str, &'static str, &'static str)>) -> Answer {
    let reasons = against.map(|(rule, authority, sentence)| duly_compliance::Reason {
        rule: rule.into(),
        authority: authority.into(),
        force: Force::Law,
        effect: Effect::Deny,
        sentence: sentence.to_owned(),
        until: None,
    });
    Answer {
        at: Some(told.at),
        answer: Some(if reasons.is_some() { "violation" } else { "no-violation" }),
        reasons: reasons.into_iter().collect(),
        read_as: Some(format!("{} on {}", told.kind.word(), told.day)),
        ..Answer::default()
    }
}

/// What may not be said or shown, by the word for it.
const FORBIDDEN: &[(&str, &str, &str, &str)] = &[
    (
        "obscene_language",
        "abusive_language",
        "12 CFR 1006.14(d)",
        "obscene or profane language was used",
    ),
    (
        "profane_language",
        "abusive_language",
        "12 CFR 1006.14(d)",
        "obscene or profane language was used",
    ),
    ("abusive_language", "abusive_language", "12 CFR 1006.14(d)", "abusive language was used"),
    ("threat_of_violence", "violence", "12 CFR 1006.14(c)", "violence was threatened"),
    ("threat_of_arrest", "false_threat", "12 CFR 1006.18(b)", "arrest was threatened"),
];

/// What the content of the last event that tells any says for itself.
pub fn content(scene: &Scene, told: &[&Told]) -> Result<Option<Answer>, Bad> {
    for told in told.iter().rev() {
        let obj = told.obj();
        let contact = matches!(told.kind.does(), Does::Call | Does::Sent(_) | Does::Validation(_));
        if !contact {
            continue;
        }
        for key in ["content", "contains"] {
            for item in obj.texts(key)?.unwrap_or_default() {
                let word = crate::words::plain(&item);
                if let Some((_, rule, cite, says)) = FORBIDDEN.iter().find(|row| row.0 == word) {
                    return Ok(Some(found(told, Some((rule, cite, says)))));
                }
            }
        }
        let discloses = obj.flag("discloses_debt_collector")?.or(obj.flag("discloses_identity")?);
        if let Some(discloses) = discloses {
            let against =
                ("identity", "12 CFR 1006.18(d)", "the sender did not say to be a debt collector");
            return Ok(Some(found(told, (!discloses).then_some(against))));
        }
        let mut accurate = None;
        let profile = [
            "profile_accurate",
            "accurate_name",
            "profile_name_accurate",
            "profile_accurately_identifies_individual",
            "profile_identifies_individual",
        ];
        for key in profile {
            accurate = accurate.or(obj.flag(key)?);
        }
        if let Some(accurate) = accurate {
            let against = (
                "identity",
                "12 CFR 1006.18(d)",
                "the profile does not show the sender's own name",
            );
            return Ok(Some(found(told, (!accurate).then_some(against))));
        }
        let way = obj.text("opt_out_text")?.or(obj.text("opt_out_instruction")?);
        if let Some(way) = way.filter(|way| way != "none") {
            let against = (
                "opt_out_line",
                "12 CFR 1006.6(e)",
                "it tells no reasonable and simple way to opt out",
            );
            return Ok(Some(found(
                told,
                (!simple(&way) || obj.flag("fee")? == Some(true)).then_some(against),
            )));
        }
        let electronic = matches!(told.kind.does(), Does::Sent(medium) if medium.is_electronic());
        let ways = ["opt_out_text", "opt_out_instruction", "opt_out_notice", "opt_out_line"];
        let told_none = |way: &serde_json::Value| {
            way.is_null() || way == &serde_json::Value::Bool(false) || way == "none"
        };
        if electronic && ways.iter().find_map(|key| told.map.get(*key)).is_some_and(told_none) {
            let against = ("opt_out_line", "12 CFR 1006.6(e)", "it tells no way to opt out");
            return Ok(Some(found(told, Some(against))));
        }
        let third = proposals(scene, told)?.iter().any(|(_, proposed)| {
            proposed.purpose == Purpose::Location && !proposed.recipient.is_consumer()
        });
        if let (true, Some(says)) = (third, obj.text("says")?) {
            let says = says.to_lowercase();
            let estate = duly_compliance::rules::location::ESTATE_WORDING;
            let owes =
                ["owes", "owe a debt", "debt", "collect"].iter().any(|word| says.contains(word));
            let about_estate = estate.iter().any(|wording| says.contains(wording));
            let against =
                ("location", "12 CFR 1006.10(b)(2)", "it says that the consumer owes a debt");
            return Ok(Some(found(told, (owes && !about_estate).then_some(against))));
        }
    }
    Ok(None)
}

/// Whether a way to opt out is reasonable and simple: in the message itself, by an answer or a link, and
/// neither by post or telephone nor for a fee. Comments 6(d)(4)(ii)(C)(4)-1, 6(e)-1.
fn simple(way: &str) -> bool {
    let way = way.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| way.contains(word));
    let electronic = has(&["reply", "replying", "click", "link", "stop", "text "]);
    // No fee, and nothing told but the wish and the address (1006.6(e)).
    let hard = has(&[
        "call us",
        "by telephone",
        "write to",
        "by mail",
        "postal",
        "fee",
        "visit our",
        "pay ",
        "charge",
        "$",
        "social security",
        "account number",
        "log in",
        "sign in",
        "date of birth",
    ]);
    electronic && !hard
}

/// A required disclosure that came back was not sent in a manner reasonably expected to provide actual
/// notice: comment 42(a)(1)-2.
pub fn undelivered(told: &[&Told]) -> Option<Answer> {
    let last = told.last()?;
    let sent = told
        .iter()
        .rev()
        .find(|told| matches!(told.kind.does(), Does::Validation(_) | Does::Answered(_)))?;
    if last.kind.does() != Does::Undeliverable {
        return None;
    }
    let against = (
        "actual_notice",
        "12 CFR 1006.42(a)(1)",
        "a notice came that the disclosure was not delivered",
    );
    Some(found(sent, Some(against)))
}

/// Whether the deadline of a creditor's notice is long enough: the day, or the number of days, that the
/// question names, else the one that the notice states.
pub fn deadline(question: &Question<'_>, told: &[&Told]) -> Result<Option<Answer>, Bad> {
    let text = question.obj.text("question")?.unwrap_or_default().to_lowercase();
    let notice = told.iter().rev().find(|told| told.kind.is(&["creditor_notice_sent"]));
    let (Some(sent), true) = (notice, text.contains("long enough")) else { return Ok(None) };
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    let named = words.iter().find_map(|word| word.parse().ok());
    let days = words.windows(2).find(|two| two[1] == "days").and_then(|two| two[0].parse().ok());
    let stated = when::day(sent.obj(), "opt_out_deadline")?.or(when::day(sent.obj(), "deadline")?);
    let deadline = named.or(days.map(|days: i64| when::plus(sent.day, days))).or(stated);
    let Some(deadline) = deadline else { return Ok(None) };
    let enough = duly_compliance::path::notice::is_long_enough(sent.day, deadline);
    let against = (
        "creditor_notice",
        "12 CFR 1006.6(d)(4)(ii)(C)(5)",
        "the deadline is less than 35 days after the notice was sent",
    );
    Ok(Some(found(sent, (!enough).then_some(against))))
}
