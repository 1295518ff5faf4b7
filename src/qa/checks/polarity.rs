//! How the words of a text stand: plainly, or within the reach of a denial. Two texts are compared word by word.

use std::sync::LazyLock;

use regex::Regex;

use super::negation::{Clause, clauses, names_a_gap};
use super::quoted::{has_word, is_alike};
use crate::domain::mention;
use crate::qa::index::{for_each_word, is_stop_word, stem};

/// How far a denial makes doubtful what it does not deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Clause,
    Sentence,
    /// The same, for what is compared with a claim that makes a condition too: "not signed without a test" for "if it is
    /// not tested, I will not sign".
    Condition,
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

/// A content word of a text.
pub(super) struct Standing {
    word: String,
    stand: Stand,
    /// "In your package": what is denied by "it's not in your package" is not the package.
    is_placed: bool,
}

/// So many content words a denial reaches over.
const REACH: usize = 3;

/// The content words of a text, and how each stands there.
pub(super) fn stands(text: &str, scope: Scope) -> Vec<Standing> {
    let mut all = Vec::new();
    let sentence_says_no = scope != Scope::Clause && Clause::new(text).says_no();
    // "I will not sign if …" denies nothing yet.
    let is_open = scope == Scope::Sentence && is_conditional(text);
    for clause in clauses(text) {
        let told = Clause::new(clause);
        let says_no = sentence_says_no || told.says_no();
        let denials = if says_no { mention::denials(clause) } else { Vec::new() };
        // What stands before "without" is not denied by it.
        let without = clause.find("without ").filter(|_| denials.len() == 1 && !sentence_says_no);
        let is_answered_no = sentence_says_no && is_answered_no(text, clause);
        let is_double = told.denies_twice();
        let is_only_thought = is_only_thought(text, clause);
        let mut denied = 0_usize;
        let mut is_placed = false;
        for_each_word(clause, |word, span| {
            if denials.iter().any(|one| one.start <= span.start && span.start < one.end) {
                denied = REACH;
                is_placed = false;
                return;
            }
            // "Not all of it is typing", "not only the depots": some of it is.
            if denied == REACH && PARTS.contains(&word) {
                denied = 0;
                return;
            }
            if is_stop_word(word) {
                // "What isn't included is …": the denial ends with its verb.
                if matches!(word, "is" | "are" | "was" | "were") && denied < REACH {
                    denied = 0;
                }
                // The "on" of "sign-on" places nothing.
                let stands_free = !clause[..span.start].ends_with('-');
                is_placed |= stands_free && matches!(word, "in" | "on" | "at" | "of" | "from" | "with" | "for");
                is_placed &= !matches!(word, "is" | "are" | "was" | "were" | "be");
                return;
            }
            let stand = match (denied, says_no) {
                _ if is_answered_no => Stand::Denied,
                _ if is_double || is_only_thought => Stand::Between,
                (REACH, _) if !is_open => Stand::Denied,
                (0, false) => Stand::Plain,
                (0, true) if without.is_some_and(|at| span.start < at) => Stand::Plain,
                (0, true) | (REACH, _) => Stand::Between,
                _ => Stand::Near,
            };
            denied = denied.saturating_sub(1);
            all.push(Standing { word: stem(word).to_owned(), stand, is_placed });
            is_placed = false;
        });
    }
    all
}

/// What a denial is followed by that leaves a part of the thing.
const PARTS: [&str; 12] =
    ["all", "every", "everything", "everybody", "everyone", "both", "each", "only", "just", "always", "entirely", "necessarily"];

/// "Otherwise they go back to calling", "so that they needn't": what is to be kept from happening, or is wished for.
fn is_only_thought(text: &str, clause: &str) -> bool {
    let opens = |text: &str, joint: &str| text.get(..joint.len()).is_some_and(|start| start.eq_ignore_ascii_case(joint));
    // What joins two clauses is cut off, unless a mark stands before it.
    let before = text[..clause.as_ptr() as usize - text.as_ptr() as usize].trim_end();
    let joint = before.rsplit(' ').next().unwrap_or_default();
    opens(clause, "otherwise ")
        || opens(joint, "otherwise")
        || opens(clause, "so that ")
        || opens(joint, "so") && opens(clause, "that ")
}

/// "Credit: none so far".
fn is_answered_no(text: &str, clause: &str) -> bool {
    static NONE: LazyLock<Regex> = LazyLock::new(|| {
        let words = r"(?i-u)^:\s+(?:none|no|nil|nothing|nope)(?:\s+(?:so far|yet))?\s*(?:[.,;]|$)";
        Regex::new(words).expect("a pattern that is part of the program")
    });
    let end = clause.as_ptr() as usize - text.as_ptr() as usize + clause.len();
    NONE.is_match(&text[end..])
}

pub(super) fn is_conditional(text: &str) -> bool {
    has_word(text, |word| matches!(word, "if" | "unless" | "until"))
}

/// Whether a claim turns around what is said with the same words.
pub(super) fn turns(claim: &[Standing], said: &[Standing]) -> Option<&'static str> {
    let is_near = |one: &Standing| matches!(one.stand, Stand::Denied | Stand::Near);
    let is_known = |word: &str| said.iter().any(|other| is_alike(&other.word, word));
    let all_of = |is_it: &dyn Fn(&str) -> bool, is_wanted: &dyn Fn(&Standing) -> bool| {
        let mut there = said.iter().filter(|other| is_it(&other.word)).peekable();
        there.peek().is_some() && there.all(is_wanted)
    };
    let denied: Vec<&str> =
        claim.iter().filter(|one| is_near(one)).map(|one| one.word.as_str()).filter(|word| is_known(word)).collect();
    // "Not agreed" alone is the writer's own word for a gap.
    let tells = denied.iter().any(|word| !names_a_gap(word));
    let is_plain = |word: &&str| all_of(&|other| is_alike(other, word), &|one| one.stand == Stand::Plain);
    if tells && denied.iter().all(is_plain) {
        return Some("it denies what its passage says");
    }
    let is_turned = |own: &&Standing| {
        let is_denied = |one: &Standing| one.stand == Stand::Denied && (!one.is_placed || own.is_placed);
        own.stand == Stand::Plain && all_of(&|other| is_same(other, &own.word), &is_denied)
    };
    // "Give" and "take" tell little: something else must be denied with them.
    let has_company = |own: &Standing| {
        let others = claim.iter().filter(|other| other.stand == Stand::Plain && other.word != own.word);
        others.into_iter().any(|other| all_of(&|word| is_alike(word, &other.word), &is_near))
    };
    let is_told = claim.iter().filter(is_turned).any(|own| !is_light(&own.word) || has_company(own));
    is_told.then_some("it says what its passage denies")
}

/// Of one family, short and irregular ones too: "hire" and "hiring", "give" and "gave".
fn is_same(a: &str, b: &str) -> bool {
    is_alike(a, b) || a.bytes().next() == b.bytes().next() && root(a) == root(b)
}

/// Whether a word is a form of one of the verbs below.
fn is_light(word: &str) -> bool {
    IRREGULAR.iter().any(|(past, present)| *past == word || *present == word)
}

fn root(stem: &str) -> &str {
    let irregular = IRREGULAR.iter().find(|(past, _)| *past == stem);
    let stem = irregular.map_or(stem, |(_, present)| present);
    let endings = ["ing", "ed", "e"].iter();
    endings.filter_map(|ending| stem.strip_suffix(ending)).find(|bare| bare.len() >= 3).unwrap_or(stem)
}

/// Verbs that change more than their ending, as [`stem`] leaves them. The first letter stays.
const IRREGULAR: [(&str, &str); 21] = [
    ("gave", "give"),
    ("given", "give"),
    ("sent", "send"),
    ("told", "tell"),
    ("got", "get"),
    ("made", "make"),
    ("took", "take"),
    ("taken", "take"),
    ("came", "come"),
    ("knew", "know"),
    ("known", "know"),
    ("paid", "pay"),
    ("bought", "buy"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("left", "leave"),
    ("kept", "keep"),
    ("chose", "choose"),
    ("wrote", "write"),
    ("built", "build"),
    ("met", "meet"),
];

#[cfg(test)]
mod tests {
    use super::{Scope, stands, turns};

    fn turned(claim: &str, said: &str) -> Option<&'static str> {
        turns(&stands(claim, Scope::Clause), &stands(said, Scope::Sentence))
    }

    const SAYS: Option<&str> = Some("it says what its passage denies");

    #[test]
    fn a_denied_word_is_known_in_its_other_forms() {
        assert_eq!(turned("Gave a price for Lima", "I did NOT give Lima a price"), SAYS);
        assert_eq!(turned("Earl can be replaced by hiring", "I can't hire another Earl"), SAYS);
        assert_eq!(turned("Gave no price for Lima", "I did NOT give Lima a price"), None);
        assert_eq!(turned("Workaround given", "I did NOT give Lima a price"), None);
    }

    #[test]
    fn what_is_not_in_a_thing_does_not_deny_the_thing() {
        assert_eq!(turned("They have the Core package", "It's an extra, it's not in your Core package"), None);
        assert_eq!(turned("Single sign-on is needed", "We won't need single sign-on"), SAYS);
        assert_eq!(turned("It is in the Core package", "It's an extra, it's not in your Core package"), SAYS);
    }

    #[test]
    fn a_label_that_is_answered_with_none_is_denied() {
        assert_eq!(turned("No price named, a credit given", "Credit: none so far"), SAYS);
        assert_eq!(turned("No price named, no credit given", "Credit: none so far"), None);
        assert_eq!(turned("Told her in June", "told her: no login needed"), None);
    }

    #[test]
    fn what_is_denied_twice_is_not_denied() {
        assert_eq!(turned("Insists on a payback of a year", "He will not sign without payback"), None);
    }
}
