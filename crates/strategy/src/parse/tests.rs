use super::*;
use crate::built_in::BUILT_IN;

/// A small document, changed in one place.
const SMALL: &str = "
strategy: small
for: { debt_class: commercial }
roles: { principal: { after_days: 0 } }
steps:
  - id: demand
    do: { letter: { template: commercial_demand, channel: mail } }
  - id: rest
    do: { wait: { days: 7 } }
  - id: calls
    when: { has_point: phone }
    do: { call: { tries: 3, every_days: 3 } }
  - id: close
    do: { propose_close: { code: UNC } }
";

fn refused(from: &str, to: &str) -> DocumentError {
    let changed = SMALL.replacen(from, to, 1);
    assert_ne!(changed, SMALL, "the case changes nothing: {from}");
    match Document::parse(&changed) {
        Ok(_) => panic!("taken: {changed}"),
        Err(error) => error,
    }
}

#[test]
fn a_small_document_is_read() {
    let document = Document::parse(SMALL).unwrap();
    assert_eq!((document.name.as_str(), document.at_most_days), ("small", 365));
    let ids: Vec<&str> = document.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["demand", "rest", "calls", "close"]);
    let next: Vec<Option<usize>> = document.steps.iter().map(|step| step.then).collect();
    assert_eq!(next, [Some(1), Some(2), Some(3), None]);
    assert_eq!(document.steps[2].tries(), 3);
    assert_eq!(document.steps[0].start_within_days, LETTER_WITHIN_DAYS);
    assert!(document.fits.takes(DebtClass::Commercial, ServiceKind::Legal));
    assert!(!document.fits.takes(DebtClass::Consumer, ServiceKind::Contingency));
}

#[test]
fn the_built_in_documents_are_checked_and_named_as_they_say() {
    for built_in in BUILT_IN {
        let document = Document::parse(built_in.document).unwrap();
        assert_eq!(document.name, built_in.name);
        assert!(!document.summary.is_empty() && document.broken_promise.is_some());
        assert!(document.fits.takes(document.fits.debt_class, ServiceKind::Contingency));
        assert!(!document.fits.takes(document.fits.debt_class, ServiceKind::EarlyOut));
    }
}

#[test]
fn what_is_wrong_is_named_with_its_key_and_its_remedy() {
    for (from, to, key, remedy) in [
        ("strategy: small", "strategy: Small One", "strategy", "lower-case letters"),
        ("strategy: small", "strategy: ''", "strategy", "lower-case letters"),
        ("principal: {", "co_debtor: {", "roles", "lacks `principal`"),
        ("after_days: 0", "after_days: 181", "roles.principal.after_days", "expected 0 to 180"),
        ("id: rest", "id: demand", "steps.demand", "two steps"),
        ("id: rest", "id: re st", "steps.id", "lower-case letters"),
        ("days: 7", "days: 0", "steps.rest.do.wait.days", "expected 1 to 365"),
        ("{ days: 7 }", "{}", "steps.rest.do.wait", "either days or until"),
        (
            "{ days: 7 }",
            "{ days: 7, until: validation_period_end }",
            "steps.rest.do.wait",
            "either days or until",
        ),
        ("tries: 3", "tries: 11", "steps.calls.do.call.tries", "expected 1 to 10"),
        ("every_days: 3", "every_days: 0", "steps.calls.do.call.every_days", "expected 1 to 30"),
        ("channel: mail", "channel: text", "steps.demand.do.letter.channel", "mail or email"),
        (
            "commercial_demand",
            "validation_notice",
            "steps.demand.do.letter.template",
            "for consumer claims",
        ),
        ("{ has_point: phone }", "{}", "steps.calls.when", "expected balance_at_least"),
        (
            "{ has_point: phone }",
            "{ balance_at_least: 250.00 }",
            "steps.calls.when.balance_at_least",
            "`250.00 USD`",
        ),
        (
            "{ has_point: phone }",
            "{ balance_at_least: 250.005 USD }",
            "steps.calls.when.balance_at_least",
            "decimals",
        ),
        (
            "days: 7 } }",
            "days: 7 } }\n    then: nowhere",
            "steps.rest.then",
            "expected one of calls",
        ),
        (
            "days: 7 } }",
            "days: 7 } }\n    on: { reached: close }",
            "steps.rest.on.reached",
            "answers no treatment",
        ),
        (
            "every_days: 3 } }",
            "every_days: 3 } }\n    on: { mailed: close }",
            "steps.calls.on.mailed",
            "expected one of reached, not_reached",
        ),
        (
            "every_days: 3 } }",
            "every_days: 3 } }\n    on: { reached: shut }",
            "steps.calls.on.reached",
            "shut is no step",
        ),
        (
            "days: 7 } }",
            "days: 7 } }\n    otherwise: close",
            "steps.rest.otherwise",
            "give the step a `when`",
        ),
        (
            "days: 7 } }",
            "days: 7 } }\n    start_within_days: 3",
            "steps.rest.start_within_days",
            "for treatments only",
        ),
        ("code: UNC } }", "code: UNC } }\n    then: rest", "steps.close.then", "remove it"),
        (
            "code: UNC } }",
            "code: UNC } }\n    when: { has_point: email }",
            "steps.close.when",
            "remove it",
        ),
        (
            "do: { propose_close: { code: UNC } }",
            "do: { task: { text: '' } }\n    then: rest",
            "steps.close.do.task.text",
            "say what a person shall do",
        ),
        ("broken_promise", "", "", ""),
    ]
    .into_iter()
    .filter(|(from, ..)| *from != "broken_promise")
    {
        let error = refused(from, to);
        assert_eq!(error.key, key, "{error}");
        assert!(error.reason.contains(remedy), "{error}");
    }
}

#[test]
fn unknown_words_are_answered_with_those_that_there_are() {
    for (from, to, known) in [
        ("strategy: small", "strategy: small\nversion: 2", "version"),
        ("days: 7 }", "weeks: 1 }", "weeks"),
        ("commercial_demand", "birthday_card", "commercial_demand"),
        ("has_point: phone", "has_point: fax", "phone"),
        ("debt_class: commercial", "debt_class: private", "consumer, commercial"),
        ("code: UNC", "code: FIN", "UNC"),
        ("principal: {", "uncle: {", "principal"),
        ("every_days: 3 } }", "every_days: 3 } }\n    on: { delighted: close }", "not_reached"),
        ("do: { wait: { days: 7 } }", "do: { dance: { days: 7 } }", "propose_close"),
        ("do: { wait: { days: 7 } }", "", "do"),
    ] {
        let error = refused(from, to);
        assert_eq!(error.key, "document");
        assert!(error.reason.contains(known), "{error}");
    }
}

#[test]
fn a_way_that_leads_nowhere_or_spins_is_refused() {
    for (from, to, key, remedy) in [
        // Passed over by everything.
        ("days: 7 } }", "days: 7 } }\n    then: close", "steps.calls", "reached by no way"),
        // The last step goes on to nothing.
        (
            "do: { propose_close: { code: UNC } }",
            "do: { wait: { days: 3 } }",
            "steps.close.then",
            "missing on the last step",
        ),
        // Round and round, and no end at all.
        (
            "do: { propose_close: { code: UNC } }",
            "do: { wait: { days: 3 } }\n    then: demand",
            "steps",
            "have no end",
        ),
        // A round without a rest: letter, letter, letter ..
        (
            "channel: mail } }",
            "channel: mail } }\n    on: { expired: demand }",
            "steps.demand",
            "without a `wait` of days",
        ),
        // A rest that is passed over is no rest.
        (
            "do: { wait: { days: 7 } }",
            "when: { has_point: email }\n    do: { wait: { days: 7 } }\n    otherwise: demand",
            "steps.demand",
            "without a `wait` of days",
        ),
        // Nor is one until a day that may have passed.
        (
            "do: { wait: { days: 7 } }",
            "do: { wait: { until: validation_period_end } }\n    then: demand",
            "steps.calls",
            "reached by no way",
        ),
    ] {
        let error = refused(from, to);
        assert_eq!(error.key, key, "{error}");
        assert!(error.reason.contains(remedy), "{error}");
    }
}

#[test]
fn a_round_with_a_rest_is_taken() {
    let round =
        SMALL.replace("every_days: 3 } }", "every_days: 3 } }\n    on: { not_reached: rest }");
    assert!(Document::parse(&round).is_ok(), "{:?}", Document::parse(&round));
    let island = SMALL.replace(
        "  - id: close",
        "  - id: close2\n    do: { wait: { days: 1 } }\n    then: close2\n  - id: close",
    );
    let error = Document::parse(&island).unwrap_err();
    assert_eq!(error.key, "steps.close", "the round is never left: {error}");
}

#[test]
fn a_document_too_long_to_be_one_is_refused_before_it_is_read() {
    let error = Document::parse(&"#".repeat(BYTES_MAX + 1)).unwrap_err();
    assert_eq!(error.key, "document");
}
