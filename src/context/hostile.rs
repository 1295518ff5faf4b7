//! What reading calls, chats and notes promises for any input: no panic, passages that are the text at their spans,
//! words that stand in the content where the origin says, and linear time.

use proptest::prelude::*;

use super::Limits;
use super::origin::Origin;
use super::reading::{Reading, read};
use super::testing::source;
use crate::domain::brief::Span;
use crate::domain::event::SourceType::{self, CallNote, CallTranscript};
use crate::domain::handoff::Source;

/// Pieces of real formats; in any order they find more than random bytes do.
const PIECES: [&str; 64] = [
    "WEBVTT\n\n",
    "NOTE\n",
    "STYLE\n",
    "00:01.000 --> 00:02.000\n",
    "00:00:01,000 --> 00:00:02,000\n",
    "0:00:01.000,0:00:02.000\n",
    "00:0x.000 --> 00:02.000\n",
    "0:0:3.5 --> 0:0:6.0\n",
    "7\n",
    "id\n",
    "<v Dana Keller>",
    "</v>",
    "<v.loud Lee>yes",
    "<c.x>",
    "<00:01.500>",
    "&amp;",
    "&#x41;",
    "{\\an8}",
    ">> ",
    "- ",
    "Dana: ",
    "Dana Keller: hello there.\r\n",
    "dana keller: so we\n",
    "[Dana Keller] 11:02:09\n",
    "Dana Keller  0:32\n",
    "0:15 - Lee Ito (Us)\n",
    "[00:05] Lee: we pay 45k\n",
    "[00:00:01.000 --> 00:00:04.000]  so\n",
    "00:05:00\n",
    "Dana Keller\n0:03\n",
    "0 minutes 3 seconds\n",
    "Transcribed by https://otter.ai\n",
    "[01.05.24, 12:30:15] Dana: yes\n",
    "5/1/24, 12:30\u{202f}PM - Lee: <Media omitted>\n",
    "\u{200e}[13.05.24, 12:30] x left\n",
    "10:32:15\t From Dana to Everyone:\t",
    "Lee, [01.05.24 10:32]\n",
    "note,date,author\n",
    "\"a \"\"b\"\", c\",2026-04-01,Lee\n",
    "x,3/4/26,\n",
    "\"open,",
    "| a | b |\n|---|---|\n",
    "**Budget:** 45k\n",
    "[the offer](https://us.example)",
    "![x](",
    "# Head\n",
    "* * *\n",
    "{\"sentences\":[{\"speaker_name\":\"D\",\"text\":\"a b\"}]}",
    "[{\"type\":\"message\",\"ts\":\"1.2\",\"text\":\"<@U> <x\"}]",
    "[{\"speaker\":1,\"text\":\"a b\",\"start\":1e300}]",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\u{feff}",
    "é ",
    "山田：はい\n",
    "\u{2028}",
    "\u{a0}",
    "[",
    "<",
    "(",
    ":",
    "words and more words of it. ",
];

fn content() -> impl Strategy<Value = String> {
    let piece = prop_oneof![9 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn timed(source_type: SourceType, content: &str) -> Source {
    Source { occurred_at: Some("2026-04-30T16:00:00Z".parse().unwrap()), ..source("x", source_type, content) }
}

/// The words of a span that the origin places in the content, joined.
fn placed(reading: &Reading, content: &str, span: Span) -> String {
    reading.origin.places(span).iter().map(|place| &content[place.start..place.end]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn anything_spoken_is_read_with_its_places(content in content(), is_call in any::<bool>()) {
        let reading = read(&timed(if is_call { CallTranscript } else { CallNote }, &content), &Limits::DEFAULT);
        for passage in reading.drafts.iter().flat_map(|draft| &draft.passages) {
            prop_assert_eq!(reading.text.get(passage.span.start..passage.span.end), Some(passage.text.as_str()));
            prop_assert!(!passage.text.trim().is_empty());
            let placed = placed(&reading, &content, passage.span);
            let mut letters = passage.text.chars();
            // Every placed character stands in the passage, in this order.
            prop_assert!(placed.chars().all(|c| letters.any(|letter| letter == c)), "{:?} in {:?}", placed, passage.text);
            prop_assert!(reading.origin != Origin::Content || placed == passage.text);
        }
    }
}

#[test]
fn every_word_of_a_call_is_in_exactly_one_passage() {
    let words: Vec<String> = (0..400).map(|n| format!("word{n}")).collect();
    let cues = |cue: fn(usize, &str) -> String| {
        words.chunks(5).enumerate().map(|(n, words)| cue(n, &words.join(" "))).collect::<String>()
    };
    let files = [
        "WEBVTT\n\n".to_owned()
            + &cues(|n, text| {
                format!("{:02}:{:02}.000 --> {:02}:{:02}.900\n<v Dana>{text}</v>\n\n", n / 60, n % 60, n / 60, n % 60)
            }),
        cues(|n, text| {
            format!("{}\n00:{:02}:{:02},000 --> 00:{:02}:{:02},900\n{text}\n\n", n + 1, n / 60, n % 60, n / 60, n % 60)
        }),
        cues(|n, text| format!("[{:02}:{:02}] Speaker {}: {text}\n", n / 60, n % 60, n % 2)),
        cues(|n, text| format!("Dana Keller  {}:{:02}\n{text}\n\n", n / 60, n % 60)),
        cues(|n, text| format!("{}:{:02}\n{text}\n", n / 60, n % 60)),
        cues(|n, text| format!("[01.05.24, 12:{:02}:{:02}] Dana: {text}\n", n / 60, n % 60)),
        "note,stage\n".to_owned() + &cues(|n, text| format!("\"{text}\",{n}\n")),
    ];
    for file in files {
        let reading = read(&timed(CallTranscript, &file), &Limits::DEFAULT);
        let said: Vec<&str> =
            reading.drafts.iter().flat_map(|draft| &draft.passages).flat_map(|passage| passage.text.split_whitespace()).collect();
        let found: Vec<&str> = said.into_iter().filter(|word| word.starts_with("word")).collect();
        assert_eq!(found, words, "{}", reading.format);
    }
}

#[test]
fn hostile_calls_chats_and_tables_are_read_in_linear_time() {
    let timing = "00:01.000 --> 00:02.000\n";
    let bodies = [
        format!("WEBVTT\n\n{timing}{}", "<c> ".repeat(60_000)),
        format!("WEBVTT\n\n{timing}{}", "<".repeat(250_000)),
        format!("WEBVTT\n\n{timing}{}", "<v A>x".repeat(40_000)),
        format!("WEBVTT\n\n{timing}{}", "&amp".repeat(60_000)),
        format!("WEBVTT\n\n{}", timing.repeat(10_000)),
        format!("WEBVTT\n\n{timing}{}", "a\n".repeat(120_000)),
        format!("1\n{timing}{}", "7\n".repeat(120_000)),
        (0..20_000).map(|n| format!("Name {n}: x\n")).collect(),
        (0..9_000).map(|n| format!("name a{n}: {}\n", "x ".repeat(6))).collect(),
        "[00:01] ".repeat(30_000),
        "0:01\n".repeat(50_000),
        "Dana\n0:01\n".repeat(25_000),
        "1:".repeat(120_000),
        "[01.05.24, 12:30:15] A: x\n".repeat(9_000),
        format!("note,x\n{}", "\"".repeat(250_000)),
        format!("note,x\n{}", ",".repeat(250_000)),
        format!("note,x\n{}", "a,b\n".repeat(60_000)),
        "[a](".repeat(60_000),
        "[".repeat(250_000),
        "**".repeat(120_000),
        "| ".repeat(120_000),
        format!("[{}]", "[".repeat(100_000)),
        format!("[{}{{}}]", "{\"speaker\":1,\"text\":\"a b\"},".repeat(8_000)),
        format!("{{\"segments\":[{}{{}}]}}", "{\"start\":1,\"end\":2,\"text\":\"a\"},".repeat(8_000)),
    ];
    for (n, body) in bodies.iter().enumerate() {
        for source_type in [CallNote, CallTranscript] {
            let started = std::time::Instant::now();
            read(&timed(source_type, body), &Limits::DEFAULT);
            let took = started.elapsed();
            assert!(took.as_secs() < 3, "body {n} as {source_type:?} took {took:?}");
        }
    }
}
