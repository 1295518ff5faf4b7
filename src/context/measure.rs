//! How reading does on published material. Needs `BATON_DATA_DIR`; prints numbers, and fails only on a panic or when a
//! share falls below what was once reached.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use base64::Engine as _;
use serde_json::Value as Json;

use super::material::Limits;
use super::reading::{Draft, read, readable};
use super::testing::{gather, source};
use crate::domain::event::SourceType::{CallTranscript, EmailThread};
use crate::domain::handoff::Source;

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

/// What the sender of a mail wrote: the pieces that `baton read --as email` prints, with single spaces.
fn reply(raw: &str) -> String {
    let readable = readable(&source("mail", EmailThread, raw), &Limits::DEFAULT);
    squeezed(&readable.reply.iter().map(|span| &readable.text[span.start..span.end]).collect::<Vec<_>>().join("\n"))
}

/// A row is right if its reply is exactly the expected one, if it contains what it must, and if it was read in time.
fn is_right(row: &Json, reply: &str, seconds: f64) -> bool {
    let strings =
        |name: &str| row[name].as_array().into_iter().flatten().map(|text| squeezed(text.as_str().unwrap())).collect::<Vec<_>>();
    let expected = ["expected_reply", "expected_first_fragment"].iter().find_map(|name| row[name].as_str());
    expected.is_none_or(|expected| squeezed(reply) == squeezed(expected))
        && strings("reply_must_contain").iter().all(|text| reply.contains(text))
        && strings("reply_must_not_contain").iter().all(|text| !reply.contains(text))
        && row["max_seconds"].as_f64().is_none_or(|most| seconds <= most)
}

#[expect(clippy::print_stdout, reason = "its purpose is the numbers")]
fn replies(dir: &std::path::Path, show: bool) {
    let kinds = ["expected_reply", "expected_first_fragment", "expected_signature", "reply_must_contain", "max_seconds"];
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in rows(dir, "email/replies_dev.jsonl") {
        let started = Instant::now();
        let reply = reply(row["raw"].as_str().unwrap());
        let is_right = is_right(&row, &reply, started.elapsed().as_secs_f64());
        if show && !is_right {
            println!("--- {}\n{row:#}\n=> {reply}", row["id"]);
        }
        let kind = kinds.into_iter().find(|kind| !row[*kind].is_null()).unwrap_or("other");
        let count = counts.entry(kind).or_default();
        (count.0, count.1) = (count.0 + usize::from(is_right), count.1 + 1);
    }
    for (kind, (right, all)) in &counts {
        println!("replies, {kind}: {right} of {all}");
    }
    let (right, all) = counts.values().fold((0, 0), |(right, all), count| (right + count.0, all + count.1));
    println!("replies: {right} of {all} exact");
    assert!(right * 100 >= all * 95);
}

/// How many raw mails are read as CPython reads them.
#[derive(Debug, Default)]
struct Mails {
    all: usize,
    /// The sender's address is the same, or CPython finds no sender.
    senders: usize,
    /// `From` is the same to the letter.
    writers: usize,
    /// The subject is the same after collapsing white space, or CPython finds none.
    subjects: usize,
    with_text: usize,
}

impl Mails {
    /// Compares one mail, and tells the differences.
    fn add(&mut self, source: &Source, reference: &Json) -> String {
        let text = |name: &str| reference[name].as_str().map(squeezed).filter(|text| !text.is_empty());
        let reading = readable(source, &Limits::DEFAULT);
        let head = reading.mail.unwrap_or_default();
        let (from, subject) = (head.from.as_deref().map(squeezed), head.subject.as_deref().map(squeezed));
        let address = head.address.unwrap_or_default().to_lowercase();
        let has_sender = text("from").is_none_or(|expected| !address.is_empty() && expected.to_lowercase().contains(&address));
        let has_writer = text("from").is_none() || from == text("from");
        let has_subject = text("subject").is_none() || subject == text("subject");
        let has_text = reading.reply.iter().any(|span| !reading.text[span.start..span.end].trim().is_empty());
        self.all += 1;
        self.senders += usize::from(has_sender);
        self.writers += usize::from(has_writer);
        self.subjects += usize::from(has_subject);
        self.with_text += usize::from(has_text);
        match has_sender && has_subject && has_writer && has_text {
            true => String::new(),
            false => format!(
                "{from:?} {subject:?} text: {has_text}, {:?} {:?} / {:?}",
                reading.left_out,
                text("from"),
                text("subject")
            ),
        }
    }
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

    replies(&dir, show);

    transcripts(&dir);

    let mut mails = Mails::default();
    for row in rows(&dir, "email/raw_mail_dev.jsonl") {
        let raw = base64::engine::general_purpose::STANDARD.decode(row["raw_base64"].as_str().unwrap()).unwrap();
        let told = mails.add(&source("mail", EmailThread, raw), &row["cpython_reference"]);
        if show && !told.is_empty() {
            println!("--- {} {told}", row["id"]);
        }
    }
    println!("raw mails: {mails:?}");
    assert!(mails.subjects * 100 >= mails.all * 95 && mails.senders * 100 >= mails.all * 95);

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
