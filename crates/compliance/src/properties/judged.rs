//! Which rules the oracle judges: all that block, but for what is listed with its reason.

use std::collections::BTreeSet;

/// Every rule that blocks, each of which the oracle judges and the scenes meet.
pub const JUDGED: &[&str] = &[
    "account_standing",
    "agency_hours",
    "attorney",
    "bankruptcy",
    "call_frequency",
    "cease",
    "client_question",
    "codebtor_stay",
    "complaint",
    "conversation",
    "count_person",
    "covered_commercial_debt",
    "cumulative",
    "deceased",
    "disclosure_address",
    "discharge",
    "dispute",
    "email_path",
    "employer_email",
    "employer_forbids",
    "esign",
    "inconvenient_place",
    "inconvenient_time",
    "licence",
    "limit_calls",
    "limit_medium",
    "local_hours",
    "location_counsel",
    "location_once",
    "military",
    "opt_out",
    "opt_out_confirmation",
    "original_creditor",
    "regulator_letter",
    "scra_rate",
    "social_public",
    "state_attorney",
    "state_consent",
    "state_conversation",
    "state_dispute",
    "state_email",
    "state_employer",
    "state_frequency",
    "state_hours",
    "state_household",
    "state_medical_notice",
    "state_third_parties",
    "state_time_barred",
    "state_visits",
    "state_window",
    "state_work",
    "tcpa",
    "tcpa_reassigned",
    "tcpa_residential",
    "tcpa_voicemail",
    "text_path",
    "third_party",
    "unread",
    "usable_point",
    "validation_first",
    "validation_hold",
];

/// Rules that block and that the oracle does not judge, and why.
const NOT_JUDGED: &[(&str, &str)] = &[
    ("no_rules", "days before Part 1006, and days for which a pack has no version, are held whole"),
    ("not_evaluated", "an instant outside of the span that was asked about is held"),
];

/// Grounds of what the content must carry, and of warnings. They block nothing, so no decision turns on them.
const BLOCK_NOTHING: &[&str] = &[
    "calls_in_a_day",
    "contacts_in_a_day",
    "disclosure_language",
    "from_debt_collector",
    "limited_content",
    "location",
    "messages_in_a_day",
    "mini_miranda",
    "no_postcard",
    "opt_out_line",
    "plain_envelope",
    "rapid_calls",
    "social_private",
    "state_text",
    "tcpa_identify",
];

/// The rules that the sources name by their grounds, but for those of acts, which are no contact.
fn named() -> BTreeSet<String> {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut left =
        vec![sources.join("rules"), sources.join("packs.rs"), sources.join("evaluation.rs")];
    let mut named = BTreeSet::new();
    while let Some(path) = left.pop() {
        let name = path.file_stem().unwrap().to_owned();
        if name == "tests" || name == "acts" {
            continue;
        }
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for kind in ["Ground::law(", "Ground::policy(", "Ground::unverified("] {
            for after in source.split(kind).skip(1) {
                let first = after.split(',').next().unwrap().trim();
                let rule = match first {
                    "RULE" => source.split("const RULE: &str = ").nth(1).unwrap(),
                    literal => literal,
                };
                named.insert(rule.split('"').nth(1).unwrap().to_owned());
            }
        }
    }
    named
}

#[test]
fn every_rule_that_blocks_is_judged() {
    let not_judged = NOT_JUDGED.iter().map(|(rule, _)| rule);
    let known = JUDGED.iter().chain(not_judged).chain(BLOCK_NOTHING);
    assert_eq!(named(), known.map(ToString::to_string).collect());
}
