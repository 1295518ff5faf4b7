//! What was understood of one source, as `baton read` tells it.

use serde::Serialize;
use serde_json::Value as Json;

use super::read::handoff_of;
use crate::context::{self, Gathering, MailHead, Material, PassageKind, RemovedKind, readable, tokens};
use crate::domain::brief::Span;
use crate::domain::event::Side;
use crate::domain::handoff::Source;

/// What was understood of one source.
#[derive(Serialize)]
pub(super) struct Account {
    pub(super) id: Json,
    format: String,
    /// Of the first mail: what its headers say.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    mail: Option<MailHead>,
    language: Option<String>,
    reply: String,
    pub(super) removed: Vec<RemovedText>,
    units: Vec<UnitText>,
    pub(super) tokens: Tokens,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cues: Option<usize>,
    left_out: Vec<String>,
    /// `content` or `readable`: what `start` and `end` count in.
    spans_in: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    readable: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
pub(super) struct RemovedText {
    pub(super) kind: RemovedKind,
    pub(super) text: String,
}

#[derive(Serialize)]
pub(super) struct UnitText {
    n: usize,
    kind: PassageKind,
    speaker: Option<String>,
    address: Option<String>,
    side: Side,
    at: Option<jiff::Timestamp>,
    title: Option<String>,
    text: String,
    start: usize,
    end: usize,
}

/// Counted with the tokenizer of the settings.
#[derive(Serialize)]
pub(super) struct Tokens {
    pub(super) original: usize,
    pub(super) kept: usize,
}

impl Account {
    /// Who speaks, and in how many units, in the order of their first.
    pub(super) fn speakers(&self) -> impl Iterator<Item = (&str, usize)> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for name in self.units.iter().filter_map(|unit| unit.speaker.as_deref()) {
            match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, units)) => *units += 1,
                None => counts.push((name, 1)),
            }
        }
        counts.into_iter()
    }

    /// Reads one source by itself.
    pub(super) fn of(id: Json, source: &Source, gathering: &Gathering) -> Self {
        let mut read = readable(source, &gathering.limits);
        let material = context::gather(&handoff_of(vec![source.clone()]), gathering);
        let content = String::from_utf8_lossy(&source.body);
        let mut units = units(&material);
        let places: Option<Vec<Span>> =
            units.iter().map(|unit| read.origin.place(Span { start: unit.start, end: unit.end })).collect();
        let is_in_content = places.is_some() && matches!(content, std::borrow::Cow::Borrowed(_));
        let characters = Characters::of(if is_in_content { &content } else { &read.text });
        let places = places.filter(|_| is_in_content);
        for (n, unit) in units.iter_mut().enumerate() {
            let place = places.as_ref().map_or(Span { start: unit.start, end: unit.end }, |places| places[n]);
            (unit.start, unit.end) = (characters.before(place.start), characters.before(place.end));
        }
        let count = |text: &str| tokens::count(&gathering.encoding, text);
        Self {
            id,
            mail: read.mail.take(),
            language: material.receipts.iter().find_map(|receipt| receipt.language.clone()),
            reply: joined(&read.text, &read.reply),
            removed: read
                .removed
                .iter()
                .map(|removed| RemovedText { kind: removed.kind, text: joined(&read.text, &removed.spans) })
                .collect(),
            tokens: Tokens { original: count(&content), kept: units.iter().map(|unit| count(&unit.text)).sum() },
            error: read.left_out.iter().find(|why| units.is_empty() && why.starts_with("not read")).cloned(),
            units,
            cues: read.cues,
            left_out: std::mem::take(&mut read.left_out),
            spans_in: if is_in_content { "content" } else { "readable" },
            readable: (!is_in_content).then_some(read.text),
            format: read.format,
        }
    }
}

fn units(material: &Material) -> Vec<UnitText> {
    let rows = material.messages.iter().flat_map(|message| message.passages.iter().map(move |passage| (message, passage)));
    let unit = |(n, (message, passage)): (usize, (&context::Message, &context::Passage))| UnitText {
        n,
        kind: passage.kind,
        speaker: message.speaker.clone(),
        address: message.address.clone(),
        side: message.side,
        at: message.at,
        title: message.title.clone(),
        text: passage.text.clone(),
        start: passage.span.start,
        end: passage.span.end,
    };
    (1..).zip(rows).map(unit).collect()
}

/// Pieces of a text, each on lines of its own.
fn joined(text: &str, spans: &[Span]) -> String {
    let pieces: Vec<&str> = spans.iter().filter_map(|span| text.get(span.start..span.end)).collect();
    pieces.join("\n").trim().to_owned()
}

/// Places in a text: bytes → characters.
struct Characters<'a> {
    text: &'a str,
    /// Characters before each block of bytes.
    before: Vec<usize>,
}

const BLOCK: usize = 256;

impl<'a> Characters<'a> {
    fn of(text: &'a str) -> Self {
        let mut count = 0;
        let starts = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = count;
            count += block.iter().filter(|byte| starts_character(**byte)).count();
            before
        });
        Self { text, before: starts.collect() }
    }

    /// Characters before a byte.
    fn before(&self, byte: usize) -> usize {
        let block = (byte / BLOCK).min(self.before.len().saturating_sub(1));
        let rest = self.text.as_bytes().get(block * BLOCK..byte).unwrap_or_default();
        self.before.get(block).copied().unwrap_or(0) + rest.iter().filter(|byte| starts_character(**byte)).count()
    }
}

fn starts_character(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}
