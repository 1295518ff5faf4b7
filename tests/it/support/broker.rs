//! The RabbitMQ of the tests, and what a test does to it from outside.

use std::panic::AssertUnwindSafe;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use baton::adapters::amqp::{Broker, Settings, Topology};
use baton::domain::event::Envelope;
use futures_util::FutureExt;
use lapin::options::{BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A test that hangs would hold up the one that is alone with the broker.
const LONGEST_TEST: Duration = Duration::from_secs(90);

/// Many tests use the broker side by side; one that kills it is alone.
static BROKER: RwLock<()> = RwLock::const_new(());

pub(crate) async fn side_by_side() -> RwLockReadGuard<'static, ()> {
    BROKER.read().await
}

pub(crate) async fn alone() -> RwLockWriteGuard<'static, ()> {
    BROKER.write().await
}

/// The broker's address, or `None` with a note for `test.sh` that these tests were not run.
pub(crate) fn url() -> Option<String> {
    setting("BATON_TEST_AMQP_URL")
}

/// Takes `kill9`, `stop`, `start`, `restart` as its argument. Not there if somebody else's broker is used.
pub(crate) fn restarter() -> Option<String> {
    url().and_then(|_| setting("BATON_TEST_AMQP_RESTART"))
}

fn setting(name: &str) -> Option<String> {
    if let Some(value) = std::env::var(name).ok().filter(|value| !value.is_empty()) {
        return Some(value);
    }
    if let Ok(file) = std::env::var("BATON_TEST_NOT_RUN") {
        // Tests run side by side; one line is enough.
        static NOTE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _guard = NOTE.lock().unwrap();
        let line = format!("RabbitMQ tests: {name} is not set\n");
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        if !known.contains(&line) {
            let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
            std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
        }
    }
    None
}

/// Runs the restart command; returns when it is done.
pub(crate) async fn operate(restarter: &str, action: &'static str) {
    let restarter = restarter.to_owned();
    let status = tokio::task::spawn_blocking(move || Command::new(restarter).arg(action).status()).await;
    assert!(status.unwrap().unwrap().success(), "`{action}` failed");
}

/// Queues of one test, under names of their own.
#[derive(Clone)]
pub(crate) struct Queues {
    pub(crate) url: String,
    pub(crate) broker: Broker,
    pub(crate) topology: Topology,
}

impl Queues {
    /// Runs a test with fresh queues and deletes them afterwards, also if it fails. Delays in seconds.
    pub(crate) async fn with<F: Future<Output = ()>>(delays: &[u64], test: impl FnOnce(Self) -> F) {
        let Some(url) = url() else { return };
        let _guard = side_by_side().await;
        Self::with_unguarded(url, delays, test).await;
    }

    /// As [`Queues::with`], for a test that holds [`alone`] itself.
    pub(crate) async fn with_unguarded<F: Future<Output = ()>>(url: String, delays: &[u64], test: impl FnOnce(Self) -> F) {
        let queues = Self::new(url, delays);
        let testing = tokio::time::timeout(LONGEST_TEST, test(queues.clone()));
        let result = AssertUnwindSafe(async { testing.await.expect("the test hangs") }).catch_unwind().await;
        queues.delete_all().await;
        if let Err(panic) = result {
            std::panic::resume_unwind(panic);
        }
    }

    /// Names of its own; nothing is declared yet. Who uses this deletes them, and holds [`side_by_side`] or [`alone`].
    pub(crate) fn new(url: String, delays: &[u64]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("baton-test-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let delays: Vec<_> = delays.iter().map(|delay| Duration::from_secs(*delay)).collect();
        let topology = Topology::new(&name, &delays).unwrap();
        Self { broker: Broker::parse(&url).unwrap(), url, topology }
    }

    pub(crate) fn settings(&self, prefetch: u16) -> Settings {
        Settings { broker: self.broker.clone(), topology: self.topology.clone(), prefetch }
    }

    /// The same, reached through a proxy, with a heartbeat of so many seconds.
    pub(crate) fn settings_through(&self, proxy: &super::proxy::Proxy, prefetch: u16, heartbeat: u16) -> Settings {
        let url = self.url.replace(&self.endpoint(), &proxy.address.to_string());
        assert_ne!(url, self.url);
        Settings { broker: Broker::parse(&format!("{url}?heartbeat={heartbeat}")).unwrap(), ..self.settings(prefetch) }
    }

    /// `host:port`.
    pub(crate) fn endpoint(&self) -> String {
        self.broker.endpoint()
    }

    /// Events with the bodies `0`, `1`, ….
    pub(crate) async fn fill(&self, count: usize) {
        let events = (0..count).map(|number| Envelope { body: number.to_string().into_bytes(), ..Envelope::default() });
        baton::adapters::amqp::publish_events(&self.broker, &self.topology, events.collect()).await.unwrap();
    }

    pub(crate) async fn channel(&self) -> (Connection, Channel) {
        let connection = Connection::connect(&self.url, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        (connection, channel)
    }

    /// Sends as another program would.
    pub(crate) async fn send(&self, queue: &str, body: &[u8], properties: BasicProperties) {
        let (_connection, channel) = self.channel().await;
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        let confirm = channel.basic_publish("".into(), queue.into(), options, body, properties).await.unwrap().await;
        assert_eq!(confirm.unwrap(), lapin::Confirmation::Ack(None));
    }

    /// Takes one message without acknowledging it and hangs up, as a crash would.
    pub(crate) async fn crash_with_one(&self, queue: &str) -> Option<Vec<u8>> {
        let (connection, channel) = self.channel().await;
        let message = channel.basic_get(queue.into(), BasicGetOptions::default()).await.unwrap();
        connection.close(200, "OK".into()).await.unwrap();
        message.map(|message| message.delivery.data)
    }

    /// Messages ready in a queue; `None` if there is no such queue.
    pub(crate) async fn depth(&self, queue: &str) -> Option<u32> {
        let (_connection, channel) = self.channel().await;
        let options = QueueDeclareOptions { passive: true, ..Default::default() };
        let found = channel.queue_declare(queue.into(), options, FieldTable::default()).await;
        found.ok().map(|queue| queue.message_count())
    }

    /// Waits until a queue holds so many ready messages: the broker counts with a short delay.
    pub(crate) async fn wait_for_depth(&self, queue: &str, expected: u32) {
        let mut found = None;
        for _ in 0..100 {
            found = self.depth(queue).await;
            if found == Some(expected) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("`{queue}` holds {found:?}, not {expected}");
    }

    pub(crate) async fn delete(&self, queue: &str) {
        let (_connection, channel) = self.channel().await;
        channel.queue_delete(queue.into(), QueueDeleteOptions::default()).await.unwrap();
    }

    pub(crate) async fn delete_all(&self) {
        for queue in self.topology.delay_queues().chain([self.topology.queue().to_owned(), self.topology.parked()]) {
            self.delete(&queue).await;
        }
    }
}
