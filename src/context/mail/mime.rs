//! [`read`]: a source of mails, or of the text of one.

use super::Head;
use super::compose::compose;
use super::flow::FromLines;
use super::letter::{Body, Letter, Letters};
use super::mbox;
use super::part::TextFormat;
use crate::context::format::Format;
use crate::context::html;
use crate::context::material::Limits;
use crate::context::reading::{DraftRole, Reading};
use crate::domain::handoff::Source;

/// Reads mails. `content` is the source as text, if it is text.
pub(in crate::context) fn read(source: &Source, content: Option<&str>, format: Format, limits: &Limits) -> Reading {
    let mut letters = Letters::new(content, limits);
    match content.filter(|_| format == Format::MailText) {
        Some(text) => letters.letters.push(headless(source, text)),
        None => {
            let bytes = content.map_or(source.body.as_slice(), str::as_bytes);
            let (places, from_lines) = mbox::mails(bytes);
            letters.push_mails(bytes, &places, from_lines);
        }
    }
    if let [letter, rest @ ..] = letters.letters.as_mut_slice()
        && rest.iter().all(|other| other.role == DraftRole::Copied)
    {
        letter.head.at = letter.head.at.or(source.occurred_at);
    }
    compose(letters, content)
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
