//! Legal days and the ticks at which they are acted on.

use chrono::{DateTime, Utc};
use duly_domain::Date;
use duly_platform::Tx;

/// The tick at which what is due on a day is done: the first of the day in the agency's zone, and never
/// one at which facts of this instant are still coming in.
pub(crate) fn tick_of_day(tx: &Tx, day: Date) -> DateTime<Utc> {
    let begins = tx.host().zone().start_of_day(day);
    tx.tick_at_or_after(begins).max(tx.next_tick())
}
