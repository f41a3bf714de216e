//! Who owes, who can be reached, and what is known of them.

use duly_domain::{Address, DateFormat, DebtorKind, Email, PartyRole, Phone, Pii, Ssn};
use duly_proto::{
    common::v1::{self as common, Sealed},
    convert::AddressField as _,
    intake::v1 as wire,
};

use super::reader::{At, Reader, TEXT_BYTES_MAX};
use crate::claim::{Fact, Party, Person};

/// Parties, and contact persons, of one claim. An event carries them all and must fit one message.
const PEOPLE_MAX: usize = 20;
/// Telephone numbers, and e-mail addresses, of one party.
const POINTS_MAX: usize = 20;
/// Known facts of one claim.
const FACTS_MAX: usize = 50;

/// Sealing purposes: equal numbers of two purposes do not match.
const SSN: &str = "ssn";
const EIN: &str = "ein";
const BIRTH_DATE: &str = "birth_date";

impl Reader<'_> {
    pub fn parties(&mut self, parties: &[wire::LiableParty]) -> Vec<Party> {
        let list = "liable_parties";
        if !parties.iter().any(|party| party.role() == wire::PartyRole::Principal) {
            self.wrong("principal_missing", At::field(list), "no party owes as principal");
        }
        if !self.few(list, parties, PEOPLE_MAX) {
            return Vec::new();
        }
        parties.iter().enumerate().filter_map(|(i, party)| self.party(i, party)).collect()
    }

    fn party(&mut self, index: usize, party: &wire::LiableParty) -> Option<Party> {
        let at = |leaf| At::item("liable_parties", index, leaf);
        let role: Option<PartyRole> =
            self.term("party_role_missing", at("role"), party.role().try_into());
        let debtor_kind: Option<DebtorKind> =
            self.term("debtor_kind_missing", at("debtor_kind"), party.debtor_kind().try_into());
        let name = self.name(at("name"), &party.name);
        let address = self.address(at("address"), party.address.as_ref());
        let phones = self.phones(at("phones"), &party.phones);
        let emails = self.emails(at("emails"), &party.emails);
        let national_id = self.national_id(
            at("national_id"),
            party.national_id.as_ref(),
            debtor_kind.unwrap_or(DebtorKind::Person),
        );
        let birth_date = self.birth_date(at("birth_date"), party.birth_date.as_ref());
        Some(Party {
            role: role?,
            debtor_kind: debtor_kind?,
            name,
            address,
            phones,
            emails,
            national_id,
            birth_date,
        })
    }

    fn name(&mut self, at: At, name: &str) -> Pii<String> {
        if name.trim().is_empty() {
            self.wrong("name_missing", at, "is missing");
        }
        Pii::new(self.text(at, name, TEXT_BYTES_MAX))
    }

    /// An address is given where any part of it is.
    fn address(&mut self, at: At, address: Option<&common::Address>) -> Option<Address> {
        let mut parts = address?.parts();
        parts.lines.retain(|line| !line.trim().is_empty());
        let given = [&parts.city, &parts.region, &parts.postal_code];
        if parts.lines.is_empty() && given.iter().all(|part| part.trim().is_empty()) {
            return None;
        }
        if parts.country.trim().is_empty() {
            "US".clone_into(&mut parts.country);
        }
        Address::try_from(parts)
            .inspect_err(|e| self.warn("address_unusable", at, format!("left out: {e}")))
            .ok()
    }

    fn phones(&mut self, at: At, phones: &[String]) -> Vec<Phone> {
        let mut usable = Vec::new();
        for phone in given(phones) {
            match phone.parse::<Phone>() {
                Ok(phone) if usable.contains(&phone) => {}
                Ok(_) if usable.len() == POINTS_MAX => {
                    self.warn(
                        "phone_unusable",
                        at,
                        format!("only the first {POINTS_MAX} are kept"),
                    );
                    break;
                }
                Ok(phone) => usable.push(phone),
                Err(e) => self.warn("phone_unusable", at, format!("left out: {e}")),
            }
        }
        usable
    }

    fn emails(&mut self, at: At, emails: &[String]) -> Vec<Email> {
        let mut usable = Vec::new();
        for email in given(emails) {
            match email.parse::<Email>() {
                Ok(email) if usable.contains(&email) => {}
                Ok(_) if usable.len() == POINTS_MAX => {
                    self.warn(
                        "email_unusable",
                        at,
                        format!("only the first {POINTS_MAX} are kept"),
                    );
                    break;
                }
                Ok(email) => usable.push(email),
                Err(e) => self.warn("email_unusable", at, format!("left out: {e}")),
            }
        }
        usable
    }

    /// A social security number of a person, an employer number of a business: sealed at once.
    fn national_id(
        &mut self,
        at: At,
        secret: Option<&common::Secret>,
        kind: DebtorKind,
    ) -> Option<Sealed> {
        let plain = secret.map(|s| s.plain.trim()).filter(|plain| !plain.is_empty())?;
        match kind {
            DebtorKind::Person => match plain.parse::<Ssn>() {
                Ok(ssn) => {
                    let digits = std::str::from_utf8(ssn.expose()).expect("digits are ASCII");
                    return Some(self.sealer.seal(SSN, digits));
                }
                Err(e) => self.wrong("national_id_invalid", at, e.to_string()),
            },
            DebtorKind::Business => match employer_number(plain) {
                Some(digits) => return Some(self.sealer.seal(EIN, &digits)),
                None => self.wrong(
                    "national_id_invalid",
                    at,
                    "not an employer number: nine digits, or 2-7 with a dash",
                ),
            },
        }
        None
    }

    fn birth_date(&mut self, at: At, secret: Option<&common::Secret>) -> Option<Sealed> {
        let plain = secret.map(|s| s.plain.trim()).filter(|plain| !plain.is_empty())?;
        match DateFormat::iso().parse(plain) {
            Ok(date) if date > self.terms.today => {
                self.wrong("birth_date_invalid", at, "is in the future");
                None
            }
            Ok(date) => Some(self.sealer.seal(BIRTH_DATE, &date.to_string())),
            Err(e) => {
                self.wrong("birth_date_invalid", at, e.to_string());
                None
            }
        }
    }

    pub fn persons(&mut self, persons: &[wire::ContactPerson]) -> Vec<Person> {
        let list = "contact_persons";
        if !self.few(list, persons, PEOPLE_MAX) {
            return Vec::new();
        }
        let mut read = Vec::with_capacity(persons.len());
        for (index, person) in persons.iter().enumerate() {
            let at = |leaf| At::item(list, index, leaf);
            let name = self.name(at("name"), &person.name);
            let title = self.text(at("title"), &person.title, TEXT_BYTES_MAX);
            let phone = self.phones(at("phone"), std::slice::from_ref(&person.phone)).pop();
            let email = self.emails(at("email"), std::slice::from_ref(&person.email)).pop();
            read.push(Person { name, title, phone, email });
        }
        read
    }

    pub fn facts(&mut self, facts: &[wire::KnownFact], parties: usize) -> Vec<Fact> {
        let list = "known_facts";
        if !self.few(list, facts, FACTS_MAX) {
            return Vec::new();
        }
        let mut read = Vec::with_capacity(facts.len());
        for (index, fact) in facts.iter().enumerate() {
            let at = |leaf| At::item(list, index, leaf);
            let kind = self.term("fact_kind_missing", at("kind"), fact.kind().try_into());
            let within = |i: &i32| usize::try_from(*i).is_ok_and(|i| i < parties);
            if fact.party_index.is_some_and(|i| !within(&i)) {
                self.wrong(
                    "party_index_invalid",
                    at("party_index"),
                    "is not the index of a liable party, from 0",
                );
            }
            let since = self.past_date(at("since"), fact.since.as_ref());
            let detail = Pii::new(self.long_text(at("detail"), &fact.detail));
            if let Some(kind) = kind {
                read.push(Fact { kind, party: fact.party_index, since, detail });
            }
        }
        read
    }
}

/// Points that are given: an empty text is none.
fn given(points: &[String]) -> impl Iterator<Item = &str> {
    points.iter().map(|point| point.trim()).filter(|point| !point.is_empty())
}

/// The nine digits of an employer identification number, written with or without its dash.
fn employer_number(text: &str) -> Option<String> {
    let digits = match text.split_once('-') {
        Some((two, seven)) if two.len() == 2 && seven.len() == 7 => format!("{two}{seven}"),
        Some(_) => return None,
        None => text.to_owned(),
    };
    (digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}
