//! The statement of a remittance: a pure function of the sealed set, to its exact bytes.
//!
//! However the sealed lines are ordered, the statement and its CSV and JSON are the same bytes. Totals
//! are folded from the lines; nothing on a statement is stated twice.

mod csv;

use std::collections::BTreeMap;

use duly_domain::{BalanceBucket, Currency, Date, Money, MoneyError, Pii, ReceivedBy, RemitMethod};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::commission::{Factor, Portion};
use crate::posting::{Closing, Deficiency};
use crate::remittance::{Settlement, Totals, settle};

/// Who settles what with whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The agency's name.
    pub agency: String,
    /// The agency's licence, where the client's state asks for it.
    pub licence: Option<String>,
    /// The client's name.
    pub client: String,
    /// How the client calls itself towards the agency.
    pub client_reference: String,
    /// The first day of the period.
    pub period_from: Date,
    /// The last day of the period.
    pub period_to: Date,
    /// The statement's number.
    pub number: String,
    /// How the client is paid.
    pub method: RemitMethod,
    /// Date of the client's written consent to offset, which a statement that offsets documents.
    /// 209 CMR 18.14(3).
    pub offset_consent_on: Option<Date>,
    /// The currency of every amount.
    pub currency: Currency,
}

/// What a line reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A payment: released if the agency or a forwarder received it, reported if direct.
    Payment,
    /// The inverse of a payment that was in this or an earlier statement.
    Reversal,
    /// A client's credit, beside and never inside what was collected.
    Credit,
    /// Commission on an earlier line moved because another payment came or went.
    Repriced,
}

impl LineKind {
    /// The code, as printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Reversal => "reversal",
            Self::Credit => "credit",
            Self::Repriced => "repriced",
        }
    }
}

/// Which claim a line is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The client's number of the account.
    pub client_account: String,
    /// The agency's number of the account.
    pub agency_account: String,
    /// The debtor's name.
    pub debtor: Pii<String>,
}

/// One line. Amounts of a reversal are below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it reports.
    pub kind: LineKind,
    /// Which claim it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// The payment date.
    pub paid_on: Date,
    /// The day on which it was posted.
    pub posted_on: Date,
    /// Who took the money. For a credit: the client.
    pub received_by: ReceivedBy,
    /// The reference under which it was received.
    pub reference: String,
    /// `gross` by bucket.
    #[serde(serialize_with = "buckets")]
    pub buckets: BTreeMap<BalanceBucket, Money>,
    /// What it paid of the balance, before anything is taken out. Nothing for `Repriced`.
    #[serde(serialize_with = "amount")]
    pub gross: Money,
    /// What a forwarder withheld out of it.
    #[serde(serialize_with = "amount")]
    pub withheld: Money,
    /// What it exceeded the balance by: to refunds due, in no total of the client.
    #[serde(serialize_with = "amount")]
    pub overpayment: Money,
    /// The parts and rates that priced it.
    #[serde(serialize_with = "portions")]
    pub portions: Vec<Portion>,
    /// The version of the schedule that priced it.
    pub schedule_version: u32,
    /// The commission posted for it.
    #[serde(serialize_with = "amount")]
    pub commission: Money,
    /// The balance left on the account, where it is known.
    #[serde(serialize_with = "amount_or_null")]
    pub balance_left: Option<Money>,
    /// Where the account stands.
    pub status: String,
    /// The reference of the payment that a reversal takes back.
    pub reversal_of: Option<String>,
}

impl Line {
    /// Whether the money went through trust: then it belongs to `A` and its commission to `Fa`.
    fn through_trust(&self) -> bool {
        match self.received_by {
            ReceivedBy::Agency | ReceivedBy::Forwarder => true,
            ReceivedBy::Client => false,
        }
    }

    /// What the line adds to the client's position from trust: gross less commission, or for money
    /// that the client has already, less commission alone.
    pub fn net(&self) -> Result<Money, MoneyError> {
        let from_trust = if self.through_trust() { self.gross } else { zero(self.gross) };
        from_trust.sub(self.commission)
    }
}

/// How held money ended in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldOutcome {
    /// It has not.
    Held,
    /// It became good funds and is a line.
    Released,
    /// It came back before release and is in no total.
    Reversed,
}

impl HeldOutcome {
    /// The code, as printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Released => "released",
            Self::Reversed => "reversed",
        }
    }
}

/// Money that was held at some time of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldLine {
    /// How it ended.
    pub outcome: HeldOutcome,
    /// Which claim it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// The payment date.
    pub paid_on: Date,
    /// The day on which it was posted.
    pub posted_on: Date,
    /// Who took it: the agency or a forwarder.
    pub received_by: ReceivedBy,
    /// The reference under which it was received.
    pub reference: String,
    /// What lies in trust: with any overpayment, without what a forwarder withheld.
    #[serde(serialize_with = "amount")]
    pub money: Money,
    /// Whether it was held already when the period began.
    pub held_before: bool,
    /// When it counts as good funds, where it is still held.
    pub release_on: Option<Date>,
}

/// The roll-forward of held funds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldFunds {
    /// Held when the period began.
    pub opening: Money,
    /// Received in the period.
    pub received: Money,
    /// Came back before release.
    pub reversed: Money,
    /// Became good funds.
    pub released: Money,
    /// Held when the period ended: `opening + received - reversed - released`.
    pub closing: Money,
}

/// All that a statement is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Who settles what with whom.
    pub header: Header,
    /// Every released, reported, reversed or re-priced entry of the period, in any order.
    pub lines: Vec<Line>,
    /// All money that was held at some time of the period, in any order.
    pub held: Vec<HeldLine>,
    /// Held funds at the end of the last statement.
    pub held_opening: Money,
    /// Other charges, `X`.
    pub other_charges: Money,
    /// Prior carry forward, `P`.
    pub prior_balance: Money,
    /// What closing the period did to the books. Its entries are not looked at, so that amounts
    /// read back from a sealed remittance will do.
    pub closing: Closing,
    /// What is missing from trust after it.
    pub deficiency: Deficiency,
}

/// A finished statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    header: Header,
    lines: Vec<Line>,
    held: Vec<HeldLine>,
    totals: Totals,
    settlement: Settlement,
    held_funds: HeldFunds,
    closing: Closing,
    deficiency: Deficiency,
}

/// A sealed set that is no statement. Every one means that what was sealed is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The buckets of a line do not sum to its gross.
    #[error("the buckets of line {0} do not sum to its gross")]
    Buckets(String),
    /// A re-priced line moves money.
    #[error("line {0} is re-priced and yet moves money")]
    RepricedGross(String),
    /// The opening held funds are not the sum of what was held before.
    #[error("held funds open at {stated}, the money held before sums to {counted}")]
    HeldOpening {
        /// As the last statement closed.
        stated: Money,
        /// As the lines say.
        counted: Money,
    },
    /// What the books paid or hold is not what the formulae give.
    #[error("the books remit {books}, the lines give {lines}")]
    Remit {
        /// By the closing.
        books: Money,
        /// By the lines.
        lines: Money,
    },
    /// Amounts do not fit or mix currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Folds the totals of a period from its lines.
pub fn totals(
    currency: Currency,
    lines: &[Line],
    other_charges: Money,
    prior_balance: Money,
) -> Result<Totals, MoneyError> {
    let mut totals = Totals { x: other_charges, p: prior_balance, ..Totals::zero(currency) };
    for line in lines {
        match (line.kind, line.through_trust()) {
            (LineKind::Credit, _) | (LineKind::Repriced, false) => {
                totals.fd = totals.fd.add(line.commission)?;
            }
            (LineKind::Payment | LineKind::Reversal, false) => {
                totals.d = totals.d.add(line.gross)?;
                totals.fd = totals.fd.add(line.commission)?;
            }
            (LineKind::Payment | LineKind::Reversal | LineKind::Repriced, true) => {
                totals.a = totals.a.add(line.gross)?;
                totals.w = totals.w.add(line.withheld)?;
                totals.fa = totals.fa.add(line.commission)?;
            }
        }
    }
    Ok(totals)
}

fn held_funds(currency: Currency, held: &[HeldLine]) -> Result<HeldFunds, MoneyError> {
    let sum = |wanted: &dyn Fn(&HeldLine) -> bool| {
        let some = held.iter().filter(|line| wanted(line)).map(|line| line.money);
        Money::sum(currency, some)
    };
    Ok(HeldFunds {
        opening: sum(&|line| line.held_before)?,
        received: sum(&|line| !line.held_before)?,
        reversed: sum(&|line| line.outcome == HeldOutcome::Reversed)?,
        released: sum(&|line| line.outcome == HeldOutcome::Released)?,
        closing: sum(&|line| line.outcome == HeldOutcome::Held)?,
    })
}

impl Statement {
    /// The statement of a sealed set.
    pub fn new(sealed: Sealed) -> Result<Self, StatementError> {
        let Sealed { header, mut lines, mut held, closing, deficiency, .. } = sealed;
        let currency = header.currency;
        for line in &lines {
            if Money::sum(currency, line.buckets.values().copied())? != line.gross {
                return Err(StatementError::Buckets(line.reference.clone()));
            }
            if line.kind == LineKind::Repriced && !line.gross.is_zero() {
                return Err(StatementError::RepricedGross(line.reference.clone()));
            }
        }
        let totals = totals(currency, &lines, sealed.other_charges, sealed.prior_balance)?;
        let settlement = settle(header.method, &totals)?;
        let books = closing.paid.add(closing.held)?;
        if books != settlement.remit {
            return Err(StatementError::Remit { books, lines: settlement.remit });
        }
        let held_funds = held_funds(currency, &held)?;
        if held_funds.opening != sealed.held_opening {
            let (stated, counted) = (sealed.held_opening, held_funds.opening);
            return Err(StatementError::HeldOpening { stated, counted });
        }
        // Date, reference, amount; what is alike in those is ordered by all that it prints.
        lines.sort_by_cached_key(|line| {
            (line.paid_on, line.reference.clone(), line.gross.minor(), printed(line))
        });
        held.sort_by_cached_key(|line| {
            (line.paid_on, line.reference.clone(), line.money.minor(), printed(line))
        });
        Ok(Self { header, lines, held, totals, settlement, held_funds, closing, deficiency })
    }

    /// Who settles what with whom.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The lines, in their order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Money held at some time of the period, in order.
    pub fn held(&self) -> &[HeldLine] {
        &self.held
    }

    /// The totals of the lines.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// What the period comes to.
    pub fn settlement(&self) -> &Settlement {
        &self.settlement
    }

    /// The roll-forward of held funds.
    pub fn held_funds(&self) -> &HeldFunds {
        &self.held_funds
    }

    /// Every total by its name, in the order in which statements print them.
    pub fn named_totals(&self) -> Result<Vec<(&'static str, Money)>, MoneyError> {
        let Totals { a, w, d, fa, fd, x, p } = self.totals;
        let settled = &self.settlement;
        let of_kind = |kind: LineKind, what: fn(&Line) -> Money| {
            let some = self.lines.iter().filter(|line| line.kind == kind).map(what);
            Money::sum(self.header.currency, some)
        };
        let overpayments = self.lines.iter().map(|line| line.overpayment);
        Ok(vec![
            ("collected_by_agency", a),
            ("withheld_by_forwarder", w),
            ("collected_direct", d),
            ("credited", of_kind(LineKind::Credit, |line| line.gross)?),
            ("commission_on_agency", fa),
            ("commission_on_direct", fd),
            ("commission", settled.f),
            ("commission_repriced", of_kind(LineKind::Repriced, |line| line.commission)?),
            ("other_charges", x),
            ("prior_balance", p),
            ("due_to_client", settled.remit),
            ("due_to_agency", settled.carry_forward),
            ("remitted", self.closing.paid),
            ("remittance_held", self.closing.held),
            ("carry_forward", settled.carry_forward),
            ("invoice", settled.invoice),
            ("to_operating", settled.to_operating),
            ("set_aside_for_sweep", self.closing.set_aside),
            ("operating_carry", self.closing.operating_carry),
            ("overpayments", Money::sum(self.header.currency, overpayments)?),
            ("held_opening", self.held_funds.opening),
            ("held_received", self.held_funds.received),
            ("held_reversed", self.held_funds.reversed),
            ("held_released", self.held_funds.released),
            ("held_closing", self.held_funds.closing),
            ("deficiency_due_from_agency", self.deficiency.agency),
            ("deficiency_due_from_client", self.deficiency.client),
        ])
    }

    /// The statement as JSON: amounts as decimal text, keys in a fixed order, a line feed at the
    /// end. The same statement is always the same bytes.
    pub fn to_json(&self) -> Vec<u8> {
        let shape =
            Shape { header: &self.header, totals: self, lines: &self.lines, held: &self.held };
        let mut bytes = serde_json::to_vec_pretty(&shape).expect("a statement is plain data");
        bytes.push(b'\n');
        bytes
    }

    /// The statement as CSV (RFC 4180 quoting, line feeds): one table whose first column says
    /// whether a row is a `header`, `line`, `held` or `total`. The same statement is always the
    /// same bytes.
    pub fn to_csv(&self) -> Vec<u8> {
        csv::render(self)
    }
}

/// The keys of the JSON form, in order.
#[derive(Serialize)]
struct Shape<'a> {
    header: &'a Header,
    #[serde(serialize_with = "named_totals")]
    totals: &'a Statement,
    lines: &'a [Line],
    held: &'a [HeldLine],
}

fn zero(like: Money) -> Money {
    Money::zero(like.currency())
}

fn printed(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("a line is plain data")
}

fn amount<S: Serializer>(money: &Money, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&money.amount())
}

fn amount_or_null<S: Serializer>(money: &Option<Money>, to: S) -> Result<S::Ok, S::Error> {
    match money {
        Some(money) => amount(money, to),
        None => to.serialize_none(),
    }
}

fn buckets<S: Serializer>(
    buckets: &BTreeMap<BalanceBucket, Money>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_map(buckets.iter().map(|(bucket, money)| (bucket.as_str(), money.amount())))
}

fn portions<S: Serializer>(portions: &[Portion], to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Priced {
        amount: String,
        rate: String,
        factor: Factor,
    }
    to.collect_seq(portions.iter().map(|portion| Priced {
        amount: portion.money.amount(),
        rate: portion.rate.to_string(),
        factor: portion.factor,
    }))
}

fn named_totals<S: Serializer>(statement: &&Statement, to: S) -> Result<S::Ok, S::Error> {
    let totals = statement.named_totals().map_err(serde::ser::Error::custom)?;
    let mut map = to.serialize_map(Some(totals.len()))?;
    for (name, money) in totals {
        map.serialize_entry(name, &money.amount())?;
    }
    map.end()
}

#[cfg(test)]
mod tests;
