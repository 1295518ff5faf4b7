-- The record store in PostgreSQL.
--
-- Times are bigint, microseconds since 1970-01-01T00:00:00Z: the same numbers, order and ties as in SQLite and in the
-- code, whatever the session's time zone. For people: to_timestamp(event_time / 1e6).
-- JSON is `json`, not `jsonb`: it keeps the document as it was checked, and a customer's text may hold \u0000.
-- Ids are compared byte by byte (collate "C"), as the code does.

-- What changes hands. `version` goes up by 1 with every brief that is written and every edit by a person;
-- it does not for sources.
create table records (
    record_type text collate "C" not null,
    record_id   text collate "C" not null,
    name        text,
    version     bigint not null default 0,
    primary key (record_type, record_id)
);

-- Notes, transcripts, threads, as they arrived.
create table sources (
    record_type text collate "C" not null,
    record_id   text collate "C" not null,
    id          text collate "C" not null,
    source_type text not null,
    format      text,
    occurred_at bigint,
    title       text,
    body        bytea not null,
    -- BLAKE3 of all of the above: an unchanged source is not written again.
    digest      text not null,
    -- Time of the event it came with: an older event never brings back an older content.
    as_of       bigint not null,
    primary key (record_type, record_id, id)
);

-- Events and how they ended. An event is named by its source and its id.
create table handoffs (
    event_source text collate "C" not null,
    event_id     text collate "C" not null,
    kind         text collate "C" not null,
    record_type  text collate "C" not null,
    record_id    text collate "C" not null,
    event_time   bigint not null,
    outcome      text not null,
    -- Of the brief that was written for it; null if none was.
    stamp        text,
    noted_at     bigint not null,
    -- The event in JSON as it came, but for the contents of its sources: a backfill works on the newest one again.
    -- text: the statement is the same as SQLite's.
    event        text not null,
    primary key (event_source, event_id)
);
create index handoffs_by_record on handoffs (record_type, record_id, kind, event_time, event_id);

-- Every brief ever written, published or held. Never changed, never deleted.
create table briefs (
    id             bigint generated always as identity primary key,
    record_type    text collate "C" not null,
    record_id      text collate "C" not null,
    kind           text collate "C" not null,
    event_source   text collate "C" not null,
    event_id       text collate "C" not null,
    event_time     bigint not null,
    stamp          text not null,
    publication    text not null,
    readiness      text not null,
    -- Version of the record that this brief made.
    record_version bigint not null,
    document       json not null,
    created_at     bigint not null
);
create index briefs_by_record on briefs (record_type, record_id, kind, id);

-- The newest brief of each record and kind, by (event_time, event_id).
create table current_briefs (
    record_type  text collate "C" not null,
    record_id    text collate "C" not null,
    kind         text collate "C" not null,
    brief        bigint not null references briefs (id),
    event_source text collate "C" not null,
    event_id     text collate "C" not null,
    event_time   bigint not null,
    stamp        text not null,
    primary key (record_type, record_id, kind)
);

-- What the checks said, a row each, so that SQL can count them.
create table findings (
    brief      bigint not null references briefs (id),
    n          bigint not null,
    check_name text not null,
    severity   text not null,
    field      text,
    message    text not null,
    primary key (brief, n)
);

-- What other systems read: one value for each field of a record. A person's value is never written over by Baton.
create table live_values (
    record_type text collate "C" not null,
    record_id   text collate "C" not null,
    field       text collate "C" not null,
    value       json not null,
    origin      text not null check (origin in ('machine', 'human')),
    -- Who edited it; null for the machine.
    edited_by   text,
    -- Time of the edit, or of the event that brought the value.
    at          bigint not null,
    -- The kind of handoff and the event that brought it; null for a person's value.
    kind        text collate "C",
    event_id    text collate "C",
    primary key (record_type, record_id, field)
);

-- Model calls that were paid for: read again after a crash instead of bought again. The earliest of a round counts;
-- `at` is in the key since two workers may both have paid for it, and both count as spent.
create table exchanges (
    stamp                text collate "C" not null,
    round                bigint not null,
    at                   bigint not null,
    engine               text not null,
    model                text not null,
    request_digest       text not null,
    reply_text           text not null,
    finish               text not null,
    prompt_tokens        bigint not null,
    cached_prompt_tokens bigint not null,
    completion_tokens    bigint not null,
    -- US dollars; null: the price is not known.
    cost_usd             double precision,
    latency_ms           bigint not null,
    primary key (stamp, round, at)
);
create index exchanges_by_time on exchanges (at) include (cost_usd);

-- What a backfill did with each record.
create table ledger (
    run         text collate "C" not null,
    record_type text collate "C" not null,
    record_id   text collate "C" not null,
    name        text,
    outcome     text not null,
    detail      text,
    primary key (run, record_type, record_id)
);
