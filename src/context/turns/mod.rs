//! Transcripts as text, with a name before or above what was said. Spans point into the content itself.
//!
//! None of these forms is specified anywhere; the rules are ours. The forms were met in texts of Zoom, Otter, Fathom,
//! Teams, Google Meet, Gong, Grain, Rev, Descript, Fireflies and Whisper, and in ones that people wrote.

mod heading;
mod labels;
mod names;
mod times;

use jiff::{SignedDuration, Timestamp};

use self::heading::{Heading, Shape, heading, lone_name};
use self::labels::Labels;
use self::names::has_note_label;
pub(super) use self::names::{bracketed_speaker, inline_speaker, is_name};
use self::times::Shown;
pub(super) use self::times::half_of_day;
use super::dialogue::{Dialogue, Voice};
use super::lines::{Line, lines, paragraphs, trimmed, turn};
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
    NameTime,
    /// `0:15 - Name (Company)`, the text below.
    TimeName,
    /// `Name`, `0:15` on a line of its own, the text below.
    NameAboveTime,
    /// `0:15 - 0:20`, `Name` on a line of its own, the text below.
    TimeAboveName,
    /// `[00:05] Name: text`, `Name (00:05): text` or `Name: text`.
    Label,
    /// `[00:05] text`, or the text below `0:05`: nobody is named.
    Stamp,
}

impl TurnStyle {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Zoom => "transcript (lines of [Name] hh:mm:ss)",
            Self::NameTime => "transcript (lines of a name and a time)",
            Self::TimeName => "transcript (lines of a time, a dash and a name)",
            Self::NameAboveTime => "transcript (lines of a name above lines of a time)",
            Self::TimeAboveName => "transcript (lines of a time above lines of a name)",
            Self::Label => "transcript (lines of Name: text)",
            Self::Stamp => "transcript (lines of a time and text, without names)",
        }
    }
}

/// How much of a text is looked at to tell its style.
const SAMPLE_BYTES: usize = 128 << 10;

/// How often each shape of line is there.
#[derive(Default)]
struct Counts {
    filled: usize,
    zoom: usize,
    name_time: usize,
    time_name: usize,
    name_above_time: usize,
    time_above_name: usize,
    stamps: usize,
    lone_times: usize,
}

/// Whether a text is a transcript, and in which style.
pub(super) fn style_of(source_type: SourceType, text: &str) -> Option<TurnStyle> {
    let sample = &text[..text.floor_char_boundary(text.len().min(SAMPLE_BYTES))];
    let all = lines(sample, 0..sample.len());
    let mut counts = Counts::default();
    let mut labels = Labels::default();
    let mut before = "";
    for line in &all {
        let line = line.text(sample);
        if line.trim_start().is_empty() {
            continue;
        }
        counts.filled += 1;
        let found = heading(line);
        if let Some(found) = &found {
            counts.add(found.shape, before);
            labels.add(found);
        }
        let is_below_time = shape_of(before) == Some(Shape::Time) && lone_name(line).is_some();
        counts.time_above_name += usize::from(is_below_time);
        before = line;
    }
    counts.style(source_type, &labels)
}

impl Counts {
    fn add(&mut self, shape: Shape, before: &str) {
        match shape {
            Shape::BracketedName => self.zoom += 1,
            Shape::NameTime => self.name_time += 1,
            Shape::TimeName => self.time_name += 1,
            Shape::Stamp => self.stamps += 1,
            Shape::Time => {
                self.lone_times += 1;
                self.name_above_time += usize::from(lone_name(before).is_some());
            }
            Shape::Label | Shape::LowerLabel => {}
        }
    }

    fn style(&self, source_type: SourceType, labels: &Labels) -> Option<TurnStyle> {
        // A heading needs text below it: a list of appointments has none.
        let has_text = |headings: usize| headings * 3 <= self.filled * 2;
        let headed = [
            (self.name_time, TurnStyle::NameTime, 1),
            (self.time_name, TurnStyle::TimeName, 1),
            (self.name_above_time, TurnStyle::NameAboveTime, 2),
            (self.time_above_name, TurnStyle::TimeAboveName, 2),
        ];
        let (headings, style, lines) = headed.into_iter().max_by_key(|(headings, _, _)| *headings)?;
        match () {
            () if self.zoom >= 2 => Some(TurnStyle::Zoom),
            () if headings >= 2 && headings >= labels.inline().max(self.stamps) && has_text(headings * lines) => Some(style),
            () if labels.are_speakers(source_type, self.filled) => Some(TurnStyle::Label),
            () if self.stamps >= 2 && self.stamps * 2 >= self.filled => Some(TurnStyle::Stamp),
            () if self.lone_times >= 3 && self.lone_times * 3 >= self.filled && has_text(self.lone_times) => {
                Some(TurnStyle::Stamp)
            }
            () => None,
        }
    }
}

/// Reads a transcript.
pub(super) fn read(source: &Source, content: &str, style: TurnStyle) -> Reading {
    let mut reading = match style {
        TurnStyle::Stamp => return read_stamps(source, content),
        _ => Reading { text: content.to_owned(), ..Reading::default() },
    };
    let all = lines(content, 0..content.len());
    let labels = if style == TurnStyle::Label { Labels::learn(content, &all) } else { Labels::default() };
    let mut clock = Clock::new(source.source_type);
    let mut open = Open::default();
    let (mut n, mut tool_lines) = (0, 0);
    while let Some(line) = all.get(n) {
        let text = line.text(content);
        n += 1;
        if let Some(found) = begins_turn(style, &labels, text, all.get(n).map_or("", |next| next.text(content))) {
            open.close(source, content, &mut reading);
            open.speaker = Some(found.name.to_owned());
            open.offset = clock.since_start(style, found.shown);
            open.extend(Line { start: line.start + found.text_from, ..*line }, content);
            if style == TurnStyle::TimeAboveName {
                n += 1;
            }
            if style == TurnStyle::NameAboveTime {
                n += all[n..].iter().take(2).take_while(|line| shape_of(line.text(content)) == Some(Shape::Time)).count();
            }
        } else if is_tool_line(text) {
            open.close(source, content, &mut reading);
            tool_lines += 1;
        } else if style == TurnStyle::Label && shape_of(text) == Some(Shape::Time) {
            open.close(source, content, &mut reading);
            clock.since_start(style, heading(text).and_then(|found| found.shown));
        } else {
            if style == TurnStyle::Label && open.ends_before(*line, content) {
                open.close(source, content, &mut reading);
                open = Open::default();
            }
            open.extend(*line, content);
        }
    }
    open.close(source, content, &mut reading);
    reading.left_out.extend(tool_lines_left_out(tool_lines));
    reading
}

fn shape_of(line: &str) -> Option<Shape> {
    heading(line).map(|found| found.shape)
}

/// The turn that a line begins, in a transcript of one style.
fn begins_turn<'a>(style: TurnStyle, labels: &Labels, line: &'a str, next: &'a str) -> Option<Heading<'a>> {
    if style == TurnStyle::NameAboveTime {
        let name = lone_name(line)?;
        let time = heading(next).filter(|found| found.shape == Shape::Time)?;
        return Some(Heading { name, text_from: line.len(), ..time });
    }
    let found = heading(line)?;
    if style == TurnStyle::TimeAboveName {
        return lone_name(next).filter(|_| found.shape == Shape::Time).map(|name| Heading { name, ..found });
    }
    let is_turn = match style {
        TurnStyle::Zoom => found.shape == Shape::BracketedName,
        TurnStyle::NameTime => found.shape == Shape::NameTime,
        TurnStyle::TimeName => found.shape == Shape::TimeName,
        TurnStyle::Label => labels.is_speaker(&found),
        TurnStyle::NameAboveTime | TurnStyle::TimeAboveName | TurnStyle::Stamp => false,
    };
    is_turn.then_some(found)
}

/// Lines that tools add to a transcript.
fn is_tool_line(line: &str) -> bool {
    const BEGIN: [&str; 6] = [
        "Transcribed by https://",
        "Transcription ended after",
        "Meeting ended after",
        "This editable transcript was computer generated",
        "VIEW RECORDING - ",
        "This transcript was generated by",
    ];
    const END: [&str; 2] = ["started transcription", "stopped transcription"];
    let line = line.trim();
    line.len() <= 200 && (BEGIN.iter().any(|begin| line.starts_with(begin)) || END.iter().any(|end| line.ends_with(end)))
}

fn tool_lines_left_out(lines: usize) -> Option<String> {
    (lines > 0).then(|| format!("{lines} × line that a transcription tool added"))
}

/// Text with times but without names. It is put together: the times would stand in the middle of sentences.
fn read_stamps(source: &Source, content: &str) -> Reading {
    let mut dialogue = Dialogue::default();
    let mut at = source.occurred_at;
    let mut clock = Clock::new(source.source_type);
    let mut tool_lines = 0;
    for line in lines(content, 0..content.len()) {
        let text = line.text(content);
        let (shown, from) = match heading(text) {
            Some(Heading { shape: Shape::Stamp | Shape::Time, shown, text_from, .. }) => (shown, text_from),
            // A word that could be a name is none here.
            Some(Heading { shape: Shape::TimeName | Shape::Label, shown: Some(shown), name, .. }) => {
                (Some(shown), text.find(name).unwrap_or(0))
            }
            _ => (None, 0),
        };
        if shown.is_some() {
            at = time_of(source, clock.since_start(TurnStyle::Stamp, shown));
        }
        let words = trimmed(content, Span { start: line.start + from, end: line.end });
        match is_tool_line(text) {
            true => tool_lines += 1,
            false if words.start < words.end => dialogue.say(&Voice::default(), at, |made| made.copy(content, words)),
            false => {}
        }
    }
    let mut reading = dialogue.finish(source);
    reading.left_out.extend(tool_lines_left_out(tool_lines));
    reading
}

fn time_of(source: &Source, offset: Option<SignedDuration>) -> Option<Timestamp> {
    source.occurred_at.map(|call| offset.and_then(|offset| call.checked_add(offset).ok()).unwrap_or(call))
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
        if !(self.lines.is_empty() && line.is_blank(content)) {
            self.lines.push(line);
        }
    }

    /// A heading or bullet after a blank line is no longer what the speaker said.
    fn ends_before(&self, line: Line, content: &str) -> bool {
        let after_blank = self.lines.last().is_some_and(|last| last.is_blank(content));
        let text = line.text(content);
        let begins_note = || text.trim_start().starts_with(['#', '-', '*', '•']) || has_note_label(text);
        self.speaker.is_some() && after_blank && begins_note()
    }

    /// Ends the passage. The speaker goes on if nobody else begins.
    fn close(&mut self, source: &Source, content: &str, reading: &mut Reading) {
        let lines = std::mem::take(&mut self.lines);
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let passages = match self.speaker {
            Some(_) => turn(content, Span { start: first.start, end: last.end }),
            None => paragraphs(content, &lines),
        };
        let at = time_of(source, self.offset);
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
struct Clock {
    /// Whether the source's time is the start of what was said.
    is_call: bool,
    start: Option<SignedDuration>,
    last: SignedDuration,
}

const BEGINS_WITHIN: SignedDuration = SignedDuration::from_hours(4);

impl Clock {
    fn new(source_type: SourceType) -> Self {
        Self { is_call: source_type == SourceType::CallTranscript, start: None, last: SignedDuration::ZERO }
    }

    fn since_start(&mut self, style: TurnStyle, shown: Option<Shown>) -> Option<SignedDuration> {
        if let Some(Shown { time, is_of_day }) = shown {
            let shows_clock = is_of_day || style == TurnStyle::Zoom || time > BEGINS_WITHIN;
            // A chat that was pasted into a note says when it was, but not on which day.
            if is_of_day && !self.is_call {
                return None;
            }
            let start = *self.start.get_or_insert(if shows_clock { time } else { SignedDuration::ZERO });
            let since = time - start;
            // Past midnight the clock starts again; otherwise time never runs backwards.
            let since = if since < SignedDuration::ZERO { since + SignedDuration::from_hours(24) } else { since };
            if since < SignedDuration::from_hours(16) {
                self.last = self.last.max(since);
            }
        }
        self.start.map(|_| self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::{TurnStyle, read, style_of};
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
    fn headings_of_many_tools_are_read() {
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
        assert_eq!(
            turns("0:15 | Dana\nHi.\n\n0:17 | Lee\nHo: that\nis it.\n"),
            ["00:15 Dana: Hi.", "00:17 Lee: Ho: that\nis it."]
        );
        assert_eq!(turns("Dana Keller: (00:15)\nHi.\n\nLee: (00:17)\nHo.\n"), ["00:15 Dana Keller: Hi.", "00:17 Lee: Ho."]);
        assert_eq!(
            turns("Dana Keller started transcription\n\nDana Keller   0:03\nHi.\n\nLee Ito   0:09\nHo.\n"),
            ["00:03 Dana Keller: Hi.", "00:09 Lee Ito: Ho."]
        );
    }

    #[test]
    fn a_name_above_its_time_is_read() {
        let teams =
            "Dana Keller\n0 minutes 3 seconds\n0:03\nHi there.\n\nLee Ito\n0:09\nHo.\nAnd more.\nDana Keller\n0:12\nBye.\n";
        assert_eq!(turns(teams), ["00:03 Dana Keller: Hi there.", "00:09 Lee Ito: Ho.\nAnd more.", "00:12 Dana Keller: Bye."]);
    }

    #[test]
    fn a_time_above_its_name_is_read() {
        let read_ai =
            "0:00 - 0:07\nDana Keller\nHello. We need SSO.\n\n0:07 - 0:12\nLee Ito\nBy when?\n\n0:12 - 0:20\nDana Keller\nMay.\n";
        assert_eq!(
            turns(read_ai),
            ["00:00 Dana Keller: Hello. We need SSO.", "00:07 Lee Ito: By when?", "00:12 Dana Keller: May."]
        );
    }

    #[test]
    fn what_stands_above_and_below_a_dialogue_is_nobodys() {
        let note = "Call 30 Apr\n\nDana: we need SSO\nMe: by when?\nDana: May\nMe: ok\n\nNext steps:\n- send offer\n";
        let expected = ["Call 30 Apr", "we need SSO", "by when?", "May", "ok", "Next steps:|send offer"];
        let texts: Vec<String> = turns(note).iter().map(|turn| turn.split_once(": ").unwrap().1.to_owned()).collect();
        assert_eq!(texts, expected);
        let otter = "Northwind demo\nThu, Apr 30, 2026 4:00PM • 32:10\n\nDana Keller  00:05\nOur budget is 45k.\n\nLee Ito  00:10\nGreat.\n";
        assert_eq!(turns(otter)[1..], ["00:05 Dana Keller: Our budget is 45k.", "00:10 Lee Ito: Great."]);
    }

    #[test]
    fn messages_copied_from_teams_are_read() {
        let teams = "[Yesterday 10:32 AM] Dana Keller\nWe need SSO.\n\n[4/30 10:35 AM] Lee Ito\nNoted.\n";
        assert_eq!(turns(teams), ["00:00 Dana Keller: We need SSO.", "03:00 Lee Ito: Noted."]);
    }

    #[test]
    fn a_document_of_google_meet_is_read() {
        let meet = "Northwind sync (2026-04-30)\nAttendees\nDana Keller, Lee Ito\n\nTranscript\n\n00:00:00\n\nDana Keller: Hello.\nLee Ito: Hi.\n\n00:05:00\n\nDana Keller: We need SSO.\nLee Ito: Noted.\n\nTranscription ended after 00:06:10\n";
        let expected = [
            "00:00 -: Northwind sync (2026-04-30)\nAttendees\nDana Keller, Lee Ito|Transcript",
            "00:00 Dana Keller: Hello.",
            "00:00 Lee Ito: Hi.",
            "05:00 Dana Keller: We need SSO.",
            "05:00 Lee Ito: Noted.",
        ];
        assert_eq!(turns(meet), expected);
        let reading = read(&source("call", CallTranscript, meet), meet, TurnStyle::Label);
        assert_eq!(reading.left_out, ["1 × line that a transcription tool added"]);
    }

    #[test]
    fn what_a_recogniser_wrote_without_names_or_capitals_is_read() {
        assert_eq!(
            turns("[00:00:01.000 --> 00:00:04.000]  so we need it\n[00:00:04.000 --> 00:00:09.000]  by may at the latest\n"),
            ["00:01 -: so we need it by may at the latest"]
        );
        assert_eq!(
            turns("0:01\nso we need it\n0:04\nby may\n0:09\nat the latest\n"),
            ["00:01 -: so we need it by may at the latest"]
        );
        let lower = "dana keller: we need it\nlee ito: so when\ndana keller: the thing is: by may\nlee ito: ok\ndana keller: good\nlee ito: bye\n";
        assert_eq!(
            turns(lower),
            [
                "dana keller: we need it",
                "lee ito: so when",
                "dana keller: the thing is: by may",
                "lee ito: ok",
                "dana keller: good",
                "lee ito: bye"
            ]
            .map(|turn| format!("00:00 {turn}"))
        );
    }

    #[test]
    fn a_label_without_a_time_is_said_by_whoever_speaks() {
        assert_eq!(
            turns("[00:05] Dana: Three things.\nPrice: too high.\nSupport: fine.\n[00:31] Lee: Ok.\nDana: Good.\n"),
            ["00:05 Dana: Three things.\nPrice: too high.\nSupport: fine.", "00:31 Lee: Ok.", "00:31 Dana: Good."]
        );
    }

    #[test]
    fn labels_of_a_note_are_not_speakers() {
        let notes = [
            "Budget: 45k\nTimeline: May\nDecision maker: Pat\nCompetitor: Acme\n",
            "Pain: spreadsheets\nPain: no audit log\nNeed: SSO\nNeed: SCIM\n",
            "Monday 10:30\nTuesday 11:00\nKickoff 12:00\n",
            "Call at 10:30\nBudget 45k\nWe talk again at 11:00\n",
        ];
        for note in notes {
            assert_eq!(style_of(CallNote, note), None, "{note}");
        }
        let dialogue = "Dana: When?\nLee: May.\nDana: Good.\nLee: Yes.\n";
        assert_eq!(style_of(CallNote, dialogue), Some(TurnStyle::Label));
    }

    #[test]
    fn the_clock_of_a_chat_in_a_note_is_no_offset() {
        let chat = "Dana Keller  10:32 AM\nHi.\n\nLee Ito  10:35 AM\nHo.\n";
        let mut note = source("note", CallNote, chat);
        note.occurred_at = Some("2026-04-30T16:00:00Z".parse().unwrap());
        let reading = read(&note, chat, style_of(CallNote, chat).unwrap());
        assert!(reading.drafts.len() == 2 && reading.drafts.iter().all(|draft| draft.at == note.occurred_at));
    }
}
