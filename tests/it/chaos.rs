//! Two workers, a broker and a database, all of them killed again and again: nothing is lost, nothing is written twice.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton::adapters::amqp;
use tokio::process::Child;

use crate::support::broker::{self, Queues};
use crate::support::database::TestStore;
use crate::support::model_server::{ModelServer, Script};
use crate::support::world::{SOURCE, envelope, event, honest_reply, program, record};

const EVENTS: usize = 400;
/// Every so many steps one worker is killed; on some of them a server is too.
const STEPS: usize = 18;
const CONCURRENCY: u16 = 5;
/// A model is slow: most kills hit running calls.
const THINKING: Duration = Duration::from_millis(300);

/// xorshift64*: the same seed, the same run, as far as the machine lets it.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }
}

struct Shift<'a> {
    folder: &'a Path,
    flags: Vec<String>,
    started: usize,
}

impl Shift<'_> {
    fn worker(&mut self, arguments: &[&str]) -> Child {
        self.started += 1;
        let log = File::create(self.folder.join(format!("worker-{}.log", self.started))).unwrap();
        let mut command = program(self.folder);
        command.args(&self.flags).arg("worker").args(arguments);
        command.stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// What all workers logged.
    fn logs(&self) -> String {
        let read = |n: usize| std::fs::read_to_string(self.folder.join(format!("worker-{n}.log"))).unwrap_or_default();
        (1..=self.started).map(read).collect()
    }
}

/// All are confirmed when this returns. What was only perhaps confirmed is sent again: the same events, once more.
async fn publish(queues: &Queues, ids: &[String]) {
    for tries in 1.. {
        let events = ids.iter().map(|id| envelope(&event(id))).collect();
        match amqp::publish_events(&queues.broker, &queues.topology, events).await {
            Ok(()) => return,
            Err(error) if tries > 60 => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_is_lost_or_written_twice_when_workers_broker_and_database_are_killed() {
    let Some(url) = broker::url() else { return };
    let (Some(amqp_control), Ok(database_control)) = (broker::restarter(), std::env::var("BATON_TEST_DATABASE_RESTART")) else {
        return;
    };
    let _broker = broker::alone().await;
    let Some((store, _database)) = TestStore::postgres_alone().await else { return };
    let queues = Queues::new(url, &[1, 2, 4]);
    let seed = std::env::var("BATON_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_504_u64);
    println!("seed {seed}");
    let mut random = Random(seed | 1);
    let server = ModelServer::start(Script::After(THINKING, Box::new(Script::Computed(Arc::new(honest_reply))))).await;
    let folder = tempfile::tempdir().unwrap();
    let mut shift = Shift { folder: folder.path(), flags: flags(&queues, &store, &server), started: 0 };
    let begun = Instant::now();

    let ids: Vec<String> = (0..EVENTS).map(|n| format!("evt-{n:03}")).collect();
    let (before, meanwhile) = ids.split_at(EVENTS / 2);
    publish(&queues, before).await;
    let mut meanwhile = meanwhile.chunks(EVENTS / 2 / STEPS + 1);
    let mut workers = [shift.worker(&[]), shift.worker(&[])];
    for step in 0..STEPS {
        tokio::time::sleep(Duration::from_millis(400 + random.below(800))).await;
        match step {
            4 => broker::operate(&amqp_control, "restart").await,
            9 => broker::operate(&database_control, "immediate").await,
            13 => {
                broker::operate(&amqp_control, "kill9").await;
                broker::operate(&amqp_control, "start").await;
            }
            _ => {}
        }
        if let Some(chunk) = meanwhile.next() {
            publish(&queues, chunk).await;
        }
        let worker = &mut workers[random.below(2) as usize];
        assert!(worker.try_wait().unwrap().is_none(), "a worker ended by itself:\n{}", shift.logs());
        worker.kill().await.unwrap();
        *worker = shift.worker(&[]);
    }
    for chunk in meanwhile {
        publish(&queues, chunk).await;
    }
    let chaos = begun.elapsed();
    wait_until_done(&store, EVENTS, &shift).await;
    for mut worker in workers {
        worker.kill().await.unwrap();
    }
    let mut drain = shift.worker(&["--drain"]);
    assert!(drain.wait().await.unwrap().success(), "{}", shift.logs());

    assert!(!shift.logs().contains("panicked"), "{}", shift.logs());
    let parked = amqp::parked_list(&queues.broker, &queues.topology, 1000).await.unwrap();
    assert!(parked.is_empty(), "{}: {:?}", parked.len(), parked[0].reason);
    let (mut lost, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for id in &ids {
        let row = store.store.read_event(SOURCE, id).await.unwrap();
        if row.is_none_or(|row| row.outcome != "published") {
            lost.insert(id);
        }
        if store.store.brief_history(&record(id), "sdr_to_ae").await.unwrap().len() != 1 {
            twice.insert(id);
        }
    }
    assert!(lost.is_empty() && twice.is_empty(), "seed {seed}: lost {lost:?}, not written once {twice:?}");
    assert_eq!(store.store.count_events_by_outcome().await.unwrap(), [("published".to_owned(), EVENTS as u64)].into());
    let calls = server.count();
    println!(
        "{EVENTS} events, {} workers, 3 servers killed: lost 0, written twice 0, {calls} model calls ({} more than events), {chaos:.0?} of chaos, {:.0?} in all",
        shift.started,
        calls - EVENTS,
        begun.elapsed()
    );
    // A call is made again only if its worker died, or lost its servers, before the answer was in the journal.
    assert!(calls - EVENTS <= (STEPS + 6) * usize::from(CONCURRENCY) * 2, "{calls} calls");
    queues.delete_all().await;
    store.remove().await;
}

fn flags(queues: &Queues, store: &TestStore, server: &ModelServer) -> Vec<String> {
    let mut flags = vec!["--queue".to_owned(), queues.url.clone(), "--record".to_owned(), store.url.clone()];
    flags.extend(["--engine", "openai"].map(str::to_owned));
    let settings = [
        format!("queue.name={}", queues.topology.queue()),
        "queue.retry_seconds=1,2,4".to_owned(),
        "queue.max_attempts=8".to_owned(),
        format!("worker.concurrency={CONCURRENCY}"),
        format!("model.base_url={}", server.base_url()),
        "model.name=scripted".to_owned(),
        "model.api_key=none".to_owned(),
    ];
    flags.extend(settings.into_iter().flat_map(|setting| ["--set".to_owned(), setting]));
    flags
}

async fn wait_until_done(store: &TestStore, events: usize, shift: &Shift<'_>) {
    let started = Instant::now();
    loop {
        let counts = store.store.count_events_by_outcome().await;
        if counts.as_ref().is_ok_and(|counts| counts.values().sum::<u64>() == events as u64) {
            return;
        }
        let logs = || shift.logs().lines().rev().take(40).collect::<Vec<_>>().join("\n");
        assert!(started.elapsed() < Duration::from_secs(60), "{counts:?} of {events}\n{}", logs());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
