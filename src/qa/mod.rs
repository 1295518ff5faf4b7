//! Brief → reviewed brief → write-back. What a reader relies on is decided here.
//!
//! [`review()`] repairs what can be repaired, runs the table of `checks`, puts people's values in their place and
//! decides readiness; [`claims_to_judge`] and [`add_judgements`] let a second model look at it; [`plan_write`] says what may
//! be written. [`audit()`] runs the same ideas on a bare summary.

mod audit;
mod checks;
mod facts;
mod harmless;
mod index;
mod judge;
mod normal;
mod readiness;
mod review;
mod stretches;
mod write;

pub use audit::{AuditFinding, audit};
pub use judge::{add_judgements, claims_to_judge};
pub use review::{Reviewed, review};
pub use write::{WriteBack, plan_write};

#[cfg(test)]
mod cases;
