//! Amounts, dates and addresses as a letter prints them.

use chrono::Datelike as _;
use duly_domain::{AddressParts, Currency, Date, Money};

/// Longest single word that a column of a schedule can hold.
const WORD_CHARS_MAX: usize = 28;

/// `$1,234.56`, `−$84.10`, `EUR 1,234.56`.
pub(super) fn amount(money: Money) -> String {
    let plain = money.amount();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !fraction.is_empty() {
        grouped = format!("{grouped}.{fraction}");
    }
    if money.currency() == Currency::USD {
        format!("{sign}${grouped}")
    } else {
        format!("{sign}{} {grouped}", money.currency().code())
    }
}

/// `January 6, 2026`.
pub(super) fn long_date(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(date.month0()).ok().and_then(|month| MONTHS.get(month));
    format!("{} {}, {}", month.unwrap_or(&""), date.day(), date.year())
}

/// `01/06/2026`, or nothing.
pub(super) fn short_date(date: Option<Date>) -> String {
    date.map(|d| format!("{:02}/{:02}/{}", d.month(), d.day(), d.year())).unwrap_or_default()
}

/// An address as the post reads it.
pub(super) fn address_lines(address: &AddressParts) -> Vec<String> {
    let mut lines: Vec<String> = address.lines.iter().map(|line| shown(line)).collect();
    let region = format!("{} {}", address.region.trim(), address.postal_code.trim());
    lines.push(match (address.city.trim(), region.trim()) {
        (city, "") => city.to_owned(),
        ("", region) => region.to_owned(),
        (city, region) => format!("{city}, {region}"),
    });
    if !matches!(address.country.trim(), "" | "US") {
        lines.push(address.country.trim().to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Text without control characters, which no font shows.
pub(super) fn shown(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The same, where a column would not hold a longer word.
pub(super) fn word(text: &str) -> String {
    let text = shown(text);
    if text.chars().count() <= WORD_CHARS_MAX {
        return text;
    }
    text.chars().take(WORD_CHARS_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_and_signed_before_the_symbol() {
        let usd = |minor| amount(Money::new(minor, Currency::USD));
        assert_eq!(usd(123_456_789), "$1,234,567.89");
        assert_eq!(usd(5), "$0.05");
        assert_eq!(usd(-8_410), "−$84.10");
        assert_eq!(usd(100_000), "$1,000.00");
        assert_eq!(amount(Money::new(-1_234, Currency::JPY)), "−JPY 1,234");
        assert_eq!(amount(Money::new(1_234_567, Currency::KWD)), "KWD 1,234.567");
    }

    #[test]
    fn dates_and_addresses_read_as_in_a_letter() {
        let day: Date = "2026-01-06".parse().unwrap();
        assert_eq!(long_date(day), "January 6, 2026");
        assert_eq!(short_date(Some(day)), "01/06/2026");
        assert_eq!(short_date(None), "");
        let mut address = AddressParts {
            lines: vec!["12 Canal Street".into(), " ".into()],
            city: "Dayton".into(),
            region: "OH".into(),
            postal_code: "45402".into(),
            country: "US".into(),
        };
        assert_eq!(address_lines(&address), ["12 Canal Street", "Dayton, OH 45402"]);
        address.country = "CA".into();
        assert_eq!(address_lines(&address).last().unwrap(), "CA");
    }

    #[test]
    fn a_long_word_is_cut_and_control_characters_are_not_printed() {
        assert_eq!(word(&"9".repeat(40)).chars().count(), WORD_CHARS_MAX);
        assert_eq!(shown(" a\u{7}b\n"), "a b");
    }
}
