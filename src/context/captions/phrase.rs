//! The text of a cue without its markup, as pieces of the content.

use std::borrow::Cow;

use crate::context::html::decode_entities;
use crate::context::lines::Line;
use crate::context::origin::Composed;
use crate::domain::brief::Span;

/// What one voice says in a cue.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The annotation of its `<v>` tag.
    pub(super) voice: Option<String>,
    pub(super) lines: Vec<Phrase>,
}

/// A stretch of words on one line.
#[derive(Debug, Default)]
pub(super) struct Phrase {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    /// Stands in the content.
    Copied(Span),
    /// Was decoded.
    Made(String),
}

impl Part {
    fn text<'a>(&'a self, content: &'a str) -> &'a str {
        match self {
            Self::Copied(span) => &content[span.start..span.end],
            Self::Made(text) => text,
        }
    }

    /// Takes bytes away, at boundaries of characters.
    fn cut(&mut self, from_start: usize, from_end: usize) {
        match self {
            Self::Copied(span) => *span = Span { start: span.start + from_start, end: span.end - from_end },
            Self::Made(text) => *text = text[from_start..text.len() - from_end].to_owned(),
        }
    }
}

impl Phrase {
    /// All of a line, whoever says it.
    pub(super) fn of_line(content: &str, line: Line) -> Self {
        let found = segments(content, &[line]);
        Self { parts: found.into_iter().flat_map(|segment| segment.lines).flat_map(|line| line.parts).collect() }
    }

    pub(super) fn plain<'a>(&'a self, content: &'a str) -> Cow<'a, str> {
        match self.parts.as_slice() {
            [part] => Cow::Borrowed(part.text(content)),
            parts => Cow::Owned(parts.iter().map(|part| part.text(content)).collect()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn begins_with(&self, content: &str, mark: &str) -> bool {
        self.plain(content).trim_start().starts_with(mark)
    }

    /// Takes the first bytes of the plain text away.
    pub(super) fn skip(&mut self, bytes: usize) {
        let mut left = bytes;
        self.parts.retain_mut(|part| {
            let length = match part {
                Part::Copied(span) => span.end - span.start,
                Part::Made(text) => text.len(),
            };
            let taken = left.min(length);
            left -= taken;
            part.cut(taken, 0);
            taken < length
        });
    }

    /// Takes white space away at both ends.
    pub(super) fn trim(&mut self, content: &str) {
        let is_filled = |part: &Part| !part.text(content).trim().is_empty();
        let last = self.parts.iter().rposition(is_filled);
        self.parts.truncate(last.map_or(0, |last| last + 1));
        let first = self.parts.iter().position(is_filled).unwrap_or(0);
        self.parts.drain(..first);
        if let Some(part) = self.parts.first_mut() {
            let text = part.text(content);
            part.cut(text.len() - text.trim_start().len(), 0);
        }
        if let Some(part) = self.parts.last_mut() {
            let text = part.text(content);
            part.cut(0, text.len() - text.trim_end().len());
        }
    }

    pub(super) fn add_to(&self, text: &mut Composed, content: &str) {
        for part in &self.parts {
            match part {
                Part::Copied(span) => text.copy(content, *span),
                Part::Made(made) => text.make(made),
            }
        }
    }

    fn copy(&mut self, start: usize, end: usize) {
        if start < end {
            self.parts.push(Part::Copied(Span { start, end }));
        }
    }
}

/// The voices of a cue, in their order. A voice goes on until the next one, or until the cue ends.
pub(super) fn segments(content: &str, lines: &[Line]) -> Vec<Segment> {
    let mut found = vec![Segment::default()];
    for line in lines {
        let text = line.text(content);
        let mut phrase = Phrase::default();
        // Where the text begins that is not in the phrase yet.
        let (mut open, mut at) = (0, 0);
        while let Some(offset) = text[at..].find(['<', '&', '{']) {
            at += offset;
            let Some((end, mark)) = mark(text, at) else {
                at += 1;
                continue;
            };
            phrase.copy(line.start + open, line.start + at);
            (open, at) = (end, end);
            match mark {
                Mark::Tag => {}
                Mark::Character(decoded) => phrase.parts.push(Part::Made(decoded)),
                Mark::Voice(name) => {
                    close(&mut found, std::mem::take(&mut phrase));
                    found.push(Segment { voice: Some(name).filter(|name| !name.is_empty()), lines: Vec::new() });
                }
            }
        }
        phrase.copy(line.start + open, line.end);
        close(&mut found, phrase);
    }
    found.retain(|segment| !segment.lines.is_empty());
    found
}

fn close(segments: &mut [Segment], phrase: Phrase) {
    if let Some(segment) = segments.last_mut().filter(|_| !phrase.is_empty()) {
        segment.lines.push(phrase);
    }
}

enum Mark {
    Voice(String),
    Tag,
    Character(String),
}

/// Nobody's name, and no class of a cue, is longer; without a bound a line of `<` would cost its square.
const LONGEST_TAG: usize = 256;

/// The markup at a place of a line, and where it ends. What only looks like markup is text.
fn mark(text: &str, at: usize) -> Option<(usize, Mark)> {
    let rest = &text[at..text.floor_char_boundary(at.saturating_add(LONGEST_TAG).min(text.len()))];
    match rest.as_bytes().first()? {
        b'<' => {
            let length = rest.find('>')?;
            Some((at + length + 1, tag(&rest[1..length])?))
        }
        b'&' => {
            let length = rest.find(';').filter(|length| *length < 34)? + 1;
            let decoded = decode_entities(&rest[..length]);
            (decoded != rest[..length]).then_some((at + length, Mark::Character(decoded)))
        }
        // Styles of SubStation Alpha, which SubRip files carry: `{\an8}`.
        _ => rest.starts_with("{\\").then(|| rest.find('}')).flatten().map(|length| (at + length + 1, Mark::Tag)),
    }
}

/// A tag of WebVTT or SubRip, from what stands between its brackets.
fn tag(inner: &str) -> Option<Mark> {
    let is_end = inner.starts_with('/');
    let bare = inner.strip_prefix('/').unwrap_or(inner);
    let name_end = bare.find([' ', '\t', '.', '=', '/']).unwrap_or(bare.len());
    let name = bare[..name_end].to_ascii_lowercase();
    let is_time =
        || bare.starts_with(|c: char| c.is_ascii_digit()) && bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'));
    match name.as_str() {
        "v" if !is_end => {
            let annotation = bare.find([' ', '\t']).map_or("", |blank| &bare[blank..]);
            let name: Vec<&str> = annotation.split_whitespace().collect();
            Some(Mark::Voice(decode_entities(&name.join(" "))))
        }
        // `</>` is no tag of either, but some write it.
        "v" | "c" | "i" | "b" | "u" | "s" | "ruby" | "rt" | "lang" | "font" | "br" | "" => Some(Mark::Tag),
        _ if is_time() => Some(Mark::Tag),
        _ => None,
    }
}
