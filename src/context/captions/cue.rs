//! Cues: where they begin, and the lines of their text.

use jiff::SignedDuration;

use super::CaptionRule;
use crate::context::lines::{Line, lines};

/// One cue, or text that stands outside of all.
#[derive(Debug, Default)]
pub(super) struct Cue {
    /// Time since the start. `None`: it has no time that can be read.
    pub(super) start: Option<SignedDuration>,
    /// Its text, without blank lines.
    pub(super) lines: Vec<Line>,
    /// Whether text follows its time directly.
    pub(super) is_filled: bool,
    /// The line above its time: a number, or what else names it.
    pub(super) identifier: Option<Line>,
}

/// What the lines that follow are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Above the first blank line of WebVTT.
    Header,
    /// A comment, style or region, or a header below a title.
    Block,
    Cue,
    /// Below a blank line.
    Between,
}

/// The cues of captions, in their order.
pub(super) fn cues(content: &str, rule: CaptionRule) -> Vec<Cue> {
    let all = lines(content, 0..content.len());
    let mut cues: Vec<Cue> = Vec::new();
    let mut place = if rule == CaptionRule::WebVtt { Place::Header } else { Place::Between };
    let mut identifier = None;
    for (n, line) in all.iter().enumerate() {
        let text = line.text(content);
        if line.is_blank(content) {
            // A line of blanks directly below the time is text in WebVTT: it ends nothing.
            let is_text = place == Place::Cue && rule == CaptionRule::WebVtt && !text.is_empty();
            place = if is_text { place } else { Place::Between };
            continue;
        }
        match timing(text, rule) {
            Timing::Times(start) => cues.push(Cue { start: Some(start), identifier: identifier.take(), ..Cue::default() }),
            Timing::Broken => cues.push(Cue::default()),
            Timing::None => {
                let next = all.get(n + 1).map_or("", |next| next.text(content));
                place = match place {
                    Place::Header | Place::Block => place,
                    Place::Between if begins_block(text, rule) => Place::Block,
                    Place::Cue if !(is_number(text) && timing(next, rule).is_some()) => {
                        add(&mut cues, *line, true);
                        place
                    }
                    // An identifier or number: of the cue below it, or of one that lost its time.
                    Place::Cue => place,
                    Place::Between if is_identifier(text, next, rule) => {
                        identifier = Some(*line);
                        place
                    }
                    Place::Between => {
                        add(&mut cues, *line, false);
                        place
                    }
                };
                continue;
            }
        }
        place = Place::Cue;
    }
    cues
}

/// Adds a line of text to the last cue. `is_direct` only where no blank line stands between.
fn add(cues: &mut Vec<Cue>, line: Line, is_direct: bool) {
    if cues.is_empty() {
        cues.push(Cue::default());
    }
    if let Some(cue) = cues.last_mut() {
        cue.lines.push(line);
        cue.is_filled |= is_direct;
    }
}

fn begins_block(line: &str, rule: CaptionRule) -> bool {
    let is_webvtt = matches!(rule, CaptionRule::WebVtt | CaptionRule::Bare);
    is_webvtt
        && (matches!(line.trim_end(), "NOTE" | "STYLE" | "REGION" | "WEBVTT")
            || line.starts_with("NOTE ")
            || line.starts_with("NOTE\t"))
}

/// Whether a line below a blank one names the cue below it, or one that lost its time.
fn is_identifier(line: &str, next: &str, rule: CaptionRule) -> bool {
    let may_be_words = matches!(rule, CaptionRule::WebVtt | CaptionRule::Bare);
    is_number(line) && !next.trim().is_empty() || may_be_words && timing(next, rule).is_some()
}

fn is_number(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    (1..=9).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a line is to the time of a cue.
enum Timing {
    None,
    Times(SignedDuration),
    /// It is meant as a time, but cannot be read.
    Broken,
}

impl Timing {
    fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }
}

fn timing(line: &str, rule: CaptionRule) -> Timing {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !line.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return Timing::None;
    }
    let sides = if rule == CaptionRule::Sbv { sbv_times(line) } else { None }.or_else(|| arrow_times(line));
    let Some((start, end)) = sides else { return Timing::None };
    match (clock(start), clock(end)) {
        (Some(start), Some(_)) => Timing::Times(start),
        // "45 --> 60 seats" is speech.
        _ if start.contains(':') && end.contains(':') => Timing::Broken,
        _ => Timing::None,
    }
}

/// The times before and after the arrow of a line that has one.
fn arrow_times(line: &str) -> Option<(&str, &str)> {
    let head = &line[..line.floor_char_boundary(200)];
    // Its shaft may be one dash or two, short or long.
    let (before, rest) = head.split_once('>')?;
    let start = before.trim_end_matches(['-', '–', '—']);
    if start.len() == before.len() {
        return None;
    }
    let end = rest.trim_start().split([' ', '\t']).next()?;
    Some((start.trim(), end))
}

fn sbv_times(line: &str) -> Option<(&str, &str)> {
    line.trim_end().split_once(',').filter(|(start, end)| start.contains('.') && end.contains(':'))
}

/// `[[h]h:]m:ss`, with a fraction after `.`, `,`, `;` or a third `:`.
pub(in crate::context) fn clock(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (whole, fraction) = match text.rfind(['.', ',', ';']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None if text.bytes().filter(|byte| *byte == b':').count() == 3 => text.rsplit_once(':')?,
        None => (text, ""),
    };
    let number = |part: &str| {
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<i64>().ok() } else { None }
    };
    let mut parts = whole.split(':');
    let seconds = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(minutes), Some(seconds), None, None) => number(minutes)? * 60 + number(seconds)?,
        (Some(hours), Some(minutes), Some(seconds), None) => number(hours)? * 3600 + number(minutes)? * 60 + number(seconds)?,
        _ => return None,
    };
    let millis = match fraction.len() {
        0 => 0,
        digits if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            let head = &fraction[..digits.min(3)];
            head.parse::<i64>().ok()? * [100, 10, 1][head.len() - 1]
        }
        _ => return None,
    };
    Some(SignedDuration::from_millis(seconds * 1000 + millis))
}

/// Whether one of the first lines is the time of a cue, and by which format.
pub(in crate::context) fn begins_with_cue(body: &str) -> Option<CaptionRule> {
    const LINES_BEFORE: usize = 8;
    let mut before = "";
    for line in
        body[..body.floor_char_boundary(2000)].split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(LINES_BEFORE)
    {
        let is_first = before.is_empty();
        if is_first && sbv_times(line).is_some() && matches!(timing(line, CaptionRule::Sbv), Timing::Times(_)) {
            return Some(CaptionRule::Sbv);
        }
        if matches!(timing(line, CaptionRule::Bare), Timing::Times(_)) {
            let has_comma = line.split("-->").next().is_some_and(|start| start.contains(','));
            return Some(if has_comma || is_number(before) { CaptionRule::SubRip } else { CaptionRule::Bare });
        }
        before = line;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_of_all_forms_are_read() {
        let millis = |text| clock(text).map(|time| time.as_millis());
        assert_eq!(millis("01:02:03.004"), Some(3_723_004));
        assert_eq!(millis("02:03,5"), Some(123_500));
        assert_eq!(millis("0:0:3.500"), Some(3_500));
        assert_eq!(millis("00:00:01:250"), Some(1_250));
        assert_eq!(
            (millis("1d:00"), millis("00"), millis("99999:00"), millis("00:1é"), millis("1:2:3:4:5")),
            (None, None, None, None, None)
        );
    }
}
