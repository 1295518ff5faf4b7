//! One life of a connection to the broker, from login to the first error.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use lapin::message::Delivery as Message;
use lapin::options::{BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Consumer};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::consume::{Consumed, Settings};
use super::error::BrokerError;
use super::probe::depth;
use super::publish::{OnAlarm, Publisher, close};
use super::{message, topology};
use crate::ports::{Delivery, Mode, Settlement};

/// How often an idle session looks whether the queue is empty (mode [`Mode::Drain`]).
const EMPTY_CHECK: Duration = Duration::from_millis(100);
/// A message may be on its way to us while the broker already counts it as gone: one look is not enough.
const EMPTY_LOOKS: u32 = 3;

pub(super) struct Session<'a> {
    settings: &'a Settings,
    connection: Connection,
    channel: Channel,
    publisher: Publisher,
}

/// How a session ended, if not with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// We were told to stop, or nobody takes deliveries any more.
    Stopped,
    /// The queue is empty and everything from it is settled.
    Drained,
    /// A delivery was given back although nobody told us to stop.
    GivenBack,
}

/// What became of one settlement.
enum Settled {
    Acked,
    Retried,
    Parked,
    /// The channel died first: the message will come again.
    Stale,
    /// To be given back, once nothing new comes in.
    Released(Box<Message>),
}

/// Who takes the deliveries, and until when.
pub(super) struct Taker<'a> {
    pub(super) deliveries: &'a mpsc::Sender<Delivery>,
    pub(super) stop: &'a CancellationToken,
}

impl Taker<'_> {
    pub(super) async fn gone(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = self.deliveries.closed() => {}
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.stop.is_cancelled() || self.deliveries.is_closed()
    }
}

impl<'a> Session<'a> {
    pub(super) async fn open(settings: &'a Settings) -> Result<(Self, Consumer), BrokerError> {
        let (broker, queue) = (&settings.broker, settings.topology.queue());
        let publisher = Publisher::open(broker, OnAlarm::Wait).await?;
        // Side by side: the first event is read sooner.
        let connecting = async {
            let connection = broker.connect("consumer").await?;
            let channel = broker.ask("opened a channel", connection.create_channel()).await?;
            Ok((connection, channel))
        };
        let ((), (connection, channel)) = tokio::try_join!(settings.topology.declare(broker, &publisher.channel), connecting)?;
        // Before the subscription: the broker's own default is no limit at all.
        let limiting = channel.basic_qos(settings.prefetch.max(1), BasicQosOptions { global: false });
        broker.ask("set the prefetch limit", limiting).await?;
        let options = BasicConsumeOptions::default();
        let subscribing = channel.basic_consume(queue.into(), "".into(), options, FieldTable::default());
        let consumer = broker.ask_about(queue, "subscribed", subscribing).await?;
        Ok((Self { settings, connection, channel, publisher }, consumer))
    }

    /// Hands out deliveries and carries out settlements until something ends it. On an error everything that is not
    /// settled is dropped: the broker gives it out again.
    pub(super) async fn run(
        &self,
        mut consumer: Consumer,
        taker: &Taker<'_>,
        mode: Mode,
        consumed: &mut Consumed,
    ) -> Result<Ended, BrokerError> {
        let mut work = Work::default();
        let mut empty_looks = 0;
        let ended = loop {
            tokio::select! {
                Some(settled) = work.settling.next() => {
                    if let Some(message) = consumed.count(settled?) {
                        work.waiting.push_back(*message);
                        break if taker.is_gone() { Ended::Stopped } else { Ended::GivenBack };
                    }
                }
                incoming = consumer.next() => {
                    empty_looks = 0;
                    work.waiting.push_back(self.received(incoming)?);
                }
                slot = taker.deliveries.reserve(), if !work.waiting.is_empty() => {
                    let Ok(slot) = slot else { break Ended::Stopped };
                    if let Some(message) = work.waiting.pop_front() {
                        work.settling.push(self.hand_over(message, slot));
                    }
                }
                () = taker.gone() => break Ended::Stopped,
                () = tokio::time::sleep(EMPTY_CHECK), if mode == Mode::Drain && work.is_empty() => {
                    empty_looks = if self.depth().await? == 0 { empty_looks + 1 } else { 0 };
                    if empty_looks >= EMPTY_LOOKS { break Ended::Drained }
                }
            }
        };
        self.wind_down(consumer, work, consumed).await?;
        Ok(ended)
    }

    fn received(&self, incoming: Option<lapin::Result<Message>>) -> Result<Message, BrokerError> {
        match incoming {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) => Err(self.settings.broker.lost("waited for messages", &error)),
            // We have not asked for an end: the broker cancelled us.
            None => Err(BrokerError::SubscriptionEnded { queue: self.settings.topology.queue().to_owned() }),
        }
    }

    fn hand_over<'s>(&'s self, mut message: Message, slot: mpsc::Permit<'_, Delivery>) -> Settling<'s> {
        let (reply, decision) = oneshot::channel();
        let body = std::mem::take(&mut message.data);
        let envelope = message::envelope(&message.properties, body.clone());
        // Kept for the copy, should one be needed. A body is small against what its event costs.
        message.data = body;
        slot.send(Delivery { envelope, attempt: message::attempt(&message.properties), reply });
        Box::pin(async move { self.settle(message, decision.await.unwrap_or(Settlement::Release)).await })
    }

    async fn settle(&self, message: Message, settlement: Settlement) -> Result<Settled, BrokerError> {
        let done = match settlement {
            Settlement::Release => return Ok(Settled::Released(Box::new(message))),
            Settlement::Ack => Settled::Acked,
            // A copy to a delay queue or the parking lot is of use only while the original is ours to acknowledge.
            Settlement::RetryAfter(_) | Settlement::Park(_) if !message.acker.usable() => return Ok(Settled::Stale),
            Settlement::RetryAfter(delay) => {
                let queue = self.settings.topology.delay_queue_for(delay);
                let next_attempt = message::attempt(&message.properties).saturating_add(1);
                let properties = message::retry_properties(&message.properties, next_attempt);
                self.publisher.publish(&queue, &message.data, properties).await?;
                Settled::Retried
            }
            Settlement::Park(reason) => {
                let properties = message::parked_properties(&message.properties, &reason, Timestamp::now());
                self.publisher.publish(&self.settings.topology.parked(), &message.data, properties).await?;
                Settled::Parked
            }
        };
        Ok(if self.ack(&message).await? { done } else { Settled::Stale })
    }

    /// `false`: the channel is gone, nothing was acknowledged, the message comes again.
    async fn ack(&self, message: &Message) -> Result<bool, BrokerError> {
        self.settings.broker.ask("acknowledged", message.acker.ack(BasicAckOptions::default())).await
    }

    async fn depth(&self) -> Result<u32, BrokerError> {
        depth(&self.settings.broker, &self.channel, self.settings.topology.queue()).await.map(|found| found.messages)
    }

    /// Takes nothing new, gives back what was not handed out, carries out what is still decided.
    async fn wind_down(&self, mut consumer: Consumer, mut work: Work<'_>, consumed: &mut Consumed) -> Result<(), BrokerError> {
        let cancelling = self.channel.basic_cancel(consumer.tag(), BasicCancelOptions::default());
        self.settings.broker.ask("ended the subscription", cancelling).await?;
        // What had arrived before the end; the stream is over after it.
        while let Some(Ok(message)) = consumer.next().await {
            work.waiting.push_back(message);
        }
        loop {
            while let Some(message) = work.waiting.pop_front() {
                self.give_back(&message).await?;
                consumed.released += 1;
            }
            let Some(settled) = work.settling.next().await else { break };
            work.waiting.extend(consumed.count(settled?).map(|message| *message));
        }
        Ok(())
    }

    /// Says goodbye. What is still unacknowledged goes back to the queue.
    pub(super) async fn close(self) {
        close(&self.settings.broker, &self.connection).await;
        self.publisher.close().await;
    }

    /// Only after the subscription has ended: otherwise the broker hands it straight out to us again.
    ///
    /// Every way of giving back counts as a delivery. A worker that halts and is restarted by its supervisor must not
    /// drive its messages over the delivery limit into the parking lot: before that they are replaced by a fresh copy.
    async fn give_back(&self, message: &Message) -> Result<(), BrokerError> {
        let doing = "gave back a message";
        if message::fruitless_deliveries(&message.properties) < topology::DELIVERY_LIMIT / 2 {
            let rejecting = message.acker.reject(BasicRejectOptions { requeue: true });
            return self.settings.broker.ask(doing, rejecting).await.map(|_| ());
        }
        let attempt = message::attempt(&message.properties);
        let properties = message::retry_properties(&message.properties, attempt);
        self.publisher.publish(self.settings.topology.queue(), &message.data, properties).await?;
        self.ack(message).await.map(|_| ())
    }
}

type Settling<'a> = BoxFuture<'a, Result<Settled, BrokerError>>;

/// What a session holds unacknowledged; never more than the prefetch limit.
#[derive(Default)]
struct Work<'a> {
    /// Received, not yet handed out.
    waiting: VecDeque<Message>,
    /// Handed out; each ends with its settlement.
    settling: FuturesUnordered<Settling<'a>>,
}

impl Work<'_> {
    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.settling.is_empty()
    }
}

impl Consumed {
    /// Counts a settlement; returns the message if it has to be given back.
    fn count(&mut self, settled: Settled) -> Option<Box<Message>> {
        match settled {
            Settled::Acked => self.acked += 1,
            Settled::Retried => self.retried += 1,
            Settled::Parked => self.parked += 1,
            Settled::Stale => {
                self.stale += 1;
                debug!("a settlement came after its connection had ended; the message comes again");
            }
            Settled::Released(message) => return Some(message),
        }
        None
    }
}

/// Messages that wait in the delay queues; `None` if it could not be found out.
pub(super) async fn delayed(settings: &Settings) -> Option<u64> {
    let counting = async {
        let connection = settings.broker.connect("counter").await?;
        let channel = settings.broker.ask("opened a channel", connection.create_channel()).await?;
        let mut sum = 0;
        for queue in settings.topology.delay_queues() {
            sum += u64::from(depth(&settings.broker, &channel, &queue).await?.messages);
        }
        close(&settings.broker, &connection).await;
        Ok::<_, BrokerError>(sum)
    };
    counting.await.inspect_err(|error| warn!("the delayed messages could not be counted: {error}")).ok()
}
