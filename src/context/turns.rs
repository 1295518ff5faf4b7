//! Transcripts as text, with a name before or above what was said. Spans point into the content itself.
//!
//! None of these forms is specified anywhere; the rules are ours (Zoom, Otter, Fathom and hand-written ones).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::SignedDuration;
use regex::Regex;

use super::lines::{Line, lines, paragraphs, turn};
use super::reading::{Draft, Reading};
use crate::domain::brief::Span;
use crate::domain::event::SourceType;
use crate::domain::handoff::Source;

/// Where the name and the time of a turn stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TurnStyle {
    /// `[Name] hh:mm:ss`, the text below. A clock time.
    Zoom,
    /// `Name  0:32`, the text below.
    Otter,
    /// `0:15 - Name (Company)`, the text below.
    Fathom,
    /// `[00:05] Name: text`, `Name (00:05): text` or `Name: text`.
    Label,
}

impl TurnStyle {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Zoom => "transcript (lines of [Name] hh:mm:ss)",
            Self::Otter => "transcript (lines of a name and a time)",
            Self::Fathom => "transcript (lines of a time, a dash and a name)",
            Self::Label => "transcript (lines of Name: text)",
        }
    }
}

/// Whether a text is a transcript, and in which style.
pub(super) fn style_of(source_type: SourceType, text: &str) -> Option<TurnStyle> {
    let all = lines(text, 0..text.len());
    let above = [TurnStyle::Zoom, TurnStyle::Otter, TurnStyle::Fathom];
    let headed =
        above.into_iter().find(|style| all.iter().filter(|line| header(*style, line.text(text)).is_some()).take(2).count() == 2);
    headed.or_else(|| is_labelled(source_type, text, &all).then_some(TurnStyle::Label))
}

/// Notes have labels too (`Budget: 45k`). Names are told from them by coming back, by a time, or by the source being a call.
fn is_labelled(source_type: SourceType, text: &str, all: &[Line]) -> bool {
    let mut times_seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut filled, mut timed, mut inline) = (0, 0, 0);
    for line in all.iter().filter(|line| !line.is_blank(text)) {
        filled += 1;
        if let Some(found) = header(TurnStyle::Label, line.text(text)) {
            inline += 1;
            timed += usize::from(found.offset.is_some());
            *times_seen.entry(found.name.to_lowercase()).or_default() += 1;
        }
    }
    let come_back = times_seen.values().filter(|times| **times > 1).count();
    let is_dense = inline >= 2 && inline * 3 >= filled;
    match source_type {
        SourceType::CallTranscript => inline >= 1 && (is_dense || timed > 0 || come_back > 0),
        SourceType::CallNote => is_dense && (timed * 2 >= inline || come_back >= 2 && times_seen.len() * 2 <= inline),
        SourceType::EmailThread | SourceType::CrmSnapshot => false,
    }
}

/// Reads a transcript.
pub(super) fn read(source: &Source, content: &str, style: TurnStyle) -> Reading {
    let all = lines(content, 0..content.len());
    let mut reading = Reading { text: content.to_owned(), ..Reading::default() };
    let mut clock = Clock::default();
    let mut open = Open::default();
    for line in &all {
        match header(style, line.text(content)) {
            Some(found) => {
                open.close(source, content, &mut reading);
                open.speaker = Some(found.name.to_owned());
                open.offset = clock.since_start(style, found.offset);
                open.extend(Line { start: line.start + found.text_from, ..*line }, content);
            }
            None if style == TurnStyle::Label && open.ends_before(*line, content) => {
                open.close(source, content, &mut reading);
                open = Open::default();
                open.extend(*line, content);
            }
            None if line.text(content).starts_with("Transcribed by https://otter.ai") => {}
            None => open.extend(*line, content),
        }
    }
    open.close(source, content, &mut reading);
    reading
}

/// The turn being read.
#[derive(Default)]
struct Open {
    speaker: Option<String>,
    offset: Option<SignedDuration>,
    lines: Vec<Line>,
}

impl Open {
    fn extend(&mut self, line: Line, content: &str) {
        if !(line.is_blank(content) && self.lines.is_empty()) {
            self.lines.push(line);
        }
    }

    /// A heading or bullet after a blank line is no longer what the speaker said.
    fn ends_before(&self, line: Line, content: &str) -> bool {
        let after_blank = self.lines.last().is_some_and(|last| last.is_blank(content));
        self.speaker.is_some() && after_blank && line.text(content).trim_start().starts_with(['#', '-', '*', '•'])
    }

    fn close(&mut self, source: &Source, content: &str, reading: &mut Reading) {
        let lines = std::mem::take(&mut self.lines);
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let passages = match self.speaker {
            Some(_) => turn(content, Span { start: first.start, end: last.end }),
            None => paragraphs(content, &lines),
        };
        let at = source.occurred_at.map(|call| self.offset.and_then(|offset| call.checked_add(offset).ok()).unwrap_or(call));
        match reading.drafts.last_mut() {
            _ if passages.is_empty() => {}
            // Tools cut what one person says into several entries.
            Some(before) if self.speaker.is_some() && before.speaker == self.speaker => before.passages.extend(passages),
            _ => reading.drafts.push(Draft {
                speaker: self.speaker.clone(),
                at,
                title: source.title.clone(),
                passages,
                ..Draft::default()
            }),
        }
    }
}

/// Turns times of a transcript into times since its start. A transcript that begins hours after 0:00 shows the clock.
#[derive(Default)]
struct Clock {
    start: Option<SignedDuration>,
    last: SignedDuration,
}

const BEGINS_WITHIN: SignedDuration = SignedDuration::from_hours(4);

impl Clock {
    fn since_start(&mut self, style: TurnStyle, shown: Option<SignedDuration>) -> Option<SignedDuration> {
        if let Some(shown) = shown {
            let shows_clock = style == TurnStyle::Zoom || shown > BEGINS_WITHIN;
            let start = *self.start.get_or_insert(if shows_clock { shown } else { SignedDuration::ZERO });
            let since = shown - start;
            // Past midnight the clock starts again; otherwise time never runs backwards.
            let since = if since < SignedDuration::ZERO { since + SignedDuration::from_hours(24) } else { since };
            if since < SignedDuration::from_hours(16) {
                self.last = self.last.max(since);
            }
        }
        self.start.map(|_| self.last)
    }
}

struct Header<'a> {
    name: &'a str,
    offset: Option<SignedDuration>,
    /// Where the text begins on the line.
    text_from: usize,
}

fn header(style: TurnStyle, line: &str) -> Option<Header<'_>> {
    if line.len() > 4096 && style != TurnStyle::Label {
        return None;
    }
    let head = line.get(..line.len().min(200)).or_else(|| line.get(..line.floor_char_boundary(200)))?;
    let above = |pattern: &Regex| {
        let found = pattern.captures(head)?;
        let name = found.name("name")?.as_str().trim();
        is_name(name).then_some(())?;
        Some(Header { name, offset: offset(found.name("time")?.as_str()), text_from: line.len() })
    };
    match style {
        TurnStyle::Zoom => above(&ZOOM),
        TurnStyle::Otter => above(&OTTER),
        TurnStyle::Fathom => above(&FATHOM),
        TurnStyle::Label => labelled(head),
    }
}

fn labelled(head: &str) -> Option<Header<'_>> {
    let lead = LEAD_TIME.captures(head);
    let from = lead.as_ref().map_or(0, |found| found.get_match().end());
    let lead_time = lead.and_then(|found| offset(found.get(1)?.as_str()));
    let (name, text_from) = inline_speaker(&head[from..])?;
    let (name, own_time) = match NAME_TIME.captures(name) {
        Some(found) => (name[..found.get_match().start()].trim(), offset(found.get(1)?.as_str())),
        None => (name, None),
    };
    is_name(name).then_some(Header { name, offset: lead_time.or(own_time), text_from: from + text_from })
}

/// The name before a colon, and where the text after it begins.
pub(super) fn inline_speaker(text: &str) -> Option<(&str, usize)> {
    let lead = text.len() - text.trim_start_matches([' ', '\t', '*', '>', '\u{feff}']).len();
    let stop = text.floor_char_boundary(text.len().min(lead + 64));
    let colon = colon_after_name(&text[lead..stop])? + lead;
    let after = &text[colon + 1..];
    let is_speech = after.is_empty() || after.starts_with([' ', '\t', '*', '\u{a0}']);
    let name = text[lead..colon].trim_matches(['*', ' ', '\t', '_']);
    let bare = NAME_TIME.find(name).map_or(name, |time| name[..time.start()].trim());
    let markers = after.len() - after.trim_start_matches(['*', '_']).len();
    (is_speech && is_name(bare)).then_some((name, colon + 1 + markers))
}

/// The colon that ends the name: not one within a time such as `(00:05)`.
fn colon_after_name(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    text.match_indices(':').map(|(at, _)| at).find(|at| !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))))
}

/// Whether a label can be a person: up to five words, all but particles with a capital or a digit, and no usual label of notes.
pub(super) fn is_name(label: &str) -> bool {
    let bare = label.split('(').next().unwrap_or_default().trim();
    let words: Vec<&str> = bare.split_whitespace().collect();
    let is_particle = |word: &str| PARTICLES.contains(&word.to_lowercase().as_str());
    let is_cased = |word: &&str| {
        let first = word.trim_start_matches(['"', '\'', '(', '#']).chars().next();
        first.is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase()) || is_particle(word)
    };
    let is_single_lower = words.len() == 1 && bare.chars().all(|c| c.is_lowercase()) && bare.chars().count() <= 12;
    (1..=5).contains(&words.len())
        && label.chars().count() <= 48
        && bare.chars().any(char::is_alphabetic)
        && !bare.contains(['@', '/', '\\', '?', '!', ';', '=', '<', '>', '|', '"'])
        && (words.iter().all(is_cased) || is_single_lower)
        && !NOT_NAMES.contains(&bare.to_lowercase().as_str())
}

const PARTICLES: [&str; 16] =
    ["de", "da", "di", "van", "von", "der", "den", "del", "la", "le", "el", "bin", "al", "und", "and", "of"];
const NOT_NAMES: [&str; 42] = [
    "note",
    "notes",
    "nb",
    "ps",
    "re",
    "fw",
    "fwd",
    "cc",
    "subject",
    "from",
    "to",
    "date",
    "sent",
    "http",
    "https",
    "budget",
    "timeline",
    "decision",
    "decisions",
    "action",
    "actions",
    "action items",
    "attendees",
    "participants",
    "agenda",
    "summary",
    "topic",
    "topics",
    "todo",
    "next steps",
    "risks",
    "goals",
    "question",
    "questions",
    "answer",
    "example",
    "important",
    "update",
    "duration",
    "time",
    "location",
    "owner",
];

/// `[h:]mm:ss`
fn offset(text: &str) -> Option<SignedDuration> {
    let mut seconds: i64 = 0;
    for part in text.split(':') {
        seconds = seconds * 60 + part.split('.').next()?.parse::<i64>().ok()?;
    }
    Some(SignedDuration::from_secs(seconds))
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static ZOOM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*\[(?P<name>[^\]\d][^\]]{0,60})\]\s+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*$"));
static OTTER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?P<name>\S[^:]{0,60}?)(?:\s{2,}|\t)(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*$"));
static FATHOM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s+[-–]\s+(?P<name>[^:]{1,80}?)\s*$"));
static LEAD_TIME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*[\[(]?(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d{1,3})?[\])]?(?:\s*[-–]\s*|\s+)"));
static NAME_TIME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[\[(](\d{1,2}:\d{2}(?::\d{2})?)[\])]\s*$"));

#[cfg(test)]
mod tests {
    use super::{TurnStyle, is_name, read, style_of};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::{CallNote, CallTranscript};

    fn turns(content: &str) -> Vec<String> {
        let style = style_of(CallTranscript, content).unwrap();
        let mut source = source("call", CallTranscript, content);
        source.occurred_at = Some("2026-04-30T16:00:00Z".parse().unwrap());
        let reading = read(&source, content, style);
        let said = reading.drafts.iter().map(|draft| {
            let texts: Vec<&str> = draft.passages.iter().map(|passage| passage.text.as_str()).collect();
            format!("{} {}: {}", &draft.at.unwrap().to_string()[14..19], draft.speaker.as_deref().unwrap_or("-"), texts.join("|"))
        });
        said.collect()
    }

    #[test]
    fn labelled_turns_with_and_without_times_are_read() {
        assert_eq!(
            turns(
                "Call with Northwind\n\n[00:05] Dana Keller: We need it\nby May: at the latest.\n[00:31] Lee: Fine.\r\nDana Keller: Good.\n\n- next: send it\n"
            ),
            [
                "00:00 -: Call with Northwind",
                "00:05 Dana Keller: We need it\nby May: at the latest.",
                "00:31 Lee: Fine.",
                "00:31 Dana Keller: Good.",
                "00:00 -: next: send it"
            ]
        );
        assert_eq!(
            turns("**Dana:** Hello.\nLee (00:12): Hi.\nDana: So."),
            ["00:00 Dana: Hello.", "00:12 Lee: Hi.", "00:12 Dana: So."]
        );
    }

    #[test]
    fn zoom_otter_and_fathom_are_read() {
        assert_eq!(
            turns("[Dana Keller] 11:02:09\nHow are you?\n\n[Lee Ito] 11:02:11\nGood.\n\n[Lee Ito] 11:02:20\nYou?\n"),
            ["00:00 Dana Keller: How are you?", "00:02 Lee Ito: Good.|You?"]
        );
        assert_eq!(
            turns("Dana Keller  0:32\nHow are you?\n\nLee Ito  1:02:03\nGood.\n\nTranscribed by https://otter.ai\n"),
            ["00:32 Dana Keller: How are you?", "02:03 Lee Ito: Good."]
        );
        assert_eq!(
            turns("0:15 - Dana Keller (Northwind)\nHi.\n\n0:17 - Lee\nHo.\n"),
            ["00:15 Dana Keller (Northwind): Hi.", "00:17 Lee: Ho."]
        );
    }

    #[test]
    fn labels_of_a_note_are_not_speakers() {
        let note = "Budget: 45k\nTimeline: May\nDecision maker: Pat\nCompetitor: Acme\n";
        assert_eq!(style_of(CallNote, note), None);
        let dialogue = "Dana: When?\nLee: May.\nDana: Good.\nLee: Yes.\n";
        assert_eq!(style_of(CallNote, dialogue), Some(TurnStyle::Label));
    }

    #[test]
    fn a_name_is_told_from_other_labels() {
        for name in
            ["Dana", "Dana Keller", "Ludwig van Beethoven", "Speaker 1", "dana", "José Núñez", "Dana (Northwind)", "SDR", "山田"]
        {
            assert!(is_name(name), "{name}");
        }
        for label in ["One thing", "https", "Next steps", "a@b", "", "12", "What I said to them was", "Budget"] {
            assert!(!is_name(label), "{label}");
        }
    }
}
