//! Text and list fields: the sources' own sentences, trimmed but never rewritten.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::{Answer, Quote};
use super::candidate::Candidate;
use super::saying::{Manner, Saying, pattern};
use crate::domain::value::{Value, says_nothing};

/// Most items of a list, and most words of an item or a text.
const ITEMS: usize = 8;
const ITEM_WORDS: usize = 40;
const TEXT_WORDS: usize = 60;

/// Answers a text field with the best sentence, and a second one that says about as much or that it leans on.
pub(super) fn text_answer(candidates: &[Candidate], sayings: &[Saying<'_>]) -> Answer {
    let is_usable = |candidate: &&Candidate| {
        let saying = &sayings[candidate.saying];
        is_telling(saying) && (candidate.anchor.is_some() || saying.words() >= 4)
    };
    let Some(best) = candidates.iter().find(is_usable) else { return Answer::not_stated() };
    let first = cut(best, sayings);
    if says_nothing(&first.words) {
        return Answer::not_stated();
    }
    let mut room = TEXT_WORDS.saturating_sub(first.words.split_whitespace().count());
    let mut parts = vec![(best.saying, first)];
    for more in more_sentences(best, candidates, sayings) {
        let words = cut(&more, sayings);
        let length = words.words.split_whitespace().count();
        if length <= room && !parts.iter().any(|(_, part)| part.words.contains(words.words.as_str())) {
            room -= length;
            parts.push((more.saying, words));
        }
    }
    let quotes = parts.iter().map(|(_, quote)| quote.clone()).collect();
    parts.sort_by_key(|(saying, _)| *saying);
    let text = parts.iter().map(|(_, quote)| one_line(&quote.words)).collect::<Vec<_>>().join(" ");
    Answer::stated(Value::Text { text }, quotes)
}

/// "He's the VP of finance" says nothing without the sentence before it.
fn leans_back(index: usize, sayings: &[Saying<'_>]) -> Option<Candidate> {
    let home = &sayings[index];
    let before = index.checked_sub(1).filter(|before| sayings[*before].unit.n == home.unit.n && is_telling(&sayings[*before]))?;
    let states = matches!(sayings[before].manner, Manner::States | Manner::LeavesOpen);
    (states && PRONOUN.is_match(tidy(home.text))).then_some(Candidate { saying: before, score: 0.0, anchor: None })
}

fn cut(candidate: &Candidate, sayings: &[Saying<'_>]) -> Quote {
    let saying = &sayings[candidate.saying];
    let lead = saying.text.len() - tidy(saying.text).len();
    let anchor = candidate.anchor.map(|(at, _)| at.saturating_sub(lead));
    Quote { unit: saying.unit.n, words: around(tidy(saying.text), anchor, ITEM_WORDS).to_owned() }
}

/// Other good candidates of the same speaker in the same message; else what follows a short sentence in its turn.
fn more_sentences(best: &Candidate, candidates: &[Candidate], sayings: &[Saying<'_>]) -> Vec<Candidate> {
    let home = &sayings[best.saying];
    let is_alike = |other: &&Candidate| {
        let saying = &sayings[other.saying];
        let same_message = saying.unit.source == home.unit.source && saying.unit.message == home.unit.message;
        let same_voice = saying.unit.source == home.unit.source && saying.unit.speaker == home.unit.speaker;
        let near = same_message || same_voice && other.score >= 0.9 * best.score;
        other.saying != best.saying && other.anchor.is_some() && other.score >= 0.5 * best.score && near && is_telling(saying)
    };
    if let Some(before) = leans_back(best.saying, sayings) {
        return vec![before];
    }
    let alike: Vec<Candidate> = candidates.iter().filter(is_alike).take(2).copied().collect();
    if alike.is_empty() { what_follows(best.saying, sayings).into_iter().collect() } else { alike }
}

/// The sentence that a short one leans on: "The problem is the mailbox. Chefs send us …".
fn what_follows(index: usize, sayings: &[Saying<'_>]) -> Option<Candidate> {
    let (home, next) = (&sayings[index], sayings.get(index + 1)?);
    let leans = home.words() < 8
        && next.unit.n == home.unit.n
        && is_telling(next)
        && matches!(next.manner, Manner::States | Manner::LeavesOpen);
    leans.then_some(Candidate { saying: index + 1, score: 0.0, anchor: None })
}

/// Answers a list field with one item for each sentence that names some of it, in the order they were said.
pub(super) fn list_answer(candidates: &[Candidate], sayings: &[Saying<'_>]) -> Answer {
    let Some(best) = candidates.first() else { return Answer::not_stated() };
    let mut picked: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.score >= 0.55 * best.score && is_item(&sayings[candidate.saying]))
        .take(ITEMS)
        .collect();
    picked.sort_by_key(|candidate| candidate.saying);
    let mut lead = 0;
    let (mut items, mut quotes): (Vec<String>, Vec<Quote>) = (Vec::new(), Vec::new());
    for candidate in picked {
        let saying = &sayings[candidate.saying];
        let quote = cut(candidate, sayings);
        let mut item = one_line(&quote.words);
        if let Some(before) = leans_back(candidate.saying, sayings) {
            let before = cut(&before, sayings);
            // Its sentence before is an item already: the two are one.
            if let (true, Some(last)) = (quotes.last() == Some(&before), items.last_mut()) {
                *last = format!("{last} {item}");
                quotes.push(quote);
                continue;
            }
            item = format!("{} {item}", one_line(&before.words));
            quotes.push(before);
        }
        let repeats = items.iter().any(|other| other.contains(&item) || item.contains(other.as_str()));
        if says_nothing(&item) || repeats {
            continue;
        }
        if candidate.saying == best.saying {
            lead = quotes.len();
        }
        quotes.push(quote);
        if let Some(next) = what_follows(candidate.saying, sayings).filter(|_| saying.words() <= 6) {
            let next = cut(&next, sayings);
            item = format!("{item} {}", one_line(&next.words));
            quotes.push(next);
        }
        items.push(item);
    }
    if items.is_empty() {
        return Answer::not_stated();
    }
    Answer { lead, ..Answer::stated(Value::List { items }, quotes) }
}

/// "The list, in order of trouble:" only announces items.
fn is_item(saying: &Saying<'_>) -> bool {
    is_telling(saying) && !saying.text.trim_end().ends_with(':')
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
    // A few words more are better than half a sentence.
    if text.split_whitespace().count() <= limit + limit / 8 {
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
    let cut = text[start..end].trim();
    DANGLING.find(cut).map_or(cut, |dangling| &cut[..dangling.start()])
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

static PRONOUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:he|she|they|those|these|that|it)(?:['’](?:s|re|ll|d))?\s"));

static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?: [-*•·–—>\#]+\s+ | \(?\d{1,2}[.)]\s+ | \[[^\]]{0,40}\]\s*
        | (?:yeah|yes|yep|no|nope|okay|ok|right|sure|well|so|um+|uh+|erm|er|hmm+|hm|oh|ah|and|but|great|perfect|brilliant|lovely|cool|exactly|absolutely|of\scourse|honestly|look|listen|i\smean|you\sknow|let\sme\sthink|i\sthink|anyway|basically|thanks|thank\syou|hi|hello|hiya|hey|sorry|good\squestion|fair\senough|understood|got\sit|totally\sfair|makes\ssense)\b[,.!:;…]*(?:\s+|$)
        | (?:you\sknow\s)?what,\s+ )",
    )
});

/// What a cut leaves hanging: a comma, "and".
static DANGLING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)[\s,;–—-]+(?:(?:and|but|or|so|because|which|who|then)[\s,]*)?$"));

static CLAUSE_END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:[.!?;]\s+|,\s+(?:and|but|so|because|which|who|then)\s|\s[–—-]\s|,\s+)"));
