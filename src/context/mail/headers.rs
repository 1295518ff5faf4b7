//! [`Headers`]: the header fields of a mail or a part (RFC 5322 section 2.2), and what they say.

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, DateTime};

use super::address::{Mailbox, mailboxes};
use super::words::decode_words;
use super::{charset, dates};
use crate::context::format::is_known_header;
use crate::context::lines::line_end;

/// Header fields in the order they came, still folded and encoded.
#[derive(Debug, Default)]
pub(in crate::context) struct Headers<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
    /// Charset of raw bytes that are not UTF-8.
    charset: Option<String>,
}

/// What stands beyond this many bytes of a field is not read.
const LONGEST: usize = 64 << 10;

/// When a mail was sent, and seconds east of UTC of the sender's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) at: Option<Timestamp>,
    pub(super) zone_seconds: i32,
}

impl<'a> Headers<'a> {
    /// Reads header fields, and returns where the body begins.
    pub(super) fn parse(raw: &'a [u8]) -> (Self, usize) {
        let (fields, body) = split(raw);
        let headers = Self { fields: fields.into_iter().map(|(name, value)| (&raw[name], &raw[value])).collect(), charset: None };
        let charset = headers.content_type().and_then(|kind| kind.attribute("charset").map(str::to_owned));
        (Self { charset, ..headers }, body)
    }

    /// Headers that are told apart already, such as those of a JSON export.
    pub(in crate::context) fn of(fields: Vec<(&'a [u8], &'a [u8])>) -> Self {
        Self { fields, charset: None }
    }

    /// The bytes of the first field of a name, without folds.
    pub(super) fn raw(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        let (_, value) = self.fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))?;
        let value = value[..value.len().min(LONGEST)].trim_ascii();
        Some(match value.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
            true => Cow::Owned(value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()),
            false => Cow::Borrowed(value),
        })
    }

    /// A field as text, its encoded words not decoded.
    fn encoded(&self, name: &str) -> Option<String> {
        let value = self.raw(name)?;
        let charset = self.charset.as_deref();
        Some(match std::str::from_utf8(&value) {
            Ok(text) if !(charset::is_stateful(charset) && value.contains(&0x1b)) => text.to_owned(),
            _ => charset::decode(&value, charset).into_owned(),
        })
    }

    /// A field as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let decoded = decode_words(&self.encoded(name)?).replace(char::is_control, " ");
        let text = decoded.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whom a field names.
    pub(super) fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        self.encoded(name).map(|value| mailboxes(&value)).unwrap_or_default()
    }

    /// An id without its angle brackets.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        let text = self.encoded(name)?;
        let inner = text.split_once('<').map_or(text.as_str(), |(_, rest)| rest.split('>').next().unwrap_or_default());
        let id: String = inner.chars().filter(|c| !c.is_whitespace()).take(998).collect();
        (!id.is_empty()).then_some(id)
    }

    /// `Date`, else when the mail was last received.
    pub(super) fn sent(&self) -> Sent {
        let received = || self.encoded("received").and_then(|value| value.rsplit_once(';').map(|(_, date)| date.to_owned()));
        let written = self.encoded("date").map(|value| sent(&value)).filter(|sent| sent.at.is_some());
        written.or_else(|| received().map(|value| sent(&value))).unwrap_or_default()
    }

    /// `Content-Type` with its parameters (RFC 2045 and RFC 2231).
    pub(super) fn content_type(&self) -> Option<ContentType<'static>> {
        self.parameters("content-type")
    }

    /// `Content-Disposition` with its parameters.
    pub(super) fn disposition(&self) -> Option<ContentType<'static>> {
        self.parameters("content-disposition")
    }

    fn parameters(&self, name: &str) -> Option<ContentType<'static>> {
        let mut value = self.raw(name)?.into_owned();
        value.truncate(16 << 10);
        value.push(b'\n');
        match MessageStream::new(&value).parse_content_type().into_owned().into_content_type() {
            Some(parsed) if !parsed.ctype().is_empty() => Some(parsed),
            _ => None,
        }
    }
}

/// A date as RFC 5322 writes it, or as programs do.
fn sent(value: &str) -> Sent {
    let parsed = DateTime::parse_rfc822(value).filter(DateTime::is_valid);
    let zone_seconds = parsed.as_ref().map_or(0, |date| {
        let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
        if date.tz_before_gmt { -seconds } else { seconds }
    });
    let at = parsed.and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    Sent { at: at.or_else(|| dates::parse(value, 0)), zone_seconds }
}

/// A moment as ISO 8601 or RFC 5322 write it, or as programs do.
pub(in crate::context) fn moment(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    value.parse().ok().or_else(|| sent(value).at)
}

type Field = (Range<usize>, Range<usize>);

/// The places of names and values, and of the body. An empty line ends the header fields. So does a line that is no
/// field, unless a well-known field follows it shortly: then it came there by mistake.
fn split(raw: &[u8]) -> (Vec<Field>, usize) {
    let mut fields: Vec<Field> = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let (end, next) = line_end(raw, at);
        let line = &raw[at..end];
        let folds = line.starts_with(b" ") || line.starts_with(b"\t");
        match (fields.last_mut(), field_name(line)) {
            _ if line.is_empty() => return (fields, next),
            (Some((_, value)), _) if folds => value.end = end,
            (_, Some(name_end)) => {
                let colon = line.iter().position(|byte| *byte == b':').unwrap_or(name_end);
                fields.push((at..at + name_end, at + colon + 1..end));
            }
            (None, None) if line.starts_with(b"From ") || line.starts_with(b">From ") => {}
            _ if field_follows(raw, next) => {}
            _ => return (fields, at),
        }
        at = next;
    }
    (fields, at.min(raw.len()))
}

/// Length of a field's name. Blanks before the colon are obsolete, but legal to read (RFC 5322 section 4.5).
fn field_name(line: &[u8]) -> Option<usize> {
    let colon = line.iter().take(256).position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte))).then_some(name.len())
}

fn field_follows(raw: &[u8], from: usize) -> bool {
    let mut at = from;
    for _ in 0..3 {
        let (end, next) = line_end(raw, at);
        let line = &raw[at..end];
        if line.is_empty() {
            return false;
        }
        if field_name(line).is_some_and(|name_end| is_known_header(&line[..name_end])) {
            return true;
        }
        at = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Headers;

    fn subject(raw: &[u8]) -> (Option<String>, String) {
        let (headers, body) = Headers::parse(raw);
        (headers.text("subject"), String::from_utf8_lossy(&raw[body..]).into_owned())
    }

    #[test]
    fn folded_obsolete_and_interrupted_fields_are_read() {
        let rows: [(&[u8], &str, &str); 9] = [
            (b"Subject: The\r\n price\r\nTo: a@b.example\r\n\r\nHi", "The price", "Hi"),
            (b"Subject: The\n \n\tprice\n\nHi", "The  price", "Hi"),
            (b"Subject  : Price\n\nHi", "Price", "Hi"),
            (b"From dana Mon May  4 15:07:00 2026\nSubject: Price\n\nHi", "Price", "Hi"),
            (b"To: a@b.example\nquite broken here: x\nSubject: Price\n\nHi", "Price", "Hi"),
            (b"Subject: Price\nHi Lee,\nno empty line", "Price", "Hi Lee,\nno empty line"),
            (b"Subject: Price\rTo: a@b.example\r\rHi", "Price", "Hi"),
            (b"Subject: Price\r\r\nTo: a@b.example\r\r\n\r\r\nHi", "Price", "Hi"),
            (b"Subject: Price", "Price", ""),
        ];
        for (raw, text, body) in rows {
            assert_eq!(subject(raw), (Some(text.to_owned()), body.to_owned()), "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn raw_bytes_in_headers_are_decoded() {
        assert_eq!(subject("Subject: Grüße\n\n".as_bytes()).0.as_deref(), Some("Grüße"));
        assert_eq!(subject(b"Subject: Gr\xfc\xdfe\n\n").0.as_deref(), Some("Grüße"));
        let cyrillic = b"Subject: \xcf\xf0\xe8\xe2\xe5\xf2\nContent-Type: text/plain; charset=windows-1251\n\n";
        assert_eq!(subject(cyrillic).0.as_deref(), Some("Привет"));
    }

    #[test]
    fn dates_and_ids_are_read() {
        let raw = b"Date: Mon, 4 May 2026 15:07:00 +0200\nMessage-ID: < a.b @north.example >\n\n";
        let (headers, _) = Headers::parse(raw);
        let sent = headers.sent();
        assert_eq!((sent.at.unwrap().to_string().as_str(), sent.zone_seconds), ("2026-05-04T13:07:00Z", 7200));
        assert_eq!(headers.id("message-id").as_deref(), Some("a.b@north.example"));
        let raw = b"Received: from a by b; Mon, 4 May 2026 13:07:00 +0000 (UTC)\nDate: soon\n\n";
        assert_eq!(Headers::parse(raw).0.sent().at.unwrap().to_string(), "2026-05-04T13:07:00Z");
    }
}
