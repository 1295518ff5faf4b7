//! Questions of the customer that nobody answered.

use std::sync::LazyLock;

use regex::Regex;

use super::answer::Quote;
use super::saying::{Manner, Saying, pattern};
use super::words::{one_line, tidy};
use crate::domain::event::Side;

/// Most open questions of a brief: the engine cannot judge whether an answer satisfies.
const QUESTIONS: usize = 3;

pub(super) struct Open {
    pub question: String,
    pub quote: Quote,
}

/// The last questions of the customer that our side has not taken up, or has put off.
pub(super) fn read_open(sayings: &[Saying<'_>]) -> Vec<Open> {
    let mut open: Vec<Open> = (0..sayings.len())
        .rev()
        .filter(|index| is_asked(&sayings[*index]) && !is_answered(*index, sayings))
        .take(QUESTIONS)
        .map(|index| {
            let words = tidy(sayings[index].text);
            Open { question: one_line(words), quote: Quote { unit: sayings[index].unit.n, words: words.to_owned() } }
        })
        .collect();
    open.reverse();
    open
}

fn is_asked(saying: &Saying<'_>) -> bool {
    let words = tidy(saying.text).split_whitespace().count();
    saying.manner == Manner::Asks && saying.side() == Side::Customer && (4..=40).contains(&words) && !NICETY.is_match(saying.text)
}

/// Whether our side said something to it next, in this source, that does not put it off.
fn is_answered(index: usize, sayings: &[Saying<'_>]) -> bool {
    let asked = sayings[index].unit;
    let mut reply = sayings[index + 1..]
        .iter()
        .filter(|saying| saying.unit.source == asked.source && saying.unit.n > asked.n && saying.side() != Side::Customer)
        .take(4)
        .peekable();
    let Some(first) = reply.peek() else { return false };
    let unit = first.unit.n;
    let first_turn: Vec<&Saying<'_>> = reply.filter(|saying| saying.unit.n <= unit + 1).collect();
    let words: usize = first_turn.iter().map(|saying| saying.words()).sum();
    words >= 2 && !first_turn.iter().any(|saying| PUTS_OFF.is_match(saying.text))
}

static NICETY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:how\sare\syou|can\syou\shear|you\sknow\swhat\si\smean|does\sthat\smake\ssense|is\sthat\s(?:ok|okay|right|fair)|how\swas\syour|shall\s(?:we|i)\b
        |,\s(?:right|isn['’]t\sit|no|yeah|ok|okay)\?$|^who\sknows|how\swould\si\sknow|do\syou\sunderstand|what\sdo\syou\swant|are\syou\s(?:kidding|serious|there)|anything\selse|is\sit\sjust|what\swas\sit|go\sahead|where\swere\swe)",
    )
});

static PUTS_OFF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:i['’](?:ll|d)\s(?:have\sto|need\sto|want\sto|check|ask|find\sout|come\sback|get\sback)|let\sme\s(?:check|ask|find|get\sback|come\sback|look)|i\s(?:do\snot|don['’]t)\sknow
        |not\ssure|good\squestion|no\sidea|get\sback\sto\syou|come\sback\sto\syou|off\sthe\stop\sof\smy\shead|have\sto\s(?:check|ask)|can['’]t\s(?:say|answer|tell))\b",
    )
});
