//! The whole of Baton in one process: a real queue, a real store, a pipeline and a worker between them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use baton::adapters::amqp;
use baton::adapters::extractive::Extractive;
use baton::adapters::inbox::{self, Inbox};
use baton::adapters::openai::{OpenAi, OpenAiSettings, Price, ServerProfile};
use baton::context::{Gathering, Limits};
use baton::domain::contract;
use baton::domain::event::{Envelope, RecordRef, STRUCTURED_MODE};
use baton::pipeline::{Pipeline, Settings};
use baton::ports::{LanguageModel, Mode, ParkedMessage, RecordStore};
use baton::prompt::PromptVersion;
use baton::worker::{Ended, Options, Report, RetryPolicy, run};
use secrecy::SecretString;
use serde_json::{Map, Value as Json, json};
use tempfile::TempDir;
use tokio::sync::RwLockReadGuard;
use tokio_util::sync::CancellationToken;

use super::broker::{self, Queues};
use super::database::TestStore;
use super::model_server::ModelServer;

/// The wait between two attempts, at both queues.
pub(crate) const RETRY: Duration = Duration::from_secs(1);

/// A queue and a store nobody else uses.
pub(crate) struct World {
    pub(crate) store: TestStore,
    pub(crate) queue: Queue,
    /// The broker's lock comes before the database's, here and everywhere.
    _broker: Option<RwLockReadGuard<'static, ()>>,
}

pub(crate) enum Queue {
    Embedded { inbox: Inbox, url: String, _folder: TempDir },
    Broker(Queues),
}

impl World {
    /// Two SQLite files.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("queue.db");
        let inbox = Inbox::open(&file).await.unwrap();
        let queue = Queue::Embedded { inbox, url: format!("sqlite:{}", file.display()), _folder: folder };
        Self { store: TestStore::sqlite().await, queue, _broker: None }
    }

    /// RabbitMQ and PostgreSQL; `None`, with a line in the list of what was not run, without both.
    pub(crate) async fn servers() -> Option<Self> {
        let url = broker::url()?;
        let guard = broker::side_by_side().await;
        let store = TestStore::postgres().await?;
        Some(Self { store, queue: Queue::Broker(Queues::new(url, &[RETRY.as_secs()])), _broker: Some(guard) })
    }

    /// Closes both and leaves nothing on the servers.
    pub(crate) async fn remove(self) {
        if let Queue::Broker(queues) = &self.queue {
            queues.delete_all().await;
        }
        self.store.remove().await;
    }

    pub(crate) async fn submit(&self, events: Vec<Envelope>) {
        match &self.queue {
            Queue::Embedded { inbox, .. } => inbox.enqueue(events).await.unwrap(),
            Queue::Broker(queues) => amqp::publish_events(&queues.broker, &queues.topology, events).await.unwrap(),
        }
    }

    /// Works until the queue is empty and nothing waits for another try, or the worker halts. The reports are added up.
    pub(crate) async fn drain(&self, pipeline: &Pipeline) -> Report {
        self.drain_with(pipeline, 4).await
    }

    pub(crate) async fn drain_with(&self, pipeline: &Pipeline, concurrency: u16) -> Report {
        let (mut sum, mut delayed) = self.drain_once(pipeline, concurrency).await;
        // When the broker moves an event back, its counts are 0 for a moment: only the second round without work counts.
        let mut quiet = u32::from(sum.retried == 0);
        while (delayed > 0 || quiet == 0) && !matches!(sum.ended, Ended::Halted(_)) {
            tokio::time::sleep(RETRY / 4).await;
            let (next, still_delayed) = self.drain_once(pipeline, concurrency).await;
            let worked = next.settled + next.parked + next.retried > 0;
            quiet = u32::from(!worked && delayed == 0);
            delayed = still_delayed;
            sum = add(sum, next);
        }
        sum
    }

    async fn drain_once(&self, pipeline: &Pipeline, concurrency: u16) -> (Report, u64) {
        let stop = CancellationToken::new();
        let options = Options {
            concurrency: usize::from(concurrency),
            retry: RetryPolicy { max_attempts: 2, delays: vec![RETRY] },
            ..Options::default()
        };
        let pipeline = pipeline.clone();
        let process = move |envelope: Envelope| -> futures_util::future::BoxFuture<'static, _> {
            let pipeline = pipeline.clone();
            Box::pin(async move { pipeline.process(&envelope, jiff::Timestamp::now()).await })
        };
        match &self.queue {
            Queue::Embedded { inbox, .. } => {
                let (deliveries, consumer) = inbox.consume(concurrency, stop.clone(), Mode::Drain);
                let (report, consumed) = tokio::join!(run(process, deliveries, stop, options), consumer);
                (report, consumed.unwrap().delayed.unwrap_or(0))
            }
            Queue::Broker(queues) => {
                let (deliveries, consumer) = amqp::consume(queues.settings(concurrency), stop.clone(), Mode::Drain);
                let (report, consumed) = tokio::join!(run(process, deliveries, stop, options), consumer);
                (report, consumed.unwrap().delayed.unwrap_or(0))
            }
        }
    }

    pub(crate) async fn parked(&self) -> Vec<ParkedMessage> {
        match &self.queue {
            Queue::Embedded { inbox, .. } => inbox.parked_list(1000).await.unwrap(),
            Queue::Broker(queues) => amqp::parked_list(&queues.broker, &queues.topology, 1000).await.unwrap(),
        }
    }

    /// All that is parked goes back into the queue, as `baton parked requeue --all` does it.
    pub(crate) async fn requeue_all(&self) -> usize {
        match &self.queue {
            Queue::Embedded { inbox, .. } => inbox.parked_requeue(&inbox::Selection::All).await.unwrap(),
            Queue::Broker(queues) => amqp::parked_requeue(&queues.broker, &queues.topology, &amqp::Selection::All).await.unwrap(),
        }
    }

    /// Messages that wait to be worked on now.
    pub(crate) async fn ready(&self) -> u64 {
        match &self.queue {
            Queue::Embedded { inbox, .. } => inbox.depth().await.unwrap().ready,
            Queue::Broker(queues) => u64::from(queues.depth(queues.topology.queue()).await.unwrap()),
        }
    }

    /// Flags of the program that name this world.
    pub(crate) fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--record".to_owned(), self.store.url.clone(), "--queue".to_owned()];
        match &self.queue {
            Queue::Embedded { url, .. } => flags.push(url.clone()),
            Queue::Broker(queues) => {
                flags.push(queues.url.clone());
                flags.extend(["--set".to_owned(), format!("queue.name={}", queues.topology.queue())]);
            }
        }
        flags.extend(["--set".to_owned(), format!("queue.retry_seconds={}", RETRY.as_secs())]);
        flags.extend(["--set".to_owned(), "queue.max_attempts=2".to_owned()]);
        flags
    }

    pub(crate) fn extractive(&self) -> Pipeline {
        pipeline(self.store.store.as_record_store(), Arc::new(Extractive::default()))
    }

    pub(crate) fn scripted(&self, server: &ModelServer) -> Pipeline {
        pipeline(self.store.store.as_record_store(), Arc::new(openai(server)))
    }

    /// How an event ended; `None` if the store does not know it.
    pub(crate) async fn outcome(&self, id: &str) -> Option<String> {
        self.store.store.read_event(SOURCE, id).await.unwrap().map(|row| row.outcome)
    }
}

fn add(sum: Report, next: Report) -> Report {
    let mut outcomes: BTreeMap<&'static str, u64> = sum.outcomes;
    next.outcomes.into_iter().for_each(|(name, count)| *outcomes.entry(name).or_default() += count);
    Report {
        ended: next.ended,
        outcomes,
        settled: sum.settled + next.settled,
        retried: sum.retried + next.retried,
        parked: sum.parked + next.parked,
        released: sum.released + next.released,
        stale: sum.stale + next.stale,
    }
}

/// The bundled contracts and prompt, and limits of a test's size.
pub(crate) fn pipeline(store: Arc<dyn RecordStore>, model: Arc<dyn LanguageModel>) -> Pipeline {
    let contracts = contract::bundled().unwrap().into_iter().map(|contract| (contract.kind.clone(), Arc::new(contract)));
    Pipeline {
        store,
        model,
        contracts: Arc::new(contracts.collect()),
        prompt: Arc::new(PromptVersion::bundled("handoff_brief", "v1").unwrap()),
        map_step: None,
        judge: None,
        settings: Settings {
            max_message_bytes: 64 << 20,
            gathering: Gathering {
                limits: Limits { source_bytes: 8 << 20, handoff_bytes: 32 << 20, ..Limits::DEFAULT },
                our_domains: Arc::from(["tallyport.example".to_owned()]),
                // Counted in bytes: the tokenizer's vocabulary takes longer to load than a test to run.
                encoding: "bytes".to_owned(),
            },
            token_budget: 200_000,
            output_tokens: 4096,
            max_corrections: 1,
            max_handoff_tokens: 200_000,
            max_daily_usd: None,
        },
    }
}

/// The key of [`openai`], which no log may hold.
pub(crate) const KEY: &str = "sk-canary-0a1b2c3d4e5f";

/// The production adapter, pointed at a scripted server.
pub(crate) fn openai(server: &ModelServer) -> OpenAi {
    OpenAi::new(OpenAiSettings {
        base_url: server.base_url(),
        api_key: SecretString::from(KEY),
        model: "scripted".to_owned(),
        profile: ServerProfile::OpenAi,
        timeout: Duration::from_secs(5),
        temperature: None,
        reasoning_effort: None,
        price: Some(Price { input: 1.0, cached_input: 1.0, output: 2.0 }),
    })
    .unwrap()
}

/// CloudEvents `source` of all events here.
pub(crate) const SOURCE: &str = "crm/deals";

pub(crate) fn record(id: &str) -> RecordRef {
    RecordRef { record_type: "deal".to_owned(), id: id.to_owned(), name: None }
}

/// A whole event of the kind `sdr_to_ae` about a record of the same id, with one call in it.
pub(crate) fn event(id: &str) -> Json {
    json!({
        "specversion": "1.0", "id": id, "source": SOURCE, "type": "baton.handoff.requested.v1", "time": "2026-05-04T15:00:00Z",
        "data": {
            "kind": "sdr_to_ae", "record": { "type": "deal", "id": id },
            "participants": [
                { "name": "Dana Whitlock", "email": "dana@tallyport.example", "side": "ours" },
                { "name": "Karen Doyle", "email": "karen@brightwater.example", "side": "customer" }
            ],
            "sources": [{ "id": "call-1", "type": "call_transcript", "occurred_at": "2026-05-04T10:00:00Z", "text": CALL }]
        }
    })
}

/// One call in which a budget is said.
pub(crate) const CALL: &str = "Dana Whitlock: What could you spend on this?\n\
    Karen Doyle: We can spend 45k a year.\n\
    Dana Whitlock: I'll send you the offer on Friday.\n";

pub(crate) fn envelope(event: &Json) -> Envelope {
    message(event.to_string().into_bytes())
}

pub(crate) fn message(body: Vec<u8>) -> Envelope {
    Envelope { content_type: Some(STRUCTURED_MODE.to_owned()), attributes: BTreeMap::new(), body }
}

/// What a model may read: the units of a request, with their numbers.
pub(crate) fn units(request: &Json) -> Vec<(u64, String)> {
    let text = request["messages"][1]["content"].as_str().unwrap();
    let unit = |line: &str| {
        let (_marker, rest) = line.strip_prefix('#')?.split_once(' ')?;
        let (number, text) = rest.split_once(": ")?;
        Some((number.parse().ok()?, text.to_owned()))
    };
    text.lines().filter_map(unit).collect()
}

/// A reply that follows the request's schema and says nothing; `fill` makes it say something.
pub(crate) fn reply(request: &Json, fill: impl FnOnce(&mut Json)) -> String {
    let schema = &request["response_format"]["json_schema"]["schema"]["properties"];
    let empty = |part: &str, value: Json| -> Map<String, Json> {
        let names = schema[part]["properties"].as_object().unwrap().keys();
        names.map(|name| (name.clone(), value.clone())).collect()
    };
    let mut reply = json!({
        "headline": "A call about an offer.",
        "fields": empty("fields", json!({ "evidence": [], "status": "not_stated", "value": null, "alternatives": [] })),
        "axes": empty("axes", json!({ "evidence": [], "label": null })),
        "commitments": [], "open_questions": []
    });
    fill(&mut reply);
    reply.to_string()
}

/// What a good model makes of [`CALL`].
pub(crate) fn honest_reply(request: &Json) -> String {
    let said = "We can spend 45k a year";
    let Some((unit, _)) = units(request).into_iter().find(|(_, text)| text.contains(said)) else { return reply(request, |_| {}) };
    reply(request, |reply| {
        reply["headline"] = "They can spend 45k a year.".into();
        reply["fields"]["budget"] = json!({
            "evidence": [{ "unit": unit, "quote": said }], "status": "stated",
            "value": { "amount": 45000, "up_to": null, "currency": null, "period": "year" }, "alternatives": []
        });
    })
}

/// The built program in a folder of its own, with nothing of this process' environment.
pub(crate) fn program(folder: &Path) -> tokio::process::Command {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_baton"));
    command.env_clear().current_dir(folder).stdin(std::process::Stdio::null()).kill_on_drop(true);
    command
}
