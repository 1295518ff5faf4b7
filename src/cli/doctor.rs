//! `baton doctor`: checks settings and every connection, says what is wrong and how to mend it.

use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::output;
use super::view::Colour;
use super::{Ending, world};
use crate::config::{Config, Engine, Judge};

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  baton --queue amqp://… --record postgres://… --engine openai doctor\n\nExit code 1 if something has to be mended."
)]
pub(super) struct Arguments {
    /// One JSON array
    #[arg(long)]
    json: bool,
    /// Ask the model one short question (costs a few tokens)
    #[arg(long)]
    ask_model: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Examination {
    what: &'static str,
    healthy: bool,
    detail: String,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<Ending> {
    let examined = vec![
        settings(&config),
        contracts(&config),
        prompt(&config),
        store(&config).await,
        queue(&config).await,
        model(&config, arguments.ask_model).await,
    ];
    let healthy = examined.iter().all(|examination| examination.healthy);
    match arguments.json {
        true => output::json(&examined)?,
        false => {
            let colour = Colour::of_stdout();
            for examination in &examined {
                let mark = if examination.healthy { colour.green("fine ") } else { colour.red("wrong") };
                output::data(&format!("{mark}  {:10} {}\n", examination.what, examination.detail))?;
            }
        }
    }
    Ok(if healthy { Ending::Fine } else { Ending::Failed })
}

fn examination(what: &'static str, result: Result<String, String>) -> Examination {
    let healthy = result.is_ok();
    let (Ok(detail) | Err(detail)) = result;
    Examination { what, healthy, detail }
}

/// The settings were read, or this command would not run: what is left are combinations.
fn settings(config: &Config) -> Examination {
    let one_machine = config.queue.url.scheme() == "sqlite" || config.record.url.scheme() == "sqlite";
    let note = if one_machine { "; SQLite is for one machine" } else { "" };
    let is_built_in = config.model.engine == Engine::Extractive;
    let judge = match config.qa.judge {
        Judge::Uncertain | Judge::Always if is_built_in => "; `qa.judge` does nothing: the built-in engine cannot be asked",
        Judge::Off | Judge::Uncertain | Judge::Always => "",
    };
    examination("settings", Ok(format!("queue {}, records {}{note}{judge}", config.queue.url, config.record.url)))
}

fn contracts(config: &Config) -> Examination {
    let found = world::contracts(config)
        .map(|contracts| format!("{} kinds: {}", contracts.len(), contracts.keys().cloned().collect::<Vec<_>>().join(", ")));
    examination("contracts", found.map_err(|error| format!("{error:#}")))
}

fn prompt(config: &Config) -> Examination {
    let found = world::prompt(config).and_then(|prompt| {
        let picks = world::map_step(config)?.map(|step| format!(", {}", step.prompt.label())).unwrap_or_default();
        let judge = world::judge_step(config)?.map(|step| format!(", {}", step.prompt.label())).unwrap_or_default();
        Ok(format!("{}{picks}{judge}", prompt.label()))
    });
    examination("prompt", found.map_err(|error| format!("{error:#}")))
}

async fn store(config: &Config) -> Examination {
    let looked = async {
        let store = world::open_store(config).await?;
        let counts = store.count_events_by_outcome().await?;
        store.close().await;
        let events: u64 = counts.values().sum();
        anyhow::Ok(format!("{}: {events} events so far", config.record.url))
    };
    examination("records", looked.await.map_err(|error| format!("{error:#}")))
}

async fn queue(config: &Config) -> Examination {
    examination("queue", world::Queue::look(config).await.map_err(|error| format!("{error:#}")))
}

async fn model(config: &Config, ask: bool) -> Examination {
    let looked = async {
        let model = world::model(config)?;
        if config.model.engine != Engine::Openai {
            return anyhow::Ok(format!("{}: built in, nothing to reach", model.engine()));
        }
        // Both want one; servers of one's own mostly do not.
        let needs_key = ["openai", "azure"].contains(&config.model.server.as_str());
        anyhow::ensure!(
            !needs_key || !config.model.api_key.expose_secret().is_empty(),
            "there is no key: set `model.api_key` or OPENAI_API_KEY (for a server without keys, set `model.server`)"
        );
        let name = format!("{} at {}", config.model.name, config.model.base_url);
        let price = match model.price(&crate::domain::brief::Usage { prompt_tokens: 1_000_000, ..Default::default() }) {
            Some(usd) => format!("{usd} USD per million prompt tokens"),
            None => "price not known: set model.input_usd_per_million, or costs are shown as unknown".to_owned(),
        };
        if !ask {
            return Ok(format!("{name}; {price}; not asked (use --ask-model)"));
        }
        let reply = model.complete(&world::short_question(config)?).await?;
        Ok(format!("{name} answers; {price}; {} tokens used", reply.usage.prompt_tokens + reply.usage.completion_tokens))
    };
    examination("model", looked.await.map_err(|error| format!("{error:#}")))
}
