//! One source → what it says, before people, sides and other sources are known.

use std::borrow::Cow;

use jiff::Timestamp;

use super::format::{Format, detect};
use super::material::Passage;
use super::{captions, fields, mail, note, turns};
use crate::domain::handoff::Source;

/// A source's readable text and the format it was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// The format and the rule that told it, for example `WebVTT (starts with WEBVTT)`.
    pub format: String,
    /// What spans of evidence point into. Empty if the source cannot be read.
    pub text: String,
}

/// The readable text of a source: what the span of a passage, a unit or a piece of evidence points into.
pub fn readable(source: &Source) -> Readable {
    let reading = read(source);
    Readable { format: reading.format, text: reading.text }
}

/// What one source says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    pub(super) format: String,
    pub(super) text: String,
    pub(super) drafts: Vec<Draft>,
    /// What was left out and why, without its text.
    pub(super) left_out: Vec<String>,
}

/// A message as its source gives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Draft {
    pub(super) speaker: Option<String>,
    pub(super) address: Option<String>,
    pub(super) at: Option<Timestamp>,
    pub(super) title: Option<String>,
    pub(super) message_id: Option<String>,
    pub(super) role: DraftRole,
    pub(super) passages: Vec<Passage>,
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
pub(super) fn read(source: &Source) -> Reading {
    let content = match decoded(&source.body) {
        Ok(text) => text,
        Err(_) if super::format::is_mail(&source.body) => return mail::read(source, None),
        Err(reason) => {
            return Reading { format: "binary".to_owned(), left_out: vec![format!("not read: {reason}")], ..Reading::default() };
        }
    };
    let format = detect(source, &content);
    let mut reading = match &format {
        Format::WebVtt | Format::Srt | Format::Sbv => captions::read(source, &content),
        Format::Turns(style) => turns::read(source, &content, *style),
        Format::Mbox | Format::Mail | Format::MailText => mail::read(source, Some(&content)),
        Format::JsonFields => fields::read_json(source, &content),
        Format::LabelledFields => fields::read_labelled(source, &content),
        Format::Html => note::read_html(source, &content),
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
