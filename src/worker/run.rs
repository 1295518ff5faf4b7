//! [`run`]: takes a slot, then a delivery; tracks what runs; stops in an orderly way and says which.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

use super::settle::{RetryPolicy, settle};
use crate::domain::event::Envelope;
use crate::pipeline::{Failure, Outcome};
use crate::ports::{Delivery, Settlement};

/// After the abort: for tasks to notice it. One that never yields is left to the end of the process.
const ABORT_TIME: Duration = Duration::from_secs(1);

/// The limits of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The most events at a time. 0 counts as 1.
    pub concurrency: usize,
    /// After a stop: for what is running to finish.
    pub grace: Duration,
    /// For one event. Far below RabbitMQ's 30 min, after which it takes a delivery back.
    pub event_deadline: Duration,
    pub retry: RetryPolicy,
}

impl Options {
    /// No event may take longer than this.
    pub const LONGEST_EVENT: Duration = Duration::from_secs(300);
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 16,
            grace: Duration::from_secs(30),
            event_deadline: Duration::from_secs(180),
            retry: RetryPolicy::default(),
        }
    }
}

/// How a worker ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// All that was running has finished.
    Drained,
    /// The grace was over first; so many events were cut off and given back.
    GraceExpired { unfinished: usize },
    /// A failure that every event would share: the reason.
    Halted(String),
}

/// What a worker did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub ended: Ended,
    /// By [`Outcome::name`].
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Acknowledged: the sum of the outcomes.
    pub settled: u64,
    pub retried: u64,
    pub parked: u64,
    /// Given back, started or not.
    pub released: u64,
    /// Not started, because their connection had ended: they come again.
    pub stale: u64,
}

/// Works on deliveries until `stop` is cancelled, the channel ends, or an event says that none can succeed.
///
/// After a stop nothing is taken any more; what runs gets `options.grace`, then it is cut off and given back. If the
/// channel ends by itself, what runs is waited for, at most `options.event_deadline` each.
pub async fn run<F>(process: F, mut deliveries: mpsc::Receiver<Delivery>, stop: CancellationToken, options: Options) -> Report
where
    F: Fn(Envelope) -> BoxFuture<'static, Result<Outcome, Failure>> + Send + Sync + 'static,
{
    let slots = Arc::new(Semaphore::new(options.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
    let tracker = TaskTracker::new();
    let shift =
        Arc::new(Shift { process, options, quit: stop.child_token(), abort: CancellationToken::new(), tally: Mutex::default() });
    loop {
        let next = async {
            // The slot first: a delivery taken without one would wait here instead of going to another worker.
            let slot = Arc::clone(&slots).acquire_owned().await.expect("nobody closes the semaphore");
            deliveries.recv().await.map(|delivery| (slot, delivery))
        };
        let (slot, delivery) = tokio::select! {
            biased;
            () = shift.quit.cancelled() => break,
            next = next => match next {
                Some(next) => next,
                None => break,
            },
        };
        if delivery.reply.is_closed() {
            shift.tally().stale += 1;
            continue;
        }
        let shift = Arc::clone(&shift);
        tracker.spawn(async move {
            shift.work_on(delivery).await;
            drop(slot);
        });
    }
    shift.give_back_unstarted(&mut deliveries);
    tracker.close();
    let unfinished = shift.finish(&tracker).await;
    shift.report(unfinished)
}

/// What all events of one run share.
struct Shift<F> {
    process: F,
    options: Options,
    /// Take nothing more: a stop from outside, or a halt.
    quit: CancellationToken,
    /// Cut off what runs.
    abort: CancellationToken,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<&'static str, u64>,
    retried: u64,
    parked: u64,
    released: u64,
    stale: u64,
    halted: Option<String>,
}

impl<F> Shift<F>
where
    F: Fn(Envelope) -> BoxFuture<'static, Result<Outcome, Failure>> + Send + Sync + 'static,
{
    async fn work_on(&self, delivery: Delivery) {
        let Delivery { envelope, attempt, reply } = delivery;
        let id = event_id(&envelope);
        let begun = Instant::now();
        let result = tokio::select! {
            biased;
            result = self.attempt(envelope) => Some(result),
            () = self.abort.cancelled() => None,
        };
        let settlement = match &result {
            Some(result) => settle(result, attempt, &self.options.retry),
            None => Settlement::Release,
        };
        note_end(&id, attempt, result.as_ref(), &settlement, begun.elapsed());
        self.count(result.as_ref(), &settlement);
        // Refused if the connection has ended meanwhile. The event comes again and finds its work done.
        let _refused = reply.send(settlement);
    }

    /// One try: within the deadline, and a panic stays inside.
    async fn attempt(&self, envelope: Envelope) -> Result<Outcome, Failure> {
        let deadline = self.options.event_deadline.min(Options::LONGEST_EVENT);
        let trying = async { (self.process)(envelope).await };
        match tokio::time::timeout(deadline, AssertUnwindSafe(trying).catch_unwind()).await {
            Ok(Ok(result)) => result,
            Ok(Err(_panic)) => Err(Failure::Panicked),
            Err(_) => Err(Failure::DeadlinePassed { seconds: deadline.as_secs() }),
        }
    }

    fn count(&self, result: Option<&Result<Outcome, Failure>>, settlement: &Settlement) {
        let mut tally = self.tally();
        match settlement {
            Settlement::Ack => {
                if let Some(Ok(outcome)) = result {
                    *tally.outcomes.entry(outcome.name()).or_default() += 1;
                }
            }
            Settlement::RetryAfter(_) => tally.retried += 1,
            Settlement::Park(_) => tally.parked += 1,
            Settlement::Release => {
                tally.released += 1;
                if let Some(Err(failure)) = result {
                    tally.halted.get_or_insert_with(|| failure.to_string());
                    self.quit.cancel();
                }
            }
        }
    }

    fn give_back_unstarted(&self, deliveries: &mut mpsc::Receiver<Delivery>) {
        deliveries.close();
        while let Ok(delivery) = deliveries.try_recv() {
            self.tally().released += 1;
            // Refused: its connection has ended, which gives it back too.
            let _refused = delivery.reply.send(Settlement::Release);
        }
    }

    /// Waits for what runs; returns how many had to be cut off.
    async fn finish(&self, tracker: &TaskTracker) -> usize {
        tokio::select! {
            biased;
            () = tracker.wait() => return 0,
            () = self.quit.cancelled() => {}
        }
        if tokio::time::timeout(self.options.grace, tracker.wait()).await.is_ok() {
            return 0;
        }
        let unfinished = tracker.len();
        self.abort.cancel();
        if tokio::time::timeout(ABORT_TIME, tracker.wait()).await.is_err() {
            error!(unfinished = tracker.len(), "events are still running after they were cut off");
        }
        unfinished
    }

    fn report(&self, unfinished: usize) -> Report {
        let mut tally = self.tally();
        let ended = match (tally.halted.take(), unfinished) {
            (Some(reason), _) => Ended::Halted(reason),
            (None, 0) => Ended::Drained,
            (None, unfinished) => Ended::GraceExpired { unfinished },
        };
        let outcomes = std::mem::take(&mut tally.outcomes);
        Report {
            ended,
            settled: outcomes.values().sum(),
            outcomes,
            retried: tally.retried,
            parked: tally.parked,
            released: tally.released,
            stale: tally.stale,
        }
    }

    fn tally(&self) -> std::sync::MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// One line for each event, at its end. Failures are safe to show; nothing of the event but its id is.
fn note_end(id: &str, attempt: u32, result: Option<&Result<Outcome, Failure>>, settlement: &Settlement, took: Duration) {
    let duration_ms = took.as_millis() as u64;
    match (settlement, result) {
        (Settlement::RetryAfter(delay), Some(Err(failure))) => {
            let delay_seconds = delay.as_secs();
            warn!(handoff.id = id, attempt, delay_seconds, duration_ms, "handoff `{id}` will be tried again: {failure}");
        }
        (Settlement::Park(reason), Some(Err(failure))) => {
            let class = reason.class.as_str();
            warn!(handoff.id = id, attempt, class, duration_ms, "handoff `{id}` is parked: {failure}");
        }
        (Settlement::Release, Some(Err(failure))) => {
            error!(handoff.id = id, attempt, duration_ms, "no handoff can succeed, stopping at `{id}`: {failure}");
        }
        (_, Some(Ok(outcome))) => {
            let outcome = outcome.name();
            info!(handoff.id = id, attempt, outcome, duration_ms, "handoff `{id}`: {outcome}");
        }
        (_, None | Some(Err(_))) => {
            warn!(handoff.id = id, attempt, duration_ms, "handoff `{id}` was cut off at the end of the grace and goes back");
        }
    }
}

/// For the log only: the pipeline does the real reading. Ids come from outside, hence the limits.
fn event_id(envelope: &Envelope) -> String {
    #[derive(Deserialize)]
    struct Head {
        id: String,
    }
    let in_header = envelope.attributes.get("id").cloned();
    let id = in_header.or_else(|| serde_json::from_slice::<Head>(&envelope.body).ok().map(|head| head.id));
    let id = id.unwrap_or_else(|| "unreadable".to_owned());
    id.chars().take(100).map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_for_the_log_is_found_in_both_modes_and_is_harmless() {
        let check = |attributes: &[(&str, &str)], body: &str, expected: &str| {
            let attributes = attributes.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
            assert_eq!(event_id(&Envelope { content_type: None, attributes, body: body.into() }), expected);
        };
        check(&[("id", "evt-1")], "{}", "evt-1");
        check(&[], r#"{"id":"evt-2","data":{"text":"long"}}"#, "evt-2");
        check(&[], "not json", "unreadable");
        check(&[("id", "a\nb\u{1b}[31m")], "", "a\u{fffd}b\u{fffd}[31m");
        check(&[("id", &"x".repeat(5000))], "", &"x".repeat(100));
    }
}
