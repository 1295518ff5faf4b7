//! The handoff event: CloudEvents 1.0, JSON, structured mode or AMQP binary mode.
//!
//! Source: CloudEvents specification 1.0.2, JSON event format and AMQP protocol binding. Decoding never
//! touches the network; whatever cannot be understood here is poison and is parked as it came.

use std::collections::BTreeMap;

use base64::Engine as _;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The only event type this version understands.
pub const EVENT_TYPE: &str = "baton.handoff.requested.v1";
/// Media type of a CloudEvent in structured mode.
pub const STRUCTURED_MODE: &str = "application/cloudevents+json";

/// A message as a queue hands it over, before anybody has understood it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Media type of `body`, if the sender named one.
    pub content_type: Option<String>,
    /// CloudEvents attributes that travel outside of the body (AMQP binary mode), without their
    /// `cloudEvents:` prefix. Empty in structured mode.
    pub attributes: BTreeMap<String, String>,
    /// The message as it arrived.
    pub body: Vec<u8>,
}

/// One record changes hands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Baton handoff event (CloudEvents 1.0)")]
pub struct HandoffEvent {
    /// CloudEvents version. Always `1.0`.
    pub specversion: String,
    /// Unique together with `source`: a repeated pair is the same event.
    pub id: String,
    /// The system that emits the event, as a URI reference, for example `crm/deals`.
    pub source: String,
    /// Always `baton.handoff.requested.v1`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When the handoff happened, RFC 3339. Orders the events of a record: an older one never replaces a newer brief.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub time: Timestamp,
    /// The handoff itself.
    pub data: HandoffData,
    /// Other CloudEvents attributes, kept as they came.
    #[serde(flatten)]
    pub extensions: BTreeMap<String, Json>,
}

/// What changes hands, between whom, and what is attached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoffData {
    /// The kind of handoff: names the contract.
    pub kind: String,
    /// The record that changes hands.
    pub record: RecordRef,
    /// Who gives the record away.
    #[serde(default)]
    pub from: Party,
    /// Who receives it.
    #[serde(default)]
    pub to: Party,
    /// Record fields as the sender knows them; read as one more source.
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
    /// People known to take part, with the side they are on. Optional; helps to tell who speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participant>,
    /// Notes, transcripts and threads. Empty: all that the record store has for the record within the
    /// contract's look-back window.
    #[serde(default)]
    pub sources: Vec<SourceRef>,
}

/// Names one record of the outside system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRef {
    /// For example `deal`, `lead`, `account`.
    #[serde(rename = "type")]
    pub record_type: String,
    /// Unique among the records of its type.
    pub id: String,
    /// A name for people. Not part of the identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A team and the person in it who owns the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// For example `sdr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The owner's short name in the sending system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// Somebody who takes part in the conversations of the handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// As written in transcripts and mails.
    pub name: String,
    /// Mail address, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Customer or ours.
    pub side: Side,
}

/// Whose side somebody is on. `Unknown` is a legal answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The people who buy.
    Customer,
    /// The people who sell or deliver: us.
    Ours,
    /// Nothing in the event or the sources says it.
    #[default]
    Unknown,
}

/// What kind of material a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceType {
    /// A transcript of a call or meeting.
    CallTranscript,
    /// Notes somebody took of a call or meeting, or any other note.
    CallNote,
    /// One mail or several.
    EmailThread,
    /// Fields of the record at the time of the handoff.
    CrmSnapshot,
}

/// One attachment of the event: with its text, or by id to be pulled from the record store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRef {
    /// Unique within the record.
    pub id: String,
    /// What kind of material it is.
    #[serde(rename = "type")]
    pub source_type: SourceType,
    /// Media type as the sender knows it. Only a hint: the format is detected from the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// When the call took place or the mail was sent, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub occurred_at: Option<Timestamp>,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The content. Without it (and without `text_base64`) the source is pulled from the record store by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The content in base64 (RFC 4648), for mails that are not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_base64: Option<String>,
}

impl HandoffEvent {
    /// The event as a record store keeps it: its sources are named and can be pulled, their contents are not in it.
    #[must_use]
    pub fn without_contents(&self) -> Self {
        let data = &self.data;
        Self {
            specversion: self.specversion.clone(),
            id: self.id.clone(),
            source: self.source.clone(),
            event_type: self.event_type.clone(),
            time: self.time,
            data: HandoffData {
                kind: data.kind.clone(),
                record: data.record.clone(),
                from: data.from.clone(),
                to: data.to.clone(),
                fields: data.fields.clone(),
                participants: data.participants.clone(),
                sources: data.sources.iter().map(SourceRef::without_content).collect(),
            },
            extensions: self.extensions.clone(),
        }
    }
}

impl SourceRef {
    fn without_content(&self) -> Self {
        Self {
            id: self.id.clone(),
            source_type: self.source_type,
            format: self.format.clone(),
            occurred_at: self.occurred_at,
            title: self.title.clone(),
            text: None,
            text_base64: None,
        }
    }

    /// The content that travels with the event; `None` if it has to be pulled.
    pub fn inline_body(&self) -> Result<Option<Vec<u8>>, EventError> {
        if let Some(text) = &self.text {
            return Ok(Some(text.clone().into_bytes()));
        }
        let Some(encoded) = &self.text_base64 else { return Ok(None) };
        let compact: String = encoded.split_ascii_whitespace().collect();
        let engine = base64::engine::general_purpose::STANDARD;
        engine.decode(compact).map(Some).map_err(|_| EventError::SourceNotBase64 { source_id: self.id.clone() })
    }
}

/// Why a message is not a handoff event. Never quotes the message: it holds customers' text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    #[error("the message is not UTF-8 (first bad byte at {at}); send JSON in UTF-8")]
    NotUtf8 { at: usize },
    #[error("the message is not JSON (line {line}, column {column}); send one CloudEvent as a JSON object")]
    NotJson { line: usize, column: usize },
    #[error("the message is no handoff event: {what} (line {line}, column {column}); `schemas/event.schema.json` has the format")]
    NotAnEvent { what: &'static str, line: usize, column: usize },
    #[error("the event has no `{name}`; add it (`schemas/event.schema.json` has the format)")]
    Missing { name: &'static str },
    #[error("CloudEvents version is not understood; Baton reads `specversion` 1.0")]
    UnknownVersion,
    #[error("event type is not understood; Baton reads `{EVENT_TYPE}`")]
    UnknownType,
    #[error("`{name}` is empty; give it a value")]
    Empty { name: &'static str },
    #[error("source `{source_id}` has a `text_base64` that is not base64 (RFC 4648); encode it again or send `text`")]
    SourceNotBase64 { source_id: String },
    #[error("source id `{source_id}` appears twice; ids are unique within an event")]
    DuplicateSource { source_id: String },
    #[error("`time` is not an RFC 3339 time such as 2026-05-04T15:00:00Z")]
    BadTime,
    #[error(
        "the message has {bytes} bytes, over the limit of {limit}: raise `queue.max_message_bytes`, or store the sources and name them by id instead of sending their text"
    )]
    TooLarge { bytes: usize, limit: usize },
}

/// Understands a message, in whichever CloudEvents mode it was sent.
pub fn decode(envelope: &Envelope) -> Result<HandoffEvent, EventError> {
    let event: HandoffEvent = match envelope.attributes.contains_key("specversion") {
        true => decode_binary_mode(envelope)?,
        false => decode_structured_mode(&envelope.body)?,
    };
    validate(&event)?;
    Ok(event)
}

fn decode_structured_mode(body: &[u8]) -> Result<HandoffEvent, EventError> {
    let text = utf8(body)?;
    let head: Head = serde_json::from_str(text).map_err(|error| json_error(&error))?;
    check_head(&head)?;
    serde_json::from_str(text).map_err(|error| json_error(&error))
}

/// AMQP binary mode: attributes travel as headers, the body is `data`.
fn decode_binary_mode(envelope: &Envelope) -> Result<HandoffEvent, EventError> {
    let attribute = |name: &str| envelope.attributes.get(name).cloned().map(Json::String);
    let head = Head {
        specversion: attribute("specversion"),
        id: attribute("id"),
        source: attribute("source"),
        event_type: attribute("type"),
        time: attribute("time"),
        data: Some(serde::de::IgnoredAny),
    };
    check_head(&head)?;
    let data: HandoffData = serde_json::from_str(utf8(&envelope.body)?).map_err(|error| json_error(&error))?;
    let named = |name: &str| envelope.attributes.get(name).cloned().unwrap_or_default();
    let extensions = envelope.attributes.iter().filter(|(name, _)| !CORE_ATTRIBUTES.contains(&name.as_str()));
    Ok(HandoffEvent {
        specversion: named("specversion"),
        id: named("id"),
        source: named("source"),
        event_type: named("type"),
        time: named("time").parse().map_err(|_| EventError::BadTime)?,
        data,
        extensions: extensions.map(|(name, value)| (name.clone(), Json::String(value.clone()))).collect(),
    })
}

const CORE_ATTRIBUTES: [&str; 5] = ["specversion", "id", "source", "type", "time"];

/// The attributes alone, read leniently, so that a wrong one gets its own message instead of serde's.
#[derive(Deserialize)]
struct Head {
    specversion: Option<Json>,
    id: Option<Json>,
    source: Option<Json>,
    #[serde(rename = "type")]
    event_type: Option<Json>,
    time: Option<Json>,
    data: Option<serde::de::IgnoredAny>,
}

fn check_head(head: &Head) -> Result<(), EventError> {
    let version = head.specversion.as_ref().ok_or(EventError::Missing { name: "specversion" })?;
    if version.as_str() != Some("1.0") {
        return Err(EventError::UnknownVersion);
    }
    let event_type = head.event_type.as_ref().ok_or(EventError::Missing { name: "type" })?;
    if event_type.as_str() != Some(EVENT_TYPE) {
        return Err(EventError::UnknownType);
    }
    for (value, name) in [(&head.id, "id"), (&head.source, "source")] {
        value.as_ref().ok_or(EventError::Missing { name })?;
    }
    let time = head.time.as_ref().ok_or(EventError::Missing { name: "time" })?;
    time.as_str().and_then(|text| text.parse::<Timestamp>().ok()).ok_or(EventError::BadTime)?;
    head.data.as_ref().ok_or(EventError::Missing { name: "data" })?;
    Ok(())
}

fn validate(event: &HandoffEvent) -> Result<(), EventError> {
    let must_be_filled = [
        ("id", &event.id),
        ("source", &event.source),
        ("data.kind", &event.data.kind),
        ("data.record.type", &event.data.record.record_type),
        ("data.record.id", &event.data.record.id),
    ];
    for (name, value) in must_be_filled {
        if value.trim().is_empty() {
            return Err(EventError::Empty { name });
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for source in &event.data.sources {
        if source.id.trim().is_empty() {
            return Err(EventError::Empty { name: "data.sources[].id" });
        }
        if !seen.insert(source.id.as_str()) {
            return Err(EventError::DuplicateSource { source_id: source.id.clone() });
        }
        if source.text.is_none() {
            source.inline_body()?;
        }
    }
    Ok(())
}

fn utf8(body: &[u8]) -> Result<&str, EventError> {
    let text = std::str::from_utf8(body).map_err(|error| EventError::NotUtf8 { at: error.valid_up_to() })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Keeps where and what kind of error, drops serde's text: it quotes values.
fn json_error(error: &serde_json::Error) -> EventError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => {
            let text = error.to_string();
            let what = match () {
                () if text.starts_with("missing field") => "a field is missing",
                () if text.starts_with("unknown field") => "a field is not known",
                () if text.starts_with("unknown variant") => "a value is not among the allowed ones",
                () => "a field has the wrong type",
            };
            EventError::NotAnEvent { what, line, column }
        }
        _ => EventError::NotJson { line, column },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value as Json, json};

    use super::{Envelope, EventError, decode};

    fn event() -> Json {
        json!({
            "specversion": "1.0", "id": "evt-1", "source": "crm/deals", "type": "baton.handoff.requested.v1",
            "time": "2026-05-04T15:00:00Z", "traceparent": "00-ab-cd-01",
            "data": {
                "kind": "sdr_to_ae", "record": { "type": "deal", "id": "1042" },
                "sources": [{ "id": "note-1", "type": "call_note", "text": "CANARY" }]
            }
        })
    }

    fn structured(event: &Json) -> Envelope {
        Envelope { body: event.to_string().into_bytes(), ..Envelope::default() }
    }

    fn binary(event: &Json) -> Envelope {
        let attributes = event.as_object().unwrap().iter().filter(|(name, _)| *name != "data");
        let attributes: BTreeMap<String, String> =
            attributes.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        Envelope { content_type: Some("application/json".to_owned()), attributes, body: event["data"].to_string().into_bytes() }
    }

    #[test]
    fn both_modes_of_cloudevents_give_the_same_event_and_keep_other_attributes() {
        let decoded = decode(&structured(&event())).unwrap();
        assert_eq!(decode(&binary(&event())).unwrap(), decoded);
        assert_eq!(decoded.extensions["traceparent"], "00-ab-cd-01");
        assert_eq!(decoded.data.record.id, "1042");
    }

    #[test]
    fn an_event_survives_writing_and_reading() {
        let decoded = decode(&structured(&event())).unwrap();
        assert_eq!(decode(&structured(&serde_json::to_value(&decoded).unwrap())).unwrap(), decoded);
    }

    #[test]
    fn a_byte_order_mark_does_no_harm() {
        let body = format!("\u{feff}{}", event()).into_bytes();
        assert!(decode(&Envelope { body, ..Envelope::default() }).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named_in_both_modes_and_no_text_is_quoted() {
        type Spoil = fn(&mut Json);
        let table: [(Spoil, &str); 9] = [
            (|e| e["specversion"] = "0.3".into(), "`specversion` 1.0"),
            (|e| e["type"] = "com.CANARY".into(), "`baton.handoff.requested.v1`"),
            (|e| drop(e.as_object_mut().unwrap().remove("time")), "no `time`"),
            (|e| e["time"] = "CANARY".into(), "RFC 3339"),
            (|e| e["id"] = " ".into(), "`id` is empty"),
            (|e| e["data"]["kind"] = "".into(), "`data.kind` is empty"),
            (|e| e["data"]["CANARY"] = 1.into(), "a field is not known"),
            (|e| e["data"]["sources"][0]["type"] = "CANARY".into(), "not among the allowed ones"),
            (
                |e| e["data"]["sources"] = json!([{ "id": "a", "type": "call_note" }, { "id": "a", "type": "call_note" }]),
                "appears twice",
            ),
        ];
        for (spoil, words) in table {
            let mut event = event();
            spoil(&mut event);
            for envelope in [structured(&event), binary(&event)] {
                let message = decode(&envelope).unwrap_err().to_string();
                assert!(message.contains(words), "{words}: {message}");
                assert!(!message.contains("CANARY"), "{message}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_event_are_told_apart() {
        let decode = |body: &[u8]| decode(&Envelope { body: body.to_vec(), ..Envelope::default() }).unwrap_err();
        assert_eq!(decode(b"{\"a\": \xff}"), EventError::NotUtf8 { at: 6 });
        assert_eq!(decode(b"{\"id\":\n  oops}"), EventError::NotJson { line: 2, column: 3 });
        assert_eq!(decode(b"{}"), EventError::Missing { name: "specversion" });
        assert_eq!(decode(b""), EventError::NotJson { line: 1, column: 0 });
    }
}
