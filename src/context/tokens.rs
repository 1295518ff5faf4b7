//! Token counts. The vocabulary costs 150 ms and 45 MiB when it is first used, so it is used only where an upper
//! bound is not enough: a text of n bytes has at most n tokens.

use std::collections::HashSet;

use tiktoken_rs::CoreBPE;

/// A run of white space longer than this is counted by its bytes: the tokenizer's regular expression overflows its
/// stack on a run of about a million. A longer word is counted in parts: its cost is the square of the length.
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

/// Cuts at over-long runs of white space, and within over-long words.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let piece = first_piece(rest)?;
        rest = match piece {
            Piece::Text(text) => &rest[text.len()..],
            Piece::Blank(bytes) => &rest[bytes..],
        };
        Some(piece)
    })
}

fn first_piece(text: &str) -> Option<Piece<'_>> {
    let mut is_blank = text.chars().next()?.is_whitespace();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() != is_blank {
            if is_blank && at - start > LONGEST_RUN {
                return Some(blank(text, start, at));
            }
            (start, is_blank) = (at, !is_blank);
        } else if !is_blank && at - start >= LONGEST_RUN {
            return Some(Piece::Text(&text[..at]));
        }
    }
    match is_blank && text.len() - start > LONGEST_RUN {
        true => Some(blank(text, start, text.len())),
        false => Some(Piece::Text(text)),
    }
}

/// What stands before a run of white space, or if nothing does, the run.
fn blank(text: &str, start: usize, end: usize) -> Piece<'_> {
    if start == 0 { Piece::Blank(end) } else { Piece::Text(&text[..start]) }
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

    #[test]
    fn a_word_of_a_megabyte_is_counted_in_parts() {
        let part = "QmFzZTY0".repeat(512);
        let whole = count("o200k_base", &part);
        let started = std::time::Instant::now();
        let tokens = count("o200k_base", &format!("before {} after", part.repeat(256)));
        assert!(tokens >= whole * 256 && tokens <= whole * 257, "{tokens}, {whole}");
        assert!(started.elapsed().as_secs() < 60, "{:?} without optimisation", started.elapsed());
    }
}
