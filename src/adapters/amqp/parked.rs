//! The parking lot, looked after by a person: list, show, requeue, drop.
//!
//! Messages are fetched without acknowledgement; all that was not chosen goes back when the channel closes.

use lapin::message::BasicGetMessage;
use lapin::options::{BasicAckOptions, BasicGetOptions};
use lapin::{Channel, Connection};

use super::broker::Broker;
use super::error::BrokerError;
use super::message;
use super::publish::{OnAlarm, Publisher, close};
use super::topology::Topology;
use crate::ports::ParkedMessage;

/// The most messages that one call looks at.
const MOST: usize = 10_000;

/// Which parked messages are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// The one with this id.
    One(String),
    /// All that were there when the work began.
    All,
}

/// The oldest `limit` parked messages (at most 10,000). Leaves them where they are.
pub async fn parked_list(broker: &Broker, topology: &Topology, limit: usize) -> Result<Vec<ParkedMessage>, BrokerError> {
    let lot = Lot::open(broker, topology).await?;
    let mut found = Vec::new();
    while found.len() < limit.min(MOST) {
        let Some(fetched) = lot.fetch().await? else { break };
        found.push(look(fetched).1);
    }
    lot.close().await;
    Ok(found)
}

/// One parked message. Leaves it where it is.
pub async fn parked_show(broker: &Broker, topology: &Topology, id: &str) -> Result<ParkedMessage, BrokerError> {
    let lot = Lot::open(broker, topology).await?;
    for _ in 0..MOST {
        let Some(fetched) = lot.fetch().await? else { break };
        let (_, parked) = look(fetched);
        if parked.id == id {
            lot.close().await;
            return Ok(parked);
        }
    }
    lot.close().await;
    Err(BrokerError::NotParked { id: id.to_owned() })
}

/// Puts messages back into the work queue as if they had just been sent: the first attempt again. Returns how many.
pub async fn parked_requeue(broker: &Broker, topology: &Topology, which: &Selection) -> Result<usize, BrokerError> {
    let publisher = Publisher::open(broker, OnAlarm::Fail).await?;
    topology.declare(broker, &publisher.channel).await?;
    let lot = Lot::open(broker, topology).await?;
    let requeued = take_out(&lot, which, Some(&publisher)).await?;
    publisher.close().await;
    lot.close().await;
    Ok(requeued)
}

/// Deletes messages for good. Returns how many.
pub async fn parked_drop(broker: &Broker, topology: &Topology, which: &Selection) -> Result<usize, BrokerError> {
    let lot = Lot::open(broker, topology).await?;
    let dropped = take_out(&lot, which, None).await?;
    lot.close().await;
    Ok(dropped)
}

/// With a publisher: copied to the work queue, confirmed, then acknowledged here. Without: acknowledged.
async fn take_out(lot: &Lot<'_>, which: &Selection, publisher: Option<&Publisher>) -> Result<usize, BrokerError> {
    let mut taken = 0;
    for _ in 0..lot.depth.min(MOST) {
        let Some(fetched) = lot.fetch().await? else { break };
        let (fetched, parked) = look(fetched);
        if let Selection::One(id) = which
            && *id != parked.id
        {
            continue;
        }
        if let Some(publisher) = publisher {
            let properties = message::fresh_properties(&fetched.properties);
            publisher.publish(lot.topology.queue(), &parked.body, properties).await?;
        }
        // `false` (the channel died): it stays parked, and a copy may be in the work queue. Twice is harmless, lost is not.
        let acking = fetched.acker.ack(BasicAckOptions::default());
        taken += usize::from(lot.broker.ask("took out a parked message", acking).await?);
        if matches!(which, Selection::One(_)) {
            return Ok(taken);
        }
    }
    match which {
        Selection::One(id) => Err(BrokerError::NotParked { id: id.clone() }),
        Selection::All => Ok(taken),
    }
}

fn look(mut fetched: BasicGetMessage) -> (BasicGetMessage, ParkedMessage) {
    let body = std::mem::take(&mut fetched.delivery.data);
    let parked = message::parked_message(&fetched.delivery.properties, body);
    (fetched, parked)
}

struct Lot<'a> {
    broker: &'a Broker,
    topology: &'a Topology,
    connection: Connection,
    channel: Channel,
    /// When it was opened: what comes in later is not touched.
    depth: usize,
}

impl<'a> Lot<'a> {
    async fn open(broker: &'a Broker, topology: &'a Topology) -> Result<Self, BrokerError> {
        let connection = broker.connect("parking lot").await?;
        let channel = broker.ask("opened a channel", connection.create_channel()).await?;
        let depth = super::probe::depth(broker, &channel, &topology.parked()).await?.messages as usize;
        Ok(Self { broker, topology, connection, channel, depth })
    }

    async fn fetch(&self) -> Result<Option<BasicGetMessage>, BrokerError> {
        let fetching = self.channel.basic_get(self.topology.parked().into(), BasicGetOptions::default());
        self.broker.ask_about(&self.topology.parked(), "fetched a parked message", fetching).await
    }

    async fn close(self) {
        close(self.broker, &self.connection).await;
    }
}
