//! Closing a task: somebody did it, and says what came of it.

use duly_domain::TaskId;
use duly_platform::Tx;
use duly_proto::{convert, workflow::v1 as wire};

use crate::{
    error::{Result, WorkflowError},
    store::task,
    wire as to_wire,
};

/// A task that was done.
#[derive(Debug)]
pub(crate) struct CloseTask {
    task: TaskId,
    resolution: String,
}

impl TryFrom<wire::CloseTaskRequest> for CloseTask {
    type Error = WorkflowError;

    fn try_from(request: wire::CloseTaskRequest) -> Result<Self> {
        let resolution = convert::text("resolution", &request.resolution)?;
        if resolution.is_empty() {
            return Err(WorkflowError::field("resolution", "is missing; say what was done"));
        }
        Ok(Self { task: convert::id("task_id", &request.task_id)?, resolution })
    }
}

/// Closes it.
pub(crate) async fn close_task(
    tx: &mut Tx,
    command: &CloseTask,
) -> Result<wire::CloseTaskResponse> {
    tx.about(command.task);
    let id = command.task.uuid();
    let found = task::lock(tx.conn(), id).await?;
    let mut task = found.ok_or(WorkflowError::NotFound("task"))?;
    if task.closed.is_some() {
        return Err(WorkflowError::TaskClosed);
    }
    let now = tx.now();
    task::close(tx.conn(), &[(id, command.resolution.clone())], now).await?;
    task.closed = Some((now, command.resolution.clone()));
    Ok(wire::CloseTaskResponse { task: Some(to_wire::task(&task)) })
}
