//! One source → what it says, before people, sides and other sources are known.

use jiff::Timestamp;
use serde::Serialize;

use super::bytes::{self, Encoding};
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
    /// What the sender of a mail wrote or sent on, without quotations, signature and footers: pieces of `text`. Of other
    /// formats, everything that was said.
    pub reply: Vec<Span>,
    /// What was taken out, as pieces of `text`.
    pub removed: Vec<Removed>,
    /// How many timed cues captions have.
    pub cues: Option<usize>,
    /// The headers of the first mail, even if it has no words.
    pub mail: Option<MailHead>,
    /// What was left out and why, without its text.
    pub left_out: Vec<String>,
}

/// What the headers of a mail say, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MailHead {
    /// The writers, as RFC 5322 writes them: `Dana Keller <dana@north.example>, "K., Ana" <ana@north.example>`.
    pub from: Option<String>,
    /// Name of the first writer.
    pub name: Option<String>,
    /// Address of the first writer, as it is written there.
    pub address: Option<String>,
    /// The receivers, each as in `from`.
    pub to: Vec<String>,
    pub subject: Option<String>,
    pub date: Option<Timestamp>,
    /// Without angle brackets.
    pub message_id: Option<String>,
}

/// The readable text of a source: what the span of a passage, a unit or a piece of evidence points into.
pub fn readable(source: &Source, limits: &Limits) -> Readable {
    let reading = read(source, limits);
    let own = reading.drafts.iter().filter(|draft| draft.role != DraftRole::Copied);
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
        mail: reading.mail,
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

impl RemovedKind {
    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Quote => "quotation",
            Self::QuoteHeader => "header of a quotation",
            Self::Signature => "signature",
            Self::DeviceLine => "line of a device",
            Self::LegalFooter => "legal footer",
            Self::ListFooter => "list footer",
        }
    }
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
    pub(super) mail: Option<MailHead>,
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
    /// Name, title and company below a mail, if it says more than a name.
    pub(super) signature: Option<Box<Passage>>,
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
    /// Sent on by the mail's sender: content of the mail, in somebody else's words.
    Forwarded,
    /// Quoted from somewhere else: read unless it stands elsewhere.
    Copied,
}

/// Reads a source, whatever it is.
pub(super) fn read(source: &Source, limits: &Limits) -> Reading {
    let content = match bytes::text_of(&source.body) {
        Ok(content) => content,
        Err(kind) => return mail_of_bytes(source, limits).unwrap_or_else(|| refused(kind)),
    };
    if content.encoding == Encoding::Windows1252
        && let Some(reading) = mail_of_bytes(source, limits)
    {
        return reading;
    }
    let format = detect(source, &content.text);
    let mut reading = match &format {
        Format::Captions(rule) => captions::read(source, &content.text, *rule),
        Format::Turns(style) => turns::read(source, &content.text, *style),
        Format::Chat(_) => chat::read(source, &content.text),
        Format::Table(delimiter) => table::read(source, &content.text, *delimiter, limits),
        Format::Mbox | Format::Mail | Format::MailText => mail::read(source, Some(&content.text), format, limits),
        Format::Export(export) => exports::read(source, &content.text, *export, limits),
        Format::JsonFields => fields::read_json(source, &content.text),
        Format::LabelledFields => fields::read_labelled(source, &content.text),
        Format::Html => note::read_html(source, &content.text),
        Format::Plain(PlainRule::Markdown) => note::read_markdown(source, &content.text),
        Format::Plain(_) => note::read_plain(source, &content.text),
    };
    if content.encoding != Encoding::Utf8 {
        // The places are those of the decoded text.
        reading.origin = Origin::Decoded;
    }
    finished(reading, format, content.encoding)
}

/// A mail whose parts are in charsets of their own.
fn mail_of_bytes(source: &Source, limits: &Limits) -> Option<Reading> {
    let format = super::format::raw_mail(source)?;
    Some(finished(mail::read(source, None, format, limits), format, Encoding::Utf8))
}

fn finished(mut reading: Reading, format: Format, encoding: Encoding) -> Reading {
    reading.format = format!("{}{}", format.describe(), encoding.remark());
    let is_empty = |draft: &Draft| draft.passages.is_empty() && draft.body.is_empty();
    if reading.drafts.iter().all(is_empty) && reading.left_out.is_empty() {
        reading.left_out.push("nothing to read in it".to_owned());
    }
    reading
}

fn refused(kind: &str) -> Reading {
    Reading { format: "binary".to_owned(), left_out: vec![format!("not read: it is {kind}")], ..Reading::default() }
}
