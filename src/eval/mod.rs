//! Evaluation: stored cases through the production pipeline, and how far the briefs are from what a person expects.
//! [`planted`] measures the checks instead of the engine.

pub mod case;
pub mod decided;
mod desk;
pub mod planted;
mod run;
pub mod score;

pub use desk::no_store;
pub use run::{Baseline, CaseResult, Results, request, run};
