//! People who decide on held briefs: on both stores, with the real pipeline before and after them, and by the program.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use baton::adapters::sql::Store;
use baton::backfill::{self, Options};
use baton::domain::brief::{AxisLabel, BriefDocument, FieldStatus, Origin, Publication, Severity};
use baton::domain::contract::{self, Contract};
use baton::domain::decision::{Verdict, holding_parts};
use baton::domain::event::{SourceType, decode};
use baton::domain::handoff::{HumanValue, Source};
use baton::domain::value::{Period, Value};
use baton::eval::case::Case;
use baton::pipeline::Outcome;
use baton::ports::{RecordStore as _, StoreError, Written};
use baton::qa::{self, Decider, Ruling, Says, WriteBack};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::database::{TestStore, on_both_stores};
use crate::support::model_server::{ModelServer, Script};
use crate::support::world::{envelope, openai, pipeline, program, record, reply, units};

on_both_stores!(
    a_held_brief_is_a_draft_and_nothing_of_it_is_live,
    what_a_person_accepts_is_live_as_theirs_while_the_brief_is_still_held,
    the_last_decision_publishes_the_brief_with_its_other_values,
    a_later_run_changes_neither_an_accepted_nor_an_edited_value,
    a_rejected_value_does_not_come_back_and_another_one_may,
    a_rejected_value_that_was_live_is_taken_away_at_once,
    a_label_that_a_person_chose_stands_for_its_kind,
    a_value_that_was_accepted_by_mistake_can_be_rejected,
    a_backfill_undoes_no_decision,
    a_redelivered_event_asks_no_model_after_a_decision,
    of_two_reviewers_at_once_one_wins_and_the_other_changes_nothing,
    a_decision_on_a_brief_that_a_machine_has_replaced_changes_nothing,
    a_decision_that_fails_on_its_way_leaves_nothing_half,
    a_cancelled_decision_happened_as_a_whole_or_not_at_all,
    a_value_written_elsewhere_since_the_brief_stands_in_it,
    decisions_are_counted_once_for_each_part_of_a_brief,
    a_store_of_the_first_version_gets_its_decisions_and_keeps_its_briefs,
);

async fn a_held_brief_is_a_draft_and_nothing_of_it_is_live(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    assert_eq!(desk.live().await, BTreeMap::new());
    let drafts = test.store.drafts(None, 10).await.unwrap();
    let [draft] = &drafts[..] else { panic!("{} drafts", drafts.len()) };
    assert_eq!((&draft.document.record.id, draft.version), (&"1042".to_owned(), 1));
    assert_eq!(holding_parts(&draft.document), ["budget", "headline"]);
    assert_eq!(test.store.drafts(Some("support_to_sales"), 10).await.unwrap(), []);
    // The one that waits longest stands first, also after a decision on it.
    desk.run("evt-2", "1043", "We are 300 people.", &Says99k).await;
    desk.decide(&[accept("budget")], "lee").await.unwrap();
    let ids: Vec<String> = test.store.drafts(None, 10).await.unwrap().into_iter().map(|one| one.document.record.id).collect();
    assert_eq!(ids, ["1042", "1043"]);
    assert_eq!(test.store.drafts(None, 10).await.unwrap()[0].since, draft.since);
}

async fn what_a_person_accepts_is_live_as_theirs_while_the_brief_is_still_held(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let write = desk.decide(&[accept("budget")], "lee").await.unwrap();
    assert_eq!(holding_parts(write.document()), ["headline"]);
    let live = desk.live().await;
    assert_eq!(live, [("budget".to_owned(), (euros(99_000.0), Origin::Human, Some("lee".to_owned())))].into());
    let stored = desk.brief().await;
    assert_eq!((&stored, stored.publication), (write.document(), Publication::HeldForReview));
    let answer = stored.brief.field("budget").unwrap();
    assert_eq!((answer.origin, answer.evidence.len()), (Origin::Human, 1), "its quotes stay");
    let [decision] = &test.store.decisions_of(&record("1042")).await.unwrap()[..] else { panic!() };
    assert_eq!((decision.verdict, decision.by.as_str(), &decision.value), (Verdict::Accepted, "lee", &Some(euros(99_000.0))));
    assert_eq!(stored.decisions, std::slice::from_ref(decision));
    assert_eq!(desk.outcome("evt-1").await, "held_for_review");
}

async fn the_last_decision_publishes_the_brief_with_its_other_values(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    desk.decide(&[edit("budget", euros(45_000.0))], "lee").await.unwrap();
    let write = desk.decide(&[edit("headline", text("They can spend 45k a year."))], "ann").await.unwrap();
    assert_eq!((write.document().publication, write.expected_version()), (Publication::Published, 2));
    assert!(write.document().findings.iter().all(|finding| finding.severity < Severity::Block));
    let live = desk.live().await;
    assert_eq!(live["budget"], (euros(45_000.0), Origin::Human, Some("lee".to_owned())));
    assert_eq!(live["pain"], (text(PAIN), Origin::Machine, None));
    assert_eq!(live.len(), 2);
    assert_eq!((desk.outcome("evt-1").await.as_str(), test.store.drafts(None, 9).await.unwrap().len()), ("published", 0));
    assert_eq!(test.store.brief_history(&record("1042"), KIND).await.unwrap().len(), 3, "no version of the brief is lost");
    let people: Vec<_> = desk.brief().await.decisions.into_iter().map(|one| (one.part, one.by)).collect();
    assert_eq!(people, [("budget".to_owned(), "lee".to_owned()), ("headline".to_owned(), "ann".to_owned())]);
}

async fn a_later_run_changes_neither_an_accepted_nor_an_edited_value(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    desk.decide(&[accept("budget"), edit("pain", text("They lose Fridays to reports")), accept("headline")], "lee")
        .await
        .unwrap();
    let before = desk.live().await;
    let outcome = desk.run("evt-2", "1042", "We could go to 70k a year, said our CFO.", &Says70k).await;
    assert_eq!(outcome, Outcome::Published);
    assert_eq!(desk.live().await, before);
    let brief = desk.brief().await;
    let budget = brief.brief.field("budget").unwrap();
    assert_eq!((budget.value.as_ref(), budget.origin), (Some(&euros(99_000.0)), Origin::Human));
    let suggestion = budget.suggestion.as_ref().unwrap();
    assert_eq!((&suggestion.value, suggestion.evidence[0].source.as_str()), (&euros(70_000.0), "note-evt-2"));
    let shown: Vec<_> = brief.decisions.iter().map(|one| (one.part.as_str(), one.verdict)).collect();
    assert_eq!(shown, [("pain", Verdict::Edited), ("budget", Verdict::Accepted)], "the headline is another one");
}

async fn a_rejected_value_does_not_come_back_and_another_one_may(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let write = desk.decide(&[reject("budget"), reject("headline")], "lee").await.unwrap();
    assert_eq!(write.document().publication, Publication::Published);
    assert_eq!(write.document().brief.headline, "SDR to account executive");
    assert_eq!(desk.live().await.keys().collect::<Vec<_>>(), ["pain"]);

    // The same value again, with a headline that is right: nothing holds the brief, and the value stays out.
    let outcome = desk.run("evt-2", "1042", "Another note about nothing.", &Says99kQuietly).await;
    assert_eq!(outcome, Outcome::Published);
    assert_eq!(desk.live().await.keys().collect::<Vec<_>>(), ["pain"]);
    let brief = desk.brief().await;
    assert_eq!(brief.brief.field("budget").unwrap().status, FieldStatus::NotStated);
    assert!(brief.missing.iter().any(|missing| missing.name == "budget"), "it counts as missing");
    let said = brief.findings.iter().find(|finding| finding.check == "rejected_values_stay_out").unwrap();
    assert_eq!((said.severity, said.field.as_deref()), (Severity::Info, Some("budget")));
    assert!(said.message.contains("rejected by lee on "), "{}", said.message);
    assert_eq!((brief.decisions[0].part.as_str(), brief.decisions[0].verdict), ("budget", Verdict::Rejected));

    // What the sources say now is another value.
    let outcome = desk.run("evt-3", "1042", "We could go to 70k a year, said our CFO.", &Says70k).await;
    assert_eq!(outcome, Outcome::Published);
    assert_eq!(desk.live().await["budget"], (euros(70_000.0), Origin::Machine, None));
    // And the old one is still remembered.
    desk.run("evt-4", "1042", "One more note.", &Says99kQuietly).await;
    assert!(!desk.live().await.contains_key("budget"));
}

async fn a_rejected_value_that_was_live_is_taken_away_at_once(test: &TestStore) {
    let desk = Desk::new(test).await;
    assert_eq!(desk.run("evt-1", "1042", "We could go to 70k a year, said our CFO.", &Says70k).await, Outcome::Published);
    assert_eq!(desk.live().await["budget"].0, euros(70_000.0));
    // The next draft says the same, and is held by its headline.
    desk.run("evt-2", "1042", "We could go to 70k a year, said our CFO. Hm.", &Says70kLoudly).await;
    assert_eq!(holding_parts(&desk.brief().await), ["headline"]);
    let write = desk.decide(&[reject("budget")], "lee").await.unwrap();
    assert_eq!((write.document().publication, write.retired()), (Publication::HeldForReview, &["budget".to_owned()][..]));
    let live = desk.live().await;
    assert_eq!(live.keys().collect::<Vec<_>>(), ["pain"], "what the draft does not touch stays");
}

async fn a_label_that_a_person_chose_stands_for_its_kind(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let label = |name: &str| Value::Choice { choice: name.to_owned() };
    desk.decide(&[edit("segment", label("enterprise")), reject("urgency"), accept("budget"), accept("headline")], "lee")
        .await
        .unwrap();
    desk.run("evt-2", "1042", "Another note about nothing.", &Says99kQuietly).await;
    let brief = desk.brief().await;
    let label_of = |name: &str| brief.brief.axis(name).unwrap().label.clone();
    assert_eq!(label_of("segment"), AxisLabel::Label("enterprise".to_owned()), "the machine says mid_market");
    assert_eq!(label_of("urgency"), AxisLabel::None, "the machine says medium again");
    assert_eq!(brief.route.as_deref(), Some("enterprise_ae"));
    for (check, axis) in [("labels_of_people_stand", "segment"), ("rejected_values_stay_out", "urgency")] {
        assert!(brief.findings.iter().any(|one| one.check == check && one.field.as_deref() == Some(axis)), "{check}");
    }
}

async fn a_value_that_was_accepted_by_mistake_can_be_rejected(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    desk.decide(&[accept("budget")], "lee").await.unwrap();
    let write = desk.decide(&[reject("budget"), edit("pain", text("Their own words"))], "ann").await.unwrap();
    assert_eq!(write.retired(), ["budget"]);
    assert_eq!(desk.live().await.keys().collect::<Vec<_>>(), ["pain"]);
    // What can be rejected beside a person's own words is the machine's suggestion, once.
    let write = desk.decide(&[reject("pain")], "lee").await.unwrap();
    assert_eq!((write.retired(), write.document().brief.field("pain").unwrap().suggestion.as_ref()), (&[][..], None));
    let error = desk.plan(&[reject("pain")], "lee").await.unwrap_err();
    assert!(error.contains("a value of ann already"), "{error}");
}

async fn a_backfill_undoes_no_decision(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    desk.decide(&[edit("budget", euros(45_000.0)), reject("pain"), accept("headline")], "lee").await.unwrap();
    let live = desk.live().await;
    // Somebody mends a source: the backfill writes the brief anew.
    test.store.put_source(&record("1042"), &note("note-evt-1", "Another call.", None)).await.unwrap();
    desk.server(&Says99kQuietly, async |pipeline| {
        let (kind, run, as_of) = (KIND.to_owned(), "r1".to_owned(), Timestamp::now());
        let options = Options { kind, run, as_of, concurrency: 1, limit: None };
        let report = backfill::run(&pipeline, &options, &CancellationToken::new(), |_| ()).await.unwrap();
        assert_eq!(report.outcomes, [("published".to_owned(), 1)].into());
    })
    .await;
    assert_eq!(desk.live().await, live);
    assert_eq!(live.keys().collect::<Vec<_>>(), ["budget"]);
}

async fn a_redelivered_event_asks_no_model_after_a_decision(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    desk.decide(&[accept("budget")], "lee").await.unwrap();
    let before = desk.brief().await;
    assert_eq!(desk.run("evt-1", "1042", "We are 120 people.", &Says99k).await, Outcome::AlreadyCurrent);
    assert_eq!(desk.brief().await, before);
}

async fn of_two_reviewers_at_once_one_wins_and_the_other_changes_nothing(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let mut writes = Vec::new();
    for n in 0..8 {
        writes.push((n, desk.plan(&[edit("budget", euros(f64::from(n)))], &format!("reviewer-{n}")).await.unwrap()));
    }
    let mut reviewers = JoinSet::new();
    for (n, write) in writes {
        let store = test.open_again().await;
        reviewers.spawn(async move {
            let ended = store.write_back(&write).await;
            store.close().await;
            (n, ended)
        });
    }
    let ended = reviewers.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = ended.into_iter().partition(|(_, ended)| *ended == Ok(Written::Done));
    assert_eq!((won.len(), lost.len()), (1, 7));
    assert!(lost.iter().all(|(_, ended)| *ended == Err(StoreError::VersionConflict)), "{lost:?}");
    let winner = format!("reviewer-{}", won[0].0);
    assert_eq!(desk.live().await["budget"], (euros(f64::from(won[0].0)), Origin::Human, Some(winner)));
    assert_eq!(test.store.decisions_of(&record("1042")).await.unwrap().len(), 1);
}

async fn a_decision_on_a_brief_that_a_machine_has_replaced_changes_nothing(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let stale = desk.plan(&[accept("budget"), accept("headline")], "lee").await.unwrap();
    desk.run("evt-2", "1042", "We could go to 70k a year, said our CFO.", &Says70k).await;
    let before = (desk.live().await, desk.brief().await);
    let ended = test.store.write_back(&stale).await;
    assert!(matches!(ended, Ok(Written::Superseded) | Err(StoreError::VersionConflict)), "{ended:?}");
    assert_eq!((desk.live().await, desk.brief().await), before);
    assert_eq!(test.store.decisions_of(&record("1042")).await.unwrap(), []);
    assert_eq!(desk.outcome("evt-1").await, "held_for_review", "the event keeps its end");
}

/// The last table that a decision writes refuses: the power could as well fail there.
async fn a_decision_that_fails_on_its_way_leaves_nothing_half(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    match &test.store {
        Store::Sqlite(_) => {
            let refuse = "create trigger refuse before insert on live_values begin select raise(abort, 'no'); end";
            test.execute(refuse.to_owned()).await;
        }
        Store::Postgres(_) => {
            let function = "create function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'";
            test.execute(function.to_owned()).await;
            test.execute("create trigger refuse before insert on live_values execute function refuse()".to_owned()).await;
        }
    }
    let before = desk.brief().await;
    let write = desk.plan(&[accept("budget"), accept("headline")], "lee").await.unwrap();
    let error = test.store.write_back(&write).await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    assert!(!error.to_string().contains("99"), "{error}");
    let standing = test.store.standing_brief(&record("1042"), KIND).await.unwrap().unwrap();
    assert_eq!((standing.version, standing.document), (1, before));
    assert_eq!(desk.live().await, BTreeMap::new());
    assert_eq!(test.store.decisions_of(&record("1042")).await.unwrap(), []);
    assert_eq!(test.store.brief_history(&record("1042"), KIND).await.unwrap().len(), 1);
    match &test.store {
        Store::Sqlite(_) => test.execute("drop trigger refuse".to_owned()).await,
        Store::Postgres(_) => test.execute("drop trigger refuse on live_values".to_owned()).await,
    }
    assert_eq!(test.store.write_back(&write).await, Ok(Written::Done));
}

async fn a_cancelled_decision_happened_as_a_whole_or_not_at_all(test: &TestStore) {
    const CALLS: i64 = 60;
    let desk = Desk::with_held_brief(test).await;
    for n in 0..CALLS {
        let write = desk.plan(&[edit("budget", euros(n as f64))], "lee").await.unwrap();
        let _ = timeout(Duration::from_micros((n * n * 3) as u64), test.store.write_back(&write)).await;
    }
    // Behind all that were cut off.
    let mut last = desk.decide(&[accept("headline")], "ann").await;
    while last.is_err() {
        last = desk.decide(&[accept("headline")], "ann").await;
    }
    let standing = test.store.standing_brief(&record("1042"), KIND).await.unwrap().unwrap();
    let decisions = test.store.decisions_of(&record("1042")).await.unwrap();
    let versions = test.store.brief_history(&record("1042"), KIND).await.unwrap().len();
    assert_eq!((decisions.len() + 1, i64::try_from(versions).unwrap()), (versions, standing.version));
    let edited = decisions.iter().rev().find(|one| one.part == "budget").and_then(|one| one.value.clone());
    assert_eq!(desk.live().await.get("budget").map(|live| live.0.clone()), edited);
}

async fn a_value_written_elsewhere_since_the_brief_stands_in_it(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let human = HumanValue { value: text("Karen's own words"), by: "karen".to_owned(), at: Timestamp::now() };
    test.store.set_human_value(&record("1042"), "pain", human).await.unwrap();
    let write = desk.decide(&[accept("budget"), accept("headline")], "lee").await.unwrap();
    assert_eq!(write.document().publication, Publication::Published);
    let pain = write.document().brief.field("pain").unwrap();
    assert_eq!((pain.value.clone(), pain.origin), (Some(text("Karen's own words")), Origin::Human));
    assert_eq!(pain.suggestion.as_ref().unwrap().value, text(PAIN));
    assert_eq!(desk.live().await["pain"], (text("Karen's own words"), Origin::Human, Some("karen".to_owned())));
}

async fn decisions_are_counted_once_for_each_part_of_a_brief(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    desk.decide(&[accept("budget"), accept("pain")], "lee").await.unwrap();
    desk.decide(&[edit("budget", euros(1.0))], "ann").await.unwrap();
    desk.run("evt-2", "1043", "We are 300 people.", &Says99k).await;
    desk.decide_on("1043", &[reject("budget")], "lee").await.unwrap();
    let counted = test.store.count_decisions().await.unwrap();
    let counted: Vec<_> = counted.iter().map(|one| (one.part.as_str(), one.verdict, one.count)).collect();
    assert_eq!(
        counted,
        [("budget", Verdict::Edited, 1), ("budget", Verdict::Rejected, 1), ("pain", Verdict::Accepted, 1)],
        "the last word counts"
    );
    let maker = test.store.count_decisions().await.unwrap().remove(0);
    assert_eq!((maker.kind.as_str(), maker.engine.as_str(), maker.model.as_str()), (KIND, "openai", "scripted"));
    assert_eq!(maker.prompt, "handoff_brief/v1");
}

/// What the second migration made is taken away: what is left is a store as the first version of Baton left it.
async fn a_store_of_the_first_version_gets_its_decisions_and_keeps_its_briefs(test: &TestStore) {
    let desk = Desk::with_held_brief(test).await;
    let human = HumanValue { value: text("Karen's own words"), by: "karen".to_owned(), at: Timestamp::now() };
    test.store.set_human_value(&record("1042"), "pain", human).await.unwrap();
    let before = (desk.brief().await, desk.live().await);
    for statement in ["drop table decisions", "drop index briefs_held", "delete from _sqlx_migrations where version = 2"] {
        test.execute(statement.to_owned()).await;
    }
    assert!(test.store.decisions_of(&record("1042")).await.is_err(), "the table is gone");
    let opened = test.open_again().await;
    assert_eq!((desk.brief().await, desk.live().await), before);
    let standing = opened.standing_brief(&record("1042"), KIND).await.unwrap().unwrap();
    let rulings = [accept("budget"), accept("headline")];
    let write = qa::decide(standing, &rulings, &decider("lee"), &desk.contract).unwrap();
    assert_eq!(opened.write_back(&write).await, Ok(Written::Done));
    assert_eq!(opened.decisions_of(&record("1042")).await.unwrap().len(), 2);
    opened.close().await;
}

// ---- The program -----------------------------------------------------------------------------------

/// What a call left: exit code, stdout, stderr.
type Ran = (i32, String, String);

async fn baton(folder: &Path, reviewer: Option<&str>, arguments: &[&str]) -> Ran {
    let mut command = program(folder);
    reviewer.map(|name| command.env("BATON_REVIEWER", name));
    let output = command.args(arguments).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr));
    assert!(!ran.2.contains("panicked"), "{}", ran.2);
    ran
}

#[track_caller]
fn fine(ran: Ran) -> String {
    assert_eq!(ran.0, 0, "stdout: {}\nstderr: {}", ran.1, ran.2);
    ran.1
}

fn json_of(ran: Ran) -> Json {
    serde_json::from_str(&fine(ran)).unwrap()
}

/// A folder with a store in which the briefs of 1042 and 1043 are held.
async fn folder_with_held_briefs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("baton.sqlite").display()), 2).await.unwrap();
    let server = ModelServer::start(Script::Computed(Arc::new(|request: &Json| answer(&Says99k, request)))).await;
    let pipeline = pipeline(store.as_record_store(), Arc::new(openai(&server)));
    for (id, record) in [("evt-1", "1042"), ("evt-2", "1043")] {
        let event = decode(&envelope(&event(id, record, "We are 120 people."))).unwrap();
        assert_eq!(pipeline.process_event(&event, Timestamp::now()).await, Ok(Outcome::HeldForReview));
    }
    store.close().await;
    folder
}

#[tokio::test]
async fn a_reviewer_lists_shows_and_decides_until_the_brief_is_live() {
    let folder = folder_with_held_briefs().await;
    let dir = folder.path();
    let list = fine(baton(dir, None, &["review", "list"]).await);
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("deal/1042") && lines[0].contains("budget, headline"), "{list}");
    let page = fine(baton(dir, None, &["review", "show", "1042"]).await);
    for words in
        ["held for review by: budget, headline", "“We can spend 45k EUR a year”", "[quotes_support_values]", "99,000 EUR a year"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let shown = json_of(baton(dir, None, &["review", "show", "1042", "--json"]).await);
    assert_eq!((&shown["version"], &shown["held_by"]), (&json!(1), &json!(["budget", "headline"])));
    serde_json::from_value::<BriefDocument>(shown["brief"].clone()).unwrap();

    let said =
        fine(baton(dir, Some("lee"), &["review", "edit", "1042", "budget", "45000 EUR/year", "--note", "heard it myself"]).await);
    assert!(
        said.contains("45,000 EUR a year, instead of 99,000 EUR a year (lee, ") && said.contains("heard it myself"),
        "{said}"
    );
    assert!(said.contains("still held by: headline"), "{said}");
    let page = fine(baton(dir, None, &["review", "show", "1042"]).await);
    assert!(page.contains("Decisions about this record") && page.contains("heard it myself"), "{page}");
    let ended = json_of(baton(dir, None, &["review", "reject", "1042", "headline", "--by", "ann", "--json"]).await);
    assert_eq!((&ended["publication"], &ended["held_by"], &ended["version"]), (&json!("published"), &json!([]), &json!(3)));
    assert_eq!(ended["live"]["machine"].as_object().unwrap().keys().collect::<Vec<_>>(), ["pain"]);
    let brief = fine(baton(dir, None, &["show", "1042"]).await);
    assert!(brief.contains("Decided by people") && brief.contains("(ann, ") && brief.contains("[a person's value]"), "{brief}");
    assert_eq!(fine(baton(dir, None, &["review", "list", "--json"]).await).lines().count(), 1);

    let all = json_of(baton(dir, Some("lee"), &["review", "accept", "1043", "--all", "--json"]).await);
    let parts: Vec<&str> = all["decisions"].as_array().unwrap().iter().map(|one| one["part"].as_str().unwrap()).collect();
    assert_eq!((parts.len(), &all["publication"]), (5, &json!("published")), "{parts:?}");
    let (code, out, err) = baton(dir, None, &["review", "list"]).await;
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("no brief waits for a person"), "{err}");
    let counted = fine(baton(dir, None, &["eval", "decisions"]).await);
    assert!(counted.contains("sdr_to_ae  handoff_brief/v1  openai (scripted)"), "{counted}");
    assert!(counted.contains("budget                  50.0 % accepted  (1 accepted, 1 edited, 0 rejected)"), "{counted}");
}

#[tokio::test]
async fn of_several_kinds_on_one_record_one_must_be_named() {
    let folder = folder_with_held_briefs().await;
    let dir = folder.path();
    let store = Store::open(&format!("sqlite:{}", dir.join("baton.sqlite").display()), 2).await.unwrap();
    let server = ModelServer::start(Script::Computed(Arc::new(|request: &Json| answer(&PromisesTooMuch, request)))).await;
    let mut other = event("evt-9", "1042", "We are 120 people.");
    other["data"]["kind"] = "support_to_sales".into();
    let event = decode(&envelope(&other)).unwrap();
    let pipeline = pipeline(store.as_record_store(), Arc::new(openai(&server)));
    assert_eq!(pipeline.process_event(&event, Timestamp::now()).await, Ok(Outcome::HeldForReview));
    store.close().await;
    let ran = baton(dir, Some("lee"), &["review", "accept", "1042", "headline"]).await;
    assert!(ran.0 == 2 && ran.2.contains("add --kind with one of: support_to_sales, sdr_to_ae"), "{}", ran.2);
    let kind = ["review", "edit", "1042", "commitments[0]", "Decide this quarter", "--kind", "support_to_sales"];
    assert!(fine(baton(dir, Some("lee"), &kind).await).contains("it is published"));
    // Only one of them is held now.
    assert!(fine(baton(dir, Some("lee"), &["review", "accept", "1042", "headline"]).await).contains("still held by: budget"));
    assert_eq!(fine(baton(dir, None, &["review", "list", "--kind", "support_to_sales", "--json"]).await), "");
    assert!(fine(baton(dir, None, &["show"]).await).contains("deal/1042  Brightwater  (draft, held for review)"));
}

/// The decision of a person is a test of the next prompt.
#[tokio::test]
async fn what_was_decided_becomes_cases_that_the_evaluation_runs() {
    let folder = folder_with_held_briefs().await;
    let dir = folder.path();
    fine(baton(dir, Some("lee"), &["review", "edit", "1042", "budget", "45000 EUR/year"]).await);
    fine(baton(dir, Some("lee"), &["review", "reject", "1042", "urgency", "headline"]).await);
    fine(baton(dir, Some("ann"), &["review", "accept", "1042", "pain", "--published"]).await);
    fine(baton(dir, Some("ann"), &["review", "reject", "1043", "budget"]).await);
    let written = fine(baton(dir, None, &["eval", "decisions", "--cases", "decided"]).await);
    assert_eq!(written, "decided/sdr_to_ae-1042\ndecided/sdr_to_ae-1043\n");
    let case = Case::load(&dir.join("decided/sdr_to_ae-1042")).unwrap();
    assert_eq!(case.about, "Decided by ann, lee: what the machine wrote here was accepted, corrected or rejected.");
    let expected = &case.expectation;
    assert_eq!(expected.axes, [("urgency".to_owned(), "none".to_owned())].into());
    assert_eq!(expected.fields.keys().collect::<Vec<_>>(), ["budget", "pain"]);
    assert_eq!(expected.fields["budget"].value.as_ref().unwrap()["amount"], json!(45_000.0));
    assert_eq!(expected.fields["pain"].quote.as_deref(), Some("We build the reports by hand every week"));
    assert_eq!(case.contents.keys().collect::<Vec<_>>(), ["call-1", "note-evt-1"]);
    let other = Case::load(&dir.join("decided/sdr_to_ae-1043")).unwrap();
    assert_eq!(other.expectation.fields["budget"].status, FieldStatus::NotStated);
    // The built-in engine takes the test.
    let results = json_of(baton(dir, None, &["eval", "run", "--cases", "decided", "--json"]).await);
    assert_eq!((results["cases"].as_array().unwrap().len(), &results["failed"]), (2, &json!(0)));
    let lines = results["cases"][0]["score"]["lines"].as_array().unwrap();
    let budget = lines.iter().find(|line| line["name"] == "budget").unwrap();
    assert_eq!(budget["mark"], json!("hit"), "{budget}");
}

#[tokio::test]
async fn a_wrong_decision_says_what_to_write_and_decides_nothing() {
    let folder = folder_with_held_briefs().await;
    let dir = folder.path();
    let calls: [(&[&str], i32, &str); 17] = [
        (&["accept", "7", "budget"], 2, "no brief of `7`"),
        (&["accept", "1042", "budgte"], 2, "the brief has no part `budgte`; it has: headline, company_fit"),
        (&["accept", "1042", "timeline"], 2, "`timeline` says nothing that could be accepted; write it with `edit`"),
        (&["reject", "1042", "timeline"], 2, "`timeline` says nothing that could be rejected"),
        (&["accept", "Brightwater", "budget"], 2, "`Brightwater` may be any of: deal/1043, deal/1042"),
        (&["accept", "1042", "--kind", "support_to_sales", "budget"], 2, "of the kind `support_to_sales`"),
        (&["accept", "1042"], 2, "required"),
        (&["accept", "1042", "budget", "--all"], 2, "cannot be used with"),
        (&["edit", "1042", "budget", "quite a lot"], 2, "`budget` holds an amount of money, such as '45000 EUR/year'"),
        (&["edit", "1042", "timeline", "soon"], 2, "`timeline` holds a day, such as '2026-06-01'"),
        (&["edit", "1042", "segment", "huge"], 2, "`huge` is no choice of `segment`; it has: enterprise, mid_market"),
        (&["edit", "1042", "pain", "n/a"], 2, "to take out what stands there, use `reject`"),
        (&["edit", "1042", "pain", "It hurts", "--due", "2026-06-01"], 2, "--who and --due are for promises"),
        (&["edit", "1042", "budget", "--value-json", "{}"], 2, "`\"type\": \"money\"`"),
        (
            &["edit", "1042", "budget", "--value-json", r#"{"type":"text","text":"x"}"#],
            2,
            "`budget` holds a value of the type `money`",
        ),
        (&["edit", "1042", "commitments[0]", "x"], 2, "the brief has no part `commitments[0]`"),
        (&["accept", "1042", "budget", "--if-version", "7"], 1, "the record changed meanwhile, nothing was decided"),
    ];
    for (arguments, code, words) in calls {
        let ran = baton(dir, Some("lee"), &[&["review"], arguments].concat()).await;
        assert_eq!(ran.0, code, "{arguments:?}: {}{}", ran.1, ran.2);
        assert!(ran.2.contains(words), "{arguments:?}: {}", ran.2);
        assert!(!ran.2.contains("45k") && !ran.2.contains("99"), "no text of the brief is in an error: {}", ran.2);
    }
    // Nobody is nobody: the program's environment is empty here.
    let nobody = baton(dir, None, &["review", "accept", "1042", "budget"]).await;
    assert!(nobody.0 == 2 && nobody.2.contains("--by NAME, or set BATON_REVIEWER"), "{}", nobody.2);
    let shown = json_of(baton(dir, None, &["review", "show", "1042", "--json"]).await);
    assert_eq!((&shown["version"], &shown["decisions"]), (&json!(1), &json!([])));

    fine(baton(dir, Some("lee"), &["review", "accept", "1042", "--all"]).await);
    let live = baton(dir, Some("lee"), &["review", "reject", "1042", "pain"]).await;
    assert!(live.0 == 1 && live.2.contains("is held for review: nothing waits for a decision"), "{}", live.2);
    fine(baton(dir, Some("lee"), &["review", "reject", "1042", "pain", "--published"]).await);
    let brief = json_of(baton(dir, None, &["show", "1042", "--json"]).await);
    assert_eq!(brief["publication"], json!("published"));
}

// ---- The desk: a pipeline with a scripted model, and people ----------------------------------------

const KIND: &str = "sdr_to_ae";
const PAIN: &str = "They build the reports by hand every week";
const CALL: &str = "Dana Whitlock: What could you spend on this?\n\
    Karen Doyle: We can spend 45k EUR a year.\n\
    Karen Doyle: We build the reports by hand every week.\n\
    Karen Doyle: We mean to decide this quarter.\n\
    Karen Doyle: We are about four hundred people in Leeds.\n";

struct Desk<'a> {
    test: &'a TestStore,
    contract: Contract,
}

/// What the scripted model answers.
trait Reply {
    fn fill(&self, reply: &mut Json, unit: &dyn Fn(&str) -> Json);
}

/// 99k, in headline and budget, though the customer said 45k.
struct Says99k;
/// The same budget under a headline that is right.
struct Says99kQuietly;
/// What the second note says.
struct Says70k;
/// The same under a headline that is wrong.
struct Says70kLoudly;

/// A promise with a day that nobody said: fits every kind.
struct PromisesTooMuch;

impl Reply for PromisesTooMuch {
    fn fill(&self, reply: &mut Json, unit: &dyn Fn(&str) -> Json) {
        reply["headline"] = "They mean to decide this quarter.".into();
        reply["commitments"] = json!([{
            "evidence": unit("We mean to decide this quarter"), "who": "Karen Doyle", "side": "customer", "to_whom": null,
            "what": "Decide this quarter", "due": "2031-01-17", "firmness": "firm"
        }]);
    }
}

fn budget(reply: &mut Json, amount: u32, evidence: Json) {
    reply["fields"]["budget"] = json!({
        "evidence": evidence, "status": "stated", "alternatives": [],
        "value": { "amount": amount, "up_to": null, "currency": "EUR", "period": "year" }
    });
}

fn labels(reply: &mut Json, unit: &dyn Fn(&str) -> Json) {
    reply["fields"]["pain"] = json!({
        "evidence": unit("We build the reports by hand every week"), "status": "stated", "alternatives": [], "value": { "text": PAIN }
    });
    reply["axes"]["segment"] = json!({ "evidence": unit("We are about four hundred people"), "label": "mid_market" });
    reply["axes"]["urgency"] = json!({ "evidence": unit("We mean to decide this quarter"), "label": "medium" });
}

impl Reply for Says99k {
    fn fill(&self, reply: &mut Json, unit: &dyn Fn(&str) -> Json) {
        Says99kQuietly.fill(reply, unit);
        reply["headline"] = "They can spend 99k EUR a year.".into();
    }
}

impl Reply for Says99kQuietly {
    fn fill(&self, reply: &mut Json, unit: &dyn Fn(&str) -> Json) {
        labels(reply, unit);
        budget(reply, 99_000, unit("We can spend 45k EUR a year"));
    }
}

impl Reply for Says70k {
    fn fill(&self, reply: &mut Json, unit: &dyn Fn(&str) -> Json) {
        labels(reply, unit);
        budget(reply, 70_000, unit("We could go to 70k EUR a year"));
    }
}

impl Reply for Says70kLoudly {
    fn fill(&self, reply: &mut Json, unit: &dyn Fn(&str) -> Json) {
        Says70k.fill(reply, unit);
        reply["headline"] = "They can spend 99k EUR a year.".into();
    }
}

fn answer(says: &'static (dyn Reply + Sync), request: &Json) -> String {
    let units = units(request);
    let unit = |quote: &str| match units.iter().find(|(_, text)| text.contains(quote)) {
        Some((number, _)) => json!([{ "unit": number, "quote": quote }]),
        None => json!([]),
    };
    reply(request, |reply| says.fill(reply, &unit))
}

impl<'a> Desk<'a> {
    async fn new(test: &'a TestStore) -> Self {
        let contract = contract::bundled().unwrap().into_iter().find(|contract| contract.kind == KIND).unwrap();
        Self { test, contract }
    }

    /// Record 1042, its brief held by headline and budget.
    async fn with_held_brief(test: &'a TestStore) -> Self {
        let desk = Self::new(test).await;
        assert_eq!(desk.run("evt-1", "1042", "We are 120 people.", &Says99k).await, Outcome::HeldForReview);
        desk
    }

    async fn server<T>(&self, says: &'static (dyn Reply + Sync), with: impl AsyncFnOnce(baton::pipeline::Pipeline) -> T) -> T {
        let server = ModelServer::start(Script::Computed(Arc::new(|request: &Json| answer(says, request)))).await;
        with(pipeline(self.test.store.as_record_store(), Arc::new(openai(&server)))).await
    }

    /// The machine works on an event about a record, which brings another note.
    async fn run(&self, id: &str, record: &str, said: &str, says: &'static (dyn Reply + Sync)) -> Outcome {
        let event = decode(&envelope(&event(id, record, said))).unwrap();
        self.server(says, async |pipeline| pipeline.process_event(&event, Timestamp::now()).await.unwrap()).await
    }

    async fn plan(&self, rulings: &[Ruling], by: &str) -> Result<WriteBack, String> {
        self.plan_on("1042", rulings, by).await
    }

    async fn plan_on(&self, id: &str, rulings: &[Ruling], by: &str) -> Result<WriteBack, String> {
        let standing = self.test.store.standing_brief(&record(id), KIND).await.unwrap().unwrap();
        qa::decide(standing, rulings, &decider(by), &self.contract).map_err(|error| error.to_string())
    }

    async fn decide(&self, rulings: &[Ruling], by: &str) -> Result<WriteBack, String> {
        self.decide_on("1042", rulings, by).await
    }

    async fn decide_on(&self, id: &str, rulings: &[Ruling], by: &str) -> Result<WriteBack, String> {
        let write = self.plan_on(id, rulings, by).await?;
        match self.test.store.write_back(&write).await {
            Ok(Written::Done) => Ok(write),
            other => Err(format!("{other:?}")),
        }
    }

    async fn live(&self) -> BTreeMap<String, (Value, Origin, Option<String>)> {
        let live = self.test.store.live_values(&record("1042")).await.unwrap();
        live.into_iter().map(|(field, live)| (field, (live.value, live.origin, live.by))).collect()
    }

    async fn brief(&self) -> BriefDocument {
        self.test.store.read_brief(&record("1042"), KIND).await.unwrap().unwrap()
    }

    async fn outcome(&self, event: &str) -> String {
        self.test.store.read_event("crm/deals", event).await.unwrap().unwrap().outcome
    }
}

/// Later by its number.
fn event(id: &str, record: &str, said: &str) -> Json {
    let hour = 10 + id.chars().last().and_then(|c| c.to_digit(10)).unwrap();
    json!({
        "specversion": "1.0", "id": id, "source": "crm/deals", "type": "baton.handoff.requested.v1",
        "time": format!("2026-05-04T{hour}:00:00Z"),
        "data": {
            "kind": KIND, "record": { "type": "deal", "id": record, "name": "Brightwater" },
            "participants": [
                { "name": "Dana Whitlock", "email": "dana@tallyport.example", "side": "ours" },
                { "name": "Karen Doyle", "email": "karen@brightwater.example", "side": "customer" }
            ],
            "sources": [
                { "id": "call-1", "type": "call_transcript", "occurred_at": "2026-05-04T09:00:00Z", "text": CALL },
                { "id": format!("note-{id}"), "type": "call_transcript", "occurred_at": "2026-05-04T09:30:00Z",
                    "text": format!("Karen Doyle: {}\n", said.replace("70k", "70k EUR")) }
            ]
        }
    })
}

fn accept(part: &str) -> Ruling {
    Ruling { part: part.to_owned(), says: Says::Accept }
}

fn reject(part: &str) -> Ruling {
    Ruling { part: part.to_owned(), says: Says::Reject }
}

fn edit(part: &str, value: Value) -> Ruling {
    Ruling { part: part.to_owned(), says: Says::Edit(value) }
}

fn decider(by: &str) -> Decider {
    Decider { by: by.to_owned(), at: "2026-05-05T08:00:00Z".parse().unwrap(), note: None }
}

fn euros(amount: f64) -> Value {
    Value::Money { amount, up_to: None, currency: Some("EUR".to_owned()), period: Some(Period::Year) }
}

fn text(text: &str) -> Value {
    Value::Text { text: text.to_owned() }
}

fn note(id: &str, text: &str, occurred_at: Option<Timestamp>) -> Source {
    let (format, title) = (None, None);
    Source { id: id.to_owned(), source_type: SourceType::CallTranscript, format, occurred_at, title, body: text.into() }
}
