//! One made claim, before it is written down.

use chrono::{Datelike, Days};
use duly_domain::{ClaimItemKind, Currency, Date, DebtorKind, KnownFactKind, Money, PartyRole};

use super::places::{PLACES, Place};
use super::words::{
    BUSINESS_FIRST, BUSINESS_FORMS, BUSINESS_SECOND, FIRST_NAMES, LAST_NAMES, STREETS,
};
use super::{CLIENTS, Flaw, Portfolio};
use crate::rng::Rng;

/// A claim of a portfolio, sound; its flaw is put in when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedClaim {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The client that places it.
    pub client_ref: &'static str,
    /// The client's reference of the account.
    pub account_ref: String,
    /// What is wrong with it as written.
    pub flaw: Option<Flaw>,
    /// Who owes.
    pub debtor: GeneratedParty,
    /// Who owes beside the debtor.
    pub guarantor: Option<GeneratedParty>,
    /// Whom to ask for at a business.
    pub contact_name: Option<String>,
    /// What the client already knows of the debtor, since when, and in words.
    pub known_fact: Option<(KnownFactKind, Date, &'static str)>,
    /// Invoices, charges and credits.
    pub items: Vec<GeneratedItem>,
}

/// One who owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedParty {
    /// In what capacity.
    pub role: PartyRole,
    /// Human or organisation.
    pub kind: DebtorKind,
    /// Name.
    pub name: String,
    /// House number and street.
    pub street: String,
    /// City, state, ZIP code.
    pub place: Place,
    /// In one of the forms in which people write them.
    pub phone: String,
    /// May be empty.
    pub email: String,
    /// Nine digits with dashes, or empty. Of areas that were not assigned before the assignment by
    /// chance began in 2011, so that no adult was born with it.
    pub national_id: String,
    /// Of a person.
    pub birth_date: Option<Date>,
}

/// One line of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedItem {
    /// What it is.
    pub kind: ClaimItemKind,
    /// Its number.
    pub number: String,
    /// When it was billed.
    pub item_date: Date,
    /// When it fell due.
    pub due_date: Date,
    /// What is owed on it; below zero for a credit.
    pub open_amount: Money,
    /// May be empty.
    pub purchase_order: String,
}

impl GeneratedClaim {
    /// The sum of the items.
    pub fn amount(&self) -> Money {
        let minor = self.items.iter().map(|item| item.open_amount.minor()).sum();
        Money::new(minor, Currency::USD)
    }
}

/// Oldest bill, in days before the placement.
const AGE_DAYS: (u64, u64) = (75, 400);
const DAYS_TO_PAY: u64 = 30;

/// The first and the last social security area that is drawn.
const AREAS: (u64, u64) = (880, 899);

/// Who places the claim at this place, and under which reference.
fn identity(portfolio: Portfolio, at: u64) -> (DebtorKind, &'static str, String) {
    let mut rng = portfolio.rng(b"identity", at);
    let kind = if rng.percent(40) { DebtorKind::Business } else { DebtorKind::Person };
    let clients: Vec<_> = CLIENTS.iter().filter(|client| client.places == Some(kind)).collect();
    let client_ref = rng.pick(&clients).client_ref;
    (kind, client_ref, format!("{}-{:07}", &client_ref[..2], at + 1))
}

pub(super) fn make(portfolio: Portfolio, at: u64) -> GeneratedClaim {
    let mut rng = portfolio.rng(b"claim", at);
    let flaw = portfolio.flaw(at);
    let (kind, mut client_ref, mut account_ref) = identity(portfolio, at);
    if flaw == Some(Flaw::DuplicateReference) {
        (_, client_ref, account_ref) = identity(portfolio, at.saturating_sub(1));
    }
    let debtor = party(&mut rng, portfolio.as_of, PartyRole::Principal, kind);
    let (chance, role) = match kind {
        DebtorKind::Business => (35, PartyRole::PersonalGuarantor),
        DebtorKind::Person => (5, PartyRole::CoDebtor),
    };
    let guarantor =
        rng.percent(chance).then(|| party(&mut rng, portfolio.as_of, role, DebtorKind::Person));
    let contact_name =
        (kind == DebtorKind::Business && rng.percent(50)).then(|| person_name(&mut rng));
    let known_fact = rng.percent(6).then(|| known_fact(&mut rng, portfolio.as_of));
    let items = items(&mut rng, portfolio.as_of, kind, at);
    GeneratedClaim {
        number: at + 1,
        client_ref,
        account_ref,
        flaw,
        debtor,
        guarantor,
        contact_name,
        known_fact,
        items,
    }
}

fn person_name(rng: &mut Rng) -> String {
    format!("{} {}", rng.pick(&FIRST_NAMES), rng.pick(&LAST_NAMES))
}

fn party(rng: &mut Rng, as_of: Date, role: PartyRole, kind: DebtorKind) -> GeneratedParty {
    let place = *rng.pick(&PLACES);
    let line = rng.between(0, 99);
    let phone = match rng.below(3) {
        0 => format!("({}) 555-01{line:02}", place.area_code),
        1 => format!("{}-555-01{line:02}", place.area_code),
        _ => format!("{}55501{line:02}", place.area_code),
    };
    let mailbox = rng.below(1_000_000);
    let email = if rng.percent(50) { format!("box{mailbox}@example.com") } else { String::new() };
    let mut party = GeneratedParty {
        role,
        kind,
        name: String::new(),
        street: format!("{} {}", rng.between(100, 9_999), rng.pick(&STREETS)),
        place,
        phone,
        email,
        national_id: String::new(),
        birth_date: None,
    };
    match kind {
        DebtorKind::Business => {
            let words = (rng.pick(&BUSINESS_FIRST), rng.pick(&BUSINESS_SECOND));
            party.name = format!("{} {}, {}", words.0, words.1, rng.pick(&BUSINESS_FORMS));
        }
        DebtorKind::Person => {
            party.name = person_name(rng);
            let number = (rng.between(AREAS.0, AREAS.1), rng.between(1, 99), rng.between(1, 9_999));
            if rng.percent(70) {
                party.national_id = format!("{}-{:02}-{:04}", number.0, number.1, number.2);
            }
            party.birth_date = Some(birth_date(rng, as_of));
        }
    }
    party
}

/// Of an adult.
fn birth_date(rng: &mut Rng, as_of: Date) -> Date {
    let small = |value: u64| u32::try_from(value).unwrap_or(1);
    let years = i32::try_from(rng.between(21, 80)).unwrap_or(21);
    let (month, day) = (small(rng.between(1, 12)), small(rng.between(1, 28)));
    Date::from_ymd_opt(as_of.year() - years, month, day).unwrap_or(as_of)
}

fn known_fact(rng: &mut Rng, as_of: Date) -> (KnownFactKind, Date, &'static str) {
    let (kind, detail) = *rng.pick(&[
        (KnownFactKind::Attorney, "Whitfield & Osei, attorneys"),
        (KnownFactKind::Dispute, "goods not as ordered"),
        (KnownFactKind::Bankruptcy, "chapter 7"),
        (KnownFactKind::Cease, "letter on file"),
        (KnownFactKind::Military, "active duty"),
        (KnownFactKind::OptOut, "sms"),
        (KnownFactKind::InconvenientTime, "works nights"),
        (KnownFactKind::Language, "es"),
    ]);
    (kind, before(as_of, rng.between(5, 200)), detail)
}

fn items(rng: &mut Rng, as_of: Date, kind: DebtorKind, at: u64) -> Vec<GeneratedItem> {
    let (count, low, high) = match kind {
        DebtorKind::Person if rng.percent(90) => (1, 4_000, 250_000),
        DebtorKind::Person => (rng.between(2, 3), 2_000, 90_000),
        DebtorKind::Business => {
            let (fewest, most) = *rng.pick(&[(1, 3), (1, 3), (2, 12), (2, 12), (10, 40)]);
            (rng.between(fewest, most), 10_000, 1_500_000)
        }
    };
    let mut items: Vec<GeneratedItem> = Vec::new();
    for line in 1..=count {
        let item_date = before(as_of, rng.between(AGE_DAYS.0, AGE_DAYS.1));
        let charge = line > 1 && rng.percent(5);
        let minor = rng.between(low, high);
        let order = rng.between(10_000, 99_999);
        let business = kind == DebtorKind::Business;
        items.push(GeneratedItem {
            kind: if charge { ClaimItemKind::ServiceCharge } else { ClaimItemKind::Invoice },
            number: format!("INV-{:07}-{line:02}", at + 1),
            item_date,
            due_date: item_date.checked_add_days(Days::new(DAYS_TO_PAY)).unwrap_or(item_date),
            open_amount: usd(if charge { minor / 100 + 1 } else { minor }),
            purchase_order: if business { format!("PO-{order}") } else { String::new() },
        });
    }
    // At most half of the first invoice, so that the claim stays above zero.
    let first = items.first().map_or(0, |item| item.open_amount.minor().unsigned_abs());
    if let Some(last) = items.last_mut().filter(|_| count >= 3 && rng.percent(20)) {
        last.kind = ClaimItemKind::CreditMemo;
        last.open_amount = Money::new(-usd(rng.between(1, first / 2)).minor(), Currency::USD);
    }
    items
}

fn usd(minor: u64) -> Money {
    Money::new(i64::try_from(minor).unwrap_or(i64::MAX), Currency::USD)
}

fn before(day: Date, days: u64) -> Date {
    day.checked_sub_days(Days::new(days)).unwrap_or(Date::MIN)
}
