//! [`read`]: the texts of mails and where they stand in the source.

use std::ops::Range;

use jiff::Timestamp;
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use super::thread::split;
use super::{Head, trailer};
use crate::context::format::is_mail;
use crate::context::html::{self, Page};
use crate::context::lines::{Line, lines, paragraphs, spans};
use crate::context::material::Limits;
use crate::context::note::hidden_line;
use crate::context::origin::{Composed, Origin};
use crate::context::reading::{Correspondent, Draft, DraftRole, Reading, Removed, RemovedKind};
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// Reads mails. `content` is the source as text, if it is text.
///
/// The readable text is the content itself where all bodies stand in it undecoded, unquoted and as plain text;
/// otherwise it is made of the decoded bodies, without the marks of quotation.
pub(in crate::context) fn read(source: &Source, content: Option<&str>, _limits: &Limits) -> Reading {
    let mut reading = Reading { format: "mail (starts with mail headers, RFC 5322)".to_owned(), ..Reading::default() };
    let letters = letters(source, content, &mut reading);
    let (text, origin, bodies) = compose(&letters, content);
    for (letter, body) in letters.into_iter().zip(&bodies) {
        let mut role = letter.role;
        let mut receivers = letter.receivers;
        for mut part in split(&text, body, &letter.head) {
            let removed = trailer::strip(&text, &mut part.lines);
            if !part.header.is_empty() {
                reading.removed.push(Removed { kind: RemovedKind::QuoteHeader, spans: spans(&part.header) });
            }
            if role == DraftRole::Copied {
                reading.removed.push(Removed { kind: RemovedKind::Quote, spans: spans(&part.lines) });
            }
            reading.removed.extend(removed);
            reading.drafts.push(Draft {
                speaker: part.head.name,
                address: part.head.address,
                at: part.head.at,
                title: part.head.subject.or_else(|| letter.head.subject.clone()),
                message_id: part.head.message_id,
                role,
                receivers: std::mem::take(&mut receivers),
                body: spans(&part.lines),
                passages: paragraphs(&text, &part.lines),
                ..Draft::default()
            });
            role = DraftRole::Copied;
        }
    }
    reading.drafts.retain(|draft| !draft.passages.is_empty());
    reading.left_out.extend(trailer::receipt_lines(&reading.removed));
    (reading.text, reading.origin) = (text, origin);
    reading
}

/// One mail before its body is split.
struct Letter {
    head: Head,
    role: DraftRole,
    receivers: Vec<Correspondent>,
    bodies: Vec<Body>,
}

enum Body {
    /// `place`: where the text stands in the content, if it stands there undecoded.
    Plain {
        text: String,
        place: Option<usize>,
    },
    Page(Page),
}

fn letters(source: &Source, content: Option<&str>, reading: &mut Reading) -> Vec<Letter> {
    let mut letters = Vec::new();
    let body = source.body.as_slice();
    if let Some(text) = content.filter(|text| !is_mail(text.as_bytes())) {
        letters.push(headless(source, text, reading));
        return letters;
    }
    let body = content.map_or(body, str::as_bytes);
    let ranges = mbox_ranges(body);
    for range in &ranges {
        let raw = &body[range.clone()];
        match MessageParser::default().parse(raw) {
            Some(message) => push_message(&message, DraftRole::Own, (content, range.start), 0, &mut letters, reading),
            None => reading.left_out.push("a mail that could not be parsed".to_owned()),
        }
    }
    if let [letter] = letters.as_mut_slice() {
        letter.head.at = letter.head.at.or(source.occurred_at);
    }
    letters
}

/// Text of a mail whose headers are not there: as plain text or HTML.
fn headless(source: &Source, text: &str, reading: &mut Reading) -> Letter {
    let head = Head { at: source.occurred_at, subject: source.title.clone(), ..Head::default() };
    let body = match html::looks_like_html(text) {
        true => page(text, reading),
        false => Body::Plain { text: text.to_owned(), place: Some(0) },
    };
    Letter { head, role: DraftRole::Own, receivers: Vec::new(), bodies: vec![body] }
}

fn page(text: &str, reading: &mut Reading) -> Body {
    let page = html::read(text);
    reading.left_out.extend(hidden_line(page.hidden));
    Body::Page(page)
}

/// Where the mails of an mbox stand (RFC 4155): after a line `From …` at the start or after an empty line. Any other
/// source is one mail.
fn mbox_ranges(body: &[u8]) -> Vec<Range<usize>> {
    let start = body.iter().position(|byte| !byte.is_ascii_whitespace() && ![0xef, 0xbb, 0xbf].contains(byte)).unwrap_or(0);
    if !body[start..].starts_with(b"From ") {
        return std::iter::once(start..body.len()).collect();
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut at = start;
    let mut after_blank = true;
    for line in body[start..].split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        if after_blank && line.starts_with(b"From ") && is_mail(&body[next..]) {
            if let Some(last) = ranges.last_mut() {
                last.end = at;
            }
            ranges.push(next..body.len());
        }
        after_blank = line.trim_ascii().is_empty();
        at = next;
    }
    ranges
}

/// Messages within messages beyond this depth are only named.
const DEEPEST: usize = 4;

fn push_message(
    message: &Message<'_>,
    role: DraftRole,
    origin: (Option<&str>, usize),
    depth: usize,
    letters: &mut Vec<Letter>,
    reading: &mut Reading,
) {
    let bodies = bodies(message, origin, reading);
    letters.push(Letter { head: head(message), role, receivers: receivers(message), bodies });
    for part in message.attachments() {
        match &part.body {
            PartType::Message(inner) if depth < DEEPEST => {
                push_message(inner, DraftRole::Copied, origin, depth + 1, letters, reading)
            }
            _ => {
                let kind = part.content_type().map_or_else(String::new, |kind| {
                    kind.subtype().map_or_else(|| kind.ctype().to_owned(), |subtype| format!("{}/{subtype}", kind.ctype()))
                });
                let name = part.attachment_name().unwrap_or("without a name");
                reading.left_out.push(format!("attachment `{name}` ({})", if kind.is_empty() { "unknown type" } else { &kind }));
            }
        }
    }
}

/// The plain text of a mail, or its HTML where that is all it has.
fn bodies(message: &Message<'_>, origin: (Option<&str>, usize), reading: &mut Reading) -> Vec<Body> {
    let has_words = |part: &mail_parser::MessagePart<'_>| part.text_contents().is_some_and(|text| !text.trim().is_empty());
    let prefers_text = message.text_bodies().any(has_words);
    let parts: Vec<_> = if prefers_text { message.text_bodies().collect() } else { message.html_bodies().collect() };
    let mut bodies = Vec::new();
    for part in parts {
        match &part.body {
            PartType::Text(text) => {
                let place = origin.1 + part.raw_body_offset() as usize;
                let stands_there =
                    origin.0.and_then(|content| content.get(place..)).is_some_and(|rest| rest.starts_with(text.as_ref()));
                bodies.push(Body::Plain { text: text.clone().into_owned(), place: stands_there.then_some(place) });
            }
            PartType::Html(text) => bodies.push(page(text, reading)),
            _ => {}
        }
    }
    bodies
}

fn head(message: &Message<'_>) -> Head {
    let from = message.from().or_else(|| message.sender()).and_then(Address::first);
    let date = message.date().filter(|date| date.is_valid());
    let zone = date.map_or(0, |date| {
        let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
        if date.tz_before_gmt { -seconds } else { seconds }
    });
    Head {
        name: from.and_then(|from| from.name()).map(super::attribution::clean_name).filter(|name| !name.is_empty()),
        address: from.and_then(|from| from.address()).map(str::to_lowercase),
        at: date.and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
        zone_seconds: zone,
        subject: message.subject().map(|subject| subject.trim().to_owned()).filter(|subject| !subject.is_empty()),
        message_id: message.message_id().map(str::to_owned),
    }
}

/// Whom a mail was sent to.
fn receivers(message: &Message<'_>) -> Vec<Correspondent> {
    let named = [message.to(), message.cc()].into_iter().flatten().flat_map(Address::iter);
    let correspondent = |address: &mail_parser::Addr<'_>| Correspondent {
        name: address.name().map(super::attribution::clean_name).filter(|name| !name.is_empty()),
        address: address.address().map(str::to_lowercase),
    };
    named.map(correspondent).take(MOST_RECEIVERS).collect()
}

/// More receivers than this are a mailing, and say nothing about who takes part.
const MOST_RECEIVERS: usize = 64;

/// The readable text, and the lines of each mail in it.
fn compose(letters: &[Letter], content: Option<&str>) -> (String, Origin, Vec<Vec<Line>>) {
    let is_verbatim = |body: &Body| match body {
        Body::Plain { text, place } => place.is_some() && !has_quote_marks(text),
        Body::Page(_) => false,
    };
    let all_verbatim = letters.iter().flat_map(|letter| &letter.bodies).all(is_verbatim);
    match content.filter(|_| all_verbatim) {
        Some(content) => (content.to_owned(), Origin::Content, letters.iter().map(|letter| lines_in(letter, content)).collect()),
        None => {
            let mut composed = Composed::default();
            let bodies = letters.iter().map(|letter| push_lines(letter, content, &mut composed)).collect();
            let (text, origin) = composed.finish();
            (text, origin, bodies)
        }
    }
}

fn has_quote_marks(text: &str) -> bool {
    text.split(['\n', '\r']).any(|line| line.trim_start_matches([' ', '\t']).starts_with('>'))
}

fn lines_in(letter: &Letter, content: &str) -> Vec<Line> {
    let place = |body: &Body| match body {
        Body::Plain { text, place: Some(place) } => lines(content, *place..place + text.len()),
        Body::Plain { place: None, .. } | Body::Page(_) => Vec::new(),
    };
    letter.bodies.iter().flat_map(place).collect()
}

/// Adds a mail's lines to a made text, without the marks of quotation.
fn push_lines(letter: &Letter, content: Option<&str>, composed: &mut Composed) -> Vec<Line> {
    let mut found = Vec::new();
    let mut push = |line: &str, place: Option<usize>, depth: u8| {
        let start = composed.len();
        match (place, content) {
            (Some(place), Some(content)) => composed.copy(content, Span { start: place, end: place + line.len() }),
            _ => composed.make(line),
        }
        found.push(Line { start, end: composed.len(), depth });
        composed.make("\n");
    };
    for body in &letter.bodies {
        match body {
            Body::Plain { text, place } => lines(text, 0..text.len()).iter().for_each(|line| {
                let (depth, rest) = unquoted(line.text(text));
                push(rest, place.map(|place| place + line.end - rest.len()), depth);
            }),
            Body::Page(page) => page.lines.iter().for_each(|line| push(&line.text, None, line.depth)),
        }
        push("", None, 0);
    }
    found
}

/// How deep a line is quoted, and the line without the marks. mbox writes `>From ` for a line that begins with `From `.
fn unquoted(line: &str) -> (u8, &str) {
    if line.starts_with(">From ") {
        return (0, &line[1..]);
    }
    let mut depth: u8 = 0;
    let mut rest = line;
    while let Some(inner) = rest.trim_start_matches([' ', '\t']).strip_prefix('>') {
        depth = depth.saturating_add(1);
        rest = inner;
    }
    (depth, if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}
