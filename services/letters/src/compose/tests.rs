use std::slice::from_ref;

use chrono::{NaiveTime, TimeZone as _};
use duly_domain::{
    Currency, DebtClass, DebtorKind, IdSource as _, PartyRole, Pii, SeededIds, ServiceKind,
};
use duly_standing::{End, EndKind};
use uuid::Uuid;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn address() -> AddressParts {
    AddressParts {
        lines: vec!["27 Elm Court".into()],
        city: "Dayton".into(),
        region: "OH".into(),
        postal_code: "45402".into(),
        country: "US".into(),
    }
}

fn invoice(number: &str, dated: &str, original: i64, open: i64) -> Item {
    Item {
        kind: if open < 0 { ClaimItemKind::CreditMemo } else { ClaimItemKind::Invoice },
        number: number.into(),
        purchase_order: String::new(),
        item_date: Some(day(dated)),
        due_date: None,
        open: usd(open),
        original: Some(usd(original)),
    }
}

/// A claim of 1,000.00 with one invoice against one person, and what is asked for.
struct Case {
    standing: Standing,
    claim: Claim,
    items: Vec<Item>,
    addresses: Vec<AddressParts>,
    emails: Vec<String>,
    client_known: bool,
    config: Config,
    template: &'static str,
    channel: Channel,
    party: Uuid,
}

impl Case {
    fn new(template: &'static str) -> Self {
        let mut ids = SeededIds::new(7);
        let party = |id: Uuid, position: i32, role: PartyRole, name: &str| Party {
            id,
            position,
            role,
            kind: DebtorKind::Person,
            name: Pii::new(name.to_owned()),
            address: None,
            phones: vec![],
            emails: vec![],
            national_id_lookup: None,
        };
        let (principal, guarantor) = (ids.uuid(), ids.uuid());
        Self {
            standing: Standing {
                account: ids.uuid(),
                opening: 1,
                client: ids.uuid(),
                client_ref: "ACME".into(),
                client_name: "Acme Supply Co.".into(),
                client_account_ref: "A-1".into(),
                debt_class: DebtClass::Consumer,
                service_kind: ServiceKind::Contingency,
                listed: usd(100_000),
                listed_on: day("2026-01-02"),
                balance: usd(100_000),
                ended: None,
                settled: false,
                held: None,
                parties: vec![
                    party(principal, 0, PartyRole::Principal, "Robin Sample"),
                    party(guarantor, 1, PartyRole::PersonalGuarantor, "Pat Winters"),
                ],
            },
            claim: Claim {
                original_creditor: "Acme Supply Co.".into(),
                current_creditor: String::new(),
                creditor_kind: Some(CreditorKind::Trade),
                claim_items: 1,
            },
            items: vec![invoice("I-1", "2025-10-01", 100_000, 100_000)],
            addresses: vec![address()],
            emails: vec![],
            client_known: true,
            config: Config {
                agency_address: vec!["1 Main St".into(), "Columbus, OH 43215".into()],
                agency_email: "help@agency.example".into(),
                ..Config::default()
            },
            template,
            channel: Channel::Mail,
            party: principal,
        }
    }

    fn compose(&self) -> Composed {
        let house = House {
            name: "Harbor Point Recovery, Inc.",
            licence: "",
            config: &self.config,
            calendar: MailCalendar {
                zone: "America/New_York".parse().unwrap(),
                closes: NaiveTime::from_hms_opt(16, 0, 0).unwrap(),
            },
        };
        let wanted = Wanted {
            opening: 1,
            party: self.party,
            template: self.template,
            channel: self.channel,
        };
        let facts = Facts {
            standing: Some(&self.standing),
            client_known: self.client_known,
            claim: Some(&self.claim),
            items: &self.items,
            addresses: self.addresses.clone(),
            emails: self.emails.clone(),
        };
        let now = Utc.with_ymd_and_hms(2026, 1, 5, 15, 0, 0).unwrap();
        compose(&house, &wanted, &facts, now)
    }

    fn draft(&self) -> Draft {
        match self.compose() {
            Composed::Draft(draft) => *draft,
            Composed::Waits(missing) | Composed::Refused { missing, .. } => {
                panic!("a draft was expected; missing: {missing:?}")
            }
        }
    }

    fn missing(&self) -> Vec<&'static str> {
        match self.compose() {
            Composed::Refused { missing, .. } => missing,
            Composed::Draft(_) | Composed::Waits(_) => panic!("a refusal was expected"),
        }
    }
}

#[test]
fn a_notice_itemizes_from_the_transaction_date_to_what_is_owed_today() {
    let mut case = Case::new("validation_notice");
    case.items = vec![
        invoice("I-1", "2025-09-01", 60_000, 50_000),
        invoice("I-2", "2025-10-01", 50_000, 50_000),
        invoice("C-1", "2025-11-01", -5_000, -5_000),
        Item { kind: ClaimItemKind::ServiceCharge, ..invoice("S-1", "2025-12-01", 2_500, 2_500) },
    ];
    case.claim.claim_items = 4;
    case.standing.balance = usd(90_000);
    let data = case.draft().data;
    assert_eq!(data["itemization_date"], "October 1, 2025");
    assert_eq!(data["amount_then"], "$1,100.00");
    assert_eq!((&data["interest"], &data["fees"]), (&json!("$0.00"), &json!("$25.00")));
    assert_eq!(data["credits"], "$225.00");
    assert_eq!(data["balance"], "$900.00");
    assert_eq!(data["end_date"], "February 11, 2026");
    assert_eq!(data["creditor"], "Acme Supply Co.");
    assert_eq!(data["recipient"]["address"], json!(["27 Elm Court", "Dayton, OH 45402"]));
}

#[test]
fn a_notice_names_each_field_that_it_lacks() {
    let complete = || Case::new("validation_notice");
    let mut case = complete();
    case.addresses.clear();
    assert_eq!(case.missing(), ["liable_party.address"]);
    let mut case = complete();
    case.items[0].item_date = None;
    assert_eq!(case.missing(), ["itemization_date"]);
    let mut case = complete();
    case.items.clear();
    case.claim.claim_items = 0;
    assert_eq!(case.missing(), ["itemization_date"]);
    let mut case = complete();
    case.claim.original_creditor.clear();
    assert_eq!(case.missing(), ["current_creditor"]);
    case.claim.creditor_kind = Some(CreditorKind::DebtBuyer);
    assert_eq!(case.draft().creditor, "Acme Supply Co.");
    let mut case = complete();
    case.standing.balance = usd(120_000);
    assert_eq!(case.missing(), ["itemization"]);
    let mut case = complete();
    case.config.agency_address.clear();
    case.standing.parties[0].name = Pii::new(" ".to_owned());
    assert_eq!(case.missing(), ["agency_address", "liable_party.name"]);
}

#[test]
fn an_electronic_notice_needs_where_to_send_it_and_where_to_answer() {
    let mut case = Case::new("validation_notice");
    case.channel = Channel::Email;
    case.config.agency_email.clear();
    assert_eq!(case.missing(), ["agency_email", "liable_party.email", "mail_from"]);
    case.config.agency_email = "help@agency.example".into();
    case.emails = vec!["robin@example.com".into()];
    assert_eq!(case.draft().email.as_deref(), Some("robin@example.com"));
}

#[test]
fn a_demands_lines_add_up_to_the_balance() {
    let mut case = Case::new("commercial_demand");
    case.items = vec![
        invoice("I-2", "2025-10-01", 70_000, 70_000),
        invoice("I-1", "2025-09-01", 40_000, 40_000),
        invoice("C-1", "2025-11-01", -10_000, -10_000),
    ];
    case.claim.claim_items = 3;
    case.standing.balance = usd(80_000);
    let data = case.draft().data;
    let lines = |key: &str| -> Vec<(String, String)> {
        let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
        let rows = data[key].as_array().unwrap();
        rows.iter().map(|line| (text(line, "label"), text(line, "amount"))).collect()
    };
    let line = |label: &str, amount: &str| (label.to_owned(), amount.to_owned());
    let since = line("Payments and corrections since placement", "−$200.00");
    assert_eq!(
        lines("summary"),
        [
            line("Invoices and charges", "$1,100.00"),
            line("Credit memos", "−$100.00"),
            since.clone()
        ]
    );
    assert_eq!(
        lines("totals"),
        [line("Open items at placement", "$1,000.00"), since, line("Balance due", "$800.00")]
    );
    let documents: Vec<&str> = data["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["document"].as_str().unwrap())
        .collect();
    assert_eq!(documents, ["Invoice I-1", "Invoice I-2", "Credit memo C-1"]);
    assert_eq!(data["pay_by"], "January 15, 2026");
}

#[test]
fn a_guarantor_is_told_for_whom_it_answers() {
    let mut case = Case::new("commercial_demand");
    case.party = case.standing.parties[1].id;
    let data = case.draft().data;
    assert_eq!(data["guarantor"], true);
    assert_eq!(data["role"], "personal guarantor");
    assert_eq!(data["debtor"], "Robin Sample");
    assert_eq!(data["salutation"], "Dear Pat Winters:");
    assert_eq!(data["reference"], "ACME / A-1");
}

#[test]
fn what_is_only_on_its_way_is_waited_for() {
    let mut case = Case::new("commercial_demand");
    case.claim.claim_items = 2;
    case.client_known = false;
    assert!(matches!(case.compose(), Composed::Waits(w) if w == ["client", "claim_items"]));
}

#[test]
fn nothing_is_written_on_an_account_that_is_over_or_by_a_template_that_is_none() {
    let mut case = Case::new("commercial_demand");
    case.standing.ended = Some(End {
        kind: EndKind::Recalled,
        on: day("2026-01-04"),
        close_code: "RCL".parse().unwrap(),
    });
    assert!(case.missing().is_empty());
    case.standing.balance = usd(0);
    assert_eq!(case.missing(), ["amount"]);
    case.template = "final_demand";
    assert_eq!(case.missing(), ["template"]);
    let mut case = Case::new("commercial_demand");
    case.standing.parties = from_ref(&case.standing.parties[1]).to_vec();
    assert_eq!(case.missing(), ["liable_party"]);
}
