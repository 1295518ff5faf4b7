//! Brief → reviewed brief → write-back. What a reader relies on is decided here.
//!
//! [`review()`] repairs what can be repaired, runs the table of `checks`, puts people's values in their place and
//! decides readiness; [`plan_write`] says what may be written. [`audit()`] runs the same ideas on a bare summary.

mod audit;
mod checks;
mod facts;
mod harmless;
mod index;
mod normal;
mod readiness;
mod review;
mod write;

pub use audit::{AuditFinding, audit};
pub use review::{Reviewed, review};
pub use write::{WriteBack, plan_write};

#[cfg(test)]
mod cases;
#[cfg(test)]
mod measure;
