//! [`compose`]: letters → the readable text, where it stands in the source, and the messages in it.

use super::flow::{self, each_line};
use super::letter::{Body, Letter, Letters};
use super::thread::split;
use super::{marks, trailer};
use crate::context::html::Mark;
use crate::context::lines::{Line, lines, paragraphs, spans};
use crate::context::origin::{Composed, Origin};
use crate::context::reading::{Draft, DraftRole, Reading, Removed, RemovedKind};
use crate::domain::brief::Span;

/// Makes a reading of letters. `content` is the source as text, if it is text.
///
/// The readable text is the content itself where all bodies stand in it undecoded, unquoted and as plain text;
/// otherwise it is made of the decoded bodies, without the marks of quotation.
pub(in crate::context) fn compose(mut letters: Letters<'_>, content: Option<&str>) -> Reading {
    let mut reading = Reading { left_out: letters.receipt_lines(), mail: letters.first.take(), ..Reading::default() };
    let letters = letters.letters;
    let is_verbatim = |content: &str| letters.iter().flat_map(|letter| &letter.bodies).all(|body| stands_in(body, content));
    let bytes = letters.iter().flat_map(|letter| &letter.bodies).map(length).sum();
    let mut text = match content.filter(|content| is_verbatim(content)) {
        Some(content) => Text::There(content),
        None => Text::Made(Composed::with_capacity(bytes), content),
    };
    for letter in letters {
        push_letter(letter, &mut text, &mut reading);
    }
    reading.drafts.retain(|draft| !draft.passages.is_empty());
    reading.left_out.extend(trailer::receipt_lines(&reading.removed));
    (reading.text, reading.origin) = match text {
        Text::There(content) => (content.to_owned(), Origin::Content),
        Text::Made(composed, _) => composed.finish(),
    };
    reading
}

/// Splits one letter into its messages.
fn push_letter(letter: Letter, text: &mut Text<'_>, reading: &mut Reading) {
    let (mut lines, line_marks) = text.push(&letter);
    let text = text.as_str();
    reading.removed.extend(marks::settle(text, &mut lines, &line_marks, letter.head.zone_seconds));
    let mut role = letter.role;
    let mut receivers = letter.receivers;
    for mut part in split(text, &lines, &letter.head) {
        let removed = trailer::strip(text, &mut part.lines);
        if !part.header.is_empty() {
            reading.removed.push(Removed { kind: RemovedKind::QuoteHeader, spans: spans(&part.header) });
        }
        if role == DraftRole::Copied {
            reading.removed.push(Removed { kind: RemovedKind::Quote, spans: spans(&part.lines) });
        }
        reading.removed.extend(removed);
        let draft = Draft {
            speaker: part.head.name,
            address: part.head.address,
            at: part.head.at,
            title: part.head.subject.or_else(|| letter.head.subject.clone()),
            message_id: part.head.message_id,
            role,
            body: spans(&part.lines),
            passages: paragraphs(text, &part.lines),
            ..Draft::default()
        };
        reading.drafts.push(Draft { receivers: std::mem::take(&mut receivers), ..draft });
        role = DraftRole::Copied;
    }
}

fn stands_in(body: &Body, content: &str) -> bool {
    match body {
        Body::Text { decoded: None, places, format, .. } => {
            places.iter().all(|place| flow::is_verbatim(&content[place.clone()], *format))
        }
        Body::Text { .. } | Body::Page(_) => false,
    }
}

fn length(body: &Body) -> usize {
    match body {
        Body::Text { places, .. } => places.iter().map(|place| place.len() + 1).sum(),
        Body::Page(page) => page.lines.iter().map(|line| line.text.len() + 1).sum(),
    }
}

/// The readable text: the content, or one that is made of pieces of it and of decoded texts.
enum Text<'a> {
    There(&'a str),
    Made(Composed, Option<&'a str>),
}

impl Text<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::There(content) => content,
            Self::Made(composed, _) => composed.text(),
        }
    }

    /// Adds the lines of a letter, and says what a page marks them as.
    fn push(&mut self, letter: &Letter) -> (Vec<Line>, Vec<Mark>) {
        let mut added = Added::default();
        for body in &letter.bodies {
            match (&mut *self, body) {
                (Self::There(content), Body::Text { places, .. }) => {
                    added.lines.extend(places.iter().flat_map(|place| lines(content, place.clone())));
                }
                (Self::There(_), Body::Page(_)) => {}
                (Self::Made(composed, content), body) => push_body(body, *content, composed, &mut added),
            }
        }
        added.marks.resize(added.lines.len(), Mark::None);
        (added.lines, added.marks)
    }
}

#[derive(Default)]
struct Added {
    lines: Vec<Line>,
    marks: Vec<Mark>,
}

impl Added {
    fn line(&mut self, start: usize, composed: &mut Composed, depth: u8, mark: Mark) {
        self.lines.push(Line { start, end: composed.len(), depth });
        self.marks.push(mark);
        composed.make("\n");
    }
}

fn push_body(body: &Body, content: Option<&str>, composed: &mut Composed, added: &mut Added) {
    match body {
        Body::Text { decoded, places, format, from_lines } => {
            let whole = decoded.as_deref().or(content).unwrap_or_default();
            for place in places {
                each_line(whole, place.clone(), *format, *from_lines, |depth, pieces| {
                    let start = composed.len();
                    for piece in pieces {
                        match decoded {
                            Some(_) => composed.make(&whole[piece.clone()]),
                            None => composed.copy(whole, Span { start: piece.start, end: piece.end }),
                        }
                    }
                    added.line(start, composed, depth, Mark::None);
                });
            }
        }
        Body::Page(page) => {
            for line in &page.lines {
                let start = composed.len();
                composed.make(&line.text);
                added.line(start, composed, line.depth, line.mark);
            }
        }
    }
    added.line(composed.len(), composed, 0, Mark::None);
}
