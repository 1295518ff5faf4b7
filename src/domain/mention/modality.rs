//! Whether a text denies, hedges or promises.

use super::languages::Language;
use super::phrases::PhraseKind;
use super::words::{Spelling, Term, Words};
use crate::domain::brief::{Firmness, Span};

pub(super) fn is_negated(text: &str) -> bool {
    let words = Words::scan(text);
    (0..words.len()).any(|i| is_denial(&words, i))
}

pub(super) fn denials(text: &str) -> Vec<Span> {
    let words = Words::scan(text);
    (0..words.len()).filter(|i| is_denial(&words, *i)).map(|i| words.span(i, i + 1)).collect()
}

pub(super) fn is_hedged(text: &str) -> bool {
    hedges(&Words::scan(text))
}

pub(super) fn commitment_strength(text: &str) -> Option<Firmness> {
    let words = Words::scan(text);
    if is_question(&words) {
        return None;
    }
    let mut strongest = None;
    for i in 0..words.len() {
        strongest = strongest.max_by_strength(promise_at(&words, i));
    }
    match strongest? {
        Firmness::Firm | Firmness::Implied if hedges(&words) => Some(Firmness::Hedged),
        firmness => Some(firmness),
    }
}

trait Strongest {
    fn max_by_strength(self, other: Self) -> Self;
}

impl Strongest for Option<Firmness> {
    /// Firm before hedged before implied.
    fn max_by_strength(self, other: Self) -> Self {
        let rank = |firmness: Option<Firmness>| match firmness {
            Some(Firmness::Firm) => 3,
            Some(Firmness::Hedged) => 2,
            Some(Firmness::Implied) => 1,
            None => 0,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

fn is_denial(words: &Words<'_>, i: usize) -> bool {
    if words.phrase_end(i, PhraseKind::Denial).is_none() || words.phrase_end(i, PhraseKind::NotDenial).is_some() {
        return false;
    }
    // "or not", "No. 5"; a tag question: "isn't it?".
    let is_number_sign = words.is_any(i, &["no"]) && words.is_symbol(i + 1, &['.']) && words.is_digits(i + 2);
    let is_tag = words.is_any(i + 1, &["it", "you", "we", "they"]) && words.is_symbol(i + 2, &['?']);
    let is_or_not = words.is_any(i, &["not"]) && words.is_any_before(i, &["or", "why"]);
    !is_number_sign && !is_tag && !is_or_not
}

fn hedges(words: &Words<'_>) -> bool {
    let says = |i: usize| words.phrase_end(i, PhraseKind::Hedge).is_some_and(|end| !is_trial(words, end));
    (0..words.len()).any(|i| says(i) || is_modal_may(words, i) || is_peut_etre(words, i))
}

/// "I'll try it on Friday": put to the test, not attempted.
fn is_trial(words: &Words<'_>, end: usize) -> bool {
    words.is_any_before(end, &["try"]) && words.is_any(end, &["it", "them", "this", "that", "the", "out"])
}

/// "Peut-être": the hyphen makes two words of it.
fn is_peut_etre(words: &Words<'_>, i: usize) -> bool {
    words.language() == Language::French && words.text_of(i).eq_ignore_ascii_case("peut") && words.is_hyphen(i + 1)
}

/// "We may sign", not "in May".
fn is_modal_may(words: &Words<'_>, i: usize) -> bool {
    if !matches!(words.term(i), Term::Month(5, Spelling::Ambiguous)) || words.is_capitalised(i) {
        return false;
    }
    let is_month = words.is_any_before(
        i,
        &["in", "by", "of", "until", "till", "since", "during", "mid", "early", "late", "on", "from", "through"],
    );
    let is_day = words.is_digits(i + 1)
        || matches!(words.term(i + 1), Term::Ordinal(_) | Term::Tens(_))
        || matches!(words.term_before(i), Term::Ordinal(_));
    // "Sign-on may be needed": "on" is part of a noun, and no month is.
    if words.is_any(i + 1, &["be", "have", "not"]) {
        return i > 0;
    }
    // "May I ask" is a question, "may" at the start too.
    i > 0 && !is_month && !is_day && words.is_letters(i + 1) && !words.is_digits(i - 1)
}

fn is_question(words: &Words<'_>) -> bool {
    const AUXILIARIES: [&str; 18] = [
        "do", "does", "did", "is", "are", "was", "were", "will", "would", "can", "could", "should", "have", "has", "when",
        "what", "how", "why",
    ];
    let last = (0..words.len()).rev().find(|i| !words.is_symbol(*i, &['"', '\'', ')', '”', '’', ']']));
    if last.is_some_and(|i| words.is_symbol(i, &['?'])) {
        return true;
    }
    let is_inverted = words.is_any(
        1,
        &[
            "you", "we", "i", "they", "it", "he", "she", "there", "that", "this", "the", "your", "will", "would", "can", "do",
            "does", "is", "are",
        ],
    );
    words.is_any(0, &AUXILIARIES) && is_inverted
}

fn promise_at(words: &Words<'_>, i: usize) -> Option<Firmness> {
    use PhraseKind::{Firm, Hedged, Implied};
    let says = |kind| words.phrase_end(i, kind).is_some_and(|end| !is_denied(words, i, end));
    if is_own_future(words, i) {
        return Some(Firmness::Firm);
    }
    let is_subject = words.may_start(i, PhraseKind::Subject);
    let is_phrase = [Firm, Hedged, Implied].into_iter().any(|kind| words.may_start(i, kind));
    if !(is_subject || is_phrase) || is_reported(words, i) {
        return None;
    }
    if (is_subject && is_own_will(words, i)) || says(Firm) {
        return Some(Firmness::Firm);
    }
    if says(Hedged) || (is_subject && is_own_maybe(words, i)) {
        return Some(Firmness::Hedged);
    }
    let is_purpose = words.is_any_before(i, &["that"]);
    ((says(Implied) && !is_purpose) || (is_subject && is_own_can(words, i))).then_some(Firmness::Implied)
}

/// "Nous vous enverrons", "je ferai", "le enviaré", "lo mandaremos": French and Spanish put the will into the verb.
fn is_own_future(words: &Words<'_>, i: usize) -> bool {
    if !words.is_letters(i) {
        return false;
    }
    let ends = |at: usize, endings: &[&str]| endings.iter().any(|ending| words.text_of(at).ends_with(ending));
    let is_denied = |first: usize, end: usize| (first..=end).any(|at| is_denial(words, at));
    match words.language() {
        Language::French => {
            let is_subject = ["je", "nous"].iter().any(|own| words.text_of(i).eq_ignore_ascii_case(own));
            let verb = is_subject.then(|| (i + 1..i + 4).find(|at| ends(*at, &["rai", "rons"])));
            verb.flatten().is_some_and(|verb| !is_denied(i, verb + 1))
        }
        Language::Spanish => {
            let is_future = words.text_of(i).len() > 5 && ends(i, &["aré", "eré", "iré", "aremos", "eremos", "iremos"]);
            is_future && !is_denied(i.saturating_sub(2), i)
        }
        Language::English | Language::German | Language::Dutch => false,
    }
}

/// "Whether we'll", "if we will", "when we'll": not said of the speaker's own doing.
fn is_reported(words: &Words<'_>, i: usize) -> bool {
    words.is_any_before(i, &["whether", "if", "when", "unless", "until", "once", "how", "what", "why", "where"])
}

fn is_denied(words: &Words<'_>, first: usize, end: usize) -> bool {
    is_denial(words, end) || (first.saturating_sub(2)..first).any(|i| is_denial(words, i))
}

/// "We will send", "I'll send", "we are going to send", "our team will send".
fn is_own_will(words: &Words<'_>, i: usize) -> bool {
    let Some(verb) = after_will(words, i) else {
        return false;
    };
    let verb = skip_adverbs(words, verb);
    !words.is_any(verb, &["not", "never", "no"]) && is_action(words, verb)
}

/// The word after a subject that can promise and its "will".
fn after_will(words: &Words<'_>, i: usize) -> Option<usize> {
    const TEAM: [&str; 14] = [
        "team",
        "colleague",
        "colleagues",
        "engineers",
        "engineer",
        "people",
        "company",
        "manager",
        "specialist",
        "specialists",
        "developers",
        "lawyers",
        "legal",
        "support",
    ];
    if words.is_any(i, &["we'll", "i'll"]) {
        return Some(i + 1);
    }
    if words.is_any(i, &["we're", "i'm"]) && words.is_any(i + 1, &["going"]) && words.is_any(i + 2, &["to"]) {
        return Some(i + 3);
    }
    if words.is_any(i, &["we're", "i'm"]) && words.is_any(i + 1, &["gonna"]) {
        return Some(i + 2);
    }
    if words.is_any(i, &["we", "i"]) {
        let at = skip_adverbs(words, i + 1);
        if words.is_any(at, &["will", "shall"]) {
            return Some(at + 1);
        }
        let is_going = words.is_any(at, &["are", "am"]) && words.is_any(at + 1, &["going"]) && words.is_any(at + 2, &["to"]);
        return is_going.then_some(at + 3);
    }
    if words.is_any(i, &["our", "my"]) {
        let team = (i + 1..i + 4).find(|at| words.is_any(*at, &TEAM))?;
        return words.is_any(team + 1, &["will"]).then_some(team + 2);
    }
    None
}

fn skip_adverbs(words: &Words<'_>, at: usize) -> usize {
    const ADVERBS: &[&str] = &[
        "probably",
        "likely",
        "hopefully",
        "maybe",
        "only",
        "even",
        "also",
        "then",
        "definitely",
        "certainly",
        "absolutely",
        "always",
        "both",
        "personally",
        "just",
        "of",
        "course",
        "all",
        "surely",
        "now",
        "still",
        "gladly",
        "happily",
        "first",
    ];
    (at..at + 3).find(|i| !words.is_any(*i, ADVERBS)).unwrap_or(at + 3)
}

/// Whether the verb is something done for somebody: not "see", "need", "be honest".
///
/// A capital starts a name: "I am going to Chicago".
fn is_action(words: &Words<'_>, verb: usize) -> bool {
    let is_name = words.is_capitalised(verb) && !words.is_capitalised(verb + 1);
    if !words.is_letters(verb)
        || is_name
        || words.is_function(verb) && !words.is_any(verb, &["be", "have", "do"])
        || words.is_any(verb, &NO_ACTIONS)
    {
        return false;
    }
    if words.is_any(verb, &["be"]) {
        return !words.is_any(verb + 1, &NO_DOING);
    }
    if words.is_any(verb, &["look"]) && words.is_any(verb + 1, &["forward"]) {
        return false;
    }
    if words.is_any(verb, &["have"]) {
        return !words.is_any(verb + 1, &["to", "a", "no", "some", "trouble"]);
    }
    true
}

/// Verbs of what somebody thinks, feels or lacks.
const NO_ACTIONS: [&str; 29] = [
    "see",
    "need",
    "say",
    "admit",
    "assume",
    "guess",
    "wait",
    "want",
    "find",
    "lose",
    "miss",
    "die",
    "like",
    "love",
    "hate",
    "wonder",
    "regret",
    "know",
    "think",
    "tell",
    "struggle",
    "fail",
    "feel",
    "believe",
    "remember",
    "hear",
    "understand",
    "enjoy",
    "prefer",
];

/// What follows "be" where nothing is done: "I'll be honest".
const NO_DOING: [&str; 30] = [
    "honest",
    "plain",
    "blunt",
    "brief",
    "fine",
    "happy",
    "glad",
    "busy",
    "away",
    "out",
    "in",
    "on",
    "at",
    "able",
    "looking",
    "needing",
    "frank",
    "the",
    "a",
    "here",
    "there",
    "back",
    "around",
    "very",
    "so",
    "late",
    "off",
    "sure",
    "interested",
    "pleased",
];

/// "We could send", "we might send"; not "so that we could", "we may already have".
fn is_own_maybe(words: &Words<'_>, i: usize) -> bool {
    let at = skip_adverbs(words, i + 1);
    words.is_any(i, &["we", "i"])
        && words.is_any(at, &["may", "might", "could"])
        && !words.is_any_before(i, &["that", "which", "so"])
        && !words.is_any(at + 1, &["be", "have"])
        && is_action(words, at + 1)
}

/// "We can do that".
fn is_own_can(words: &Words<'_>, i: usize) -> bool {
    const OFFERS: [&str; 24] = [
        "do",
        "deliver",
        "provide",
        "include",
        "offer",
        "support",
        "make",
        "have",
        "send",
        "set",
        "handle",
        "arrange",
        "ship",
        "add",
        "give",
        "build",
        "extend",
        "commit",
        "accommodate",
        "cover",
        "organise",
        "organize",
        "schedule",
        "manage",
    ];
    words.is_any(i, &["we", "i"]) && {
        let at = skip_adverbs(words, i + 1);
        words.is_any(at, &["can"]) && words.is_any(skip_adverbs(words, at + 1), &OFFERS)
    }
}

#[cfg(test)]
mod tests {
    use super::{commitment_strength, is_hedged, is_negated};
    use crate::domain::brief::Firmness::{Firm, Hedged, Implied};

    #[test]
    fn denials_are_told_from_words_that_only_look_like_one() {
        for text in [
            "We do not need SSO",
            "we don't",
            "we don’t",
            "They never signed",
            "no longer needed",
            "There is no budget",
            "We can't do it",
            "None of them",
            "without SSO",
            "WE CAN'T",
            "It won't work",
            "No.",
            "unable to join",
            "It lacks SSO",
        ] {
            assert!(is_negated(text), "{text:?}");
        }
        for text in [
            "We need SSO",
            "not only SSO but also audit logs",
            "No problem, we will",
            "no later than Friday",
            "No. 5",
            "Don't hesitate to call",
            "It works, doesn't it?",
            "I can't wait to start",
            "Norway is known",
            "",
        ] {
            assert!(!is_negated(text), "{text:?}");
        }
    }

    #[test]
    fn hedges_are_told_from_plain_statements() {
        for text in [
            "We might sign",
            "we may need more seats",
            "I hope to send it",
            "We should be able to do it",
            "probably in June",
            "It's likely",
            "we'll try to",
            "We aim to launch",
            "ideally by Friday",
            "I think we could",
            "I can't promise that",
            "I can’t promise that",
            "if all goes well",
            "no guarantee",
            "on a best efforts basis",
            "ballpark 40k",
            "single sign-on may be needed",
            "I'll have a crack at it on the weekend probs",
            "I'll try.",
        ] {
            assert!(is_hedged(text), "{text:?}");
        }
        for text in [
            "We will sign in May",
            "by May 12",
            "on the 12th of May we start",
            "in may we start",
            "May 12 works",
            "Send it",
            "I'll try it on Friday",
            "We need SSO",
            "",
        ] {
            assert!(!is_hedged(text), "{text:?}");
        }
    }

    #[test]
    fn promises_have_the_strength_of_their_words() {
        for (text, expected) in [
            ("We will send the contract by Friday.", Some(Firm)),
            ("we'll set up SSO", Some(Firm)),
            ("we’ll set up SSO", Some(Firm)),
            ("I'll send it", Some(Firm)),
            ("I will also send the deck", Some(Firm)),
            ("You have my word", Some(Firm)),
            ("We commit to a 99.9% uptime", Some(Firm)),
            ("Delivery by June is guaranteed", Some(Firm)),
            ("Training is included", Some(Firm)),
            ("We're going to migrate your data", Some(Firm)),
            ("Our team will migrate your data", Some(Firm)),
            ("I'll get back to you tomorrow", Some(Firm)),
            ("We should be able to ship in June", Some(Hedged)),
            ("We'll try to ship in June", Some(Hedged)),
            ("We will probably ship in June", Some(Hedged)),
            ("I hope to send it tomorrow", Some(Hedged)),
            ("If all goes well we will ship in June", Some(Hedged)),
            ("I think we could do that", Some(Hedged)),
            ("No problem, that's covered", Some(Implied)),
            ("Sure, we can do that", Some(Implied)),
            ("Of course, onboarding is part of it", Some(Implied)),
            ("Let me check with legal", Some(Implied)),
            ("Will we get it by Friday?", None),
            ("We'll get it by Friday?", None),
            ("The report will be long", None),
            ("They will sign in June", None),
            ("We will not do that", None),
            ("We won't do that", None),
            ("We will never do that", None),
            ("we'll see", None),
            ("We'll need SSO", None),
            ("I'll be honest", None),
            ("I'll be plain: it is late", None),
            ("We shall believe it when we see it", None),
            ("We will look forward to seeing you", None),
            ("I'll look at the numbers tonight", Some(Firm)),
            ("Training is not included", None),
            ("I don't know whether we will sign", None),
            ("We have 120 seats", None),
            ("I can't promise that", None),
            ("Security cannot be guaranteed", None),
            ("I am going to Chicago tomorrow", None),
            ("I will be here all day", None),
            ("Most of them are part of another group", None),
            ("You'll have to sign first", None),
            ("so that we could compare", None),
            ("to ensure that you will receive our mail", None),
            ("You'll get access on Monday", Some(Implied)),
            ("We might send it", Some(Hedged)),
            ("", None),
        ] {
            assert_eq!(commitment_strength(text), expected, "{text:?}");
        }
    }
}
