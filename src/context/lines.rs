//! Lines and passages of a readable text, always as places in it.

use std::ops::Range;

use super::material::{Passage, PassageKind};
use super::visible::is_invisible;
use crate::domain::brief::Span;

/// One line without its line break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    /// How deep the line is quoted in a mail. 0: written by the mail's sender.
    pub(super) depth: u8,
}

impl Line {
    pub(super) fn text(self, whole: &str) -> &str {
        &whole[self.start..self.end]
    }

    pub(super) fn is_blank(self, whole: &str) -> bool {
        self.text(whole).chars().all(char::is_whitespace)
    }
}

/// The lines within a range. A line ends with LF, CRLF or CR.
pub(super) fn lines(whole: &str, range: Range<usize>) -> Vec<Line> {
    let mut found = Vec::new();
    let mut start = range.start;
    let bytes = whole.as_bytes();
    let mut at = range.start;
    while at < range.end {
        if matches!(bytes[at], b'\n' | b'\r') {
            found.push(Line { start, end: at, depth: 0 });
            at += usize::from(bytes[at] == b'\r' && at + 1 < range.end && bytes[at + 1] == b'\n');
            start = at + 1;
        }
        at += 1;
    }
    if start < range.end {
        found.push(Line { start, end: range.end, depth: 0 });
    }
    found
}

/// Where the line at `at` ends, and where the next one begins. A line ends with LF, CRLF or CR; more than one CR
/// before an LF is what broken gateways make.
pub(super) fn line_end(raw: &[u8], at: usize) -> (usize, usize) {
    let end = raw[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(raw.len(), |offset| at + offset);
    let returns = raw[end..].iter().take_while(|byte| **byte == b'\r').count();
    match (returns, raw.get(end + returns)) {
        (_, Some(b'\n')) => (end, end + returns + 1),
        (0, _) => (end, end),
        _ => (end, end + 1),
    }
}

/// The places of lines; lines that follow each other are one place.
pub(super) fn spans(lines: &[Line]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            // The line break between them has one or two bytes.
            Some(last) if line.start >= last.end && line.start - last.end <= 2 => last.end = line.end,
            _ => spans.push(Span { start: line.start, end: line.end }),
        }
    }
    spans
}

/// A paragraph beyond this many bytes is cut at sentence ends: a unit must stay quotable, and fit a budget.
const LONGEST_PARAGRAPH: usize = 1500;
/// The same for a turn of a call.
const LONGEST_TURN: usize = 600;

/// Paragraphs and bullets. A blank line, a bullet, a label such as `Budget:` and a gap between the lines end a passage.
pub(super) fn paragraphs(whole: &str, lines: &[Line]) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut open: Option<(PassageKind, Span)> = None;
    for line in lines {
        if line.is_blank(whole) || is_rule(line.text(whole)) {
            close(whole, open.take(), &mut passages);
            continue;
        }
        let (kind, text_start) = starts_item(line.text(whole));
        let is_next = open.is_some_and(|(_, span)| line.start.saturating_sub(span.end) <= 2 + trailing(whole, span.end));
        match &mut open {
            Some((_, span)) if kind == PassageKind::Paragraph && is_next => span.end = line.end,
            _ => {
                close(whole, open.take(), &mut passages);
                open = Some((kind, Span { start: line.start + text_start, end: line.end }));
            }
        }
    }
    close(whole, open, &mut passages);
    passages
}

/// One turn as one passage, or a few if it is long.
pub(super) fn turn(whole: &str, span: Span) -> Vec<Passage> {
    let mut passages = Vec::new();
    push(whole, PassageKind::Turn, span, LONGEST_TURN, &mut passages);
    passages
}

/// One value of a field as one passage.
pub(super) fn field(whole: &str, span: Span) -> Option<Passage> {
    passage(whole, PassageKind::Field, span)
}

/// What stands below a mail as one passage.
pub(super) fn signature(whole: &str, span: Span) -> Option<Passage> {
    passage(whole, PassageKind::Signature, span)
}

fn close(whole: &str, open: Option<(PassageKind, Span)>, passages: &mut Vec<Passage>) {
    if let Some((kind, span)) = open {
        push(whole, kind, span, LONGEST_PARAGRAPH, passages);
    }
}

fn push(whole: &str, kind: PassageKind, span: Span, longest: usize, passages: &mut Vec<Passage>) {
    for piece in split_long(whole, span, longest) {
        passages.extend(passage(whole, kind, piece));
    }
}

fn passage(whole: &str, kind: PassageKind, span: Span) -> Option<Passage> {
    let span = trimmed(whole, span);
    // What nobody sees is no unit: it would only cost its number.
    let shows_something = whole[span.start..span.end].chars().any(|c| !c.is_whitespace() && !is_invisible(c));
    shows_something.then(|| Passage { kind, text: whole[span.start..span.end].to_owned(), span, original: None })
}

/// Blanks that a line loses at its end when it is trimmed do not make a gap.
fn trailing(whole: &str, end: usize) -> usize {
    whole[end..].len() - whole[end..].trim_start_matches([' ', '\t']).len()
}

pub(super) fn trimmed(whole: &str, span: Span) -> Span {
    let is_edge = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = &whole[span.start..span.end];
    let start = span.start + (text.len() - text.trim_start_matches(is_edge).len());
    Span { start, end: start + whole[start..span.end].trim_end_matches(is_edge).len() }
}

/// A line of nothing but a ruler: `-----`, `====`, `* * *`, and `|---|:-:|` below the head of a table.
fn is_rule(text: &str) -> bool {
    let bare = text.trim();
    bare.len() >= 3 && bare.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | ' ' | '—' | '–' | '#' | '~' | '|' | ':'))
}

/// What a line starts, and how many bytes of marker come before its text. A label is text, as is the row of a table; a
/// bullet is not.
fn starts_item(line: &str) -> (PassageKind, usize) {
    let bare = line.trim_start();
    match marker(bare).map(|text| line.len() - text.len()) {
        Some(text_start) if text_start < line.len() => (PassageKind::Item, text_start),
        _ if bare.starts_with('|') || is_label(bare) => (PassageKind::Item, 0),
        _ => (PassageKind::Paragraph, 0),
    }
}

/// The text behind a bullet, a number or the marks of a heading.
fn marker(bare: &str) -> Option<&str> {
    let behind = |text: &'_ str| text.starts_with(char::is_whitespace).then(|| text.trim_start().len());
    let first = bare.chars().next()?;
    let length = match first {
        '-' | '*' | '•' | '‣' | '◦' | '▪' | '●' | '·' | '+' | '–' => {
            let text = &bare[bare.len() - behind(&bare[first.len_utf8()..])?..];
            let box_end = ["[ ]", "[x]", "[X]"].iter().find_map(|mark| behind(text.strip_prefix(*mark)?));
            box_end.unwrap_or(text.len())
        }
        '#' => behind(bare.trim_start_matches('#')).filter(|_| bare.bytes().take_while(|byte| *byte == b'#').count() <= 6)?,
        '(' | '0'..='9' | 'a'..='z' => {
            let number = bare.strip_prefix('(').unwrap_or(bare);
            let digits = number.bytes().take(3).take_while(u8::is_ascii_digit).count();
            let length = if digits == 0 && number.starts_with(|c: char| c.is_ascii_lowercase()) { 1 } else { digits };
            behind(number.get(length..).filter(|_| matches!(length, 1 | 2))?.strip_prefix(['.', ')'])?)?
        }
        _ => return None,
    };
    Some(&bare[bare.len() - length..])
}

/// Most characters of a label.
const LONGEST_LABEL: usize = 39;

/// `Budget: …`, `**Next steps:** …`
fn is_label(bare: &str) -> bool {
    let bold = |text: &'_ str| text.bytes().take(2).take_while(|byte| *byte == b'*').count();
    let bare = &bare[bold(bare)..];
    if !bare.starts_with(char::is_uppercase) {
        return false;
    }
    let is_part = |c: &char| c.is_alphanumeric() || matches!(c, '/' | '&' | '(' | ')' | '\'' | '’' | '.' | ' ' | '-');
    let name: usize = bare.chars().take(LONGEST_LABEL + 1).take_while(is_part).map(char::len_utf8).sum();
    let rest = &bare[name..];
    let after = rest[bold(rest)..].strip_prefix(':').map(|after| &after[bold(after)..]);
    let is_short = bare[..name].chars().count() <= LONGEST_LABEL;
    name > 1 && is_short && after.is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
}

/// Cuts at ends of sentences, else at white space, else at a character, so that no piece is much over `longest`.
fn split_long(whole: &str, span: Span, longest: usize) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut start = span.start;
    while span.end - start > longest {
        let end = cut_point(&whole[start..span.end], longest);
        pieces.push(Span { start, end: start + end });
        start += end;
    }
    pieces.push(Span { start, end: span.end });
    pieces
}

/// The best place to cut within the first `longest` bytes. Never 0.
fn cut_point(text: &str, longest: usize) -> usize {
    let limit = (0..=longest).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(longest);
    let window = &text[..limit];
    let sentence = window.rmatch_indices(is_sentence_end).map(|(at, end)| at + end.len()).find(|at| ends_sentence(text, *at));
    let blank = || window.rfind(char::is_whitespace).filter(|at| *at > 0);
    sentence.filter(|at| *at > longest / 3).or_else(blank).unwrap_or(limit).max(1)
}

pub(super) fn is_sentence_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn ends_sentence(text: &str, at: usize) -> bool {
    text[at..].starts_with(char::is_whitespace) || text[..at].ends_with(['。', '！', '？'])
}

/// Whether a text ends with the end of a sentence.
pub(super) fn is_complete(text: &str) -> bool {
    text.trim_end().ends_with(is_sentence_end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{lines, paragraphs, split_long};
    use crate::context::material::PassageKind;
    use crate::domain::brief::Span;

    fn texts(whole: &str) -> Vec<(PassageKind, String)> {
        paragraphs(whole, &lines(whole, 0..whole.len())).into_iter().map(|passage| (passage.kind, passage.text)).collect()
    }

    #[test]
    fn paragraphs_and_bullets_are_passages_of_their_own() {
        let found =
            texts("First line\r\nsecond line\r\n\r\n- one\n  goes on\n* two\n1. three\nBudget: 45k\nTimeline: May\n---\nend");
        let expected = [
            (PassageKind::Paragraph, "First line\r\nsecond line"),
            (PassageKind::Item, "one\n  goes on"),
            (PassageKind::Item, "two"),
            (PassageKind::Item, "three"),
            (PassageKind::Item, "Budget: 45k"),
            (PassageKind::Item, "Timeline: May"),
            (PassageKind::Paragraph, "end"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn bullets_labels_and_rows_are_told_from_paragraphs() {
        let items = [
            ("  - [x] sent", "sent"),
            ("12) call", "call"),
            ("(a) price", "price"),
            ("### Next", "Next"),
            ("• é", "é"),
            ("**Budget:** 45k", "**Budget:** 45k"),
            ("Próximos pasos (2026): call", "Próximos pasos (2026): call"),
            ("| a | b |", "| a | b |"),
        ];
        for (line, text) in items {
            assert_eq!(texts(line), [(PassageKind::Item, text.to_owned())], "{line}");
        }
        for line in [
            "-x",
            "123. x",
            "####### x",
            "ab) x",
            "budget: 45k",
            "Dana said to Lee and to all of the others: no",
            "A: x",
            "Budget:45k",
            "(",
            "#",
        ] {
            assert!(texts(line).iter().all(|(kind, _)| *kind == PassageKind::Paragraph), "{line}");
        }
        assert_eq!(texts("| a |\n|---|\n| 1 |").len(), 2);
    }

    /// Found by fuzzing: such units cost nothing of a budget, so all of them were kept.
    #[test]
    fn what_nobody_sees_is_no_passage() {
        assert_eq!(texts("\u{5}\u{6}\u{6}\n\n\u{200b}\u{202e} \u{feff}\n\n- \u{6}"), []);
        assert_eq!(texts("\u{6}45k"), [(PassageKind::Paragraph, "\u{6}45k".to_owned())]);
    }

    #[test]
    fn a_long_text_is_cut_at_a_sentence_end() {
        let text = format!("{} {}", "a".repeat(300) + ".", "b".repeat(400));
        let pieces = split_long(&text, Span { start: 0, end: text.len() }, 600);
        assert_eq!(pieces, [Span { start: 0, end: 301 }, Span { start: 301, end: text.len() }]);
    }

    proptest! {
        #[test]
        fn passages_are_the_text_at_their_spans(whole in "(?s)[\\PC\r\n\t -]{0,200}") {
            for passage in paragraphs(&whole, &lines(&whole, 0..whole.len())) {
                prop_assert_eq!(&whole[passage.span.start..passage.span.end], passage.text.as_str());
                prop_assert!(!passage.text.trim().is_empty());
            }
        }

        #[test]
        fn pieces_of_a_long_text_are_all_of_it(text in "(?s)[ab. é。\n]{0,80}", longest in 4usize..20) {
            let pieces = split_long(&text, Span { start: 0, end: text.len() }, longest);
            let joined: String = pieces.iter().map(|piece| &text[piece.start..piece.end]).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
