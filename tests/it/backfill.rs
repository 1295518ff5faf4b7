//! The backfill over a SQLite store: the real pipeline and the built-in engine, counted as if its replies cost money.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton::adapters::extractive::Extractive;
use baton::backfill::{Forecast, Options, Report, plan, run};
use baton::context::{Gathering, Limits};
use baton::domain::brief::Usage;
use baton::domain::contract::bundled;
use baton::domain::event::{Envelope, HandoffEvent, RecordRef, SourceType, decode};
use baton::domain::handoff::Source;
use baton::pipeline::{Outcome, Pipeline, Settings};
use baton::ports::{LanguageModel, ModelError, ModelReply, RecordStore as _};
use baton::prompt::{ModelRequest, PromptVersion};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::database::TestStore;

const KIND: &str = "sdr_to_ae";
const OUTPUT_TOKENS: u32 = 1_000;

#[tokio::test]
async fn a_plan_counts_calls_tokens_and_costs_and_neither_calls_nor_writes() {
    let world = World::with_records(3).await;
    world.keep("blank", "note", " \n").await;
    let forecast = world.plan("r1").await;
    assert_eq!((forecast.records, forecast.calls, forecast.failed.len()), (4, 3, 0));
    assert_eq!(forecast.settled, counts(&[("nothing_to_summarize", 1)]));
    assert_eq!(forecast.completion_tokens_at_most, 3 * u64::from(OUTPUT_TOKENS));
    let usage = Usage { prompt_tokens: forecast.prompt_tokens, cached_prompt_tokens: 0, completion_tokens: 3_000 };
    assert_eq!(forecast.cost_usd_at_most, world.model.price(&usage));

    assert_eq!(world.model.calls(), 0);
    assert_eq!(world.test.store.ledger("r1").await, Ok(vec![]));
    assert_eq!(world.test.store.count_events_by_outcome().await, Ok(BTreeMap::new()));
    assert_eq!(world.test.store.find_briefs(None).await, Ok(vec![]));
    // The forecast is what the run then needs.
    world.run("r1").await;
    assert_eq!(world.model.calls(), forecast.calls);
    assert_eq!(world.model.prompt_bytes() as u64, forecast.prompt_tokens, "counted in bytes");
}

#[tokio::test]
async fn a_second_run_makes_no_call_because_its_stamps_are_equal() {
    let world = World::with_records(3).await;
    let first = world.run("r1").await;
    assert_eq!((first.outcomes.values().sum::<usize>(), first.finished, world.model.calls()), (3, true, 3));
    // Another ledger, another time of the run: the events are those of the first run.
    let later = Options { as_of: at("2026-09-01T00:00:00Z"), ..options("r2") };
    let second = run(&world.pipeline, &later, &CancellationToken::new(), |_| ()).await.unwrap();
    assert_eq!(second.outcomes, counts(&[("already_current", 3)]));
    assert_eq!((world.model.calls(), world.plan("r3").await.calls), (3, 0));
    for id in 0..3 {
        assert_eq!(world.briefs_of(&id.to_string()).await, 1);
    }
}

#[tokio::test]
async fn a_record_is_worked_on_again_as_its_newest_event_said() {
    let world = World::with_records(0).await;
    let event = event("1042");
    assert!(matches!(world.pipeline.process_event(&event, now()).await, Ok(Outcome::Published | Outcome::HeldForReview)));
    let unchanged = world.run("r1").await;
    assert_eq!((unchanged.outcomes, world.model.calls()), (counts(&[("already_current", 1)]), 1));

    // Somebody mends the note and renames the record: the backfill writes a new brief for the same event.
    world.keep("1042", "call-1", "Dana: We need 150 seats by June.").await;
    let report = world.run("r2").await;
    assert_eq!((report.outcomes.contains_key("superseded"), report.failed, world.model.calls()), (false, vec![], 2));
    let brief = world.test.store.read_brief(&record("1042"), KIND).await.unwrap().unwrap();
    assert_eq!((brief.event_source, brief.event_id, brief.event_time), (event.source, event.id, event.time));
    assert_eq!((brief.record, world.briefs_of("1042").await), (record("1042"), 2));
    let asked = world.model.last_request();
    for said in ["dana-the-sdr", "lee-the-ae", "mid-market", "150 seats", "Deal 1042"] {
        assert!(asked.contains(said), "{said} is not in the request");
    }
    assert!(!asked.contains("120 seats"));
}

#[tokio::test]
async fn a_run_that_was_killed_goes_on_where_it_was_and_does_no_record_twice() {
    let world = World::with_records(6).await;
    world.model.will([Act::Answer, Act::Answer, Act::Answer, Act::Hang]);
    let (pipeline, options) = (world.pipeline.clone(), options("r1"));
    let mut killed = JoinSet::new();
    killed.spawn(async move { run(&pipeline, &options, &CancellationToken::new(), |_| ()).await.map(drop) });
    world.model.hangs.notified().await;
    killed.shutdown().await;
    let report = world.run("r1").await;
    assert_eq!((report.already_done, report.outcomes.values().sum::<usize>(), report.finished), (3, 3, true));
    assert_eq!(world.model.calls(), 7, "one for each record, and the one that was cut off");
    for id in 0..6 {
        assert_eq!(world.briefs_of(&id.to_string()).await, 1);
    }
}

#[tokio::test]
async fn a_record_that_failed_is_tried_again_and_stops_no_other() {
    let world = World::with_records(4).await;
    let busy = ModelError::Busy { endpoint: "test".to_owned(), status: 429, retry_after: None };
    world.model.will([Act::Fail(busy), Act::Answer, Act::Panic, Act::Answer]);
    let first = world.run("r1").await;
    let failed: Vec<_> = first.failed.iter().map(|line| line.record.id.as_str()).collect();
    assert_eq!((failed, first.outcomes.values().sum::<usize>(), first.finished), (vec!["0", "2"], 2, true));
    assert!(first.failed[0].detail.as_ref().is_some_and(|why| why.contains("busy")), "{first:?}");
    assert_eq!(world.plan("r1").await.records, 2);
    let second = world.run("r1").await;
    assert_eq!((second.already_done, second.outcomes.values().sum::<usize>(), second.failed.len()), (2, 2, 0));
    assert_eq!((world.run("r1").await.already_done, world.model.calls()), (4, 6));
}

#[tokio::test]
async fn a_failure_that_every_record_would_meet_stops_the_run_and_is_no_line_of_the_ledger() {
    let world = World::with_records(5).await;
    let refused = ModelError::KeyRefused { endpoint: "test".to_owned(), status: 401 };
    world.model.will([Act::Answer, Act::Fail(refused.clone())]);
    let report = world.run("r1").await;
    assert_eq!((report.halted, report.finished, report.failed), (Some(refused.to_string()), false, vec![]));
    assert_eq!((world.model.calls(), world.test.store.ledger("r1").await.unwrap().len()), (2, 1));
    let report = world.run("r1").await;
    assert_eq!((report.already_done, report.halted, report.finished), (1, None, true));
}

#[tokio::test]
async fn a_stop_finishes_what_runs_and_starts_nothing_more() {
    let world = World::with_records(5).await;
    let stop = CancellationToken::new();
    let report = run(&world.pipeline, &options("r1"), &stop, |_| stop.cancel()).await.unwrap();
    assert_eq!((report.outcomes.values().sum::<usize>(), report.finished, report.halted), (1, false, None));
    assert_eq!(world.run("r1").await.already_done, 1);
}

#[tokio::test]
async fn a_limit_holds_for_plan_and_run_and_the_next_run_takes_the_next_records() {
    let world = World::with_records(5).await;
    let limited = Options { limit: Some(2), ..options("r1") };
    let mut seen = Vec::new();
    for _ in 0..3 {
        let forecast = plan(&world.pipeline, &limited).await.unwrap();
        let report = run(&world.pipeline, &limited, &CancellationToken::new(), |_| ()).await.unwrap();
        seen.push((forecast.calls, report.outcomes.values().sum::<usize>(), report.finished));
    }
    assert_eq!(seen, [(2, 2, false), (2, 2, false), (1, 1, true)]);
}

#[tokio::test]
async fn never_more_records_are_in_work_than_asked_for_and_all_slots_are_used() {
    let world = World::with_records(12).await;
    world.model.will(std::iter::repeat_n(Act::Think, 12));
    let options = Options { concurrency: 3, ..options("r1") };
    let report = run(&world.pipeline, &options, &CancellationToken::new(), |_| ()).await.unwrap();
    assert_eq!((report.outcomes.values().sum::<usize>(), world.model.most_at_once.load(Ordering::SeqCst)), (12, 3));
}

#[tokio::test]
async fn a_record_that_got_another_name_is_still_done() {
    let world = World::with_records(2).await;
    world.run("r1").await;
    world.test.store.put_record(&RecordRef { name: Some("Renamed".to_owned()), ..record("0") }).await.unwrap();
    let report = world.run("r1").await;
    assert_eq!((report.already_done, report.outcomes, world.model.calls()), (2, counts(&[]), 2));
}

#[tokio::test]
async fn a_record_whose_sources_are_all_too_large_fails_with_the_reason() {
    let world = World::with_records(0).await;
    world.keep("0", "note", &"We need seats. ".repeat(10_000)).await;
    let report = world.run("r1").await;
    let why = report.failed[0].detail.as_deref().unwrap();
    assert!(why.contains("`note`: not read: 150000 bytes, over the limit of 100000 for one source"), "{why}");
    assert_eq!((world.model.calls(), report.finished), (0, true));
}

#[tokio::test]
async fn more_records_than_a_page_are_all_seen_once() {
    let world = World::with_records(0).await;
    for id in 0..401 {
        world.keep(&id.to_string(), "note", " ").await;
    }
    let report = run(&world.pipeline, &Options { concurrency: 8, ..options("r1") }, &CancellationToken::new(), |_| ()).await;
    assert_eq!(report.unwrap().outcomes, counts(&[("nothing_to_summarize", 401)]));
}

// ---- A store, a model, a pipeline ---------------------------------------------------------------

struct World {
    test: TestStore,
    model: Arc<Model>,
    pipeline: Pipeline,
}

impl World {
    /// Records `0`, `1`, …, each with one note.
    async fn with_records(count: usize) -> Self {
        let test = TestStore::sqlite().await;
        let model = Arc::new(Model::default());
        let contracts = bundled().unwrap().into_iter().map(|contract| (contract.kind.clone(), Arc::new(contract)));
        let limits = Limits { source_bytes: 100_000, handoff_bytes: 100_000, ..Limits::DEFAULT };
        let pipeline = Pipeline {
            store: test.store.as_record_store(),
            model: Arc::clone(&model) as Arc<dyn LanguageModel>,
            contracts: Arc::new(contracts.collect()),
            prompt: Arc::new(PromptVersion::bundled("handoff_brief", "v1").unwrap()),
            map_step: None,
            judge: None,
            settings: Settings {
                max_message_bytes: 1 << 20,
                gathering: Gathering { limits, our_domains: Arc::new([]), encoding: "bytes".to_owned() },
                token_budget: 100_000,
                output_tokens: OUTPUT_TOKENS,
                max_corrections: 0,
                max_handoff_tokens: 1_000_000,
                max_daily_usd: None,
            },
        };
        let world = Self { test, model, pipeline };
        for id in 0..count {
            world.keep(&id.to_string(), "note", &format!("Dana: We need {}0 seats by June.", id + 1)).await;
        }
        world
    }

    async fn keep(&self, record_id: &str, id: &str, text: &str) {
        let (id, body) = (id.to_owned(), text.as_bytes().to_vec());
        let source = Source { id, source_type: SourceType::CallNote, format: None, occurred_at: None, title: None, body };
        self.test.store.put_source(&record(record_id), &source).await.unwrap();
    }

    async fn plan(&self, ledger: &str) -> Forecast {
        plan(&self.pipeline, &options(ledger)).await.unwrap()
    }

    async fn run(&self, ledger: &str) -> Report {
        run(&self.pipeline, &options(ledger), &CancellationToken::new(), |_| ()).await.unwrap()
    }

    async fn briefs_of(&self, record_id: &str) -> usize {
        self.test.store.brief_history(&record(record_id), KIND).await.unwrap().len()
    }
}

fn options(ledger: &str) -> Options {
    Options { kind: KIND.to_owned(), run: ledger.to_owned(), as_of: at("2026-05-04T15:00:00Z"), concurrency: 1, limit: None }
}

fn record(id: &str) -> RecordRef {
    RecordRef { record_type: "deal".to_owned(), id: id.to_owned(), name: Some(format!("Deal {id}")) }
}

/// One that happened long before any backfill, of a record that had another name then.
fn event(record: &str) -> HandoffEvent {
    let body = json!({
        "specversion": "1.0", "id": "evt-1", "source": "crm/deals", "type": "baton.handoff.requested.v1",
        "time": "2026-03-04T15:00:00Z",
        "data": {
            "kind": KIND, "record": { "type": "deal", "id": record, "name": "Old name" },
            "from": { "team": "sdr", "owner": "dana-the-sdr" }, "to": { "team": "ae", "owner": "lee-the-ae" },
            "fields": { "segment": "mid-market" },
            "sources": [{ "id": "call-1", "type": "call_note", "text": "Dana: We need 120 seats by June." }]
        }
    });
    decode(&Envelope { body: body.to_string().into_bytes(), ..Envelope::default() }).unwrap()
}

fn counts(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(outcome, count)| ((*outcome).to_owned(), *count)).collect()
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-06-01T00:00:00Z")
}

/// What the model does with a call.
#[derive(Clone)]
enum Act {
    Answer,
    /// Answers after a while.
    Think,
    Fail(ModelError),
    Panic,
    /// Never answers.
    Hang,
}

/// The built-in engine with a price, a count and a will of its own.
#[derive(Default)]
struct Model {
    engine: Extractive,
    acts: Mutex<VecDeque<Act>>,
    requests: Mutex<Vec<String>>,
    hangs: Notify,
    running: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Model {
    /// For the next calls; afterwards it answers.
    fn will(&self, acts: impl IntoIterator<Item = Act>) {
        self.acts.lock().unwrap().extend(acts);
    }

    fn calls(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    fn prompt_bytes(&self) -> usize {
        self.requests.lock().unwrap().iter().map(String::len).sum()
    }

    fn last_request(&self) -> String {
        self.requests.lock().unwrap().last().unwrap().clone()
    }

    async fn act(&self) -> Result<(), ModelError> {
        let act = self.acts.lock().unwrap().pop_front().unwrap_or(Act::Answer);
        match act {
            Act::Answer => {}
            Act::Think => tokio::time::sleep(Duration::from_millis(20)).await,
            Act::Fail(error) => return Err(error),
            Act::Panic => panic!("as ordered"),
            Act::Hang => {
                self.hangs.notify_one();
                std::future::pending().await
            }
        }
        Ok(())
    }
}

impl LanguageModel for Model {
    fn engine(&self) -> &str {
        "counted"
    }

    fn model(&self) -> &str {
        "extractive"
    }

    fn repeats_itself(&self) -> bool {
        false
    }

    fn complete<'a>(&'a self, request: &'a ModelRequest) -> BoxFuture<'a, Result<ModelReply, ModelError>> {
        Box::pin(async move {
            self.requests.lock().unwrap().push(request.messages.iter().map(|message| message.content.as_str()).collect());
            self.most_at_once.fetch_max(self.running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let reply = match self.act().await {
                Ok(()) => self.engine.complete(request).await,
                Err(error) => Err(error),
            };
            self.running.fetch_sub(1, Ordering::SeqCst);
            reply
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn price(&self, usage: &Usage) -> Option<f64> {
        Some(usage.prompt_tokens as f64 * 1e-6 + usage.completion_tokens as f64 * 5e-6)
    }
}
