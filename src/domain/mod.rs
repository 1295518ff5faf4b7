//! The nouns of a handoff and their rules. Knows nothing of brokers, databases, models or clocks.
//!
//! Reading order: [`event`] (what arrives) → [`handoff`] (what was fetched for it) → [`contract`] and
//! [`condition`] (what a brief of this kind must hold) → [`value`] and [`brief`] (what is written back) →
//! [`claim`] (what a judge is asked about) → [`decision`] (what people make of it) → [`stamp`] (what exactly the model read).

pub mod brief;
pub mod claim;
pub mod condition;
pub mod contract;
pub mod decision;
pub mod event;
pub mod handoff;
pub mod mention;
pub mod stamp;
pub mod value;
