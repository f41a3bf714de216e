//! Letters as they come out: their bytes, their pages, and what a reader of the PDF reads.

mod samples;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use duly_typeset::{Engine, TEMPLATES, Typeset, TypesetError};
use serde_json::{Value, json};

fn typeset(template: &str, data: &Value) -> Typeset {
    Engine::new().typeset(template, data).unwrap_or_else(|error| panic!("{error}"))
}

/// What a program of poppler says of a PDF; nothing where poppler is not installed.
fn poppler(program: &str, options: &[&str], pdf: &[u8]) -> Option<String> {
    let child = Command::new(program)
        .args(options)
        .arg("-")
        .args((program == "pdftotext").then_some("-"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("{program} is not installed; the text of the PDF is not looked at");
        return None;
    };
    child.stdin.take().expect("its input is piped").write_all(pdf).expect("it reads its input");
    let output = child.wait_with_output().expect("it ends");
    Some(String::from_utf8(output.stdout).expect("it writes UTF-8"))
}

/// The words of a PDF with single spaces: where lines break does not matter.
fn words(pdf: &[u8]) -> Option<String> {
    let text = poppler("pdftotext", &["-layout"], pdf)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The same in the order of the document, as a screen reader goes.
fn words_in_order(pdf: &[u8]) -> Option<String> {
    let text = poppler("pdftotext", &["-raw"], pdf)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn equal_data_gives_equal_bytes() {
    for (template, data) in
        [("validation_notice", samples::notice()), ("commercial_demand", samples::demand(12, true))]
    {
        let first = typeset(template, &data);
        assert_eq!(first, typeset(template, &data), "{template}");
        let mut other = data;
        other["balance"] = json!("$1.00");
        assert_ne!(first.pdf, typeset(template, &other).pdf, "{template}");
    }
}

#[test]
fn a_letter_can_be_read_aloud_and_is_dated_by_its_data() {
    let made = typeset("validation_notice", &samples::notice());
    let Some(info) = poppler("pdfinfo", &["-isodates"], &made.pdf) else { return };
    let fact = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    assert_eq!(fact("Tagged").as_deref(), Some("yes"));
    assert_eq!(fact("Title").as_deref(), Some("Validation notice, reference LAKESIDE / C-20417"));
    assert!(fact("CreationDate").is_some_and(|date| date.starts_with("2026-01-06")), "{info}");
    assert!(fact("Page size").is_some_and(|size| size.contains("letter")), "{info}");
    let metadata = poppler("pdfinfo", &["-meta"], &made.pdf).unwrap_or_default();
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
}

/// The lines of model form B-1, appendix B to 12 CFR part 1006, as far as they are required.
const MODEL_FORM: &[&str] = &[
    "is a debt collector.",
    "We are trying to collect a debt that you owe to Lakeside Furniture LLC. We will use any \
     information you give us to help collect the debt.",
    "Our information shows:",
    "You had an account from Lakeside Furniture LLC with account number C-20417.",
    "As of October 1, 2025, you owed:",
    "$1,284.50",
    "Between October 1, 2025 and today:",
    "You were charged this amount in interest:",
    "You were charged this amount in fees:",
    "You paid or were credited this amount toward the debt:",
    "Total amount of the debt now:",
    "$1,159.50",
    "How can you dispute the debt?",
    "Call or write to us by February 13, 2026, to dispute all or part of the debt. If you do not, we \
     will assume that our information is correct.",
    "If you write to us by February 13, 2026, we must stop collection on any amount you dispute until \
     we send you information that shows you owe the debt. You may use the form below or write to us \
     without the form. You may also include supporting documents.",
    "What else can you do?",
    "Write to ask for the name and address of the original creditor, if different from the current \
     creditor. If you write by February 13, 2026, we must stop collection until we send you that \
     information.",
    "Go to www.cfpb.gov/debt-collection to learn more about your rights under federal law. For \
     instance, you have the right to stop or limit how we contact you.",
    "Contact us about your payment options.",
    "Mail this form to:",
    "How do you want to respond?",
    "Check all that apply:",
    "I want to dispute the debt because I think:",
    "This is not my debt.",
    "The amount is wrong.",
    "Other (please describe on reverse or attach additional information).",
    "I want you to send me the name and address of the original creditor.",
    "I enclosed this amount: $",
];

#[test]
fn a_notice_is_one_page_in_the_words_and_order_of_the_model_form() {
    let made = typeset("validation_notice", &samples::notice());
    assert_eq!((made.pages, made.template_version), (1, 1));
    let Some(text) = words_in_order(&made.pdf) else { return };
    let mut rest = text.as_str();
    for line in MODEL_FORM {
        let at = rest.find(line);
        let at = at.unwrap_or_else(|| panic!("missing or out of order: {line}\nin: {text}"));
        rest = &rest[at + line.len()..];
    }
    // Once as the addressee, once in the form.
    assert_eq!(text.matches("27 Elm Court, Apt 4B").count(), 2);
    assert_eq!(text.matches("410 Commerce Street").count(), 2);
}

#[test]
fn a_notice_with_the_longest_names_takes_two_pages_at_most() {
    let mut data = samples::notice();
    let long = "The Extraordinarily Long Named Furniture and Home Appliance Company of Greater \
                Northeastern Ohio and Western Pennsylvania, Limited Liability Partnership";
    for field in ["creditor", "original_creditor"] {
        data[field] = json!(long);
    }
    data["agency"]["name"] = json!(long);
    data["recipient"]["name"] = json!(long);
    let lines = ["Attention: Household Accounts", "Building Four, Third Floor", "Rear Entrance"];
    data["recipient"]["address"] =
        lines.iter().chain(&["27 Elm Court", "Dayton, OH 45402"]).copied().collect();
    assert!(typeset("validation_notice", &data).pages <= 2);
}

#[test]
fn a_short_schedule_stays_whole_and_adds_up() {
    let made = typeset("commercial_demand", &samples::demand(3, false));
    assert_eq!(made.pages, 2);
    let Some(text) = words(&made.pdf) else { return };
    for line in [
        "Demand for payment of $12,482.17",
        "Our reference ACME-OH / A-1001",
        "reaches us by January 16, 2026",
        "Payable to Harbor Point Recovery, Inc.",
        "Payments and corrections since placement −$1,000.00",
        "Balance due $12,482.17",
        "1 Invoice 19300001 PO-4000 09/02/2025 10/02/2025 $101.01",
        "Page 2 of 2",
    ] {
        assert!(text.contains(line), "missing: {line}\nin: {text}");
    }
}

#[test]
fn a_guarantor_reads_for_whose_debt_it_answers() {
    let made = typeset("commercial_demand", &samples::demand(0, true));
    assert_eq!(made.pages, 1);
    let Some(text) = words(&made.pdf) else { return };
    assert!(text.contains("Dear Pat Winters:"), "{text}");
    assert!(text.contains("you answer for this debt as personal guarantor"), "{text}");
    assert!(!text.contains("Schedule of open items"), "{text}");
}

#[test]
fn thousands_of_invoices_fill_as_many_pages_as_they_need_under_one_header() {
    let made = typeset("commercial_demand", &samples::demand(2_459, false));
    assert!((45..=60).contains(&made.pages), "{} pages", made.pages);
    let Some(text) = words(&made.pdf) else { return };
    let schedule_pages = usize::try_from(made.pages).unwrap() - 1;
    assert_eq!(
        text.matches("Document Purchase order Dated Due Open amount").count(),
        schedule_pages
    );
    assert!(text.contains("2459 Invoice 19302459"), "the last row is there");
    assert!(text.contains("2450 Credit memo 9450 PO-4816 09/02/2025 10/02/2025 −$84.10"));
    assert!(text.contains(&format!("Page {0} of {0}", made.pages)));
}

#[test]
fn data_that_a_template_cannot_show_is_refused_without_its_values() {
    let engine = Engine::new();
    let refused = |template: &str, data: &Value| engine.typeset(template, data).unwrap_err();
    assert!(matches!(refused("final_demand", &samples::notice()), TypesetError::UnknownTemplate));
    let mut data = samples::notice();
    data["date"] = json!("January 6");
    assert!(matches!(refused("validation_notice", &data), TypesetError::NoDate));
    let data = samples::demand(1, false);
    assert!(matches!(refused("validation_notice", &data), TypesetError::Template { .. }));
    let mut data = samples::notice();
    data["recipient"]["name"] = json!("Robin \u{1f984} Sample");
    let error = refused("validation_notice", &data);
    assert!(matches!(error, TypesetError::Pdf { .. }), "{error}");
    assert!(!error.to_string().contains("Robin"), "{error}");
}

#[test]
fn what_looks_like_markup_is_text() {
    let mut data = samples::notice();
    data["recipient"]["name"] = json!("#panic() $x$ *bold* \\ [Sample] <a@b>");
    let made = typeset("validation_notice", &data);
    let Some(text) = words(&made.pdf) else { return };
    assert!(text.contains("#panic() $x$ *bold* \\ [Sample] <a@b>"), "{text}");
}

#[test]
fn every_template_has_a_name_and_a_version() {
    let names: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
    assert_eq!(names, ["validation_notice", "commercial_demand"]);
    assert!(TEMPLATES.iter().all(|template| template.version >= 1));
}
