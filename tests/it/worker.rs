//! The worker alone: a channel of deliveries in, settlements out, time paused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use baton::domain::event::{Envelope, EventError};
use baton::pipeline::{Failure, Outcome};
use baton::ports::{Delivery, Settlement};
use baton::worker::{Ended, Options, Report, RetryPolicy, run};
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// A worker under test. What an event does is in its body: see [`act`].
struct Shift {
    deliveries: mpsc::Sender<Delivery>,
    stop: CancellationToken,
    worker: JoinSet<Report>,
    most_at_once: Arc<AtomicUsize>,
}

impl Shift {
    fn start(options: Options) -> Self {
        let (deliveries, receiver) = mpsc::channel(100);
        let (stop, most_at_once) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&most_at_once));
        let process = move |envelope: Envelope| -> BoxFuture<'static, Result<Outcome, Failure>> {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            Box::pin(async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let result = act(&String::from_utf8(envelope.body).unwrap()).await;
                running.fetch_sub(1, Ordering::SeqCst);
                result
            })
        };
        let mut worker = JoinSet::new();
        worker.spawn(run(process, receiver, stop.clone(), options));
        Self { deliveries, stop, worker, most_at_once }
    }

    async fn send(&self, body: &str) -> oneshot::Receiver<Settlement> {
        self.send_attempt(body, 1).await
    }

    async fn send_attempt(&self, body: &str, attempt: u32) -> oneshot::Receiver<Settlement> {
        let (reply, settlement) = oneshot::channel();
        let envelope = Envelope { body: body.as_bytes().to_vec(), ..Envelope::default() };
        self.deliveries.send(Delivery { envelope, attempt, reply }).await.unwrap();
        settlement
    }

    /// No more deliveries come; waits for the report.
    async fn end(mut self) -> Report {
        drop(self.deliveries);
        self.worker.join_next().await.unwrap().unwrap()
    }

    async fn stop(self) -> Report {
        self.stop.cancel();
        self.end().await
    }
}

/// `publish`, `panic`, `halt`, `decline`, `poison`, `fail`, or `sleep N` (seconds).
async fn act(order: &str) -> Result<Outcome, Failure> {
    match order {
        "panic" => panic!("as ordered"),
        "halt" => Err(Failure::DailyBudgetSpent { limit_usd: 5.0 }),
        "decline" => Err(Failure::Declined),
        "poison" => Err(Failure::Event(EventError::UnknownVersion)),
        "fail" => Err(Failure::NoAnswer),
        "hold for review" => Ok(Outcome::HeldForReview),
        other => {
            if let Some(seconds) = other.strip_prefix("sleep ") {
                sleep(Duration::from_secs(seconds.parse().unwrap())).await;
            }
            Ok(Outcome::Published)
        }
    }
}

fn concurrency(concurrency: usize) -> Options {
    Options { concurrency, ..Options::default() }
}

fn parked_as(settlement: Settlement) -> String {
    match settlement {
        Settlement::Park(reason) => reason.class,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn one_bad_event_never_stops_the_next() {
    let shift = Shift::start(concurrency(1));
    for bad in ["panic", "decline", "poison", "fail", "sleep 9999"] {
        let (bad, good) = (shift.send(bad).await, shift.send("publish").await);
        assert_ne!(bad.await.unwrap(), Settlement::Ack);
        assert_eq!(good.await.unwrap(), Settlement::Ack);
    }
    let report = shift.end().await;
    assert_eq!((report.ended, report.settled, report.retried, report.parked), (Ended::Drained, 5, 3, 2));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_tried_again_and_parked_when_the_attempts_are_used_up() {
    let shift = Shift::start(concurrency(4));
    let first = shift.send_attempt("panic", 1).await.await.unwrap();
    assert_eq!(first, Settlement::RetryAfter(Duration::from_secs(10)));
    let last = shift.send_attempt("panic", 5).await.await.unwrap();
    assert_eq!(parked_as(last), "attempts_used_up");
    assert_eq!(shift.end().await.ended, Ended::Drained);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_cut_off_at_its_deadline_and_tried_again() {
    let shift = Shift::start(Options { event_deadline: Duration::from_secs(60), ..Options::default() });
    let begun = Instant::now();
    let settlement = shift.send("sleep 9999").await.await.unwrap();
    assert_eq!((settlement, begun.elapsed().as_secs()), (Settlement::RetryAfter(Duration::from_secs(10)), 60));
    // Whatever is asked for, five minutes are the most.
    let shift = Shift::start(Options { event_deadline: Duration::MAX, ..Options::default() });
    let begun = Instant::now();
    shift.send("sleep 9999").await.await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), 300);
}

#[tokio::test(start_paused = true)]
async fn never_more_events_run_than_there_are_slots_and_all_slots_are_used() {
    let shift = Shift::start(concurrency(3));
    let begun = Instant::now();
    let mut settlements = Vec::new();
    for _ in 0..12 {
        settlements.push(shift.send("sleep 10").await);
    }
    for settlement in settlements {
        assert_eq!(settlement.await.unwrap(), Settlement::Ack);
    }
    let most = shift.most_at_once.load(Ordering::SeqCst);
    let report = shift.end().await;
    assert_eq!((most, report.settled, begun.elapsed().as_secs()), (3, 12, 40));
}

#[tokio::test(start_paused = true)]
async fn a_delivery_is_taken_only_when_a_slot_is_free() {
    let shift = Shift::start(concurrency(1));
    let running = shift.send("sleep 10").await;
    tokio::task::yield_now().await;
    let _waiting = (shift.send("publish").await, shift.send("publish").await);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(shift.deliveries.capacity(), 98, "both still wait in the channel");
    running.await.unwrap();
    shift.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_halt_gives_back_the_event_and_everything_not_started_and_lets_the_rest_finish() {
    let shift = Shift::start(concurrency(2));
    let running = shift.send("sleep 10").await;
    let halting = shift.send("halt").await;
    let waiting = [shift.send("publish").await, shift.send("publish").await];
    assert_eq!(halting.await.unwrap(), Settlement::Release);
    for settlement in waiting {
        // A dropped sender counts as released too.
        assert_eq!(settlement.await.unwrap_or(Settlement::Release), Settlement::Release);
    }
    assert_eq!(running.await.unwrap(), Settlement::Ack);
    let report = shift.end().await;
    assert_eq!(report.ended, Ended::Halted(Failure::DailyBudgetSpent { limit_usd: 5.0 }.to_string()));
    assert_eq!((report.settled, report.released, report.parked), (1, 3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_halt_ends_the_worker_without_a_stop_from_outside() {
    let mut shift = Shift::start(concurrency(2));
    let _halting = shift.send("halt").await;
    let report = shift.worker.join_next().await.unwrap().unwrap();
    assert!(matches!(report.ended, Ended::Halted(_)));
    assert!(shift.deliveries.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_stop_takes_nothing_more_and_finishes_what_runs() {
    let mut shift = Shift::start(concurrency(1));
    let running = shift.send("sleep 20").await;
    tokio::task::yield_now().await;
    let waiting = shift.send("publish").await;
    sleep(Duration::from_secs(1)).await;
    let stopped = Instant::now();
    shift.stop.cancel();
    assert_eq!(waiting.await.unwrap(), Settlement::Release);
    assert!(stopped.elapsed() < Duration::from_secs(1));
    assert_eq!(running.await.unwrap(), Settlement::Ack);
    let report = shift.worker.join_next().await.unwrap().unwrap();
    assert_eq!((report.ended, report.settled, report.released), (Ended::Drained, 1, 1));
    assert_eq!(stopped.elapsed().as_secs(), 19);
}

#[tokio::test(start_paused = true)]
async fn after_the_grace_the_rest_is_cut_off_given_back_and_counted() {
    let shift = Shift::start(Options { grace: Duration::from_secs(5), ..concurrency(3) });
    let slow = [shift.send("sleep 100").await, shift.send("sleep 100").await];
    let quick = shift.send("sleep 4").await;
    sleep(Duration::from_secs(1)).await;
    let stopped = Instant::now();
    let report = shift.stop().await;
    assert_eq!(stopped.elapsed().as_secs(), 5);
    assert_eq!(quick.await.unwrap(), Settlement::Ack);
    for settlement in slow {
        assert_eq!(settlement.await.unwrap(), Settlement::Release);
    }
    assert_eq!((report.ended, report.settled, report.released), (Ended::GraceExpired { unfinished: 2 }, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_ends_by_itself_leaves_what_runs_its_time() {
    let shift = Shift::start(Options { grace: Duration::from_secs(1), ..concurrency(2) });
    let slow = shift.send("sleep 100").await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(shift.end().await.ended, Ended::Drained);
    assert_eq!(slow.await.unwrap(), Settlement::Ack);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_whose_connection_has_ended_is_not_worked_on() {
    let shift = Shift::start(concurrency(1));
    let running = shift.send("sleep 10").await;
    tokio::task::yield_now().await;
    drop(shift.send("publish").await);
    running.await.unwrap();
    let report = shift.end().await;
    assert_eq!((report.settled, report.stale), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_report_counts_by_outcome() {
    let shift = Shift::start(Options { retry: RetryPolicy { max_attempts: 1, delays: Vec::new() }, ..concurrency(4) });
    for order in ["publish", "publish", "hold for review", "fail", "decline"] {
        shift.send(order).await.await.unwrap();
    }
    let report = shift.end().await;
    assert_eq!(report.outcomes, [("published", 2), ("held_for_review", 1)].into());
    assert_eq!((report.settled, report.retried, report.parked), (3, 0, 2));
}
