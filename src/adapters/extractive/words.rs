//! Text and list fields: the sources' own sentences, trimmed but never rewritten.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::{Answer, Quote};
use super::candidate::Candidate;
use super::saying::{Manner, Saying, pattern};
use crate::domain::value::{Value, says_nothing};

/// Most items of a list, and most words of an item or a text.
const ITEMS: usize = 8;
const ITEM_WORDS: usize = 32;
const TEXT_WORDS: usize = 60;

/// Answers a text field with the best sentence, and the one after it where they belong together.
pub(super) fn text_answer(candidates: &[Candidate], sayings: &[Saying<'_>]) -> Answer {
    let usable = |candidate: &&Candidate| {
        let saying = &sayings[candidate.saying];
        is_telling(saying) && (candidate.anchor.is_some() || saying.words() >= 4)
    };
    let Some(best) = candidates.iter().find(usable) else { return Answer::not_stated() };
    let saying = &sayings[best.saying];
    let next = sayings.get(best.saying + 1).filter(|next| next.unit.n == saying.unit.n && is_telling(next));
    let next_answers = |next: &Saying<'_>| {
        let is_candidate = candidates.iter().any(|other| other.saying == best.saying + 1 && other.anchor.is_some());
        next.manner != Manner::Asks && (is_candidate || saying.words() < 8)
    };
    let end = match next {
        Some(next) if next_answers(next) && saying.words() + next.words() <= TEXT_WORDS => next.start + next.text.len(),
        _ => saying.start + saying.text.len(),
    };
    let whole = &saying.unit.text[saying.start..end];
    let words = around(tidy(whole), best.anchor.map(|(at, _)| at), TEXT_WORDS);
    if says_nothing(words) {
        return Answer::not_stated();
    }
    let quote = Quote { unit: saying.unit.n, words: words.to_owned() };
    Answer::stated(Value::Text { text: one_line(words) }, vec![quote])
}

/// Answers a list field with one item for each sentence that names some of it, in the order they were said.
pub(super) fn list_answer(candidates: &[Candidate], sayings: &[Saying<'_>]) -> Answer {
    let Some(best) = candidates.first() else { return Answer::not_stated() };
    let mut picked: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.score >= 0.45 * best.score && is_telling(&sayings[candidate.saying]))
        .take(ITEMS)
        .collect();
    picked.sort_by_key(|candidate| candidate.saying);
    let (mut items, mut quotes): (Vec<String>, Vec<Quote>) = (Vec::new(), Vec::new());
    for candidate in picked {
        let saying = &sayings[candidate.saying];
        let words = around(tidy(saying.text), candidate.anchor.map(|(at, _)| at), ITEM_WORDS);
        let item = one_line(words);
        let repeats = items.iter().any(|other| other.contains(&item) || item.contains(other.as_str()));
        if !says_nothing(words) && !repeats {
            items.push(item);
            quotes.push(Quote { unit: saying.unit.n, words: words.to_owned() });
        }
    }
    if items.is_empty() {
        return Answer::not_stated();
    }
    Answer::stated(Value::List { items }, quotes)
}

/// Whether a sentence says something at all: "Yes, exactly." does not.
fn is_telling(saying: &Saying<'_>) -> bool {
    tidy(saying.text).split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() >= 2
}

/// Without greetings, fillers and bullets at its start. A verbatim part.
pub(super) fn tidy(text: &str) -> &str {
    let mut rest = text.trim();
    while let Some(found) = LEAD.find(rest) {
        let shorter = rest[found.end()..].trim_start();
        if shorter.is_empty() {
            break;
        }
        rest = shorter;
    }
    rest
}

/// At most `limit` words, in whole clauses, around the words at `anchor` if they are still in the text.
fn around(text: &str, anchor: Option<usize>, limit: usize) -> &str {
    if text.split_whitespace().count() <= limit {
        return text;
    }
    let anchor = anchor.unwrap_or(0).min(text.len());
    let cuts: Vec<usize> = CLAUSE_END.find_iter(text).map(|found| found.end()).chain([text.len()]).collect();
    let mut start = 0;
    let mut best = None;
    for &cut in &cuts {
        while text[start..cut].split_whitespace().count() > limit {
            let Some(next) = cuts.iter().copied().find(|&later| later > start && later < cut) else { break };
            start = next;
        }
        let fits = text[start..cut].split_whitespace().count() <= limit;
        if fits && start <= anchor && (anchor < cut || best.is_none()) {
            best = Some((start, cut));
        }
    }
    let (start, end) = best.unwrap_or_else(|| (0, word_cut(text, limit)));
    text[start..end].trim().trim_end_matches([',', ';', ' '])
}

/// Offset after `limit` words.
fn word_cut(text: &str, limit: usize) -> usize {
    let mut seen = 0;
    let mut inside = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if inside {
                seen += 1;
                if seen == limit {
                    return at;
                }
            }
            inside = false;
        } else {
            inside = true;
        }
    }
    text.len()
}

/// One clause of at most `limit` words from the start: for headlines and short texts.
pub(super) fn shorten(text: &str, limit: usize) -> &str {
    around(tidy(text), None, limit)
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?: [-*•·–—>\#]+\s+ | \(?\d{1,2}[.)]\s+ | \[[^\]]{0,40}\]\s*
        | (?:yeah|yes|yep|no|nope|okay|ok|right|sure|well|so|um+|uh+|erm|er|hmm+|hm|oh|ah|and|but|great|perfect|brilliant|lovely|cool|exactly|absolutely|of\scourse|honestly|look|listen|i\smean|you\sknow|let\sme\sthink|i\sthink|anyway|basically|thanks|thank\syou|hi|hello|hiya|hey|sorry|good\squestion|fair\senough|understood|got\sit|totally\sfair|makes\ssense)\b[,.!:;…]*(?:\s+|$)
        )",
    )
});

static CLAUSE_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:[.!?;]\s+|,\s+(?:and|but|so|because|which|who|then)\s|\s[–—-]\s|,\s+)")
});
