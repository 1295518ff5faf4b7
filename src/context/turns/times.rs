//! Times as transcripts show them: since the start of the call, or of the clock.

use jiff::SignedDuration;

/// A time as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) time: SignedDuration,
    /// Written with `AM` or `PM`: certainly of the clock.
    pub(super) is_of_day: bool,
}

/// The time at the start of a text, in brackets or not, and what follows it. Of a range of two times the first.
pub(super) fn at_start(text: &str) -> Option<(Shown, &str)> {
    let open = text.as_bytes().first().copied()?;
    let close = match open {
        b'[' => Some(']'),
        b'(' => Some(')'),
        b'@' | b'0'..=b'9' => None,
        _ => return None,
    };
    let inner = if open.is_ascii_digit() { text } else { text[1..].trim_start() };
    let Some((shown, rest)) = plain(inner) else { return (open == b'[').then(|| with_day(inner)).flatten() };
    let rest = after_range(rest);
    match close {
        Some(close) => Some((shown, rest.trim_start().strip_prefix(close)?)),
        None => Some((shown, rest)),
    }
}

/// The time at the end of a text, in brackets or not, and what stands before it.
pub(super) fn at_end(text: &str) -> Option<(Shown, &str)> {
    let text = text.trim_end();
    let last = *text.as_bytes().last()?;
    if !(last.is_ascii_digit() || matches!(last, b')' | b']' | b'M' | b'm' | b's')) {
        return None;
    }
    let head = text.floor_char_boundary(text.len().saturating_sub(LONGEST_TIME));
    let starts = text.as_bytes()[head..].iter().enumerate().filter(|(at, byte)| {
        let is_inside = at + head > 0 && matches!(text.as_bytes()[at + head - 1], b'0'..=b'9' | b':' | b'.' | b'[' | b'(');
        matches!(byte, b'0'..=b'9' | b'[' | b'(') && !is_inside
    });
    let found = starts.map(|(at, _)| at + head).find_map(|at| {
        let (shown, rest) = at_start(&text[at..])?;
        rest.trim().is_empty().then_some((shown, &text[..at]))
    });
    found.or_else(|| spoken(text))
}

/// Bytes of the longest time: a range in brackets.
const LONGEST_TIME: usize = 40;

/// `[h:]mm:ss[.fff]`, `h:mm AM`.
fn plain(text: &str) -> Option<(Shown, &str)> {
    let bytes = text.as_bytes();
    let mut parts = [0i64; 3];
    let (mut count, mut at) = (0, 0);
    loop {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_number = (1..=2).contains(&digits) || count == 0 && digits == 3;
        if count == 3 || !is_number {
            return None;
        }
        parts[count] = bytes[at..at + digits].iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        (count, at) = (count + 1, at + digits);
        if bytes.get(at) != Some(&b':') {
            break;
        }
        at += 1;
    }
    if count < 2 || parts[count - 1] > 59 {
        return None;
    }
    let fraction = matches!(bytes.get(at), Some(b'.' | b',')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    let fraction_digits = if fraction { bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count() } else { 0 };
    at += if fraction { fraction_digits + 1 } else { 0 };
    if bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) && !matches!(bytes[at], b'A' | b'P' | b'a' | b'p') {
        return None;
    }
    let (half, rest) = half_of_day(&text[at..]);
    if half.is_none() && bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let seconds = match (half, count) {
        (Some(half), 2) => half.hours(parts[0])? * 3600 + parts[1] * 60,
        (Some(half), _) => half.hours(parts[0])? * 3600 + parts[1] * 60 + parts[2],
        (None, 2) => parts[0] * 60 + parts[1],
        (None, _) => parts[0] * 3600 + parts[1] * 60 + parts[2],
    };
    Some((Shown { time: SignedDuration::from_secs(seconds), is_of_day: half.is_some() }, rest))
}

/// What a time of twelve hours says of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::context) enum HalfOfDay {
    Am,
    Pm,
}

impl HalfOfDay {
    /// The hour of twenty-four.
    pub(in crate::context) fn hours(self, hour: i64) -> Option<i64> {
        let base = match self {
            Self::Am => 0,
            Self::Pm => 12,
        };
        (1..=12).contains(&hour).then(|| hour % 12 + base)
    }
}

/// `AM`, `p.m.` and the like behind a time.
pub(in crate::context) fn half_of_day(text: &str) -> (Option<HalfOfDay>, &str) {
    let rest = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let half = match rest.as_bytes().first() {
        Some(b'A' | b'a') => HalfOfDay::Am,
        Some(b'P' | b'p') => HalfOfDay::Pm,
        _ => return (None, text),
    };
    // `p. m.` in Spanish.
    let rest = rest[1..].strip_prefix('.').map(|rest| rest.trim_start_matches([' ', '\u{a0}', '\u{202f}'])).unwrap_or(&rest[1..]);
    match rest.strip_prefix(['M', 'm']) {
        Some(rest) if !rest.starts_with(char::is_alphanumeric) => (Some(half), rest.strip_prefix('.').unwrap_or(rest)),
        _ => (None, text),
    }
}

/// `Yesterday 10:32 AM] …`, `4/30 10:32 AM] …`: Teams names the day without its year.
fn with_day(inner: &str) -> Option<(Shown, &str)> {
    let end = inner[..inner.floor_char_boundary(inner.len().min(LONGEST_TIME))].find(']')?;
    let (day, time) = inner[..end].trim().split_once(' ')?;
    let is_day = DAYS.iter().any(|name| day.eq_ignore_ascii_case(name))
        || day.contains(['/', '.']) && day.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'.'));
    let (shown, rest) = plain(time.trim())?;
    (is_day && rest.trim().is_empty()).then_some((Shown { is_of_day: true, ..shown }, &inner[end + 1..]))
}

const DAYS: [&str; 11] =
    ["Today", "Yesterday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Heute", "Gestern"];

/// What follows the second time of a range.
fn after_range(rest: &str) -> &str {
    let bare = rest.trim_start();
    let end = ["-->", "->", "-", "–", "—"].iter().find_map(|dash| bare.strip_prefix(dash)).map(str::trim_start);
    end.and_then(plain).map_or(rest, |(_, rest)| rest)
}

/// `1 hour 2 minutes 3 seconds`, as pages say it to people who cannot see them.
fn spoken(text: &str) -> Option<(Shown, &str)> {
    if !text.ends_with("second") && !text.ends_with("seconds") && !text.ends_with("minutes") && !text.ends_with("minute") {
        return None;
    }
    let mut rest = text;
    let mut seconds = 0;
    for (unit, length) in [("second", 1), ("minute", 60), ("hour", 3600)] {
        let bare = rest.trim_end_matches([' ', ',']);
        let Some(before) = bare.strip_suffix('s').unwrap_or(bare).strip_suffix(unit) else { continue };
        let before = before.trim_end();
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        seconds += before[before.len() - digits..].parse::<i64>().ok()? * length;
        rest = &before[..before.len() - digits];
    }
    Some((Shown { time: SignedDuration::from_secs(seconds), is_of_day: false }, rest))
}

#[cfg(test)]
mod tests {
    use super::{at_end, at_start};

    fn start(text: &str) -> Option<(i64, &str)> {
        at_start(text).map(|(shown, rest)| (shown.time.as_secs(), rest))
    }

    fn end(text: &str) -> Option<(i64, &str)> {
        at_end(text).map(|(shown, rest)| (shown.time.as_secs(), rest))
    }

    #[test]
    fn times_before_a_name_are_read() {
        assert_eq!(start("[00:05] Dana"), Some((5, " Dana")));
        assert_eq!(start("(1:00:05) Dana"), Some((3605, " Dana")));
        assert_eq!(start("@0:15 - Dana"), Some((15, " - Dana")));
        assert_eq!(start("[00:00:05.000 --> 00:00:09.000]  we"), Some((5, "  we")));
        assert_eq!(start("12:05 PM Dana"), Some((12 * 3600 + 300, " Dana")));
        for none in ["", "[Dana]", "12", "1:5x", "5:99", "12:30pmx", "1:2:3:4", "(00:05"] {
            assert_eq!(start(none), None, "{none}");
        }
    }

    #[test]
    fn times_behind_a_name_are_read() {
        assert_eq!(end("Dana  0:32"), Some((32, "Dana  ")));
        assert_eq!(end("Dana (00:32)"), Some((32, "Dana ")));
        assert_eq!(end("Dana [10:02 AM]"), Some((36120, "Dana ")));
        assert_eq!(end("Dana 1 hour 0 minutes 3 seconds"), Some((3603, "Dana ")));
        assert_eq!((end("Dana 45"), end("Dana seconds"), end("in 2:30 he")), (None, None, None));
    }
}
