//! One event, from its bytes to an outcome.
//!
//! The worker, the backfill and the evaluation all call this and add nothing to it: what the evaluation
//! measures is what production runs.

mod failure;
mod judge;
mod pick;
mod process;
mod rounds;
mod summarize;

pub use failure::{Class, Failure};
pub use judge::JudgeStep;
pub use pick::{MapStep, Picking};
pub use process::{Asking, Outcome, Pipeline, Plan, Settings};
