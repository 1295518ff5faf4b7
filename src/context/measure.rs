//! How reading does on published material. Needs `BATON_DATA_DIR`; prints numbers, and fails only on a panic or when a
//! share falls below what was once reached.

use std::path::PathBuf;

use base64::Engine as _;
use serde_json::Value as Json;

use super::material::Limits;
use super::reading::{Draft, DraftRole, read};
use super::testing::{gather, source};
use crate::domain::event::SourceType::{CallTranscript, EmailThread};

/// The folder with the data; without it the test says that it was not run.
fn data_dir(test: &str) -> Option<PathBuf> {
    let dir = std::env::var_os("BATON_DATA_DIR").map(PathBuf::from);
    if let (None, Some(file)) = (&dir, std::env::var_os("BATON_TEST_NOT_RUN")) {
        use std::io::Write as _;
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        writeln!(file, "{test} (BATON_DATA_DIR is not set)").unwrap();
    }
    dir
}

fn rows(dir: &std::path::Path, file: &str) -> Vec<Json> {
    let text = std::fs::read_to_string(dir.join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn own_text(drafts: &[Draft]) -> String {
    let own = drafts.iter().filter(|draft| draft.role == DraftRole::Own).flat_map(|draft| &draft.passages);
    squeezed(&own.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join(" "))
}

/// Cues and speakers of all transcripts. Every file that is not as expected is named, with the reason.
#[expect(clippy::print_stdout, reason = "its purpose is the numbers")]
fn transcripts(dir: &std::path::Path) {
    let (mut as_expected, mut expected_all, mut as_counted, mut counted_all, mut rejected) = (0, 0, 0, 0, 0);
    for row in rows(dir, "transcripts/transcripts_dev.jsonl") {
        let (id, raw) = (&row["id"], row["raw"].as_str().unwrap());
        let reading = read(&source("call", CallTranscript, raw), &Limits::DEFAULT);
        let said: Vec<&Draft> = reading.drafts.iter().filter(|draft| !draft.passages.is_empty()).collect();
        let cues = reading.cues.and_then(|cues| u64::try_from(cues).ok()).unwrap_or(0);
        if let Some(expected) = row["expected_cues"].as_u64() {
            (as_expected, expected_all) = (as_expected + u32::from(cues == expected), expected_all + 1);
            if cues != expected {
                println!("  {id}: {cues} cues, {expected} expected; read as {}", reading.format);
            }
        } else if let Some(merged) = row["expected_merged"].as_str() {
            let name = |draft: &Draft| draft.speaker.clone().unwrap_or_default();
            let text = |draft: &Draft| draft.passages.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>().join(" ");
            let turns: Vec<String> = said.iter().map(|draft| format!("[{}] {}", name(draft), text(draft))).collect();
            println!(
                "  {id}: {} turns, speakers and words as expected: {}",
                turns.len(),
                squeezed(&turns.join(" ")) == squeezed(merged)
            );
            assert_eq!(squeezed(&turns.join(" ")), squeezed(merged));
        } else if row["reference_parser_rejects"] == true {
            rejected += 1;
            println!("  {id}: the reference rejects it; {cues} cues, {} turns; read as {}", said.len(), reading.format);
        } else {
            let counted = count_as_specified(row["format"].as_str().unwrap(), raw);
            (as_counted, counted_all) = (as_counted + u32::from(cues == counted), counted_all + 1);
            if cues != counted {
                println!("  {id}: {cues} cues, {counted} by the format's rule; read as {}", reading.format);
            }
        }
    }
    println!(
        "transcripts: {as_expected} of {expected_all} with as many cues as the reference counts, {as_counted} of {counted_all} without a reference as their format says, {rejected} that the reference rejects"
    );
    assert_eq!((as_expected, as_counted), (expected_all, counted_all));
}

/// Cues by the rule of the format, told without our own reader: a line of times, and text below it where the format
/// knows no empty cues.
fn count_as_specified(format: &str, raw: &str) -> u64 {
    let times = if format == "sbv" {
        r"\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}"
    } else {
        r"(?:\d+:)?\d\d:\d\d[.,]\d{3} +--> +(?:\d+:)?\d\d:\d\d[.,]\d{3}[^\n]*"
    };
    let text_below = if format == "vtt" { "" } else { r"\n[^\n]+" };
    let cue = regex::Regex::new(&format!("(?m)^{times}{text_below}$")).unwrap();
    u64::try_from(cue.find_iter(raw).count()).unwrap()
}

#[test]
#[expect(clippy::print_stdout, reason = "its purpose is the numbers")]
fn published_material_is_read() {
    let Some(dir) = data_dir("published_material_is_read") else { return };
    let show = std::env::var_os("BATON_SHOW").is_some();

    let (mut right, mut all) = (0, 0);
    for row in rows(&dir, "email/replies_dev.jsonl") {
        let reply = own_text(&read(&source("mail", EmailThread, row["raw"].as_str().unwrap()), &Limits::DEFAULT).drafts);
        let bare = |text: &str| squeezed(&text.replace(['-', '*', '•'], " "));
        let strings = |name: &str| {
            row[name].as_array().into_iter().flatten().map(|text| squeezed(text.as_str().unwrap())).collect::<Vec<_>>()
        };
        let exact = ["expected_reply", "expected_first_fragment"].iter().find_map(|name| row[name].as_str());
        let is_right = exact.is_none_or(|expected| bare(&reply) == bare(expected))
            && strings("reply_must_contain").iter().all(|text| bare(&reply).contains(&bare(text)))
            && strings("reply_must_not_contain").iter().all(|text| !reply.contains(text));
        if show && !is_right {
            println!("--- {}\n{row:#}\n=> {reply}", row["id"]);
        }
        (right, all) = (right + usize::from(is_right), all + 1);
    }
    println!("replies: {right} of {all} exact");
    assert!(right * 100 >= all * 70);

    transcripts(&dir);

    let (mut senders, mut bodies, mut all) = (0, 0, 0);
    for row in rows(&dir, "email/raw_mail_dev.jsonl") {
        let raw = base64::engine::general_purpose::STANDARD.decode(row["raw_base64"].as_str().unwrap()).unwrap();
        let material = gather(vec![source("mail", EmailThread, raw)]);
        let reference = &row["cpython_reference"];
        let address = reference["from"].as_str().unwrap_or_default().to_lowercase();
        let found =
            material.messages.iter().any(|message| message.address.as_ref().is_some_and(|own| address.contains(own.as_str())));
        if show && !found {
            println!("--- {} from {address}: {:?}", row["id"], material.receipts);
        }
        (senders, bodies, all) = (senders + usize::from(found), bodies + usize::from(!material.messages.is_empty()), all + 1);
    }
    println!("raw mails: {senders} of {all} with the sender that CPython finds, {bodies} with text");

    for row in rows(&dir, "calls/harper_valley.jsonl") {
        let turns = row["turns"].as_array().unwrap();
        let line = |turn: &Json| {
            let seconds = turn["start_ms"].as_i64().unwrap() / 1000;
            format!(
                "[{:02}:{:02}] {}: {}\n",
                seconds / 60,
                seconds % 60,
                turn["role"].as_str().unwrap(),
                turn["asr"].as_str().unwrap()
            )
        };
        let text: String = turns.iter().map(line).collect();
        let material = gather(vec![source("call", CallTranscript, text)]);
        let passages: usize = material.messages.iter().map(|message| message.passages.len()).sum();
        println!("call: {} entries, {} turns, {passages} passages", turns.len(), material.messages.len());
        assert_eq!(passages, turns.iter().filter(|turn| !turn["asr"].as_str().unwrap().trim().is_empty()).count());
    }
}
