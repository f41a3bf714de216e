//! Words that say the same as a word that is known: small words left out, other words for the same thing, in
//! another order. What is spelled wrong says nothing and stays unknown.

use serde_json::{Map, Value};

use crate::words::{listed, plain};

/// Words that add nothing.
const SMALL: &str = "the a an is was were be been has have had of in it its this that do does did message messages \
    as and any one's s";
/// Words for those whom everything here is about.
const ACTORS: &str = "consumer consumers collector collectors debt person our we us";
/// Words that join others.
const JOINING: &str = "at by on to from for with under about";

/// Other words for the same thing; a row is one thing.
const SAME: &[&str] = &[
    "sms text texts texted textmessage",
    "call calls called phone phones telephone telephones telephoned phoned",
    "email emails emailed",
    "letter letters",
    "number numbers",
    "address addresses",
    "check checks cheque cheques",
    "neighbor neighbour",
    "known knows knew know aware knowledge",
    "learned learnt discovered discovers learns",
    "given gave gives provided provides supplied supplies",
    "obtained got acquired obtains",
    "asked asks ask requested requests request requesting",
    "told tells notified notifies informed informs reported reports",
    "withdrawn withdraws withdrew revoked revokes rescinded",
    "prohibits prohibited forbids bans disallows prohibition prohibit",
    "work works workplace job employment office",
    "home house residence residential",
    "attorney attorneys lawyer counsel",
    "deceased died dead",
    "reply replies replied response responds responded respond answer",
    "single one same",
    "service serviced servicing",
    "loan loans",
    "discussed discusses referenced mentioned",
    "transfer transferred transfers",
    "dispute disputes disputed",
    "date day",
    "last latest final",
    "end ends ended",
    "first earliest",
    "allowed permitted",
    "agreement agreed agrees agree",
    "collection collecting",
    "counted counts count",
    "time times",
    "place places",
    "optout optedout",
    "read reads viewed views",
    "raised raises initiated initiates",
    "representative representatives",
    "located location",
    "inconvenient inconvenience",
];

/// What a word says: its parts without these, each by one word for its thing, in one order.
fn core(word: &str, without: &[&str]) -> Vec<String> {
    let word = plain(word).replace("e_mail", "email").replace("text_message", "sms");
    let parts = word
        .split('_')
        .filter(|part| !part.is_empty() && !without.iter().any(|list| listed(list, part)));
    let one = |part: &str| {
        let row = SAME.iter().find(|row| listed(row, part));
        row.and_then(|row| row.split_whitespace().next()).unwrap_or(part).to_owned()
    };
    let mut parts: Vec<String> = parts.map(one).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Which parts need not be the same: small words, then whom it names, then how it joins them.
const WITHOUT: [&[&str]; 3] = [&[SMALL], &[SMALL, ACTORS], &[SMALL, ACTORS, JOINING]];

/// The known word that says the same: itself, else one that differs in small words, else in whom it names, else
/// in how it joins them, where no other does.
pub fn of<'a>(word: &str, known: &(impl Iterator<Item = &'a str> + Clone)) -> Option<&'a str> {
    same(word, known, &WITHOUT)
}

/// The known word that says the same of the same people.
pub fn of_event<'a>(
    word: &str,
    known: &(impl Iterator<Item = &'a str> + Clone),
) -> Option<&'a str> {
    same(word, known, &WITHOUT[..1])
}

fn same<'a>(
    word: &str,
    known: &(impl Iterator<Item = &'a str> + Clone),
    without: &[&[&str]],
) -> Option<&'a str> {
    if let Some(same) = known.clone().find(|one| *one == word) {
        return Some(same);
    }
    without.iter().find_map(|without| {
        let says = core(word, without);
        let mut same = known.clone().filter(|one| !says.is_empty() && core(one, without) == says);
        let first = same.next()?;
        // Several that are spelled another way alone are one word.
        let one = core(first, &[SMALL, ACTORS]);
        Some(same.all(|other| core(other, &[SMALL, ACTORS]) == one).then_some(first))
    })?
}

/// Calls keys by the words that are known for them. A key that would stand twice stays as it is, and is
/// refused by whoever reads it.
pub fn rename(map: &mut Map<String, Value>, lists: &[&str]) {
    let known = || lists.iter().flat_map(|list| list.split_whitespace());
    let strange: Vec<String> =
        map.keys().filter(|key| !known().any(|one| one == key.as_str())).cloned().collect();
    for key in strange {
        let Some(name) = of(&key, &known()) else { continue };
        if !map.contains_key(name)
            && let Some(value) = map.remove(&key)
        {
            map.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "consumer_known_at_home read_at in_reply debts_discussed serviced_under_single_account sent_at \
        sent_to inconvenient cease_received text says consumer_says";

    fn say(word: &str) -> Option<&'static str> {
        of(word, &KNOWN.split_whitespace())
    }

    #[test]
    fn other_words_in_another_order_say_the_same() {
        for (word, known) in [
            ("known_at_home", "consumer_known_at_home"),
            ("collector knows the consumer at home", "consumer_known_at_home"),
            ("read_by_consumer_at", "read_at"),
            ("viewed_at", "read_at"),
            ("debts_mentioned", "debts_discussed"),
            ("serviced_under_one_account", "serviced_under_single_account"),
            ("in_response", "in_reply"),
        ] {
            assert_eq!(say(word), Some(known), "{word}");
        }
    }

    #[test]
    fn what_is_spelled_wrong_or_could_be_two_things_is_not_known() {
        for word in ["inconvenent", "cease_recieved", "sent", "colour", "the", ""] {
            assert_eq!(say(word), None, "{word}");
        }
    }

    #[test]
    fn a_key_is_called_by_its_known_word_unless_that_stands_already() {
        let mut map = Map::new();
        map.insert("known_at_home".to_owned(), Value::Bool(true));
        rename(&mut map, &[KNOWN]);
        assert!(map.contains_key("consumer_known_at_home"));
        map.insert("known_at_home".to_owned(), Value::Bool(false));
        rename(&mut map, &[KNOWN]);
        assert_eq!(map.len(), 2);
    }
}
