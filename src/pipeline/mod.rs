//! One event, from its bytes to an outcome.
//!
//! The worker, the backfill and the evaluation all call this and add nothing to it: what the evaluation
//! measures is what production runs.

mod failure;
mod pick;
mod process;
mod summarize;

pub use failure::{Class, Failure};
pub use pick::{MapStep, Picking};
pub use process::{Asking, Outcome, Pipeline, Plan, Settings};
