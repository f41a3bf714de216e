//! What a question is about: an event of the timeline, or something that its own words name.

use duly_compliance::{Content, Recipient};
use duly_domain::Disposition;

use super::message;
use crate::event::{self, Does};
use crate::scene::Told;
use crate::words::{Bad, Obj};

/// How many words of an event stand in a question.
pub fn likeness(told: &Told, text: &str) -> usize {
    let mut words: Vec<String> = Vec::new();
    for (key, value) in &told.map {
        let spoken = match value {
            serde_json::Value::String(said) if key != "at" => said.clone(),
            serde_json::Value::Array(all) => {
                all.iter().filter_map(|one| one.as_str()).collect::<Vec<_>>().join(" ")
            }
            _ => continue,
        };
        let spoken = spoken.to_lowercase().replace(['_', '-'], " ");
        words.extend(spoken.split_whitespace().map(str::to_owned));
    }
    words.sort_unstable();
    words.dedup();
    let text = text.replace('-', " ");
    let asked: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).collect();
    words.iter().filter(|word| word.len() > 2 && asked.contains(&word.as_str())).count()
}

/// Whether the event is a pleading.
pub fn is_pleading(told: &Told) -> bool {
    told.kind.is(&["suit_filed", "proof_of_claim_filed"])
}

/// What a contact conveys.
pub fn content(told: &Told) -> Result<Content, Bad> {
    let obj = told.obj();
    if is_pleading(told) {
        return Ok(Content::FormalPleading);
    }
    Ok(match told.kind.does() {
        Does::Marketing => match obj.flag("mentions_specific_debt")? {
            Some(true) => Content::AboutDebt,
            _ => Content::NoSpecificDebt,
        },
        Does::Call => {
            let voicemail = told.kind.is(&["voicemail_left", "ringless_voicemail_left"]);
            let outcome = if voicemail { Disposition::Voicemail } else { event::outcome(obj)? };
            match outcome {
                Disposition::Reached | Disposition::ThirdParty => Content::AboutDebt,
                Disposition::Voicemail if message::says_nothing(obj)? => Content::Nothing,
                Disposition::Voicemail if message::is_limited_content(obj)? => {
                    Content::LimitedContent
                }
                Disposition::Voicemail => Content::AboutDebt,
                _ => Content::Nothing,
            }
        }
        Does::Received(duly_compliance::Medium::Call)
            if event::outcome(obj)? != Disposition::Reached && obj.has("result") =>
        {
            Content::Nothing
        }
        Does::Sent(_) | Does::Received(_) | Does::Validation(_) => {
            match obj.flag("about_the_debt")?.or(obj.flag("mentions_specific_debt")?) {
                Some(false) => Content::NoSpecificDebt,
                _ => Content::AboutDebt,
            }
        }
        _ => Content::Nothing,
    })
}

/// What the words of a question name.
pub fn content_of(text: &str) -> Option<Content> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["limited-content", "limited content"]) {
        Some(Content::LimitedContent)
    } else if has(&["marketing", "advertis"]) {
        Some(Content::NoSpecificDebt)
    } else if has(&["proof of claim", "pleading"]) {
        Some(Content::FormalPleading)
    } else if has(&["unanswered"]) {
        Some(Content::Nothing)
    } else if has(&[
        "in person",
        "telephone",
        "audio recording",
        "paper document",
        "mail",
        "text message",
        "social media",
        "email",
    ]) {
        Some(Content::AboutDebt)
    } else {
        None
    }
}

/// The outcome of a call that the words of a question name.
pub fn outcome_in(text: &str) -> Option<Disposition> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["busy"]) {
        Some(Disposition::Busy)
    } else if has(&["not in service", "disconnected"]) {
        Some(Disposition::NotInService)
    } else if has(&["voicemail", "recorded message", "recording", "limited-content"]) {
        Some(Disposition::Voicemail)
    } else if has(&["answered, then drop", "answered but drop", "then drops", "then dropped"]) {
        Some(Disposition::ThirdParty)
    } else if has(&["nobody answers", "no one answers", "rings", "unanswered", "not answered"]) {
        Some(Disposition::NoAnswer)
    } else if has(&["is answered", "answers the call", "conversation"]) {
        Some(Disposition::Reached)
    } else {
        None
    }
}

/// Whether the words name an electronic message.
pub fn message_in(text: &str) -> bool {
    ["text message", "sms", "email", "e-mail", "electronic message"]
        .iter()
        .any(|w| text.contains(w))
}

/// Somebody whom the words name.
pub fn person_in(text: &str) -> Option<Recipient> {
    let words = text.replace([' ', '-'], "_");
    let named = event::people().filter(|name| *name != "consumer" && *name != "debtor");
    let longest = named.filter(|name| words.contains(name)).max_by_key(|name| name.len())?;
    event::person(longest)
}

/// E-mail addresses in a text.
pub fn addresses(text: &str) -> Vec<String> {
    let pieces = text.split(|c: char| c.is_whitespace() || ",;:?!()\"'".contains(c));
    let found = pieces.map(|piece| piece.trim_end_matches('.'));
    found.filter(|piece| piece.contains('@') && piece.contains('.')).map(str::to_owned).collect()
}

/// Whether the words say that anybody, or only some, may use a provider.
pub fn open_to_anyone(text: &str) -> Option<bool> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["reserved", "branded", "only employees", "employer", "particular institution"]) {
        Some(false)
    } else if has(&["open to anyone", "general public", "anyone", "anybody"]) {
        Some(true)
    } else {
        None
    }
}

/// Whether a creditor's message is about the account: comment 6(d)(4)(ii)(B)-1.
pub fn about_the_account(obj: Obj<'_>) -> Result<Option<bool>, Bad> {
    if let Some(said) = obj.flag("about_the_account_flag")? {
        return Ok(Some(said));
    }
    let kind = match obj.text("kind")? {
        Some(kind) => Some(kind),
        None => obj.text("about")?,
    };
    Ok(kind.and_then(|kind| about_the_account_of(&kind.to_lowercase().replace('_', " "))))
}

/// The same of words.
pub fn about_the_account_of(text: &str) -> Option<bool> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["marketing", "advertis", "promotion", "unrelated"]) {
        Some(false)
    } else if has(&[
        "bill",
        "invoice",
        "statement",
        "reminder",
        "confirmation",
        "disclosure",
        "account",
        "receipt",
    ]) && !text.starts_with("is the")
    {
        Some(true)
    } else {
        None
    }
}

/// Whether words say that something came in writing: comment 38-1.
pub fn written(text: &str) -> Option<bool> {
    super::arrived(text).map(duly_compliance::writing::Arrived::is_in_writing)
}

/// Whether words name a transfer of a debt for compensation, or only of information: comment 30(b)(1)-1.
pub fn transfers(text: &str) -> Option<bool> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let information = has(&[
        "file of data",
        "file with data",
        "data about",
        "information about",
        "scrub",
        "analytics",
        "archiv",
        "report to a",
        "reports to a",
        "report that",
    ]);
    if information {
        Some(false)
    } else if has(&["sell", "sale", "compensation", "consideration for"]) {
        Some(true)
    } else {
        None
    }
}

/// Whether words name a complete and accurate database: that of the FCC, or one substantially similar to it
/// (comment 6(d)(5)-1).
pub fn complete_database(text: &str) -> Option<bool> {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let not = has(&["not substantially", "less complete", "incomplete", "inaccurate"]);
    let similar = has(&["fcc", "substantially similar", "reassigned numbers database"]);
    match (not, similar) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        (false, false) => None,
    }
}
