//! Sources → what the model may read.
//!
//! [`gather()`] reads every source, whatever its format, into [`Material`]: messages of who said what when.
//! [`fit`] numbers the units and cuts to a token budget: the [`Excerpt`]. Pure: no I/O, no clock.
//!
//! Reading order: `bytes` and `format` tell the format of a source and `reading` reads it, through `captions`, `turns`,
//! `chat`, `table`, `mail`, `exports`, `note` or `fields`, which share `lines` and `html`. `gather` joins the sources:
//! `people` says who is who (`roster`, `names`, `sides`), `copies` leaves out what is there twice (`spoken`, `overlap`,
//! `words`, `links`), `language` tells the language. `fitting` cuts to the budget by the `rank` of each unit, which comes from the
//! contract's cues and from `signals`; `long` cuts what is far over it into chunks, for a model to pick from.

mod bytes;
mod captions;
mod chat;
mod check_digits;
mod copies;
mod cues;
mod dialogue;
mod excerpt;
mod exports;
mod fields;
mod fitting;
mod format;
mod gather;
#[cfg(test)]
#[allow(unreachable_pub, reason = "the benchmark includes the file")]
mod generated;
#[cfg(test)]
mod hostile;
mod html;
mod language;
mod lines;
mod links;
mod long;
mod mail;
mod material;
#[cfg(test)]
mod measure;
mod names;
mod note;
mod numeric_dates;
mod origin;
mod overlap;
mod people;
mod rank;
mod reading;
mod roster;
mod secrets;
mod sides;
mod signals;
mod spoken;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod tokens;
mod turns;
mod visible;
mod words;

pub use cues::CueMatcher;
pub use excerpt::{Excerpt, Unit};
pub use fitting::fit;
pub use gather::{EVENT_FIELDS, gather};
pub use language::language_of;
pub use long::{ChunkPicks, Long, material_tokens, text_bytes};
pub use material::{Gathering, Limits, Material, Message, Passage, PassageKind};
pub use origin::{Origin, Pieces};
pub use reading::{MailHead, Readable, Removed, RemovedKind, readable};
pub use secrets::{Secret, SecretKind, contacts, secrets};
pub use visible::{is_invisible, visible};
