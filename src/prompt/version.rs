//! [`PromptVersion`]: the two templates of a prompt, compiled once, and what is the same for all handoffs of a kind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::judge::judge_schema;
use super::mask::Masking;
use super::pick::pick_schema;
use super::schema::reply_schema;
use crate::domain::contract::Contract;
use crate::domain::stamp;
use crate::domain::value::FieldType;

/// Steps a template may take: some hundred times what a full token budget needs.
const FUEL: u64 = 5_000_000;

/// A released prompt: `prompts/<name>/<version>/`. Cheap to clone: clones share the compiled templates.
#[derive(Clone)]
pub struct PromptVersion {
    /// For example `handoff_brief`.
    pub name: String,
    /// For example `v1`.
    pub version: String,
    /// BLAKE3 digest of all its files.
    pub digest: String,
    /// Whether what it shows of a handoff is masked.
    pub(super) masking: Masking,
    shared: Arc<Shared>,
}

/// A prompt that cannot be used. Names template and line, never the text of a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    #[error("prompt `{prompt}`: template `{template}` line {line}: {what}")]
    Template { prompt: String, template: String, line: usize, what: String },
    #[error("prompt `{prompt}`: `prompt.toml`: {what}")]
    Manifest { prompt: String, what: String },
    #[error("there is no prompt `{prompt}`; there are: {known}")]
    Unknown { prompt: String, known: String },
}

/// The prompts that are compiled in: name, version, and the three files.
const BUNDLED: [(&str, &str, [&str; 3]); 3] = [
    (
        "claim_judge",
        "v1",
        [
            include_str!("../../prompts/claim_judge/v1/prompt.toml"),
            include_str!("../../prompts/claim_judge/v1/system.md"),
            include_str!("../../prompts/claim_judge/v1/user.md.j2"),
        ],
    ),
    (
        "handoff_brief",
        "v1",
        [
            include_str!("../../prompts/handoff_brief/v1/prompt.toml"),
            include_str!("../../prompts/handoff_brief/v1/system.md"),
            include_str!("../../prompts/handoff_brief/v1/user.md.j2"),
        ],
    ),
    (
        "handoff_pick",
        "v1",
        [
            include_str!("../../prompts/handoff_pick/v1/prompt.toml"),
            include_str!("../../prompts/handoff_pick/v1/system.md"),
            include_str!("../../prompts/handoff_pick/v1/user.md.j2"),
        ],
    ),
];

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    Brief,
    /// Units of a chunk.
    Picks,
    /// What a judge says of claims.
    Judgements,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    version: String,
    /// For people who list the prompts.
    #[serde(rename = "about")]
    _about: String,
}

impl PromptVersion {
    /// A prompt that is compiled in.
    pub fn bundled(name: &str, version: &str) -> Result<Self, PromptError> {
        let found = BUNDLED.iter().find(|(its_name, its_version, _)| (*its_name, *its_version) == (name, version));
        let Some((_, _, [manifest, system, user])) = found else {
            let known: Vec<String> = BUNDLED.iter().map(|(name, version, _)| format!("{name}/{version}")).collect();
            return Err(PromptError::Unknown { prompt: format!("{name}/{version}"), known: known.join(", ") });
        };
        Self::parse(name, version, manifest, system, user)
    }

    /// Names and versions of all prompts that are compiled in.
    pub fn all_bundled() -> impl Iterator<Item = (&'static str, &'static str)> {
        BUNDLED.iter().map(|(name, version, _)| (*name, *version))
    }

    /// A prompt from the text of its three files. `system` is a template over the contract alone, `user` over one handoff.
    pub fn parse(name: &str, version: &str, prompt_toml: &str, system: &str, user: &str) -> Result<Self, PromptError> {
        let prompt = format!("{name}/{version}");
        let wrong = |what: String| PromptError::Manifest { prompt: prompt.clone(), what };
        let manifest: Manifest = toml::from_str(prompt_toml).map_err(|error| wrong(first_line(error.message())))?;
        if (manifest.name.as_str(), manifest.version.as_str()) != (name, version) {
            return Err(wrong(format!("it names `{}/{}`; name and folder must agree", manifest.name, manifest.version)));
        }
        Ok(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            digest: stamp::digest([prompt_toml, system, user].map(str::as_bytes)),
            masking: Masking::Off,
            shared: Arc::new(Shared { templates: compile(&prompt, system, user)?, fixed: Mutex::default() }),
        })
    }

    /// The same prompt, with or without placeholders for what is private.
    #[must_use]
    pub fn with_masking(self, masking: Masking) -> Self {
        Self { masking, ..self }
    }

    /// Name and version as a brief's provenance shows them.
    pub fn label(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }

    /// What is the same for all handoffs of a contract; made at the first call for it.
    pub(super) fn fixed(&self, contract: &Contract, asks: Asks) -> Result<Arc<Fixed>, PromptError> {
        let key = (contract.digest.clone(), asks);
        let known = |fixed: &BTreeMap<(String, Asks), Arc<Fixed>>| fixed.get(&key).cloned();
        if let Some(found) = known(&self.shared.fixed.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(found);
        }
        let types: Vec<FieldType> = contract.fields.iter().map(|field| field.field_type).collect();
        let fixed = Arc::new(Fixed {
            system: self.render(SYSTEM, &SystemView { contract, types })?,
            schema: Arc::new(match asks {
                Asks::Brief => reply_schema(contract),
                Asks::Picks => pick_schema(contract),
                Asks::Judgements => judge_schema(),
            }),
            schema_name: match asks {
                Asks::Brief => contract.kind.chars().take(64).collect(),
                Asks::Picks => format!("pick_{}", contract.kind).chars().take(64).collect(),
                Asks::Judgements => format!("judge_{}", contract.kind).chars().take(64).collect(),
            },
        });
        let mut all = self.shared.fixed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(all.entry(key).or_insert(fixed)))
    }

    /// The part that differs between handoffs.
    pub(super) fn render_user(&self, view: &impl Serialize) -> Result<String, PromptError> {
        self.render(USER, view)
    }

    fn render(&self, template: &str, view: &impl Serialize) -> Result<String, PromptError> {
        let rendered = self.shared.templates.get_template(template).and_then(|found| found.render(Value::from(Serde(view))));
        rendered.map_err(|error| template_error(&self.label(), &error))
    }
}

impl std::fmt::Debug for PromptVersion {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PromptVersion").field("name", &self.label()).field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl PartialEq for PromptVersion {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.version, &self.digest) == (&other.name, &other.version, &other.digest)
    }
}

struct Shared {
    templates: Environment<'static>,
    /// By the digest of the contract. As many entries as there are contracts.
    fixed: Mutex<BTreeMap<(String, Asks), Arc<Fixed>>>,
}

/// What all handoffs of a contract share.
pub(super) struct Fixed {
    pub(super) system: String,
    pub(super) schema: Arc<Json>,
    pub(super) schema_name: String,
}

#[derive(Serialize)]
struct SystemView<'a> {
    contract: &'a Contract,
    types: Vec<FieldType>,
}

const SYSTEM: &str = "system.md";
const USER: &str = "user.md.j2";

fn compile(prompt: &str, system: &str, user: &str) -> Result<Environment<'static>, PromptError> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_fuel(Some(FUEL));
    templates.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    let wrong = |error: minijinja::Error| template_error(prompt, &error);
    templates.set_syntax(syntax.map_err(wrong)?);
    templates.add_template_owned(SYSTEM, system.to_owned()).map_err(wrong)?;
    templates.add_template_owned(USER, user.to_owned()).map_err(wrong)?;
    Ok(templates)
}

/// The kind of error only: the detail may quote a value.
fn template_error(prompt: &str, error: &minijinja::Error) -> PromptError {
    PromptError::Template {
        prompt: prompt.to_owned(),
        template: error.name().unwrap_or("?").to_owned(),
        line: error.line().unwrap_or(0),
        what: error.kind().to_string(),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("not TOML").to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Asks, PromptError, PromptVersion};
    use crate::prompt::testing::contracts;

    const MANIFEST: &str = "name = \"p\"\nversion = \"v9\"\nabout = \"a\"\n";

    #[test]
    fn a_released_prompt_never_changes() {
        let released: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(include_str!("../../prompts/released.toml")).unwrap();
        let released: Vec<(String, String)> = released
            .into_iter()
            .flat_map(|(name, versions)| versions.into_iter().map(move |(v, digest)| (format!("{name}/{v}"), digest)))
            .collect();
        let bundled: Vec<(String, String)> = PromptVersion::all_bundled()
            .map(|(name, version)| PromptVersion::bundled(name, version).unwrap())
            .map(|prompt| (prompt.label(), prompt.digest))
            .collect();
        assert_eq!(bundled, released, "a released prompt was changed: leave it as it was and add the next version");
    }

    #[test]
    fn every_contract_gets_a_system_message_that_names_all_it_asks_for() {
        let prompt = PromptVersion::bundled("handoff_brief", "v1").unwrap();
        for contract in contracts() {
            let system = prompt.fixed(&contract, Asks::Brief).unwrap().system.clone();
            for field in &contract.fields {
                assert!(system.contains(&format!("- `{}` (", field.name)), "{}: {}", contract.kind, field.name);
                assert!(system.contains(&field.describe), "{}: {}", contract.kind, field.name);
            }
            let labels = contract.fields.iter().flat_map(|field| &field.choices);
            for label in contract.axes.iter().flat_map(|axis| &axis.labels).chain(labels) {
                assert!(system.contains(&format!("  - `{}`: {}\n", label.name, label.when)), "{}: {}", contract.kind, label.name);
            }
            assert!(!system.contains("\n\n\n") && !system.contains("{%"), "{system}");
        }
    }

    #[test]
    fn clones_share_what_was_rendered_once() {
        let prompt = PromptVersion::bundled("handoff_brief", "v1").unwrap();
        let contract = &contracts()[0];
        let first = prompt.fixed(contract, Asks::Brief).unwrap();
        assert!(std::sync::Arc::ptr_eq(&first, &prompt.clone().fixed(contract, Asks::Brief).unwrap()));
    }

    #[test]
    fn a_template_that_asks_for_what_is_not_there_fails_with_its_line() {
        let prompt = PromptVersion::parse("p", "v9", MANIFEST, "one\n{{ contract.budgets }}", "x").unwrap();
        let error = prompt.fixed(&contracts()[0], Asks::Brief).map(drop).unwrap_err();
        assert_eq!(error.to_string(), "prompt `p/v9`: template `system.md` line 2: undefined value");
    }

    #[test]
    fn a_template_that_never_ends_runs_out_of_fuel() {
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        let prompt = PromptVersion::parse("p", "v9", MANIFEST, endless, "x").unwrap();
        let error = prompt.fixed(&contracts()[0], Asks::Brief).map(drop).unwrap_err();
        assert!(error.to_string().contains("fuel"), "{error}");
    }

    #[test]
    fn a_prompt_that_cannot_be_used_says_why() {
        let syntax = PromptVersion::parse("p", "v9", MANIFEST, "{% if %}", "x").unwrap_err();
        assert!(matches!(&syntax, PromptError::Template { template, line: 1, .. } if template == "system.md"), "{syntax}");
        let folder = PromptVersion::parse("p", "v8", MANIFEST, "", "").unwrap_err();
        assert_eq!(folder.to_string(), "prompt `p/v8`: `prompt.toml`: it names `p/v9`; name and folder must agree");
        let unknown = PromptVersion::bundled("handoff_brief", "v0").unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "there is no prompt `handoff_brief/v0`; there are: claim_judge/v1, handoff_brief/v1, handoff_pick/v1"
        );
    }
}
