//! Lines that begin a turn, by the shape of the line alone.

use super::names::{is_lower_name, is_name, label, without_time};
use super::times::{Shown, at_end, at_start};

/// The shape of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `[Name] hh:mm:ss`, and nothing else.
    BracketedName,
    /// `Name  0:32`, and nothing else.
    NameTime,
    /// `0:15 - Name`, and nothing else.
    TimeName,
    /// `Name: text`, with a time before, in or after the name, or with none.
    Label,
    /// `name surname: text` in small letters: a label only if it comes back.
    LowerLabel,
    /// `[0:15] text`, without a name.
    Stamp,
    /// `0:15`, and nothing else.
    Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading<'a> {
    pub(super) shape: Shape,
    /// Empty for the shapes without one.
    pub(super) name: &'a str,
    pub(super) shown: Option<Shown>,
    /// Where the text begins on the line.
    pub(super) text_from: usize,
}

/// Longest line that is nothing but a name and a time.
const LONGEST_HEADING: usize = 120;

/// What a line begins, if it begins a turn. Looks at bytes first: most lines of a text begin none.
pub(super) fn heading(line: &str) -> Option<Heading<'_>> {
    let bare = line.trim_start_matches([' ', '\t', '*', '#', '\u{a0}', '\u{feff}', '\u{200e}']);
    let lead = line.len() - bare.len();
    let found = match bare.as_bytes().first()? {
        b'[' => bracketed_name(bare).or_else(|| timed(bare)),
        b'(' | b'@' | b'0'..=b'9' => timed(bare).or_else(|| spoken_time(bare)),
        _ => named(bare),
    };
    found.map(|found| Heading { text_from: found.text_from + lead, ..found })
}

fn bracketed_name(line: &str) -> Option<Heading<'_>> {
    if line.len() > LONGEST_HEADING {
        return None;
    }
    let (name, rest) = line[1..].split_once(']')?;
    let (shown, after) = at_start(rest.trim_start())?;
    let is_all = after.trim_matches([' ', '\t', '*']).is_empty();
    (is_all && is_name(name)).then_some(Heading {
        shape: Shape::BracketedName,
        name: name.trim(),
        shown: Some(shown),
        text_from: line.len(),
    })
}

/// A line that begins with a time.
fn timed(line: &str) -> Option<Heading<'_>> {
    let is_marked = matches!(line.as_bytes().first(), Some(b'[' | b'('));
    let (shown, rest) = at_start(line)?;
    let bare = rest.trim_start_matches([' ', '\t', '-', '–', '—', '|', '·', '•', ':', '*', '\u{a0}']);
    let text_from = line.len() - bare.len();
    let found = |shape, name, text_from| Some(Heading { shape, name, shown: Some(shown), text_from });
    let name = bare.trim_end_matches([' ', '\t', '*', ':', '\u{a0}']);
    if name.is_empty() {
        return found(Shape::Time, "", line.len());
    }
    if let Some(labelled) = labelled(bare) {
        return Some(Heading { shown: Some(shown), text_from: labelled.text_from + text_from, ..labelled });
    }
    // What a recogniser heard in one word begins with a small letter.
    let has_dash = rest[..rest.len() - bare.len()].contains(['-', '–', '—', '|', '·', '•']);
    let is_apart = has_dash || !name.starts_with(char::is_lowercase);
    match () {
        () if is_apart && line.len() <= LONGEST_HEADING && is_name(name) => found(Shape::TimeName, name, line.len()),
        () if is_marked || shown_with_hours(line) => found(Shape::Stamp, "", text_from),
        () => None,
    }
}

/// `0 minutes 3 seconds`, and nothing else.
fn spoken_time(line: &str) -> Option<Heading<'_>> {
    let (shown, before) = if line.len() <= LONGEST_HEADING { at_end(line)? } else { return None };
    let is_all = before.trim().is_empty() || at_end(before).is_some_and(|(_, before)| before.trim().is_empty());
    is_all.then_some(Heading { shape: Shape::Time, name: "", shown: Some(shown), text_from: line.len() })
}

/// `00:00:05 text`: nobody writes an hour of the day like that in a sentence.
fn shown_with_hours(line: &str) -> bool {
    let time = line.split([' ', '\t']).next().unwrap_or_default();
    time.bytes().filter(|byte| *byte == b':').count() == 2
}

/// A line that begins with a word.
fn named(line: &str) -> Option<Heading<'_>> {
    if line.len() <= LONGEST_HEADING
        && let Some((shown, before)) = at_end(line.trim_end_matches([' ', '\t', '*', '\u{a0}']))
    {
        let is_label = before.trim_end().ends_with([':', '：']);
        let name = before.trim_end_matches([' ', '\t', '-', '–', '—', '|', ',', '·', '•', '*', ':', '：', '\u{a0}']);
        if is_name(name) {
            let shape = if is_label { Shape::Label } else { Shape::NameTime };
            return Some(Heading { shape, name, shown: Some(shown), text_from: line.len() });
        }
    }
    labelled(line)
}

/// `Name: text`, `Name (0:15): text`, `Name: (0:15) text`.
fn labelled(line: &str) -> Option<Heading<'_>> {
    let (whole, text_from) = label(line)?;
    let name = without_time(whole);
    let shape = match () {
        () if is_name(name) => Shape::Label,
        () if is_lower_name(name) => Shape::LowerLabel,
        () => return None,
    };
    let inside = if name.len() < whole.len() { at_end(whole).map(|(shown, _)| shown) } else { None };
    let text = &line[text_from..];
    let bare = text.trim_start();
    let after = if inside.is_none() && bare.starts_with(['[', '(']) { at_start(bare) } else { None };
    match after {
        Some((shown, rest)) => Some(Heading { shape, name, shown: Some(shown), text_from: line.len() - rest.len() }),
        None => Some(Heading { shape, name, shown: inside, text_from }),
    }
}

/// A line that is nothing but a name. It names a speaker only above a line with a time.
pub(super) fn lone_name(line: &str) -> Option<&str> {
    let name = line.trim_matches([' ', '\t', '*', '#', ':', '\u{a0}', '\u{feff}', '\u{200e}']);
    (line.len() <= LONGEST_HEADING && is_name(name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{Shape, heading};

    fn found(line: &str) -> Option<(Shape, &str, Option<i64>, &str)> {
        heading(line)
            .map(|found| (found.shape, found.name, found.shown.map(|shown| shown.time.as_secs()), &line[found.text_from..]))
    }

    #[test]
    fn shapes_of_many_tools_are_told() {
        let rows = [
            ("[Dana Keller] 11:02:09", (Shape::BracketedName, "Dana Keller", Some(39729), "")),
            ("Dana Keller  0:32", (Shape::NameTime, "Dana Keller", Some(32), "")),
            ("Dana Keller (00:32)", (Shape::NameTime, "Dana Keller", Some(32), "")),
            ("**Dana Keller** | 00:32", (Shape::NameTime, "Dana Keller", Some(32), "")),
            ("Dana Keller  10:32 AM", (Shape::NameTime, "Dana Keller", Some(37920), "")),
            ("0:15 - Dana Keller (Northwind)", (Shape::TimeName, "Dana Keller (Northwind)", Some(15), "")),
            ("@0:15 - Dana", (Shape::TimeName, "Dana", Some(15), "")),
            ("0:15 | Dana", (Shape::TimeName, "Dana", Some(15), "")),
            ("[00:00:15] Dana", (Shape::TimeName, "Dana", Some(15), "")),
            ("[00:05] Dana: yes", (Shape::Label, "Dana", Some(5), " yes")),
            ("00:00:05 Dana: yes", (Shape::Label, "Dana", Some(5), " yes")),
            ("Dana (00:05): yes", (Shape::Label, "Dana", Some(5), " yes")),
            ("Dana: (00:05)", (Shape::Label, "Dana", Some(5), "")),
            ("Dana: [00:05] yes", (Shape::Label, "Dana", Some(5), " yes")),
            ("SPEAKER_00: yes", (Shape::Label, "SPEAKER_00", None, " yes")),
            ("dana keller: yes", (Shape::LowerLabel, "dana keller", None, " yes")),
            ("[00:05.000 --> 00:09.000]  so", (Shape::Stamp, "", Some(5), "so")),
            ("00:05:00", (Shape::Time, "", Some(300), "")),
        ];
        for (line, expected) in rows {
            assert_eq!(found(line), Some(expected), "{line}");
        }
        for line in [
            "We met at 10:30",
            "10:30 works",
            "Call at 10:30",
            "so: yes we can do it all",
            "https://x.example",
            "",
            "[x]",
            "- a: b",
        ] {
            let shape = found(line).map(|found| found.0);
            assert!(shape.is_none() || line.starts_with("so"), "{line}: {shape:?}");
        }
    }
}
