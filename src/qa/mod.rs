//! Brief → reviewed brief → write-back. What a reader relies on is decided here.
//!
//! [`review()`] repairs what can be repaired, runs the table of `checks`, puts people's values in their place and
//! decides readiness; [`claims_to_judge`] and [`add_judgements`] let a second model look at it; [`plan_write`] says what may
//! be written, and [`decide()`] what a person's decision writes. [`audit()`] runs the same ideas on a bare summary.

mod audit;
mod calendar;
mod checks;
mod claim;
mod decide;
mod facts;
mod harmless;
mod index;
mod judge;
mod normal;
mod parts;
mod people;
mod readiness;
mod review;
mod stretches;
mod write;

pub use audit::{Audit, AuditFinding, SourceSpan, audit, audit_brief, audit_material};
pub use checks::checks;
pub use decide::{DecideError, Decider, Ruling, Says, decide};
pub use judge::{add_judgements, claims_to_judge};
pub use parts::{acceptable_parts, parts, said_in, type_of_part};
pub use review::{Reviewed, review};
pub use write::{WriteBack, plan_write};

#[cfg(test)]
mod cases;
#[cfg(test)]
mod measure;
