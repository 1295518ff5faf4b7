//! Single words with times, as recognisers give them → pieces of speech.

use serde_json::Value as Json;

use super::speech::{Moment, Piece};
use super::voices::Directory;
use crate::context::dialogue::Voice;

/// A pause of this many seconds ends a piece.
const PAUSE_SECONDS: f64 = 0.8;
/// Bytes of a piece that the end of a sentence ends, and of one that ends anyway.
const LONG_PIECE: usize = 80;
const LONGEST_PIECE: usize = 280;

/// Joins words of one speaker. Somebody else may speak in a pause, so it ends a piece.
/// `units_per_second` is 1 for seconds and 1000 for milliseconds.
pub(super) fn pieces(words: &[Json], directory: &Directory, units_per_second: f64) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last_end = 0.0;
    for word in words {
        let Some(text) = text(word) else { continue };
        if is_punctuation(word) {
            if let Some(piece) = pieces.last_mut() {
                piece.text.push_str(text);
            }
            continue;
        }
        let voice = directory.speaker(word).unwrap_or_default();
        let start = ["start", "start_time", "startTime", "ts"].iter().find_map(|key| Moment::of(word.get(*key)?));
        let end = ["end", "end_time", "endTime", "end_ts"].iter().find_map(|key| Moment::of(word.get(*key)?));
        let pause = (number(start).unwrap_or(last_end) - last_end) / units_per_second;
        last_end = number(end).or(number(start)).unwrap_or(last_end);
        match pieces.last_mut().filter(|piece| goes_on(piece, &voice, pause)) {
            Some(piece) => {
                piece.text.push(' ');
                piece.text.push_str(text);
                piece.end = end.or(piece.end);
            }
            None => pieces.push(Piece { voice, start, end, text: text.to_owned() }),
        }
    }
    pieces
}

fn goes_on(piece: &Piece, voice: &Voice, pause: f64) -> bool {
    let may_end = pause >= PAUSE_SECONDS || piece.text.len() >= LONG_PIECE && piece.text.ends_with(['.', '?', '!']);
    piece.voice == *voice && piece.text.len() < LONGEST_PIECE && !may_end
}

fn number(moment: Option<Moment>) -> Option<f64> {
    match moment? {
        Moment::Number(number) => Some(number),
        Moment::Since(time) => Some(time.as_secs_f64()),
        Moment::At(_) => None,
    }
}

/// The word as a reader wants it. AWS puts it into the first of its alternatives.
pub(super) fn text(word: &Json) -> Option<&str> {
    let found = written(word).or_else(|| written(word.pointer("/alternatives/0")?))?.trim();
    (!found.is_empty()).then_some(found)
}

fn written(word: &Json) -> Option<&str> {
    ["punctuated_word", "word", "text", "content", "value"].iter().find_map(|key| word.get(*key)?.as_str())
}

fn is_punctuation(word: &Json) -> bool {
    matches!(word.get("type").and_then(Json::as_str), Some("punctuation" | "punct"))
}
