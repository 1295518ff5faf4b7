//! One source → what it says, before people, sides and other sources are known.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use super::format::{Format, PlainRule, detect};
use super::material::{Limits, Passage};
use super::origin::Origin;
use super::{captions, chat, exports, fields, mail, note, table, turns};
use crate::domain::brief::Span;
use crate::domain::event::Side;
use crate::domain::handoff::Source;

/// What one source says, for a person who wants to see how it was understood. Holds the customer's text: it is for
/// a terminal, never for a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Readable {
    /// The format and the rule that told it, for example `WebVTT (starts with WEBVTT)`.
    pub format: String,
    /// What spans of evidence point into. Empty if the source cannot be read.
    pub text: String,
    /// Where the text stands in the source as it came.
    pub origin: Origin,
    /// What the sender of a mail wrote, without quotations, signature and footers: pieces of `text`. Of other formats,
    /// everything that was said.
    pub reply: Vec<Span>,
    /// What was taken out, as pieces of `text`.
    pub removed: Vec<Removed>,
    /// How many timed cues captions have.
    pub cues: Option<usize>,
    /// What was left out and why, without its text.
    pub left_out: Vec<String>,
}

/// The readable text of a source: what the span of a passage, a unit or a piece of evidence points into.
pub fn readable(source: &Source, limits: &Limits) -> Readable {
    let reading = read(source, limits);
    let own = reading.drafts.iter().filter(|draft| draft.role == DraftRole::Own);
    let mut reply: Vec<Span> = own
        .flat_map(|draft| match draft.body.is_empty() {
            true => draft.passages.iter().map(|passage| passage.span).collect(),
            false => draft.body.clone(),
        })
        .collect();
    reply.sort_by_key(|span| span.start);
    Readable {
        format: reading.format,
        reply,
        text: reading.text,
        origin: reading.origin,
        removed: reading.removed,
        cues: reading.cues,
        left_out: reading.left_out,
    }
}

/// A part of a source that is no unit of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    pub kind: RemovedKind,
    /// Pieces of the readable text, in order.
    pub spans: Vec<Span>,
}

/// Why a part of a source was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedKind {
    /// A message that was copied into the mail. It is a message of its own, unless it stands elsewhere in the handoff.
    Quote,
    /// The line or block that introduces a copied message: its sender and date were taken from it.
    QuoteHeader,
    /// A sign-off with names and numbers, or what stands below `-- `.
    Signature,
    /// "Sent from my phone".
    DeviceLine,
    /// Legal text below a mail.
    LegalFooter,
    /// What mailing lists and newsletters add.
    ListFooter,
}

/// What one source says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    pub(super) format: String,
    pub(super) text: String,
    pub(super) origin: Origin,
    pub(super) drafts: Vec<Draft>,
    pub(super) removed: Vec<Removed>,
    pub(super) cues: Option<usize>,
    /// What was left out and why, without its text.
    pub(super) left_out: Vec<String>,
}

/// A message as its source gives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Draft {
    pub(super) speaker: Option<String>,
    pub(super) address: Option<String>,
    /// What the source itself says of the speaker's side, such as `affiliation` in an export of calls.
    pub(super) side: Option<Side>,
    pub(super) at: Option<Timestamp>,
    pub(super) title: Option<String>,
    pub(super) message_id: Option<String>,
    pub(super) role: DraftRole,
    /// Others whom the headers of a mail name: `To` and `Cc`.
    pub(super) receivers: Vec<Correspondent>,
    /// Pieces of the readable text that are this message, marks of bullets included. Empty: its passages are all of it.
    pub(super) body: Vec<Span>,
    pub(super) passages: Vec<Passage>,
}

/// Somebody a header names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Correspondent {
    pub(super) name: Option<String>,
    /// Lower case.
    pub(super) address: Option<String>,
}

/// How a message came into its source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DraftRole {
    /// Said or written here.
    #[default]
    Own,
    /// Sent on or quoted from somewhere else: read unless it stands elsewhere.
    Copied,
}

/// Reads a source, whatever it is.
pub(super) fn read(source: &Source, limits: &Limits) -> Reading {
    let content = match decoded(&source.body) {
        Ok(text) => text,
        Err(_) if super::format::is_mail(&source.body) => return mail::read(source, None, limits),
        Err(reason) => {
            return Reading { format: "binary".to_owned(), left_out: vec![format!("not read: {reason}")], ..Reading::default() };
        }
    };
    let format = detect(source, &content);
    let mut reading = match &format {
        Format::Captions(rule) => captions::read(source, &content, *rule),
        Format::Turns(style) => turns::read(source, &content, *style),
        Format::Chat(_) => chat::read(source, &content),
        Format::Table(delimiter) => table::read(source, &content, *delimiter, limits),
        Format::Mbox | Format::Mail | Format::MailText => mail::read(source, Some(&content), limits),
        Format::Export(export) => exports::read(source, &content, *export, limits),
        Format::JsonFields => fields::read_json(source, &content),
        Format::LabelledFields => fields::read_labelled(source, &content),
        Format::Html => note::read_html(source, &content),
        Format::Plain(PlainRule::Markdown) => note::read_markdown(source, &content),
        Format::Plain(_) => note::read_plain(source, &content),
    };
    reading.format = format.describe().to_owned();
    if reading.drafts.iter().all(|draft| draft.passages.is_empty()) && reading.left_out.is_empty() {
        reading.left_out.push("nothing to read in it".to_owned());
    }
    reading
}

/// The content as text: UTF-8, or UTF-16 with a byte order mark.
fn decoded(body: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = body[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map(Cow::Owned).map_err(|_| "it is not valid UTF-16")
    };
    match body {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ if body.contains(&0) => Err("it is binary (a NUL byte)"),
        _ => std::str::from_utf8(body).map(Cow::Borrowed).map_err(|_| "it is binary (not valid UTF-8)"),
    }
}
