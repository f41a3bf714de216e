//! The golden decisions replay byte for byte. One that no longer does means that a released rule was
//! changed: make a new version of it instead.

use duly_domain::{Instant, StopKind};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{ReplayError, Snapshot, replay};
use crate::evaluation::Explanation;
use crate::facts::{Dispute, DisputeExtent, DisputeForm};
use crate::medium::Medium;
use crate::proposed::{Proposed, Purpose, Recipient};
use crate::testing::{Scene, id, ny, zones};

#[derive(Serialize, Deserialize)]
struct Golden {
    snapshot: Snapshot,
    decision: Explanation,
}

fn taken(scene: &Scene, at: Instant) -> Golden {
    let evaluation = scene.evaluate(at);
    Golden {
        snapshot: Snapshot::of(&scene.facts, &scene.proposed, &evaluation, at),
        decision: evaluation.explain(at),
    }
}

/// A scene with something of everything, of which a decision reads little.
fn busy() -> Scene {
    let mut scene = Scene::consumer()
        .and_account(2, 2)
        .in_zones(zones(&["America/New_York"]), zones(&["America/Chicago", "America/Denver"]))
        .called(1, ny("2026-02-01T10:00"))
        .spoke(2, ny("2026-06-15T10:00"))
        .stopped(StopKind::Cease, 2, ny("2026-05-01T09:00"))
        .stopped(StopKind::Military, 2, ny("2026-05-01T09:00"))
        .inbound(Medium::Email, ny("2026-06-10T10:00"));
    for day in 10..=16 {
        scene = scene.called(1, ny(&format!("2026-06-{day}T18:00")));
    }
    scene.facts.stops[1].until = Some(ny("2026-05-20T09:00"));
    scene.facts.disputes.push(Dispute {
        id: id(1),
        account: id(2),
        extent: DisputeExtent::Whole,
        form: DisputeForm::TimelyWritten,
        from: ny("2026-06-01T09:00"),
        until: None,
    });
    scene
}

fn goldens() -> Vec<(&'static str, Golden)> {
    let commercial = Scene::business().by(Medium::Mail);
    let stopped = Scene::guarantor()
        .stopped(StopKind::Bankruptcy, 1, ny("2026-06-01T09:00"))
        .stopped(StopKind::OptOut, 1, ny("2026-06-02T09:00"));
    vec![
        ("letter_allowed", taken(&commercial, ny("2026-06-16T16:00"))),
        ("call_deferred", taken(&busy(), ny("2026-06-16T22:00"))),
        ("other_account_refused", taken(&busy().about(2, 2), ny("2026-06-16T12:00"))),
        ("guarantor_refused", taken(&stopped, ny("2026-06-16T12:00"))),
    ]
}

fn golden(name: &str) -> &'static str {
    match name {
        "letter_allowed" => include_str!("golden/letter_allowed.json"),
        "call_deferred" => include_str!("golden/call_deferred.json"),
        "other_account_refused" => include_str!("golden/other_account_refused.json"),
        "guarantor_refused" => include_str!("golden/guarantor_refused.json"),
        _ => panic!("no golden decision {name}"),
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

#[test]
fn the_golden_decisions_replay_byte_for_byte() {
    for (name, _) in goldens() {
        let kept: Golden = serde_json::from_str(golden(name)).unwrap();
        let again = replay(&kept.snapshot).unwrap();
        assert_eq!(text(&again), text(&kept.decision), "{name}");
        assert_eq!(text(&kept), golden(name).trim_end(), "{name}: the form itself");
    }
}

#[test]
fn a_replay_of_a_stored_snapshot_is_the_decision() {
    for (name, taken) in goldens() {
        let stored = serde_json::to_string(&taken.snapshot).unwrap();
        let read: Snapshot = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, taken.snapshot, "{name}");
        assert_eq!(replay(&read).unwrap(), taken.decision, "{name}");
    }
}

#[test]
fn a_snapshot_keeps_only_what_a_rule_reads() {
    let kept = taken(&busy(), ny("2026-06-16T22:00")).snapshot.facts;
    assert_eq!(kept.accounts.len(), 1);
    assert_eq!(
        kept.attempts.len(),
        8,
        "not the one of February, but those about the other account"
    );
    assert_eq!(kept.stops.len(), 1, "not the one lifted in May");
    assert!(kept.disputes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Of facts of every kind: what a rule reads is kept, whichever rule.
    #[test]
    fn what_a_decision_reads_is_kept(
        facts in crate::duties::tests::properties::facts(),
        at in crate::duties::tests::properties::moment(),
        medium in prop::sample::select(Medium::ALL.as_slice()),
        account in 1..3u32,
        purpose in prop::sample::select(vec![
            Purpose::Collect,
            Purpose::ValidationNotice,
            Purpose::OptOutConfirmation,
            Purpose::Location,
        ]),
        recipient in prop::sample::select(vec![
            Recipient::Debtor,
            Recipient::ThirdParty,
            Recipient::DebtorsAttorney,
        ]),
        point in 1..4u32,
    ) {
        let proposed = Proposed {
            recipient,
            ..Proposed::collect(id(1), id(account), medium, Some(id(point))).with_purpose(purpose)
        };
        let evaluation = crate::evaluate(&facts, &proposed, crate::Span::days(at, 2));
        let snapshot = Snapshot::of(&facts, &proposed, &evaluation, at);
        prop_assert_eq!(replay(&snapshot).unwrap(), evaluation.explain(at));
        crate::golden::offer(&facts, &proposed, &evaluation, at);
    }
}

#[test]
fn an_unknown_pack_is_an_error() {
    let (_, taken) = goldens().remove(0);
    let mut snapshot = taken.snapshot;
    snapshot.rule_packs[0] = "federal@99".to_owned();
    let error = replay(&snapshot).unwrap_err();
    assert_eq!(error, ReplayError::UnknownPack("federal@99".to_owned()));
    assert_eq!(error.to_string(), "rule pack federal@99 is not known to this version");
}
