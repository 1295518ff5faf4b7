//! [`is_attribution`]: whether a line is built like one that introduces a quoted message.
//!
//! It is made of a day or a time, an address, a verb of writing and a name, and of hardly anything else.

use std::sync::LazyLock;

use regex::Regex;

use super::author::CONNECTORS;
use super::dates;
use super::vocabulary::{WROTE_LAST, WROTE_LAST_UNSPACED, WROTE_THEN_NAME, opens_attribution};

/// What ends a line that may be an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Colon,
    Verb,
    /// `2026/5/4 Dana <d@x>`.
    Address,
}

/// What comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    Quote,
    Anything,
}

pub(super) fn ending(joined: &str) -> Option<Ending> {
    let bare = joined.trim_end_matches(['*', '_', ' ', '-']);
    match () {
        () if bare.ends_with(':') => Some(Ending::Colon),
        () if VERB_LAST.is_match(bare) => Some(Ending::Verb),
        () if bare.ends_with('>') && bare.starts_with(|c: char| c.is_ascii_digit()) => Some(Ending::Address),
        () => None,
    }
}

/// What an attribution line is made of, as places in it.
pub(super) struct Cues {
    pub(super) day: Option<(usize, usize)>,
    pub(super) clock: Option<(usize, usize)>,
    pub(super) address: Option<(usize, usize)>,
    pub(super) verb_last: Option<(usize, usize)>,
    verb_then_name: Option<(usize, usize)>,
}

impl Cues {
    pub(super) fn of(line: &str) -> Self {
        let place = |found: regex::Match<'_>| (found.start(), found.end());
        let range = |found: std::ops::Range<usize>| (found.start, found.end);
        Self {
            day: dates::day_place(line).map(range),
            clock: dates::clock_place(line).map(range),
            address: ADDRESS.find(line).map(place),
            verb_last: VERB_LAST.find(line).map(place),
            verb_then_name: VERB_THEN_NAME.find(line).map(place),
        }
    }

    fn first(&self) -> Option<usize> {
        let all = [self.day, self.clock, self.address, self.verb_last, self.verb_then_name];
        all.into_iter().flatten().map(|(start, _)| start).min()
    }

    fn last_end(&self) -> usize {
        [self.day, self.clock, self.address].into_iter().flatten().map(|(_, end)| end).max().unwrap_or(0)
    }
}

pub(super) fn is_attribution(joined: &str, ending: Ending, follows: Follows) -> bool {
    let line = joined.trim_end_matches([':', ' ', '*', '_', '-']);
    let line = line.trim_start_matches(['*', '_', '-', ' ']);
    let cues = Cues::of(line);
    if !cues.first().is_some_and(|first| starts_well(&line[..first])) {
        return false;
    }
    let has_verb = cues.verb_last.is_some() || cues.verb_then_name.is_some();
    if plain_words(line, &cues) > if has_verb && ending == Ending::Colon { 4 } else { 2 } {
        return false;
    }
    let is_dated = cues.day.is_some() || cues.clock.is_some();
    let is_quoted = follows == Follows::Quote;
    let words = line.split_whitespace().count();
    match ending {
        Ending::Address => cues.day.is_some_and(|(start, _)| start == 0) && words <= 12 && (is_quoted || cues.clock.is_some()),
        Ending::Verb => cues.address.is_some() && is_dated || is_quoted && (is_dated || cues.address.is_some()),
        Ending::Colon if cues.verb_last.is_some() => {
            let named =
                cues.address.is_some() || is_dated && names_somebody(&line[..cues.verb_last.map_or(0, |(start, _)| start)]);
            named || is_quoted && (is_dated || words <= 8)
        }
        Ending::Colon => {
            let verb_and_name = cues.verb_then_name.is_some_and(|(_, end)| is_dated && follows_verb(&line[end..], &cues, end));
            let tail_words = line[cues.last_end()..].split_whitespace().count();
            let is_bracketed = cues.address.is_some_and(|(start, _)| line[..start].ends_with(['<', '[', '(']))
                || cues.first().is_some_and(|first| line[..first].split_whitespace().count() <= 1);
            let dated_address = cues.address.is_some() && cues.day.is_some() && is_bracketed && tail_words <= 6 && words <= 30;
            let is_quoting = QUOTING.is_match(line) && (cues.address.is_some() || is_quoted);
            let dated_name = is_quoted && cues.day.is_some() && words <= 12;
            verb_and_name || dated_address || is_quoting || dated_name
        }
    }
}

/// How many words in lower case there are beside those that join date and name. Many make a sentence.
fn plain_words(line: &str, cues: &Cues) -> usize {
    let start = cues.first().unwrap_or(0);
    let end = cues.verb_last.map_or(line.len(), |(start, _)| start).max(start);
    let is_plain_word = |word: &&str| {
        word.starts_with(char::is_lowercase)
            && !word.contains('@')
            && !CONNECTORS.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()))
            && !opens_attribution(word)
            && !is_name_word(word)
            && super::months::month(word).is_none()
    };
    line[start..end].split_whitespace().filter(is_plain_word).count()
}

/// Whether the words before the first day, time, address or verb are those of an attribution: an opener, the name of a
/// day, the name of a person.
fn starts_well(prefix: &str) -> bool {
    let words: Vec<&str> = prefix.split_whitespace().collect();
    let ends_sentence = |word: &&str| word.chars().count() > 6 && word.ends_with(['.', '!', '?', '。']);
    if words.len() > 10 || words.iter().any(ends_sentence) {
        return false;
    }
    let Some(first) = words.first() else { return true };
    let bare = first.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    words.len() <= 2 || words.len() <= 6 && opens_attribution(&bare) || words.iter().all(|word| is_name_word(word))
}

/// A word of a name: with a capital, in a script without capitals, or a particle.
fn is_name_word(word: &str) -> bool {
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let particle = ["von", "van", "der", "den", "de", "del", "da", "di", "dos", "la", "le", "zu", "bin", "al", "y", "via", "ten"];
    !bare.starts_with(char::is_lowercase) || particle.contains(&bare)
}

/// Whether a name stands at the end: `… Dana Keller`, but not `… he`.
fn names_somebody(before_verb: &str) -> bool {
    let last = before_verb.split_whitespace().last().unwrap_or_default();
    !last.is_empty() && is_name_word(last)
}

/// What comes after a verb that is not the last word: a name, an address, or a day.
fn follows_verb(rest: &str, cues: &Cues, at: usize) -> bool {
    let after = |cue: Option<(usize, usize)>| cue.is_some_and(|(start, _)| start >= at);
    let words: Vec<&str> = rest.split_whitespace().collect();
    let is_name = words.first().is_some_and(|word| is_name_word(word)) && words.len() <= 6;
    match words.len() {
        0 => false,
        1..=14 => after(cues.address) || after(cues.day) || after(cues.clock) || is_name,
        _ => false,
    }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static VERB_LAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:(?:^|[^\p{{L}}])(?:{WROTE_LAST})|{WROTE_LAST_UNSPACED})\s?\)?$")));
static VERB_THEN_NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:^|[^\p{{L}}])(?:{WROTE_THEN_NAME})(?:\s|,|\()")));
static QUOTING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:quoting|zitat von|zitiere|citando a?|citazione di|citat från|citat av|cytowanie|citeren|citeert|selon)\s")
});
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[^\s<>\[\]():;,\x22]+@[^\s<>\[\]():;,\x22]+"));
