//! A claim that denies what its passages affirm, or affirms what they deny.

use std::ops::Range;

use super::Parting;
use super::heard::OPPOSITES;
use super::saying::Saying;
use super::words::{Words, is_denial};
use crate::qa::index::{is_stop_word, stem};

/// Passages in which a clause's denial is looked for.
const CLOSEST: usize = 5;

/// The weighted share of a clause's words that a passage must hold to be about the same.
const ABOUT: f64 = 0.2;

/// Words between a denial and what it is about.
const REACH: usize = 8;

/// What a clause of a claim denies, while the passages about the same deny nothing.
pub(in crate::qa) fn unheard_denials(saying: &Saying<'_, '_>) -> Option<Parting> {
    let sentence = saying.heard().words.clauses().find_map(|clause| unheard(saying, clause))?;
    let message = "it denies something that no matching passage denies".to_owned();
    Some(Parting { sentence: Some(sentence), message })
}

fn unheard(saying: &Saying<'_, '_>, clause: Range<usize>) -> Option<usize> {
    let (words, index) = (&saying.heard().words, saying.sources.index());
    let at = clause.clone().find(|at| is_denial(words.get(*at)) && words.get(*at) != "without")?;
    if is_partial(words, at, clause.clone()) || says_it_in_other_words(saying, clause.clone()) {
        return None;
    }
    let content = words.content(clause.clone());
    let best = index.best(&content, CLOSEST);
    let (_, share) = best.first().copied().filter(|(_, share)| *share >= ABOUT)?;
    let number = |(sentence, _): &(usize, f64)| *sentence;
    let about: Vec<usize> = best.iter().filter(|one| one.1 >= share / 2.0).map(number).collect();
    let mut near = about.iter().copied().chain(saying.best().iter().take(3).map(number));
    if near.any(|sentence| says_no(saying, sentence, &content)) || about.iter().any(|one| is_answered_no(saying, *one)) {
        return None;
    }
    // Only what a passage affirms with the same word is denied: "cannot be extended" may sum up "ends in May".
    let head = (at + 1..clause.end).map(|at| words.get(at)).find(|word| !is_stop_word(word)).map(stem)?;
    let affirms = |sentence: &&usize| saying.sources.heard(**sentence).words.iter().any(|word| stem(word) == head);
    let affirming = about.iter().find(affirms)?;
    let is_denied = |head: &str| {
        let places = index.sentences_with(head);
        places.iter().any(|place| denies(&saying.sources.heard(*place as usize).words, |word| word == head, REACH))
    };
    (!is_denied(head)).then_some(*affirming)
}

/// Whether a sentence denies something near one of these words.
fn says_no(saying: &Saying<'_, '_>, sentence: usize, content: &[String]) -> bool {
    let is_about = |word: &str| content.iter().any(|one| one == word);
    denies(&saying.sources.heard(sentence).words, is_about, REACH)
}

/// In a dialogue a denial is often the answer to what it denies, with a word or two between: "The class booking? – We don't
/// need that any more."
fn is_answered_no(saying: &Saying<'_, '_>, sentence: usize) -> bool {
    let end = saying.sources.index().sentences.len().min(sentence + 3);
    saying.sources.is_dialogue()
        && (sentence + 1..end).any(|next| saying.sources.heard(next).words.iter().any(|word| is_denial(word) || is_implied(word)))
}

/// Whether a denial, in whatever word, stands up to so many words from one of the words asked for, by their stems.
fn denies(words: &Words, is_asked: impl Fn(&str) -> bool, reach: usize) -> bool {
    let denials = (0..words.len()).filter(|at| is_denial(words.get(*at)) || is_implied(words.get(*at)));
    denials.into_iter().any(|at| {
        let near = at.saturating_sub(reach)..words.len().min(at + reach + 1);
        near.into_iter().any(|at| is_asked(stem(words.get(at))))
    })
}

/// A denial of a part ("not only", "not sure", "none other than") or of a payment, which the sources may say in words
/// without any denial: "free", "waived".
fn is_partial(words: &Words, at: usize, clause: Range<usize>) -> bool {
    const AFTER: [&str; 14] =
        ["only", "just", "sure", "certain", "very", "too", "all", "every", "matter", "more", "later", "doubt", "need", "have"];
    const ANYWHERE: [&str; 10] = ["only", "other", "cost", "costs", "charge", "charges", "fee", "fees", "obligation", "risk"];
    at + 1 < clause.end && AFTER.contains(&words.get(at + 1))
        || at > clause.start && words.get(at - 1) == "or"
        || clause.into_iter().any(|at| ANYWHERE.contains(&words.get(at)))
}

/// "Not quick" where a passage says "slow".
fn says_it_in_other_words(saying: &Saying<'_, '_>, clause: Range<usize>) -> bool {
    let denied = saying.heard().taken.iter().filter(|one| one.is_denied && !one.is_cue && clause.contains(&one.at));
    let heard = |row, side| {
        let mut sentences = OPPOSITES.sentences(saying.sources, row, side);
        sentences.any(|sentence| saying.sources.heard(sentence).taken.iter().any(|one| (one.row, one.side) == (row, side)))
    };
    denied.into_iter().any(|one| heard(one.row, one.side))
}

/// A word that denies without a "not".
pub(super) fn is_implied(word: &str) -> bool {
    const WORDS: [&str; 19] = [
        "free",
        "hardly",
        "against",
        "instead",
        "except",
        "only",
        "rather",
        "apart",
        "otherwise",
        "zero",
        "unless",
        "wrong",
        "lost",
        "last",
        "before",
        "too",
        "less",
        "few",
        "off",
    ];
    const BEGINNINGS: [&str; 23] = [
        "forbid",
        "prohibit",
        "miss",
        "lack",
        "fail",
        "unabl",
        "reject",
        "declin",
        "refus",
        "oppos",
        "exclu",
        "unfortunat",
        "stop",
        "waiv",
        "ignor",
        "remov",
        "cancel",
        "avoid",
        "prevent",
        "doubt",
        "impossib",
        "absen",
        "dislik",
    ];
    WORDS.contains(&word) || BEGINNINGS.iter().any(|one| word.starts_with(one))
}

/// A word of so many passages is too common to be denied by one.
const RARE: usize = 8;

/// A claim affirms what the passages only deny: "an upfront fee" where all say "no upfront fee".
pub(in crate::qa) fn lost_denials(saying: &Saying<'_, '_>) -> Option<Parting> {
    let words = &saying.heard().words;
    let affirming = words.clauses().filter(|clause| {
        let mut all = clause.clone().map(|at| words.get(at));
        !all.any(|word| is_denial(word) || is_implied(word))
    });
    affirming.into_iter().find_map(|clause| {
        let content = words.content(clause.clone());
        let (key, sentence) = content.iter().find_map(|key| Some((key, denied_alone(saying, key, &content)?)))?;
        let word = clause.map(|at| words.get(at)).find(|word| stem(word) == key)?;
        let message = format!("it affirms \"{word}\", which the passages deny");
        Some(Parting { sentence: Some(sentence), message })
    })
}

/// A sentence that denies this word beside others of the clause, if no passage affirms it.
fn denied_alone(saying: &Saying<'_, '_>, key: &str, content: &[String]) -> Option<usize> {
    let places = saying.sources.index().sentences_with(key);
    if places.len() > RARE {
        return None;
    }
    let said = |place: u32| (place as usize, &saying.sources.heard(place as usize).words);
    let plain = |place: &&u32| !saying.sources.sentence(**place as usize).ends_with('?');
    if places.iter().filter(plain).any(|place| affirms(said(*place).1, key)) {
        return None;
    }
    let mut all = places.iter().filter(plain).map(|place| said(*place));
    all.find(|(_, words)| !is_conditional(words) && denies_beside(words, key, content)).map(|(sentence, _)| sentence)
}

fn is_conditional(words: &Words) -> bool {
    words.iter().any(|word| matches!(word, "if" | "unless" | "until" | "whether"))
}

fn affirms(words: &Words, key: &str) -> bool {
    let mut all = (0..words.len()).filter(|at| stem(words.get(*at)) == key);
    all.any(|at| !(at.saturating_sub(5)..words.len().min(at + 3)).any(|near| is_denial(words.get(near))))
}

/// "No budget this year", "not able to accept the request": the word with enough others of the clause around it.
fn denies_beside(words: &Words, key: &str, content: &[String]) -> bool {
    let mut all = (0..words.len()).filter(|at| stem(words.get(*at)) == key);
    all.any(|at| {
        let Some(needed) = others_needed(words, at) else { return false };
        let mut near: Vec<&str> = words.around(at, 1, REACH).map(|at| stem(words.get(at))).collect();
        near.sort_unstable();
        near.dedup();
        near.into_iter().filter(|word| *word != key && content.iter().any(|one| one == word)).count() >= needed
    })
}

/// How many words a denied word must share with a clause to be what the clause speaks of; `None`: it is not denied. "No"
/// is said of a thing, "not" of an act, which can be done to other things.
fn others_needed(words: &Words, at: usize) -> Option<usize> {
    const EASY: [&str; 5] = ["able", "going", "really", "yet", "currently"];
    let denial = (at.saturating_sub(5)..at).rev().find(|before| is_denial(words.get(*before)))?;
    let between = (denial + 1..at).map(|at| words.get(at)).filter(|word| !is_stop_word(word) && !EASY.contains(word)).count();
    let (needed, allowed) = if matches!(words.get(denial), "no" | "without") { (1, 1) } else { (2, 0) };
    (words.are_together(denial, at) && between <= allowed).then_some(needed)
}

#[cfg(test)]
mod tests {
    use super::{lost_denials, unheard_denials};
    use crate::qa::claim::{Saying, Sources};

    const CALL: &str = "Ada: There is no setup fee.\nBo: Good, since the last vendor was slow.\n\
        Ada: The deposit is refunded in May.\nBo: Fine by me.\nAda: The manual comes by post.\nBo: We never got the training, and we can't move the date.\n\
        Ada: Could the trainers come on a Sunday?\nBo: No.\nAda: The hotline is only for admins.\n\
        Bo: We were not able to accept the penalty for late reports.\n\
        Bo: We don't want to spend our own capital.\nAda: Under the lease plan we buy the scanners for you.";

    fn is_unheard(claim: &str) -> bool {
        unheard_denials(&Saying::new(claim, &Sources::of([(CALL, None)]))).is_some()
    }

    fn is_lost(claim: &str) -> bool {
        lost_denials(&Saying::new(claim, &Sources::of([(CALL, None)]))).is_some()
    }

    #[test]
    fn a_denial_of_what_the_passages_affirm_is_found() {
        assert!(is_unheard("The deposit is not refunded in May."));
        assert!(is_unheard("They signed, but the deposit is never refunded in May."));
    }

    #[test]
    fn a_denial_that_a_passage_makes_in_its_own_words_is_none() {
        for claim in [
            "Bo cannot move the date.",
            "The last vendor was not fast.",
            "There is no setup fee.",
            "The deposit is refunded.",
            "The trainers will not come on a Sunday.",
            "The hotline is not for users.",
            "The deposit comes at no extra cost.",
            "Under the lease plan no capital of their own is tied up in scanners.",
        ] {
            assert!(!is_unheard(claim), "{claim}");
        }
    }

    #[test]
    fn what_all_passages_deny_cannot_be_affirmed() {
        assert!(is_lost("There is a setup fee."));
        assert!(is_lost("The penalty for late reports was accepted."));
        assert!(!is_lost("The offer was accepted."), "another thing may be");
        assert!(!is_lost("They refused to accept the penalty for late reports."));
        let sources = Sources::of([("There is a fee.", None)]);
        assert!(lost_denials(&Saying::new("The setup is free of any fee.", &sources)).is_none());
    }
}
