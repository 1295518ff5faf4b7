//! The command line: one file per command. The only place that names an adapter (in [`world`]).
//!
//! Data goes to stdout, everything else to stderr. Exit codes: 0 fine, 1 failure, 2 usage or settings,
//! 3 halted, 4 below the evaluation gate.

mod account;
mod audit;
mod backfill;
mod contracts;
mod decisions;
mod demo;
mod doctor;
mod eval;
mod output;
mod parked;
mod read;
mod review;
mod show;
mod submit;
pub mod view;
mod worker;
pub mod world;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::config::{Config, ConfigError, SettingsFile};
use crate::telemetry;

/// Makes sales handoffs survive: checked briefs from calls, mails and notes, written against a contract.
#[derive(Parser)]
#[command(name = "baton", version, after_help = EXAMPLES, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  baton demo                                   see briefs of bundled handoffs; needs nothing
  baton submit event.json                      put a handoff event into the queue
  baton worker --drain                         work until the queue is empty
  baton show 1042                              read the brief of record 1042
  baton --queue amqp://… --record postgres://… worker
  baton doctor                                 check settings and every connection

Settings: config.default.toml < baton.toml < BATON_SECTION__KEY < flags.
Exit codes: 0 fine, 1 failure, 2 usage or settings, 3 halted, 4 below the evaluation gate.";

/// Flags of every command.
#[derive(clap::Args)]
struct Globals {
    /// Settings file; without it, ./baton.toml is read if it is there
    #[arg(long, global = true, value_name = "FILE", env = "BATON_CONFIG")]
    config: Option<std::path::PathBuf>,
    /// One setting, for example --set worker.concurrency=4; may be given several times
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE")]
    set: Vec<String>,
    /// Where handoff events wait: sqlite:FILE or amqp(s)://…  [same as --set queue.url=…]
    #[arg(long, global = true, value_name = "URL")]
    queue: Option<String>,
    /// Where records and briefs are kept: sqlite:FILE or postgres://…  [same as --set record.url=…]
    #[arg(long, global = true, value_name = "URL")]
    record: Option<String>,
    /// Who writes the brief: extractive, openai or recorded  [same as --set model.engine=…]
    #[arg(long, global = true, value_name = "NAME")]
    engine: Option<String>,
    /// Read contracts from here instead of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    contracts: Option<String>,
    /// Read prompts from here instead of the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
    prompts: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bundled handoffs through the real worker and print their briefs
    Demo(demo::Arguments),
    /// Consume handoff events until stopped
    Worker(worker::Arguments),
    /// Validate events and put them into the queue
    Submit(submit::Arguments),
    /// Show the brief of a record
    Show(show::Arguments),
    /// Decide on briefs that were held: list, show, accept, reject, edit
    #[command(subcommand)]
    Review(review::Command),
    /// Show what Baton makes of a source: format, speakers, messages, what is left out
    Read(read::Arguments),
    /// Check existing summaries against their sources, without any model
    Audit(audit::Arguments),
    /// List, show and check contracts
    #[command(subcommand)]
    Contracts(contracts::Command),
    /// Measure prompts and engines on cases with known answers
    #[command(subcommand)]
    Eval(eval::Command),
    /// Write briefs for records that are already in the store
    #[command(subcommand)]
    Backfill(backfill::Command),
    /// Look after the messages that could not be processed
    #[command(subcommand)]
    Parked(parked::Command),
    /// Check settings and every connection, and say how to mend what is wrong
    Doctor(doctor::Arguments),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  baton completions bash > /etc/bash_completion.d/baton")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How a command ended well. Failures are `anyhow` errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Fine,
    /// Told the user already.
    Failed,
    /// Stopped by a failure that every event would meet.
    Halted,
    /// The evaluation is below its committed baseline.
    BelowGate,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::Failed) => ExitCode::from(1),
        Ok(Ending::Halted) => ExitCode::from(3),
        Ok(Ending::BelowGate) => ExitCode::from(4),
        Err(error) => {
            output::note(&format!("error: {error:#}"));
            let is_settings = error.downcast_ref::<ConfigError>().is_some()
                || error.downcast_ref::<crate::domain::contract::ContractError>().is_some()
                || error.downcast_ref::<output::Usage>().is_some();
            ExitCode::from(if is_settings { 2 } else { 1 })
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<Ending> {
    if let Command::Completions { shell } = arguments.command {
        // By way of a buffer: the generator panics if its reader has gone away.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), "baton", &mut script);
        output::data(&String::from_utf8(script)?)?;
        return Ok(Ending::Fine);
    }
    let mut config = load_config(&arguments.globals)?;
    if matches!(arguments.command, Command::Demo(_)) && config.log.level == "info" {
        // A newcomer's terminal: the briefs, not the worker's lines about them.
        "warn".clone_into(&mut config.log.level);
    }
    telemetry::check(&config.log.level)
        .map_err(|message| ConfigError { origin: "settings".to_owned(), message: format!("`log.level`: {message}") })?;
    // A second subscriber exists only when a test runs two commands in one process.
    let _ = telemetry::start(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(dispatch(arguments.command, config))
}

async fn dispatch(command: Command, config: Config) -> anyhow::Result<Ending> {
    match command {
        Command::Demo(arguments) => demo::run(arguments, config).await,
        Command::Worker(arguments) => worker::run(arguments, config).await,
        Command::Submit(arguments) => submit::run(arguments, config).await,
        Command::Show(arguments) => show::run(arguments, config).await,
        Command::Review(command) => review::run(command, config).await,
        Command::Read(arguments) => read::run(arguments, &config),
        Command::Audit(arguments) => audit::run(&arguments, &config),
        Command::Contracts(command) => contracts::run(command, &config),
        Command::Eval(command) => eval::run(command, config).await,
        Command::Backfill(command) => backfill::run(command, config).await,
        Command::Parked(command) => parked::run(command, config).await,
        Command::Doctor(arguments) => doctor::run(arguments, config).await,
        Command::Completions { .. } => Ok(Ending::Fine),
    }
}

/// The settings of this process, from their four layers.
fn load_config(globals: &Globals) -> anyhow::Result<Config> {
    let given = globals.config.as_deref();
    let path = given.unwrap_or(std::path::Path::new("baton.toml"));
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if given.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(ConfigError { origin: name, message: format!("the settings file cannot be read: {error}") }.into());
        }
    };
    let mut flags = globals.set.clone();
    let named = [
        ("queue.url", &globals.queue),
        ("record.url", &globals.record),
        ("model.engine", &globals.engine),
        ("contracts.folder", &globals.contracts),
        ("prompt.folder", &globals.prompts),
    ];
    flags.extend(named.iter().filter_map(|(path, value)| value.as_ref().map(|value| format!("{path}={value}"))));
    let file = text.as_deref().map(|text| SettingsFile { name: &name, text });
    // A variable that is not UTF-8 is none of ours.
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(crate::config::load(file, environment, &flags)?)
}
