//! Sample data of the letters, as the service gives it.

use serde_json::{Value, json};

fn agency() -> Value {
    json!({
        "name": "Harbor Point Recovery, Inc.",
        "address": ["410 Commerce Street, Suite 900", "Columbus, OH 43215"],
        "phone": "(614) 555-0142", "hours": "8:00 am to 6:00 pm EST, Monday to Friday",
        "email": "help@harborpoint.example", "website": "www.harborpoint.example",
        "licence": "OH-CA-10442",
    })
}

/// A consumer's validation notice.
pub fn notice() -> Value {
    json!({
        "date": "2026-01-06", "date_text": "January 6, 2026", "reference": "LAKESIDE / C-20417",
        "agency": agency(),
        "recipient": { "name": "Robin Q. Sample Jr.", "address": ["27 Elm Court, Apt 4B", "Dayton, OH 45402"] },
        "creditor": "Lakeside Furniture LLC", "original_creditor": "Lakeside Furniture LLC",
        "product": "an account", "account": "C-20417",
        "itemization_date": "October 1, 2025", "amount_then": "$1,284.50", "interest": "$0.00",
        "fees": "$25.00", "credits": "$150.00", "balance": "$1,159.50",
        "end_date": "February 13, 2026",
    })
}

/// A commercial demand with so many items, every tenth a credit.
pub fn demand(items: u32, guarantor: bool) -> Value {
    let rows: Vec<Value> = (1..=items)
        .map(|n| {
            let credit = n % 10 == 0;
            json!({
                "document": if credit { format!("Credit memo {}", 7000 + n) } else { format!("Invoice {}", 19_300_000 + n) },
                "order": format!("PO-{}", 4000 + n / 3),
                "dated": "09/02/2025", "due": "10/02/2025",
                "amount": if credit { "−$84.10".to_owned() } else { format!("${}.{:02}", 100 + n % 900, n % 100) },
            })
        })
        .collect();
    let name = if guarantor { "Pat Winters" } else { "Brightwater Manufacturing Co." };
    json!({
        "date": "2026-01-06", "date_text": "January 6, 2026", "reference": "ACME-OH / A-1001",
        "agency": agency(),
        "recipient": { "name": name, "address": ["1200 Mill Road", "Building C", "Akron, OH 44308"] },
        "salutation": if guarantor { "Dear Pat Winters:" } else { "To whom it may concern:" },
        "guarantor": guarantor, "role": "personal guarantor", "debtor": "Brightwater Manufacturing Co.",
        "creditor": "Acme Industrial Supply Co.", "account": "A-1001", "listed_on": "January 2, 2026",
        "balance": "$12,482.17", "pay_by": "January 16, 2026",
        "summary": [
            { "label": "Invoices and charges", "amount": "$13,566.27" },
            { "label": "Credit memos", "amount": "−$84.10" },
            { "label": "Payments and corrections since placement", "amount": "−$1,000.00" },
        ],
        "items": rows,
        "totals": [
            { "label": "Open items at placement", "amount": "$13,482.17" },
            { "label": "Payments and corrections since placement", "amount": "−$1,000.00" },
            { "label": "Balance due", "amount": "$12,482.17" },
        ],
    })
}
