-- The record store in SQLite: for one machine.
--
-- The same tables as in PostgreSQL. Times are microseconds since 1970-01-01T00:00:00Z. JSON is text.
-- Tables are strict: a value of another type is an error, not a surprise.

-- What changes hands. `version` goes up by 1 with every brief that is written and every edit by a person;
-- it does not for sources.
create table records (
    record_type text not null,
    record_id   text not null,
    name        text,
    version     integer not null default 0,
    primary key (record_type, record_id)
) strict;

-- Notes, transcripts, threads, as they arrived.
create table sources (
    record_type text not null,
    record_id   text not null,
    id          text not null,
    source_type text not null,
    format      text,
    occurred_at integer,
    title       text,
    body        blob not null,
    -- BLAKE3 of all of the above: an unchanged source is not written again.
    digest      text not null,
    -- Time of the event it came with: an older event never brings back an older content.
    as_of       integer not null,
    primary key (record_type, record_id, id)
) strict;

-- Events and how they ended. An event is named by its source and its id.
create table handoffs (
    event_source text not null,
    event_id     text not null,
    kind         text not null,
    record_type  text not null,
    record_id    text not null,
    event_time   integer not null,
    outcome      text not null,
    -- Of the brief that was written for it; null if none was.
    stamp        text,
    noted_at     integer not null,
    -- The event in JSON as it came, but for the contents of its sources: a backfill works on the newest one again.
    event        text not null,
    primary key (event_source, event_id)
) strict;
create index handoffs_by_record on handoffs (record_type, record_id, kind, event_time, event_id);

-- Every brief ever written, published or held. Never changed, never deleted.
create table briefs (
    id             integer primary key,
    record_type    text not null,
    record_id      text not null,
    kind           text not null,
    event_source   text not null,
    event_id       text not null,
    event_time     integer not null,
    stamp          text not null,
    publication    text not null,
    readiness      text not null,
    -- Version of the record that this brief made.
    record_version integer not null,
    document       text not null,
    created_at     integer not null
) strict;
create index briefs_by_record on briefs (record_type, record_id, kind, id);

-- The newest brief of each record and kind, by (event_time, event_id).
create table current_briefs (
    record_type  text not null,
    record_id    text not null,
    kind         text not null,
    brief        integer not null references briefs (id),
    event_source text not null,
    event_id     text not null,
    event_time   integer not null,
    stamp        text not null,
    primary key (record_type, record_id, kind)
) strict;

-- What the checks said, a row each, so that SQL can count them.
create table findings (
    brief      integer not null references briefs (id),
    n          integer not null,
    check_name text not null,
    severity   text not null,
    field      text,
    message    text not null,
    primary key (brief, n)
) strict;

-- What other systems read: one value for each field of a record. A person's value is never written over by Baton.
create table live_values (
    record_type text not null,
    record_id   text not null,
    field       text not null,
    value       text not null,
    origin      text not null check (origin in ('machine', 'human')),
    -- Who edited it; null for the machine.
    edited_by   text,
    -- Time of the edit, or of the event that brought the value.
    at          integer not null,
    -- The kind of handoff and the event that brought it; null for a person's value.
    kind        text,
    event_id    text,
    primary key (record_type, record_id, field)
) strict;

-- Model calls that were paid for: read again after a crash instead of bought again. The earliest of a round counts;
-- `at` is in the key since two workers may both have paid for it, and both count as spent.
create table exchanges (
    stamp                text not null,
    round                integer not null,
    at                   integer not null,
    engine               text not null,
    model                text not null,
    request_digest       text not null,
    reply_text           text not null,
    finish               text not null,
    prompt_tokens        integer not null,
    cached_prompt_tokens integer not null,
    completion_tokens    integer not null,
    -- US dollars; null: the price is not known.
    cost_usd             real,
    latency_ms           integer not null,
    primary key (stamp, round, at)
) strict;
create index exchanges_by_time on exchanges (at, cost_usd);

-- What a backfill did with each record.
create table ledger (
    run         text not null,
    record_type text not null,
    record_id   text not null,
    name        text,
    outcome     text not null,
    detail      text,
    primary key (run, record_type, record_id)
) strict;
