//! [`Mail`]: the tree of parts of a mail (RFC 2045 and RFC 2046).
//!
//! The fields, charsets and encodings are read with `mail-parser` and by the files beside this one. The tree is our
//! own: it must be linear in time for boundaries that never come, bounded in depth, and bounded in parts.

use std::ops::Range;

use mail_parser::ContentType;

use super::headers::Headers;
use super::transfer::Transfer;
use super::words::decode_words;
use crate::context::format;
use crate::context::lines::line_end;
use crate::context::material::Limits;

/// A mail: header fields and its body.
#[derive(Debug)]
pub(in crate::context) struct Mail<'a> {
    pub(in crate::context) headers: Headers<'a>,
    pub(in crate::context) part: Part<'a>,
}

/// A part of a mail, or its whole body.
#[derive(Debug, Default)]
pub(in crate::context) struct Part<'a> {
    /// Media type, lower case: `text/plain`.
    pub(in crate::context) media: String,
    pub(in crate::context) charset: Option<String>,
    pub(super) format: TextFormat,
    /// Name of the file.
    pub(in crate::context) name: Option<String>,
    pub(in crate::context) is_attachment: bool,
    pub(in crate::context) transfer: Transfer,
    /// Still encoded.
    pub(in crate::context) body: &'a [u8],
    /// Length of the file, if the body is not there.
    pub(in crate::context) bytes: Option<usize>,
    /// Where the body begins in the source, if it stands there.
    pub(super) place: Option<usize>,
    /// How many mails and multiparts it stands in.
    pub(super) depth: usize,
    pub(in crate::context) inner: Inner<'a>,
}

/// What a part holds.
#[derive(Debug, Default)]
pub(in crate::context) enum Inner<'a> {
    #[default]
    Nothing,
    /// What was not read, since it is beyond a limit.
    Beyond,
    Parts(Vec<Part<'a>>),
    Mail(Box<Mail<'a>>),
}

/// How lines of plain text end (RFC 3676).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum TextFormat {
    #[default]
    Fixed,
    /// A line that ends with a blank goes on in the next one.
    Flowed,
    /// The same, and the blank is no text.
    FlowedDelSp,
}

/// What the limits leave, and what was beyond them.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    parts: usize,
    decoded_bytes: usize,
    mails_beyond: usize,
    parts_beyond: usize,
    too_deep: usize,
    bytes_beyond: usize,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        let limits = limits.clone();
        Self { limits, parts: 0, decoded_bytes: 0, mails_beyond: 0, parts_beyond: 0, too_deep: 0, bytes_beyond: 0 }
    }

    /// Takes one mail of the budget.
    pub(super) fn take_mail(&mut self) -> bool {
        let is_within = self.parts < self.limits.parts;
        self.parts += usize::from(is_within);
        self.mails_beyond += usize::from(!is_within);
        is_within
    }

    /// Takes the parts of the budget that are left of `count`.
    pub(super) fn take_parts(&mut self, count: usize) -> usize {
        let taken = count.min(self.limits.parts - self.parts);
        self.parts += taken;
        self.parts_beyond += count - taken;
        taken
    }

    /// Whether a message or multipart may stand in `depth` others.
    pub(super) fn allows_depth(&mut self, depth: usize) -> bool {
        let is_within = depth <= self.limits.nesting;
        self.too_deep += usize::from(!is_within);
        is_within
    }

    /// Takes decoded bytes of the budget, all or none.
    pub(super) fn take_bytes(&mut self, bytes: usize) -> bool {
        let is_within = bytes <= self.limits.decoded_bytes - self.decoded_bytes;
        self.decoded_bytes += if is_within { bytes } else { 0 };
        self.bytes_beyond += if is_within { 0 } else { bytes };
        is_within
    }

    /// The receipt's lines about what was beyond the limits.
    pub(super) fn receipt_lines(&self) -> Vec<String> {
        let Limits { parts, nesting, decoded_bytes, .. } = &self.limits;
        let rows = [
            (self.mails_beyond, format!("mails over the limit of {parts} parts")),
            (self.parts_beyond, format!("parts over the limit of {parts}")),
            (self.too_deep, format!("parts nested deeper than the limit of {nesting}")),
            (self.bytes_beyond, format!("bytes over the limit of {decoded_bytes} decoded bytes")),
        ];
        rows.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

impl<'a> Mail<'a> {
    /// Reads the tree of a mail that stands in `depth` others. `place`: where `raw` begins in the source.
    pub(super) fn parse(raw: &'a [u8], place: Option<usize>, depth: usize, budget: &mut Budget) -> Self {
        let (headers, body) = Headers::parse(raw);
        let part = Part::of(&headers, &raw[body..], place.map(|place| place + body), "text/plain", depth);
        let part = part.opened(&headers, budget);
        Self { headers, part }
    }
}

impl<'a> Part<'a> {
    fn parse(raw: &'a [u8], place: Option<usize>, default_media: &str, depth: usize, budget: &mut Budget) -> Self {
        let (headers, body) = Headers::parse(raw);
        let part = Self::of(&headers, &raw[body..], place.map(|place| place + body), default_media, depth);
        part.opened(&headers, budget)
    }

    /// What the headers of a part say of it.
    pub(in crate::context) fn of(
        headers: &Headers<'a>,
        body: &'a [u8],
        place: Option<usize>,
        default_media: &str,
        depth: usize,
    ) -> Self {
        let kind = headers.content_type();
        let disposition = headers.disposition();
        let attribute = |of: &Option<ContentType<'_>>, name: &str| of.as_ref()?.attribute(name).map(str::to_owned);
        let is = |name: &str, value: &str| attribute(&kind, name).is_some_and(|found| found.eq_ignore_ascii_case(value));
        let media = kind.as_ref().and_then(|kind| Some(format!("{}/{}", kind.ctype(), kind.subtype()?).to_ascii_lowercase()));
        let name = attribute(&disposition, "filename").or_else(|| attribute(&kind, "name"));
        Self {
            media: media.unwrap_or_else(|| default_media.to_owned()),
            charset: attribute(&kind, "charset"),
            format: match (is("format", "flowed"), is("delsp", "yes")) {
                (true, true) => TextFormat::FlowedDelSp,
                (true, false) => TextFormat::Flowed,
                (false, _) => TextFormat::Fixed,
            },
            name: name.map(|name| decode_words(&name).into_owned()).filter(|name| !name.is_empty()),
            is_attachment: disposition.is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("attachment")),
            transfer: headers.raw("content-transfer-encoding").map_or(Transfer::Identity, |value| Transfer::parse(&value)),
            body,
            bytes: None,
            place,
            depth,
            inner: Inner::Nothing,
        }
    }

    /// Reads the parts of a multipart, and the mail of a `message/rfc822`. A multipart without a delimiter is text.
    fn opened(mut self, headers: &Headers<'a>, budget: &mut Budget) -> Self {
        let is_multipart = self.media.starts_with("multipart/");
        let is_mail = self.is_mail() && (self.transfer == Transfer::Identity || format::is_mail(self.body));
        if !is_multipart && !is_mail {
            return self;
        }
        let depth = self.depth + 1;
        if !budget.allows_depth(depth) {
            self.inner = Inner::Beyond;
            return self;
        }
        self.transfer = Transfer::Identity;
        if is_mail {
            self.inner = Inner::Mail(Box::new(Mail::parse(self.body, self.place, depth, budget)));
            return self;
        }
        let places = parts(headers, self.body);
        if places.is_empty() {
            "text/plain".clone_into(&mut self.media);
            return self;
        }
        let default_media = if self.media == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        let taken = budget.take_parts(places.len());
        let part = |place: &Range<usize>| {
            Self::parse(&self.body[place.clone()], self.place.map(|start| start + place.start), default_media, depth, budget)
        };
        self.inner = Inner::Parts(places[..taken].iter().map(part).collect());
        self
    }

    pub(in crate::context) fn is_mail(&self) -> bool {
        matches!(self.media.as_str(), "message/rfc822" | "message/global" | "message/news")
    }
}

/// The places of the parts of a multipart: by its boundary, as it should be written, as it is written, or as the first
/// delimiter in the body shows it.
fn parts(headers: &Headers<'_>, body: &[u8]) -> Vec<Range<usize>> {
    let declared = headers.content_type().and_then(|kind| kind.attribute("boundary").map(str::to_owned));
    let places = declared.map(|boundary| delimited(body, boundary.trim_end().as_bytes())).unwrap_or_default();
    if !places.is_empty() {
        return places;
    }
    let places = written_boundary(headers).map(|boundary| delimited(body, &boundary)).unwrap_or_default();
    if !places.is_empty() {
        return places;
    }
    shown_boundary(body).map(|boundary| delimited(body, boundary)).unwrap_or_default()
}

/// The boundary with characters that should have been quoted.
fn written_boundary(headers: &Headers<'_>) -> Option<Vec<u8>> {
    let value = headers.raw("content-type")?;
    let at = value.to_ascii_lowercase().windows(9).position(|window| window == b"boundary=")? + 9;
    let rest = &value[at..];
    let boundary = match rest.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|byte| *byte == b'"').next(),
        None => rest.split(|byte| matches!(byte, b';' | b' ' | b'\t')).next(),
    };
    boundary.map(<[u8]>::to_vec).filter(|boundary| !boundary.is_empty())
}

/// A delimiter that the header does not know: a line of `--` and a long word, with a part's header below it.
fn shown_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    for _ in 0..100 {
        let (end, next) = line_end(body, at);
        let line = &body[at..end];
        let word = line.strip_prefix(b"--").filter(|word| word.len() >= 8 && word.iter().all(u8::is_ascii_graphic));
        if let Some(word) = word
            && body[next..].get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
        {
            return Some(word);
        }
        at = next;
    }
    None
}

/// The places between the lines `--boundary`, to the line `--boundary--` or the end.
fn delimited(body: &[u8], boundary: &[u8]) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut open: Option<usize> = None;
    let (mut at, mut last_end) = (0, 0);
    while at < body.len() {
        let (end, next) = line_end(body, at);
        let rest = body[at..end].strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)).map(<[u8]>::trim_ascii_end);
        let (is_next, is_end) = (rest == Some(b""), rest == Some(b"--"));
        if is_next || is_end {
            places.extend(open.take().map(|start| start..last_end.max(start)));
            open = is_next.then_some(next);
        }
        if is_end && !places.is_empty() {
            break;
        }
        (last_end, at) = (end, next);
    }
    places.extend(open.filter(|start| *start < body.len()).map(|start| start..body.len()));
    places
}
