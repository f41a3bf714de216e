//! A file that has been read once and can be read again, record by record.

use std::collections::HashMap;
use std::io::{self, Read, Seek};

use duly_domain::Date;

use crate::claim::ClaimBuilder;
use crate::csv_reader::{CsvReader, RawRow};
use crate::error::{MappingError, OpenError};
use crate::index::{Group, index};
use crate::mapping::Mapping;
use crate::placement::{Payment, Record};
use crate::plan::Plan;
use crate::row::Row;
use crate::totals::Totals;

/// A client's file, counted. Without `group_by` it is streamed; with it, an index of 24 bytes per
/// run of rows says which rows are one claim, and claims are read one at a time.
pub struct Scan<R> {
    reader: CsvReader<R>,
    plan: Plan,
    as_of: Date,
    groups: Option<Vec<Group>>,
    clients: Vec<String>,
    totals: Totals,
}

impl<R: Read + Seek> Scan<R> {
    /// Reads the file once (a grouped file once more, to count its claims). Errors of rows are
    /// records; an error here concerns the mapping, or the file as a whole.
    pub fn open(input: R, mapping: &Mapping, as_of: Date) -> Result<Self, OpenError> {
        let delimiter = u8::try_from(mapping.csv.delimiter).map_err(|_| {
            MappingError::key("csv.delimiter", "not ASCII", "write one ASCII character")
        })?;
        let mut reader = CsvReader::new(input, delimiter);
        reader.rewind()?;
        let header = header(&mut reader)?;
        let plan = Plan::bind(mapping, header)?;
        let mut totals = Totals::default();
        let grouped = !plan.group_by.is_empty();
        let groups =
            if grouped { Some(index(&mut reader, &plan, as_of, &mut totals)?) } else { None };
        let mut scan = Self { reader, plan, as_of, groups, clients: Vec::new(), totals };
        scan.count()?;
        Ok(scan)
    }

    /// Reads every record for its counts, and notes whose it is.
    fn count(&mut self) -> Result<(), OpenError> {
        let mut totals = std::mem::take(&mut self.totals);
        let mut clients: Vec<String> = Vec::new();
        let mut places: HashMap<String, u32> = HashMap::new();
        let mut records = self.walk(None)?;
        while let Some((record, payments)) = records.step()? {
            totals.add(&record, payments.len())?;
            let Some(client) = record.client_ref else { continue };
            let next = u32::try_from(clients.len()).map_err(io::Error::other)?;
            let at = *places.entry(client).or_insert_with_key(|client| {
                clients.push(client.clone());
                next
            });
            records.note_client(at);
        }
        if records.scan.groups.is_none() {
            totals.rows = records.rows;
            totals.rows_not_open = records.rows_not_open;
            totals.claims_not_overdue = records.claims_not_overdue;
        }
        self.clients = clients;
        self.totals = totals;
        Ok(())
    }

    /// The clients of the file, in the order of their first records.
    pub fn clients(&self) -> &[String] {
        &self.clients
    }

    /// Control counts and sums. [`Scan::records`] yields exactly what is counted here.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The date of the placement.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Every record, in the order of its first row.
    pub fn records(&mut self) -> io::Result<Records<'_, R>> {
        self.walk(None)
    }

    /// The records of one client, or (`None`) those whose client could not be read.
    pub fn records_of(&mut self, client_ref: Option<&str>) -> io::Result<Records<'_, R>> {
        self.walk(Some(client_ref.map(str::to_owned)))
    }

    /// The later payments of placed items, claim by claim.
    pub fn payments(
        &mut self,
    ) -> io::Result<impl Iterator<Item = io::Result<Payment>> + use<'_, R>> {
        let mut records = self.walk(None)?;
        let mut ready: std::vec::IntoIter<Payment> = Vec::new().into_iter();
        Ok(std::iter::from_fn(move || {
            while !records.failed {
                if let Some(payment) = ready.next() {
                    return Some(Ok(payment));
                }
                match records.step() {
                    Ok(Some((_, payments))) => ready = payments.into_iter(),
                    Ok(None) => return None,
                    Err(error) => {
                        records.failed = true;
                        return Some(Err(error));
                    }
                }
            }
            None
        }))
    }

    fn walk(&mut self, only: Option<Option<String>>) -> io::Result<Records<'_, R>> {
        let wanted = match &only {
            Some(Some(client)) => match self.clients.iter().position(|known| known == client) {
                Some(at) => Wanted::Client(u32::try_from(at).ok()),
                None => Wanted::Nothing,
            },
            Some(None) => Wanted::Client(None),
            None => Wanted::All,
        };
        let mut raw = RawRow::default();
        if self.groups.is_none() {
            self.reader.rewind()?;
            // The header, which was read before.
            self.reader.next(&mut raw)?;
        }
        Ok(Records {
            scan: self,
            raw,
            next_group: 0,
            wanted,
            only,
            rows: 0,
            rows_not_open: 0,
            claims_not_overdue: 0,
            failed: false,
        })
    }
}

fn header<R: Read + Seek>(reader: &mut CsvReader<R>) -> Result<Vec<String>, OpenError> {
    let mut raw = RawRow::default();
    if !reader.next(&mut raw)? {
        return Err(MappingError::BrokenHeader("the file is empty").into());
    }
    if raw.broken.is_some() {
        let problem = "it is longer than 256 KiB, or a quoted field does not end";
        return Err(MappingError::BrokenHeader(problem).into());
    }
    let names = (0..raw.len()).map(|at| {
        let name = std::str::from_utf8(raw.field(at).unwrap_or_default());
        name.map(|name| name.trim().to_owned())
    });
    let names = names.collect::<Result<Vec<_>, _>>();
    Ok(names.map_err(|_| MappingError::BrokenHeader("it is not UTF-8: save the file as UTF-8"))?)
}

/// Which groups are read at all.
enum Wanted {
    All,
    Client(Option<u32>),
    Nothing,
}

/// The records of a file, one at a time. Ends after an error of the file itself.
pub struct Records<'s, R> {
    scan: &'s mut Scan<R>,
    raw: RawRow,
    next_group: usize,
    wanted: Wanted,
    only: Option<Option<String>>,
    rows: u64,
    rows_not_open: u64,
    claims_not_overdue: u64,
    failed: bool,
}

impl<R: Read + Seek> Records<'_, R> {
    fn step(&mut self) -> io::Result<Option<(Record, Vec<Payment>)>> {
        loop {
            let found =
                if self.scan.groups.is_some() { self.next_claim()? } else { self.next_row()? };
            let Some((record, payments)) = found else { return Ok(None) };
            if self.only.as_ref().is_none_or(|only| *only == record.client_ref) {
                return Ok(Some((record, payments)));
            }
        }
    }

    /// The next claim of a grouped file.
    fn next_claim(&mut self) -> io::Result<Option<(Record, Vec<Payment>)>> {
        let Scan { reader, plan, as_of, groups, .. } = &mut *self.scan;
        let groups = groups.as_deref().unwrap_or_default();
        let wanted = |group: &Group| match self.wanted {
            Wanted::All => true,
            Wanted::Client(client) => group.client == client,
            Wanted::Nothing => false,
        };
        let rest = groups.get(self.next_group..).unwrap_or_default();
        let Some(skipped) = rest.iter().position(wanted) else { return Ok(None) };
        let group = &rest[skipped];
        self.next_group += skipped + 1;
        let mut claim = ClaimBuilder::new(plan, *as_of);
        for run in &group.runs {
            reader.go_to(run.offset, run.line)?;
            for _ in 0..run.rows {
                if !reader.next(&mut self.raw)? {
                    return Err(io::Error::other("the file became shorter while it was read"));
                }
                claim.add(Row { raw: &self.raw, header: &plan.header });
            }
        }
        Ok(Some(claim.finish()))
    }

    /// The next row of a file whose rows are claims.
    fn next_row(&mut self) -> io::Result<Option<(Record, Vec<Payment>)>> {
        let Scan { reader, plan, as_of, .. } = &mut *self.scan;
        while reader.next(&mut self.raw)? {
            self.rows += 1;
            let row = Row { raw: &self.raw, header: &plan.header };
            let open = plan.is_open(row, *as_of);
            if matches!(open, Ok(false)) {
                self.rows_not_open += 1;
                continue;
            }
            if let (Ok(true), Some(overdue)) = (&open, &plan.overdue)
                && matches!(overdue.holds(row, *as_of), Ok(false))
            {
                self.claims_not_overdue += 1;
                continue;
            }
            let mut claim = ClaimBuilder::new(plan, *as_of);
            claim.add(row);
            return Ok(Some(claim.finish()));
        }
        Ok(None)
    }

    /// Notes whose the claim is that was read last.
    fn note_client(&mut self, client: u32) {
        let last = self.next_group.checked_sub(1);
        let groups = self.scan.groups.as_mut();
        if let (Some(groups), Some(last)) = (groups, last) {
            groups[last].client = Some(client);
        }
    }
}

impl<R: Read + Seek> Iterator for Records<'_, R> {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let step = self.step();
        self.failed = step.is_err();
        step.map(|found| found.map(|(record, _)| record)).transpose()
    }
}
