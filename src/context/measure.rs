//! How reading does on published material. Needs `BATON_DATA_DIR`; prints numbers, and fails only on a panic or when a
//! share falls below what was once reached.

use std::path::PathBuf;

use base64::Engine as _;
use serde_json::Value as Json;

use super::material::Limits;
use super::reading::{Draft, DraftRole, read, readable};
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

fn own_text(drafts: &[Draft]) -> String {
    let own = drafts.iter().filter(|draft| draft.role == DraftRole::Own).flat_map(|draft| &draft.passages);
    squeezed(&own.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join(" "))
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

    let (mut right, mut all) = (0, 0);
    for row in rows(&dir, "transcripts/transcripts_dev.jsonl") {
        let raw = row["raw"].as_str().unwrap();
        let reading = read(&source("call", CallTranscript, raw), &Limits::DEFAULT);
        let Some(expected) = row["expected_cues"].as_u64().and_then(|cues| usize::try_from(cues).ok()) else { continue };
        let cues = reading.cues.unwrap_or(0);
        if show && cues != expected {
            println!("--- {}: {cues} cues, {expected} expected; {}", row["id"], reading.format);
        }
        (right, all) = (right + usize::from(cues == expected), all + 1);
    }
    println!("transcripts: {right} of {all} with as many cues as expected");
    assert!(right * 100 >= all * 80);

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
