//! Evaluation: stored cases through the pipeline, and how far the briefs are from what a person expects.

pub mod case;
pub mod score;
