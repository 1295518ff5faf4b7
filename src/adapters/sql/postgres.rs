//! The record store in PostgreSQL, shared by any number of workers.
//!
//! Every unit of work is one statement, a transaction by itself: reading a handoff and writing a brief are one round
//! trip each, and no connection is ever inside a transaction that a cancelled caller could leave open.

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow, PgSslMode};
use sqlx::{Arguments as _, ConnectOptions as _, Connection as _, Row as _, TypeInfo as _, ValueRef as _};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::cells::{Arg, Cell, Cells, name_of};
use super::error::Failing;
use super::handoff::{Known, Wanted, limit_args, read_known, source_digest};
use super::migrations;
use super::write::{HumanEdit, Writing};
use crate::domain::event::HandoffEvent;
use crate::ports::{StoreError, Written};

/// Time to connect and log in at the start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time to get a connection, with reconnecting; long enough for a restart of the server not to be noticed.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Over the server's own `statement_timeout`: ends the wait for a server that no longer answers at all.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// A connection that has rested longer is tried before it is used.
const FRESH: Duration = Duration::from_secs(1);
/// Settings of every session, in milliseconds. A statement of ours takes a few; waits are for a row another worker writes.
const SESSION: [(&str, &str); 4] = [
    ("statement_timeout", "10000"),
    ("lock_timeout", "5000"),
    ("idle_in_transaction_session_timeout", "10000"),
    ("tcp_user_timeout", "15000"),
];

/// Records, sources and briefs in a PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
    /// A unit of work that was begun is finished, even if its caller is gone.
    units: TaskTracker,
    /// Host, port and database, for errors.
    name: String,
}

impl PostgresStore {
    /// Connects and brings the tables up to date. Several workers may do so at once.
    ///
    /// A server that is not on this machine must show a certificate that is valid for its name (`sslmode=verify-full`),
    /// unless the URL sets `sslmode` itself.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self, StoreError> {
        let options = connect_options(url)?;
        let name = format!("postgres://{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or(""));
        let failing = Failing { store: &name, doing: "connected" };
        let connection = timeout(CONNECT_TIMEOUT, options.connect()).await.map_err(|_| failing.unreachable())?;
        migrate(connection.map_err(|error| failing.error(&error))?, Failing { store: &name, doing: "made its tables" }).await?;
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // Instead of the built-in test before every use, which doubles the round trips of a busy worker.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    Ok(meta.idle_for < FRESH || timeout(FRESH, connection.ping()).await.is_ok_and(|pong| pong.is_ok()))
                })
            })
            .connect_lazy_with(options.options(SESSION));
        Ok(Self { pool, units: TaskTracker::new(), name })
    }

    /// Finishes what was begun and closes all connections.
    pub async fn close(&self) {
        self.units.close();
        self.units.wait().await;
        self.pool.close().await;
    }

    pub(super) fn units(&self) -> &TaskTracker {
        &self.units
    }

    /// Runs one statement: a transaction by itself. Statements are constants: they are prepared once per connection.
    pub(super) async fn statement(
        &self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Arg>,
    ) -> Result<Vec<Cells>, StoreError> {
        let failing = Failing { store: &self.name, doing };
        let args = bind(args).map_err(|_| failing.failed("argument"))?;
        let mut connection = self.pool.acquire().await.map_err(|error| failing.error(&error))?;
        let Ok(answer) = timeout(ANSWER_TIMEOUT, sqlx::query_with(sql, args).fetch_all(&mut *connection)).await else {
            // The server may still answer some day: nobody may get that answer for another question.
            drop(connection.detach());
            return Err(failing.unreachable());
        };
        let rows = answer.map_err(|error| failing.error(&error))?;
        rows.iter().map(|row| read_row(row).map_err(|error| failing.error(&error))).collect()
    }

    pub(super) async fn fetch(&self, event: &HandoffEvent, wanted: &Wanted) -> Result<Known, StoreError> {
        read_known(self.statement("read a handoff", FETCH, fetch_args(event, wanted)).await?)
    }

    pub(super) async fn write_brief(&self, writing: &Writing) -> Result<Written, StoreError> {
        let mut rows = self.statement(super::write::DOING, WRITE_BRIEF, write_args(writing)).await?;
        let mut row = rows.pop().ok_or(StoreError::Corrupt { what: "a record" })?;
        match row.text()?.as_str() {
            "done" => Ok(Written::Done),
            "superseded" => Ok(Written::Superseded),
            _ => Err(StoreError::VersionConflict),
        }
    }

    pub(super) async fn edit(&self, edit: &HumanEdit) -> Result<i64, StoreError> {
        let mut args = edit.value_args();
        args.push(Arg::MaybeText(edit.record.name.clone()));
        let mut rows = self.statement(super::write::EDITING, EDIT, args).await?;
        rows.pop().ok_or(StoreError::Corrupt { what: "a record" })?.int()
    }
}

fn connect_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    let unreadable = |_| Failing { store: "postgres://…", doing: "read `record.url`" }.failed("not a PostgreSQL URL");
    let options = PgConnectOptions::from_str(url).map_err(unreadable)?.application_name("baton");
    let says_sslmode = url.contains("sslmode=") || url.contains("ssl-mode=") || std::env::var_os("PGSSLMODE").is_some();
    Ok(if says_sslmode || is_local(&options) { options } else { options.ssl_mode(PgSslMode::VerifyFull) })
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host().trim_matches(['[', ']']);
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    options.get_socket().is_some() || host.starts_with('/') || host == "localhost" || is_loopback
}

/// On a connection of its own, without the time limits of a session: one worker makes the tables, others wait for it.
async fn migrate(mut connection: PgConnection, failing: Failing<'_>) -> Result<(), StoreError> {
    // Not `run`: its future is not `Send` for a connection that is no pool's.
    Migrator::with_migrations(migrations(&MIGRATIONS))
        .run_direct(None, &mut connection, false)
        .await
        .map_err(|error| failing.migration(&error))?;
    connection.close().await.map_err(|error| failing.error(&error))
}

const MIGRATIONS: [(&str, &str); 2] = [
    ("record store", include_str!("../../../migrations/postgres/0001_record_store.sql")),
    ("decisions", include_str!("../../../migrations/postgres/0002_decisions.sql")),
];

fn bind(args: Vec<Arg>) -> Result<PgArguments, sqlx::error::BoxDynError> {
    let mut bound = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Text(text) => bound.add(storable(text))?,
            Arg::MaybeText(text) => bound.add(text.map(storable))?,
            Arg::Int(number) => bound.add(number)?,
            Arg::MaybeInt(number) => bound.add(number)?,
            Arg::MaybeReal(number) => bound.add(number)?,
            Arg::Bytes(bytes) => bound.add(bytes)?,
            Arg::Flag(flag) => bound.add(flag)?,
            Arg::Texts(texts) => bound.add(texts.into_iter().map(storable).collect::<Vec<_>>())?,
            Arg::MaybeTexts(texts) => bound.add(texts.into_iter().map(|text| text.map(storable)).collect::<Vec<_>>())?,
            Arg::Ints(numbers) => bound.add(numbers)?,
            Arg::MaybeInts(numbers) => bound.add(numbers)?,
            Arg::BytesList(list) => bound.add(list)?,
        }
    }
    Ok(bound)
}

/// PostgreSQL has no NUL in text; a model or a mail may send one, and must not fail for ever because of it.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

fn read_row(row: &PgRow) -> Result<Cells, sqlx::Error> {
    let read = |index: usize| {
        let raw = row.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Cell::Null);
        }
        let type_name = raw.type_info().name().to_owned();
        match type_name.as_str() {
            "INT8" => row.try_get_unchecked(index).map(Cell::Int),
            "FLOAT8" => row.try_get_unchecked(index).map(Cell::Real),
            "BYTEA" => row.try_get_unchecked(index).map(Cell::Bytes),
            _ => row.try_get_unchecked(index).map(Cell::Text),
        }
    };
    let cells = (0..row.len()).map(read).collect::<Result<Vec<_>, sqlx::Error>>()?;
    Ok(Cells::new("the record store", cells))
}

fn fetch_args(event: &HandoffEvent, wanted: &Wanted) -> Vec<Arg> {
    let record = &event.data.record;
    let inline = &wanted.inline;
    let [source_bytes, handoff_bytes] = limit_args(&wanted.limits);
    vec![
        Arg::from(&*record.record_type),
        Arg::from(&*record.id),
        Arg::from(&*event.data.kind),
        Arg::Texts(wanted.named.clone()),
        Arg::MaybeInt(wanted.all_since.map(|since| since.as_microsecond())),
        Arg::MaybeText(record.name.clone()),
        Arg::from(event.time),
        Arg::Texts(inline.iter().map(|source| source.id.clone()).collect()),
        Arg::Texts(inline.iter().map(|source| name_of(&source.source_type)).collect()),
        Arg::MaybeTexts(inline.iter().map(|source| source.format.clone()).collect()),
        Arg::MaybeInts(inline.iter().map(|source| source.occurred_at.map(|at| at.as_microsecond())).collect()),
        Arg::MaybeTexts(inline.iter().map(|source| source.title.clone()).collect()),
        Arg::BytesList(inline.iter().map(|source| source.body.clone()).collect()),
        Arg::Texts(inline.iter().map(source_digest).collect()),
        source_bytes,
        handoff_bytes,
    ]
}

fn write_args(writing: &Writing) -> Vec<Arg> {
    let findings = &writing.document.findings;
    let mut args = writing.brief_args();
    args.extend([
        Arg::Int(writing.expected_version),
        Arg::Flag(writing.is_published),
        Arg::Ints((0i64..).take(findings.len()).collect()),
        Arg::Texts(findings.iter().map(|finding| finding.check.clone()).collect()),
        Arg::Texts(findings.iter().map(|finding| name_of(&finding.severity)).collect()),
        Arg::MaybeTexts(findings.iter().map(|finding| finding.field.clone()).collect()),
        Arg::Texts(findings.iter().map(|finding| finding.message.clone()).collect()),
        Arg::Texts(writing.live.keys().cloned().collect()),
        Arg::Texts(writing.live.values().map(|value| json!(value).to_string()).collect()),
        writing.event(),
    ]);
    args.extend(decision_args(writing));
    args
}

/// Five columns of decisions, who wrote what they are about, four columns of values that people own now, and the fields
/// that are no longer live.
fn decision_args(writing: &Writing) -> Vec<Arg> {
    let (decisions, values) = (&writing.decisions, &writing.human_values);
    let mut args = vec![
        Arg::Texts(decisions.iter().map(|one| one.part.clone()).collect()),
        Arg::Texts(decisions.iter().map(|one| one.verdict.clone()).collect()),
        Arg::Texts(decisions.iter().map(|one| one.by.clone()).collect()),
        Arg::Ints(decisions.iter().map(|one| one.at).collect()),
        Arg::Texts(decisions.iter().map(|one| one.decision.clone()).collect()),
    ];
    args.extend(writing.maker_args());
    args.extend([
        Arg::Texts(values.keys().cloned().collect()),
        Arg::Texts(values.values().map(|human| json!(human.value).to_string()).collect()),
        Arg::Texts(values.values().map(|human| human.by.clone()).collect()),
        Arg::Ints(values.values().map(|human| human.at.as_microsecond()).collect()),
        Arg::Texts(writing.retired.clone()),
    ]);
    args
}

/// `known` and what follows see the tables as they were before: what travels with the event is taken from the event.
const FETCH: &str = "
    with known as (
        select version, name from records where record_type = $1 and record_id = $2
    ), registered as (
        insert into records (record_type, record_id, name) select $1, $2, $6
        where not exists (select from known where $6 is null or name is not distinct from $6)
        on conflict (record_type, record_id) do update set name = excluded.name where excluded.name is not null
    ), kept as (
        insert into sources (record_type, record_id, id, source_type, format, occurred_at, title, body, digest, as_of)
        select $1, $2, new.id, new.source_type, new.format, new.occurred_at, new.title, new.body, new.digest, $7
        from unnest($8, $9, $10, $11, $12, $13, $14)
            as new (id, source_type, format, occurred_at, title, body, digest)
        where not exists (select from sources old
            where old.record_type = $1 and old.record_id = $2 and old.id = new.id
                and (old.digest = new.digest or old.as_of > $7))
        on conflict (record_type, record_id, id) do update set source_type = excluded.source_type,
            format = excluded.format, occurred_at = excluded.occurred_at, title = excluded.title, body = excluded.body,
            digest = excluded.digest, as_of = excluded.as_of
            where sources.as_of <= excluded.as_of
    )
    select coalesce((select version from known), 0),
        (select cast(json_object_agg(h.field, json_build_object('value', h.value, 'by', h.edited_by, 'at', h.at)) as text)
            from live_values h where h.record_type = $1 and h.record_id = $2 and h.origin = 'human'),
        (select cast(json_agg(d.decision order by d.id) as text) from decisions d
            where d.record_type = $1 and d.record_id = $2),
        c.stamp, c.event_time, c.event_source, c.event_id,
        s.bytes, s.id, s.source_type, s.format, s.occurred_at, s.title,
        case when s.bytes <= $15 and s.bytes_so_far <= $16 then s.body end
    from (select) one
    left join current_briefs c on c.record_type = $1 and c.record_id = $2 and c.kind = $3
    left join (
        select *, sum(bytes) filter (where bytes <= $15) over (order by occurred_at desc nulls last, id) as bytes_so_far
        from (select *, octet_length(body)::bigint as bytes from sources) sized
        where record_type = $1 and record_id = $2
            and (id = any($4) or occurred_at >= $5 or ($5 is not null and occurred_at is null))
    ) s on true
    order by s.id";

/// The whole write-back, a machine's or a person's. No two parts of it touch one live value: what people own, what is
/// retired and what the machine states are different fields. `raised` decides: it locks the record's row and changes it only if the version is still the
/// expected one; all others write only if it did. A brief newer than this one raised the version as well, so a
/// `newer` that was read too early ends as a conflict, never as a write.
const WRITE_BRIEF: &str = "
    with newer as (
        select from current_briefs
        where record_type = $1 and record_id = $2 and kind = $3 and (event_time, event_id) > ($4, $5)
    ), raised as (
        update records set version = version + 1
        where record_type = $1 and record_id = $2 and version = $13 and not exists (select from newer)
        returning version
    ), added as (
        insert into briefs (record_type, record_id, kind, event_time, event_id, event_source, stamp, publication,
            readiness, record_version, document, created_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, cast($11 as json), $12 from raised
        returning id
    ), pointed as (
        insert into current_briefs (record_type, record_id, kind, event_time, event_id, event_source, stamp, brief)
        select $1, $2, $3, $4, $5, $6, $7, id from added
        on conflict (record_type, record_id, kind) do update set event_time = excluded.event_time,
            event_id = excluded.event_id, event_source = excluded.event_source, stamp = excluded.stamp,
            brief = excluded.brief
    ), found as (
        insert into findings (brief, n, check_name, severity, field, message)
        select added.id, finding.* from added, unnest($15, $16, $17, $18, $19) finding
    ), dropped as (
        delete from live_values using added
        where record_type = $1 and record_id = $2 and (field = any($35)
            or $14 and kind = $3 and origin = 'machine' and (at, event_id) <= ($4, $5) and field <> all($20)
                and field <> all($31))
    ), decided as (
        insert into decisions (record_type, record_id, kind, brief, stamp, engine, model, prompt, part, verdict, decided_by,
            at, decision)
        select $1, $2, $3, added.id, $7, $28, $29, $30, new.part, new.verdict, new.decided_by, new.at,
            cast(new.decision as json)
        from added, unnest($23, $24, $25, $26, $27) with ordinality as new (part, verdict, decided_by, at, decision, n)
        order by new.n
    ), owned as (
        insert into live_values (record_type, record_id, field, value, edited_by, at, origin)
        select $1, $2, new.field, cast(new.value as json), new.edited_by, new.at, 'human'
        from added, unnest($31, $32, $33, $34) as new (field, value, edited_by, at)
        on conflict (record_type, record_id, field) do update
            set value = excluded.value, origin = 'human', edited_by = excluded.edited_by, at = excluded.at, kind = null,
                event_id = null
    ), set_live as (
        insert into live_values (record_type, record_id, kind, at, event_id, field, value, origin)
        select $1, $2, $3, $4, $5, new.field, cast(new.value as json), 'machine'
        from added, unnest($20, $21) as new (field, value) where $14
        on conflict (record_type, record_id, field) do update
            set value = excluded.value, kind = excluded.kind, at = excluded.at, event_id = excluded.event_id
            where live_values.origin = 'machine'
                and (live_values.at, live_values.event_id) <= (excluded.at, excluded.event_id)
    ), written as (
        insert into handoffs (record_type, record_id, kind, event_time, event_id, event_source, outcome, stamp, noted_at,
            event)
        select $1, $2, $3, $4, $5, $6, $8, $7, $12, $22 from added
        on conflict (event_source, event_id) do update
            set outcome = excluded.outcome, stamp = excluded.stamp, noted_at = excluded.noted_at
    ), superseded as (
        insert into handoffs (record_type, record_id, kind, event_time, event_id, event_source, outcome, noted_at, event)
        select $1, $2, $3, $4, $5, $6, 'superseded', $12, $22 from newer
        on conflict (event_source, event_id) do update set outcome = excluded.outcome, noted_at = excluded.noted_at
            where handoffs.stamp is null
    )
    select case when exists (select from raised) then 'done' when exists (select from newer) then 'superseded' else 'conflict' end";

/// The record's row first, as in a write-back: an edit and a brief wait for each other, they never deadlock.
const EDIT: &str = "
    with raised as (
        insert into records (record_type, record_id, name, version) values ($1, $2, $7, 1)
        on conflict (record_type, record_id) do update set version = records.version + 1
        returning version
    ), edited as (
        insert into live_values (record_type, record_id, field, value, edited_by, at, origin)
        select $1, $2, $3, cast($4 as json), $5, $6, 'human' from raised
        on conflict (record_type, record_id, field) do update
            set value = excluded.value, origin = 'human', edited_by = excluded.edited_by, at = excluded.at, kind = null,
                event_id = null
    )
    select version from raised";

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgSslMode;

    use super::{connect_options, storable};

    fn check(url: &str, is_verified: bool) {
        let mode = connect_options(url).map(|options| matches!(options.get_ssl_mode(), PgSslMode::VerifyFull));
        assert_eq!(mode, Ok(is_verified), "{url}");
    }

    #[test]
    fn a_server_on_another_machine_must_prove_who_it_is_unless_the_url_says_otherwise() {
        check("postgres://baton@db.example.com/baton", true);
        check("postgres://baton@10.0.0.7:5433/baton", true);
        check("postgres://baton@db.example.com/baton?sslmode=disable", false);
        check("postgres://baton@db.example.com/baton?sslmode=verify-full", true);
        for host in ["localhost", "127.0.0.1", "127.0.0.9", "[::1]", "%2Fvar%2Frun%2Fpostgresql"] {
            check(&format!("postgres://baton@{host}/baton"), false);
        }
    }

    #[test]
    fn what_is_no_url_is_refused_without_being_quoted() {
        let error = connect_options("postgres://baton:hunter2@host:port/db").map(drop).map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|text| text.contains("record.url") && !text.contains("hunter2")), "{error:?}");
    }

    #[test]
    fn a_nul_character_becomes_the_replacement_character() {
        assert_eq!(storable("a\0b".to_owned()), "a\u{fffd}b");
    }
}
