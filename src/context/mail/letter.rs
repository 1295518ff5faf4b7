//! [`Letters`]: mails → what each says, with its parts chosen and decoded.

use std::ops::Range;

use super::Head;
use super::attribution::clean_name;
use super::flow::FromLines;
use super::headers::Headers;
use super::part::{Budget, Inner, Mail, Part, TextFormat};
use super::transfer::Transfer;
use super::uuencode::without_files;
use super::{calendar, charset};
use jiff::Timestamp;

use crate::context::html::{self, Page};
use crate::context::material::Limits;
use crate::context::reading::{Correspondent, DraftRole, MailHead};

/// One mail before its body is split.
#[derive(Debug)]
pub(in crate::context) struct Letter {
    pub(super) head: Head,
    pub(super) role: DraftRole,
    pub(super) receivers: Vec<Correspondent>,
    pub(super) bodies: Vec<Body>,
}

/// A text of a mail.
#[derive(Debug)]
pub(super) enum Body {
    Text {
        /// `None`: it stands in the content, undecoded.
        decoded: Option<String>,
        /// Places in the decoded text, or in the content.
        places: Vec<Range<usize>>,
        format: TextFormat,
        from_lines: FromLines,
    },
    Page(Page),
}

/// The mails of a source, and what of them is not read.
#[derive(Debug)]
pub(in crate::context) struct Letters<'a> {
    /// The source as text, if it is text.
    content: Option<&'a str>,
    from_lines: FromLines,
    budget: Budget,
    pub(super) letters: Vec<Letter>,
    /// Headers of the first mail.
    pub(super) first: Option<MailHead>,
    attachments: Vec<String>,
    left_out: Vec<String>,
}

/// More attachments than this are counted and not named.
const MOST_NAMED: usize = 50;
/// More receivers than this are a mailing, and say nothing about who takes part.
const MOST_RECEIVERS: usize = 64;

impl<'a> Letters<'a> {
    pub(in crate::context) fn new(content: Option<&'a str>, limits: &Limits) -> Self {
        let budget = Budget::new(limits);
        Self {
            content,
            from_lines: FromLines::default(),
            budget,
            letters: Vec::new(),
            first: None,
            attachments: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Reads the mails that stand at places of a source.
    pub(super) fn push_mails(&mut self, source: &[u8], places: &[Range<usize>], from_lines: FromLines) {
        self.from_lines = from_lines;
        for place in places {
            if self.budget.take_mail() {
                let start = self.content.is_some().then_some(place.start);
                let mail = Mail::parse(&source[place.clone()], start, 0, &mut self.budget);
                self.push(&mail, DraftRole::Own);
            }
        }
    }

    /// Reads a mail that came decoded, as in an export.
    pub(in crate::context) fn push_raw(&mut self, raw: &[u8]) {
        if self.budget.take_mail() {
            let mail = Mail::parse(raw, None, 0, &mut self.budget);
            self.push(&mail, DraftRole::Own);
        }
    }

    /// Takes one mail of an export of the budget.
    pub(in crate::context) fn take_mail(&mut self) -> bool {
        self.budget.take_mail()
    }

    /// Takes the parts of the budget that are left of `count`.
    pub(in crate::context) fn take_parts(&mut self, count: usize) -> usize {
        self.budget.take_parts(count)
    }

    /// Whether a part may stand in `depth` others.
    pub(in crate::context) fn allows_depth(&mut self, depth: usize) -> bool {
        self.budget.allows_depth(depth)
    }

    /// Adds a line about what is not read.
    pub(in crate::context) fn leave_out(&mut self, why: String) {
        self.left_out.push(why);
    }

    /// Adds a line about a file that an export names.
    pub(in crate::context) fn leave_out_file(&mut self, name: Option<&str>, media: Option<&str>, bytes: Option<u64>) {
        let size = bytes.and_then(|bytes| usize::try_from(bytes).ok()).map(|bytes| format!(", {}", size(bytes)));
        self.attachments.push(format!(
            "attachment {} ({}{})",
            file_name(name),
            media.unwrap_or("unknown type"),
            size.unwrap_or_default()
        ));
    }

    /// Adds a mail whose headers an export gives as fields.
    pub(in crate::context) fn push_made(&mut self, head: MailHead, receivers: Vec<Correspondent>, text: Option<MadeText<'_>>) {
        let own = Head {
            name: head.name.as_deref().map(clean_name).filter(|name| !name.is_empty()),
            address: head.address.as_deref().map(str::to_lowercase),
            at: head.date,
            zone_seconds: 0,
            subject: head.subject.clone(),
            message_id: head.message_id.clone(),
        };
        let body = text.and_then(|text| match text {
            MadeText::Html(page) => self.budget.take_bytes(page.len()).then(|| Body::Page(html::read(page))),
            MadeText::Plain(text) => self.budget.take_bytes(text.len()).then(|| decoded(text.to_owned(), TextFormat::Fixed)),
        });
        self.first.get_or_insert(head);
        self.letters.push(Letter { head: own, role: DraftRole::Own, receivers, bodies: body.into_iter().collect() });
    }

    /// Adds a mail.
    fn push(&mut self, mail: &Mail<'_>, role: DraftRole) {
        self.push_at(mail, role, None);
    }

    /// Adds a mail that was received at a time that its headers may not say.
    pub(in crate::context) fn push_at(&mut self, mail: &Mail<'_>, role: DraftRole, received: Option<Timestamp>) {
        let mut named = mail_head(&mail.headers);
        let mut sent = mail.headers.sent();
        sent.at = sent.at.or(received);
        named.date = sent.at;
        let letter = Letter {
            head: Head {
                name: named.name.as_deref().map(clean_name).filter(|name| !name.is_empty()),
                address: named.address.as_deref().map(str::to_lowercase),
                at: sent.at,
                zone_seconds: sent.zone_seconds,
                subject: named.subject.clone(),
                message_id: named.message_id.clone(),
            },
            role,
            receivers: receivers(&mail.headers),
            bodies: Vec::new(),
        };
        self.first.get_or_insert(named);
        let index = self.letters.len();
        self.letters.push(letter);
        let mut bodies = Vec::new();
        self.read(&mail.part, &mut bodies);
        if bodies.is_empty() && self.letters.len() == index + 1 {
            bodies.extend(self.untyped(&mail.part));
        }
        self.letters[index].bodies = bodies;
    }

    /// The receipt's lines about what is not read.
    pub(super) fn receipt_lines(&mut self) -> Vec<String> {
        let mut lines = std::mem::take(&mut self.attachments);
        let beyond = lines.len().saturating_sub(MOST_NAMED);
        if beyond > 0 {
            lines.truncate(MOST_NAMED);
            lines.push(format!("{beyond} more attachments"));
        }
        lines.append(&mut self.left_out);
        lines.extend(self.budget.receipt_lines());
        lines
    }

    fn read(&mut self, part: &Part<'_>, bodies: &mut Vec<Body>) {
        match &part.inner {
            Inner::Beyond => {}
            Inner::Mail(mail) => self.push(mail, DraftRole::Copied),
            Inner::Parts(parts) if part.media == "multipart/alternative" => self.read_alternative(parts, bodies),
            Inner::Parts(parts) => parts.iter().for_each(|part| self.read(part, bodies)),
            Inner::Nothing => self.read_leaf(part, bodies),
        }
    }

    fn read_leaf(&mut self, part: &Part<'_>, bodies: &mut Vec<Body>) {
        let is_file = part.is_attachment || part.name.is_some() && part.media != "text/plain" && part.media != "text/html";
        match part.media.as_str() {
            "text/calendar" | "application/ics" => self.read_calendar(part, bodies),
            _ if part.is_mail() => self.read_encoded_mail(part),
            _ if is_file => self.name(part),
            "text/html" | "application/xhtml+xml" => {
                if let Some(text) = self.decode(part) {
                    bodies.push(Body::Page(html::read(&text)));
                }
            }
            "text/rfc822-headers" => self.name(part),
            media if media.starts_with("text/") || READABLE.contains(&media) => self.read_text(part, bodies),
            _ => self.name(part),
        }
    }

    /// Plain text preferred. Many programs write a plain part that only says that there is another one.
    fn read_alternative(&mut self, parts: &[Part<'_>], bodies: &mut Vec<Body>) {
        let (mut plain, mut rich) = (Vec::new(), Vec::new());
        for part in parts {
            match part.media.as_str() {
                "text/plain" | "text/enriched" | "text/markdown" => self.read(part, &mut plain),
                "text/calendar" | "application/ics" => {}
                "text/html" | "application/xhtml+xml" => self.read(part, &mut rich),
                media if media.starts_with("multipart/") => self.read(part, &mut rich),
                // Pages for other programs, such as `text/x-amp-html`, say the same.
                media if media.starts_with("text/") => {}
                _ => self.read(part, &mut rich),
            }
        }
        let (plain_words, rich_words) = (self.letters_in(&plain), self.letters_in(&rich));
        let is_poor = plain_words == 0 || rich_words > 60 && plain_words * 4 < rich_words;
        bodies.extend(if is_poor && rich_words > 0 { rich } else { plain });
        // An invitation says when and where, which its text often does not.
        for part in parts.iter().filter(|part| matches!(part.media.as_str(), "text/calendar" | "application/ics")) {
            self.read_calendar(part, bodies);
        }
    }

    /// How many letters and digits bodies have.
    fn letters_in(&self, bodies: &[Body]) -> usize {
        let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let body = |body: &Body| match body {
            Body::Text { decoded, places, .. } => {
                let whole = decoded.as_deref().or(self.content).unwrap_or_default();
                places.iter().map(|place| count(&whole[place.clone()])).sum()
            }
            Body::Page(page) => page.lines.iter().map(|line| count(&line.text)).sum::<usize>(),
        };
        bodies.iter().map(body).sum()
    }

    fn read_text(&mut self, part: &Part<'_>, bodies: &mut Vec<Body>) {
        let verbatim = self.place_of(part).filter(|place| self.budget.take_bytes(place.len()));
        let (decoded, place) = match verbatim {
            Some(place) => (None, place),
            None => match self.decode(part) {
                Some(text) => {
                    let place = 0..text.len();
                    (Some(text), place)
                }
                None => return,
            },
        };
        let whole = decoded.as_deref().or(self.content).unwrap_or_default();
        let (places, files) = without_files(whole, place);
        self.attachments.extend(files);
        let from_lines = self.from_lines;
        bodies.push(Body::Text { decoded, places, format: part.format, from_lines });
    }

    /// Where a text stands in the content as it is read.
    fn place_of(&self, part: &Part<'_>) -> Option<Range<usize>> {
        let content = self.content.filter(|_| part.transfer == Transfer::Identity)?;
        let place = part.place?..part.place? + part.body.len();
        let is_same = part.body.is_ascii() && !charset::is_stateful(part.charset.as_deref())
            || charset::decode(part.body, part.charset.as_deref()).as_bytes() == part.body;
        (is_same && content.get(place.clone()).is_some()).then_some(place)
    }

    /// The text of a part, if it is within the limits.
    fn decode(&mut self, part: &Part<'_>) -> Option<String> {
        if !self.budget.take_bytes(part.transfer.decoded_bytes(part.body.len())) {
            return None;
        }
        let bytes = part.transfer.decode(part.body);
        let declared = part.charset.clone().or_else(|| page_charset(&bytes).filter(|_| part.media == "text/html"));
        Some(charset::decode(&bytes, declared.as_deref()).into_owned())
    }

    fn read_calendar(&mut self, part: &Part<'_>, bodies: &mut Vec<Body>) {
        let Some(text) = self.decode(part) else { return };
        let lines = calendar::lines(&text);
        if lines.is_empty() {
            self.name(part);
            return;
        }
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        // The same invitation often comes once more as a file.
        let is_repeated = bodies.iter().any(|body| matches!(body, Body::Text { decoded: Some(other), .. } if *other == text));
        if !is_repeated {
            bodies.push(decoded(text, TextFormat::Fixed));
        }
    }

    /// A mail within a mail that is base64, against RFC 2046.
    fn read_encoded_mail(&mut self, part: &Part<'_>) {
        let depth = part.depth + 1;
        if self.budget.allows_depth(depth) && self.budget.take_bytes(part.transfer.decoded_bytes(part.body.len())) {
            let raw = part.transfer.decode(part.body);
            let content = self.content.take();
            let mail = Mail::parse(&raw, None, depth, &mut self.budget);
            self.push(&mail, DraftRole::Copied);
            self.content = content;
        }
    }

    /// The body of a mail that has no part of a type that is read, if it is text all the same.
    fn untyped(&mut self, part: &Part<'_>) -> Option<Body> {
        let is_open = matches!(part.inner, Inner::Nothing) && part.name.is_none() && !part.is_attachment;
        let text = is_open.then(|| self.decode(part)).flatten()?;
        let is_text = !text.trim().is_empty() && !text.chars().any(|c| c.is_control() && !c.is_whitespace());
        if !is_text {
            return None;
        }
        self.attachments.pop();
        Some(decoded(text, TextFormat::Fixed))
    }

    fn name(&mut self, part: &Part<'_>) {
        let bytes = part.bytes.unwrap_or_else(|| part.transfer.decoded_bytes(part.body.trim_ascii().len()));
        let (name, size) = (file_name(part.name.as_deref()), size(bytes));
        let what = match part.media.as_str() {
            "application/ms-tnef" => "Outlook's winmail.dat, ",
            "application/pgp-encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime" => "encrypted or signed, ",
            _ => "",
        };
        self.attachments.push(format!("attachment {name} ({what}{}, {size})", part.media));
    }
}

fn file_name(name: Option<&str>) -> String {
    name.map_or_else(|| "without a name".to_owned(), |name| format!("`{}`", name.trim()))
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}

/// A text that an export gives.
#[derive(Debug, Clone, Copy)]
pub(in crate::context) enum MadeText<'a> {
    Plain(&'a str),
    Html(&'a str),
}

impl Body {
    /// How many elements a page hides.
    pub(super) fn hidden(&self) -> usize {
        match self {
            Self::Text { .. } => 0,
            Self::Page(page) => page.hidden,
        }
    }
}

/// Types other than `text/…` that are lines for a reader.
const READABLE: [&str; 4] =
    ["message/delivery-status", "message/disposition-notification", "message/global-delivery-status", "message/feedback-report"];

pub(super) fn decoded(text: String, format: TextFormat) -> Body {
    let whole = 0..text.len();
    Body::Text { decoded: Some(text), places: vec![whole], format, from_lines: FromLines::AsWritten }
}

fn mail_head(headers: &Headers<'_>) -> MailHead {
    let writers = ["from", "sender", "return-path"].iter().map(|name| headers.mailboxes(name)).find(|found| !found.is_empty());
    let writers = writers.unwrap_or_default();
    let written: Vec<&str> = writers.iter().map(|writer| writer.written.as_str()).collect();
    let first = writers.first();
    MailHead {
        from: (!written.is_empty()).then(|| written.join(", ")),
        name: first.and_then(|writer| writer.name.clone()),
        address: first.and_then(|writer| writer.address.clone()),
        to: headers.mailboxes("to").into_iter().map(|receiver| receiver.written).collect(),
        subject: headers.text("subject"),
        date: headers.sent().at,
        message_id: headers.id("message-id"),
    }
}

/// Whom a mail was sent to.
fn receivers(headers: &Headers<'_>) -> Vec<Correspondent> {
    let named = ["to", "cc"].into_iter().flat_map(|name| headers.mailboxes(name));
    let correspondent = |mailbox: super::address::Mailbox| Correspondent {
        name: mailbox.name.as_deref().map(clean_name).filter(|name| !name.is_empty()),
        address: mailbox.address.map(|address| address.to_lowercase()),
    };
    named.map(correspondent).take(MOST_RECEIVERS).collect()
}

/// The charset that a page names for itself.
fn page_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let name = rest.trim_start_matches(['"', '\'']);
    Some(name.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).next()?.to_owned())
}
