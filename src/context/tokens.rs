//! Token counts. The vocabulary costs 150 ms and 45 MiB when it is first used, so it is used only where an upper
//! bound is not enough: a text of n bytes has at most n tokens.

use std::collections::HashSet;

use tiktoken_rs::CoreBPE;

/// A run of white space longer than this is counted by its bytes: the tokenizer's regular expression overflows its
/// stack on a run of about a million.
const LONGEST_RUN: usize = 4096;

/// Tokens of a text. An unknown encoding, or a text that the tokenizer fails on, counts by its bytes: never too few.
pub fn count(encoding: &str, text: &str) -> usize {
    let Some(tokenizer) = tokenizer(encoding) else { return text.len() };
    pieces(text)
        .map(|piece| match piece {
            Piece::Text(text) => tokenizer.count(text, &HashSet::new()).unwrap_or(text.len()),
            Piece::Blank(bytes) => bytes,
        })
        .sum()
}

/// Tokens of a text, roughly, without a tokenizer.
pub fn estimate(bytes: usize) -> usize {
    bytes.div_ceil(4)
}

/// The budget that keeps `budget` even if every count is too low by the share `margin`: for a model whose tokenizer is
/// not the one that counts.
pub fn less_margin(budget: usize, margin: f64) -> usize {
    // Rounds down. Budgets are far below 2^53.
    (budget as f64 / (1.0 + margin)) as usize
}

/// Whether [`count`] knows an encoding.
pub fn is_known(encoding: &str) -> bool {
    matches!(encoding, "o200k_base" | "o200k_harmony" | "cl100k_base" | "p50k_base" | "r50k_base")
}

fn tokenizer(encoding: &str) -> Option<&'static CoreBPE> {
    match encoding {
        "o200k_base" => Some(tiktoken_rs::o200k_base_singleton()),
        "o200k_harmony" => Some(tiktoken_rs::o200k_harmony_singleton()),
        "cl100k_base" => Some(tiktoken_rs::cl100k_base_singleton()),
        "p50k_base" => Some(tiktoken_rs::p50k_base_singleton()),
        "r50k_base" => Some(tiktoken_rs::r50k_base_singleton()),
        _ => None,
    }
}

enum Piece<'a> {
    Text(&'a str),
    Blank(usize),
}

/// Cuts at over-long runs of white space.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (start, end) = long_run(rest).unwrap_or((rest.len(), rest.len()));
        let piece = if start == 0 { Piece::Blank(end) } else { Piece::Text(&rest[..start]) };
        rest = if start == 0 { &rest[end..] } else { &rest[start..] };
        Some(piece)
    })
}

fn long_run(text: &str) -> Option<(usize, usize)> {
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), 'x')]) {
        if !c.is_whitespace() {
            if at - start > LONGEST_RUN {
                return Some((start, at));
            }
            start = at + c.len_utf8();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{count, is_known, less_margin};

    #[test]
    fn tokens_are_counted_with_the_named_vocabulary() {
        assert_eq!(count("o200k_base", "hello world"), 2);
        assert_eq!(count("cl100k_base", "hello <|endoftext|>"), count("cl100k_base", "hello <|endoftext|>"));
        assert!(is_known("o200k_base") && !is_known("abacus"));
    }

    #[test]
    fn a_margin_lowers_the_budget_so_that_higher_counts_still_fit() {
        assert_eq!(less_margin(24_000, 0.0), 24_000);
        for margin in [0.05, 0.1, 0.5, 2.0] {
            let budget = less_margin(24_000, margin) as f64;
            assert!(budget * (1.0 + margin) <= 24_000.0 && (budget + 1.0) * (1.0 + margin) > 24_000.0, "{margin}");
        }
    }

    #[test]
    fn an_unknown_vocabulary_counts_bytes() {
        assert_eq!(count("abacus", "hello world"), 11);
    }

    #[test]
    fn a_million_spaces_do_not_break_the_tokenizer() {
        let spaces = " ".repeat(1_200_000);
        let text = format!("before{spaces}after");
        let tokens = count("o200k_base", &text);
        assert!((1_000_000..=text.len()).contains(&tokens), "{tokens}");
    }
}
