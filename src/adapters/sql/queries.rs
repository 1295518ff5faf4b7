//! Statements that both databases understand, and what is read with them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Store;
use super::cells::{Arg, Cells, count, name_of};
use super::handoff::{read_source, source_digest};
use crate::domain::brief::{BriefDocument, Origin, Usage};
use crate::domain::event::RecordRef;
use crate::domain::handoff::Source;
use crate::domain::stamp::Stamp;
use crate::domain::value::Value;
use crate::ports::{Exchange, LedgerLine, ModelReply, StoreError};

/// A brief as it was written at some time.
#[derive(Debug, Clone, PartialEq)]
pub struct BriefVersion {
    /// Version of the record that this brief made.
    pub record_version: i64,
    pub written_at: Timestamp,
    pub document: BriefDocument,
}

/// An event and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub event_source: String,
    pub event_id: String,
    pub kind: String,
    pub record: RecordRef,
    pub event_time: Timestamp,
    pub outcome: String,
    /// Of the brief that was written for it.
    pub stamp: Option<Stamp>,
}

/// A value other systems read.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveValue {
    pub value: Value,
    pub origin: Origin,
    /// The person, for a person's value.
    pub by: Option<String>,
    /// Time of the edit, or of the event that brought the value.
    pub at: Timestamp,
}

impl Store {
    /// Registers a record, or renames it.
    pub async fn put_record(&self, record: &RecordRef) -> Result<(), StoreError> {
        let mut args = key(record);
        args.push(Arg::MaybeText(record.name.clone()));
        self.write("registered a record", REGISTER, args).await.map(drop)
    }

    /// Keeps a source of a record, in place of the one with the same id.
    pub async fn put_source(&self, record: &RecordRef, source: &Source) -> Result<(), StoreError> {
        self.put_record(record).await?;
        self.write("kept a source", KEEP_SOURCE, source_args(record, source, Timestamp::now())).await.map(drop)
    }

    /// All sources of a record, by id.
    pub async fn sources_of(&self, record: &RecordRef) -> Result<Vec<Source>, StoreError> {
        let rows = self.read("read sources", SOURCES_OF, key(record)).await?;
        rows.into_iter().map(|mut row| read_source(&mut row)).collect()
    }

    /// The newest brief of a record for one kind of handoff, published or held.
    pub async fn read_brief(&self, record: &RecordRef, kind: &str) -> Result<Option<BriefDocument>, StoreError> {
        let mut args = key(record);
        args.push(Arg::from(kind));
        let rows = self.read(READING_BRIEFS, READ_BRIEF, args).await?;
        rows.into_iter().next().map(|mut row| row.json()).transpose()
    }

    /// The newest briefs of all records with this id (alone or as `type/id`), with these words in their name, or written
    /// for the event with this id; of all records, if nothing is asked for. At most 100: ids before names, those written last first.
    pub async fn find_briefs(&self, id_or_name: Option<&str>) -> Result<Vec<BriefDocument>, StoreError> {
        let escaped = id_or_name.map(|words| words.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"));
        let pattern = escaped.map(|words| format!("%{words}%"));
        let args = vec![Arg::MaybeText(id_or_name.map(str::to_owned)), Arg::MaybeText(pattern)];
        let rows = self.read(READING_BRIEFS, FIND_BRIEFS, args).await?;
        rows.into_iter().map(|mut row| row.json()).collect()
    }

    /// All briefs of a record for one kind of handoff, newest first.
    pub async fn brief_history(&self, record: &RecordRef, kind: &str) -> Result<Vec<BriefVersion>, StoreError> {
        let mut args = key(record);
        args.push(Arg::from(kind));
        let rows = self.read(READING_BRIEFS, BRIEF_HISTORY, args).await?;
        let read =
            |mut row: Cells| Ok(BriefVersion { record_version: row.int()?, written_at: row.time()?, document: row.json()? });
        rows.into_iter().map(read).collect()
    }

    /// The live values of a record, by field.
    pub async fn live_values(&self, record: &RecordRef) -> Result<BTreeMap<String, LiveValue>, StoreError> {
        let rows = self.read("read live values", LIVE_VALUES, key(record)).await?;
        let read = |mut row: Cells| {
            let field = row.text()?;
            let (value, origin, by, at) = (row.json()?, row.named()?, row.maybe_text()?, row.time()?);
            Ok((field, LiveValue { value, origin, by, at }))
        };
        rows.into_iter().map(read).collect()
    }

    /// How an event ended; `None` if it has not.
    pub async fn read_event(&self, event_source: &str, event_id: &str) -> Result<Option<EventRow>, StoreError> {
        let rows = self.read(READING_EVENTS, READ_EVENT, vec![Arg::from(event_source), Arg::from(event_id)]).await?;
        rows.into_iter().next().map(|row| read_event(event_source, event_id, row)).transpose()
    }

    /// How many events ended how.
    pub async fn count_events_by_outcome(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows = self.read(READING_EVENTS, COUNT_EVENTS, Vec::new()).await?;
        rows.into_iter().map(|mut row| Ok((row.text()?, row.unsigned()?))).collect()
    }

    /// How many findings of the newest briefs each check has made: (check, severity, findings).
    pub async fn count_findings(&self) -> Result<Vec<(String, String, u64)>, StoreError> {
        let rows = self.read("counted findings", COUNT_FINDINGS, Vec::new()).await?;
        rows.into_iter().map(|mut row| Ok((row.text()?, row.text()?, row.unsigned()?))).collect()
    }
}

/// Record type and id.
pub(super) fn key(record: &RecordRef) -> Vec<Arg> {
    vec![Arg::from(&*record.record_type), Arg::from(&*record.id)]
}

/// Arguments of [`KEEP_SOURCE`].
pub(super) fn source_args(record: &RecordRef, source: &Source, as_of: Timestamp) -> Vec<Arg> {
    let mut args = key(record);
    args.extend([
        Arg::from(&*source.id),
        Arg::Text(name_of(&source.source_type)),
        Arg::MaybeText(source.format.clone()),
        Arg::MaybeInt(source.occurred_at.map(|at| at.as_microsecond())),
        Arg::MaybeText(source.title.clone()),
        Arg::Bytes(source.body.clone()),
        Arg::Text(source_digest(source)),
        Arg::from(as_of),
    ]);
    args
}

/// Arguments of [`RECORD_EXCHANGE`].
pub(super) fn exchange_args(exchange: &Exchange) -> Vec<Arg> {
    let usage = &exchange.reply.usage;
    vec![
        Arg::from(&*exchange.stamp.0),
        count(u64::from(exchange.round)),
        Arg::from(exchange.at),
        Arg::from(&*exchange.engine),
        Arg::from(&*exchange.model),
        Arg::from(&*exchange.request_digest),
        Arg::from(&*exchange.reply.text),
        Arg::Text(name_of(&exchange.reply.finish)),
        count(usage.prompt_tokens),
        count(usage.cached_prompt_tokens),
        count(usage.completion_tokens),
        Arg::MaybeReal(exchange.cost_usd),
        count(exchange.latency_ms),
    ]
}

/// Reads the columns of [`RECALL_EXCHANGES`].
pub(super) fn read_exchange(mut row: Cells) -> Result<Exchange, StoreError> {
    let (stamp, round, at) = (Stamp(row.text()?), row.unsigned()?, row.time()?);
    let (engine, model, request_digest) = (row.text()?, row.text()?, row.text()?);
    let (text, finish) = (row.text()?, row.named()?);
    let usage =
        Usage { prompt_tokens: row.unsigned()?, cached_prompt_tokens: row.unsigned()?, completion_tokens: row.unsigned()? };
    let (cost_usd, latency_ms) = (row.maybe_real()?, row.unsigned()?);
    let reply = ModelReply { text, finish, usage };
    Ok(Exchange { stamp, round, engine, model, request_digest, reply, cost_usd, latency_ms, at })
}

pub(super) fn read_record(row: &mut Cells) -> Result<RecordRef, StoreError> {
    Ok(RecordRef { record_type: row.text()?, id: row.text()?, name: row.maybe_text()? })
}

pub(super) fn ledger_args(run: &str, line: &LedgerLine) -> Vec<Arg> {
    let mut args = vec![Arg::from(run)];
    args.extend(key(&line.record));
    args.extend([Arg::MaybeText(line.record.name.clone()), Arg::from(&*line.outcome), Arg::MaybeText(line.detail.clone())]);
    args
}

fn read_event(event_source: &str, event_id: &str, mut row: Cells) -> Result<EventRow, StoreError> {
    Ok(EventRow {
        event_source: event_source.to_owned(),
        event_id: event_id.to_owned(),
        kind: row.text()?,
        record: read_record(&mut row)?,
        event_time: row.time()?,
        outcome: row.text()?,
        stamp: row.maybe_text()?.map(Stamp),
    })
}

const READING_BRIEFS: &str = "read briefs";
const READING_EVENTS: &str = "read events";

pub(super) const REGISTER: &str = "
    insert into records (record_type, record_id, name) values ($1, $2, $3)
    on conflict (record_type, record_id) do update set name = excluded.name
        where excluded.name is not null and records.name is distinct from excluded.name";

/// An edit of a record the store has never seen registers it.
pub(super) const RAISE_VERSION_FOR_EDIT: &str = "
    insert into records (record_type, record_id, name, version) values ($1, $2, $3, 1)
    on conflict (record_type, record_id) do update set version = records.version + 1
    returning version";

pub(super) const KEEP_SOURCE: &str = "
    insert into sources (record_type, record_id, id, source_type, format, occurred_at, title, body, digest, as_of)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (record_type, record_id, id) do update set source_type = excluded.source_type, format = excluded.format,
        occurred_at = excluded.occurred_at, title = excluded.title, body = excluded.body, digest = excluded.digest,
        as_of = excluded.as_of
        where sources.digest <> excluded.digest and sources.as_of <= excluded.as_of";

/// An event that has written a brief keeps that outcome, however often it comes again.
pub(super) const NOTE_OUTCOME: &str = "
    insert into handoffs (record_type, record_id, kind, event_time, event_id, event_source, outcome, stamp, noted_at, event)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (event_source, event_id) do update set outcome = excluded.outcome, noted_at = excluded.noted_at
        where handoffs.stamp is null and handoffs.outcome <> excluded.outcome";

pub(super) const RECORD_EXCHANGE: &str = "
    insert into exchanges (stamp, round, at, engine, model, request_digest, reply_text, finish, prompt_tokens,
        cached_prompt_tokens, completion_tokens, cost_usd, latency_ms)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    on conflict do nothing";

/// Two workers may both have paid for a round: the earlier answer counts, for both.
pub(super) const RECALL_EXCHANGES: &str = "
    select stamp, round, at, engine, model, request_digest, reply_text, finish, prompt_tokens, cached_prompt_tokens,
        completion_tokens, cost_usd, latency_ms
    from exchanges e
    where stamp = $1 and not exists (select 1 from exchanges x where x.stamp = e.stamp and x.round = e.round and x.at < e.at)
    order by round";

pub(super) const SPENT_SINCE: &str = "select sum(cost_usd) from exchanges where at >= $1";

pub(super) const LIST_RECORDS: &str = "
    select record_type, record_id, name,
        (select h.event from handoffs h where h.record_type = r.record_type and h.record_id = r.record_id and h.kind = $4
            order by h.event_time desc, h.event_id desc limit 1)
    from records r
    where (record_type, record_id) > ($1, $2) and exists (select 1 from sources s
        where s.record_type = r.record_type and s.record_id = r.record_id)
    order by record_type, record_id
    limit $3";

pub(super) const LEDGER: &str = "
    select record_type, record_id, name, outcome, detail from ledger where run = $1 order by record_type, record_id";

pub(super) const NOTE_LEDGER: &str = "
    insert into ledger (run, record_type, record_id, name, outcome, detail) values ($1, $2, $3, $4, $5, $6)
    on conflict (run, record_type, record_id) do update set outcome = excluded.outcome, detail = excluded.detail";

const SOURCES_OF: &str = "
    select id, source_type, format, occurred_at, title, body from sources
    where record_type = $1 and record_id = $2 order by id";

const READ_BRIEF: &str = "
    select cast(b.document as text) from current_briefs c join briefs b on b.id = c.brief
    where c.record_type = $1 and c.record_id = $2 and c.kind = $3";

const FIND_BRIEFS: &str = r"
    select cast(b.document as text) from records r
    join current_briefs c on c.record_type = r.record_type and c.record_id = r.record_id
    join briefs b on b.id = c.brief
    where $1 is null or r.record_id = $1 or r.record_type || '/' || r.record_id = $1 or b.event_id = $1
        or lower(r.name) like $2 escape '\'
    order by case when r.record_id = $1 or r.record_type || '/' || r.record_id = $1 or b.event_id = $1 then 0 else 1 end,
        b.id desc
    limit 100";

const BRIEF_HISTORY: &str = "
    select record_version, created_at, cast(document as text) from briefs
    where record_type = $1 and record_id = $2 and kind = $3 order by id desc";

const LIVE_VALUES: &str = "
    select field, cast(value as text), origin, edited_by, at from live_values
    where record_type = $1 and record_id = $2 order by field";

const READ_EVENT: &str = "
    select h.kind, h.record_type, h.record_id, r.name, h.event_time, h.outcome, h.stamp from handoffs h
    left join records r on r.record_type = h.record_type and r.record_id = h.record_id
    where h.event_source = $1 and h.event_id = $2";

const COUNT_EVENTS: &str = "select outcome, count(*) from handoffs group by outcome order by outcome";

const COUNT_FINDINGS: &str = "
    select f.check_name, f.severity, count(*) from current_briefs c join findings f on f.brief = c.brief
    group by f.check_name, f.severity order by f.check_name, f.severity";
