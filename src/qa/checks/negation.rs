//! `negations_agree`: what the brief denies somebody denied, and what it says nobody denied.
//!
//! Negation is compared clause by clause: "Sage, and spreadsheets for everything Sage can't do" says yes to Sage.

use std::cell::OnceCell;
use std::sync::LazyLock;

use regex::Regex;

use super::foreign::is_english;
use super::grounding::each_claim;
use super::polarity::{Scope, Standing, is_conditional, stands, turns};
use super::quoted::{Quotes, has_word};
use super::{Claim, ClaimKind, Context, Found, claims};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Severity, Span};
use crate::domain::event::SourceType;
use crate::domain::mention;
use crate::qa::index::{content_words, for_each_word, is_stop_word, stem};

pub(super) fn negations_agree(context: &Context<'_>, brief: &Brief) -> Vec<Found> {
    each_claim(brief, |claim| {
        let mut problems = Vec::new();
        if claim.kind == ClaimKind::Question {
            return problems;
        }
        if !context.foreign_sources().is_empty() {
            let quotes = Quotes::of(context, claim.evidence);
            if !quotes.are_english() || !is_english(claim.text) {
                problems.extend(turned_elsewhere(claim, &quotes).map(|message| (Severity::Warn, message.to_owned())));
                return problems;
            }
        }
        let own: Vec<Clause<'_>> = clauses(claim.text).map(Clause::new).collect();
        if own.iter().any(|clause| denies_alone(context, claim, clause)) {
            problems.push((Severity::Warn, DENIES_ALONE.to_owned()));
        }
        let quotes = claim.evidence.iter().filter(|one| one.span.is_some()).map(|one| context.around(one));
        let quoted: Vec<Clause<'_>> = quotes.flat_map(main_clauses).map(Clause::new).collect();
        if problems.is_empty() {
            problems.extend(turned(context, claim).map(|message| (Severity::Warn, message.to_owned())));
        }
        if problems.is_empty() && claim.kind == ClaimKind::Headline {
            problems.extend(turned_answer(brief, &own).map(|message| (Severity::Warn, message.to_owned())));
        }
        if problems.is_empty() && own.iter().any(|clause| insists(clause, context, claim)) {
            problems.push((Severity::Warn, "it insists on what its passage denies".to_owned()));
        }
        let brings_it = |clause: &Clause<'_>| match claim.kind {
            ClaimKind::Headline => brings(clause, &most_like(context, clause)),
            ClaimKind::Saying | ClaimKind::Item | ClaimKind::Question => brings(clause, &quoted),
        };
        if problems.is_empty() && own.iter().any(brings_it) {
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

    pub(super) fn says_no(&self) -> bool {
        self.denies() || IMPLIED.is_match(self.text)
    }

    /// "Not … without": what is denied twice is not denied.
    pub(super) fn denies_twice(&self) -> bool {
        self.text.contains("without ") && mention::denials(self.text).len() > 1
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

/// The clauses of a text; of one that makes a condition only those that say something whatever comes.
fn main_clauses(text: &str) -> impl Iterator<Item = &str> {
    let makes_condition = is_conditional(text);
    let is_main = move |clause: &&str| {
        let before = &text[..clause.as_ptr() as usize - text.as_ptr() as usize];
        let follows_if = before.trim_end().rsplit(' ').next().is_some_and(is_conditional);
        !makes_condition || !follows_if && !is_conditional(clause) && !mention::is_negated(clause)
    };
    clauses(text).filter(is_main)
}

/// A clause denies, and none of the passages that it could rest on does.
fn denies_alone(context: &Context<'_>, claim: &Claim<'_>, clause: &Clause<'_>) -> bool {
    let denies = clause.denies() && !mention::is_hedged(clause.text);
    if !denies || clause.words().len() < 2 || names_a_gap(clause.text) || has_word(clause.text, |word| word == "booked") {
        return false;
    }
    // "Without a connection" may be the writer's word for "offline".
    let is_without = |one: &Span| clause.text[one.start..one.end].eq_ignore_ascii_case("without");
    if mention::denials(clause.text).iter().all(is_without) {
        return false;
    }
    let best = context.index().best(clause.words(), 4);
    let quotes = claim.evidence.iter().map(|one| context.around(one));
    let replies = claim.evidence.iter().filter_map(|one| reply_to(context, one)).map(|unit| unit.text.as_str());
    let mut passages = best.iter().map(|(number, _)| context.sentence(*number));
    // A passage that is not quoted denies the same only if it shares more than a word with it.
    let least = if claim.kind.has_quotes() { 2 } else { 1 };
    let denies_it = |text: &str| clauses(text).map(Clause::new).any(|one| one.says_no() && one.shared_words(clause) >= least);
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
            // Of a sentence with the smaller part of its words it may be no more than a neighbour.
            let own = Clause::new(clause);
            let told = stands(clause, Scope::Clause);
            let is_turned = |text: &&str| {
                holds_most(Clause::new(text).shared_words(&own), own.words().len())
                    && turns(&told, &stands(text, Scope::Sentence)).is_some()
            };
            if !best.iter().any(is_turned) {
                return None;
            }
            let said: Vec<Standing> = best.into_iter().flat_map(|text| stands(text, Scope::Sentence)).collect();
            turns(&told, &said)
        });
    }
    let quotes = claim.evidence.iter().filter(|one| one.span.is_some()).map(|one| context.around(one));
    let quotes: Vec<&str> = quotes.collect();
    if !says_no(claim.text) && !quotes.iter().any(|text| says_no(text)) {
        return None;
    }
    let sentences =
        quotes.into_iter().flat_map(|text| mention::sentences(text).into_iter().map(|span| &text[span.start..span.end]));
    if is_label(claim) {
        return None;
    }
    let makes_condition = has_word(claim.text, |word| word == "without") && !is_conditional(claim.text);
    let scope = if makes_condition { Scope::Condition } else { Scope::Sentence };
    let said: Vec<Standing> = sentences.flat_map(|sentence| stands(sentence, scope)).collect();
    turns(&stands(claim.text, Scope::Clause), &said)
}

/// More than half of the words, or all but one.
fn holds_most(shared: usize, all: usize) -> bool {
    shared * 2 > all || shared > 0 && shared + 1 >= all
}

/// Whether an item is a bare name: "Paid advertising" among the exclusions says nothing of its own, "Gave a price" does.
fn is_label(claim: &Claim<'_>) -> bool {
    let mut words = 0;
    let (mut has_verb, mut is_second) = (false, false);
    for_each_word(claim.text, |word, _| {
        words += usize::from(!is_stop_word(word));
        has_verb |= matches!(word, "is" | "are" | "was" | "were" | "has" | "have" | "can" | "will" | "may" | "must");
        has_verb |= is_second && matches!(word, "a" | "an" | "the" | "some" | "his" | "her" | "its" | "their" | "our");
        is_second = words == 1 && !is_second && !is_stop_word(word);
    });
    claim.kind == ClaimKind::Item && words < 5 && !has_verb && !says_no(claim.text)
}

/// "No budget agreed", "not yet confirmed": what the writer looked for and did not find stands in no passage.
pub(super) fn names_a_gap(clause: &str) -> bool {
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
        let alike =
            denying.iter().filter(|one| one.shared_words(clause) >= 2 && one.shared_words(clause) * 3 >= clause.words().len());
        let said: Vec<Standing> = alike.flat_map(|one| stands(one.text, Scope::Clause)).collect();
        !said.is_empty() && turns(&stands(clause.text, Scope::Clause), &said).is_some()
    };
    headline.iter().filter(|clause| !clause.says_no()).any(is_turned).then_some("an answer denies what it says")
}

/// "They do want it" insists, and does so against a denial: one stands in what it rests on.
fn insists(clause: &Clause<'_>, context: &Context<'_>, claim: &Claim<'_>) -> bool {
    const VERBS: [&str; 23] = [
        "want",
        "need",
        "know",
        "have",
        "like",
        "think",
        "see",
        "expect",
        "accept",
        "allow",
        "fit",
        "agree",
        "believe",
        "mind",
        "seem",
        "understand",
        "use",
        "come",
        "go",
        "exist",
        "matter",
        "contain",
        "include",
    ];
    let (mut insists, mut after_do) = (false, false);
    for_each_word(clause.text, |word, _| {
        insists |= after_do && VERBS.contains(&word);
        after_do = matches!(word, "do" | "does" | "did");
    });
    let mut quotes = claim.evidence.iter().filter(|one| one.span.is_some()).map(|one| context.around(one));
    insists && !clause.text.contains('?') && quotes.any(mention::is_negated)
}

/// "With a download", "at a charge" of what comes without.
fn brings(clause: &Clause<'_>, quoted: &[Clause<'_>]) -> bool {
    static BRINGS: LazyLock<Regex> = LazyLock::new(|| {
        let words = r"(?i-u)\b(?:with|at)(?:\s+(?:a|an|the|some|extra|additional|his|her|its|their|our))*\s+([a-z]{3,})";
        Regex::new(words).expect("a pattern that is part of the program")
    });
    if !quoted.iter().any(Clause::says_no) {
        return false;
    }
    BRINGS.captures_iter(clause.text).any(|found| {
        let brought = found[1].to_lowercase();
        let is_price = matches!(brought.as_str(), "charge" | "cost" | "fee") && !clause.says_no();
        let is_free = |one: &Clause<'_>| is_price && FREE.is_match(one.text);
        let is_it = |one: &Clause<'_>, other: &str| {
            let is_taken_up = matches!(other, "that" | "this" | "it") && one.shared_words(clause) >= 2;
            stem(other) == stem(&brought) || is_taken_up
        };
        // "Nothing moves without it" and "everything moves with it" are the same.
        let is_even = |one: &Clause<'_>| (mention::denials(one.text).len() > 1) == clause.denies();
        let goes_without = |one: &Clause<'_>| {
            let mut all = WITHOUT.captures_iter(one.text);
            is_even(one) && all.any(|other| is_it(one, &other[1].to_lowercase()))
        };
        let speaks_of_it =
            |one: &&Clause<'_>| is_free(one) || one.words().iter().any(|word| word == stem(&brought)) || goes_without(one);
        // "Without that" takes up what was just named.
        let takes_up = |one: &Clause<'_>| goes_without(one) && one.shared_words(clause) >= 2 && !one.words().contains(&brought);
        if quoted.iter().any(takes_up) {
            return true;
        }
        let mut all = quoted.iter().filter(speaks_of_it).peekable();
        all.peek().is_some() && all.all(|one| is_free(one) || goes_without(one))
    })
}

static FREE: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\b(?:on the house|for free|free of charge|for nothing)\b";
    Regex::new(words).expect("a pattern that is part of the program")
});

static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\b(?:no|without)(?:\s+(?:a|an|any|the|extra|additional))*\s+([a-z]{2,})";
    Regex::new(words).expect("a pattern that is part of the program")
});

const DENIES_ALONE: &str = "it denies something that no matching passage denies";

const PLAIN_SAID: &str = "it denies what its passage says";

/// The clauses of the sentences that are most like one of the headline.
fn most_like<'a>(context: &'a Context<'_>, clause: &Clause<'_>) -> Vec<Clause<'a>> {
    let best = context.index().best(clause.words(), 3).into_iter().map(|(number, _)| context.sentence(number));
    best.flat_map(main_clauses).map(Clause::new).collect()
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
    let holds_most =
        |one: &&Clause<'_>| one.denies() && !one.denies_twice() && one.shared_words(clause) * 3 >= clause.words().len() * 2;
    closest.filter(holds_most).is_some_and(|one| !places_elsewhere(one.text) || PLACED.is_match(clause.text))
}

/// "It's not in your Core package" denies nothing of the package.
fn places_elsewhere(text: &str) -> bool {
    let denials = mention::denials(text);
    denials.last().is_some_and(|last| PLACED.find(&text[last.end..]).is_some_and(|place| place.start() == 0))
}

static PLACED: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\s(?:in|on|at|from|part\s+of|contains?|includes?)\s";
    Regex::new(words).expect("a pattern that is part of the program")
});

/// A text in another language than English, or over one, is taken whole: clauses are too short to tell their language.
fn turned_elsewhere(claim: &Claim<'_>, quotes: &Quotes<'_>) -> Option<&'static str> {
    let denies = |text: &str| mention::is_negated(text) || has_word(text, |word| LACKS_ELSEWHERE.contains(&word));
    let is_denied = || quotes.found.iter().any(|quote| denies(&quote.unit.text));
    let is_alone = claim.kind == ClaimKind::Saying && !quotes.found.is_empty() && denies(claim.text) && !is_denied();
    is_alone.then_some(DENIES_ALONE)
}

/// "Is missing" in the other languages that are read.
const LACKS_ELSEWHERE: [&str; 8] = ["fehlt", "fehlen", "ontbreekt", "ontbreken", "manque", "manquent", "falta", "faltan"];

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
