//! A claim that "costs fall" where its passage says they grow.

use std::sync::LazyLock;

use super::lexicon::{Compare, Hit, Lexicon};
use super::saying::{Denial, Saying, Words};
use super::{Parting, Strength};
use crate::domain::brief::Span;
use crate::qa::index::stem;

static OPPOSITES: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("opposites.txt"), " | ", " ", &Compare::Stems));

/// Sources of up to so many sentences speak of few things: what stands far from a claim's passages is not about it.
const SHORT: usize = 60;

/// Words of a claim of which the sources do not speak, while its closest passages say the opposite.
pub(in crate::qa) fn opposites(saying: &Saying<'_, '_>) -> Vec<Parting> {
    let hits = OPPOSITES.hits(&saying.words);
    let groups = hits.chunk_by(|a, b| a.at == b.at);
    groups.filter_map(|hits| parting(saying, hits)).collect()
}

/// What the sides of the forms at one place come to: a word may stand in several rows.
fn parting(saying: &Saying<'_, '_>, hits: &[Hit]) -> Option<Parting> {
    let first = hits.first().filter(|_| hits.iter().any(|hit| !hit.is_cue))?;
    let turn = match saying.words.denial(first.at) {
        Denial::None => 0,
        Denial::OfIt => 1,
        Denial::Nearby => return None,
    };
    let is_new = (first.at..first.at + first.len).any(|at| !saying.sources.index().has(stem(saying.words.get(at))));
    if !is_new || hits.iter().any(|hit| is_supported(saying, hit.row, hit.side ^ turn)) {
        return None;
    }
    let firm = hits.iter().filter(|hit| !hit.is_cue);
    let against: Vec<(usize, Place)> = firm.filter_map(|hit| denying(saying, hit.row, hit.side ^ turn ^ 1)).collect();
    let (sentence, opposite) = against.iter().find(|(_, place)| !place.is_cue).or(against.first())?;
    let start = saying.words.span(first.at).start;
    let words = Span { start, end: saying.words.span(first.at + first.len - 1).end };
    let claimed = &saying.text[words.start..words.end];
    let message = format!("it says \"{claimed}\" where the closest passage says \"{}\"", opposite.word);
    let strength = if opposite.is_cue { Strength::Hint } else { Strength::Plain };
    Some(Parting { sentence: Some(*sentence), strength, message })
}

/// Whether a passage is on this side: any, or in short sources one that is near to the claim.
fn is_supported(saying: &Saying<'_, '_>, row: usize, side: usize) -> bool {
    let is_short = saying.sources.index().sentences.len() < SHORT;
    OPPOSITES.sentences(saying.sources, row, side).any(|sentence| !is_short || saying.is_near(sentence))
        || OPPOSITES.sentences(saying.sources, row, side ^ 1).any(|sentence| {
            // Said the other way round: "not expensive".
            saying.is_near(sentence) && place(saying, sentence, row, side ^ 1).is_some_and(|place| place.is_denied)
        })
}

/// A close sentence that is on this side, one that says so plainly before one that only hints at it.
fn denying(saying: &Saying<'_, '_>, row: usize, side: usize) -> Option<(usize, Place)> {
    let mut close: Vec<usize> = OPPOSITES.sentences(saying.sources, row, side).filter(|one| saying.is_close(*one)).collect();
    close.sort_unstable();
    close.dedup();
    let places = close.into_iter().filter_map(|sentence| Some((sentence, place(saying, sentence, row, side)?)));
    places.min_by_key(|(_, place)| place.is_cue)
}

/// A word of a side in a sentence.
struct Place {
    word: String,
    is_cue: bool,
    /// Whether it, or another of that side, is denied there.
    is_denied: bool,
}

fn place(saying: &Saying<'_, '_>, sentence: usize, row: usize, side: usize) -> Option<Place> {
    let words = Words::of(saying.sources.sentence(sentence));
    let hits = OPPOSITES.hits(&words);
    let of_side = || hits.iter().filter(|hit| (hit.row, hit.side) == (row, side));
    let plainest = of_side().min_by_key(|hit| hit.is_cue)?;
    let is_denied = of_side().any(|hit| words.denial(hit.at) != Denial::None);
    Some(Place { word: words.get(plainest.at).to_owned(), is_cue: plainest.is_cue, is_denied })
}
