//! A SQLite file, as the record store and the embedded queue open it: one connection of a process writes, others read
//! beside it (WAL).

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::time::{Instant, sleep};

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Over the busy timeout: the pool's wait for the one writer ends after the file's.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
const READERS: u32 = 4;

/// Opens or creates the file with the one connection that writes. Several processes may do so at once.
///
/// A new file is changed to WAL under an exclusive lock, for which SQLite does not wait where two openers would wait for
/// each other, whatever the busy timeout. Whoever comes second tries again.
pub(super) async fn open(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    let give_up = Instant::now() + BUSY_TIMEOUT;
    loop {
        let opened = pool().max_connections(1).connect_with(options(path).create_if_missing(true)).await;
        match opened {
            Err(error) if is_busy(&error) && Instant::now() < give_up => sleep(Duration::from_millis(5)).await,
            opened => return opened,
        }
    }
}

/// Connections that only read, opened when they are first needed.
pub(super) fn readers(path: &Path) -> SqlitePool {
    pool().max_connections(READERS).connect_lazy_with(options(path).read_only(true))
}

/// SQLITE_BUSY, by the low byte of its result code (<https://www.sqlite.org/rescode.html>).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|answer| answer.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

fn pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT).idle_timeout(None).max_lifetime(None)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // What was committed is acknowledged to somebody next: it must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
}
