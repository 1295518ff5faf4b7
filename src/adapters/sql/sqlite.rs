//! The record store in one SQLite file, for one machine.
//!
//! One connection writes, so that no two writers of this process meet in the file; a few read beside it (WAL).
//! Every writing transaction is `BEGIN IMMEDIATE`: a deferred one that reads first and writes later fails at once
//! when another process has written in between, whatever the busy timeout.

use std::path::Path;

use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{Arguments as _, Row as _, TypeInfo as _, ValueRef as _};
use tokio_util::task::TaskTracker;

use super::cells::{Arg, Cell, Cells};
use super::error::Failing;
use super::handoff::{Known, Wanted, limit_args, read_known, source_digest};
use super::migrations;
use super::write::{HumanEdit, Writing};
use crate::adapters::sqlite_file;
use crate::domain::event::HandoffEvent;
use crate::ports::{StoreError, Written};

/// Records, sources and briefs in one SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// A unit of work that was begun is finished, even if its caller is gone.
    units: TaskTracker,
    /// For errors.
    name: String,
}

impl SqliteStore {
    /// Opens or creates the file and brings its tables up to date. Several processes may do so at once.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let name = format!("sqlite:{}", path.display());
        let failing = Failing { store: &name, doing: "was opened" };
        let writer = sqlite_file::open(path).await.map_err(|error| failing.error(&error))?;
        migrate(&writer, failing).await?;
        let readers = sqlite_file::readers(path);
        Ok(Self { writer, readers, units: TaskTracker::new(), name })
    }

    /// The connection that writes, for the embedded queue when it lives in the same file: two writers of one process
    /// would wait for each other.
    pub fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// Finishes what was begun and closes the file.
    pub async fn close(&self) {
        self.units.close();
        self.units.wait().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    pub(super) fn units(&self) -> &TaskTracker {
        &self.units
    }

    pub(super) fn failing(&self, doing: &'static str) -> Failing<'_> {
        Failing { store: &self.name, doing }
    }

    /// Runs one statement that only reads.
    pub(super) async fn read(&self, doing: &'static str, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Cells>, StoreError> {
        let failing = self.failing(doing);
        let mut reader = self.readers.acquire().await.map_err(|error| failing.error(&error))?;
        run(&mut reader, failing, sql, args).await
    }

    /// Runs one statement that writes, as a transaction of its own.
    pub(super) async fn write(&self, doing: &'static str, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Cells>, StoreError> {
        let failing = self.failing(doing);
        let mut writer = self.writer.acquire().await.map_err(|error| failing.error(&error))?;
        run(&mut writer, failing, sql, args).await
    }

    /// Reads without the writer; writes only what is new.
    pub(super) async fn fetch(&self, event: &HandoffEvent, wanted: &Wanted) -> Result<Known, StoreError> {
        let record = &event.data.record;
        let key = || [Arg::from(&*record.record_type), Arg::from(&*record.id)];
        let digests: serde_json::Map<_, _> =
            wanted.inline.iter().map(|source| (source.id.clone(), source_digest(source).into())).collect();
        let digests = serde_json::Value::Object(digests).to_string();
        let time = Arg::from(event.time);
        let mut args = Vec::from(key());
        args.extend([
            Arg::from(&*event.data.kind),
            Arg::Text(json!(wanted.named).to_string()),
            Arg::MaybeInt(wanted.all_since.map(|since| since.as_microsecond())),
        ]);
        args.extend(limit_args(&wanted.limits));
        let known = read_known(self.read(FETCHING, FETCH, args).await?)?;
        let mut args = Vec::from(key());
        args.extend([Arg::MaybeText(record.name.clone()), Arg::Text(digests), time]);
        let news = self.read(FETCHING, IS_NEWS, args).await?;
        if news.into_iter().next().map(|mut row| row.int()).transpose()? == Some(1) {
            self.store_news(event, wanted).await?;
        }
        Ok(known)
    }

    /// Registers the record and keeps the sources that travelled with the event.
    async fn store_news(&self, event: &HandoffEvent, wanted: &Wanted) -> Result<(), StoreError> {
        let failing = self.failing(FETCHING);
        let record = &event.data.record;
        let key = || vec![Arg::from(&*record.record_type), Arg::from(&*record.id)];
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failing.error(&error))?;
        let mut args = key();
        args.push(Arg::MaybeText(record.name.clone()));
        run(&mut tx, failing, super::queries::REGISTER, args).await?;
        for source in &wanted.inline {
            let args = super::queries::source_args(record, source, event.time);
            run(&mut tx, failing, super::queries::KEEP_SOURCE, args).await?;
        }
        tx.commit().await.map_err(|error| failing.error(&error))
    }

    /// The write-back: one transaction.
    pub(super) async fn write_brief(&self, writing: &Writing) -> Result<Written, StoreError> {
        let failing = self.failing(super::write::DOING);
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failing.error(&error))?;
        if !run(&mut tx, failing, NEWER_BRIEF, writing.event_key()).await?.is_empty() {
            run(&mut tx, failing, super::queries::NOTE_OUTCOME, writing.outcome_args("superseded", None)).await?;
            tx.commit().await.map_err(|error| failing.error(&error))?;
            return Ok(Written::Superseded);
        }
        let args = vec![writing.record_type(), writing.record_id(), Arg::Int(writing.expected_version)];
        if run(&mut tx, failing, RAISE_VERSION, args).await?.is_empty() {
            return Err(StoreError::VersionConflict);
        }
        let brief = add_brief(&mut tx, failing, writing).await?;
        if writing.is_published {
            replace_live_values(&mut tx, failing, writing).await?;
        }
        if writing.is_decided() {
            add_decisions(&mut tx, failing, writing, brief).await?;
        }
        let stamp = Some(writing.document.provenance.stamp.0.clone());
        run(&mut tx, failing, WRITE_OUTCOME, writing.outcome_args(&writing.publication, stamp)).await?;
        tx.commit().await.map_err(|error| failing.error(&error))?;
        Ok(Written::Done)
    }

    /// A person's edit and the new version of the record, in one transaction.
    pub(super) async fn edit(&self, edit: &HumanEdit) -> Result<i64, StoreError> {
        let failing = self.failing(super::write::EDITING);
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failing.error(&error))?;
        let mut version = run(&mut tx, failing, super::queries::RAISE_VERSION_FOR_EDIT, edit.record_args()).await?;
        run(&mut tx, failing, SET_HUMAN_VALUE, edit.value_args()).await?;
        tx.commit().await.map_err(|error| failing.error(&error))?;
        version.pop().ok_or(StoreError::Corrupt { what: "a record" })?.int()
    }
}

/// Returns the brief's number.
async fn add_brief(tx: &mut SqliteConnection, failing: Failing<'_>, writing: &Writing) -> Result<i64, StoreError> {
    let mut rows = run(tx, failing, ADD_BRIEF, writing.brief_args()).await?;
    let brief = rows.pop().ok_or(StoreError::Corrupt { what: "a brief" })?.int()?;
    let mut args = writing.event_key();
    args.extend([Arg::from(&*writing.document.event_source), writing.stamp(), Arg::Int(brief)]);
    run(tx, failing, POINT_TO_BRIEF, args).await?;
    if !writing.document.findings.is_empty() {
        let findings = json!(writing.document.findings).to_string();
        run(tx, failing, ADD_FINDINGS, vec![Arg::Int(brief), Arg::Text(findings)]).await?;
    }
    Ok(brief)
}

/// What people decided, the values they own from now on, and those that are no longer live.
async fn add_decisions(tx: &mut SqliteConnection, failing: Failing<'_>, writing: &Writing, brief: i64) -> Result<(), StoreError> {
    let record = || vec![writing.record_type(), writing.record_id()];
    let mut args = record();
    args.extend([Arg::from(&*writing.document.kind), Arg::Int(brief), writing.stamp()]);
    args.extend(writing.maker_args());
    args.push(Arg::Text(json!(writing.decisions).to_string()));
    run(tx, failing, ADD_DECISIONS, args).await?;
    let mut args = record();
    args.push(Arg::Text(json!(writing.retired).to_string()));
    run(tx, failing, RETIRE_VALUES, args).await?;
    for (field, value) in &writing.human_values {
        let edit = HumanEdit { record: writing.document.record.clone(), field: field.clone(), value: value.clone() };
        run(tx, failing, SET_HUMAN_VALUE, edit.value_args()).await?;
    }
    Ok(())
}

async fn replace_live_values(tx: &mut SqliteConnection, failing: Failing<'_>, writing: &Writing) -> Result<(), StoreError> {
    let mut args = writing.event_key();
    args.push(Arg::Text(json!(writing.live).to_string()));
    run(tx, failing, DROP_STALE_VALUES, args.clone()).await?;
    run(tx, failing, SET_LIVE_VALUES, args).await?;
    Ok(())
}

/// Runs one statement. Statements are constants: they are prepared once for each connection.
async fn run(
    connection: &mut SqliteConnection,
    failing: Failing<'_>,
    sql: &'static str,
    args: Vec<Arg>,
) -> Result<Vec<Cells>, StoreError> {
    let args = bind(args).map_err(|_| failing.failed("argument"))?;
    let rows = sqlx::query_with(sql, args).fetch_all(connection).await.map_err(|error| failing.error(&error))?;
    rows.iter().map(|row| read_row(row).map_err(|error| failing.error(&error))).collect()
}

fn bind(args: Vec<Arg>) -> Result<SqliteArguments, sqlx::error::BoxDynError> {
    let mut bound = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(text)?,
            Arg::MaybeText(text) => bound.add(text)?,
            Arg::Int(number) => bound.add(number)?,
            Arg::MaybeInt(number) => bound.add(number)?,
            Arg::MaybeReal(number) => bound.add(number)?,
            Arg::Bytes(bytes) => bound.add(bytes)?,
            Arg::Flag(flag) => bound.add(flag)?,
            Arg::Texts(_) | Arg::MaybeTexts(_) | Arg::Ints(_) | Arg::MaybeInts(_) | Arg::BytesList(_) => {
                return Err("SQLite has no arrays".into());
            }
        }
    }
    Ok(bound)
}

fn read_row(row: &SqliteRow) -> Result<Cells, sqlx::Error> {
    let read = |index: usize| {
        let raw = row.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Cell::Null);
        }
        let type_name = raw.type_info().name().to_owned();
        match type_name.as_str() {
            "INTEGER" => row.try_get_unchecked(index).map(Cell::Int),
            "REAL" => row.try_get_unchecked(index).map(Cell::Real),
            "BLOB" => row.try_get_unchecked(index).map(Cell::Bytes),
            _ => row.try_get_unchecked(index).map(Cell::Text),
        }
    };
    let cells = (0..row.len()).map(read).collect::<Result<Vec<_>, sqlx::Error>>()?;
    Ok(Cells::new("the record store", cells))
}

/// In one transaction that takes the write lock first: of two processes that start at once, one waits.
async fn migrate(writer: &SqlitePool, failing: Failing<'_>) -> Result<(), StoreError> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| failing.error(&error))?;
    // Not `run`: its future is not `Send` for a connection that is inside a transaction.
    Migrator::with_migrations(migrations(&MIGRATIONS))
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| failing.migration(&error))?;
    tx.commit().await.map_err(|error| failing.error(&error))
}

const MIGRATIONS: [(&str, &str); 2] = [
    ("record store", include_str!("../../../migrations/sqlite/0001_record_store.sql")),
    ("decisions", include_str!("../../../migrations/sqlite/0002_decisions.sql")),
];

const FETCHING: &str = "read a handoff";

/// One statement, so that all of it is of one moment. The window over sizes alone comes first: SQLite reads a size without
/// reading the content, and would keep contents that go through a window in memory.
const FETCH: &str = "
    select coalesce(r.version, 0),
        (select json_group_object(h.field, json_object('value', json(h.value), 'by', h.edited_by, 'at', h.at))
            from live_values h where h.record_type = $1 and h.record_id = $2 and h.origin = 'human'),
        (select json_group_array(json(d.decision) order by d.id) from decisions d where d.record_type = $1 and d.record_id = $2),
        c.stamp, c.event_time, c.event_source, c.event_id,
        sized.bytes, s.id, s.source_type, s.format, s.occurred_at, s.title,
        case when sized.bytes <= $6 and sized.bytes_so_far <= $7 then s.body end
    from (select 1)
    left join records r on r.record_type = $1 and r.record_id = $2
    left join current_briefs c on c.record_type = $1 and c.record_id = $2 and c.kind = $3
    left join (
        select id, length(body) as bytes, sum(length(body)) filter (where length(body) <= $6)
            over (order by occurred_at desc nulls last, id) as bytes_so_far
        from sources
        where record_type = $1 and record_id = $2
            and (id in (select value from json_each($4)) or occurred_at >= $5 or ($5 is not null and occurred_at is null))
    ) sized
    left join sources s on s.record_type = $1 and s.record_id = $2 and s.id = sized.id
    order by s.id";

/// 1 if the record is new or renamed, or a source of the event ($4: id → digest) is new or changed.
const IS_NEWS: &str = "
    select not exists (select 1 from records
            where record_type = $1 and record_id = $2 and ($3 is null or name is not distinct from $3))
        or exists (select 1 from json_each($4) new where not exists (select 1 from sources old
            where old.record_type = $1 and old.record_id = $2 and old.id = new.key
                and (old.digest = new.value or old.as_of > $5)))";

const NEWER_BRIEF: &str = "
    select 1 from current_briefs
    where record_type = $1 and record_id = $2 and kind = $3 and (event_time, event_id) > ($4, $5)";

const RAISE_VERSION: &str = "
    update records set version = version + 1 where record_type = $1 and record_id = $2 and version = $3 returning version";

const ADD_BRIEF: &str = "
    insert into briefs (record_type, record_id, kind, event_time, event_id, event_source, stamp, publication, readiness,
        record_version, document, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    returning id";

const POINT_TO_BRIEF: &str = "
    insert into current_briefs (record_type, record_id, kind, event_time, event_id, event_source, stamp, brief)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (record_type, record_id, kind) do update set event_time = excluded.event_time,
        event_id = excluded.event_id, event_source = excluded.event_source, stamp = excluded.stamp, brief = excluded.brief";

const ADD_FINDINGS: &str = "
    insert into findings (brief, n, check_name, severity, field, message)
    select $1, key, value ->> 'check', value ->> 'severity', value ->> 'field', value ->> 'message' from json_each($2)";

/// What an earlier brief of this kind said and this one does not is no longer so.
const DROP_STALE_VALUES: &str = "
    delete from live_values
    where record_type = $1 and record_id = $2 and kind = $3 and origin = 'machine' and (at, event_id) <= ($4, $5)
        and field not in (select key from json_each($6))";

/// The last condition is the promise to people; `plan_write` has kept it already.
const SET_LIVE_VALUES: &str = "
    insert into live_values (record_type, record_id, kind, at, event_id, field, value, origin)
    select $1, $2, $3, $4, $5, key, value, 'machine' from json_each($6) where true
    on conflict (record_type, record_id, field) do update
        set value = excluded.value, kind = excluded.kind, at = excluded.at, event_id = excluded.event_id
        where live_values.origin = 'machine' and (live_values.at, live_values.event_id) <= (excluded.at, excluded.event_id)";

/// The event that has written a brief again, from other sources, ends as it ended last.
const WRITE_OUTCOME: &str = "
    insert into handoffs (record_type, record_id, kind, event_time, event_id, event_source, outcome, stamp, noted_at, event)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (event_source, event_id) do update
        set outcome = excluded.outcome, stamp = excluded.stamp, noted_at = excluded.noted_at";

const ADD_DECISIONS: &str = "
    insert into decisions (record_type, record_id, kind, brief, stamp, engine, model, prompt, part, verdict, decided_by, at,
        decision)
    select $1, $2, $3, $4, $5, $6, $7, $8, value ->> 'part', value ->> 'verdict', value ->> 'by', value ->> 'at',
        value ->> 'decision'
    from json_each($9) order by key";

const RETIRE_VALUES: &str = "
    delete from live_values
    where record_type = $1 and record_id = $2 and field in (select value from json_each($3))";

const SET_HUMAN_VALUE: &str = "
    insert into live_values (record_type, record_id, field, value, edited_by, at, origin)
    values ($1, $2, $3, $4, $5, $6, 'human')
    on conflict (record_type, record_id, field) do update
        set value = excluded.value, origin = 'human', edited_by = excluded.edited_by, at = excluded.at, kind = null,
            event_id = null";
