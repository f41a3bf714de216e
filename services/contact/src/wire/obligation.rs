//! Obligations on the wire: kept ones, computed ones, and what is told of them.

use chrono::{DateTime, Utc};
use duly_compliance::duties::State;
use duly_domain::{AccountId, ClientId, Date, ObligationId};
use duly_platform::Tx;
use duly_proto::{
    common::v1 as common,
    contact::v1::{self as wire, event::Fact},
    convert::date_to_wire,
};
use uuid::Uuid;

use super::{account_id, instant, party_id, tell};
use crate::{
    codes::{Code as _, ObligationState},
    store::obligation::Obligation,
};

fn id(obligation: Uuid) -> String {
    ObligationId::from_uuid(obligation).to_string()
}

/// One as it was last noted.
pub(crate) fn obligation(row: &Obligation) -> wire::Obligation {
    wire::Obligation {
        obligation_id: id(row.id),
        code: row.code.clone(),
        what: row.what.clone(),
        met: row.met.clone(),
        authority: row.authority.clone(),
        force: common::Force::from(row.force).into(),
        day_force: common::Force::from(row.day_force).into(),
        client_id: ClientId::from_uuid(row.client).to_string(),
        account_id: account_id(row.account),
        party_id: party_id(row.party),
        opened_at: instant(row.opened_at),
        due_on: row.due_on.map(date_to_wire),
        not_before: row.not_before.map(date_to_wire),
        before: row.before.clone().unwrap_or_default(),
        state: row.state.wire().into(),
        discharged_at: instant(row.discharged_at),
        lapsed_at: instant(row.lapsed_at),
        blocks: row.blocks.clone().unwrap_or_default(),
    }
}

/// One as the guard's duties say at this moment; timers and what every act owes too.
pub(crate) fn computed(one: &duly_compliance::Obligation) -> wire::Obligation {
    let shown = one.shown();
    let (state, done, missed): (_, Option<DateTime<Utc>>, _) = match one.state {
        State::Open => (ObligationState::Open, None, None),
        State::Discharged { at } => (ObligationState::Discharged, Some(at), None),
        State::Lapsed { since, done_at } => (ObligationState::Lapsed, done_at, Some(since)),
        State::Standing => (ObligationState::Standing, None, None),
        State::Running => (ObligationState::Running, None, None),
        State::Ended { at } => (ObligationState::Ended, Some(at), None),
    };
    wire::Obligation {
        obligation_id: String::new(),
        code: shown.code.into_owned(),
        what: shown.what.into_owned(),
        met: shown.met.into_owned(),
        authority: shown.authority.into_owned(),
        force: common::Force::from(shown.force).into(),
        day_force: common::Force::from(shown.day_force).into(),
        client_id: String::new(),
        account_id: one.whom.account.as_ref().map(AccountId::to_string).unwrap_or_default(),
        party_id: one.whom.party.map(|id| id.to_string()).unwrap_or_default(),
        opened_at: instant(one.opened_at),
        due_on: shown.due_on.map(date_to_wire),
        not_before: shown.not_before.map(date_to_wire),
        before: shown.before.map(std::borrow::Cow::into_owned).unwrap_or_default(),
        state: state.wire().into(),
        discharged_at: instant(done),
        lapsed_at: instant(missed),
        blocks: shown.blocks.map(std::borrow::Cow::into_owned).unwrap_or_default(),
    }
}

/// It is owed; a person is asked for it from this day on, where it has one.
pub(crate) fn tell_obligation_opened(tx: &mut Tx, row: &Obligation, ask_on: Option<Date>) {
    let fact = wire::ObligationOpened {
        obligation_id: id(row.id),
        account_id: account_id(row.account),
        opening: row.opening,
        party_id: party_id(row.party),
        code: row.code.clone(),
        what: row.what.clone(),
        authority: row.authority.clone(),
        force: common::Force::from(row.force).into(),
        opened_at: instant(row.opened_at),
        due_on: row.due_on.map(date_to_wire),
        before: row.before.clone().unwrap_or_default(),
        ask_on: ask_on.map(date_to_wire),
    };
    tell(tx, row.client, row.account, Fact::ObligationOpened(fact));
}

pub(crate) fn tell_obligation_missed(tx: &mut Tx, row: &Obligation) {
    let fact = wire::ObligationMissed {
        obligation_id: id(row.id),
        account_id: account_id(row.account),
        opening: row.opening,
        missed_at: instant(row.lapsed_at),
        code: row.code.clone(),
        what: row.what.clone(),
        authority: row.authority.clone(),
    };
    tell(tx, row.client, row.account, Fact::ObligationMissed(fact));
}

/// It was met, or what had opened it no longer stands.
pub(crate) fn tell_obligation_met(tx: &mut Tx, row: &Obligation) {
    let fact = wire::ObligationMet {
        obligation_id: id(row.id),
        account_id: account_id(row.account),
        opening: row.opening,
        met_at: instant(row.discharged_at),
        void: row.state == ObligationState::Void,
    };
    tell(tx, row.client, row.account, Fact::ObligationMet(fact));
}
