//! Baton makes sales handoffs survive.
//!
//! # Layout
//!
//! In reading order, lowest layer first; a module uses only modules of lower layers (`tests/it/tidy.rs`):
//!
//! * [`domain`]: the nouns: event, handoff, contract, brief, stamp. [`config`]: the settings.
//! * [`context`]: sources → what the model may read. [`telemetry`]: the log.
//! * [`prompt`]: contract and excerpt → request. [`qa`]: brief → reviewed brief → write-back.
//! * [`ports`]: all we need of the world: a language model, a record store, deliveries.
//! * [`pipeline`]: one event → one outcome, and the class of every failure. [`adapters`]: the world.
//! * [`worker`], [`backfill`], [`eval`]: three drivers of the same pipeline.
//! * [`cli`]: one file per command; the only place that names an adapter.
//!
//! `docs/architecture.md` walks one event through all of it.

pub mod adapters;
pub mod backfill;
pub mod cli;
pub mod config;
pub mod context;
pub mod domain;
pub mod eval;
pub mod pipeline;
pub mod ports;
pub mod prompt;
pub mod qa;
pub mod telemetry;
pub mod worker;
