//! `negations_agree`: what the brief denies somebody denied, and what it says nobody denied.
//!
//! Negation is compared clause by clause: "Sage, and spreadsheets for everything Sage can't do" says yes to Sage.

use std::cell::OnceCell;
use std::sync::LazyLock;

use regex::Regex;

use super::grounding::each_claim;
use super::quoted::{has_word, is_alike};
use super::{Claim, ClaimKind, Context, Found, claims};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Severity};
use crate::domain::event::SourceType;
use crate::domain::mention;
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

pub(super) fn negations_agree(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    each_claim(brief, |claim| {
        let mut problems = Vec::new();
        if claim.kind == ClaimKind::Question {
            return problems;
        }
        let own: Vec<Clause<'_>> = clauses(claim.text).map(Clause::new).collect();
        if own.iter().any(|clause| denies_alone(context, claim, clause)) {
            problems.push((Severity::Warn, "it denies something that no matching passage denies".to_owned()));
        }
        let quotes = claim.evidence.iter().filter(|one| one.span.is_some()).map(|one| context.around(one));
        let plain = quotes.filter(|text| !is_conditional(text));
        let quoted: Vec<Clause<'_>> = plain.flat_map(clauses).map(Clause::new).collect();
        if problems.is_empty() {
            problems.extend(turned(context, claim).map(|message| (Severity::Warn, message.to_owned())));
        }
        if problems.is_empty() && claim.kind == ClaimKind::Headline {
            problems.extend(turned_answer(brief, &own).map(|message| (Severity::Warn, message.to_owned())));
        }
        if problems.is_empty() && own.iter().any(|clause| brings(clause, &quoted)) {
            problems.push((Severity::Warn, "its quote denies what it says".to_owned()));
        }
        if problems.is_empty() {
            let contradicted = own.iter().find_map(|clause| match claim.kind {
                ClaimKind::Headline => against(&most_like(context, clause), claim.kind, clause),
                ClaimKind::Saying | ClaimKind::Item => against(&quoted, claim.kind, clause),
                ClaimKind::Question => None,
            });
            let answered = || claim.evidence.iter().filter_map(|one| reply_to(context, one)).any(|reply| says_no(&reply.text));
            let contradicted = contradicted.filter(|message| *message != PLAIN_SAID || !answered());
            problems.extend(contradicted.map(|message| (Severity::Warn, message.to_owned())));
        }
        problems
    })
}

/// A part of a sentence; what it says is worked out when first asked for.
pub(super) struct Clause<'a> {
    text: &'a str,
    denies: OnceCell<bool>,
    words: OnceCell<Vec<String>>,
}

impl<'a> Clause<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, denies: OnceCell::new(), words: OnceCell::new() }
    }

    fn denies(&self) -> bool {
        *self.denies.get_or_init(|| mention::is_negated(self.text))
    }

    fn says_no(&self) -> bool {
        self.denies() || IMPLIED.is_match(self.text)
    }

    fn words(&self) -> &[String] {
        self.words.get_or_init(|| content_words(self.text))
    }

    pub(super) fn shared_words(&self, other: &Self) -> usize {
        self.words().iter().filter(|word| other.words().contains(word)).count()
    }
}

/// A denial, also one without a "not".
fn says_no(text: &str) -> bool {
    Clause::new(text).says_no()
}

/// Sentences cut at what joins clauses. A comma without a blank is part of a number.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        let joint =
            r"(?i-u)[,;:.!?)]\s+|\(|\s--?\s|\s(?:and|but|so|because|although|though|while|which|who|where|until|otherwise|if)\s";
        Regex::new(joint).expect("a pattern that is part of the program")
    });
    JOINT.split(text).filter(|clause| !clause.trim().is_empty())
}

/// A clause denies, and none of the passages that it could rest on does.
fn denies_alone(context: &Context<'_>, claim: &Claim<'_>, clause: &Clause<'_>) -> bool {
    let denies = clause.denies() && !mention::is_hedged(clause.text);
    if !denies || clause.words().len() < 2 || names_a_gap(clause.text) {
        return false;
    }
    let best = context.index().best(clause.words(), 4);
    let quotes = claim.evidence.iter().map(|one| context.around(one));
    let replies = claim.evidence.iter().filter_map(|one| reply_to(context, one)).map(|unit| unit.text.as_str());
    let mut passages = best.iter().map(|(number, _)| context.sentence(*number));
    let denies_it = |text: &str| clauses(text).map(Clause::new).any(|one| one.says_no() && one.shared_words(clause) > 0);
    !best.is_empty() && !passages.any(denies_it) && !quotes.chain(replies).any(|text| Clause::new(text).says_no())
}

/// What a claim turns around, word by word.
fn turned(context: &Context<'_>, claim: &Claim<'_>) -> Option<&'static str> {
    if claim.kind == ClaimKind::Headline {
        return clauses(claim.text).find_map(|clause| {
            let best = context.index().best(&content_words(clause), 3);
            let best: Vec<&str> = best.into_iter().map(|(number, _)| context.sentence(number)).collect();
            if !says_no(clause) && !best.iter().any(|text| says_no(text)) {
                return None;
            }
            let said: Vec<(String, Stand)> = best.into_iter().flat_map(|text| stands(text, Scope::Sentence)).collect();
            turns(&stands(clause, Scope::Clause), &said)
        });
    }
    let quotes = claim.evidence.iter().filter(|one| one.span.is_some()).map(|one| context.around(one));
    let quotes: Vec<&str> = quotes.collect();
    if !says_no(claim.text) && !quotes.iter().any(|text| says_no(text)) {
        return None;
    }
    let sentences =
        quotes.into_iter().flat_map(|text| mention::sentences(text).into_iter().map(|span| &text[span.start..span.end]));
    let told = stands(claim.text, Scope::Clause);
    // "Paid advertising" among the exclusions says nothing of its own.
    let is_label = claim.kind == ClaimKind::Item && told.len() < 5 && !has_verb(claim.text);
    if is_label {
        return None;
    }
    let said: Vec<(String, Stand)> = sentences.flat_map(|sentence| stands(sentence, Scope::Sentence)).collect();
    turns(&told, &said)
}

/// How far a denial makes doubtful what it does not deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Clause,
    Sentence,
}

fn has_verb(text: &str) -> bool {
    has_word(text, |word| matches!(word, "is" | "are" | "was" | "were" | "has" | "have" | "can" | "will" | "may" | "must"))
}

/// How a word stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// In a clause that denies nothing.
    Plain,
    /// Right behind a "not" or a "without".
    Denied,
    /// A word or two further behind it.
    Near,
    /// In a clause that denies something else, or in another way.
    Between,
}

/// The content words of a text, and how each stands there.
fn stands(text: &str, scope: Scope) -> Vec<(String, Stand)> {
    let mut all = Vec::new();
    let sentence_says_no = scope == Scope::Sentence && Clause::new(text).says_no();
    // "I will not sign if …" denies nothing yet.
    let is_conditional = scope == Scope::Sentence && is_conditional(text);
    for clause in clauses(text) {
        let says_no = sentence_says_no || Clause::new(clause).says_no();
        let denials = if says_no { mention::denials(clause) } else { Vec::new() };
        let mut denied = 0_usize;
        for_each_word(clause, |word, span| {
            if denials.iter().any(|one| one.start <= span.start && span.start < one.end) {
                denied = REACH;
                return;
            }
            if is_stop_word(word) {
                // "What isn't included is …": the denial ends with its verb.
                if matches!(word, "is" | "are" | "was" | "were") && denied < REACH {
                    denied = 0;
                }
                return;
            }
            let stand = match (denied, says_no) {
                (REACH, _) if !is_conditional => Stand::Denied,
                (0, false) => Stand::Plain,
                (0, true) | (REACH, _) => Stand::Between,
                _ => Stand::Near,
            };
            denied = denied.saturating_sub(1);
            all.push((stem(word).to_owned(), stand));
        });
    }
    all
}

fn is_conditional(text: &str) -> bool {
    has_word(text, |word| matches!(word, "if" | "unless" | "until"))
}

/// So many content words a denial reaches over.
const REACH: usize = 3;

/// Whether a claim turns around what is said with the same words.
fn turns(claim: &[(String, Stand)], said: &[(String, Stand)]) -> Option<&'static str> {
    let stands_only = |word: &str, wanted: &[Stand]| {
        let mut there = said.iter().filter(|(other, _)| is_alike(other, word)).map(|(_, stand)| *stand).peekable();
        there.peek().is_some() && there.all(|stand| wanted.contains(&stand))
    };
    let is_denied = |stand: Stand| matches!(stand, Stand::Denied | Stand::Near);
    let is_known = |word: &str| said.iter().any(|(other, _)| is_alike(other, word));
    let denied: Vec<&String> =
        claim.iter().filter(|(word, stand)| is_denied(*stand) && is_known(word)).map(|(word, _)| word).collect();
    // "Not agreed" alone is the writer's own word for a gap.
    let tells = denied.iter().any(|word| !names_a_gap(word));
    if tells && denied.iter().all(|word| stands_only(word, &[Stand::Plain])) {
        return Some("it denies what its passage says");
    }
    let is_turned = claim.iter().any(|(word, stand)| *stand == Stand::Plain && stands_only(word, &[Stand::Denied]));
    is_turned.then_some("it says what its passage denies")
}

/// "No budget agreed", "not yet confirmed": what the writer looked for and did not find stands in no passage.
fn names_a_gap(clause: &str) -> bool {
    const GAPS: [&str; 14] = [
        "agreed",
        "stated",
        "promised",
        "named",
        "known",
        "decided",
        "answered",
        "confirmed",
        "asked",
        "said",
        "mentioned",
        "settled",
        "specified",
        "given",
    ];
    clause.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let word = word.to_lowercase();
        GAPS.iter().any(|gap| gap.starts_with(stem(&word)) && stem(gap) == stem(&word))
    })
}

/// What was answered in a call: an offer is declined in the next turn.
fn reply_to<'a>(context: &Context<'a>, evidence: &Evidence) -> Option<&'a Unit> {
    let asked = context.unit_of(evidence)?;
    let reply = context.excerpt.unit(asked.n + 1)?;
    let is_reply = reply.source == asked.source && reply.speaker != asked.speaker;
    (asked.source_type == SourceType::CallTranscript && is_reply).then_some(reply)
}

static IMPLIED: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\b(?:miss(?:ed|ing)?|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|hard\s+to|difficult|unable|against|reject(?:s|ed)?|stop(?:s|ped)?|drop(?:ped)?|tbd|free|rather\s+than|instead\s+of|except|apart\s+from|other\s+than|on\s+the\s+house)\b";
    Regex::new(words).expect("a pattern that is part of the program")
});

/// A clause of the headline that turns around an answer of the same brief, with two words or more of it.
fn turned_answer(brief: &Brief, headline: &[Clause<'_>]) -> Option<&'static str> {
    let answers = claims(brief);
    let answers = answers.iter().filter(|one| matches!(one.kind, ClaimKind::Saying | ClaimKind::Item));
    let denying: Vec<Clause<'_>> = answers
        .flat_map(|one| clauses(one.text))
        .map(Clause::new)
        .filter(|one| one.denies() && !is_conditional(one.text))
        .collect();
    let is_turned = |clause: &Clause<'_>| {
        let alike = denying.iter().filter(|one| one.shared_words(clause) >= 2);
        let said: Vec<(String, Stand)> = alike.flat_map(|one| stands(one.text, Scope::Clause)).collect();
        !said.is_empty() && turns(&stands(clause.text, Scope::Clause), &said).is_some()
    };
    headline.iter().filter(|clause| !clause.says_no()).any(is_turned).then_some("an answer denies what it says")
}

/// "With a download", "at a charge" of what comes without.
fn brings(clause: &Clause<'_>, quoted: &[Clause<'_>]) -> bool {
    static BRINGS: LazyLock<Regex> = LazyLock::new(|| {
        let words = r"(?i-u)\b(?:with|at)(?:\s+(?:a|an|the|extra|additional))*\s+([a-z]{3,})";
        Regex::new(words).expect("a pattern that is part of the program")
    });
    if clause.says_no() || !quoted.iter().any(Clause::says_no) {
        return false;
    }
    BRINGS.captures_iter(clause.text).any(|found| {
        let brought = found[1].to_lowercase();
        let is_price = matches!(brought.as_str(), "charge" | "cost" | "fee");
        let is_free = |one: &Clause<'_>| is_price && FREE.is_match(one.text);
        let is_it = |other: &str| stem(&other.to_lowercase()) == stem(&brought);
        let goes_without = |one: &Clause<'_>| WITHOUT.captures_iter(one.text).any(|other| is_it(&other[1]));
        let speaks_of_it = |one: &&Clause<'_>| is_free(one) || one.words().iter().any(|word| word == stem(&brought));
        let mut all = quoted.iter().filter(speaks_of_it).peekable();
        all.peek().is_some() && all.all(|one| is_free(one) || goes_without(one))
    })
}

static FREE: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\b(?:on the house|for free|free of charge|for nothing)\b";
    Regex::new(words).expect("a pattern that is part of the program")
});

static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\b(?:no|without)(?:\s+(?:a|an|any|the|extra|additional))*\s+([a-z]{3,})";
    Regex::new(words).expect("a pattern that is part of the program")
});

const PLAIN_SAID: &str = "it denies what its passage says";

/// The clauses of the sentences that are most like one of the headline.
fn most_like<'a>(context: &'a Context<'_>, clause: &Clause<'_>) -> Vec<Clause<'a>> {
    let best = context.index().best(clause.words(), 3).into_iter().map(|(number, _)| context.sentence(number));
    best.filter(|text| !is_conditional(text)).flat_map(clauses).map(Clause::new).collect()
}

/// What a clause has against it in the clauses that it rests on.
fn against(said: &[Clause<'_>], kind: ClaimKind, clause: &Clause<'_>) -> Option<&'static str> {
    if clause.denies() {
        return denies_closest(said, clause).then_some(PLAIN_SAID);
    }
    (said.iter().any(Clause::denies) && is_denied_by(said, kind, clause)).then_some("its quote denies what it says")
}

/// A clause denies, and the one that holds most of its words says it plainly.
fn denies_closest(said: &[Clause<'_>], clause: &Clause<'_>) -> bool {
    if clause.words().len() < 2 || mention::is_hedged(clause.text) || names_a_gap(clause.text) {
        return false;
    }
    // A denial with one word of it may be its own: "the guide, at no extra cost".
    let is_denied = said.iter().any(|one| one.shared_words(clause) > 0 && one.says_no());
    let plain = said.iter().map(|one| one.shared_words(clause)).max().unwrap_or_default();
    !is_denied && plain >= 2 && plain * 3 >= clause.words().len() * 2
}

/// A clause affirms what the quoted clause denies that is closest to it and holds most of its words.
fn is_denied_by(quoted: &[Clause<'_>], kind: ClaimKind, clause: &Clause<'_>) -> bool {
    let least = match kind {
        ClaimKind::Saying => 2,
        ClaimKind::Item => 4,
        ClaimKind::Headline => 3,
        ClaimKind::Question => return false,
    };
    if clause.says_no() || clause.words().len() < least {
        return false;
    }
    // Of equals an affirming one is the closest.
    let closest = quoted.iter().max_by_key(|one| (one.shared_words(clause), !one.denies()));
    closest.is_some_and(|one| one.denies() && one.shared_words(clause) * 3 >= clause.words().len() * 2)
}

#[cfg(test)]
mod tests {
    use super::{Clause, clauses};

    #[test]
    fn sentences_are_cut_where_clauses_are_joined() {
        let all: Vec<&str> = clauses("We use Sage 200 and, for 1,000 things Sage can't do, paper. That is it").collect();
        assert_eq!(all, ["We use Sage 200 and", "for 1,000 things Sage can't do", "paper", "That is it"]);
    }

    #[test]
    fn a_denial_needs_no_not() {
        assert!(Clause::new("It's hard to get people to use it.").says_no());
        assert!(Clause::new("Apologies for missing the call.").says_no());
        assert!(!Clause::new("We stick to the plan.").says_no());
    }
}
