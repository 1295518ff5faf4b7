//! The queues Baton needs, and how they are declared.
//!
//! ```text
//! <queue>              work. Rejected too often by a crash: dead-lettered to the parking lot
//! <queue>.retry.<n>s   one per delay, nobody consumes; after n seconds its messages go back to <queue>
//! <queue>.parked       nobody consumes; a person looks
//! ```
//!
//! One delay queue per rung with a time to live on the *queue*: a time to live on a message would wait behind a longer
//! one. All quorum queues: a classic queue killed hard gives back messages that were acknowledged.

use std::time::Duration;

use lapin::Channel;
use lapin::options::QueueDeclareOptions;
use lapin::types::{AMQPValue, FieldTable, LongString};

use super::broker::Broker;
use super::error::BrokerError;

/// Deliveries that end without a settlement (crash, lost connection) before the broker parks a message by itself.
/// A backstop: our own attempts decide first. Explicit, because the default is none before RabbitMQ 4 and 20 from then on.
pub(super) const DELIVERY_LIMIT: i64 = 20;
/// Looking at a parked message counts as a delivery; this many looks never drop it.
const LOOKS_LIMIT: i64 = 1_000_000_000;
/// AMQP allows 255 bytes; the longest suffix is `.retry.4294967295s`.
const LONGEST_NAME: usize = 200;

/// The names of the queues and the delays between attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    queue: String,
    /// Ascending, whole seconds, at least one.
    delays: Vec<Duration>,
}

impl Topology {
    /// 10 s, 1 min, 10 min, 1 h.
    pub const DELAYS: [Duration; 4] =
        [Duration::from_secs(10), Duration::from_secs(60), Duration::from_secs(600), Duration::from_secs(3600)];

    /// `delays` may come in any order; parts of a second are dropped.
    pub fn new(queue: &str, delays: &[Duration]) -> Result<Self, BrokerError> {
        if queue.is_empty() || queue.len() > LONGEST_NAME {
            return Err(BrokerError::BadName { why: "it needs 1 to 200 bytes" });
        }
        if queue.starts_with("amq.") {
            return Err(BrokerError::BadName { why: "names that start with `amq.` belong to the broker" });
        }
        let mut delays: Vec<_> = delays.iter().map(|delay| Duration::from_secs(delay.as_secs())).collect();
        delays.sort_unstable();
        delays.dedup();
        match (delays.first(), delays.last()) {
            (None, _) | (_, None) => Err(BrokerError::BadDelays { why: "there is none" }),
            (Some(shortest), _) if shortest.is_zero() => Err(BrokerError::BadDelays { why: "one is shorter than 1 s" }),
            (_, Some(longest)) if longest.as_secs() > 30 * 86_400 => {
                Err(BrokerError::BadDelays { why: "one is longer than 30 days" })
            }
            _ => Ok(Self { queue: queue.to_owned(), delays }),
        }
    }

    /// Where events wait for a worker.
    pub fn queue(&self) -> &str {
        &self.queue
    }

    /// Where messages wait for a person.
    pub fn parked(&self) -> String {
        format!("{}.parked", self.queue)
    }

    /// The delay queues, shortest first.
    pub fn delay_queues(&self) -> impl Iterator<Item = String> + '_ {
        self.delays.iter().map(|delay| self.delay_queue(*delay))
    }

    /// The queue of the first delay that is not shorter than `wanted`; the longest, if all are.
    pub(super) fn delay_queue_for(&self, wanted: Duration) -> String {
        let fitting = self.delays.iter().find(|delay| **delay >= wanted).or(self.delays.last());
        self.delay_queue(*fitting.expect("`new` refuses an empty ladder"))
    }

    fn delay_queue(&self, delay: Duration) -> String {
        format!("{}.retry.{}s", self.queue, delay.as_secs())
    }

    /// Creates what is missing; fails if something is there with other arguments.
    pub(super) async fn declare(&self, broker: &Broker, channel: &Channel) -> Result<(), BrokerError> {
        // The targets of dead letters first: letters to a missing queue are dropped.
        declare_queue(broker, channel, &self.parked(), vec![("x-delivery-limit", LOOKS_LIMIT.into())]).await?;
        let mut work = dead_letters_to(&self.parked());
        work.push(("x-delivery-limit", DELIVERY_LIMIT.into()));
        declare_queue(broker, channel, &self.queue, work).await?;
        for delay in &self.delays {
            let mut rung = dead_letters_to(&self.queue);
            rung.push(("x-message-ttl", (delay.as_millis() as i64).into()));
            declare_queue(broker, channel, &self.delay_queue(*delay), rung).await?;
        }
        Ok(())
    }
}

/// Dead letters are moved with confirms. RabbitMQ does that only with all of these set, silently less otherwise.
fn dead_letters_to(queue: &str) -> Vec<(&'static str, AMQPValue)> {
    vec![
        ("x-dead-letter-exchange", text("")),
        ("x-dead-letter-routing-key", text(queue)),
        ("x-dead-letter-strategy", text("at-least-once")),
        ("x-overflow", text("reject-publish")),
    ]
}

async fn declare_queue(
    broker: &Broker,
    channel: &Channel,
    name: &str,
    arguments: Vec<(&'static str, AMQPValue)>,
) -> Result<(), BrokerError> {
    let mut table = FieldTable::default();
    table.insert("x-queue-type".into(), text("quorum"));
    for (key, value) in arguments {
        table.insert(key.into(), value);
    }
    let declaring = channel.queue_declare(name.into(), QueueDeclareOptions::durable(), table);
    broker.ask_about(name, "declared a queue", declaring).await.map(|_| ())
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(delays: &[u64]) -> Vec<Duration> {
        delays.iter().map(|delay| Duration::from_secs(*delay)).collect()
    }

    #[test]
    fn a_delay_is_never_shorter_than_wanted_unless_it_is_the_longest() {
        let topology = Topology::new("work", &seconds(&[60, 10])).unwrap();
        let check = |wanted: Duration, expected: &str| assert_eq!(topology.delay_queue_for(wanted), expected);
        check(Duration::ZERO, "work.retry.10s");
        check(Duration::from_secs(10), "work.retry.10s");
        check(Duration::from_millis(10_001), "work.retry.60s");
        check(Duration::from_secs(86_400), "work.retry.60s");
    }

    #[test]
    fn unusable_names_and_delays_are_refused() {
        for name in ["", "amq.work", &"x".repeat(201)] {
            assert!(matches!(Topology::new(name, &Topology::DELAYS), Err(BrokerError::BadName { .. })), "{name}");
        }
        for delays in [seconds(&[]), seconds(&[0, 10]), seconds(&[31 * 86_400])] {
            assert!(matches!(Topology::new("work", &delays), Err(BrokerError::BadDelays { .. })), "{delays:?}");
        }
    }
}
