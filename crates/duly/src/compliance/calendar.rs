//! `duly compliance calendar`: the coming days of a party, drawn.

use anyhow::{Context as _, Result};
use duly_proto::{common::v1::Channel, contact::v1::CalendarRequest};

use super::{
    draw,
    named::{self, Named},
};
use crate::{
    door::{Door, Reach},
    home::Home,
    out,
};

/// Draw the coming days of a party: when each channel is permitted, when not and why, what falls due
///
/// Days and hours are the person's own. Each half hour is a full block where an attempt is permitted; else
/// a letter, with its reasons below. Facts are those of now.
#[derive(clap::Args)]
pub struct Args {
    /// The account: its id, acct_.., or CLIENT_REF/ACCOUNT_REF as the client names it
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Who owes it: 1 for the first, a role such as principal, or an id, prty_..
    #[arg(value_name = "PARTY")]
    party: String,
    /// Only this channel: call, text, email or mail; may be given several times
    #[arg(long, value_name = "CHANNEL", value_parser = named::channel)]
    channel: Vec<Channel>,
    /// Days to draw: 1 to 31
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(i32).range(1..=31))]
    days: i32,
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(home: &Home, args: &Args) -> Result<()> {
    let door = args.reach.door(home)?;
    let named = Named::find(&door, &args.account).await?;
    let party = named.party(&args.party)?;
    let request = CalendarRequest {
        account_id: named.account.account_id.clone(),
        party_id: party.party_id.clone(),
        days: args.days,
        channels: args.channel.iter().map(|channel| (*channel).into()).collect(),
    };
    let calendar = ask(&door, request).await?;
    let head = format!("{}, {}", named.reference(), named::role(party));
    out::say(draw::calendar(&head, &calendar)?)
}

async fn ask(
    door: &Door,
    request: CalendarRequest,
) -> Result<duly_proto::contact::v1::CalendarResponse> {
    let answer = door.contact()?.calendar(request).await;
    let answer = answer.map_err(|status| door.explain(&status)).context("asking the guard")?;
    Ok(answer.into_inner())
}
