//! Sources → what the model may read.
//!
//! [`gather()`] reads every source, whatever its format, into [`Material`]: messages of who said what when.
//! [`fit`] numbers the units and cuts to a token budget: the [`Excerpt`]. Pure: no I/O, no clock.
//!
//! Reading order: `format` tells the format of a source and `reading` reads it, through `captions`, `turns`, `mail`,
//! `note` or `fields`, which share `lines` and `html`. `gather` joins the sources: `copies` leaves out what is there
//! twice, `people` says who is who. `rank` says what to keep when not all fits.

mod captions;
mod chat;
mod copies;
mod cues;
mod dialogue;
mod excerpt;
mod exports;
mod fields;
mod format;
mod gather;
#[cfg(test)]
mod hostile;
mod html;
mod lines;
mod mail;
mod material;
#[cfg(test)]
mod measure;
mod note;
mod numeric_dates;
mod origin;
mod people;
mod rank;
mod reading;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod tokens;
mod turns;
mod visible;

pub use cues::CueMatcher;
pub use excerpt::{Excerpt, Unit, fit};
pub use gather::{EVENT_FIELDS, gather};
pub use material::{Gathering, Limits, Material, Message, Passage, PassageKind};
pub use origin::{Origin, Pieces};
pub use reading::{Readable, Removed, RemovedKind, readable};
pub use visible::{is_invisible, visible};
