//! `baton contracts`: list, show, schema, check.

use std::path::PathBuf;

use super::output::{self, Usage};
use super::{Ending, world};
use crate::config::Config;
use crate::domain::contract::{Contract, Required};
use crate::domain::value::FieldType;
use crate::prompt::{lint_strict, reply_schema};

#[derive(clap::Subcommand)]
#[command(
    after_help = "Examples:\n  baton contracts list\n  baton contracts show sdr_to_ae\n  baton contracts check my/partner_to_ae.toml"
)]
pub(super) enum Command {
    /// All kinds of handoff there are contracts for
    List {
        /// One JSON array
        #[arg(long)]
        json: bool,
    },
    /// One contract: fields, categories, rules, routes
    Show {
        kind: String,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// The strict JSON Schema sent to a model
    Schema { kind: String },
    /// Check contract files; names file, line and field of the first mistake in each
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(command: Command, config: &Config) -> anyhow::Result<Ending> {
    match command {
        Command::List { json } => list(config, json),
        Command::Show { kind, json } => show(&*find(config, &kind)?, json),
        Command::Schema { kind } => {
            output::json(&reply_schema(&*find(config, &kind)?))?;
            Ok(Ending::Fine)
        }
        Command::Check { files } => check(&files),
    }
}

fn find(config: &Config, kind: &str) -> anyhow::Result<std::sync::Arc<Contract>> {
    let contracts = world::contracts(config)?;
    let known = || contracts.keys().cloned().collect::<Vec<_>>().join(", ");
    contracts.get(kind).cloned().ok_or_else(|| Usage(format!("there is no contract `{kind}`; there are: {}", known())).into())
}

fn list(config: &Config, json: bool) -> anyhow::Result<Ending> {
    let contracts = world::contracts(config)?;
    if json {
        output::json(&contracts.values().collect::<Vec<_>>())?;
        return Ok(Ending::Fine);
    }
    for contract in contracts.values() {
        let required = contract.fields.iter().filter(|field| field.required == Required::Ready).count();
        let line = format!(
            "{:22} v{}  {} ({} fields, {required} required; {} categories, {} rules)\n",
            contract.kind,
            contract.version,
            contract.title,
            contract.fields.len(),
            contract.axes.len(),
            contract.rules.len()
        );
        output::data(&line)?;
    }
    Ok(Ending::Fine)
}

fn show(contract: &Contract, json: bool) -> anyhow::Result<Ending> {
    if json {
        output::json(contract)?;
        return Ok(Ending::Fine);
    }
    let mut text = format!("{} (version {})\n{}\n\nFields\n", contract.title, contract.version, contract.purpose);
    for field in &contract.fields {
        let required = if field.required == Required::Ready { "required" } else { "" };
        let stale = field.stale_after_days.map(|days| format!(" (stale after {days} days)")).unwrap_or_default();
        text += &format!("  {:22} {:11} {required:9} {}{stale}\n", field.name, type_name(field.field_type), field.describe);
        for choice in &field.choices {
            text += &format!("  {:22} {:11} {:9} · {}: {}\n", "", "", "", choice.name, choice.when);
        }
    }
    text += "\nCategories\n";
    for axis in &contract.axes {
        text += &format!("  {:22} {}\n", axis.name, axis.describe);
        for label in &axis.labels {
            text += &format!("  {:22} · {}: {}\n", "", label.name, label.when);
        }
    }
    text += "\nRules\n";
    for rule in &contract.rules {
        text += &format!("  {:34} if not {}: {}\n", rule.name, rule.when, rule.message);
    }
    text += "\nRoutes\n";
    for route in &contract.routes {
        text += &format!("  {:34} when {}\n", route.to, route.when);
    }
    output::data(&text)?;
    Ok(Ending::Fine)
}

fn type_name(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Text => "text",
        FieldType::Money => "money",
        FieldType::Number => "number",
        FieldType::Date => "date",
        FieldType::Duration => "duration",
        FieldType::Person => "person",
        FieldType::Choice => "choice",
        FieldType::List => "list",
        FieldType::Commitment => "commitment",
    }
}

fn check(files: &[PathBuf]) -> anyhow::Result<Ending> {
    let mut ending = Ending::Fine;
    for file in files {
        let name = file.display().to_string();
        let problems = match std::fs::read_to_string(file) {
            Err(error) => vec![format!("{name}: cannot be read: {error}")],
            Ok(text) => match Contract::parse(&text, &name) {
                Err(error) => vec![error.to_string()],
                Ok(contract) => {
                    lint_strict(&reply_schema(&contract)).iter().map(|problem| format!("{name}: {problem}")).collect()
                }
            },
        };
        match problems.is_empty() {
            true => output::data(&format!("{name}: fine\n"))?,
            false => {
                problems.iter().for_each(|problem| output::note(&format!("error: {problem}")));
                ending = Ending::Failed;
            }
        }
    }
    // A wrong contract is a wrong setting: same exit code as at start-up.
    match ending {
        Ending::Fine => Ok(Ending::Fine),
        _ => Err(Usage("mend the contracts above; `docs/contracts.md` has the format".to_owned()).into()),
    }
}
