//! Settings → the world they name. The only place that names an adapter.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde::Deserialize as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::output::Usage;
use crate::adapters::amqp::{self, Broker, Topology};
use crate::adapters::extractive::Extractive;
use crate::adapters::inbox::{self, Inbox};
use crate::adapters::openai::{OpenAi, OpenAiSettings, Price, ServerProfile};
use crate::adapters::recorded::{Recorded, Recorder, Recording};
use crate::adapters::sql::Store;
use crate::config::{Config, ConfigError, Engine, Judge};
use crate::context::{self, Gathering, Limits, Material, tokens};
use crate::domain::claim::Judged;
use crate::domain::contract::{self, Contract};
use crate::domain::event::Envelope;
use crate::eval::case::CaseReply;
use crate::pipeline::{JudgeStep, MapStep, Pipeline, Settings};
use crate::ports::{Delivery, Finish, LanguageModel, Mode, ModelReply, ParkedMessage, RecordStore};
use crate::prompt::{Masking, Message, ModelRequest, PromptVersion, Role};

/// Contracts by kind: the built-in ones, or those of `contracts.folder`.
pub(super) fn contracts(config: &Config) -> anyhow::Result<Arc<BTreeMap<String, Arc<Contract>>>> {
    let folder = &config.contracts.folder;
    let contracts = match folder.is_empty() {
        true => contract::bundled()?,
        false => read_contracts(Path::new(folder))?,
    };
    let mut by_kind = BTreeMap::new();
    for contract in contracts {
        let kind = contract.kind.clone();
        if by_kind.insert(kind.clone(), Arc::new(contract)).is_some() {
            return Err(Usage(format!("two contracts in `{folder}` are for the kind `{kind}`; remove one")).into());
        }
    }
    Ok(Arc::new(by_kind))
}

fn read_contracts(folder: &Path) -> anyhow::Result<Vec<Contract>> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Usage(format!("the contracts folder `{}` cannot be read: {error}", folder.display())))?;
    let mut files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    if files.is_empty() {
        return Err(Usage(format!("there is no contract (*.toml) in `{}`", folder.display())).into());
    }
    let read = |file: &std::path::PathBuf| {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("`{name}` cannot be read"))?;
        anyhow::Ok(Contract::parse(&text, &name)?)
    };
    files.iter().map(read).collect()
}

/// The prompt version that the settings name.
pub(super) fn prompt(config: &Config) -> anyhow::Result<Arc<PromptVersion>> {
    let (name, version) = (&config.prompt.name, &config.prompt.version);
    let prompt = match config.prompt.folder.is_empty() {
        true => PromptVersion::bundled(name, version)?,
        false => read_prompt(Path::new(&config.prompt.folder), name, version)?,
    };
    Ok(Arc::new(prompt.with_masking(masking(config))))
}

fn masking(config: &Config) -> Masking {
    if config.privacy.mask_before_model { Masking::On } else { Masking::Off }
}

/// When and with which prompt a model picks from long sources.
pub(super) fn map_step(config: &Config) -> anyhow::Result<Option<MapStep>> {
    let over = config.context.map_over;
    if over <= 0.0 {
        return Ok(None);
    }
    let prompt = side_prompt(config, &config.prompt.pick_name, &config.prompt.pick_version)?;
    Ok(Some(MapStep { prompt, over }))
}

/// Which claims of a brief are judged, and with which prompt.
pub(super) fn judge_step(config: &Config) -> anyhow::Result<Option<JudgeStep>> {
    let judged = match config.qa.judge {
        Judge::Off => return Ok(None),
        Judge::Uncertain => Judged::Uncertain,
        Judge::Always => Judged::All,
    };
    let prompt = side_prompt(config, &config.prompt.judge_name, &config.prompt.judge_version)?;
    Ok(Some(JudgeStep { prompt, judged }))
}

/// A prompt beside that for the brief. A folder that does not have it leaves it as it is built in.
fn side_prompt(config: &Config, name: &str, version: &str) -> anyhow::Result<Arc<PromptVersion>> {
    let folder = Path::new(&config.prompt.folder);
    let prompt = match config.prompt.folder.is_empty() || !folder.join(name).exists() {
        true => PromptVersion::bundled(name, version)?,
        false => read_prompt(folder, name, version)?,
    };
    Ok(Arc::new(prompt.with_masking(masking(config))))
}

fn read_prompt(folder: &Path, name: &str, version: &str) -> anyhow::Result<PromptVersion> {
    let folder = folder.join(name).join(version);
    let read = |file: &str| {
        let path = folder.join(file);
        std::fs::read_to_string(&path)
            .map_err(|error| Usage(format!("the prompt file `{}` cannot be read: {error}", path.display())))
    };
    Ok(PromptVersion::parse(name, version, &read("prompt.toml")?, &read("system.md")?, &read("user.md.j2")?)?)
}

/// The engine that the settings name.
pub(super) fn model(config: &Config) -> anyhow::Result<Arc<dyn LanguageModel>> {
    let model = &config.model;
    Ok(match model.engine {
        Engine::Extractive => Arc::new(Extractive::default()),
        Engine::Recorded => Arc::new(Recorded::load(Path::new(&model.recordings))?),
        Engine::Openai => {
            let price = (model.input_usd_per_million >= 0.0 && model.output_usd_per_million >= 0.0).then_some(Price {
                input: model.input_usd_per_million,
                cached_input: model.input_usd_per_million,
                output: model.output_usd_per_million,
            });
            Arc::new(OpenAi::new(OpenAiSettings {
                base_url: model.base_url.clone(),
                api_key: model.api_key.clone(),
                model: model.name.clone(),
                profile: server_profile(&model.server)?,
                timeout: Duration::from_secs(model.timeout_seconds),
                temperature: (model.temperature >= 0.0).then_some(model.temperature as f32),
                reasoning_effort: (!model.reasoning_effort.is_empty()).then(|| model.reasoning_effort.clone()),
                price,
            })?)
        }
    })
}

fn server_profile(name: &str) -> anyhow::Result<ServerProfile> {
    use serde::de::IntoDeserializer as _;
    ServerProfile::deserialize(name.into_deserializer()).map_err(|error: serde::de::value::Error| {
        ConfigError { origin: "settings".to_owned(), message: format!("`model.server`: {error}") }.into()
    })
}

/// The record store that the settings name, with its tables.
pub(super) async fn open_store(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(config.record.url.expose(), config.record.max_connections).await?)
}

/// How sources are read.
pub(super) fn gathering(config: &Config) -> Gathering {
    let context = &config.context;
    Gathering {
        limits: Limits {
            source_bytes: context.max_source_bytes,
            handoff_bytes: context.max_handoff_bytes,
            parts: context.max_parts,
            nesting: context.max_nesting,
            decoded_bytes: context.max_decoded_bytes,
        },
        our_domains: context.our_domains.iter().map(|domain| domain.to_lowercase()).collect(),
        encoding: context.encoding.clone(),
    }
}

/// Everything an event needs on its way.
pub(super) fn pipeline(config: &Config, store: Arc<dyn RecordStore>) -> anyhow::Result<Pipeline> {
    let model = &config.model;
    Ok(Pipeline {
        store,
        model: self::model(config)?,
        contracts: contracts(config)?,
        prompt: prompt(config)?,
        map_step: map_step(config)?,
        judge: judge_step(config)?,
        settings: Settings {
            max_message_bytes: config.queue.max_message_bytes,
            gathering: gathering(config),
            token_budget: tokens::less_margin(config.context.token_budget, config.context.token_margin),
            output_tokens: model.max_output_tokens,
            max_corrections: model.max_corrections,
            max_handoff_tokens: model.max_handoff_tokens,
            max_daily_usd: (model.max_daily_usd > 0.0).then_some(model.max_daily_usd),
        },
    })
}

/// Stored replies, and replies of cases for requests that nobody recorded, by the digest of the request.
pub(super) fn recorded(config: &Config, cases: BTreeMap<String, CaseReply>) -> anyhow::Result<Arc<dyn LanguageModel>> {
    let recording = |CaseReply { model, reply }| Recording {
        model,
        reply: ModelReply { text: reply.to_string(), finish: Finish::Stop, usage: Default::default() },
    };
    let cases = cases.into_iter().map(|(digest, reply)| (digest, recording(reply))).collect();
    Ok(Arc::new(Recorded::load(Path::new(&config.model.recordings))?.with(cases)))
}

/// The model of a pipeline, with each of its replies stored in a folder. For models that do not repeat themselves.
pub(super) fn recorder(config: &Config, model: Arc<dyn LanguageModel>, folder: &Path) -> anyhow::Result<Arc<Recorder>> {
    match config.model.engine {
        Engine::Openai => Ok(Arc::new(Recorder::new(model, folder.to_owned()))),
        Engine::Extractive | Engine::Recorded => {
            Err(Usage("there is nothing to record of this engine; use --engine openai".to_owned()).into())
        }
    }
}

/// The smallest request that shows whether endpoint, key and model work together.
pub(super) fn short_question(config: &Config) -> anyhow::Result<ModelRequest> {
    let contracts = contracts(config)?;
    let contract = contracts.values().next().cloned().context("there is no contract")?;
    let nothing = Material {
        messages: Vec::new(),
        receipts: Vec::new(),
        tokens_original: Default::default(),
        bytes_original: 0,
        event_time: None,
        people: Vec::new(),
        encoding: config.context.encoding.clone(),
    };
    let schema = serde_json::json!({
        "type": "object", "properties": { "ok": { "type": "boolean" } }, "required": ["ok"], "additionalProperties": false
    });
    Ok(ModelRequest {
        messages: vec![Message { role: Role::User, content: "Answer with {\"ok\": true}.".to_owned() }],
        schema: Arc::new(schema),
        schema_name: "ok".to_owned(),
        excerpt: Arc::new(context::fit(&nothing, &contract, 1)),
        contract,
        digest: String::new(),
        output_tokens: 64,
        mask: Arc::default(),
    })
}

/// Where handoff events wait.
pub(super) enum Queue {
    Embedded(Inbox),
    Broker { broker: Broker, topology: Topology },
}

/// Which parked messages.
pub(super) enum Which {
    All,
    These(Vec<String>),
}

/// Ends with the number of messages that wait for another try, where it is known.
type Consumer = BoxFuture<'static, anyhow::Result<Option<u64>>>;

impl Queue {
    /// The queue that the settings name. RabbitMQ is not contacted before the first use.
    pub(super) async fn open(config: &Config) -> anyhow::Result<Self> {
        let url = &config.queue.url;
        if url.scheme() == "sqlite" {
            return Ok(Self::Embedded(Inbox::open(Path::new(url.path())).await?));
        }
        let delays: Vec<Duration> = config.queue.retry_seconds.iter().copied().map(Duration::from_secs).collect();
        Ok(Self::Broker { broker: Broker::parse(url.expose())?, topology: Topology::new(&config.queue.name, &delays)? })
    }

    /// The same, for who has opened the record store: in one file they share the connection that writes.
    pub(super) async fn open_beside(store: &Store, config: &Config) -> anyhow::Result<Self> {
        match store {
            Store::Sqlite(store) if config.queue.url.expose() == config.record.url.expose() => {
                let file = config.queue.url.path().to_owned();
                Ok(Self::Embedded(Inbox::with_connection(store.writer().clone(), file).await?))
            }
            _ => Self::open(config).await,
        }
    }

    /// What `doctor` says of the queue. Changes nothing at RabbitMQ.
    pub(super) async fn look(config: &Config) -> anyhow::Result<String> {
        Ok(match Self::open(config).await? {
            Self::Embedded(inbox) => {
                let depth = inbox.depth().await?;
                format!(
                    "{}: {} ready, {} waiting for another try, {} parked",
                    config.queue.url, depth.ready, depth.delayed, depth.parked
                )
            }
            Self::Broker { broker, topology } => {
                let probe = amqp::probe(&broker, &topology).await?;
                let depths: Vec<String> = probe
                    .queues
                    .iter()
                    .map(|(name, depth)| match depth {
                        Some(depth) => format!("{name} {}", depth.messages),
                        None => format!("{name} not there yet"),
                    })
                    .collect();
                format!("{}: {}", probe.endpoint, depths.join(", "))
            }
        })
    }

    /// Puts messages into the queue; all are stored when this returns.
    pub(super) async fn submit(&self, envelopes: Vec<Envelope>) -> anyhow::Result<()> {
        match self {
            Self::Embedded(inbox) => inbox.enqueue(envelopes).await?,
            Self::Broker { broker, topology } => amqp::publish_events(broker, topology, envelopes).await?,
        }
        Ok(())
    }

    /// Deliveries, and the future that has to be driven for them to come and to be settled.
    pub(super) fn consume(&self, prefetch: u16, stop: CancellationToken, mode: Mode) -> (mpsc::Receiver<Delivery>, Consumer) {
        match self {
            Self::Embedded(inbox) => {
                let (deliveries, consumer) = inbox.consume(prefetch, stop, mode);
                (deliveries, async move { Ok(consumer.await?.delayed) }.boxed())
            }
            Self::Broker { broker, topology } => {
                let settings = amqp::Settings { broker: broker.clone(), topology: topology.clone(), prefetch };
                let (deliveries, consumer) = amqp::consume(settings, stop, mode);
                (deliveries, async move { Ok(consumer.await?.delayed) }.boxed())
            }
        }
    }

    pub(super) async fn parked_list(&self, limit: usize) -> anyhow::Result<Vec<ParkedMessage>> {
        Ok(match self {
            Self::Embedded(inbox) => inbox.parked_list(limit).await?,
            Self::Broker { broker, topology } => amqp::parked_list(broker, topology, limit).await?,
        })
    }

    pub(super) async fn parked_show(&self, id: &str) -> anyhow::Result<ParkedMessage> {
        Ok(match self {
            Self::Embedded(inbox) => inbox.parked_show(id).await?,
            Self::Broker { broker, topology } => amqp::parked_show(broker, topology, id).await?,
        })
    }

    /// How many messages are back in the queue.
    pub(super) async fn parked_requeue(&self, which: &Which) -> anyhow::Result<usize> {
        Ok(match self {
            Self::Embedded(inbox) => inbox.parked_requeue(&embedded(which)).await?,
            Self::Broker { broker, topology } => {
                let mut count = 0;
                for selection in at_broker(which) {
                    count += amqp::parked_requeue(broker, topology, &selection).await?;
                }
                count
            }
        })
    }

    /// How many messages are deleted.
    pub(super) async fn parked_drop(&self, which: &Which) -> anyhow::Result<usize> {
        Ok(match self {
            Self::Embedded(inbox) => inbox.parked_drop(&embedded(which)).await?,
            Self::Broker { broker, topology } => {
                let mut count = 0;
                for selection in at_broker(which) {
                    count += amqp::parked_drop(broker, topology, &selection).await?;
                }
                count
            }
        })
    }
}

fn embedded(which: &Which) -> inbox::Selection {
    match which {
        Which::All => inbox::Selection::All,
        Which::These(ids) => inbox::Selection::These(ids.clone()),
    }
}

fn at_broker(which: &Which) -> Vec<amqp::Selection> {
    match which {
        Which::All => vec![amqp::Selection::All],
        Which::These(ids) => ids.iter().cloned().map(amqp::Selection::One).collect(),
    }
}
