//! Exports of other systems, as JSON: calls, mails and chats. Told by their shape, not by a name.

use serde_json::Value as Json;

use super::lines::turn;
use super::material::Limits;
use super::origin::Origin;
use super::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// A known export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Export {
    /// Fireflies: `sentences[]` with `speaker_name` and `text`; times in seconds.
    Fireflies,
}

impl Export {
    /// For the receipt: the format and the rule that matched.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Fireflies => "Fireflies transcript (JSON with sentences[].speaker_name)",
        }
    }
}

/// Tells an export by its shape. The more specific shape wins.
pub(super) fn detect(json: &Json) -> Option<Export> {
    fireflies(json).map(|_| Export::Fireflies)
}

/// Reads an export. The readable text is made: one line per turn.
pub(super) fn read(source: &Source, content: &str, export: Export, _limits: &Limits) -> Reading {
    let mut reading = Reading { origin: Origin::Decoded, ..Reading::default() };
    // Detection parsed it already; an error would mean that the two disagree, and reads as nothing.
    let json: Json = serde_json::from_str(content.trim_start_matches('\u{feff}')).unwrap_or_default();
    match export {
        Export::Fireflies => {
            for sentence in fireflies(&json).into_iter().flatten() {
                let text = |name: &str| sentence.get(name).and_then(Json::as_str);
                push(source, text("speaker_name"), text("text").unwrap_or_default(), &mut reading);
            }
        }
    }
    reading
}

fn fireflies(json: &Json) -> Option<&Vec<Json>> {
    let sentences = json.pointer("/data/transcript/sentences").or_else(|| json.get("sentences"))?.as_array()?;
    sentences.first()?.get("speaker_name").map(|_| sentences)
}

fn push(source: &Source, speaker: Option<&str>, text: &str, reading: &mut Reading) {
    let start = reading.text.len();
    reading.text.push_str(text);
    let span = Span { start, end: reading.text.len() };
    reading.text.push('\n');
    reading.drafts.push(Draft {
        speaker: speaker.map(str::to_owned),
        at: source.occurred_at,
        title: source.title.clone(),
        passages: turn(&reading.text, span),
        ..Draft::default()
    });
}
