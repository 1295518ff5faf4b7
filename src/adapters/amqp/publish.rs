//! Puts messages into queues and believes only what the broker confirmed.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation, Connection};
use tracing::warn;

use super::broker::Broker;
use super::error::BrokerError;
use super::message;
use super::topology::Topology;
use crate::domain::event::Envelope;

const CONFIRM_TIMEOUT: Duration = Duration::from_secs(10);
/// RabbitMQ takes back a delivery that is not acknowledged within 30 min; an event may have used 5 of them.
const ALARM_PATIENCE: Duration = Duration::from_secs(20 * 60);
/// Confirms are awaited in bundles: one at a time is ten times slower, more than this hardly faster.
const CONFIRMS_IN_FLIGHT: usize = 256;

/// Puts events into the work queue, creating the queues if they are missing. All of them are confirmed, or the error
/// says how many are, counted from the first.
pub async fn publish_events(broker: &Broker, topology: &Topology, events: Vec<Envelope>) -> Result<(), BrokerError> {
    let publisher = Publisher::open(broker, OnAlarm::Fail).await?;
    topology.declare(broker, &publisher.channel).await?;
    let published = publish_all(&publisher, topology.queue(), &events).await;
    publisher.close().await;
    published
}

async fn publish_all(publisher: &Publisher, queue: &str, events: &[Envelope]) -> Result<(), BrokerError> {
    let (mut confirmed, total) = (0, events.len());
    let mut rest = events.iter();
    let mut confirms = FuturesOrdered::new();
    loop {
        for event in rest.by_ref().take(CONFIRMS_IN_FLIGHT - confirms.len()) {
            confirms.push_back(publisher.publish(queue, &event.body, message::event_properties(event)));
        }
        match confirms.next().await {
            None => return Ok(()),
            Some(Ok(())) => confirmed += 1,
            Some(Err(cause)) if confirmed == 0 => return Err(cause),
            Some(Err(cause)) => return Err(BrokerError::Partly { confirmed, total, cause: Box::new(cause) }),
        }
    }
}

/// What to do while the broker has an alarm for memory or disk and reads nothing from publishers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnAlarm {
    /// Keep the deliveries and wait. Giving up would send them round until the delivery limit parks them.
    Wait,
    /// A person is waiting.
    Fail,
}

/// A connection of its own: the broker stops reading from connections that publish while it has an alarm, and
/// acknowledgements must get through.
pub(super) struct Publisher {
    broker: Broker,
    connection: Connection,
    pub(super) channel: Channel,
    on_alarm: OnAlarm,
}

impl Publisher {
    pub(super) async fn open(broker: &Broker, on_alarm: OnAlarm) -> Result<Self, BrokerError> {
        let connection = broker.connect("publisher").await?;
        let channel = broker.ask("opened a channel", connection.create_channel()).await?;
        let confirming = channel.confirm_select(ConfirmSelectOptions::default());
        broker.ask("asked for confirms", confirming).await?;
        Ok(Self { broker: broker.clone(), connection, channel, on_alarm })
    }

    /// Returns when the broker has the message safe in exactly this queue.
    pub(super) async fn publish(&self, queue: &str, body: &[u8], properties: BasicProperties) -> Result<(), BrokerError> {
        // Mandatory: without it a message to a missing queue is confirmed and gone.
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        let publishing = async {
            let confirm = self.channel.basic_publish("".into(), queue.into(), options, body, properties).await?;
            confirm.await
        };
        match self.await_confirm(queue, publishing).await? {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Ack(Some(_)) => Err(BrokerError::Unroutable { queue: queue.to_owned() }),
            Confirmation::Nack(_) | Confirmation::NotRequested => Err(BrokerError::NotAccepted { queue: queue.to_owned() }),
        }
    }

    async fn await_confirm(
        &self,
        queue: &str,
        publishing: impl Future<Output = lapin::Result<Confirmation>>,
    ) -> Result<Confirmation, BrokerError> {
        let mut publishing = pin!(publishing);
        let mut waited = Duration::ZERO;
        loop {
            if let Ok(confirmation) = tokio::time::timeout(CONFIRM_TIMEOUT, &mut publishing).await {
                return confirmation.map_err(|error| self.broker.lost("published a message", &error));
            }
            waited += CONFIRM_TIMEOUT;
            let endpoint = self.broker.endpoint();
            match (self.connection.status().blocked(), self.on_alarm) {
                (false, _) => {
                    return Err(BrokerError::QueueSilent { queue: queue.to_owned(), seconds: waited.as_secs() });
                }
                (true, OnAlarm::Wait) if waited < ALARM_PATIENCE => {
                    warn!(queue.broker = %endpoint, waited_seconds = waited.as_secs(), "the broker `{endpoint}` has an alarm for memory or disk and takes no messages: waiting");
                }
                (true, OnAlarm::Wait | OnAlarm::Fail) => return Err(BrokerError::Alarm { endpoint }),
            }
        }
    }

    pub(super) async fn close(self) {
        // During an alarm the broker would not read the goodbye; dropping the connection is enough.
        if !self.connection.status().blocked() {
            close(&self.broker, &self.connection).await;
        }
    }
}

/// Says goodbye; a broker that does not answer is left alone.
pub(super) async fn close(broker: &Broker, connection: &Connection) {
    const GOODBYE: u16 = 200;
    if let Err(error) = broker.ask("closed", connection.close(GOODBYE, "OK".into())).await {
        tracing::debug!(queue.broker = %broker, "no orderly end of the connection: {error}");
    }
}
