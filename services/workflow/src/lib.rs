//! Workflow: strategies, cases and where each liable party stands in them, timers, tasks for people.
//!
//! It owns the agency's work and tells CaseOpened, TreatmentDue, TaskOpened and CloseProposed. It hears
//! what becomes of accounts, promises, stops, disputes and treatments, keeps each fact in a shape in
//! which order does not matter, and marks the case due; a tick then decides about whole sets of cases
//! with `duly-strategy`. Whoever decides about a case holds its row in `case_file`. Deliberately absent:
//! whether a contact is permitted (contact's), what a letter says (letters'), and closing (intake's).

mod assign_strategy;
mod close_task;
mod debtor_key;
mod digest;
mod documents;
mod error;
mod evaluate;
mod events;
mod explain_account;
mod grpc;
mod look_up;
mod model;
mod publish_strategy;
mod store;
mod tick_cases;
mod wire;

use duly_platform::{Access, DueWork, Role, Service, State};
use sqlx::migrate::Migrator;

static MIGRATOR: Migrator = sqlx::migrate!();

const LEAD: &[Role] = &[Role::Manager, Role::Admin, Role::Service];
const WORK: &[Role] =
    &[Role::Collector, Role::Compliance, Role::Manager, Role::Admin, Role::Service];
const AGENCY: &[Role] = &Role::AGENCY;
const READ: &[Role] = &Role::ALL;

const ACCESS: &[Access] = &[
    Access { method: "duly.workflow.v1.WorkflowService/PublishStrategy", roles: LEAD },
    Access { method: "duly.workflow.v1.WorkflowService/GetStrategy", roles: AGENCY },
    Access { method: "duly.workflow.v1.WorkflowService/ListStrategies", roles: AGENCY },
    Access { method: "duly.workflow.v1.WorkflowService/AssignStrategy", roles: LEAD },
    Access { method: "duly.workflow.v1.WorkflowService/ExplainAccount", roles: READ },
    Access { method: "duly.workflow.v1.WorkflowService/ListCases", roles: READ },
    Access { method: "duly.workflow.v1.WorkflowService/ListTasks", roles: READ },
    Access { method: "duly.workflow.v1.WorkflowService/CloseTask", roles: WORK },
    Access { method: "duly.workflow.v1.WorkflowService/CountTreatments", roles: AGENCY },
];

/// The service as the composition root runs it.
#[must_use]
pub fn service() -> Service {
    Service {
        name: "workflow",
        migrator: &MIGRATOR,
        shared: duly_standing::SHARED,
        append_only: &[
            "account",
            "account_party",
            "account_end",
            "account_money",
            "account_hold",
            "account_hold_lifted",
            "strategy",
        ],
        access: ACCESS,
        tells: &["case_opened", "treatment_due", "task_opened", "close_proposed"],
        listeners: events::listeners(),
        due: vec![
            DueWork::new(tick_cases::QUEUE, |tx, due| {
                Box::pin(async move { Ok(tick_cases::tick_due(tx, due).await?) })
            }),
            DueWork::new(tick_cases::EARLY, |tx, due| {
                Box::pin(async move { Ok(tick_cases::tick_early(tx, due).await?) })
            }),
        ],
        outside: vec![],
        state: State::default(),
        routes: grpc::routes,
        http: None,
        digest: digest::DIGEST,
    }
}
