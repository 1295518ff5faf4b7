//! The numbers of the README, printed by `./test.sh --services-only cargo bench --bench numbers`.
//!
//! * `demo`: wall time and peak memory of `baton demo`.
//! * `start`: from the start of `baton worker` to the first request at the model, on RabbitMQ and PostgreSQL.
//! * `handoff`: CPU time per handoff of 8 KB of sources with a model that answers at once, beside a floor loop that
//!   only consumes, posts to the model, upserts and acks with the same crates. Each in a process of its own.
//!
//! * `read`: MB/s of reading mails, a transcript and a note, and the memory for a large mbox.
//! * `tokens`: tokens that are kept of those that came, for the mails of the demo and for a made-up thread of 30 mails.
//! * `stages`: what the pure stations of the pipeline take of it, in one thread.
//!
//! Arguments choose some of them: `cargo bench --bench numbers -- demo`. Timings belong here, never into tests.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

mod read;

#[path = "../tests/it/support/model_server.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "the benchmark uses a part of the scripted model server of the tests")]
mod model_server;

mod tokens;

use std::hint::black_box;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton::adapters::amqp::{Broker, Topology, publish_events};
use baton::domain::event::{Envelope, STRUCTURED_MODE};
use baton::{context, prompt};
use futures_util::StreamExt as _;
use tokio::task::JoinSet;

/// Handoffs of one measured run.
const HANDOFFS: usize = 3_000;
/// Handoffs in work at once, for both sides.
const CONCURRENCY: u16 = 16;
const RUNS: usize = 3;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if arguments.first().is_some_and(|first| first == "floor") {
        return runtime.block_on(floor(&arguments[1], &arguments[2], &arguments[3], &arguments[4]));
    }
    match arguments.first().map(String::as_str) {
        Some("read-memory") => return read::read_memory(),
        Some("read-memory-of") => return read::read_memory_of(&arguments[1], &arguments[2]),
        _ => {}
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == name);
    if wanted("demo") {
        demo()?;
    }
    if wanted("read") {
        read::read()?;
    }
    if wanted("stages") {
        stages(&runtime)?;
    }
    if wanted("tokens") {
        tokens::tokens()?;
    }
    if wanted("start") || wanted("handoff") {
        let (Ok(amqp), Ok(database)) = (std::env::var("BATON_TEST_AMQP_URL"), std::env::var("BATON_TEST_DATABASE_URL")) else {
            println!("not run: start, handoff (run `./test.sh --services-only cargo bench --bench numbers`)");
            return Ok(());
        };
        let sample = Sample::new(&runtime)?;
        let world = runtime.block_on(World::new(amqp, database, serde_json::to_string(&sample.event)?, sample.reply));
        if wanted("start") {
            runtime.block_on(world.start())?;
        }
        if wanted("handoff") {
            runtime.block_on(world.handoff())?;
        }
    }
    Ok(())
}

fn baton() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("BATON_LOG__LEVEL", "warn");
    command
}

fn demo() -> Result<()> {
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_baton"))?.len();
    println!("binary: {:.1} MB", size as f64 / 1e6);
    let mut walls = Vec::new();
    let mut peaks = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let mut child = baton().arg("demo").spawn()?;
        let mut peak = 0;
        while child.try_wait()?.is_none() {
            peak = peak.max(peak_memory_kib(child.id()).unwrap_or(0));
            std::thread::yield_now();
        }
        walls.push(started.elapsed().as_secs_f64());
        peaks.push(peak as f64 / 1024.0);
    }
    println!("demo: {} s wall, {} MiB peak memory (min / median / max of 5)", spread(walls, 3), spread(peaks, 1));
    Ok(())
}

/// High-water mark of a process that still runs (proc(5), VmHWM).
fn peak_memory_kib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// CPU time of all children that were waited for, in seconds (proc(5), cutime and cstime).
fn children_cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').ok_or("no process name")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // Fields 16 and 17 of the manual page; the name was the second. A tick is 10 ms on Linux.
    Ok((fields[13].parse::<f64>()? + fields[14].parse::<f64>()?) / 100.0)
}

fn spread(mut values: Vec<f64>, digits: usize) -> String {
    values.sort_by(f64::total_cmp);
    let median = values[values.len() / 2];
    format!("{:.digits$} / {median:.digits$} / {:.digits$}", values[0], values[values.len() - 1])
}

struct World {
    amqp: String,
    database: String,
    model: model_server::ModelServer,
    body: String,
}

impl World {
    async fn new(amqp: String, database: String, body: String, reply: String) -> Self {
        let model = model_server::ModelServer::start(model_server::Script::Reply(reply)).await;
        Self { amqp, database, model, body }
    }

    fn worker(&self, queue: &str) -> Command {
        let mut command = baton();
        command.args(["--queue", &self.amqp, "--record", &self.database, "--engine", "openai"]);
        command.args(["--set", &format!("queue.name={queue}"), "--set", &format!("model.base_url={}", self.model.base_url())]);
        command.args(["--set", "model.api_key=none", "--set", &format!("worker.concurrency={CONCURRENCY}")]);
        command.args(["worker", "--drain"]);
        command
    }

    async fn fill(&self, queue: &str, run: &str, count: usize) -> Result<()> {
        let envelope = |n: usize| Envelope {
            content_type: Some(STRUCTURED_MODE.to_owned()),
            attributes: Default::default(),
            body: self.body.replace("RECORD-ID", &format!("{run}-{n}")).into_bytes(),
        };
        let topology = Topology::new(queue, &[Duration::from_secs(10)])?;
        publish_events(&Broker::parse(&self.amqp)?, &topology, (0..count).map(envelope).collect()).await?;
        Ok(())
    }

    /// From the start of the process to the first request at the model.
    async fn start(&self) -> Result<()> {
        let mut times = Vec::new();
        for run in 0..5 {
            let queue = format!("bench.start.{}.{run}", std::process::id());
            self.fill(&queue, &queue, 1).await?;
            let before = self.model.count();
            let started = Instant::now();
            let mut child = self.worker(&queue).spawn()?;
            while self.model.count() == before && started.elapsed() < Duration::from_secs(10) {
                tokio::time::sleep(Duration::from_micros(500)).await;
            }
            times.push(started.elapsed().as_secs_f64() * 1e3);
            child.wait()?;
        }
        println!("start: {} ms from process start to the first request at the model (min / median / max of 5)", spread(times, 1));
        Ok(())
    }

    async fn handoff(&self) -> Result<()> {
        println!("handoff: {} bytes of event, {HANDOFFS} handoffs a run, {CONCURRENCY} at once", self.body.len());
        let (mut worker, mut floor) = (Vec::new(), Vec::new());
        for run in 0..RUNS {
            let queue = format!("bench.handoff.{}.{run}", std::process::id());
            self.fill(&queue, &queue, HANDOFFS).await?;
            worker.push(self.measure("baton", self.worker(&queue).spawn()?)?);
            let queue = format!("bench.floor.{}.{run}", std::process::id());
            self.fill(&queue, &queue, HANDOFFS).await?;
            let count = HANDOFFS.to_string();
            let child = Command::new(std::env::current_exe()?)
                .args(["floor", &self.amqp, &self.database, &self.model.base_url(), &format!("{queue}:{count}")])
                .spawn()?;
            floor.push(self.measure("floor", child)?);
        }
        let median = |values: &[f64]| {
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted[sorted.len() / 2]
        };
        println!("  baton: {} ms CPU per handoff (min / median / max of {RUNS})", spread(worker.clone(), 3));
        println!("  floor: {} ms CPU per handoff", spread(floor.clone(), 3));
        println!("  ratio of the medians: {:.2}", median(&worker) / median(&floor));
        Ok(())
    }

    /// Milliseconds of CPU per handoff of a process, start-up included.
    fn measure(&self, name: &str, mut child: Child) -> Result<f64> {
        let (before, cpu_before, started) = (self.model.count(), children_cpu_seconds()?, Instant::now());
        let status = child.wait()?;
        let (seconds, wall) = (children_cpu_seconds()? - cpu_before, started.elapsed().as_secs_f64());
        let calls = self.model.count() - before;
        if !status.success() || calls != HANDOFFS {
            return Err(format!("{name}: {status}, {calls} model calls of {HANDOFFS}").into());
        }
        println!("  {name}: {:.0} handoffs/s", HANDOFFS as f64 / wall);
        Ok(seconds * 1e3 / HANDOFFS as f64)
    }
}

/// Wall time of each pure station over the same handoff, best of many: the least that other work on the machine can
/// disturb.
fn stages(runtime: &tokio::runtime::Runtime) -> Result<()> {
    let material = Sample::new(runtime)?;
    let body = serde_json::to_vec(&material.event)?;
    let envelope = Envelope { content_type: None, attributes: Default::default(), body };
    let gathered = context::gather(&material.handoff, &gathering());
    let excerpt = Arc::new(context::fit(&gathered, &material.contract, 24_000));
    let brief = prompt::parse_reply(&material.reply, &material.contract, &excerpt).map_err(|errors| format!("{errors:?}"))?;
    let none = std::collections::BTreeMap::new();
    let mut total = 0.0;
    let mut tell = |name: &str, mut work: Box<dyn FnMut() + '_>| {
        let best = (0..300).map(|_| {
            let started = Instant::now();
            work();
            started.elapsed().as_secs_f64() * 1e3
        });
        let best = best.fold(f64::INFINITY, f64::min);
        total += best;
        println!("  {name:12} {best:.3} ms");
    };
    println!("stages: {} bytes of event", envelope.body.len());
    tell("decode", Box::new(|| drop(black_box(baton::domain::event::decode(&envelope)))));
    tell("gather", Box::new(|| drop(black_box(context::gather(&material.handoff, &gathering())))));
    tell("fit", Box::new(|| drop(black_box(context::fit(&gathered, &material.contract, 24_000)))));
    tell("prepare", Box::new(|| drop(black_box(material.prepare(&excerpt)))));
    tell("parse_reply", Box::new(|| drop(black_box(prompt::parse_reply(&material.reply, &material.contract, &excerpt)))));
    tell("review", Box::new(|| drop(black_box(baton::qa::review(brief.clone(), &excerpt, &material.contract, &none)))));
    println!("  {:12} {total:.3} ms", "together");
    Ok(())
}

fn gathering() -> context::Gathering {
    gathering_within(context::Limits { source_bytes: 1 << 20, handoff_bytes: 1 << 20, ..context::Limits::DEFAULT })
}

/// A bundled case's handoff with one other source.
fn handoff_of(source: baton::domain::handoff::Source) -> Result<baton::domain::handoff::Handoff> {
    let mut handoff = baton::eval::case::bundled()?.first().ok_or("there are no cases")?.handoff();
    handoff.sources = vec![source];
    Ok(handoff)
}

fn gathering_within(limits: context::Limits) -> context::Gathering {
    context::Gathering { limits, our_domains: Arc::new([]), encoding: "o200k_base".to_owned() }
}

/// One handoff with about 8 KB of sources, a bundled case's, and the built-in engine's reply to it: a right answer, so
/// that the checks do all their work.
struct Sample {
    event: baton::domain::event::HandoffEvent,
    handoff: baton::domain::handoff::Handoff,
    contract: Arc<baton::domain::contract::Contract>,
    version: prompt::PromptVersion,
    reply: String,
}

impl Sample {
    fn new(runtime: &tokio::runtime::Runtime) -> Result<Self> {
        use baton::ports::LanguageModel as _;
        let cases = baton::eval::case::bundled()?;
        let sized = |case: &&baton::eval::case::Case| case.contents.values().map(Vec::len).sum::<usize>().abs_diff(8_000);
        let case = cases.iter().min_by_key(sized).ok_or("there are no cases")?;
        let contracts = baton::domain::contract::bundled()?;
        let contract = contracts.into_iter().find(|contract| contract.kind == case.event.data.kind);
        let (mut handoff, mut event) = (case.handoff(), case.whole_event());
        for id in [&mut handoff.event.data.record.id, &mut event.data.record.id, &mut event.id] {
            "RECORD-ID".clone_into(id);
        }
        let mut sample = Self {
            event,
            handoff,
            contract: Arc::new(contract.ok_or("the case has no contract")?),
            version: prompt::PromptVersion::bundled("handoff_brief", "v1")?,
            reply: String::new(),
        };
        let excerpt = context::fit(&context::gather(&sample.handoff, &gathering()), &sample.contract, 24_000);
        let prepared = sample.prepare(&Arc::new(excerpt))?;
        sample.reply = runtime.block_on(baton::adapters::extractive::Extractive::default().complete(&prepared.request))?.text;
        Ok(sample)
    }

    fn prepare(&self, excerpt: &Arc<context::Excerpt>) -> std::result::Result<prompt::Prepared, prompt::PromptError> {
        let target = prompt::Target { engine: "extractive", model: "", output_tokens: 4096 };
        prompt::prepare(&self.handoff, Arc::clone(excerpt), Arc::clone(&self.contract), &self.version, target)
    }
}

/// What cannot be left out: consume, ask, upsert, ack.
async fn floor(amqp: &str, database: &str, model: &str, queue_and_count: &str) -> Result<()> {
    use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
    let (queue, count) = queue_and_count.rsplit_once(':').ok_or("queue:count")?;
    let count: usize = count.parse()?;
    baton::adapters::openai::init_crypto();
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(8).connect(database).await?;
    sqlx::query("create table if not exists bench_floor (id text primary key, body text not null)").execute(&pool).await?;
    let connection = lapin::Connection::connect(amqp, lapin::ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel.basic_qos(CONCURRENCY, BasicQosOptions::default()).await?;
    let mut consumer =
        channel.basic_consume(queue.into(), "floor".into(), BasicConsumeOptions::default(), Default::default()).await?;
    let client = reqwest::Client::builder().http1_only().build()?;
    let url = format!("{model}/chat/completions");
    let mut running = JoinSet::new();
    for n in 0..count {
        let delivery = consumer.next().await.ok_or("the consumer ended")??;
        if running.len() >= usize::from(CONCURRENCY) {
            running.join_next().await.ok_or("nothing runs")??;
        }
        let (client, url, pool, id) = (client.clone(), url.clone(), pool.clone(), format!("{queue}-{n}"));
        running.spawn(async move {
            let text = String::from_utf8_lossy(&delivery.data).into_owned();
            let request = serde_json::json!({ "model": "floor", "messages": [{ "role": "user", "content": text }] });
            let answer = client
                .post(url)
                .header("content-type", "application/json")
                .body(request.to_string())
                .send()
                .await
                .and_then(reqwest::Response::error_for_status);
            let answer = answer.expect("the model answers").bytes().await.expect("the answer is whole");
            let body = String::from_utf8_lossy(&answer).into_owned();
            let upsert = sqlx::query(
                "insert into bench_floor (id, body) values ($1, $2) on conflict (id) do update set body = excluded.body",
            );
            upsert.bind(id).bind(body).execute(&pool).await.expect("the row is written");
            delivery.ack(BasicAckOptions::default()).await.expect("the ack is sent");
        });
    }
    while let Some(ended) = running.join_next().await {
        ended?;
    }
    connection.close(200, "done".into()).await?;
    Ok(())
}
