//! What a clause says besides its times: whether it refuses, and what it is about.

use duly_compliance::{Medium, Place};

use super::Voice;
use super::tokens::Token;
use crate::words::listed;

/// A clause, by its set words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrase {
    refuses_something: bool,
    agrees: bool,
    /// "Only".
    pub only: bool,
    /// The places named.
    pub places: Vec<Place>,
    /// The employer, or calls at work that are not allowed.
    pub employer: bool,
    /// The media named.
    pub media: Vec<Medium>,
    /// The addresses and numbers named.
    pub points: Vec<String>,
    /// Contact as such.
    pub contact: bool,
    /// Asks to be called.
    pub asks: bool,
    /// "Call back".
    pub back: bool,
    /// "Busy", "cannot talk".
    pub busy: bool,
    /// Will not pay.
    pub refuses: bool,
    /// Speaks of owing.
    pub owed: bool,
    /// Disputes.
    pub disputes: bool,
    /// Speaks of an attorney.
    pub attorney: bool,
    /// "Wrong number".
    pub wrong_number: bool,
    /// Speaks of a bankruptcy.
    pub bankruptcy: bool,
    /// Asks for information.
    pub information: bool,
    /// Says what the person does then: "I am teaching".
    occupied: bool,
    /// "No longer inconvenient".
    pub lifts: bool,
}

const NEGATIVE: &str = "not no never stop inconvenient busy unavailable avoid disturbed disturb sleeping asleep quit \
    without refuse refuses unable forbids forbid prohibits prohibit prohibited forbidden cease \
    bad none away";

const POSITIVE: &str = "convenient ok okay fine good best please prefer prefers available free only better can could \
    may call reach back text email";

impl Phrase {
    /// Reads a clause.
    pub fn of(part: &[Token]) -> Self {
        let words: Vec<&str> = part
            .iter()
            .map(|token| match token {
                Token::Word(word) => word.as_str(),
                _ => "",
            })
            .collect();
        let text = words.join(" ");
        let has = |word: &str| words.contains(&word);
        let any = |all: &[&str]| all.iter().any(|word| words.contains(word));
        let says = |all: &[&str]| all.iter().any(|phrase| text.contains(phrase));
        let mut phrase = Self {
            refuses_something: words.iter().any(|word| listed(NEGATIVE, word)),
            agrees: words.iter().any(|word| listed(POSITIVE, word)),
            only: has("only"),
            contact: any(&[
                "contact",
                "contacting",
                "communicate",
                "communicating",
                "communication",
                "communications",
                "bother",
                "bothering",
                "reach",
                "again",
                "disturbed",
                "disturb",
            ]),
            asks: any(&["can", "may", "please", "call", "could", "ok", "okay", "agree", "consent"]),
            back: any(&["back", "callback", "later"]),
            refuses: says(&[
                "refuse to pay",
                "will not pay",
                "wo not pay",
                "not going to pay",
                "refuses to pay",
            ]),
            owed: any(&["owe", "owed", "owes"]),
            wrong_number: says(&["wrong number", "no one by that name", "nobody by that name"]),
            bankruptcy: any(&["bankruptcy", "bankrupt"]),
            attorney: any(&["attorney", "lawyer", "counsel"]),
            information: says(&[
                "more information",
                "additional information",
                "further information",
            ]),
            lifts: says(&["no longer inconvenient", "convenient again", "no longer a problem"]),
            occupied: any(&["i", "im"])
                && any(&["am", "im", "work", "teach", "sleep", "drive", "pick", "have"]),
            ..Self::default()
        };
        phrase.disputes = any(&["dispute", "disputes", "disputed"])
            || (phrase.owed && any(&["not", "never"]))
            || says(&["not my debt", "not mine", "already paid"]);
        phrase.busy =
            says(&["am busy", "is busy", "not talk", "not speak", "bad time", "busy right now"]);
        phrase.of_places(&words);
        phrase.of_media(&words);
        for token in part {
            if let Token::Point(name) = token {
                phrase.points.push(name.clone());
            }
        }
        phrase
    }

    fn of_places(&mut self, words: &[&str]) {
        for (n, word) in words.iter().enumerate() {
            let before = |back: usize| n.checked_sub(back).and_then(|n| words.get(n)).copied();
            let stands = [1, 2, 3].iter().any(|back| {
                matches!(before(*back), Some("at" | "from" | "to" | "my" | "the" | "in" | "place"))
            }) || words.len() == 1;
            match *word {
                "home" | "house" | "residence" | "apartment" => self.places.push(Place::Home),
                "workplace" | "office" | "employment" => self.places.push(Place::Work),
                // "I work from nine to five" names times, "at work" a place.
                "work" | "job" if stands => self.places.push(Place::Work),
                "employer" | "boss" | "employers" => self.employer = true,
                "school" | "church" | "hospital" | "class" | "classes" | "gym" if stands => {
                    self.places.push(Place::Other);
                }
                _ => {}
            }
        }
        self.places.dedup();
        let at_work = self.places.contains(&Place::Work);
        let personal =
            words.contains(&"personal") || words.contains(&"allowed") || words.contains(&"take");
        self.employer |= at_work && personal;
    }

    fn of_media(&mut self, words: &[&str]) {
        for word in words {
            let medium = match *word {
                "call" | "calls" | "calling" | "called" | "phone" | "telephone" | "phoning"
                | "callback" => Medium::Call,
                "text" | "texts" | "texting" | "texted" => Medium::Text,
                "email" | "emails" | "emailing" | "emailed" => Medium::Email,
                "mail" | "mailing" | "letter" | "letters" | "post" => Medium::Mail,
                "portal" | "app" | "website" => Medium::Portal,
                "social" | "facebook" | "messenger" => Medium::Social,
                "visit" | "visits" | "visiting" => Medium::Visit,
                _ => continue,
            };
            if !self.media.contains(&medium) {
                self.media.push(medium);
            }
        }
        // "All communications", "do not call or contact me in any way": every medium.
        if words.contains(&"communications") || words.contains(&"contact") {
            self.media.clear();
        }
    }

    /// Whether the person only says what it does at the times of the clause: they are not offered.
    pub fn is_occupied(&self) -> bool {
        self.occupied && !self.agrees
    }

    /// Whether the clause refuses.
    pub fn negative(&self, voice: Voice, before: Option<bool>) -> bool {
        if self.refuses_something {
            return true;
        }
        match voice {
            Voice::Inconvenient => !self.agrees || !self.only,
            Voice::Note => !self.agrees,
            Voice::Person => !self.agrees && before.unwrap_or(false),
        }
    }
}
