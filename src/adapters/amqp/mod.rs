//! The queue on RabbitMQ (AMQP 0-9-1), for many workers on many machines.
//!
//! [`consume()`] turns a queue into a channel of [`Delivery`](crate::ports::Delivery); [`publish_events`] fills it;
//! the parking lot is looked after by [`parked_list`] and its neighbours; [`probe()`] looks and touches nothing.
//!
//! The rules, each held by a test in `tests/it/amqp.rs`:
//!
//! * A message is acknowledged last: after its effect, or after its copy is confirmed in a delay queue or the
//!   parking lot. A crash in between gives a repetition, never a loss.
//! * The library's automatic recovery stays off: it goes silent when a channel is closed or a broker freezes.
//!   Any error, and an end of the stream that we did not ask for, ends the session; it is rebuilt whole.
//! * Attempts are counted in our own header: the broker's counters differ between its versions.
//!
//! This module must not know what is in a message.

mod broker;
mod consume;
mod error;
mod message;
mod parked;
mod probe;
mod publish;
mod session;
mod topology;

pub use broker::Broker;
pub use consume::{Consumed, Settings, consume};
pub use error::BrokerError;
pub use parked::{Selection, parked_drop, parked_list, parked_requeue, parked_show};
pub use probe::{Probe, QueueDepth, probe};
pub use publish::publish_events;
pub use topology::Topology;
