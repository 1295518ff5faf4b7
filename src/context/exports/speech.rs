//! Pieces of speech from any export → turns.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::context::captions::clock;
use crate::context::dialogue::{Dialogue, Voice};
use crate::context::material::Limits;
use crate::context::reading::Reading;
use crate::domain::handoff::Source;

/// Something that one person said.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) voice: Voice,
    pub(super) start: Option<Moment>,
    /// Only to tell seconds from milliseconds.
    pub(super) end: Option<Moment>,
    pub(super) text: String,
}

/// When something was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Moment {
    At(Timestamp),
    /// Since the start of the call, in a unit that the field itself does not tell.
    Number(f64),
    Since(SignedDuration),
}

/// The unit of times that are plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Millis,
}

/// Everything that was said in one call.
#[derive(Debug)]
pub(super) struct Call {
    /// When it began, if the export says it.
    pub(super) began: Option<Timestamp>,
    pub(super) pieces: Vec<Piece>,
    /// What the documentation of the tool says. The pieces have the last word.
    pub(super) unit: Unit,
}

/// Makes turns of calls.
pub(super) fn compose(source: &Source, calls: Vec<Call>, limits: &Limits) -> Reading {
    let mut dialogue = Dialogue::default();
    let all: usize = calls.iter().map(|call| call.pieces.len()).sum();
    let mut left = limits.parts;
    for call in calls {
        let unit = plausible_unit(&call);
        let began = call.began.or(source.occurred_at);
        for piece in call.pieces.iter().take(left) {
            let text = piece.text.trim();
            if !text.is_empty() {
                dialogue.say(&piece.voice, piece.start.and_then(|start| start.at(began, unit)).or(began), |made| made.make(text));
            }
        }
        left -= left.min(call.pieces.len());
        dialogue.pause();
    }
    let mut reading = dialogue.finish(source);
    reading.left_out.extend(over_the_limit(all, limits));
    reading
}

/// The receipt's line about entries beyond the limit.
pub(super) fn over_the_limit(entries: usize, limits: &Limits) -> Option<String> {
    let beyond = entries.saturating_sub(limits.parts);
    (beyond > 0).then(|| format!("{beyond} × entry over the limit of {} for one source", limits.parts))
}

/// Nobody says more words in a second, even in short calls.
const MOST_WORDS_PER_SECOND: f64 = 15.0;
/// A call with so few is no call.
const LEAST_WORDS_PER_SECOND: f64 = 0.02;

/// Tools and their documents disagree on the unit (Gong), so what is impossible to say in the time decides.
fn plausible_unit(call: &Call) -> Unit {
    let number = |moment: Option<Moment>| match moment {
        Some(Moment::Number(number)) => Some(number),
        Some(Moment::At(_) | Moment::Since(_)) | None => None,
    };
    let ended = call.pieces.iter().filter_map(|piece| number(piece.end.or(piece.start))).fold(0.0, f64::max);
    let has_ends = call.pieces.iter().any(|piece| piece.end.is_some());
    let spoken = if has_ends { call.pieces.len() } else { call.pieces.len().saturating_sub(1) };
    let words: usize = call.pieces.iter().take(spoken).map(|piece| piece.text.split_whitespace().count()).sum();
    let words = f64::from(u32::try_from(words).unwrap_or(u32::MAX));
    match call.unit {
        Unit::Millis if ended > 0.0 && words / (ended / 1000.0) > MOST_WORDS_PER_SECOND => Unit::Seconds,
        Unit::Seconds if ended > 0.0 && words > 0.0 && words / ended < LEAST_WORDS_PER_SECOND => Unit::Millis,
        unit => unit,
    }
}

impl Moment {
    pub(super) fn at(self, began: Option<Timestamp>, unit: Unit) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Since(offset) => began?.checked_add(offset).ok(),
            Self::Number(number) => {
                let seconds = match unit {
                    Unit::Seconds => number,
                    Unit::Millis => number / 1000.0,
                };
                began?.checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
            }
        }
    }

    /// A time as the value of a field: RFC 3339, `1.5`, `"1.5"`, `"1.5s"`, `"00:01"`, `PT1.5S`, seconds or milliseconds
    /// since 1970, or an object with one of them.
    pub(super) fn of(value: &Json) -> Option<Self> {
        match value {
            Json::Number(number) => Self::of_number(number.as_f64()?),
            Json::String(text) => Self::of_text(text.trim()),
            Json::Object(fields) => ["relative", "offset", "absolute"]
                .iter()
                .find_map(|key| Self::of(fields.get(*key).filter(|value| !value.is_object())?)),
            Json::Null | Json::Bool(_) | Json::Array(_) => None,
        }
    }

    fn of_number(number: f64) -> Option<Self> {
        // No call is longer than thirty years in seconds, or two weeks in milliseconds.
        // To the microsecond: a number of this size says no more.
        let at = |seconds: f64| {
            Timestamp::UNIX_EPOCH
                .checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?)
                .ok()?
                .round(jiff::Unit::Microsecond)
                .ok()
        };
        match number {
            _ if !number.is_finite() || number < 0.0 => None,
            _ if number >= 1e11 => at(number / 1000.0).map(Self::At),
            _ if number >= 1.2e9 => at(number).map(Self::At),
            _ => Some(Self::Number(number)),
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        if text.contains(':') && !text.contains('-') {
            return clock(text).map(Self::Since);
        }
        if let Ok(number) = text.trim_end_matches('s').parse::<f64>() {
            return Self::of_number(number);
        }
        if text.starts_with('P') {
            return text.parse::<SignedDuration>().ok().map(Self::Since);
        }
        text.parse::<Timestamp>().ok().map(Self::At)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Call, Moment, Piece, Unit, plausible_unit};
    use crate::context::dialogue::Voice;

    fn call(unit: Unit, ends: &[f64]) -> Call {
        let piece = |end: &f64| Piece {
            voice: Voice::default(),
            start: None,
            end: Some(Moment::Number(*end)),
            text: "We can start in the summer.".to_owned(),
        };
        Call { began: None, pieces: ends.iter().map(piece).collect(), unit }
    }

    #[test]
    fn the_unit_is_the_one_in_which_the_words_can_be_said() {
        assert_eq!(plausible_unit(&call(Unit::Millis, &[2000.0, 4500.0])), Unit::Millis);
        assert_eq!(plausible_unit(&call(Unit::Millis, &[2.0, 4.5])), Unit::Seconds);
        assert_eq!(plausible_unit(&call(Unit::Seconds, &[2.0, 4.5])), Unit::Seconds);
        assert_eq!(plausible_unit(&call(Unit::Seconds, &[2000.0, 4500.0])), Unit::Millis);
    }

    #[test]
    fn times_of_many_tools_are_read() {
        let since =
            |value| Moment::of(&value).and_then(|moment| moment.at(Some("2026-04-30T16:00:00Z".parse().unwrap()), Unit::Seconds));
        for value in [
            json!(65.5),
            json!("65.5"),
            json!("65.5s"),
            json!("00:01:05.500"),
            json!("PT1M5.5S"),
            json!({"relative": 65.5}),
            json!("2026-04-30T18:01:05.5+02:00"),
            json!(1_777_564_865_500_i64),
        ] {
            assert_eq!(since(value.clone()).map(|at| at.to_string()), Some("2026-04-30T16:01:05.5Z".to_owned()), "{value}");
        }
        for value in [json!(null), json!("soon"), json!(-1), json!([1]), json!({}), json!("PX"), json!(1e300)] {
            assert_eq!(since(value.clone()), None, "{value}");
        }
    }
}
