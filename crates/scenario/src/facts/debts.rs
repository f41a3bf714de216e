//! The debts of a case.

use duly_compliance::{Account, AccountState, Claim, CreditorKind, DebtKind};
use duly_domain::{AccountId, DebtClass, DebtorKind, PartyRole};

use crate::when;
use crate::words::{Bad, Obj};
use crate::world::{Debt, World, id, party};

const CLASSES: &[(&str, DebtKind, DebtClass)] = &[
    ("unspecified", DebtKind::Unknown, DebtClass::Consumer),
    ("consumer", DebtKind::Unknown, DebtClass::Consumer),
    ("credit_card", DebtKind::CreditCard, DebtClass::Consumer),
    ("loan", DebtKind::Loan, DebtClass::Consumer),
    ("personal_loan", DebtKind::Loan, DebtClass::Consumer),
    ("auto_loan", DebtKind::Loan, DebtClass::Consumer),
    ("student_loan", DebtKind::StudentLoan, DebtClass::Consumer),
    ("mortgage", DebtKind::Mortgage, DebtClass::Consumer),
    ("residential_mortgage", DebtKind::Mortgage, DebtClass::Consumer),
    ("medical", DebtKind::Medical, DebtClass::Consumer),
    ("services", DebtKind::Services, DebtClass::Consumer),
    ("service_contract", DebtKind::Services, DebtClass::Consumer),
    ("utility", DebtKind::Services, DebtClass::Consumer),
    ("telecom", DebtKind::Services, DebtClass::Consumer),
    ("gym", DebtKind::Services, DebtClass::Consumer),
    ("gym_membership", DebtKind::Services, DebtClass::Consumer),
    ("rent", DebtKind::Services, DebtClass::Consumer),
    ("retail", DebtKind::Goods, DebtClass::Consumer),
    ("goods", DebtKind::Goods, DebtClass::Consumer),
    ("open_account", DebtKind::OpenAccount, DebtClass::Consumer),
    ("judgment", DebtKind::Judgment, DebtClass::Consumer),
    ("trade_account", DebtKind::Goods, DebtClass::Commercial),
    ("invoice", DebtKind::Goods, DebtClass::Commercial),
    ("commercial", DebtKind::OpenAccount, DebtClass::Commercial),
    ("business_loan", DebtKind::Loan, DebtClass::Commercial),
];

const OBLIGORS: &[(&str, DebtorKind)] = &[
    ("natural_person", DebtorKind::Person),
    ("person", DebtorKind::Person),
    ("individual", DebtorKind::Person),
    ("consumer", DebtorKind::Person),
    ("guarantor", DebtorKind::Person),
    ("sole_proprietor", DebtorKind::Person),
    ("corporation", DebtorKind::Business),
    ("company", DebtorKind::Business),
    ("partnership", DebtorKind::Business),
    ("llc", DebtorKind::Business),
    ("business", DebtorKind::Business),
    ("organization", DebtorKind::Business),
];

/// Parts of words for a debt that tell what it is, the first that stands in one.
const PARTS: &[(&[&str], &str)] = &[
    (&["commercial", "business", "trade"], "commercial"),
    (&["student"], "student_loan"),
    (&["mortgage"], "mortgage"),
    (&["medical", "hospital", "healthcare", "doctor"], "medical"),
    (&["card"], "credit_card"),
    (&["judgment"], "judgment"),
    (&["loan"], "loan"),
    (&["utility", "telecommunications", "cellular", "service", "services"], "services"),
    (&["purchase", "retail"], "retail"),
];

/// What a debt is by its word, or by the parts of it.
fn class_of(word: &str) -> Option<&'static (&'static str, DebtKind, DebtClass)> {
    let known = |word: &str| CLASSES.iter().find(|(name, ..)| *name == word);
    known(word).or_else(|| {
        let parts: Vec<&str> = word.split('_').collect();
        let (_, class) = PARTS.iter().find(|(any, _)| any.iter().any(|one| parts.contains(one)))?;
        known(class)
    })
}

/// What a debt may say of itself.
pub(super) const DEBT_KEYS: &str = "id kind obligor_type obligor status time_barred account_number servicing_account \
    servicing_account_number account_at_acquisition account identity_theft_notice \
    identity_theft_notified serviced_under creditor cobrand contract_date service_date amount \
    default_date accrued_on charged_off disputed in_litigation facility brand purpose \
    medical_facility owner note class state affinity logo balance reference itemization_date \
    judgment_date secured identity_theft last_statement_date charge_off_date last_payment_date \
    transaction_date merchant merchant_brand affinity_brand facility_name current_creditor \
    original_creditor creditor_trade_name servicer number loan_type obligation interest fees identity_theft_report identity_theft_report_received";

pub fn debts(world: &mut World, obj: Obj<'_>) -> Result<(), Bad> {
    let mut all = obj.maps("debts")?;
    if let Some(one) = obj.map("debt")? {
        all.push(("facts.debt".to_owned(), one));
    }
    let mut servicers: Vec<(String, AccountId)> = Vec::new();
    for (path, map) in &all {
        let debt = Obj::new(path, map);
        debt.only(&[DEBT_KEYS])?;
        let kind = debt.word("kind")?.unwrap_or_else(|| "unspecified".to_owned());
        let Some((_, kind, class)) = class_of(&kind) else {
            return Err(Bad::unknown(debt.at("kind"), kind, CLASSES.iter().map(|row| row.0)));
        };
        let obligor = match debt.one_of("obligor_type", OBLIGORS)? {
            None => debt.one_of("obligor", OBLIGORS)?,
            some => some,
        };
        let person = obligor.unwrap_or(DebtorKind::Person);
        // Only natural persons can incur debts as defined (comment 2(h)-1).
        let class = if person == DebtorKind::Business { DebtClass::Commercial } else { *class };
        let account = add_debt(world, debt.text("id")?, person, class, *kind);
        if let Some(under) = serviced_under(debt, *kind)? {
            match servicers.iter().find(|(known, _)| *known == under) {
                Some((_, first)) => last(world).counts_with = Some(*first),
                None => servicers.push((under, account)),
            }
        }
        let row = last(world);
        row.claim.charged_off = debt.flag("charged_off")?;
        row.claim.in_litigation = debt.flag("in_litigation")?;
        row.claim.accrued_on = when::day(debt, "accrued_on")?.or(when::day(debt, "default_date")?);
        status(world, debt, account)?;
    }
    // All student loans serviced under one account number are one debt.
    let single = [
        "single_account_number",
        "serviced_under_single_account",
        "same_servicing_account",
        "student_loans_serviced_under_single_account_number",
    ];
    for key in single {
        if obj.flag(key)? == Some(true) {
            let first = world.facts.accounts.first().map(|row| row.id);
            for row in world.facts.accounts.iter_mut().skip(1) {
                row.counts_with = first;
            }
        }
    }
    if all.is_empty() {
        add_debt(world, None, DebtorKind::Person, DebtClass::Consumer, DebtKind::Unknown);
    }
    for account in &mut world.facts.accounts {
        account.claim.in_litigation =
            obj.flag("active_litigation")?.or(account.claim.in_litigation);
        account.claim.agency_services_mortgage = match obj.get("servicer") {
            Some(serde_json::Value::Bool(servicer)) => Some(*servicer),
            _ => obj.flag("collector_is_mortgage_servicer")?,
        };
    }
    Ok(())
}

/// Under which account number a student loan was serviced when it was obtained. 12 CFR 1006.14(b)(4).
fn serviced_under(debt: Obj<'_>, kind: DebtKind) -> Result<Option<String>, Bad> {
    for key in [
        "servicing_account",
        "servicing_account_number",
        "serviced_under",
        "account_at_acquisition",
    ] {
        if let Some(account) = debt.text(key)? {
            return Ok(Some(account));
        }
    }
    match kind {
        DebtKind::StudentLoan => Ok(debt.text("account_number")?.or(debt.text("account")?)),
        _ => Ok(None),
    }
}

fn last(world: &mut World) -> &mut Account {
    let at = world.facts.accounts.len().saturating_sub(1);
    &mut world.facts.accounts[at]
}

fn add_debt(
    world: &mut World,
    name: Option<String>,
    person: DebtorKind,
    class: DebtClass,
    kind: DebtKind,
) -> AccountId {
    let n = world.debts.len() + 1;
    let account = id(n);
    world.debts.push(Debt { name: name.unwrap_or_else(|| format!("D{n}")), id: account });
    world.facts.accounts.push(Account {
        claim: Claim { kind, creditor: CreditorKind::Unknown, ..Claim::UNKNOWN },
        ..Account::new(account, party(), person, PartyRole::Principal, class)
    });
    account
}

fn status(world: &mut World, debt: Obj<'_>, account: AccountId) -> Result<(), Bad> {
    const WORDS: &str =
        "open active disputed paid settled discharged closed recalled identity_theft";
    let base = world.base;
    for key in [
        "identity_theft",
        "identity_theft_notice",
        "identity_theft_notified",
        "identity_theft_report",
        "identity_theft_report_received",
    ] {
        if debt.flag(key)? == Some(true) {
            world.about_debts("identity_theft", base, &[account]);
        }
    }
    let Some(status) = debt.word("status")? else { return Ok(()) };
    match status.as_str() {
        "open" | "active" => {}
        "disputed" => crate::event::dispute(world, base, &[account], crate::event::Form::Other),
        "paid" => {
            world.about_debts("paid", base, &[account]);
            last(world).state = AccountState::Settled;
        }
        "settled" => {
            world.about_debts("settled", base, &[account]);
            last(world).state = AccountState::Settled;
        }
        "discharged" | "discharged_in_bankruptcy" => {
            world.about_debts("discharged", base, &[account]);
        }
        "closed" => last(world).state = AccountState::Closed,
        "recalled" => last(world).state = AccountState::Recalled,
        "identity_theft" => world.about_debts("identity_theft", base, &[account]),
        other => return Err(Bad::unknown(debt.at("status"), other, WORDS.split_whitespace())),
    }
    Ok(())
}
