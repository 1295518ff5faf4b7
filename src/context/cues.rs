//! [`CueMatcher`]: finds the cue phrases of a contract in a text, all of them in one pass.

use aho_corasick::AhoCorasick;

use super::visible::is_invisible;
use crate::domain::brief::Span;

/// Finds cue phrases: whole words, whatever the case, the white space between them and the form of apostrophes.
/// A trailing `*` matches any ending of the last word.
#[derive(Debug, Clone)]
pub struct CueMatcher {
    automaton: Option<AhoCorasick>,
    open_ended: Vec<bool>,
}

impl CueMatcher {
    pub fn new(cues: &[String]) -> Self {
        let mut phrases = Vec::with_capacity(cues.len());
        let mut open_ended = Vec::with_capacity(cues.len());
        for cue in cues {
            let phrase = Folded::of(cue.trim().trim_end_matches('*')).text.trim().to_owned();
            if phrase.chars().any(char::is_alphanumeric) {
                phrases.push(phrase);
                open_ended.push(cue.trim().ends_with('*'));
            }
        }
        // Building fails only beyond 2^31 states; no cue is found then, which is what an empty list means.
        let automaton = (!phrases.is_empty()).then(|| AhoCorasick::new(&phrases).ok()).flatten();
        Self { automaton, open_ended }
    }

    /// How many places match. Places that overlap count once.
    pub fn count(&self, text: &str) -> usize {
        self.places(&Folded::of(text)).len()
    }

    /// The same for several matchers with one look at the text.
    pub(super) fn counts<'a>(matchers: impl IntoIterator<Item = &'a Self>, text: &str) -> Vec<usize> {
        let folded = Folded::of(text);
        matchers.into_iter().map(|matcher| matcher.places(&folded).len()).collect()
    }

    /// The places that match, in order, as spans of `text`.
    pub fn spans(&self, text: &str) -> Vec<Span> {
        let folded = Folded::of(text);
        self.places(&folded).into_iter().map(|(start, end)| folded.original(start, end)).collect()
    }

    /// In the folded text: of places that overlap the first, of two that start together the longer.
    fn places(&self, folded: &Folded) -> Vec<(usize, usize)> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let text = folded.text.as_str();
        let mut found: Vec<(usize, usize)> = automaton
            .find_overlapping_iter(text)
            .filter_map(|hit| {
                let end = if self.open_ended[hit.pattern().as_usize()] { word_end(text, hit.end()) } else { hit.end() };
                is_whole(text, hit.start(), end).then_some((hit.start(), end))
            })
            .collect();
        found.sort_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
        let mut last_end = 0;
        found.retain(|&(start, end)| {
            let is_free = start >= last_end;
            last_end = if is_free { end } else { last_end };
            is_free
        });
        found
    }
}

fn word_end(text: &str, from: usize) -> usize {
    text[from..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |offset| from + offset)
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (first, last) = (text[start..].chars().next(), text[..end].chars().next_back());
    !(inside(first) && inside(text[..start].chars().next_back()) || inside(last) && inside(text[end..].chars().next()))
}

/// A text in lower case, with single spaces and plain apostrophes, and the way back to the original.
struct Folded {
    text: String,
    /// For each byte of `text`, start and end of the character it came from.
    from: Vec<(u32, u32)>,
}

impl Folded {
    fn of(original: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(original.len()), from: Vec::with_capacity(original.len()) };
        for (at, c) in original.char_indices() {
            match c {
                _ if c.is_whitespace() && folded.text.ends_with(' ') => {}
                _ if c.is_whitespace() => folded.push(' ', at, c),
                _ if is_invisible(c) => {}
                '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{b4}' | '`' => folded.push('\'', at, c),
                '\u{2010}' | '\u{2011}' => folded.push('-', at, c),
                _ => c.to_lowercase().for_each(|lower| folded.push(lower, at, c)),
            }
        }
        folded
    }

    fn push(&mut self, folded: char, at: usize, original: char) {
        self.text.push(folded);
        // Sources are capped far below 4 GiB.
        let place = (at as u32, (at + original.len_utf8()) as u32);
        self.from.resize(self.text.len(), place);
    }

    fn original(&self, start: usize, end: usize) -> Span {
        Span { start: self.from[start].0 as usize, end: self.from[end - 1].1 as usize }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::CueMatcher;

    fn matcher(cues: &[&str]) -> CueMatcher {
        CueMatcher::new(&cues.iter().map(|cue| (*cue).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn cues_match_whole_words_in_any_case_across_line_breaks() {
        let text = "We’re hoping to GO\n  LIVE in May. Budgets, not a budget; the budgeting tool.";
        let found = matcher(&["go live", "we're hoping", "budget", "live"]).spans(text);
        let words: Vec<&str> = found.iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(words, ["We’re hoping", "GO\n  LIVE", "budget"]);
    }

    #[test]
    fn a_trailing_star_matches_any_ending() {
        let text = "Integration, integrating; disintegrate. Kündigungsfrist KÜNDIGUNG";
        let found = matcher(&["integrat*", "kündigung*"]).spans(text);
        let words: Vec<&str> = found.iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(words, ["Integration", "integrating", "Kündigungsfrist", "KÜNDIGUNG"]);
    }

    #[test]
    fn empty_cues_match_nothing() {
        assert_eq!(matcher(&["", "*", " - "]).count("anything - at * all"), 0);
    }

    proptest! {
        #[test]
        fn spans_are_valid_ordered_and_as_many_as_counted(text in "\\PC{0,80}", cues in prop::collection::vec("[a-zäß İ*']{0,6}", 0..6)) {
            let matcher = CueMatcher::new(&cues);
            let spans = matcher.spans(&text);
            prop_assert_eq!(spans.len(), matcher.count(&text));
            prop_assert_eq!(CueMatcher::counts([&matcher, &matcher], &text), vec![spans.len(); 2]);
            prop_assert!(spans.iter().all(|span| text.get(span.start..span.end).is_some_and(|found| !found.is_empty())));
            prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
