//! What workflow tells.

use duly_proto::{
    common::v1::{Channel, TreatmentKind},
    workflow::v1::{self as workflow, event::Fact as Workflow},
};

use super::{account, at, client, date, id, party, treatment};

/// One of each kind.
pub fn facts() -> Vec<Workflow> {
    vec![
        Workflow::CaseOpened(workflow::CaseOpened {
            case_id: id("case", 7),
            account_id: account(),
            opening: 1,
            client_id: client(),
            strategy: "commercial-standard".into(),
            strategy_version: 2,
        }),
        Workflow::TreatmentDue(workflow::TreatmentDue {
            treatment_id: treatment(),
            case_id: id("case", 7),
            client_id: client(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            kind: TreatmentKind::Letter.into(),
            channel: Channel::Mail.into(),
            template: "commercial_demand".into(),
            strategy: "commercial-standard".into(),
            strategy_version: 2,
            step: "demand".into(),
            try_no: 1,
            expires_at: at(259_200),
        }),
        Workflow::TaskOpened(workflow::TaskOpened {
            task_id: id("task", 21),
            case_id: id("case", 7),
            client_id: client(),
            account_id: account(),
            kind: workflow::TaskKind::ReturnedMail.into(),
            reason: "a letter came back: moved".into(),
            due_on: date(12),
        }),
        Workflow::CloseProposed(workflow::CloseProposed {
            account_id: account(),
            opening: 1,
            close_code: "UNC".into(),
            reason: "the strategy is at its end".into(),
        }),
    ]
}
