//! [`Inbox::consume`]: takes what is due, hands it out, applies the settlements.

use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use futures_util::{FutureExt as _, future};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Row as _, Sqlite, Transaction};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{Failing, Inbox, InboxError, micros, now};
use crate::domain::event::Envelope;
use crate::ports::{Delivery, Mode, Settlement};

/// How often an idle consumer looks for messages of other processes and for delays that have passed. One look is one
/// read of an index.
const POLL: Duration = Duration::from_millis(50);

/// What became of the deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consumed {
    pub acked: u64,
    pub retried: u64,
    pub parked: u64,
    pub released: u64,
    /// Settled after their lease had ended: they come again.
    pub stale: u64,
    /// Messages that wait for their retry, at the end. `None`: not known.
    pub delayed: Option<u64>,
}

/// How many messages a queue holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    pub ready: u64,
    /// Taken by a consumer; one that crashed counts until its lease ends.
    pub in_work: u64,
    /// Waiting for another try.
    pub delayed: u64,
    pub parked: u64,
}

impl Inbox {
    /// Consumes the queue. The deliveries come out of the channel while the caller drives the future; at most
    /// `prefetch` are without a settlement at any time. Stops when told to, and when the receiver is dropped: the
    /// channel ends, and the future with the last settlement.
    pub fn consume(
        &self,
        prefetch: u16,
        stop: CancellationToken,
        mode: Mode,
    ) -> (mpsc::Receiver<Delivery>, impl Future<Output = Result<Consumed, InboxError>> + Send + use<>) {
        let prefetch = usize::from(prefetch.max(1));
        let (deliveries, receiver) = mpsc::channel(prefetch);
        let inbox = self.clone();
        (receiver, async move { Consumer::new(inbox, prefetch, deliveries, mode).await?.run(stop).await })
    }
}

/// One message under a lease: its row and the tries it was leased with.
#[derive(Debug, Clone, Copy)]
struct Lease {
    id: i64,
    tries: i64,
}

type Settling = BoxFuture<'static, (Lease, Settlement)>;

struct Consumer {
    inbox: Inbox,
    /// Names this consumer in the table.
    holder: String,
    prefetch: usize,
    /// `None` once it takes no more.
    deliveries: Option<mpsc::Sender<Delivery>>,
    mode: Mode,
    /// Handed out and not settled.
    in_work: FuturesUnordered<Settling>,
    /// Settled and not yet written down.
    settled: Vec<(Lease, Settlement)>,
    renew_at: Instant,
    consumed: Consumed,
}

impl Consumer {
    async fn new(inbox: Inbox, prefetch: usize, deliveries: mpsc::Sender<Delivery>, mode: Mode) -> Result<Self, InboxError> {
        let failing = inbox.failing("began to consume");
        let holder = sqlx::query_scalar("select lower(hex(randomblob(8)))").fetch_one(&inbox.pool).await;
        let holder = holder.map_err(|error| failing.error(&error))?;
        let renew_at = Instant::now() + inbox.lease / 3;
        Ok(Self {
            inbox,
            holder,
            prefetch,
            deliveries: Some(deliveries),
            mode,
            in_work: FuturesUnordered::new(),
            settled: Vec::new(),
            renew_at,
            consumed: Consumed::default(),
        })
    }

    async fn run(mut self, stop: CancellationToken) -> Result<Consumed, InboxError> {
        loop {
            // Listening begins before the look at the table: what is added in between wakes us.
            let filled = std::sync::Arc::clone(&self.inbox.filled);
            let mut woken = std::pin::pin!(filled.notified());
            woken.as_mut().enable();
            if stop.is_cancelled() || self.deliveries.as_ref().is_some_and(mpsc::Sender::is_closed) {
                self.deliveries = None;
            }
            match self.turn().await {
                Ok(()) => {}
                // Nothing is lost: settlements are kept for the next turn.
                Err(InboxError::Busy { file }) => {
                    warn!(queue.file = %file, "the queue is locked by another process; trying again")
                }
                Err(error) => return Err(error),
            }
            if self.is_done().await? {
                break;
            }
            self.wait(&stop, woken).await;
        }
        // Only for the report: what was settled stays settled.
        self.consumed.delayed = self.inbox.depth().await.ok().map(|depth| depth.delayed);
        Ok(self.consumed)
    }

    /// Writes down what was settled and takes what is due, in one transaction.
    async fn turn(&mut self) -> Result<(), InboxError> {
        let turn = Turn {
            inbox: self.inbox.clone(),
            holder: self.holder.clone(),
            settled: self.settled.clone(),
            take: if self.deliveries.is_some() { self.prefetch - self.in_work.len() } else { 0 },
            renew: Instant::now() >= self.renew_at,
        };
        let did_renew = turn.renew;
        let Done { taken, consumed } = self.inbox.tracked(turn.run()).await?;
        if did_renew {
            self.renew_at = Instant::now() + self.inbox.lease / 3;
        }
        self.settled.clear();
        self.add_up(&consumed);
        for (lease, attempt, envelope) in taken {
            self.hand_out(lease, attempt, envelope);
        }
        Ok(())
    }

    fn hand_out(&mut self, lease: Lease, attempt: u32, envelope: Envelope) {
        let (reply, settlement) = oneshot::channel();
        // The channel has room for as many as may be in work. If the receiver is gone, the delivery is dropped here and
        // its reply with it, which gives the message back.
        if let Some(deliveries) = &self.deliveries {
            deliveries.try_send(Delivery { envelope, attempt, reply }).unwrap_or_else(drop);
        }
        self.in_work.push(Box::pin(async move { (lease, settlement.await.unwrap_or(Settlement::Release)) }));
    }

    fn add_up(&mut self, consumed: &Consumed) {
        self.consumed.acked += consumed.acked;
        self.consumed.retried += consumed.retried;
        self.consumed.parked += consumed.parked;
        self.consumed.released += consumed.released;
        self.consumed.stale += consumed.stale;
    }

    async fn is_done(&mut self) -> Result<bool, InboxError> {
        if !self.in_work.is_empty() || !self.settled.is_empty() {
            return Ok(false);
        }
        match (&self.deliveries, self.mode) {
            (None, _) => Ok(true),
            (Some(_), Mode::UntilStopped) => Ok(false),
            (Some(_), Mode::Drain) => self.inbox.is_drained().await,
        }
    }

    /// Until there may be something to do.
    async fn wait(&mut self, stop: &CancellationToken, woken: impl Future<Output = ()>) {
        let takes = self.deliveries.is_some();
        let has_room = takes && self.in_work.len() < self.prefetch;
        let stopped = async {
            let Some(deliveries) = &self.deliveries else { return future::pending().await };
            tokio::select! {
                () = stop.cancelled() => {}
                () = deliveries.closed() => {}
            }
        };
        tokio::select! {
            Some(settled) = self.in_work.next(), if !self.in_work.is_empty() => self.settled.push(settled),
            () = stopped => {}
            () = woken, if has_room => {}
            () = sleep(POLL), if has_room || !self.settled.is_empty() => {}
            () = sleep_until(self.renew_at) => {}
        }
        // All that is settled by now shares one transaction.
        while let Some(Some(settled)) = self.in_work.next().now_or_never() {
            self.settled.push(settled);
        }
    }
}

impl Inbox {
    async fn is_drained(&self) -> Result<bool, InboxError> {
        let busy = sqlx::query_scalar::<_, bool>(IS_BUSY).bind(now()).fetch_one(&self.pool).await;
        busy.map(|busy| !busy).map_err(|error| self.failing("looked for messages").error(&error))
    }

    /// How many messages there are.
    pub async fn depth(&self) -> Result<Depth, InboxError> {
        let failing = self.failing("counted messages");
        let row = sqlx::query(DEPTH).bind(now()).fetch_one(&self.pool).await.map_err(|error| failing.error(&error))?;
        let count = |name: &str| row.try_get::<i64, _>(name).map(i64::unsigned_abs).map_err(|error| failing.error(&error));
        Ok(Depth { ready: count("ready")?, in_work: count("in_work")?, delayed: count("delayed")?, parked: count("parked")? })
    }
}

/// One transaction of a consumer.
struct Turn {
    inbox: Inbox,
    holder: String,
    settled: Vec<(Lease, Settlement)>,
    take: usize,
    renew: bool,
}

/// What a turn did. Only the counts of settlements are set in `consumed`.
struct Done {
    taken: Vec<(Lease, u32, Envelope)>,
    consumed: Consumed,
}

impl Turn {
    async fn run(self) -> Result<Done, InboxError> {
        let failing = self.inbox.failing("took and settled messages");
        let mut done = Done { taken: Vec::new(), consumed: Consumed::default() };
        if !self.has_work(failing).await? {
            return Ok(done);
        }
        let mut tx = self.inbox.begin(failing).await?;
        for (lease, settlement) in &self.settled {
            let is_ours = self.settle(&mut tx, *lease, settlement).await.map_err(|error| failing.error(&error))?;
            let count = if is_ours { done.consumed.count_of(settlement) } else { &mut done.consumed.stale };
            *count += 1;
        }
        if self.renew {
            let renew = sqlx::query(RENEW).bind(&self.holder).bind(now() + micros(self.inbox.lease));
            renew.execute(&mut *tx).await.map_err(|error| failing.error(&error))?;
        }
        done.taken = self.take(&mut tx, failing).await?;
        tx.commit().await.map_err(|error| failing.error(&error))?;
        Ok(done)
    }

    /// An idle look is a read: no transaction, nothing written.
    async fn has_work(&self, failing: Failing<'_>) -> Result<bool, InboxError> {
        if !self.settled.is_empty() || self.renew {
            return Ok(true);
        }
        if self.take == 0 {
            return Ok(false);
        }
        let due = sqlx::query_scalar::<_, bool>(IS_DUE).bind(now()).fetch_one(&self.inbox.pool).await;
        due.map_err(|error| failing.error(&error))
    }

    /// `false`: the lease had ended and somebody else has the message.
    async fn settle(
        &self,
        connection: &mut SqliteConnection,
        lease: Lease,
        settlement: &Settlement,
    ) -> Result<bool, sqlx::Error> {
        let statement = match settlement {
            Settlement::Ack => ACK,
            Settlement::RetryAfter(_) => RETRY,
            Settlement::Park(_) => PARK,
            Settlement::Release => RELEASE,
        };
        let query = sqlx::query(statement).bind(lease.id).bind(&self.holder).bind(lease.tries);
        let query = match settlement {
            Settlement::Ack => query,
            Settlement::RetryAfter(delay) => query.bind(now().saturating_add(micros(*delay))),
            Settlement::Park(reason) => {
                query.bind(now()).bind(&reason.class).bind(&reason.message).bind(i64::from(reason.attempt))
            }
            Settlement::Release => query.bind(now()),
        };
        Ok(query.execute(connection).await?.rows_affected() == 1)
    }

    async fn take(
        &self,
        tx: &mut Transaction<'static, Sqlite>,
        failing: Failing<'_>,
    ) -> Result<Vec<(Lease, u32, Envelope)>, InboxError> {
        if self.take == 0 {
            return Ok(Vec::new());
        }
        let (now, limit) = (now(), i64::try_from(self.take).unwrap_or(i64::MAX));
        let query = sqlx::query(TAKE).bind(&self.holder).bind(now + micros(self.inbox.lease)).bind(now).bind(limit);
        let rows = query.fetch_all(&mut **tx).await.map_err(|error| failing.error(&error))?;
        let taken = rows.iter().map(read_message).collect::<Result<Vec<_>, sqlx::Error>>();
        let mut taken = taken.map_err(|_| failing.corrupt())?;
        // `returning` gives no order.
        taken.sort_by_key(|(lease, ..)| lease.id);
        Ok(taken)
    }
}

impl Consumed {
    fn count_of(&mut self, settlement: &Settlement) -> &mut u64 {
        match settlement {
            Settlement::Ack => &mut self.acked,
            Settlement::RetryAfter(_) => &mut self.retried,
            Settlement::Park(_) => &mut self.parked,
            Settlement::Release => &mut self.released,
        }
    }
}

fn read_message(row: &SqliteRow) -> Result<(Lease, u32, Envelope), sqlx::Error> {
    let lease = Lease { id: row.try_get("id")?, tries: row.try_get("tries")? };
    let attempt = u32::try_from(lease.tries + 1).unwrap_or(u32::MAX);
    Ok((lease, attempt, super::parked::read_envelope(row)?))
}

const IS_DUE: &str = "select exists (select 1 from inbox where state in ('ready', 'leased') and due_at <= $1)";

/// Due now, or in somebody's hands.
const IS_BUSY: &str = "select exists (select 1 from inbox where state = 'leased' or (state = 'ready' and due_at <= $1))";

const DEPTH: &str = "
    select count(*) filter (where state = 'ready' and due_at <= $1) as ready,
        count(*) filter (where state = 'leased') as in_work,
        count(*) filter (where state = 'ready' and due_at > $1) as delayed,
        count(*) filter (where state = 'parked') as parked
    from inbox";

/// A lease that has ended was a try that crashed.
const TAKE: &str = "
    update inbox set tries = tries + (state = 'leased'), state = 'leased', holder = $1, due_at = $2
    where id in (select id from inbox where state in ('ready', 'leased') and due_at <= $3 order by due_at, id limit $4)
    returning id, tries, content_type, attributes, body";

const RENEW: &str = "update inbox set due_at = $2 where state = 'leased' and holder = $1";

const ACK: &str = "delete from inbox where id = $1 and holder = $2 and tries = $3";

const RETRY: &str = "
    update inbox set state = 'ready', holder = null, tries = tries + 1, due_at = $4
    where id = $1 and holder = $2 and tries = $3";

const RELEASE: &str = "
    update inbox set state = 'ready', holder = null, due_at = $4 where id = $1 and holder = $2 and tries = $3";

const PARK: &str = "
    update inbox set state = 'parked', holder = null, due_at = $4, park_class = $5, park_message = $6, park_attempt = $7
    where id = $1 and holder = $2 and tries = $3";
