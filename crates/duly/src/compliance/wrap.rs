//! Lines that a terminal of 100 columns shows whole.

/// The columns that are used.
pub const COLUMNS: usize = 100;

/// A text in lines, all of them indented. A word that is longer than a line stands alone on one.
pub fn wrap(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{margin}{word}")),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_the_terminal_and_no_word_is_lost() {
        let text = "the notice follows within five days ".repeat(9);
        let wrapped = wrap(&text, 6);
        assert!(wrapped.lines().count() > 3);
        for line in wrapped.lines() {
            assert!(
                line.chars().count() <= COLUMNS && line.starts_with("      t") || line.len() > 6
            );
        }
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&wrapped), words(&text));
        let long = "x".repeat(120);
        assert_eq!(wrap(&format!("a {long} b"), 1), format!(" a\n {long}\n b"));
    }
}
