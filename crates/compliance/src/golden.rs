//! The golden decisions: what released rules decided, with all that they read, one to a line. Each is taken
//! again and must come out the same, byte for byte. One that does not means that a released rule was
//! changed: make a new version of it instead, as `golden/README.md` says.
//!
//! `DULY_TEST_BLESS=1 cargo test -p duly-compliance` appends, of all that the tests decide, whatever shows
//! something that no line shows yet. It never rewrites a line.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use duly_domain::Instant;
use serde::{Deserialize, Serialize};

use crate::evaluation::{Evaluation, Explanation};
use crate::facts::Facts;
use crate::packs;
use crate::proposed::Proposed;
use crate::snapshot::{Snapshot, replay};
use crate::span::Span;
use crate::testing::{Scene, ny};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/decisions.jsonl");

/// Grounds that stand in no decision about an attempt, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("deposit_early", "of an act: no decision row keeps it"),
    ("deposit_notice", "of an act: no decision row keeps it"),
    ("furnish", "of an act: no decision row keeps it"),
    ("furnish_disputed", "of an act: no decision row keeps it"),
    ("military_status", "of an act: no decision row keeps it"),
    ("transfer", "of an act: no decision row keeps it"),
    ("transfer_identity_theft", "of an act: no decision row keeps it"),
    ("venue", "of an act: no decision row keeps it"),
];

/// A decision, with what it was taken from.
#[derive(Serialize, Deserialize)]
struct Golden {
    snapshot: Snapshot,
    decision: Explanation,
}

impl Golden {
    fn read(line: &str) -> Self {
        serde_json::from_str(line).expect("a golden decision")
    }

    fn line(&self) -> String {
        serde_json::to_string(self).expect("plain data is JSON")
    }

    /// What it is kept for: the reasons, warnings and requirements with the medium that meets them, the
    /// packs, and what came of each purpose.
    fn shows(&self) -> BTreeSet<String> {
        let Self { snapshot: Snapshot { proposed, .. }, decision } = self;
        let medium = proposed.medium;
        let reasons = decision.reasons.iter().map(|reason| {
            format!("{medium} {} {} {:?}", reason.rule, reason.authority, reason.effect)
        });
        let warnings = decision.warnings.iter().map(|warning| format!("warns {}", warning.code));
        let requires = decision.requires.iter().map(|code| format!("{medium} requires {code}"));
        let packs = decision.rule_packs.iter().map(|pack| format!("{pack} {:?}", decision.verdict));
        let purpose = format!("{medium} {:?} {:?}", proposed.purpose, decision.verdict);
        reasons.chain(warnings).chain(requires).chain(packs).chain([purpose]).collect()
    }

    /// The rules by name, those that only asked something of the content too.
    fn rules(&self) -> BTreeSet<String> {
        let Snapshot { facts, proposed, span, rule_packs, .. } = &self.snapshot;
        let named = |pack: &&&packs::Pack| rule_packs.contains(&pack.id.to_string());
        let book: Vec<_> = packs::BOOK.iter().filter(named).copied().collect();
        let evaluation = packs::evaluate_with(&book, facts, proposed, *span);
        let required = evaluation.requires().iter().map(|asked| asked.ground.rule.to_owned());
        let warned = self.decision.warnings.iter().map(|warning| warning.code.to_string());
        let reasons = self.decision.reasons.iter().map(|reason| reason.rule.to_string());
        required.chain(warned).chain(reasons).collect()
    }
}

/// Where the environment asks for it, keeps a decision that shows something new. Called of every scene that
/// the tests of the rules evaluate.
pub fn offer(facts: &Facts, proposed: &Proposed, evaluation: &Evaluation, at: Instant) {
    if std::env::var_os("DULY_TEST_BLESS").is_none() {
        return;
    }
    /// What some line shows.
    static SHOWN: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(|| {
        Mutex::new(lines().iter().flat_map(|line| Golden::read(line).shows()).collect())
    });
    let snapshot = Snapshot::of(facts, proposed, evaluation, at);
    let offered = Golden { snapshot, decision: evaluation.explain(at) };
    let mut shown = SHOWN.lock().unwrap();
    if !offered.shows().is_subset(&shown) {
        let mut file = File::options().append(true).create(true).open(FILE).unwrap();
        file.write_all(format!("{}\n", offered.line()).as_bytes()).unwrap();
        shown.extend(offered.shows());
    }
}

fn lines() -> Vec<String> {
    fs::read_to_string(FILE).unwrap().lines().map(str::to_owned).collect()
}

/// The name of every ground that the rules write, from their own text.
fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if ["tests", "properties", "golden"].contains(&stem) {
            continue;
        }
        if path.is_dir() {
            names(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for made in ["Ground::law(", "Ground::policy(", "Ground::unverified("] {
            let named = |rest: &str| {
                let literal = rest.trim_start().strip_prefix('"')?;
                literal.split_once('"').map(|(name, _)| name.to_owned())
            };
            found.extend(text.split(made).skip(1).filter_map(named));
        }
    }
}

#[test]
fn every_golden_decision_replays_byte_for_byte() {
    let lines = lines();
    assert!(lines.len() >= 150, "{} decisions", lines.len());
    for (n, line) in (1..).zip(&lines) {
        let kept = Golden::read(line);
        let again = replay(&kept.snapshot).unwrap();
        assert_eq!(Golden { decision: again, ..kept }.line(), *line, "line {n}");
    }
}

#[test]
fn what_no_rule_judged_is_held_and_kept() {
    let Scene { facts, proposed, .. } = Scene::consumer();
    let (now, early) = (ny("2026-06-16T12:00"), ny("1975-06-16T12:00"));
    for (rule, span, at) in [
        ("not_evaluated", Span::days(now, 1), now + chrono::Duration::days(2)),
        ("no_rules", Span::days(early, 1), early),
    ] {
        let evaluation = crate::evaluate(&facts, &proposed, span);
        let decision = evaluation.decide(at);
        assert!(decision.is_hold() && decision.reasons.iter().any(|why| why.ground.rule == rule));
        offer(&facts, &proposed, &evaluation, at);
    }
}

#[test]
fn every_rule_and_every_pack_has_a_golden_decision() {
    let goldens: Vec<Golden> = lines().iter().map(|line| Golden::read(line)).collect();
    let shown: BTreeSet<String> = goldens.iter().flat_map(Golden::rules).collect();
    let mut all = BTreeSet::new();
    names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let elsewhere: BTreeSet<String> =
        ELSEWHERE.iter().map(|(name, _)| (*name).to_owned()).collect();
    let wanted: BTreeSet<String> = all.difference(&elsewhere).cloned().collect();
    assert_eq!(wanted.difference(&shown).collect::<Vec<_>>(), Vec::<&String>::new(), "have none");
    assert!(elsewhere.is_subset(&all) && elsewhere.is_disjoint(&shown), "{elsewhere:?}");

    let judged: BTreeSet<&String> = goldens.iter().flat_map(|g| &g.snapshot.rule_packs).collect();
    for pack in packs::BOOK {
        assert!(judged.contains(&pack.id.to_string()), "{} has none", pack.id);
    }
}
