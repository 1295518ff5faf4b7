//! Captions with a time: WebVTT (W3C), SRT and SBV. Cues of one speaker that follow each other become one turn.
//!
//! The readable text is made: one line per turn, `Name: text`. Cue times and markup inside of a turn would tear its
//! sentences apart, and no quote across two cues could be verbatim.

use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use super::html::decode_entities;
use super::lines::{is_complete, turn};
use super::origin::Origin;
use super::reading::{Draft, Reading};
use super::turns::inline_speaker;
use crate::domain::brief::Span;
use crate::domain::handoff::Source;

/// Reads captions.
pub(super) fn read(source: &Source, content: &str) -> Reading {
    let cues = cues(content);
    let names_are_inline = inline_names(&cues);
    let mut reading = Reading { cues: Some(cues.len()), origin: Origin::Decoded, ..Reading::default() };
    let mut turns: Vec<Turn> = Vec::new();
    for cue in &cues {
        for said in said(cue, names_are_inline) {
            match turns.last_mut() {
                Some(turn) if turn.speaker == said.speaker && !turn.is_full() => turn.add(&said.text),
                _ => turns.push(said),
            }
        }
    }
    for turn in turns {
        push(source, turn, &mut reading);
    }
    reading
}

struct Cue {
    start: SignedDuration,
    lines: Vec<String>,
}

struct Turn {
    speaker: Option<String>,
    start: SignedDuration,
    text: String,
}

/// A turn beyond this many bytes ends at the next end of a sentence, so that its time stays exact.
const LONG_TURN: usize = 500;
const LONGEST_TURN: usize = 1000;

impl Turn {
    fn is_full(&self) -> bool {
        self.text.len() >= LONGEST_TURN || self.text.len() >= LONG_TURN && is_complete(&self.text)
    }

    fn add(&mut self, text: &str) {
        self.text.push(' ');
        self.text.push_str(text);
    }
}

/// A line with `-->` begins a cue; an empty line ends it. All else (header, notes, styles, numbers) is no cue.
fn cues(content: &str) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut is_open = false;
    let mut last_line = String::new();
    for line in content.lines() {
        if let Some(start) = timing(line) {
            cues.push(Cue { start, lines: Vec::new() });
            is_open = true;
        } else if line.trim_matches('\r').is_empty() {
            is_open = false;
        } else if let Some(cue) = cues.last_mut().filter(|_| is_open) {
            // Rolling captions repeat the line before.
            let line = line.trim();
            let repeats = !line.contains("<v") && plain(line) == plain(&last_line);
            if !line.is_empty() && !repeats {
                cue.lines.push(line.to_owned());
                last_line = line.to_owned();
            }
        }
    }
    cues
}

/// Start of a cue, from its timing line.
fn timing(line: &str) -> Option<SignedDuration> {
    let (start, end) = line.split_once("-->").or_else(|| line.split_once(',').filter(|_| SBV.is_match(line)))?;
    clock(end.split_whitespace().next()?)?;
    clock(start.trim())
}

/// `[hh:]mm:ss[.,]ttt`
fn clock(text: &str) -> Option<SignedDuration> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let number = |part: &str| part.parse::<i64>().ok().filter(|_| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    let seconds = match parts.as_slice() {
        [minutes, seconds] => number(minutes)? * 60 + number(seconds)?,
        [hours, minutes, seconds] => number(hours)? * 3600 + number(minutes)? * 60 + number(seconds)?,
        _ => return None,
    };
    Some(SignedDuration::from_millis(seconds * 1000 + number(fraction.get(..3).unwrap_or(fraction))?))
}

/// Zoom puts `Name: ` before the text. It counts as a name where half of the cues have one: "Note: …" is none.
fn inline_names(cues: &[Cue]) -> bool {
    let with_text = cues.iter().filter(|cue| !cue.lines.is_empty()).count();
    let named = cues.iter().filter(|cue| cue.lines.first().is_some_and(|line| inline_speaker(&plain(line)).is_some())).count();
    named > 0 && named * 2 >= with_text
}

/// What is said in one cue: usually one turn; several where the cue has several voices.
fn said(cue: &Cue, names_are_inline: bool) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for line in &cue.lines {
        let mut rest = line.as_str();
        let lead = &rest[..VOICE.find(rest).map_or(rest.len(), |voice| voice.start())];
        say(&mut turns, cue, None, &plain(lead), names_are_inline);
        while let Some(voice) = VOICE.captures(rest) {
            let (from, name) = (voice.get_match().end(), decode_entities(voice[1].trim()));
            rest = &rest[from..];
            let text = &rest[..VOICE.find(rest).map_or(rest.len(), |next| next.start())];
            say(&mut turns, cue, Some(name).filter(|name| !name.is_empty()), &plain(text), names_are_inline);
        }
    }
    turns
}

fn say(turns: &mut Vec<Turn>, cue: &Cue, voice: Option<String>, text: &str, names_are_inline: bool) {
    let inline = if names_are_inline && voice.is_none() { inline_speaker(text) } else { None };
    let (speaker, text) = match inline {
        Some((name, from)) => (Some(name.to_owned()), text[from..].trim()),
        None => (voice, text),
    };
    match turns.last_mut() {
        _ if text.is_empty() => {}
        Some(turn) if speaker.is_none() || turn.speaker == speaker => turn.add(text),
        _ => turns.push(Turn { speaker, start: cue.start, text: text.to_owned() }),
    }
}

/// A cue's text without its markup.
fn plain(line: &str) -> String {
    let text = if line.contains('<') { TAG.replace_all(line, "") } else { line.into() };
    let text = if text.contains('&') { decode_entities(&text) } else { text.into_owned() };
    text.trim().to_owned()
}

fn push(source: &Source, said: Turn, reading: &mut Reading) {
    if let Some(name) = &said.speaker {
        reading.text.push_str(name);
        reading.text.push_str(": ");
    }
    let start = reading.text.len();
    reading.text.push_str(&said.text);
    let span = Span { start, end: reading.text.len() };
    reading.text.push('\n');
    reading.drafts.push(Draft {
        speaker: said.speaker,
        at: source.occurred_at.and_then(|call| call.checked_add(said.start).ok()),
        title: source.title.clone(),
        passages: turn(&reading.text, span),
        ..Draft::default()
    });
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static SBV: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*\d{1,2}:\d{2}:\d{2}\.\d{3},\d{1,2}:\d{2}:\d{2}\.\d{3}\s*$"));
static VOICE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?(?:[cibuv]|ruby|rt|lang|font|\d)[^<>]*>"));

#[cfg(test)]
mod tests {
    use super::{clock, read};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallTranscript;

    fn turns(content: &str) -> Vec<(Option<String>, String, String)> {
        let mut source = source("call", CallTranscript, content);
        source.occurred_at = Some("2026-04-30T16:00:00Z".parse().unwrap());
        let reading = read(&source, content);
        let texts =
            |draft: &crate::context::reading::Draft| draft.passages.iter().map(|p| p.text.clone()).collect::<Vec<_>>().join("|");
        reading.drafts.iter().map(|draft| (draft.speaker.clone(), draft.at.unwrap().to_string(), texts(draft))).collect()
    }

    fn row(speaker: &str, at: &str, text: &str) -> (Option<String>, String, String) {
        (Some(speaker.to_owned()).filter(|name| !name.is_empty()), format!("2026-04-30T16:{at}Z"), text.to_owned())
    }

    #[test]
    fn voices_become_speakers_and_cues_of_one_speaker_one_turn() {
        let content = "WEBVTT - a call\r\n\r\nNOTE\r\nnot said\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n1\r\n00:00:05.000 --> 00:00:07.000\r\n\
            <v Dana Keller>We can go to</v>\r\n\r\n2\r\n00:07.000 --> 00:09.000 align:start\r\n<v.loud Dana Keller>forty &amp; <c>no</c> more.\r\n\r\n\
            00:01:00.500 --> 00:01:02.000\r\n<v Lee>Fine.</v><v Dana Keller>Good.</v>\r\n";
        let expected = [
            row("Dana Keller", "00:05", "We can go to forty & no more."),
            row("Lee", "01:00.5", "Fine."),
            row("Dana Keller", "01:00.5", "Good."),
        ];
        assert_eq!(turns(content), expected);
        assert_eq!(read(&source("call", CallTranscript, content), content).cues, Some(3));
    }

    #[test]
    fn names_before_the_text_are_speakers_where_most_cues_have_one() {
        let zoom = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nDana Keller: Hello.\n\n2\n00:00:03.000 --> 00:00:04.000\nLee Ito: One thing: price.\n";
        assert_eq!(turns(zoom), [row("Dana Keller", "00:01", "Hello."), row("Lee Ito", "00:03", "One thing: price.")]);
        let srt = "1\n00:00:01,000 --> 00:00:02,000\nHello\nall.\n\n2\n00:00:03,500 --> 00:00:04,000\nNote: this is said.\n\n3\n00:00:05,000 --> 00:00:06,000\nBye.\n";
        assert_eq!(turns(srt), [row("", "00:01", "Hello all. Note: this is said. Bye.")]);
    }

    #[test]
    fn rolling_captions_are_read_once() {
        let content = "WEBVTT\n\n00:01.000 --> 00:02.000\n \nwe<00:01.500><c> can</c>\n\n00:02.000 --> 00:03.000\nwe can\n \n\n00:03.000 --> 00:04.000\nwe can\nstart\n";
        assert_eq!(turns(content), [row("", "00:01", "we can start")]);
    }

    #[test]
    fn times_of_all_forms_are_read() {
        assert_eq!(clock("01:02:03.004").unwrap().as_millis(), 3_723_004);
        assert_eq!(clock("02:03,5").unwrap().as_millis(), 123_005);
        assert_eq!((clock("1d:00"), clock("00"), clock("99999:00")), (None, None, None));
    }
}
