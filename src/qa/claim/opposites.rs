//! A claim that "costs fall" where its passage says they grow.

use super::heard::{Heard, OPPOSITES, Taken};
use super::lexicon::Weight;
use super::saying::Saying;
use super::{Parting, Strength};
use crate::qa::index::{is_stop_word, stem};

/// Sources of up to so many sentences speak of few things: what stands far from a claim's passages is not about it.
const SHORT: usize = 60;

/// The words of a claim that take another side than the sources do.
pub(in crate::qa) fn opposites(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let groups = saying.heard().taken.chunk_by(|a, b| a.at == b.at);
    groups.filter_map(|taken| parting(saying, taken)).collect()
}

/// Words of a claim that says who thinks one thing and who the other.
const DIVIDING: [&str; 8] = ["others", "whereas", "while", "mixed", "whether", "divided", "differing", "conflicting"];

/// Whether a claim tells of both sides.
fn tells_both(saying: &Saying<'_, '_>, taken: &[Taken]) -> bool {
    let heard = saying.heard();
    let other =
        |one: &Taken| heard.taken.iter().any(|other| other.row == one.row && other.side != one.side && other.weight.is_plain());
    taken.iter().any(other) && heard.words.iter().any(|word| DIVIDING.contains(&word))
}

/// What the sides taken at one place come to: a word may stand in several rows.
fn parting(saying: &Saying<'_, '_>, taken: &[Taken]) -> Option<Parting> {
    let first = taken.first().filter(|first| !first.is_unsure && taken.iter().any(|one| one.weight <= Weight::Bound))?;
    if tells_both(saying, taken) {
        return None;
    }
    let mut firm = taken.iter().filter(|one| one.weight.is_plain());
    let bound = taken.iter().filter(|one| one.weight <= Weight::Bound).find_map(|one| bound(saying, one));
    if let Some((sentence, opposite)) = bound {
        return Some(part(saying, first, Some(sentence), &opposite, Strength::Plain));
    }
    firm.clone().next()?;
    let words = &saying.heard().words;
    let is_new = (first.at..first.at + first.len).any(|at| !saying.sources.index().has(stem(words.get(at))));
    if !is_new || taken.iter().any(|one| is_supported(saying, one)) {
        return None;
    }
    let against: Vec<(usize, &Taken)> = firm.clone().filter_map(|one| against(saying, one)).collect();
    let Some((sentence, opposite)) = against.iter().min_by_key(|(_, one)| one.weight) else {
        let is_alone = firm.any(|one| one.weight == Weight::Marked && !is_taken_anywhere(saying, one));
        return is_alone.then(|| part(saying, first, None, "", Strength::Hint));
    };
    let strength = if opposite.weight.is_plain() { Strength::Plain } else { Strength::Hint };
    Some(part(saying, first, Some(*sentence), &words_of(saying.sources.heard(*sentence), opposite), strength))
}

fn part(saying: &Saying<'_, '_>, taken: &Taken, sentence: Option<usize>, opposite: &str, strength: Strength) -> Parting {
    let claimed = words_of(saying.heard(), taken);
    let message = match sentence {
        Some(_) => format!("it says \"{claimed}\" where the closest passage says \"{opposite}\""),
        None => format!("it says \"{claimed}\", and no passage does"),
    };
    Parting { sentence, strength, message }
}

fn words_of(heard: &Heard, taken: &Taken) -> String {
    let words: Vec<&str> = (taken.at..taken.at + taken.len).map(|at| heard.words.get(at)).collect();
    words.join(" ")
}

/// Whether a passage is on this side: any, or in short sources one near the claim that says so plainly, or the closest
/// in any word.
fn is_supported(saying: &Saying<'_, '_>, own: &Taken) -> bool {
    if saying.sources.index().sentences.len() >= SHORT {
        return is_taken_anywhere(saying, own);
    }
    let takes = |sentences: &[usize], least: Weight| {
        let all = sentences.iter().flat_map(|sentence| &saying.sources.heard(*sentence).taken);
        all.into_iter().any(|one| one.row == own.row && (one.side == own.side || one.is_unsure) && one.weight <= least)
    };
    takes(saying.near(), Weight::Plain) || takes(saying.closest(), Weight::Echo)
}

/// Whether any passage is on this side, by whatever word.
fn is_taken_anywhere(saying: &Saying<'_, '_>, own: &Taken) -> bool {
    let mut either = (0..2).flat_map(|side| OPPOSITES.sentences(saying.sources, own.row, side));
    either.any(|sentence| saying.sources.heard(sentence).takes(own.row, own.side))
}

/// A close sentence that takes the other side, and the word that does; plain words before cues.
fn against<'a>(saying: &'a Saying<'_, '_>, own: &Taken) -> Option<(usize, &'a Taken)> {
    let close = saying.close().iter().flat_map(|sentence| {
        let taken = &saying.sources.heard(*sentence).taken;
        taken
            .iter()
            .filter(|one| one.row == own.row && one.side != own.side && !one.is_unsure && one.weight < Weight::Echo)
            .map(|one| (*sentence, one))
    });
    close.min_by_key(|(_, one)| one.weight)
}

/// Words in which the noun of an adjective, or the object of a verb, is looked for.
const REACH: usize = 4;

/// A claim's "after the end of May" where all that is said of the end is "before the end": the sentence, and its words.
fn bound(saying: &Saying<'_, '_>, own: &Taken) -> Option<(usize, String)> {
    let words = &saying.heard().words;
    let after = own.at + own.len;
    let object = (after..words.len().min(after + REACH)).map(|at| words.get(at)).find(|word| !is_stop_word(word))?;
    let mut found = None;
    for sentence in saying.sources.index().sentences_with(stem(object)) {
        let heard = saying.sources.heard(*sentence as usize);
        for one in heard.taken.iter().filter(|one| one.row == own.row && stands_before(heard, one, stem(object))) {
            if one.side == own.side || one.is_unsure || one.is_denied && is_supported(saying, own) {
                return None;
            }
            if one.weight <= Weight::Bound && found.is_none() {
                found = Some((*sentence as usize, words_of(heard, one)));
            }
        }
    }
    found
}

fn stands_before(heard: &Heard, taken: &Taken, object: &str) -> bool {
    let after = taken.at + taken.len;
    (after..heard.words.len().min(after + REACH)).any(|at| stem(heard.words.get(at)) == object)
}
