//! The CSV form of a statement.

use duly_domain::{BalanceBucket, Money};

use super::{HeldLine, Line, Statement, Subject};
use crate::commission::{Factor, Portion};

/// One table for all kinds of rows, so that every reader of CSV can read it.
const COLUMNS: [&str; 25] = [
    "record",
    "kind",
    "client_account",
    "agency_account",
    "debtor",
    "payment_date",
    "post_date",
    "received_by",
    "reference",
    "principal",
    "interest",
    "fees",
    "court_costs",
    "attorney_fees",
    "other",
    "gross",
    "withheld",
    "overpayment",
    "rate",
    "schedule_version",
    "commission",
    "net",
    "balance_left",
    "status",
    "reversal_of",
];

pub(super) fn render(statement: &Statement) -> Vec<u8> {
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(header(statement));
    rows.extend(statement.lines.iter().map(line));
    rows.extend(statement.held.iter().map(held));
    let totals = statement.named_totals().expect("the totals were summed when it was made");
    rows.extend(totals.into_iter().map(|(name, money)| total(name, money)));
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("every row has the columns of the first");
    }
    writer.into_inner().expect("memory takes every byte")
}

type Row = [String; COLUMNS.len()];

fn row(record: &str, kind: &str, cells: &[(&str, String)]) -> Row {
    COLUMNS.map(|column| match column {
        "record" => record.to_owned(),
        "kind" => kind.to_owned(),
        _ => cells
            .iter()
            .find(|(name, _)| *name == column)
            .map_or_else(String::new, |(_, value)| value.clone()),
    })
}

fn header(statement: &Statement) -> Vec<Row> {
    let header = &statement.header;
    let consent = header.offset_consent_on.map_or_else(String::new, |on| on.to_string());
    [
        ("agency", text(&header.agency)),
        ("licence", text(header.licence.as_deref().unwrap_or_default())),
        ("client", text(&header.client)),
        ("client_reference", text(&header.client_reference)),
        ("period_from", header.period_from.to_string()),
        ("period_to", header.period_to.to_string()),
        ("number", text(&header.number)),
        ("method", header.method.to_string()),
        ("offset_consent_on", consent),
        ("currency", header.currency.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| row("header", name, &[("reference", value)]))
    .collect()
}

fn subject(subject: &Subject) -> [(&'static str, String); 3] {
    [
        ("client_account", text(&subject.client_account)),
        ("agency_account", text(&subject.agency_account)),
        ("debtor", text(subject.debtor.expose())),
    ]
}

fn line(line: &Line) -> Row {
    let mut cells = vec![
        ("payment_date", line.paid_on.to_string()),
        ("post_date", line.posted_on.to_string()),
        ("received_by", line.received_by.to_string()),
        ("reference", text(&line.reference)),
        ("gross", line.gross.amount()),
        ("withheld", line.withheld.amount()),
        ("overpayment", line.overpayment.amount()),
        ("rate", rate(&line.portions)),
        ("schedule_version", line.schedule_version.to_string()),
        ("commission", line.commission.amount()),
        ("net", line.net().map_or_else(|_| String::new(), Money::amount)),
        ("balance_left", line.balance_left.map_or_else(String::new, Money::amount)),
        ("status", text(&line.status)),
        ("reversal_of", text(line.reversal_of.as_deref().unwrap_or_default())),
    ];
    cells.extend(subject(&line.subject));
    for bucket in BalanceBucket::ALL {
        let money = line.buckets.get(bucket).copied();
        cells.push((bucket.as_str(), money.map_or_else(String::new, Money::amount)));
    }
    row("line", line.kind.as_str(), &cells)
}

fn held(line: &HeldLine) -> Row {
    let mut cells = vec![
        ("payment_date", line.paid_on.to_string()),
        ("post_date", line.posted_on.to_string()),
        ("received_by", line.received_by.to_string()),
        ("reference", text(&line.reference)),
        ("gross", line.money.amount()),
        ("status", if line.held_before { "held_before" } else { "received" }.to_owned()),
    ];
    cells.extend(subject(&line.subject));
    row("held", line.outcome.as_str(), &cells)
}

fn total(name: &str, money: Money) -> Row {
    row("total", name, &[("gross", money.amount())])
}

/// `0.25`, or by part: `3000.00@0.25 2000.00@0.18`. Half of a rate is `0.25/2`.
fn rate(portions: &[Portion]) -> String {
    let rate = |portion: &Portion| match portion.factor {
        Factor::Full => portion.rate.to_string(),
        Factor::Half => format!("{}/2", portion.rate),
        Factor::Free => "0".to_owned(),
    };
    match portions {
        [] => String::new(),
        [only] => rate(only),
        several => {
            let parts: Vec<String> = several
                .iter()
                .map(|part| format!("{}@{}", part.money.amount(), rate(part)))
                .collect();
            parts.join(" ")
        }
    }
}

/// Text that a spreadsheet would run as a formula gets a leading apostrophe; JSON has the original.
fn text(raw: &str) -> String {
    if raw.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{raw}")
    } else {
        raw.to_owned()
    }
}
