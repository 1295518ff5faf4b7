//! Sources → what the model may read.
//!
//! [`gather`] reads every source, whatever its format, into [`Material`]: messages of who said what when.
//! [`fit`] numbers the units and cuts to a token budget: the [`Excerpt`]. Pure: no I/O, no clock.

mod excerpt;
mod material;

pub use excerpt::{Excerpt, Unit, fit};
pub use material::{Gathering, Limits, Material, Message, Passage, PassageKind, gather};
