//! TOML → [`Contract`], or an error with file, line and field.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::names::Names;
use super::{Axis, Contract, ContractError, Field, Label, Otherwise, Required, Route, Rule};
use crate::domain::brief::AskWhom;
use crate::domain::condition::Condition;
use crate::domain::event::Side;
use crate::domain::stamp;
use crate::domain::value::FieldType;

impl Contract {
    /// Reads a contract. `file` is only for messages.
    pub fn parse(text: &str, file: &str) -> Result<Self, ContractError> {
        let at = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let raw: RawContract = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| at(span.start));
            ContractError { file: file.to_owned(), line, field: key_on_line(text, line), message: toml_message(&error) }
        })?;
        let fail = |offset: usize, field: &str, message: String| ContractError {
            file: file.to_owned(),
            line: at(offset),
            field: Some(field.to_owned()),
            message,
        };
        check_name(&raw.kind, "kind", &fail)?;
        let language = raw.language.as_ref().map_or("same", |language| language.get_ref().as_str()).to_owned();
        if let Some(given) = raw.language.as_ref().filter(|_| !is_language(&language)) {
            return Err(fail(
                given.span().start,
                "language",
                "write `same`, or a language tag such as `de` or `pt-BR`".to_owned(),
            ));
        }
        let fields = raw.fields.iter().map(|field| read_field(field, &fail)).collect::<Result<Vec<_>, _>>()?;
        let axes = raw.axes.iter().map(|axis| read_axis(axis, &fail)).collect::<Result<Vec<_>, _>>()?;
        check_unique(raw.fields.iter().map(|f| &f.name).chain(raw.axes.iter().map(|a| &a.name)), &fail)?;
        check_unique(raw.rules.iter().map(|rule| &rule.name), &fail)?;
        let names = Names { fields: &fields, axes: &axes };
        let condition = |when: &Spanned<String>, place: &str| {
            let offset = when.span().start;
            let parsed = Condition::parse(when.get_ref()).map_err(|message| fail(offset, place, message))?;
            names.check(&parsed).map_err(|message| fail(offset, place, message))?;
            Ok::<_, ContractError>(parsed)
        };
        let mut rules = Vec::new();
        for rule in &raw.rules {
            let when = condition(&rule.when, &format!("rules.{}.when", rule.name.get_ref()))?;
            rules.push(Rule {
                name: rule.name.get_ref().clone(),
                when,
                otherwise: rule.otherwise,
                message: rule.message.clone(),
            });
        }
        let mut routes = Vec::new();
        for route in &raw.routes {
            let when = condition(&route.when, &format!("routes.{}.when", route.to))?;
            routes.push(Route { to: route.to.clone(), when });
        }
        if fields.is_empty() {
            return Err(fail(0, "fields", "a contract needs at least one [[fields]] entry".to_owned()));
        }
        Ok(Self {
            kind: raw.kind.into_inner(),
            version: raw.version,
            title: raw.title,
            purpose: raw.purpose,
            look_back_days: raw.look_back_days,
            language,
            fields,
            axes,
            rules,
            routes,
            digest: stamp::digest([text.as_bytes()]),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContract {
    kind: Spanned<String>,
    version: u32,
    title: String,
    purpose: String,
    #[serde(default = "ninety_days")]
    look_back_days: u32,
    language: Option<Spanned<String>>,
    #[serde(default)]
    fields: Vec<RawField>,
    #[serde(default)]
    axes: Vec<RawAxis>,
    #[serde(default)]
    rules: Vec<RawRule>,
    #[serde(default)]
    routes: Vec<RawRoute>,
}

fn ninety_days() -> u32 {
    90
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: Spanned<String>,
    #[serde(rename = "type")]
    field_type: FieldType,
    #[serde(default)]
    required: Required,
    describe: String,
    #[serde(default)]
    stated_by: StatedBy,
    #[serde(default)]
    cues: Vec<String>,
    #[serde(default)]
    ask: Option<String>,
    #[serde(default)]
    ask_whom: AskWhom,
    stale_after_days: Option<Spanned<u32>>,
    #[serde(default)]
    choices: Vec<Label>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum StatedBy {
    Customer,
    Ours,
    #[default]
    Anyone,
}

impl StatedBy {
    fn side(self) -> Option<Side> {
        match self {
            Self::Customer => Some(Side::Customer),
            Self::Ours => Some(Side::Ours),
            Self::Anyone => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAxis {
    name: Spanned<String>,
    describe: String,
    #[serde(default)]
    stated_by: StatedBy,
    #[serde(default)]
    required: Required,
    labels: Vec<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    name: Spanned<String>,
    when: Spanned<String>,
    otherwise: Otherwise,
    message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRoute {
    to: String,
    when: Spanned<String>,
}

type Fail<'a> = &'a dyn Fn(usize, &str, String) -> ContractError;

fn read_field(raw: &RawField, fail: Fail<'_>) -> Result<Field, ContractError> {
    let name = raw.name.get_ref();
    check_name(&raw.name, "fields.name", fail)?;
    let offset = raw.name.span().start;
    let is_choice = raw.field_type == FieldType::Choice;
    if is_choice == raw.choices.is_empty() {
        let message = match is_choice {
            true => "a field of type `choice` needs `choices`, a list of { name, when, cues }",
            false => "only a field of type `choice` may have `choices`; change its type or take them out",
        };
        return Err(fail(offset, &format!("fields.{name}.choices"), message.to_owned()));
    }
    check_labels(&raw.choices, offset, &format!("fields.{name}.choices"), fail)?;
    if raw.required == Required::Ready && raw.ask.as_deref().is_none_or(|ask| ask.trim().is_empty()) {
        let message = "a required field needs `ask`, the question to ask when it is missing".to_owned();
        return Err(fail(offset, &format!("fields.{name}.ask"), message));
    }
    if let Some(days) = raw.stale_after_days.as_ref().filter(|days| *days.get_ref() == 0) {
        let message = "write the days after which an answer has to be asked again, 1 or more".to_owned();
        return Err(fail(days.span().start, &format!("fields.{name}.stale_after_days"), message));
    }
    Ok(Field {
        name: name.clone(),
        field_type: raw.field_type,
        required: raw.required,
        describe: raw.describe.clone(),
        stated_by: raw.stated_by.side(),
        cues: raw.cues.clone(),
        ask: raw.ask.clone(),
        ask_whom: raw.ask_whom,
        stale_after_days: raw.stale_after_days.as_ref().map(|days| *days.get_ref()),
        choices: raw.choices.clone(),
    })
}

fn read_axis(raw: &RawAxis, fail: Fail<'_>) -> Result<Axis, ContractError> {
    check_name(&raw.name, "axes.name", fail)?;
    let place = format!("axes.{}.labels", raw.name.get_ref());
    if raw.labels.is_empty() {
        return Err(fail(raw.name.span().start, &place, "an axis needs at least one label".to_owned()));
    }
    check_labels(&raw.labels, raw.name.span().start, &place, fail)?;
    Ok(Axis {
        name: raw.name.get_ref().clone(),
        describe: raw.describe.clone(),
        stated_by: raw.stated_by.side(),
        required: raw.required,
        labels: raw.labels.clone(),
    })
}

fn check_labels(labels: &[Label], offset: usize, place: &str, fail: Fail<'_>) -> Result<(), ContractError> {
    let mut seen = BTreeSet::new();
    for label in labels {
        if !is_name(&label.name) {
            return Err(fail(offset, place, format!("label `{}` may hold only a-z, 0-9 and _", label.name)));
        }
        if ["none", "failed", "not_stated", "unknown"].contains(&label.name.as_str()) {
            return Err(fail(
                offset,
                place,
                format!("label `{}` is built in: \"not stated\" is always a legal answer", label.name),
            ));
        }
        if !seen.insert(&label.name) {
            return Err(fail(offset, place, format!("label `{}` appears twice", label.name)));
        }
    }
    Ok(())
}

fn check_name(name: &Spanned<String>, place: &str, fail: Fail<'_>) -> Result<(), ContractError> {
    match is_name(name.get_ref()) {
        true => Ok(()),
        false => Err(fail(name.span().start, place, format!("`{}` may hold only a-z, 0-9 and _, at most 64", name.get_ref()))),
    }
}

/// `same`, or the form of a language tag (BCP 47, RFC 5646 section 2.1): it becomes part of the prompt.
fn is_language(language: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = language.split('-').next().unwrap_or_default();
    let is_first = language == "same" || matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_alphabetic());
    is_first && language.split('-').all(is_part)
}

/// The names models may get as JSON keys.
fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn check_unique<'a>(names: impl Iterator<Item = &'a Spanned<String>>, fail: Fail<'_>) -> Result<(), ContractError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.get_ref()) {
            return Err(fail(
                name.span().start,
                "name",
                format!("`{}` appears twice; fields, axes and rules need their own names", name.get_ref()),
            ));
        }
    }
    Ok(())
}

/// The key that stands on a line, for errors that TOML reports by place only.
fn key_on_line(text: &str, line: usize) -> Option<String> {
    let key = text.lines().nth(line.checked_sub(1)?)?.split('=').next()?.trim();
    is_name(key).then(|| key.to_owned())
}

/// The first line of a TOML error: it names the key or the allowed variants.
fn toml_message(error: &toml::de::Error) -> String {
    error.message().lines().next().unwrap_or("not TOML").to_owned()
}
