//! [`read`]: a source of mails, or of the text of one.

use std::ops::Range;

use super::Head;
use super::compose::{Composer, compose};
use super::flow::FromLines;
use super::letter::{Body, Letter, Letters};
use super::mbox;
use super::part::TextFormat;
use crate::context::format::Format;
use crate::context::html;
use crate::context::material::Limits;
use crate::context::reading::{Detail, DraftRole, Reading};
use crate::domain::handoff::Source;

/// Reads mails. `content` is the source as text, if it is text.
pub(in crate::context) fn read(
    source: &Source,
    content: Option<&str>,
    format: Format,
    limits: &Limits,
    detail: Detail,
) -> Reading {
    let mut letters = Letters::new(content, limits);
    letters.detail = detail;
    if let Some(text) = content.filter(|_| format == Format::MailText) {
        letters.letters.push(headless(source, text));
        return compose(letters, content);
    }
    let bytes = content.map_or(source.body.as_slice(), str::as_bytes);
    let (places, from_lines) = mbox::mails(bytes);
    if places.len() > MANY {
        return read_many(bytes, &places, from_lines, content, letters);
    }
    letters.push_mails(bytes, &places, from_lines);
    if let [letter, rest @ ..] = letters.letters.as_mut_slice()
        && rest.iter().all(|other| other.role == DraftRole::Copied)
    {
        letter.head.at = letter.head.at.or(source.occurred_at);
    }
    compose(letters, content)
}

/// Of an mbox with more mails than this, only this many are open at a time.
const MANY: usize = 256;

fn read_many<'a>(
    bytes: &[u8],
    places: &[Range<usize>],
    from_lines: FromLines,
    content: Option<&'a str>,
    mut letters: Letters<'a>,
) -> Reading {
    let mut composer = Composer::made(content, bytes.len(), letters.detail);
    for places in places.chunks(MANY) {
        letters.push_mails(bytes, places, from_lines);
        std::mem::take(&mut letters.letters).into_iter().for_each(|letter| composer.push(letter));
    }
    composer.finish(letters)
}

/// Text of a mail whose headers are not there: as plain text or HTML.
fn headless(source: &Source, text: &str) -> Letter {
    let head = Head { at: source.occurred_at, subject: source.title.clone(), ..Head::default() };
    let body = match html::looks_like_html(text) {
        true => Body::Page(html::read(text)),
        false => {
            let whole = 0..text.len();
            Body::Text { decoded: None, places: vec![whole], format: TextFormat::Fixed, from_lines: FromLines::AsWritten }
        }
    };
    Letter { head, role: DraftRole::Own, receivers: Vec::new(), bodies: vec![body] }
}
