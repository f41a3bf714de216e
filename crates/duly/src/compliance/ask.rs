//! `duly compliance explain`: what the guard says of one attempt, and why.

use anyhow::{Context as _, Result};
use duly_domain::Zone;
use duly_proto::{
    common::v1::Channel,
    contact::v1::{DecideRequest, Decision, Verdict},
    convert::timestamp,
};

use super::{
    named::{self, Named},
    wrap::wrap,
};
use crate::{
    door::{Door, Reach},
    explain::words::{self, Times, plain},
    home::Home,
    out,
};

/// Say whether a party may be reached by a channel, now or at a time, and why not
///
/// Asks the guard and changes nothing. Each reason names what it rests on: law, a policy of the agency or
/// the client, or a source that is not verified. Facts are those of now: an answer about a later time
/// holds unless they change.
#[derive(clap::Args)]
pub struct Args {
    /// The account: its id, acct_.., or CLIENT_REF/ACCOUNT_REF as the client names it
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Who owes it: 1 for the first, a role such as principal, or an id, prty_..
    #[arg(value_name = "PARTY")]
    party: String,
    /// call, text, email or mail
    #[arg(value_name = "CHANNEL", value_parser = named::channel)]
    channel: Channel,
    /// When: YYYY-MM-DDTHH:MM in the agency's zone, or with an offset; else now
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(home: &Home, args: &Args) -> Result<()> {
    let zone = home.config.zone;
    let at = args.at.as_ref().map(|at| named::time(at, zone)).transpose().context("--at")?;
    let door = args.reach.door(home)?;
    let named = Named::find(&door, &args.account).await?;
    let party = named.party(&args.party)?;
    let mut request = DecideRequest {
        account_id: named.account.account_id.clone(),
        party_id: party.party_id.clone(),
        at: at.map(timestamp),
        ..DecideRequest::default()
    };
    request.set_channel(args.channel);
    let decision = decide(&door, request).await?;
    let when = at.map_or_else(|| "now".to_owned(), |at| Times::of(zone).at(at));
    let head = format!(
        "{}  {}  {} by {}, {when}",
        named.reference(),
        named.account.account_id,
        named::role(party),
        words::channel(args.channel)
    );
    out::say(format!("{head}\n{}", said(&decision, zone)?))
}

async fn decide(door: &Door, request: DecideRequest) -> Result<Decision> {
    let answer = door.contact()?.decide(request).await;
    let answer = answer.map_err(|status| door.explain(&status)).context("asking the guard")?;
    answer.into_inner().decision.context("an answer without the decision")
}

/// What it decided, in words.
fn said(decision: &Decision, zone: Zone) -> Result<String> {
    let mut lines = vec![match decision.verdict() {
        Verdict::Allow => "permitted".to_owned(),
        Verdict::Defer => "not now".to_owned(),
        Verdict::Refuse => "refused".to_owned(),
        Verdict::Unspecified => "no answer".to_owned(),
    }];
    lines.extend(decision.reasons.iter().map(|reason| wrap(&words::reason(reason), 2)));
    let next = Times::of(zone).maybe(decision.next_permitted_at.as_ref(), "")?;
    match (decision.verdict(), next.as_str()) {
        (Verdict::Allow, _) => {}
        (_, "") => lines.push("next permitted: not within 30 days, as things stand".to_owned()),
        (_, next) => lines.push(format!("next permitted: {next} ({zone})")),
    }
    if !decision.requires.is_empty() {
        let carries: Vec<String> = decision.requires.iter().map(|code| plain(code)).collect();
        lines.push(format!("must carry: {}", carries.join(", ")));
    }
    lines.push(format!("judged by: {}", decision.rule_packs.join(", ")));
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use duly_proto::common::v1::{Force, Reason};

    use super::*;

    #[test]
    fn a_refusal_tells_its_authority_and_the_next_permitted_time() {
        let mut reason = Reason {
            rule: "local_hours".to_owned(),
            authority: "12 CFR 1006.6(b)(1)(i)".to_owned(),
            sentence: "it is before 08:00 where the person may be.".to_owned(),
            ..Reason::default()
        };
        reason.set_force(Force::Law);
        let at = "2026-01-06T14:00:00Z".parse::<duly_domain::Instant>().unwrap();
        let mut decision = Decision {
            reasons: vec![reason],
            next_permitted_at: Some(timestamp(at)),
            requires: vec!["mini_miranda".to_owned()],
            rule_packs: vec!["federal@1".to_owned()],
            ..Decision::default()
        };
        decision.set_verdict(Verdict::Defer);
        let zone: Zone = "America/New_York".parse().unwrap();
        assert_eq!(
            said(&decision, zone).unwrap(),
            "not now\n  it is before 08:00 where the person may be (law, 12 CFR 1006.6(b)(1)(i))\n\
             next permitted: 2026-01-06 09:00 (America/New_York)\nmust carry: mini miranda\n\
             judged by: federal@1"
        );
        decision.next_permitted_at = None;
        decision.set_verdict(Verdict::Refuse);
        assert!(said(&decision, zone).unwrap().contains("not within 30 days"));
    }
}
