//! Between AMQP properties and our words: the envelope, the attempt, the reason in the parking lot.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, LongString};

use crate::domain::event::{self, Envelope};
use crate::ports::{ParkReason, ParkedMessage};

const ATTEMPT: &str = "baton-attempt";
const REASON_CLASS: &str = "baton-reason-class";
const REASON: &str = "baton-reason";
const PARKED_AT: &str = "baton-parked-at";
/// CloudEvents over AMQP, binary mode. RabbitMQ's Java client forbids colons in JMS names, hence the second form.
const ATTRIBUTE_PREFIXES: [&str; 2] = ["cloudEvents:", "cloudEvents_"];
const PERSISTENT: u8 = 2;

/// What the rest of Baton sees of a message.
pub(super) fn envelope(properties: &BasicProperties, body: Vec<u8>) -> Envelope {
    let attributes = headers(properties).filter_map(|(key, value)| Some((attribute_name(key)?.to_owned(), written(value)?)));
    let content_type = properties.content_type().as_ref().map(|name| name.as_str().to_owned());
    Envelope { content_type, attributes: attributes.collect(), body }
}

/// The properties of an event that enters the queue.
pub(super) fn event_properties(envelope: &Envelope) -> BasicProperties {
    let attributes = envelope.attributes.iter();
    let headers: BTreeMap<_, _> =
        attributes.filter_map(|(name, value)| Some((short(&format!("cloudEvents:{name}"))?, text(value)))).collect();
    let properties = BasicProperties::default().with_delivery_mode(PERSISTENT).with_headers(FieldTable::from(headers));
    match envelope.content_type.as_deref().and_then(short) {
        Some(content_type) => properties.with_content_type(content_type),
        None => properties,
    }
}

/// From 1. A header that makes no sense counts as none.
pub(super) fn attempt(properties: &BasicProperties) -> u32 {
    let noted = header(properties, ATTEMPT).and_then(number).and_then(|attempt| u32::try_from(attempt).ok());
    noted.unwrap_or(1).max(1)
}

/// How often the broker has handed out this message in vain. Not for decisions about attempts: versions differ.
pub(super) fn fruitless_deliveries(properties: &BasicProperties) -> i64 {
    header(properties, "x-delivery-count").and_then(number).unwrap_or(0)
}

/// A copy for a later attempt.
pub(super) fn retry_properties(original: &BasicProperties, next_attempt: u32) -> BasicProperties {
    copy_with(original, [(ATTEMPT, AMQPValue::LongLongInt(next_attempt.into()))])
}

/// A copy for the parking lot.
pub(super) fn parked_properties(original: &BasicProperties, reason: &ParkReason, now: Timestamp) -> BasicProperties {
    let ours = [
        (ATTEMPT, AMQPValue::LongLongInt(reason.attempt.into())),
        (REASON_CLASS, text(&reason.class)),
        (REASON, text(&reason.message)),
        (PARKED_AT, text(&now.to_string())),
    ];
    copy_with(original, ours)
}

/// A copy as if it had just been sent.
pub(super) fn fresh_properties(original: &BasicProperties) -> BasicProperties {
    copy_with(original, [])
}

/// What a person sees of a message in the parking lot.
pub(super) fn parked_message(properties: &BasicProperties, body: Vec<u8>) -> ParkedMessage {
    let parked_at = header(properties, PARKED_AT).and_then(written);
    let envelope = envelope(properties, body);
    let event = event::decode(&envelope).ok();
    let record = event.as_ref().map(|event| format!("{}/{}", event.data.record.record_type, event.data.record.id));
    ParkedMessage {
        id: parked_id(&envelope, parked_at.as_deref().unwrap_or_default()),
        reason: park_reason(properties),
        parked_at: parked_at.and_then(|time| time.parse().ok()),
        event_id: event.as_ref().map(|event| event.id.clone()).or_else(|| envelope.attributes.get("id").cloned()),
        kind: event.map(|event| event.data.kind),
        record,
        body: envelope.body,
    }
}

fn park_reason(properties: &BasicProperties) -> ParkReason {
    let ours = |name| header(properties, name).and_then(written);
    match ours(REASON_CLASS) {
        Some(class) => ParkReason { class, message: ours(REASON).unwrap_or_default(), attempt: attempt(properties) },
        // Put here by the broker itself.
        None => ParkReason {
            class: ours("x-first-death-reason").unwrap_or_else(|| "unknown".to_owned()),
            message: "the broker parked it: it was handed out many times and never settled; a worker may crash on it".to_owned(),
            attempt: attempt(properties),
        },
    }
}

/// From the content, so that nothing has to be written to look at a message. Twins share an id; one is as good as the other.
fn parked_id(envelope: &Envelope, parked_at: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in envelope.attributes.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).chain([parked_at]) {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.update(&envelope.body);
    hasher.finalize().to_hex()[..12].to_owned()
}

/// Keeps what the sender said. Left out: the broker's `x-…` (some versions act on a copied `x-death`), our own notes,
/// `expiration` (it would cut a delay short), `user_id` (the broker refuses another user's) and `cluster_id`.
fn copy_with<const N: usize>(original: &BasicProperties, ours: [(&str, AMQPValue); N]) -> BasicProperties {
    let kept = original.headers().iter().flat_map(|headers| headers.inner());
    let kept = kept.filter(|(key, _)| !key.as_str().starts_with("x-") && !key.as_str().starts_with("baton-"));
    let mut headers: BTreeMap<_, _> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    headers.extend(ours.map(|(key, value)| (key.into(), value)));
    let mut copy = BasicProperties::default().with_delivery_mode(PERSISTENT).with_headers(FieldTable::from(headers));
    macro_rules! keep {
        ($($property:ident $with:ident),*) => {
            $(if let Some(value) = original.$property().clone() { copy = copy.$with(value); })*
        };
    }
    keep!(content_type with_content_type, content_encoding with_content_encoding, correlation_id with_correlation_id,
        reply_to with_reply_to, message_id with_message_id, timestamp with_timestamp, kind with_type, app_id with_app_id,
        priority with_priority);
    copy
}

fn headers(properties: &BasicProperties) -> impl Iterator<Item = (&str, &AMQPValue)> {
    let table = properties.headers().iter().flat_map(|headers| headers.inner());
    table.map(|(key, value)| (key.as_str(), value))
}

fn header<'a>(properties: &'a BasicProperties, name: &str) -> Option<&'a AMQPValue> {
    properties.headers().as_ref()?.inner().get(name)
}

fn attribute_name(header: &str) -> Option<&str> {
    ATTRIBUTE_PREFIXES.iter().find_map(|prefix| header.strip_prefix(prefix)).filter(|name| !name.is_empty())
}

/// A value as CloudEvents writes it. Values without such a form are left out.
fn written(value: &AMQPValue) -> Option<String> {
    match value {
        AMQPValue::LongString(text) => String::from_utf8(text.as_bytes().to_vec()).ok(),
        AMQPValue::ShortString(text) => Some(text.as_str().to_owned()),
        AMQPValue::Boolean(value) => Some(value.to_string()),
        AMQPValue::Timestamp(seconds) => Timestamp::from_second(i64::try_from(*seconds).ok()?).ok().map(|time| time.to_string()),
        other => number(other).map(|value| value.to_string()),
    }
}

fn number(value: &AMQPValue) -> Option<i64> {
    match value {
        AMQPValue::ShortShortInt(value) => Some((*value).into()),
        AMQPValue::ShortShortUInt(value) => Some((*value).into()),
        AMQPValue::ShortInt(value) => Some((*value).into()),
        AMQPValue::ShortUInt(value) => Some((*value).into()),
        AMQPValue::LongInt(value) => Some((*value).into()),
        AMQPValue::LongUInt(value) => Some((*value).into()),
        AMQPValue::LongLongInt(value) => Some(*value),
        _ => None,
    }
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(value))
}

/// `None` for what AMQP's short strings (255 bytes) cannot hold.
fn short(value: &str) -> Option<lapin::types::ShortString> {
    lapin::types::ShortString::try_new(value.to_owned()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_headers(headers: &[(&str, AMQPValue)]) -> BasicProperties {
        let mut table = FieldTable::default();
        for (key, value) in headers {
            table.insert((*key).into(), value.clone());
        }
        BasicProperties::default().with_headers(table)
    }

    #[test]
    fn attributes_are_read_under_both_prefixes_and_in_every_type() {
        let properties = with_headers(&[
            ("cloudEvents:id", text("evt-1")),
            ("cloudEvents_source", text("crm")),
            ("cloudEvents:time", AMQPValue::Timestamp(0)),
            ("cloudEvents:shard", AMQPValue::LongInt(7)),
            ("cloudEvents:", text("no name")),
            ("other", text("not an attribute")),
        ]);
        let attributes = envelope(&properties, Vec::new()).attributes;
        let expected = [("id", "evt-1"), ("shard", "7"), ("source", "crm"), ("time", "1970-01-01T00:00:00Z")];
        assert_eq!(attributes, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }

    #[test]
    fn an_envelope_survives_the_way_through_the_properties() {
        let sent = Envelope {
            content_type: Some("application/json".to_owned()),
            attributes: [("specversion".to_owned(), "1.0".to_owned())].into(),
            body: b"{}".to_vec(),
        };
        assert_eq!(envelope(&event_properties(&sent), sent.body.clone()), sent);
    }

    #[test]
    fn an_attempt_that_makes_no_sense_is_the_first() {
        let check = |value: AMQPValue, expected| assert_eq!(attempt(&with_headers(&[(ATTEMPT, value)])), expected);
        check(AMQPValue::LongLongInt(3), 3);
        check(AMQPValue::ShortShortUInt(4), 4);
        check(AMQPValue::LongLongInt(0), 1);
        check(AMQPValue::LongLongInt(-5), 1);
        check(AMQPValue::LongLongInt(i64::MAX), 1);
        check(text("3"), 1);
        assert_eq!(attempt(&BasicProperties::default()), 1);
    }

    #[test]
    fn a_copy_keeps_the_senders_words_and_drops_what_the_broker_would_act_on() {
        let original = with_headers(&[("cloudEvents:id", text("1")), ("x-death", text("no")), ("baton-reason", text("old"))])
            .with_user_id("dana".into())
            .with_expiration("5".into())
            .with_message_id("m-1".into());
        let copy = retry_properties(&original, 2);
        let names: Vec<_> = headers(&copy).map(|(name, _)| name).collect();
        assert_eq!(names, ["baton-attempt", "cloudEvents:id"]);
        assert_eq!((copy.user_id(), copy.expiration()), (&None, &None));
        assert_eq!((copy.message_id().as_ref().map(|id| id.as_str()), copy.delivery_mode()), (Some("m-1"), &Some(2)));
        assert_eq!(attempt(&fresh_properties(&copy)), 1);
    }

    #[test]
    fn a_parked_message_says_why_and_what() {
        let reason = ParkReason { class: "permanent".to_owned(), message: "record gone".to_owned(), attempt: 3 };
        let now: Timestamp = "2026-05-04T15:00:00Z".parse().unwrap();
        let body = br#"{"specversion":"1.0","id":"evt-7","source":"crm","type":"baton.handoff.requested.v1",
            "time":"2026-05-04T15:00:00Z","data":{"kind":"sdr_to_ae","record":{"type":"deal","id":"1042"}}}"#;
        let parked = parked_message(&parked_properties(&BasicProperties::default(), &reason, now), body.to_vec());
        assert_eq!((parked.reason, parked.parked_at), (reason, Some(now)));
        assert_eq!(parked.event_id.as_deref(), Some("evt-7"));
        assert_eq!((parked.kind.as_deref(), parked.record.as_deref()), (Some("sdr_to_ae"), Some("deal/1042")));
        assert_eq!(parked.id.len(), 12);
    }
}
