//! One line of the input: what it holds, and what is wrong with it if it cannot be read.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Desk;
use crate::cli::read::handoff_of;
use crate::context::{Material, fit, gather};
use crate::domain::brief::{AxisAnswer, Brief, Commitment, FieldAnswer, OpenQuestion, Origin};
use crate::domain::event::{Participant, SourceType};
use crate::domain::handoff::{HumanValue, Source};
use crate::prompt::parse_reply;
use crate::qa::{self, Audit};

/// A line that was read and checked.
pub(super) struct Audited {
    pub(super) id: Json,
    /// Tells documents apart.
    pub(super) document: u64,
    /// Whether it is faithful, if the line says so.
    pub(super) label: Option<bool>,
    pub(super) domain: Option<String>,
    pub(super) audit: Audit,
}

/// A line that cannot be read. `why` names the field, never its content.
pub(super) struct Refused {
    pub(super) id: Json,
    pub(super) why: String,
}

type Fields = serde_json::Map<String, Json>;

/// Reads and checks a line. `number` counts from 1.
pub(super) fn audit(desk: &Desk, number: usize, line: &[u8]) -> Result<Audited, Refused> {
    // serde's text quotes values: the place must do.
    let no_object = |error: serde_json::Error| match error.column() {
        0 => "not a JSON object".to_owned(),
        column => format!("not a JSON object (column {column})"),
    };
    let fields: Result<Fields, _> = serde_json::from_slice(line).map_err(no_object);
    let mut fields = fields.map_err(|why| Refused { id: Json::from(number), why })?;
    let id = fields.remove("id").unwrap_or_else(|| Json::from(number));
    let label = label(&mut fields);
    let domain = optional_text(&mut fields, "domain");
    let read = label.and_then(|label| Ok((label, domain?, check(desk, &mut fields)?)));
    match read {
        Ok((label, domain, (document, audit))) => Ok(Audited { id, document, label, domain, audit }),
        Err(why) => Err(Refused { id, why }),
    }
}

fn check(desk: &Desk, fields: &mut Fields) -> Result<(u64, Audit), String> {
    if !fields.contains_key("sources") && !fields.contains_key("brief") {
        let document = needed(optional_text(fields, "document")?, "document")?;
        let summary = needed(optional_text(fields, "summary")?, "summary")?;
        return Ok((hash(&document), qa::audit(&document, &summary)));
    }
    let sources = sources(fields)?;
    let mut hasher = DefaultHasher::new();
    sources.iter().for_each(|source| source.body.hash(&mut hasher));
    let material = material(desk, sources, fields)?;
    let audit = match fields.remove("brief") {
        Some(brief) => audit_brief(desk, &material, brief, optional_text(fields, "kind")?)?,
        None => qa::audit_material(&material, &needed(optional_text(fields, "summary")?, "brief` or `summary")?),
    };
    Ok((hasher.finish(), audit))
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn needed<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("`{name}` is missing"))
}

fn optional_text(fields: &mut Fields, name: &str) -> Result<Option<String>, String> {
    match fields.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` must be text")),
    }
}

fn label(fields: &mut Fields) -> Result<Option<bool>, String> {
    match fields.remove("label") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Bool(is_faithful)) => Ok(Some(is_faithful)),
        Some(label) if label == 1 => Ok(Some(true)),
        Some(label) if label == 0 => Ok(Some(false)),
        Some(_) => Err("`label` must be 1 (faithful) or 0".to_owned()),
    }
}

/// The sources of a line; a bare `document` is one.
fn sources(fields: &mut Fields) -> Result<Vec<Source>, String> {
    let given = match (fields.remove("sources"), fields.remove("document")) {
        (Some(Json::Array(given)), _) => given,
        (Some(_), _) => return Err("`sources` must be a list".to_owned()),
        (None, Some(document)) => vec![document],
        (None, None) => return Err("`sources` is missing".to_owned()),
    };
    let mut ids = BTreeSet::new();
    let mut sources = Vec::new();
    for (n, given) in given.into_iter().enumerate() {
        let source = source(given, n)?;
        if !ids.insert(source.id.clone()) {
            return Err(format!("`sources[{n}].id` stands twice"));
        }
        sources.push(source);
    }
    Ok(sources)
}

fn source(given: Json, n: usize) -> Result<Source, String> {
    let inside = |why: String| why.replacen('`', &format!("`sources[{n}]."), 1);
    let mut fields = match given {
        Json::String(text) => {
            let body = text.into_bytes();
            let id = format!("source-{}", n + 1);
            return Ok(Source { id, source_type: SourceType::CallNote, format: None, occurred_at: None, title: None, body });
        }
        Json::Object(fields) => fields,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {
            return Err(format!("`sources[{n}]` must be text or an object with `id`, `type` and `text`"));
        }
    };
    let mut text = |name: &str| optional_text(&mut fields, name).map_err(inside);
    let (id, text_base64, body) = (text("id")?, text("text_base64")?, text("text")?);
    let (kind, at, format, title) = (text("type")?, text("occurred_at")?, text("format")?, text("title")?);
    let body = match (body, text_base64) {
        (Some(body), _) => body.into_bytes(),
        (None, Some(coded)) => decode(&coded).ok_or_else(|| inside("`text_base64` is not base64 (RFC 4648)".to_owned()))?,
        (None, None) => return Err(inside("`text` is missing".to_owned())),
    };
    let source_type = match kind {
        None => SourceType::CallNote,
        Some(kind) => serde_json::from_value(Json::String(kind))
            .map_err(|_| inside("`type` must be `call_transcript`, `call_note`, `email_thread` or `crm_snapshot`".to_owned()))?,
    };
    let occurred_at = at.map(|at| at.parse()).transpose();
    let occurred_at = occurred_at.map_err(|_| inside("`occurred_at` is no time (RFC 3339)".to_owned()))?;
    Ok(Source { id: id.unwrap_or_else(|| format!("source-{}", n + 1)), source_type, format, occurred_at, title, body })
}

fn decode(coded: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(coded.trim()).ok()
}

fn material(desk: &Desk, sources: Vec<Source>, fields: &mut Fields) -> Result<Material, String> {
    let mut handoff = handoff_of(sources);
    if let Some(participants) = fields.remove("participants") {
        handoff.event.data.participants = entries::<Participant>(participants, "participants")?;
    }
    Ok(gather(&handoff, &desk.gathering))
}

/// More than any source holds: nothing is cut.
const WHOLE: usize = usize::MAX >> 8;

fn audit_brief(desk: &Desk, material: &Material, brief: Json, kind: Option<String>) -> Result<Audit, String> {
    let stored_kind = brief.get("kind").and_then(Json::as_str).map(str::to_owned);
    let kind = needed(kind.or(stored_kind), "kind")?;
    let known = || desk.contracts.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let contract = desk.contracts.get(&kind).ok_or_else(|| format!("`kind` names no contract; there are {}", known()))?;
    let excerpt = fit(material, contract, WHOLE);
    let brief = match brief {
        Json::Object(fields) if fields.contains_key("brief") || fields.get("fields").is_some_and(Json::is_array) => {
            stored(fields)?
        }
        Json::Object(fields) => {
            let breaks = |errors: Vec<crate::prompt::ReplyError>| {
                let all: Vec<String> = errors.iter().map(|error| error.to_string().replacen("the reply", "`brief`", 1)).collect();
                all.join("; ")
            };
            parse_reply(&Json::Object(fields).to_string(), contract, &excerpt).map_err(breaks)?
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            return Err("`brief` must be an object".to_owned());
        }
    };
    let human_values = human_values(&brief);
    Ok(qa::audit_brief(brief, &excerpt, contract, &human_values))
}

/// The brief of a `BriefDocument`, or a bare `Brief`.
fn stored(mut fields: Fields) -> Result<Brief, String> {
    if let Some(inner) = fields.remove("brief") {
        let Json::Object(inner) = inner else { return Err("`brief.brief` must be an object".to_owned()) };
        fields = inner;
    }
    let mut list = |name: &str| fields.remove(name).unwrap_or_else(|| Json::Array(Vec::new()));
    let answers = entries::<FieldAnswer>(list("fields"), "brief.fields")?;
    let axes = entries::<AxisAnswer>(list("axes"), "brief.axes")?;
    let commitments = entries::<Commitment>(list("commitments"), "brief.commitments")?;
    let open_questions = entries::<OpenQuestion>(list("open_questions"), "brief.open_questions")?;
    let headline = needed(optional_text(&mut fields, "headline")?, "brief.headline")?;
    Ok(Brief { headline, fields: answers, axes, commitments, open_questions })
}

fn entries<T: DeserializeOwned>(list: Json, name: &str) -> Result<Vec<T>, String> {
    let Json::Array(list) = list else { return Err(format!("`{name}` must be a list")) };
    let read = |(n, one): (usize, Json)| {
        // serde's text quotes values.
        serde_json::from_value(one).map_err(|_| format!("`{name}[{n}]` is not as its schema says (`baton show --json`)"))
    };
    list.into_iter().enumerate().map(read).collect()
}

/// What people wrote into a stored brief stands, as it did when it was reviewed.
fn human_values(brief: &Brief) -> BTreeMap<String, HumanValue> {
    let of_people = brief.fields.iter().filter(|answer| answer.origin == Origin::Human);
    let values = of_people.filter_map(|answer| {
        let value = answer.value.clone()?;
        Some((answer.name.clone(), HumanValue { value, by: String::new(), at: jiff::Timestamp::UNIX_EPOCH }))
    });
    values.collect()
}
