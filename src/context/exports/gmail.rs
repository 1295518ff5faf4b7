//! Messages of the Gmail API: `format=full` with its parts, `format=raw`, and what only has a snippet.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::context::html::decode_entities;
use crate::context::mail::{Headers, Inner, Letters, Mail, Part, Transfer, base64};
use crate::context::reading::DraftRole;

/// Whether an object is a message of the Gmail API.
pub(super) fn is_message(json: &Json) -> bool {
    let has_payload = json.pointer("/payload/headers").is_some_and(Json::is_array);
    let has_raw = json.get("raw").is_some_and(Json::is_string);
    let is_gmail = ["threadId", "internalDate", "labelIds"].iter().any(|name| json.get(name).is_some());
    has_payload || is_gmail && (has_raw || json.get("snippet").is_some())
}

/// Reads a message into `letters`.
pub(super) fn push(message: &Json, letters: &mut Letters<'_>) {
    if let Some(raw) = message.get("raw").and_then(Json::as_str) {
        letters.push_raw(&base64(raw.as_bytes()));
        return;
    }
    if !letters.take_mail() {
        return;
    }
    let none = Json::Null;
    let payload = Payload::of(message.get("payload").unwrap_or(&none), 0, letters);
    let headers = payload.headers();
    let mut part = payload.part(&headers, 0);
    let snippet = message.get("snippet").and_then(Json::as_str).map(decode_entities).unwrap_or_default();
    if payload.is_empty() && !snippet.is_empty() {
        letters.leave_out("text of a mail beyond its first words, which the export does not have".to_owned());
        (part.body, part.transfer) = (snippet.as_bytes(), Transfer::Identity);
    }
    let sent = message.get("internalDate").and_then(milliseconds);
    letters.push_at(&Mail { headers: payload.headers(), part }, DraftRole::Own, sent);
}

fn milliseconds(json: &Json) -> Option<Timestamp> {
    let number = json.as_i64().or_else(|| json.as_str()?.parse().ok())?;
    Timestamp::from_millisecond(number).ok()
}

/// A part with its body decoded.
struct Payload<'a> {
    media: Cow<'a, str>,
    file: Option<&'a str>,
    fields: Vec<(&'a str, &'a str)>,
    body: Vec<u8>,
    /// The body is to be had from another call.
    is_elsewhere: bool,
    bytes: Option<usize>,
    parts: Vec<Payload<'a>>,
}

impl<'a> Payload<'a> {
    /// `depth`: how many parts it stands in.
    fn of(json: &'a Json, depth: usize, letters: &mut Letters<'_>) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str);
        let field = |field: &'a Json| Some((field.get("name")?.as_str()?, field.get("value")?.as_str()?));
        let children = json.get("parts").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let taken = match children.is_empty() || letters.allows_depth(depth + 1) {
            true => letters.take_parts(children.len()),
            false => 0,
        };
        Self {
            media: text("mimeType").map_or(Cow::Borrowed("text/plain"), |media| Cow::Owned(media.to_ascii_lowercase())),
            file: text("filename").filter(|name| !name.is_empty()),
            fields: json.get("headers").and_then(Json::as_array).into_iter().flatten().filter_map(field).collect(),
            body: json.pointer("/body/data").and_then(Json::as_str).map(|data| base64(data.as_bytes())).unwrap_or_default(),
            is_elsewhere: json.pointer("/body/attachmentId").is_some(),
            bytes: json.pointer("/body/size").and_then(Json::as_u64).and_then(|size| usize::try_from(size).ok()),
            parts: children[..taken].iter().map(|child| Self::of(child, depth + 1, letters)).collect(),
        }
    }

    fn headers(&self) -> Headers<'_> {
        Headers::of(self.fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect())
    }

    /// Whether there is no body anywhere.
    fn is_empty(&self) -> bool {
        self.body.is_empty() && !self.is_elsewhere && self.parts.iter().all(Self::is_empty)
    }

    /// The part as it would have come in a mail, decoded.
    fn part<'b>(&'b self, headers: &Headers<'b>, depth: usize) -> Part<'b> {
        let mut part = Part::of(headers, &self.body, None, "text/plain", depth);
        part.media = self.media.clone().into_owned();
        part.transfer = Transfer::Identity;
        part.name = self.file.map(str::to_owned);
        part.bytes = self.bytes;
        part.is_attachment |= self.body.is_empty() && self.is_elsewhere;
        // Gmail gives text in UTF-8, whatever its headers say.
        let is_utf8 = std::str::from_utf8(&self.body).is_ok() && !self.body.contains(&0x1b);
        part.charset = part.charset.filter(|_| !is_utf8);
        let children = self.parts.iter().map(|child| child.part(&child.headers(), depth + 1));
        part.inner = match (part.is_mail(), self.parts.as_slice()) {
            (_, []) => Inner::Nothing,
            (true, [inner, ..]) => {
                let headers = inner.headers();
                let part = inner.part(&headers, depth + 1);
                Inner::Mail(Box::new(Mail { headers, part }))
            }
            (false, _) => Inner::Parts(children.collect()),
        };
        part
    }
}
