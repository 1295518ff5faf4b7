//! A text as quotes are compared: without differences that no reader sees, and with the way back to the original.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::context::is_invisible;
use crate::domain::brief::Span;

/// NFKC; one space for any white space; plain quote marks and dashes; invisible characters left out.
///
/// Most texts are their own normal form: they are neither copied nor mapped.
#[derive(Debug)]
pub(super) enum Normal<'a> {
    Same(&'a str),
    Changed(Changed),
}

/// A text whose normal form is another.
#[derive(Debug)]
pub(super) struct Changed {
    text: String,
    /// For each byte of `text`: the bytes of the original it came from.
    origin: Vec<(usize, usize)>,
}

impl<'a> Normal<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        if is_normal(text) { Self::Same(text) } else { Self::Changed(Changed::of(text)) }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Changed(changed) => &changed.text,
        }
    }

    /// The place in the original of a range of the normal text. `range` must not be empty.
    pub(super) fn original(&self, range: std::ops::Range<usize>) -> Span {
        match self {
            Self::Same(_) => Span { start: range.start, end: range.end },
            Self::Changed(changed) => Span { start: changed.origin[range.start].0, end: changed.origin[range.end - 1].1 },
        }
    }

    /// Where a quote (in normal form) stands, as a range of the original. The first letter may differ in case;
    /// words and numbers must not be cut in half.
    pub(super) fn find(&self, quote: &str) -> Option<Span> {
        let first = quote.chars().next()?;
        let rest = &quote[first.len_utf8()..];
        let switched = || match first.is_lowercase() {
            true => first.to_uppercase().to_string(),
            false => first.to_lowercase().to_string(),
        };
        let found = self.find_whole(quote).or_else(|| self.find_whole(&(switched() + rest)))?;
        Some(self.original(found))
    }

    fn find_whole(&self, quote: &str) -> Option<std::ops::Range<usize>> {
        let text = self.text();
        let whole = |start: &usize| is_whole(text, *start, *start + quote.len());
        let start = text.match_indices(quote).map(|(start, _)| start).find(whole)?;
        Some(start..start + quote.len())
    }
}

/// Whether nothing would change: printable ASCII without backquotes, single spaces, none at the ends.
fn is_normal(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'`';
    text.bytes().all(is_plain) && !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ')
}

impl Changed {
    fn of(text: &str) -> Self {
        let mut normal = Self { text: String::with_capacity(text.len()), origin: Vec::with_capacity(text.len()) };
        let mut chars = text.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            let mut end = start + first.len_utf8();
            while let Some((at, mark)) = chars.next_if(|(_, next)| !next.is_ascii() && is_combining_mark(*next)) {
                end = at + mark.len_utf8();
            }
            if first.is_ascii() && end == start + 1 {
                normal.push(first, start, end);
            } else {
                text[start..end].nfkc().for_each(|one| normal.push(one, start, end));
            }
        }
        if normal.text.ends_with(' ') {
            normal.text.pop();
            normal.origin.pop();
        }
        normal
    }

    fn push(&mut self, one: char, start: usize, end: usize) {
        let one = match one {
            _ if one.is_whitespace() => ' ',
            _ if is_invisible(one) => return,
            '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' => '\'',
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            _ => one,
        };
        if one == ' ' && (self.text.is_empty() || self.text.ends_with(' ')) {
            return;
        }
        self.text.push(one);
        self.origin.extend(std::iter::repeat_n((start, end), one.len_utf8()));
    }
}

/// Whether a range neither begins nor ends inside a word or a number: `12 seats` does not stand in `112 seats`,
/// nor `200` in `1,200`.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let digit_after = |text: &str| text.chars().next().is_some_and(|c| c.is_ascii_digit());
    let (before, inside, after) = (&text[..start], &text[start..end], &text[end..]);
    let cut_before = inside.chars().next().is_some_and(char::is_alphanumeric)
        && match before.chars().next_back() {
            Some('.' | ',') => digit_after(inside) && before.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit()),
            Some(last) => last.is_alphanumeric(),
            None => false,
        };
    let cut_after = inside.chars().next_back().is_some_and(char::is_alphanumeric)
        && match after.chars().next() {
            Some('.' | ',') => inside.ends_with(|c: char| c.is_ascii_digit()) && digit_after(&after[1..]),
            Some(next) => next.is_alphanumeric(),
            None => false,
        };
    !cut_before && !cut_after
}

#[cfg(test)]
mod tests {
    use super::{Changed, Normal};

    fn found<'a>(text: &'a str, quote: &str) -> Option<&'a str> {
        let span = Normal::of(text).find(Normal::of(quote).text())?;
        Some(&text[span.start..span.end])
    }

    #[test]
    fn a_quote_is_found_through_differences_that_no_reader_sees() {
        let text =
            "Anna:  We\u{2019}ve set\u{a0}aside\n  \u{201c}forty\u{200b}-five\u{201d} thousand \u{2014} caf\u{65}\u{301} ﬁrst.";
        assert_eq!(
            found(text, "we've set aside \"forty-five\""),
            Some("We\u{2019}ve set\u{a0}aside\n  \u{201c}forty\u{200b}-five\u{201d}")
        );
        assert_eq!(found(text, "thousand - café"), Some("thousand \u{2014} caf\u{65}\u{301}"));
        assert_eq!(found(text, "first."), Some("ﬁrst."));
        assert_eq!(found(text, "We've Set aside"), None, "only the first letter may differ in case");
    }

    #[test]
    fn a_text_that_is_not_copied_is_its_own_normal_form() {
        for text in ["a", "We've set aside \"$45k\" - for ~3 years.", "x  y", " x", "x ", "a`b", "a\nb", "caf\u{e9}", "a\u{301}"]
        {
            let long_way = Changed::of(text);
            let is_same = long_way.text == text && long_way.origin.iter().enumerate().all(|(n, one)| *one == (n, n + 1));
            assert_eq!(matches!(Normal::of(text), Normal::Same(_)), is_same, "{text:?}");
        }
    }

    #[test]
    fn a_quote_does_not_cut_a_word_or_a_number() {
        assert_eq!(found("we need 112 seats now", "12 seats"), None);
        assert_eq!(found("it costs 1,200 a year", "200 a year"), None);
        assert_eq!(found("it costs $1,200 a year", "it costs $1"), None);
        assert_eq!(found("it grew 45k", "it grew 45"), None);
        assert_eq!(found("112 seats, then 12 seats.", "12 seats"), Some("12 seats"));
        assert_eq!(found("we pay 20, not 30", "we pay 20"), Some("we pay 20"));
    }
}
