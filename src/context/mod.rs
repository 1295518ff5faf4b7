//! Sources → what the model may read.
//!
//! [`gather()`] reads every source, whatever its format, into [`Material`]: messages of who said what when.
//! [`fit`] numbers the units and cuts to a token budget: the [`Excerpt`]. Pure: no I/O, no clock.
//!
//! Reading order: `format` tells the format of a source and `reading` reads it, through `captions`, `turns`, `mail`,
//! `note` or `fields`, which share `lines` and `html`. `gather` joins the sources: `copies` leaves out what is there
//! twice, `people` says who is who. `fitting` cuts to the budget by the `rank` of each unit, which comes from the contract's
//! cues and from `signals`; `long` cuts what is far over it into chunks, for a model to pick from.

mod captions;
mod copies;
mod cues;
mod excerpt;
mod fields;
mod fitting;
mod format;
mod gather;
mod html;
mod lines;
mod long;
mod mail;
mod material;
#[cfg(test)]
mod measure;
mod note;
mod people;
mod rank;
mod reading;
mod signals;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod tokens;
mod turns;
mod visible;

pub use cues::CueMatcher;
pub use excerpt::{Excerpt, Unit};
pub use fitting::fit;
pub use gather::{EVENT_FIELDS, gather};
pub use long::{ChunkPicks, Long, material_tokens, text_bytes};
pub use material::{Gathering, Limits, Material, Message, Passage, PassageKind};
pub use reading::{Readable, readable};
pub use visible::{is_invisible, visible};
