//! Sources → what the model may read.
//!
//! [`gather()`] reads every source, whatever its format, into [`Material`]: messages of who said what when.
//! [`fit`] numbers the units and cuts to a token budget: the [`Excerpt`]. Pure: no I/O, no clock.
//!
//! Reading order: `format` tells the format of a source and `reading` reads it, through `captions`, `turns`, `mail`,
//! `note` or `fields`, which share `lines` and `html`. `gather` joins the sources: `people` says who is who (`roster`,
//! `names`, `sides`), `copies` leaves out what is there twice (`spoken`, `overlap`, `words`, `links`), `language` tells the language.
//! `rank` says what to keep when not all fits.

mod captions;
mod copies;
mod cues;
mod excerpt;
mod exports;
mod fields;
mod format;
mod gather;
#[cfg(test)]
mod generated;
mod html;
mod language;
mod lines;
mod links;
mod mail;
mod material;
#[cfg(test)]
mod measure;
mod names;
mod note;
mod origin;
mod overlap;
mod people;
mod rank;
mod reading;
mod roster;
mod sides;
mod spoken;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod tokens;
mod turns;
mod visible;
mod words;

pub use cues::CueMatcher;
pub use excerpt::{Excerpt, Unit, fit};
pub use gather::{EVENT_FIELDS, gather};
pub use material::{Gathering, Limits, Material, Message, Passage, PassageKind};
pub use origin::{Origin, Pieces};
pub use reading::{Readable, Removed, RemovedKind, readable};
pub use visible::{is_invisible, visible};
