-- What people decided about parts of briefs. Never changed, never deleted.
create table decisions (
    id             bigint generated always as identity primary key,
    record_type    text collate "C" not null,
    record_id      text collate "C" not null,
    kind           text collate "C" not null,
    -- The version of the brief that it made.
    brief          bigint not null references briefs (id),
    -- Who wrote the brief that was decided on, from what.
    stamp          text collate "C" not null,
    engine         text not null,
    model          text not null,
    prompt         text not null,
    -- A field or axis, `headline`, `commitments`, `open_questions`.
    part           text collate "C" not null,
    verdict        text not null check (verdict in ('accepted', 'edited', 'rejected')),
    decided_by     text not null,
    at             bigint not null,
    -- All of it in JSON: what it was about, what stands instead, the person's note.
    decision       json not null
);
create index decisions_by_record on decisions (record_type, record_id, id);

-- The drafts that wait for a person.
create index briefs_held on briefs (id) where publication = 'held_for_review';
