//! Which format a source is in, told from its content. The sender's media type is only a hint.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;

use super::captions::{CaptionRule, begins_with_cue};
use super::chat::{self, ChatStyle};
use super::exports::{self, Export};
use super::html::looks_like_html;
use super::lines::line_end;
use super::table;
use super::turns::{self, TurnStyle};
use crate::domain::event::SourceType;
use crate::domain::handoff::Source;

/// A format, by the rule that told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Captions(CaptionRule),
    Turns(TurnStyle),
    Chat(ChatStyle),
    /// A table of notes, with its delimiter.
    Table(u8),
    Mbox,
    Mail,
    /// Text of a mail without its headers.
    MailText,
    /// A known export of another system, as JSON.
    Export(Export),
    JsonFields,
    LabelledFields,
    Html,
    Plain(PlainRule),
}

/// Why a text is read as plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlainRule {
    Markdown,
    OtherJson,
    NothingElse,
}

impl Format {
    /// For the receipt: the format and the rule that matched.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Captions(rule) => rule.describe(),
            Self::Turns(style) => style.describe(),
            Self::Chat(style) => style.describe(),
            Self::Table(b'\t') => "table of notes (a header with a column of texts, tabs between the values)",
            Self::Table(_) => "table of notes (CSV: a header with a column of texts)",
            Self::Mbox => "mbox (starts with a From line, then mail headers)",
            Self::Mail => "mail (starts with mail headers, RFC 5322)",
            Self::MailText => "mail text (an email_thread without headers)",
            Self::Export(export) => export.describe(),
            Self::JsonFields => "record fields (a JSON object)",
            Self::LabelledFields => "record fields (lines of name: value)",
            Self::Html => "HTML (starts with a tag or has several)",
            Self::Plain(PlainRule::Markdown) => "Markdown (has headings, bullets, tables, links or bold words)",
            Self::Plain(PlainRule::OtherJson) => "plain text (JSON that is no record)",
            Self::Plain(PlainRule::NothingElse) => "plain text (no other rule matched)",
        }
    }
}

/// Tells the format of a text. The first rule that matches wins.
pub(super) fn detect(source: &Source, text: &str) -> Format {
    let start = text.trim_start_matches('\u{feff}');
    let body = start.trim_start();
    match () {
        () if is_webvtt(body) => Format::Captions(CaptionRule::WebVtt),
        () if let Some(format) = json(source, body) => format,
        () if MBOX.is_match(body) && is_mail(body.split_once('\n').map_or("", |(_, rest)| rest).as_bytes()) => Format::Mbox,
        () if is_mail(body.as_bytes()) => Format::Mail,
        () if source.source_type == SourceType::EmailThread && is_bare_mail(body.as_bytes()) => Format::Mail,
        () if let Some(rule) = begins_with_cue(body) => Format::Captions(rule),
        () if looks_like_html(text) => {
            if source.source_type == SourceType::EmailThread {
                Format::MailText
            } else {
                Format::Html
            }
        }
        () if source.source_type == SourceType::CrmSnapshot => Format::LabelledFields,
        () if source.source_type == SourceType::EmailThread => Format::MailText,
        () => spoken_or_noted(source.source_type, text),
    }
}

/// The text of a call or a note, which has no mark of its format but how its lines look.
fn spoken_or_noted(source_type: SourceType, text: &str) -> Format {
    if let Some(delimiter) = table::delimiter_of(text) {
        return Format::Table(delimiter);
    }
    if let Some(style) = chat::style_of(text) {
        return Format::Chat(style);
    }
    match turns::style_of(source_type, text) {
        Some(style) => Format::Turns(style),
        None if MARKDOWN.is_match(text) => Format::Plain(PlainRule::Markdown),
        None => Format::Plain(PlainRule::NothingElse),
    }
}

/// Whether bytes begin like a mail: header lines, at least two of them well-known (RFC 5322 section 2.2).
pub(super) fn is_mail(body: &[u8]) -> bool {
    known_headers(body).is_some_and(|known| known >= 2)
}

/// Whether bytes that are said to be a mail begin with one well-known header and nothing but headers.
fn is_bare_mail(body: &[u8]) -> bool {
    known_headers(body).is_some_and(|known| known >= 1)
}

/// Whether a source that is not UTF-8 is a mail, in whichever charsets its parts are.
pub(super) fn raw_mail(source: &Source) -> Option<Format> {
    let start = source.body.trim_ascii_start();
    let is_it = is_mail(start) || source.source_type == SourceType::EmailThread && is_bare_mail(start);
    is_it.then(|| if start.starts_with(b"From ") { Format::Mbox } else { Format::Mail })
}

/// How many header lines of bytes are well-known. `None`: something else stands there.
fn known_headers(body: &[u8]) -> Option<usize> {
    let head = &body[..body.len().min(16 * 1024)];
    let (mut known, mut unknown, mut at) = (0, 0, head.len() - head.trim_ascii_start().len());
    for n in 0..60 {
        let (end, next) = line_end(head, at);
        let line = &head[at..end];
        let name = line.iter().position(|byte| *byte == b':').map(|end| line[..end].trim_ascii_end());
        match name {
            // A list of `Name: value` that no empty line ends may be somebody's words.
            _ if at >= head.len() => return (known >= 2 || unknown == 0).then_some(known),
            _ if line.is_empty() => break,
            _ if n > 0 && (line.starts_with(b" ") || line.starts_with(b"\t")) => {}
            // Outlook's `Sent:` is no header of RFC 5322: this is a pasted mail.
            Some(b"Sent") => return None,
            Some(name) if !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte)) => {
                let is_known = is_known_header(name);
                known += usize::from(is_known);
                unknown += usize::from(!is_known);
            }
            _ if n == 0 && (line.starts_with(b"From ") || line.starts_with(b">From ")) => {}
            _ => return (known >= 2).then_some(known),
        }
        at = next;
    }
    Some(known)
}

/// Whether a mail may have a header field of this name, among those that most mails have.
pub(super) fn is_known_header(name: &[u8]) -> bool {
    KNOWN_HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

const KNOWN_HEADERS: [&str; 16] = [
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "sender",
    "message-id",
    "in-reply-to",
    "references",
    "received",
    "mime-version",
    "return-path",
    "delivered-to",
    "reply-to",
    "content-type",
    "content-transfer-encoding",
];

fn is_webvtt(start: &str) -> bool {
    start.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Whether the first mark of a text can be JSON's: `[00:05] Dana: …` and `[Dana] 11:02:09` are not.
fn is_json(body: &str) -> bool {
    let inner = body.strip_prefix(['{', '[']).map(str::trim_start);
    inner.is_some_and(|inner| {
        inner.starts_with(['{', '[', '"', '}', ']', '-', 't', 'f', 'n']) || inner.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// A known export, else an object of plain values is a record; of a snapshot every object is. Other JSON is read as
/// text, and what is no JSON may be anything else.
fn json(source: &Source, body: &str) -> Option<Format> {
    let json: Json = if is_json(body) { serde_json::from_str(body).ok()? } else { return None };
    let is_snapshot = source.source_type == SourceType::CrmSnapshot;
    Some(match (exports::detect(&json), json) {
        (Some(export), _) if export.is_specific() || !is_snapshot => Format::Export(export),
        (_, Json::Object(fields)) if is_snapshot || is_flat(&fields) => Format::JsonFields,
        _ => Format::Plain(PlainRule::OtherJson),
    })
}

fn is_flat(fields: &serde_json::Map<String, Json>) -> bool {
    !fields.is_empty() && fields.values().all(|value| !value.is_object() && !value.is_array())
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static MBOX: LazyLock<Regex> = LazyLock::new(|| pattern(r"^From [^\r\n]+ \d{4}(?: [+-]\d{4})?[ \t]*\r?\n"));
static MARKDOWN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^(?:#{1,6} \S|\s*[-*•] \S|\|.*\|[ \t]*\r?$)|\*\*\S|\]\(https?://"));
