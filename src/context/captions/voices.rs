//! Names of speakers in captions that have no voice tags.

use std::collections::BTreeMap;

use super::phrase::{Phrase, Segment};
use crate::context::lines::Line;
use crate::context::turns::{bracketed_speaker, inline_speaker, is_name};

/// Where captions name their speakers. "Note: …" in a single cue is no name, so the captions as a whole decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Nowhere, or in voice tags alone.
    Voices,
    /// `Name: text`, as Zoom writes it. A line without one goes on with the speaker before.
    Inline,
    /// `[Name] text` or `(Name) text`, also with a colon, also on a line of its own.
    Bracketed,
    /// The first line of a cue, as Teams writes it.
    Above,
}

impl Names {
    pub(super) fn learn(content: &str, said: &[Vec<Segment>]) -> Self {
        let filled = said.iter().filter(|segments| !segments.is_empty()).count();
        if said.iter().flatten().any(|segment| segment.voice.is_some()) {
            return Self::Voices;
        }
        for names in [Self::Inline, Self::Bracketed] {
            let seen = seen(names, content, said);
            let lines: usize = seen.values().sum();
            let come_back = seen.values().filter(|times| **times > 1).count();
            let is_sparse = names == Self::Inline && come_back > 1 && lines * 10 >= filled;
            if lines > 0 && lines * 2 >= filled || is_sparse {
                return names;
            }
        }
        let above = seen(Self::Above, content, said);
        let named: usize = above.values().sum();
        match named * 5 >= filled * 4 && named > 1 && above.len() * 2 <= named.max(4) {
            true => Self::Above,
            false => Self::Voices,
        }
    }
}

/// The name that Webex puts into the identifier of a cue: `1 "Dana Keller" (123)`.
pub(super) fn identified(content: &str, identifier: Line) -> Option<String> {
    let name = identifier.text(content).split('"').nth(1)?.trim();
    is_name(name).then(|| name.to_owned())
}

/// The names of the first lines of all cues, and how often each is there.
fn seen(names: Names, content: &str, said: &[Vec<Segment>]) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for segment in said.iter().filter_map(|segments| segments.first()) {
        let Some(line) = segment.lines.first() else { continue };
        if names == Names::Above && segment.lines.len() < 2 {
            continue;
        }
        if let Some((name, _)) = name_of(names, content, line, 0) {
            *seen.entry(name).or_default() += 1;
        }
    }
    seen
}

/// The name on the `n`th line of a cue, and how many bytes of the line it takes.
pub(super) fn name_of(names: Names, content: &str, line: &Phrase, n: usize) -> Option<(String, usize)> {
    let plain = line.plain(content);
    match names {
        Names::Voices => None,
        Names::Inline => inline_speaker(&plain).map(|(name, text_from)| (name.to_owned(), text_from)),
        Names::Bracketed => bracketed_speaker(&plain).map(|(name, text_from)| (name.to_owned(), text_from)),
        Names::Above => (n == 0 && is_name(plain.trim())).then(|| (plain.trim().to_owned(), plain.len())),
    }
}
