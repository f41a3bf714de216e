//! What is answered, from what is kept.

use duly_domain::{AccountId, CaseId, ClientId, PartyId, TaskId, TreatmentId};
use duly_proto::{common::v1 as common, convert, workflow::v1 as wire};
use duly_standing::Standing;

use crate::{
    model::{CaseAccount, Task, Track, Treatment},
    store::{case::Listed, strategy::Published},
};

pub(crate) fn strategy(published: &Published) -> wire::Strategy {
    wire::Strategy {
        name: published.name.clone(),
        version: published.version,
        document: published.document.clone(),
        published_by: published.published_by.clone(),
        published_at: Some(convert::timestamp(published.published_at)),
    }
}

pub(crate) fn case_account(
    account: &CaseAccount,
    standing: &Standing,
    tracks: &[Track],
) -> wire::CaseAccount {
    let strategy = account.strategy.as_ref();
    wire::CaseAccount {
        case_id: CaseId::from_uuid(account.case).to_string(),
        account_id: AccountId::from_uuid(account.account).to_string(),
        client_id: ClientId::from_uuid(account.client).to_string(),
        opening: account.opening,
        strategy: strategy.map(|key| key.name.clone()).unwrap_or_default(),
        strategy_version: strategy.map_or(0, |key| key.version),
        ended: account.ended.clone(),
        balance: Some(convert::money_to_wire(standing.balance)),
        tracks: tracks.iter().map(track).collect(),
    }
}

fn track(track: &Track) -> wire::Track {
    wire::Track {
        party_id: PartyId::from_uuid(track.party).to_string(),
        role: track.role.as_str().to_owned(),
        state: wire::TrackState::from(track.state).into(),
        step: track.position.as_ref().map(|position| position.step.clone()).unwrap_or_default(),
        why: track.why.clone(),
        next: track.next.clone(),
        next_at: track.next_at.map(convert::timestamp),
    }
}

pub(crate) fn treatment(treatment: &Treatment) -> wire::Treatment {
    let channel = treatment.channel.map_or(common::Channel::Unspecified, Into::into);
    wire::Treatment {
        treatment_id: TreatmentId::from_uuid(treatment.id).to_string(),
        party_id: PartyId::from_uuid(treatment.party).to_string(),
        kind: common::TreatmentKind::from(treatment.kind).into(),
        channel: channel.into(),
        template: treatment.template.clone(),
        step: treatment.step.clone(),
        try_no: treatment.try_no,
        due_at: Some(convert::timestamp(treatment.due_at)),
        answer: treatment.answer.map(|(word, _)| word.as_str().to_owned()).unwrap_or_default(),
        answered_at: treatment.answer.map(|(_, at)| convert::timestamp(at)),
    }
}

pub(crate) fn task(task: &Task) -> wire::Task {
    let (closed_at, resolution) = task.closed.clone().unzip();
    wire::Task {
        task_id: TaskId::from_uuid(task.id).to_string(),
        case_id: CaseId::from_uuid(task.case).to_string(),
        client_id: ClientId::from_uuid(task.client).to_string(),
        account_id: AccountId::from_uuid(task.account).to_string(),
        kind: wire::TaskKind::from(task.kind).into(),
        reason: task.reason.clone(),
        due_on: Some(convert::date_to_wire(task.due_on)),
        opened_at: Some(convert::timestamp(task.opened_at)),
        closed_at: closed_at.map(convert::timestamp),
        resolution: resolution.unwrap_or_default(),
        missed_at: task.missed_at.map(convert::timestamp),
    }
}

pub(crate) fn case(case: &Listed) -> wire::Case {
    wire::Case {
        case_id: CaseId::from_uuid(case.case_id).to_string(),
        client_id: ClientId::from_uuid(case.client_id).to_string(),
        accounts: case.open_accounts,
        next_at: case.next_at.map(convert::timestamp),
    }
}
