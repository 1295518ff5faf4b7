//! [`fit`]: material → what fits a token budget.

use super::excerpt::{Excerpt, Tokens, Unit, kept_of, receipt_of, whole};
use super::material::Material;
use super::rank::by_worth;
use super::tokens;
use super::visible::visible;
use crate::domain::brief::Span;
use crate::domain::contract::Contract;
use crate::domain::mention;

/// Tokens that a prompt spends on each unit beside its text: number, time, speaker.
pub(super) const UNIT_OVERHEAD: usize = 20;

/// Cuts the material to `token_budget` tokens. Within the budget everything is kept; over it, units are ranked by
/// what the contract looks for and the best are kept in order, with gaps marked.
///
/// The budget holds for the texts and a fixed overhead per unit. The tokenizer is used only if the bytes exceed the
/// budget (a text of n bytes has at most n tokens), and then only on units that are tried for a place.
pub fn fit(material: &Material, contract: &Contract, token_budget: usize) -> Excerpt {
    within(material, contract, token_budget).of_event(material.event_time, &material.people)
}

fn within(material: &Material, contract: &Contract, token_budget: usize) -> Excerpt {
    let units = units(material);
    let receipt = receipt_of(material);
    let read_bytes: usize = units.iter().map(|unit| unit.text.len()).sum();
    if read_bytes.saturating_add(units.len() * UNIT_OVERHEAD) <= token_budget {
        return whole(receipt, units);
    }
    if let Some(tokens) = tokens_within(&units, &material.encoding, token_budget) {
        return kept_of(receipt, &units, &vec![true; units.len()], Tokens::Counted(tokens));
    }
    let units = pieces(units);
    let (kept, tokens) = keep(by_worth(&units, contract), units.len(), token_budget, |n| cost(&units[n], &material.encoding));
    kept_of(receipt, &units, &kept, Tokens::Counted(tokens))
}

/// All passages as units, in the order of the material.
pub(super) fn units(material: &Material) -> Vec<Unit> {
    let mut units = Vec::new();
    for (message, number) in material.messages.iter().zip(1..) {
        units.extend(message.passages.iter().map(|passage| Unit {
            n: 0,
            source: message.source.clone(),
            source_type: message.source_type,
            message: number,
            title: message.title.clone(),
            speaker: message.speaker.clone(),
            side: message.side,
            at: message.at,
            text: passage.text.clone(),
            span: passage.span,
            original: passage.original,
            gap_before: false,
        }));
    }
    units
}

/// Tokens of a unit's text and its overhead.
pub(super) fn cost(unit: &Unit, encoding: &str) -> usize {
    tokens::count(encoding, &visible(&unit.text)) + UNIT_OVERHEAD
}

/// More bytes a token than any language has.
const TOKEN_BYTES: usize = 16;

/// Tokens of all texts, if they and their overhead are within the budget. Stops counting where they are not, and does not
/// begin where they cannot be.
fn tokens_within(units: &[Unit], encoding: &str, token_budget: usize) -> Option<usize> {
    let left = token_budget.checked_sub(units.len() * UNIT_OVERHEAD)?;
    if units.iter().map(|unit| unit.text.len()).sum::<usize>() / TOKEN_BYTES > left {
        return None;
    }
    let mut tokens = 0;
    for unit in units {
        tokens += tokens::count(encoding, &visible(&unit.text));
        if tokens > left {
            return None;
        }
    }
    Some(tokens)
}

/// After so many units in a row that do not fit, the budget counts as full.
const MISSES: usize = 200;

/// Which units fit, tried in the order given, and the tokens of their texts. `cost` includes the overhead.
pub(super) fn keep(
    order: impl IntoIterator<Item = usize>,
    units: usize,
    token_budget: usize,
    cost: impl Fn(usize) -> usize,
) -> (Vec<bool>, usize) {
    let mut kept = vec![false; units];
    let (mut left, mut tokens, mut misses) = (token_budget, 0, 0);
    for n in order {
        if left <= UNIT_OVERHEAD || misses == MISSES {
            break;
        }
        if kept[n] {
            continue;
        }
        let cost = cost(n);
        match left.checked_sub(cost) {
            None => misses += 1,
            Some(rest) => {
                (left, misses, kept[n]) = (rest, 0, true);
                tokens += cost - UNIT_OVERHEAD;
            }
        }
    }
    (kept, tokens)
}

/// Bytes of a unit over which it is cut into pieces before units are ranked: a monologue is not kept or lost as one.
const PIECE_BYTES: usize = 800;

/// Units with the long ones cut at the ends of sentences, or where a sentence is too long itself, between words.
pub(super) fn pieces(units: Vec<Unit>) -> Vec<Unit> {
    let mut all = Vec::with_capacity(units.len());
    for mut unit in units {
        // Only where the text is exactly that of the source do offsets in it lead to the source.
        let is_verbatim = unit.span.end - unit.span.start == unit.text.len();
        if unit.text.len() <= PIECE_BYTES || !is_verbatim {
            all.push(unit);
            continue;
        }
        let text = std::mem::take(&mut unit.text);
        let within = |whole: Span, part: Span| Span { start: whole.start + part.start, end: whole.start + part.end };
        // Where marks stand between the words, the place of the whole unit must do.
        let original = |part| unit.original.map(|all| if all.end - all.start == text.len() { within(all, part) } else { all });
        all.extend(piece_spans(&text).into_iter().map(|span| Unit {
            text: text[span.start..span.end].to_owned(),
            span: within(unit.span, span),
            original: original(span),
            ..unit.clone()
        }));
    }
    all
}

/// Sentences together up to the size of a piece.
fn piece_spans(text: &str) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    for sentence in mention::sentences(text) {
        for part in parts(text, sentence) {
            match pieces.last_mut() {
                Some(last) if part.end - last.start <= PIECE_BYTES => last.end = part.end,
                _ => pieces.push(part),
            }
        }
    }
    pieces
}

/// A sentence cut between words into parts that are at most as long as a piece; without white space anywhere.
fn parts(text: &str, sentence: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let Span { mut start, end } = sentence;
    while end - start > PIECE_BYTES {
        let limit = text.floor_char_boundary(start + PIECE_BYTES);
        let at = text[start..limit].rfind(char::is_whitespace).filter(|at| *at > 0).map_or(limit, |at| start + at);
        parts.push(Span { start, end: start + text[start..at].trim_end().len() });
        start = at + (text[at..end].len() - text[at..end].trim_start().len());
    }
    parts.push(Span { start, end });
    parts.retain(|part| part.start < part.end);
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PIECE_BYTES, piece_spans};

    #[test]
    fn a_monologue_is_cut_at_sentences_and_one_without_sentences_between_words() {
        let sentence = "We have three warehouses and each of them keeps its own list of what came in. ";
        let spoken = sentence.repeat(40);
        let cut: Vec<&str> = piece_spans(&spoken).iter().map(|span| &spoken[span.start..span.end]).collect();
        assert!(cut.len() >= 4 && cut.iter().all(|piece| piece.ends_with('.') && piece.len() <= PIECE_BYTES), "{cut:?}");
        let heard = "so we have three warehouses and each of them keeps a list ".repeat(60);
        let cut: Vec<&str> = piece_spans(&heard).iter().map(|span| &heard[span.start..span.end]).collect();
        assert!(cut.len() >= 4 && cut.iter().all(|piece| piece.len() <= PIECE_BYTES && !piece.starts_with(' ')), "{cut:?}");
        assert!(cut.iter().flat_map(|piece| piece.split(' ')).eq(heard.split_whitespace()));
    }

    proptest! {
        #[test]
        fn pieces_leave_out_no_word(words in prop::collection::vec("[a-zé本.?! \n]{1,400}", 0..12)) {
            let text = words.concat();
            let spans = piece_spans(&text);
            prop_assert!(spans.iter().all(|span| span.end - span.start <= PIECE_BYTES));
            let kept: String = spans.iter().map(|span| &text[span.start..span.end]).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&kept), letters(&text));
        }
    }
}
