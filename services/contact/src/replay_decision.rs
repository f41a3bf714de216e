//! Decisions taken again, from the facts and under the rule packs that each kept: what the guard says now
//! must be the bytes that it said then.

use chrono::{DateTime, Utc};
use duly_compliance::{Snapshot, replay};
use duly_domain::DecisionId;
use duly_platform::{Page, Tx};
use duly_proto::{contact::v1 as wire, convert};
use serde_json::{Map, Value};

use crate::{
    error::{ContactError, Result},
    look_up::key,
    store::decision::{self, Kept},
    wire as to_wire,
};

/// The decision that a request names.
pub(crate) fn decision_id(id: &str) -> Result<DecisionId> {
    Ok(convert::id("decision_id", id)?)
}

/// Takes one again.
pub(crate) async fn replay_decision(
    tx: &mut Tx,
    id: &DecisionId,
) -> Result<wire::ReplayDecisionResponse> {
    let kept = decision::kept(tx.conn(), id.uuid()).await?;
    let kept = kept.ok_or_else(|| ContactError::unknown("decision", *id))?;
    Ok(wire::ReplayDecisionResponse { replay: Some(again(&kept)) })
}

/// Decisions to take again.
pub(crate) struct ReplayDecisions {
    since: Option<DateTime<Utc>>,
    page: Page,
}

impl TryFrom<wire::ReplayDecisionsRequest> for ReplayDecisions {
    type Error = ContactError;

    fn try_from(request: wire::ReplayDecisionsRequest) -> Result<Self> {
        let since = request.since.as_ref();
        let since = since.map(|at| convert::instant("since", Some(at))).transpose()?;
        Ok(Self { since, page: Page::of(request.page.as_ref())? })
    }
}

/// Takes a page of them again.
pub(crate) async fn replay_decisions(
    tx: &mut Tx,
    query: &ReplayDecisions,
) -> Result<wire::ReplayDecisionsResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = decision::kept_page(tx.conn(), query.since, after, limit).await?;
    let info = query.page.cut(&mut rows, |row| key(row.id));
    let differing = rows.iter().map(again).filter(|replay| !replay.same).collect();
    Ok(wire::ReplayDecisionsResponse {
        replayed: i32::try_from(rows.len()).unwrap_or(i32::MAX),
        differing,
        page: Some(info),
    })
}

fn again(kept: &Kept) -> wire::Replay {
    let mut answer = wire::Replay {
        decision_id: DecisionId::from_uuid(kept.id).to_string(),
        decided_at: Some(convert::timestamp(kept.decided_at)),
        rule_packs: kept.rule_packs.clone(),
        ..wire::Replay::default()
    };
    match said_now(kept) {
        Ok(now) => {
            answer.same = now == kept.said;
            if !answer.same {
                answer.differences = differences(&kept.said, &now);
            }
        }
        Err(cannot) => answer.cannot = cannot,
    }
    answer
}

/// What the guard says of the kept facts under the kept packs.
fn said_now(kept: &Kept) -> std::result::Result<String, String> {
    if kept.said.is_empty() {
        return Err("its words were not kept when it was taken".to_owned());
    }
    let snapshot: Snapshot = serde_json::from_value(kept.facts.clone())
        .map_err(|e| format!("its facts cannot be read by this version: {e}"))?;
    let said = replay(&snapshot).map_err(|e| e.to_string())?;
    to_wire::said(&said).map_err(|e| e.to_string())
}

/// The parts in which two answers differ; the bytes as a whole, where every part is the same.
fn differences(then: &str, now: &str) -> Vec<wire::ReplayDifference> {
    let parts = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (before, after) = (parts(then), parts(now));
    let word = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differ = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let all: Vec<wire::ReplayDifference> = differ
        .map(|name| wire::ReplayDifference {
            part: name.clone(),
            then: word(before.get(name)),
            now: word(after.get(name)),
        })
        .collect();
    if all.is_empty() {
        let (then, now) = (then.to_owned(), now.to_owned());
        return vec![wire::ReplayDifference { part: "bytes".to_owned(), then, now }];
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_differ_are_told_with_both_values() {
        let said = differences(r#"{"verdict":"allow","at":1}"#, r#"{"verdict":"refuse","at":1}"#);
        let [one] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!((one.part.as_str(), one.then.as_str()), ("verdict", "\"allow\""));
        assert_eq!(one.now, "\"refuse\"");
        // The same parts in other bytes are not the same bytes.
        assert_eq!(differences("{\"at\":1}", "{\"at\": 1}")[0].part, "bytes");
    }
}
