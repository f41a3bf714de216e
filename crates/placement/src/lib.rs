//! From a client's CSV file and a YAML mapping to typed placements.
//!
//! A [`Mapping`] says which column is what. [`Scan::open`] reads the file once, finds which rows
//! belong together and counts; [`Scan::records`] then yields every placement, or the row error that
//! stands in its place, one after the other. Memory grows with the number of claims, never with
//! their content. [`generate()`] makes a portfolio by a seed, as a file that takes the same road, and
//! [`plan_payments`] makes payments of any portfolio by a seed.
//!
//! Names, telephone numbers and addresses stay as they are written: whoever takes the placement
//! checks them. An error names the line, the field and a stable code, and never repeats a value.
//! Nothing here opens a file, reads a clock or draws lots.

mod bind;
mod claim;
mod condition;
mod csv_reader;
mod error;
pub mod generate;
mod index;
mod mapping;
mod payment_model;
mod placement;
mod plan;
mod rng;
mod row;
mod scan;
mod totals;

pub use error::{Code, MappingError, OpenError, RowError};
pub use generate::{Portfolio, generate};
pub use mapping::{
    AddressMapping, Comparison, Condition, ContactMapping, CsvOptions, DaysOverdue, FactParty,
    Field, ItemMapping, KnownFactMapping, Mapping, Operator, OverdueScope, PartyMapping,
    PaymentsMapping, Source,
};
pub use payment_model::{Behaviour, Owed, PlannedPayment, plan_payments};
pub use placement::{Contact, Item, KnownFact, Party, Payment, Placement, Record};
pub use scan::{Records, Scan};
pub use totals::{Counts, Totals};

/// The mapping of the file that [`Portfolio::write_csv`] writes: `demo/generated.yaml`.
pub const GENERATED_MAPPING: &str = include_str!("../../../demo/generated.yaml");
