//! The file that asks a provider.
//!
//! UTF-8, comma separated, quoted where needed (RFC 4180), with a header; one line per search, by
//! reference:
//!
//! | column | holds |
//! |---|---|
//! | `reference` | the search, as the answer names it |
//! | `kind` | `scrub` or `trace` |
//! | `purpose` | permissible purpose, `collection_of_account` (15 USC 1681b(a)(3)(A)) |
//! | `debtor_kind` | `person` or `business` |
//! | `name` | the party's name |
//! | `address`, `city`, `region`, `postal_code`, `country` | its address as placed; lines joined by `;` |
//! | `phones`, `emails` | its points as placed; joined by `;` |
//!
//! The file is named by the SHA-256 of its bytes and renamed into place: the same searches are the same
//! file, however often they are handed over. Names that begin with a dot are not whole yet.

use csv::Writer;
use duly_domain::SearchKind;
use duly_standing::Party;
use sha2::{Digest as _, Sha256};

use crate::model::PURPOSE;

const HEADER: [&str; 12] = [
    "reference",
    "kind",
    "purpose",
    "debtor_kind",
    "name",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
    "phones",
    "emails",
];

/// One line.
pub(crate) struct Asked<'a> {
    pub reference: &'a str,
    pub kind: SearchKind,
    pub party: &'a Party,
}

/// The file's name and bytes. Lines stand in the order given.
///
/// # Errors
/// None that a write into memory has.
pub(crate) fn render(searches: &[Asked<'_>]) -> Result<(String, Vec<u8>), csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for Asked { reference, kind, party } in searches {
        let address = party.address.as_ref().map(duly_domain::Pii::expose);
        let part = |part: fn(&duly_domain::AddressParts) -> &str| address.map_or("", part);
        let joined = |points: &[duly_domain::Pii<String>]| {
            points.iter().map(|p| p.expose().as_str()).collect::<Vec<_>>().join(";")
        };
        writer.write_record([
            reference,
            kind.as_str(),
            PURPOSE,
            party.kind.as_str(),
            party.name.expose(),
            &address.map(|a| a.lines.join("; ")).unwrap_or_default(),
            part(|a| &a.city),
            part(|a| &a.region),
            part(|a| &a.postal_code),
            part(|a| &a.country),
            &joined(&party.phones),
            &joined(&party.emails),
        ])?;
    }
    let content = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    let hex: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((format!("{hex}.csv"), content))
}

#[cfg(test)]
mod tests {
    use duly_domain::{DebtorKind, PartyRole, Pii};
    use sqlx::types::Uuid;

    use super::*;

    fn party(name: &str) -> Party {
        Party {
            id: Uuid::nil(),
            position: 0,
            role: PartyRole::Principal,
            kind: DebtorKind::Business,
            name: Pii::new(name.to_owned()),
            address: None,
            phones: vec![Pii::new("+16175550123".to_owned()), Pii::new("+16175550124".to_owned())],
            emails: Vec::new(),
            national_id_lookup: None,
        }
    }

    #[test]
    fn a_name_with_commas_and_quotes_stays_one_field() {
        let party = party("Smith, \"Jones\" & Co.");
        let asked = Asked { reference: "S1", kind: SearchKind::Trace, party: &party };
        let (name, content) = render(&[asked]).unwrap();
        let text = String::from_utf8(content).unwrap();
        let expected = "S1,trace,collection_of_account,business,\"Smith, \"\"Jones\"\" & Co.\",,,,,,\
                        +16175550123;+16175550124,\n";
        assert!(text.ends_with(expected), "{text}");
        assert_eq!(name.len(), 64 + 4);
    }

    #[test]
    fn the_same_searches_are_the_same_file() {
        let (one, other) = (party("A"), party("B"));
        let of = |party| Asked { reference: "S1", kind: SearchKind::Scrub, party };
        assert_eq!(render(&[of(&one)]).unwrap(), render(&[of(&one)]).unwrap());
        assert_ne!(render(&[of(&one)]).unwrap().0, render(&[of(&other)]).unwrap().0);
    }
}
