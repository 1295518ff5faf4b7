//! The embedded queue: a table in a SQLite file, for one machine and without a broker.
//!
//! The same promises as the broker's queue: a message is taken under a lease that is renewed while somebody works on
//! it and comes again if they crash; it is deleted only by an acknowledgement; it waits without being looked at until
//! its retry is due; what cannot be done is parked with its reason. Several processes may consume the same file.
//!
//! [`Inbox`] opens and fills it, [`Inbox::consume`] empties it, `parked` is the parking lot.

mod consume;
mod parked;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqlitePool;
use sqlx::{SqlSafeStr as _, Sqlite, Transaction};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

pub use self::consume::{Consumed, Depth};
pub use self::parked::Selection;
use crate::adapters::sqlite_file;
use crate::domain::event::Envelope;

/// A lease is renewed three times before it ends; after a crash its messages come again after this long.
const LEASE: Duration = Duration::from_secs(30);
/// A queue in a SQLite file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbox {
    pool: SqlitePool,
    /// For errors.
    file: String,
    /// Wakes the consumers of this process; those of others poll.
    filled: Arc<Notify>,
    /// A transaction that was begun is finished, even if its caller is gone.
    units: TaskTracker,
    lease: Duration,
}

/// Why the queue could not do something. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    #[error("the queue `{file}` cannot be opened; check `queue.url` and the rights to the folder")]
    Unreachable { file: String },
    #[error("the queue `{file}` is locked by another process")]
    Busy { file: String },
    #[error("the queue `{file}` failed while it {doing} (SQLite code {code})")]
    Failed { file: String, doing: &'static str, code: String },
    #[error("a message in the queue `{file}` cannot be read; it was written by another version of Baton")]
    Corrupt { file: String },
    #[error("there is no parked message `{id}` in the queue `{file}`")]
    NotParked { file: String, id: String },
}

impl Inbox {
    /// Opens or creates the queue. Several processes may do so at once.
    pub async fn open(path: &Path) -> Result<Self, InboxError> {
        let file = path.display().to_string();
        let pool = sqlite_file::open(path).await;
        let pool = pool.map_err(|error| Failing { file: &file, doing: "was opened" }.error(&error))?;
        Self::with_connection(pool, file).await
    }

    /// The queue in a file that is open already: `pool` holds the one connection that writes. `file` is for errors.
    pub async fn with_connection(pool: SqlitePool, file: String) -> Result<Self, InboxError> {
        let inbox = Self { pool, file, filled: Arc::default(), units: TaskTracker::new(), lease: LEASE };
        migrate(&inbox).await?;
        Ok(inbox)
    }

    /// With another lease: how soon the messages of a crashed consumer come again.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Adds messages, all or none. When this returns they survive a power cut.
    pub async fn enqueue(&self, envelopes: Vec<Envelope>) -> Result<(), InboxError> {
        let inbox = self.clone();
        self.tracked(async move {
            let failing = inbox.failing("took messages");
            let mut tx = inbox.begin(failing).await?;
            for envelope in envelopes {
                let attributes = serde_json::json!(envelope.attributes).to_string();
                let insert = sqlx::query(ENQUEUE).bind(envelope.content_type).bind(attributes).bind(envelope.body).bind(now());
                insert.execute(&mut *tx).await.map_err(|error| failing.error(&error))?;
            }
            tx.commit().await.map_err(|error| failing.error(&error))
        })
        .await?;
        self.filled.notify_waiters();
        Ok(())
    }

    /// Finishes what was begun and closes the file (also for the record store that shares it).
    pub async fn close(&self) {
        self.units.close();
        self.units.wait().await;
        self.pool.close().await;
    }

    async fn begin(&self, failing: Failing<'_>) -> Result<Transaction<'static, Sqlite>, InboxError> {
        self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failing.error(&error))
    }

    fn failing(&self, doing: &'static str) -> Failing<'_> {
        Failing { file: &self.file, doing }
    }

    /// Runs a unit of work to its end, whatever becomes of the caller: a cancelled `BEGIN` leaves a connection on which
    /// later writes vanish (sqlx 0.9.0).
    async fn tracked<T: Send + 'static>(
        &self,
        unit: impl Future<Output = Result<T, InboxError>> + Send + 'static,
    ) -> Result<T, InboxError> {
        match self.units.spawn(unit).await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Nobody aborts a unit but the runtime that shuts down.
            Err(_) => Err(InboxError::Unreachable { file: self.file.clone() }),
        }
    }
}

/// In one transaction that takes the write lock first: of two processes that start at once, one waits.
async fn migrate(inbox: &Inbox) -> Result<(), InboxError> {
    let failing = inbox.failing("made its table");
    let sql = include_str!("../../../migrations/sqlite/inbox/0001_inbox.sql");
    let first = Migration::new(1, "inbox".into(), MigrationType::Simple, sql.into_sql_str(), false);
    let mut migrator = Migrator::with_migrations(vec![first]);
    // The record store in the same file keeps its own list.
    migrator.dangerous_set_table_name("_inbox_migrations");
    let mut tx = inbox.begin(failing).await?;
    // Not `run`: its future is not `Send` for a connection that is inside a transaction.
    migrator.run_direct(None, &mut *tx, false).await.map_err(|error| failing.migration(&error))?;
    tx.commit().await.map_err(|error| failing.error(&error))
}

/// Microseconds. The wall clock: delays and leases outlive the process.
fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

/// Names the queue and what it did when it failed.
#[derive(Debug, Clone, Copy)]
struct Failing<'a> {
    file: &'a str,
    /// Completes "failed while it …".
    doing: &'static str,
}

impl Failing<'_> {
    fn error(self, error: &sqlx::Error) -> InboxError {
        match error {
            sqlx::Error::Database(answer) => self.answer(answer.code().as_deref().unwrap_or("none")),
            sqlx::Error::PoolTimedOut => InboxError::Busy { file: self.file.to_owned() },
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => self.unreachable(),
            // The enum is not exhaustive: all that is left would be a mistake in a statement of ours.
            _ => self.failed("none"),
        }
    }

    fn migration(self, error: &MigrateError) -> InboxError {
        match error {
            MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => self.error(inner),
            // The table was made by another version; the enum is not exhaustive.
            _ => InboxError::Corrupt { file: self.file.to_owned() },
        }
    }

    /// Result codes of SQLite; the primary code is the low byte.
    fn answer(self, code: &str) -> InboxError {
        match code.parse::<u32>().map(|number| number & 0xff) {
            // SQLITE_BUSY, SQLITE_LOCKED.
            Ok(5 | 6) => InboxError::Busy { file: self.file.to_owned() },
            // SQLITE_CANTOPEN.
            Ok(14) => self.unreachable(),
            _ => self.failed(code),
        }
    }

    fn corrupt(self) -> InboxError {
        InboxError::Corrupt { file: self.file.to_owned() }
    }

    fn unreachable(self) -> InboxError {
        InboxError::Unreachable { file: self.file.to_owned() }
    }

    fn failed(self, code: &str) -> InboxError {
        InboxError::Failed { file: self.file.to_owned(), doing: self.doing, code: code.to_owned() }
    }
}

const ENQUEUE: &str = "insert into inbox (content_type, attributes, body, state, due_at) values ($1, $2, $3, 'ready', $4)";
