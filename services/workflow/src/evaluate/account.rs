//! The account as a whole: how it begins a strategy, and when it should be closed.

use duly_domain::{AccountId, CaseId, ClientId, CloseCode, TaskKind, TrackState};
use duly_platform::Tx;
use duly_proto::{
    common::v1::EventMeta,
    workflow::v1::{self as wire, event::Fact},
};
use duly_standing::Standing;
use duly_strategy::{Document, Ended};

use super::{Around, Tick};
use crate::model::{CaseAccount, StrategyKey, Track};

impl Tick<'_> {
    /// Gives an account the standard strategy of its class, where that fits; else a person must choose.
    pub(super) fn begin(&mut self, tx: &mut Tx, account: &mut CaseAccount, around: &Around<'_>) {
        let is_new = account.begun_at.is_none();
        match self.choose(around) {
            Ok(strategy) => {
                account.strategy = Some(strategy);
                account.run += 1;
                account.begun_at = Some(self.now);
                self.close_tasks(account, TaskKind::NoStrategy, "a strategy fits by now");
            }
            Err(reason) => {
                account.begun_at = account.begun_at.or(Some(self.now));
                if around.ended.is_none() {
                    self.open_one_task(tx, account, None, TaskKind::NoStrategy, None, reason);
                }
            }
        }
        if is_new {
            tell_opened(tx, account);
        }
    }

    /// The strategy that an account begins with, or why there is none.
    fn choose(&self, around: &Around<'_>) -> Result<StrategyKey, String> {
        let standing = around.standing;
        let Some((key, document)) = self.documents.standard(standing.debt_class) else {
            return Err(format!(
                "there is no standard strategy for {} claims",
                standing.debt_class
            ));
        };
        fits(document, standing)?;
        Ok(key.clone())
    }

    /// What an account should be closed with, if anything. Only intake closes.
    pub(super) fn conclude(
        &mut self,
        tx: &mut Tx,
        account: &mut CaseAccount,
        around: &Around<'_>,
        tracks: &[Track],
    ) {
        around.ended.map_or("", Ended::as_str).clone_into(&mut account.ended);
        let standing = around.standing;
        let proposal = match around.ended {
            Some(Ended::Settled) if standing.settled => {
                Some((CloseCode::Pif, "released money has paid the balance".to_owned()))
            }
            Some(Ended::Settled) => {
                Some((CloseCode::Adj, "the client credited all that was owed".to_owned()))
            }
            Some(Ended::Recalled | Ended::Closed) => {
                self.close_ended_tasks(account);
                return;
            }
            None if standing.balance.is_positive() => exhausted(tracks),
            None => None,
        };
        if around.ended.is_some() {
            self.close_ended_tasks(account);
        }
        match proposal {
            // Told once, and again only after work went on in between.
            Some((code, reason)) if account.proposed != Some(code) => {
                account.proposed = Some(code);
                let fact = wire::CloseProposed {
                    account_id: AccountId::from_uuid(account.account).to_string(),
                    opening: account.opening,
                    close_code: code.as_str().to_owned(),
                    reason,
                };
                tx.tell::<wire::Event>(meta(account), Fact::CloseProposed(fact));
            }
            Some(_) => {}
            None => account.proposed = None,
        }
    }
}

/// Whether a strategy is for such a claim, or why not.
pub(crate) fn fits(document: &Document, standing: &Standing) -> Result<(), String> {
    let name = &document.name;
    if !document.fits.takes(standing.debt_class, standing.service_kind) {
        return Err(format!(
            "{name} is not for {} claims under {}",
            standing.debt_class, standing.service_kind
        ));
    }
    if standing.parties.iter().all(|party| document.starts_after(party.role).is_none()) {
        return Err(format!("{name} works no liable party of the account's roles"));
    }
    Ok(())
}

/// The code for an account whose every track is exhausted: what the strategy proposes, where any party
/// was worked to its end; else what stopped the first party.
fn exhausted(tracks: &[Track]) -> Option<(CloseCode, String)> {
    let all = tracks.iter().all(|track| track.state == TrackState::Exhausted);
    if tracks.is_empty() || !all {
        return None;
    }
    let worked = tracks.iter().find(|track| !track.stopped);
    let track = worked.or(tracks.first())?;
    Some((track.exhausted?, format!("every liable party is exhausted: {}", track.why)))
}

/// The meta of an event about an account.
pub(super) fn meta(account: &CaseAccount) -> EventMeta {
    EventMeta {
        account_id: AccountId::from_uuid(account.account).to_string(),
        case_id: CaseId::from_uuid(account.case).to_string(),
        client_id: ClientId::from_uuid(account.client).to_string(),
        ..EventMeta::default()
    }
}

fn tell_opened(tx: &mut Tx, account: &CaseAccount) {
    let strategy = account.strategy.as_ref();
    let fact = wire::CaseOpened {
        case_id: CaseId::from_uuid(account.case).to_string(),
        account_id: AccountId::from_uuid(account.account).to_string(),
        opening: account.opening,
        client_id: ClientId::from_uuid(account.client).to_string(),
        strategy: strategy.map(|key| key.name.clone()).unwrap_or_default(),
        strategy_version: strategy.map_or(0, |key| key.version),
    };
    tx.tell::<wire::Event>(meta(account), Fact::CaseOpened(fact));
}
