//! [`consume`]: sessions one after the other, until we are told to stop.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::broker::Broker;
use super::error::BrokerError;
use super::session::{Ended, Session, Taker, delayed};
use super::topology::Topology;
use crate::ports::{Delivery, Mode};

/// What to consume, and how much of it at a time.
#[derive(Debug, Clone)]
pub struct Settings {
    pub broker: Broker,
    pub topology: Topology,
    /// The most deliveries without a settlement. A few more than are worked on at a time is right: all of them count
    /// as delivered once more if the worker crashes.
    pub prefetch: u16,
}

/// What became of the deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consumed {
    pub acked: u64,
    pub retried: u64,
    pub parked: u64,
    pub released: u64,
    /// Settled after their connection had ended: they come again.
    pub stale: u64,
    /// Logins to the broker; one more than there were breaks.
    pub sessions: u64,
    /// [`Mode::Drain`]: messages that wait in delay queues. `None`: not known.
    pub delayed: Option<u64>,
}

impl Consumed {
    fn settled(&self) -> u64 {
        self.acked + self.retried + self.parked
    }
}

/// Consumes the work queue. The deliveries come out of the channel while the caller drives the future; the channel
/// ends with it. Stops when told to, and when the receiver is dropped; what is not settled by then goes back.
///
/// Fails at once if the first login shows something that only a person can mend; in [`Mode::Drain`] also if the broker
/// cannot be reached. After a first success it never gives up.
pub fn consume(
    settings: Settings,
    stop: CancellationToken,
    mode: Mode,
) -> (mpsc::Receiver<Delivery>, impl Future<Output = Result<Consumed, BrokerError>> + Send) {
    // What waits in this channel when a connection breaks is handed out in vain: hence the smallest one.
    let (deliveries, receiver) = mpsc::channel(1);
    (receiver, supervise(settings, stop, mode, deliveries))
}

async fn supervise(
    settings: Settings,
    stop: CancellationToken,
    mode: Mode,
    deliveries: mpsc::Sender<Delivery>,
) -> Result<Consumed, BrokerError> {
    let taker = Taker { deliveries: &deliveries, stop: &stop };
    let endpoint = settings.broker.endpoint();
    let mut consumed = Consumed::default();
    let mut pauses = Pauses::default();
    while !taker.is_gone() {
        let (begun, settled_before) = (Instant::now(), consumed.settled());
        let ended = Box::pin(one_session(&settings, &taker, mode, &mut consumed)).await;
        let reason = match ended {
            Ok(Ended::Stopped) => break,
            Ok(Ended::Drained) => {
                consumed.delayed = delayed(&settings).await;
                break;
            }
            Ok(Ended::GivenBack) => "a delivery was given back".to_owned(),
            Err(error) if consumed.sessions == 0 && (mode == Mode::Drain || error.needs_a_person()) => return Err(error),
            Err(error) if taker.is_gone() => {
                warn!(queue.broker = %endpoint, "the last connection to `{endpoint}` broke, what was not settled comes again: {error}");
                break;
            }
            Err(error) => error.to_string(),
        };
        let pause = pauses.next(match consumed.settled() > settled_before || begun.elapsed() >= GOOD_SESSION {
            true => Last::Good,
            false => Last::Bad,
        });
        warn!(queue.broker = %endpoint, pause_ms = pause.as_millis() as u64, "not consuming from `{endpoint}`: {reason}; trying again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = taker.gone() => {}
        }
    }
    Ok(consumed)
}

async fn one_session(settings: &Settings, taker: &Taker<'_>, mode: Mode, consumed: &mut Consumed) -> Result<Ended, BrokerError> {
    let (session, consumer) = tokio::select! {
        opened = Session::open(settings) => opened?,
        () = taker.gone() => return Ok(Ended::Stopped),
    };
    consumed.sessions += 1;
    let (endpoint, queue) = (settings.broker.endpoint(), settings.topology.queue());
    info!(queue.broker = %endpoint, queue.name = queue, "consuming the queue `{queue}` of `{endpoint}`");
    let ended = session.run(consumer, taker, mode, consumed).await?;
    session.close().await;
    Ok(ended)
}

/// A session that settled something or lived this long was a good one.
const GOOD_SESSION: Duration = Duration::from_secs(30);

/// How the last session was. After a good one the pauses start again from the shortest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Good,
    Bad,
}

/// Pauses between sessions: they double from 250 ms to 5 s, with jitter so that a fleet does not return as one.
#[derive(Debug, Default)]
struct Pauses {
    failures: u32,
}

impl Pauses {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(5);
    fn next(&mut self, last: Last) -> Duration {
        self.failures = match last {
            Last::Good => 1,
            Last::Bad => self.failures.saturating_add(1),
        };
        let full = Self::FIRST.saturating_mul(1 << (self.failures - 1).min(8)).min(Self::LONGEST);
        // Between half and all of it. The standard library's hash seed is the only randomness needed here.
        let share = RandomState::new().hash_one(self.failures) % 1000;
        full.mul_f64(0.5 + share as f64 / 2000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_seconds_and_start_again_after_a_good_session() {
        let mut pauses = Pauses::default();
        assert!(pauses.next(Last::Bad) <= Pauses::FIRST);
        let later: Vec<_> = (0..50).map(|_| pauses.next(Last::Bad)).collect();
        assert!(later.iter().all(|pause| *pause <= Pauses::LONGEST), "{later:?}");
        assert!(later[10..].iter().all(|pause| *pause >= Pauses::LONGEST / 2), "{later:?}");
        assert!(pauses.next(Last::Good) <= Pauses::FIRST);
    }
}
