//! Checks a mapping and binds it to the columns of a file. The checks need no file, so the same walk
//! serves both.

use std::fmt;
use std::str::FromStr;

use duly_domain::{
    ClaimItemKind, ClaimKind, CreditorKind, Currency, DateFormat, DebtClass, DebtorKind,
    KnownFactKind, PartyRole, ServiceKind, parse_date,
};

use crate::condition::Test;
use crate::error::MappingError;
use crate::mapping::{
    AddressMapping, Condition, ContactMapping, Field, ItemMapping, KnownFactMapping, Mapping,
    PartyMapping, PaymentsMapping, Source,
};
use crate::plan::{FactPlan, ItemPlan, Overdue, Part, PartId, PartyPlan, PaymentsPlan, Plan, Rule};
use crate::row::{Cell, Origin};

pub(crate) struct Binder<'a> {
    /// None while the mapping is checked without a file.
    header: Option<&'a [String]>,
    date_format: &'a DateFormat,
    parts: Vec<Part>,
    /// Key and column of each column that the file does not have.
    pub missing: Vec<(String, String)>,
    /// Whether it has any of the others.
    pub found: bool,
}

type Bound<T> = Result<T, MappingError>;

impl<'a> Binder<'a> {
    pub fn new(header: Option<&'a [String]>, date_format: &'a DateFormat) -> Self {
        Self { header, date_format, parts: Vec::new(), missing: Vec::new(), found: false }
    }

    pub fn plan(&mut self, mapping: &Mapping) -> Bound<Plan> {
        let group_by = mapping
            .group_by
            .iter()
            .map(|column| self.text("group_by", &Field::column(column)))
            .collect::<Bound<Vec<_>>>()?;
        let open_filter = self.tests("open_filter", &mapping.open_filter)?;
        let overdue = self.overdue(mapping)?;
        let currency = self.term::<Currency>("currency", &mapping.currency)?;
        let balance =
            mapping.balance.as_ref().map(|field| self.amount("balance", field)).transpose()?;
        let item = mapping.item.as_ref().map(|item| self.item(item)).transpose()?;
        if item.is_none() && !group_by.is_empty() {
            let remedy = "map at least `item.amount`, or leave `group_by` out";
            return Err(MappingError::key("item", "missing beside `group_by`", remedy));
        }
        let amount = balance.as_ref().or(item.as_ref().map(|item| &item.amount));
        let Some(amount_label) = amount.map(|cell| cell.label.clone()) else {
            let remedy = "map `balance`, or `item.amount`, to the column of the amount";
            return Err(MappingError::key("balance", "no amount is mapped", remedy));
        };
        let client = self.part("client", &mapping.client, Rule::Agree)?;
        let account = self.account(mapping, &group_by)?;
        let debt_class = self.term_part::<DebtClass>("debt_class", &mapping.debt_class)?;
        let service_kind = mapping.service_kind.as_ref();
        let service_kind = service_kind
            .map(|field| self.term_part::<ServiceKind>("service_kind", field))
            .transpose()?;
        let creditor_kind = mapping.creditor_kind.as_ref();
        let creditor_kind = creditor_kind
            .map(|field| self.term_part::<CreditorKind>("creditor_kind", field))
            .transpose()?;
        let claim_kind = mapping.claim_kind.as_ref();
        let claim_kind =
            claim_kind.map(|field| self.term_part::<ClaimKind>("claim_kind", field)).transpose()?;
        let original_creditor =
            self.spelled("original_creditor", mapping.original_creditor.as_ref())?;
        let current_creditor =
            self.spelled("current_creditor", mapping.current_creditor.as_ref())?;
        let mut parties = vec![self.party("debtor", &mapping.debtor)?];
        for (at, guarantor) in mapping.guarantors.iter().enumerate() {
            parties.push(self.party(&format!("guarantors[{at}]"), guarantor)?);
        }
        let contacts = mapping
            .contacts
            .iter()
            .enumerate()
            .map(|(at, contact)| self.contact(&format!("contacts[{at}]"), contact))
            .collect::<Bound<Vec<_>>>()?;
        let facts = mapping
            .known_facts
            .iter()
            .enumerate()
            .map(|(at, fact)| self.fact(&format!("known_facts[{at}]"), fact))
            .collect::<Bound<Vec<_>>>()?;
        let payments = mapping.payments.as_ref();
        let payments = payments.map(|payments| self.payments(mapping, payments)).transpose()?;
        Ok(Plan {
            header: Vec::new(),
            group_by,
            open_filter,
            overdue,
            currency,
            balance,
            amount_label,
            item,
            facts,
            payments,
            parts: std::mem::take(&mut self.parts),
            client,
            account,
            debt_class,
            service_kind,
            original_creditor,
            current_creditor,
            creditor_kind,
            claim_kind,
            parties,
            contacts,
        })
    }

    fn account(&mut self, mapping: &Mapping, group_by: &[Cell]) -> Bound<PartId> {
        if let Some(field) = &mapping.account_ref {
            return self.part("account_ref", field, Rule::Agree);
        }
        if group_by.is_empty() {
            let remedy = "map it to the column of the client's reference of the account";
            return Err(MappingError::key("account_ref", "missing without `group_by`", remedy));
        }
        Ok(self.add(group_by.to_vec(), Rule::Agree))
    }

    fn overdue(&mut self, mapping: &Mapping) -> Bound<Option<Overdue>> {
        let Some(overdue) = &mapping.days_overdue else { return Ok(None) };
        let item_due = mapping.item.as_ref().and_then(|item| item.due_date.as_ref());
        let Some(due) = overdue.due.as_ref().or(item_due) else {
            let remedy = "map it, or `item.due_date`, to the column of the due date";
            return Err(MappingError::key("days_overdue.due", "no due date is mapped", remedy));
        };
        let due = self.date("days_overdue.due", due)?;
        Ok(Some(Overdue { due, at_least: overdue.at_least, scope: overdue.scope }))
    }

    fn item(&mut self, item: &ItemMapping) -> Bound<ItemPlan> {
        Ok(ItemPlan {
            amount: self.amount("item.amount", &item.amount)?,
            original_amount: self.optional(item.original_amount.as_ref(), |b, f| {
                b.amount("item.original_amount", f)
            })?,
            number: self.optional(item.number.as_ref(), |b, f| b.text("item.number", f))?,
            kind: self
                .optional(item.kind.as_ref(), |b, f| b.term::<ClaimItemKind>("item.kind", f))?,
            item_date: self
                .optional(item.item_date.as_ref(), |b, f| b.date("item.item_date", f))?,
            due_date: self.optional(item.due_date.as_ref(), |b, f| b.date("item.due_date", f))?,
            purchase_order: self
                .optional(item.purchase_order.as_ref(), |b, f| b.text("item.purchase_order", f))?,
            disputed_amount: self.optional(item.disputed_amount.as_ref(), |b, f| {
                b.amount("item.disputed_amount", f)
            })?,
            disputed_when: self.tests("item.disputed_when", &item.disputed_when)?,
        })
    }

    fn payments(&mut self, mapping: &Mapping, payments: &PaymentsMapping) -> Bound<PaymentsPlan> {
        if mapping.item.is_none() && payments.amount.is_none() {
            let remedy = "map it to the column of the paid amount";
            return Err(MappingError::key("payments.amount", "missing without `item`", remedy));
        }
        Ok(PaymentsPlan {
            on: self.date("payments.on", &payments.on)?,
            amount: self
                .optional(payments.amount.as_ref(), |b, f| b.amount("payments.amount", f))?,
        })
    }

    fn fact(&mut self, key: &str, fact: &KnownFactMapping) -> Bound<FactPlan> {
        if matches!(fact.kind.source, Source::Constant(_)) && fact.when.is_empty() {
            let remedy = "name the condition under which the fact is known";
            return Err(MappingError::key(format!("{key}.when"), "missing", remedy));
        }
        let (since, detail) = (format!("{key}.since"), format!("{key}.detail"));
        Ok(FactPlan {
            kind: self.term::<KnownFactKind>(&format!("{key}.kind"), &fact.kind)?,
            when: self.tests(&format!("{key}.when"), &fact.when)?,
            since: self.optional(fact.since.as_ref(), |b, f| b.date(&since, f))?,
            detail: self.optional(fact.detail.as_ref(), |b, f| b.text(&detail, f))?,
            party: fact.party,
        })
    }

    fn party(&mut self, key: &str, party: &PartyMapping) -> Bound<PartyPlan> {
        let at = |name: &str| format!("{key}.{name}");
        let kind = self.term_part::<DebtorKind>(&at("kind"), &party.kind)?;
        let role =
            self.optional(party.role.as_ref(), |b, f| b.term_part::<PartyRole>(&at("role"), f))?;
        let name = self.part(&at("name"), &party.name, Rule::MostFrequent)?;
        let address = party
            .address
            .as_ref()
            .map(|address| self.address(&at("address"), address))
            .transpose()?;
        let mut each = |name: &str, fields: &[Field]| {
            let parts = fields.iter().map(|field| self.part(&at(name), field, Rule::MostFrequent));
            parts.collect::<Bound<Vec<_>>>()
        };
        let phones = each("phones", &party.phones)?;
        let emails = each("emails", &party.emails)?;
        let national_id = self.optional(party.national_id.as_ref(), |b, f| {
            b.part(&at("national_id"), f, Rule::Agree)
        })?;
        let birth_date = self.optional(party.birth_date.as_ref(), |b, f| {
            let cell = b.date(&at("birth_date"), f)?;
            Ok(b.add(vec![cell], Rule::Agree))
        })?;
        Ok(PartyPlan { name, kind, role, address, phones, emails, national_id, birth_date })
    }

    fn address(&mut self, key: &str, address: &AddressMapping) -> Bound<PartId> {
        let mut cells = Vec::with_capacity(address.lines.len() + 4);
        for field in &address.lines {
            cells.push(self.text(&format!("{key}.lines"), field)?);
        }
        cells.push(self.text(&format!("{key}.city"), &address.city)?);
        let rest = [
            ("region", &address.region, ""),
            ("postal_code", &address.postal_code, ""),
            ("country", &address.country, "US"),
        ];
        for (name, field, default) in rest {
            cells.push(match field {
                Some(field) => self.text(&format!("{key}.{name}"), field)?,
                None => self.fixed(&format!("{key}.{name}"), default),
            });
        }
        Ok(self.add(cells, Rule::MostFrequent))
    }

    fn contact(&mut self, key: &str, contact: &ContactMapping) -> Bound<PartId> {
        let mut cells = vec![self.text(&format!("{key}.name"), &contact.name)?];
        let rest =
            [("title", &contact.title), ("phone", &contact.phone), ("email", &contact.email)];
        for (name, field) in rest {
            cells.push(match field {
                Some(field) => self.text(&format!("{key}.{name}"), field)?,
                None => self.fixed(&format!("{key}.{name}"), ""),
            });
        }
        Ok(self.add(cells, Rule::MostFrequent))
    }

    fn tests(&mut self, key: &str, conditions: &[Condition]) -> Bound<Vec<Test>> {
        let mut tests = Vec::with_capacity(conditions.len());
        for (at, condition) in conditions.iter().enumerate() {
            let key = format!("{key}[{at}]");
            let field =
                Field { format: condition.format.clone(), ..Field::column(&condition.column) };
            let cell = self.cell(&key, &field)?;
            tests.push(Test::new(&key, condition, cell)?);
        }
        Ok(tests)
    }

    fn optional<T>(
        &mut self,
        field: Option<&Field>,
        bind: impl FnOnce(&mut Self, &Field) -> Bound<T>,
    ) -> Bound<Option<T>> {
        field.map(|field| bind(self, field)).transpose()
    }

    fn add(&mut self, cells: Vec<Cell>, rule: Rule) -> PartId {
        self.parts.push(Part { cells, rule });
        self.parts.len() - 1
    }

    fn part(&mut self, key: &str, field: &Field, rule: Rule) -> Bound<PartId> {
        let cell = self.text(key, field)?;
        Ok(self.add(vec![cell], rule))
    }

    fn spelled(&mut self, key: &str, field: Option<&Field>) -> Bound<Option<PartId>> {
        self.optional(field, |b, f| b.part(key, f, Rule::MostFrequent))
    }

    fn term_part<T>(&mut self, key: &str, field: &Field) -> Bound<PartId>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let cell = self.term::<T>(key, field)?;
        Ok(self.add(vec![cell], Rule::Agree))
    }

    /// A code; a constant is checked at once.
    fn term<T>(&mut self, key: &str, field: &Field) -> Bound<Cell>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        if let Source::Constant(value) = &field.source
            && let Err(error) = value.parse::<T>()
        {
            let remedy = "write one of these, or name a column";
            return Err(MappingError::key(key, error.to_string(), remedy));
        }
        self.text(key, field)
    }

    fn text(&mut self, key: &str, field: &Field) -> Bound<Cell> {
        if field.format.is_some() {
            return Err(MappingError::key(key, "not a date", "leave `format` out"));
        }
        self.no_thousands(key, field)?;
        self.cell(key, field)
    }

    fn amount(&mut self, key: &str, field: &Field) -> Bound<Cell> {
        if field.format.is_some() {
            return Err(MappingError::key(key, "not a date", "leave `format` out"));
        }
        if matches!(field.source, Source::Constant(_)) {
            return Err(MappingError::key(key, "an amount is never constant", "name its column"));
        }
        self.cell(key, field)
    }

    fn date(&mut self, key: &str, field: &Field) -> Bound<Cell> {
        self.no_thousands(key, field)?;
        let cell = self.cell(key, field)?;
        if let Origin::Constant(value) = &cell.origin
            && let Err(error) = parse_date(value, &cell.format)
        {
            return Err(MappingError::key(key, error.to_string(), "write the date in that form"));
        }
        Ok(cell)
    }

    fn no_thousands(&self, key: &str, field: &Field) -> Bound<()> {
        if field.thousands {
            return Err(MappingError::key(key, "not an amount", "leave `thousands` out"));
        }
        Ok(())
    }

    fn fixed(&self, key: &str, value: &str) -> Cell {
        Cell {
            label: key.to_owned(),
            origin: Origin::Constant(value.to_owned()),
            format: self.date_format.clone(),
            thousands: false,
        }
    }

    fn cell(&mut self, key: &str, field: &Field) -> Bound<Cell> {
        let format = field.format.clone().unwrap_or_else(|| self.date_format.clone());
        let thousands = field.thousands;
        let (label, origin) = match &field.source {
            Source::Constant(value) if value.trim().is_empty() => {
                return Err(MappingError::key(key, "empty constant", "leave the key out"));
            }
            Source::Constant(value) => (key, Origin::Constant(value.trim().to_owned())),
            Source::Column(name) if name.trim().is_empty() => {
                return Err(MappingError::key(key, "empty column name", "name a column"));
            }
            Source::Column(name) => (name.trim(), Origin::Column(self.find(key, name.trim())?)),
        };
        Ok(Cell { label: label.to_owned(), origin, format, thousands })
    }

    /// The place of a column; one that is not there is noted, so that all are named at once.
    fn find(&mut self, key: &str, name: &str) -> Bound<usize> {
        let Some(header) = self.header else { return Ok(0) };
        let mut places = header.iter().enumerate().filter(|(_, column)| *column == name);
        match (places.next(), places.next()) {
            (Some(_), Some(_)) => Err(MappingError::AmbiguousColumn { column: name.to_owned() }),
            (Some((at, _)), None) => {
                self.found = true;
                Ok(at)
            }
            (None, _) => {
                self.missing.push((key.to_owned(), name.to_owned()));
                Ok(0)
            }
        }
    }
}
