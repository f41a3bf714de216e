//! Which rows of a grouped file belong together: one reading, and bytes per claim instead of rows.

use std::collections::HashMap;
use std::io::{self, Read, Seek};

use duly_domain::Date;

use crate::csv_reader::{CsvReader, RawRow};
use crate::error::Cause;
use crate::mapping::OverdueScope;
use crate::plan::Plan;
use crate::row::Row;
use crate::totals::Totals;

/// The rows of one claim, in the order of the file.
pub(crate) struct Group {
    pub runs: Vec<Run>,
    /// Index into the scan's clients, once the claim has been read.
    pub client: Option<u32>,
}

/// Rows that stand one behind the other.
pub(crate) struct Run {
    pub offset: u64,
    pub line: u64,
    pub rows: u32,
}

/// How a claim stands to `days_overdue`.
#[derive(Default)]
struct Standing {
    overdue: bool,
    not_overdue: bool,
    /// A row does not say: the claim is kept, so that its error is answered.
    unclear: bool,
}

impl Standing {
    fn add(&mut self, overdue: &Result<bool, Cause>) {
        match overdue {
            Ok(true) => self.overdue = true,
            Ok(false) => self.not_overdue = true,
            Err(_) => self.unclear = true,
        }
    }

    fn placed(&self, scope: OverdueScope) -> bool {
        match scope {
            OverdueScope::AnyItem => self.overdue || self.unclear,
            OverdueScope::EveryItem => !self.not_overdue,
        }
    }
}

struct Found {
    group: Group,
    standing: Standing,
}

/// Reads the whole file once. The groups come in the order of their first rows; a row whose claim
/// cannot be told is a group of its own.
pub(crate) fn index<R: Read + Seek>(
    reader: &mut CsvReader<R>,
    plan: &Plan,
    as_of: Date,
    totals: &mut Totals,
) -> io::Result<Vec<Group>> {
    let mut found: Vec<Found> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut raw = RawRow::default();
    // The group to which the row before belongs, if the next row may continue its run.
    let mut running: Option<usize> = None;
    while reader.next(&mut raw)? {
        totals.rows += 1;
        let row = Row { raw: &raw, header: &plan.header };
        let open = plan.is_open(row, as_of);
        if matches!(open, Ok(false)) {
            totals.rows_not_open += 1;
            running = None;
            continue;
        }
        let known = key(plan, row).ok();
        let at = match known.as_ref().and_then(|key| by_key.get(key)) {
            Some(at) => *at,
            None => {
                let group = Group { runs: Vec::new(), client: None };
                found.push(Found { group, standing: Standing::default() });
                if let Some(key) = known {
                    by_key.insert(key, found.len() - 1);
                }
                found.len() - 1
            }
        };
        let Found { group, standing } = &mut found[at];
        match group.runs.last_mut() {
            Some(run) if running == Some(at) && run.rows < u32::MAX => run.rows += 1,
            _ => group.runs.push(Run { offset: raw.offset, line: raw.line, rows: 1 }),
        }
        running = Some(at);
        if let Some(overdue) = &plan.overdue {
            standing.add(&open.and_then(|_| overdue.holds(row, as_of)));
        }
    }
    let before = found.len();
    if let Some(overdue) = &plan.overdue {
        found.retain(|found| found.standing.placed(overdue.scope));
    }
    totals.claims_not_overdue += u64::try_from(before - found.len()).unwrap_or(u64::MAX);
    Ok(found.into_iter().map(|found| found.group).collect())
}

/// The grouping columns as one text. The unit separator keeps (`a`, `bc`) and (`ab`, `c`) apart.
fn key(plan: &Plan, row: Row<'_>) -> Result<String, Cause> {
    row.check_shape()?;
    let mut key = String::new();
    for cell in &plan.group_by {
        key.push_str(cell.required(row)?);
        key.push('\u{1f}');
    }
    Ok(key)
}
