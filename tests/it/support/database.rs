//! Record stores for tests: a SQLite file in a folder of its own, a schema of its own in PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use baton::adapters::sql::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The server is shared: who restarts it waits for all who use it, and they for it.
static SERVER: RwLock<()> = RwLock::const_new(());

/// Each test once on each store.
macro_rules! on_both_stores {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let test = crate::support::database::TestStore::sqlite().await;
                super::$name(&test).await;
                test.remove().await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(test) = crate::support::database::TestStore::postgres().await else { return };
                super::$name(&test).await;
                test.remove().await;
            })*
        }
    };
}
pub(crate) use on_both_stores;

/// A store nobody else uses.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    /// Opens the same store again.
    pub(crate) url: String,
    schema: Option<String>,
    _dir: Option<TempDir>,
    _server: Option<RwLockReadGuard<'static, ()>>,
}

impl TestStore {
    pub(crate) async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("baton.db").display());
        let store = Store::open(&url, 4).await.unwrap();
        Self { store, url, schema: None, _dir: Some(dir), _server: None }
    }

    /// `None`, with a line in the list of what was not run, if there is no server.
    pub(crate) async fn postgres() -> Option<Self> {
        let server = SERVER.read().await;
        Some(Self { _server: Some(server), ..Self::on_the_server().await? })
    }

    /// For a test that restarts the server: no other test uses it meanwhile.
    pub(crate) async fn postgres_alone() -> Option<(Self, RwLockWriteGuard<'static, ()>)> {
        let server = SERVER.write().await;
        Some((Self::on_the_server().await?, server))
    }

    async fn on_the_server() -> Option<Self> {
        let server_url = database_url()?;
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let now = jiff::Timestamp::now().as_microsecond();
        let schema = format!("baton_test_{now}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        execute(&server_url, format!("create schema {schema}")).await;
        let joint = if server_url.contains('?') { '&' } else { '?' };
        let url = format!("{server_url}{joint}options[search_path]={schema}");
        let store = Store::open(&url, 8).await.unwrap();
        Some(Self { store, url, schema: Some(schema), _dir: None, _server: None })
    }

    /// Another store on the same tables, as a second worker has it.
    pub(crate) async fn open_again(&self) -> Store {
        Store::open(&self.url, 8).await.unwrap()
    }

    /// Runs a statement beside the store, as an operator or another system would.
    pub(crate) async fn execute(&self, sql: String) {
        match &self.store {
            Store::Sqlite(store) => {
                store.writer().execute(AssertSqlSafe(sql)).await.unwrap();
            }
            Store::Postgres(_) => execute(&self.url, sql).await,
        }
    }

    /// Closes the store and leaves nothing on the server.
    pub(crate) async fn remove(self) {
        self.store.close().await;
        if let Some(schema) = &self.schema {
            execute(&database_url().unwrap(), format!("drop schema {schema} cascade")).await;
        }
    }
}

/// The server's URL, if there is one.
pub(crate) fn database_url() -> Option<String> {
    let url = std::env::var("BATON_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        static NOTED: Once = Once::new();
        NOTED.call_once(|| note_not_run("PostgreSQL tests: BATON_TEST_DATABASE_URL is not set"));
    }
    url
}

/// Adds a line to the list of what was not run.
pub(crate) fn note_not_run(line: &str) {
    let Some(path) = std::env::var_os("BATON_TEST_NOT_RUN").map(PathBuf::from) else { return };
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    writeln!(file, "{line}").unwrap();
}

async fn execute(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}
