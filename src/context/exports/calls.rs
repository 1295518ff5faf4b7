//! Transcripts of calls as JSON. The readable text is made: one line per turn.

use serde_json::Value as Json;

use crate::context::lines::turn;
use crate::context::material::Limits;
use crate::context::origin::Origin;
use crate::context::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// Reads a transcript.
pub(super) fn read(source: &Source, json: &Json, limits: &Limits) -> Reading {
    let mut reading = Reading { origin: Origin::Decoded, ..Reading::default() };
    for sentence in fireflies(json).into_iter().flatten().take(limits.parts) {
        let text = |name: &str| sentence.get(name).and_then(Json::as_str);
        push(source, text("speaker_name"), text("text").unwrap_or_default(), &mut reading);
    }
    reading
}

pub(super) fn fireflies(json: &Json) -> Option<&Vec<Json>> {
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
