//! Captions with a time: WebVTT (W3C), SubRip and SBV. Cues of one speaker that follow each other become one turn.
//!
//! The readable text is put together, one line per turn: cue times and markup inside of a turn would tear its
//! sentences apart, and no quote across two cues could be verbatim. Where the words stand as they are read, the origin
//! says where.
//!
//! `Reading.cues` counts as a strict parser of each format does, for files that are valid:
//!
//! * WebVTT: every line with `-->` begins a cue if both of its times can be read ("collect a WebVTT block" of the W3C
//!   text), whether or not text follows, and even within the text of another cue.
//! * SubRip and SBV: a cue without text is none. Both know no empty cues.
//!
//! What a strict parser throws away is read all the same, without being counted: text below a broken time or without
//! any, files without `WEBVTT`, other separators of the fraction, blank lines within the text of a SubRip cue.

mod cue;
mod phrase;
mod voices;

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use self::cue::{Cue, cues};
pub(super) use self::cue::{begins_with_cue, clock};
use self::phrase::{Phrase, Segment, segments};
use self::voices::{Names, identified, name_of};
use super::dialogue::{Dialogue, Voice};
use super::lines::Line;
use super::reading::Reading;
use crate::domain::handoff::Source;

/// A format of captions, by the rule that told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaptionRule {
    WebVtt,
    SubRip,
    Sbv,
    /// Cues as in WebVTT, whose first line is missing.
    Bare,
}

impl CaptionRule {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::WebVtt => "WebVTT (starts with WEBVTT)",
            Self::SubRip => "SRT (a cue number, then a line with -->)",
            Self::Sbv => "SBV (starts with a line of two times)",
            Self::Bare => "captions (lines of two times with --> but no WEBVTT before them)",
        }
    }

    /// Whether a cue without text counts.
    fn counts_empty_cues(self) -> bool {
        match self {
            Self::WebVtt | Self::Bare => true,
            Self::SubRip | Self::Sbv => false,
        }
    }
}

/// Reads captions.
pub(super) fn read(source: &Source, content: &str, rule: CaptionRule) -> Reading {
    let mut cues = cues(content, rule);
    let counted = cues.iter().filter(|cue| cue.start.is_some() && (cue.is_filled || rule.counts_empty_cues())).count();
    drop_repeats(&mut cues, content);
    let said: Vec<Vec<Segment>> = cues.iter().map(|cue| voiced(cue, content)).collect();
    let names = Names::learn(content, &said[..said.len().min(SAMPLE_CUES)]);
    let mut dialogue = Dialogue::default();
    let mut start = None;
    let mut last = Voice::default();
    for (cue, segments) in cues.iter().zip(said) {
        start = cue.start.or(start);
        let at = at(source, start);
        for segment in segments {
            say(&mut dialogue, content, segment, names, &mut last, at);
        }
    }
    Reading { cues: Some(counted), ..dialogue.finish(source) }
}

/// The voices of a cue, by its tags or by its identifier.
fn voiced(cue: &Cue, content: &str) -> Vec<Segment> {
    let mut found = segments(content, &cue.lines);
    let name = cue.identifier.and_then(|identifier| identified(content, identifier));
    if let (Some(name), [segment]) = (name, found.as_mut_slice()) {
        segment.voice.get_or_insert(name);
    }
    found
}

fn at(source: &Source, offset: Option<SignedDuration>) -> Option<Timestamp> {
    let call = source.occurred_at?;
    Some(offset.and_then(|offset| call.checked_add(offset).ok()).unwrap_or(call))
}

/// One voice of a cue. A line with its own name, or a dash of a dialogue, is a turn of its own.
fn say(dialogue: &mut Dialogue, content: &str, segment: Segment, names: Names, last: &mut Voice, at: Option<Timestamp>) {
    let is_voiced = segment.voice.is_some();
    if is_voiced {
        *last = Voice { name: segment.voice, ..Voice::default() };
    } else if names == Names::Voices {
        *last = Voice::default();
    }
    let has_dashes = segment.lines.len() > 1 && segment.lines.iter().all(|line| line.begins_with(content, "-"));
    for (n, mut line) in segment.lines.into_iter().enumerate() {
        if !is_voiced && let Some((name, text_from)) = name_of(names, content, &line, n) {
            line.skip(text_from);
            *last = Voice { name: Some(name), ..Voice::default() };
        }
        // Chevrons of live captions: the speaker changes, but nobody says to whom.
        if line.begins_with(content, ">>") || has_dashes {
            dialogue.pause();
            line.skip(line.plain(content).find(|c| !matches!(c, '>' | '-' | ' ')).unwrap_or(0));
        }
        line.trim(content);
        if !line.is_empty() {
            dialogue.say(last, at, |text| line.add_to(text, content));
        }
    }
}

/// Rolling captions show each line again below or above the next: it is read once. Elsewhere somebody who says the same
/// twice did say it twice, so a third of the cues must begin with what the cue before ended with.
fn drop_repeats(cues: &mut [Cue], content: &str) {
    let repeats = |cues: &[Cue]| {
        let lines: Vec<Vec<Cow<'_, str>>> = cues.iter().map(|cue| shown(cue, content)).collect();
        let filled: Vec<usize> = (0..cues.len()).filter(|n| !lines[*n].is_empty()).collect();
        let repeated: Vec<usize> = filled.windows(2).map(|pair| overlap(&lines[pair[0]], &lines[pair[1]])).collect();
        (filled, repeated)
    };
    let (_, sample) = repeats(&cues[..cues.len().min(SAMPLE_CUES)]);
    if sample.iter().filter(|lines| **lines > 0).count() * 3 < sample.len().max(1) {
        return;
    }
    let (filled, repeated) = repeats(cues);
    for (cue, lines) in filled.iter().skip(1).zip(repeated) {
        cues[*cue].lines.drain(..lines);
    }
}

/// What a reader sees of a cue, line by line. What two people say is never a repeat, so voice tags are part of it.
fn shown<'a>(cue: &Cue, content: &'a str) -> Vec<Cow<'a, str>> {
    let line = |line: &Line| match line.text(content) {
        text if text.contains("<v") || !text.contains(['<', '&', '{']) => Cow::Borrowed(text.trim()),
        _ => Cow::Owned(Phrase::of_line(content, *line).plain(content).trim().to_owned()),
    };
    cue.lines.iter().map(line).collect()
}

/// How many cues say what kind of captions these are.
const SAMPLE_CUES: usize = 2000;

/// Most lines that rolling captions show at once.
const MOST_ROLLING_LINES: usize = 4;

/// How many lines at the end of one cue are those at the start of the next.
fn overlap(before: &[Cow<'_, str>], next: &[Cow<'_, str>]) -> usize {
    let most = before.len().min(next.len()).min(MOST_ROLLING_LINES);
    (1..=most).rev().find(|lines| before[before.len() - lines..] == next[..*lines]).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{CaptionRule, read};
    use crate::context::reading::{Draft, Reading};
    use crate::context::testing::source;
    use crate::domain::event::SourceType::CallTranscript;

    fn reading(content: &str) -> Reading {
        let mut source = source("call", CallTranscript, content);
        source.occurred_at = Some("2026-04-30T16:00:00Z".parse().unwrap());
        let body = content.trim_start_matches('\u{feff}').trim_start();
        let rule = if body.starts_with("WEBVTT") { CaptionRule::WebVtt } else { super::begins_with_cue(body).unwrap() };
        read(&source, content, rule)
    }

    fn texts(draft: &Draft) -> String {
        draft.passages.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>().join("|")
    }

    /// `mm:ss name: text` of every turn.
    fn turns(content: &str) -> Vec<String> {
        let row = |draft: &Draft| {
            format!("{} {}: {}", &draft.at.unwrap().to_string()[14..19], draft.speaker.as_deref().unwrap_or("-"), texts(draft))
        };
        reading(content).drafts.iter().map(row).collect()
    }

    fn counted(content: &str) -> usize {
        reading(content).cues.unwrap()
    }

    #[test]
    fn voices_become_speakers_and_cues_of_one_speaker_one_turn() {
        let content = "WEBVTT - a call\r\n\r\nNOTE\r\nnot said\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n1\r\n00:00:05.000 --> 00:00:07.000\r\n\
            <v Dana Keller>We can go to</v>\r\n\r\n2\r\n00:07.000 --> 00:09.000 align:start\r\n<v.loud Dana Keller>forty &amp; <c>no</c> more.\r\n\r\n\
            00:01:00.500 --> 00:01:02.000\r\n<v Lee>Fine.</v><v Dana Keller>Good.</v>\r\n";
        assert_eq!(
            turns(content),
            ["00:05 Dana Keller: We can go to forty & no more.", "01:00 Lee: Fine.", "01:00 Dana Keller: Good."]
        );
        assert_eq!(counted(content), 3);
        // Line breaks of old Macintosh files, and a voice over two lines.
        assert_eq!(turns(&content.replace("\r\n", "\r")), turns(content));
        let lines = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana  Keller>We\ncan.\n\n00:03.000 --> 00:04.000\nWho says?\n";
        assert_eq!(turns(lines), ["00:01 Dana Keller: We can.", "00:03 -: Who says?"]);
    }

    #[test]
    fn names_before_the_text_are_speakers_where_most_cues_have_one() {
        let zoom = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nDana Keller: Hello.\n\n2\n00:00:03.000 --> 00:00:04.000\nLee Ito: One thing: price.\n";
        assert_eq!(turns(zoom), ["00:01 Dana Keller: Hello.", "00:03 Lee Ito: One thing: price."]);
        let meet = "0:00:01.000,0:00:02.000\n(Dana Keller)\nHello.\n\n0:00:03.000,0:00:04.000\n(Lee Ito)\nOne thing: price.\n";
        assert_eq!(turns(meet), turns(zoom));
        let webex = zoom
            .replace("1\n0", "1 \"Dana Keller\" (7)\n0")
            .replace("2\n0", "2 \"Lee Ito\" (8)\n0")
            .replace("Dana Keller: ", "")
            .replace("Lee Ito: ", "");
        assert_eq!(turns(&webex), turns(zoom));
        let brackets = zoom.replace("Dana Keller: ", "[Dana Keller] ").replace("Lee Ito: ", "[Lee Ito]: ");
        assert_eq!(turns(&brackets), turns(zoom));
        let srt = "1\n00:00:01,000 --> 00:00:02,000\nHello\nall.\n\n2\n00:00:03,500 --> 00:00:04,000\nNote: this is said.\n\n3\n00:00:05,000 --> 00:00:06,000\nBye.\n";
        assert_eq!(turns(srt), ["00:01 -: Hello all. Note: this is said. Bye."]);
    }

    #[test]
    fn a_name_above_the_text_of_most_cues_is_its_speaker() {
        let teams = "0:0:0.0 --> 0:0:3.500\nDana Keller\nHello everyone.\n0:0:3.500 --> 0:0:6.0\nLee Ito\nHi\nDana.\n0:0:6.0 --> 0:0:9.0\nDana Keller\nSo.\n";
        assert_eq!(turns(teams), ["00:00 Dana Keller: Hello everyone.", "00:03 Lee Ito: Hi Dana.", "00:06 Dana Keller: So."]);
    }

    #[test]
    fn a_name_at_each_change_of_speaker_holds_until_the_next() {
        let cue = |n: usize, text: &str| format!("{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n\n");
        let texts = [
            "Dana: We need it.",
            "By May.",
            "At the latest.",
            "Lee: Fine.",
            "We can.",
            "Dana: Good.",
            "Then",
            "we sign.",
            "Lee: Yes.",
        ];
        let content: String = texts.iter().zip(1..).map(|(text, n)| cue(n, text)).collect();
        let expected = [
            "00:01 Dana: We need it. By May. At the latest.",
            "00:04 Lee: Fine. We can.",
            "00:06 Dana: Good. Then we sign.",
            "00:09 Lee: Yes.",
        ];
        assert_eq!(turns(&content), expected);
    }

    #[test]
    fn dashes_and_chevrons_change_the_speaker() {
        let content = "WEBVTT\n\n00:01.000 --> 00:02.000\n- When?\n- In May.\n\n00:03.000 --> 00:04.000\n>> Good.\n";
        assert_eq!(turns(content), ["00:01 -: When?", "00:01 -: In May.", "00:03 -: Good."]);
    }

    #[test]
    fn rolling_captions_are_read_once() {
        let content = "WEBVTT\n\n00:01.000 --> 00:02.000\n \nwe<00:01.500><c> can</c>\n\n00:02.000 --> 00:03.000\nwe can\n \n\n00:03.000 --> 00:04.000\nwe can\nstart\n";
        assert_eq!(turns(content), ["00:01 -: we can start"]);
        assert_eq!(counted(content), 3);
        let said_twice = "WEBVTT\n\n00:01.000 --> 00:02.000\nYes.\n\n00:02.000 --> 00:03.000\nYes.\n\n00:03.000 --> 00:04.000\nGood.\n\n00:04.000 --> 00:05.000\nSo.\n\n00:05.000 --> 00:06.000\nBye.\n";
        assert_eq!(turns(said_twice), ["00:01 -: Yes. Yes. Good. So. Bye."]);
        let both = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>Yes.\n\n00:02.000 --> 00:03.000\n<v Lee>Yes.\n";
        assert_eq!(turns(both), ["00:01 Dana: Yes.", "00:02 Lee: Yes."]);
    }

    #[test]
    fn cues_are_counted_as_the_format_says() {
        // An empty cue counts in WebVTT only; a time within the text begins a cue; a broken time begins none.
        assert_eq!(counted("WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\nx\n"), 2);
        assert_eq!(counted("WEBVTT\n\n00:01.000 --> 00:02.000\n00:02.000 --> 00:03.000\nx\n"), 2);
        assert_eq!(counted("WEBVTT\n\n00:01.000 --> 00:0z.000\nx\n\n00:02.000 --> 00:03.000\ny\n"), 1);
        assert_eq!(counted("WEBVTT\nKind: captions\n00:01.000 --> 00:02.000\nx\n"), 1);
        assert_eq!(counted("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:02,000 --> 00:00:03,000\nx\n"), 1);
        assert_eq!(counted("0:00:01.000,0:00:02.000\n\n0:00:02.000,0:00:03.000\nx\ny\n"), 1);
        assert_eq!(counted("WEBVTT"), 0);
    }

    #[test]
    fn what_strict_parsers_throw_away_is_read() {
        let broken = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:02.000 --> 00:0z.000\nTwo.\n\nThree.\n\nNOTE x\nno\n\nid\n00:04.000 --> 00:05.000\nFour.\n";
        assert_eq!(turns(broken), ["00:01 -: One. Two. Three. Four."]);
        let srt = "1\n00:00:01,000 --> 00:00:02,000\nOne\n\ngoes on.\n\n2\nTwo.\n\n3\n00:00:03.000 -> 00:00:04.000\n{\\an8}<font color=\"red\">Three</font> <3.\n4\n00:00:05,000 --> 00:00:06,000\nFour, 45 --> 60.\n";
        assert_eq!(turns(srt), ["00:01 -: One goes on. Two. Three <3. Four, 45 --> 60."]);
        let bare = "\u{feff}00:00:01:500 --> 00:00:02:000\nOne.\n\n00:00:02.000 --> 00:00:03.000\nTwo.\n";
        assert_eq!((turns(bare), counted(bare)), (vec!["00:01 -: One. Two.".to_owned()], 2));
    }

    #[test]
    fn words_are_found_in_the_content() {
        let content = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Dana>We can <b>spend</b></v>\n\n00:02.000 --> 00:03.000\n<v Dana>45k &amp; no more.</v>\n";
        let reading = reading(content);
        let passage = &reading.drafts[0].passages[0];
        assert_eq!(passage.text, "We can spend 45k & no more.");
        let places = reading.origin.places(passage.span);
        let words: Vec<&str> = places.iter().map(|place| &content[place.start..place.end]).collect();
        assert_eq!(words, ["We can ", "spend", "45k ", " no more."]);
    }
}
