//! A claim that denies what its passages do not deny, or affirms what they do.

use super::saying::Saying;
use super::words::{Denial, Words, is_denial};
use super::{Parting, Strength};
use crate::domain::mention;
use crate::qa::index::{is_stop_word, stem};

/// Passages in which a claim's denial is looked for.
const CLOSEST: usize = 3;

/// What a claim denies and its closest passages do not.
pub(in crate::qa) fn unheard_denials(saying: &Saying<'_, '_>) -> Option<Parting> {
    if !mention::is_negated(saying.text) {
        return None;
    }
    let says_no = |sentence: usize| {
        let text = saying.sources.sentence(sentence);
        mention::is_negated(text) || saying.sources.heard(sentence).words.iter().any(|word| IMPLIED.contains(&stem(word)))
    };
    let message = "it denies something that no matching passage denies".to_owned();
    if !saying.best().iter().take(CLOSEST).any(|(sentence, _)| says_no(*sentence)) {
        return Some(Parting { sentence: None, strength: Strength::Plain, message });
    }
    let message = "it says that something was not said".to_owned();
    denies_an_act(saying).then_some(Parting { sentence: None, strength: Strength::Hint, message })
}

/// Stems of words that deny without a "not".
const IMPLIED: [&str; 24] = [
    "miss",
    "lack",
    "fail",
    "hard",
    "difficult",
    "unabl",
    "against",
    "reject",
    "stop",
    "stopp",
    "drop",
    "dropp",
    "free",
    "declin",
    "refus",
    "oppos",
    "instead",
    "except",
    "unfortunat",
    "unlik",
    "avoid",
    "cancel",
    "cancell",
    "however",
];

/// "Did not discuss": a summary tells what happened. Unless a passage denies the same act.
fn denies_an_act(saying: &Saying<'_, '_>) -> bool {
    let words = &saying.heard().words;
    let acts = (0..words.len()).filter(|at| words.denial(*at) != Denial::None && ACTS.contains(&stem(words.get(*at))));
    let is_heard = |act: &str| {
        let places = saying.sources.index().sentences_with(act);
        places.iter().any(|place| denies(&saying.sources.heard(*place as usize).words, act))
    };
    acts.map(|at| stem(words.get(at))).any(|act| !is_heard(act))
}

fn denies(words: &Words, stem_of: &str) -> bool {
    (0..words.len()).any(|at| stem(words.get(at)) == stem_of && words.denial(at) != Denial::None)
}

/// Stems of verbs for what people do in a conversation.
const ACTS: [&str; 34] = [
    "discuss",
    "mention",
    "consider",
    "address",
    "propos",
    "suggest",
    "talk",
    "includ",
    "specif",
    "express",
    "offer",
    "agre",
    "plan",
    "recommend",
    "ask",
    "provid",
    "assign",
    "focus",
    "report",
    "explain",
    "describ",
    "highlight",
    "emphasiz",
    "introduc",
    "present",
    "request",
    "invit",
    "schedul",
    "promis",
    "confirm",
    "announc",
    "acknowledg",
    "thank",
    "implement",
];

/// A claim affirms what is denied wherever it stands: "an upfront fee" where all passages say "no upfront fee".
pub(in crate::qa) fn lost_denials(saying: &Saying<'_, '_>) -> Option<Parting> {
    let words = &saying.heard().words;
    if words.iter().any(|word| is_denial(word) || IMPLIED.contains(&stem(word))) || mention::is_negated(saying.text) {
        return None;
    }
    (0..words.len()).filter(|at| !is_stop_word(words.get(*at))).find_map(|at| {
        let key = stem(words.get(at));
        let places = saying.sources.index().sentences_with(key);
        let sentence = *places.first()? as usize;
        let is_denied = |words: &Words| {
            let mut all = (0..words.len()).filter(|at| stem(words.get(*at)) == key);
            all.all(|at| at > 0 && matches!(words.get(at - 1), "no" | "without"))
        };
        let all_denied = places.len() <= 3 && places.iter().all(|place| is_denied(&saying.sources.heard(*place as usize).words));
        let message = format!("it affirms \"{}\", which the passages deny", words.get(at));
        all_denied.then_some(Parting { sentence: Some(sentence), strength: Strength::Hint, message })
    })
}
