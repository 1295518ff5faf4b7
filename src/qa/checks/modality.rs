//! `hedges_agree`: what was said with a "might" or a "should be able to" is not told as certain, nor the reverse.

use super::foreign::is_english;
use super::negation::{Clause, clauses};
use super::quoted::{Quote, Quotes, has_word};
use super::{Claim, ClaimKind, Context, Found, Reading, claims, commitment_name};
use crate::domain::brief::{Brief, Commitment, Firmness, Severity};
use crate::domain::mention;
use crate::qa::index::{content_words, for_each_word};

use Severity::{Block, Warn};

type Problem = (Severity, String);

pub(super) fn hedges_agree(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    let mut found = Vec::new();
    for (i, promise) in brief.commitments.iter().enumerate() {
        let part = commitment_name(i);
        let problem = firmness_problem(&Quotes::of(context, &promise.evidence), promise);
        let place = format!("{part}.firmness");
        found.extend(problem.map(|(severity, message)| Found::new(severity, &part, message).mend_at(place)));
    }
    for claim in claims(brief) {
        let problem = text_problem(context, &claim);
        found.extend(problem.map(|message| Found::new(Warn, &claim.part, message).mend_at(&claim.place)));
    }
    found
}

/// A promise is as firm as its words.
fn firmness_problem(quotes: &Quotes<'_>, promise: &Commitment) -> Option<Problem> {
    if quotes.found.is_empty() {
        return None;
    }
    match promise.firmness {
        Firmness::Firm => too_firm(quotes),
        Firmness::Hedged => {
            let is_plain = !quotes.found.iter().any(|quote| hedges(quote.around)) && !is_left_open(quotes);
            is_plain.then(|| (Warn, "nothing in the quote hedges, so the commitment is not `hedged`".to_owned()))
        }
        Firmness::Implied => None,
    }
}

/// Whether a condition or other words than a hedge leave a promise open.
fn is_left_open(quotes: &Quotes<'_>) -> bool {
    let has_condition = |quote: &Quote<'_>| {
        let is_condition = |word: &str| quote.reading != Reading::English && CONDITIONS_ELSEWHERE.contains(&word);
        has_word(quote.around, |word| matches!(word, "if" | "maybe") || is_condition(word))
    };
    quotes.found.iter().any(has_condition) || is_soft(quotes)
}

/// Beside a firm promise "would" and "could" are about something else: "I'll come back on what it would add", "Could it
/// have our number on it?" before "I'll get that put on".
fn is_soft(quotes: &Quotes<'_>) -> bool {
    let is_open = |word: &str| matches!(word, "should" | "ought" | "could" | "would");
    let is_firm = quotes.found.iter().any(|quote| is_firm(quote.text));
    quotes.found.iter().any(|quote| hedges_elsewhere(quote, quote.around) || !is_firm && has_word(quote.around, is_open))
}

/// Hedges of the other languages that are read, one by one: a quote may be too short to tell its language.
fn hedges_elsewhere(quote: &Quote<'_>, text: &str) -> bool {
    quote.reading != Reading::English && has_word(text, |word| HEDGES_ELSEWHERE.contains(&word))
}

const HEDGES_ELSEWHERE: [&str; 36] = [
    "vielleicht",
    "hoffentlich",
    "voraussichtlich",
    "wahrscheinlich",
    "vermutlich",
    "eventuell",
    "müsste",
    "müssten",
    "könnte",
    "könnten",
    "dürfte",
    "dürften",
    "sollte",
    "sollten",
    "würde",
    "würden",
    "misschien",
    "hopelijk",
    "waarschijnlijk",
    "vermoedelijk",
    "wellicht",
    "zou",
    "zouden",
    "normalement",
    "probablement",
    "pourrait",
    "pourrions",
    "devrait",
    "devrions",
    "quizás",
    "quizá",
    "probablemente",
    "posiblemente",
    "podría",
    "podríamos",
    "debería",
];

const CONDITIONS_ELSEWHERE: [&str; 10] = ["wenn", "falls", "sofern", "als", "indien", "mits", "si", "s'il", "s'ils", "depende"];

fn is_firm(text: &str) -> bool {
    mention::commitment_strength(text) == Some(Firmness::Firm)
}

fn too_firm(quotes: &Quotes<'_>) -> Option<Problem> {
    if quotes.found.iter().any(|quote| is_firm(quote.text) && !mention::is_hedged(quote.text)) {
        // In other languages a sentence is no clause: "das müsste es geben, und das kläre ich ab".
        let is_beside = |quote: &Quote<'_>| quote.reading == Reading::English && mention::is_hedged(quote.around);
        let hedged_beside = quotes.found.iter().all(is_beside);
        return hedged_beside.then(|| (Warn, "the sentence around the quote hedges the promise".to_owned()));
    }
    let is_hedged = |quote: &Quote<'_>| hedges(quote.text) || is_expected(quote.text) || hedges_elsewhere(quote, quote.text);
    let is_foreign = |quote: &&Quote<'_>| quote.reading != Reading::English;
    // A hedge in one sentence leaves the promise in another as firm as it is.
    if quotes.found.iter().filter(is_foreign).any(|quote| each_sentence(quote.text).any(is_firm)) {
        return None;
    }
    let (hedged, others): (Vec<&Quote<'_>>, Vec<&Quote<'_>>) = quotes.found.iter().partition(|quote| is_hedged(quote));
    // What is quoted beside it may say when or why, and nothing of a promise.
    if hedged.is_empty() || others.into_iter().any(|quote| quote.reading != Reading::English || may_promise(quote.text)) {
        return None;
    }
    // "I'd say" softens a sentence, and not always the promise in it.
    let promises = |quote: &&Quote<'_>| mention::commitment_strength(quote.text) == Some(Firmness::Hedged);
    let is_all = hedged.len() == quotes.found.len();
    let severity = if is_all && hedged.iter().any(promises) { Block } else { Warn };
    Some((severity, "the quote hedges, so the commitment is `hedged`, not `firm`".to_owned()))
}

fn each_sentence(text: &str) -> impl Iterator<Item = &str> {
    mention::sentences(text).into_iter().map(|span| &text[span.start..span.end])
}

/// Whether a quote could be the promise, as far as its words tell.
fn may_promise(text: &str) -> bool {
    let agrees = |word: &str| {
        let will = matches!(word, "will" | "shall" | "going" | "promise" | "promised" | "done" | "yes" | "yeah" | "sure" | "ok");
        will || matches!(word, "okay" | "fine" | "happy" | "works" | "deal" | "agreed") || word.ends_with("'ll")
    };
    mention::commitment_strength(text).is_some() || has_word(text, agrees)
}

fn hedges(text: &str) -> bool {
    // "I'd say, I come back on this" promises.
    let text = &text.to_lowercase().replace('’', "'").replace("i'd say", "");
    mention::is_hedged(text) || mention::commitment_strength(text) == Some(Firmness::Hedged)
}

/// "The connector should be out by May": expected, not promised.
fn is_expected(text: &str) -> bool {
    text.to_lowercase().contains("should be ")
}

/// What is expected or wished for is not yet so.
fn leaves_open(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    is_expected(&lower) || ["'d like", "would like"].iter().any(|wish| lower.contains(wish))
}

fn text_problem(context: &Context<'_>, claim: &Claim<'_>) -> Option<String> {
    if claim.kind == ClaimKind::Question {
        return None;
    }
    let quotes = Quotes::of(context, claim.evidence);
    if is_promise(claim) && is_attempt(claim.text) && !quotes.found.is_empty() {
        let is_hedged = quotes.found.iter().any(|quote| hedges(quote.around)) || is_soft(&quotes);
        return (!is_hedged || quotes.found.iter().any(|quote| is_firm(quote.text))).then(|| HEDGED.to_owned());
    }
    if !context.foreign_sources().is_empty() && !is_english(claim.text) {
        return hedged_elsewhere(&quotes, claim.text);
    }
    for clause in clauses(claim.text) {
        if claim.text.contains(&format!("{clause}?")) {
            continue;
        }
        let is_hedged = is_possible(clause);
        if !is_hedged && (mention::is_hedged(clause) || !says_surely(clause)) {
            continue;
        }
        let stretches = stretches(context, claim, &quotes, clause);
        if stretches.is_empty() {
            continue;
        }
        let softens = |text: &str| match claim.kind {
            // What a headline rests on is only likely: a hedge elsewhere in it says nothing.
            ClaimKind::Headline => hedges_it(text, clause),
            ClaimKind::Saying | ClaimKind::Item | ClaimKind::Question => hedges(text),
        };
        let is_open = |text: &str| softens(text) || doubts(text, clause) || is_wish(clause, text) || is_limit(clause, text);
        if is_hedged && !stretches.iter().any(|text| is_open(text)) {
            return Some(HEDGED.to_owned());
        }
        if !is_hedged && stretches.iter().all(|text| hedges(text) || leaves_open(text)) {
            return Some("it takes for certain what was said with a hedge".to_owned());
        }
    }
    None
}

const HEDGED: &str = "it hedges what nobody hedged";

fn is_promise(claim: &Claim<'_>) -> bool {
    claim.part.starts_with("commitments[")
}

/// "Try to send it", for something promised.
fn is_attempt(text: &str) -> bool {
    const ATTEMPTS: [&str; 10] =
        ["versuchen", "versucht", "versuch", "proberen", "probeert", "essayer", "essaiera", "tenter", "intentar", "intentará"];
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_lowercase();
    ATTEMPTS.contains(&first.as_str()) || matches!(first.as_str(), "try" | "trying") && words.next() == Some("to")
}

/// A text in another language than English is taken whole: its clauses are too short to tell their language.
fn hedged_elsewhere(quotes: &Quotes<'_>, text: &str) -> Option<String> {
    let is_open = |quote: &Quote<'_>| mention::is_hedged(&quote.unit.text) || quote.unit.text.contains('?');
    let is_hedged = mention::is_hedged(text) && !quotes.found.is_empty() && !quotes.found.iter().any(is_open);
    is_hedged.then(|| HEDGED.to_owned())
}

/// What a clause rests on: its quotes with the passages they stand in; of a headline the sentences most like it.
fn stretches<'s>(context: &'s Context<'_>, claim: &Claim<'_>, quotes: &'s Quotes<'_>, clause: &str) -> Vec<&'s str> {
    if claim.kind == ClaimKind::Headline {
        let mut best = context.index().best(&content_words(clause), 3);
        let most = best.first().map_or(0.0, |(_, share)| *share);
        best.retain(|(_, share)| *share >= most * 0.7);
        return best.into_iter().map(|(number, _)| context.sentence(number)).collect();
    }
    let wanted = Clause::new(clause);
    let shared = |quote: &Quote<'_>| Clause::new(quote.around).shared_words(&wanted);
    let most = quotes.found.iter().map(shared).max().unwrap_or_default();
    quotes.found.iter().filter(|quote| shared(quote) == most).map(|quote| quote.around).collect()
}

/// What makes a statement a possibility, besides "may", "might" and their like. "Expects" and "plans" tell what somebody does.
const MAYBE: [&str; 5] = ["hopefully", "should", "try", "hope", "hopes"];

/// Whether a clause makes what it says a possibility. "They may only mail him" and "nobody may call" permit, and "should
/// not" advises.
fn is_possible(clause: &str) -> bool {
    // What a clause begins with is cut from its subject: "has no budget and may be only looking".
    let opens = clause.trim_start().strip_prefix("may ").is_some_and(|rest| rest.starts_with(char::is_lowercase));
    if !opens && !mention::is_hedged(clause) {
        return false;
    }
    let limits = has_word(clause, |word| matches!(word, "only" | "not"));
    let is_rule = has_word(clause, |word| matches!(word, "nobody" | "none" | "neither"));
    let (mut possible, mut after_may) = (false, false);
    for_each_word(clause, |word, _| {
        possible |= after_may && !matches!(word, "only" | "not") && (!is_rule || matches!(word, "be" | "have"));
        possible |= match word {
            "may" => false,
            "might" | "maybe" | "perhaps" | "probably" | "possibly" => true,
            _ => !limits && MAYBE.contains(&word),
        };
        after_may = word == "may";
    });
    possible
}

/// "Will", "confirmed": leaves no doubt.
fn says_surely(clause: &str) -> bool {
    const SURE: [&str; 8] = ["will", "confirmed", "certain", "certainly", "definitely", "guaranteed", "committed", "surely"];
    has_word(clause, |word| SURE.contains(&word))
}

/// Whether a text hedges in a part that shares a word with a clause.
fn hedges_it(text: &str, clause: &str) -> bool {
    let wanted = Clause::new(clause);
    clauses(text).any(|part| hedges(part) && Clause::new(part).shared_words(&wanted) > 0)
}

/// Whether what a text says most like a clause is in doubt.
fn doubts(text: &str, clause: &str) -> bool {
    let wanted = Clause::new(clause);
    let parts = || clauses(text).map(|part| (part, Clause::new(part).shared_words(&wanted)));
    let most = parts().map(|(_, shared)| shared).max().unwrap_or_default();
    // Without a word in common it may be said in any part.
    // "Tablets: still open": a label is in doubt with what is said of it.
    let after = |part: &str| &text[part.as_ptr() as usize - text.as_ptr() as usize + part.len()..];
    let is_open = |said: &str| ["still open", "open till", "open until", "unclear"].iter().any(|open| said.contains(open));
    let is_open_label = |part: &str| after(part).strip_prefix(": ").is_some_and(|said| clauses(said).next().is_some_and(is_open));
    let in_doubt =
        |part: &str| is_open_label(part) || is_doubt(part) || part.ends_with('?') && text.contains(&format!("{part})"));
    most == 0 && is_doubt(text) || parts().any(|(part, shared)| shared == most && in_doubt(part))
}

/// Doubt in other words than a hedge.
fn is_doubt(text: &str) -> bool {
    const DOUBTS: [&str; 13] = [
        "hard to",
        "difficult",
        "depend",
        "risk",
        "worr",
        "nervous",
        "afraid",
        "don't know",
        "do not know",
        "would",
        "could",
        "concern",
        "?)",
    ];
    let lower = text.to_lowercase();
    DOUBTS.iter().any(|doubt| lower.contains(doubt))
}

/// "They may each see only their own" for "they must see only their own": permits, and leaves nothing open.
fn is_limit(clause: &str, text: &str) -> bool {
    let limits = |word: &str| matches!(word, "must" | "only" | "allowed" | "allow" | "permission" | "permitted");
    let permits = !clause.contains("may be ") && !clause.contains("may have ");
    permits && has_word(clause, |word| word == "may") && has_word(clause, |word| word == "only") && has_word(text, limits)
}

/// "They should be able to see it" for "I'd like to see it".
fn is_wish(clause: &str, text: &str) -> bool {
    let wishes = |word: &str| matches!(word, "i'd" | "we'd" | "want" | "wants" | "need" | "needs" | "like" | "must");
    has_word(clause, |word| word == "should") && has_word(text, wishes)
}
