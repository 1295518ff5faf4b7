//! Reading a reply piece by piece: each reader either gives the piece or notes what is wrong with it, and where.

use std::fmt;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::form::TEXT;
use super::reply::ReplyError;
use crate::context::Excerpt;
use crate::domain::brief::Evidence;
use crate::domain::value::says_nothing;

/// Quotes for one answer.
const QUOTES: usize = 20;
/// Breaks that are reported: more would not help to mend them.
const BREAKS: usize = 50;

/// What has been found wrong so far.
pub(super) struct Reading<'a> {
    excerpt: &'a Excerpt,
    breaks: Vec<ReplyError>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(excerpt: &'a Excerpt) -> Self {
        Self { excerpt, breaks: Vec::new() }
    }

    /// All that is wrong, in the order of the reply.
    pub(super) fn into_breaks(self) -> Vec<ReplyError> {
        self.breaks
    }

    /// Notes a break. `what` never holds text of the reply.
    pub(super) fn note(&mut self, place: Place<'_>, what: impl Into<String>) {
        if self.breaks.len() < BREAKS {
            self.breaks.push(ReplyError::BreaksContract { place: place.to_string(), what: what.into() });
        }
    }

    fn refuse<T>(&mut self, place: Place<'_>, what: impl Into<String>) -> Option<T> {
        self.note(place, what);
        None
    }

    /// The values of exactly these keys.
    pub(super) fn object<'j, const N: usize>(&mut self, json: &'j Json, at: Place<'_>, keys: [&str; N]) -> Option<[&'j Json; N]> {
        let mut found = [&Json::Null; N];
        let values = self.values(json, at, &keys)?;
        found.copy_from_slice(&values);
        Some(found)
    }

    /// The values of exactly these keys, in their order.
    pub(super) fn values<'j>(&mut self, json: &'j Json, at: Place<'_>, keys: &[&str]) -> Option<Vec<&'j Json>> {
        let Json::Object(members) = json else { return self.refuse(at, "must be an object") };
        for key in keys.iter().filter(|key| !members.contains_key(**key)) {
            self.note(at.key(key), "is missing");
        }
        let unknown = members.keys().filter(|key| !keys.contains(&key.as_str())).count();
        if unknown > 0 {
            self.note(at, format!("holds {unknown} that the contract does not know", unknown = count(unknown, "key")));
        }
        keys.iter().map(|key| members.get(*key)).collect()
    }

    /// A list of at most `limit` items.
    pub(super) fn list<T>(
        &mut self,
        json: &Json,
        at: Place<'_>,
        limit: usize,
        mut read: impl FnMut(&mut Self, &Json, Place<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Json::Array(items) = json else { return self.refuse(at, "must be an array") };
        if items.len() > limit {
            return self.refuse(at, format!("holds more than {limit} items"));
        }
        let read: Vec<Option<T>> = items.iter().enumerate().map(|(n, item)| read(self, item, at.index(n))).collect();
        read.into_iter().collect()
    }

    /// A text of at most `limit` characters, without surrounding white space.
    pub(super) fn text(&mut self, json: &Json, at: Place<'_>, limit: usize) -> Option<String> {
        let Json::String(text) = json else { return self.refuse(at, "must be a string") };
        if text.chars().count() > limit {
            return self.refuse(at, format!("is longer than {limit} characters"));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return self.refuse(at, "holds a control character");
        }
        Some(text.trim().to_owned())
    }

    /// A text that says something.
    pub(super) fn saying(&mut self, json: &Json, at: Place<'_>, limit: usize) -> Option<String> {
        let text = self.text(json, at, limit)?;
        match says_nothing(&text) {
            true => self.refuse(at, "says nothing; leave the entry out or fill it"),
            false => Some(text),
        }
    }

    pub(super) fn number(&mut self, json: &Json, at: Place<'_>) -> Option<f64> {
        match json.as_f64().filter(|number| number.is_finite()) {
            Some(number) => Some(number),
            None => self.refuse(at, "must be a number"),
        }
    }

    /// The number of a unit, if the excerpt has it.
    pub(super) fn unit_number(&self, number: f64) -> Option<u32> {
        let whole = (number.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)?;
        self.excerpt.unit(whole).map(|unit| unit.n)
    }

    pub(super) fn date(&mut self, json: &Json, at: Place<'_>) -> Option<Date> {
        let day = json.as_str().map(str::trim).filter(|text| text.len() == "2026-05-12".len());
        match day.and_then(|text| text.parse().ok()) {
            Some(date) => Some(date),
            None => self.refuse(at, "must be a day as YYYY-MM-DD"),
        }
    }

    pub(super) fn currency(&mut self, json: &Json, at: Place<'_>) -> Option<String> {
        let code = json.as_str().map(str::trim).filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic()));
        match code {
            Some(code) => Some(code.to_ascii_uppercase()),
            None => self.refuse(at, "must be an ISO 4217 code such as EUR, or null"),
        }
    }

    /// One of a closed list of names.
    pub(super) fn one_of<T: DeserializeOwned>(&mut self, json: &Json, at: Place<'_>, names: &[&str]) -> Option<T> {
        let known = json.as_str().filter(|name| names.contains(name));
        match known.and_then(|_| T::deserialize(json).ok()) {
            Some(value) => Some(value),
            None => self.refuse(at, format!("must be one of: {}", names.join(", "))),
        }
    }

    /// What may be null; "N/A" and the like count as null. The outer `None`: broken.
    #[expect(clippy::option_option, reason = "broken, absent and present are three things")]
    pub(super) fn optional<T>(&mut self, json: &Json, read: impl FnOnce(&mut Self, &Json) -> Option<T>) -> Option<Option<T>> {
        match json {
            Json::Null => Some(None),
            Json::String(text) if says_nothing(text) => Some(None),
            _ => read(self, json).map(Some),
        }
    }

    /// Quotes with the numbers of their units, tied to their places. A unit that does not exist gives evidence
    /// without a source: the checks speak about it.
    pub(super) fn evidence(&mut self, json: &Json, at: Place<'_>) -> Option<Vec<Evidence>> {
        self.list(json, at, QUOTES, |reading, json, at| {
            let [unit, quote] = reading.object(json, at, ["unit", "quote"])?;
            let number = unit.as_u64().and_then(|number| u32::try_from(number).ok());
            if number.is_none() {
                reading.note(at.key("unit"), "must be the number of a unit");
            }
            let quote = reading.text(quote, at.key("quote"), TEXT);
            Some(reading.excerpt.evidence(number?, &quote?))
        })
    }
}

fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("a {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// A place in the reply; shown as a JSON pointer (RFC 6901). Holds only names of the contract.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Top,
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// `key` must be a name of the schema or the contract: a-z, 0-9 and _, so nothing needs escaping.
    pub(super) fn key(&'a self, key: &'a str) -> Place<'a> {
        Place::Key(self, key)
    }

    pub(super) fn index(&'a self, index: usize) -> Place<'a> {
        Place::Index(self, index)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Top => Ok(()),
            Place::Key(parent, key) => write!(out, "{parent}/{key}"),
            Place::Index(parent, index) => write!(out, "{parent}/{index}"),
        }
    }
}
