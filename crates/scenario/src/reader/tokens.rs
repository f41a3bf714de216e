//! Words of a text: lower case, without what only joins them.

use chrono::{Month, NaiveTime, Weekday};

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A word as written, in lower case.
    Word(String),
    /// A day of the week.
    Day(Weekday),
    /// Monday to Friday.
    Weekdays,
    /// Saturday and Sunday.
    Weekend,
    /// A time of day, and whether morning or evening was said.
    Time(NaiveTime, bool),
    /// A bare number.
    Number(u32),
    /// A month.
    Month(Month),
    /// A date as 2026-06-09.
    Date(duly_domain::Date),
    /// An address or a number.
    Point(String),
    /// The end of a clause.
    Stop,
}

impl Token {
    /// Whether it is this word.
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }

    /// Whether an exception begins here.
    pub fn turns(&self) -> bool {
        ["except", "excepting", "unless", "besides", "apart"].iter().any(|word| self.is(word))
    }
}

/// The words of a text.
pub fn of(text: &str, names: &[String]) -> Vec<Token> {
    let mut text = format!(" {} ", text.to_lowercase());
    for (written, read) in [
        ("a. m.", "am"),
        ("p. m.", "pm"),
        ("a.m.", "am"),
        ("p.m.", "pm"),
        ("a.m", "am"),
        ("p.m", "pm"),
        ("o'clock", ""),
        ("o’clock", ""),
        ("’", "'"),
        ("n't", " not"),
        ("cannot", "can not"),
        ("dont ", "do not "),
        ("e-mail", "email"),
        ("sms", "text"),
        ("–", "-"),
    ] {
        text = text.replace(written, read);
    }
    let mut tokens = Vec::new();
    for piece in text.split_whitespace() {
        let (piece, ends) = match piece.strip_suffix(['.', ';', ',', '!', '?', ':']) {
            // A colon asks: "weekends: no" is one clause.
            Some(rest) => (rest, !piece.ends_with(':') && !piece.ends_with(',')),
            None => (piece, false),
        };
        let piece = piece.trim_matches(['"', '“', '”', '(', ')', '\'', ',']);
        word(piece, names, &mut tokens);
        if ends || piece == "but" {
            tokens.push(Token::Stop);
        }
    }
    tokens
}

fn word(piece: &str, names: &[String], tokens: &mut Vec<Token>) {
    if piece.is_empty() {
        return;
    }
    if let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(piece)) {
        tokens.push(Token::Point(name.clone()));
        return;
    }
    let digits = piece.chars().filter(char::is_ascii_digit).count();
    let dialled = piece.chars().all(|c| c.is_ascii_digit() || "+-.()".contains(c));
    if let Ok(day) = piece.parse::<duly_domain::Date>() {
        tokens.push(Token::Date(day));
    } else if (piece.contains('@') && piece.contains('.')) || (digits >= 7 && dialled) {
        tokens.push(Token::Point(piece.to_owned()));
    } else if let Some((from, to)) = range(piece) {
        tokens.extend([Token::Word("from".to_owned()), from, Token::Word("to".to_owned()), to]);
    } else if let Some(token) = time(piece).or_else(|| named(piece)) {
        tokens.push(token);
    } else if piece == "am" || piece == "pm" {
        // "3 pm": the half of the day belongs to the number before it.
        let hour = match tokens.last() {
            Some(Token::Number(hour)) => NaiveTime::from_hms_opt(*hour, 0, 0),
            Some(Token::Time(time, false)) => Some(*time),
            _ => None,
        };
        match hour {
            Some(hour) => {
                tokens.pop();
                tokens.push(Token::Time(half(hour, piece == "pm"), true));
            }
            None => tokens.push(Token::Word(piece.to_owned())),
        }
    } else if let Ok(number) = piece.parse() {
        tokens.push(Token::Number(number));
    } else {
        tokens.push(Token::Word(piece.replace('\'', "")));
    }
}

/// "3-5pm", "15:00-17:00".
fn range(piece: &str) -> Option<(Token, Token)> {
    let (from, to) = piece.split_once('-')?;
    let hour = |text: &str| {
        time(text).or_else(|| text.parse().ok().filter(|n| *n <= 24).map(Token::Number))
    };
    let (from, to) = (hour(from)?, hour(to)?);
    let clocks = matches!((&from, &to), (Token::Time(..), _) | (_, Token::Time(..)));
    clocks.then_some((from, to))
}

fn half(time: NaiveTime, evening: bool) -> NaiveTime {
    use chrono::Timelike as _;
    let hour = match (time.hour(), evening) {
        (12, false) => 0,
        (hour, true) if hour < 12 => hour + 12,
        (hour, _) => hour,
    };
    time.with_hour(hour).unwrap_or(time)
}

/// "3pm", "3:00", "15:30", "noon".
fn time(piece: &str) -> Option<Token> {
    let clock = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
    match piece {
        "noon" | "midday" => return clock(12, 0).map(|time| Token::Time(time, true)),
        "midnight" => return clock(0, 0).map(|time| Token::Time(time, true)),
        _ => {}
    }
    let (body, said) = match (piece.strip_suffix("am"), piece.strip_suffix("pm")) {
        (Some(body), _) => (body, Some(false)),
        (_, Some(body)) => (body, Some(true)),
        _ => (piece, None),
    };
    let (hour, minute) = match body.split_once(':') {
        Some((hour, minute)) => (hour.parse().ok()?, minute.parse().ok()?),
        None => (said.and(body.parse().ok())?, 0),
    };
    let read = clock(hour, minute)?;
    Some(match said {
        Some(evening) => Token::Time(half(read, evening), true),
        None => Token::Time(read, hour > 12 || body.starts_with('0')),
    })
}

fn named(piece: &str) -> Option<Token> {
    let single = piece.strip_suffix('s').filter(|_| piece.len() > 4).unwrap_or(piece);
    match single {
        "weekday" | "workday" => return Some(Token::Weekdays),
        "weekend" => return Some(Token::Weekend),
        // Words before they are names of a month or a day.
        "may" | "march" | "sun" | "sat" | "mon" | "wed" | "fri" | "thu" | "tue" => {}
        _ => {
            if let Ok(month) = single.parse::<Month>() {
                return Some(Token::Month(month));
            }
        }
    }
    single.parse::<Weekday>().ok().map(Token::Day)
}
