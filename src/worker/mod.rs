//! The worker: deliveries in, settlements out, so many at a time.
//!
//! It knows neither the queue nor the pipeline's inside. One bad event never stops the next; a failure that every event
//! would share stops them all and gives them back.

mod run;
mod settle;

pub use run::{Ended, Options, Report, run};
pub use settle::{RetryPolicy, settle};
