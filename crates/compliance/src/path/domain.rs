//! Whether anybody may have an e-mail address under a domain. 12 CFR 1006.6(d)(4)(ii)(E): "a domain name
//! that is available for use by the general public", free or paid (comment (E)-1).
//!
//! No register answers this. What is known to be open is listed; what is reserved by its kind is told by its
//! ending, by the employer it is known to be of, or by a word that names a trade; the rest is not known.

/// Providers under whose domains anybody may have an address.
const PUBLIC: &[&str] = &[
    "aim.com",
    "aol.com",
    "att.net",
    "bellsouth.net",
    "charter.net",
    "comcast.net",
    "cox.net",
    "duck.com",
    "earthlink.net",
    "email.com",
    "excite.com",
    "fastmail.com",
    "frontier.com",
    "gmail.com",
    "gmx.com",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "hushmail.com",
    "icloud.com",
    "inbox.com",
    "juno.com",
    "live.com",
    "lycos.com",
    "mac.com",
    "mail.com",
    "mailfence.com",
    "me.com",
    "msn.com",
    "netzero.net",
    "optimum.net",
    "optonline.net",
    "outlook.com",
    "pacbell.net",
    "pm.me",
    "posteo.net",
    "proton.me",
    "protonmail.com",
    "roadrunner.com",
    "rocketmail.com",
    "rr.com",
    "runbox.com",
    "sbcglobal.net",
    "spectrum.net",
    "swbell.net",
    "tuta.com",
    "tutanota.com",
    "usa.com",
    "usa.net",
    "verizon.net",
    "windstream.net",
    "yahoo.com",
    "yandex.com",
    "ymail.com",
    "zohomail.com",
];

/// Top-level domains, and labels before a country, that are reserved: governments, schools, forces.
const RESERVED: &[&str] = &["ac", "edu", "gob", "gouv", "gov", "int", "k12", "mil"];

/// Words that name a trade or an institution, which gives addresses to its own people.
const TRADES: &[&str] = &[
    "academy",
    "bank",
    "church",
    "clinic",
    "college",
    "construction",
    "consulting",
    "corp",
    "creditunion",
    "dental",
    "diocese",
    "hospital",
    "insurance",
    "lawfirm",
    "logistics",
    "manufacturing",
    "mortgage",
    "plumbing",
    "realty",
    "roofing",
    "school",
    "trucking",
    "university",
];

/// Whether a domain is open to the general public; `None`: not known, so not relied on. `employers` are
/// domains known to be of somebody's employer. Letters may be of either case.
pub fn public_domain(domain: &str, employers: &[&str]) -> Option<bool> {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let under = |of: &&str| {
        let of = of.to_ascii_lowercase();
        domain == of || domain.strip_suffix(&of).is_some_and(|sub| sub.ends_with('.'))
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let [.., second, top] = labels.as_slice() else { return None };
    let before_country = top.len() == 2 && RESERVED.contains(second);
    let reserved = RESERVED.contains(top) || before_country || labels.contains(&"k12");
    if employers.iter().any(under) || reserved {
        return Some(false);
    }
    if PUBLIC.contains(&domain.as_str()) || is_public_abroad(&labels) {
        return Some(true);
    }
    let names_a_trade = labels.iter().any(|label| TRADES.iter().any(|trade| label.contains(trade)));
    names_a_trade.then_some(false)
}

/// The large providers' domains in other countries: `yahoo.co.uk`, `hotmail.fr`.
fn is_public_abroad(labels: &[&str]) -> bool {
    let provider = |name| matches!(name, "gmx" | "hotmail" | "live" | "outlook" | "yahoo");
    match labels {
        [name, top] => provider(*name) && top.len() == 2,
        [name, "co" | "com", top] => provider(*name) && top.len() == 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Comment 6(d)(4)(ii)(E)-1.
    #[test]
    fn comment_6d4iie_1_an_institutions_domain_is_not_open_and_a_paid_providers_is() {
        assert_eq!(public_domain("springsidemortgage.com", &[]), Some(false));
        assert_eq!(public_domain("agency.gov", &[]), Some(false));
        assert_eq!(public_domain("university.edu", &[]), Some(false));
        assert_eq!(public_domain("fastmail.com", &[]), Some(true), "paid, and open to anyone");
        assert_eq!(public_domain("GMail.com", &[]), Some(true));
    }

    #[test]
    fn what_is_reserved_is_not_open_wherever_it_is() {
        for domain in ["navy.mil", "ox.ac.uk", "x.gov.au", "ps12.k12.ny.us", "mail.state.edu"] {
            assert_eq!(public_domain(domain, &[]), Some(false), "{domain}");
        }
    }

    #[test]
    fn an_employers_domain_is_not_open_nor_what_is_under_it() {
        let employers = ["Acme.example"];
        assert_eq!(public_domain("acme.example", &employers), Some(false));
        assert_eq!(public_domain("mail.acme.example", &employers), Some(false));
        assert_eq!(public_domain("notacme.example", &employers), None);
    }

    #[test]
    fn the_rest_is_not_known() {
        for domain in ["smith.family", "example.com", "localhost", "", "gmail.com.example.org"] {
            assert_eq!(public_domain(domain, &[]), None, "{domain}");
        }
        assert_eq!(public_domain("yahoo.co.uk", &[]), Some(true));
        assert_eq!(public_domain("hotmail.fr", &[]), Some(true));
    }

    #[test]
    fn the_lists_are_sorted_and_hold_nothing_twice() {
        for list in [PUBLIC, RESERVED, TRADES] {
            assert!(list.windows(2).all(|two| two[0] < two[1]));
        }
    }
}
