//! Any list of who said what: comments of a ticket, messages of a chat, utterances of a tool we do not know.

use serde_json::Value as Json;

use super::speech::{Call, Moment, Piece, Unit, compose};
use super::voices::{Directory, has_speaker};
use super::words;
use crate::context::dialogue::Voice;
use crate::context::html;
use crate::context::material::Limits;
use crate::context::reading::Reading;
use crate::domain::handoff::Source;

/// How deep the list may stand.
const DEPTH: usize = 5;
/// How many entries are looked at to tell what a list is.
const SAMPLE: usize = 50;

/// The longest list in which nearly all entries have a speaker and a text, if most of what the file says is in it.
pub(super) fn find(json: &Json) -> Option<&Vec<Json>> {
    let mut found: Option<&Vec<Json>> = None;
    let mut open = vec![(json, 0)];
    while let Some((json, depth)) = open.pop() {
        let children: Vec<&Json> = match json {
            Json::Array(items) if is_entries(items) => {
                found = found.filter(|before| before.len() >= items.len()).or(Some(items));
                continue;
            }
            Json::Array(items) => items.iter().collect(),
            Json::Object(fields) => fields.values().collect(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => continue,
        };
        if depth < DEPTH {
            open.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
        }
    }
    found.filter(|entries| entries.iter().map(prose).sum::<usize>() * 2 >= prose(json))
}

fn is_entries(items: &[Json]) -> bool {
    let sample = &items[..items.len().min(SAMPLE)];
    let fitting = sample.iter().filter(|entry| text_of(entry).is_some() && has_speaker(entry)).count();
    sample.len() >= 2 && fitting * 5 >= sample.len() * 4
}

/// Bytes of all texts that have a blank: ids and links have none.
pub(super) fn prose(json: &Json) -> usize {
    let mut bytes = 0;
    let mut open = vec![json];
    while let Some(json) = open.pop() {
        match json {
            Json::String(text) if text.contains(' ') => bytes += text.len(),
            Json::Array(items) => open.extend(items),
            Json::Object(fields) => open.extend(fields.values()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    bytes
}

/// Reads a list.
pub(super) fn read(source: &Source, json: &Json, limits: &Limits) -> Reading {
    let Some(entries) = find(json) else { return Reading::default() };
    let directory = Directory::learn(json);
    let began = began(json);
    let beside =
        beside(json, entries).into_iter().map(|text| Piece { voice: Voice::default(), start: None, end: None, text }).collect();
    let calls = vec![
        Call { began, pieces: beside, unit: Unit::Seconds },
        Call { began, pieces: pieces(entries, &directory), unit: Unit::Seconds },
    ];
    compose(source, calls, limits)
}

/// The texts that stand beside the list, such as the first message of a ticket: `name: text`.
fn beside(json: &Json, entries: &Vec<Json>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut open = vec![("", json, 0)];
    while let Some((name, json, depth)) = open.pop() {
        match json {
            Json::String(text) if text.split_whitespace().nth(2).is_some() => {
                texts.push(format!("{name}: {}", without_html(text)))
            }
            Json::Object(fields) if depth < DEPTH => {
                open.extend(fields.iter().rev().map(|(name, value)| (name.as_str(), value, depth + 1)));
            }
            Json::Array(items) if depth < DEPTH && !std::ptr::eq(items, entries) => {
                open.extend(items.iter().rev().map(|item| (name, item, depth + 1)));
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {}
        }
    }
    texts
}

/// A text that may be HTML, as a reader sees it.
fn without_html(text: &str) -> String {
    if text.contains('<') && html::looks_like_html(text) {
        let lines: Vec<String> = html::read(text).lines.into_iter().map(|line| line.text).collect();
        return lines.join("\n").trim().to_owned();
    }
    text.trim().to_owned()
}

/// When the call of an export began, if the object beside or around its entries says it.
pub(super) fn began(json: &Json) -> Option<jiff::Timestamp> {
    const KEYS: [&str; 9] = [
        "started",
        "startedAt",
        "started_at",
        "recording_start_time",
        "recordingStart",
        "startTime",
        "start_time",
        "date",
        "meeting_date",
    ];
    let within = ["metaData", "metadata", "meeting", "recording", "call"].iter().filter_map(|key| json.get(*key));
    let moment = |json: &Json| KEYS.iter().find_map(|key| Moment::of(json.get(*key)?));
    match std::iter::once(json).chain(within).find_map(moment)? {
        Moment::At(at) => Some(at),
        Moment::Number(_) | Moment::Since(_) => None,
    }
}

/// What entries say, in their order.
pub(super) fn pieces(entries: &[Json], directory: &Directory) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for entry in entries {
        let voice = directory.speaker(entry).unwrap_or_default();
        let (start, end) = (start_of(entry), end_of(entry));
        let sentences = entry.get("sentences").and_then(Json::as_array).filter(|all| all.iter().all(Json::is_object));
        match sentences {
            Some(sentences) => pieces.extend(sentences.iter().filter_map(|sentence| {
                let (start, end) = (start_of(sentence).or(start), end_of(sentence).or(end));
                Some(Piece { voice: voice.clone(), start, end, text: text_of(sentence)? })
            })),
            None => pieces.extend(text_of(entry).map(|text| Piece { voice, start, end, text })),
        }
    }
    pieces
}

/// The text of an entry. Ticket systems store HTML.
fn text_of(entry: &Json) -> Option<String> {
    const TEXTS: [&str; 13] = [
        "plain_body",
        "text",
        "transcript",
        "content",
        "utterance",
        "sentence",
        "message",
        "body",
        "snippet",
        "comment",
        "raw_text",
        "display",
        "words",
    ];
    // Azure gives the best of its guesses first.
    let nested = || text_within(entry.get("sentences")?);
    let guessed = || text_within(entry.pointer("/nBest/0/display")?);
    let found = TEXTS.iter().find_map(|key| text_within(entry.get(*key)?)).or_else(nested).or_else(guessed)?;
    Some(without_html(&found)).filter(|text| !text.is_empty())
}

fn text_within(value: &Json) -> Option<String> {
    let text = match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Array(items) => {
            let words = items.iter().map(|item| match item {
                Json::String(word) => Some(word.trim()),
                _ => words::text(item),
            });
            words.collect::<Option<Vec<&str>>>()?.join(" ")
        }
        Json::Object(fields) => ["text", "content", "body"].iter().find_map(|key| fields.get(*key)?.as_str())?.trim().to_owned(),
        Json::Null | Json::Bool(_) | Json::Number(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn start_of(entry: &Json) -> Option<Moment> {
    const STARTS: [&str; 17] = [
        "start",
        "start_time",
        "startTime",
        "start_timestamp",
        "begin",
        "snippet_time",
        "offset",
        "timestamp",
        "time",
        "ts",
        "created_at",
        "createdAt",
        "createdDateTime",
        "created",
        "sent_at",
        "date",
        "published_at",
    ];
    let millis = millis(entry, &["startTimeMillis", "startMs", "start_ms", "startMillis"]);
    let first_word = || {
        entry
            .pointer("/words/0")
            .filter(|word| word.is_object())
            .and_then(|word| Moment::of(word.get("start").or_else(|| word.get("start_timestamp"))?))
    };
    millis.or_else(|| STARTS.iter().find_map(|key| Moment::of(entry.get(*key)?))).or_else(first_word)
}

fn end_of(entry: &Json) -> Option<Moment> {
    let millis = millis(entry, &["endTimeMillis", "endMs", "end_ms", "endMillis"]);
    millis.or_else(|| ["end", "end_time", "endTime", "end_timestamp"].iter().find_map(|key| Moment::of(entry.get(*key)?)))
}

/// A time whose name says that it is in milliseconds.
fn millis(entry: &Json, keys: &[&str]) -> Option<Moment> {
    let value = keys.iter().find_map(|key| entry.get(*key))?;
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|millis| (0.0..1e11).contains(millis))?;
    jiff::SignedDuration::try_from_secs_f64(number / 1000.0).ok().map(Moment::Since)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{find, read};
    use crate::context::material::Limits;
    use crate::context::testing::source_on;
    use crate::domain::event::SourceType::CallTranscript;

    fn said(json: &Json) -> Vec<String> {
        let source = source_on(30, "x", CallTranscript, json.to_string());
        let row = |draft: &crate::context::reading::Draft| {
            let name = draft.speaker.as_deref().or(draft.address.as_deref()).unwrap_or("-");
            let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
            format!("{} {name}: {}", &draft.at.unwrap().to_string()[11..19], texts.join("|"))
        };
        read(&source, json, &Limits::DEFAULT).drafts.iter().map(row).collect()
    }

    #[test]
    fn comments_of_a_ticket_are_messages() {
        let ticket = json!({"id": 7, "comments": [
            {"author": {"name": "Dana Keller", "email": "Dana@north.example"}, "body": "<p>We need <b>SSO</b></p><p>by May.</p>", "created_at": "2026-04-29T10:00:00Z"},
            {"author": {"email": "lee@us.example"}, "body": "Noted, thank you.", "created_at": "2026-04-29T11:00:00+02:00"},
        ]});
        assert_eq!(said(&ticket), ["10:00:00 Dana Keller: We need SSO\n\nby May.", "09:00:00 lee@us.example: Noted, thank you."]);
    }

    #[test]
    fn the_first_message_beside_the_list_is_read_too() {
        let parts = json!([
            {"author": {"name": "Lee", "type": "admin"}, "body": "<p>Great, which plan?</p>", "created_at": 1_777_564_900},
            {"author": {"name": "Dana"}, "body": "<p>The big one, please.</p>", "created_at": 1_777_565_000}]);
        let ticket = json!({"id": "1", "source": {"body": "<p>Hello, we want to buy.</p>"}, "parts": {"parts": parts}});
        assert_eq!(
            said(&ticket),
            [
                "16:00:00 -: body: Hello, we want to buy.",
                "16:01:40 Lee: Great, which plan?",
                "16:03:20 Dana: The big one, please."
            ]
        );
    }

    #[test]
    fn utterances_of_an_unknown_tool_are_turns() {
        let list = json!([
            {"speaker": "Dana", "text": "We can", "start": 1.0}, {"speaker": "Dana", "text": "pay 45k.", "start": 2.5},
            {"speaker": 2, "words": [{"text": "Good"}, {"text": "then."}], "start": "00:00:09"},
        ]);
        assert_eq!(said(&list), ["16:00:01 Dana: We can pay 45k.", "16:00:09 Speaker 2: Good then."]);
        let blocks = json!({"speaker_blocks": [
            {"speaker": {"name": "Dana"}, "words": "We sign in May.", "start_time": "1777564865000"},
            {"speaker": {"name": "Lee"}, "words": "Good to hear.", "start_time": "1777564870000"},
        ]});
        assert_eq!(said(&blocks), ["16:01:05 Dana: We sign in May.", "16:01:10 Lee: Good to hear."]);
    }

    #[test]
    fn a_list_that_is_a_small_part_of_a_record_is_no_export() {
        let notes = json!([{"author": "Dana", "text": "Call me back."}, {"author": "Lee", "text": "Did so today."}]);
        assert!(find(&json!({"notes": notes})).is_some());
        assert!(
            find(&json!({"notes": notes, "summary": "A long text about what the customer wants to have and by when and why."}))
                .is_none()
        );
        assert!(find(&json!([{"name": "Seats", "value": "120"}, {"name": "Price", "value": "45k"}])).is_none());
    }
}
