//! Every way in which a record can be wrong, and what it is told.

use duly_domain::Date;
use duly_proto::{
    common::v1::{Date as WireDate, Money as WireMoney},
    intake::v1::{
        ClaimItem, ContactPerson, DebtClass, KnownFact, KnownFactKind, PartyRole, Placement,
        PlacementRecord, ServiceKind, UnreadableRecord, placement_record,
    },
};
use duly_testkit::{consumer, day, placement, usd};

use super::*;

const SSN: &str = "219-09-9999";

fn terms() -> Terms {
    Terms {
        currency: Currency::USD,
        policy_in_force: true,
        today: Date::from_ymd_opt(2026, 1, 5).unwrap(),
    }
}

fn sealer() -> Sealer {
    Sealer::from_bytes("k1", &[7; 32])
}

fn record(placement: Placement) -> PlacementRecord {
    PlacementRecord { line: 7, record: Some(placement_record::Record::Placement(placement)) }
}

fn read(placement: Placement) -> Record {
    read_record(&record(placement), &terms(), &sealer())
}

/// Code and field of the first problem.
fn wrong(placement: Placement) -> (String, String) {
    let problems = read(placement).claim.expect_err("the record is wrong");
    (problems[0].code.to_string(), problems[0].field.clone())
}

/// Codes and fields of the warnings, of a record that is placed all the same.
fn warnings(placement: Placement) -> Vec<(String, String)> {
    let claim = read(placement).claim.expect("the record is placed");
    claim.warnings.iter().map(|w| (w.code.to_string(), w.field.clone())).collect()
}

fn good() -> Placement {
    placement("A-1")
        .invoice("I-1", "60.00", "2025-10-01")
        .invoice("I-2", "40.00", "2025-09-01")
        .build()
}

/// The good placement with one thing changed.
fn with(change: impl FnOnce(&mut Placement)) -> Placement {
    let mut placement = good();
    change(&mut placement);
    placement
}

fn with_item(change: impl FnOnce(&mut ClaimItem)) -> Placement {
    with(|p| change(&mut p.items[1]))
}

#[test]
fn a_good_record_becomes_a_claim() {
    let record = read(good());
    let claim = record.claim.unwrap();
    assert_eq!((record.line, record.reference.as_str()), (7, "A-1"));
    assert_eq!(record.amount_minor, Some(10_000));
    assert_eq!(claim.amount, Money::new(10_000, Currency::USD));
    assert_eq!(claim.age_from, Date::from_ymd_opt(2025, 9, 1));
    assert_eq!(claim.items.len(), 2);
    assert_eq!(claim.parties[0].phones[0].as_str(), "+19375550142");
    assert!(claim.warnings.is_empty());
}

#[test]
fn what_a_claim_cannot_do_without_is_named() {
    let amount = |minor, currency: &str| Some(WireMoney { minor, currency: currency.into() });
    let cases: Vec<(&str, &str, Placement)> = vec![
        ("amount_missing", "amount", with(|p| p.amount = None)),
        ("amount_zero", "amount", with(|p| (p.amount, p.items) = (amount(0, "USD"), vec![]))),
        ("amount_negative", "amount", with(|p| (p.amount, p.items) = (amount(-1, "USD"), vec![]))),
        ("amount_too_large", "amount", with(|p| p.amount = amount(i64::MAX, "USD"))),
        ("currency_unknown", "amount", with(|p| p.amount = amount(10_000, "XQQ"))),
        ("currency_unknown", "amount", with(|p| p.amount = amount(10_000, ""))),
        ("currency_differs", "amount", with(|p| p.amount = amount(10_000, "EUR"))),
        ("name_missing", "liable_parties[0].name", with(|p| p.liable_parties[0].name = " ".into())),
        ("reference_missing", "client_account_ref", with(|p| p.client_account_ref = " ".into())),
        ("text_too_long", "client_account_ref", with(|p| p.client_account_ref = "x".repeat(201))),
        ("debt_class_missing", "debt_class", with(|p| p.set_debt_class(DebtClass::Unspecified))),
        ("debt_class_missing", "debt_class", with(|p| p.debt_class = 99)),
        ("principal_missing", "liable_parties", with(|p| p.liable_parties.clear())),
        (
            "principal_missing",
            "liable_parties",
            with(|p| p.liable_parties[0].set_role(PartyRole::PersonalGuarantor)),
        ),
        (
            "debtor_kind_missing",
            "liable_parties[0].debtor_kind",
            with(|p| {
                p.liable_parties[0].debtor_kind = 0;
            }),
        ),
        (
            "too_many",
            "liable_parties",
            with(|p| {
                p.liable_parties = vec![p.liable_parties[0].clone(); 21];
            }),
        ),
        (
            "text_too_long",
            "liable_parties[0].name",
            with(|p| p.liable_parties[0].name = "x".repeat(1024 * 1024)),
        ),
        (
            "text_invalid",
            "liable_parties[0].name",
            with(|p| p.liable_parties[0].name = "a\0b".into()),
        ),
        ("text_too_long", "original_creditor", with(|p| p.original_creditor = "x".repeat(4097))),
    ];
    for (code, field, placement) in cases {
        assert_eq!(wrong(placement), (code.to_owned(), field.to_owned()));
    }
}

#[test]
fn items_must_be_whole_and_sum_to_the_amount() {
    let cases: Vec<(&str, &str, Placement)> = vec![
        ("items_sum", "items", with(|p| p.amount = Some(usd("100.01")))),
        ("item_number_missing", "items[1].number", with_item(|i| i.number = String::new())),
        ("item_number_duplicate", "items[1].number", with_item(|i| i.number = "I-1".into())),
        ("item_kind_missing", "items[1].kind", with_item(|i| i.kind = 0)),
        ("item_amount_missing", "items[1].open_amount", with_item(|i| i.open_amount = None)),
        (
            "item_amount_sign",
            "items[1].open_amount",
            with_item(|i| i.open_amount = Some(usd("-1.00"))),
        ),
        (
            "currency_differs",
            "items[1].original_amount",
            with_item(|i| {
                i.original_amount = Some(WireMoney { minor: 1, currency: "EUR".into() });
            }),
        ),
        (
            "date_invalid",
            "items[1].due_date",
            with_item(|i| {
                i.due_date = Some(WireDate { year: 2025, month: 2, day: 30 });
            }),
        ),
        (
            "date_in_future",
            "items[1].item_date",
            with_item(|i| i.item_date = Some(day("2026-01-06"))),
        ),
        (
            "text_too_long",
            "items[1].purchase_order",
            with_item(|i| {
                i.purchase_order = "x".repeat(5000);
            }),
        ),
    ];
    for (code, field, placement) in cases {
        assert_eq!(wrong(placement), (code.to_owned(), field.to_owned()));
    }
}

#[test]
fn an_invoice_may_fall_due_later_and_a_credit_reduces_the_claim() {
    let later = with_item(|i| i.due_date = Some(day("2026-03-01")));
    assert!(read(later).claim.is_ok());
    let credit = placement("A-1")
        .invoice("I-1", "60.00", "2025-10-01")
        .credit("C-1", "-12.00", "2025-10-01")
        .build();
    assert_eq!(read(credit).claim.unwrap().amount.minor(), 4_800);
}

#[test]
fn a_bad_national_id_or_birth_date_is_refused_without_its_value() {
    let person = |national_id: &str, birth_date: &str| {
        consumer("A-1").national_id(national_id).birth_date(birth_date).build()
    };
    let (id, birth) = ("liable_parties[0].national_id", "liable_parties[0].birth_date");
    for (code, field, placement, value) in [
        ("national_id_invalid", id, person("219-09-999x", ""), "219"),
        ("national_id_invalid", id, person("000-12-3456", ""), "3456"),
        ("birth_date_invalid", birth, person(SSN, "1980-02-31"), "1980"),
        ("birth_date_invalid", birth, person(SSN, "2026-01-06"), "2026"),
        ("birth_date_invalid", birth, person(SSN, "219-09-9999"), "219"),
    ] {
        let problems = read(placement).claim.unwrap_err();
        assert_eq!((problems[0].code.as_ref(), problems[0].field.as_str()), (code, field));
        assert!(!format!("{problems:?}").contains(value), "{problems:?}");
    }
    let business = placement("A-1").national_id("12-34567").build();
    assert_eq!(wrong(business), ("national_id_invalid".into(), id.into()));
}

#[test]
fn national_ids_are_sealed_by_what_they_are() {
    let sealer = sealer();
    let sealed = |placement: Placement| {
        let claim = read(placement).claim.unwrap();
        let party = &claim.parties[0];
        (party.national_id.clone().unwrap(), party.birth_date.clone())
    };
    let (ssn, birth_date) =
        sealed(consumer("A-1").national_id(SSN).birth_date("1980-02-29").build());
    assert_eq!(sealer.open("ssn", &ssn).unwrap().expose(), "219099999");
    assert_eq!(sealer.open("birth_date", &birth_date.unwrap()).unwrap().expose(), "1980-02-29");
    let (ein, _) = sealed(placement("A-1").national_id("12-3456789").build());
    assert_eq!(sealer.open("ein", &ein).unwrap().expose(), "123456789");
    let claim = read(consumer("A-1").national_id(SSN).build()).claim.unwrap();
    let shown = format!("{claim:?}");
    assert!(!shown.contains(SSN) && !shown.contains("219099999"));
}

#[test]
fn what_cannot_be_used_is_left_out_with_a_warning() {
    let party = |change: fn(&mut duly_proto::intake::v1::LiableParty)| {
        placement("A-1").principal(change).build()
    };
    let warned = |code: &str, leaf: &str| vec![(code.into(), format!("liable_parties[0].{leaf}"))];
    let phones = party(|p| p.phones = vec!["call me".into(), "(617) 555-0123".into(), " ".into()]);
    assert_eq!(warnings(phones.clone()), warned("phone_unusable", "phones"));
    let kept = &read(phones).claim.unwrap().parties[0].phones;
    assert_eq!(kept.iter().map(duly_domain::Phone::as_str).collect::<Vec<_>>(), ["+16175550123"]);
    let mail = party(|p| p.emails = vec!["nobody".into(), "a@example.com".into()]);
    assert_eq!(warnings(mail), warned("email_unusable", "emails"));
    let address = party(|p| p.address.as_mut().unwrap().postal_code = "4540".into());
    assert_eq!(warnings(address), warned("address_unusable", "address"));
    let none = party(|p| p.address = Some(common::Address::default()));
    assert_eq!(warnings(none), vec![]);
    let mut contact = good();
    contact.contact_persons =
        vec![ContactPerson { name: "Pat".into(), phone: "x".into(), ..ContactPerson::default() }];
    let expected = vec![("phone_unusable".into(), "contact_persons[0].phone".into())];
    assert_eq!(warnings(contact), expected);
}

#[test]
fn known_facts_name_a_party_and_the_past() {
    let fact = |change: fn(&mut KnownFact)| {
        let mut fact = KnownFact { party_index: Some(0), ..KnownFact::default() };
        fact.set_kind(KnownFactKind::Attorney);
        change(&mut fact);
        with(|p| p.known_facts = vec![fact])
    };
    assert!(read(fact(|f| f.detail = "line\nline".into())).claim.is_ok());
    let at = |leaf: &str| format!("known_facts[0].{leaf}");
    assert_eq!(wrong(fact(|f| f.kind = 0)), ("fact_kind_missing".into(), at("kind")));
    for outside in
        [|f: &mut KnownFact| f.party_index = Some(1), |f: &mut KnownFact| f.party_index = Some(-1)]
    {
        assert_eq!(wrong(fact(outside)), ("party_index_invalid".into(), at("party_index")));
    }
    let future = fact(|f| f.since = Some(day("2026-01-06")));
    assert_eq!(wrong(future), ("date_in_future".into(), at("since")));
}

#[test]
fn a_free_demand_is_for_commercial_debts() {
    let free = |mut placement: Placement| {
        placement.set_service_kind(ServiceKind::FreeDemand);
        placement
    };
    assert!(read(free(good())).claim.is_ok());
    let code = wrong(free(consumer("A-1").build())).0;
    assert_eq!(code, "free_demand_consumer");
}

#[test]
fn without_a_policy_in_force_nothing_is_placed() {
    let terms = Terms { policy_in_force: false, ..terms() };
    let problems = read_record(&record(good()), &terms, &sealer()).claim.unwrap_err();
    assert_eq!(problems[0].code, "no_policy");
}

#[test]
fn every_problem_of_a_record_is_found() {
    let record = read(with(|p| {
        p.amount = None;
        p.debt_class = 0;
        p.liable_parties[0].name.clear();
    }));
    let codes: Vec<String> = record.claim.unwrap_err().iter().map(|p| p.code.to_string()).collect();
    assert_eq!(codes, ["debt_class_missing", "amount_missing", "name_missing"]);
}

#[test]
fn a_rejected_amount_counts_in_the_control_sum_where_it_can_be_read() {
    assert_eq!(read(with(|p| p.debt_class = 0)).amount_minor, Some(10_000));
    let euro = with(|p| p.amount = Some(WireMoney { minor: 5, currency: "EUR".into() }));
    assert_eq!(read(euro).amount_minor, None);
    assert_eq!(read(with(|p| p.amount = Some(usd("-3.00")))).amount_minor, Some(-300));
}

#[test]
fn an_unreadable_record_keeps_the_reader_s_words_within_limits() {
    let unreadable = |code: &str, reason: &str| {
        let unreadable = UnreadableRecord {
            client_account_ref: "A-9".into(),
            code: code.into(),
            field: "amount".into(),
            reason: reason.into(),
        };
        let record = Some(placement_record::Record::Unreadable(unreadable));
        let record = PlacementRecord { line: 3, record };
        let read = read_record(&record, &terms(), &sealer());
        assert_eq!(read.reference, "A-9");
        read.claim.unwrap_err().remove(0)
    };
    let kept = unreadable("amount_malformed", "is no amount");
    assert_eq!((kept.code.as_ref(), kept.reason.as_str()), ("amount_malformed", "is no amount"));
    let bent = unreadable("Amount Malformed!", &"x".repeat(10_000));
    assert_eq!((bent.code.as_ref(), bent.reason.len()), ("unreadable", 200));
    let empty = read_record(&PlacementRecord::default(), &terms(), &sealer());
    assert_eq!(empty.claim.unwrap_err()[0].code, "record_empty");
}
