//! `duly compliance due`: what must be done, by when and by which authority.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{ListObligationsRequest, Obligation, ObligationState},
    convert,
};

use super::wrap::wrap;
use crate::{
    door::{Door, Reach},
    explain::{self, words},
    home::Home,
    out,
};

/// Rows that one call asks for.
const PAGE: i32 = 500;

/// List what must be done, overdue first: by when, for which account, by which authority
///
/// What comes before an act and has no day stands last; --within leaves it out.
#[derive(clap::Args)]
pub struct Args {
    /// Only what is overdue, or due within so many days: 0 to 366
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..=366))]
    within: Option<i32>,
    /// Only of this account: its id, acct_.., or CLIENT_REF/ACCOUNT_REF
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(home: &Home, args: &Args) -> Result<()> {
    let door = args.reach.door(home)?;
    let account_id = match &args.account {
        Some(named) => explain::find(&door, named).await?.account_id,
        None => String::new(),
    };
    let mut references = References::default();
    let (mut overdue, mut open, mut page_token) = (0_u64, 0_u64, String::new());
    loop {
        let request = ListObligationsRequest {
            account_id: account_id.clone(),
            owed_only: true,
            within_days: args.within,
            page: Some(PageRequest { page_size: PAGE, page_token }),
            ..ListObligationsRequest::default()
        };
        let answer = door.contact()?.list_obligations(request).await;
        let answer = answer.map_err(|status| door.explain(&status)).context("listing duties")?;
        let answer = answer.into_inner();
        for owed in &answer.obligations {
            let account = references.of(&door, &owed.account_id).await?;
            out::say(in_words(owed, &account)?)?;
            let is_late = owed.state() == ObligationState::Lapsed;
            *(if is_late { &mut overdue } else { &mut open }) += 1;
        }
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    out::note(format!("{} overdue, {} to be done", out::count(overdue), out::count(open)));
    Ok(())
}

/// How accounts are called, each asked for once.
#[derive(Default)]
struct References {
    accounts: BTreeMap<String, String>,
    clients: BTreeMap<String, String>,
}

impl References {
    async fn of(&mut self, door: &Door, account_id: &str) -> Result<String> {
        if let Some(known) = self.accounts.get(account_id) {
            return Ok(known.clone());
        }
        let account = explain::find(door, account_id).await?;
        let client = match self.clients.get(&account.client_id) {
            Some(known) => known.clone(),
            None => {
                let client = explain::client_ref(door, &account.client_id).await?;
                self.clients.insert(account.client_id.clone(), client.clone());
                client
            }
        };
        let called = format!("{client}/{}", account.client_account_ref);
        self.accounts.insert(account_id.to_owned(), called.clone());
        Ok(called)
    }
}

/// One duty: when and for whom, then what.
fn in_words(owed: &Obligation, account: &str) -> Result<String> {
    let due_on = convert::date_opt("due_on", owed.due_on.as_ref())?;
    let by = match (due_on, owed.before.as_str()) {
        (Some(on), _) => on.to_string(),
        (None, "") => "no day    ".to_owned(),
        (None, _) => "before act".to_owned(),
    };
    let state = if owed.state() == ObligationState::Lapsed { "OVERDUE" } else { "" };
    Ok(format!("{by}  {state:7}  {account}\n{}", wrap(&what(owed), 4)))
}

/// What is owed, before which act, by which authority.
pub fn what(owed: &Obligation) -> String {
    let before = match owed.before.as_str() {
        "" => String::new(),
        act => format!(", before {act}"),
    };
    let force = words::force(owed.force());
    // A policy's authority is its name: `policy agency.complaints`.
    let authority = owed.authority.strip_prefix("policy ").unwrap_or(&owed.authority);
    format!("{}{before} ({force}, {authority})", owed.what)
}

#[cfg(test)]
mod tests {
    use duly_proto::common::v1::{Date, Force};

    use super::*;

    #[test]
    fn a_duty_shows_its_day_its_account_and_its_authority() {
        let mut owed = Obligation {
            what: "the validation notice follows the initial communication within five days".into(),
            authority: "12 CFR 1006.34(a)(1)".into(),
            due_on: Some(Date { year: 2026, month: 1, day: 10 }),
            ..Obligation::default()
        };
        owed.set_force(Force::Law);
        owed.set_state(ObligationState::Lapsed);
        let shown = in_words(&owed, "ACME/A-1").unwrap();
        assert!(shown.starts_with("2026-01-10  OVERDUE  ACME/A-1\n    the validation"), "{shown}");
        assert!(shown.lines().all(|line| line.len() <= 100), "{shown}");
        assert!(shown.ends_with("1006.34(a)(1))"), "{shown}");
        owed.due_on = None;
        owed.before = "further collection of the debt".into();
        owed.set_state(ObligationState::Open);
        let shown = in_words(&owed, "ACME/A-1").unwrap();
        assert!(shown.starts_with("before act           ACME/A-1\n"), "{shown}");
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("before further collection of the debt (law"), "{shown}");
    }
}
