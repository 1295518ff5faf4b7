-- The embedded queue, for one machine: beside the record store in the same SQLite file, or in a file of its own.
-- Times are microseconds since 1970-01-01T00:00:00Z.

create table inbox (
    id             integer primary key autoincrement,
    content_type   text,
    -- CloudEvents attributes outside of the body: a JSON object of texts.
    attributes     text not null,
    body           blob not null,
    state          text not null check (state in ('ready', 'leased', 'parked')),
    -- Tries that ended in a retry or in a crash. The delivery's attempt is one more.
    tries          integer not null default 0,
    -- From then on whoever comes may take it. `ready`: delayed until then. `leased`: the consumer that has it renews
    -- this while it works; in the past, it has crashed. `parked`: when it was put aside; nobody takes it.
    due_at         integer not null,
    -- The consumer that leased it.
    holder         text,
    -- Why it was parked.
    park_class     text,
    park_message   text,
    park_attempt   integer
) strict;
create index inbox_by_state on inbox (state, due_at, id);
