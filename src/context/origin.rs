//! [`Origin`]: where the readable text of a source stands in the source as it came.

use crate::domain::brief::Span;

/// Where a readable text stands in its source's content.
///
/// A quoted mail, captions or a page are read without their marks, so a sentence that is one piece for a reader may
/// be several pieces in the content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// The readable text is the content.
    #[default]
    Content,
    /// The readable text was put together from pieces of the content.
    Pieces(Pieces),
    /// The readable text was decoded: base64, quoted-printable, another charset, JSON. Spans point into it alone.
    Decoded,
}

impl Origin {
    /// The places in the content of a span of the readable text, in order, without the marks between them.
    /// Empty if the words do not stand in the content as they are read.
    pub fn places(&self, span: Span) -> Vec<Span> {
        match self {
            Self::Content => vec![span],
            Self::Pieces(pieces) => pieces.places(span),
            Self::Decoded => Vec::new(),
        }
    }

    /// The place in the content from the first of the span's words to the last.
    pub fn place(&self, span: Span) -> Option<Span> {
        let places = self.places(span);
        Some(Span { start: places.first()?.start, end: places.last()?.end })
    }
}

/// Verbatim pieces of the content within a readable text, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pieces(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the readable text.
    text: usize,
    /// Where it begins in the content.
    content: usize,
    bytes: usize,
}

impl Pieces {
    fn push(&mut self, piece: Piece) {
        match self.0.last_mut() {
            Some(last) if last.text + last.bytes == piece.text && last.content + last.bytes == piece.content => {
                last.bytes += piece.bytes;
            }
            _ if piece.bytes == 0 => {}
            _ => self.0.push(piece),
        }
    }

    fn places(&self, span: Span) -> Vec<Span> {
        let first = self.0.partition_point(|piece| piece.text + piece.bytes <= span.start);
        let within = self.0[first..].iter().take_while(|piece| piece.text < span.end);
        let place = |piece: &Piece| {
            let from = span.start.max(piece.text) - piece.text;
            let to = span.end.min(piece.text + piece.bytes) - piece.text;
            Span { start: piece.content + from, end: piece.content + to }
        };
        within.map(place).filter(|place| place.start < place.end).collect()
    }
}

/// A readable text that is being put together, and where its words came from.
#[derive(Debug, Default)]
pub(super) struct Composed {
    text: String,
    pieces: Pieces,
}

impl Composed {
    /// Nothing yet, with room for a text of about this length.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), pieces: Pieces::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What is there so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Adds the words at `place` of the content.
    pub(super) fn copy(&mut self, content: &str, place: Span) {
        self.pieces.push(Piece { text: self.text.len(), content: place.start, bytes: place.end - place.start });
        self.text.push_str(&content[place.start..place.end]);
    }

    /// Adds what does not stand in the content, such as a line break or a decoded character.
    pub(super) fn make(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn finish(self) -> (String, Origin) {
        let origin = if self.pieces.0.is_empty() { Origin::Decoded } else { Origin::Pieces(self.pieces) };
        (self.text, origin)
    }
}

#[cfg(test)]
mod tests {
    use super::{Composed, Origin};
    use crate::domain::brief::Span;

    #[test]
    fn a_span_of_a_composed_text_is_found_in_the_content() {
        let content = "> We can spend\n> 45k a year.\n";
        let mut composed = Composed::default();
        composed.copy(content, Span { start: 2, end: 14 });
        composed.make(" ");
        composed.copy(content, Span { start: 17, end: 28 });
        let (text, origin) = composed.finish();
        assert_eq!(text, "We can spend 45k a year.");
        let at = text.find("spend 45k").unwrap();
        let places = origin.places(Span { start: at, end: at + 9 });
        let words: Vec<&str> = places.iter().map(|place| &content[place.start..place.end]).collect();
        assert_eq!(words, ["spend", "45k"]);
        assert_eq!(origin.place(Span { start: at, end: at + 9 }), Some(Span { start: 9, end: 20 }));
        assert_eq!(origin.place(Span { start: 12, end: 13 }), None);
        assert_eq!(Origin::Decoded.place(Span { start: 0, end: 5 }), None);
    }
}
