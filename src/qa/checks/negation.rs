//! `negations_agree`: what the brief denies somebody denied, and what it says nobody denied.
//!
//! Negation is compared clause by clause: "Sage, and spreadsheets for everything Sage can't do" says yes to Sage.

use std::cell::OnceCell;
use std::sync::LazyLock;

use regex::Regex;

use super::grounding::each_claim;
use super::{Claim, ClaimKind, Context, Found};
use crate::context::Unit;
use crate::domain::brief::{Brief, Evidence, Severity};
use crate::domain::event::SourceType;
use crate::domain::mention;
use crate::qa::index::content_words;

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
        let quotes = claim.evidence.iter().filter(|one| one.span.is_some());
        let quoted: Vec<Clause<'_>> = quotes.flat_map(|one| clauses(context.around(one))).map(Clause::new).collect();
        if quoted.iter().any(Clause::denies) && own.iter().any(|clause| is_denied_by(&quoted, claim.kind, clause)) {
            problems.push((Severity::Warn, "its quote denies what it says".to_owned()));
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

    /// A denial, also one without a "not".
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
    clause.split(|c: char| !c.is_alphanumeric()).any(|word| GAPS.contains(&word.to_lowercase().as_str()))
}

/// What was answered in a call: an offer is declined in the next turn.
fn reply_to<'a>(context: &Context<'a>, evidence: &Evidence) -> Option<&'a Unit> {
    let asked = context.unit_of(evidence)?;
    let reply = context.excerpt.unit(asked.n + 1)?;
    let is_reply = reply.source == asked.source && reply.speaker != asked.speaker;
    (asked.source_type == SourceType::CallTranscript && is_reply).then_some(reply)
}

static IMPLIED: LazyLock<Regex> = LazyLock::new(|| {
    let words = r"(?i-u)\b(?:miss(?:ed|ing)?|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|hard\s+to|difficult|unable|against|reject(?:s|ed)?|stop(?:s|ped)?|drop(?:ped)?|tbd|free|on\s+the\s+house)\b";
    Regex::new(words).expect("a pattern that is part of the program")
});

/// A clause affirms what the quoted clause denies that is closest to it and holds most of its words.
fn is_denied_by(quoted: &[Clause<'_>], kind: ClaimKind, clause: &Clause<'_>) -> bool {
    let least = match kind {
        ClaimKind::Saying => 2,
        ClaimKind::Item => 4,
        ClaimKind::Headline | ClaimKind::Question => return false,
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
