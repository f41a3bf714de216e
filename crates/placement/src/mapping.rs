//! The YAML mapping: which column of a client's file is what.

use std::fmt;

use duly_domain::DateFormat;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::error::MappingError;
use crate::plan::Plan;

/// How a client's file becomes placements. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// How the file is written.
    #[serde(default)]
    pub csv: CsvOptions,
    /// Form of every date whose field does not name its own. ISO where it is not given.
    #[serde(default = "DateFormat::iso")]
    pub date_format: DateFormat,
    /// Rows with the same values in these columns are one claim, each row an item of it. Without
    /// it each row is a claim.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// The client's short name.
    pub client: Field,
    /// The client's reference of the account. Without it: the grouping columns joined by `/`.
    pub account_ref: Option<Field>,
    /// `consumer` or `commercial`.
    pub debt_class: Field,
    /// What the agency is asked to do, e.g. `contingency`.
    pub service_kind: Option<Field>,
    /// ISO 4217 code.
    pub currency: Field,
    /// The claim's balance as the file states it. Without it: the sum of the items.
    pub balance: Option<Field>,
    /// To whom the debt was owed first.
    pub original_creditor: Option<Field>,
    /// To whom it is owed now.
    pub current_creditor: Option<Field>,
    /// What kind of creditor that is.
    pub creditor_kind: Option<Field>,
    /// What the claim arose from: `medical`, `goods` and so on.
    pub claim_kind: Option<Field>,
    /// Who owes.
    pub debtor: PartyMapping,
    /// Who owes beside the debtor. A guarantor without a name is not there.
    #[serde(default)]
    pub guarantors: Vec<PartyMapping>,
    /// Through whom a business is reached. A contact without a name is not there.
    #[serde(default)]
    pub contacts: Vec<ContactMapping>,
    /// Invoices and credits. Needed with `group_by`, or without `balance`.
    pub item: Option<ItemMapping>,
    /// What the client already knows.
    #[serde(default)]
    pub known_facts: Vec<KnownFactMapping>,
    /// Only rows that meet all of these are open items; the others are left out.
    #[serde(default)]
    pub open_filter: Vec<Condition>,
    /// Only claims that are overdue by so many days are placed.
    pub days_overdue: Option<DaysOverdue>,
    /// Where the file says when an item was paid later.
    pub payments: Option<PaymentsMapping>,
}

impl Mapping {
    /// Reads and checks a mapping.
    pub fn parse(yaml: &str) -> Result<Self, MappingError> {
        let mapping: Self =
            serde_saphyr::from_str(yaml).map_err(|error| MappingError::Yaml(error.to_string()))?;
        Plan::check(&mapping)?;
        Ok(mapping)
    }
}

/// How the file is written. It is UTF-8 with a header line; fields may be quoted by `"`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvOptions {
    /// One ASCII character, a comma where it is not given.
    #[serde(default = "comma")]
    pub delimiter: char,
}

fn comma() -> char {
    ','
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: comma() }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A column of the file.
    Column(String),
    /// The same for all rows.
    Constant(String),
}

/// One value: `column_name`, `{column: name}` or `{constant: value}`; a date also
/// `{column: name, format: M/D/YYYY}`, an amount `{column: name, thousands: true}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Where it comes from.
    pub source: Source,
    /// Form of a date.
    pub format: Option<DateFormat>,
    /// Whether an amount may have commas between thousands.
    pub thousands: bool,
}

impl Field {
    /// A column, read as it is.
    pub fn column(name: &str) -> Self {
        Self { source: Source::Column(name.to_owned()), format: None, thousands: false }
    }

    /// The same for all rows.
    pub fn constant(value: &str) -> Self {
        Self { source: Source::Constant(value.to_owned()), format: None, thousands: false }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(FieldVisitor)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LongField {
    column: Option<String>,
    constant: Option<String>,
    format: Option<DateFormat>,
    #[serde(default)]
    thousands: bool,
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column name, {column: NAME} or {constant: VALUE}")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Field, E> {
        Ok(Field::column(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
        let long = LongField::deserialize(MapAccessDeserializer::new(map))?;
        let source = match (long.column, long.constant) {
            (Some(column), None) => Source::Column(column),
            (None, Some(constant)) => Source::Constant(constant),
            _ => return Err(de::Error::custom("write either `column` or `constant`")),
        };
        Ok(Field { source, format: long.format, thousands: long.thousands })
    }
}

/// A person or business that owes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyMapping {
    /// As written in the file.
    pub name: Field,
    /// `person` or `business`.
    pub kind: Field,
    /// For a guarantor; by default personal or corporate guarantor after the kind.
    pub role: Option<Field>,
    /// Postal address.
    pub address: Option<AddressMapping>,
    /// Telephone numbers.
    #[serde(default)]
    pub phones: Vec<Field>,
    /// E-mail addresses.
    #[serde(default)]
    pub emails: Vec<Field>,
    /// Social security or employer number.
    pub national_id: Option<Field>,
    /// Of a person.
    pub birth_date: Option<Field>,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressMapping {
    /// Street lines; empty ones are left out.
    pub lines: Vec<Field>,
    /// City or town.
    pub city: Field,
    /// State, province or county.
    pub region: Option<Field>,
    /// ZIP or postal code.
    pub postal_code: Option<Field>,
    /// ISO 3166-1 alpha-2; US where it is not given or empty.
    pub country: Option<Field>,
}

/// A person through whom a business is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactMapping {
    /// As written in the file.
    pub name: Field,
    /// Function.
    pub title: Option<Field>,
    /// Telephone number.
    pub phone: Option<Field>,
    /// E-mail address.
    pub email: Option<Field>,
}

/// An invoice, credit or charge: one row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemMapping {
    /// What is still owed on it.
    pub amount: Field,
    /// What was billed.
    pub original_amount: Option<Field>,
    /// The client's number of it; the same kind and number twice in one claim is an error.
    pub number: Option<Field>,
    /// `invoice`, `credit_memo` and so on. Without it: credit memo below zero, else invoice.
    pub kind: Option<Field>,
    /// When it was billed.
    pub item_date: Option<Field>,
    /// When it fell due.
    pub due_date: Option<Field>,
    /// The debtor's own order number.
    pub purchase_order: Option<Field>,
    /// The part that the debtor contests.
    pub disputed_amount: Option<Field>,
    /// The item is contested as a whole where all of these are met.
    #[serde(default)]
    pub disputed_when: Vec<Condition>,
}

/// Something that the client already knows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFactMapping {
    /// `attorney`, `cease`, `dispute`, `bankruptcy`, `deceased`, `military`, `opt_out`,
    /// `inconvenient_time` or `language`. An empty cell is no fact.
    pub kind: Field,
    /// Known where all of these are met. Needed where `kind` is a constant.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Since when.
    pub since: Option<Field>,
    /// In words.
    pub detail: Option<Field>,
    /// Whom it concerns.
    #[serde(default)]
    pub party: FactParty,
}

/// Whom a known fact concerns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactParty {
    /// The claim as a whole.
    #[default]
    Claim,
    /// The debtor.
    Debtor,
    /// The first guarantor; the claim as a whole where it has none.
    Guarantor,
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// How it is compared.
    pub op: Operator,
    /// With what; `as_of` is the date of the placement. Not for `empty` and `not_empty`.
    pub value: Option<String>,
    /// As what it is compared. Without it: dates where `value` is `as_of` or `format` is given,
    /// numbers for `<`, `<=`, `>`, `>=`, else texts.
    #[serde(rename = "as")]
    pub compare_as: Option<Comparison>,
    /// Form of the date.
    pub format: Option<DateFormat>,
    /// What an empty cell answers to a comparison of dates or numbers. Without it an empty cell is
    /// an error.
    pub when_empty: Option<bool>,
}

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Operator {
    /// Below.
    #[serde(rename = "<")]
    Less,
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
    /// Above.
    #[serde(rename = ">")]
    Greater,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// The same.
    #[serde(rename = "=")]
    Equal,
    /// Not the same.
    #[serde(rename = "!=")]
    NotEqual,
    /// The cell is empty.
    #[serde(rename = "empty")]
    Empty,
    /// The cell is not empty.
    #[serde(rename = "not_empty")]
    NotEmpty,
}

/// As what a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Dates.
    Date,
    /// Numbers, by value.
    Number,
    /// Texts, byte by byte.
    Text,
}

/// Leaves out claims that are not overdue enough.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaysOverdue {
    /// When an item fell due; `item.due_date` where it is not given.
    pub due: Option<Field>,
    /// Days from the due date to the date of the placement.
    pub at_least: u32,
    /// How many items must be so.
    #[serde(default)]
    pub scope: OverdueScope,
}

/// How many open items of a claim must be overdue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverdueScope {
    /// One is enough, and the claim is all its open items.
    #[default]
    AnyItem,
    /// All of them.
    EveryItem,
}

/// Where the file says when an item was paid. Only days after the date of the placement count.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentsMapping {
    /// The day; an empty cell is no payment.
    pub on: Field,
    /// How much; the item's open amount where it is not given. Nothing or less is no payment.
    pub amount: Option<Field>,
}
