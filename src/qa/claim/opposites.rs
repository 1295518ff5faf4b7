//! A claim that "costs fall" where its passage says they grow.

use super::Parting;
use super::denials::is_implied;
use super::heard::{OPPOSITES, Taken};
use super::saying::Saying;
use super::words::{Words, is_denial};
use crate::qa::index::{is_stop_word, stem};

/// Words around a claim's word that say what it is about, and around a passage's in which they are looked for.
const BESIDE: usize = 6;
const NEAR: usize = 8;

/// How many of them, or all of a few, must stand around a passage's word for it to be about the same.
const SHARED: usize = 2;

/// The words of a claim where the passages say the opposite of the same thing. Opposites stand in every longer text: only
/// two that stand among the same words contradict each other, and only if nothing like the claim's own stands there too, and
/// no cue of its side stands among as many.
pub(in crate::qa) fn opposites(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let taken = saying.heard().taken.iter().filter(|one| !one.is_cue && !one.is_unsure);
    let mut found: Vec<(usize, Parting)> = taken.filter_map(|one| Some((one.at, parting(saying, one)?))).collect();
    // A word may stand in several rows.
    found.dedup_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, parting)| parting).collect()
}

fn parting(saying: &Saying<'_, '_>, own: &Taken) -> Option<Parting> {
    let heard = saying.heard();
    let is_other = |one: &Taken| one.row == own.row && one.side != own.side && !one.is_cue;
    if heard.taken.iter().any(is_other) {
        return None;
    }
    let denies = heard.words.iter().any(|word| is_denial(word) || is_implied(word));
    let beside = beside(&heard.words, own);
    let mut against: Option<(usize, usize, &Taken)> = None;
    let mut hinted = 0;
    for sentence in sentences_with(saying, own.row) {
        let said = saying.sources.heard(sentence);
        for one in said.taken.iter().filter(|one| one.row == own.row) {
            if is_of_time(&heard.words, own) && next_word(&said.words, one) != next_word(&heard.words, own) {
                continue;
            }
            let shared = shared(&said.words, one, &beside);
            // "Visible panels are forbidden" is no opposite of "they can't be visible", nor "a test before any change" of
            // "no change without a test".
            let is_turned = one.is_denied && (denies || said.words.iter().any(|word| matches!(word, "without" | "unless")));
            let is_for = one.side == own.side || one.is_unsure || is_turned;
            if is_for && one.is_cue {
                hinted = hinted.max(shared);
            } else if is_for && shared > 0 {
                return None;
            } else if !one.is_cue && shared >= SHARED.min(beside.len()).max(1) && against.is_none_or(|(best, ..)| shared > best) {
                against = Some((shared, sentence, one));
            }
        }
    }
    let (_, sentence, opposite) = against.filter(|(shared, ..)| *shared > hinted)?;
    let (claimed, said) = (words_of(&heard.words, own), words_of(&saying.sources.heard(sentence).words, opposite));
    let message = format!("it says \"{claimed}\" where the passage about the same says \"{said}\"");
    Some(Parting { sentence: Some(sentence), message })
}

/// "Before Easter" and "after Easter" exclude each other, "before deciding" and "after two weeks" do not.
fn is_of_time(words: &Words, taken: &Taken) -> bool {
    matches!(words.get(taken.at), "before" | "after")
}

/// The stem of the first word behind that tells something.
fn next_word<'a>(words: &'a Words, taken: &Taken) -> Option<&'a str> {
    (taken.at + taken.len..words.len()).map(|at| words.get(at)).find(|word| !is_stop_word(word)).map(stem)
}

fn words_of(words: &Words, taken: &Taken) -> String {
    let all: Vec<&str> = (taken.at..taken.at + taken.len).map(|at| words.get(at)).collect();
    if taken.is_denied { format!("not {}", all.join(" ")) } else { all.join(" ") }
}

/// The stems around a claim's word that tell something, each once.
fn beside<'a>(words: &'a Words, taken: &Taken) -> Vec<&'a str> {
    let around = words.around(taken.at, taken.len, BESIDE).map(|at| words.get(at));
    let mut all: Vec<&str> = around.filter(|word| !is_stop_word(word)).map(stem).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How many of these stand around a passage's word.
fn shared(words: &Words, taken: &Taken, beside: &[&str]) -> usize {
    let stands = |stem_of: &&&str| words.around(taken.at, taken.len, NEAR).any(|at| stem(words.get(at)) == **stem_of);
    beside.iter().filter(stands).count()
}

/// The sentences of the sources that take a side of this row, each once.
fn sentences_with(saying: &Saying<'_, '_>, row: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..2).flat_map(|side| OPPOSITES.sentences(saying.sources, row, side)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::opposites;
    use crate::qa::claim::{Saying, Sources};

    const CALL: &str = "Rep: Our plan lowers your energy costs, and the trial is free.\n\
        Mia: That's interesting, but we're not happy with the fixed monthly fee.\n\
        Rep: You can leave any time before the end of May.\nMia: We were early for the demo in June.";

    fn found(claim: &str) -> Vec<String> {
        let sources = Sources::of([(CALL, None)]);
        opposites(&Saying::new(claim, &sources)).into_iter().map(|parting| parting.message).collect()
    }

    #[test]
    fn the_opposite_of_what_a_passage_says_of_the_same_is_found() {
        let message = "it says \"raises\" where the passage about the same says \"lowers\"";
        assert_eq!(found("The plan raises energy costs."), [message]);
        assert_eq!(found("Mia is happy with the monthly fee.").len(), 1, "the passage denies it");
        assert_eq!(found("She can leave after the end of May.").len(), 1);
    }

    #[test]
    fn an_opposite_said_of_other_things_is_none() {
        assert_eq!(found("Prices were raised by the supplier."), [""; 0]);
        assert_eq!(found("She can leave after a call."), [""; 0]);
        assert_eq!(found("Mia was late for the energy meeting."), [""; 0]);
    }

    #[test]
    fn a_claim_in_other_words_of_the_same_side_is_none() {
        for claim in [
            "The plan reduces energy costs.",
            "Mia is unhappy with the monthly fee.",
            "The trial costs nothing.",
            "They were early for the June demo.",
            "The plan lowers energy costs rather than raise them.",
        ] {
            assert_eq!(found(claim), [""; 0], "{claim}");
        }
    }
}
