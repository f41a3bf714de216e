//! The words of a text: as the collector wrote them, with the lines that the decision requires.

/// Longest text that a collector writes, in characters: policy, a few parts of a text at most.
pub(crate) const CHARS_MAX: usize = 1_000;

/// A line for each thing that a text can be required to carry.
const LINES: [(&str, &str); 3] = [
    // 12 CFR 1006.18(e)(1).
    (
        "mini_miranda",
        "This is an attempt to collect a debt and any information obtained will be used for that \
         purpose.",
    ),
    // 12 CFR 1006.18(e)(2).
    ("from_debt_collector", "This is from a debt collector."),
    // 12 CFR 1006.6(e).
    ("opt_out_line", "Reply STOP to get no more texts at this number."),
];

/// The whole text; the first thing that is required and that a text cannot be given.
pub(crate) fn compose<'r>(
    agency: &str,
    words: &str,
    requires: impl IntoIterator<Item = &'r str>,
) -> Result<String, &'r str> {
    let mut text = format!("{agency}: {words}");
    for code in requires {
        let (_, line) = LINES.iter().find(|(of, _)| *of == code).ok_or(code)?;
        text.push('\n');
        text.push_str(line);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_carries_what_the_decision_requires_and_is_not_written_without_it() {
        assert_eq!(
            compose("Agency", "please call us", ["from_debt_collector", "opt_out_line"]).unwrap(),
            "Agency: please call us\nThis is from a debt collector.\nReply STOP to get no more texts at \
             this number."
        );
        assert_eq!(compose("Agency", "please call us", ["opt_out_line", "ny_1"]), Err("ny_1"));
    }
}
