//! [`introduction`]: the lines that introduce a quoted or forwarded message, in the languages of the mail programs.
//!
//! What tells an attribution line is its build and not its language: a day or a time, an address, a verb of writing, a
//! colon at the end, and nothing else. So a language whose verb is not in the `vocabulary` is read too.

use std::sync::LazyLock;

use regex::Regex;

use super::Head;
use super::anatomy::{Cues, Ending, Follows, ending, is_attribution};
use super::author;
pub(super) use super::author::clean_name;
use super::block::{Evidence, block};
use super::separator::separator;
use super::shape::Shape;
use super::vocabulary::plain;
use crate::context::lines::Line;
use crate::context::visible::is_invisible;

/// A header of a copied message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Introduction {
    pub(super) head: Head,
    /// How many lines of the mail it takes.
    pub(super) lines: usize,
    /// The lines of the header itself.
    pub(super) header: Vec<Line>,
    /// What stands before the header in its first line: the answer's words.
    pub(super) before: Option<Line>,
    /// What stands behind the header in its last line: the copied message's words.
    pub(super) after: Option<Line>,
    pub(super) kind: IntroductionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IntroductionKind {
    /// It says who wrote what follows, or that somebody else did.
    Header,
    /// "Reply above this line": what follows is a copy only if somebody replied above it.
    Marker,
}

impl Introduction {
    pub(super) fn of(head: Head, lines: &[Line]) -> Self {
        Self { head, lines: lines.len(), header: lines.to_vec(), before: None, after: None, kind: IntroductionKind::Header }
    }
}

/// The introduction at the start of `lines`, if there is one. `zone_seconds` is the clock of the mail that copies.
pub(super) fn introduction(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let shape = Shape::of(lines.first()?.text(text));
    let fields = || block(text, lines, Evidence::Alone, zone_seconds);
    let shared = || shared_line(text, lines, zone_seconds);
    separator(text, lines, zone_seconds)
        .or_else(|| shape.may_be_field().then(fields).flatten())
        .or_else(|| wrote_line(text, lines, shape, zone_seconds))
        .or_else(|| shape.may_share().then(shared).flatten())
}

/// An attribution line is wrapped over no more lines, and has no more bytes.
const MOST_LINES: usize = 6;
const LONGEST: usize = 600;

/// `On <date>, <name> <address> wrote:` in one line or wrapped over a few.
fn wrote_line(text: &str, lines: &[Line], shape: Shape, zone_seconds: i32) -> Option<Introduction> {
    if !may_end_soon(text, lines, shape) {
        return None;
    }
    let (taken, joined) = joined_attribution(text, lines)?;
    // "On Monday we …" may stand right before the line that is meant.
    let begins_later = (1..taken).any(|from| begins_at(text, lines, from));
    (!begins_later).then(|| Introduction::of(author::head(&joined, zone_seconds), &lines[..taken]))
}

/// Whether the attribution begins at a later line: a greeting or the end of a sentence stands before it.
fn begins_at(text: &str, lines: &[Line], from: usize) -> bool {
    let Some((_, later)) = joined_attribution(text, &lines[from..]) else { return false };
    let before = lines[..from].iter().map(|line| plain(line.text(text))).collect::<Vec<_>>().join(" ");
    let cues = Cues::of(&before);
    let has_none = cues.day.is_none() && cues.clock.is_none() && cues.address.is_none();
    has_none || before.ends_with(['.', '!', '?']) && Cues::of(&later).day.is_some()
}

/// A cheap look at the ends of the next lines: whether one could be the end of an attribution.
fn may_end_soon(text: &str, lines: &[Line], shape: Shape) -> bool {
    let Some(first) = lines.first().filter(|first| first.end - first.start <= LONGEST) else { return false };
    let most = if shape.may_begin() { MOST_LINES } else { 1 };
    for line in lines.iter().take(most) {
        let bare = line.text(text).trim_end();
        let Some(last) = bare.chars().next_back() else { return false };
        let could_end = match last {
            ':' | '：' => true,
            '*' | '_' | '-' => bare.trim_end_matches(['*', '_', '-', ' ']).ends_with(':') || ends_with_verb(bare),
            '>' => bare.starts_with(|c: char| c.is_ascii_digit()),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | ',' | '!' | '?' => shape.may_begin() && ends_with_verb(bare),
            _ => is_invisible(last) || ends_with_verb(bare),
        };
        if could_end {
            return line.depth <= first.depth.saturating_add(1);
        }
    }
    false
}

/// Whether a line ends with a verb that programs leave without a colon.
fn ends_with_verb(line: &str) -> bool {
    let bare = line.trim_end_matches(['*', '_', '-', ' ']);
    NO_COLON_ENDS.iter().any(|verb| bare.ends_with(verb))
}

const NO_COLON_ENDS: [&str; 14] = [
    "wrote",
    "schrieb",
    "crit",
    "schreef",
    "skrev",
    "escreveu",
    "scritto",
    "pisze",
    "escribió",
    "написал",
    "写道",
    "寫道",
    "작성",
    "пишет",
];

fn joined_attribution(text: &str, lines: &[Line]) -> Option<(usize, String)> {
    let first = lines.first()?;
    let mut joined = plain(first.text(text));
    for taken in 1..=MOST_LINES {
        let rest = lines.get(taken..).unwrap_or_default();
        match ending(&joined) {
            Some(ending) => {
                let deeper = rest.iter().find(|line| !line.is_blank(text)).is_some_and(|next| next.depth > first.depth);
                let follows = if deeper { Follows::Quote } else { Follows::Anything };
                if is_attribution(&joined, ending, follows) {
                    return Some((taken, joined));
                }
                if ending == Ending::Colon {
                    return None;
                }
            }
            None if taken == MOST_LINES => return None,
            None => {}
        }
        let next = rest.first()?;
        let part = plain(next.text(text));
        // The program that wrapped the line took its `>` for the mark of a quotation.
        let is_torn = next.depth == first.depth.saturating_add(1) && has_open_bracket(&joined) && part.len() <= 40;
        if part.is_empty() || !is_torn && next.depth != first.depth || joined.len() + part.len() > LONGEST {
            return None;
        }
        joined.push_str(if is_torn {
            ">"
        } else if joined.ends_with('<') {
            ""
        } else {
            " "
        });
        joined.push_str(&part);
    }
    None
}

fn has_open_bracket(line: &str) -> bool {
    line.rfind('<').is_some_and(|open| !line[open..].contains('>'))
}

/// A header that shares its line with the words of the answer, or of the message it introduces.
fn shared_line(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let line = *lines.first()?;
    let raw = line.text(text);
    let window = &raw[..raw.floor_char_boundary(LONGEST)];
    words_behind(text, line, window, zone_seconds).or_else(|| words_before(text, lines, zone_seconds))
}

/// Yahoo's programs go on behind the colon: `On …, Dana <d@x> wrote: Hello Lee`.
fn words_behind(text: &str, line: Line, window: &str, zone_seconds: i32) -> Option<Introduction> {
    let colons = window.match_indices(": ").map(|(at, _)| at + 1).filter(|end| window[..*end].contains('@')).take(2);
    for end in colons {
        let rest_start =
            line.start + end + (text[line.start + end..line.end].len() - text[line.start + end..line.end].trim_start().len());
        let joined = plain(&window[..end]);
        let cues = Cues::of(joined.trim_end_matches([':', ' ']));
        let is_sure = cues.address.is_some() && (cues.day.is_some() || cues.clock.is_some()) && cues.verb_last.is_some();
        if is_sure && rest_start < line.end && is_attribution(&joined, Ending::Colon, Follows::Anything) {
            let header = Line { end: line.start + end, ..line };
            let after = Some(Line { start: rest_start, ..line });
            return Some(Introduction { after, ..Introduction::of(author::head(&joined, zone_seconds), &[header]) });
        }
    }
    None
}

/// `Fine. On Mon, May 4, 2026 at 3:07 PM Dana <d@x> wrote:` in one line, or wrapped into the next.
fn words_before(text: &str, lines: &[Line], zone_seconds: i32) -> Option<Introduction> {
    let line = lines[0];
    let raw = line.text(text);
    let ends = |line: &Line| line.text(text).trim_end().ends_with(':');
    if raw.len() > LONGEST || !lines.iter().take(2).any(ends) {
        return None;
    }
    let found = OPENER_WITHIN.find_iter(raw).take(4).find_map(|found| {
        let start = line.start + found.end() - found.as_str().trim_start().len();
        let mut header: Vec<Line> = lines.iter().take(3).copied().collect();
        header[0].start = start;
        let (taken, joined) = joined_attribution(text, &header)?;
        header.truncate(taken);
        (taken <= 2 && Cues::of(&joined).address.is_some()).then_some((header, joined))
    });
    let (header, joined) = found?;
    let before = Some(Line { end: header[0].start, ..line });
    Some(Introduction { before, ..Introduction::of(author::head(&joined, zone_seconds), &header) })
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static OPENER_WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\s(?:On|Am|Le|El|Il|Em|Op|Den|W dniu|Dnia)\s+(?:\p{L}{2,10}[.,]?\s+\d|\p{L}{2,10}\.?,?\s+\p{L}{3,10}\.?\s+\d|\d)")
});

#[cfg(test)]
mod tests {
    use super::{clean_name, introduction};
    use crate::context::lines::lines;

    fn intro(text: &str) -> Option<(String, String, String, usize)> {
        let found = introduction(text, &lines(text, 0..text.len()), 0)?;
        let head = found.head;
        Some((
            head.name.unwrap_or_default(),
            head.address.unwrap_or_default(),
            head.at.map_or_else(String::new, |at| at.to_string()),
            found.lines,
        ))
    }

    #[test]
    fn attribution_lines_of_many_languages_name_sender_and_time() {
        let rows = [
            (
                "On Wed, May 18, 2016 at 11:10 PM Steven Scott <n@hub.example>\nwrote:",
                "Steven Scott",
                "n@hub.example",
                "2016-05-18T23:10:00Z",
            ),
            ("On 9 Jan 2014, at 2:47, George Plymale wrote:", "George Plymale", "", "2014-01-09T02:47:00Z"),
            (
                "On Dec 8, 2013 2:10 PM, \"John Sullivan\" <n@hub.example> wrote:",
                "John Sullivan",
                "n@hub.example",
                "2013-12-08T14:10:00Z",
            ),
            ("Am 04.05.2026 um 15:07 schrieb Dana Keller <d@n.example>:", "Dana Keller", "d@n.example", "2026-05-04T15:07:00Z"),
            (
                "Am Mo., 4. Mai 2026 um 15:07 Uhr schrieb Dana Keller <\nd@n.example>:",
                "Dana Keller",
                "d@n.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "Le lun. 15 nov. 2021 à 19:42, Jean Petit <j@a.example>\na écrit :",
                "Jean Petit",
                "j@a.example",
                "2021-11-15T19:42:00Z",
            ),
            (
                "El lun, 4 may 2026 a las 15:07, Ana Ruiz (<ana@x.example>) escribió:",
                "Ana Ruiz",
                "ana@x.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "Il giorno lun 4 mag 2026 alle ore 15:07 Anna Rossi <anna@x.example> ha scritto:",
                "Anna Rossi",
                "anna@x.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "Em seg., 4 de mai. de 2026 às 15:07, Rui Sá <rui@x.example> escreveu:",
                "Rui Sá",
                "rui@x.example",
                "2026-05-04T15:07:00Z",
            ),
            (
                "In data 11 ottobre 2017 21:11:31 \"Anna Rossi\" <anna@x.example> ha scritto:",
                "Anna Rossi",
                "anna@x.example",
                "2017-10-11T21:11:31Z",
            ),
            ("30.09.2017, 18.30, \"Ivan Li\" <ivan@x.example>:", "Ivan Li", "ivan@x.example", "2017-09-30T18:30:00Z"),
            (
                "On Wed, 14 Nov 2018 08:14:43 -0200 Dana Keller <d@n.example> wrote",
                "Dana Keller",
                "d@n.example",
                "2018-11-14T10:14:43Z",
            ),
            (
                "Op 12 december 2016 19:05 schreef Piet Bos <\npiet@x.example>:",
                "Piet Bos",
                "piet@x.example",
                "2016-12-12T19:05:00Z",
            ),
        ];
        for (line, name, address, at) in rows {
            let expected = Some((name.to_owned(), address.to_owned(), at.to_owned(), line.lines().count()));
            assert_eq!(intro(line), expected, "{line}");
        }
    }

    #[test]
    fn sentences_are_no_attribution() {
        for line in
            ["On Monday we talked about 3 things:", "One more: on 4 May he wrote:", "From: here to there", "Le prix est de 45k:"]
        {
            assert_eq!(intro(line), None, "{line}");
        }
        let two = "On 3 May we met.\nOn 4 May 2026 at 10:00 Dana Keller wrote:";
        assert_eq!(intro(two), None);
    }

    #[test]
    fn header_blocks_are_read_with_wrapped_receivers() {
        let block = "*De :* Dana Keller [mailto:dana@n.example]\n*Envoyé :* lundi 4 mai 2026 15:07\n*À :* Lee;\n  ana@n.example\n*Objet :* Prix\n\ntexte";
        assert_eq!(
            intro(block),
            Some(("Dana Keller".to_owned(), "dana@n.example".to_owned(), "2026-05-04T15:07:00Z".to_owned(), 5))
        );
    }

    #[test]
    fn names_are_cleaned() {
        assert_eq!(clean_name("\"Keller, Dana\""), "Dana Keller");
        assert_eq!(clean_name(" 'O'Brien  Pat' "), "O'Brien Pat");
    }
}
