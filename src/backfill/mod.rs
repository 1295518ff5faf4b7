//! Writes briefs for records that are in the store already: the production pipeline over all of them.
//!
//! [`plan()`] says what a run would do and cost, without a call. [`run()`] does it and notes every record in a ledger
//! in the store, so that a killed run goes on where it was. Both go over the same records in the same order (`walk`).
//! Each record is worked on as its newest handoff event said; a record that never had one gets an event made up from
//! the run's settings.

mod plan;
mod run;
mod walk;

use jiff::Timestamp;

pub use plan::{Forecast, plan};
pub use run::{Report, run};

/// What a backfill works on.
#[derive(Debug, Clone)]
pub struct Options {
    /// Kind of handoff: names the contract.
    pub kind: String,
    /// Name of the run in the ledger: the same name goes on where the last one was cut off.
    pub run: String,
    /// Time of the events made up for records that never had one.
    pub as_of: Timestamp,
    /// Handoffs in work at once.
    pub concurrency: usize,
    /// At most this many records, not counting those the ledger has as done.
    pub limit: Option<usize>,
}
