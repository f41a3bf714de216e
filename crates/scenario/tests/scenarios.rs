//! Every scenario of the crate holds, and what is wrong with one is told.

use std::fs;
use std::path::Path;

use duly_scenario::{Checker, Options, Summary, check};

fn run(text: &str) -> (Summary, Vec<serde_json::Value>) {
    let mut out = Vec::new();
    let options = Options { file: "test.yaml".to_owned() };
    let summary = check(text.as_bytes(), &options, &mut out).expect("it writes to memory");
    let lines = String::from_utf8(out).expect("JSON is text");
    (
        summary,
        lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect(),
    )
}

/// Comments of the Official Interpretations and sections of Part 1006, by our own words.
#[test]
fn every_scenario_holds_under_its_citation() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut all = Summary::default();
    let mut wrong = Vec::new();
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "yaml")) {
        let (summary, lines) = run(&fs::read_to_string(file).unwrap());
        all = all.and(summary);
        let bad = lines.into_iter().filter(|line| line["pass"] != true);
        wrong.extend(bad.map(|line| line.to_string()));
        let uncited = fs::read_to_string(file).unwrap();
        let count = |word: &str| uncited.lines().filter(|line| line.starts_with(word)).count();
        assert!(
            count("- id:") <= count("  citation:"),
            "{}: a case without citation",
            file.display()
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.questions >= 500, "{all:?}");
}

#[test]
fn an_unknown_word_is_told_by_its_key_and_the_other_cases_run() {
    let text = "schema: duly-scenario/1
cases:
- id: A
  timeline: [{at: '2026-06-01', event: call_plcaed}]
  questions:
  - {at: '2026-06-02', action: call, expected: allowed}
- id: B
  facts: {debts: [{id: D1, kind: credit_crad}]}
  questions:
  - {at: '2026-06-02', action: call, expected: allowed}
- id: C
  questions:
  - {at: '2026-06-02', action: cal, expected: allowed}
  - {at: '2026-06-02', action: call, expected: maybe}
  - {at: '2026-06-31', action: call}
  - {at: '2026-06-02', dow: Mon, action: call}
  - {at: '2026-06-02', action: call, debts: [D9]}
  - {value: {is_blue: true}}
  - {at: '2026-06-02', action: call, colour: blue}
  - {at: '2026-06-02', action: call, expected: allowed}
- id: D
  facts: {inconvenent: Fridays}
  questions:
  - {at: '2026-06-02', action: call, expected: allowed}
";
    let (summary, lines) = run(text);
    assert_eq!((summary.errors, summary.passed, summary.exit_code()), (10, 1, 2));
    let errors: Vec<String> = lines
        .iter()
        .filter_map(|line| Some(format!("{} {}", line["case"].as_str()?, line["error"].as_str()?)))
        .map(|error| error.split("; the words are").next().unwrap_or_default().to_owned())
        .collect();
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn one_line_per_question_says_all_of_the_decision() {
    let text = "schema: duly-scenario/1
cases:
- id: calls
  citation: 12 CFR 1006, comment 14(b)(2)(ii)-1.ii
  timeline:
  - {at: '2026-08-14', dow: Fri, event: call_placed, result: conversation}
  questions:
  - {at: '2026-08-20T11:00', action: call, question: Too soon?, expected: presumed-violation}
  - {at: '2026-08-21', action: call, expected: presumed-violation}
  - {question: Is it good?}
  - {value: {calls_counted: 1}}
";
    let mut out = Vec::new();
    let options = Options { file: "calls.yaml".to_owned() };
    let summary = check(text.as_bytes(), &options, &mut out).unwrap();
    assert_eq!((summary.passed, summary.failed, summary.not_expressible), (2, 1, 1));
    assert_eq!(summary.exit_code(), 1);
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn files_that_are_no_scenarios_are_errors() {
    for text in [
        "schema: duly-scenario/9\ncases: []\n",
        "schema: duly-scenario/1\ncasez: []\n",
        "cases:\n- {id: A, questions: [{at: '2026-06-02', action: call}]\n",
        "cases:\n- id: A\n  questions:\n  - {at: [}\n",
        "{\"at\": \"2026-06-02\",\n",
    ] {
        let (summary, lines) = run(text);
        assert_eq!(summary.exit_code(), 2, "{text}: {lines:?}");
    }
    assert_eq!(run("").0, Summary::default());
}

#[test]
fn questions_of_one_file_are_asked_of_the_case_of_another() {
    let facts = "facts: {inconvenient: Fridays}\n";
    let questions = "{\"at\": \"2026-06-19\", \"action\": \"call\", \"expected\": \"prohibited\"}\n\
                     {\"at\": \"2026-06-18\", \"action\": \"call\", \"expected\": \"allowed\"}\n";
    let mut checker = Checker::default();
    let mut out = Vec::new();
    for text in [facts, questions] {
        checker.file(text.as_bytes(), &Options::default(), &mut out).unwrap();
    }
    assert_eq!(checker.summary().passed, 2, "{}", String::from_utf8(out).unwrap());
}
