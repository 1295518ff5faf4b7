//! `hedges_agree`: what was said with a "might" or a "should be able to" is not told as certain, nor the reverse.

use super::negation::{Clause, clauses};
use super::quoted::{Quote, Quotes, has_word};
use super::{Claim, ClaimKind, Context, Found, claims, commitment_name};
use crate::domain::brief::{Brief, Commitment, Firmness, Severity};
use crate::domain::mention;
use crate::qa::index::content_words;

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
            let is_soft = |word: &str| matches!(word, "should" | "ought" | "could" | "would" | "maybe" | "if");
            let is_plain = !quotes.found.iter().any(|quote| hedges(quote.around) || has_word(quote.around, is_soft));
            is_plain.then(|| (Warn, "nothing in the quote hedges, so the commitment is not `hedged`".to_owned()))
        }
        Firmness::Implied => None,
    }
}

fn too_firm(quotes: &Quotes<'_>) -> Option<Problem> {
    let firm = |text: &str| mention::commitment_strength(text) == Some(Firmness::Firm);
    if quotes.found.iter().any(|quote| firm(quote.text) && !mention::is_hedged(quote.text)) {
        let hedged_beside = quotes.found.iter().all(|quote| mention::is_hedged(quote.around));
        return hedged_beside.then(|| (Warn, "the sentence around the quote hedges the promise".to_owned()));
    }
    let is_hedged = quotes.found.iter().all(|quote| hedges(quote.text));
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

fn text_problem(context: &Context<'_>, claim: &Claim<'_>) -> Option<String> {
    if claim.kind == ClaimKind::Question {
        return None;
    }
    let quotes = Quotes::of(context, claim.evidence);
    for clause in clauses(claim.text) {
        if claim.text.contains(&format!("{clause}?")) {
            continue;
        }
        let softens = mention::is_hedged(clause);
        // "They may only mail him" permits.
        let permits = has_word(clause, |word| word == "only" || word == "not");
        let is_hedged = softens && !permits && has_word(clause, |word| MAYBE.contains(&word));
        if softens && !is_hedged {
            continue;
        }
        if !is_hedged && !says_surely(clause) {
            continue;
        }
        let stretches = stretches(context, claim, &quotes, clause);
        if stretches.is_empty() {
            continue;
        }
        if is_hedged && !stretches.iter().any(|text| hedges(text) || is_doubt(text) || is_wish(clause, text)) {
            return Some("it hedges what nobody hedged".to_owned());
        }
        if !is_hedged && stretches.iter().all(|text| hedges(text)) {
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

/// What makes a statement a possibility. "Expects" and "plans" tell what somebody does.
const MAYBE: [&str; 11] =
    ["may", "might", "maybe", "perhaps", "probably", "possibly", "hopefully", "should", "try", "hope", "hopes"];

/// "Will", "confirmed": leaves no doubt.
fn says_surely(clause: &str) -> bool {
    const SURE: [&str; 8] = ["will", "confirmed", "certain", "certainly", "definitely", "guaranteed", "committed", "surely"];
    has_word(clause, |word| SURE.contains(&word))
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
