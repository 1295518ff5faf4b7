//! [`mails`]: where the mails of a source stand.

use std::ops::Range;

use super::flow::FromLines;
use crate::context::format::is_mail;

/// The mails of a source, in order: those of an mbox (RFC 4155), else the whole of it. In an mbox a mail begins after a
/// line `From …` at the start or after an empty line. `Content-Length` is not trusted: gateways change lengths.
pub(super) fn mails(source: &[u8]) -> (Vec<Range<usize>>, FromLines) {
    let is_edge = |byte: &u8| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(byte);
    let start = source.iter().position(|byte| !is_edge(byte)).unwrap_or(source.len());
    let whole = std::iter::once(start..source.len()).collect();
    if !source[start..].starts_with(b"From ") {
        return (whole, FromLines::AsWritten);
    }
    let mut mails: Vec<Range<usize>> = Vec::new();
    let (mut at, mut after_blank) = (start, true);
    for line in source[start..].split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        let begins_header = source.get(next).is_some_and(u8::is_ascii_graphic) && !source[next..].starts_with(b"From ");
        if after_blank && line.starts_with(b"From ") && begins_header && is_mail(&source[next..]) {
            if let Some(last) = mails.last_mut() {
                last.end = at;
            }
            mails.push(next..source.len());
        }
        after_blank = matches!(line, b"\n" | b"\r\n");
        at = next;
    }
    match mails.len() {
        0 => (whole, FromLines::AsWritten),
        _ => (mails, FromLines::Escaped),
    }
}

#[cfg(test)]
mod tests {
    use super::mails;

    #[test]
    fn an_mbox_is_split_at_its_from_lines_only() {
        let first = "From dana Mon May  4 15:07:00 2026\nFrom: d@n.example\nTo: l@u.example\nContent-Length: 9999\n\nHi\n\nFrom Monday on\n\n";
        let second = "From lee Mon May  4 16:07:00 2026\r\nFrom: l@u.example\r\nTo: d@n.example\r\n\r\nHo\r\n";
        let source = format!("{first}{second}");
        let texts: Vec<&str> = mails(source.as_bytes()).0.iter().map(|place| &source[place.clone()]).collect();
        let body = |mail: &'static str| mail;
        assert_eq!(
            texts,
            [
                body("From: d@n.example\nTo: l@u.example\nContent-Length: 9999\n\nHi\n\nFrom Monday on\n\n"),
                body("From: l@u.example\r\nTo: d@n.example\r\n\r\nHo\r\n"),
            ]
        );
    }

    #[test]
    fn any_other_source_is_one_mail() {
        for source in ["\n\nFrom: d@n.example\n\nHi", "From here on we talk.\n\nFrom there too.", "", "From "] {
            assert_eq!(mails(source.as_bytes()).0.len(), 1, "{source}");
        }
    }
}
