//! Exports of other systems, as JSON. Told by their shape, not by a name.

mod calls;
mod gmail;
mod mails;

use serde_json::Value as Json;

use super::material::Limits;
use super::reading::Reading;
use crate::domain::handoff::Source;
use mails::MailExport;

/// A known export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Export {
    /// Fireflies: `sentences[]` with `speaker_name` and `text`; times in seconds.
    Fireflies,
    Mails(MailExport),
}

impl Export {
    /// For the receipt: the format and the rule that matched.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Fireflies => "Fireflies transcript (JSON with sentences[].speaker_name)",
            Self::Mails(export) => export.describe(),
        }
    }
}

/// Tells an export by its shape. The more specific shape wins.
pub(super) fn detect(json: &Json) -> Option<Export> {
    calls::fireflies(json).map(|_| Export::Fireflies).or_else(|| mails::detect(json).map(Export::Mails))
}

/// Reads an export. The readable text is made.
pub(super) fn read(source: &Source, content: &str, export: Export, limits: &Limits) -> Reading {
    // Detection parsed it already; an error would mean that the two disagree, and reads as nothing.
    let json: Json = serde_json::from_str(content.trim_start_matches('\u{feff}')).unwrap_or_default();
    match export {
        Export::Fireflies => calls::read(source, &json, limits),
        Export::Mails(export) => mails::read(&json, export, limits),
    }
}
