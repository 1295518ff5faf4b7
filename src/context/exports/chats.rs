//! Exports of chats as JSON.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::speech::{Moment, Unit, over_the_limit};
use crate::context::dialogue::{Dialogue, Voice};
use crate::context::html::decode_entities;
use crate::context::material::Limits;
use crate::context::reading::Reading;
use crate::domain::handoff::Source;

/// The messages of a Slack export (`[{"type": "message", "ts": …}]`) or of its interface (`{"messages": […]}`).
pub(super) fn slack(json: &Json) -> Option<&Vec<Json>> {
    let messages = json.as_array().or_else(|| json.get("messages")?.as_array())?;
    let is_message = |entry: &&Json| {
        entry.get("type").and_then(Json::as_str) == Some("message")
            && entry.get("ts").is_some_and(|ts| ts.is_string() || ts.is_number())
    };
    messages.iter().take(20).any(|entry| is_message(&entry)).then_some(messages)
}

/// Reads a Slack export, each message with its own time.
pub(super) fn read_slack(source: &Source, json: &Json, limits: &Limits) -> Reading {
    let messages = slack(json).map(Vec::as_slice).unwrap_or_default();
    let names = names(json, messages);
    let mut sorted: Vec<(Option<Timestamp>, &Json)> =
        messages.iter().take(limits.parts).map(|message| (time(message, "ts"), message)).collect();
    // The interface gives the newest first.
    sorted.sort_by_key(|(at, _)| *at);
    let mut dialogue = Dialogue::default();
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    for (at, message) in sorted {
        files(message).for_each(|file| *left_out.entry(file).or_default() += 1);
        if is_notice(message) {
            *left_out.entry("notice of the chat itself".to_owned()).or_default() += 1;
            continue;
        }
        let text = readable(message.get("text").and_then(Json::as_str).unwrap_or_default(), &names);
        if !text.trim().is_empty() {
            dialogue.say(&voice(message, &names), at.or(source.occurred_at), |made| made.make(text.trim()));
            dialogue.pause();
        }
    }
    let mut reading = dialogue.finish(source);
    reading.left_out.extend(left_out.into_iter().map(|(what, times)| format!("{times} × {what}")));
    reading.left_out.extend(over_the_limit(messages.len(), limits));
    reading
}

/// Joined, left, renamed and the like: what nobody wrote.
fn is_notice(message: &Json) -> bool {
    let subtype = message.get("subtype").and_then(Json::as_str).unwrap_or_default();
    const WRITTEN: [&str; 6] = ["", "bot_message", "file_share", "thread_broadcast", "me_message", "file_comment"];
    !WRITTEN.contains(&subtype)
}

fn files(message: &Json) -> impl Iterator<Item = String> {
    let files = message.get("files").and_then(Json::as_array).into_iter().flatten();
    files.map(|file| {
        format!("file `{}`", file.get("name").or_else(|| file.get("title")).and_then(Json::as_str).unwrap_or("without a name"))
    })
}

fn time(message: &Json, key: &str) -> Option<Timestamp> {
    Moment::of(message.get(key)?)?.at(None, Unit::Seconds)
}

/// Id → name, from the messages themselves and from a list of users in the same file.
fn names(json: &Json, messages: &[Json]) -> BTreeMap<String, String> {
    let users = json.get("users").or_else(|| json.get("members")).and_then(Json::as_array).into_iter().flatten();
    let of_users = users.filter_map(|user| Some((user.get("id")?.as_str()?, name(user.get("profile")?).or_else(|| name(user))?)));
    let of_messages =
        messages.iter().filter_map(|message| Some((message.get("user")?.as_str()?, name(message.get("user_profile")?)?)));
    of_messages.chain(of_users).map(|(id, name)| (id.to_owned(), name.to_owned())).collect()
}

fn name(profile: &Json) -> Option<&str> {
    let found = ["real_name", "display_name", "name"].iter().filter_map(|key| profile.get(*key)?.as_str());
    found.map(str::trim).find(|name| !name.is_empty())
}

fn voice(message: &Json, names: &BTreeMap<String, String>) -> Voice {
    let id = message.get("user").and_then(Json::as_str);
    let written = || message.get("username").or_else(|| message.pointer("/bot_profile/name")).and_then(Json::as_str);
    let name = id.and_then(|id| names.get(id).map(String::as_str)).or_else(written).or(id);
    let address = message.pointer("/user_profile/email").and_then(Json::as_str).map(str::to_lowercase);
    Voice { name: name.map(str::to_owned), address, side: None }
}

/// Slack's markup as a person sees it: `<@U1>`, `<#C1|general>`, `<!here>`, `<https://…|text>`, `&amp;`.
fn readable(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        // A line ends every reference; without one the bracket is text.
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let Some(end) = rest[..line_end].find('>') else {
            read.push_str(&rest[..line_end]);
            rest = &rest[line_end..];
            continue;
        };
        let (target, label) = rest[1..end].split_once('|').map_or((&rest[1..end], None), |(target, label)| (target, Some(label)));
        match (target.chars().next(), label) {
            (Some(mark @ ('@' | '#' | '!')), label) => {
                let known = names.get(&target[1..]).map(String::as_str);
                read.push(if mark == '#' { '#' } else { '@' });
                read.push_str(known.or(label).unwrap_or(&target[1..]).trim_start_matches(['@', '#']));
            }
            (_, Some(label)) => read.push_str(label),
            (_, None) => read.push_str(target.strip_prefix("mailto:").unwrap_or(target)),
        }
        rest = &rest[end + 1..];
    }
    read.push_str(rest);
    decode_entities(&read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{read_slack, readable};
    use crate::context::material::Limits;
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallNote;

    #[test]
    fn a_slack_export_is_read_in_order_of_time() {
        let export = json!({"messages": [
            {"type": "message", "user": "U2", "ts": "1777564900.000200", "thread_ts": "1777564865.000100", "text": "<@U1> yes, see <https://us.example/a?b=1|the offer> &amp; sign",
                "files": [{"name": "offer.pdf"}]},
            {"type": "message", "subtype": "channel_join", "user": "U1", "ts": "1777564800.000000", "text": "<@U1> has joined the channel"},
            {"type": "message", "user": "U1", "ts": "1777564865.000100", "text": "Can you do 45k?", "user_profile": {"real_name": "Dana Keller", "display_name": "dana"}},
        ], "users": [{"id": "U2", "name": "lee", "profile": {"real_name": "Lee Ito"}}]});
        let reading = read_slack(&source("chat", CallNote, export.to_string()), &export, &Limits::DEFAULT);
        let said: Vec<String> = reading
            .drafts
            .iter()
            .map(|draft| format!("{} {}: {}", draft.at.unwrap(), draft.speaker.as_deref().unwrap(), draft.passages[0].text))
            .collect();
        assert_eq!(
            said,
            [
                "2026-04-30T16:01:05.0001Z Dana Keller: Can you do 45k?",
                "2026-04-30T16:01:40.0002Z Lee Ito: @Dana Keller yes, see the offer & sign"
            ]
        );
        assert_eq!(reading.left_out, ["1 × file `offer.pdf`", "1 × notice of the chat itself"]);
    }

    #[test]
    fn markup_is_read_as_a_person_sees_it() {
        let names = Default::default();
        let rows = [
            ("<!here> in <#C1|general>: <mailto:d@n.example|d@n.example>", "@here in #general: d@n.example"),
            ("<@U9|dana> <https://n.example>", "@dana https://n.example"),
            ("a &lt; b <\n<c", "a < b <\n<c"),
        ];
        for (text, expected) in rows {
            assert_eq!(readable(text, &names), expected);
        }
    }
}
