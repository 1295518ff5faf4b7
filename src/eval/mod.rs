//! Evaluation: stored cases through the production pipeline, and how far the briefs are from what a person expects.

pub mod case;
pub mod decided;
mod desk;
mod run;
pub mod score;

pub use desk::no_store;
pub use run::{Baseline, CaseResult, Results, request, run};
