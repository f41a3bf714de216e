//! Free text of notes and of what a person says, read for days, times, places, media, numbers and a few
//! set phrases. A small general reader: what it cannot place stands as a designation against every time,
//! so that words nobody understood never make anything permitted.

use duly_compliance::{Medium, Place, Times, Weekdays};
use duly_domain::Date;

mod phrase;
mod times;
mod tokens;

use phrase::Phrase;
use tokens::Token;

/// Whose words they are, which settles what is meant where nothing in them says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// A statement of what is inconvenient, whole: `inconvenient: every Friday`.
    Inconvenient,
    /// A note of somebody's about the person.
    Note,
    /// What the person says.
    Person,
}

/// What was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Not at these times; with the medium where one is named.
    pub not_at: Vec<(Times, Option<Medium>)>,
    /// At these times, please.
    pub please: Vec<Times>,
    /// Not at these places; with the medium where one is named.
    pub not_places: Vec<(Place, Option<Medium>)>,
    /// The employer forbids it.
    pub employer_forbids: bool,
    /// Not by these media at all.
    pub not_media: Vec<Medium>,
    /// Not at these addresses and numbers.
    pub not_points: Vec<String>,
    /// Addresses and numbers that are named without being refused.
    pub points: Vec<String>,
    /// Not at all.
    pub no_contact: bool,
    /// Will not pay.
    pub refuses: bool,
    /// Says that it is not owed.
    pub disputes: bool,
    /// Has an attorney; `Some(false)`: no longer.
    pub attorney: Option<bool>,
    /// May be called, or called back.
    pub may_call: bool,
    /// Wants to be told something.
    pub wants_information: bool,
    /// The number is somebody else's.
    pub wrong_number: bool,
    /// Is in bankruptcy.
    pub bankruptcy: bool,
    /// What was inconvenient no longer is.
    pub lifts: bool,
    /// Nothing was understood.
    pub unread: bool,
}

/// Reads a text that was told on a day. `names` are the scenario's own names of addresses and numbers.
pub fn read(text: &str, voice: Voice, on: Date, names: &[String]) -> Said {
    let mut said = Said::default();
    let tokens = tokens::of(text, names);
    let mut last_days: Option<Weekdays> = None;
    let mut last_negative = None;
    for clause in tokens.split(|token| *token == Token::Stop) {
        // A clause turns where an exception begins.
        let mut parts: Vec<(bool, &[Token])> = Vec::new();
        let mut rest = clause;
        let mut exception = false;
        while let Some(turn) = rest.iter().position(Token::turns) {
            parts.push((exception, &rest[..turn]));
            exception = true;
            rest = &rest[turn + 1..];
        }
        parts.push((exception, rest));
        for (exception, part) in parts {
            if part.is_empty() {
                continue;
            }
            let phrase = Phrase::of(part);
            let negative = if exception {
                !last_negative.unwrap_or(voice != Voice::Person)
            } else {
                phrase.negative(voice, last_negative)
            };
            let found = times::of(part, on);
            let negative =
                negative || (voice == Voice::Person && phrase.is_occupied() && !found.is_empty());
            let context = Context { voice, negative, exception, phrase: &phrase };
            said.take(&context, &found, &mut last_days, on);
            last_negative = Some(negative);
        }
    }
    if said == Said::default() {
        said.unread = true;
        said.not_at.push((every_time(), None));
    }
    said
}

/// What a part of a text is read with.
struct Context<'a> {
    voice: Voice,
    negative: bool,
    exception: bool,
    phrase: &'a Phrase,
}

impl Said {
    fn take(
        &mut self,
        context: &Context<'_>,
        found: &[times::Found],
        last_days: &mut Option<Weekdays>,
        on: Date,
    ) {
        let Context { voice, negative, exception, phrase } = *context;
        self.flags(context);
        if phrase.lifts {
            return;
        }
        // "I am busy", "I cannot talk now": that day.
        let busy = phrase.busy && found.is_empty() && phrase.places.is_empty();
        if busy {
            let today = Times { first_day: Some(on), last_day: Some(on), ..every_time() };
            self.not_at.push((today, None));
            return;
        }
        let medium = match phrase.media.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        for found in found {
            let days = found.days.or(last_days.filter(|_| exception));
            let times = found.times(days.unwrap_or(Weekdays::ALL));
            *last_days = found.days.or(*last_days);
            match (negative, phrase.only) {
                (true, _) if exception && voice == Voice::Person => self.not_at.push((times, None)),
                (true, _) => self.not_at.push((times, medium)),
                (false, true) => {
                    self.not_at.extend(times::outside(times).into_iter().map(|t| (t, medium)));
                    self.please.push(times);
                }
                // "Fridays except from three to five": the exception is taken out of what is refused.
                (false, false) if exception => self.except(times),
                (false, false) => self.please.push(times),
            }
        }
        for place in &phrase.places {
            if negative {
                self.not_places.push((*place, medium));
            }
        }
        self.employer_forbids |= negative && phrase.employer;
        let bare = found.is_empty() && phrase.places.is_empty() && !phrase.employer;
        if negative && bare && !exception {
            if !phrase.points.is_empty() {
                self.not_points.extend(phrase.points.iter().cloned());
            } else if !phrase.media.is_empty() && !phrase.refuses && !phrase.owed {
                self.not_media.extend(phrase.media.iter().copied());
            } else if phrase.contact {
                self.no_contact = true;
            }
        } else if !negative {
            self.points.extend(phrase.points.iter().cloned());
            if phrase.only && bare && !phrase.media.is_empty() {
                let others = Medium::ALL.iter().filter(|other| !phrase.media.contains(other));
                self.not_media.extend(others.copied());
            }
            self.may_call |= phrase.media.contains(&Medium::Call) && (phrase.asks || phrase.back);
        }
    }

    fn flags(&mut self, context: &Context<'_>) {
        let phrase = context.phrase;
        self.lifts |= phrase.lifts;
        self.refuses |= phrase.refuses;
        self.disputes |= phrase.disputes;
        self.wrong_number |= phrase.wrong_number;
        self.bankruptcy |= phrase.bankruptcy;
        self.wants_information |= phrase.information;
        if phrase.attorney {
            self.attorney = Some(!context.negative);
        }
    }

    /// Takes times out of the whole days that were refused.
    fn except(&mut self, open: Times) {
        let mut kept = Vec::new();
        for (shut, medium) in self.not_at.drain(..) {
            let whole = shut.from.is_none() && shut.until.is_none();
            if whole && (open.from.is_some() || open.until.is_some()) {
                if let Some(from) = open.from {
                    kept.push((Times { until: Some(from), ..shut }, medium));
                }
                if let Some(until) = open.until {
                    kept.push((Times { from: Some(until), ..shut }, medium));
                }
            } else {
                kept.push((shut, medium));
            }
        }
        self.not_at = kept;
        self.please.push(open);
    }
}

/// Every time of every day.
pub fn every_time() -> Times {
    Times { days: Weekdays::ALL, from: None, until: None, first_day: None, last_day: None }
}

#[cfg(test)]
mod tests;
