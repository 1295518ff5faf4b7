//! A contract: what a brief of one kind of handoff must hold. Data in TOML, versioned, written by people.
//!
//! Reading a contract either gives a contract that every later station can rely on (names unique,
//! conditions parsed, choices present where needed) or an error with file, line and field.

mod names;
mod parse;

use serde::{Deserialize, Serialize};

use super::brief::AskWhom;
use super::condition::Condition;
use super::event::Side;
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
    /// An answer that was last given more than this many days before the handoff is stale. `None`: it never is.
    pub stale_after_days: Option<u32>,
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
    /// The side whose words must show it; `None`: either.
    pub stated_by: Option<Side>,
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
    fn a_field_may_say_when_its_answers_are_stale() {
        let text = SMALL.replace("ask = ", "stale_after_days = 30\nask = ").replace("is stated", "is fresh");
        let contract = Contract::parse(&text, "tiny.toml").unwrap();
        assert_eq!(contract.fields[0].stale_after_days, Some(30));
        assert_eq!(Contract::parse(SMALL, "tiny.toml").unwrap().fields[0].stale_after_days, None);
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
            error_of("field budget is stated", "field budget is fresh"),
            error_of("describe = \"d\"\nask", "describe = \"d\"\nstale_after_days = 0\nask"),
        ];
        insta::assert_snapshot!(errors.join("\n"));
    }
}
