//! A claim that denies what its passages do not deny, or affirms what they do.

use super::heard::OPPOSITES;
use super::saying::Saying;
use super::words::{Denial, Words, is_denial};
use super::{Parting, Strength};
use crate::domain::mention;
use crate::qa::index::{is_stop_word, stem};

/// Passages in which a claim's denial is looked for.
const CLOSEST: usize = 3;

/// What a claim denies and its closest passages do not.
pub(in crate::qa) fn unheard_denials(saying: &Saying<'_, '_>) -> Option<Parting> {
    if !mention::is_negated(saying.text) || says_it_in_other_words(saying) {
        return None;
    }
    let says_no = |sentence: usize| {
        let text = saying.sources.sentence(sentence);
        mention::is_negated(text) || saying.sources.heard(sentence).words.iter().any(|word| IMPLIED.contains(&stem(word)))
    };
    if !saying.best().iter().take(CLOSEST).any(|(sentence, _)| says_no(*sentence)) {
        let message = "it denies something that no matching passage denies".to_owned();
        return Some(Parting { sentence: None, strength: Strength::Plain, message });
    }
    if denies_an_act(saying) {
        let message = "it says that something was not said or done".to_owned();
        return Some(Parting { sentence: None, strength: Strength::Hint, message });
    }
    denies_what_is_said(saying)
}

/// "Not quick" where a passage says "slow".
fn says_it_in_other_words(saying: &Saying<'_, '_>) -> bool {
    let denied = saying.heard().taken.iter().filter(|one| one.is_denied && one.weight.is_plain());
    let heard = |row, side| {
        let mut sentences = OPPOSITES.sentences(saying.sources, row, side);
        sentences.any(|sentence| saying.sources.heard(sentence).takes_surely(row, side))
    };
    denied.into_iter().any(|one| heard(one.row, one.side))
}

/// "Is not refunded" where the closest passage says "is refunded", and none that it is not.
fn denies_what_is_said(saying: &Saying<'_, '_>) -> Option<Parting> {
    let words = &saying.heard().words;
    let index = saying.sources.index();
    let denials = (0..words.len()).filter(|at| is_denial(words.get(*at)));
    let denied = denials.filter_map(|at| (at + 1..words.len().min(at + 4)).find(|next| !is_stop_word(words.get(*next))));
    denied.into_iter().find_map(|at| {
        let key = stem(words.get(at));
        let places = index.sentences_with(key);
        let sentence = saying.closest().iter().copied().find(|closest| places.contains(&(*closest as u32)))?;
        let is_denied = places.iter().any(|place| denies(&saying.sources.heard(*place as usize).words, key));
        let message = format!("it denies \"{}\", which the closest passage affirms", words.get(at));
        (!is_denied).then_some(Parting { sentence: Some(sentence), strength: Strength::Hint, message })
    })
}

/// Stems of words that deny without a "not".
const IMPLIED: [&str; 17] = [
    "miss",
    "lack",
    "fail",
    "hard",
    "difficult",
    "unabl",
    "against",
    "reject",
    "drop",
    "dropp",
    "declin",
    "refus",
    "oppos",
    "instead",
    "except",
    "unfortunat",
    "stop",
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

#[cfg(test)]
mod tests {
    use super::{lost_denials, unheard_denials};
    use crate::qa::claim::{Saying, Sources};

    const CALL: &str = "Ada: There is no setup fee.\nBo: Good, since the last vendor was slow.\n\
        Ada: The deposit is refunded in May.\nBo: We never got the training, and we can't move the date.";

    fn is_unheard(claim: &str) -> bool {
        unheard_denials(&Saying::new(claim, &Sources::of([(CALL, None)]))).is_some()
    }

    #[test]
    fn a_denial_that_no_passage_makes_is_found() {
        assert!(is_unheard("The deposit is not refunded in May."));
        assert!(is_unheard("Bo did not mention the last vendor."));
    }

    #[test]
    fn a_denial_that_a_passage_makes_in_its_own_words_is_none() {
        assert!(!is_unheard("Bo cannot move the date."));
        assert!(!is_unheard("The last vendor was not fast."));
        assert!(!is_unheard("There is no setup fee."));
        assert!(!is_unheard("The deposit is refunded."));
    }

    #[test]
    fn what_all_passages_deny_cannot_be_affirmed() {
        let sources = Sources::of([(CALL, None)]);
        assert!(lost_denials(&Saying::new("There is a setup fee.", &sources)).is_some());
        assert!(lost_denials(&Saying::new("The setup is free of any fee.", &Sources::of([("There is a fee.", None)]))).is_none());
    }
}
