//! [`probe`]: is the broker there, does it let us in, are the queues there. Changes nothing.

use lapin::Channel;
use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;

use super::broker::Broker;
use super::error::BrokerError;
use super::publish::close;
use super::topology::Topology;

/// What a look at the broker showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub endpoint: String,
    /// Work, delays, parking lot; `None` for a queue that is not there yet.
    pub queues: Vec<(String, Option<QueueDepth>)>,
}

/// What a queue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueDepth {
    /// Ready, not handed out.
    pub messages: u32,
    pub consumers: u32,
}

/// Logs in and looks at every queue.
pub async fn probe(broker: &Broker, topology: &Topology) -> Result<Probe, BrokerError> {
    let connection = broker.connect("probe").await?;
    let names = [topology.queue().to_owned()].into_iter().chain(topology.delay_queues()).chain([topology.parked()]);
    let mut queues = Vec::new();
    for name in names {
        // A question about a missing queue closes its channel.
        let channel = broker.ask("opened a channel", connection.create_channel()).await?;
        let found = match depth(broker, &channel, &name).await {
            Ok(found) => Some(found),
            Err(BrokerError::QueueMissing { .. }) => None,
            Err(error) => return Err(error),
        };
        queues.push((name, found));
    }
    close(broker, &connection).await;
    Ok(Probe { endpoint: broker.endpoint(), queues })
}

pub(super) async fn depth(broker: &Broker, channel: &Channel, queue: &str) -> Result<QueueDepth, BrokerError> {
    let options = QueueDeclareOptions { passive: true, ..Default::default() };
    let looking = channel.queue_declare(queue.into(), options, FieldTable::default());
    let found = broker.ask_about(queue, "looked at a queue", looking).await?;
    Ok(QueueDepth { messages: found.message_count(), consumers: found.consumer_count() })
}
