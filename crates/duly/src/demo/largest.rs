//! The largest claim of a portfolio, followed from end to end: placed, demanded, paid, remitted.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, Result};
use duly_domain::{Currency, Date, LetterState, Money};
use duly_proto::{
    common::v1::PageRequest,
    convert,
    intake::v1::{Account, Lifecycle},
    letters::v1::{Letter, ListLettersRequest},
    payments::v1::{
        ListPaymentsRequest, ListRemittancesRequest, Payment, PaymentState, StatementFormat,
    },
};
use serde::Serialize;

use super::remit;
use crate::{door::Door, out};

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Largest {
    /// The client's short name.
    pub client_ref: String,
    /// The client's reference of the account.
    pub account_ref: String,
    /// Its items.
    pub items: i32,
    /// What was listed.
    pub listed_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Letters about it that left the house.
    pub letters: u64,
    /// Of the first of them: its day, its pages, its file in the folder of letters.
    pub demanded_on: Option<Date>,
    /// See [`Largest::demanded_on`].
    pub pages: i32,
    /// See [`Largest::demanded_on`].
    pub file: String,
    /// Payments on it that stand.
    pub payments: u64,
    /// Their sum.
    pub paid_minor: i64,
    /// The last one's day.
    pub paid_on: Option<Date>,
    /// What the agency earned by them, of what was remitted.
    pub commission_minor: i64,
    /// What the client was paid for it.
    pub remitted_minor: i64,
    /// Numbers of the statements that say so.
    pub statements: Vec<String>,
    /// Why it is closed; empty while it is open.
    pub close_code: String,
}

/// The account with the most items; of several the one with the largest sum, then the first by its
/// references.
pub fn pick<'a>(
    accounts: &'a [Account],
    client_refs: &HashMap<String, String>,
) -> Option<&'a Account> {
    accounts.iter().min_by_key(|account| {
        let listed = account.listed_amount.as_ref().map_or(0, |money| money.minor);
        let client_ref = client_refs.get(&account.client_id);
        let refs = (client_ref, account.client_account_ref.as_str());
        (std::cmp::Reverse((account.claim_items, listed)), refs)
    })
}

/// Asks the services what became of it.
///
/// # Errors
/// One that refuses.
pub async fn follow(
    door: &Door,
    accounts: &[Account],
    client_refs: &HashMap<String, String>,
) -> Result<Option<Largest>> {
    let Some(account) = pick(accounts, client_refs) else { return Ok(None) };
    let listed = convert::money("listed_amount", account.listed_amount.as_ref())?;
    let mut largest = Largest {
        client_ref: client_refs.get(&account.client_id).cloned().unwrap_or_default(),
        account_ref: account.client_account_ref.clone(),
        items: account.claim_items,
        listed_minor: listed.minor(),
        currency: listed.currency().code().to_owned(),
        letters: 0,
        demanded_on: None,
        pages: 0,
        file: String::new(),
        payments: 0,
        paid_minor: 0,
        paid_on: None,
        commission_minor: 0,
        remitted_minor: 0,
        statements: Vec::new(),
        close_code: match account.lifecycle() {
            Lifecycle::Closed => account.close_code.clone(),
            Lifecycle::Open | Lifecycle::PendingRecall | Lifecycle::Unspecified => String::new(),
        },
    };
    largest.count_letters(&letters(door, account).await?)?;
    largest.count_payments(&payments(door, account).await?)?;
    for statement in statements(door, account).await? {
        largest.count_lines(&statement, listed.currency())?;
    }
    Ok(Some(largest))
}

impl Largest {
    fn count_letters(&mut self, letters: &[Letter]) -> Result<()> {
        let mut left = Vec::new();
        for letter in letters {
            let Ok(LetterState::Mailed | LetterState::Returned) =
                LetterState::try_from(letter.state())
            else {
                continue;
            };
            left.push((convert::date("mailed_on", letter.mailed_on.as_ref())?, letter));
        }
        self.letters = u64::try_from(left.len())?;
        if let Some((on, first)) =
            left.into_iter().min_by_key(|(on, letter)| (*on, &letter.letter_id))
        {
            self.demanded_on = Some(on);
            self.pages = first.pages;
            self.file.clone_from(&first.file_name);
        }
        Ok(())
    }

    fn count_payments(&mut self, payments: &[Payment]) -> Result<()> {
        for payment in payments {
            match payment.state() {
                PaymentState::Held | PaymentState::Released => {}
                PaymentState::Reversed | PaymentState::Unapplied | PaymentState::Unspecified => {
                    continue;
                }
            }
            self.payments += 1;
            self.paid_minor += convert::money("amount", payment.amount.as_ref())?.minor();
            let on = convert::date("payment_on", payment.payment_on.as_ref())?;
            self.paid_on = self.paid_on.max(Some(on));
        }
        Ok(())
    }

    /// What a statement's lines say of it.
    fn count_lines(&mut self, statement: &Statement, currency: Currency) -> Result<()> {
        let mut reader = csv::Reader::from_reader(statement.csv.as_slice());
        let mut told = BTreeSet::new();
        for line in reader.deserialize() {
            let line: Line = line.context("reading a statement")?;
            // What a spreadsheet would run as a formula has an apostrophe before it.
            let of = line.client_account.as_str();
            let ours = of == self.account_ref || of.strip_prefix('\'') == Some(&self.account_ref);
            if line.record != "line" || !ours {
                continue;
            }
            self.commission_minor += Money::parse(&line.commission, currency)?.minor();
            self.remitted_minor += Money::parse(&line.net, currency)?.minor();
            told.insert(statement.number.clone());
        }
        self.statements.extend(told);
        Ok(())
    }

    /// In a line for people.
    pub fn in_words(&self) -> String {
        let amount = |minor| out::amount(minor, &self.currency);
        let items = match self.items {
            1 => "1 item".to_owned(),
            items => format!("{} items", out::count(items)),
        };
        let demanded = match (self.demanded_on, self.pages) {
            (None, _) => "not written to".to_owned(),
            (Some(on), 1) => format!("demanded on 1 page on {on}"),
            (Some(on), pages) => format!("demanded on {} pages on {on}", out::count(pages)),
        };
        let paid = match self.paid_on {
            None => "nothing paid".to_owned(),
            Some(on) => format!("{} paid by {on}", amount(self.paid_minor)),
        };
        let remitted = if self.statements.is_empty() {
            "nothing remitted".to_owned()
        } else {
            format!(
                "{} remitted to {} after a commission of {} ({} {})",
                amount(self.remitted_minor),
                self.client_ref,
                amount(self.commission_minor),
                if self.statements.len() == 1 { "statement" } else { "statements" },
                self.statements.join(", ")
            )
        };
        let end = match self.close_code.as_str() {
            "" => "still open".to_owned(),
            code => format!("closed as {code}"),
        };
        format!(
            "the largest claim: {}/{}, {items} of {}; {demanded}; {paid}; {remitted}; {end}",
            self.client_ref,
            self.account_ref,
            amount(self.listed_minor)
        )
    }
}

/// The part of a statement's columns that is read here.
#[derive(serde::Deserialize)]
struct Line {
    record: String,
    client_account: String,
    commission: String,
    net: String,
}

/// A sealed statement.
struct Statement {
    number: String,
    csv: Vec<u8>,
}

async fn letters(door: &Door, account: &Account) -> Result<Vec<Letter>> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListLettersRequest {
            account_id: account.account_id.clone(),
            page: page(page_token),
            ..ListLettersRequest::default()
        };
        let answer = door.letters()?.list_letters(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing the letters about the largest claim")?
            .into_inner();
        found.extend(answer.letters);
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

async fn payments(door: &Door, account: &Account) -> Result<Vec<Payment>> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListPaymentsRequest {
            account_id: account.account_id.clone(),
            page: page(page_token),
            ..ListPaymentsRequest::default()
        };
        let answer = door.payments()?.list_payments(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing the payments of the largest claim")?
            .into_inner();
        found.extend(answer.payments);
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// Its client's sealed statements.
async fn statements(door: &Door, account: &Account) -> Result<Vec<Statement>> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request =
            ListRemittancesRequest { client_id: account.client_id.clone(), page: page(page_token) };
        let answer = door.payments()?.list_remittances(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing the remittances of the largest claim's client")?
            .into_inner();
        for remittance in answer.remittances {
            let csv = remit::statement(door, &remittance, StatementFormat::Csv).await?;
            found.push(Statement { number: remittance.statement_no, csv });
        }
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

fn page(page_token: String) -> Option<PageRequest> {
    Some(PageRequest { page_size: 1_000, page_token })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(client_id: &str, account_ref: &str, items: i32, minor: i64) -> Account {
        Account {
            client_id: client_id.to_owned(),
            client_account_ref: account_ref.to_owned(),
            claim_items: items,
            listed_amount: Some(convert::money_to_wire(Money::new(minor, Currency::USD))),
            ..Account::default()
        }
    }

    #[test]
    fn the_largest_has_the_most_items_then_the_largest_sum_then_the_first_reference() {
        let refs = [("one", "B"), ("two", "A")];
        let refs: HashMap<String, String> =
            refs.iter().map(|(id, named)| ((*id).to_owned(), (*named).to_owned())).collect();
        let mut accounts = vec![account("one", "1", 2, 900), account("one", "2", 3, 10)];
        let picked = |accounts: &[Account]| {
            let of = pick(accounts, &refs);
            of.map(|of| (of.client_id.clone(), of.client_account_ref.clone()))
        };
        assert_eq!(picked(&accounts), Some(("one".into(), "2".into())));
        accounts.push(account("one", "3", 3, 20));
        assert_eq!(picked(&accounts), Some(("one".into(), "3".into())));
        accounts.push(account("two", "9", 3, 20));
        assert_eq!(picked(&accounts), Some(("two".into(), "9".into())));
        assert_eq!(picked(&[]), None);
    }

    #[test]
    fn what_did_not_happen_is_said_too() {
        let mut largest = Largest {
            client_ref: "ACME".into(),
            account_ref: "A-1".into(),
            items: 2_459,
            listed_minor: 123_456_789,
            currency: "USD".into(),
            letters: 0,
            demanded_on: None,
            pages: 0,
            file: String::new(),
            payments: 0,
            paid_minor: 0,
            paid_on: None,
            commission_minor: 0,
            remitted_minor: 0,
            statements: Vec::new(),
            close_code: String::new(),
        };
        assert_eq!(
            largest.in_words(),
            "the largest claim: ACME/A-1, 2,459 items of 1,234,567.89 USD; not written to; nothing \
             paid; nothing remitted; still open"
        );
        let line = "record,kind,client_account,commission,net\n\
                    line,payment,A-1,250.00,750.00\nline,payment,A-2,1.00,1.00\ntotal,remitted,,,\n";
        let statement = Statement { number: "ACME-1".into(), csv: line.as_bytes().to_vec() };
        largest.count_lines(&statement, Currency::USD).unwrap();
        largest.close_code = "PIF".into();
        assert!(
            largest.in_words().ends_with(
                "750.00 USD remitted to ACME after a commission of 250.00 USD (statement ACME-1); \
                 closed as PIF"
            ),
            "{}",
            largest.in_words()
        );
    }
}
