//! The queue on a real RabbitMQ, with real faults.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use baton::adapters::amqp::{
    Broker, BrokerError, Consumed, QueueDepth, Selection, Settings, Topology, consume, parked_drop, parked_list, parked_requeue,
    parked_show, probe, publish_events,
};
use baton::domain::event::Envelope;
use baton::ports::{Delivery, Mode, ParkReason, Settlement};
use lapin::BasicProperties;
use lapin::options::QueueDeclareOptions;
use lapin::types::{AMQPValue, FieldTable};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::broker::{self, Queues};
use crate::support::proxy::Proxy;

/// Longer than a broken connection may take to come back.
const RECOVERY: Duration = Duration::from_secs(15);

/// A running consumer, driven in the background.
struct Consumer {
    deliveries: mpsc::Receiver<Delivery>,
    stop: CancellationToken,
    driver: JoinSet<Result<Consumed, BrokerError>>,
}

impl Consumer {
    fn start(settings: Settings) -> Self {
        Self::start_in(settings, Mode::UntilStopped)
    }

    fn start_in(settings: Settings, mode: Mode) -> Self {
        let stop = CancellationToken::new();
        let (deliveries, driving) = consume(settings, stop.clone(), mode);
        let mut driver = JoinSet::new();
        driver.spawn(driving);
        Self { deliveries, stop, driver }
    }

    async fn next(&mut self) -> Delivery {
        let next = tokio::time::timeout(RECOVERY, self.deliveries.recv()).await;
        next.expect("no delivery in time").expect("the consumer has ended")
    }

    /// The next one whose connection is still there.
    async fn next_live(&mut self) -> Delivery {
        loop {
            let delivery = self.next().await;
            if !delivery.reply.is_closed() {
                return delivery;
            }
        }
    }

    async fn stop(self) -> Consumed {
        self.stop.cancel();
        self.ended().await
    }

    async fn ended(mut self) -> Consumed {
        drop(self.deliveries);
        let ended = tokio::time::timeout(RECOVERY, self.driver.join_next()).await;
        ended.expect("the consumer does not end").unwrap().unwrap().unwrap()
    }
}

fn settle(delivery: Delivery, settlement: Settlement) {
    delivery.reply.send(settlement).unwrap();
}

/// Waits until the consumer has noticed that a delivery's connection is gone.
async fn notice(delivery: &mut Delivery) {
    tokio::time::timeout(RECOVERY, delivery.reply.closed()).await.expect("the break was not noticed");
}

fn body(delivery: &Delivery) -> String {
    String::from_utf8(delivery.envelope.body.clone()).unwrap()
}

fn retry(seconds: u64) -> Settlement {
    Settlement::RetryAfter(Duration::from_secs(seconds))
}

fn reason(class: &str) -> ParkReason {
    ParkReason { class: class.to_owned(), message: format!("{class}, says the test"), attempt: 2 }
}

// ---- delays and attempts ------------------------------------------------------------------------

#[tokio::test]
async fn a_retried_event_comes_back_after_its_delay_with_the_next_attempt_and_unchanged() {
    Queues::with(&[1, 2], async |queues| {
        let mut consumer = Consumer::start(queues.settings(4));
        queues.wait_for_depth(queues.topology.queue(), 0).await;
        let mut headers = FieldTable::default();
        headers.insert("cloudEvents:id".into(), AMQPValue::LongString("evt-1".into()));
        headers.insert("x-death".into(), AMQPValue::LongString("forged".into()));
        let properties = BasicProperties::default().with_headers(headers).with_content_type("application/json".into());
        queues.send(queues.topology.queue(), b"{}", properties.with_user_id("guest".into())).await;

        let first = consumer.next().await;
        let envelope = first.envelope.clone();
        assert_eq!(envelope.attributes, [("id".to_owned(), "evt-1".to_owned())].into());
        assert_eq!((envelope.content_type.as_deref(), first.attempt), (Some("application/json"), 1));
        let mut delivery = first;
        for (wanted, attempt) in [(1, 2), (2, 3)] {
            let sent = Instant::now();
            settle(delivery, retry(wanted));
            delivery = consumer.next().await;
            let waited = sent.elapsed().as_secs_f64();
            assert!((wanted as f64..wanted as f64 * 1.2 + 0.5).contains(&waited), "waited {waited} s instead of {wanted} s");
            assert_eq!((delivery.attempt, &delivery.envelope), (attempt, &envelope));
        }
        settle(delivery, Settlement::Ack);
        let consumed = consumer.stop().await;
        assert_eq!((consumed.acked, consumed.retried, consumed.sessions), (1, 2, 1));
        for queue in queues.topology.delay_queues().chain([queues.topology.queue().to_owned()]) {
            queues.wait_for_depth(&queue, 0).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_short_delay_is_not_stuck_behind_a_longer_one() {
    Queues::with(&[1, 3], async |queues| {
        queues.fill(2).await;
        let mut consumer = Consumer::start(queues.settings(2));
        let (long, short) = (consumer.next().await, consumer.next().await);
        let expected = body(&short);
        settle(long, retry(3));
        settle(short, retry(1));
        assert_eq!(body(&consumer.next().await), expected);
        consumer.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_drain_ends_with_the_queue_empty_and_counts_what_is_delayed() {
    Queues::with(&[60], async |queues| {
        queues.fill(20).await;
        let mut consumer = Consumer::start_in(queues.settings(4), Mode::Drain);
        let mut seen = BTreeSet::new();
        while let Some(delivery) = consumer.deliveries.recv().await {
            seen.insert(body(&delivery));
            let settlement = if body(&delivery) == "7" { retry(1) } else { Settlement::Ack };
            settle(delivery, settlement);
        }
        assert_eq!(seen.len(), 20);
        let consumed = consumer.ended().await;
        assert_eq!((consumed.acked, consumed.retried, consumed.delayed), (19, 1, Some(1)));
    })
    .await;
}

// ---- the parking lot ----------------------------------------------------------------------------

#[tokio::test]
async fn a_parked_event_is_listed_with_its_reason_and_a_requeue_makes_it_new() {
    Queues::with(&[1], async |queues| {
        queues.fill(3).await;
        let mut consumer = Consumer::start(queues.settings(8));
        for class in ["poison", "permanent", "attempts_used_up"] {
            settle(consumer.next().await, Settlement::Park(reason(class)));
        }
        queues.wait_for_depth(&queues.topology.parked(), 3).await;

        let listed = parked_list(&queues.broker, &queues.topology, 100).await.unwrap();
        let reasons: Vec<_> = listed.iter().map(|parked| parked.reason.clone()).collect();
        assert_eq!(reasons, ["poison", "permanent", "attempts_used_up"].map(reason));
        assert!(listed.iter().all(|parked| parked.parked_at.is_some()));
        assert_eq!(parked_list(&queues.broker, &queues.topology, 2).await.unwrap().len(), 2);
        let second = &listed[1];
        assert_eq!(&parked_show(&queues.broker, &queues.topology, &second.id).await.unwrap(), second);

        let one = Selection::One(second.id.clone());
        assert_eq!(parked_requeue(&queues.broker, &queues.topology, &one).await.unwrap(), 1);
        let again = consumer.next().await;
        assert_eq!((again.attempt, &again.envelope.body), (1, &second.body));
        settle(again, Settlement::Ack);
        assert_eq!(
            parked_requeue(&queues.broker, &queues.topology, &one).await.unwrap_err(),
            BrokerError::NotParked { id: second.id.clone() }
        );
        let first = Selection::One(listed[0].id.clone());
        assert_eq!(parked_drop(&queues.broker, &queues.topology, &first).await.unwrap(), 1);
        let left = parked_list(&queues.broker, &queues.topology, 100).await.unwrap();
        assert_eq!(left, listed[2..]);
        assert_eq!(parked_requeue(&queues.broker, &queues.topology, &Selection::All).await.unwrap(), 1);
        assert_eq!(body(&consumer.next().await), "2");
        consumer.stop().await;
    })
    .await;
}

#[tokio::test]
async fn looking_at_the_parking_lot_never_drops_anything() {
    Queues::with(&[1], async |queues| {
        queues.fill(0).await;
        queues.send(&queues.topology.parked(), b"kept", BasicProperties::default()).await;
        for _ in 0..30 {
            let listed = parked_list(&queues.broker, &queues.topology, 10).await.unwrap();
            assert_eq!(listed.len(), 1);
        }
        queues.wait_for_depth(&queues.topology.parked(), 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_message_that_crashes_every_worker_ends_in_the_parking_lot() {
    Queues::with(&[1], async |queues| {
        queues.fill(1).await;
        let mut crashes = 0;
        while crashes < 40 && queues.crash_with_one(queues.topology.queue()).await.is_some() {
            crashes += 1;
        }
        queues.wait_for_depth(&queues.topology.parked(), 1).await;
        assert_eq!(crashes, 21, "twenty returns, the next one parks");
        let parked = parked_list(&queues.broker, &queues.topology, 10).await.unwrap();
        assert_eq!((parked[0].reason.class.as_str(), parked[0].body.as_slice()), ("delivery_limit", b"0".as_slice()));
    })
    .await;
}

// ---- giving back --------------------------------------------------------------------------------

#[tokio::test]
async fn what_is_given_back_comes_again_as_it_was_and_does_not_spin() {
    Queues::with(&[1], async |queues| {
        queues.fill(3).await;
        let mut consumer = Consumer::start(queues.settings(8));
        let [first, second, third] = [consumer.next().await, consumer.next().await, consumer.next().await];
        settle(second, Settlement::Release);
        // What is still being worked on is waited for: it can be settled as if nothing had happened.
        tokio::time::sleep(Duration::from_millis(100)).await;
        settle(first, Settlement::Ack);
        settle(third, Settlement::Ack);
        let again = consumer.next().await;
        assert_eq!((body(&again), again.attempt), ("1".to_owned(), 1));
        settle(again, Settlement::Ack);
        let consumed = consumer.stop().await;
        assert_eq!((consumed.acked, consumed.released, consumed.sessions), (3, 1, 2));
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_halts_and_is_restarted_for_ever_never_parks_anything() {
    Queues::with(&[1], async |queues| {
        queues.fill(3).await;
        for _ in 0..30 {
            let mut consumer = Consumer::start(queues.settings(3));
            let delivery = consumer.next().await;
            assert_eq!(delivery.attempt, 1);
            settle(delivery, Settlement::Release);
            drop(consumer.deliveries);
            consumer.driver.join_next().await.unwrap().unwrap().unwrap();
        }
        queues.wait_for_depth(queues.topology.queue(), 3).await;
        queues.wait_for_depth(&queues.topology.parked(), 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_stop_carries_out_what_is_still_decided() {
    Queues::with(&[1], async |queues| {
        queues.fill(5).await;
        let mut consumer = Consumer::start(queues.settings(5));
        let (first, second) = (consumer.next().await, consumer.next().await);
        consumer.stop.cancel();
        // The rest is given back at once, although two events are still being worked on.
        let given_back = async || queues.depth(queues.topology.queue()).await.unwrap() >= 2;
        let stopped = Instant::now();
        while !given_back().await {
            assert!(stopped.elapsed() < RECOVERY);
        }
        while let Ok(not_started) = consumer.deliveries.try_recv() {
            settle(not_started, Settlement::Release);
        }
        settle(first, Settlement::Ack);
        settle(second, Settlement::Park(reason("permanent")));
        let consumed = consumer.ended().await;
        assert_eq!((consumed.acked, consumed.parked, consumed.released), (1, 1, 3));
        queues.wait_for_depth(queues.topology.queue(), 3).await;
        queues.wait_for_depth(&queues.topology.parked(), 1).await;
    })
    .await;
}

// ---- faults -------------------------------------------------------------------------------------

#[tokio::test]
async fn a_settlement_for_a_dead_connection_changes_nothing_and_the_event_comes_again() {
    Queues::with(&[1], async |queues| {
        queues.fill(1).await;
        let proxy = Proxy::before(&queues.endpoint()).await;
        let mut consumer = Consumer::start(queues.settings_through(&proxy, 4, 10));
        let mut before = consumer.next().await;
        proxy.cut();
        notice(&mut before).await;
        assert_eq!(before.reply.send(Settlement::Park(reason("late"))), Err(Settlement::Park(reason("late"))));
        let again = consumer.next().await;
        assert_eq!((body(&again), again.attempt), ("0".to_owned(), 1));
        settle(again, Settlement::Ack);
        let consumed = consumer.stop().await;
        assert_eq!((consumed.acked, consumed.sessions), (1, 2));
        queues.wait_for_depth(&queues.topology.parked(), 0).await;
        queues.wait_for_depth(queues.topology.queue(), 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_crashed_worker_costs_no_attempt_and_no_event() {
    Queues::with(&[1], async |queues| {
        queues.fill(10).await;
        let mut crashing = Consumer::start(queues.settings(4));
        let held = [crashing.next().await, crashing.next().await];
        crashing.driver.abort_all();
        drop(held);
        let mut consumer = Consumer::start(queues.settings(4));
        let mut seen = BTreeSet::new();
        while seen.len() < 10 {
            let delivery = consumer.next().await;
            assert_eq!(delivery.attempt, 1);
            seen.insert(body(&delivery));
            settle(delivery, Settlement::Ack);
        }
        consumer.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_prefetch_limit_holds_over_twenty_forced_reconnects() {
    const PREFETCH: u16 = 3;
    Queues::with(&[1], async |queues| {
        queues.fill(200).await;
        let proxy = Proxy::before(&queues.endpoint()).await;
        let mut consumer = Consumer::start(queues.settings_through(&proxy, PREFETCH, 10));
        let (mut most, mut acked, mut held) = (0, 0, Vec::new());
        for _ in 0..20 {
            while held.len() < usize::from(PREFETCH) {
                held.push(consumer.next_live().await);
            }
            // As long as nothing is settled, nothing more comes.
            let more = tokio::time::timeout(Duration::from_millis(30), consumer.deliveries.recv()).await;
            assert!(more.is_err(), "a delivery over the limit");
            most = most.max(held.iter().filter(|delivery| !delivery.reply.is_closed()).count());
            settle(held.remove(0), Settlement::Ack);
            held.push(consumer.next_live().await);
            acked += 1;
            let ready = queues.depth(queues.topology.queue()).await.unwrap();
            assert!(200 - acked - ready <= u32::from(PREFETCH), "{ready} ready after {acked}");
            proxy.cut();
            for mut delivery in held.drain(..) {
                notice(&mut delivery).await;
            }
        }
        assert_eq!(most, usize::from(PREFETCH));
        assert!(consumer.stop().await.sessions >= 20);
    })
    .await;
}

#[tokio::test]
async fn a_frozen_broker_is_noticed_and_consumed_from_again_when_it_thaws() {
    Queues::with(&[1], async |queues| {
        let proxy = Proxy::before(&queues.endpoint()).await;
        queues.fill(1).await;
        let mut consumer = Consumer::start(queues.settings_through(&proxy, 4, 1));
        let mut held = consumer.next().await;
        proxy.stall();
        let frozen = Instant::now();
        notice(&mut held).await;
        assert!(frozen.elapsed() < Duration::from_secs(3), "noticed only after {:?}", frozen.elapsed());
        proxy.resume();
        let thawed = Instant::now();
        let again = consumer.next().await;
        assert!(thawed.elapsed() < RECOVERY, "back only after {:?}", thawed.elapsed());
        settle(again, Settlement::Ack);
        consumer.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_deleted_queue_is_created_again_and_consumed_from() {
    Queues::with(&[1], async |queues| {
        queues.fill(1).await;
        let mut consumer = Consumer::start(queues.settings(4));
        settle(consumer.next().await, Settlement::Ack);
        queues.delete(queues.topology.queue()).await;
        let deleted = Instant::now();
        while queues.depth(queues.topology.queue()).await.is_none() {
            assert!(deleted.elapsed() < RECOVERY);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        queues.fill(1).await;
        settle(consumer.next().await, Settlement::Ack);
        assert_eq!(consumer.stop().await.acked, 2);
    })
    .await;
}

#[tokio::test]
async fn an_event_whose_delay_queue_vanished_is_not_acknowledged_and_comes_again() {
    Queues::with(&[1], async |queues| {
        queues.fill(1).await;
        let mut consumer = Consumer::start(queues.settings(4));
        let delivery = consumer.next().await;
        queues.delete(&queues.topology.delay_queues().next().unwrap()).await;
        settle(delivery, retry(1));
        let again = consumer.next().await;
        assert_eq!((body(&again), again.attempt), ("0".to_owned(), 1));
        settle(again, retry(1));
        let retried = consumer.next().await;
        assert_eq!((body(&retried), retried.attempt), ("0".to_owned(), 2));
        settle(retried, Settlement::Ack);
        let consumed = consumer.stop().await;
        assert_eq!((consumed.retried, consumed.acked, consumed.sessions), (1, 1, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_confirmed_event_is_lost_when_the_broker_is_killed_and_restarted_under_load() {
    let Some(restarter) = broker::restarter() else { return };
    let _guard = broker::alone().await;
    let url = broker::url().unwrap();
    Queues::with_unguarded(url, &[1], async |queues| {
        let confirmed = Arc::new(Mutex::new(BTreeSet::new()));
        let publishing = CancellationToken::new();
        let mut publisher = JoinSet::new();
        publisher.spawn(publish_until(queues.clone(), publishing.clone(), Arc::clone(&confirmed)));
        let mut consumer = Consumer::start(queues.settings(16));
        // The sink: what an event does, keyed by the event.
        let mut effects: BTreeMap<String, u32> = BTreeMap::new();
        let taken = Arc::new(AtomicU32::new(0));
        let mut faults = JoinSet::new();
        let down = restarter.clone();
        let progress = Arc::clone(&taken);
        faults.spawn(async move {
            // RabbitMQ 3.10 forgets a quorum queue that was declared a moment before the kill: it comes back empty and
            // without a leader, for good. That is the broker's, not ours to prove.
            tokio::time::sleep(Duration::from_secs(4)).await;
            // Each fault hits a consumer that is at work again.
            for actions in [["kill9", "start"].as_slice(), &["restart"], &[]] {
                let before = progress.load(Ordering::SeqCst);
                while progress.load(Ordering::SeqCst) < before + 100 {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                for action in actions {
                    broker::operate(&down, action).await;
                }
            }
            publishing.cancel();
        });
        let mut idle_since = Instant::now();
        loop {
            let done = faults.is_empty() && publisher.is_empty();
            let missing = || confirmed.lock().unwrap().iter().filter(|id| !effects.contains_key(*id)).count();
            assert!(
                idle_since.elapsed() < 2 * RECOVERY,
                "nothing came any more: faults over: {}, publisher over: {}, {} missing",
                faults.is_empty(),
                publisher.is_empty(),
                missing()
            );
            match tokio::time::timeout(Duration::from_millis(300), consumer.deliveries.recv()).await {
                Ok(Some(delivery)) => {
                    idle_since = Instant::now();
                    let number = taken.fetch_add(1, Ordering::SeqCst);
                    let id = body(&delivery);
                    // Every seventh is tried twice.
                    let settlement = if number.is_multiple_of(7) && delivery.attempt == 1 { retry(1) } else { Settlement::Ack };
                    if settlement == Settlement::Ack {
                        *effects.entry(id).or_default() += 1;
                    }
                    // Refused if the connection has ended: it comes again.
                    let _refused = delivery.reply.send(settlement);
                }
                Ok(None) => panic!("the consumer ended"),
                Err(_) if done && missing() == 0 => break,
                Err(_) => {}
            }
            while let Some(result) = faults.try_join_next().or_else(|| publisher.try_join_next()) {
                result.unwrap();
            }
        }
        let consumed = consumer.stop().await;
        let confirmed = confirmed.lock().unwrap();
        let repeated = effects.values().filter(|times| **times > 1).count();
        assert!(confirmed.len() > 200, "only {} events: no load", confirmed.len());
        assert!(consumed.sessions >= 3, "{consumed:?}");
        assert!(repeated <= 16 * 3, "{repeated} repetitions: more than the prefetch windows");
    })
    .await;
}

/// Numbered events, each published until it is confirmed, about 200 a second.
async fn publish_until(queues: Queues, stop: CancellationToken, confirmed: Arc<Mutex<BTreeSet<String>>>) {
    let mut number = 0;
    while !stop.is_cancelled() {
        let ids: Vec<_> = (number..number + 20).map(|id| id.to_string()).collect();
        let events = ids.iter().map(|id| Envelope { body: id.clone().into_bytes(), ..Envelope::default() }).collect();
        if publish_events(&queues.broker, &queues.topology, events).await.is_ok() {
            confirmed.lock().unwrap().extend(ids);
            number += 20;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

// ---- errors that say how to mend them -----------------------------------------------------------

#[tokio::test]
async fn a_peer_that_accepts_and_never_answers_is_given_up_after_ten_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = listener.local_addr().unwrap().to_string();
    let broker = Broker::parse(&format!("amqp://guest:guest@{endpoint}/%2f")).unwrap();
    let begun = Instant::now();
    let error = probe(&broker, &Topology::new("silent", &Topology::DELAYS).unwrap()).await.unwrap_err();
    assert_eq!(error, BrokerError::Silent { endpoint, seconds: 10 });
    assert!(begun.elapsed() < Duration::from_secs(11), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_peer_that_stays_silent_costs_one_connection_and_no_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = listener.local_addr().unwrap();
    let broker = Broker::parse(&format!("amqp://guest:guest@{endpoint}/%2f?connection_timeout=300")).unwrap();
    let topology = Topology::new("silent", &Topology::DELAYS).unwrap();
    let mut accepted = Vec::new();
    for attempt in 0..3 {
        assert!(matches!(probe(&broker, &topology).await, Err(BrokerError::Silent { .. })));
        accepted.push(listener.accept().await.unwrap().0);
        if attempt > 0 {
            // The header, then the end: nothing of this attempt is left.
            let mut received = Vec::new();
            let reading = accepted[attempt].read_to_end(&mut received);
            tokio::time::timeout(Duration::from_secs(5), reading).await.expect("still open").unwrap();
            assert_eq!(received, b"AMQP\x00\x00\x09\x01");
        }
    }
}

#[tokio::test]
async fn nobody_listening_is_said_at_once() {
    let begun = Instant::now();
    let endpoint = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let broker = Broker::parse(&format!("amqp://guest:s3cret@{endpoint}/%2f")).unwrap();
    let error = probe(&broker, &Topology::new("nobody", &Topology::DELAYS).unwrap()).await.unwrap_err();
    assert!(matches!(&error, BrokerError::Unreachable { endpoint: named, .. } if *named == endpoint), "{error:?}");
    assert!(!error.to_string().contains("s3cret"));
    assert!(!error.needs_a_person());
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_virtual_host_are_told_apart_and_end_a_first_start() {
    Queues::with(&[1], async |queues| {
        let endpoint = queues.endpoint();
        let start = async |url: String| {
            let settings = Settings { broker: Broker::parse(&url).unwrap(), ..queues.settings(1) };
            let (_deliveries, driving) = consume(settings, CancellationToken::new(), Mode::UntilStopped);
            driving.await.unwrap_err()
        };
        let refused = start(format!("amqp://guest:wrong-s3cret@{endpoint}/%2f")).await;
        assert_eq!(refused, BrokerError::LoginRefused { endpoint: endpoint.clone(), user: "guest".to_owned() });
        assert!(!refused.to_string().contains("s3cret"));
        let vhost = start(format!("{}nowhere", queues.url.trim_end_matches("%2f"))).await;
        let (user, vhost_name) = ("guest".to_owned(), "nowhere".to_owned());
        assert_eq!(vhost, BrokerError::VhostRefused { endpoint, user, vhost: vhost_name });
    })
    .await;
}

#[tokio::test]
async fn a_port_that_does_not_speak_tls_is_never_spoken_to_in_the_clear() {
    Queues::with(&[1], async |queues| {
        let broker = Broker::parse(&queues.url.replace("amqp://", "amqps://")).unwrap();
        let error = probe(&broker, &queues.topology).await.unwrap_err();
        assert_eq!(error, BrokerError::TlsRefused { endpoint: queues.endpoint() });
    })
    .await;
}

#[tokio::test]
async fn a_queue_with_other_arguments_is_named() {
    Queues::with(&[1], async |queues| {
        let (_connection, channel) = queues.channel().await;
        let name = queues.topology.queue();
        channel.queue_declare(name.into(), QueueDeclareOptions::durable(), FieldTable::default()).await.unwrap();
        let error = publish_events(&queues.broker, &queues.topology, Vec::new()).await.unwrap_err();
        assert_eq!(error, BrokerError::OtherArguments { queue: name.to_owned() });
    })
    .await;
}

#[tokio::test]
async fn a_probe_counts_what_is_there_and_creates_nothing() {
    Queues::with(&[1, 2], async |queues| {
        let found = probe(&queues.broker, &queues.topology).await.unwrap();
        assert_eq!(found.endpoint, queues.endpoint());
        assert_eq!(found.queues.len(), 4);
        assert!(found.queues.iter().all(|(_, depth)| depth.is_none()));
        queues.fill(3).await;
        queues.wait_for_depth(queues.topology.queue(), 3).await;
        let found = probe(&queues.broker, &queues.topology).await.unwrap();
        assert_eq!(found.queues[0], (queues.topology.queue().to_owned(), Some(QueueDepth { messages: 3, consumers: 0 })));
        assert_eq!(found.queues[3], (queues.topology.parked(), Some(QueueDepth { messages: 0, consumers: 0 })));
    })
    .await;
}

#[tokio::test]
async fn two_thousand_events_are_all_confirmed() {
    Queues::with(&[1], async |queues| {
        queues.fill(2000).await;
        queues.wait_for_depth(queues.topology.queue(), 2000).await;
    })
    .await;
}
