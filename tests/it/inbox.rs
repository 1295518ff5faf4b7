//! The embedded queue, on real files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use baton::adapters::inbox::{Consumed, Depth, Inbox, InboxError, Selection};
use baton::adapters::sql::{SqliteStore, Store};
use baton::domain::event::Envelope;
use baton::ports::{Delivery, Mode, ParkReason, Settlement};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes; ends a test that hangs.
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn messages_come_out_as_they_went_in_and_an_ack_forgets_them() {
    let test = Queue::new().await;
    let attributes = BTreeMap::from([("specversion".to_owned(), "1.0".to_owned())]);
    let binary = Envelope { content_type: Some("application/json".to_owned()), attributes, body: vec![0, 255, 10] };
    test.inbox.enqueue(vec![message("a"), binary.clone()]).await.unwrap();
    let mut seen = Vec::new();
    let consumed = test.drain(4, |delivery| {
        seen.push((delivery.envelope.clone(), delivery.attempt));
        Settlement::Ack
    });
    assert_eq!(consumed.await, Consumed { acked: 2, ..nothing() });
    assert_eq!(seen, [(message("a"), 1), (binary, 1)]);
    assert_eq!(test.drain(4, |_| Settlement::Ack).await, nothing(), "nothing is left");
}

#[tokio::test]
async fn a_retry_waits_until_it_is_due_and_counts_as_an_attempt() {
    let test = Queue::with(&["a"]).await;
    let consumed = test.drain(1, |_| Settlement::RetryAfter(Duration::from_millis(300))).await;
    assert_eq!((consumed.retried, consumed.delayed), (1, Some(1)), "a drain counts what is delayed and does not wait for it");
    let consumed = test.drain(1, |_| panic!("not due yet")).await;
    assert_eq!(consumed.delayed, Some(1));
    let depth = Depth { delayed: 1, ..Depth::default() };
    assert_eq!(test.inbox.depth().await, Ok(depth));

    let begun = Instant::now();
    let mut running = test.consume(1, Mode::UntilStopped);
    let delivery = running.next().await;
    assert!(begun.elapsed() >= Duration::from_millis(150), "{:?}", begun.elapsed());
    assert_eq!(delivery.attempt, 2);
    delivery.reply.send(Settlement::Ack).unwrap();
    assert_eq!(running.stop().await.acked, 1);
}

#[tokio::test]
async fn a_released_message_comes_back_at_once_with_the_same_attempt() {
    let test = Queue::with(&["a"]).await;
    let mut running = test.consume(1, Mode::UntilStopped);
    running.next().await.reply.send(Settlement::Release).unwrap();
    // A dropped reply counts as a release.
    drop(running.next().await);
    let third = running.next().await;
    assert_eq!(third.attempt, 1);
    third.reply.send(Settlement::Ack).unwrap();
    let consumed = running.stop().await;
    assert_eq!((consumed.released, consumed.acked), (2, 1));
}

#[tokio::test]
async fn parked_messages_are_listed_shown_requeued_and_dropped() {
    let test = Queue::with(&["a", "b", "c"]).await;
    let event = json!({
        "specversion": "1.0", "id": "evt-7", "source": "crm/deals", "type": "baton.handoff.requested.v1",
        "time": "2026-05-04T15:00:00Z", "data": { "kind": "sdr_to_ae", "record": { "type": "deal", "id": "1042" } }
    });
    test.inbox.enqueue(vec![Envelope { body: event.to_string().into_bytes(), ..Envelope::default() }]).await.unwrap();
    let reason = |attempt| ParkReason { class: "poison".to_owned(), message: "not JSON".to_owned(), attempt };
    assert_eq!(test.drain(8, |delivery| Settlement::Park(reason(delivery.attempt + 4))).await.parked, 4);

    let parked = test.inbox.parked_list(10).await.unwrap();
    assert_eq!(parked.iter().map(|message| message.body.as_slice()).take(3).collect::<Vec<_>>(), [b"a", b"b", b"c"]);
    assert_eq!(parked[0].reason, reason(5));
    assert_eq!((&parked[0].event_id, &parked[0].kind), (&None, &None));
    assert_eq!(parked[3].record.as_deref(), Some("deal/1042"));
    assert_eq!((parked[3].event_id.as_deref(), parked[3].kind.as_deref()), (Some("evt-7"), Some("sdr_to_ae")));
    let age = jiff::Timestamp::now().duration_since(parked[0].parked_at.unwrap());
    assert!(age.as_secs() < 60, "{age}");
    assert_eq!(test.inbox.parked_list(2).await.unwrap(), parked[..2]);
    assert_eq!(test.inbox.depth().await.unwrap().parked, 4);
    assert_eq!(test.inbox.parked_show(&parked[1].id).await.as_ref(), Ok(&parked[1]));

    let these = |n: usize| Selection::These(vec![parked[n].id.clone(), "999".to_owned(), "not a number".to_owned()]);
    assert_eq!(test.inbox.parked_drop(&these(0)).await, Ok(1));
    assert_eq!(test.inbox.parked_requeue(&these(1)).await, Ok(1));
    let error = test.inbox.parked_show(&parked[1].id).await.unwrap_err();
    assert!(matches!(error, InboxError::NotParked { .. }), "{error}");
    let mut attempts = Vec::new();
    test.drain(8, |delivery| {
        attempts.push((delivery.envelope.body.clone(), delivery.attempt));
        Settlement::Ack
    })
    .await;
    assert_eq!(attempts, [(b"b".to_vec(), 1)], "the first attempt again");
    assert_eq!(test.inbox.parked_requeue(&Selection::All).await, Ok(2));
    assert_eq!(test.drain(8, |delivery| Settlement::Park(reason(delivery.attempt))).await.parked, 2);
    assert_eq!(test.inbox.parked_drop(&Selection::All).await, Ok(2));
    assert_eq!(test.inbox.parked_list(10).await, Ok(Vec::new()));
}

#[tokio::test]
async fn no_more_than_the_prefetch_are_without_a_settlement() {
    let test = Queue::with(&["a", "b", "c", "d", "e"]).await;
    let mut running = test.consume(2, Mode::UntilStopped);
    let (first, second) = (running.next().await, running.next().await);
    let third = timeout(Duration::from_millis(200), running.deliveries.recv()).await;
    assert!(third.is_err(), "two are in work");
    first.reply.send(Settlement::Ack).unwrap();
    let third = running.next().await;
    assert_eq!(third.envelope, message("c"));
    drop((second, third));
    assert_eq!(running.stop().await.released, 2);
    assert_eq!(test.drain(9, |_| Settlement::Ack).await.acked, 4);
}

#[tokio::test]
async fn a_message_of_a_crashed_consumer_comes_again_as_another_attempt() {
    let test = Queue::with_lease(Duration::from_millis(300)).await;
    test.inbox.enqueue(vec![message("a")]).await.unwrap();
    let mut running = test.consume(1, Mode::UntilStopped);
    let delivery = running.next().await;
    // As in a crash: nobody renews the lease any more, nobody settles.
    running.task.abort_all();
    let mut survivor = test.consume(1, Mode::UntilStopped);
    let again = survivor.next().await;
    assert_eq!((&again.envelope, again.attempt), (&delivery.envelope, 2));
    again.reply.send(Settlement::Ack).unwrap();
    assert_eq!(survivor.stop().await, Consumed { acked: 1, ..nothing() });
}

#[tokio::test]
async fn a_lease_is_renewed_while_somebody_works() {
    let test = Queue::with_lease(Duration::from_millis(300)).await;
    test.inbox.enqueue(vec![message("a")]).await.unwrap();
    let mut slow = test.consume(1, Mode::UntilStopped);
    let mut idle = test.consume(1, Mode::UntilStopped);
    let mut delivery = tokio::select! {
        delivery = slow.deliveries.recv() => delivery.unwrap(),
        delivery = idle.deliveries.recv() => delivery.unwrap(),
    };
    let (first, second) = (slow.deliveries.recv(), idle.deliveries.recv());
    let again = timeout(Duration::from_millis(1200), async {
        tokio::select! { one = first => one, one = second => one }
    })
    .await;
    assert!(again.is_err(), "four leases long nobody else got it");
    delivery.attempt = 0;
    delivery.reply.send(Settlement::Ack).unwrap();
    let consumed = [slow.stop().await, idle.stop().await];
    assert_eq!(consumed.iter().map(|consumed| (consumed.acked, consumed.stale)).max(), Some((1, 0)));
    assert_eq!(test.drain(1, |_| Settlement::Ack).await, nothing());
}

#[tokio::test]
async fn a_settlement_that_comes_too_late_changes_nothing() {
    let test = Queue::with(&["a"]).await;
    let mut running = test.consume(1, Mode::UntilStopped);
    let delivery = running.next().await;
    // Another consumer has taken it over: the machine was suspended, say.
    test.execute("update inbox set holder = 'another', tries = 1").await;
    delivery.reply.send(Settlement::Ack).unwrap();
    assert_eq!(running.stop().await, Consumed { stale: 1, ..nothing() });
    test.execute("update inbox set due_at = 0").await;
    let mut attempts = Vec::new();
    test.drain(1, |delivery| {
        attempts.push(delivery.attempt);
        Settlement::Ack
    })
    .await;
    assert_eq!(attempts, [3]);
}

#[tokio::test]
async fn a_drain_waits_for_what_others_have_in_work() {
    let test = Queue::with_lease(Duration::from_millis(400)).await;
    test.inbox.enqueue(vec![message("a")]).await.unwrap();
    let mut crashed = test.consume(1, Mode::UntilStopped);
    let _delivery = crashed.next().await;
    crashed.task.abort_all();
    assert_eq!(test.drain(1, |_| Settlement::Ack).await.acked, 1, "its lease ended, and the drain took it over");
}

#[tokio::test]
async fn a_stop_ends_the_channel_and_waits_for_what_is_in_work() {
    let test = Queue::with(&["a", "b", "c"]).await;
    let mut running = test.consume(3, Mode::UntilStopped);
    let in_work = running.next().await;
    running.stop.cancel();
    // What was handed out before the stop may be worked on or dropped; then the channel ends.
    drop([running.next().await, running.next().await]);
    assert!(timeout(PATIENCE, running.deliveries.recv()).await.unwrap().is_none());
    assert!(running.task.try_join_next().is_none(), "one is still in work");
    in_work.reply.send(Settlement::Ack).unwrap();
    let consumed = running.stop().await;
    assert_eq!((consumed.acked, consumed.released), (1, 2));
}

#[tokio::test]
async fn a_dropped_receiver_stops_the_consumer() {
    let test = Queue::with(&["a", "b"]).await;
    let Running { deliveries, mut task, .. } = test.consume(2, Mode::UntilStopped);
    drop(deliveries);
    timeout(PATIENCE, task.join_next()).await.unwrap().unwrap().unwrap().unwrap();
    assert_eq!(test.drain(2, |delivery| if delivery.attempt == 1 { Settlement::Ack } else { panic!() }).await.acked, 2);
}

#[tokio::test]
async fn a_new_message_wakes_an_idle_consumer() {
    let test = Queue::new().await;
    let mut running = test.consume(1, Mode::UntilStopped);
    let other_process = Inbox::open(&test.path()).await.unwrap();
    let mut slowest = Duration::ZERO;
    for (n, inbox) in [&test.inbox, &other_process].into_iter().cycle().take(6).enumerate() {
        tokio::time::sleep(Duration::from_millis(30)).await;
        inbox.enqueue(vec![message(&n.to_string())]).await.unwrap();
        let begun = Instant::now();
        running.next().await.reply.send(Settlement::Ack).unwrap();
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    assert_eq!(running.stop().await.acked, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_consumers_share_a_queue_and_nothing_is_lost_or_done_twice() {
    let test = Queue::new().await;
    let names: BTreeSet<String> = (0..300).map(|n| n.to_string()).collect();
    test.inbox.enqueue(names.iter().map(|name| message(name)).collect()).await.unwrap();
    let mut consumers = JoinSet::new();
    for _ in 0..3 {
        // Each with a connection of its own, as three processes have.
        let inbox = Inbox::open(&test.path()).await.unwrap();
        consumers.spawn(async move {
            let mut done = Vec::new();
            let consumed = drain(&inbox, 8, |delivery| {
                let name = String::from_utf8(delivery.envelope.body.clone()).unwrap();
                // Some fail the first time.
                if name.ends_with('7') && delivery.attempt == 1 {
                    return Settlement::RetryAfter(Duration::ZERO);
                }
                done.push(name);
                Settlement::Ack
            });
            (consumed.await, done)
        });
    }
    let (consumed, done): (Vec<_>, Vec<_>) = consumers.join_all().await.into_iter().unzip();
    let done = done.concat();
    assert_eq!(done.len(), 300);
    assert_eq!(done.into_iter().collect::<BTreeSet<_>>(), names);
    assert_eq!(consumed.iter().map(|consumed| consumed.retried).sum::<u64>(), 30);
    assert_eq!(consumed.iter().map(|consumed| consumed.stale).sum::<u64>(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_and_the_record_store_share_a_file_and_a_connection() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("baton.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let inbox = Inbox::with_connection(store.writer().clone(), path.display().to_string()).await.unwrap();
    inbox.enqueue((0..50).map(|n| message(&n.to_string())).collect()).await.unwrap();
    let all = Store::Sqlite(store);
    let record = baton::domain::event::RecordRef { record_type: "deal".into(), id: "1".into(), name: None };
    let (mut deliveries, driver) = inbox.consume(8, CancellationToken::new(), Mode::Drain);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Some(delivery) = deliveries.recv().await {
            all.put_record(&record).await.unwrap();
            delivery.reply.send(Settlement::Ack).unwrap();
        }
    });
    assert_eq!(timeout(PATIENCE, driver).await.unwrap().unwrap().acked, 50);
    // The store still opens beside the queue's own tables.
    SqliteStore::open(&path).await.unwrap().close().await;
}

#[tokio::test]
async fn a_lock_of_another_process_is_waited_out() {
    let test = Queue::with(&["a"]).await;
    let other = Inbox::open(&test.path()).await.unwrap();
    let mut running = test.consume(1, Mode::UntilStopped);
    let delivery = running.next().await;
    let locked = test.lock().await;
    delivery.reply.send(Settlement::Ack).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(locked);
    assert_eq!(running.stop().await.acked, 1);
    other.close().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_unreachable() {
    let dir = tempfile::tempdir().unwrap();
    let error = Inbox::open(&dir.path().join("no such folder").join("queue.db")).await.unwrap_err();
    assert!(matches!(error, InboxError::Unreachable { .. }), "{error}");
}

// ---- A queue in a folder of its own -------------------------------------------------------------

struct Queue {
    inbox: Inbox,
    dir: TempDir,
}

impl Queue {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { inbox: Inbox::open(&dir.path().join("queue.db")).await.unwrap(), dir }
    }

    async fn with(names: &[&str]) -> Self {
        let test = Self::new().await;
        test.inbox.enqueue(names.iter().map(|name| message(name)).collect()).await.unwrap();
        test
    }

    async fn with_lease(lease: Duration) -> Self {
        let test = Self::new().await;
        Self { inbox: test.inbox.with_lease(lease), dir: test.dir }
    }

    fn path(&self) -> std::path::PathBuf {
        self.dir.path().join("queue.db")
    }

    fn consume(&self, prefetch: u16, mode: Mode) -> Running {
        let stop = CancellationToken::new();
        let (deliveries, driver) = self.inbox.consume(prefetch, stop.clone(), mode);
        let mut task = JoinSet::new();
        task.spawn(driver);
        Running { deliveries, stop, task }
    }

    async fn drain(&self, prefetch: u16, settle: impl FnMut(&Delivery) -> Settlement) -> Consumed {
        drain(&self.inbox, prefetch, settle).await
    }

    /// A connection as another process has it.
    async fn beside(&self) -> sqlx::SqliteConnection {
        use sqlx::ConnectOptions as _;
        sqlx::sqlite::SqliteConnectOptions::new().filename(self.path()).connect().await.unwrap()
    }

    async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.beside().await).await.unwrap();
    }

    async fn lock(&self) -> sqlx::SqliteConnection {
        let mut connection = self.beside().await;
        sqlx::query("begin immediate").execute(&mut connection).await.unwrap();
        connection
    }
}

struct Running {
    deliveries: mpsc::Receiver<Delivery>,
    stop: CancellationToken,
    task: JoinSet<Result<Consumed, InboxError>>,
}

impl Running {
    async fn next(&mut self) -> Delivery {
        timeout(PATIENCE, self.deliveries.recv()).await.unwrap().unwrap()
    }

    async fn stop(mut self) -> Consumed {
        self.stop.cancel();
        drop(self.deliveries);
        timeout(PATIENCE, self.task.join_next()).await.unwrap().unwrap().unwrap().unwrap()
    }
}

/// Settles every delivery until the queue is empty.
async fn drain(inbox: &Inbox, prefetch: u16, mut settle: impl FnMut(&Delivery) -> Settlement) -> Consumed {
    let (mut deliveries, driver) = inbox.consume(prefetch, CancellationToken::new(), Mode::Drain);
    let work = async {
        while let Some(delivery) = deliveries.recv().await {
            let settlement = settle(&delivery);
            delivery.reply.send(settlement).unwrap();
        }
    };
    let (consumed, ()) = timeout(PATIENCE, async { tokio::join!(driver, work) }).await.unwrap();
    consumed.unwrap()
}

fn nothing() -> Consumed {
    Consumed { delayed: Some(0), ..Consumed::default() }
}

fn message(text: &str) -> Envelope {
    Envelope { body: text.as_bytes().to_vec(), ..Envelope::default() }
}
