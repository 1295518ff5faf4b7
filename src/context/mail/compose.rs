//! [`compose`]: letters → the readable text, where it stands in the source, and the messages in it.

use super::flow::{self, each_line};
use super::letter::{Body, Letter, Letters};
use super::separator::is_forward;
use super::thread::split;
use super::{marks, trailer};
use crate::context::html::Mark;
use crate::context::lines::{Line, lines, paragraphs, spans};
use crate::context::note::hidden_line;
use crate::context::origin::{Composed, Origin};
use crate::context::reading::{Draft, DraftRole, Reading, Removed, RemovedKind};
use crate::domain::brief::Span;

/// Makes a reading of letters. `content` is the source as text, if it is text.
///
/// The readable text is the content itself where all bodies stand in it undecoded, unquoted and as plain text;
/// otherwise it is made of the decoded bodies, without the marks of quotation.
pub(in crate::context) fn compose(mut letters: Letters<'_>, content: Option<&str>) -> Reading {
    let found = std::mem::take(&mut letters.letters);
    let bodies = || found.iter().flat_map(|letter| &letter.bodies);
    let mut composer = match content.filter(|content| bodies().all(|body| stands_in(body, content))) {
        Some(content) => Composer::there(content),
        None => Composer::made(content, bodies().map(length).sum()),
    };
    found.into_iter().for_each(|letter| composer.push(letter));
    composer.finish(letters)
}

/// A reading that is being made.
pub(super) struct Composer<'a> {
    text: Text<'a>,
    reading: Reading,
    /// Elements that pages hide.
    hidden: usize,
}

impl<'a> Composer<'a> {
    /// The readable text is the content.
    fn there(content: &'a str) -> Self {
        Self { text: Text::There(content), reading: Reading::default(), hidden: 0 }
    }

    /// The readable text is made; it will have about so many bytes.
    pub(super) fn made(content: Option<&'a str>, bytes: usize) -> Self {
        let text = Text::Made(Composed::with_capacity(bytes), content);
        Self { text, reading: Reading::default(), hidden: 0 }
    }

    /// Splits one letter into its messages.
    pub(super) fn push(&mut self, letter: Letter) {
        self.hidden += letter.bodies.iter().map(Body::hidden).sum::<usize>();
        let (mut lines, line_marks) = self.text.push(&letter);
        let (text, reading) = (self.text.as_str(), &mut self.reading);
        reading.removed.extend(marks::settle(text, &mut lines, &line_marks, letter.head.zone_seconds));
        let mut role = letter.role;
        let mut receivers = letter.receivers;
        for mut part in split(text, &lines, &letter.head) {
            let removed = trailer::strip(text, &mut part.lines);
            let signature = trailer::contact(text, &removed).map(Box::new);
            let passages = paragraphs(text, &part.lines);
            let mut body = spans(&part.lines);
            if letter.role == DraftRole::Own && !passages.is_empty() && is_forward(text, &part.header) {
                role = DraftRole::Forwarded;
                body.splice(..0, spans(&part.header));
            } else if !part.header.is_empty() {
                reading.removed.push(Removed { kind: RemovedKind::QuoteHeader, spans: spans(&part.header) });
            }
            if role == DraftRole::Copied {
                reading.removed.push(Removed { kind: RemovedKind::Quote, spans: body.clone() });
            }
            reading.removed.extend(removed);
            if !passages.is_empty() {
                let draft = Draft {
                    speaker: part.head.name,
                    address: part.head.address,
                    at: part.head.at,
                    title: part.head.subject.or_else(|| letter.head.subject.clone()),
                    message_id: part.head.message_id,
                    role,
                    body,
                    signature,
                    passages,
                    ..Draft::default()
                };
                reading.drafts.push(Draft { receivers: std::mem::take(&mut receivers), ..draft });
            }
            role = DraftRole::Copied;
        }
    }

    /// `letters`: what is known of the mails beside their words.
    pub(super) fn finish(self, mut letters: Letters<'_>) -> Reading {
        let mut reading = self.reading;
        reading.mail = letters.first.take();
        reading.left_out = letters.receipt_lines();
        reading.left_out.extend(hidden_line(self.hidden));
        reading.left_out.extend(trailer::receipt_lines(&reading.removed));
        (reading.text, reading.origin) = match self.text {
            Text::There(content) => (content.to_owned(), Origin::Content),
            Text::Made(composed, _) => composed.finish(),
        };
        reading
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
    fn line(&mut self, start: usize, composed: &mut Composed, depth: u8, mark: Mark, line_break: Option<(&str, Span)>) {
        self.lines.push(Line { start, end: composed.len(), depth });
        self.marks.push(mark);
        match line_break {
            Some((content, place)) => composed.copy(content, place),
            None => composed.make("\n"),
        }
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
                    // A line break that stands there joins two lines to one piece of the content.
                    let after = pieces.last().map(|piece| Span { start: piece.end, end: piece.end + 1 });
                    let stands_there = after.filter(|after| decoded.is_none() && whole[after.start..].starts_with('\n'));
                    added.line(start, composed, depth, Mark::None, stands_there.map(|place| (whole, place)));
                });
            }
        }
        Body::Page(page) => {
            for line in &page.lines {
                let start = composed.len();
                composed.make(&line.text);
                added.line(start, composed, line.depth, line.mark, None);
            }
        }
    }
    added.line(composed.len(), composed, 0, Mark::None, None);
}
