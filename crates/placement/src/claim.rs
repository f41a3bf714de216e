//! One claim put together from its rows.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;

use duly_domain::{
    AddressParts, ClaimItemKind, Currency, Date, DebtorKind, KnownFactKind, Money, PartyRole, Pii,
};

use crate::condition::all_hold;
use crate::error::{Cause, Code, RowError};
use crate::mapping::FactParty;
use crate::placement::{Contact, Item, KnownFact, Party, Payment, Placement, Record};
use crate::plan::{ItemPlan, Part, PartId, PartyPlan, Plan, Rule};
use crate::row::{Cell, Row};

/// Takes the rows of one claim, in order. The first row that cannot be read is the claim's answer:
/// its other rows alone would be another claim.
pub(crate) struct ClaimBuilder<'p> {
    plan: &'p Plan,
    as_of: Date,
    line: Option<u64>,
    client_ref: Option<String>,
    account_ref: Option<String>,
    votes: Vec<Votes>,
    currency: Option<Currency>,
    balance: Option<Money>,
    items: Vec<Item>,
    numbers: HashSet<(ClaimItemKind, String)>,
    facts: BTreeSet<Fact>,
    payments: Vec<Payment>,
    error: Option<RowError>,
}

/// A known fact, before it is known which parties there are.
type Fact = (KnownFactKind, FactParty, Option<Date>, Option<Pii<String>>);

/// What the rows of a claim say about one part of it.
#[derive(Default)]
struct Votes(Vec<Vote>);

struct Vote {
    values: Vec<String>,
    count: u64,
    line: u64,
}

impl Votes {
    /// Nothing is said by a row whose cells are all empty, whatever the mapping adds to them.
    fn add(&mut self, part: &Part, values: &[&str], line: u64) {
        let mut cells =
            part.cells.iter().zip(values).filter(|(cell, _)| cell.is_column()).peekable();
        if cells.peek().is_some() && cells.all(|(_, value)| value.is_empty()) {
            return;
        }
        match self.0.iter_mut().find(|vote| vote.values == values) {
            Some(vote) => vote.count += 1,
            None => {
                let values = values.iter().map(|value| (*value).to_owned()).collect();
                self.0.push(Vote { values, count: 1, line });
            }
        }
    }

    fn winner(&self) -> Option<&Vote> {
        let better =
            |a: &&Vote, b: &&Vote| a.count.cmp(&b.count).then_with(|| b.values.cmp(&a.values));
        self.0.iter().max_by(better)
    }
}

impl<'p> ClaimBuilder<'p> {
    pub fn new(plan: &'p Plan, as_of: Date) -> Self {
        Self {
            plan,
            as_of,
            line: None,
            client_ref: None,
            account_ref: None,
            votes: plan.parts.iter().map(|_| Votes::default()).collect(),
            currency: None,
            balance: None,
            items: Vec::new(),
            numbers: HashSet::new(),
            facts: BTreeSet::new(),
            payments: Vec::new(),
            error: None,
        }
    }

    /// Takes a row.
    pub fn add(&mut self, row: Row<'_>) {
        let line = row.raw.line;
        self.line.get_or_insert(line);
        self.identify(row);
        if self.error.is_none()
            && let Err(cause) = self.read(row, line)
        {
            self.error = Some(cause.at(line));
        }
    }

    /// Whose claim it is, so that even a record that cannot be read has an addressee.
    fn identify(&mut self, row: Row<'_>) {
        if row.check_shape().is_err() {
            return;
        }
        let stated = |part: PartId| {
            let cells = &self.plan.parts[part].cells;
            let texts = cells.iter().map(|cell| cell.required(row).ok());
            texts.collect::<Option<Vec<_>>>().map(|texts| texts.join("/"))
        };
        if self.client_ref.is_none() {
            self.client_ref = stated(self.plan.client);
        }
        if self.account_ref.is_none() {
            self.account_ref = stated(self.plan.account);
        }
    }

    fn read(&mut self, row: Row<'_>, line: u64) -> Result<(), Cause> {
        let plan = self.plan;
        // Asked again here although the row was chosen by it, because it may have failed there.
        plan.is_open(row, self.as_of)?;
        row.check_encoding()?;
        for cell in &plan.group_by {
            cell.required(row)?;
        }
        if let Some(overdue) = &plan.overdue {
            overdue.holds(row, self.as_of)?;
        }
        let mut values = Vec::new();
        for (part, votes) in plan.parts.iter().zip(&mut self.votes) {
            values.clear();
            for cell in &part.cells {
                values.push(cell.text(row)?);
            }
            votes.add(part, &values, line);
            if part.rule == Rule::Agree && votes.0.len() > 1 {
                return Err(conflict(&part.cells[0].label));
            }
        }
        let currency = plan.currency.currency(row)?;
        if *self.currency.get_or_insert(currency) != currency {
            return Err(conflict(&plan.currency.label));
        }
        if let Some(cell) = &plan.balance {
            let balance = cell.money(row, currency)?.ok_or_else(|| cell.missing())?;
            if *self.balance.get_or_insert(balance) != balance {
                return Err(conflict(&cell.label));
            }
        }
        if let Some(item) = &plan.item {
            let item = self.item(item, row, currency, line)?;
            self.items.push(item);
        }
        self.facts(row)?;
        self.payment(row, currency, line)
    }

    fn item(
        &mut self,
        plan: &ItemPlan,
        row: Row<'_>,
        currency: Currency,
        line: u64,
    ) -> Result<Item, Cause> {
        let money =
            |cell: &Option<Cell>| cell.as_ref().map_or(Ok(None), |cell| cell.money(row, currency));
        let date = |cell: &Option<Cell>| cell.as_ref().map_or(Ok(None), |cell| cell.date(row));
        let text = |cell: &Option<Cell>| {
            let text = cell.as_ref().map_or(Ok(""), |cell| cell.text(row))?;
            Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
        };
        let open_amount = plan.amount.money(row, currency)?.ok_or_else(|| plan.amount.missing())?;
        let kind = match &plan.kind {
            Some(cell) => cell.term(row)?,
            None => None,
        };
        let kind = kind.unwrap_or(if open_amount.is_negative() {
            ClaimItemKind::CreditMemo
        } else {
            ClaimItemKind::Invoice
        });
        let number = text(&plan.number)?;
        if let (Some(cell), Some(number)) = (&plan.number, &number)
            && !self.numbers.insert((kind, number.clone()))
        {
            let reason = "the claim holds this item twice, which would claim it twice";
            return Err(cell.cause(Code::DuplicateItem, reason));
        }
        let mut disputed_amount = money(&plan.disputed_amount)?.filter(|money| !money.is_zero());
        let disputed = !plan.disputed_when.is_empty()
            && all_hold(&plan.disputed_when, row, self.as_of)?
            && open_amount.is_positive();
        if disputed {
            disputed_amount = Some(open_amount);
        }
        Ok(Item {
            line,
            kind,
            number,
            item_date: date(&plan.item_date)?,
            due_date: date(&plan.due_date)?,
            original_amount: money(&plan.original_amount)?,
            open_amount,
            purchase_order: text(&plan.purchase_order)?,
            disputed_amount,
        })
    }

    fn facts(&mut self, row: Row<'_>) -> Result<(), Cause> {
        for fact in &self.plan.facts {
            if !all_hold(&fact.when, row, self.as_of)? {
                continue;
            }
            let Some(kind) = fact.kind.term(row)? else { continue };
            let since = fact.since.as_ref().map_or(Ok(None), |cell| cell.date(row))?;
            let detail = fact.detail.as_ref().map_or(Ok(""), |cell| cell.text(row))?;
            let detail = Some(detail).filter(|detail| !detail.is_empty());
            self.facts.insert((kind, fact.party, since, detail.map(|d| Pii::new(d.to_owned()))));
        }
        Ok(())
    }

    fn payment(&mut self, row: Row<'_>, currency: Currency, line: u64) -> Result<(), Cause> {
        let Some(plan) = &self.plan.payments else { return Ok(()) };
        let item = self.items.last();
        let amount = match &plan.amount {
            Some(cell) => cell.money(row, currency)?,
            None => item.map(|item| item.open_amount),
        };
        let on = plan.on.date(row)?.filter(|on| *on > self.as_of);
        if let (Some(on), Some(amount)) = (on, amount.filter(|amount| amount.is_positive())) {
            self.payments.push(Payment {
                line,
                // Set when the claim is known to stand.
                client_ref: String::new(),
                account_ref: String::new(),
                item_number: item.and_then(|item| item.number.clone()),
                on,
                amount,
            });
        }
        Ok(())
    }

    /// The record, and the later payments of its items where it is a placement.
    pub fn finish(mut self) -> (Record, Vec<Payment>) {
        let line = self.line.unwrap_or_default();
        let outcome = match self.error.take() {
            Some(error) => Err(error),
            None => self.placement(line),
        };
        let mut payments = Vec::new();
        if let Ok(placement) = &outcome {
            payments = self.payments;
            for payment in &mut payments {
                payment.client_ref.clone_from(&placement.client_ref);
                payment.account_ref.clone_from(&placement.account_ref);
            }
        }
        let (client_ref, account_ref) = (self.client_ref, self.account_ref);
        (Record { line, client_ref, account_ref, outcome }, payments)
    }

    fn placement(&mut self, line: u64) -> Result<Placement, RowError> {
        let plan = self.plan;
        let client_ref = self.required(plan.client, line)?;
        let account_ref = self.required(plan.account, line)?;
        let debt_class = self.term(plan.debt_class)?;
        let debt_class = debt_class.ok_or_else(|| self.missing(plan.debt_class, line))?;
        let parties = self.parties(line)?;
        let amount = self.amount(line)?;
        let known_facts = self.known_facts(parties.len());
        Ok(Placement {
            line,
            client_ref,
            account_ref,
            debt_class,
            service_kind: self.optional_term(plan.service_kind)?,
            amount,
            items: std::mem::take(&mut self.items),
            contacts: plan.contacts.iter().filter_map(|part| self.contact(*part)).collect(),
            parties,
            known_facts,
            original_creditor: plan.original_creditor.and_then(|part| self.text(part)),
            current_creditor: plan.current_creditor.and_then(|part| self.text(part)),
            creditor_kind: self.optional_term(plan.creditor_kind)?,
            claim_kind: self.optional_term(plan.claim_kind)?,
        })
    }

    fn amount(&self, line: u64) -> Result<Money, RowError> {
        let refuse = |code, reason: &dyn fmt::Display| {
            Cause::new(&self.plan.amount_label, code, reason).at(line)
        };
        let amount = match (self.balance, self.currency) {
            (Some(balance), _) => balance,
            (None, Some(currency)) => {
                Money::sum(currency, self.items.iter().map(|item| item.open_amount))
                    .map_err(|error| refuse(Code::AmountTooLarge, &error))?
            }
            (None, None) => {
                return Err(refuse(Code::MissingValue, &"the claim has no amount"));
            }
        };
        if !amount.is_positive() {
            let reason = "the claim is not above zero: nothing is owed";
            return Err(refuse(Code::AmountNotPositive, &reason));
        }
        Ok(amount)
    }

    fn known_facts(&mut self, parties: usize) -> Vec<KnownFact> {
        let facts = std::mem::take(&mut self.facts);
        let facts: BTreeSet<KnownFact> = facts
            .into_iter()
            .map(|(kind, party, since, detail)| {
                let party = match party {
                    FactParty::Debtor => Some(0),
                    FactParty::Guarantor if parties > 1 => Some(1),
                    FactParty::Guarantor | FactParty::Claim => None,
                };
                KnownFact { kind, party, since, detail }
            })
            .collect();
        facts.into_iter().collect()
    }

    fn parties(&self, line: u64) -> Result<Vec<Party>, RowError> {
        let mut parties = Vec::with_capacity(self.plan.parties.len());
        for (at, party) in self.plan.parties.iter().enumerate() {
            let debtor = at == 0;
            let name = match self.text(party.name) {
                Some(name) => name,
                None if debtor => return Err(self.missing(party.name, line)),
                None => continue,
            };
            let kind: DebtorKind =
                self.term(party.kind)?.ok_or_else(|| self.missing(party.kind, line))?;
            let by_default = match (debtor, kind) {
                (true, _) => PartyRole::Principal,
                (false, DebtorKind::Person) => PartyRole::PersonalGuarantor,
                (false, DebtorKind::Business) => PartyRole::CorporateGuarantor,
            };
            let role = self.optional_term(party.role)?.unwrap_or(by_default);
            parties.push(Party { role, kind, name: Pii::new(name), ..self.reach(party)? });
        }
        Ok(parties)
    }

    /// How a party is reached and known; its name, kind and role are filled in by the caller.
    fn reach(&self, party: &PartyPlan) -> Result<Party, RowError> {
        let each = |parts: &[PartId]| {
            let mut texts: Vec<Pii<String>> = Vec::new();
            for text in parts.iter().filter_map(|part| self.text(*part)).map(Pii::new) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            texts
        };
        let birth_date = match party.birth_date.and_then(|part| Some((part, self.vote(part)?))) {
            Some((part, vote)) => {
                let cell = &self.plan.parts[part].cells[0];
                let date = cell.as_date(&vote.values[0]).map_err(|cause| cause.at(vote.line))?;
                Some(Pii::new(date))
            }
            None => None,
        };
        Ok(Party {
            role: PartyRole::Principal,
            kind: DebtorKind::Business,
            name: Pii::default(),
            address: party.address.and_then(|part| self.address(part)),
            phones: each(&party.phones),
            emails: each(&party.emails),
            national_id: party.national_id.and_then(|part| self.text(part)).map(Pii::new),
            birth_date,
        })
    }

    fn address(&self, part: PartId) -> Option<Pii<AddressParts>> {
        let mut values = self.vote(part)?.values.clone();
        let country = values.pop().filter(|country| !country.is_empty());
        let postal_code = values.pop()?;
        let region = values.pop()?;
        let city = values.pop()?;
        values.retain(|line| !line.is_empty());
        // A country alone is not an address.
        if values.is_empty() && [&city, &region, &postal_code].iter().all(|text| text.is_empty()) {
            return None;
        }
        let country = country.unwrap_or_else(|| "US".to_owned());
        Some(Pii::new(AddressParts { lines: values, city, region, postal_code, country }))
    }

    fn contact(&self, part: PartId) -> Option<Contact> {
        let [name, title, phone, email] = self.vote(part)?.values.as_slice() else { return None };
        if name.is_empty() {
            return None;
        }
        Some(Contact {
            name: Pii::new(name.clone()),
            title: title.clone(),
            phone: Pii::new(phone.clone()),
            email: Pii::new(email.clone()),
        })
    }

    fn vote(&self, part: PartId) -> Option<&Vote> {
        self.votes[part].winner()
    }

    fn text(&self, part: PartId) -> Option<String> {
        self.vote(part).map(|vote| vote.values.join("/"))
    }

    fn required(&self, part: PartId, line: u64) -> Result<String, RowError> {
        self.text(part).ok_or_else(|| self.missing(part, line))
    }

    fn missing(&self, part: PartId, line: u64) -> RowError {
        self.plan.parts[part].cells[0].missing().at(line)
    }

    fn term<T>(&self, part: PartId) -> Result<Option<T>, RowError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let Some(vote) = self.vote(part) else { return Ok(None) };
        let cell = &self.plan.parts[part].cells[0];
        cell.as_term(&vote.values[0]).map(Some).map_err(|cause| cause.at(vote.line))
    }

    fn optional_term<T>(&self, part: Option<PartId>) -> Result<Option<T>, RowError>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        part.map_or(Ok(None), |part| self.term(part))
    }
}

fn conflict(label: &str) -> Cause {
    let reason = "the rows of one claim say different things here";
    Cause::new(label, Code::ConflictingValues, reason)
}
