//! The record store: records, sources, briefs, live values, journal and ledger, in SQLite or PostgreSQL.
//!
//! Reading order: [`Store`] (what the rest of Baton sees), `queries` and `decisions` (what both databases understand), `sqlite` and
//! `postgres` (what they do each in their own way: reading a handoff, writing a brief), `cells` and `handoff` (rows ↔
//! our types), `error` (what a database says, without its text).
//!
//! Every unit of work runs in a task of its own that the store keeps track of. A caller that goes away in the middle
//! leaves neither half a write nor a connection inside an open transaction, on which later writes would vanish while
//! they report success (sqlx 0.9.0).

mod cells;
mod decisions;
mod error;
mod handoff;
mod postgres;
mod queries;
mod sqlite;
mod write;

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType};
use tokio_util::task::TaskTracker;

use self::cells::{Arg, Cells, count};
use self::handoff::{Wanted, assemble};
use self::write::{HumanEdit, Writing};
use crate::context::Limits;
use crate::domain::event::{HandoffEvent, RecordRef};
use crate::domain::handoff::{Handoff, HumanValue};
use crate::domain::stamp::Stamp;
use crate::ports::{Exchange, KnownRecord, LedgerLine, RecordStore, StoreError, Written};
use crate::qa::WriteBack;

pub use self::decisions::{DecisionCount, Draft};
pub use self::postgres::PostgresStore;
pub use self::queries::{BriefVersion, EventRow, LiveValue};
pub use self::sqlite::SqliteStore;

/// A record store. Cheap to clone: clones share connections.
#[derive(Debug, Clone)]
pub enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

impl Store {
    /// Opens the store that `record.url` names: `sqlite:PATH`, or a `postgres://` URL.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, StoreError> {
        match url.strip_prefix("sqlite:") {
            Some(path) => SqliteStore::open(Path::new(path.strip_prefix("//").unwrap_or(path))).await.map(Self::Sqlite),
            None => PostgresStore::connect(url, max_connections).await.map(Self::Postgres),
        }
    }

    /// For the pipeline.
    pub fn as_record_store(&self) -> Arc<dyn RecordStore> {
        Arc::new(self.clone())
    }

    /// A person edits a field. Returns the record's new version: a brief that is being written from the old one will
    /// conflict.
    pub async fn set_human_value(&self, record: &RecordRef, field: &str, value: HumanValue) -> Result<i64, StoreError> {
        let edit = HumanEdit { record: record.clone(), field: field.to_owned(), value };
        let store = self.clone();
        self.tracked(async move {
            match &store {
                Self::Sqlite(store) => store.edit(&edit).await,
                Self::Postgres(store) => store.edit(&edit).await,
            }
        })
        .await
    }

    /// Finishes what was begun and closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }

    async fn fetch(&self, event: &HandoffEvent, look_back_days: u32, limits: &Limits) -> Result<Handoff, StoreError> {
        let event = event.clone();
        let wanted = Wanted::of(&event, look_back_days, limits);
        let store = self.clone();
        self.tracked(async move {
            let known = match &store {
                Self::Sqlite(store) => store.fetch(&event, &wanted).await?,
                Self::Postgres(store) => store.fetch(&event, &wanted).await?,
            };
            Ok(assemble(event, wanted, known))
        })
        .await
    }

    async fn write_brief(&self, write: &WriteBack) -> Result<Written, StoreError> {
        let writing = Writing::of(write)?;
        let store = self.clone();
        self.tracked(async move {
            match &store {
                Self::Sqlite(store) => store.write_brief(&writing).await,
                Self::Postgres(store) => store.write_brief(&writing).await,
            }
        })
        .await
    }

    async fn read(&self, doing: &'static str, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Cells>, StoreError> {
        let store = self.clone();
        self.tracked(async move {
            match &store {
                Self::Sqlite(store) => store.read(doing, sql, args).await,
                Self::Postgres(store) => store.statement(doing, sql, args).await,
            }
        })
        .await
    }

    async fn write(&self, doing: &'static str, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Cells>, StoreError> {
        let store = self.clone();
        self.tracked(async move {
            match &store {
                Self::Sqlite(store) => store.write(doing, sql, args).await,
                Self::Postgres(store) => store.statement(doing, sql, args).await,
            }
        })
        .await
    }

    /// Runs a unit of work to its end, whatever becomes of the caller.
    async fn tracked<T: Send + 'static>(
        &self,
        unit: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.units().spawn(unit).await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Nobody aborts a unit but the runtime that shuts down.
            Err(_) => Err(StoreError::Unreachable { store: "of a runtime that ends".to_owned() }),
        }
    }

    fn units(&self) -> &TaskTracker {
        match self {
            Self::Sqlite(store) => store.units(),
            Self::Postgres(store) => store.units(),
        }
    }
}

/// Migrations in their order, from 1. One that was released is never changed.
fn migrations(scripts: &[(&'static str, &'static str)]) -> Vec<Migration> {
    let migration = |(version, (name, sql)): (i64, &(&'static str, &'static str))| {
        Migration::new(version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    (1..).zip(scripts).map(migration).collect()
}

impl RecordStore for Store {
    fn fetch_handoff<'a>(
        &'a self,
        event: &'a HandoffEvent,
        look_back_days: u32,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Handoff, StoreError>> {
        Box::pin(self.fetch(event, look_back_days, limits))
    }

    fn write_back<'a>(&'a self, write: &'a WriteBack) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(self.write_brief(write))
    }

    fn note_outcome<'a>(&'a self, event: &'a HandoffEvent, outcome: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let args = write::outcome_args(event, outcome)?;
            self.write("noted an outcome", queries::NOTE_OUTCOME, args).await.map(drop)
        })
    }

    fn record_exchange<'a>(&'a self, exchange: &'a Exchange) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let args = queries::exchange_args(exchange);
            self.write("journaled a reply", queries::RECORD_EXCHANGE, args).await.map(drop)
        })
    }

    fn recall_exchanges<'a>(&'a self, stamp: &'a Stamp) -> BoxFuture<'a, Result<Vec<Exchange>, StoreError>> {
        Box::pin(async move {
            let rows = self.read("recalled replies", queries::RECALL_EXCHANGES, vec![Arg::from(&*stamp.0)]).await?;
            rows.into_iter().map(queries::read_exchange).collect()
        })
    }

    fn spent_since<'a>(&'a self, since: Timestamp) -> BoxFuture<'a, Result<f64, StoreError>> {
        Box::pin(async move {
            let mut rows = self.read("added up costs", queries::SPENT_SINCE, vec![Arg::from(since)]).await?;
            let sum = rows.pop().map(|mut row| row.maybe_real()).transpose()?;
            Ok(sum.flatten().unwrap_or(0.0))
        })
    }

    fn list_records<'a>(
        &'a self,
        kind: &'a str,
        after: Option<&'a RecordRef>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<KnownRecord>, StoreError>> {
        Box::pin(async move {
            // No record has an empty type or id: the empty pair stands before all.
            let mut args = after.map_or_else(|| vec![Arg::from(""), Arg::from("")], queries::key);
            args.extend([count(u64::from(limit)), Arg::from(kind)]);
            let rows = self.read("listed records", queries::LIST_RECORDS, args).await?;
            let read =
                |mut row: Cells| Ok(KnownRecord { record: queries::read_record(&mut row)?, newest_event: row.maybe_json()? });
            rows.into_iter().map(read).collect()
        })
    }

    fn ledger<'a>(&'a self, run: &'a str) -> BoxFuture<'a, Result<Vec<LedgerLine>, StoreError>> {
        Box::pin(async move {
            let rows = self.read("read a ledger", queries::LEDGER, vec![Arg::from(run)]).await?;
            let read = |mut row: Cells| {
                Ok(LedgerLine { record: queries::read_record(&mut row)?, outcome: row.text()?, detail: row.maybe_text()? })
            };
            rows.into_iter().map(read).collect()
        })
    }

    fn note_ledger<'a>(&'a self, run: &'a str, line: &'a LedgerLine) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let args = queries::ledger_args(run, line);
            self.write("noted a ledger line", queries::NOTE_LEDGER, args).await.map(drop)
        })
    }
}
