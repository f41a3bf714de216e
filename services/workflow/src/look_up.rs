//! Looking up strategies, cases, tasks and counts. A client's principal sees its own tree: the rows that
//! the database shows it.

use chrono::DateTime;
use duly_domain::{AccountId, ClientId, Instant, TaskKind, id};
use duly_platform::{Page, PageError, Tx};
use duly_proto::{common::v1 as common, convert, workflow::v1 as wire};
use duly_strategy::BUILT_IN;
use uuid::Uuid;

use crate::{
    documents::{built_in, names},
    error::{Result, WorkflowError},
    store::{case, code, strategy, task, treatment},
    wire as to_wire,
};

/// Where a page begins: a time, or none for the end of time, and an id.
fn after(page: &Page) -> Result<Option<(Option<Instant>, Uuid)>> {
    if page.after.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (micros, id) = page.after.split_at_checked(8)?;
        let micros = i64::from_be_bytes(micros.try_into().ok()?);
        let at =
            if micros == i64::MAX { None } else { Some(DateTime::from_timestamp_micros(micros)?) };
        Some((at, Uuid::from_slice(id).ok()?))
    };
    Ok(Some(read().ok_or(PageError::Token)?))
}

/// The key of a row for [`after`].
fn key(at: Option<Instant>, id: Uuid) -> Vec<u8> {
    let micros = at.map_or(i64::MAX, |at| at.timestamp_micros());
    [&micros.to_be_bytes()[..], id.as_bytes()].concat()
}

/// One version of a strategy.
pub(crate) async fn get_strategy(
    tx: &mut Tx,
    request: &wire::GetStrategyRequest,
) -> Result<wire::GetStrategyResponse> {
    if request.version < 0 {
        let reason = "is below 0; give a version, or 0 for the latest";
        return Err(WorkflowError::field("version", reason));
    }
    let name = convert::text("name", &request.name)?;
    let Some(last) = read_latest(tx, &name).await? else {
        return Err(WorkflowError::UnknownStrategy(names(tx).await?.join(", ")));
    };
    let found = match request.version {
        0 => Some(last.clone()),
        asked if asked == last.version => Some(last.clone()),
        asked => strategy::version(tx.conn(), &name, asked).await?,
    };
    let found = found
        .ok_or(WorkflowError::UnknownVersion { asked: request.version, latest: last.version })?;
    Ok(wire::GetStrategyResponse { strategy: Some(to_wire::strategy(&found)) })
}

/// The latest version, in a transaction that only reads: a built-in one stays unpublished.
async fn read_latest(tx: &mut Tx, name: &str) -> Result<Option<strategy::Published>> {
    let is_built_in = BUILT_IN.iter().any(|built_in| built_in.name == name);
    if let Some(found) = strategy::latest(tx.conn(), &[name.to_owned()]).await?.pop() {
        return Ok(Some(found));
    }
    Ok(if is_built_in { built_in(tx, name) } else { None })
}

/// The latest version of each strategy, by name.
pub(crate) async fn list_strategies(
    tx: &mut Tx,
    page: &Page,
) -> Result<wire::ListStrategiesResponse> {
    let after = String::from_utf8(page.after.clone()).map_err(|_| PageError::Token)?;
    let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
    let mut listed: Vec<String> =
        names(tx).await?.into_iter().filter(|name| *name > after).take(limit).collect();
    let info = page.cut(&mut listed, |name| name.clone().into_bytes());
    let mut found = strategy::latest(tx.conn(), &listed).await?;
    for name in &listed {
        if !found.iter().any(|published| published.name == *name) {
            found.extend(built_in(tx, name));
        }
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(wire::ListStrategiesResponse {
        strategies: found.iter().map(to_wire::strategy).collect(),
        page: Some(info),
    })
}

/// A list of cases to give.
pub(crate) struct ListCases {
    client: Option<Uuid>,
    page: Page,
}

impl TryFrom<wire::ListCasesRequest> for ListCases {
    type Error = WorkflowError;

    fn try_from(request: wire::ListCasesRequest) -> Result<Self> {
        Ok(Self {
            client: convert::id_opt::<id::Client>("client_id", &request.client_id)?
                .map(ClientId::uuid),
            page: Page::of(request.page.as_ref())?,
        })
    }
}

/// A page of the worklist, what is due first ahead.
pub(crate) async fn list_cases(tx: &mut Tx, query: &ListCases) -> Result<wire::ListCasesResponse> {
    let after = after(&query.page)?;
    let mut rows = case::page(tx.conn(), query.client, after, query.page.limit()).await?;
    let page = query.page.cut(&mut rows, |case| key(case.next_at, case.case_id));
    Ok(wire::ListCasesResponse {
        cases: rows.iter().map(to_wire::case).collect(),
        page: Some(page),
    })
}

/// A list of tasks to give.
pub(crate) struct ListTasks {
    filter: task::Filter,
    page: Page,
}

impl TryFrom<wire::ListTasksRequest> for ListTasks {
    type Error = WorkflowError;

    fn try_from(request: wire::ListTasksRequest) -> Result<Self> {
        let kind = match request.kind() {
            wire::TaskKind::Unspecified => None,
            kind => Some(TaskKind::try_from(kind)?.as_str()),
        };
        let filter = task::Filter {
            client: convert::id_opt::<id::Client>("client_id", &request.client_id)?
                .map(ClientId::uuid),
            account: convert::id_opt::<id::Account>("account_id", &request.account_id)?
                .map(AccountId::uuid),
            kind,
            with_closed: request.with_closed,
        };
        Ok(Self { filter, page: Page::of(request.page.as_ref())? })
    }
}

/// A page of tasks, first opened first.
pub(crate) async fn list_tasks(tx: &mut Tx, query: &ListTasks) -> Result<wire::ListTasksResponse> {
    let after = match after(&query.page)? {
        None => None,
        Some((Some(at), id)) => Some((at, id)),
        Some((None, _)) => return Err(PageError::Token.into()),
    };
    let mut rows = task::page(tx.conn(), &query.filter, after, query.page.limit()).await?;
    let page = query.page.cut(&mut rows, |task| key(Some(task.opened_at), task.id));
    Ok(wire::ListTasksResponse {
        tasks: rows.iter().map(to_wire::task).collect(),
        page: Some(page),
    })
}

/// How many treatments were asked for, by kind and answer.
pub(crate) async fn count_treatments(tx: &mut Tx) -> Result<wire::CountTreatmentsResponse> {
    let counts = treatment::counts(tx.conn()).await?;
    let counts = counts.into_iter().map(|row| {
        let nil = Uuid::nil();
        let kind: duly_domain::TreatmentKind = code("treatment", nil, &row.kind)?;
        let channel: Option<duly_domain::Channel> =
            if row.channel.is_empty() { None } else { Some(code("treatment", nil, &row.channel)?) };
        let channel = channel.map_or(common::Channel::Unspecified, Into::into);
        Ok(wire::TreatmentCount {
            kind: common::TreatmentKind::from(kind).into(),
            channel: channel.into(),
            template: row.template,
            answer: row.answer,
            count: row.count,
        })
    });
    Ok(wire::CountTreatmentsResponse { counts: counts.collect::<Result<_>>()? })
}
