//! Words that revoke the consent to automated calls and texts. 47 CFR 64.1200(a)(10): by "any reasonable method
//! to clearly express a desire not to receive further calls or text messages"; these replies do so in
//! themselves. Other words may as well, and are for somebody to read.

/// Replies that are a revocation in themselves. 47 CFR 64.1200(a)(10).
pub const WORDS: [&str; 7] = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"];

/// Whether a reply is one of [`WORDS`] and nothing else but case, spaces and punctuation; `false` is no
/// answer to whether it revokes.
pub fn is_revocation(reply: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let reply = letters(reply);
    WORDS.iter().any(|word| letters(word) == reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_revokes_however_it_is_typed() {
        for reply in ["STOP", " stop. ", "Opt-Out", "OPT OUT!", "optout", "\u{201c}Quit\u{201d}"] {
            assert!(is_revocation(reply), "{reply}");
        }
        assert!(WORDS.iter().all(|word| is_revocation(word)));
    }

    #[test]
    fn other_words_are_for_somebody_to_read() {
        for reply in ["", "stop calling my mother", "the end of the month", "ok", "..."] {
            assert!(!is_revocation(reply), "{reply}");
        }
    }
}
