//! `baton audit` as its users call it.

use std::path::Path;
use std::process::Stdio;

use baton::eval::case;
use serde_json::{Value as Json, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::world::program;

/// Exit code, stdout and stderr of a call with this on stdin.
async fn audit(arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    audit_in(folder.path(), arguments, stdin.as_bytes()).await
}

async fn audit_in(folder: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut child = program(folder)
        .arg("audit")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // Beside the reading: neither pipe may fill up. The program may end before it has read all.
    let writing = tokio::spawn(async move { pipe.write_all(&stdin).await });
    let output = child.wait_with_output().await.unwrap();
    let _ = writing.await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr));
    assert!(!ran.2.contains("panicked"), "{}", ran.2);
    ran
}

fn results(out: &str) -> Vec<Json> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const CALL: &str = "Ines: Our budget is 40,000 euros a year, and we want to start in May.\n\
    Tom: Fine. The pilot takes two weeks, and it's free.\n\
    Ines: Good. We're pretty unhappy with the old tool, it's slow.";

#[tokio::test]
async fn each_summary_gets_one_result_with_the_place_of_claim_and_source() {
    let lines = [
        json!({ "id": "right", "document": CALL, "summary": "Ines has 40,000 euros a year. The pilot takes two weeks." }),
        json!({ "id": "wrong", "document": CALL, "summary": "They start in May. Ines has 45,000 euros a year." }),
        json!({ "document": CALL, "summary": "Ines is happy with the old tool." }),
    ];
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let (code, out, err) = audit(&["-"], &input).await;
    assert_eq!(code, 0, "{out}{err}");
    let results = results(&out);
    assert_eq!(results[0], json!({ "id": "right", "flagged": false, "findings": [], "coverage": 1.0 }));
    assert_eq!((&results[1]["id"], &results[1]["flagged"]), (&"wrong".into(), &true.into()));
    let finding = &results[1]["findings"][0];
    assert_eq!((&finding["check"], &finding["severity"]), (&"numbers_are_grounded".into(), &"block".into()));
    let place = |text: &str, span: &Json| {
        text[span["start"].as_u64().unwrap() as usize..span["end"].as_u64().unwrap() as usize].to_owned()
    };
    let claim = finding["claim"].as_str().unwrap();
    assert_eq!(place("They start in May. Ines has 45,000 euros a year.", finding), claim);
    assert!(place(CALL, &finding["source_span"]).contains("40,000 euros"), "{finding}");
    let opposite = &results[2]["findings"][0];
    assert_eq!((&results[2]["id"], &opposite["check"]), (&3.into(), &"opposites_agree".into()));
    assert!(place(CALL, &opposite["source_span"]).contains("unhappy"), "{opposite}");
}

#[tokio::test]
async fn the_severity_decides_what_counts_as_flagged() {
    let line = json!({ "id": 1, "document": CALL, "summary": "Ines is happy with the old tool." }).to_string();
    for (severity, flagged) in [("warn", true), ("block", false)] {
        let (_, out, _) = audit(&["--severity", severity, "-"], &line).await;
        assert_eq!(results(&out)[0]["flagged"], flagged, "{out}");
    }
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named_by_file_line_and_field_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let good = json!({ "id": "good", "document": CALL, "summary": "They start in May." }).to_string();
    let source = json!({ "id": "a", "type": "call_note", "text": "x" });
    let answers = json!([{ "name": "budget", "status": "maybe" }]);
    let bad = [
        ("{\"id\": 1, \"document\": ", "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        ("{\"id\": 1, \"document\": \"\u{0}\"}", "not a JSON object"),
        (&json!({ "document": CALL }).to_string(), "`summary` is missing"),
        (&json!({ "summary": "secret words" }).to_string(), "`document` is missing"),
        (&json!({ "document": 7, "summary": "x" }).to_string(), "`document` must be text"),
        (&json!({ "document": "x", "summary": "x", "label": "yes" }).to_string(), "`label` must be 1"),
        (&json!({ "sources": "x", "summary": "x" }).to_string(), "`sources` must be a list"),
        (&json!({ "sources": [7], "summary": "x" }).to_string(), "`sources[0]` must be text or an object"),
        (&json!({ "sources": ["x", { "id": "a" }], "summary": "x" }).to_string(), "`sources[1].text` is missing"),
        (&json!({ "sources": [{ "type": "fax", "text": "x" }], "summary": "x" }).to_string(), "`sources[0].type` must be"),
        (&json!({ "sources": [{ "occurred_at": "May", "text": "x" }], "summary": "x" }).to_string(), "`sources[0].occurred_at`"),
        (&json!({ "sources": [source, source], "summary": "x" }).to_string(), "`sources[1].id` stands twice"),
        (&json!({ "sources": [source], "brief": {} }).to_string(), "`kind` is missing"),
        (&json!({ "sources": [source], "brief": {}, "kind": "no_such" }).to_string(), "`kind` names no contract; there are "),
        (&json!({ "sources": [source], "brief": 7, "kind": "sdr_to_ae" }).to_string(), "`brief` must be an object"),
        (&json!({ "sources": [source], "brief": {}, "kind": "sdr_to_ae" }).to_string(), "`brief` breaks the contract at"),
        (
            &json!({ "sources": [source], "brief": { "headline": "x", "fields": answers }, "kind": "sdr_to_ae" }).to_string(),
            "`brief.fields[0]`",
        ),
    ];
    let mut input = Vec::new();
    for (line, _) in &bad {
        input.extend(format!("{line}\n\n{good}\n").into_bytes());
    }
    input.extend(b"\xff\xfe\n");
    let file = folder.path().join("lines.jsonl");
    std::fs::write(&file, &input).unwrap();
    let (code, out, err) = audit_in(folder.path(), &["lines.jsonl"], b"").await;
    assert_eq!(code, 1, "{err}");
    assert!(err.contains(&format!("{} lines of lines.jsonl could not be read", bad.len() + 1)), "{err}");
    let results = results(&out);
    assert_eq!(results.len(), 2 * bad.len() + 1);
    for (n, (line, expected)) in bad.iter().enumerate() {
        let error = results[2 * n]["error"].as_str().unwrap_or_else(|| panic!("{line}: {}", results[2 * n]));
        assert!(error.starts_with(&format!("lines.jsonl:{}: ", 3 * n + 1)) && error.contains(expected), "{line}: {error}");
        assert!(!error.contains("secret"), "{error}");
        assert_eq!((&results[2 * n + 1]["id"], &results[2 * n + 1]["flagged"]), (&"good".into(), &false.into()), "after {line}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_a_usage_error() {
    let (code, out, err) = audit(&["no-such.jsonl"], "").await;
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("`no-such.jsonl` cannot be read"), "{err}");
}

/// A bundled case as a line: its sources, and the brief that a person wrote for it.
fn brief_line(name: &str) -> Json {
    let case = case::bundled().unwrap().into_iter().find(|case| case.name == name).unwrap();
    let event = case.whole_event();
    let brief = case.reply.unwrap().reply;
    json!({ "id": name, "kind": event.data.kind, "sources": event.data.sources, "participants": event.data.participants,
        "brief": brief })
}

#[tokio::test]
async fn a_brief_goes_through_the_same_checks_as_in_production() {
    let right = brief_line("sdr_to_ae-ready");
    let mut wrong = right.clone();
    wrong["brief"]["fields"]["impact"]["value"]["text"] = "About 97 hours of typing per week.".into();
    wrong["brief"]["fields"]["pain"]["evidence"][0]["quote"] = "nobody ever said this sentence at all".into();
    let (code, out, err) = audit(&["--severity", "block", "-"], &format!("{right}\n{wrong}\n")).await;
    assert_eq!(code, 0, "{out}{err}");
    let results = results(&out);
    assert_eq!(results[0]["flagged"], false, "{}", results[0]);
    assert!(results[0]["coverage"].as_f64().unwrap() > 0.5, "{}", results[0]["coverage"]);
    assert_eq!(results[1]["flagged"], true);
    let findings = results[1]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|one| one["check"] == "numbers_are_grounded").unwrap();
    assert_eq!((&finding["field"], &finding["claim"]), (&"impact".into(), &"About 97 hours of typing per week.".into()));
    assert!(finding["start"].is_null() && finding["source_span"]["source"].is_string(), "{finding}");
    assert!(findings.iter().any(|one| one["check"] == "quotes_are_verbatim" && one["field"] == "pain"), "{findings:#?}");
}

#[tokio::test]
async fn a_stored_brief_is_read_as_it_is_shown() {
    let line = brief_line("sdr_to_ae-ready");
    let contracts = baton::domain::contract::bundled().unwrap();
    let contract = contracts.iter().find(|one| one.kind == "sdr_to_ae").unwrap();
    let handoff = case::bundled().unwrap().into_iter().find(|case| case.name == "sdr_to_ae-ready").unwrap().handoff();
    let gathering = baton::context::Gathering {
        limits: baton::context::Limits::DEFAULT,
        our_domains: ["fernhollow.example".to_owned()].into(),
        encoding: "bytes".to_owned(),
    };
    let excerpt = baton::context::fit(&baton::context::gather(&handoff, &gathering), contract, 200_000);
    let brief = baton::prompt::parse_reply(&line["brief"].to_string(), contract, &excerpt).unwrap();
    let reviewed = baton::qa::review(brief, &excerpt, contract, &std::collections::BTreeMap::new());
    let mut bare = line.clone();
    bare["brief"] = serde_json::to_value(reviewed.brief()).unwrap();
    let mut document = line.clone();
    document.as_object_mut().unwrap().remove("kind");
    document["brief"] = json!({ "kind": "sdr_to_ae", "brief": bare["brief"] });
    let (code, out, err) = audit(&["--severity", "block", "-"], &format!("{bare}\n{document}\n")).await;
    assert_eq!(code, 0, "{out}{err}");
    for result in results(&out) {
        assert_eq!(result["flagged"], false, "{result}");
    }
}

#[tokio::test]
async fn several_sources_are_read_as_a_handoffs_are_and_findings_name_the_source() {
    let mail = "From: Ines <ines@customer.example>\nTo: Tom <tom@seller.example>\nDate: Mon, 4 May 2026 09:00:00 +0000\n\
        Subject: Pilot\n\nWe will sign on Friday. The price is high for us.\n";
    let line = json!({ "id": 1, "summary": "Ines signs on Friday. The price is low.",
        "sources": [{ "id": "mail-1", "type": "email_thread", "text": mail }, "The pilot ran for two weeks."] });
    let (code, out, err) = audit(&["-"], &line.to_string()).await;
    assert_eq!(code, 0, "{out}{err}");
    let findings = results(&out)[0]["findings"].clone();
    assert_eq!(findings.as_array().unwrap().len(), 1, "{findings}");
    assert_eq!((&findings[0]["claim"], &findings[0]["source_span"]["source"]), (&"The price is low.".into(), &"mail-1".into()));
}

#[tokio::test]
async fn labels_give_measures_with_intervals_by_check_and_domain() {
    let mut input = String::new();
    for n in 0..20 {
        let document = format!("{CALL}\nTom: This is call number {n}.");
        for (summary, label) in [("They start in May.", 1), ("Ines has 45,000 euros a year.", 0), ("Tom sings.", 0)] {
            let domain = if n % 2 == 0 { "calls" } else { "mails" };
            let line = json!({ "document": document, "summary": summary, "label": label, "domain": domain });
            input += &format!("{line}\n");
        }
    }
    let (code, out, err) = audit(&["--labels", "-"], &input).await;
    assert_eq!(code, 0, "{out}{err}");
    let scores: Json = serde_json::from_str(&out).unwrap();
    assert_eq!((&scores["summaries"], &scores["documents"]), (&60.into(), &20.into()));
    assert_eq!((&scores["recall"], &scores["precision"]), (&0.5.into(), &1.0.into()));
    assert_eq!((&scores["false_alarms"], &scores["balanced_accuracy"]), (&0.0.into(), &0.75.into()));
    assert_eq!(scores["intervals"]["recall"], json!([0.5, 0.5]));
    assert_eq!(scores["checks"]["numbers_are_grounded"]["recall"], 0.5);
    assert_eq!(scores["domains"]["mails"]["summaries"], 30);
    assert_eq!(audit(&["--labels", "--json", "-"], &input).await.1, out, "the same drawings every time");
    let unlabelled = json!({ "document": CALL, "summary": "x" }).to_string();
    let (code, _, err) = audit(&["--labels", "-"], &unlabelled).await;
    assert_eq!(code, 1);
    assert!(err.contains("-:1: `label` is missing"), "{err}");
}

#[tokio::test]
async fn results_keep_the_order_of_the_input_over_many_batches() {
    let input: String = (0..2000)
        .map(|n| format!("{}\n", json!({ "id": n, "document": "We have 40 seats.", "summary": format!("They have {n} seats.") })))
        .collect();
    let (code, out, err) = audit(&["-"], &input).await;
    assert_eq!(code, 0, "{err}");
    let results = results(&out);
    assert_eq!(results.len(), 2000);
    for (n, result) in results.iter().enumerate() {
        assert_eq!((&result["id"], &result["flagged"]), (&n.into(), &(n != 40).into()));
    }
}
