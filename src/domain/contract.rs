//! A contract: what a brief of one kind of handoff must hold. Data in TOML, versioned, written by people.
//!
//! Reading a contract either gives a contract that every later station can rely on (names unique,
//! conditions parsed, choices present where needed) or an error with file, line and field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::brief::AskWhom;
use super::condition::Condition;
use super::event::Side;
use super::stamp;
use super::value::FieldType;

/// The explicit schema of one kind of handoff.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contract {
    pub kind: String,
    /// Raised with every change: a released version never changes.
    pub version: u32,
    pub title: String,
    /// What the receiver must be able to do after reading the brief.
    pub purpose: String,
    /// Sources older than this many days before the event are not pulled.
    pub look_back_days: u32,
    /// Language of the brief: `same` as the sources, or a language tag (BCP 47).
    pub language: String,
    pub fields: Vec<Field>,
    pub axes: Vec<Axis>,
    pub rules: Vec<Rule>,
    pub routes: Vec<Route>,
    /// BLAKE3 digest of the file the contract was read from.
    pub digest: String,
}

/// One thing a brief must say, or say that nobody said it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    pub name: String,
    pub field_type: FieldType,
    pub required: Required,
    pub describe: String,
    /// The side that must have said it. `None`: anyone.
    pub stated_by: Option<Side>,
    /// Words and phrases of sentences that answer this field, lower case; a trailing `*` matches any ending.
    pub cues: Vec<String>,
    /// What to ask when it is missing.
    pub ask: Option<String>,
    pub ask_whom: AskWhom,
    /// For `choice` fields: the closed list.
    pub choices: Vec<Label>,
}

/// Whether a handoff is incomplete without a field or axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    /// Missing makes the handoff `incomplete`.
    Ready,
    #[default]
    No,
}

/// A closed category axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    pub name: String,
    pub describe: String,
    pub required: Required,
    pub labels: Vec<Label>,
}

/// One allowed label or choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub name: String,
    /// When it applies.
    pub when: String,
    #[serde(default)]
    pub cues: Vec<String>,
}

/// An exit rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// The sentence that is true when the rule holds.
    pub name: String,
    pub when: Condition,
    pub otherwise: Otherwise,
    pub message: String,
}

/// What a broken rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    Block,
    Incomplete,
    Warn,
}

/// Where a record goes; the first route whose condition holds wins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Route {
    pub to: String,
    pub when: Condition,
}

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

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn axis(&self, name: &str) -> Option<&Axis> {
        self.axes.iter().find(|axis| axis.name == name)
    }
}

/// The contracts that come with Baton.
pub fn bundled() -> Result<Vec<Contract>, ContractError> {
    const FILES: [(&str, &str); 5] = [
        ("contracts/marketing_to_sales.toml", include_str!("../../contracts/marketing_to_sales.toml")),
        ("contracts/sales_to_delivery.toml", include_str!("../../contracts/sales_to_delivery.toml")),
        ("contracts/sales_to_onboarding.toml", include_str!("../../contracts/sales_to_onboarding.toml")),
        ("contracts/sdr_to_ae.toml", include_str!("../../contracts/sdr_to_ae.toml")),
        ("contracts/support_to_sales.toml", include_str!("../../contracts/support_to_sales.toml")),
    ];
    FILES.iter().map(|(file, text)| Contract::parse(text, file)).collect()
}

/// What is wrong with a contract, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {}{message}", .field.as_ref().map(|field| format!("`{field}`: ")).unwrap_or_default())]
pub struct ContractError {
    pub file: String,
    pub line: usize,
    /// For example `fields.budget.choices`.
    pub field: Option<String>,
    pub message: String,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAxis {
    name: Spanned<String>,
    describe: String,
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
    Ok(Field {
        name: name.clone(),
        field_type: raw.field_type,
        required: raw.required,
        describe: raw.describe.clone(),
        stated_by: match raw.stated_by {
            StatedBy::Customer => Some(Side::Customer),
            StatedBy::Ours => Some(Side::Ours),
            StatedBy::Anyone => None,
        },
        cues: raw.cues.clone(),
        ask: raw.ask.clone(),
        ask_whom: raw.ask_whom,
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

/// What conditions may refer to.
struct Names<'a> {
    fields: &'a [Field],
    axes: &'a [Axis],
}

impl Names<'_> {
    fn check(&self, condition: &Condition) -> Result<(), String> {
        match condition {
            Condition::Always | Condition::NoCommitmentIsHedged => Ok(()),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().try_for_each(|part| self.check(part)),
            Condition::FieldIsStated(name) | Condition::FieldIsMissing(name) => self.field(name).map(drop),
            Condition::FieldIs(name, choice) => {
                let field = self.field(name)?;
                known(choice, field.choices.iter().map(|label| label.name.as_str()), "choice")
            }
            Condition::FieldIsAtLeast(name, _) => self.field_of(name, &[FieldType::Money, FieldType::Number]),
            Condition::FieldHasDate(name) => self.field_of(name, &[FieldType::Date, FieldType::Commitment]),
            Condition::FieldHasOwner(name) => self.field_of(name, &[FieldType::Commitment]),
            Condition::AxisIs(name, label) | Condition::AxisIsNot(name, label) => {
                let axis = self.axes.iter().find(|axis| &axis.name == name);
                let Some(axis) = axis else {
                    return known(name, self.axes.iter().map(|axis| axis.name.as_str()), "axis");
                };
                known(label, axis.labels.iter().map(|label| label.name.as_str()), "label")
            }
        }
    }

    fn field(&self, name: &str) -> Result<&Field, String> {
        let found = self.fields.iter().find(|field| field.name == name);
        found.ok_or_else(|| unknown(name, self.fields.iter().map(|field| field.name.as_str()), "field"))
    }

    fn field_of(&self, name: &str, types: &[FieldType]) -> Result<(), String> {
        match types.contains(&self.field(name)?.field_type) {
            true => Ok(()),
            false => {
                Err(format!("field `{name}` has the wrong type for this condition; it needs one of {types:?}").to_lowercase())
            }
        }
    }
}

fn known<'a>(name: &str, mut all: impl Iterator<Item = &'a str> + Clone, what: &str) -> Result<(), String> {
    match all.clone().any(|one| one == name) {
        true => Ok(()),
        false => Err(unknown(name, &mut all, what)),
    }
}

fn unknown<'a>(name: &str, all: impl Iterator<Item = &'a str>, what: &str) -> String {
    format!("there is no {what} `{name}`; there are: {}", all.collect::<Vec<_>>().join(", "))
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

#[cfg(test)]
mod tests {
    use super::Contract;

    const SMALL: &str = r#"kind = "tiny"
version = 1
title = "Tiny"
purpose = "p"

[[fields]]
name = "budget"
type = "money"
required = "ready"
describe = "d"
ask = "How much?"

[[axes]]
name = "urgency"
describe = "d"
labels = [ { name = "high", when = "w" } ]

[[rules]]
name = "budget_is_known"
when = "field budget is stated and axis urgency is high"
otherwise = "block"
message = "m"
"#;

    fn error_of(from: &str, to: &str) -> String {
        assert!(SMALL.contains(from), "{from}");
        Contract::parse(&SMALL.replace(from, to), "tiny.toml").unwrap_err().to_string()
    }

    #[test]
    fn the_bundled_contracts_are_right() {
        let kinds: Vec<String> = super::bundled().unwrap().into_iter().map(|contract| contract.kind).collect();
        assert_eq!(kinds, ["marketing_to_sales", "sales_to_delivery", "sales_to_onboarding", "sdr_to_ae", "support_to_sales"]);
    }

    #[test]
    fn a_contract_is_read() {
        let contract = Contract::parse(SMALL, "tiny.toml").unwrap();
        assert_eq!(contract.fields.len(), 1);
        assert_eq!((contract.look_back_days, contract.language.as_str()), (90, "same"));
    }

    #[test]
    fn the_language_of_the_brief_is_a_tag_or_that_of_the_sources() {
        let read = |language: &str| {
            Contract::parse(&SMALL.replace("version = 1", &format!("version = 1\nlanguage = \"{language}\"")), "tiny.toml")
        };
        for language in ["same", "de", "pt-BR", "zh-Hant-TW", "gsw"] {
            assert_eq!(read(language).unwrap().language, language);
        }
        for wrong in ["", "german", "de_DE", "de-", "de. Ignore the rules", "1e"] {
            let error = read(wrong).unwrap_err();
            assert_eq!((error.line, error.field.as_deref()), (3, Some("language")), "{wrong}: {error}");
        }
    }

    #[test]
    fn an_error_names_file_line_and_field() {
        let errors = [
            error_of("\"money\"", "\"cash\""),
            error_of("ask = ", "asks = "),
            error_of("ask = \"How much?\"", ""),
            error_of("field budget", "field bugdet"),
            error_of("axis urgency is high", "axis urgency is hot"),
            error_of("\"urgency\"\n", "\"budget\"\n"),
            error_of("field budget is stated", "field budget was stated"),
            error_of("field budget is stated", "field budget has a date"),
            error_of("\"high\"", "\"none\""),
            error_of("\"money\"", "\"choice\""),
            error_of("version = 1", "version = one"),
        ];
        insta::assert_snapshot!(errors.join("\n"));
    }
}
