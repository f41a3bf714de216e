//! `duly compliance replay --decision` and `--since`: decisions that the services keep, taken again.

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{Replay, ReplayDecisionRequest, ReplayDecisionsRequest},
    convert::timestamp,
};

use crate::{door::Door, explain::words::Times, out};

/// Rows that one call asks for: each is judged again.
const PAGE: i32 = 500;

/// Takes one again. Answers the program's exit code.
///
/// # Errors
/// The service's refusal.
pub async fn one(door: &Door, id: &str, times: Times) -> Result<u8> {
    let request = ReplayDecisionRequest { decision_id: id.to_owned() };
    let answer = door.contact()?.replay_decision(request).await;
    let answer = answer.map_err(|status| door.explain(&status)).context("replaying a decision")?;
    let replay = answer.into_inner().replay.context("an answer without the replay")?;
    if replay.same {
        let at = times.maybe(replay.decided_at.as_ref(), "")?;
        let packs = replay.rule_packs.join(", ");
        out::say(format!("{} of {at}, by {packs}: the same bytes", replay.decision_id))?;
        return Ok(0);
    }
    out::say(differs(&replay, times)?)?;
    Ok(1)
}

/// Takes all of them again, or those since an instant. Answers the program's exit code.
///
/// # Errors
/// The service's refusal.
pub async fn all(door: &Door, since: Option<DateTime<Utc>>, times: Times) -> Result<u8> {
    let (mut replayed, mut differing, mut page_token) = (0_i64, 0_u64, String::new());
    loop {
        let page = Some(PageRequest { page_size: PAGE, page_token });
        let request = ReplayDecisionsRequest { page, since: since.map(timestamp) };
        let answer = door.contact()?.replay_decisions(request).await;
        let answer =
            answer.map_err(|status| door.explain(&status)).context("replaying decisions")?;
        let answer = answer.into_inner();
        replayed += i64::from(answer.replayed);
        for replay in &answer.differing {
            differing += 1;
            out::say(differs(replay, times)?)?;
        }
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    out::note(format!("{} taken again, {} different", out::count(replayed), out::count(differing)));
    Ok(u8::from(differing > 0))
}

/// One that came out otherwise, or could not be taken again.
fn differs(replay: &Replay, times: Times) -> Result<String> {
    let at = times.maybe(replay.decided_at.as_ref(), "")?;
    let head = format!("{} of {at}, by {}", replay.decision_id, replay.rule_packs.join(", "));
    if !replay.cannot.is_empty() {
        return Ok(format!("{head}: cannot be taken again: {}", replay.cannot));
    }
    let mut lines = vec![format!("{head}: different")];
    for part in &replay.differences {
        lines.push(format!("  {} then {}", part.part, part.then));
        lines.push(format!("  {} now  {}", part.part, part.now));
    }
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use duly_proto::contact::v1::ReplayDifference;

    use super::*;

    #[test]
    fn what_differs_is_shown_with_both_values() {
        let times = Times::of("America/New_York".parse().unwrap());
        let mut replay = Replay {
            decision_id: "dcsn_1".to_owned(),
            decided_at: Some(timestamp("2026-01-05T15:00:00Z".parse().unwrap())),
            rule_packs: vec!["federal@1".to_owned()],
            differences: vec![ReplayDifference {
                part: "verdict".to_owned(),
                then: "\"refuse\"".to_owned(),
                now: "\"allow\"".to_owned(),
            }],
            ..Replay::default()
        };
        assert_eq!(
            differs(&replay, times).unwrap(),
            "dcsn_1 of 2026-01-05 10:00, by federal@1: different\n  verdict then \"refuse\"\n  \
             verdict now  \"allow\""
        );
        replay.cannot = "this version has no pack federal@1".to_owned();
        assert!(
            differs(&replay, times).unwrap().ends_with("again: this version has no pack federal@1")
        );
    }
}
