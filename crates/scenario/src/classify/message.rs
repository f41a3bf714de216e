//! What a voicemail says, item by item, for the guard's [`limited_content`].

use duly_compliance::{LeftFor, MessageItem, limited_content};

use crate::words::{Bad, Obj, listed, plain};

const ITEMS: &[(&str, MessageItem)] = &[
    ("business_name", MessageItem::BusinessName),
    ("request_to_reply", MessageItem::RequestToReply),
    ("contact_person_name", MessageItem::ContactName),
    ("contact_name", MessageItem::ContactName),
    ("natural_person_name", MessageItem::ContactName),
    ("callback_number", MessageItem::CallbackNumber),
    ("telephone_number", MessageItem::CallbackNumber),
    ("salutation", MessageItem::Salutation),
    ("date_and_time", MessageItem::DateAndTime),
    ("date_time", MessageItem::DateAndTime),
    ("reply_times", MessageItem::ReplyTimes),
    ("suggested_reply_times", MessageItem::ReplyTimes),
    ("suggested_dates_and_times", MessageItem::ReplyTimes),
    ("any_representative", MessageItem::AnyRepresentative),
    ("representatives", MessageItem::AnyRepresentative),
    ("debt_collector_name", MessageItem::TellingBusinessName),
    ("from_debt_collector", MessageItem::TellingBusinessName),
    ("debt_collector_statement", MessageItem::TellingBusinessName),
];

/// Words that the items of a limited-content message are made of.
const SPEAKING: &str = "hi hello dear good morning afternoon evening this is my name i am calling from with of it at \
    on please contact call reply respond return reach me us or and any our the company companys \
    representative representatives associate associates back to today tomorrow until between \
    through time times weekday weekdays weekend am pm eastern central mountain pacific standard \
    daylight monday tuesday wednesday thursday friday saturday sunday january february march \
    april may june july august september october november december message can be reached number \
    for a an m p a.m p.m you speak if your call. thank thanks again as soon possible";

/// Words of a business name that tell of debt collection.
const TELLING: &str = "debt debts collector collectors collection collections recovery receivables";

/// Whether nothing at all was left.
pub fn says_nothing(told: Obj<'_>) -> Result<bool, Bad> {
    Ok(matches!(told.word("result")?.as_deref(), Some("voicemail_no_message" | "voicemail_full")))
}

/// Whether what was left for the consumer is a limited-content message.
pub fn is_limited_content(told: Obj<'_>) -> Result<bool, Bad> {
    limited_content_of(told, false)
}

/// The same, where the number may be known to be somebody else's.
pub fn limited_content_of(told: Obj<'_>, third_party: bool) -> Result<bool, Bad> {
    // To whom it was left may be told by the call itself.
    let to = told.text("to")?.and_then(|to| crate::event::person(&to));
    let other = third_party || to.is_some_and(|who| !who.is_consumer());
    let left_for = if other { LeftFor::KnownThirdParty } else { LeftFor::Consumer };
    if let Some(said) = told.flag("limited_content")? {
        return Ok(said && left_for == LeftFor::Consumer);
    }
    if told.flag("conveys_debt_information")? == Some(true) {
        return Ok(false);
    }
    if let Some(content) = told.texts("content")? {
        let items: Vec<MessageItem> = content.iter().map(|item| item_of(item)).collect();
        return Ok(limited_content(&items, left_for));
    }
    for key in ["text", "says"] {
        if let Some(text) = told.text(key)? {
            return Ok(limited_content(&items_of(&text), left_for));
        }
    }
    let result = told.word("result")?;
    let limited =
        matches!(result.as_deref(), Some("voicemail_limited_content" | "limited_content_message"))
            || told.word("event")?.as_deref() == Some("limited_content_message_left");
    Ok(limited && left_for == LeftFor::Consumer)
}

fn item_of(word: &str) -> MessageItem {
    let word = plain(word);
    ITEMS.iter().find(|(known, _)| *known == word).map_or(MessageItem::Other, |(_, item)| *item)
}

/// The items of a message as it was spoken. What is neither a name, a number, nor a word of an item is
/// something else.
fn items_of(text: &str) -> Vec<MessageItem> {
    let mut items = Vec::new();
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&[
        "please contact",
        "please call",
        "call me",
        "contact me",
        "reply",
        "return my call",
        "call us",
        "contact us",
        "call back",
    ]) {
        items.push(MessageItem::RequestToReply);
    }
    if text.chars().filter(char::is_ascii_digit).count() >= 7 {
        items.push(MessageItem::CallbackNumber);
    }
    if has(&["representatives", "representative", "associates", "associate"]) {
        items.push(MessageItem::AnyRepresentative);
    }
    // "Calling from ABC Inc.", "this is Robin Smith": who speaks, and for which business.
    let (mut person, mut business) = (false, false);
    let mut after = "";
    let mut name_before = false;
    for raw in text.split_whitespace() {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let low = word.to_lowercase().replace('\'', "");
        let number = word.chars().any(|c| c.is_ascii_digit());
        if word.is_empty() || number {
            continue;
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let telling = listed(TELLING, &low);
        if listed(SPEAKING, &low) && !(capital && name_before) {
            match low.as_str() {
                "from" | "with" | "of" => after = "business",
                "is" | "contact" | "or" | "am" | "name" | "call" | "reach" => after = "person",
                _ => {}
            }
            name_before = false;
        } else if capital && !telling {
            match after {
                "business" => business = true,
                _ => person = true,
            }
            name_before = true;
        } else if telling && after == "business" && capital {
            items.push(MessageItem::TellingBusinessName);
            name_before = true;
        } else {
            items.push(MessageItem::Other);
            name_before = false;
        }
    }
    items.extend(person.then_some(MessageItem::ContactName));
    items.extend(business.then_some(MessageItem::BusinessName));
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        limited_content(&items_of(text), LeftFor::Consumer)
    }

    #[test]
    fn comment_2j1_1_and_2j2_2_the_samples() {
        assert!(is(
            "This is Robin Smith calling from ABC Inc. Please contact me or Jim Johnson at 1-800-555-1212."
        ));
        assert!(is(
            "Hi, this is Robin Smith calling from ABC Inc. It is 4:15 p.m. on Wednesday, September 1. Please contact \
             me or any of our representatives at 1-800-555-1212 today until 6:00 p.m. Eastern time, or any weekday \
             from 8:00 a.m. to 6:00 p.m. Eastern time."
        ));
    }

    #[test]
    fn comment_2j_1_and_2j2_1_anything_more_is_more() {
        assert!(!is("This is Robin Smith, a debt collector. Please call me at 1-800-555-1212."));
        assert!(!is(
            "This is Robin Smith calling from ABC Inc. Please contact any agent with the credit card receivables group \
             at 1-800-555-1212."
        ));
        assert!(!is(
            "This is Robin Smith calling from ABC Debt Collectors. Please contact me at 1-800-555-1212."
        ));
        assert!(!is("This is Robin Smith calling from ABC Inc. Please contact me."));
        assert!(!is(
            "This is Robin Smith from ABC Inc about your unpaid balance. Call me at 1-800-555-1212."
        ));
    }
}
