//! Brief → reviewed brief → write-back. What a reader relies on is decided here.

mod review;
mod write;

pub use review::{Reviewed, review};
pub use write::{WriteBack, plan_write};
