//! What makes two accounts of a client one case: the same debtor, by an exact key.

use duly_domain::DebtorKind;

/// The principal debtor of an account, as far as it decides about the case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Debtor<'a> {
    pub kind: DebtorKind,
    pub name: &'a str,
    pub country: &'a str,
    pub postal_code: &'a str,
    /// Names the account: it has a case of its own where the debtor cannot be told from another of the
    /// same name.
    pub account: &'a str,
}

impl Debtor<'_> {
    /// The key in plain, to be hashed. Kind, name and postal code, spelled one way; without a postal
    /// code a name alone proves nothing.
    pub(crate) fn key(&self) -> String {
        let postal_code = self.postal_code();
        let place = if postal_code.is_empty() { self.account } else { &postal_code };
        format!("{}|{}|{place}", self.kind, normalised(self.name))
    }

    /// Letters and digits; of a ZIP+4 the five that stand for the place.
    fn postal_code(&self) -> String {
        let code: String = self
            .postal_code
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .collect();
        let five = self.country == "US" && code.len() > 5 && code.is_ascii();
        if five { code[..5].to_owned() } else { code }
    }
}

/// A name in capitals, its words apart by one space, without punctuation.
fn normalised(name: &str) -> String {
    let words: String = name
        .chars()
        .flat_map(char::to_uppercase)
        // An apostrophe or a point joins: O'Neil, I.B.M.; everything else parts words.
        .filter(|c| !matches!(c, '\'' | '’' | '.'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: DebtorKind, name: &str, postal_code: &str, account: &str) -> String {
        Debtor { kind, name, country: "US", postal_code, account }.key()
    }

    #[test]
    fn one_debtor_written_two_ways_is_one() {
        let one = key(DebtorKind::Business, "Acme Trading, L.L.C.", "45402-1234", "a");
        assert_eq!(one, "business|ACME TRADING LLC|45402");
        assert_eq!(one, key(DebtorKind::Business, "  ACME   trading LLC", "45402", "b"));
        let name = key(DebtorKind::Person, "Sinéad O'Neil", "02110", "a");
        assert_eq!(name, key(DebtorKind::Person, "SINÉAD ONEIL", "02110", "b"));
    }

    #[test]
    fn another_kind_name_or_place_is_another_debtor() {
        let one = key(DebtorKind::Business, "Acme", "45402", "a");
        assert_ne!(one, key(DebtorKind::Person, "Acme", "45402", "a"));
        assert_ne!(one, key(DebtorKind::Business, "Acme 2", "45402", "a"));
        assert_ne!(one, key(DebtorKind::Business, "Acme", "45403", "a"));
    }

    #[test]
    fn without_a_postal_code_each_account_stands_alone() {
        let one = key(DebtorKind::Business, "Acme", " ", "a");
        assert_ne!(one, key(DebtorKind::Business, "Acme", "", "b"));
    }

    #[test]
    fn the_code_of_another_country_is_kept_whole() {
        let debtor = Debtor {
            kind: DebtorKind::Business,
            name: "Acme",
            country: "GB",
            postal_code: "sw1a 1aa",
            account: "a",
        };
        assert_eq!(debtor.key(), "business|ACME|SW1A1AA");
    }
}
