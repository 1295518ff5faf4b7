//! `baton read` as its users call it.

use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use serde_json::{Value as Json, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::world::program;

/// Exit code, stdout and stderr of a call with this on stdin.
async fn read(folder: &Path, arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut child = program(folder)
        .arg("read")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(stdin.as_bytes()).await.unwrap();
    drop(pipe);
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn results(out: &str) -> Vec<Json> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// `length` characters of a text from `start`, as a program in another language would take them.
fn characters(text: &str, start: &Json, end: &Json) -> String {
    let (start, end) = (start.as_u64().unwrap() as usize, end.as_u64().unwrap() as usize);
    text.chars().skip(start).take(end - start).collect()
}

const MAIL: &str = "Grüße! 👍 We can spend 45.000 € a year.\n\n- Start in May\n\nMit freundlichen Grüßen\nDana Keller\n\n\
    Am Mo., 4. Mai 2026 um 15:07 Uhr schrieb Lee Ito <lee@us.example>:\n> What is the budget?\n";

#[tokio::test]
async fn each_line_of_cases_gets_one_result_with_places_in_its_own_text() {
    let folder = tempfile::tempdir().unwrap();
    let case = json!({ "id": "a", "raw": MAIL });
    let (code, out, _) = read(folder.path(), &["--jsonl", "--text-field", "raw", "--as", "email", "-"], &case.to_string()).await;
    assert_eq!(code, 0, "{out}");
    let result = &results(&out)[0];
    assert_eq!(result["id"], "a");
    assert_eq!(result["reply"], "Grüße! 👍 We can spend 45.000 € a year.\n\n- Start in May");
    let kinds: Vec<&Json> = result["removed"].as_array().unwrap().iter().map(|removed| &removed["kind"]).collect();
    assert_eq!(kinds, ["signature", "quote_header", "quote"]);
    assert_eq!(result["removed"][0]["text"], "Mit freundlichen Grüßen\nDana Keller");
    assert_eq!(result["spans_in"], "content");
    let units = result["units"].as_array().unwrap();
    let texts: Vec<&str> = units.iter().map(|unit| unit["text"].as_str().unwrap()).collect();
    assert!(texts.contains(&"Start in May") && texts.contains(&"What is the budget?"), "{texts:?}");
    for unit in units {
        assert_eq!(characters(MAIL, &unit["start"], &unit["end"]), unit["text"].as_str().unwrap());
    }
    let quoted = units.iter().find(|unit| unit["text"] == "What is the budget?").unwrap();
    assert_eq!((&quoted["speaker"], &quoted["at"]), (&json!("Lee Ito"), &json!("2026-05-04T15:07:00Z")));
    let tokens = |name: &str| result["tokens"][name].as_u64().unwrap();
    assert!(tokens("kept") > 0 && tokens("kept") < tokens("original"));
}

#[tokio::test]
async fn a_line_that_cannot_be_read_has_an_error_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let mail = base64::engine::general_purpose::STANDARD.encode("From: d@n.example\nTo: l@u.example\nSubject: x\n\nYes.\n");
    let image = base64::engine::general_purpose::STANDARD.encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let lines = [
        json!({ "id": 1, "raw": mail }).to_string(),
        "{\"id\": 2, \"raw\"".to_owned(),
        json!({ "id": 3, "text": mail }).to_string(),
        json!({ "id": 4, "raw": "***" }).to_string(),
        String::new(),
        json!({ "id": 6, "raw": image }).to_string(),
        json!({ "raw": mail }).to_string(),
    ];
    let (code, out, err) =
        read(folder.path(), &["--jsonl", "--text-field", "raw", "--base64", "--as", "email", "-"], &lines.join("\n")).await;
    assert_eq!(code, 1);
    assert!(err.contains("3 lines could not be read"), "{err}");
    let results = results(&out);
    assert_eq!(results.len(), 6);
    assert_eq!((&results[0]["reply"], &results[5]["reply"]), (&json!("Yes."), &json!("Yes.")));
    assert_eq!((&results[2]["id"], &results[5]["id"]), (&json!(3), &json!(7)));
    let error = |n: usize| results[n]["error"].as_str().unwrap();
    assert!(error(1).starts_with("line 2, column"), "{}", error(1));
    assert!(error(2).contains("`raw` is missing") && error(2).contains("--text-field"), "{}", error(2));
    assert!(error(3).contains("not base64"), "{}", error(3));
    assert!(error(4).contains("not read: it is"), "{}", error(4));
}

#[tokio::test]
async fn captions_say_how_many_cues_were_read_and_who_spoke() {
    let folder = tempfile::tempdir().unwrap();
    let call = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana Keller>We start</v>\n\n00:02.000 --> 00:03.000\n<v Dana Keller>in May.</v>\n\n00:04.000 --> 00:05.000\n<v Lee Ito>Good.</v>\n";
    let (code, out, _) = read(folder.path(), &["--jsonl", "--text-field", "raw", "-"], &json!({ "raw": call }).to_string()).await;
    let result = &results(&out)[0];
    assert_eq!((code, &result["cues"]), (0, &json!(3)));
    let said: Vec<(&Json, &Json)> =
        result["units"].as_array().unwrap().iter().map(|unit| (&unit["speaker"], &unit["text"])).collect();
    assert_eq!(said, [(&json!("Dana Keller"), &json!("We start in May.")), (&json!("Lee Ito"), &json!("Good."))]);
}

#[tokio::test]
async fn files_are_read_as_one_handoff_for_people_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("call.txt"), "Dana: We start in May.\nLee: Good.\nDana: Yes.\nLee: Bye.\n").unwrap();
    std::fs::write(
        folder.path().join("thread.eml"),
        "From: Dana Keller <dana@n.example>\nTo: l@u.example\nSubject: Price\n\nIt is 45k.\n\n-- \nDana\n",
    )
    .unwrap();
    let (code, out, _) = read(folder.path(), &["--as", "call", "call.txt"], "").await;
    assert!(code == 0 && out.contains("Dana") && out.contains("tokens as it came"), "{out}");
    let (code, out, _) = read(folder.path(), &["--json", "call.txt", "thread.eml"], "").await;
    let everything: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!(everything["sources"][1]["reply"], "It is 45k.");
    assert!(everything["messages"].as_array().unwrap().iter().any(|message| message["speaker"] == "Dana Keller"));
    let (code, _, err) = read(folder.path(), &["no-such-file"], "").await;
    assert!(code == 2 && err.contains("no-such-file"), "{err}");
}
