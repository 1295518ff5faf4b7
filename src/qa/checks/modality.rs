//! `hedges_agree`: what was said with a "might" or a "should be able to" is not told as certain, nor the reverse.

use super::negation::{Clause, clauses};
use super::quoted::{Quote, Quotes, has_word};
use super::{Claim, ClaimKind, Context, Found, claims, commitment_name};
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
            let is_plain = !quotes.found.iter().any(|quote| hedges(quote.around) || is_soft(quote));
            is_plain.then(|| (Warn, "nothing in the quote hedges, so the commitment is not `hedged`".to_owned()))
        }
        Firmness::Implied => None,
    }
}

/// Whether other words than a hedge leave a promise open. Beside a firm one "would" is about something else: "I'll come
/// back on what it would add".
fn is_soft(quote: &Quote<'_>) -> bool {
    let is_firm = mention::commitment_strength(quote.text) == Some(Firmness::Firm);
    has_word(quote.around, |word| match word {
        "if" | "maybe" => true,
        "should" | "ought" | "could" | "would" => !is_firm,
        _ => false,
    })
}

fn too_firm(quotes: &Quotes<'_>) -> Option<Problem> {
    let firm = |text: &str| mention::commitment_strength(text) == Some(Firmness::Firm);
    if quotes.found.iter().any(|quote| firm(quote.text) && !mention::is_hedged(quote.text)) {
        let hedged_beside = quotes.found.iter().all(|quote| mention::is_hedged(quote.around));
        return hedged_beside.then(|| (Warn, "the sentence around the quote hedges the promise".to_owned()));
    }
    let is_hedged = quotes.found.iter().all(|quote| hedges(quote.text) || is_expected(quote.text));
    // "I'd say" softens a sentence, and not always the promise in it.
    let promises = |quote: &Quote<'_>| mention::commitment_strength(quote.text) == Some(Firmness::Hedged);
    let severity = if quotes.found.iter().any(promises) { Block } else { Warn };
    is_hedged.then(|| (severity, "the quote hedges, so the commitment is `hedged`, not `firm`".to_owned()))
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
        if is_hedged && !stretches.iter().any(|text| hedges(text) || doubts(text, clause) || is_wish(clause, text)) {
            return Some("it hedges what nobody hedged".to_owned());
        }
        if !is_hedged && stretches.iter().all(|text| hedges(text) || leaves_open(text)) {
            return Some("it takes for certain what was said with a hedge".to_owned());
        }
    }
    None
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

/// Whether what a text says most like a clause is in doubt.
fn doubts(text: &str, clause: &str) -> bool {
    let wanted = Clause::new(clause);
    let parts = || clauses(text).map(|part| (part, Clause::new(part).shared_words(&wanted)));
    let most = parts().map(|(_, shared)| shared).max().unwrap_or_default();
    // Without a word in common it may be said in any part.
    let in_doubt = |part: &str| is_doubt(part) || part.ends_with('?') && text.contains(&format!("{part})"));
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

/// "They should be able to see it" for "I'd like to see it".
fn is_wish(clause: &str, text: &str) -> bool {
    let wishes = |word: &str| matches!(word, "i'd" | "we'd" | "want" | "wants" | "need" | "needs" | "like" | "must");
    has_word(clause, |word| word == "should") && has_word(text, wishes)
}
