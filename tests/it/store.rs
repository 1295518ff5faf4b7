//! The record stores: one suite, run against SQLite and against PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use baton::adapters::inbox::Inbox;
use baton::adapters::sql::{PostgresStore, SqliteStore, Store};
use baton::context::{Excerpt, Gathering, Limits, fit, gather};
use baton::domain::brief::{
    Brief, Confidence, CoverageReceipt, FieldAnswer, FieldStatus, Origin, Provenance, Publication, Usage,
};
use baton::domain::contract::Contract;
use baton::domain::event::{Envelope, HandoffEvent, RecordRef, SourceType, decode};
use baton::domain::handoff::{Handoff, HumanValue, Source};
use baton::domain::stamp::Stamp;
use baton::domain::value::Value;
use baton::ports::{Exchange, Finish, LedgerLine, ModelReply, RecordStore, StoreError, Written};
use baton::qa::{Decider, Ruling, Says, WriteBack, decide, plan_write, review};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::database::{TestStore, database_url, on_both_stores};

on_both_stores!(
    a_brief_that_was_written_is_read_back_whole,
    a_write_from_an_old_version_conflicts_and_changes_nothing,
    an_older_event_never_replaces_a_newer_brief,
    events_of_the_same_time_are_ordered_by_their_ids,
    a_persons_value_is_never_overwritten,
    a_persons_value_stands_even_if_it_was_put_there_without_a_new_version,
    a_held_draft_is_kept_and_leaves_the_live_values_alone,
    what_a_newer_brief_no_longer_says_is_no_longer_live,
    an_older_event_of_another_kind_does_not_touch_newer_live_values,
    a_redelivered_event_finds_its_own_stamp,
    an_event_that_wrote_a_brief_keeps_that_outcome,
    replies_are_recalled_in_the_order_of_their_rounds,
    a_reply_that_was_paid_twice_counts_twice_and_is_recalled_once,
    a_ledger_line_is_noted_once,
    records_are_listed_in_a_stable_order_page_by_page,
    a_record_is_listed_with_its_newest_event_of_the_kind_however_it_ended,
    an_event_is_kept_as_it_came_but_for_the_contents_of_its_sources,
    sources_over_a_limit_are_left_in_the_store_and_named_with_their_size,
    sources_that_nobody_has_are_named,
    an_event_without_sources_gets_all_within_the_look_back_window,
    sources_that_travel_are_kept_and_renewed_but_never_by_an_older_event,
    a_record_is_found_by_its_id_and_by_words_of_its_name,
    text_with_a_nul_character_is_kept,
    several_processes_may_start_at_once,
    concurrent_writers_leave_no_stale_brief_and_lose_no_edit,
    no_order_of_runs_edits_and_decisions_undoes_what_a_person_said,
    a_cancelled_caller_neither_loses_nor_fakes_a_write,
);

async fn a_brief_that_was_written_is_read_back_whole(test: &TestStore) {
    let event = event("1042", "evt-1", 1);
    let handoff = test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap();
    assert_eq!((handoff.version, handoff.current.is_none(), handoff.human_values.len()), (0, true, 0));
    let write = plan(&handoff, 120, Quote::Verbatim);
    assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));

    let record = &event.data.record;
    assert_eq!(test.store.read_brief(record, KIND).await.unwrap().as_ref(), Some(write.document()));
    let history = test.store.brief_history(record, KIND).await.unwrap();
    assert_eq!((history.len(), history[0].record_version, &history[0].document), (1, 1, write.document()));
    let live = test.store.live_values(record).await.unwrap();
    assert_eq!((live.len(), &live["seats"].value, live["seats"].origin), (1, &seats(120), Origin::Machine));
    let row = test.store.read_event("crm/deals", "evt-1").await.unwrap().unwrap();
    assert_eq!((row.outcome.as_str(), row.kind.as_str(), &row.record), ("published", KIND, record));
    assert_eq!(row.stamp, Some(write.document().provenance.stamp.clone()));
    let expected_findings: u64 = write.document().findings.len().try_into().unwrap();
    let counted: u64 = test.store.count_findings().await.unwrap().into_iter().map(|(_, _, n)| n).sum();
    assert_eq!(counted, expected_findings);

    let again = test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap();
    assert_eq!(again.version, 1);
    assert_eq!(again.current.unwrap().stamp, write.document().provenance.stamp);
}

async fn a_write_from_an_old_version_conflicts_and_changes_nothing(test: &TestStore) {
    let first = test.store.fetch_handoff(&event("1042", "evt-1", 1), 90, &LIMITS).await.unwrap();
    let second = test.store.fetch_handoff(&event("1042", "evt-2", 2), 90, &LIMITS).await.unwrap();
    assert_eq!(test.store.write_back(&plan(&first, 1, Quote::Verbatim)).await, Ok(Written::Done));
    assert_eq!(test.store.write_back(&plan(&second, 2, Quote::Verbatim)).await, Err(StoreError::VersionConflict));

    let record = record("1042");
    assert_eq!(test.store.live_values(&record).await.unwrap()["seats"].value, seats(1));
    assert_eq!(test.store.brief_history(&record, KIND).await.unwrap().len(), 1);
    assert_eq!(test.store.read_event("crm/deals", "evt-2").await.unwrap(), None);
    assert_eq!(test.store.fetch_handoff(&event("1042", "evt-2", 2), 90, &LIMITS).await.unwrap().version, 1);
}

async fn an_older_event_never_replaces_a_newer_brief(test: &TestStore) {
    assert_eq!(process(&test.store, &event("1042", "evt-2", 2), 2).await, Ok(Written::Done));
    assert_eq!(process(&test.store, &event("1042", "evt-1", 1), 1).await, Ok(Written::Superseded));
    let record = record("1042");
    assert_eq!(test.store.live_values(&record).await.unwrap()["seats"].value, seats(2));
    assert_eq!(test.store.brief_history(&record, KIND).await.unwrap().len(), 1);
    let row = test.store.read_event("crm/deals", "evt-1").await.unwrap().unwrap();
    assert_eq!((row.outcome.as_str(), row.stamp), ("superseded", None));
    assert_eq!(test.store.fetch_handoff(&event("1042", "evt-3", 3), 90, &LIMITS).await.unwrap().version, 1);
}

async fn events_of_the_same_time_are_ordered_by_their_ids(test: &TestStore) {
    // Byte order: in most languages' own order "evt-B" would stand after "evt-a".
    assert_eq!(process(&test.store, &event("1042", "evt-a", 1), 1).await, Ok(Written::Done));
    assert_eq!(process(&test.store, &event("1042", "evt-B", 1), 2).await, Ok(Written::Superseded));
    assert_eq!(process(&test.store, &event("1042", "evt-b", 1), 3).await, Ok(Written::Done));
}

async fn a_persons_value_is_never_overwritten(test: &TestStore) {
    let record = record("1042");
    process(&test.store, &event("1042", "evt-1", 1), 1).await.unwrap();
    let stale = test.store.fetch_handoff(&event("1042", "evt-2", 2), 90, &LIMITS).await.unwrap();
    assert_eq!(test.store.set_human_value(&record, "seats", human(77)).await, Ok(2));
    // Planned before the edit: the edit made a new version.
    assert_eq!(test.store.write_back(&plan(&stale, 2, Quote::Verbatim)).await, Err(StoreError::VersionConflict));
    let handoff = test.store.fetch_handoff(&event("1042", "evt-2", 2), 90, &LIMITS).await.unwrap();
    assert_eq!(handoff.human_values, BTreeMap::from([("seats".to_owned(), human(77))]));
    let write = plan(&handoff, 2, Quote::Verbatim);
    assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));
    let live = &test.store.live_values(&record).await.unwrap()["seats"];
    assert_eq!((&live.value, live.origin, live.by.as_deref()), (&seats(77), Origin::Human, Some("dana")));
}

/// The promise is kept in SQL as well, not by the plan and the version alone.
async fn a_persons_value_stands_even_if_it_was_put_there_without_a_new_version(test: &TestStore) {
    let record = record("1042");
    let handoff = test.store.fetch_handoff(&event("1042", "evt-1", 9), 90, &LIMITS).await.unwrap();
    // The edit is older than the event: only its being a person's protects it.
    let write = plan(&handoff, 1, Quote::Verbatim);
    assert!(write.live().contains_key("seats"));
    test.store.set_human_value(&record, "seats", human(77)).await.unwrap();
    test.execute("update records set version = 0".to_owned()).await;
    assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));
    assert_eq!(test.store.live_values(&record).await.unwrap()["seats"].value, seats(77));
}

async fn a_held_draft_is_kept_and_leaves_the_live_values_alone(test: &TestStore) {
    let record = record("1042");
    process(&test.store, &event("1042", "evt-1", 1), 1).await.unwrap();
    let handoff = test.store.fetch_handoff(&event("1042", "evt-2", 2), 90, &LIMITS).await.unwrap();
    let write = plan(&handoff, 2, Quote::Invented);
    assert_eq!(write.document().publication, Publication::HeldForReview);
    assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));
    assert_eq!(test.store.live_values(&record).await.unwrap()["seats"].value, seats(1));
    assert_eq!(test.store.brief_history(&record, KIND).await.unwrap().len(), 2);
    assert_eq!(test.store.read_brief(&record, KIND).await.unwrap().unwrap().publication, Publication::HeldForReview);
    let counted = test.store.count_events_by_outcome().await.unwrap();
    assert_eq!(counted, BTreeMap::from([("held_for_review".to_owned(), 1), ("published".to_owned(), 1)]));
}

async fn what_a_newer_brief_no_longer_says_is_no_longer_live(test: &TestStore) {
    process(&test.store, &event("1042", "evt-1", 1), 1).await.unwrap();
    test.store.set_human_value(&record("1042"), "region", human(5)).await.unwrap();
    let handoff = test.store.fetch_handoff(&event("1042", "evt-2", 2), 90, &LIMITS).await.unwrap();
    assert_eq!(test.store.write_back(&plan_unstated(&handoff)).await, Ok(Written::Done));
    let live = test.store.live_values(&record("1042")).await.unwrap();
    assert_eq!(live.keys().collect::<Vec<_>>(), ["region"], "the machine's value goes, the person's stays");
}

async fn an_older_event_of_another_kind_does_not_touch_newer_live_values(test: &TestStore) {
    process(&test.store, &event("1042", "evt-2", 2), 2).await.unwrap();
    let mut older = event("1042", "evt-1", 1);
    older.data.kind = "marketing_to_sales".to_owned();
    assert_eq!(process(&test.store, &older, 1).await, Ok(Written::Done), "the first brief of its kind");
    assert_eq!(test.store.live_values(&record("1042")).await.unwrap()["seats"].value, seats(2));
    let mut newer = event("1042", "evt-3", 3);
    newer.data.kind = "marketing_to_sales".to_owned();
    assert_eq!(process(&test.store, &newer, 3).await, Ok(Written::Done));
    assert_eq!(test.store.live_values(&record("1042")).await.unwrap()["seats"].value, seats(3));
}

async fn a_redelivered_event_finds_its_own_stamp(test: &TestStore) {
    let event = event("1042", "evt-1", 1);
    process(&test.store, &event, 1).await.unwrap();
    let current = test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap().current.unwrap();
    assert_eq!((current.event_source, current.event_id), (event.source.clone(), event.id.clone()));
    assert_eq!((current.event_time, current.stamp), (event.time, stamp(&event, 1)));
    let mut other_kind = event.clone();
    other_kind.data.kind = "marketing_to_sales".to_owned();
    assert_eq!(test.store.fetch_handoff(&other_kind, 90, &LIMITS).await.unwrap().current, None);
}

async fn an_event_that_wrote_a_brief_keeps_that_outcome(test: &TestStore) {
    let (wrote, did_not) = (event("1042", "evt-1", 1), event("1042", "evt-2", 2));
    process(&test.store, &wrote, 1).await.unwrap();
    for _ in 0..2 {
        test.store.note_outcome(&wrote, "already_current").await.unwrap();
        test.store.note_outcome(&did_not, "nothing_to_summarize").await.unwrap();
    }
    let counted = test.store.count_events_by_outcome().await.unwrap();
    assert_eq!(counted, BTreeMap::from([("nothing_to_summarize".to_owned(), 1), ("published".to_owned(), 1)]));
    process(&test.store, &did_not, 2).await.unwrap();
    assert_eq!(test.store.read_event("crm/deals", "evt-2").await.unwrap().unwrap().outcome, "published");
}

async fn replies_are_recalled_in_the_order_of_their_rounds(test: &TestStore) {
    let exchanges = [exchange("s", 1, 20, None), exchange("s", 0, 10, Some(0.25)), exchange("other", 0, 5, Some(0.5))];
    for exchange in &exchanges {
        test.store.record_exchange(exchange).await.unwrap();
        test.store.record_exchange(exchange).await.unwrap();
    }
    let recalled = test.store.recall_exchanges(&Stamp("s".to_owned())).await.unwrap();
    assert_eq!(recalled, [exchanges[1].clone(), exchanges[0].clone()]);
    assert_eq!(test.store.recall_exchanges(&Stamp("none".to_owned())).await, Ok(Vec::new()));
    assert_eq!(test.store.spent_since(at(0)).await, Ok(0.75));
    assert_eq!(test.store.spent_since(at(6)).await, Ok(0.25));
    assert_eq!(test.store.spent_since(at(60)).await, Ok(0.0));
}

async fn a_reply_that_was_paid_twice_counts_twice_and_is_recalled_once(test: &TestStore) {
    let (first, second) = (exchange("s", 0, 10, Some(0.25)), exchange("s", 0, 11, Some(0.25)));
    test.store.record_exchange(&second).await.unwrap();
    test.store.record_exchange(&first).await.unwrap();
    assert_eq!(test.store.recall_exchanges(&first.stamp).await, Ok(vec![first]));
    assert_eq!(test.store.spent_since(at(0)).await, Ok(0.5));
}

async fn a_ledger_line_is_noted_once(test: &TestStore) {
    let failed = LedgerLine { record: record("2"), outcome: "failed".to_owned(), detail: Some("busy".to_owned()) };
    let done = LedgerLine { record: record("1"), outcome: "published".to_owned(), detail: None };
    let mended = LedgerLine { outcome: "published".to_owned(), detail: None, ..failed.clone() };
    for line in [&failed, &done, &done, &mended] {
        test.store.note_ledger("run-1", line).await.unwrap();
    }
    assert_eq!(test.store.ledger("run-1").await, Ok(vec![done, mended]));
    assert_eq!(test.store.ledger("run-2").await, Ok(Vec::new()));
}

async fn records_are_listed_in_a_stable_order_page_by_page(test: &TestStore) {
    let ids = ["10", "9", "a", "B", "é"];
    for id in ids {
        test.store.put_source(&record(id), &note("n", "hello", Some(1))).await.unwrap();
    }
    test.store.put_record(&record("without sources")).await.unwrap();
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = test.store.list_records("sdr_to_ae", after.as_ref(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.record.clone());
        listed.extend(page.into_iter().map(|known| known.record.id));
    }
    assert_eq!(listed, ["10", "9", "B", "a", "é"]);
}

async fn a_record_is_listed_with_its_newest_event_of_the_kind_however_it_ended(test: &TestStore) {
    let newest = async |id: &str| {
        let listed = test.store.list_records(KIND, None, 100).await.unwrap();
        let known = listed.into_iter().find(|known| known.record.id == id).unwrap();
        known.newest_event.map(|event| event.id)
    };
    for id in ["1042", "1043"] {
        test.store.put_source(&record(id), &note("n", "hello", Some(1))).await.unwrap();
    }
    assert_eq!(newest("1042").await, None);
    test.store.note_outcome(&event("1042", "evt-b", 1), "nothing_to_summarize").await.unwrap();
    assert_eq!(newest("1042").await.as_deref(), Some("evt-b"));
    process(&test.store, &event("1042", "evt-3", 3), 3).await.unwrap();
    let mut of_another_kind = event("1042", "evt-9", 9);
    of_another_kind.data.kind = "marketing_to_sales".to_owned();
    process(&test.store, &of_another_kind, 9).await.unwrap();
    assert_eq!(newest("1042").await.as_deref(), Some("evt-3"), "of the kind that was asked for");
    assert_eq!(process(&test.store, &event("1042", "evt-2", 2), 2).await, Ok(Written::Superseded));
    assert_eq!(newest("1042").await.as_deref(), Some("evt-3"), "written last, but older");
    test.store.note_outcome(&event("1042", "evt-4", 3), "already_current").await.unwrap();
    assert_eq!(newest("1042").await.as_deref(), Some("evt-4"), "of the same time: by id");
    assert_eq!(newest("1043").await, None, "another record's events are not its own");
}

async fn an_event_is_kept_as_it_came_but_for_the_contents_of_its_sources(test: &TestStore) {
    let sources = json!([
        { "id": "a", "type": "call_note", "format": "text/plain", "occurred_at": at(0).to_string(), "title": "a\0b", "text": "hello" },
        { "id": "b", "type": "email_thread", "text_base64": "aGVsbG8=" }
    ]);
    let mut whole = event_with("1042", "evt-1", 1, sources);
    whole.data.from.owner = Some("dana".to_owned());
    whole.data.fields = [("segment".to_owned(), json!({ "name": "mid-market\0", "seats": 120.5 }))].into();
    whole.extensions = [("traceparent".to_owned(), json!("00-1"))].into();
    let kept = async || {
        let listed = test.store.list_records(KIND, None, 100).await.unwrap();
        listed.into_iter().next().unwrap().newest_event.unwrap()
    };
    let mut expected = whole.clone();
    for source in &mut expected.data.sources {
        (source.text, source.text_base64) = (None, None);
    }
    process(&test.store, &whole, 1).await.unwrap();
    assert_eq!(kept().await, expected);
    (whole.id, expected.id) = ("evt-2".to_owned(), "evt-2".to_owned());
    test.store.note_outcome(&whole, "already_current").await.unwrap();
    assert_eq!(kept().await, expected);
    // What the replay reads is what the event brought.
    let replayed = test.store.fetch_handoff(&kept().await, 90, &LIMITS).await.unwrap();
    assert_eq!((ids(&replayed), replayed.missing_sources.len()), (vec!["a", "b"], 0));
    assert!(replayed.sources.iter().all(|source| source.body == b"hello"));
}

async fn sources_over_a_limit_are_left_in_the_store_and_named_with_their_size(test: &TestStore) {
    let limits = Limits { source_bytes: 100, handoff_bytes: 250, ..Limits::DEFAULT };
    let stored = [
        ("huge", 101, Some(50)),
        ("newest", 100, Some(40)),
        ("newer", 100, Some(30)),
        ("old", 51, Some(20)),
        ("undated", 1, None),
    ];
    for (id, bytes, seconds) in stored {
        test.store.put_source(&record("1042"), &note(id, &"x".repeat(bytes), seconds)).await.unwrap();
    }
    let fetched = async |event: &HandoffEvent| {
        let mut handoff = test.store.fetch_handoff(event, 90, &limits).await.unwrap();
        handoff.oversized_sources.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(handoff.missing_sources, [""; 0]);
        let oversized: Vec<_> = handoff.oversized_sources.iter().map(|source| (source.id.clone(), source.bytes)).collect();
        (ids(&handoff).join(" "), oversized, handoff)
    };
    let too_large = |ids: &[(&str, usize)]| ids.iter().map(|(id, bytes)| ((*id).to_owned(), *bytes)).collect::<Vec<_>>();
    let (read, oversized, handoff) = fetched(&event("1042", "evt-1", 60)).await;
    assert_eq!((read.as_str(), oversized), ("newer newest", too_large(&[("huge", 101), ("old", 51), ("undated", 1)])));
    // The reader says so, in the same words as for a source that came with the event.
    let gathering = Gathering { limits: limits.clone(), our_domains: Arc::new([]), encoding: "bytes".to_owned() };
    let material = gather(&handoff, &gathering);
    let reason = |id: &str| material.receipts.iter().find(|receipt| receipt.id == id).unwrap().left_out.clone();
    assert_eq!(reason("huge"), ["not read: 101 bytes, over the limit of 100 for one source"]);
    assert_eq!(reason("old"), ["not read: 51 bytes, over the limit of 250 for all sources together"]);
    assert_eq!((reason("newest"), material.bytes_original), (vec![], 353));

    let named = json!([{ "id": "huge", "type": "call_note" }, { "id": "old", "type": "call_note" }]);
    let (read, oversized, _) = fetched(&event_with("1042", "evt-2", 60, named)).await;
    assert_eq!((read.as_str(), oversized), ("old", too_large(&[("huge", 101)])));
}

async fn sources_that_nobody_has_are_named(test: &TestStore) {
    let sources = json!([
        { "id": "stored", "type": "call_note" },
        { "id": "inline", "type": "call_note", "text": "The customer needs 120 seats." },
        { "id": "gone", "type": "call_note" }
    ]);
    test.store.put_source(&record("1042"), &note("stored", "hello", None)).await.unwrap();
    test.store.put_source(&record("1043"), &note("gone", "of another record", None)).await.unwrap();
    test.store.put_source(&record("1042"), &note("not named", "hello", None)).await.unwrap();
    let handoff = test.store.fetch_handoff(&event_with("1042", "evt-1", 1, sources), 90, &LIMITS).await.unwrap();
    assert_eq!(ids(&handoff), ["inline", "stored"]);
    assert_eq!(handoff.missing_sources, ["gone"]);
}

async fn an_event_without_sources_gets_all_within_the_look_back_window(test: &TestStore) {
    const DAY: i64 = 86_400;
    let event = event("1042", "evt-1", 100 * DAY);
    for (id, seconds) in [("too old", Some(10 * DAY - 1)), ("oldest", Some(10 * DAY)), ("no time", None)] {
        test.store.put_source(&record("1042"), &note(id, "hello", seconds)).await.unwrap();
    }
    let handoff = test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap();
    assert_eq!(ids(&handoff), ["no time", "oldest"]);
    assert_eq!(handoff.sources.iter().find(|source| source.id == "oldest"), Some(&note("oldest", "hello", Some(10 * DAY))));
    assert_eq!(test.store.fetch_handoff(&event, u32::MAX, &LIMITS).await.unwrap().sources.len(), 3);
    assert!(handoff.missing_sources.is_empty());
}

async fn sources_that_travel_are_kept_and_renewed_but_never_by_an_older_event(test: &TestStore) {
    let carrying = |id: &str, seconds: i64, text: &str| {
        let source = json!([{ "id": "thread", "type": "email_thread", "title": "Seats", "text": text }]);
        event_with("1042", id, seconds, source)
    };
    let stored = async || {
        let sources = test.store.sources_of(&record("1042")).await.unwrap();
        sources.into_iter().map(|source| String::from_utf8(source.body).unwrap()).collect::<Vec<_>>()
    };
    for (event, expected) in [
        (carrying("evt-2", 2, "two mails"), "two mails"),
        (carrying("evt-2", 2, "two mails"), "two mails"),
        (carrying("evt-1", 1, "one mail"), "two mails"),
        (carrying("evt-3", 3, "three mails"), "three mails"),
    ] {
        let handoff = test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap();
        assert_eq!(handoff.sources[0].body, event.data.sources[0].text.clone().unwrap().into_bytes(), "read as it travels");
        assert_eq!(stored().await, [expected]);
        assert_eq!(handoff.version, 0, "sources make no new version");
    }
    // A person's import is newer than all events of the past.
    test.store.put_source(&record("1042"), &note("thread", "imported", None)).await.unwrap();
    assert_eq!(stored().await, ["imported"]);
}

async fn a_record_is_found_by_its_id_and_by_words_of_its_name(test: &TestStore) {
    process(&test.store, &event("1042", "evt-1", 1), 1).await.unwrap();
    process(&test.store, &event("1043", "evt-2", 1), 1).await.unwrap();
    let found = async |words: Option<&str>| {
        let briefs = test.store.find_briefs(words).await.unwrap();
        briefs.into_iter().map(|brief| brief.record.id).collect::<Vec<_>>()
    };
    assert_eq!(found(Some("1042")).await, ["1042"]);
    assert_eq!(found(Some("deal 1043")).await, ["1043"]);
    assert_eq!(found(Some("DEAL")).await, ["1043", "1042"], "written last, shown first");
    assert_eq!(found(None).await, ["1043", "1042"]);
    test.store.put_record(&RecordRef { name: Some("Deal 1043, once 1042".to_owned()), ..record("1043") }).await.unwrap();
    assert_eq!(found(Some("1042")).await, ["1042", "1043"], "an id goes before a name");
    for nothing in ["10425", "%", "_", "deal_1042", r"\"] {
        assert_eq!(found(Some(nothing)).await, [""; 0], "{nothing}");
    }
}

async fn text_with_a_nul_character_is_kept(test: &TestStore) {
    let mut event = event_with("1042", "evt-1", 1, json!([{ "id": "n", "type": "call_note", "title": "a\0b", "text": "a\0b" }]));
    event.data.record.name = Some("Deal\0 1042".to_owned());
    let handoff = test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap();
    assert_eq!(test.store.write_back(&plan(&handoff, 1, Quote::Verbatim)).await, Ok(Written::Done));
    assert_eq!(test.store.sources_of(&event.data.record).await.unwrap()[0].body, b"a\0b");
    let mut exchange = exchange("s", 0, 1, None);
    exchange.reply.text = "{\"a\": \"\0\"}".to_owned();
    test.store.record_exchange(&exchange).await.unwrap();
    assert_eq!(test.store.recall_exchanges(&exchange.stamp).await.unwrap().len(), 1);
}

async fn several_processes_may_start_at_once(test: &TestStore) {
    let fresh = match &test.store {
        Store::Sqlite(_) => TestStore::sqlite().await,
        Store::Postgres(_) => TestStore::postgres().await.unwrap(),
    };
    // From nothing: the tables are taken away again.
    fresh.execute("drop table _sqlx_migrations".to_owned()).await;
    for table in [
        "decisions",
        "findings",
        "current_briefs",
        "briefs",
        "records",
        "sources",
        "handoffs",
        "live_values",
        "exchanges",
        "ledger",
    ] {
        fresh.execute(format!("drop table {table}")).await;
    }
    let mut starts = JoinSet::new();
    for _ in 0..8 {
        let url = fresh.url.clone();
        starts.spawn(async move { Store::open(&url, 2).await.map(drop) });
    }
    assert_eq!(starts.join_all().await, vec![Ok(()); 8]);
    assert_eq!(process(&fresh.open_again().await, &event("1042", "evt-1", 1), 1).await, Ok(Written::Done));
    fresh.remove().await;
}

/// 16 workers, every event of every record in random order, a fifth of them twice, people who edit in between.
async fn concurrent_writers_leave_no_stale_brief_and_lose_no_edit(test: &TestStore) {
    const RECORDS: i64 = 24;
    const EVENTS: i64 = 6;
    let mut random = Random(0x5eed_0042);
    let mut steps = Vec::new();
    for record in 0..RECORDS {
        for n in 1..=EVENTS {
            steps.push(Step::Event { record, n });
            if random.below(5) == 0 {
                steps.push(Step::Event { record, n });
            }
        }
        if record % 3 == 0 {
            steps.push(Step::Edit { record });
        }
    }
    random.shuffle(&mut steps);
    let steps = Arc::new(Mutex::new(steps));
    let stores = [test.store.clone(), test.open_again().await];
    let mut workers = JoinSet::new();
    for n in 0..16 {
        let (store, steps) = (stores[n % 2].clone(), Arc::clone(&steps));
        workers.spawn(async move {
            loop {
                let Some(step) = steps.lock().unwrap().pop() else { return };
                step.run(&store).await;
            }
        });
    }
    workers.join_all().await;
    let (mut stale, mut edits_lost) = (Vec::new(), Vec::new());
    for id in 0..RECORDS {
        let record = record(&id.to_string());
        let newest = test.store.read_brief(&record, KIND).await.unwrap().unwrap().event_id;
        let live = test.store.live_values(&record).await.unwrap();
        let expected = if id % 3 == 0 { seats(1000 + id) } else { seats(EVENTS) };
        if newest != format!("evt-{id}-{EVENTS}") || (id % 3 != 0 && live["seats"].value != expected) {
            stale.push(id);
        }
        if id % 3 == 0 && live["seats"].value != expected {
            edits_lost.push(id);
        }
    }
    assert_eq!((stale, edits_lost), (vec![], vec![]));
    let ended: u64 = test.store.count_events_by_outcome().await.unwrap().into_values().sum();
    assert_eq!(ended, u64::try_from(RECORDS * EVENTS).unwrap());
    stores[1].close().await;
}

/// Machines, an outside system and reviewers, in random order, on several records.
async fn no_order_of_runs_edits_and_decisions_undoes_what_a_person_said(test: &TestStore) {
    let mut random = Random(0x5eed_0044);
    let (mut edits, mut done) = (BTreeMap::<u64, i64>::new(), BTreeMap::<&str, u32>::new());
    // By record and number of seats: whether the last decision about it was a rejection.
    let mut is_rejected: BTreeMap<(u64, i64), bool> = BTreeMap::new();
    for step in 1..=400 {
        let (id, n) = (random.below(20), i64::try_from(1 + random.below(3)).unwrap());
        let of = record(&id.to_string());
        let before = test.store.live_values(&of).await.unwrap();
        match random.below(20) {
            0 => {
                test.store.set_human_value(&of, "seats", human(100 + n)).await.unwrap();
                *edits.entry(id).or_default() += 1;
            }
            1..=7 => {
                let Some(standing) = test.store.standing_brief(&of, KIND).await.unwrap() else { continue };
                let says = match random.below(8) {
                    0 => Says::Accept,
                    1 => Says::Edit(seats(n)),
                    _ => Says::Reject,
                };
                let ruling = Ruling { part: "seats".to_owned(), says };
                let decider = Decider { by: "lee".to_owned(), at: at(step), note: None };
                let Ok(write) = decide(standing, &[ruling], &decider, &CONTRACT) else { continue };
                assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));
                for decision in write.decisions() {
                    let said = decision.value.clone().or_else(|| decision.about.as_ref().map(|about| about.value.clone()));
                    is_rejected.extend(said.and_then(|value| number_of(&value)).map(|n| ((id, n), decision.value.is_none())));
                    *done.entry(if decision.value.is_none() { "rejected" } else { "owned" }).or_default() += 1;
                }
            }
            other => {
                let quote = if other < 12 { Quote::Invented } else { Quote::Verbatim };
                let event = event(&of.id, &format!("evt-{step}"), step);
                let write = plan(&test.store.fetch_handoff(&event, 90, &LIMITS).await.unwrap(), n, quote);
                assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));
                let live = test.store.live_values(&of).await.unwrap();
                let is_held = write.document().publication == Publication::HeldForReview;
                let is_human = before.get("seats").is_some_and(|seats| seats.origin == Origin::Human);
                assert!(before.get("seats") == live.get("seats") || !is_held && !is_human, "step {step}: {before:?} {live:?}");
                *done.entry(if is_held { "held" } else { "published" }).or_default() += 1;
            }
        }
        let live = test.store.live_values(&of).await.unwrap();
        if let Some(seats) = live.get("seats").filter(|seats| seats.origin == Origin::Machine) {
            let n = number_of(&seats.value).unwrap();
            assert_ne!(is_rejected.get(&(id, n)), Some(&true), "step {step}: {n} seats are live, and were rejected");
        }
    }
    for id in 0..20 {
        let of = record(&id.to_string());
        let versions = i64::try_from(test.store.brief_history(&of, KIND).await.unwrap().len()).unwrap();
        let Some(standing) = test.store.standing_brief(&of, KIND).await.unwrap() else { continue };
        assert_eq!(versions + edits.get(&id).unwrap_or(&0), standing.version, "each write is one version");
    }
    assert!(["held", "published", "rejected", "owned"].iter().all(|what| done.get(what) > Some(&20)), "{done:?}");
}

#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
fn number_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number { number, .. } => Some(*number as i64),
        _ => None,
    }
}

/// Callers that go away after a moment, anywhere in a fetch or a write.
async fn a_cancelled_caller_neither_loses_nor_fakes_a_write(test: &TestStore) {
    const CALLS: i64 = 200;
    let mut random = Random(0x5eed_0043);
    let mut callers = JoinSet::new();
    let mut reported = Vec::new();
    for n in 0..CALLS {
        // Every fourth waits for its answer: behind those that went away, whose units still run.
        let most_micros = [3_000, 3_000, 60_000, 30_000_000][usize::try_from(n % 4).unwrap()];
        let (store, patience) = (test.store.clone(), Duration::from_micros(random.below(most_micros)));
        callers.spawn(async move {
            let event = event(&n.to_string(), &format!("evt-{n}"), 1);
            timeout(patience, process(&store, &event, n)).await.ok().map(|result| (n, result))
        });
        while callers.len() >= 8 {
            reported.extend(callers.join_next().await.unwrap().unwrap());
        }
    }
    reported.extend(callers.join_all().await.into_iter().flatten());
    let finished = reported.len();
    for (n, result) in reported {
        assert_eq!(result, Ok(Written::Done));
        let brief = test.store.read_brief(&record(&n.to_string()), KIND).await.unwrap();
        assert!(brief.is_some(), "the write {n} was reported and is not there");
    }
    assert!((25..200).contains(&finished), "{finished} of {CALLS} callers waited: nothing was cancelled, or all");
    // What was cancelled happened as a whole or not at all, and the next caller finds a store that works.
    for n in 0..CALLS {
        let record = record(&n.to_string());
        let result = retrying(&test.store, &event(&n.to_string(), &format!("evt-{n}"), 1), n).await;
        assert_eq!(result, Ok(Written::Done));
        let history = test.store.brief_history(&record, KIND).await.unwrap();
        let handoff = test.store.fetch_handoff(&event(&n.to_string(), "later", 9), 90, &LIMITS).await.unwrap();
        assert_eq!(i64::try_from(history.len()).unwrap(), handoff.version);
        assert_eq!(test.store.live_values(&record).await.unwrap()["seats"].value, seats(n));
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_unreachable() {
    let dir = tempfile::tempdir().unwrap();
    let error = SqliteStore::open(&dir.path().join("no such folder").join("baton.db")).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unreachable { store } if store.contains("no such folder")), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_fails_with_its_code() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("baton.db");
    std::fs::write(&path, "Dear diary, ".repeat(1000)).unwrap();
    let error = SqliteStore::open(&path).await.unwrap_err();
    // 26: SQLITE_NOTADB.
    assert!(matches!(&error, StoreError::Failed { code, .. } if code == "26"), "{error}");
}

/// `max_page_count` meets the same code of SQLite as a disk without room, and needs no disk.
#[tokio::test]
async fn a_full_disk_is_a_clear_error_and_leaves_nothing_half_written() {
    let test = TestStore::sqlite().await;
    process(&test.store, &event("1042", "evt-1", 1), 1).await.unwrap();
    test.execute("pragma max_page_count = 1".to_owned()).await; // what it has is what it may have
    let mut ended = Ok(Written::Done);
    let mut written = 1;
    while ended.is_ok() {
        written += 1;
        let handoff = test.store.fetch_handoff(&event("1042", &format!("evt-{written}"), written), 90, &LIMITS).await.unwrap();
        ended = test.store.write_back(&plan(&handoff, written, Quote::Verbatim)).await;
    }
    let error = ended.unwrap_err().to_string();
    assert!(error.contains("wrote a brief") && error.contains("disk is full"), "{error}");
    let last = written - 1;
    let history = test.store.brief_history(&record("1042"), KIND).await.unwrap();
    assert_eq!((i64::try_from(history.len()).unwrap(), history[0].record_version), (last, last));
    assert_eq!(test.store.live_values(&record("1042")).await.unwrap()["seats"].value, seats(last));
    assert_eq!(test.store.read_event("crm/deals", &format!("evt-{written}")).await, Ok(None));
    // There is room again: the same event goes through.
    test.execute("pragma max_page_count = 1000000".to_owned()).await;
    let again = event("1042", &format!("evt-{written}"), written);
    assert_eq!(process(&test.store, &again, written).await, Ok(Written::Done));
    test.remove().await;
}

/// A file that does not exist is made, and changed to WAL, by whoever comes first.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_open_a_new_file_at_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.sqlite");
        let mut starts = JoinSet::new();
        for n in 0..8 {
            let path = path.clone();
            starts.spawn(async move {
                match n % 2 {
                    0 => drop(SqliteStore::open(&path).await.unwrap()),
                    _ => drop(Inbox::open(&path).await.unwrap()),
                }
            });
        }
        starts.join_all().await;
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_unreachable_and_the_error_keeps_the_password() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://baton:hunter2@127.0.0.1:{port}/db");
    let error = PostgresStore::connect(&url, 2).await.unwrap_err();
    assert_eq!(error, StoreError::Unreachable { store: format!("postgres://127.0.0.1:{port}/db") });
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_unreachable() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://baton@127.0.0.1:{}/db", listener.local_addr().unwrap().port());
    let error = PostgresStore::connect(&url, 2).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_login_that_is_refused_says_so() {
    let Some(_server) = TestStore::postgres().await else { return };
    let url = database_url().unwrap();
    let (scheme, rest) = url.split_once("://").unwrap();
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    let error = PostgresStore::connect(&format!("{scheme}://nobody_here:wrong@{host}"), 2).await.unwrap_err();
    assert!(matches!(error, StoreError::LoginRefused { .. }), "{error}");
    assert!(!error.to_string().contains("wrong"), "{error}");
}

/// Reported writes are there afterwards; what failed says the server is away, and works again when it is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_database_loses_nothing_that_was_reported() {
    let Some(script) = std::env::var("BATON_TEST_DATABASE_RESTART").ok().filter(|path| Path::new(path).exists()) else {
        return;
    };
    let Some((test, _alone)) = TestStore::postgres_alone().await else { return };
    for action in ["restart", "immediate"] {
        let stop = Arc::new(tokio::sync::Notify::new());
        let mut writers = JoinSet::new();
        for worker in 0..4 {
            let (store, stop) = (test.store.clone(), Arc::clone(&stop));
            writers.spawn(async move {
                let mut written = Vec::new();
                let stopped = stop.notified();
                tokio::pin!(stopped);
                for n in 0.. {
                    if timeout(Duration::from_millis(5), &mut stopped).await.is_ok() {
                        break;
                    }
                    let id = format!("{action}-{worker}-{n}");
                    match process(&store, &event(&id, &id, 1), n).await {
                        Ok(_) => written.push(id),
                        Err(StoreError::Unreachable { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                written
            });
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        let path = script.clone();
        let restarted = tokio::task::spawn_blocking(move || Command::new(path).arg(action).status().unwrap()).await.unwrap();
        assert!(restarted.success());
        tokio::time::sleep(Duration::from_millis(300)).await;
        stop.notify_waiters();
        let written = writers.join_all().await.concat();
        assert!(written.len() > 4, "{} writes", written.len());
        for id in written {
            assert!(test.store.read_brief(&record(&id), KIND).await.unwrap().is_some(), "{id} was reported and is not there");
        }
    }
    test.remove().await;
}

// ---- One handoff, without a model ---------------------------------------------------------------

const KIND: &str = "sdr_to_ae";

const LIMITS: Limits = Limits { source_bytes: 100_000, handoff_bytes: 100_000, ..Limits::DEFAULT };

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = r#"
        kind = "sdr_to_ae"
        version = 1
        title = "SDR to account executive"
        purpose = "The AE knows how many seats."
        [[fields]]
        name = "seats"
        type = "number"
        describe = "How many seats the customer needs."
        [[fields]]
        name = "region"
        type = "text"
        describe = "Where they are."
    "#;
    Contract::parse(text, "test").unwrap()
});

enum Quote {
    Verbatim,
    /// Blocks: the brief is held for review.
    Invented,
}

enum Step {
    Event { record: i64, n: i64 },
    Edit { record: i64 },
}

impl Step {
    async fn run(&self, store: &Store) {
        match self {
            Self::Event { record, n } => {
                let event = event(&record.to_string(), &format!("evt-{record}-{n}"), *n);
                retrying(store, &event, *n).await.unwrap();
            }
            Self::Edit { record: id } => {
                let value = HumanValue { value: seats(1000 + id), by: "dana".to_owned(), at: at(0) };
                store.set_human_value(&record(&id.to_string()), "seats", value).await.unwrap();
            }
        }
    }
}

/// As the worker does: a conflict is tried again from the start.
async fn retrying(store: &Store, event: &HandoffEvent, n: i64) -> Result<Written, StoreError> {
    loop {
        match process(store, event, n).await {
            Err(StoreError::VersionConflict) => {}
            ended => return ended,
        }
    }
}

/// Fetches, plans and writes; an event whose brief is current is done.
async fn process(store: &Store, event: &HandoffEvent, n: i64) -> Result<Written, StoreError> {
    let handoff = store.fetch_handoff(event, 90, &LIMITS).await?;
    if handoff.current.as_ref().is_some_and(|current| current.stamp == stamp(event, n)) {
        return Ok(Written::Done);
    }
    store.write_back(&plan(&handoff, n, Quote::Verbatim)).await
}

fn plan(handoff: &Handoff, n: i64, quote: Quote) -> WriteBack {
    let said = format!("The customer needs {n} seats.");
    let excerpt = excerpt(handoff, &said);
    let quote = match quote {
        Quote::Verbatim => said.as_str(),
        Quote::Invented => "Nobody ever said this sentence to anybody.",
    };
    let mut stated = unstated("seats");
    (stated.status, stated.value, stated.evidence) = (FieldStatus::Stated, Some(seats(n)), vec![excerpt.evidence(1, quote)]);
    plan_brief(handoff, &excerpt, said, vec![stated, unstated("region")], stamp(&handoff.event, n))
}

/// A brief that says nothing.
fn plan_unstated(handoff: &Handoff) -> WriteBack {
    let excerpt = excerpt(handoff, "Nothing was said of seats.");
    let headline = "Nothing was said of seats.".to_owned();
    plan_brief(handoff, &excerpt, headline, vec![unstated("seats"), unstated("region")], Stamp("unstated".to_owned()))
}

fn plan_brief(handoff: &Handoff, excerpt: &Excerpt, headline: String, fields: Vec<FieldAnswer>, stamp: Stamp) -> WriteBack {
    let brief = Brief { headline, fields, axes: vec![], commitments: vec![], open_questions: vec![] };
    let reviewed = review(brief, excerpt, &CONTRACT, handoff);
    let provenance = Provenance {
        engine: "test".to_owned(),
        model: "none".to_owned(),
        prompt: "test/v1".to_owned(),
        contract_digest: CONTRACT.digest.clone(),
        contract_version: 1,
        stamp,
        usage: Usage::default(),
        cost_usd: Some(0.001),
        attempts: 1,
        judge: None,
    };
    plan_write(handoff, reviewed, CoverageReceipt::default(), provenance)
}

/// What is read of a handoff whose only source is a note with this sentence.
fn excerpt(handoff: &Handoff, said: &str) -> Excerpt {
    let gathering = Gathering { limits: LIMITS, our_domains: Arc::new([]), encoding: "o200k_base".to_owned() };
    let handoff = Handoff { sources: vec![note("note", said, None)], ..handoff.clone() };
    fit(&gather(&handoff, &gathering), &CONTRACT, 10_000)
}

fn unstated(name: &str) -> FieldAnswer {
    FieldAnswer {
        name: name.to_owned(),
        status: FieldStatus::NotStated,
        value: None,
        alternatives: vec![],
        evidence: vec![],
        confidence: Confidence::Low,
        origin: Origin::Machine,
        stale: false,
        suggestion: None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn seats(n: i64) -> Value {
    Value::Number { number: n as f64, up_to: None, unit: Some("seats".to_owned()) }
}

fn human(n: i64) -> HumanValue {
    HumanValue { value: seats(n), by: "dana".to_owned(), at: at(5) }
}

fn stamp(event: &HandoffEvent, n: i64) -> Stamp {
    Stamp(format!("{} {n}", event.id))
}

fn event(record: &str, id: &str, seconds: i64) -> HandoffEvent {
    event_with(record, id, seconds, json!([]))
}

fn event_with(record: &str, id: &str, seconds: i64, sources: serde_json::Value) -> HandoffEvent {
    let body = json!({
        "specversion": "1.0", "id": id, "source": "crm/deals", "type": "baton.handoff.requested.v1",
        "time": at(seconds).to_string(),
        "data": {
            "kind": KIND, "record": { "type": "deal", "id": record, "name": format!("Deal {record}") }, "sources": sources
        }
    });
    decode(&Envelope { body: body.to_string().into_bytes(), ..Envelope::default() }).unwrap()
}

fn record(id: &str) -> RecordRef {
    RecordRef { record_type: "deal".to_owned(), id: id.to_owned(), name: Some(format!("Deal {id}")) }
}

fn note(id: &str, text: &str, seconds: Option<i64>) -> Source {
    Source {
        id: id.to_owned(),
        source_type: SourceType::CallNote,
        format: Some("text/plain".to_owned()),
        occurred_at: seconds.map(at),
        title: None,
        body: text.as_bytes().to_vec(),
    }
}

fn exchange(stamp: &str, round: u32, seconds: i64, cost_usd: Option<f64>) -> Exchange {
    let usage = Usage { prompt_tokens: 100, cached_prompt_tokens: 50, completion_tokens: 20 };
    Exchange {
        stamp: Stamp(stamp.to_owned()),
        round,
        engine: "openai".to_owned(),
        model: "test".to_owned(),
        request_digest: "digest".to_owned(),
        reply: ModelReply { text: "{}".to_owned(), finish: Finish::Stop, usage },
        cost_usd,
        latency_ms: 7,
        at: at(seconds),
    }
}

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00.000001Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

fn ids(handoff: &Handoff) -> Vec<&str> {
    let mut ids: Vec<_> = handoff.sources.iter().map(|source| source.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

/// Numbers that are the same in every run (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(u64::try_from(last).unwrap() + 1);
            items.swap(last, usize::try_from(other).unwrap());
        }
    }
}
