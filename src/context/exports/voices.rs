//! Who the ids, numbers and letters of an export are.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::context::dialogue::Voice;
use crate::domain::event::Side;

/// The people that an export lists, by id.
#[derive(Debug, Default)]
pub(super) struct Directory {
    by_id: BTreeMap<String, Voice>,
}

/// Lists of people, as exports call them.
const LISTS: [&str; 9] =
    ["parties", "participants", "speakers", "attendees", "users", "meeting_attendees", "people", "invitees", "calendar_invitees"];
const IDS: [&str; 9] =
    ["speakerId", "speaker_id", "userId", "user_id", "participantId", "participant_id", "partyId", "id", "index"];
const NAMES: [&str; 9] =
    ["name", "displayName", "display_name", "real_name", "fullName", "full_name", "speaker_name", "userName", "username"];
const ADDRESSES: [&str; 5] = ["emailAddress", "email", "email_address", "userEmail", "matched_calendar_invitee_email"];
/// How deep a list of people may stand.
const DEPTH: usize = 6;

impl Directory {
    /// Learns everybody whom a list anywhere in the export names.
    pub(super) fn learn(json: &Json) -> Self {
        let mut directory = Self::default();
        let mut open = vec![(json, 0)];
        while let Some((json, depth)) = open.pop() {
            let children: Vec<&Json> = match json {
                Json::Object(fields) => {
                    let lists = fields.iter().filter(|(name, _)| LISTS.contains(&name.as_str()));
                    lists.filter_map(|(_, list)| list.as_array()).flatten().for_each(|person| directory.add(person));
                    fields.values().collect()
                }
                Json::Array(items) => items.iter().collect(),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => continue,
            };
            if depth < DEPTH {
                open.extend(
                    children.into_iter().filter(|child| child.is_object() || child.is_array()).map(|child| (child, depth + 1)),
                );
            }
        }
        directory
    }

    fn add(&mut self, person: &Json) {
        let voice = described(person);
        if voice.name.is_none() && voice.address.is_none() {
            return;
        }
        // Google Meet puts the id into `name`, and the name elsewhere.
        let resource = person.get("name").and_then(Json::as_str).filter(|name| name.contains('/'));
        for id in IDS.iter().filter_map(|key| person.get(*key).and_then(id)).chain(resource.map(str::to_owned)) {
            self.by_id.entry(id).or_insert_with(|| voice.clone());
        }
    }

    /// Whoever an entry of the export says it is from.
    pub(super) fn speaker(&self, entry: &Json) -> Option<Voice> {
        const WRITTEN: [&str; 6] = ["speaker_name", "speakerName", "author_name", "user_name", "sender_name", "from_name"];
        const PEOPLE: [&str; 13] = [
            "speaker",
            "author",
            "sender",
            "from",
            "participant",
            "user",
            "speakerId",
            "speaker_id",
            "speaker_label",
            "speakerTag",
            "speakerLabel",
            "participantId",
            "participant_id",
        ];
        const LAST: [&str; 8] = ["author_id", "user_id", "userId", "username", "owner", "created_by", "role", "channel"];
        let known = PEOPLE.iter().chain(&LAST).filter_map(|key| entry.get(*key));
        let by_id = known.clone().find_map(|value| self.by_id.get(&id(value)?));
        if let Some(voice) = by_id {
            return Some(voice.clone());
        }
        let written = WRITTEN.iter().filter_map(|key| entry.get(*key)).find_map(voice_of);
        let voice = written.or_else(|| known.clone().find_map(voice_of))?;
        // An entry may describe its speaker beside the name.
        let beside = described(entry);
        Some(Voice { address: voice.address.or(beside.address), side: voice.side.or(beside.side), name: voice.name })
    }
}

/// Whether an entry says who speaks, even if it says "unknown".
pub(super) fn has_speaker(entry: &Json) -> bool {
    Directory::default().speaker(entry).is_some()
}

/// A person as the value of a field: a name, a number, a letter, or an object.
fn voice_of(value: &Json) -> Option<Voice> {
    match value {
        Json::Object(_) => {
            let voice = described(value);
            let numbered = || ["id", "index"].iter().find_map(|key| value.get(*key)).and_then(voice_of);
            if voice.name.is_some() || voice.address.is_some() { Some(voice) } else { numbered() }
        }
        Json::Number(number) => Some(named(format!("Speaker {number}"))),
        Json::String(text) => match text.trim() {
            "" => None,
            // Recognisers count people with letters and numbers.
            text if text.len() == 1 || text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit()) => {
                Some(named(format!("Speaker {text}")))
            }
            text if text.contains('@') && !text.contains(' ') => {
                Some(Voice { address: Some(text.to_lowercase()), ..Voice::default() })
            }
            // `conferenceRecords/1/participants/2` of somebody whom the export does not list.
            text if text.contains("/participants/") => Some(named(format!("Participant {}", text.rsplit('/').next()?))),
            text => Some(named(text.to_owned())),
        },
        Json::Null | Json::Bool(_) | Json::Array(_) => None,
    }
}

fn named(name: String) -> Voice {
    Voice { name: Some(name), ..Voice::default() }
}

/// Name, address and side of a person, as an object describes them.
fn described(person: &Json) -> Voice {
    let text = |json: &Json, keys: &[&str]| {
        let found = keys.iter().filter_map(|key| json.get(*key)?.as_str()).map(str::trim);
        found.filter(|text| !text.is_empty() && !text.contains('/')).map(str::to_owned).next()
    };
    const WITHIN: [&str; 6] = ["user", "signedinUser", "anonymousUser", "phoneUser", "profile", "user_profile"];
    let within = || WITHIN.iter().find_map(|key| text(person.get(*key)?, &NAMES));
    let parts = || Some(format!("{} {}", text(person, &["first_name", "firstName"])?, text(person, &["last_name", "lastName"])?));
    let address = text(person, &ADDRESSES).filter(|address| address.contains('@')).map(|address| address.to_lowercase());
    Voice { name: text(person, &NAMES).or_else(within).or_else(parts), address, side: side(person) }
}

/// The side that an export says somebody is on.
fn side(person: &Json) -> Option<Side> {
    let word =
        ["affiliation", "speaker_type", "speakerType", "side", "party_type"].iter().find_map(|key| person.get(*key)?.as_str());
    let flag = |key: &str| person.get(key).and_then(Json::as_bool);
    let is_ours = match word.map(str::to_lowercase).as_deref() {
        Some("internal" | "rep" | "company" | "host" | "agent") => Some(true),
        Some("external" | "cust" | "customer" | "prospect" | "client") => Some(false),
        Some(_) | None => None,
    };
    let is_ours =
        is_ours.or_else(|| flag("is_rep")).or_else(|| flag("is_internal")).or_else(|| flag("is_external").map(|is| !is));
    is_ours.map(|is_ours| if is_ours { Side::Ours } else { Side::Customer })
}

/// An id as text, whether it is written as text or as a number.
fn id(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Object(fields) => fields.get("id").filter(|id| !id.is_object()).and_then(id),
        Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) => None,
    }
}
