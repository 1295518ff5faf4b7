//! The program as its users call it: exit codes, both streams, signals.

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use baton::adapters::sql::Store;
use baton::domain::brief::BriefDocument;
use baton::domain::event::SourceType;
use baton::domain::handoff::Source;
use baton::eval::case;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::support::broker;
use crate::support::database::{TestStore, database_url};
use crate::support::model_server::{ModelServer, Script};
use crate::support::world::{event, honest_reply, program, record};

/// What a call left: exit code, stdout, stderr.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }
}

async fn baton(folder: &Path, arguments: &[&str]) -> Ran {
    Ran::of(program(folder).args(arguments).output().await.unwrap())
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Arguments for an engine at a scripted server.
fn at(server: &ModelServer) -> Vec<String> {
    let base_url = format!("model.base_url={}", server.base_url());
    ["--engine", "openai", "--set", "model.name=scripted", "--set", "model.api_key=sk-secret-1", "--set", &base_url]
        .map(str::to_owned)
        .to_vec()
}

async fn submit(folder: &Path, events: &[Json]) {
    let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
    std::fs::write(folder.join("events.jsonl"), lines).unwrap();
    baton(folder, &["submit", "events.jsonl"]).await.expect(0);
}

// ---- demo ---------------------------------------------------------------------------------------

#[tokio::test]
async fn the_demo_needs_nothing_and_leaves_nothing() {
    let folder = folder();
    let ran = baton(folder.path(), &["demo"]).await.expect(0);
    let cases = case::bundled().unwrap();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let name = case.event.data.record.name.unwrap();
        assert!(ran.out.matches(&name).count() >= 2, "{name} is in its brief and in the table");
    }
    for word in ["error", "warn", "fail", "WARN", "ERROR"] {
        assert!(!ran.err.contains(word), "{}", ran.err);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_demo_prints_briefs_for_programs_too() {
    let ran = baton(folder().path(), &["demo", "--json"]).await.expect(0);
    let schema: Json = serde_json::from_str(include_str!("../../schemas/brief.schema.json")).unwrap();
    let required: Vec<&str> = schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(ran.out.lines().count(), 12);
    for line in ran.out.lines() {
        let json: Json = serde_json::from_str(line).unwrap();
        let brief: BriefDocument = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&brief).unwrap(), json, "nothing that the schema does not have");
        required.iter().for_each(|name| assert!(!json[name].is_null() || *name == "route", "{name}"));
    }
}

// ---- Events in, briefs out ----------------------------------------------------------------------

#[tokio::test]
async fn events_go_from_a_file_through_the_worker_to_a_brief() {
    let folder = folder();
    let dir = folder.path();
    let mut event = event("1042");
    event["id"] = "evt-7001".into();
    std::fs::write(dir.join("event.json"), serde_json::to_string_pretty(&event).unwrap()).unwrap();
    let ran = baton(dir, &["submit", "event.json", "--json"]).await.expect(0);
    assert_eq!(serde_json::from_str::<Json>(&ran.out).unwrap(), json!({ "events": 1, "queue": "sqlite:baton.sqlite" }));
    let ran = baton(dir, &["worker", "--drain", "--json"]).await.expect(0);
    let report: Json = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["outcomes"], &report["parked"], &report["delayed"]), (&json!({ "published": 1 }), &json!(0), &json!(0)));
    let shown = baton(dir, &["show", "1042"]).await.expect(0);
    assert!(shown.out.contains("SDR to account executive") && shown.out.contains("45,000"), "{}", shown.out);
    for name in ["1042", "deal/1042", "evt-7001"] {
        let json: BriefDocument = serde_json::from_str(&baton(dir, &["show", name, "--json"]).await.expect(0).out).unwrap();
        assert_eq!((json.event_id.as_str(), json.record.id.as_str()), ("evt-7001", "1042"));
    }
    assert!(baton(dir, &["show"]).await.expect(0).out.contains("1042"));
}

#[tokio::test]
async fn events_come_as_lines_and_from_stdin_and_one_wrong_one_holds_back_all() {
    let folder = folder();
    let dir = folder.path();
    let lines = format!("{}\n\n{}\n", event("a"), event("b"));
    std::fs::write(dir.join("good.jsonl"), &lines).unwrap();
    std::fs::write(dir.join("bad.jsonl"), format!("{lines}{{\"specversion\":\"1.0\"}}\nhello\n")).unwrap();
    let mut other = event("c");
    other["data"]["kind"] = "partner".into();
    std::fs::write(dir.join("kind.json"), other.to_string()).unwrap();
    std::fs::write(dir.join("empty.json"), " \n").unwrap();
    let ran = baton(dir, &["submit", "good.jsonl", "bad.jsonl", "kind.json", "empty.json"]).await.expect(2);
    insta::assert_snapshot!(ran.err);
    let huge = baton(dir, &["--set", "queue.max_message_bytes=300", "submit", "good.jsonl"]).await.expect(2);
    assert!(
        huge.err.contains("good.jsonl:1: the message has") && huge.err.contains("raise `queue.max_message_bytes`"),
        "{}",
        huge.err
    );
    let queue = baton(dir, &["doctor"]).await.expect(0).out;
    assert!(queue.contains(": 0 ready"), "nothing was sent: {queue}");

    let mut child = program(dir).args(["submit", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).await.unwrap();
    Ran::of(child.wait_with_output().await.unwrap()).expect(0);
    baton(dir, &["submit", "good.jsonl", "--dry-run"]).await.expect(0);
    let ran = baton(dir, &["worker", "--drain", "--json"]).await.expect(0);
    assert!(ran.out.contains("\"published\": 2"), "{}", ran.out);
}

#[tokio::test]
async fn what_was_parked_is_listed_shown_requeued_and_dropped() {
    let folder = folder();
    let dir = folder.path();
    let nobody = |id: &str| {
        let mut event = event(id);
        event["data"]["sources"] = json!([{ "id": "call-7", "type": "call_note" }]);
        event
    };
    submit(dir, &[nobody("a"), nobody("b")]).await;
    let once = ["--set", "queue.max_attempts=1", "--set", "worker.concurrency=1"];
    let ran = baton(dir, &[&once[..], &["worker", "--drain"]].concat()).await.expect(0);
    assert!(ran.err.contains("2 parked") && ran.err.contains("`baton parked list` shows what was put aside"), "{}", ran.err);
    let list = baton(dir, &["parked", "list", "--json"]).await.expect(0);
    let parked: Vec<Json> = list.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (first, second) = (parked[0]["id"].as_str().unwrap(), parked[1]["id"].as_str().unwrap());
    assert_eq!(
        (&parked[0]["event_id"], &parked[0]["class"], &parked[0]["record"]),
        (&json!("a"), &json!("attempts_used_up"), &json!("deal/a"))
    );
    assert!(baton(dir, &["parked", "list"]).await.expect(0).out.contains("call-7; store them, or send their `text`"));
    assert!(baton(dir, &["parked", "show", first]).await.expect(0).out.contains("\"id\":\"a\""));
    assert!(baton(dir, &["parked", "show", first, "--json"]).await.expect(0).out.contains("\"body\""));
    baton(dir, &["parked", "drop", second]).await.expect(0);
    baton(dir, &["parked", "drop", second]).await.expect(2);
    baton(dir, &["parked", "drop"]).await.expect(2);

    let store = Store::open(&format!("sqlite:{}", dir.join("baton.sqlite").display()), 1).await.unwrap();
    store.put_source(&record("a"), &note("call-7", "Karen needs 120 seats.")).await.unwrap();
    store.close().await;
    baton(dir, &["parked", "requeue", "--all"]).await.expect(0);
    let ran = baton(dir, &["worker", "--drain", "--json"]).await.expect(0);
    assert!(ran.out.contains("\"published\": 1"), "{}", ran.out);
    assert!(baton(dir, &["parked", "list"]).await.expect(0).err.contains("the parking lot is empty"));
}

fn note(id: &str, text: &str) -> Source {
    let (format, occurred_at, title) = (None, Some("2026-05-04T10:00:00Z".parse().unwrap()), None);
    Source { id: id.to_owned(), source_type: SourceType::CallNote, format, occurred_at, title, body: text.into() }
}

// ---- Wrong calls --------------------------------------------------------------------------------

#[tokio::test]
async fn a_wrong_call_says_what_to_write_and_ends_with_2() {
    let folder = folder();
    let dir = folder.path();
    std::fs::create_dir(dir.join("contracts")).unwrap();
    let contract = include_str!("../../contracts/sdr_to_ae.toml").replace("type = \"money\"", "type = \"cash\"");
    std::fs::write(dir.join("contracts/sdr_to_ae.toml"), contract).unwrap();
    std::fs::write(dir.join("wrong.toml"), "[worker]\nconcurency = 4\n").unwrap();
    let calls: [&[&str]; 19] = [
        &["worker", "--nope"],
        &["wroker"],
        &["submit"],
        &["submit", "nothing.json"],
        &["--set", "queue.ulr=x", "worker"],
        &["--set", "worker.concurrency=0", "worker"],
        &["--set", "queue.url=http://x", "worker"],
        &["--set", "record.url=mysql://root:s3cret@x/y", "worker"],
        &["--set", "log.level=inof", "worker"],
        &["--engine", "gpt", "worker"],
        &["--config", "nothing.toml", "doctor"],
        &["--config", "wrong.toml", "doctor"],
        &["--contracts", "contracts", "worker"],
        &["--contracts", "nothing", "worker"],
        &["--prompts", "nothing", "worker"],
        &["contracts", "check", "contracts/sdr_to_ae.toml"],
        &["contracts", "show", "partner"],
        &["backfill", "plan", "partner"],
        &["show", "nobody"],
    ];
    let mut page = String::new();
    for call in calls {
        let ran = baton(dir, call).await.expect(2);
        assert!(ran.out.is_empty() && !ran.err.contains("s3cret"), "{call:?}: {}{}", ran.out, ran.err);
        page += &format!("$ baton {}\n{}\n", call.join(" "), ran.err);
    }
    insta::assert_snapshot!(page);
}

#[tokio::test]
async fn the_environment_and_the_file_of_the_folder_are_settings_too() {
    let folder = folder();
    let dir = folder.path();
    std::fs::write(dir.join("baton.toml"), "[queue]\nurl = \"sqlite:from-file.sqlite\"\n").unwrap();
    assert!(baton(dir, &["doctor"]).await.expect(0).out.contains("sqlite:from-file.sqlite"));
    let output = program(dir).env("BATON_QUEUE__URL", "sqlite:from-env.sqlite").arg("doctor").output().await.unwrap();
    assert!(Ran::of(output).expect(0).out.contains("sqlite:from-env.sqlite"));
    let output = program(dir).env("BATON_QUEUE__URI", "x").arg("doctor").output().await.unwrap();
    let err = Ran::of(output).expect(2).err;
    assert!(err.contains("BATON_QUEUE__URI") && err.contains("did you mean `queue.url`?"), "{err}");
}

#[tokio::test]
async fn contracts_are_listed_shown_and_checked() {
    let folder = folder();
    let dir = folder.path();
    assert_eq!(baton(dir, &["contracts", "list"]).await.expect(0).out.lines().count(), 5);
    let list: Json = serde_json::from_str(&baton(dir, &["contracts", "list", "--json"]).await.expect(0).out).unwrap();
    for contract in list.as_array().unwrap() {
        let kind = contract["kind"].as_str().unwrap();
        let shown = baton(dir, &["contracts", "show", kind]).await.expect(0).out;
        assert!(shown.contains("\nFields\n") && shown.contains("\nRules\n"), "{shown}");
        let schema: Json = serde_json::from_str(&baton(dir, &["contracts", "schema", kind]).await.expect(0).out).unwrap();
        assert_eq!(schema["additionalProperties"], json!(false));
        let file = format!("{}/contracts/{kind}.toml", env!("CARGO_MANIFEST_DIR"));
        baton(dir, &["contracts", "check", &file]).await.expect(0);
    }
}

#[tokio::test]
async fn every_shell_gets_its_completions_even_if_it_reads_one_line() {
    let folder = folder();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = baton(folder.path(), &["completions", shell]).await.expect(0);
        assert!(ran.out.contains("baton") && ran.out.contains("backfill"), "{shell}");
    }
    let mut child =
        program(folder.path()).args(["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    Ran::of(child.wait_with_output().await.unwrap()).expect(0);
}

// ---- Servers that are down or refuse ------------------------------------------------------------

#[tokio::test]
async fn a_server_that_is_not_there_is_named_with_a_mend_and_without_its_password() {
    let folder = folder();
    let dir = folder.path();
    std::fs::write(dir.join("event.json"), event("1").to_string()).unwrap();
    let (amqp, postgres) = ("amqp://guest:s3cret@127.0.0.1:9/%2f", "postgres://guest:s3cret@127.0.0.1:9/x");
    let calls: [(&[&str], &str); 8] = [
        (&["--queue", amqp, "worker", "--drain"], "nobody listens at `127.0.0.1:9`; check `queue.url`"),
        (&["--queue", amqp, "submit", "event.json"], "nobody listens at `127.0.0.1:9`; check `queue.url`"),
        (&["--queue", amqp, "parked", "list"], "nobody listens at `127.0.0.1:9`; check `queue.url`"),
        (&["--record", postgres, "worker", "--drain"], "`postgres://127.0.0.1:9/x` cannot be reached; check `record.url`"),
        (&["--record", postgres, "show"], "`postgres://127.0.0.1:9/x` cannot be reached; check `record.url`"),
        (&["--record", postgres, "backfill", "plan", "sdr_to_ae"], "cannot be reached; check `record.url`"),
        (&["--record", "sqlite:no/such/x.db", "worker"], "`sqlite:no/such/x.db` cannot be reached; check `record.url`"),
        (&["--queue", "sqlite:no/such/x.db", "worker"], "`no/such/x.db` cannot be opened; check `queue.url`"),
    ];
    for (call, words) in calls {
        let ran = baton(dir, call).await.expect(1);
        assert!(ran.err.contains(words) && !ran.err.contains("s3cret"), "{call:?}: {}", ran.err);
    }
}

#[tokio::test]
async fn a_refused_login_is_named_with_a_mend_and_without_its_password() {
    let folder = folder();
    if let Some(url) = broker::url() {
        let _guard = broker::side_by_side().await;
        let (_, host) = url.rsplit_once('@').unwrap();
        let wrong = format!("amqp://guest:s3cret@{host}");
        for mode in [&["worker", "--drain"][..], &["worker"], &["parked", "list"]] {
            let ran = baton(folder.path(), &[&["--queue", &wrong], mode].concat()).await.expect(1);
            assert!(ran.err.contains("refused the login of `guest`; check user and password in `queue.url`"), "{}", ran.err);
            assert!(!ran.err.contains("s3cret"), "{}", ran.err);
        }
    }
    let Some(server) = TestStore::postgres().await else { return };
    let url = database_url().unwrap();
    let (_, host) = url.rsplit_once('@').unwrap();
    let ran = baton(folder.path(), &["--record", &format!("postgres://nobody_here:s3cret@{host}"), "worker"]).await.expect(1);
    assert!(ran.err.contains("refused the login; check user and password in `record.url`"), "{}", ran.err);
    assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    server.remove().await;
}

#[tokio::test]
async fn a_refused_key_ends_the_worker_with_3_and_keeps_the_events() {
    let folder = folder();
    let dir = folder.path();
    let refused = Script::status(401, json!({ "error": { "message": "no", "code": "invalid_api_key" } }));
    let server = ModelServer::start_with(vec![refused, Script::Computed(Arc::new(honest_reply))]).await;
    submit(dir, &[event("a"), event("b")]).await;
    let engine = at(&server);
    let mut call: Vec<&str> = engine.iter().map(String::as_str).collect();
    call.extend(["--set", "worker.concurrency=1", "worker"]);
    let ran = baton(dir, &call).await.expect(3);
    assert!(ran.err.contains("halted: the key for") && ran.err.contains("set `model.api_key` or OPENAI_API_KEY"), "{}", ran.err);
    assert!(!ran.err.contains("sk-secret-1"), "{}", ran.err);
    call.push("--drain");
    assert!(baton(dir, &call).await.expect(0).err.contains("2 published; 0 parked"));
}

#[tokio::test]
async fn the_doctor_names_everything_that_is_ill() {
    let folder = folder();
    let dir = folder.path();
    let healthy: Json = serde_json::from_str(&baton(dir, &["doctor", "--json"]).await.expect(0).out).unwrap();
    assert!(healthy.as_array().unwrap().iter().all(|one| one["healthy"] == json!(true)), "{healthy}");
    let ill = [
        "--queue",
        "amqp://guest:s3cret@127.0.0.1:9/%2f",
        "--record",
        "postgres://guest:s3cret@127.0.0.1:9/x",
        "--engine",
        "openai",
        "--set",
        "model.base_url=http://127.0.0.1:9/v1",
        "--set",
        "model.server=compatible",
        "--contracts",
        "nothing",
        "--prompts",
        "nothing",
        "doctor",
    ];
    let ran = baton(dir, &[&ill[..], &["--json", "--ask-model"]].concat()).await.expect(1);
    assert!(!ran.out.contains("s3cret") && ran.err.is_empty(), "{}{}", ran.out, ran.err);
    let examined: Vec<Json> = serde_json::from_str(&ran.out).unwrap();
    let sick: Vec<&str> =
        examined.iter().filter(|one| one["healthy"] == json!(false)).map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(sick, ["contracts", "prompt", "records", "queue", "model"]);
    let text = baton(dir, &ill).await.expect(1).out;
    assert!(text.contains("wrong  queue") && text.contains("fine   settings"), "{text}");
    let no_key = baton(dir, &["--engine", "openai", "doctor"]).await.expect(1).out;
    assert!(no_key.contains("wrong  model      there is no key: set `model.api_key` or OPENAI_API_KEY"), "{no_key}");
}

// ---- eval ---------------------------------------------------------------------------------------

#[tokio::test]
async fn an_evaluation_below_its_baseline_ends_with_4() {
    let folder = folder();
    let dir = folder.path();
    let ran = baton(dir, &["eval", "bless"]).await.expect(0);
    assert!(ran.err.contains("wrote eval/baselines/extractive.json"), "{}", ran.err);
    baton(dir, &["eval", "run"]).await.expect(0);
    let file = dir.join("eval/baselines/extractive.json");
    let mut baseline: Json = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    baseline["scores"]["commitment"] = json!(1.01);
    std::fs::write(&file, baseline.to_string()).unwrap();
    let ran = baton(dir, &["eval", "run"]).await.expect(4);
    assert!(ran.err.contains("below the baseline: ") && ran.err.contains("commitment"), "{}", ran.err);
    std::fs::write(&file, "{}").unwrap();
    baton(dir, &["eval", "run"]).await.expect(2);
}

// ---- Being killed and stopped -------------------------------------------------------------------

fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
}

fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let started = Instant::now();
    while !reached() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_backfill_goes_on_and_does_no_record_twice() {
    const RECORDS: usize = 40;
    let folder = folder();
    let dir = folder.path();
    let url = format!("sqlite:{}", dir.join("baton.sqlite").display());
    let store = Store::open(&url, 1).await.unwrap();
    for n in 0..RECORDS {
        store.put_source(&record(&format!("r{n:02}")), &note("n", &format!("Karen Doyle needs {n} seats."))).await.unwrap();
    }
    store.close().await;
    let slow = Script::After(Duration::from_millis(60), Box::new(Script::Computed(Arc::new(honest_reply))));
    let server = ModelServer::start(slow).await;
    let mut call = at(&server);
    call.extend(["--set", "worker.concurrency=2", "backfill"].map(str::to_owned));
    let as_of = ["sdr_to_ae", "--as-of", "2026-05-05T00:00:00Z", "--json"];
    let run = |what: &str| {
        let mut command = program(dir);
        command.args(&call).arg(what).args(as_of);
        command
    };
    let plan: Json = serde_json::from_str(&Ran::of(run("plan").output().await.unwrap()).expect(0).out).unwrap();
    assert_eq!((&plan["records"], &plan["calls"], server.count()), (&json!(RECORDS), &json!(RECORDS), 0));

    for calls in [8, 20] {
        let mut child = spawn(&mut run("run"));
        until("so many calls", || server.count() >= calls).await;
        child.kill().await.unwrap();
    }
    let report: Json = serde_json::from_str(&Ran::of(run("run").output().await.unwrap()).expect(0).out).unwrap();
    assert!(report["already_done"].as_u64().unwrap() >= 10 && report["finished"] == json!(true), "{report}");
    let status: Json = serde_json::from_str(&Ran::of(run("status").output().await.unwrap()).expect(0).out).unwrap();
    assert_eq!(status["lines"].as_array().unwrap().len(), RECORDS);
    let store = Store::open(&url, 1).await.unwrap();
    for n in 0..RECORDS {
        let history = store.brief_history(&record(&format!("r{n:02}")), "sdr_to_ae").await.unwrap();
        assert_eq!(history.len(), 1, "r{n:02}");
    }
    // What a kill cut off before the journal is asked again: at most what ran at once, for each kill.
    assert!((RECORDS..=RECORDS + 4).contains(&server.count()), "{} calls", server.count());
    let again: Json = serde_json::from_str(&Ran::of(run("run").output().await.unwrap()).expect(0).out).unwrap();
    assert_eq!(again["already_done"], json!(RECORDS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_worker_finishes_what_runs_and_ends_with_0() {
    let folder = folder();
    let dir = folder.path();
    let slow = Script::After(Duration::from_millis(700), Box::new(Script::Computed(Arc::new(honest_reply))));
    let server = ModelServer::start(slow).await;
    submit(dir, &[event("a"), event("b"), event("c")]).await;
    let child = spawn(program(dir).args(at(&server)).args(["--set", "worker.concurrency=2", "worker", "--json"]));
    until("two calls", || server.count() == 2).await;
    signal(&child, "TERM");
    let ran = Ran::of(child.wait_with_output().await.unwrap()).expect(0);
    let report: Json = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["ended"], &report["outcomes"]), (&json!("drained"), &json!({ "published": 2 })), "{}", ran.err);
    assert!(baton(dir, &["doctor"]).await.expect(0).out.contains(": 1 ready"), "the third is still there, and was not begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_the_worker_at_once_and_an_expired_grace_says_so() {
    let folder = folder();
    let dir = folder.path();
    let server = ModelServer::start(Script::Hang).await;
    submit(dir, &[event("a")]).await;
    let child = spawn(program(dir).args(at(&server)).arg("worker"));
    until("a call", || server.count() == 1).await;
    signal(&child, "TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let second = Instant::now();
    signal(&child, "TERM");
    let ran = Ran::of(child.wait_with_output().await.unwrap()).expect(1);
    assert!(second.elapsed() < Duration::from_secs(10), "{:?}", second.elapsed()); // the grace is longer
    assert!(ran.err.contains("ended by a second signal"), "{}", ran.err);

    let folder = self::folder();
    let dir = folder.path();
    submit(dir, &[event("a")]).await;
    let child = spawn(program(dir).args(at(&server)).args(["--set", "worker.grace_seconds=1", "worker"]));
    until("a call", || server.count() == 2).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().await.unwrap()).expect(1);
    assert!(ran.err.contains("1 events were cut off and come again"), "{}", ran.err);
    assert!(baton(dir, &["doctor"]).await.expect(0).out.contains(": 1 ready"));
}
