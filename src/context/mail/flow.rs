//! [`each_line`]: the lines of a plain text body, without marks of quotation and soft line breaks.

use std::ops::Range;

use super::part::TextFormat;
use crate::context::lines::lines;

/// Whether lines that begin with `From ` were changed to keep an mbox readable (RFC 4155).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum FromLines {
    #[default]
    AsWritten,
    Escaped,
}

/// Calls `push` for each line within `range` of `whole` with how deep it is quoted and its pieces, which stand one
/// after another without a break.
pub(super) fn each_line(
    whole: &str,
    range: Range<usize>,
    format: TextFormat,
    from_lines: FromLines,
    mut push: impl FnMut(u8, &[Range<usize>]),
) {
    let found = lines(whole, range);
    if format == TextFormat::Fixed {
        for line in found {
            let (depth, rest) = unquoted(line.text(whole), from_lines);
            push(depth, std::slice::from_ref(&(line.end - rest.len()..line.end)));
        }
        return;
    }
    let mut open: Option<(u8, Vec<Range<usize>>)> = None;
    for line in found {
        let (depth, rest) = unstuffed(line.text(whole), from_lines);
        let place = line.end - rest.len()..line.end;
        let is_flowed = rest.ends_with(' ') && rest != "-- ";
        let goes_on = open.as_ref().is_some_and(|(before, _)| *before == depth) && !rest.is_empty() && rest != "-- ";
        if !goes_on && let Some((depth, pieces)) = open.take() {
            push(depth, &pieces);
        }
        let piece = if is_flowed && format == TextFormat::FlowedDelSp { place.start..place.end - 1 } else { place };
        let mut pieces = open.take().map(|(_, pieces)| pieces).unwrap_or_default();
        pieces.push(piece);
        match is_flowed {
            true => open = Some((depth, pieces)),
            false => push(depth, &pieces),
        }
    }
    if let Some((depth, pieces)) = open {
        push(depth, &pieces);
    }
}

/// Whether lines stand as they are read: nothing is quoted, escaped or flowed.
pub(super) fn is_verbatim(text: &str, format: TextFormat) -> bool {
    let changes = |line: &str| {
        line.trim_start_matches([' ', '\t']).starts_with('>')
            || format != TextFormat::Fixed && line.starts_with(' ')
            || is_soft(line, format)
    };
    !text.split(['\n', '\r']).any(changes)
}

fn is_soft(line: &str, format: TextFormat) -> bool {
    format != TextFormat::Fixed && line.ends_with(' ') && line != "-- "
}

/// How deep a line of `format=flowed` is quoted, and its text.
fn unstuffed(line: &str, from_lines: FromLines) -> (u8, &str) {
    if from_lines == FromLines::Escaped && line.starts_with(">From ") {
        return (0, &line[1..]);
    }
    let rest = line.trim_start_matches('>');
    let depth = u8::try_from(line.len() - rest.len()).unwrap_or(u8::MAX);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    match depth {
        0 => (0, rest),
        // Not as RFC 3676 writes it, but as many programs do: `> > text`.
        _ => {
            let (deeper, rest) = unquoted(rest, FromLines::AsWritten);
            (depth.saturating_add(deeper), rest)
        }
    }
}

/// How deep a line is quoted, and the line without the marks.
fn unquoted(line: &str, from_lines: FromLines) -> (u8, &str) {
    // mbox writes `>From ` for a line that begins with `From `, and `>>From ` for one that begins with `>From `. A
    // mail program writes `> From ` for a quoted one.
    let is_escaped = match from_lines {
        FromLines::AsWritten => line.starts_with(">From "),
        FromLines::Escaped => line.starts_with('>') && line.trim_start_matches('>').starts_with("From "),
    };
    let line = if is_escaped { &line[1..] } else { line };
    let mut depth: u8 = 0;
    let mut rest = line;
    while let Some(inner) = rest.trim_start_matches([' ', '\t']).strip_prefix('>') {
        depth = depth.saturating_add(1);
        rest = inner;
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

#[cfg(test)]
mod tests {
    use super::{FromLines, each_line, is_verbatim};
    use crate::context::mail::part::TextFormat::{self, Fixed, Flowed, FlowedDelSp};

    fn read(text: &str, format: TextFormat, from_lines: FromLines) -> Vec<(u8, String)> {
        let mut found = Vec::new();
        each_line(text, 0..text.len(), format, from_lines, |depth, pieces| {
            found.push((depth, pieces.iter().map(|piece| &text[piece.clone()]).collect()));
        });
        found
    }

    fn row(depth: u8, text: &str) -> (u8, String) {
        (depth, text.to_owned())
    }

    #[test]
    fn soft_breaks_are_joined_within_one_depth() {
        let text = "We can \nspend 45k.\n \n> When do \n> we begin?\n>> In \n> May?\n-- \nDana \n\nCFO";
        let expected = [
            row(0, "We can spend 45k."),
            row(0, ""),
            row(1, "When do we begin?"),
            row(2, "In "),
            row(1, "May?"),
            row(0, "-- "),
            row(0, "Dana "),
            row(0, ""),
            row(0, "CFO"),
        ];
        assert_eq!(read(text, Flowed, FromLines::AsWritten), expected);
        assert_eq!(read("まみ \nむめ", FlowedDelSp, FromLines::AsWritten), [row(0, "まみむめ")]);
    }

    #[test]
    fn stuffed_lines_are_no_quotations() {
        assert_eq!(
            read(" > 40 seats\n From May on", Flowed, FromLines::AsWritten),
            [row(0, "> 40 seats"), row(0, "From May on")]
        );
        assert_eq!(read("> > twice", Flowed, FromLines::AsWritten), [row(2, "twice")]);
    }

    #[test]
    fn lines_that_begin_with_from_are_restored() {
        assert_eq!(read(">From May on\n> From Dana", Fixed, FromLines::AsWritten), [row(0, "From May on"), row(1, "From Dana")]);
        assert_eq!(read(">>From May on", Fixed, FromLines::Escaped), [row(1, "From May on")]);
        assert_eq!(read(">From May on", Flowed, FromLines::Escaped), [row(0, "From May on")]);
    }

    #[test]
    fn what_changes_nothing_is_verbatim() {
        assert!(is_verbatim("We can spend 45k.\r\n-- \r\nDana", Flowed) && is_verbatim(" indented \n", Fixed));
        assert!(!is_verbatim("a \nb", Flowed) && !is_verbatim(" a", Flowed) && !is_verbatim(" > a", Fixed));
    }
}
